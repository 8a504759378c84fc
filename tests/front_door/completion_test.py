"""Completion in a real bash, zsh and fish, by the files that `make install` puts in place."""

import os
import pty
import select
import socket
import subprocess
import time
import unittest

from front_door import LIMIT, FrontDoor, main

BASH = r"""
source "$SCRIPT"
# As bash does it: the line so far, and its words.
try() {
    COMP_LINE=$1 COMP_POINT=${#1}
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _coven "${COMP_WORDS[0]}"
    echo "${COMPREPLY[*]}"
}
"""


class Bash(FrontDoor):
    def completions(self, line, *words, program="coven", **environment):
        script = self.build / "share/bash-completion/completions" / program
        quoted = " ".join(f"'{word}'" for word in (line, *words))
        done = self.run_program("bash", "--norc", "-c", f"{BASH}\ntry {quoted}", SCRIPT=str(script),
                                **environment)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_finishes_commands_flags_and_choices(self):
        self.assertEqual(self.completions("coven ta", "coven", "ta"), ["tail"])
        self.assertEqual(self.completions("coven config c", "coven", "config", "c"), ["check"])
        self.assertEqual(self.completions("coven tail --no", "coven", "tail", "--no"),
                         ["--no-color"])
        self.assertEqual(self.completions("coven tail --color ", "coven", "tail", "--color", ""),
                         ["auto", "always", "never"])

    def test_finishes_what_bash_splits_at_an_equals_sign(self):
        self.assertEqual(
            self.completions("coven tail --color=n", "coven", "tail", "--color", "=", "n"),
            ["never"])
        self.assertEqual(self.completions("coven tail --color=", "coven", "tail", "--color", "="),
                         ["auto", "always", "never"])

    def test_finishes_the_flags_of_every_program(self):
        for program in ("coven-broker", "coven-chat", "coven-sim"):
            self.assertEqual(
                self.completions(f"{program} --log-l", program, "--log-l", program=program),
                ["--log-level"])

    def test_finishes_files(self):
        self.write("some.toml", "")
        for words in (("-c", "so"), ("--config", "=", "so")):
            line = "coven tail " + "".join(words).replace("-cso", "-c so")
            self.assertEqual(self.completions(line, "coven", "tail", *words), ["some.toml"])

    def test_finishes_the_accounts_that_are_logged_in(self):
        words = ("coven token show ", "coven", "token", "show", "")
        store = self.folder / "tokens"
        self.assertEqual(self.completions(*words, COVEN_TWITCH_TOKEN_FOLDER=str(store)), [])
        self.assertFalse(store.exists(), "asking makes nothing")
        store.mkdir(mode=0o700)
        (store / "ann.json").touch(mode=0o600)
        self.assertEqual(self.completions(*words, COVEN_TWITCH_TOKEN_FOLDER=str(store)), ["ann"])

    def test_finishes_programs_by_their_path(self):
        path = str(self.bin / "coven-chat")
        self.assertEqual(self.completions(f"{path} --join-l", path, "--join-l"), ["--join-limit"])


class Zsh(FrontDoor):
    """At a terminal of its own, which is the only way to press a key."""

    def setUp(self):
        super().setUp()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(self.folder)
            os.execvpe("zsh", ["zsh", "-f", "-i"], self.environment(TERM="dumb", PS1="> "))
        self.addCleanup(self.end)
        functions = self.build / "share/zsh/site-functions"
        self.type(f"fpath=({functions} $fpath); autoload -Uz compinit; compinit -u -D\n")
        self.type("echo rea''dy\n")
        self.read_until("ready")

    def end(self):
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)
        os.close(self.terminal)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read_until(self, wanted):
        text = ""
        until = time.monotonic() + LIMIT
        while wanted not in text:
            left = until - time.monotonic()
            self.assertGreater(left, 0, f"no {wanted!r} in {text!r}")
            if select.select([self.terminal], [], [], left)[0]:
                text += os.read(self.terminal, 65536).decode(errors="replace")

    def assert_tab(self, typed, shown):
        self.type(typed + "\t")
        self.read_until(shown)
        # Away with the line.
        self.type("\x15")

    def test_finishes_commands_flags_choices_and_files(self):
        self.write("some.toml", "")
        self.assert_tab("coven ta", "coven tail ")
        self.assert_tab("coven tail --color=n", "--color=never")
        self.assert_tab("coven tail --config=so", "--config=some.toml")
        self.assert_tab("coven-chat --join-l", "--join-limit ")
        self.assert_tab("coven-broker --log-level d", "--log-level debug")
        self.assert_tab("coven config ", "check   -- say all that is wrong")


