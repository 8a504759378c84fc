"""The list of users: coven users, coven-users, coven-token and a Twitch in here, over HTTP."""

import json
import unittest

from accounts import AccountsTest
from system import command_line, wait_until

USERS = "/helix/users"
TOKEN = "/oauth2/token"


class Users(AccountsTest):
    sim_flags = ("--accounts=ann", "--channels=meadow,harbour,lantern")

    def setUp(self):
        super().setUp()
        self.system.broker()
        self.system.tail("reader", "twitch.>")

    def user(self, name):
        return json.loads(self.ask("users", name, "--json"))

    def test_ids_logins_and_who_is_not_there(self):
        self.coven("login")
        self.users()
        meadow = self.user("@Meadow")
        self.assertEqual(meadow["login"], "meadow")
        self.assertEqual(self.user(meadow["id"]), meadow)
        self.assertEqual(self.requests_of(USERS), [200], "asked once, remembered since")
        done = self.coven_done("users", "nobody_at_all", "meadow", *self.system.cli_doors())
        self.assertEqual(done.returncode, 1)
        self.assertIn("Twitch has nobody by the login 'nobody_at_all'", done.stderr)
        self.assertIn(meadow["id"], done.stdout)
        self.assertIn("no login of Twitch", self.ask("users", "not a login", status=1))

    def test_without_a_token_it_says_what_it_cannot_know(self):
        self.users()
        self.system.chat(self.sim.ready["COVEN_CHAT_URL"], ["meadow"])
        wait_until("a line of chat", lambda: self.heard("meadow.message"))
        line = self.heard("meadow.message")[0]["payload"]
        heard = wait_until("its writer to be known", lambda: self.known(line["user_login"]))
        self.assertEqual(heard["id"], line["user_id"])
        self.assertEqual(heard["display_name"], line["display_name"])
        said = self.ask("users", "lantern", status=1)
        self.assertIn("nobody knows 'lantern': ", said)
        self.assertIn("nobody is logged in: `coven login` does it", said)
        self.assertFalse(self.requests.read_text())
        self.coven("login")
        self.assertEqual(self.user("lantern")["login"], "lantern")

    def known(self, login):
        done = self.coven_done("users", login, "--json", *self.system.cli_doors())
        return json.loads(done.stdout) if done.stdout else None

    def test_who_is_called_otherwise_now_is_announced(self):
        self.coven("login")
        self.users("--ttl=1s")
        meadow = self.user("meadow")
        self.system.drive(self.sim, "rename", "meadow", "hill")
        # Believed for a second, then asked for again.
        wait_until("the new login", lambda: self.user(meadow["id"])["login"] == "hill")
        event = self.wait_for_event("twitch.user.meadow.renamed")[0]["payload"]
        self.assertEqual((event["id"], event["old_login"], event["new_login"]),
                         (meadow["id"], "meadow", "hill"))
        self.assertEqual(len(self.heard(".renamed")), 1)

    def test_a_token_that_dies_in_the_middle_is_replaced_once(self):
        self.coven("login")
        before = self.stored("ann")["access_token"]
        self.daemon("token")
        self.wait_for_event("ann.validated")
        self.users()
        self.user("meadow")
        since = self.requests_so_far()
        self.system.drive(self.sim, "expire", "ann")
        self.assertEqual(self.user("harbour")["login"], "harbour")
        self.assertEqual(self.requests_of(USERS, since), [401, 200])
        self.assertEqual(self.requests_of(TOKEN, since), [200], "one refresh")
        self.wait_for_event("ann.refreshed")
        self.assertNotEqual(self.stored("ann")["access_token"], before)

    def test_nobody_replaces_it_without_coven_token(self):
        """The negative twin, and what is said then."""
        self.coven("login")
        self.users()
        self.system.drive(self.sim, "expire", "ann")
        said = self.ask("users", "harbour", status=1)
        self.assertIn("the token of 'ann' was refused and not replaced: coven-token does not run",
                      said)
        self.assertEqual(self.requests_of(TOKEN), [200], "that of the login")

    def test_a_5xx_is_tried_again(self):
        self.coven("login")
        self.users()
        self.system.drive(self.sim, "http-fail", "helix", "503", "2")
        self.user("meadow")
        self.assertEqual(self.requests_of(USERS), [503, 503, 200])


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main(verbosity=2)
