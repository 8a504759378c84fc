"""The image and deploy/compose.yaml, built from the tree and run for real.

Usage: tests/container/container_test.py --root .
Status 77 when COVEN_SKIP_DOCKER=1 says that there is no Docker here.
"""

import argparse
import os
import sys
import time
import unittest
from contextlib import ExitStack
from pathlib import Path

import zmq
from compose import Compose
from engine import base_image, docker, engine

sys.path.insert(0, str(Path(__file__).parents[1] / "end_to_end"))
import system  # noqa: E402

ROOT = None
SKIPPED = 77
SERVICES = ("broker", "chat", "token", "users", "sim", "demo-chat")
HEALTHY_LIMIT = 120
# A question to the engine starts a program.
ASK_AGAIN_AFTER = 0.2
EVENT_LIMIT = 60
LIBRARIES = "build/python"


def wait_until(what, condition):
    return system.wait_until(what, condition, HEALTHY_LIMIT, ASK_AGAIN_AFTER)


class Reader:
    """Counts chat as any program outside of the containers would."""

    def __init__(self, port):
        self.socket = zmq.Context.instance().socket(zmq.SUB)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.connect(f"tcp://127.0.0.1:{port}")
        self.socket.subscribe(b"twitch.chat.")

    def next(self):
        """The next event and its line; fails when none comes in time."""
        from coven.v1 import event_pb2
        from twitch.v1 import chat_pb2
        while self.socket.poll(EVENT_LIMIT * 1000):
            topic, _, body = self.socket.recv().partition(b"\0")
            if topic.endswith(b".message"):
                event = event_pb2.Event.FromString(body)
                return event, chat_pb2.ChatMessage.FromString(event.proto_data.value)
        raise AssertionError(f"not one event within {EVENT_LIMIT} s")

    def read(self, count):
        return [self.next() for _ in range(count)]

    def close(self):
        self.socket.close()


