"""Chat on its whole way: coven-sim, the chat connector, the broker, a consumer."""

import json

from systems import RUN_LIMIT, Failed, System, cpu_seconds, resident_bytes, start_coven, wait_until

# Twitch's limits, out of the way: tests prove them. Nobody waits for them here.
UNLIMITED_SIM = ["--joins=1000000", "--logins=1000000", "--log.level=error", "--control=none"]
UNLIMITED_CHAT = ["--join_limit=100000", "--join_window=1s", "--connect_every=10ms"]


def start_chat(system, url, channels):
    """The connector that hears sim_0001 and so on."""
    names = [f"sim_{number:04}" for number in range(1, channels + 1)]
    config = system.folder / "chat.toml"
    config.write_text(f"[chat]\nchannels = {json.dumps(names)}\n")
    return system.start("chat", [
        system.bin / "coven-chat", *system.doors, "--config", config, "--log.level=error",
        f"--twitch.chat_url={url}", *UNLIMITED_CHAT])


class Count:
    """A consumer that counts messages: bench-count."""

    def __init__(self, system, messages):
        self.path = system.folder / "count.jsonl"
        doors = [system.door(name) for name in ("publish", "subscribe", "request")]
        with open(self.path, "wb") as output:
            self.program = system.start("count", [system.bin / "bench-count", *doors, messages],
                                        stdout=output)

    def line(self, number):
        """The first line comes with the first message, the second one at the end."""
        def written():
            lines = self.path.read_text().splitlines()
            return lines[number - 1] if len(lines) >= number else None

        return json.loads(wait_until("bench-count counts", written, RUN_LIMIT, pause=0.005))


def flow(programs, channels, per_second, messages):
    """Messages per second that a consumer got of so many, and CPU nanoseconds of the connector for
    each. Raises when one is missing."""
    with System(programs) as system:
        system.doors = doors_of(start_coven(system).program)
        sim = system.start("sim", [
            system.bin / "coven-sim", f"--channel_count={channels}", f"--rate={per_second}",
            f"--lines={messages}", f"--wait_for_channels={channels}", *UNLIMITED_SIM])
        count = Count(system, messages)
        chat = start_chat(system, sim.ready["COVEN_CHAT_URL"], channels)
        count.line(1)
        before = cpu_seconds(chat.process.pid)
        told = count.line(2)
        used = cpu_seconds(chat.process.pid) - before
    if told["messages"] != messages or told["losses"] or told["gaps"]:
        raise Failed(f"chat at {per_second}/s: of {messages} messages came {told}")
    seconds = (told["end_ns"] - told["begin_ns"]) / 1e9
    return messages / seconds, used / messages * 1e9


def doors_of(broker):
    return [f"--bus.{name}={broker.ready['COVEN_' + name.upper()]}"
            for name in ("publish", "subscribe", "request")]


def memory_of_chat(programs, channels):
    """Resident bytes of a connector that has joined so many channels in which nobody speaks."""
    with System(programs) as system:
        system.broker("--journal-durability=off")
        sim = system.start("sim", [
            system.bin / "coven-sim", f"--channel_count={channels}",
            f"--wait_for_channels={channels + 1}", *UNLIMITED_SIM])
        chat = start_chat(system, sim.ready["COVEN_CHAT_URL"], channels)

        def joined():
            rows = [row["presence"] for row in system.ask("connectors")]
            return any(row["kind"] == "chat" and row["state"] == "STATE_READY" for row in rows)

        wait_until(f"{channels} channels are joined", joined)
        return resident_bytes(chat.process.pid)


def memory_of_broker(programs):
    """Resident bytes of a broker without clients."""
    with System(programs) as system:
        return resident_bytes(system.broker().process.pid)
