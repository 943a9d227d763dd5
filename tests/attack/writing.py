"""Runs of calibrate that end at any moment, into a folder that holds an older calibration and files of others."""
import os
import re
import signal
import time

from chains import random_chain
from harness import HELD, Attack, ends_within, require, require_sound

FILES = ("surface.json", "quotes.csv", "summary.json", "report.html")
FOREIGN = {"notes.txt": b"mine\n", ".hidden": b"mine too\n", "surface.json.bak": b"{}\n", "quotes.csv~": b"x\n",
           ".surface.json.tmp": b"of another program\n", "sub/inner.txt": b"deep\n"}
SECONDS = re.compile(rb'"seconds": ?\{[^}]*\}')


def calibrate(folder, chain):
    return ["calibrate", chain, "--out", folder, "--quiet", "--threads", "1"]


def contents(folder):
    """Every file by its path, but for the seconds that runs differ in."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() or path.is_symlink():
            found[str(path.relative_to(folder))] = SECONDS.sub(b"", path.read_bytes())
    return found


def prepare(setting):
    """Two chains, what each of them is written as, and how long that takes."""
    state = {}
    for name in ("old", "new"):
        random = setting.random("writing", name)
        (setting.folder / f"{name}.csv").write_text(random_chain(random, expiries=2, spread_ticks=3).text())
        ran = setting.command.run(calibrate(setting.folder / name, setting.folder / f"{name}.csv"), setting.folder)
        require_sound(ran, setting.command, {0, 4})
        state[name] = contents(setting.folder / name)
        state["seconds"] = ran.seconds
        state["files"] = sorted(state[name])
    require(state["old"] != state["new"], "both chains are written as the same files")
    return state


def lay_out(folder, old):
    """A folder with the older calibration and the files of others."""
    target = folder / "fit"
    for name, data in {**old, **FOREIGN}.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(data)
    return target


def foreign_is_as_it_was(found):
    for name, data in FOREIGN.items():
        require(found.get(name) == data, f"{name}, a file of somebody else, is not what it was")


def own(found, state):
    return {name: found[name] for name in state["files"] if name in found}


def strangers(found, state):
    return sorted(set(found) - set(FOREIGN) - set(state["files"]))


def is_refused(setting, target, folder):
    """report and check say that the files are of two runs."""
    for words in (["report", target], ["check", target / "surface.json"]):
        ran = setting.command.run(words, folder)
        require_sound(ran, setting.command)
        if ran.status == 3 and str(target) in ran.err:
            return True
    return False


def wait_for_moment(process, target, state, random):
    """Any moment of the run; or, more often, one while it writes, which is short and at its end."""
    if random.random() < 0.4:
        ends_within(process, random.uniform(0, 1.1 * state["seconds"]))
        return
    before = stamps(target)
    deadline = time.monotonic() + 20 * state["seconds"] + 5
    while process.poll() is None and time.monotonic() < deadline and stamps(target) == before:
        pass
    time.sleep(random.choice((0, random.uniform(0, 0.003), random.uniform(0, 0.02))))


def stamps(target):
    """What changes as soon as anything in the folder does."""
    return os.stat(target).st_mtime_ns


def require_whole(setting, state, target, folder, what):
    """The old files, the new ones, or a mixture that the command refuses; the files of others in any case."""
    found = contents(target)
    foreign_is_as_it_was(found)
    mine = own(found, state)
    if mine not in (state["old"], state["new"]):
        require(is_refused(setting, target, folder), f"{what}: the folder holds files of two runs, and neither report nor "
                f"check refuses them: {describe(mine, state)}")
    return found


def describe(mine, state):
    return ", ".join(f"{name} {'missing' if name not in mine else 'old' if mine[name] == state['old'][name] else 'new' if mine[name] == state['new'][name] else 'neither'}"
                     for name in state["files"])


def run_again(setting, state, target, folder):
    ran = setting.command.run(calibrate(target, setting.folder / "new.csv"), folder)
    require_sound(ran, setting.command, {0, 4})
    found = contents(target)
    foreign_is_as_it_was(found)
    require(own(found, state) == state["new"], f"the run after that does not leave its own files: {describe(own(found, state), state)}")
    require(not strangers(found, state), f"the run after that leaves {strangers(found, state)}")


def attempt_kill(setting, state, number, folder):
    random = setting.random("kill", number)
    target = lay_out(folder, state["old"])
    process = setting.command.start(calibrate(target, setting.folder / "new.csv"), folder, stderr=open(folder / "err", "wb"))
    wait_for_moment(process, target, state, random)
    process.kill()
    process.wait()
    require_whole(setting, state, target, folder, "after kill -9")
    run_again(setting, state, target, folder)
    return HELD


def attempt_stop(setting, state, number, folder):
    random = setting.random("stop", number)
    target = lay_out(folder, state["old"])
    process = setting.command.start(calibrate(target, setting.folder / "new.csv"), folder, stderr=open(folder / "err", "wb"))
    wait_for_moment(process, target, state, random)
    which = random.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    process.send_signal(which)
    require(ends_within(process, setting.command.limits.on_the_clock), f"does not end at {which.name}")
    status = process.wait()
    require(status in (0, 4, -which, 128 + which), f"exit status after {which.name} is {status}")
    found = require_whole(setting, state, target, folder, f"after {which.name}")
    require(not strangers(found, state), f"{which.name} leaves {strangers(found, state)}")
    run_again(setting, state, target, folder)
    return HELD


def attempt_writers(setting, state, number, folder):
    random = setting.random("writers", number)
    target = lay_out(folder, state["old"])
    log = open(folder / "err", "wb")
    writers = []
    for name in random.sample(("old", "new") * 2, 4):
        writers.append(setting.command.start(calibrate(target, setting.folder / f"{name}.csv"), folder, stderr=log))
        time.sleep(random.choice((0, 0, random.uniform(0, 0.05))))
    for writer in writers:
        require(ends_within(writer, setting.command.limits.on_the_clock), "one of the writers does not end")
    ends = sorted(writer.wait() for writer in writers)
    require(ends[0] in (0, 4) and set(ends) <= {0, 3, 4}, f"four writers end with {ends}: " + (folder / "err").read_text())
    found = require_whole(setting, state, target, folder, "after four writers at once")
    require(not strangers(found, state), f"four writers leave {strangers(found, state)}")
    run_again(setting, state, target, folder)
    return HELD


ATTACKS = (Attack("kill", "calibrate, ended by kill -9 at any moment", 30, 300, prepare, attempt_kill),
           Attack("stop", "calibrate, ended by SIGINT, SIGTERM or SIGHUP", 15, 100, prepare, attempt_stop),
           Attack("writers", "four runs of calibrate into one folder at once", 10, 60, prepare, attempt_writers))
