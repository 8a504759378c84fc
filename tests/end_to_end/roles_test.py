"""Moderators, VIPs and broadcasters write more, over Helix too, once Twitch has said what they are.

Whether the connector counts an account as ordinary shows by what it refuses itself: the same text
within 30 s, in one channel.
"""

import unittest

from accounts import AccountsTest
from system import command_line, wait_until

READ = "meadow"
UNREAD = "forest"


class Roles(AccountsTest):
    # Who has just lost a role has no pause to keep to that it could know of.
    sim_flags = ("--accounts=ann", "--send_pause=0s")

    def start(self, scopes, *flags):
        self.coven("login", "--scopes", scopes)
        self.variables["COVEN_TWITCH_CHAT_URL"] = self.sim.ready["COVEN_CHAT_URL"]
        self.system.broker()
        self.system.tail("reader", f"twitch.chat.{READ}.message", "twitch.chat.*.user_state")
        self.daemon("chat", f"--data={self.system.folder / 'chat'}", "--channels", READ, *flags)
        wait_until("the channel to be read", lambda: any(
            row["state"] == "STATE_JOINED" for row in self.system.ask("channels")))

    def role(self, channel, role):
        self.system.drive(self.sim, "role", channel, "ann", role)

    def say(self, text, channel=READ):
        """Says it, and waits until it was read where it is."""
        line = self.ask("say", channel, text).split()[-1]
        if channel == READ:
            wait_until(f"'{text}' to come back", lambda: any(
                event["id"] == line for event in self.heard(".message")))

    def refuse(self, text, channel=READ):
        self.assertIn("duplicate", self.ask("say", channel, text, status=3))

    def test_a_line_that_comes_back_tells_the_role(self):
        self.start("user:write:chat")
        self.say("ordinary")
        self.refuse("ordinary")
        for role in ("moderator", "vip"):
            self.role(READ, role)
            self.say(f"now {role}")
            self.say(f"now {role}")
            self.role(READ, "none")
            self.say(f"no {role} any more")
            self.refuse(f"no {role} any more")

    def test_the_reading_connections_of_the_account_tell_it(self):
        self.role(READ, "vip")
        self.start("user:write:chat,chat:read", "--read_as=ann")
        self.wait_for_event(f"{READ}.user_state")
        self.say("from the first line on")
        self.say("from the first line on")

    def test_helix_tells_where_an_account_is_moderator(self):
        self.role(UNREAD, "moderator")
        self.start("user:write:chat,user:read:moderated_channels")
        self.say("unread", UNREAD)
        self.say("unread", UNREAD)
        self.assertEqual(self.requests_of("/helix/moderation/channels"), [200])

    def test_without_the_scope_it_is_ordinary_where_it_does_not_read(self):
        self.role(UNREAD, "moderator")
        self.start("user:write:chat")
        self.say("unread", UNREAD)
        self.refuse("unread", UNREAD)

    def test_a_moderator_writes_more_than_twenty_lines_in_half_a_minute(self):
        self.role(READ, "moderator")
        self.start("user:write:chat")
        self.say("the first tells the role")
        lines = "".join(f"line {number}\n" for number in range(40))
        self.ask("say", "--stdin", READ, stdin=lines)
        said = [deed for deed in self.system.drive(self.sim, "deeds")["deeds"]
                if deed["channel"] == READ]
        self.assertEqual([deed["outcome"] for deed in said], ["done"] * 41)
        took = (said[-1]["time_us"] - said[1]["time_us"]) / 1e6
        print(f"40 lines took {took:.1f} s", flush=True)
        self.assertLess(took, 30)


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main()
