"""No token is seen anywhere (G16): each that was ever in the store is searched for in all that was
printed, logged, stored, measured or said on the bus, and in the list of processes.
"""

import contextlib
import threading
import unittest
import urllib.request
from pathlib import Path

from accounts import AccountsTest
from system import command_line

ANSWER_LIMIT = 20
LOOK_AGAIN_AFTER = 0.002
# A part of a token is no less of a secret.
PART = 12


class Watcher:
    """Sees every command line and every token in the store, while it is in a `with`."""

    def __init__(self, tokens):
        self.tokens = tokens
        self.seen = set()
        self.command_lines = set()
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *failure):
        self.is_over.set()
        self.thread.join()

    def watch(self):
        while not self.is_over.wait(LOOK_AGAIN_AFTER):
            for process in Path("/proc").glob("[0-9]*/cmdline"):
                # It may have ended meanwhile.
                with contextlib.suppress(OSError):
                    self.command_lines.add(process.read_bytes())
            with contextlib.suppress(OSError, ValueError):
                self.seen |= self.tokens()


class Secrets(AccountsTest):
    sim_flags = ("--accounts=ann,bob,cid", "--channels=meadow,harbour,lantern")

    def setUp(self):
        super().setUp()
        self.variables.update(COVEN_LOG_LEVEL="debug",
                              COVEN_TWITCH_CHAT_URL=self.sim.ready["COVEN_CHAT_URL"])
        self.system.broker("--log.level=debug")
        self.system.tail("reader", "twitch.>", "bus.>")
        self.watcher = self.enterContext(Watcher(self.tokens_in_the_store))
        self.given = self.system.folder / "given.txt"

    def places(self):
        """place → what is to be seen there."""
        places = {"printed": self.printed.encode()}
        places["process list"] = b"\n".join(self.watcher.command_lines)
        for program in self.system.running:
            if program.process.poll() is None and "METRICS_URL" in program.ready:
                url = program.ready["METRICS_URL"] + "/metrics"
                with urllib.request.urlopen(url, timeout=ANSWER_LIMIT) as page:
                    places[f"metrics of {program.name}"] = page.read()
        for file in self.system.folder.rglob("*"):
            if file.is_file() and self.store not in file.parents and file != self.given:
                places[str(file.relative_to(self.system.folder))] = file.read_bytes()
        return places

    def found(self, secrets):
        """Where there is one, or a part of one."""
        parts = {part.encode() for secret in secrets for part in (secret[:PART], secret[-PART:])}
        return {place for place, text in self.places().items()
                if any(part in text for part in parts)}

    def log_in_in_every_way(self):
        self.coven("login")
        self.coven("login", "--scopes", "chat:read")
        self.coven("login")
        self.given.write_text("oauth:" + self.stored("bob")["access_token"])
        self.coven("login", "--token-file", str(self.given))
        access = self.stored("ann")["access_token"]
        self.coven("login", "--paste", stdin=f"https://localhost/#access_token={access}&scope=\n")
        self.coven("login", "--paste", stdin="https://localhost/#access_token=%%%\n", status=1)
        for _ in range(3):
            self.coven("login")
        return access

    def look_at_everything(self, access):
        self.coven("token", "list")
        self.coven("token", "list", "--json")
        self.coven("token", "show", "ann")
        self.coven("token", "validate", "ann")
        self.coven("token", "validate", "-", stdin=access)
        self.coven_done("doctor", *self.system.cli_doors())
        self.coven_done("doctor", "--json", *self.system.cli_doors())
        self.coven("config", "print")
        self.ask("users", "meadow")
        self.ask("token", "refresh", "ann")

    def make_trouble(self):
        self.system.drive(self.sim, "expire", "bob")
        self.ask("users", "harbour")
        self.system.drive(self.sim, "http-fail", "id", "500", "1", "no JSON")
        self.coven("token", "validate", "bob", status=1)
        self.system.drive(self.sim, "revoke", "cid")
        self.ask("token", "refresh", "cid", status=1)
        self.wait_for_event("cid.rejected")
        (self.store / "cid.json").write_text('{"access_token": "' + "x" * 30)
        self.coven("token", "show", "cid", status=1)
        self.coven_done("doctor", *self.system.cli_doors())
        self.coven("token", "revoke", "cid", "--only-here")
        self.wait_for_event("cid.revoked")
        self.coven("token", "revoke", "ann")

    def test_no_token_is_seen_anywhere(self):
        token = self.daemon("token")
        self.users("--account=bob")
        access = self.log_in_in_every_way()
        self.look_at_everything(access)
        self.make_trouble()
        self.assertGreaterEqual(len(self.watcher.seen), 8)
        # The search sees logs, events, the journal, the list of users and metrics.
        self.assertLessEqual({"token-1.log", "reader.jsonl", "data/journal/data.mdb",
                              "users/data.mdb", "metrics of users-1", "requests.jsonl"},
                             set(self.places()))
        self.assertTrue(any(b"coven-token" in line for line in self.watcher.command_lines))
        self.assertEqual(self.found(self.watcher.seen), set())
        self.assertEqual(token.stop(), 0)
        self.assertEqual(self.found(self.watcher.seen), set())

    def test_it_would_be_found(self):
        """The negative twin, one place after the other."""
        self.coven("login")
        access = self.stored("ann")["access_token"]
        self.assertEqual(self.found({access}), set())
        self.coven("token", "show", "ann", "--reveal")
        self.system.drive(self.sim, "http-slow", "id", "1s", "1")
        self.coven("token", "validate", access)
        (self.system.folder / "some.log").write_text(f"refused: {access[:PART]}…")
        self.assertEqual(self.found({access}), {"printed", "process list", "some.log"})


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main(verbosity=2)
