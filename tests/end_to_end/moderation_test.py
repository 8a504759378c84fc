"""What moderators do: `coven request chat.…` through broker and connector to a Twitch in here, what
others see of it, and what it refuses."""

import json
import unittest

from accounts import AccountsTest
from system import command_line, wait_until

SCOPES = ("chat:read,moderator:manage:announcements,moderator:manage:banned_users,"
          "moderator:manage:chat_messages,moderator:manage:shoutouts,user:write:chat")
OK, FAILED, REJECTED, NO_ROUTE, RATE_LIMITED = 0, 1, 3, 4, 6


class Moderation(AccountsTest):
    sim_flags = ("--accounts=ann,bob", "--channels=xqc,friend",
                 "--setup=role xqc ann moderator; role xqc eve subscriber")

    def setUp(self):
        super().setUp()
        self.chat(SCOPES, "--channels=xqc")
        self.system.tail("reader", "twitch.chat.xqc.>")
        # The line that is deleted later.
        wait_until("the channel to be joined", lambda: "joined" in self.ask("channels"))
        self.system.drive(self.sim, "say", "xqc", "something rude", "--as", "eve")
        self.message_id = self.wait_for_event("xqc.message")[-1]["payload"]["id"]

    def request(self, verb, *fields, status=OK):
        """The reply to a command, which ends with that status."""
        done = self.coven_done("request", verb, *fields, *self.system.cli_doors())
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def deeds(self):
        """Rows of `coven sim deeds` without their time."""
        shown = self.coven("sim", "deeds", "--control", self.sim.ready["COVEN_SIM_CONTROL"])
        return [" ".join(line.split()[1:]) for line in shown.splitlines()]

    def test_each_is_done_and_seen(self):
        self.request("chat.announce", "channel=xqc", "text=hear, hear", "colour=green")
        self.request("chat.delete", "channel=xqc", f"message_id={self.message_id}")
        answer = self.request("chat.timeout", "channel=xqc", "user=eve", "seconds=60",
                              "reason=spam")["payload"]
        self.assertRegex(answer["until"], r"^20\d\d-.*Z$")
        self.request("chat.ban", "channel=xqc", "user=eve")
        self.request("chat.unban", "channel=xqc", "user=eve")
        self.request("chat.shoutout", "channel=xqc", "user=friend")
        soon = self.request("chat.shoutout", "channel=xqc", "user=eve", status=RATE_LIMITED)
        self.assertGreater(int(soon["retry_after_ms"]), 60_000)
        self.assertEqual(self.deeds(), [
            "ACCOUNT CHANNEL DID OUTCOME OVER WHAT OR TO WHOM",
            "ann xqc announcement done helix hear, hear",
            f"ann xqc delete done helix {self.message_id}",
            "ann xqc timeout done helix eve",
            "ann xqc ban done helix eve",
            "ann xqc unban done helix eve",
            "ann xqc shoutout done helix friend"])
        self.wait_for_event("xqc.deleted")
        self.wait_for_event("xqc.clear", count=2)
        notice = self.wait_for_event("xqc.notice")[0]
        self.assertIn("hear, hear", json.dumps(notice))

    def test_refusals_name_the_scope_or_the_role(self):
        self.coven("login", "--scopes", "user:write:chat")
        fields = ("channel=xqc", "user=eve", "account=bob")
        wait_until("bob to be known", lambda: "account_missing" not in self.coven_done(
            "request", "chat.ban", *fields, *self.system.cli_doors()).stdout)
        refused = self.request("chat.ban", *fields, status=NO_ROUTE)
        self.assertEqual(refused["code"], "scope_missing")
        self.assertIn("coven login --scopes moderator:manage:banned_users,user:write:chat",
                      refused["message"])
        self.system.drive(self.sim, "role", "xqc", "ann", "none")
        refused = self.request("chat.ban", "channel=xqc", "user=eve", status=FAILED)
        self.assertEqual(refused["code"], "twitch_403")
        self.assertIn("not one of the broadcaster's moderators", refused["message"])
        refused = self.request("chat.ban", "channel=xqc", "user=nobody_here", status=FAILED)
        self.assertEqual(refused["code"], "user_unknown")
        refused = self.request("chat.timeout", "channel=xqc", "user=eve", status=REJECTED)
        self.assertEqual(refused["code"], "seconds_out_of_range")
        self.assertEqual(self.deeds(), ["account has done anything"])


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main()
