#!/usr/bin/env python3
"""The program that README.md shows is, letter by letter, the one that tests/install builds.

  check_readme.py [ROOT]
"""
import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name, language in {"main.cc": "cpp", "CMakeLists.txt": "cmake"}.items():
        built = (root / "tests" / "install" / name).read_text(encoding="utf-8")
        shown = re.findall(rf"^```{language}\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
        if shown != [built]:
            sys.exit(f"README.md: its {language} block is not tests/install/{name}, but must be, letter by letter")


if __name__ == "__main__":
    main()
