"""What the tests of accounts share: a Twitch in here, a token store, and what everybody printed."""

import json
import os
import subprocess
import unittest

from system import System, wait_until

LIMIT = 60


class AccountsTest(unittest.TestCase):
    """`programs` must be set to the folder of the build."""

    programs = None
    sim_flags = ("--accounts=ann,bob",)

    def setUp(self):
        self.system = System(self.programs)
        self.addCleanup(self.system.__exit__, None, None, None)
        self.requests = self.system.folder / "requests.jsonl"
        self.sim = self.system.sim("--rate=50", "--device_approval=10ms",
                                   f"--request_log={self.requests}", *self.sim_flags)
        self.store = self.system.folder / "tokens"
        self.variables = {
            "COVEN_TWITCH_ID_URL": self.sim.ready["COVEN_ID_URL"],
            "COVEN_TWITCH_HELIX_URL": self.sim.ready["COVEN_HELIX_URL"],
            "COVEN_TWITCH_TOKEN_FOLDER": str(self.store),
            "COVEN_TWITCH_CLIENT_ID": "simpublic",
        }
        self.printed = ""

    def coven(self, *words, status=0, stdin="", **variables):
        """What a command prints: stdout, or stderr when it is to fail."""
        done = self.coven_done(*words, stdin=stdin, **variables)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status == 0 else done.stderr

    def coven_done(self, *words, stdin="", **variables):
        done = subprocess.run(
            [self.programs + "/coven", *words], input=stdin, capture_output=True, text=True,
            timeout=LIMIT, check=False, env={**os.environ, **self.variables, **variables})
        self.printed += done.stdout + done.stderr
        return done

    def ask(self, *words, **how):
        """As `coven`, of one that asks the bus."""
        return self.coven(*words, *self.system.cli_doors(), **how)

    def daemon(self, name, *flags):
        """A connector that answers calls by now."""
        program = self.system.start(f"{name}-1", [
            self.system.bin / f"coven-{name}", *self.system.doors, "--log.format=human",
            *flags], environment=self.variables)
        wait_until(f"coven-{name} to answer", lambda: self.answers(f"{name}-1"))
        return program

    def answers(self, instance):
        answering = ("STATE_READY", "STATE_DEGRADED")
        return any(row["presence"].get("state") in answering
                   for row in self.system.ask("connectors")
                   if row["presence"].get("instance") == instance)

    def users(self, *flags):
        return self.daemon("users", f"--data={self.system.folder / 'users'}", *flags)

    def chat(self, scopes, *flags):
        """Logs an account in that reads and writes chat, and starts broker and connector."""
        self.coven("login", "--scopes", scopes)
        self.system.broker()
        self.variables["COVEN_TWITCH_CHAT_URL"] = self.sim.ready["COVEN_CHAT_URL"]
        chat = self.daemon("chat", f"--data={self.system.folder / 'chat'}", *flags)
        wait_until("somebody who writes", self.has_writer)
        return chat

    def has_writer(self):
        """Whether a request finds the connector; this one it refuses."""
        done = self.coven_done("request", "chat.delete", "channel=a", *self.system.cli_doors())
        return "message_id_malformed" in done.stdout + done.stderr

    def stored(self, login):
        return json.loads((self.store / f"{login}.json").read_text())

    def tokens_in_the_store(self):
        return {value for file in self.store.glob("*.json")
                for name, value in json.loads(file.read_text()).items()
                if name.endswith("_token") and value}

    def requests_of(self, path, since=0):
        """Status of each call of Twitch, from a number of calls on."""
        lines = self.requests.read_text().splitlines()[since:]
        return [call["status"] for call in map(json.loads, lines) if call["path"] == path]

    def requests_so_far(self):
        return len(self.requests.read_text().splitlines())

    def heard(self, end):
        """The events of topics that end so, at the reader `reader`."""
        return [event for event in self.system.lines_of("reader")
                if event.get("topic", "").endswith(end)]

    def wait_for_event(self, end, count=1):
        return wait_until(f"{end}, {count} of it", lambda: len(self.heard(end)) >= count
                          and self.heard(end))
