"""Outputs that are no plain files, for every command that writes."""
import os
import re
import stat
import subprocess
import threading
from dataclasses import dataclass, field

from chains import random_chain
from harness import HELD, Attack, require, require_sound, undecided

EXPIRY = "2026-06-19"
OUT = "@"
NOBODY = 65534
SECONDS = re.compile(rb'"seconds": ?(\{[^}]*\}|[-+.e0-9]+)| time="[-+.e0-9]+"')
OLD = b"what was here before\n"


@dataclass
class Writer:
    """A command that writes a file: OUT among its words, or FILE of a folder that OUT is."""
    name: str
    words: list
    member: str = ""  # the file within the folder that is written to
    option: str = ""  # by which its help names the output
    suffix: str = ""
    prints: bool = True  # something on stdout too


def writers():
    def of(name, text, **more):
        return Writer(name, text.split(), **more)
    table = [
        of("convert a chain", "convert chain.csv --to csv --out @", option="--out", prints=False),
        of("repair", "repair dirty.csv --out @", option="--out"),
        of("repair --json", "repair dirty.csv --json --out @", option="--out"),
        of("check --junit of a chain", "check chain.csv --junit @", option="--junit"),
        of("check --junit of a surface", "check fit/surface.json --junit @", option="--junit"),
        of("price", "price fit/surface.json --moneyness 1 --out @", option="--out", prints=False),
        of("price --json", "price fit/surface.json --moneyness 1 --json --out @", option="--out", prints=False),
        of("greeks", "greeks fit/surface.json --moneyness 1 --out @", option="--out", prints=False),
        of("report --plot", f"report fit --expiry {EXPIRY} --plot @", option="--plot", suffix=".svg"),
    ]
    for form in ("table", "csv", "json", "network", "onnx"):
        table.append(of(f"convert --to {form}", f"convert butterfly:90,100,110 --to {form} --out @", option="--out", prints=False))
    for member in ("surface.json", "quotes.csv", "summary.json", "report.html"):
        table.append(of(f"calibrate, {member}", "calibrate chain.csv --out @ --threads 1", option="--out", member=member))
    table.append(of("report", "report @", member="report.html"))
    return table


PRINTERS = [text.split() for text in (
    "calibrate chain.csv --out new", "calibrate chain.csv --out new --json", "inspect chain.csv", "inspect chain.csv --json",
    "check chain.csv", "check chain.csv --json", "check fit/surface.json", "repair dirty.csv", "repair dirty.csv --json --out new.csv",
    "convert chain.csv --to csv", "convert call:100 --to table", "convert call:100 --to json", "price fit/surface.json --moneyness 1",
    "price fit/surface.json --moneyness 1 --json", "greeks fit/surface.json --moneyness 1", f"varswap chain.csv --expiry {EXPIRY}",
    "vix chain.csv", f"replicate --payoff call:100 --chain chain.csv --expiry {EXPIRY}", "formats", "--help", "price --help", "--version")]


@dataclass
class Target:
    """What lies where the output goes, before and after."""
    path: object
    content: object = None  # () -> bytes of what was written; None where nothing can be read
    may_fail: bool = True  # 3 with a sentence and nothing changed is right too
    must_fail: bool = False
    untouched: dict = field(default_factory=dict)  # path: what has to stay as it is
    then: object = None  # () -> a problem in words, or nothing, after the run
    named: tuple = ()  # what the sentence may name instead of the output