class Fish(FrontDoor):
    def completions(self, line, program="coven"):
        script = self.build / f"share/fish/vendor_completions.d/{program}.fish"
        done = self.run_program("fish", "--no-config", "-c",
                                f"source {script}; complete -C '{line}'")
        self.assertEqual(done.stderr, "")
        return [answer.split("\t")[0] for answer in done.stdout.splitlines() if answer]

    def test_finishes_commands_flags_choices_and_files(self):
        self.write("some.toml", "")
        self.assertEqual(self.completions("coven ta"), ["tail"])
        self.assertEqual(set(self.completions("coven tail --color ")), {"auto", "always", "never"})
        self.assertEqual(self.completions("coven tail --color=n"), ["--color=never"])
        self.assertEqual(self.completions("coven tail --config=so"), ["--config=some.toml"])
        self.assertEqual(self.completions("coven config s"), ["sample", "schema"])
        self.assertEqual(self.completions("coven-chat --join-l", "coven-chat"), ["--join-limit"])


class Topics(FrontDoor):
    def doors(self):
        return {f"COVEN_BUS_{door.upper()}": f"ipc://{self.folder}/{door}"
                for door in ("publish", "subscribe", "request")}

    def start_broker(self):
        ready = str(self.folder / "ready")
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(notify.close)
        notify.bind(ready)
        notify.settimeout(LIMIT)
        broker = subprocess.Popen(
            [self.bin / "coven-broker", "--data", self.folder / "data", "--metrics-listen", "off"],
            stderr=subprocess.DEVNULL, env=self.environment(NOTIFY_SOCKET=ready, **self.doors()))
        self.addCleanup(broker.wait, LIMIT)
        self.addCleanup(broker.terminate)
        notify.recv(65536)

    def start_chat(self):
        chat = subprocess.Popen([self.bin / "coven-chat", "--metrics-listen", "off"],
                                stderr=subprocess.DEVNULL, env=self.environment(**self.doors()))
        self.addCleanup(chat.wait, LIMIT)
        self.addCleanup(chat.terminate)

    def test_come_from_the_running_broker(self):
        self.start_broker()
        self.start_chat()
        until = time.monotonic() + LIMIT
        offered = ""
        while "bus.chat.chat-1.state\t" not in offered:
            self.assertLess(time.monotonic(), until)
            offered = self.printed("complete", "--", "coven", "tail", "bus.c", **self.doors())

    def test_are_none_and_soon_without_a_broker(self):
        began = time.monotonic()
        self.assertEqual(
            self.printed("complete", "--", "coven", "tail", "bus.b", **self.doors()), "")
        self.assertLess(time.monotonic() - began, 10)


class Words(FrontDoor):
    def test_every_command_of_the_help_is_offered(self):
        offered = self.printed("complete", "--", "coven", "")
        for line in self.printed("--help").partition("Subcommands:\n")[2].splitlines():
            if not line.strip():
                break
            self.assertIn(line.split()[0] + "\t", offered)

    def test_every_flag_of_a_programs_help_is_offered(self):
        for program in ("coven-broker", "coven-chat", "coven-sim"):
            offered = self.printed("complete", "--", program, "--")
            text = self.run_program(self.bin / program, "--help").stdout
            flags = [word for line in text.splitlines() if line.startswith("  -")
                     for word in line.split()[0].split(",") if word.startswith("--")]
            self.assertGreater(len(flags), 10)
            for flag in flags:
                self.assertIn(flag + "\t", offered)


if __name__ == "__main__":
    main()
