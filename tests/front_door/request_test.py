"""`coven request` against a real broker: its own verbs, and those of a connector in Python."""

import json
import signal
import time

import front_door

DICE = "examples/dice_python/dice.py"
REJECTED, NO_ROUTE, UNKNOWN = 3, 4, 7


class Request(front_door.WithBroker):
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

    def test_all_pages_of_a_list_are_asked_for_one_after_the_other(self):
        self.printed("channels", "add", "ann", "bob", "eve", **self.doors)
        done = self.request("channels.list", "limit=1", "--all")
        self.assertEqual(done.returncode, 0, done.stderr)
        pages = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([page["payload"]["channels"][0]["channel"] for page in pages],
                         ["ann", "bob", "eve"])
        self.assertEqual([page["more"] for page in pages], [True, True, False])
        self.assertEqual(len(self.request("channels.list", "limit=1").stdout.splitlines()), 1)

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
