"""Replicas of the chat connector share its channels, and each takes over from one that goes.

Twitch is the simulator, which says a line a moment somewhere. Whatever happens, what was said is
received or announced as missing.
"""

import signal
import time
import unittest
from collections import Counter

from account import Account
from system import System, command_line, wait_until

PROGRAMS = None
CHANNELS = [f"room_{number}" for number in range(60)]
RATE = 600
# A dead replica misses three heartbeats of a second, and the others hear it with their next.
REASSIGNED_WITHIN = 5


class Replicas(unittest.TestCase):
    def setUp(self):
        self.system = System(PROGRAMS)
        self.system.__enter__()
        self.addCleanup(self.leave)
        self.passed = False

    def leave(self):
        self.system.__exit__(None if self.passed else Exception, None, None)

    def start(self, replicas):
        system = self.system
        system.broker()
        system.tail("reader", "twitch.chat.>")
        # The simulator speaks in rooms that somebody has joined.
        self.sim = system.sim(f"--rate={RATE}", "--channels", ",".join(CHANNELS),
                              "--everywhere=true", f"--wait_for_channels={len(CHANNELS)}",
                              "--joins=1000")
        self.chats = {}
        for number in range(1, replicas + 1):
            self.add(f"chat-{number}")
        self.wait_until_shared(self.chats)

    def add(self, name):
        """Ready once it was told who else is there."""
        command = [self.system.bin / "coven-chat", *self.system.doors, "--log.format=human",
                   f"--twitch.chat_url={self.sim.ready['COVEN_CHAT_URL']}", "--instance", name,
                   "--channels", ",".join(CHANNELS), "--join_limit=1000", "--connect_every=10ms"]
        self.chats[name] = self.system.start(name, command)

    def owners(self):
        """channel → the instances that hear it."""
        owners = {channel: set() for channel in CHANNELS}
        for state in self.system.ask("channels"):
            if state["state"] == "STATE_JOINED":
                owners[state["channel"]].add(state["instance"])
        return owners

    def wait_until_shared(self, names):
        """Each channel is heard by one of `names`, and each of these hears some."""
        def is_shared():
            owners = self.owners()
            shares = Counter(name for heard_by in owners.values() for name in heard_by)
            alone = all(len(heard_by) == 1 for heard_by in owners.values())
            return shares if alone and set(shares) == set(names) else None
        return wait_until(f"each channel heard by one of {sorted(names)}", is_shared)

    def drive(self, *words):
        return self.system.drive(self.sim, *words)

    def reader(self):
        return self.system.lines_of("reader")

    def wait_for_lines(self):
        """Each channel has said something and was heard, from now on."""
        now = self.drive("status")["time_us"]

        def came():
            latest = {event["channel"]: int(event["payload"]["sent_us"])
                      for event in self.reader() if event.get("type") == "tv.twitch.chat.message"}
            return all(latest.get(channel, 0) > now for channel in CHANNELS)
        wait_until("a later line in each channel", came)
        return now

    def balance(self):
        now = self.wait_for_lines()
        events = self.reader()
        later = self.drive("status")["time_us"]

        def logged():
            lines = self.system.said_log_lines()
            return lines and lines[-1]["time_us"] > later
        wait_until("the log of what was said", logged)
        return Account(self.system.said_log_lines(), events, now)

    def flagged(self, events):
        """Messages that may have come twice."""
        return sum(1 for event in events if event.get("type") == "tv.twitch.chat.message"
                   and "maybe_duplicate" in event["flags"])

    def test_one_that_dies_is_replaced_with_a_gap(self):
        self.start(3)
        shares = self.wait_until_shared(self.chats)
        print(f"shares: {dict(shares)}", flush=True)
        for name in self.chats:
            self.assertGreaterEqual(shares[name], len(CHANNELS) // 4)
        self.wait_for_lines()
        lost_channels = [channel for channel, by in self.owners().items() if by == {"chat-2"}]
        before = self.drive("status")["said"]
        self.chats.pop("chat-2").kill()
        died = time.monotonic()

        def reassigned():
            wanted = {state["channel"] for state in self.system.ask("channels")
                      if state["instance"] != "chat-2" and state["state"] != "STATE_GONE"}
            return wanted >= set(lost_channels)
        wait_until("all channels wanted by others", reassigned)
        took = time.monotonic() - died
        print(f"reassigned after {took:.1f} s", flush=True)
        self.assertLess(took, REASSIGNED_WITHIN + 1)
        self.wait_until_shared(self.chats)
        in_flight = self.drive("status")["said"] - before
        print(f"said while nobody heard, in all channels: {in_flight}", flush=True)
        self.assertGreater(in_flight, 0)
        account = self.balance()
        self.assertEqual(account.unexplained()[:5], [])
        self.assertGreater(account.missing_count(), 0)
        self.assertEqual(set(account.gaps), set(lost_channels))
        # The negative twin: connectors that announce nothing do not pass.
        self.assertNotEqual(account.unexplained(gaps={}), [])
        self.passed = True

    def restart(self, name):
        """Killed, and started again under its name; what was said meanwhile."""
        before = self.drive("status")["said"]
        self.chats.pop(name).kill()
        self.add(name)
        self.wait_until_shared(self.chats)
        return self.drive("status")["said"] - before

    def test_the_only_one_is_killed_and_started_again_with_a_gap(self):
        self.start(1)
        self.wait_for_lines()
        in_flight = self.restart("chat-1")
        print(f"said while nobody heard, in all channels: {in_flight}", flush=True)
        self.assertGreater(in_flight, 0)
        account = self.balance()
        self.assertEqual(account.unexplained()[:5], [])
        self.assertGreater(account.missing_count(), 0)
        self.assertEqual(set(account.gaps), set(CHANNELS))
        # The negative twin: a connector that forgets its earlier life does not pass.
        self.assertNotEqual(account.unexplained(gaps={}), [])
        self.passed = True

    def test_one_of_two_is_back_before_the_other_has_noticed(self):
        self.start(2)
        self.wait_for_lines()
        lost_channels = {channel for channel, by in self.owners().items() if by == {"chat-2"}}
        self.assertGreater(self.restart("chat-2"), 0)
        account = self.balance()
        self.assertEqual(account.unexplained()[:5], [])
        self.assertGreater(account.missing_count(), 0)
        self.assertEqual(set(account.gaps), lost_channels)
        self.assertNotEqual(account.unexplained(gaps={}), [])
        self.passed = True

    def test_one_that_comes_takes_its_share_and_nothing_is_missed(self):
        self.start(1)
        self.wait_for_lines()
        self.add("chat-2")
        shares = self.wait_until_shared(self.chats)
        print(f"shares: {dict(shares)}", flush=True)
        account = self.balance()
        self.assertEqual(account.unexplained()[:5], [])
        self.assertEqual((account.missing_count(), account.gaps), (0, {}))
        self.assertGreater(self.flagged(self.reader()), 0)
        # The negative twin: one line that did not come does not pass.
        account.received[CHANNELS[0]].remove(account.said[CHANNELS[0]][-1][1])
        self.assertNotEqual(account.unexplained(), [])
        self.passed = True

    def test_one_that_is_stopped_hands_over_with_a_gap(self):
        self.start(2)
        self.wait_for_lines()
        chat = self.chats.pop("chat-2")
        self.assertEqual(chat.stop(), 0)
        self.wait_until_shared(self.chats)
        account = self.balance()
        self.assertEqual(account.unexplained()[:5], [])
        self.passed = True

    def test_a_frozen_one_comes_back_to_its_share(self):
        """It finds out that others have taken over, and they hand back."""
        self.start(2)
        self.wait_for_lines()
        self.chats["chat-2"].signal(signal.SIGSTOP)
        wait_until("chat-1 hears everything", lambda: all(
            "chat-1" in heard_by for heard_by in self.owners().values()))
        self.chats["chat-2"].signal(signal.SIGCONT)
        self.wait_until_shared(self.chats)
        account = self.balance()
        self.assertEqual(account.unexplained()[:5], [])
        self.passed = True

    def test_one_that_is_configured_otherwise_takes_nothing_away(self):
        self.start(1)
        command = [self.system.bin / "coven-chat", *self.system.doors, "--log.format=human",
                   f"--twitch.chat_url={self.sim.ready['COVEN_CHAT_URL']}", "--instance", "chat-2"]
        # Half of the channels would be its share, and it wants none.
        self.system.start("chat-2", command)
        self.chats["chat-1"].stop()
        self.add("chat-1")
        self.wait_until_shared({"chat-1"})
        self.wait_for_lines()
        self.passed = True

    def test_the_broker_starts_again_and_nobody_moves(self):
        self.start(3)
        before = self.owners()
        broker = self.system.running[0]
        broker.kill()
        self.system.broker()
        self.wait_until_shared(self.chats)
        self.wait_for_lines()
        self.assertEqual(self.owners(), before)
        self.passed = True


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
