"""What `make bench` prints and keeps: the table, docs/performance.md, and a file for each run."""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from figures import FIGURES, value_of, verdict

PACKAGES = ("libzmq5", "libprotobuf32", "nats-server", "libnats3.4", "libbenchmark-dev")
HEAD = ("figure", "Coven", "peer", "", "ratio", "gate", "goal", "reached")


def say(text):
    print(text, file=sys.stderr, flush=True)


def output_of(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


@dataclass
class About:
    """What a run was made with."""

    date: str
    commit: str
    machine: str
    packages: str
    load: float
    minutes: float
    pairs: int
    lines: str

    @classmethod
    def of_this_run(cls, root, started, load, pairs, lines):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        commit = output_of("git", "-C", str(root), "rev-parse", "--short=10", "HEAD")
        changed = output_of("git", "-C", str(root), "status", "--porcelain", "--untracked-files=no")
        installed = output_of("dpkg-query", "-W", "-f", "${Package} ${Version}, ", *PACKAGES)
        return cls(
            time.strftime("%Y-%m-%d", time.gmtime(started)), commit + ("+" if changed else ""),
            f"{processor()}, {os.cpu_count()} CPUs, {memory:.0f} GiB, Linux {platform.release()}",
            installed.rstrip(", "), round(load, 1), round((time.time() - started) / 60, 1), pairs,
            lines)


def number(value):
    """Three digits that count, thousands apart."""
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def cells(figure, measured):
    """The row of a figure."""
    if not measured.ours:
        return (figure.text, "", "", figure.peer, "", *figure.bounds(), verdict(figure, measured))
    ours = f"{number(statistics.median(measured.ours))} {figure.unit}"
    peer = number(statistics.median(measured.peer)) if figure.peer else ""
    ratio = f"{value_of(figure, measured):.2f}" if figure.peer else ""
    return (figure.text, ours, peer, figure.peer, ratio, *figure.bounds(),
            verdict(figure, measured))


def table(results):
    """The table for a terminal, which is Markdown too."""
    rows = [HEAD] + [cells(figure, results[figure.key]) for figure in FIGURES]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |"
             for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def page(about, results, template):
    """docs/performance.md."""
    fields = asdict(about)
    fields["table"] = table(results)
    for key, value in fields.items():
        template = template.replace("{" + key + "}", str(value))
    return template


def write(root, about, results):
    template = (root / "tests/bench/performance.md.in").read_text()
    (root / "docs/performance.md").write_text(page(about, results, template))
    kept = {key: asdict(measured) for key, measured in results.items()}
    rounded = json.loads(json.dumps(kept), parse_float=lambda text: float(f"{float(text):.5g}"))
    rows = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in rounded.items())
    runs = root / "tests/bench/runs"
    runs.mkdir(exist_ok=True)
    (runs / f"{about.date}-{about.commit}.json").write_text(
        f'{{"about": {json.dumps(asdict(about))},\n"figures": {{\n{rows}\n}}}}\n')
