"""Measures Coven against its peers on this machine: `make bench` runs it.

Every figure is taken in pairs, ours and the peer's one after the other in changing order, and is
the median of the pairs' ratios. Exit status: 0 fine, 1 below a gate, 2 wrong usage, 3 the
measurement itself failed.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import chat_load
import report
import systems
from figures import FIGURES, SIZES, Measured, alternated, exit_status

ROOT = Path(__file__).resolve().parents[2]
CHANNELS = 1000
MANY_CHANNELS = 10_000
CHAT_PACE = 20_000
PACE = 10_000

# Events of one run, so that each lasts about a second: {(bytes, readers): events}.
LONG = {(256, 1): 1_000_000, (256, 4): 500_000, (1024, 1): 500_000, (1024, 4): 250_000}
SHORT = {key: events // 10 for key, events in LONG.items()}
RIVALS = ["coven", "bare", "nats", "raw-nats"]


class Bench:
    """One session of measuring. Results grow in `results`, by the key of their figure."""

    def __init__(self, programs, pairs, short):
        self.programs = programs
        self.pairs = pairs
        self.events = SHORT if short else LONG
        self.paced_events = PACE // 2 if short else 3 * PACE
        self.chat_messages = CHAT_PACE // 2 if short else 5 * CHAT_PACE
        self.function_seconds = 0.05 if short else 0.4
        self.count_of_calls = 1_000 if short else 10_000
        self.gigabytes = 0.1 if short else 1
        self.results = {figure.key: Measured() for figure in FIGURES}
        self.lines = ""

    def run(self):
        for turn in range(self.pairs):
            report.say(f"pair {turn + 1} of {self.pairs}")
            for size in SIZES:
                for readers in (1, 4):
                    self.throughput(turn, size, readers)
                self.latency(turn, size)
                self.stored(turn, size)
            self.isolation(turn)
            self.calls(turn)
            self.functions()
            self.chat()
        self.recovery()
        self.memory()

    def throughput(self, turn, size, readers):
        events = self.events[size, readers]
        got = {name: systems.run(self.programs, name, readers, events, size)
               for name in alternated(RIVALS, turn)}
        name = f"{size}-{readers}"
        for peer in ("bare", "nats", "raw-nats"):
            self.results[f"rate-{name}-{peer}"].add(got["coven"]["rate"], got[peer]["rate"])
        self.results[f"cpu-{name}-bare"].add(got["coven"]["cpu"], got["bare"]["cpu"])

    def stored(self, turn, size):
        events = self.events[size, 1]

        def rate(name, count=events):
            return systems.run(self.programs, name, 1, count, size)["rate"]

        got = {name: rate(name, events // 2)
               for name in alternated(["coven-stored", "jetstream"], turn)}
        self.results[f"stored-{size}"].add(got["coven-stored"], got["jetstream"])
        got = {name: rate(name) for name in alternated(["coven", "coven-full-journal"], turn)}
        self.results[f"journal-{size}"].add(got["coven-full-journal"], got["coven"])
        self.results[f"replay-{size}"].add(systems.replay(self.programs, events // 2, size),
                                           got["coven"])

    def latency(self, turn, size):
        got = {name: systems.run(self.programs, name, 1, self.paced_events, size, PACE)
               for name in alternated(["coven", "proxy"], turn)}
        for key in ("p50", "p99", "p99_whole"):
            self.results[f"{key}-{size}"].add(got["coven"][key], got["proxy"][key])
        got = {name: systems.run(self.programs, name, 1, self.paced_events, size, PACE)
               for name in alternated(["coven", "coven-journal"], turn)}
        for key in ("p99", "p99_whole"):
            self.results[f"{key}-journal-{size}"].add(got["coven-journal"][key], got["coven"][key])

    def isolation(self, turn):
        got = {stopped: systems.run(self.programs, "coven", 1, self.paced_events, 256, PACE,
                                    stopped)
               for stopped in alternated([0, 1], turn)}
        self.results["p99-stopped"].add(got[1]["p99"], got[0]["p99"])

    def calls(self, turn):
        got = {name: systems.call(self.programs, name, self.count_of_calls)
               for name in alternated(["coven", "bare"], turn)}
        self.results["call"].add(got["coven"], got["bare"])

    def functions(self):
        times, self.lines = systems.functions(self.programs, self.function_seconds)
        for key in ("parts", "event"):
            self.results[key].add(times[key], times["split"])

    def chat(self):
        rate, cpu = chat_load.flow(self.programs, MANY_CHANNELS, CHAT_PACE, self.chat_messages)
        self.results["chat-rate"].add(rate)
        self.results["chat-cpu"].add(cpu, self.results["event"].ours[-1])

    def recovery(self):
        report.say("recovery")
        self.results["recovery"].add(systems.recovery(self.programs, self.gigabytes, 1024))

    def memory(self):
        report.say("memory")
        one, some, many = (chat_load.memory_of_chat(self.programs, channels)
                           for channels in (1, CHANNELS, MANY_CHANNELS))
        self.results["memory-broker"].add(chat_load.memory_of_broker(self.programs) / 1e6)
        self.results["memory-chat"].add(some / 1e6)
        self.results["memory-channel"].add((many - one) / (MANY_CHANNELS - 1) / 1e3)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--programs", required=True, type=Path, help="folder of a release build")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--gates", choices=("yes", "no"), default="yes")
    parser.add_argument("--short", action="store_true",
                        help="a tenth of the events; writes no files")
    return parser.parse_args()


def main():
    asked = arguments()
    if asked.pairs < 1:
        print("bench: --pairs is below 1", file=sys.stderr)
        return 2
    started = time.time()
    load = os.getloadavg()[0]
    bench = Bench(asked.programs, asked.pairs, asked.short)
    try:
        bench.run()
    except (systems.Failed, OSError) as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 3
    about = report.About.of_this_run(ROOT, started, load, asked.pairs, bench.lines)
    print("\n" + report.table(bench.results))
    if not asked.short:
        report.write(ROOT, about, bench.results)
    return exit_status(bench.results, asked.gates == "yes")


if __name__ == "__main__":
    sys.exit(main())
