"""`coven request` against a real broker: its own verbs, and those of a connector in Python."""

import json
import signal
import socket
import subprocess
import time
import unittest

import front_door

DICE = "examples/dice_python/dice.py"
REJECTED, NO_ROUTE, UNKNOWN = 3, 4, 7


class Request(front_door.FrontDoor):
    def setUp(self):
        super().setUp()
        self.doors = {f"COVEN_BUS_{door}": f"ipc://{self.folder}/{door.lower()}"
                      for door in ("PUBLISH", "SUBSCRIBE", "REQUEST")}
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(f"{self.folder}/ready")
        notify.settimeout(front_door.LIMIT)
        self.start(self.bin / "coven-broker", "--broker-data", self.folder / "data",
                   "--metrics-listen", "off", NOTIFY_SOCKET=f"{self.folder}/ready")
        while b"READY=1" not in notify.recv(4096):
            pass

    def start(self, *words, **environment):
        program = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL,
                                   env=self.environment(**self.doors, **environment))

        def end():
            program.kill()
            program.wait()
        self.addCleanup(end)
        return program

    def request(self, *words):
        return self.coven("request", *words, **self.doors)

    def start_dice(self):
        dice = self.start("/usr/bin/python3", self.root / DICE, COVEN_INSTANCE="dice-1")
        deadline = time.monotonic() + front_door.LIMIT
        while self.request("dice.roll", "sides=1").returncode == NO_ROUTE:
            self.assertLess(time.monotonic(), deadline, "the dice did not come")
        return dice

    def test_the_broker_answers_what_it_is_asked_with_a_typed_payload(self):
        done = self.request("topics.list", "prefix=twitch.", "limit=3")
        self.assertEqual(done.returncode, 0, done.stderr)
        reply = json.loads(done.stdout)
        self.assertEqual(reply["status"], "OK")
        self.assertEqual(reply["payload_type"], "coven.v1.TopicsList")
        self.assertEqual(reply["payload"]["topics"], [])

    def test_a_field_that_is_not_there_is_told_the_nearest(self):
        done = self.request("topics.list", "prefx=twitch.")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'prefix'?", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_a_verb_that_nobody_answers_has_no_route(self):
        done = self.request("dice.roll", "sides=6")
        self.assertEqual(done.returncode, NO_ROUTE)
        self.assertEqual(json.loads(done.stdout)["status"], "NO_ROUTE")
        self.assertIn("NO_ROUTE", done.stderr)

    def test_without_a_broker_the_outcome_is_unknown(self):
        nowhere = {**self.doors, "COVEN_BUS_REQUEST": f"ipc://{self.folder}/nowhere"}
        done = self.coven("request", "broker.status", "--deadline", "200ms", **nowhere)
        self.assertEqual(done.returncode, UNKNOWN)
        self.assertIn("is `coven up` running?", done.stderr)

    def test_a_connector_in_python_answers_refuses_and_drains(self):
        dice = self.start_dice()
        done = self.request("dice.roll", "sides=6", "times=3", "--key", "monday")
        self.assertEqual(done.returncode, 0, done.stderr)
        eyes = json.loads(done.stdout)["payload"]["eyes"]
        self.assertEqual(len(eyes), 3)
        self.assertTrue(all(1 <= each <= 6 for each in eyes), eyes)
        again = self.request("dice.roll", "sides=6", "times=3", "--key", "monday")
        self.assertEqual(json.loads(again.stdout)["payload"]["eyes"], eyes)
        self.assertEqual(self.request("dice.roll", "sides=0").returncode, REJECTED)
        dice.send_signal(signal.SIGTERM)
        self.assertEqual(dice.wait(front_door.LIMIT), 0)
        self.assertEqual(self.request("dice.roll", "sides=6").returncode, NO_ROUTE)

    def test_a_connector_that_stands_still_with_the_call_leaves_it_unknown(self):
        dice = self.start_dice()
        # Stopped, it takes the call and says nothing.
        dice.send_signal(signal.SIGSTOP)
        done = self.request("dice.roll", "sides=6", "--deadline", "1s")
        self.assertEqual(done.returncode, UNKNOWN)
        self.assertEqual(json.loads(done.stdout)["status"], "UNKNOWN")


if __name__ == "__main__":
    front_door.main()