def kind_of(path):
    """What a name is, without following it."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    link = os.readlink(path) if stat.S_ISLNK(status.st_mode) else ""
    return stat.S_IFMT(status.st_mode), link, status.st_rdev


def nothing(folder, path):
    return Target(path, path.read_bytes, may_fail=False)


def old_file(folder, path):
    path.write_bytes(OLD)
    return Target(path, path.read_bytes, may_fail=False)


def mode_of(mode):
    def lay(folder, path):
        path.write_bytes(OLD)
        path.chmod(mode)
        return Target(path, path.read_bytes, may_fail=False,
                      then=lambda: "" if stat.S_IMODE(path.stat().st_mode) == mode else
                      f"its mode was {mode:o} and is {stat.S_IMODE(path.stat().st_mode):o}")
    return lay


def device(name, minor):
    """One of our own with the numbers of the real one, which a fault could replace."""
    def lay(folder, path):
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
            os.close(os.open(path, os.O_WRONLY))
        except OSError:
            if os.geteuid() == 0:
                return None  # no devices here, and the real ones are too dear to try as root
            path = f"/dev/{name}"
        return Target(path, may_fail=name == "full", must_fail=name == "full")
    return lay


def link_to_device(folder, path):
    node = folder / "node"
    target = device("null", 3)(folder, node)
    if target is None:
        return None
    path.symlink_to(target.path)
    return Target(path, may_fail=False, then=lambda: "" if stat.S_ISCHR(os.stat(path).st_mode) else "the device is none any more")


def fifo(folder, path):
    os.mkfifo(path)
    received = []

    def read():
        try:
            with open(path, "rb") as stream:
                received.append(stream.read())
        except OSError:
            received.append(b"")
    reader = threading.Thread(target=read, daemon=True)
    reader.start()

    def content():
        if reader.is_alive():  # where nobody wrote, it waits for a writer: be one
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                pass
        reader.join(10)
        return received[0] if received else b""
    return Target(path, content, may_fail=False)


def link_to_file(folder, path):
    real = folder / "elsewhere"
    real.mkdir()
    (real / "real").write_bytes(OLD)
    path.symlink_to(real / "real")
    return Target(path, (real / "real").read_bytes, may_fail=False)


def relative_link(folder, path):
    (path.parent / "real").write_bytes(OLD)
    path.symlink_to("real")
    return Target(path, (path.parent / "real").read_bytes, may_fail=False)


def link_to_link(folder, path):
    (folder / "real").write_bytes(OLD)
    (folder / "middle").symlink_to(folder / "real")
    path.symlink_to(folder / "middle")
    return Target(path, (folder / "real").read_bytes, may_fail=False)


def dangling(folder, path):
    path.symlink_to(folder / "not-there")
    return Target(path, (folder / "not-there").read_bytes)


def dangling_far(folder, path):
    path.symlink_to(folder / "no-folder" / "not-there")
    return Target(path, (folder / "no-folder" / "not-there").read_bytes)


def loop(folder, path):
    path.symlink_to(path)
    return Target(path, must_fail=True)


def link_to_folder(folder, path):
    (folder / "dir").mkdir()
    (folder / "dir" / "inner").write_bytes(OLD)
    path.symlink_to(folder / "dir")
    return Target(path, must_fail=True, untouched={folder / "dir" / "inner": OLD})


def folder_in_the_way(folder, path):
    path.mkdir()
    (path / "inner").write_bytes(OLD)
    return Target(path, must_fail=True, untouched={path / "inner": OLD})


def hard_link(folder, path):
    path.write_bytes(OLD)
    os.link(path, folder / "other-name")
    other = folder / "other-name"
    return Target(path, path.read_bytes, may_fail=False,
                  then=lambda: "" if other.read_bytes() in (OLD, path.read_bytes()) else "the other name of the file is torn")


def unwritable(folder, path):
    path.write_bytes(OLD)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    return Target(path, must_fail=True, untouched={path: OLD})


def missing_folder(folder, path):
    path = folder / "no-folder" / "deeper" / path.name
    return Target(path, path.read_bytes)  # it may be made


def file_as_folder(folder, path):
    (folder / "file").write_bytes(OLD)
    return Target(folder / "file" / path.name, must_fail=True, untouched={folder / "file": OLD}, named=("/file",))


def longest_name(folder, path):
    name = "x" * (255 - len(path.suffix)) + path.suffix
    return Target(path.parent / name, (path.parent / name).read_bytes)


def too_long_name(folder, path):
    return Target(path.parent / ("x" * 300 + path.suffix), must_fail=True)


def odd_name(folder, path):
    path = path.parent / ("a\n\x1b[31m'\" \udcff" + path.suffix)
    return Target(path, path.read_bytes)


def dash_name(folder, path):
    return Target(folder / f"-n{path.suffix}", (folder / f"-n{path.suffix}").read_bytes, may_fail=True)


def proc(folder, path):
    """A file system that takes no new files, whoever asks."""
    return Target(f"/proc/strikenet-out{path.suffix}", must_fail=True)


# Each name is laid out in a folder of its own. Those marked so are for outputs whose name the user chooses.
KINDS = {"a new file": nothing, "a file": old_file, "mode 600": mode_of(0o600), "mode 664": mode_of(0o664),
         "mode 755": mode_of(0o755), "/dev/null": device("null", 3), "/dev/full": device("full", 7), "a link to a device": link_to_device,
         "a FIFO": fifo, "a link to a file": link_to_file, "a relative link": relative_link, "a link to a link": link_to_link,
         "a dangling link": dangling, "a link into no folder": dangling_far, "a link to itself": loop,
         "a link to a folder": link_to_folder, "a folder": folder_in_the_way, "one of two hard links": hard_link,
         "in an unwritable folder": unwritable}
NAMED_KINDS = {"in a missing folder": missing_folder, "below a file": file_as_folder, "a name of 255 bytes": longest_name,
               "a name of 300 bytes": too_long_name, "a name with escape codes": odd_name, "a name with a dash": dash_name,
               "in /proc": proc}
SAME_AGAIN = [(member, "in an unwritable folder") for member in ("quotes.csv", "summary.json")]  # one folder for all
CLOSED = ("stdout closed", "stdout is full", "stdout without a reader", "stderr closed", "stdin and stderr closed", "all closed")


def normal(data):
    return SECONDS.sub(b"", data)


def prepare(setting):
    command, base = setting.command, setting.folder / "base"
    base.mkdir()
    base.chmod(0o755)
    chain = random_chain(setting.random("outputs"), expiries=2, spread_ticks=3)
    (base / "chain.csv").write_text(chain.text())
    quote = chain.quotes[len(chain.quotes) // 3]
    quote.bid, quote.ask = quote.bid + 200, quote.ask + 200
    (base / "dirty.csv").write_text(chain.text())
    require_sound(command.run(["calibrate", "chain.csv", "--out", "fit", "--quiet"], base), command, {0, 4})
    every_writer_is_here(command, base)
    references = {}
    for writer in writers():
        folder = setting.folder / f"reference {writer.name}"
        target, words = words_to(writer, folder, base, nothing)
        ran = command.run(words, base)
        require_sound(ran, command, {0, 1, 4})
        references[writer.name] = ran.status, normal(target.content()), normal(ran.out.replace(str(folder), "").encode())
    jobs = [(writer, kind) for writer in writers() for kind in (*KINDS, *(() if writer.member else NAMED_KINDS))
            if (writer.member, kind) not in SAME_AGAIN]
    jobs += [(words, closed) for words in PRINTERS for closed in CLOSED]
    jobs += [(writer, closed) for writer in writers() if not writer.member for closed in CLOSED]
    return {"base": base, "references": references, "jobs": jobs}


def every_writer_is_here(command, base):
    """The table above has every command whose help has an option for a file that it writes."""
    help_text = command.run(["--help"], base).out.partition("Subcommands:")[2].partition("\n\n")[0]
    known = {(writer.words[0], writer.option) for writer in writers()}
    for name in re.findall(r"^  ([a-z]+) ", help_text, re.MULTILINE):
        ran = command.run([name, "--help"], base)
        for option in re.findall(r"(--out|--junit|--plot)\b", ran.out):
            require((name, option) in known, f"{name} {option} writes a file, but is not attacked")


def words_to(writer, folder, base, lay):
    """The target as `lay` leaves it, and the words of the command that writes there."""
    (folder / "to").mkdir(parents=True)
    if writer.member:
        if writer.words[0] == "report":
            for name in ("surface.json", "quotes.csv", "summary.json"):
                (folder / "to" / name).write_bytes((base / "fit" / name).read_bytes())
        target = lay(folder, folder / "to" / writer.member)
        out = folder / "to"
    else:
        target = lay(folder, folder / "to" / ("out" + writer.suffix))
        out = target.path if target else ""
    return target, [str(out) if word == OUT else word for word in writer.words]


def as_nobody(folder):
    """Root may write anywhere; others not."""
    def become():
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    return become


def attempt_target(setting, state, writer, kind, folder):
    lay = {**KINDS, **NAMED_KINDS}[kind]
    target, words = words_to(writer, folder, state["base"], lay)
    if target is None:
        return undecided("no device can be made here")
    command, in_child = setting.command, None
    if kind == "in an unwritable folder" and os.geteuid() == 0:
        in_child = as_nobody(folder)
        try:
            reached = command.run(["--version"], state["base"], in_child).status == 0
        except (OSError, subprocess.SubprocessError):
            reached = False
        if not reached:
            return undecided("root writes anywhere, and the command cannot be run as somebody else")
    before = kind_of(target.path)
    null = os.stat("/dev/null").st_rdev
    ran = command.run(words, state["base"], in_child)
    require_sound(ran, command)
    require(os.stat("/dev/null").st_rdev == null, f"/dev/null is gone\n{ran}")
    status, reference, printed = state["references"][writer.name]
    names = (os.path.basename(str(target.path)).split("\n")[0][:40], *target.named)
    for path, data in target.untouched.items():
        require(path.read_bytes() == data, f"{path.name}, which is beside the output, has changed\n{ran}")
    after = kind_of(target.path)
    if ran.status == 3:
        require(target.may_fail or target.must_fail, f"it is refused\n{ran}")
        require(any(name in ran.err for name in names), f"no sentence names {names[0]}\n{ran}")
        require(before == after, f"it was {before} and is {after}\n{ran}")
    else:
        require(ran.status == status, f"exit status is {ran.status}, but must be {status}\n{ran}")
        require(not target.must_fail, f"exit status is {ran.status}, though nothing can be written there\n{ran}")
        require(before is None or before == after, f"it was {before} and is {after}\n{ran}")
        if target.content:
            got = normal(target.content())
            require(got == reference, f"{len(got)} bytes were written, which are not the {len(reference)} of a plain file\n{ran}",
                    got=got, reference=reference)
    problem = target.then() if target.then else ""
    require(not problem, f"{problem}\n{ran}")
    left = [path.name for path in (folder / "to").iterdir() if path.name.startswith(".")]
    require(not left, f"temporaries are left: {left}\n{ran}")
    return HELD


def attempt_closed(setting, state, what, closed, folder):
    writer = what if isinstance(what, Writer) else None
    if writer:
        target, words = words_to(writer, folder, state["base"], nothing)
    else:
        words, target = [str(folder / word) if word.startswith("new") else word for word in what], None
    in_child, streams, opened = None, {}, []
    if closed == "stdout is full":
        streams["stdout"] = open("/dev/full", "wb")
        opened.append(streams["stdout"])
    elif closed == "stdout without a reader":
        read, write = os.pipe()
        os.close(read)
        streams["stdout"] = os.fdopen(write, "wb")
        opened.append(streams["stdout"])
    else:
        which = {"stdout closed": (1,), "stderr closed": (2,), "stdin and stderr closed": (0, 2), "all closed": (0, 1, 2)}[closed]

        def in_child():
            for descriptor in which:
                os.close(descriptor)
    ran = setting.command.run(words, state["base"], in_child, **streams)
    for stream in opened:
        stream.close()
    if closed == "stdout without a reader" and ran.status == -13:
        return HELD  # SIGPIPE: what a pipeline expects
    require_sound(ran, setting.command)
    if writer:
        status, reference, printed = state["references"][writer.name]
        exists = os.path.lexists(target.path)
        if exists:
            got = normal(target.content())
            require(got == reference, f"the file has {len(got)} bytes, which are not the {len(reference)} of a plain run\n{ran}",
                    got=got, reference=reference)
        require(exists or ran.status == 3, f"exit status is {ran.status}, but nothing was written\n{ran}")
        if printed and closed in ("stdout closed", "stdout is full"):
            require(ran.status == 3, f"exit status is {ran.status}, though what it prints is lost\n{ran}")
        elif not printed or closed.startswith("std") and "stderr" in closed:
            require(ran.status == status, f"exit status is {ran.status}, but must be {status}\n{ran}")
    elif closed in ("stdout closed", "stdout is full", "all closed"):
        require(ran.status == 3, f"exit status is {ran.status}, though what it prints is lost\n{ran}")
        require("all" in closed or ran.err, f"exit status 3 without a sentence\n{ran}")
    left = [path.name for path in folder.rglob(".*")]
    require(not left, f"temporaries are left: {left}\n{ran}")
    return HELD


def attempt(setting, state, number, folder):
    folder.chmod(0o755)
    what, kind = state["jobs"][number]
    try:
        return (attempt_closed if kind in CLOSED else attempt_target)(setting, state, what, kind, folder)
    except Exception as broken:
        name = what.name if isinstance(what, Writer) else " ".join(what)
        broken.args = (f"{name}: {kind}: {broken.args[0] if broken.args else ''}",)
        raise
    finally:
        subprocess.run(["chmod", "-R", "u+w", folder], check=False)


ATTACK = Attack("outputs", "every command that writes, to what is no plain file, and without streams", 1, 1, prepare, attempt,
                lambda state: len(state["jobs"]))
