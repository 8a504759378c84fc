"""What moderators of a simulated Twitch delete goes from the journal, if the broker is told so."""

import itertools
import unittest

from system import System, command_line, wait_until

PROGRAMS = None
BOB = "77"
DELETED = "deleted by a moderator"
TIMED_OUT = "of somebody who was timed out"
CLEARED = "in a room that was cleared"
KEPT = ("of somebody else", "of the same person elsewhere", "after it all")


class Deletes(unittest.TestCase):
    def run_system(self, system, honour):
        self.system = system
        self.number = itertools.count()
        system.broker(f"--journal.honour_deletes={honour}")
        self.sim = system.sim("--rate=1", "--channels=elsewhere")
        system.tail("reader", "twitch.chat.>")
        system.chat(self.sim.ready["COVEN_CHAT_URL"], ["meadow", "forest", "desert"],
                    "--deleted_text=false")
        wait_until("the channels to be joined", lambda: all(
            row["state"] == "STATE_JOINED" for row in system.ask("channels")) and
            len(system.ask("channels")) == 3)
        self.say("meadow", DELETED)
        self.say("meadow", KEPT[0])
        self.say("meadow", TIMED_OUT, BOB)
        self.say("forest", KEPT[1], BOB)
        self.say("desert", CLEARED)
        [line] = [event["id"] for event in system.lines_of("reader")
                  if DELETED in str(event)]
        clear = f"@login=eve;target-msg-id={line};tmi-sent-ts=1 :tmi.twitch.tv CLEARMSG #meadow :x"
        timeout = f"@ban-duration=60;target-user-id={BOB};tmi-sent-ts=1 :tmi.twitch.tv CLEARCHAT"
        for words in (("raw", clear), ("raw", f"{timeout} #meadow :bob"), ("clear", "desert")):
            system.drive(self.sim, *words)
        self.wait_for_live('"tv.twitch.chat.deleted"', 1)
        self.wait_for_live('"tv.twitch.chat.clear"', 2)
        self.say("meadow", KEPT[2])

    def live(self):
        return self.system.folder.joinpath("reader.jsonl").read_text()

    def wait_for_live(self, text, count):
        wait_until(f"{count} of {text}", lambda: self.live().count(text) >= count)

    def say(self, channel, text, user="1"):
        tags = f"@id={next(self.number)};user-id={user};tmi-sent-ts=1"
        line = f"{tags} :x!x@x.tmi.twitch.tv PRIVMSG #{channel} :{text}"
        self.system.drive(self.sim, "raw", line)
        self.wait_for_live(text, 1)

    def past(self):
        """Everything that the broker has kept."""
        name = f"past-{next(self.number)}"
        reader = self.system.tail(name, "twitch.chat.>", "--since", "1h")
        file = self.system.folder / f"{name}.jsonl"
        wait_until("the past to its end", lambda: KEPT[2] in file.read_text())
        reader.stop()
        return file.read_text()

    def test_goes_from_the_journal(self):
        with System(PROGRAMS) as system:
            self.run_system(system, "true")

            def gone():
                past = self.past()
                return past if not any(text in past for text in (DELETED, TIMED_OUT, CLEARED)) \
                    else None
            past = wait_until("the deleted texts to go", gone)
            for text in KEPT:
                self.assertIn(text, past)

    def test_stays_where_the_journal_is_evidence(self):
        with System(PROGRAMS) as system:
            self.run_system(system, "false")
            past = self.past()
            for text in (DELETED, TIMED_OUT, CLEARED, *KEPT):
                self.assertIn(text, past)


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
