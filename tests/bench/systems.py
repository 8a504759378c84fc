"""The systems under test as processes, and the load that runs through them."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "end_to_end"))
from strangers import BareReader  # noqa: E402
from system import Failed, System, wait_until  # noqa: E402

RUN_LIMIT = 120
TOPICS = 64
# Of the events of sample_event.hpp.
TOPIC_PREFIX = b"twitch.chat."


def cpu_seconds(pid):
    """User and system time of a process, all its threads (the CPU clock of clock_getcpuclockid)."""
    return time.clock_gettime((~pid << 3) | 2)


def resident_bytes(pid):
    """The resident set: what `ps` and `top` call RSS, shared libraries in full."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) * 1024
    raise Failed(f"the kernel does not say how large process {pid} is")


class Peer:
    """A running system under test: how to get in, how to get out, and whose CPU counts. `history`
    is the way to what it has stored."""

    def __init__(self, program, sender, receiver, history=None):
        self.program = program
        self.sender = sender
        self.receiver = receiver
        self.history = history

    @property
    def pid(self):
        return self.program.process.pid


def start_coven(system, durability="off", keep_size="10GiB", stored=False):
    """`stored`: its publisher waits for acknowledgements."""
    broker = system.start("broker", [
        system.bin / "coven-broker", "--data", system.folder / "data",
        f"--journal-durability={durability}", f"--journal-keep-size={keep_size}",
        "--metrics.listen=127.0.0.1:0", "--log.level=error",
        *(f"--bus.{door}=tcp://127.0.0.1:0" for door in ("publish", "subscribe", "request"))])
    publish, subscribe = broker.ready["COVEN_PUBLISH"], broker.ready["COVEN_SUBSCRIBE"]
    sender = ("push-stored", f"{publish},{subscribe}") if stored else ("push", publish)
    return Peer(broker, sender, ("sub", subscribe), ("history", broker.ready["COVEN_REQUEST"]))


def start_bare(system, what, sender):
    program = system.start(f"bare-{what}", [system.bin / "bench-bare", what])
    return Peer(program, (sender, program.ready["COVEN_PUBLISH"]),
                ("sub", program.ready["COVEN_SUBSCRIBE"]))


def start_nats(system, sender, receiver, *options):
    """Debian's nats-server with its defaults, on a free port that it writes into a file."""
    program = system.start("nats", ["nats-server", "-a", "127.0.0.1", "-p", "-1",
                                    "--ports_file_dir", system.folder, *options], ready=False)
    ports = system.folder / f"nats-server_{program.process.pid}.ports"

    def port():
        try:
            return json.loads(ports.read_text())["nats"][0].rpartition(":")[2]
        except (FileNotFoundError, ValueError):
            return None

    door = wait_until("nats-server listens", port)
    return Peer(program, (sender, door), (receiver, door))


START = {
    "coven": start_coven,
    "coven-journal": lambda system: start_coven(system, "commit"),
    # Full after a fifth of a run: from then on as much is removed as comes.
    "coven-full-journal": lambda system: start_coven(system, "commit", keep_size="64MiB"),
    "coven-stored": lambda system: start_coven(system, "commit", stored=True),
    "bare": lambda system: start_bare(system, "loop", "push"),
    "proxy": lambda system: start_bare(system, "proxy", "pub"),
    "nats": lambda system: start_nats(system, "nats", "nats"),
    "raw-nats": lambda system: start_nats(system, "raw-nats", "raw-nats"),
    "jetstream": lambda system: start_nats(system, "jetstream", "nats", "-js",
                                           "-sd", system.folder / "jetstream"),
}


CALLED = {
    "coven": lambda system: start_coven(system).program,
    "bare": lambda system: system.start("bare-echo", [system.bin / "bench-bare", "echo"]),
}


def finish(name, process):
    """What a program of the load printed; it must end well."""
    try:
        output, _ = process.communicate(timeout=RUN_LIMIT)
    except subprocess.TimeoutExpired:
        raise Failed(f"{name} did not end within {RUN_LIMIT} s") from None
    if process.returncode != 0:
        raise Failed(f"{name} ended with {process.returncode}")
    return output


