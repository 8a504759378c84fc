"""Accounts, from the login to the logout: coven, coven-token and a Twitch in here, over HTTP."""

import json
import stat
import unittest

from accounts import AccountsTest
from system import command_line


class Login(AccountsTest):
    def test_from_the_login_to_the_logout(self):
        shown = self.coven("login", "--scopes", "chat:read,user:read:chat")
        self.assertIn("logged in as ann, with the scopes chat:read user:read:chat", shown)
        self.assertIn("Open  http", shown)
        self.assertEqual(stat.S_IMODE(self.store.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE((self.store / "ann.json").stat().st_mode), 0o600)

        self.system.broker()
        self.system.tail("reader", "twitch.token.>", "bus.>")
        token = self.daemon("token")
        self.wait_for_event("ann.validated")
        self.coven("login")
        self.wait_for_event("bob.validated")
        rows = [json.loads(line) for line in self.coven("token", "list", "--json").splitlines()]
        self.assertEqual([row["login"] for row in rows], ["ann", "bob"])

        before = self.tokens_in_the_store()
        self.assertIn("ann has a new token", self.ask("token", "refresh", "ann"))
        self.assertNotIn(self.stored("ann")["access_token"], before)
        self.wait_for_event("ann.refreshed")

        answer = json.loads(self.coven("token", "validate", "ann"))
        self.assertEqual(answer["validation"]["login"], "ann")
        self.assertEqual(answer["helix_headers"],
                         {"Client-Id": "simpublic", "Authorization": "Bearer [redacted]"})
        self.assertIn("[redacted]", self.coven("token", "show", "ann"))

        self.assertIn(self.stored("ann")["access_token"],
                      self.coven("token", "show", "ann", "--reveal"))
        self.coven("token", "revoke", "bob")
        self.assertFalse((self.store / "bob.json").exists())
        self.wait_for_event("bob.revoked")
        self.assertEqual(token.stop(), 0)

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
                      "https%3A%2F%2Flocalhost&scope=chat%3Aread%20user%3Awrite%3Achat&state=",
                      shown)
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
                      self.ask("token", "refresh", "ann", status=1))
        (self.store / "ann.json").chmod(0o644)
        self.assertIn("chmod 600", self.coven("token", "show", "ann", status=1))
        self.store.chmod(0o755)
        self.assertIn("chmod 700", self.coven("token", "list", status=1))


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main(verbosity=2)
