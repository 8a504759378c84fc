"""`coven demo`, as the README's first command runs it."""

import json
import signal
import subprocess
import time
import unittest
from pathlib import Path

from system import command_line

PROGRAMS = None
LIMIT = 60


class Demo(unittest.TestCase):
    def command(self, *arguments):
        return [str(Path(PROGRAMS) / "coven"), "demo", *arguments]

    def test_ends_by_itself_with_a_tally(self):
        done = subprocess.run(self.command("--for", "5s"), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(len(done.stdout.splitlines()), 20)
        self.assertIn("events", done.stderr + done.stdout)

    def test_prints_json_lines(self):
        done = subprocess.run(self.command("--for", "4s", "--json"), stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        events = [json.loads(line) for line in done.stdout.splitlines()]
        chat = [event for event in events if event.get("type") == "tv.twitch.chat.message"]
        self.assertGreater(len(chat), 20)
        self.assertTrue(chat[0]["payload"]["text"])
        self.assertFalse([event for event in events if "lost" in event])

    def test_one_interrupt_stops_all(self):
        demo = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        self.assertTrue(demo.stdout.readline())
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        self.assertEqual(len(children), 3)
        demo.send_signal(signal.SIGINT)
        demo.communicate(timeout=LIMIT)
        until = time.monotonic() + LIMIT
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            self.assertLess(time.monotonic(), until, f"still there: {children}")


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
