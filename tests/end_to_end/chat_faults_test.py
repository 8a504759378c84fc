"""Whatever Twitch does to the chat connector: what was said is received or announced as missing.

Each test stops the connector for a moment, so that lines are provably under way at the fault, lets
the simulator fail, waits until chat flows again and balances the account of each channel.
"""

import signal
import unittest

from account import Account
from chat_lines import received
from system import System, command_line, wait_until

PROGRAMS = None
CHANNELS = [f"channel_{number}" for number in range(4)]
RATE = 1000
# Lines under way when the fault comes.
HELD_BACK = 100
# A gap begins before the fault, and not before this much.
LONGEST_LEAD_US = 5_000_000


class ChatFaults(unittest.TestCase):
    def setUp(self):
        self.system = System(PROGRAMS)
        self.system.__enter__()
        # Kept, with its files, when the test fails.
        self.addCleanup(self.leave)
        self.passed = False

    def leave(self):
        failure = None if self.passed else Exception
        self.system.__exit__(failure, None, None)

    def start(self, *chat_arguments, secure=False):
        system = self.system
        system.broker()
        system.tail("reader", "twitch.chat.>")
        certificates = [f"--certificates={system.folder}"] if secure else []
        self.sim = system.sim(
            f"--rate={RATE}", "--channels", ",".join(CHANNELS), "--everywhere=true",
            f"--wait_for_channels={len(CHANNELS)}", "--joins=1000", *certificates)
        url = self.sim.ready["COVEN_CHAT_TLS_URL" if secure else "COVEN_CHAT_URL"]
        trusted = [f"--twitch.ca_file={self.sim.ready['COVEN_CA_FILE']}"] if secure else []
        self.chat = system.chat(url, CHANNELS, "--ping_every=1s", "--pong_limit=1s", *trusted,
                                *chat_arguments)
        self.wait_for_lines(50)

    def drive(self, *words):
        return self.system.drive(self.sim, *words)

    def reader(self):
        return self.system.lines_of("reader")

    def counts(self):
        ids = received(self.reader())
        return [len(ids.get(channel, ())) for channel in CHANNELS]

    def wait_for_lines(self, count):
        """So many more in each channel."""
        before = self.counts()
        wait_until(f"{count} more lines in each channel", lambda: all(
            now >= then + count for now, then in zip(self.counts(), before)))

    def inflict(self, *faults):
        """Inflicts `faults` at once while lines are under way; says so. When it was, in µs."""
        self.chat.signal(signal.SIGSTOP)
        received_so_far = sum(self.counts())
        wait_until(f"{HELD_BACK} lines under way", lambda: (
            self.drive("status")["said"] >= received_so_far + HELD_BACK))
        answers = [self.drive(*fault) for fault in faults]
        in_flight = answers[0]["said"] - sum(self.counts())
        self.chat.signal(signal.SIGCONT)
        print(f"{self.id().split('.')[-1]}: in flight at the fault: {in_flight}", flush=True)
        self.assertGreater(in_flight, 0)
        return answers[0]["time_us"]

    def wait_for_gaps(self):
        """In each channel."""
        wait_until("a gap in each channel", lambda: len(
            Account([], self.reader(), 0).gaps) == len(CHANNELS))

    def balance(self):
        """The account of all that was said until now, once later lines have come."""
        now = self.drive("status")["time_us"]

        def came_later():
            latest = {event["channel"]: int(event["payload"]["sent_us"])
                      for event in self.reader()
                      if event.get("type") == "tv.twitch.chat.message"}
            return all(latest.get(channel, 0) > now for channel in CHANNELS)
        wait_until("later lines in each channel", came_later)
        events = self.reader()
        later = self.drive("status")["time_us"]
        # It is flushed once a second.
        wait_until("the log of what was said", lambda: self.last_logged() > later)
        return Account(self.system.said_log_lines(), events, now)

    def last_logged(self):
        lines = self.system.said_log_lines()
        return lines[-1]["time_us"] if lines else 0

    def expect_balance(self, account):
        self.assertEqual(account.unexplained()[:5], [])
        self.assertEqual([event for event in self.reader() if "lost" in event], [])

    def named_as_lost(self):
        """channel → how many of its messages the reader says it missed on the bus."""
        lost = dict.fromkeys(CHANNELS, 0)
        for event in self.reader():
            if "lost" in event and event["topic"].endswith(".message"):
                lost[event["topic"].split(".")[2]] += int(event["lost"]["events"])
        return lost

    def expect_losses_announced(self, since, *, at_least=1):
        """The connection was lost: there are gaps, none too long, and all balances."""
        self.wait_for_gaps()
        account = self.balance()
        missing = account.missing_count()
        print(f"  missing and announced: {missing}; {sorted(account.gaps.items())[0]}", flush=True)
        self.expect_balance(account)
        for gaps in account.gaps.values():
            self.assertGreaterEqual(min(gap[0] for gap in gaps), since - LONGEST_LEAD_US)
        self.assertGreaterEqual(missing, at_least)
        # The negative twin: a connector that announces nothing does not pass.
        self.assertNotEqual(account.unexplained(gaps={}), [])
        self.passed = True
        return account

    def expect_nothing_missing(self):
        self.wait_for_lines(200)
        account = self.balance()
        self.expect_balance(account)
        self.assertEqual((account.gaps, account.missing_count()), ({}, 0))
        # The negative twin: one line that did not come does not pass.
        account.received[CHANNELS[0]].remove(account.said[CHANNELS[0]][-1][1])
        self.assertNotEqual(account.unexplained(), [])
        self.passed = True

    def connections(self):
        return self.drive("status")["came"]

    # --- the connection ends, in one way or another ---

    def test_cut(self):
        self.start()
        self.expect_losses_announced(self.inflict(["cut"]))

    def test_reset(self):
        self.start()
        self.expect_losses_announced(self.inflict(["reset"]))

    def test_half_open(self):
        self.start()
        self.expect_losses_announced(self.inflict(["half-open"]), at_least=RATE // 2)

    def test_half_a_frame(self):
        self.start()
        self.expect_losses_announced(self.inflict(["half-frame"]), at_least=RATE // 2)

    def test_silence(self):
        self.start()
        # The first connection alone: the next one is welcomed at once.
        since = self.inflict(["silence", "1"])
        self.expect_losses_announced(since, at_least=RATE // 2)

    def test_broken_utf8(self):
        self.start()
        self.expect_losses_announced(self.inflict(["garbage", "utf8"]))

    def test_a_message_that_is_too_large(self):
        self.start()
        self.expect_losses_announced(self.inflict(["garbage", "huge"]))

    def test_refused_connections(self):
        self.start()
        since = self.inflict(["shut", "2s"], ["cut"])
        self.expect_losses_announced(since, at_least=RATE // 2)
        self.assertIn("Connection refused", self.chat.log())

    def test_refused_logins_in_any_case_of_letters(self):
        self.start()
        since = self.inflict(["refuse-logins", "1", "LoGiN AUTHENTICATION fAiLeD"], ["cut"])
        self.expect_losses_announced(since)
        self.assertIn("login refused: LoGiN AUTHENTICATION fAiLeD", self.chat.log())

    def test_slow_tls(self):
        self.start(secure=True)
        since = self.inflict(["slow-tls", "20ms", "64"], ["cut"])
        self.expect_losses_announced(since, at_least=RATE // 4)

    def test_again_and_again(self):
        self.start()
        since = self.inflict(["cut", "--every", f"{RATE // 2}lines", "--times", "3"])
        wait_until("three cuts", lambda: self.drive("status")["faults"].get("cut") == 3)
        self.expect_losses_announced(since)

    # --- the connection goes on, or is replaced in time ---

    def test_reconnect(self):
        self.start()
        self.inflict(["reconnect"])
        wait_until("another connection", lambda: self.connections() > 1)
        self.expect_nothing_missing()

    def test_lines_over_many_messages(self):
        self.start()
        self.inflict(["split", "50"])
        self.expect_nothing_missing()

    def test_messages_in_fragments(self):
        self.start()
        self.inflict(["fragments", "50"])
        self.expect_nothing_missing()

    def test_many_lines_in_a_message(self):
        self.start()
        self.inflict(["pack", "300"])
        self.expect_nothing_missing()

    def test_garbage_between_lines(self):
        self.start()
        self.inflict(*(["garbage", kind] for kind in ("binary", "overlong", "lines")))
        self.expect_nothing_missing()
        self.assertEqual(self.connections(), 1)

    def test_a_broker_that_stands_still(self):
        """Events wait for it in the connector, which knows what has been acknowledged. A reader
        goes to it anew after 3 s of silence; what was on its way to it then, it calls lost."""
        self.start()
        broker = self.system.running[0]
        broker.signal(signal.SIGSTOP)
        said = self.drive("status")["said"]
        wait_until("5 s of lines", lambda: self.drive("status")["said"] > said + 5 * RATE)
        in_flight = self.drive("status")["said"] - sum(self.counts())
        broker.signal(signal.SIGCONT)
        print(f"in flight at a broker that stands still: {in_flight}", flush=True)
        self.assertGreater(in_flight, 5 * RATE)
        self.wait_for_lines(200)
        account = self.balance()
        missing = {channel: len(lines) for channel, lines in account.missing().items()}
        print(f"  missing at the reader, which names each: {missing}", flush=True)
        self.assertEqual(missing, self.named_as_lost())
        self.assertEqual(account.gaps, {})
        # The negative twin: one line more that did not come does not pass.
        account.received[CHANNELS[0]].remove(next(iter(account.received[CHANNELS[0]] & {
            line[1] for line in account.said[CHANNELS[0]]})))
        self.assertNotEqual(len(account.missing()[CHANNELS[0]]), self.named_as_lost()[CHANNELS[0]])
        self.passed = True

    # --- the check itself ---

    def test_a_twitch_that_hides_lines_is_seen(self):
        """It answers every PING, so nothing can be announced: the check must fail."""
        self.start()
        self.inflict(["mute"])
        said = self.drive("status")["said"]
        # Longer than it takes to see that nobody answers PING.
        wait_until("4 s of lines", lambda: self.drive("status")["said"] > said + 4 * RATE)
        self.drive("speak")
        self.wait_for_lines(100)
        account = self.balance()
        self.assertEqual(self.connections(), 1)
        self.assertEqual(account.gaps, {})
        self.assertGreater(len(account.unexplained()), 3 * RATE)
        self.passed = True


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
