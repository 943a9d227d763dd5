#!/usr/bin/env python3
"""What every program and library in FOLDER... says of itself is what may be run anywhere.

  check_binaries.py [--hardened] FOLDER...

Where it looks for its libraries is never the current folder: no entry of its run path is empty or relative, and no
library is named by a relative path. With --hardened it is also built as Debian's hardening=+all asks for: position
independent, relocations read-only and bound at the start, no executable stack, stacks protected, calls into the C library
fortified (where it makes any that can be), and on x86-64 marked where computed
jumps may land (CET).

Prints a line for each; exit status 1 with a sentence for each rule that is broken. Reads them by readelf (binutils).
"""
import os
import pathlib
import re
import subprocess
import sys

# Of the C library's functions, those with a fortified form that our code calls.
FORTIFIABLE = re.compile(r"^(mem(cpy|move|set)|str(cpy|cat|ncpy)|v?s?n?printf|read|poll|readlink|longjmp)$")


# What a jump to an address that is computed may land on.
ENDBR64 = b"\xf3\x0f\x1e\xfa"


def readelf(option, path):
    return subprocess.run(["readelf", "-W", option, path], capture_output=True, text=True, check=True).stdout


class Binary:
    def __init__(self, path):
        self.path = path
        header, self.dynamic = readelf("-h", path), readelf("-d", path)
        segments, self.symbols = readelf("-l", path), readelf("--dyn-syms", path)
        undefined = set(re.findall(r"UND (\w+)", self.symbols))
        flags = " ".join(re.findall(r"\(FLAGS(?:_1)?\)\s+(.*)", self.dynamic))
        is_program = "INTERP" in segments
        self.facts = {
            "relro": "GNU_RELRO" in segments,
            "bind-now": "NOW" in flags,
            "pie": re.search(r"Type:\s+DYN", header) is not None and (not is_program or "PIE" in flags),
            "stack": re.search(r"GNU_STACK.*RWE", segments) is None and "TEXTREL" not in self.dynamic,
            "canary": "__stack_chk_fail" in undefined,
            "fortify": any(name.endswith("_chk") for name in undefined) or
                       not any(FORTIFIABLE.match(name) for name in undefined),
        }
        if "X86-64" in header:  # the note that says so is lost where the C library's own objects lack it
            exported = len(re.findall(r" FUNC +GLOBAL +\w+ +\d+ ", self.symbols))
            self.facts["cet"] = pathlib.Path(path).read_bytes().count(ENDBR64) >= max(10, exported)

    def run_path(self):
        return [entry for path in re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", self.dynamic)
                for entry in path.split(":")]

    def paths_broken(self):
        for entry in self.run_path():
            if not re.match(r"(/|\$ORIGIN(/|$)|\$\{ORIGIN\}(/|$))", entry):
                yield f"run path has the entry '{entry}', but must have none that depends on the current folder"
        for name in re.findall(r"\((?:NEEDED|FILTER|AUXILIARY|AUDIT|DEPAUDIT)\).*\[(.*)\]", self.dynamic):
            if "/" in name and not name.startswith("/"):
                yield f"library is named '{name}', but must be named by its name or a whole path"

    def hardening_broken(self):
        for name, holds in self.facts.items():
            if not holds:
                yield f"{name} is missing, but must be there in a release build"


def binaries(folder):
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != ".o":
            with open(path, "rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield Binary(path)


def main():
    hardened, folders = "--hardened" in sys.argv, [word for word in sys.argv[1:] if not word.startswith("--")]
    problems, seen = [], 0
    for folder in folders:
        for binary in binaries(folder):
            seen += 1
            name = os.path.relpath(binary.path, folder)
            print(f"{name:<32} {':'.join(binary.run_path()) or '-':<20}",
                  *(fact if holds else "-" * len(fact) for fact, holds in binary.facts.items()))
            broken = list(binary.paths_broken()) + (list(binary.hardening_broken()) if hardened else [])
            problems += [f"{name}: {problem}" for problem in broken]
    if not seen:
        problems.append(f"{' '.join(folders)}: has no program, but must have one")
    print(*problems, sep="\n", end="\n" if problems else "")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
