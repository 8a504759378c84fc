"""Accounts that read: as many rooms as Twitch lets them be in, the rest without an account."""

import re
import unittest
from collections import defaultdict

from accounts import AccountsTest
from system import command_line, complete_lines, wait_until

ROOMS = [f"room_{number:03}" for number in range(130)]
OWN_JOIN = re.compile(r"^:(\w+)!\w+@\S+ JOIN #(\w+)$")
# What Twitch allows an account.
MOST = 100


class ReadingAccounts(AccountsTest):
    sim_flags = ("--accounts=ann,ann,ann", "--joins=1000")

    def setUp(self):
        super().setUp()
        self.variables["COVEN_TWITCH_CHAT_URL"] = self.sim.ready["COVEN_CHAT_URL"]
        self.coven("login", "--scopes", "chat:read")
        self.system.broker()

    def chat(self, rooms):
        self.daemon("chat", "--channels", ",".join(rooms), "--read_as=ann", "--join_limit=1000",
                    "--connect_every=10ms", "--refused_retry=1s",
                    f"--data={self.system.folder / 'chat'}")
        self.wait_until_joined(rooms)

    def joined(self):
        return {row["channel"] for row in self.system.ask("channels")
                if row["state"] == "STATE_JOINED"}

    def wait_until_joined(self, rooms):
        wait_until("all rooms joined", lambda: self.joined() == set(rooms))

    def entered(self, since=0):
        """Login (or "nobody") → rooms that it has entered, from a number of lines on."""
        entered = defaultdict(set)
        for entry in complete_lines(self.system.sent_log)[since:]:
            join = OWN_JOIN.match(entry["line"])
            if join:
                login = "nobody" if join[1].startswith("justinfan") else join[1]
                entered[login].add(join[2])
        return entered

    def wait_until_entered(self, rooms, since=0):
        """The simulator writes its log after what it sends."""
        def all_entered():
            entered = self.entered(since)
            return entered if set().union(*entered.values()) == set(rooms) else None

        return wait_until("the rooms entered", all_entered)

    def lines_so_far(self):
        return len(complete_lines(self.system.sent_log))

    def presence(self):
        [row] = [row for row in self.system.ask("connectors")
                 if row["presence"]["instance"] == "chat-1"]
        return row["presence"].get("reason", "")

    def cut(self):
        self.system.drive(self.sim, "cut", "all")

    def test_fill_their_rooms_and_nobody_reads_the_rest(self):
        self.chat(ROOMS)
        entered = self.wait_until_entered(ROOMS)
        self.assertEqual((len(entered["ann"]), len(entered["nobody"])), (MOST, len(ROOMS) - MOST))
        self.assertEqual(entered["ann"] | entered["nobody"], set(ROOMS))
        # Over a restart of each connection, too.
        before = self.lines_so_far()
        self.cut()
        self.assertEqual(len(self.wait_until_entered(ROOMS, before)["ann"]), MOST)

    def test_whose_token_is_replaced_go_on_with_the_new_one(self):
        self.daemon("token")
        self.chat(ROOMS[:3])
        old = self.stored("ann")["access_token"]
        self.system.drive(self.sim, "expire", "ann")
        before = self.lines_so_far()
        self.cut()
        entered = self.wait_until_entered(ROOMS[:3], before)
        self.wait_until_joined(ROOMS[:3])
        self.assertEqual(entered, {"ann": set(ROOMS[:3])})
        self.assertNotEqual(self.stored("ann")["access_token"], old)

    def test_that_are_not_let_in_any_more_are_named_and_replaced(self):
        self.daemon("token")
        self.system.tail("reader", "twitch.chat.>")
        self.chat(ROOMS[:3])
        self.system.drive(self.sim, "revoke", "ann")
        before = self.lines_so_far()
        self.cut()
        wait_until("the rooms read by nobody", lambda: self.entered(before)["nobody"] ==
                   set(ROOMS[:3]))
        self.wait_until_joined(ROOMS[:3])
        reason = wait_until("the reason", self.presence)
        print(reason, flush=True)
        self.assertIn("not reading as ann: ", reason)
        self.assertIn("coven login", reason)
        # What was said meanwhile is missing, and announced.
        gaps = wait_until("the gaps", lambda: len(self.heard(".gap")) >= 3 and self.heard(".gap"))
        self.assertEqual({gap["channel"] for gap in gaps}, set(ROOMS[:3]))
        self.coven("login", "--scopes", "chat:read")
        wait_until("that ann is let in", lambda: self.presence() == "")
        before = self.lines_so_far()
        self.ask("channels", "add", ROOMS[3])
        self.wait_until_joined(ROOMS[:4])
        self.assertEqual(self.wait_until_entered([ROOMS[3]], before), {"ann": {ROOMS[3]}})


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main()
