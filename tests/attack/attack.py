#!/usr/bin/env -S python3 -B
"""The attacks on the command, as a table: what was tried, held and failed. scripts/attack calls it."""
import argparse
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import harness  # noqa: E402
import inputs  # noqa: E402
import outputs  # noqa: E402
import repairs  # noqa: E402
import surfaces  # noqa: E402
import verdicts  # noqa: E402
import writing  # noqa: E402

ATTACKS = (*writing.ATTACKS, outputs.ATTACK, inputs.ATTACK, surfaces.ATTACK, verdicts.ATTACK, repairs.ATTACK)
COLUMNS = "{:<14}{:>8}{:>8}{:>8}{:>11}{:>9}"


def arguments():
    parser = argparse.ArgumentParser(prog="attack", description="Attacks the command strikenet and counts what holds.")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--short", action="store_true", help="few of each: two minutes (the default)")
    size.add_argument("--long", action="store_true", help="as many as docs/reliability.md says: about an hour")
    parser.add_argument("--seed", type=int, default=0, help="of all that is random")
    parser.add_argument("--only", action="append", metavar="NAME", help="this attack alone; may be repeated")
    parser.add_argument("--number", type=int, metavar="N", help="with --only: this attempt alone, as a failure names it")
    parser.add_argument("--command", type=pathlib.Path, required=True, help="the built command")
    parser.add_argument("--sanitized", action="store_true", help="it is built with sanitizers: slower, and large in addresses")
    parser.add_argument("--first", action="store_true", help="ends an attack at its first failure")
    parser.add_argument("--failed", type=pathlib.Path, metavar="DIR", help="where failures are kept [build/attack/failed]")
    parser.add_argument("--list", action="store_true", help="prints the names of the attacks and what they are")
    return parser.parse_args()


def setting_of(options, root, attack):
    limits = harness.Limits(seconds=60, memory=2048 * harness.MIB, sanitized=True) if options.sanitized else harness.Limits()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="strikenet-attack-"))
    folder.chmod(0o755)
    shared = pathlib.Path(os.environ.get("STRIKENET_SHARED", root.parent / "shared"))
    return harness.Setting(root, harness.Command(options.command.resolve(), limits), folder, options.seed, options.long, shared)


def main():
    options = arguments()
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    if options.list:
        for attack in ATTACKS:
            print(f"{attack.name}: {attack.about}")
        return 0
    names = [attack.name for attack in ATTACKS]
    for name in options.only or ():
        if name not in names:
            sys.exit(f"attack: --only is '{name}', but must be one of: {', '.join(names)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    failed_folder = options.failed or root / "build" / "attack" / "failed"
    shutil.rmtree(failed_folder, ignore_errors=True)
    start, failed = time.monotonic(), 0
    print(COLUMNS.format("attack", "tried", "held", "failed", "undecided", "seconds"), flush=True)
    for attack in ATTACKS:
        if options.only and attack.name not in options.only:
            continue
        setting = setting_of(options, root, attack)
        try:
            counts = harness.run_attack(attack, setting, failed_folder, options.number, options.first)
        finally:
            shutil.rmtree(setting.folder, ignore_errors=True)
        failed += counts["failed"]
        print(COLUMNS.format(attack.name, counts["tried"], counts["held"], counts["failed"], counts["undecided"],
                             f"{counts['seconds']:.0f}"), flush=True)
        for reason, count in counts["reasons"].most_common():
            print(f"    {count} undecided: {reason}", flush=True)
    print(f"seed {options.seed}, {time.monotonic() - start:.0f} s" +
          (f": {failed} failed, kept in {failed_folder}" if failed else ": nothing failed"), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
