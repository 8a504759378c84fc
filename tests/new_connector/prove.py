"""Proves that a new connector is a new folder and a new event one .proto file, no edit elsewhere.

Copies the tree, adds what lies in template/, builds, runs the connector against a real broker,
reads its event with `coven tail`, and looks what git says has changed.

Usage: tests/new_connector/prove.py --root . --copy build/copy
"""

import argparse
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

TEMPLATE = pathlib.Path(__file__).resolve().parent / "template"
BUILD_SECONDS = 1200
READY_SECONDS = 20
EVENT_SECONDS = 20
STOP_SECONDS = 10
PROGRAMS = ["coven", "coven-broker", "coven-dice", "dice_test"]


def run(*command, cwd, seconds=60, **options):
    """The output of a command that must succeed; on failure its last words are in the error."""
    done = subprocess.run(
        command, cwd=cwd, timeout=seconds, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options,
    )
    if done.returncode != 0:
        words = " ".join(map(str, command))
        raise AssertionError(f"{words}: status {done.returncode}\n{done.stdout[-4000:]}")
    return done.stdout


def files(folder):
    inside = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in inside)


def copy_tree(root, copy):
    """The tree as it is now, committed in a repository of its own."""
    shutil.rmtree(copy, ignore_errors=True)
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=root)
    for path in filter(None, listed.split("\0")):
        if (root / path).is_file():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, copy / path)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    commit = ["commit", "-q", "--no-verify", "--no-gpg-sign", "-m", "tests: copy the tree"]
    run(*git, "init", "-q", cwd=copy)
    run(*git, "add", "-A", cwd=copy)
    run(*git, *commit, cwd=copy)


def build(copy):
    # The same paths below another root: ccache recognizes what it has compiled before.
    environment = {**os.environ, "CCACHE_BASEDIR": str(copy), "CCACHE_NOHASHDIR": "1"}
    run("cmake", "--preset", "dev", cwd=copy, env=environment, seconds=BUILD_SECONDS)
    run(
        "cmake", "--build", "--preset", "dev", "-j", str(os.cpu_count()), "--target", *PROGRAMS,
        cwd=copy, env=environment, seconds=BUILD_SECONDS,
    )


class Process:
    """A daemon of ours, ready when the block begins and ended when it is left."""

    def __init__(self, program, environment, folder):
        self._notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._notify.bind(f"{folder}/{program.name}.ready")
        self._notify.settimeout(READY_SECONDS)
        self._name = program.name
        self._process = subprocess.Popen(
            [program], stdin=subprocess.DEVNULL,
            env={**os.environ, **environment, "NOTIFY_SOCKET": self._notify.getsockname()},
        )

    def __enter__(self):
        try:
            while b"READY=1" not in self._notify.recv(4096):
                pass
        except TimeoutError:
            self.__exit__()
            raise AssertionError(f"{self._name} was not ready in {READY_SECONDS} s") from None
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self.status = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.status = self._process.wait()
        self._notify.close()


class NewConnector(unittest.TestCase):
    root = copy = None

    @classmethod
    def setUpClass(cls):
        copy_tree(cls.root, cls.copy)
        shutil.copytree(TEMPLATE, cls.copy, dirs_exist_ok=True)
        build(cls.copy)

    def test_nothing_but_new_files_is_there(self):
        status = run("git", "status", "--porcelain", "--untracked-files=all", cwd=self.copy)
        self.assertEqual(sorted(status.splitlines()), [f"?? {path}" for path in files(TEMPLATE)])
        self.assertEqual(run("git", "diff", "HEAD", cwd=self.copy), "")

    def test_its_unit_test_is_built_and_passes(self):
        output = run(
            "ctest", "--test-dir", "build/dev", "-R", "^Dice", "--no-tests=error", cwd=self.copy
        )
        self.assertIn("100% tests passed", output)

    def test_it_describes_itself(self):
        described = json.loads(run("build/dev/bin/coven-dice", "--describe", cwd=self.copy))
        self.assertEqual(described["kind"], "dice")

    def test_its_event_is_seen_with_its_payload(self):
        programs = self.copy / "build/dev/bin"
        with tempfile.TemporaryDirectory() as folder:
            doors = {
                f"COVEN_BUS_{door}": f"ipc://{folder}/{door.lower()}"
                for door in ("PUBLISH", "SUBSCRIBE", "REQUEST")
            }
            for_broker = {**doors, "COVEN_BROKER_DATA": f"{folder}/data",
                          "COVEN_METRICS_LISTEN": "off"}
            for_dice = {**doors, "COVEN_DICE_PAUSE": "100ms"}
            with Process(programs / "coven-broker", for_broker, folder) as broker:
                with Process(programs / "coven-dice", for_dice, folder):
                    line = run(
                        programs / "coven", "tail", "example.dice.>", "--json", "--count", "1",
                        "--wait", f"{EVENT_SECONDS}s", cwd=folder, seconds=2 * EVENT_SECONDS,
                        env={**os.environ, **doors},
                    )
            self.assertEqual(broker.status, 0)
        event = json.loads(line)
        self.assertEqual(event["topic"], "example.dice.table.rolled")
        self.assertIn(event["payload"]["eyes"], range(1, 7))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--copy", type=pathlib.Path, required=True)
    arguments, rest = parser.parse_known_args()
    NewConnector.root = arguments.root.resolve()
    NewConnector.copy = arguments.copy.resolve()
    unittest.main(argv=[sys.argv[0], *rest])
