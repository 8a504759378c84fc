"""Writing to chat: hostile texts arrive as they stand or are refused with the reason, and move no
terminal on the way; and one can write while reading has trouble."""

import json
import random
import unittest

import zmq

from accounts import LIMIT, AccountsTest
from strangers import varint
from system import command_line, wait_until
from terminal import Terminal, dangers

TEXTS = 1000
# What waits at once; a connector takes 48.
AT_ONCE = 32
# Pieces that have broken other people's programs. The last ones are no UTF-8.
PIECES = [piece.encode("utf-8", "surrogatepass") for piece in (
    "a", " ", "/", ".", ":", "\r", "\n", "\0", "\x01", "\x7f", "\x85", "\x1b[2J", "\x1b]0;x\x07",
    "\x9b31m", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\u00ad", "😂", "z" + "\u0301" * 20,
    "@client-nonce=1;", "PRIVMSG #x :", "\r\nQUIT\r\n", "oauth:x", '{"a":1}', "'\"\\", "\\u0000",
    "%s%n", "</script>", "\U000e0041", "\ufffe", "W" * 300, "W" * 501,
    "\ud800")] + [b"\xff", b"\xf0\x9f"]
REASONS = {"text_empty", "text_too_long", "text_control", "text_is_command", "payload_malformed"}


def hostile_texts():
    chance = random.Random(2026)
    for _ in range(TEXTS):
        yield b"".join(chance.choices(PIECES, k=chance.choice((0, 1, 1, 1, 2, 2, 3, 5))))


def field(number, value):
    """One field of a protobuf message."""
    return varint(number << 3 | 2) + varint(len(value)) + value


def request(number, text):
    """A coven.v1.Request to say `text`, which need not be UTF-8."""
    payload = field(1, b"type.googleapis.com/twitch.v1.ChatSend") + field(
        2, field(1, b"ann") + field(2, text))
    deadline = varint(4 << 3) + varint(LIMIT * 1000)
    return field(1, b"%d" % number) + field(2, b"chat.send") + deadline + field(7, payload)


def varint_in(data):
    """A number and what stands behind it."""
    number, shift = 0, 0
    for place, byte in enumerate(data):
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, data[place + 1:]
    raise ValueError("a number without an end")


def reply_in(data):
    """Number, status, code and message of a coven.v1.Reply."""
    fields = {2: 0, 3: b"", 4: b""}
    while data:
        tag, data = varint_in(data)
        value, data = varint_in(data)
        if tag & 7 == 2:
            value, data = data[:value], data[value:]
        fields[tag >> 3] = value
    return int(fields[1]), fields[2], fields[3].decode(), fields[4].decode()


class Say(AccountsTest):
    sim_flags = ("--accounts=ann", "--channels=ann", "--sends_per=1s", "--unknown=ghost",
                 "--rate=1")

    def answers_to(self, texts):
        """(status, code, message) for each, in the order of `texts`."""
        answers = {}
        with zmq.Context() as context, context.socket(zmq.DEALER) as door:
            door.linger = 0
            door.connect(self.system.door("request"))
            for number, text in enumerate(texts):
                door.send(request(number, text))
                while number + 1 - len(answers) >= AT_ONCE or (
                        number + 1 == len(texts) and len(answers) < len(texts)):
                    self.assertTrue(door.poll(LIMIT * 1000), "no answer")
                    place, *answer = reply_in(door.recv_multipart()[-1])
                    answers[place] = answer
        return [answers[number] for number in range(len(texts))]

    def watch(self):
        """Readers on terminals, and one for this test in a pipe."""
        self.terminals = {name: Terminal() for name in ("human", "json", "raw")}
        for name, terminal in self.terminals.items():
            self.system.start(name, [
                self.system.bin / "coven", "tail", f"--{name}", "--no-color",
                *self.system.cli_doors(), "twitch.chat.ann.>"], stdout=terminal.door)
        self.system.tail("reader", "twitch.chat.ann.sent", "twitch.chat.ann.message")

    def sent(self):
        for terminal in self.terminals.values():
            terminal.read()
        return [event["payload"] for event in self.heard("ann.sent")]

    def test_a_thousand_hostile_texts(self):
        self.chat("chat:read,user:write:chat", "--send_window=1s", "--channels=ann")
        self.watch()
        texts = list(hostile_texts())
        answers = self.answers_to(texts)
        said = [text.decode() for text, answer in zip(texts, answers) if answer[0] == 1]
        refused = [answer for answer in answers if answer[0] != 1]
        self.assertEqual({answer[1] for answer in refused}, REASONS)
        for status, code, message in refused:
            self.assertEqual(status, 6, (code, message))
            self.assertTrue(message)
            self.assertEqual(dangers(message.encode()), [])
        self.assertGreater(len(said), 100)
        wait_until("the outcome of all", lambda: len(self.sent()) >= len(said))
        self.assertEqual([one["text"] for one in self.sent()], said, "as they stand")
        deeds = self.system.drive(self.sim, "deeds", "ann")["deeds"]
        # Twitch takes blanks off the end.
        self.assertEqual([deed["text"] for deed in deeds], [text.rstrip(" ") for text in said])
        self.assertEqual({deed["outcome"] for deed in deeds}, {"done"})
        for name, terminal in self.terminals.items():
            self.assertEqual(dangers(terminal.read())[:3], [], name)
        self.expect_harmless_logs()
        print(f"{len(said)} said, {len(refused)} refused, {len(self.terminals)} terminals, "
              f"{len(self.system.running)} logs")

    def expect_harmless_logs(self):
        for program in self.system.running:
            self.assertEqual(dangers(program.log_path.read_bytes())[:3], [], program.name)

    def test_lines_of_a_file(self):
        """`coven say --stdin` ends a line where a file does, and says why it does not say one."""
        self.chat("chat:read,user:write:chat", "--send_window=1s")
        lines = [text.decode("utf-8", "replace") for text in hostile_texts()
                 if text and b"\n" not in text and not text.endswith(b"\r")][:100]
        done = self.coven_done("say", "--stdin", "ann", *self.system.cli_doors(),
                               stdin="".join(line + "\n" for line in lines))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(dangers((done.stdout + done.stderr).encode())[:3], [])
        said = len(done.stdout.splitlines())
        *refused, tally = done.stderr.splitlines()
        self.assertEqual(len(refused), len(lines) - said, done.stderr)
        for line in refused:
            self.assertRegex(line, r"^coven: line \d+ not said: REJECTED text_\w+: the text .+")
        self.assertRegex(tally, f"{said} said, {len(refused)} REJECTED")
        self.expect_harmless_logs()

    def test_one_writes_though_no_channel_can_be_read(self):
        self.chat("chat:read,user:write:chat", "--channels=ghost", "--join_answer_limit=1s")
        self.assertIn("STATE_DEGRADED", json.dumps(self.system.ask("connectors")))
        self.ask("say", "ann", "hello")


if __name__ == "__main__":
    AccountsTest.programs = command_line("programs").programs
    unittest.main()
