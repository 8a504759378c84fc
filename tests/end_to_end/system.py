"""Starts the real programs of a build for a test, and stops them again.

Every program tells by systemd's notify protocol when it works, so nothing here sleeps; every wait
has a limit. Logs are kept beside the test's other files and shown when something does not start.
"""

import argparse
import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

START_LIMIT = 60
STOP_LIMIT = 30


class Failed(Exception):
    """The system did not do what the test needs."""


class Program:
    """One running program, its log and what it said when it was ready."""

    def __init__(self, name, command, folder, environment=None, ready=True, stdout=None):
        self.name = name
        self.log_path = folder / f"{name}.log"
        self.ready = {}
        notify_path = str(folder / f"{name}.ready")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(notify_path)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.bind(notify_path)
        variables = dict(os.environ, NOTIFY_SOCKET=notify_path, **(environment or {}))
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL,
                stdout=stdout or log, stderr=log, env=variables)
        if ready:
            self._wait_until_ready(notify)
        notify.close()

    def _wait_until_ready(self, notify):
        until = time.monotonic() + START_LIMIT
        while time.monotonic() < until:
            readable, _, _ = select.select([notify], [], [], 0.1)
            if readable:
                text = notify.recv(65536).decode()
                self.ready = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
                if self.ready.get("READY") == "1":
                    return
            if self.process.poll() is not None:
                break
        self.kill()
        raise Failed(f"{self.name} did not become ready:\n{self.log()}")

    def memory(self):
        """Resident bytes."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def log(self):
        return self.log_path.read_text(errors="replace")

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait(STOP_LIMIT)

    def stop(self):
        """SIGTERM; its exit status."""
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            return self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise Failed(f"{self.name} did not stop within {STOP_LIMIT} s:\n{self.log()}") from None


class System:
    """Programs of one test, their doors and their files. Use it in a `with`."""

    def __init__(self, programs):
        self.bin = Path(programs)
        self.folder = Path(tempfile.mkdtemp(prefix="coven-test-"))
        self.running = []
        self.doors = [f"--bus.{door}=ipc://{self.folder}/{door}"
                      for door in ("publish", "subscribe", "request")]

    def __enter__(self):
        return self

    def __exit__(self, kind, failure, trace):
        for program in reversed(self.running):
            if program.process.poll() is None:
                program.kill()
        if kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"files of the failed test: {self.folder}", file=sys.stderr)

    def start(self, name, command, **options):
        program = Program(name, command, self.folder, **options)
        self.running.append(program)
        return program

    def broker(self, *arguments):
        return self.start("broker", [self.bin / "coven-broker", *self.doors, "--data",
                                     self.folder / "data", "--metrics.listen=127.0.0.1:0",
                                     "--log.format=human", *arguments])

    def broker_on_tcp(self):
        """From now on everybody uses its doors, at free ports."""
        names = ("publish", "subscribe", "request")
        self.doors = [f"--bus.{name}=tcp://127.0.0.1:0" for name in names]
        broker = self.broker()
        self.doors = [f"--bus.{name}={broker.ready['COVEN_' + name.upper()]}" for name in names]
        return broker

    def door(self, name):
        """The address of one door."""
        return next(door.split("=", 1)[1] for door in self.doors if f".{name}=" in door)

    def sim(self, *arguments, **options):
        return self.start("sim", [
            self.bin / "coven-sim", "--sent_log", self.sent_log, "--said_log", self.said_log,
            "--control=127.0.0.1:0", "--log.format=human", *arguments], **options)

    def drive(self, sim, *words):
        """What `coven sim WORDS` answers."""
        done = subprocess.run(
            [self.bin / "coven", "sim", *words, "--json", "--control",
             sim.ready["COVEN_SIM_CONTROL"]],
            capture_output=True, text=True, timeout=START_LIMIT, check=False)
        if done.returncode != 0:
            raise Failed(f"coven sim {' '.join(words)}: {done.stderr}")
        return json.loads(done.stdout)

    def chat(self, url, channels, *arguments, **options):
        return self.start("chat", [
            self.bin / "coven-chat", *self.doors, "--log.format=human", f"--twitch.chat_url={url}",
            "--channels", ",".join(channels), "--join_limit=1000", *arguments], **options)

    def tail(self, name, *arguments):
        """A reader of the bus that writes JSON lines to a file; ready once it is subscribed."""
        with open(self.folder / f"{name}.jsonl", "wb") as output:
            command = [self.bin / "coven", "tail", "--json", *self.cli_doors(), *arguments]
            return self.start(name, command, stdout=output)

    def ask(self, *arguments):
        """The JSON that `coven ARGUMENTS --json` prints."""
        done = subprocess.run(
            [self.bin / "coven", *arguments, "--json", *self.cli_doors()],
            capture_output=True, text=True, timeout=START_LIMIT, check=False)
        if done.returncode != 0:
            raise Failed(f"coven {' '.join(arguments)}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def cli_doors(self):
        return [door.replace("--bus.", "--") for door in self.doors]

    @property
    def sent_log(self):
        return self.folder / "sent.jsonl"

    @property
    def said_log(self):
        return self.folder / "said.jsonl"

    def said_log_lines(self):
        """Every line of chat of the sim, heard or not, until a second ago."""
        return complete_lines(self.said_log)

    def lines_of(self, name):
        """What the reader `name` has written so far, without an unfinished line."""
        return complete_lines(self.folder / f"{name}.jsonl")


def complete_lines(path):
    if not Path(path).exists():
        return []
    whole, _, _ = Path(path).read_bytes().rpartition(b"\n")
    return [json.loads(line) for line in whole.splitlines()]


def command_line(*names):
    """The value of --NAME for each of `names`; what else stands there is left to unittest."""
    parser = argparse.ArgumentParser()
    for name in names:
        parser.add_argument(f"--{name}", required=True)
    arguments, sys.argv[1:] = parser.parse_known_args()
    return arguments


def wait_until(what, condition, limit=START_LIMIT, pause=0.02):
    """Asks `condition` again and again until it gives something true, which is returned."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        answer = condition()
        if answer:
            return answer
        # Between two looks; nothing is timed by it.
        select.select([], [], [], pause)
    raise Failed(f"not within {limit} s: {what}")
