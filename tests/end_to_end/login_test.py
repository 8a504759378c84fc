"""Accounts, from the login to the logout: coven, coven-token and a Twitch in here, over HTTP.

What every program printed, and everything on the bus, is searched for the tokens at the end (G16).
"""

import json
import os
import stat
import subprocess
import unittest

from system import System, command_line, wait_until

PROGRAMS = None
LIMIT = 60


class Login(unittest.TestCase):
    def setUp(self):
        self.system = System(PROGRAMS)
        self.system.__enter__()
        self.addCleanup(self.system.__exit__, None, None, None)
        self.sim = self.system.sim("--rate=0", "--device_approval=10ms", "--accounts=ann,bob")
        self.store = self.system.folder / "tokens"
        self.variables = {
            "COVEN_TWITCH_ID_URL": self.sim.ready["COVEN_ID_URL"],
            "COVEN_TWITCH_TOKEN_FOLDER": str(self.store),
            "COVEN_TWITCH_CLIENT_ID": "simpublic",
        }
        self.printed = ""

    def coven(self, *words, status=0, stdin="", **variables):
        done = subprocess.run(
            [PROGRAMS + "/coven", *words], input=stdin, capture_output=True, text=True,
            timeout=LIMIT, check=False, env={**os.environ, **self.variables, **variables})
        self.assertEqual(done.returncode, status, done.stderr)
        self.printed += done.stdout + done.stderr
        return done.stdout if status == 0 else done.stderr

    def stored(self, login):
        return json.loads((self.store / f"{login}.json").read_text())

    def secrets(self):
        return [value for file in self.store.glob("*.json")
                for name, value in json.loads(file.read_text()).items()
                if name.endswith("_token") and value]

    def test_from_the_login_to_the_logout(self):
        shown = self.coven("login", "--scopes", "chat:read,user:read:chat")
        self.assertIn("logged in as ann, with the scopes chat:read user:read:chat", shown)
        self.assertIn("Open  http", shown)
        self.assertEqual(stat.S_IMODE(self.store.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE((self.store / "ann.json").stat().st_mode), 0o600)

        self.system.broker()
        self.system.tail("reader", "twitch.token.>", "bus.>")
        token = self.system.start("token-1", [
            self.system.bin / "coven-token", *self.system.doors], environment=self.variables)
        wait_until("ann to be validated", lambda: self.heard("ann.validated"))
        self.coven("login")
        wait_until("bob to be validated", lambda: self.heard("bob.validated"))
        rows = [json.loads(line) for line in self.coven("token", "list", "--json").splitlines()]
        self.assertEqual([row["login"] for row in rows], ["ann", "bob"])

        before = self.secrets()
        doors = self.system.cli_doors()
        self.assertIn("ann has a new token", self.coven("token", "refresh", "ann", *doors))
        self.assertNotIn(self.stored("ann")["access_token"], before)
        wait_until("ann to be refreshed", lambda: self.heard("ann.refreshed"))

        answer = json.loads(self.coven("token", "validate", "ann"))
        self.assertEqual(answer["validation"]["login"], "ann")
        self.assertEqual(answer["helix_headers"],
                         {"Client-Id": "simpublic", "Authorization": "Bearer [redacted]"})
        self.assertIn("[redacted]", self.coven("token", "show", "ann"))

        secrets = before + self.secrets()
        self.coven("token", "revoke", "bob")
        self.assertFalse((self.store / "bob.json").exists())
        wait_until("bob to be gone", lambda: self.heard("bob.revoked"))
        self.assertEqual(token.stop(), 0)
        events = (self.system.folder / "reader.jsonl").read_text()
        everything = self.printed + token.log() + self.sim.log() + events
        self.assertGreaterEqual(len(secrets), 6)
        for secret in secrets:
            self.assertNotIn(secret, everything)

        # The negative twin: the search would find one.
        revealed = self.coven("token", "show", "ann", "--reveal")
        self.assertIn(self.stored("ann")["access_token"], revealed)

    def heard(self, end):
        return any(event.get("topic", "").endswith(end)
                   for event in self.system.lines_of("reader"))

    def test_a_token_that_somebody_has(self):
        self.coven("login")
        access = self.stored("ann")["access_token"]
        self.coven("token", "revoke", "ann", "--only-here")
        file = self.system.folder / "token.txt"
        file.write_text(f"oauth:{access}\n")
        self.assertIn("cannot be refreshed", self.coven("login", "--token-file", str(file)))
        self.assertEqual(self.stored("ann")["refresh_token"], "")
        address = f"https://localhost/#access_token={access}&scope=&token_type=bearer\n"
        shown = self.coven("login", "--paste", stdin=address)
        self.assertIn("/authorize?response_type=token&client_id=simpublic&redirect_uri="
                      "https%3A%2F%2Flocalhost&scope=&state=", shown)
        answer = json.loads(self.coven("token", "validate", "-", stdin=f"Bearer {access}\n"))
        self.assertEqual(answer["validation"]["login"], "ann")
        foreign = address.replace("&scope", "&state=foreign&scope")
        self.assertIn("not the answer to this login",
                      self.coven("login", "--paste", stdin=foreign, status=1))

    def test_what_goes_wrong_says_what_to_do(self):
        wrong = self.coven("login", status=2, COVEN_TWITCH_CLIENT_ID="")
        self.assertIn("https://dev.twitch.tv/console/apps/create", wrong)
        self.assertIn("client_id = ", wrong)
        self.assertIn("coven login", self.coven("token", "show", "ann", status=1))
        self.assertIn("client_id", self.coven("login", "--client-id", "nobody", status=1))
        nowhere = {"COVEN_TWITCH_ID_URL": "http://127.0.0.1:1"}
        self.assertIn("check the network", self.coven("login", status=1, **nowhere))
        self.coven("login")
        self.assertIn("nothing was changed", self.coven("token", "revoke", "ann", status=1,
                                                        **nowhere))
        self.system.broker()
        self.assertIn("coven-token does not run",
                      self.coven("token", "refresh", "ann", *self.system.cli_doors(), status=1))
        (self.store / "ann.json").chmod(0o644)
        self.assertIn("chmod 600", self.coven("token", "show", "ann", status=1))
        self.store.chmod(0o755)
        self.assertIn("chmod 700", self.coven("token", "list", status=1))


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main(verbosity=2)
