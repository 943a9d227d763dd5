"""What scripts/strikenet and scripts/test say and install on a machine that has nothing yet. The packages, CMake and ninja
are stood in for by small programs that say what they were asked."""
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).parent.parent.parent

# Each writes its arguments into $CALLS. Nothing is installed until apt-get has been asked to.
PROGRAMS = {
    "dpkg-query": '[ ! -f "$CALLS.installed" ] || cat "$CALLS.installed"',
    "apt-get": """case "$*" in
  *--assume-no*) echo 'Need to get 130 MB/140 MB of archives.'; exit 1 ;;
  *install*)
    echo 'dlstatus:1:12.5:Retrieving file 1 of 9'
    sleep "${SLOW:-0}"
    echo 'pmstatus:libx:50.0:Unpacking libx'
    for word in "$@"; do case "$word" in -*) ;; *) echo "$word installed" ;; esac; done >>"$CALLS.installed" ;;
esac""",
    "cmake": """mkdir -p build/release
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >build/release/CMakeCache.txt
case "$*" in *TESTS=OFF*) echo STRIKENET_TESTS:BOOL=OFF ;; *) echo STRIKENET_TESTS:BOOL=ON ;; esac \\
  >>build/release/CMakeCache.txt
touch build/release/build.ninja""",
    "ninja": """echo '[0/2] Re-checking globbed directories...'
[ ! -x build/release/bin/strikenet ] || exit 0
for i in 1 2 3 4 5 6; do echo "[$i/6] Building CXX object $i"; sleep "${SLOW:-0}"; done
[ -z "${BROKEN:-}" ] || { echo 'FAILED: x.o'; echo 'error: no'; exit 1; }
mkdir -p build/release/bin
printf '#!/bin/sh\\necho ran "$@"\\n' >build/release/bin/strikenet
chmod +x build/release/bin/strikenet""",
    "ctest": "exit 0",
    "id": "echo 0",
    "nproc": "echo 2",
}


class FirstCommand(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name, "strikenet")
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        (self.root / "CMakePresets.json").write_text("{}")
        os.utime(self.root / "CMakePresets.json", (0, 0))
        programs = pathlib.Path(folder.name, "bin")
        programs.mkdir()
        self.calls = pathlib.Path(folder.name, "calls")
        self.calls.touch()
        for name, text in PROGRAMS.items():
            program = programs / name
            program.write_text(f'#!/bin/bash\necho "{name} $*" >>"$CALLS"\n{text}\n')
            program.chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "CALLS": str(self.calls),
                            "STRIKENET_PROGRESS_SECONDS": "1", "TERM": "xterm"}
        self.environment.pop("STRIKENET_JOBS", None)

    def run_script(self, *words, **more):
        """Exit status, stdout, and stderr as (seconds since the start, line)."""
        start, lines = time.monotonic(), []
        with subprocess.Popen([self.root / "scripts" / words[0], *words[1:]], env={**self.environment, **more},
                              cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            for line in process.stderr:
                lines.append((time.monotonic() - start, line.rstrip("\n")))
            return process.wait(), process.stdout.read(), lines

    def installed(self):
        calls = self.calls.read_text().splitlines()
        return " ".join(call for call in calls if call.startswith("apt-get") and "--assume-no" not in call).split()

    def test_says_at_once_what_it_does_and_how_long_that_takes(self):
        status, out, lines = self.run_script("strikenet", "check", "x y")
        self.assertEqual((status, out), (0, "ran check x y\n"))
        self.assertLess(lines[0][0], 5)
        self.assertRegex(lines[0][1], r"^strikenet: the first call installs .* about \d+ MB .*, about \d+ minutes ")

    def test_says_how_much_is_downloaded(self):
        lines = [line for _, line in self.run_script("strikenet")[2]]
        self.assertTrue(any(line.startswith("setup: installing packages, 130 MB to download: ") for line in lines), lines)

    def test_shows_progress_while_it_lasts(self):
        lines = self.run_script("strikenet", SLOW="2.2")[2]
        text = "\n".join(line for _, line in lines)
        self.assertIn("setup: downloading packages: 12 %", text)
        self.assertIn("strikenet: building build/release: 6 steps", text)
        self.assertRegex(text, r"strikenet: built [1-6] of 6")
        seconds = [second for second, _ in lines]
        self.assertLess(max(b - a for a, b in zip(seconds, seconds[1:])), 8)  # it is not held back until the end
        built = re.findall(r"built \d of 6", text)
        self.assertLess(len(set(built)), len(built))  # said again where nothing new comes

    def test_rewrites_one_line_on_a_terminal(self):
        leader, follower = pty.openpty()
        process = subprocess.Popen([self.root / "scripts" / "strikenet"], env=self.environment, cwd=self.root,
                                   stdout=subprocess.DEVNULL, stderr=follower)
        os.close(follower)
        text = b""
        try:
            while block := os.read(leader, 4096):
                text += block
        except OSError:  # how a terminal says that it was closed
            pass
        os.close(leader)
        self.assertEqual(process.wait(), 0)
        self.assertRegex(text.decode(), "\r\x1b\\[Kstrikenet: built 1 of 6\r\x1b\\[Kstrikenet: built 2 of 6\r")
        self.assertTrue(text.endswith(b"\r\x1b[K"), text[-60:])

    def test_says_nothing_when_there_is_nothing_to_do(self):
        self.run_script("strikenet")
        self.assertEqual(self.run_script("strikenet", "formats"), (0, "ran formats\n", []))

    def test_installs_what_the_command_needs_and_no_more(self):
        self.run_script("strikenet")
        words = self.installed()
        self.assertIn("libceres-dev", words)
        for of_tests in "libgtest-dev", "libbenchmark-dev", "gnuplot-nox", "python3", "chromium":
            self.assertNotIn(of_tests, words)
        self.assertIn("cmake --preset release -DSTRIKENET_TESTS=OFF", self.calls.read_text())

    def test_installs_what_draws_the_plot_when_one_is_asked_for(self):
        self.run_script("strikenet", "report", "fit", "--plot", "a.svg")
        self.assertIn("gnuplot-nox", self.installed())

    def test_builds_the_tests_into_the_tree_of_the_command(self):
        self.run_script("strikenet")
        status, _, _ = self.run_script("test")
        self.assertEqual(status, 0)
        self.assertIn("libgtest-dev", self.installed())
        configured = re.findall(r"^cmake .*", self.calls.read_text(), re.MULTILINE)
        self.assertEqual(configured, ["cmake --preset release -DSTRIKENET_TESTS=OFF",
                                      "cmake --preset release -DSTRIKENET_TESTS=ON"])
        self.run_script("strikenet")
        self.run_script("test")  # neither undoes what the other has configured
        self.assertEqual(len(re.findall(r"^cmake .*", self.calls.read_text(), re.MULTILINE)), 2)

    def test_shows_why_a_build_failed(self):
        status, _, lines = self.run_script("strikenet", BROKEN="1")
        text = "\n".join(line for _, line in lines)
        self.assertEqual(status, 1)
        self.assertIn("FAILED: x.o\nerror: no\n", text)
        self.assertIn("strikenet: the build failed (all of its output: build/release-build.log)", text)


if __name__ == "__main__":
    unittest.main()
