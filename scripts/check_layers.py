#!/usr/bin/env python3
"""Holds the includes of the code against lib/layers.txt.

  check_layers.py [ROOT]

A module includes only itself and the modules its line names, each of which stands above it. Public headers include only
the standard library and strikenet - and, where a module's purpose is to hand out a library's own types, that library's.
A heavy third-party library is included only by the modules that own it. Prints one line per offence; exit status 1 when
there is any.
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')

# Third-party headers that only these modules may include, by how the header's path begins.
OWNERS = {
    "ceres/": {"optimize"},
    "ql/": {"quantlib"},
    "csv.h": {"io"},
    "mpfi": {"payoff"},
    "onnx/onnx": {"onnx"},
    "google/": {"onnx"},
    "nlohmann/": {"io", "report"},
    "CLI/": set(),
}

# The same in public headers: docs/decisions/0008-term-structures-are-quantlibs-own.md, and 0010-assertions-for-googletest.md.
IN_PUBLIC_TOO = {"quantlib": "ql/", "testing": "gtest/"}


def read_layers(path):
    """Module -> the modules it may include, and what is wrong with the list itself."""
    layers, problems = {}, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        module, _, names = line.partition(":")
        for name in names.split():
            if name not in layers:
                problems.append(f"{path}:{number}: {module} names {name}, which does not stand above it")
        layers[module.strip()] = set(names.split())
    return layers, problems


def includes(path):
    """(line number, header, whether in quotes) of every #include."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if found := INCLUDE.match(line):
            yield number, found[1] or found[2], found[1] is not None


def module_of(header, layers):
    """The module of ours that a quoted header belongs to, or None."""
    parts = header.removeprefix("strikenet/").split("/")
    return parts[0] if len(parts) > 1 and parts[0] in layers else None


def offence(module, public, header, quoted, layers):
    """Why `module` must not include `header`, or None."""
    if quoted:
        other = module_of(header, layers)
        if other is None:
            return "belongs to no module of lib/layers.txt"
        if other != module and other not in layers[module]:
            return f"is of {other}, which {module} may not include"
        return "is internal, but public headers include public ones only" if public and not header.startswith(
            "strikenet/") else None
    if public and module in IN_PUBLIC_TOO and header.startswith(IN_PUBLIC_TOO[module]):
        return None
    if public and not re.fullmatch(r"[a-z_0-9]+", header):
        return "is not of the standard library, but public headers include only that and strikenet"
    for prefix, owners in OWNERS.items():
        if header.startswith(prefix) and module not in owners:
            return f"may be included only by {', '.join(sorted(owners)) or 'the command'}"
    return None


def check_folder(folder, public, layers):
    """Problems of every file below one of include/strikenet and lib."""
    problems = []
    for path in sorted([*folder.glob("*/**/*.h"), *folder.glob("*/**/*.cc")]):
        module = path.relative_to(folder).parts[0]
        if module not in layers:
            problems.append(f"{path}: module {module} has no line in lib/layers.txt")
            continue
        for number, header, quoted in includes(path):
            if quoted and "/" not in header and (path.parent / header).exists():
                header = f"{module}/{header}"
            if why := offence(module, public, header, quoted, layers):
                problems.append(f"{path}:{number}: {header} {why}")
    return problems


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    layers, problems = read_layers(root / "lib" / "layers.txt")
    problems += check_folder(root / "include" / "strikenet", True, layers)
    problems += check_folder(root / "lib", False, layers)
    print(*problems, sep="\n", end="\n" if problems else "")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
