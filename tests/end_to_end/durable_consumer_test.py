"""A named reader that is killed at random points, again and again, gets everything, in order."""

import json
import os
import random
import subprocess
import threading
import unittest

import zmq

from strangers import event, publisher
from system import System, command_line, wait_until

PROGRAMS = None
TOPIC = b"twitch.chat.durable.message"
NAME = "logger"
KILLS = 20
# How many events a reader sees published before it is killed, while it also reads what it missed.
SHORTEST, LONGEST = 20, 1500
EVENTS_PER_TURN = 20
PAUSE = 0.01
# For what was sent last.
LINGER_MS = 5_000


class SteadyPublisher:
    """Publishes numbered events, some thousand a second, until it is stopped."""

    def __init__(self, endpoint):
        self.sent = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(endpoint,))
        self._thread.start()

    def _run(self, endpoint):
        with zmq.Context() as context:
            push = publisher(context, endpoint)
            while not self._over.wait(PAUSE):
                for _ in range(EVENTS_PER_TURN):
                    push.send(TOPIC + b"\0" + event(b"%d" % self.sent))
                    self.sent += 1
            push.close(LINGER_MS)

    def stop(self):
        self._over.set()
        self._thread.join()


class Lives:
    """The lives of one reader, and where the broker took it to be when each ended."""

    def __init__(self, system, *arguments):
        self.system = system
        self.arguments = arguments
        self.shown = []

    def start(self):
        self.name = f"life-{len(self.shown)}"
        return self.system.tail(self.name, *self.arguments, "twitch.chat.durable.>")

    def numbers(self):
        return [int(line["id"]) for line in self.system.lines_of(self.name)]

    def latest(self):
        return max(self.numbers(), default=-1)

    def end(self, reader):
        """What it has shown."""
        reader.kill()
        self.shown.append(self.numbers())


class DurableConsumer(unittest.TestCase):
    def acknowledged(self, system):
        """The offset up to which the broker has the reader's word; an event's number + 1."""
        done = subprocess.run(
            [system.bin / "coven", "request", "consumers.list", *system.cli_doors()],
            capture_output=True, text=True, timeout=60, check=True)
        consumers = json.loads(done.stdout)["payload"]["consumers"]
        return int(next(one for one in consumers if one["name"] == NAME)["position"]["offset"])

    def run_lives(self, system, lives, chance, killed=lambda: None):
        """How many events were published and not shown, over all kills."""
        load = SteadyPublisher(system.door("publish"))
        in_flight = 0
        try:
            for _ in range(KILLS):
                reader = lives.start()
                wanted = load.sent + chance.randint(SHORTEST, LONGEST)
                wait_until(f"event {wanted}", lambda wanted=wanted: lives.latest() >= wanted)
                lives.end(reader)
                in_flight += load.sent - 1 - lives.shown[-1][-1]
                killed()
        finally:
            load.stop()
        reader = lives.start()
        wait_until("the last event", lambda: lives.latest() == load.sent - 1)
        lives.end(reader)
        return in_flight, load.sent

    def test_gets_everything_in_order_and_little_of_it_twice(self):
        seed = int(os.environ.get("COVEN_SEED") or random.randrange(2**32))
        with System(PROGRAMS) as system:
            system.broker()
            lives = Lives(system, "--name", NAME, "--from-start")
            marks = []
            in_flight, sent = self.run_lives(system, lives, random.Random(seed),
                                             lambda: marks.append(self.acknowledged(system)))
        twice = sum(map(len, lives.shown)) - sent
        print(f"seed {seed}: {sent} events, {KILLS} kills, {in_flight} in flight, {twice} twice")
        self.assertGreater(in_flight, 0)
        self.assertEqual(set().union(*lives.shown), set(range(sent)))
        for life in lives.shown:
            self.assertEqual(life, list(range(life[0], life[0] + len(life))))
        # Each life begins right behind what the one before had acknowledged: offsets count from 1.
        self.assertEqual([life[0] for life in lives.shown[1:]], marks)

    def test_a_reader_without_a_name_misses_events(self):
        """The negative twin: the check sees a hole."""
        with System(PROGRAMS) as system:
            system.broker()
            lives = Lives(system)
            load = SteadyPublisher(system.door("publish"))
            try:
                for _ in range(2):
                    reader = lives.start()
                    wait_until("some lines", lambda: len(lives.numbers()) >= SHORTEST)
                    lives.end(reader)
                    passed = load.sent
                    wait_until("events that nobody reads",
                               lambda passed=passed: load.sent > passed + SHORTEST)
            finally:
                load.stop()
        shown = set().union(*lives.shown)
        self.assertNotEqual(shown, set(range(min(shown), max(shown) + 1)))


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main(verbosity=2)
