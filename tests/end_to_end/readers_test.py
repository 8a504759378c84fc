"""Readers that stop, crawl or flood: others get everything, memory is bounded, they are cut off."""

import os
import signal
import sys
import time
import unittest
from pathlib import Path

import zmq

from load import FILLER, TOPIC, Load
from strangers import BareReader, event
from system import System, command_line, wait_until

PROGRAMS = None
PROTO = os.environ["COVEN_TEST_PROTO"]
HERE = Path(__file__).parent
# The broker keeps so many for a reader that does not keep up (docs/wire.md).
KEPT_PER_READER = 50_000
# More than that, so that the bound is reached at the half.
EVENTS = 140_000
MIB = 1 << 20
# What the broker may need besides: 16 MiB are on the way to a slow disk, as much is malloc's. A
# reader's events of half of a test are three times that.
SPARE = 32 * MIB
# What libzmq's queue takes for each message of each reader; the message itself they share.
QUEUE_ENTRY = 64
MOST_READERS = 4
# A reader that has not read for 20 s is cut off.
CUT_LIMIT = 60


class Readers(unittest.TestCase):
    def frozen_reader(self, system):
        """A process with libzmq that is stopped once it is subscribed."""
        with open(system.folder / "frozen.jsonl", "wb") as output:
            command = [sys.executable, HERE / "raw_reader.py", system.door("subscribe"), PROTO]
            reader = system.start("frozen", command, stdout=output)
        reader.signal(signal.SIGSTOP)
        return reader

    def subscribers(self, system):
        return int(system.ask("status")[0]["broker"].get("subscribers", 0))

    def expect_isolation(self, system, broker, stop, between=lambda: None):
        """Readers that `stop` makes, against a good one. `between` is called now and then."""
        load = Load(system)
        try:
            load.run(1000)
            before = broker.memory()
            stop()
            for _ in range(5):
                load.run(EVENTS // 10)
                between()
            half = broker.memory()
            for _ in range(5):
                load.run(EVENTS // 10)
                between()
            full = broker.memory()
            cost = KEPT_PER_READER * (len(FILLER) + 300 + MOST_READERS * QUEUE_ENTRY)
            print(f"{self.id().split('.')[-1]}: memory {before // MIB}, {half // MIB}, "
                  f"{full // MIB} MiB", flush=True)
            self.assertLess(half - before, cost + SPARE)
            self.assertLess(full - half, SPARE)
            self.expect_cut(system, load)
            load.run(1000)
        finally:
            load.close()

    def expect_cut(self, system, load):
        """Only the good reader is left, while events go on."""
        begun = time.monotonic()
        self.assertGreater(self.subscribers(system), 1)

        def only_good_left():
            load.run(100)
            return self.subscribers(system) == 1
        wait_until("the others are cut off", only_good_left, CUT_LIMIT)
        print(f"  cut off after {time.monotonic() - begun:.0f} s", flush=True)

    def test_a_frozen_reader_over_tcp(self):
        with System(PROGRAMS) as system:
            broker = system.broker_on_tcp()
            self.expect_isolation(system, broker, lambda: self.frozen_reader(system))

    def test_a_frozen_reader_over_ipc(self):
        with System(PROGRAMS) as system:
            broker = system.broker()
            self.expect_isolation(system, broker, lambda: self.frozen_reader(system))

    def test_readers_of_a_byte_now_and_then(self):
        with System(PROGRAMS) as system:
            broker = system.broker_on_tcp()
            slow = []

            def stop():
                for _ in range(4):
                    slow.append(BareReader(system.door("subscribe"), TOPIC))
            self.expect_isolation(system, broker, stop, between=lambda: [
                reader.read(1) for reader in slow])
            for reader in slow:
                reader.close()

    def test_a_flood_of_subscriptions(self):
        with System(PROGRAMS) as system:
            broker = system.broker_on_tcp()
            load = Load(system)
            load.run(1000)
            before = broker.memory()
            floods = 5
            for flood in range(floods):
                hostile = load.context.socket(zmq.SUB)
                hostile.setsockopt(zmq.SNDHWM, 0)
                hostile.setsockopt(zmq.RECONNECT_IVL, -1)
                hostile.connect(system.door("subscribe"))
                for number in range(20_100):
                    hostile.subscribe(b"twitch.chat.flood_%d_%d." % (flood, number))
                load.run(2000)
                wait_until("the flood is cut", lambda: (
                    load.run(100) or self.dropped(system, "too_many_subscriptions") == flood + 1))
                hostile.close(0)
            wait_until("they are gone", lambda: load.run(100) or self.subscribers(system) == 1)
            print(f"memory {before // MIB}, {broker.memory() // MIB} MiB", flush=True)
            self.assertLess(broker.memory() - before, 64 * MIB)
            load.run(1000)
            load.close()

    def dropped(self, system, reason):
        counters = system.ask("status")[0]["broker"].get("dropped", [])
        return sum(int(one["count"]) for one in counters if one["reason"] == reason)

    def test_a_good_reader_that_misses_something_is_seen(self):
        """The negative twin: the check of the good reader must see one event less."""
        with System(PROGRAMS) as system:
            system.broker_on_tcp()
            load = Load(system)
            load.run(10)
            load.push.send(TOPIC + b"\0" + event(b"10"))
            load.good.socket.recv()
            load.sent = 11
            with self.assertRaises(AssertionError):
                load.run(10)
            load.close()


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
