"""Does what README.md says, as its reader would: saves its files, types its commands, while a real
`coven demo` runs, in a network namespace of its own where that is allowed, so that the default
ports are free.

Marks in front of a fenced block of README.md:
    <!-- file: NAME -->             save it under that name
    <!-- run -->                    type it; every command must succeed
    <!-- run: until N lines -->     type it, and stop it after so many lines of output

Usage: tests/docs/readme_test.py --root . --programs build/dev/bin
"""

import argparse
import itertools
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

FIRST_EVENT_SECONDS = 30
BLOCK_SECONDS = 60
STOP_SECONDS = 10
BLOCK = re.compile(
    r"<!-- (file|run)(?:: ([^>]*?))? -->\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE
)
CODE = re.compile(r"```.*?```|`[^`\n]+`|^    .*?$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")
INSIDE = "COVEN_README_TEST_INSIDE"


def own_network():
    """Runs this program again where the default ports are ours; returns if that is not allowed."""
    unshare = ["unshare", "--net"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    lo_up = "ip link set lo up"
    if INSIDE in os.environ or subprocess.run(
        [*unshare, "sh", "-c", lo_up], stderr=subprocess.DEVNULL, check=False
    ).returncode:
        return
    script = f'{lo_up} && exec "$0" "$@"'
    command = [*unshare, "sh", "-c", script, sys.executable, *sys.argv]
    os.execvpe(command[0], command, {**os.environ, INSIDE: "1"})


def markdown(root):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=root, check=True, capture_output=True, text=True,
    )
    return [root / path for path in listed.stdout.splitlines() if (root / path).exists()]


def blocks(text):
    """(what to do, its argument or None, the block) of each marked block."""
    return [match.groups() for match in BLOCK.finditer(text)]


def wait_for_line(file, process, seconds):
    """Returns when `file` has a whole line; fails when the process ends or the time is over."""
    deadline = time.monotonic() + seconds
    while "\n" not in file.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"coven demo shows nothing: status {process.poll()}")
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            pass


class Words(unittest.TestCase):
    root = None

    def test_links_lead_somewhere(self):
        for file in markdown(self.root):
            for target in LINK.findall(file.read_text()):
                if not re.match(r"[a-z]+:", target):
                    self.assertTrue((file.parent / target).exists(), f"{file}: {target}")

    def test_every_target_that_is_named_exists(self):
        targets = re.findall(r"^([a-z-]+):", (self.root / "Makefile").read_text(), re.MULTILINE)
        for file in markdown(self.root):
            code = "\n".join(CODE.findall(file.read_text()))
            for target in re.findall(r"\bmake ([a-z][a-z-]*)", code):
                self.assertIn(target, targets, f"{file}: make {target}")

    def test_the_readme_has_marked_blocks(self):
        kinds = [kind for kind, _, _ in blocks((self.root / "README.md").read_text())]
        self.assertEqual([kinds.count("file"), kinds.count("run")], [1, 2])


class Readme(unittest.TestCase):
    root = programs = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        for name in ("Makefile", "proto", "deploy"):
            (self.folder / name).symlink_to(self.root / name)
        (self.folder / "build/release").mkdir(parents=True)
        (self.folder / "build/release/bin").symlink_to(self.programs)
        self.start_demo()

    def start_demo(self):
        # As `make demo FOR=0` does.
        shown = self.folder / "shown"
        with shown.open("w") as output:
            demo = subprocess.Popen(
                [self.programs / "coven", "demo", "--for", "0"],
                stdin=subprocess.DEVNULL, stdout=output,
            )
        self.addCleanup(self.stop_demo, demo)
        wait_for_line(shown, demo, FIRST_EVENT_SECONDS)

    def stop_demo(self, demo):
        demo.send_signal(signal.SIGINT)
        try:
            self.assertIn(demo.wait(STOP_SECONDS), (0, 130))
        finally:
            demo.kill()

    def start(self, script):
        return subprocess.Popen(
            ["sh", "-eu", "-c", script], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True, start_new_session=True,
            env={**os.environ, "DEPS": "no"},
        )

    def run_to_its_end(self, script):
        process = self.start(script)
        try:
            output, _ = process.communicate(timeout=BLOCK_SECONDS)
        finally:
            self.end(process)
        self.assertEqual(process.returncode, 0, output)

    def run_until(self, script, lines):
        process = self.start(script)
        watchdog = threading.Timer(BLOCK_SECONDS, self.end, [process])
        watchdog.start()
        shown = list(itertools.islice(process.stdout, lines))
        watchdog.cancel()
        self.end(process)
        self.assertEqual(len(shown), lines, script + "".join(shown))

    def end(self, process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def test_its_files_and_commands_work(self):
        for kind, argument, block in blocks((self.root / "README.md").read_text()):
            if kind == "file":
                (self.folder / argument).write_text(block)
            elif argument:
                self.run_until(block, int(re.fullmatch(r"until (\d+) lines", argument).group(1)))
            else:
                self.run_to_its_end(block)


if __name__ == "__main__":
    own_network()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    arguments, rest = parser.parse_known_args()
    Words.root = Readme.root = arguments.root.resolve()
    Readme.programs = arguments.programs.resolve()
    unittest.main(argv=[sys.argv[0], *rest])
