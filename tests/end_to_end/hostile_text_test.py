"""Hostile text from chat and from the bus: no byte of it moves a terminal or forges a line."""

import subprocess
import unittest

import zmq

from strangers import event, publisher
from system import START_LIMIT, System, command_line, wait_until
from terminal import Terminal, dangers

PROGRAMS = None
CHANNEL = "victim"
MESSAGES = f"twitch.chat.{CHANNEL}.message"
TEXTS = {
    "clear screen": "\x1b[2J\x1b[H owned",
    "title": "\x1b]0;owned\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "c1": "\x9b31m red \x9d0;title\x9c",
    "bidi": "\u202eevil\u202c \u2066x\u2069 \u200f\u061c",
    "zero width": "a\u200bb\u2060c\ufeffd\u00ade",
    "separators": "one\u2028two\u2029three\u0085four",
    "tags": "flag\U000e0041\U000e007f",
    "carriage return": "all is well\rtime=now level=error event=forged",
    "backspace": "abc\b\b\bxyz\x7f",
    "nul": "before\0after",
    "tower": "z" + "\u0301" * 300,
    "huge": "W" * 60_000,
    "noncharacter": "\ufffe\U0010ffff",
}
# IRCv3 writes a line's end in a tag as \n: the name that people see has one.
TAGS = (r"@badges=x\n/1;color=\r\n;display-name=evil\ntime=now\slevel=error\sevent=forged;"
        "id={id};room-id=1;tmi-sent-ts=1795357701711;user-id=1")


class HostileText(unittest.TestCase):
    def lines(self):
        """(what it is, the line of chat)"""
        for number, (what, text) in enumerate(TEXTS.items()):
            tags = TAGS.format(id=f"id-{number}")
            yield what, f"{tags} :x\x1b[1m!x@x PRIVMSG #{CHANNEL} :{text}"

    def test_nothing_reaches_terminals_and_logs(self):
        with System(PROGRAMS) as system:
            system.broker()
            self.tails(system)
            script = system.folder / "hostile.txt"
            script.write_bytes("\n".join(line for _, line in self.lines()).encode() + b"\n")
            sim = system.sim("--file", script, "--rate=200")
            system.chat(sim.ready["COVEN_CHAT_URL"], [CHANNEL])
            wait_until("all lines of chat", lambda: len(self.events(system)) == len(TEXTS))
            self.speak_on_the_bus(system)
            wait_until("an event of the bus", lambda: "id-bus" in [
                one["id"] for one in self.events(system)])
            for name, lines in self.expected.items():
                wait_until(f"{lines} lines of {name}",
                           lambda: self.read(name).count(b"\n") >= lines)
                # One line for each event: none was forged.
                self.assertEqual(self.read(name).count(b"\n"), lines, name)
                self.expect_harmless(name, self.read(name))
            self.say_it_to_the_log(system, sim)
            for program in system.running:
                self.expect_harmless(program.name, program.log_path.read_bytes())
            self.expect_harmless("status", self.page(system, "status"))
            self.expect_harmless("connectors", self.page(system, "connectors"))
            # JSON means what was said.
            texts = [one["payload"]["text"] for one in self.events(system) if "text" in
                     (one["payload"] or {})]
            self.assertIn(TEXTS["clear screen"], texts)
            self.assertIn(TEXTS["bidi"], texts)
            print(f"{len(TEXTS)} texts, {len(self.expected)} outputs, {len(system.running)} logs")

    def test_the_check_sees_each_of_them(self):
        """The negative twin: printed as they are, each text but two is found."""
        plain = {what for what, text in TEXTS.items() if not dangers(text.encode())}
        self.assertEqual(plain, {"tower", "huge", "noncharacter"})

    def expect_harmless(self, name, data):
        self.assertEqual(dangers(data)[:3], [], name)
        self.assertFalse([line for line in data.split(b"\n")
                          if line.startswith((b"time=now", b"forged"))], name)

    def tails(self, system):
        """Readers on terminals; what they print is kept. And one for this test, in a pipe."""
        # Neither the huge line, which comes without what Twitch sent, nor an event that Twitch
        # has not sent has a raw line.
        self.expected = {"people": len(TEXTS) + 1, "json": len(TEXTS) + 1, "raw": len(TEXTS) - 1}
        self.terminals = {name: Terminal() for name in self.expected}
        for name, flag in {"people": "--human", "json": "--json", "raw": "--raw"}.items():
            system.start(name, [system.bin / "coven", "tail", flag, "--no-color",
                                *system.cli_doors(), MESSAGES], stdout=self.terminals[name].door)
        system.tail("reader", MESSAGES)

    def read(self, name):
        """All that a terminal has been sent so far."""
        return self.terminals[name].read()

    def events(self, system):
        for name in self.expected:
            self.read(name)
        return system.lines_of("reader")

    def speak_on_the_bus(self, system):
        """An event of a publisher that is none of ours."""
        context = zmq.Context()
        push = publisher(context, system.door("publish"))
        push.send(f"twitch.chat.{CHANNEL}.message\0".encode() + event(b"id-bus", b"\x1b[2J\xff\0"))
        push.close(10_000)
        context.term()

    def say_it_to_the_log(self, system, sim):
        """The connector logs what Twitch says when it refuses a login."""
        refusal = "Login \x1b[2J\u202e\x07 unsuccessful"
        system.drive(sim, "refuse-logins", "1", refusal)
        system.drive(sim, "cut")
        chat = next(program for program in system.running if program.name == "chat")
        wait_until("the refusal in the log", lambda: "unsuccessful" in chat.log())

    def page(self, system, name):
        done = subprocess.run([system.bin / "coven", name, *system.cli_doors()],
                              capture_output=True, timeout=START_LIMIT, check=True)
        return done.stdout + done.stderr


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
