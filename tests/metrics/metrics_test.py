"""What the real programs serve at /metrics, /livez and /readyz.

Usage: tests/metrics/metrics_test.py --programs build/dev/bin --docs docs/metrics.md
With UPDATE=1 in the environment the tables of the page are written anew.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "end_to_end"))
from system import System, command_line, wait_until  # noqa: E402

PROGRAMS = DOCS = None
CHANNELS = ["meadow", "harbour"]
LINES = 500
ANSWER_LIMIT = 20
SERIES = re.compile(r"^(?P<name>\w+)(\{(?P<labels>[^}]*)\})? (?P<value>\S+)$")
ABOUT = re.compile(r"^# (HELP|TYPE) (\S+) (.*)$", re.MULTILINE)
MARK = "<!-- {}: {} -->"


def ask(url):
    """Status and text."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_LIMIT) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def page_of(program):
    status, text = ask(program.ready["METRICS_URL"] + "/metrics")
    assert status == 200, text
    return text


def numbers(page):
    """(name, labels as they stand) → value."""
    lines = (SERIES.match(line) for line in page.splitlines() if not line.startswith("#"))
    return {(line["name"], line["labels"] or ""): float(line["value"]) for line in lines}


def families(page):
    """name → {"TYPE": …, "HELP": …}"""
    found = {}
    for what, name, text in ABOUT.findall(page):
        found.setdefault(name, {})[what] = text
    return found


def table(of):
    rows = [f"| `{name}` | {about['TYPE']} | {about['HELP']} |"
            for name, about in sorted(of.items())]
    return "\n".join(["| name | type | |", "|---|---|---|", *rows])


