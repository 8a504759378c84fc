"""A publisher that is killed at random points: what it got through is stored once, in order."""

import os
import random
import unittest

from chat_lines import received, said
from system import System, command_line, wait_until

PROGRAMS = None
CHANNELS = [f"channel_{number}" for number in range(4)]
RATE = 2000
KILLS = 10
# Lines of a life of the publisher, over all channels.
FEWEST, MOST = 100, 1500


def faults(sent, stored, numbers):
    """What is wrong with the `stored` ids and their `numbers` on the topic."""
    places = {identity: place for place, identity in enumerate(sent)}
    found = []
    if len(set(stored)) < len(stored):
        found.append("stored twice")
    if [places[identity] for identity in stored] != sorted(places[identity] for identity in stored):
        found.append("out of order")
    if numbers != list(range(1, len(numbers) + 1)):
        found.append("numbers with holes")
    return found


class PublisherCrash(unittest.TestCase):
    def start(self, system):
        self.sim = system.sim(f"--rate={RATE}", "--channels", ",".join(CHANNELS),
                              "--everywhere=true", "--joins=1000")
        return self.restart(system)

    def restart(self, system):
        return system.chat(self.sim.ready["COVEN_CHAT_URL"], CHANNELS)

    def count(self, system):
        """How many events the live reader has shown."""
        return (system.folder / "reader.jsonl").read_bytes().count(b"\n")

    def stored(self, system):
        """All that is stored, up to what the live reader has seen."""
        last = int(system.lines_of("reader")[-1]["offset"])
        system.tail("stored", "twitch.chat.*.message", "--from-start")

        def through_last():
            events = system.lines_of("stored")
            return events if events and int(events[-1]["offset"]) >= last else None

        return wait_until("all that is stored", through_last, pause=0.2)

    def test_what_it_got_through_is_stored_once_and_in_order(self):
        seed = int(os.environ.get("COVEN_SEED") or random.randrange(2**32))
        chance = random.Random(seed)
        with System(PROGRAMS) as system:
            system.broker()
            system.tail("reader", "twitch.chat.*.message")
            chat = self.start(system)
            for _ in range(KILLS):
                wanted = self.count(system) + chance.randint(FEWEST, MOST)
                wait_until(f"{wanted} events", lambda wanted=wanted: self.count(system) >= wanted)
                chat.kill()
                chat = self.restart(system)
            chat.kill()
            self.sim.stop()
            stored = self.stored(system)
            sent = said(system.lines_of("sent"))
        ids = received(stored)
        lost = sum(map(len, sent.values())) - len(stored)
        print(f"seed {seed}: {len(stored)} stored, {lost} in flight at {KILLS} kills")
        self.assertGreater(lost, 0)
        for channel in CHANNELS:
            numbers = [int(event["topic_seq"]) for event in stored if event["channel"] == channel]
            self.assertEqual(faults(sent[channel], ids[channel], numbers), [], channel)

    def test_the_check_sees_what_would_be_wrong(self):
        """The negative twin."""
        sent = ["a", "b", "c", "d"]
        self.assertEqual(faults(sent, ["a", "b", "d"], [1, 2, 3]), [])
        self.assertEqual(faults(sent, ["b", "a", "d"], [1, 2, 3]), ["out of order"])
        self.assertEqual(faults(sent, ["a", "a", "d"], [1, 2, 3]), ["stored twice"])
        self.assertEqual(faults(sent, ["a", "b", "d"], [1, 3, 4]), ["numbers with holes"])


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main(verbosity=2)
