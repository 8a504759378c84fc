"""The connectors of examples/: they answer commands, publish what they did, and are ended in every
way while a call is under way."""

import json
import signal
import subprocess
import unittest
import urllib.request
from pathlib import Path

import zmq

from system import START_LIMIT, Failed, System, command_line, wait_until

PROGRAMS = None
PYTHON = ["/usr/bin/python3", "-u", Path(__file__).parents[2] / "examples/dice_python/dice.py"]
OK, REJECTED, NO_ROUTE, UNKNOWN = 0, 3, 4, 7
LONG = "60s"
# Long enough for what a test does meanwhile, shorter than a connector has to end its calls.
ROLL_TIME = "3s"


def cpp():
    return [Path(PROGRAMS).resolve().parent / "examples/coven-dice"]


def numbers_say(program, line):
    """Whether this line stands in the metrics of a program."""
    with urllib.request.urlopen(program.ready["METRICS_URL"] + "/metrics", timeout=20) as page:
        return line in page.read().decode().splitlines()


class Table(System):
    """A broker, dice that are rolled, and those who ask for it."""

    def __enter__(self):
        self.the_broker = self.broker()
        return self

    def dice(self, command, *flags):
        """A connector that answers."""
        doors = {f"COVEN_BUS_{door.upper()}": self.door(door)
                 for door in ("publish", "subscribe", "request")}
        dice = self.start("dice", [*command, *flags], ready=False,
                          environment={**doors, "COVEN_INSTANCE": "dice-1"})
        wait_until("the dice are ready", lambda: any(
            "STATE_READY" in json.dumps(each) for each in self.ask("connectors")))
        return dice

    def request(self, *words):
        """A call of dice.roll that is under way; `outcome` ends it."""
        caller = self.start(
            "caller", [self.bin / "coven", "request", "dice.roll", *words, *self.cli_doors()],
            ready=False, stdout=subprocess.PIPE)
        return caller.process

    def outcome(self, *words):
        return outcome_of(self.request(*words))


    def reply_to_payload(self, kind, value):
        """The bytes of what a request is answered that `coven request` would not send."""
        with zmq.Context() as context, context.socket(zmq.REQ) as door:
            door.linger = 0
            door.connect(self.door("request"))
            payload = field(1, b"type.googleapis.com/" + kind) + field(2, value)
            door.send(field(1, b"it") + field(2, b"dice.roll") + field(7, payload))
            if not door.poll(START_LIMIT * 1000):
                raise Failed("no reply to a payload that is wrong")
            return door.recv()


def field(number, text):
    """One field of a message, as protobuf writes it."""
    return bytes([number << 3 | 2, len(text)]) + text


def outcome_of(caller):
    """Its exit status and its reply."""
    output, _ = caller.communicate(timeout=2 * START_LIMIT)
    return caller.returncode, json.loads(output or "{}")


