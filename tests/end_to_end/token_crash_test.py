"""coven-token is killed while it has a token refreshed that Twitch refreshes once.

strace kills it at a call of the kernel that is named here, so each moment is hit each time. The
one moment that nobody can help, between Twitch's answer and the first byte on disk, is the negative
twin: docs/accounts.md tells of it.
"""

import subprocess
import sys
import unittest
from pathlib import Path

from accounts import AccountsTest
from system import START_LIMIT, command_line, wait_until

TOKEN = "/oauth2/token"
# Call and how often it was called since the refresh began, and what is then only in flight: Twitch
# has given a pair that is not in its place for good.
MOMENTS = (
    ("trying whether the disk has room", "fsync", 1, False),
    ("the trial is over", "fsync", 2, False),
    ("the pair is written, and not synced", "fsync", 3, True),
    ("the pair is synced, and not in its place", "renameat", 1, True),
    ("the pair is in its place, the folder not synced", "fsync", 4, True),
    ("the pair before is about to be forgotten", "fsync", 5, False),
    ("and is not yet", "renameat", 2, False),
)
# The lock under which the new pair is written.
LOST = ("flock", 2)


class TokenCrash(AccountsTest):
    sim_flags = ("--accounts=ann",)

    def setUp(self):
        super().setUp()
        self.system.broker()
        self.system.tail("reader", "twitch.token.>")
        self.coven("login")
        self.validated = 0

    def start(self):
        token = self.daemon("token")
        self.wait_for_validation()
        return token

    def wait_for_validation(self):
        """One more than before. It is stored by then: no call of the kernel is left over."""
        self.validated = len(self.wait_for_event("ann.validated", self.validated + 1))

    def killer(self, token, call, count):
        """strace, once it watches `token`."""
        killer = self.system.start("strace", [
            "/usr/bin/strace", "-f", "-p", token.process.pid, "-e", f"trace={call}",
            "-e", f"inject={call}:signal=SIGKILL:when={count}"], ready=False)
        wait_until("strace to watch", lambda: "attached" in killer.log())
        return killer

    def kill_at(self, call, count):
        """Kills coven-token in a refresh. Whether Twitch had given a new pair."""
        token = self.start()
        killer = self.killer(token, call, count)
        given = len(self.requests_of(TOKEN))
        done = subprocess.Popen(
            [self.programs + "/coven", "token", "refresh", "ann", *self.system.cli_doors()],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        token.process.wait(START_LIMIT)
        self.assertEqual(token.process.returncode, -9, "the moment was not hit")
        done.kill()
        done.wait(START_LIMIT)
        killer.process.wait(START_LIMIT)
        Path(killer.log_path).unlink()
        return len(self.requests_of(TOKEN)) > given

    def test_the_account_outlives_each_moment(self):
        in_flight = 0
        for what, call, count, flies in MOMENTS:
            with self.subTest(what):
                in_flight += self.kill_at(call, count) and flies
                token = self.start()
                self.assertIn("ann has a new token", self.ask("token", "refresh", "ann"))
                self.wait_for_validation()
                self.assertIn('"login": "ann"', self.coven("token", "validate", "ann"))
                self.assertEqual(token.stop(), 0)
        print(f"{in_flight} pairs were in flight at {len(MOMENTS)} kills", file=sys.stderr)
        self.assertGreaterEqual(in_flight, 3)

    def test_what_was_never_written_is_missed(self):
        """The negative twin: this test can tell a lost pair."""
        self.assertTrue(self.kill_at(*LOST))
        self.daemon("token")
        said = self.ask("token", "refresh", "ann", status=1)
        self.assertIn("its token cannot be refreshed", said)
        self.assertEqual(self.requests_of(TOKEN)[-1], 400, "the refresh token is used up")


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main(verbosity=2)