class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = ExitStack()
        cls.addClassCleanup(cls.stack.close)
        folder = ROOT / "build/container"
        folder.mkdir(parents=True, exist_ok=True)
        cls.stack.enter_context(engine(folder))
        cls.compose = Compose(ROOT, base_image(folder))
        cls.stack.callback(cls.clean_up)
        started = time.monotonic()
        cls.compose.build(folder / "build.log")
        built = time.monotonic()
        cls.compose("up", "--detach", "--no-build")
        for service in SERVICES:
            wait_until(f"{service} healthy",
                       lambda one=service: cls.compose.health(one) == "healthy")
        print(f"image built in {built - started:.0f} s, "
              f"all healthy {time.monotonic() - built:.0f} s later", flush=True)

    @classmethod
    def clean_up(cls):
        cls.compose("down", "--volumes", "--remove-orphans")
        docker("image", "rm", cls.compose.image)

    def reader(self):
        reader = Reader(self.compose.ports["subscribe"])
        self.addCleanup(reader.close)
        return reader

    def kill(self, service):
        """As the kernel does when memory runs out; for Docker, `docker kill` is a wish to stop."""
        program = self.compose.state(service)["Config"]["Cmd"][0]
        self.compose.inside(service, f"""for process in /proc/[0-9]*; do
            [ "$(cat $process/comm)" = {program} ] && kill -9 ${{process#/proc/}}; done""")

    def test_events_flow_through_the_published_port(self):
        events = self.reader().read(100)
        self.assertEqual({event.channel_login for event, _ in events},
                         {"meadow", "harbour", "lantern"})
        self.assertTrue(all(line.text and line.user_login for _, line in events))
        self.assertEqual({event.source for event, _ in events}, {"/coven/chat/chat-demo"})

    def test_the_demo_shows_chat_in_its_log(self):
        wait_until("chat in the log", lambda: self.compose("logs", "demo-tail").count("\n") > 20)

    def test_the_broker_comes_back_after_a_crash(self):
        reader = self.reader()
        before = reader.read(20)
        last = before[-1][0]
        self.kill("broker")
        wait_until("started again", lambda: self.compose.state("broker")["RestartCount"] == 1)
        after = reader.next()[0]
        in_flight = 0
        while after.bus_epoch == last.bus_epoch:
            in_flight += 1
            after = reader.next()[0]
        print(f"in flight at the fault: {in_flight}; epoch {last.bus_epoch}, then "
              f"{after.bus_epoch}", flush=True)
        self.assertGreater(in_flight, 0)
        self.assertGreater(after.bus_epoch, last.bus_epoch)
        reader.read(50)
        wait_until("healthy again", lambda: self.compose.health("broker") == "healthy")

    def test_an_account_from_its_login_on(self):
        self.assertIn("idle: nobody is logged in", self.output("token", "coven connectors --json"))
        self.assertIn("nobody is logged in", self.output("users", "coven users coven_bot", 1))
        said = self.compose("run", "--rm", "-T", "token", "coven", "login")
        self.assertIn("logged in as coven_bot", said)
        self.assertIn("coven_bot", self.output("users", "coven users coven_bot"))
        self.assertIn("coven_bot has a new token",
                      self.output("token", "coven token refresh coven_bot"))
        self.assertIn("coven_bot: its token is good", self.output("token", "coven doctor", None))
        self.compose("restart", "token")
        self.assertIn('"login": "coven_bot"',
                      self.output("token", "coven token validate coven_bot"))
        wait_until("healthy again", lambda: self.compose.health("token") == "healthy")

    def test_the_tokens_are_for_those_who_need_them(self):
        store = "/var/lib/coven/tokens"
        for service in ("token", "users", "chat"):
            self.assertEqual(self.output(service, f"stat -c '%a %u' {store}").strip(),
                             "700 10001")
        self.output("token", f"touch {store}/x && rm {store}/x")
        for service in ("users", "chat"):
            self.assertIn("Read-only", self.output(service, f"touch {store}/x", 1))
        self.assertNotIn("coven_bot", self.output("demo-chat", f"ls -A {store}"))

    def output(self, service, script, status=0):
        """What a script in the container says; `status` None: whatever it is."""
        ended, said = self.compose.inside(service, script)
        self.assertEqual(ended, ended if status is None else status, said)
        return said

    def test_what_is_stopped_on_purpose_stays_down(self):
        """The negative twin: restarting is Docker's doing, and this test can tell."""
        docker("kill", self.compose.container("demo-tail"))
        state = wait_until("ended", lambda: not self.compose.state("demo-tail")["State"]["Running"]
                           and self.compose.state("demo-tail"))
        self.assertEqual(state["RestartCount"], 0)
        self.compose("up", "--detach", "--no-build")
        self.assertTrue(self.compose.state("demo-tail")["State"]["Running"])

    def test_a_connector_without_its_twitch_is_unhealthy(self):
        self.compose("stop", "sim")
        wait_until("unhealthy", lambda: self.compose.health("demo-chat") == "unhealthy")
        said = self.compose.state("demo-chat")["State"]["Health"]["Log"][-1]["Output"]
        self.assertIn("not ready: DEGRADED: ", said)
        self.compose("start", "sim")
        wait_until("healthy", lambda: self.compose.health("demo-chat") == "healthy")
        self.reader().read(20)

    def test_nobody_is_root_and_nothing_can_be_written(self):
        for service in SERVICES:
            status, who = self.compose.inside(service, "id -u; id -g")
            self.assertEqual((status, who.split()), (0, ["10001", "10001"]), service)
            self.assertNotEqual(self.compose.inside(service, "touch /usr/local/bin/x")[0], 0)
            _, rights = self.compose.inside(service, "cat /proc/1/status")
            self.assertRegex(rights, r"CapBnd:\s+0{16}\n")
            self.assertRegex(rights, r"NoNewPrivs:\s+1\n")
        self.assertEqual(self.compose.inside("broker", "touch /var/lib/coven/x")[0], 0)

    def test_every_program_reads_the_mounted_configuration(self):
        for service in SERVICES:
            status, said = self.compose.inside(service, "coven config check")
            self.assertEqual(status, 0, said)
            self.assertIn("nothing is wrong with /etc/coven/coven.toml", said)

    def test_no_build_tools_and_no_sources_are_in_the_image(self):
        for tool in ("g++", "cmake", "git", "curl"):
            self.assertNotEqual(self.compose.inside("broker", f"command -v {tool}")[0], 0, tool)
        self.assertNotEqual(self.compose.inside("broker", "ls /source")[0], 0)

    def test_doors_are_published_to_this_machine_alone(self):
        for service in SERVICES:
            bindings = self.compose.state(service)["HostConfig"]["PortBindings"] or {}
            addresses = {one["HostIp"] for all_of in bindings.values() for one in all_of}
            self.assertLessEqual(addresses, {"127.0.0.1"}, service)

    def test_the_image_says_what_it_is(self):
        labels = self.compose.state("broker")["Config"]["Labels"]
        for label in ("title", "description", "licenses", "version"):
            self.assertTrue(labels.get(f"org.opencontainers.image.{label}"), label)

    def test_settings_come_from_the_environment(self):
        status, words = self.compose.inside("demo-chat", "coven connectors --json")
        self.assertEqual(status, 0, words)
        self.assertIn('"instance":"chat-demo"', words)

    def test_zz_everything_ends_well_when_it_is_told_to_stop(self):
        """Last, since nothing runs afterwards."""
        containers = {service: self.compose.container(service) for service in SERVICES}
        started = time.monotonic()
        self.compose("stop")
        print(f"stopped in {time.monotonic() - started:.1f} s", flush=True)
        for service, container in containers.items():
            status = docker("inspect", "--format", "{{.State.ExitCode}}", container).strip()
            self.assertEqual(status, "0", service)


if __name__ == "__main__":
    if os.environ.get("COVEN_SKIP_DOCKER") == "1":
        print("skipped: COVEN_SKIP_DOCKER=1")
        sys.exit(SKIPPED)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, required=True)
    arguments, rest = parser.parse_known_args()
    ROOT = arguments.root.resolve()
    sys.path.insert(0, str(ROOT / LIBRARIES))
    unittest.main(argv=[sys.argv[0], *rest], verbosity=2)