class Load:
    """Programs that work on a running system: publishers and readers that share a page."""

    def __init__(self, system, events, size, per_second=0):
        self.system = system
        self.events = events
        self.size = size
        self.per_second = per_second
        self.readers = []
        self.publishers = []
        self.page = system.folder / "page"
        self.page.write_bytes(b"")

    def read(self, receiver):
        self.readers.append(self._start("bench-read", *receiver, self.page, len(self.readers),
                                        self.events, self.size,
                                        "yes" if self.per_second else "no"))

    def publish(self, sender):
        self.publishers.append(self._start("bench-publish", *sender, self.page, len(self.readers),
                                           self.events, self.size, TOPICS, self.per_second))

    def _start(self, program, *words):
        return subprocess.Popen([str(word) for word in (self.system.bin / program, *words)],
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def results(self):
        """What each reader measured. Each has had every event, in order, or this fails."""
        processes = self.readers + self.publishers
        try:
            outputs = [finish(process.args[0], process) for process in processes]
        finally:
            for process in processes:
                if process.poll() is None:
                    process.kill()
        return [json.loads(output) for output in outputs[:len(self.readers)]]


def run(programs, name, readers, events, size, per_second=0, stopped=0):
    """Starts the system `name` afresh and sends events through it. Events per second, CPU of the
    system in µs per event, and with `per_second` the delays in µs. Beside its readers so many have
    subscribed and read nothing."""
    with System(programs) as system, contextlib.ExitStack() as idle:
        peer = START[name](system)
        for _ in range(stopped):
            idle.callback(BareReader(peer.receiver[1], TOPIC_PREFIX).close)
        before = cpu_seconds(peer.pid)
        load = Load(system, events, size, per_second)
        for _ in range(readers):
            load.read(peer.receiver)
        load.publish(peer.sender)
        read = load.results()
        used = cpu_seconds(peer.pid) - before
    result = {"rate": rate_of(read), "cpu": used / events * 1e6}
    if per_second:
        for key in ("p50", "p99", "p99_whole"):
            result[key] = read[0][f"{key}_ns"] / 1000
    return result


def rate_of(read):
    begin = min(reader["begin_ns"] for reader in read)
    end = max(reader["end_ns"] for reader in read)
    return read[0]["events"] / (end - begin) * 1e9


def store(system, events, size):
    """A broker that has stored so many events."""
    peer = START["coven-stored"](system)
    load = Load(system, events, size)
    load.publish(peer.sender)
    load.results()
    return peer


def replay(programs, events, size):
    """Events per second of one reader that reads them from history."""
    with System(programs) as system:
        peer = store(system, events, size)
        load = Load(system, events, size)
        load.read(peer.history)
        return rate_of(load.results())


def recovery(programs, gigabytes, size):
    """Seconds from the start of a broker to its being ready, after a kill -9 with a journal of so
    many GiB."""
    with System(programs) as system:
        peer = store(system, int(gigabytes * 2**30 / size), size)
        peer.program.kill()
        begin = time.monotonic()
        START["coven-stored"](system)
        return time.monotonic() - begin


def call(programs, name, calls):
    """Microseconds of the median call of a connector, one at a time, through the system `name`."""
    with System(programs) as system:
        program = CALLED[name](system)
        door = program.ready["COVEN_REQUEST"]
        system.start("answer", [system.bin / "bench-call", "answer", name, door])
        done = subprocess.run([system.bin / "bench-call", "ask", name, door, str(calls)],
                              capture_output=True, text=True, timeout=RUN_LIMIT, check=False)
    if done.returncode != 0:
        raise Failed(f"bench-call: {done.stderr}")
    return json.loads(done.stdout)["p50_ns"] / 1000


def functions(programs, seconds):
    """Nanoseconds of CPU for a line of chat: {name: ns}, and where the lines come from."""
    done = subprocess.run(
        [Path(programs) / "bench-functions", f"--benchmark_min_time={seconds}",
         "--benchmark_format=json"],
        capture_output=True, text=True, timeout=RUN_LIMIT, check=True)
    found = json.loads(done.stdout)["benchmarks"]
    return {row["name"]: row["cpu_time"] for row in found}, found[0]["label"]
