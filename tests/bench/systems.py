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
    """A running system under test: how to get in, how to get out, and whose CPU counts."""

    def __init__(self, program, sender, receiver):
        self.program = program
        self.sender = sender
        self.receiver = receiver

    @property
    def pid(self):
        return self.program.process.pid


def start_coven(system, durability):
    broker = system.start("broker", [
        system.bin / "coven-broker", "--data", system.folder / "data",
        f"--journal-durability={durability}",
        "--metrics.listen=127.0.0.1:0", "--log.level=error",
        *(f"--bus.{door}=tcp://127.0.0.1:0" for door in ("publish", "subscribe", "request"))])
    return Peer(broker, ("push", broker.ready["COVEN_PUBLISH"]),
                ("sub", broker.ready["COVEN_SUBSCRIBE"]))


def start_bare(system, what, sender):
    program = system.start(f"bare-{what}", [system.bin / "bench-bare", what])
    return Peer(program, (sender, program.ready["COVEN_PUBLISH"]),
                ("sub", program.ready["COVEN_SUBSCRIBE"]))


def start_nats(system, scheme):
    """Debian's nats-server with its defaults, on a free port that it writes into a file."""
    program = system.start("nats", ["nats-server", "-a", "127.0.0.1", "-p", "-1",
                                    "--ports_file_dir", system.folder], ready=False)
    ports = system.folder / f"nats-server_{program.process.pid}.ports"

    def port():
        try:
            return json.loads(ports.read_text())["nats"][0].rpartition(":")[2]
        except (FileNotFoundError, ValueError):
            return None

    door = wait_until("nats-server listens", port)
    return Peer(program, (scheme, door), (scheme, door))


START = {
    "coven": lambda system: start_coven(system, "off"),
    "coven-journal": lambda system: start_coven(system, "commit"),
    "bare": lambda system: start_bare(system, "loop", "push"),
    "proxy": lambda system: start_bare(system, "proxy", "pub"),
    "nats": lambda system: start_nats(system, "nats"),
    "raw-nats": lambda system: start_nats(system, "raw-nats"),
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
    """One publisher and some readers on a running system."""

    def __init__(self, system, peer, readers, events, size, per_second=0):
        self.processes = []
        page = system.folder / "page"
        page.write_bytes(b"")
        for index in range(readers):
            self._start(system.bin / "bench-read", *peer.receiver, page, index, events, size,
                        "yes" if per_second else "no")
        self._start(system.bin / "bench-publish", *peer.sender, page, readers, events, size,
                    TOPICS, per_second)

    def _start(self, *command):
        self.processes.append(subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE))

    def results(self):
        """What each reader measured. Each has had every event, in order, or this fails."""
        try:
            outputs = [finish(process.args[0], process) for process in self.processes]
        finally:
            for process in self.processes:
                if process.poll() is None:
                    process.kill()
        return [json.loads(output) for output in outputs[:-1]]


def run(programs, name, readers, events, size, per_second=0, stopped=0):
    """Starts the system `name` afresh and sends events through it. Events per second, CPU of the
    system in µs per event, and with `per_second` the delays in µs. Beside its readers so many have
    subscribed and read nothing."""
    with System(programs) as system, contextlib.ExitStack() as idle:
        peer = START[name](system)
        for _ in range(stopped):
            idle.callback(BareReader(peer.receiver[1], TOPIC_PREFIX).close)
        before = cpu_seconds(peer.pid)
        read = Load(system, peer, readers, events, size, per_second).results()
        used = cpu_seconds(peer.pid) - before
    begin = min(reader["begin_ns"] for reader in read)
    end = max(reader["end_ns"] for reader in read)
    result = {"rate": read[0]["events"] / (end - begin) * 1e9, "cpu": used / events * 1e6}
    if per_second:
        result["p50"] = read[0]["p50_ns"] / 1000
        result["p99"] = read[0]["p99_ns"] / 1000
    return result


def functions(programs, seconds):
    """Nanoseconds of CPU for a line of chat: {name: ns}, and where the lines come from."""
    done = subprocess.run(
        [Path(programs) / "bench-functions", f"--benchmark_min_time={seconds}",
         "--benchmark_format=json"],
        capture_output=True, text=True, timeout=RUN_LIMIT, check=True)
    found = json.loads(done.stdout)["benchmarks"]
    return {row["name"]: row["cpu_time"] for row in found}, found[0]["label"]


def memory(programs, channels):
    """Resident bytes of a broker without clients, and of a chat connector that has joined so many
    channels of the local Twitch."""
    with System(programs) as system:
        broker = system.broker()
        at_rest = resident_bytes(broker.process.pid)
        sim = system.start("sim", [
            system.bin / "coven-sim", f"--channel_count={channels}", "--rate=1", "--joins=100000"])
        names = [f"sim_{number:04}" for number in range(1, channels + 1)]
        chat = system.chat(sim.ready["COVEN_CHAT_URL"], names)

        def joined():
            rows = [row["presence"] for row in system.ask("connectors")]
            return any(row["kind"] == "chat" and row["state"] == "STATE_READY" for row in rows)

        wait_until(f"{channels} channels are joined", joined)
        return at_rest, resident_bytes(chat.process.pid)
