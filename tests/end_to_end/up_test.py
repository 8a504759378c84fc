"""`coven up` with a connector that is a Python program."""

import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from system import START_LIMIT, System, command_line, wait_until

PROGRAMS = None
HERE = Path(__file__).resolve().parent


def configuration(system):
    doors = "".join(f'{door} = "ipc://{system.folder}/{door}"\n'
                    for door in ("publish", "subscribe", "request"))
    command = ["/usr/bin/python3", "-u", str(HERE / "python_connector.py")]
    return (f'[bus]\n{doors}[broker]\ndata = "{system.folder}/data"\n'
            f'[metrics]\nlisten = "127.0.0.1:0"\n[connectors.dice]\ncommand = {command}\n')


class Up(unittest.TestCase):
    def test_carries_events_of_a_python_program_and_ends_with_it(self):
        with System(PROGRAMS) as system:
            file = system.folder / "coven.toml"
            file.write_text(configuration(system))
            proto = os.environ["COVEN_TEST_PROTO"]
            up = system.start("up", [system.bin / "coven", "up", "-c", file],
                              environment={"PYTHONPATH": proto})
            self.assertIn("started as dice-1", up.log())
            tail = subprocess.run(
                [system.bin / "coven", "tail", "dice.>", "--count", "3", "--wait", "20s",
                 "--json", "-c", file],
                capture_output=True, text=True, timeout=START_LIMIT, check=False)
            self.assertEqual(tail.returncode, 0, tail.stderr)
            self.assertIn('"source":"/coven/dice/dice-1"', tail.stdout)
            children = Path(f"/proc/{up.process.pid}/task/{up.process.pid}/children")
            self.assertEqual(len(children.read_text().split()), 2)
            self.assertTrue(self.comes_back(up), up.log())
            up.signal(signal.SIGINT)
            self.assertEqual(up.process.wait(START_LIMIT), 0, up.log())

    def comes_back(self, up):
        """Kills the Python program and waits until it is there again."""
        listed = Path(f"/proc/{up.process.pid}/task/{up.process.pid}/children").read_text()
        for pid in listed.split():
            if b"python_connector" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(int(pid), signal.SIGKILL)
        return wait_until("dice-1 comes back", lambda: up.log().count("started as dice-1") == 2)


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    if "COVEN_TEST_PROTO" not in os.environ:
        sys.exit("COVEN_TEST_PROTO names the folder with the generated Python modules")
    unittest.main()
