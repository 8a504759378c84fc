"""deploy/compose.yaml with ports and a project name of its own."""

import json
import os
import shutil
import socket
import subprocess

from engine import docker, run

BUILD_LIMIT = 1800
UP_LIMIT = 180
DOORS = ("publish", "subscribe", "request", "metrics")


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def compose_program():
    """docker-compose 1.29, or the plugin of Docker's own packages."""
    return ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]


class Compose:
    def __init__(self, root, base):
        self.project = f"coventest{os.getpid()}"
        self.image = f"coven:test-{os.getpid()}"
        self.ports = dict(zip(DOORS, free_ports(len(DOORS))))
        self.command = [*compose_program(), "--project-name", self.project,
                        "--file", str(root / "deploy/compose.yaml"),
                        "--env-file", str(root / "deploy/demo.env")]
        self.environment = dict(
            os.environ, COVEN_BASE=base, COVEN_VERSION=self.image.split(":")[1],
            COVEN_SIM_RATE="200", DOCKER_BUILDKIT="0", COMPOSE_DOCKER_CLI_BUILD="0",
            **{f"COVEN_{door.upper()}_PORT": str(port) for door, port in self.ports.items()})

    def __call__(self, *words, limit=UP_LIMIT):
        return run(*self.command, *words, limit=limit, env=self.environment)

    def build(self, log_path):
        with open(log_path, "wb") as log:
            done = subprocess.run([*self.command, "build"], stdin=subprocess.DEVNULL, stdout=log,
                                  stderr=log, timeout=BUILD_LIMIT, check=False,
                                  env=self.environment)
        if done.returncode != 0:
            end = log_path.read_text(errors="replace").splitlines()[-40:]
            raise AssertionError("the image does not build:\n" + "\n".join(end))

    def container(self, service):
        return self("ps", "--quiet", service).strip()

    def state(self, service):
        """All that Docker knows of the service's container."""
        return json.loads(docker("inspect", self.container(service)))[0]

    def health(self, service):
        return self.state(service)["State"].get("Health", {}).get("Status")

    def inside(self, service, script):
        """Status and output of a shell's script in the container."""
        done = subprocess.run(
            [*self.command, "exec", "-T", service, "sh", "-c", script], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=UP_LIMIT, check=False, env=self.environment)
        return done.returncode, done.stdout + done.stderr
