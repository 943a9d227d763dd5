#!/usr/bin/env python3
"""Every lib/<module>/x.cc with a public header x.h has its tests in tests/<module>/x_test.cc.

  check_mirror.py [ROOT]

Prints one line per file that is missing; exit status 1 when there is any.
"""
import pathlib
import sys


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    problems = []
    for source in sorted((root / "lib").glob("*/*.cc")):
        module, unit = source.parent.name, source.stem
        test = root / "tests" / module / f"{unit}_test.cc"
        if (root / "include" / "strikenet" / module / f"{unit}.h").exists() and not test.exists():
            problems.append(f"{test.relative_to(root)}: is missing, but lib/{module}/{unit}.cc has a public header")
    print(*problems, sep="\n", end="\n" if problems else "")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
