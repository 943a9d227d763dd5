#!/usr/bin/env python3
"""docs/reference/command-line.md explains every option that the command prints in its help, and no other.

  check_options.py STRIKENET [ROOT]
"""
import pathlib
import re
import subprocess
import sys


def options_of(text):
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - {"--help", "--version"}


def main():
    command = sys.argv[1]
    root = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else pathlib.Path(__file__).parent.parent)
    page = (root / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    problems = []
    for name, section in re.findall(r"^## strikenet (\w+)(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE):
        printed = subprocess.run([command, name, "--help"], capture_output=True, text=True, check=True).stdout
        shown = options_of(printed)
        explained = options_of(" ".join(re.findall(r"^\| `(--.*?)`", section, re.MULTILINE)))
        problems += [f"{name}: {option} is in its help, but not in the reference" for option in sorted(shown - explained)]
        problems += [f"{name}: {option} is in the reference, but not its help" for option in sorted(explained - shown)]
    print(*problems, sep="\n", end="\n" if problems else "")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
