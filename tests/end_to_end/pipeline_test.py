"""N lines in are N events out, in order, per channel; and the recordings pass through whole."""

import unittest
from pathlib import Path

from chat_lines import PRIVMSG, enumerate_unnamed, losses, received, said, same_messages
from system import System, command_line, wait_until

PROGRAMS = None
CHANNELS = [f"channel_{number}" for number in range(12)]
LINES = 20_000
RECORDINGS = Path(__file__).parents[3] / "shared/recordings/twitch-chat-lines.txt"


def count(ids):
    return sum(len(of_channel) for of_channel in ids.values())


class Pipeline(unittest.TestCase):
    def run_sim(self, system, channels, *arguments):
        """Everything said by a sim that plays `arguments` until its end, as (sent, events)."""
        system.broker()
        system.tail("reader", "twitch.chat.>")
        sim = system.sim("--rate=4000", f"--wait_for_channels={len(channels)}", "--joins=1000",
                         "--linger=2s", *arguments)
        system.chat(sim.ready["COVEN_CHAT_URL"], channels)
        self.assertEqual(sim.process.wait(60), 0, sim.log())
        sent = said(system.lines_of("sent"))
        # What was sent twice under one id arrives once.
        wanted = sum(len(set(enumerate_unnamed(ids))) for ids in sent.values())
        wait_until(f"{wanted} events at the reader",
                   lambda: count(received(system.lines_of("reader"))) >= wanted)
        return sent, system.lines_of("reader")

    def test_every_line_is_an_event_in_the_order_of_its_channel(self):
        with System(PROGRAMS) as system:
            sent, events = self.run_sim(system, CHANNELS, "--channels", ",".join(CHANNELS),
                                        f"--lines={LINES}")
            self.assertEqual(count(sent), LINES)
            self.assertEqual(received(events), sent)
            self.assertEqual(losses(events), [])
            chat = system.running[-1]
            self.assertEqual(chat.stop(), 0, chat.log())

    @unittest.skipUnless(RECORDINGS.exists(), "the recordings are not part of the project")
    def test_recorded_lines_pass_through(self):
        # A refused login among them would end the connection, and what is under way with it.
        lines = [line for line in RECORDINGS.read_text().splitlines() if " NOTICE * " not in line]
        chat_lines = [line for line in lines if PRIVMSG.match(line)]
        channels = sorted({PRIVMSG.match(line)["channel"] for line in chat_lines})
        with System(PROGRAMS) as system:
            played = system.folder / "recordings.txt"
            played.write_text("\n".join(lines) + "\n")
            sent, events = self.run_sim(system, channels, "--file", str(played),
                                        "--end_when_done=true")
            self.assertEqual(count(sent), len(chat_lines))
            events_of = received(events)
            for channel, ids in sent.items():
                self.assertTrue(same_messages(ids, events_of[channel]), channel)
            print(f"{len(chat_lines)} recorded lines")


if __name__ == "__main__":
    PROGRAMS = command_line("programs").programs
    unittest.main()
