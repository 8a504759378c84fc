"""What the tests of this folder share: the programs of a build, run as a user would."""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LIMIT = 60


class FrontDoor(unittest.TestCase):
    root = build = None

    @property
    def bin(self):
        return self.build / "bin"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def environment(self, **more):
        """Nothing of ours or of other installations; `more` comes on top."""
        ours = {name: value for name, value in os.environ.items() if not name.startswith("COVEN_")}
        ours.update(PATH=f"{self.bin}:/usr/bin:/bin", HOME=str(self.folder), NO_COLOR="1")
        return {**ours, **more}

    def run_program(self, *words, cwd=None, **environment):
        return subprocess.run(
            [str(word) for word in words], capture_output=True, text=True, timeout=LIMIT,
            check=False, stdin=subprocess.DEVNULL, cwd=cwd or self.folder,
            env=self.environment(**environment))

    def coven(self, *words, **environment):
        return self.run_program(self.bin / "coven", *words, **environment)

    def printed(self, *words, **environment):
        done = self.coven(*words, **environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path


class WithBroker(FrontDoor):
    """A broker runs; `doors` lead to it."""

    def setUp(self):
        super().setUp()
        self.doors = {f"COVEN_BUS_{door}": f"ipc://{self.folder}/{door.lower()}"
                      for door in ("PUBLISH", "SUBSCRIBE", "REQUEST")}
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(f"{self.folder}/ready")
        notify.settimeout(LIMIT)
        self.start(self.bin / "coven-broker", "--broker-data", self.folder / "data",
                   "--metrics-listen", "off", NOTIFY_SOCKET=f"{self.folder}/ready")
        while b"READY=1" not in notify.recv(4096):
            pass

    def start(self, *words, **environment):
        program = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL,
                                   env=self.environment(**self.doors, **environment))

        def end():
            program.kill()
            program.wait()
        self.addCleanup(end)
        return program


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--build", type=Path, required=True)
    arguments, rest = parser.parse_known_args()
    FrontDoor.root = arguments.root.resolve()
    FrontDoor.build = arguments.build.resolve()
    unittest.main(argv=[sys.argv[0], *rest])
