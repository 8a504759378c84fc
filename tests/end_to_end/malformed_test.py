"""Ten thousand malformed messages on each door: counted exactly, and nobody else is disturbed."""

import contextlib
import random
import socket
import struct
import unittest

import zmq

from load import Load
from strangers import ANSWER_LIMIT_MS, event, publisher
from system import System, command_line, wait_until

PROGRAMS = None
COUNT = 10_000
MIB = 1 << 20
# What the memory of a broker may grow by between two equal floods.
SLACK = 8 * MIB
random.seed(20261122)

HARMLESS = event(b"x")
PUBLISHED = {
    "no_nul": b"twitch.chat.x.message",
    "topic_malformed": b"twitch..Chat\0" + HARMLESS,
    "topic_reserved": b"bus.broker.main.tick\0" + HARMLESS,
    "frame_malformed": b"twitch.chat.x.message\0" + b"\xff" * 40,
    "text_malformed": b"twitch.chat.x.message\0" + event(b"\xc0\xaf\x1b[2J"),
}


class Malformed(unittest.TestCase):
    def setUp(self):
        self.system = System(PROGRAMS)
        self.passed = False
        self.addCleanup(self.leave)
        self.broker = self.system.broker_on_tcp()
        self.load = Load(self.system)
        self.addCleanup(self.load.close)
        self.load.run(1000)

    def leave(self):
        failure = None if self.passed else Exception
        self.system.__exit__(failure, None, None)

    def dropped(self):
        counters = self.system.ask("status")[0]["broker"].get("dropped", [])
        return {one["reason"]: int(one["count"]) for one in counters}

    def expect_counted(self, flood, expected):
        """`flood` twice: each time exactly `expected` more is counted; the memory stays."""
        flood()
        self.wait_for(expected)
        before = self.broker.memory()
        flood()
        twice = {reason: 2 * count for reason, count in expected.items()}
        self.wait_for(twice)
        grown = self.broker.memory() - before
        print(f"{self.id().split('.')[-1]}: {twice}, memory {before // MIB} MiB "
              f"{grown / MIB:+.1f}", flush=True)
        self.assertLess(grown, SLACK)
        # Everybody else goes on: who was there before, and who comes now.
        self.load.run(1000)
        newcomer = Load(self.system)
        newcomer.push.send(b"twitch.chat.load.message\0" + event(b"0"))
        newcomer.sent = 1
        newcomer.take()
        newcomer.close()
        self.assertEqual(self.dropped(), twice)
        # The negative twin: one message more or less would show.
        self.assertNotEqual(self.dropped(), {reason: n + 1 for reason, n in twice.items()})
        self.passed = True

    def wait_for(self, expected):
        """Good events flow all the while."""
        def counted():
            self.load.run(200)
            dropped = self.dropped()
            return all(dropped.get(reason, 0) >= count for reason, count in expected.items())
        wait_until(f"{expected} are counted", counted)

    def test_events(self):
        hostile = publisher(self.load.context, self.system.door("publish"))
        each = COUNT // len(PUBLISHED)

        def flood():
            for frame in PUBLISHED.values():
                for _ in range(each):
                    hostile.send(frame)
            for _ in range(100):
                hostile.send(b"twitch.chat.x.message\0" + event(b"x", bytes(70_000)))
        self.expect_counted(flood, dict.fromkeys(PUBLISHED, each) | {"too_large": 100})
        hostile.close(0)

    def test_subscriptions(self):
        hostile = self.load.context.socket(zmq.XSUB)
        hostile.setsockopt(zmq.SNDHWM, 0)
        hostile.connect(self.system.door("subscribe"))

        def flood():
            for number in range(COUNT):
                # 0 and 1 begin what is none.
                hostile.send(bytes([2 + number % 254]) + random.randbytes(number % 150))
        self.expect_counted(flood, {"subscription_malformed": COUNT})
        hostile.close(0)

    def test_requests(self):
        hostile = self.load.context.socket(zmq.DEALER)
        hostile.setsockopt(zmq.RCVTIMEO, ANSWER_LIMIT_MS)
        hostile.connect(self.system.door("request"))

        def flood():
            for _ in range(COUNT):
                hostile.send_multipart([b"", b"\xff\xff" + random.randbytes(50)])
                answer = hostile.recv_multipart()
                self.assertGreater(len(answer[-1]), 0)
        self.expect_counted(flood, {"request_malformed": COUNT})
        hostile.close(0)

    def test_bytes_that_are_no_zeromq(self):
        """libzmq takes some of them for ZMTP 1.0, whose frames the broker counts; most it drops."""
        doors = [self.system.door(name).removeprefix("tcp://").rpartition(":")
                 for name in ("publish", "subscribe", "request")]

        def flood():
            for number in range(COUNT):
                host, _, port = doors[number % len(doors)]
                stranger = socket.create_connection((host, int(port)), ANSWER_LIMIT_MS / 1000)
                # Closing resets: no port of ours waits for a minute.
                stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                with stranger, contextlib.suppress(OSError):
                    stranger.sendall(random.randbytes(number % 300))
        flood()
        before = self.broker.memory()
        flood()
        self.load.run(1000)
        print(f"{self.dropped()}, memory {(self.broker.memory() - before) / MIB:+.1f} MiB")
        self.assertLess(self.broker.memory() - before, SLACK)
        # No event but the good ones.
        self.assertEqual(int(self.system.ask("status")[0]["broker"]["events"]), self.load.sent)
        self.passed = True


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
