"""What is measured and what it must reach. No processes in here: numbers in, verdicts out."""

import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One row of the table. `gate` must hold, `goal` is where we want to be."""

    key: str
    text: str
    unit: str
    # None: no mark, for information.
    gate: float | None
    goal: float | None
    # True: the more the better.
    rises: bool
    # What the ratio is against; "" = the figure is judged by itself.
    peer: str = ""

    def reaches(self, value, mark):
        return value >= mark if self.rises else value <= mark

    def bounds(self):
        """Gate and goal in words."""
        sign = "≥" if self.rises else "≤"
        marks = (self.gate, self.goal)
        return tuple("" if mark is None else f"{sign} {mark:g}" for mark in marks)


def rates(size, label):
    """The rows that one size of events has."""
    rows = []
    for readers, bare, nats, cpu in (
            (1, (0.80, 0.90), (1.15, 1.3), (1.3, 1.15)),
            (4, (0.88, 0.95), (1.25, 1.4), (1.2, 1.08))):
        name = f"{label}, 1→{readers}"
        rows += [
            Figure(f"rate-{size}-{readers}-bare", f"broker, {name}", "events/s", *bare, True,
                   "bare loop"),
            Figure(f"rate-{size}-{readers}-nats", f"broker, {name}", "events/s", *nats, True,
                   "nats-server"),
            Figure(f"rate-{size}-{readers}-raw-nats", f"broker, {name}", "events/s", None, None,
                   True, "nats-server, raw client"),
            Figure(f"cpu-{size}-{readers}-bare", f"broker's CPU, {name}", "µs/event", *cpu, False,
                   "bare loop"),
        ]
    return rows


def delays(size, label):
    return [
        Figure(f"p50-{size}", f"latency at 10 000/s, p50, {label}", "µs", 1.15, 1.0, False,
               "zmq_proxy"),
        Figure(f"p99-{size}", f"latency at 10 000/s, p99, {label}", "µs", 1.5, 1.1, False,
               "zmq_proxy"),
        Figure(f"p99_whole-{size}", f"latency at 10 000/s, p99 of the whole run, {label}", "µs",
               None, None, False, "zmq_proxy"),
    ]


SIZES = {256: "256 B", 1024: "1 KiB"}


def stored(size, label):
    """The rows of the journal that one size of events has."""
    return [
        Figure(f"stored-{size}", f"acknowledged and stored, {label}, 1→1", "events/s", 3.0, 5.0,
               True, "JetStream, files"),
        Figure(f"journal-{size}", f"live beside a full journal, {label}, 1→1", "events/s", 0.72,
               0.80, True, "journal off"),
        Figure(f"replay-{size}", f"history to one reader, {label}", "events/s", 1.0, 2.0, True,
               "live, 1→1"),
        Figure(f"p99-journal-{size}", f"latency at 10 000/s, p99, {label}, journal on", "µs", 1.3,
               1.1, False, "journal off"),
        Figure(f"p99_whole-journal-{size}",
               f"latency at 10 000/s, p99 of the whole run, {label}, journal on", "µs", None, None,
               False, "journal off"),
    ]


FIGURES = [row for size, label in SIZES.items() for row in rates(size, label)]
FIGURES += [row for size, label in SIZES.items() for row in delays(size, label)]
FIGURES += [row for size, label in SIZES.items() for row in stored(size, label)]
FIGURES += [
    # G8 of docs/guarantees.md: a reader that stands still costs the others no more than this.
    Figure("p99-stopped", "latency at 10 000/s, p99, 256 B, beside a stopped reader", "µs", 2.0,
           1.2, False, "without it"),
    Figure("parts", "chat line → tags, prefix, command, parameters", "ns", 3.0, 2.0, False,
           "splitting"),
    Figure("event", "chat line → encoded event", "ns", 7.5, 6.0, False, "splitting"),
    Figure("chat-rate", "chat, 10 000 channels at 20 000/s, none lost", "messages/s", 19_000,
           19_900, True),
    Figure("chat-cpu", "chat's CPU at that, WebSocket to bus", "ns/message", 4.0, 3.0, False,
           "line → event"),
    Figure("call", "command and answer through a connector, p50", "µs", 1.5, 1.2, False,
           "bare echo, one hop"),
    Figure("recovery", "from kill -9 with a journal of 1 GiB to ready", "s", 2.0, 0.5, False),
    Figure("memory-broker", "memory at rest: broker", "MB", 16, 12, False),
    Figure("memory-chat", "memory at rest: chat, 1 000 channels", "MB", 40, 20, False),
    Figure("memory-channel", "memory at rest: one of 10 000 channels", "KB", 2.0, 1.5, False),
]


@dataclass
class Measured:
    """The pairs of one figure, in the order they were run. Without a peer only `ours` is filled."""

    ours: list = field(default_factory=list)
    peer: list = field(default_factory=list)

    def add(self, ours, peer=None):
        self.ours.append(ours)
        if peer is not None:
            self.peer.append(peer)

    def ratios(self):
        return [ours / peer for ours, peer in zip(self.ours, self.peer, strict=True)]


def value_of(figure, measured):
    """What is judged: the median of the pairs' ratios, or of our own values."""
    return statistics.median(measured.ratios() if figure.peer else measured.ours)


def verdict(figure, measured):
    if not measured.ours:
        return "not measured"
    if figure.gate is None:
        return ""
    value = value_of(figure, measured)
    if figure.reaches(value, figure.goal):
        return "goal"
    return "gate" if figure.reaches(value, figure.gate) else "BELOW"


def alternated(names, turn):
    """The order of a repetition: each system goes first, second, last equally often."""
    shift = turn % len(names)
    order = names[shift:] + names[:shift]
    return order[::-1] if turn % 2 else order


def exit_status(results, judged):
    """1 when a gate is missed, or a figure was not measured, and the gates count."""
    verdicts = [verdict(figure, results[figure.key]) for figure in FIGURES]
    return int(judged and any(word in ("BELOW", "not measured") for word in verdicts))
