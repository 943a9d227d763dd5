"""The checks in scripts/ on small trees that break one rule each."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).parent.parent.parent / "scripts"
LAYERS = "core:\nmarket: core\noptimize: core\nio: core market\n"


def run(script, files):
    """Exit status and output of a check on a tree of these files."""
    with tempfile.TemporaryDirectory() as root:
        for name, text in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, SCRIPTS / script, root], capture_output=True, text=True)
        return done.returncode, (done.stdout + done.stderr).replace(root + "/", "")


class Layers(unittest.TestCase):
    def check(self, name, text, layers=LAYERS):
        return run("check_layers.py", {"lib/layers.txt": layers, name: text})

    def test_accepts_what_the_list_allows(self):
        text = '#include "strikenet/io/a.h"\n#include <csv.h>\n#include "strikenet/core/b.h"\n#include "market/c.h"\n'
        self.assertEqual(self.check("lib/io/a.cc", text), (0, ""))

    def test_refuses_a_module_that_is_not_named(self):
        self.assertEqual(
            self.check("lib/market/a.cc", '#include <vector>\n#include "strikenet/io/b.h"\n'),
            (1, "lib/market/a.cc:2: strikenet/io/b.h is of io, which market may not include\n"))

    def test_refuses_an_internal_header_of_a_module_that_is_not_named(self):
        self.assertEqual(
            self.check("lib/io/a.cc", '#include "optimize/b.h"\n'),
            (1, "lib/io/a.cc:1: optimize/b.h is of optimize, which io may not include\n"))

    def test_refuses_third_party_headers_in_public_ones(self):
        self.assertEqual(
            self.check("include/strikenet/optimize/a.h", "#include <Eigen/Core>\n"),
            (1, "include/strikenet/optimize/a.h:1: Eigen/Core is not of the standard library, "
                "but public headers include only that and strikenet\n"))

    def test_accepts_quantlib_in_public_headers_of_its_module_alone(self):
        layers = LAYERS + "quantlib: core\n"
        text = "#include <ql/quote.hpp>\n"
        self.assertEqual(self.check("include/strikenet/quantlib/a.h", text, layers), (0, ""))
        self.assertEqual(
            self.check("include/strikenet/market/a.h", text, layers),
            (1, "include/strikenet/market/a.h:1: ql/quote.hpp is not of the standard library, "
                "but public headers include only that and strikenet\n"))

    def test_accepts_googletest_in_public_headers_of_its_module_alone(self):
        layers = LAYERS + "testing: core\n"
        text = "#include <gtest/gtest.h>\n"
        self.assertEqual(self.check("include/strikenet/testing/a.h", text, layers), (0, ""))
        self.assertEqual(
            self.check("include/strikenet/market/a.h", text, layers),
            (1, "include/strikenet/market/a.h:1: gtest/gtest.h is not of the standard library, "
                "but public headers include only that and strikenet\n"))

    def test_refuses_internal_headers_in_public_ones(self):
        self.assertEqual(
            self.check("include/strikenet/io/a.h", '#include "io/b.h"\n'),
            (1, "include/strikenet/io/a.h:1: io/b.h is internal, but public headers include public ones only\n"))

    def test_refuses_ceres_outside_its_module(self):
        self.assertEqual(
            self.check("lib/market/a.cc", "#include <ceres/ceres.h>\n"),
            (1, "lib/market/a.cc:1: ceres/ceres.h may be included only by optimize\n"))

    def test_refuses_a_header_of_no_module(self):
        self.assertEqual(
            self.check("lib/core/a.cc", '#include "helper.h"\n'),
            (1, "lib/core/a.cc:1: helper.h belongs to no module of lib/layers.txt\n"))

    def test_accepts_a_header_beside_the_file(self):
        files = {"lib/layers.txt": LAYERS, "lib/core/a.cc": '#include "helper.h"\n', "lib/core/helper.h": ""}
        self.assertEqual(run("check_layers.py", files), (0, ""))

    def test_refuses_a_module_without_a_line(self):
        self.assertEqual(
            self.check("lib/new/a.cc", ""), (1, "lib/new/a.cc: module new has no line in lib/layers.txt\n"))

    def test_refuses_a_list_that_points_downwards(self):
        self.assertEqual(
            self.check("lib/core/a.cc", "", "core: market\nmarket: core\n"),
            (1, "lib/layers.txt:1: core names market, which does not stand above it\n"))


class Mirror(unittest.TestCase):
    def test_misses_the_test_of_a_unit_with_a_public_header(self):
        files = {"lib/core/a.cc": "", "include/strikenet/core/a.h": "", "lib/core/internal.cc": ""}
        self.assertEqual(
            run("check_mirror.py", files),
            (1, "tests/core/a_test.cc: is missing, but lib/core/a.cc has a public header\n"))
        self.assertEqual(run("check_mirror.py", {**files, "tests/core/a_test.cc": ""}), (0, ""))


class Readme(unittest.TestCase):
    FILES = {
        "README.md": "```cpp\nint main() {}\n```\n\n```cmake\nproject(x)\n```\n",
        "tests/install/main.cc": "int main() {}\n",
        "tests/install/CMakeLists.txt": "project(x)\n",
        "docs/how-to/use-a-surface-in-a-program.md":
            "```c++\nint part;\n```\n```cpp\nint y;\n```\n```cmake\nproject(y)\n```\n",
        "tests/install/quantlib/main.cc": "int y;\n",
        "tests/install/quantlib/CMakeLists.txt": "project(y)\n",
        "docs/how-to/test-your-own-surface.md": "```cpp\nint z;\n```\n```cmake\nproject(z)\n```\n```\nfails\n```\n",
        "tests/install/testing/main.cc": "int z;\n",
        "tests/install/testing/CMakeLists.txt": "project(z)\n",
    }

    def test_accepts_the_same_text(self):
        self.assertEqual(run("check_readme.py", self.FILES), (0, ""))

    def test_refuses_any_difference(self):
        status, text = run("check_readme.py", {**self.FILES, "tests/install/main.cc": "int main() { }\n"})
        self.assertEqual(
            (status, text),
            (1, "README.md: its cpp block is not tests/install/main.cc, but must be, letter by letter\n"))

    def test_refuses_any_difference_in_the_how_to(self):
        status, text = run("check_readme.py", {**self.FILES, "tests/install/quantlib/CMakeLists.txt": "project(z)\n"})
        self.assertEqual(
            (status, text),
            (1, "docs/how-to/use-a-surface-in-a-program.md: its cmake block is not "
                "tests/install/quantlib/CMakeLists.txt, but must be, letter by letter\n"))


class Binaries(unittest.TestCase):
    HARDENED = ("-O2 -fPIE -pie -fstack-protector-strong -fcf-protection=full -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now "
                "-Wl,-z,noexecstack").split()
    SOURCE = ("#include <stdio.h>\n#include <string.h>\n#define F(n) __attribute__((noinline)) int n(const char* a) "
              "{ char b[20]; strcpy(b, a); return printf(\"%s\", b); }\n"
              "F(a) F(b) F(c) F(d) F(e) F(f) F(g) F(h) F(i) F(j)\n"
              "int main(int n, char** v) { return a(v[0])+b(v[0])+c(v[0])+d(v[0])+e(v[0])+f(v[0])+g(v[0])+h(v[0])+n; }")

    def check(self, flags, *options):
        with tempfile.TemporaryDirectory() as root:
            source = pathlib.Path(root, "a.c")
            source.write_text(self.SOURCE)
            subprocess.run(["gcc", "-U_FORTIFY_SOURCE", source, "-o", pathlib.Path(root, "a"), *flags], check=True)
            done = subprocess.run([sys.executable, SCRIPTS / "check_binaries.py", *options, root],
                                  capture_output=True, text=True)
        return done.returncode, [line for line in done.stdout.splitlines() if line.startswith("a: ")]

    def test_accepts_what_debian_builds(self):
        self.assertEqual(self.check(self.HARDENED, "--hardened"), (0, []))

    def test_accepts_run_paths_that_do_not_depend_on_the_current_folder(self):
        for path in "/usr/lib/a", "$ORIGIN", "$ORIGIN/../lib:/b":
            self.assertEqual(self.check([f"-Wl,-rpath,{path}"]), (0, []))

    def test_names_every_entry_that_is_the_current_folder(self):
        for path, entry in {"/a:": "", ":/a": "", "/a::/b": "", ".": ".", "lib": "lib", "/a:../b": "../b",
                            "$ORIGINAL/lib": "$ORIGINAL/lib"}.items():
            self.assertEqual(
                self.check([f"-Wl,-rpath,{path}"]),
                (1, [f"a: run path has the entry '{entry}', but must have none that depends on the current folder"]))

    def test_names_the_old_kind_of_run_path_too(self):
        self.assertEqual(self.check(["-Wl,--disable-new-dtags,-rpath,."])[0], 1)

    def test_names_what_is_not_hardened(self):
        missing = {"relro": "-Wl,-z,norelro", "bind-now": "-Wl,-z,lazy", "pie": "-no-pie", "stack": "-Wl,-z,execstack",
                   "canary": "-fno-stack-protector", "fortify": "-D_FORTIFY_SOURCE=0", "cet": "-fcf-protection=none"}
        for name, flag in missing.items():
            flags = [one for one in self.HARDENED if name != "fortify" or "FORTIFY" not in one] + [flag]
            self.assertEqual(self.check(flags, "--hardened"),
                             (1, [f"a: {name} is missing, but must be there in a release build"]))

    def test_refuses_a_folder_without_a_program(self):
        with tempfile.TemporaryDirectory() as root:
            done = subprocess.run([sys.executable, SCRIPTS / "check_binaries.py", root], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (1, f"{root}: has no program, but must have one\n"))


class Environment(unittest.TestCase):
    def test_no_script_sets_what_the_loader_obeys(self):
        for path in [*SCRIPTS.iterdir(), *(SCRIPTS.parent / "cmake").iterdir()]:
            if path.is_file():
                self.assertNotRegex(path.read_text(encoding="utf-8"), r"\bLD_[A-Z_]+=", path.name)


class Options(unittest.TestCase):
    def test_names_what_is_only_in_one_of_help_and_reference(self):
        page = "## strikenet check\n| `--json` | instead of `--table` |\n| `--units N` | |\n"
        with tempfile.TemporaryDirectory() as root:
            command = pathlib.Path(root, "strikenet")
            command.write_text("#!/bin/sh\necho '--help'; echo '  --json'; echo '  --as-of INSTANT'\n")
            command.chmod(0o755)
            reference = pathlib.Path(root, "docs", "reference", "command-line.md")
            reference.parent.mkdir(parents=True)
            reference.write_text(page)
            done = subprocess.run(
                [sys.executable, SCRIPTS / "check_options.py", command, root], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(
            done.stdout.splitlines(),
            ["check: --as-of is in its help, but not in the reference",
             "check: --units is in the reference, but not its help"])


if __name__ == "__main__":
    unittest.main()
