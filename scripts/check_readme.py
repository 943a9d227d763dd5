#!/usr/bin/env python3
"""The programs that README.md and the how-to show are, letter by letter, those that tests/install builds.

  check_readme.py [ROOT]
"""
import pathlib
import re
import sys


PAGES = {
    "README.md": "",
    "docs/how-to/use-a-surface-in-a-program.md": "quantlib/",
    "docs/how-to/test-your-own-surface.md": "testing/",
}


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    for page, folder in PAGES.items():
        text = (root / page).read_text(encoding="utf-8")
        for name, language in {"main.cc": "cpp", "CMakeLists.txt": "cmake"}.items():
            built = (root / "tests" / "install" / folder / name).read_text(encoding="utf-8")
            shown = re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
            if shown != [built]:
                sys.exit(f"{page}: its {language} block is not tests/install/{folder}{name}, "
                         "but must be, letter by letter")


if __name__ == "__main__":
    main()