class Dice(unittest.TestCase):
    def roll_is_answered_and_seen(self, command):
        with Table(PROGRAMS) as table:
            tail = table.tail("tail", "example.dice.>", "--count", "1", "--wait", LONG)
            table.dice(command)
            status, reply = table.outcome("sides=6", "times=3")
            self.assertEqual(status, OK, reply)
            eyes = reply["payload"]["eyes"]
            self.assertEqual(len(eyes), 3)
            self.assertTrue(all(1 <= each <= 6 for each in eyes), eyes)
            self.assertEqual(tail.process.wait(START_LIMIT), 0, tail.log())
            [event] = table.lines_of("tail")
            self.assertEqual(event["topic"], "example.dice.-.rolled")
            self.assertEqual(event["source"], "/coven/dice/dice-1")
            self.assertEqual(event["payload"]["eyes"], eyes)

    def wrong_rolls_are_rejected(self, command):
        with Table(PROGRAMS) as table:
            table.dice(command)
            for words in ([], ["sides=0"], ["sides=1001"], ["sides=6", "times=101"],
                          ["sides=6", "times=-1"], ["sides=six"]):
                status, reply = table.outcome(*words)
                self.assertEqual((status, reply["code"]), (REJECTED, "roll_impossible"), words)
            for kind, value in ((b"google.protobuf.Struct", b"\xff"), (b"coven.v1.Tick", b"")):
                self.assertIn(b"payload_wrong", table.reply_to_payload(kind, value))
            status, reply = table.outcome("sides=1")
            self.assertEqual((status, reply["payload"]["eyes"]), (OK, [1]))

    def test_in_cpp_a_roll_is_answered_and_seen(self):
        self.roll_is_answered_and_seen(cpp())

    def test_in_python_a_roll_is_answered_and_seen(self):
        self.roll_is_answered_and_seen(PYTHON)

    def test_in_cpp_wrong_rolls_are_rejected(self):
        self.wrong_rolls_are_rejected(cpp())

    def test_in_python_wrong_rolls_are_rejected(self):
        self.wrong_rolls_are_rejected(PYTHON)

    def test_in_cpp_a_kill_leaves_the_call_unknown(self):
        with Table(PROGRAMS) as table:
            dice = table.dice(cpp(), "--dice-roll-time", LONG)
            caller = table.request("sides=6", "--deadline", LONG)
            wait_until("the dice roll", lambda: "rolling" in dice.log())
            dice.kill()
            self.check_unknown_and_gone(table, caller)

    def test_in_python_a_kill_leaves_the_call_unknown(self):
        with Table(PROGRAMS) as table:
            dice = table.dice(PYTHON)
            # It gets the call and does not come to read it.
            dice.signal(signal.SIGSTOP)
            caller = table.request("sides=6", "--deadline", LONG)
            wait_until("the call is handed over", lambda: numbers_say(
                table.the_broker, "coven_broker_calls_handed_over 1"))
            dice.kill()
            self.check_unknown_and_gone(table, caller)

    def check_unknown_and_gone(self, table, caller):
        status, reply = outcome_of(caller)
        self.assertEqual((status, reply["status"]), (UNKNOWN, "UNKNOWN"), reply)
        self.assertEqual(table.outcome("sides=6")[0], NO_ROUTE)

    def test_in_cpp_a_call_under_way_ends_before_the_program(self):
        with Table(PROGRAMS) as table:
            dice = table.dice(cpp(), "--dice-roll-time", ROLL_TIME)
            caller = table.request("sides=6", "--deadline", LONG)
            wait_until("the dice roll", lambda: "rolling" in dice.log())
            dice.signal(signal.SIGTERM)
            wait_until("the dice are told", lambda: "stopping" in dice.log())
            self.assertIsNone(caller.poll(), "ended before the signal: nothing was tried")
            self.assertEqual(table.outcome("sides=6")[0], NO_ROUTE)
            status, reply = outcome_of(caller)
            self.assertEqual(status, OK, reply)
            self.assertEqual(dice.process.wait(START_LIMIT), 0, dice.log())

    def test_in_python_what_is_not_begun_has_no_route(self):
        with Table(PROGRAMS) as table:
            dice = table.dice(PYTHON)
            dice.signal(signal.SIGSTOP)
            caller = table.request("sides=6", "--deadline", LONG)
            dice.signal(signal.SIGTERM)
            dice.signal(signal.SIGCONT)
            self.assertEqual(outcome_of(caller)[0], NO_ROUTE)
            self.assertEqual(dice.process.wait(START_LIMIT), 0, dice.log())


class Up(unittest.TestCase):
    def test_runs_both_and_ends_them(self):
        for command in (PYTHON, cpp()):
            with self.subTest(command[-1]), System(PROGRAMS) as system:
                self.is_run(system, [str(word) for word in command])

    def is_run(self, system, command):
        doors = "".join(f'{door} = "{system.door(door)}"\n'
                        for door in ("publish", "subscribe", "request"))
        file = system.folder / "coven.toml"
        file.write_text(f'[bus]\n{doors}[broker]\ndata = "{system.folder}/data"\n[metrics]\n'
                        f'listen = "127.0.0.1:0"\n[connectors.dice]\ncommand = {command}\n')
        up = system.start("up", [system.bin / "coven", "up", "-c", file])

        def rolled():
            done = subprocess.run(
                [system.bin / "coven", "request", "dice.roll", "sides=6", "-c", file],
                capture_output=True, text=True, timeout=START_LIMIT, check=False)
            self.assertIn(done.returncode, (OK, NO_ROUTE), done.stderr)
            return done.returncode == OK
        wait_until("the dice are rolled", rolled)
        up.signal(signal.SIGINT)
        self.assertEqual(up.process.wait(START_LIMIT), 0, up.log())


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
