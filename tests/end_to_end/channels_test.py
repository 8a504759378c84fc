"""Channels that are added at run time reach connectors, which share them out and take over from
one that is gone; the broker keeps them over its end."""

import os
import subprocess
import time
import unittest
from pathlib import Path

from system import START_LIMIT, System, command_line, wait_until

PROGRAMS = None
CONNECTOR = ["/usr/bin/python3", "-u", Path(__file__).parent / "channels_connector.py"]
CHANNELS = [f"channel_{number}" for number in range(20)]
# The end of a silent one is known after three heartbeats, and told with the next one.
TAKE_OVER_LIMIT_S = 5


class Readers(System):
    """A broker and connectors that share channels."""

    def reader(self, number):
        return self.start(f"reader-{number}", CONNECTOR, ready=False, environment={
            "PYTHONPATH": os.environ["COVEN_TEST_PROTO"],
            "COVEN_BUS_REQUEST": self.door("request"), "COVEN_INSTANCE": f"reader-{number}"})

    def coven(self, *words):
        """What a command of ours prints, and its exit status."""
        done = subprocess.run(
            [self.bin / "coven", *words, *self.cli_doors()], capture_output=True, text=True,
            timeout=START_LIMIT, check=False)
        return done.stdout.splitlines(), done.returncode

    def owners(self):
        """Who has joined which channel."""
        return {row["channel"]: row["instance"] for row in self.ask("channels")
                if row["state"] == "STATE_JOINED"}


class Channels(unittest.TestCase):
    def test_are_added_removed_and_forgotten_without_a_connector(self):
        with Readers(PROGRAMS) as system:
            system.broker()
            for words, lines, status in (
                    (["add", "XQC", "ann", "xqc"], ["xqc: added", "ann: added"], 0),
                    (["add", "xqc", "--json"], ['{"channel":"xqc","changed":false}'], 0),
                    (["add", "xqc", "--wait", "10ms"], ["xqc: wanted: waits for a connector"], 27),
                    (["remove", "ann", "--kind", "reader", "--wait", "10s"],
                     ["ann: not read any more"], 0),
                    (["add", "No Login"], [], 2), (["remove", "ann", "--kind", "Chat"], [], 2),
                    (["list", "add"], ["no channels"], 0)):
                self.assertEqual(system.coven("channels", *words), (lines, status), words)
            table, _ = system.coven("channels", "list")
            self.assertEqual([line.split()[:4] for line in table[1:]], [
                ["ann", "wanted", "added", "-"], ["ann", "gone", "removed", "reader"],
                ["xqc", "wanted", "added", "-"]], table)
            forgotten = "forgotten: the configuration counts"
            for words, lines in (
                    (["forget", "xqc", "ann"], [f"xqc: {forgotten}", f"ann: {forgotten}"]),
                    (["forget", "ann", "zoe", "--kind", "reader"],
                     [f"ann: {forgotten}", "zoe: was neither added nor removed"]),
                    (["list"], ["no channels"])):
                self.assertEqual(system.coven("channels", *words), (lines, 0), words)

    def test_hold_until_the_end_of_a_broker_without_a_journal(self):
        with Readers(PROGRAMS) as system:
            broker = system.broker("--journal-durability", "off")
            lines, status = system.coven("channels", "add", "xqc")
            self.assertEqual((lines, status), (["xqc: added"], 0))
            self.assertEqual(len(system.ask("channels")), 1)
            broker.stop()
            system.broker("--journal-durability", "off")
            self.assertEqual(system.ask("channels"), [])

    def test_are_shared_out_taken_over_and_kept(self):
        with Readers(PROGRAMS) as system:
            broker = system.broker()
            lines, status = system.coven("channels", "add", *CHANNELS)
            self.assertEqual((lines[0], status), ("channel_0: added", 0))
            [row] = system.ask("channels", "list", "channel_19")
            self.assertEqual((row["state"], row["reason"], row["added"]),
                             ("STATE_WANTED", "waits for a connector", True))
            first, _ = system.reader(1), system.reader(2)
            wait_until("both have some", lambda: both_have_some(system.owners()))

            first.kill()
            since = time.monotonic()
            wait_until("the other has all", lambda: all_are_of("reader-2", system.owners()))
            took = time.monotonic() - since
            print(f"taken over after {took:.1f} s")
            self.assertGreater(took, 1, "nothing was taken over")

            broker.kill()
            system.broker()
            wait_until("it has all again", lambda: all_are_of("reader-2", system.owners()))
            lines, status = system.coven("channels", "add", "one_more", "--wait", f"{START_LIMIT}s")
            self.assertEqual((lines, status), (["one_more: joined by reader-2"], 0))
            lines, status = system.coven("channels", "remove", "channel_7", "--kind", "reader",
                                         "--wait", f"{START_LIMIT}s")
            self.assertEqual((lines, status), (["channel_7: not read any more"], 0))
            _, status = system.coven("channels", "forget", *CHANNELS)
            self.assertEqual(status, 0)
            wait_until("only one is read", lambda: list(system.owners()) == ["one_more"])


def both_have_some(owners):
    return len(owners) == len(CHANNELS) and set(owners.values()) == {"reader-1", "reader-2"}


def all_are_of(instance, owners):
    return set(CHANNELS) <= set(owners) and set(owners.values()) == {instance}


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
