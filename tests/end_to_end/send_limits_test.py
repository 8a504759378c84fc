"""Sixteen programs write for one account at once, and Twitch never hears too much (G14). The window
that Twitch's limits are for is shorter here than 30 s, for Twitch and for us, so that a test sees
several of them."""

import json
import os
import subprocess
import unittest
from pathlib import Path

import send_account
from accounts import AccountsTest
from system import START_LIMIT, command_line, wait_until

SENDERS = 16
WINDOW_S = 3
# Two senders in each; what the account is there is in `Senders.sim_flags`.
CHANNELS = ("brook", "cliff", "dune", "fjord", "grove", "heath", "hall", "ann")
SENDER = ["/usr/bin/python3", Path(__file__).parent / "sender.py"]


def limits(window_s):
    """A connector's, with a window of that length."""
    return f"--send_window={window_s}s", "--send_answer_limit=2s"


class Senders(AccountsTest):
    sim_flags = ("--accounts=ann", f"--channels={','.join(CHANNELS)}", f"--sends_per={WINDOW_S}s",
                 "--setup=role hall ann vip")

    def senders(self, lines_each):
        environment = {"COVEN_BUS_REQUEST": self.system.door("request"),
                       "PYTHONPATH": os.environ["COVEN_TEST_PROTO"]}
        return [self.system.start(
            f"sender-{number}",
            [*SENDER, CHANNELS[number % len(CHANNELS)], f"s{number}", str(lines_each)],
            ready=False, environment=environment, stdout=subprocess.PIPE)
            for number in range(SENDERS)]

    def answers_to(self, senders):
        """All that they have been answered when each has written all."""
        answers = []
        for sender in senders:
            output, _ = sender.process.communicate(timeout=2 * START_LIMIT)
            self.assertEqual(sender.process.returncode, 0, sender.log())
            answers += [json.loads(line) for line in output.splitlines()]
        return answers

    def deeds(self):
        return self.system.drive(self.sim, "deeds", "ann")["deeds"]

    def within_limits(self, scopes, transport):
        self.chat(scopes, *limits(WINDOW_S))
        answers = self.answers_to(self.senders(lines_each=4))
        deeds = self.deeds()
        window = WINDOW_S * 1_000_000
        self.assertEqual(send_account.breaches(deeds, window), [])
        self.assertEqual(send_account.out_of_order(deeds), [])
        self.assertEqual({deed["transport"] for deed in deeds}, {transport})
        self.assertEqual([answer for answer in answers if answer["status"] != "OK"], [])
        self.assertEqual(sorted(deed["text"] for deed in deeds),
                         sorted(answer["line"] for answer in answers), "each once")
        self.assertEqual(len(deeds), 4 * SENDERS)
        self.assertGreater(send_account.overtakes(deeds), 0, "nobody had to wait")
        took = (deeds[-1]["time_us"] - deeds[0]["time_us"]) / window
        self.assertGreater(took, 2, "the window was never full")
        print(f"{transport}: {len(deeds)} lines in {took:.1f} windows, "
              f"{send_account.fullest_window(deeds, window)} in the fullest, "
              f"{send_account.overtakes(deeds)} overtakes")

    def test_over_irc(self):
        self.within_limits("chat:read,chat:edit", "irc")

    def test_over_helix(self):
        self.within_limits("user:write:chat", "helix")

    def test_a_window_that_is_too_short_is_seen(self):
        """The negative twin: a connector that forgets too soon is silenced, and the check says
        so."""
        self.chat("user:write:chat", *limits(1))
        senders = self.senders(lines_each=4)
        wait_until("Twitch to silence it", lambda: "silenced" in [
            deed["outcome"] for deed in self.deeds()])
        for sender in senders:
            sender.kill()
            sender.process.stdout.close()
        found = send_account.breaches(self.deeds(), WINDOW_S * 1_000_000)
        self.assertTrue([one for one in found if "lines in a window" in one], found)
        self.assertTrue([one for one in found if "(silenced)" in one], found)


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main()