def between(text, program, new=None):
    """The part of a page between the marks of a program, or the page with that part replaced."""
    begin, end = (MARK.format(word, program) for word in ("begin", "end"))
    head, rest = text.split(begin + "\n", 1)
    old, tail = rest.split("\n" + end, 1)
    return old if new is None else f"{head}{begin}\n{new}\n{end}{tail}"


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.system = System(PROGRAMS)
        cls.broker = cls.system.broker()
        cls.system.tail("reader", "twitch.chat.>")
        cls.sim = cls.system.sim("--rate=500", "--channels", ",".join(CHANNELS),
                                 f"--wait_for_channels={len(CHANNELS)}", "--joins=1000")
        cls.chat = cls.system.chat(cls.sim.ready["COVEN_CHAT_URL"], CHANNELS)
        wait_until(f"{LINES} events at the reader",
                   lambda: len(cls.system.lines_of("reader")) >= LINES)
        cls.programs = {"coven-broker": cls.broker, "coven-chat": cls.chat, "coven-sim": cls.sim,
                        "coven-token": cls.token(cls.system), "coven-users": cls.users(cls.system)}

    @staticmethod
    def users(system):
        """Without an account."""
        store = system.folder / "no-tokens"
        return system.start("users-1", [
            system.bin / "coven-users", *system.doors, f"--data={system.folder / 'users'}",
            f"--twitch-token-folder={store}"])

    @staticmethod
    def token(system):
        """With one account, and no Twitch."""
        store = system.folder / "tokens"
        store.mkdir(mode=0o700)
        account = store / "ann.json"
        account.touch(mode=0o600)
        account.write_text(json.dumps({"format": 1, "login": "ann", "access_token": "a"}))
        return system.start("token-1", [
            system.bin / "coven-token", *system.doors, f"--twitch-token-folder={store}",
            "--twitch-id-url=http://127.0.0.1:1"])

    @classmethod
    def tearDownClass(cls):
        cls.system.__exit__(None, None, None)

    def number(self, program, name, labels=""):
        return numbers(page_of(program))[name, labels]

    def grows_to(self, least, program, name, labels=""):
        wait_until(f"{name}{{{labels}}} at {least}",
                   lambda: self.number(program, name, labels) >= least)

    def test_promtool_finds_nothing(self):
        promtool = shutil.which("promtool")
        self.assertTrue(promtool, "promtool is not here: it is in Debian's package prometheus")
        for name, program in self.programs.items():
            done = subprocess.run([promtool, "check", "metrics"], input=page_of(program), text=True,
                                  capture_output=True, timeout=ANSWER_LIMIT, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""), name)

    def test_promtool_would_find_something(self):
        """The negative twin."""
        done = subprocess.run(["promtool", "check", "metrics"], text=True, capture_output=True,
                              input="# TYPE coven_lines counter\ncoven_lines 1\n",
                              timeout=ANSWER_LIMIT, check=False)
        self.assertNotEqual(done.returncode, 0)

    def test_the_page_lists_what_is_served(self):
        common = set.intersection(*(set(families(page_of(p))) for p in self.programs.values()))
        tables = {"every program": {
            name: about for name, about in families(page_of(self.chat)).items() if name in common}}
        for program in self.programs:
            tables[program] = {name: about for name, about
                               in families(page_of(self.programs[program])).items()
                               if name not in common}
        text = DOCS.read_text()
        for program, rows in tables.items():
            if os.environ.get("UPDATE"):
                text = between(text, program, table(rows))
                DOCS.write_text(text)
            self.assertEqual(between(text, program), table(rows),
                             f"{program}: UPDATE=1 writes the page anew")

    def test_the_numbers_are_those_of_the_events(self):
        self.grows_to(LINES, self.sim, "coven_sim_lines_said_total")
        self.grows_to(LINES, self.chat, "coven_chat_lines_total", 'command="PRIVMSG"')
        self.grows_to(LINES, self.chat, "coven_publisher_acknowledged_total")
        self.grows_to(LINES, self.broker, "coven_broker_events_total")
        self.assertEqual(self.number(self.chat, "coven_chat_channels_joined"), len(CHANNELS))
        self.assertEqual(self.number(self.chat, "coven_chat_channels_wanted"), len(CHANNELS))
        self.assertGreaterEqual(self.number(self.broker, "coven_broker_producers"), 1)
        drops = [value for (name, _), value in numbers(page_of(self.broker)).items()
                 if name == "coven_broker_drops_total"]
        self.assertGreater(len(drops), 10)
        self.assertEqual(sum(drops), 0)

    def test_no_label_comes_from_the_outside(self):
        allowed = re.compile(r'(reason|command|status|verb|fault|program|version)="[\w.-]+"'
                             r'|(outcome|state)="\w+"'
                             # Of an account that somebody here has logged in.
                             r'|login="ann"')
        for program in self.programs.values():
            for name, labels in numbers(page_of(program)):
                for label in filter(None, labels.split(",")):
                    self.assertRegex(label, allowed, name)

    def test_presence_says_where_the_metrics_are(self):
        urls = [row["presence"].get("metrics_url") for row in self.system.ask("connectors")]
        self.assertEqual(sorted(urls), sorted(program.ready["METRICS_URL"] for program in (
            self.chat, self.programs["coven-token"], self.programs["coven-users"])))

    def test_ready_follows_what_happens_to_twitch(self):
        sim = self.system.start("sim-2", [self.system.bin / "coven-sim", "--channels=lantern"])
        chat = self.system.start("chat-2", [
            self.system.bin / "coven-chat", *self.system.doors, "--channels=lantern",
            "--instance=chat-2", f"--twitch.chat_url={sim.ready['COVEN_CHAT_URL']}"])
        url = chat.ready["METRICS_URL"]
        wait_until("ready", lambda: ask(url + "/readyz") == (200, "ready\n"))
        sim.kill()
        status, text = wait_until("not ready", lambda: ask(url + "/readyz")
                                  if ask(url + "/readyz")[0] == 503 else None)
        self.assertEqual(status, 503)
        self.assertIn("DEGRADED: ", text)
        self.assertEqual(ask(url + "/livez"), (200, "the loop turns\n"))
        self.grows_to(1, chat, "coven_chat_connections_failed_total", 'reason="lost"')
        self.assertEqual(chat.stop(), 0, chat.log())

    def test_a_port_that_is_taken_keeps_a_program_from_starting(self):
        taken = self.broker.ready["METRICS_URL"].removeprefix("http://")
        done = subprocess.run(
            [self.system.bin / "coven-chat", *self.system.doors, f"--metrics.listen={taken}"],
            capture_output=True, text=True, timeout=ANSWER_LIMIT, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"metrics.listen '{taken}': Address already in use", done.stderr)


if __name__ == "__main__":
    given = command_line("programs", "docs")
    PROGRAMS, DOCS = given.programs, Path(given.docs)
    unittest.main()
