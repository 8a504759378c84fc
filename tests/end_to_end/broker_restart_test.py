"""The broker is killed under load and starts again: a reader says exactly what it missed."""

import os
import signal
import unittest
from pathlib import Path

from chat_lines import losses, received, said
from system import System, command_line, wait_until

PROGRAMS = None
# Where protoc has put the modules of the events.
PROTO = os.environ["COVEN_TEST_PROTO"]
CHANNELS = [f"channel_{number}" for number in range(4)]
PATTERN = "twitch.chat.*.message"
RATE = 2000
HERE = Path(__file__).parent


def all_ids(by_channel):
    return {message for ids in by_channel.values() for message in ids}


def lost_numbers(events, epoch):
    """(topic, topic_seq) of everything that the reader calls lost in `epoch`, from exact ranges."""
    numbers = set()
    for event in losses(events):
        lost = event["lost"]
        if int(lost["epoch"]) != epoch or int(lost["last_seq"]) == 0:
            continue
        numbers |= {(event["topic"], seq)
                    for seq in range(int(lost["first_seq"]), int(lost["last_seq"]) + 1)}
    return numbers


def unexplained(sent, events, id_of, epoch):
    """Ids that neither reached the reader nor stand in what it calls lost, and the other way round.

    `id_of` tells of every event that is stored, by topic and number.
    """
    got = all_ids(received(events))
    lost_ids = {id_of[number] for number in lost_numbers(events, epoch)}
    return sent - got - lost_ids, lost_ids - sent


class BrokerRestart(unittest.TestCase):
    def test_the_reader_names_exactly_what_it_missed(self):
        with System(PROGRAMS) as system:
            broker = system.broker()
            reader = system.tail("reader", PATTERN)
            sim = system.sim(f"--rate={RATE}", "--channels", ",".join(CHANNELS),
                             f"--wait_for_channels={len(CHANNELS)}", "--joins=1000")
            chat = system.chat(sim.ready["COVEN_CHAT_URL"], CHANNELS)
            wait_until("2000 events before the fault",
                       lambda: len(system.lines_of("reader")) > 2000)

            broker.kill()
            # Held still, so that the witness sees the new epoch from its first event.
            chat.signal(signal.SIGSTOP)
            reader.signal(signal.SIGSTOP)
            # The simulator's own count: its log may be a second behind.
            in_flight = (system.drive(sim, "status")["said"]
                         - len(all_ids(received(system.lines_of("reader")))))
            system.broker()
            self.witness(system)
            chat.signal(signal.SIGCONT)
            wait_until("3000 events that the reader misses",
                       lambda: len(system.lines_of("witness")) > 3000)
            reader.signal(signal.SIGCONT)
            seen = len(system.lines_of("reader"))
            wait_until("2000 events after the fault",
                       lambda: len(system.lines_of("reader")) > seen + 2000)
            sim.stop()
            sent = all_ids(said(system.lines_of("sent")))
            epoch = max(line["epoch"] for line in system.lines_of("witness"))
            self.wait_for_the_heads(system, epoch)

            events, witness = system.lines_of("reader"), system.lines_of("witness")
            missed = len(lost_numbers(events, epoch))
            print(f"in flight at the fault: {in_flight}; sent {len(sent)}, missed {missed}")
            self.assertGreater(in_flight, 0)
            self.assertGreater(missed, 0)
            stored = self.stored(system)
            # A reader without our library has seen the same under the same numbers.
            for line in witness:
                if line["epoch"] == epoch and line["topic"].endswith(".message"):
                    self.assertEqual(stored[line["topic"], line["seq"]], line["id"])
            self.assertEqual(unexplained(sent, events, stored, epoch), (set(), set()))
            self.assertIn("epoch_ended", {event["lost"]["reason"] for event in losses(events)})
            self.oracle_sees(sent, events, stored, epoch)

    def stored(self, system):
        """(topic, topic_seq) → id of all that is in the broker's history: some of it was stored
        just before the fault and never sent."""
        system.tail("stored", PATTERN, "--from-start")
        heads = {(row["head"]["topic"], int(row["head"]["topic_seq"]))
                 for row in system.ask("topics", "twitch.chat.")
                 if row["head"]["topic"].endswith(".message")}

        def by_number():
            return {(event["topic"], int(event["topic_seq"])): event["id"]
                    for event in system.lines_of("stored")}
        wait_until("all that is stored", lambda: heads <= by_number().keys())
        return by_number()

    def witness(self, system):
        with open(system.folder / "witness.jsonl", "wb") as output:
            command = ["/usr/bin/python3", HERE / "raw_reader.py",
                       f"ipc://{system.folder}/subscribe", PROTO]
            system.start("witness", command, stdout=output)

    def wait_for_the_heads(self, system, epoch):
        """The reader has had, or called lost, the newest event of each topic."""
        def done():
            topics = [row["head"] for row in system.ask("topics", "twitch.chat.")]
            heads = {(head["topic"], int(head["topic_seq"])) for head in topics
                     if head["topic"].endswith(".message")}
            events = system.lines_of("reader")
            have = {(event["topic"], int(event["topic_seq"])) for event in events
                    if "lost" not in event and int(event["epoch"]) == epoch}
            return heads and heads <= have | lost_numbers(events, epoch)
        wait_until("the newest event of each topic at the reader", done)

    def oracle_sees(self, sent, events, stored, epoch):
        """The negative twin: with one event or one loss hidden, the same check must fail."""
        kept = [event for event in events if "lost" not in event]
        without_last_event = [event for event in events if event is not kept[-1]]
        self.assertNotEqual(unexplained(sent, without_last_event, stored, epoch), (set(), set()))
        self.assertNotEqual(unexplained(sent, kept, stored, epoch), (set(), set()))


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
