"""What a command does with a terminal of its own: it asks back, and shows a page anew."""

import os
import pty
import select
import signal
import subprocess
import time

import front_door


class Terminal(front_door.WithBroker):
    def on_terminal(self, *words):
        """Runs `coven` there; what it writes and asks is read and answered through `self.side`."""
        self.side, other = pty.openpty()
        self.addCleanup(os.close, self.side)
        program = subprocess.Popen(
            [str(self.bin / "coven"), *words], stdin=other, stdout=other, stderr=other,
            start_new_session=True, env=self.environment(**self.doors, TERM="xterm"))
        os.close(other)
        self.seen = ""

        def end():
            program.kill()
            program.wait()
        self.addCleanup(end)
        return program

    def until(self, condition):
        """Reads until that holds for what was seen; at the end of the program, too."""
        deadline = time.monotonic() + front_door.LIMIT
        while not condition(self.seen):
            left = deadline - time.monotonic()
            self.assertGreater(left, 0, f"never seen in {self.seen!r}")
            if not select.select([self.side], [], [], left)[0]:
                continue
            try:
                self.seen += os.read(self.side, 65536).decode()
            except OSError:  # Nobody has the other side any more.
                self.assertTrue(condition(self.seen), self.seen)

    def answer(self, text):
        os.write(self.side, text.encode() + b"\n")

    def test_a_purge_is_asked_back_and_a_no_changes_nothing(self):
        for words in ("n", "", "perhaps"):
            purge = self.on_terminal("journal", "purge", "--user", "some_login")
            self.until(lambda seen: "[y/N]" in seen)
            self.assertIn("Forget all stored events of 'some_login'?", self.seen)
            self.answer(words)
            self.assertEqual(purge.wait(front_door.LIMIT), 1, self.seen)
        self.assertNotIn("some_login", self.printed("request", "journal.purges", **self.doors))

    def test_a_purge_that_is_meant_is_carried_out(self):
        purge = self.on_terminal("journal", "purge", "--user", "some_login")
        self.until(lambda seen: "[y/N]" in seen)
        self.answer("y")
        self.until(lambda seen: "no events of this user are stored" in seen)
        self.assertEqual(purge.wait(front_door.LIMIT), 0, self.seen)

    def test_a_purge_ends_with_ctrl_c_at_its_question(self):
        purge = self.on_terminal("journal", "purge", "--user", "some_login")
        self.until(lambda seen: "[y/N]" in seen)
        purge.send_signal(signal.SIGINT)
        self.assertNotEqual(purge.wait(front_door.LIMIT), 0)

    def test_topics_are_watched_in_place_until_ctrl_c(self):
        home = "\x1b[H"
        watch = self.on_terminal("topics", "--watch")
        self.until(lambda seen: seen.count(home) >= 2)
        # The page is drawn over the one before, and what is left below it is cleared.
        self.assertTrue(self.seen.startswith(home), self.seen)
        self.assertIn("\x1b[J", self.seen)
        self.assertIn("no topics", self.seen)
        watch.send_signal(signal.SIGINT)
        self.assertEqual(watch.wait(front_door.LIMIT), 130, self.seen)


if __name__ == "__main__":
    front_door.main()
