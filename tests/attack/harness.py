"""Runs the command under limits, and many attempts at a time: what all attacks share."""
import collections
import dataclasses
import multiprocessing
import os
import pathlib
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import tempfile
import time
import traceback

MIB = 1 << 20
DOCUMENTED = {0, 1, 2, 3, 4}  # exit statuses; 5 is a fault of the program
SANITIZER = re.compile(r"(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:")
HELD = "held"


def undecided(why):
    """What an attempt returns whose answer the attack cannot give."""
    return "undecided: " + why


@dataclasses.dataclass(frozen=True)
class Limits:
    """Of one run of the command."""
    seconds: int = 20  # of processor time; on the clock several times that, for other programs run too
    memory: int = 1024 * MIB
    sanitized: bool = False  # sanitizers reserve terabytes of addresses, so that only what is resident can be limited

    @property
    def on_the_clock(self):
        return 8 * self.seconds

    def set_in_child(self):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 * MIB,) * 2)
        if not self.sanitized:
            resource.setrlimit(resource.RLIMIT_AS, (self.memory,) * 2)


@dataclasses.dataclass
class Ran:
    """How a run ended."""
    argv: list
    status: int  # minus the signal where one ended it
    timed_out: bool
    out: str
    err: str
    seconds: float
    peak: int  # bytes

    def __str__(self):
        how = "ran past its time" if self.timed_out else f"exit status {self.status}"
        return (f"{' '.join(map(str, self.argv))}\n{how}, {self.seconds:.2f} s, {self.peak // MIB} MiB\n"
                f"stdout: {self.out[:2000]}\nstderr: {self.err[:4000]}")


class Broken(Exception):
    """What does not hold, in words; `files` of name: bytes are kept beside them."""

    def __init__(self, message, files=None):
        super().__init__(message)
        self.files = files or {}


class Command:
    """strikenet, under limits."""

    def __init__(self, path, limits):
        self.path, self.limits = str(path), limits

    def environment(self):
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LSAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ}
        return kept | {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}

    def start(self, arguments, cwd, in_child=None, **streams):
        def prepare():
            self.limits.set_in_child()
            if in_child:
                in_child()
        return subprocess.Popen([self.path, *map(str, arguments)], cwd=cwd, env=self.environment(), preexec_fn=prepare,
                                **{"stdin": subprocess.DEVNULL, **streams})

    def run(self, arguments, cwd, in_child=None, **streams):
        """Waits for it, and ends it when it runs past its time. Output that is not given a stream is in the result."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = self.start(arguments, cwd, in_child, **{"stdout": out, "stderr": err, **streams})
            start = time.monotonic()
            timed_out = not ends_within(process, self.limits.on_the_clock)
            if timed_out:
                process.kill()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            timed_out = timed_out or process.returncode in (-signal.SIGXCPU, -signal.SIGKILL)
            texts = []
            for stream in (out, err):
                stream.seek(0)
                texts.append(stream.read(4 * MIB).decode("utf-8", "replace"))
            return Ran(["strikenet", *arguments], process.returncode, timed_out, *texts, time.monotonic() - start,
                       usage.ru_maxrss * 1024)


def ends_within(process, seconds):
    """Does not reap it, so that wait4 still says what it took."""
    if process.returncode is not None:
        return True
    descriptor = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        return bool(poll.poll(max(0, seconds) * 1000))
    finally:
        os.close(descriptor)


def require(holds, message, **files):
    if not holds:
        raise Broken(message, files)


def require_sound(ran, command, statuses=DOCUMENTED):
    """What holds of every run, whatever it was given."""
    require(not ran.timed_out, f"ran past {command.limits.seconds} s\n{ran}")
    require(ran.status >= 0, f"ended by signal {-ran.status}\n{ran}")
    require(not SANITIZER.search(ran.err), f"a sanitizer speaks\n{ran}")
    require(ran.status in statuses, f"exit status is {ran.status}, but must be one of {sorted(statuses)}\n{ran}")
    require(ran.peak <= command.limits.memory, f"took {ran.peak // MIB} MiB, but may take "
            f"{command.limits.memory // MIB}\n{ran}")


@dataclasses.dataclass
class Setting:
    """Where an attack works: the project's root, the command, a folder for itself, and how much is tried."""
    root: pathlib.Path
    command: Command
    folder: pathlib.Path
    seed: int
    long: bool
    shared: pathlib.Path

    def random(self, *names):
        return random.Random("/".join(map(str, (self.seed, *names))))


@dataclasses.dataclass
class Attack:
    """`attempt(setting, shared state, number, folder)` returns HELD, or why it is undecided, or throws Broken."""
    name: str
    about: str
    short: int  # so many attempts
    long: int
    prepare: object  # setting -> state that every attempt is given
    attempt: object
    rounds_of: object = lambda state: 1  # so many attempts to a round, where what is attacked is a table


LONGEST = 900  # seconds until the next attempt ends: a worker that died took one with it
_job = None  # attack, setting, state: the processes of the pool are forks and find it here


def _one(number):
    attack, setting, state = _job
    folder = pathlib.Path(tempfile.mkdtemp(prefix=f"{number}-", dir=setting.folder))
    try:
        return number, attack.attempt(setting, state, number, folder), "", {}
    except Broken as broken:
        return number, "failed", str(broken), broken.files
    except Exception:  # the attack itself is broken: that is no pass
        return number, "failed", "the attack failed:\n" + traceback.format_exc(), {}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_attack(attack, setting, failed_folder, only_number=None, to_first_failure=False):
    """The counts of one attack: tried, held, failed, undecided and why, seconds."""
    start = time.monotonic()
    setting.folder.mkdir(parents=True, exist_ok=True)
    counts, reasons = {HELD: 0, "failed": 0, "undecided": 0}, collections.Counter()
    state = attack.prepare(setting)
    tries = (attack.long if setting.long else attack.short) * attack.rounds_of(state)
    numbers = range(tries) if only_number is None else [only_number]
    global _job
    _job = attack, setting, state
    # A worker that runs our handler of SIGTERM instead of ending waits for ever for the pool's lock when that ends.
    with multiprocessing.get_context("fork").Pool(len(os.sched_getaffinity(0)), signal.signal,
                                                  (signal.SIGTERM, signal.SIG_DFL)) as pool:
        outcomes = pool.imap_unordered(_one, numbers)
        for _ in numbers:
            number, outcome, message, files = outcomes.next(LONGEST)
            outcome, _, reason = outcome.partition(": ")
            counts[outcome] += 1
            reasons.update([reason] if reason else [])
            if outcome == "failed":
                keep(failed_folder / attack.name / str(number), message, files)
                if to_first_failure:
                    break
    shutil.rmtree(setting.folder, ignore_errors=True)
    return {"tried": sum(counts.values()), **counts, "reasons": reasons, "seconds": time.monotonic() - start}


def keep(folder, message, files):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "message").write_text(message + "\n", encoding="utf-8", errors="replace")
    for name, content in files.items():
        data = content if isinstance(content, bytes) else str(content).encode("utf-8", "surrogateescape")
        (folder / name).write_bytes(data)
