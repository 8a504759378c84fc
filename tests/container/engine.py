"""A Docker engine: the one that runs here, or one that we start and end."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

START_LIMIT = 60
STOP_LIMIT = 60
COMMAND_LIMIT = 120


class NoEngine(Exception):
    """There is none, and none could be started."""


def docker_program():
    """Debian's, which needs no plugins; else whatever there is."""
    return "/usr/bin/docker" if Path("/usr/bin/docker").exists() else shutil.which("docker")


def run(*command, limit=COMMAND_LIMIT, **options):
    """The output of a command that must succeed."""
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                          capture_output=True, timeout=limit, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def docker(*words, **options):
    return run(docker_program(), *words, **options)


def answers():
    program = docker_program()
    if not program:
        return False
    done = subprocess.run([program, "info"], capture_output=True, timeout=COMMAND_LIMIT,
                          check=False)
    return done.returncode == 0


@contextlib.contextmanager
def engine(folder):
    """An engine that DOCKER_HOST leads to; with files under `folder` if it is ours."""
    if answers():
        print("using the Docker engine that runs here", flush=True)
        yield
        return
    if os.geteuid() != 0 or not shutil.which("dockerd"):
        raise NoEngine("no Docker engine answers, and starting one needs root and dockerd")
    with tempfile.TemporaryDirectory(prefix="coven-docker-") as short:
        yield from own_engine(folder, short)


def own_engine(folder, short):
    """Paths of sockets must be short; layers are to be kept."""
    log_path = folder / "dockerd.log"
    command = ["dockerd", "--host", f"unix://{short}/socket", "--data-root", folder / "engine",
               "--exec-root", f"{short}/run", "--pidfile", f"{short}/pid"]
    before = os.environ.get("DOCKER_HOST")
    with open(log_path, "wb") as log:
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
    os.environ["DOCKER_HOST"] = f"unix://{short}/socket"
    try:
        wait_until_it_answers(process, log_path)
        print(f"started dockerd, process {process.pid}", flush=True)
        yield
    finally:
        end(process)
        os.environ.pop("DOCKER_HOST")
        if before is not None:
            os.environ["DOCKER_HOST"] = before


def wait_until_it_answers(process, log_path):
    until = time.monotonic() + START_LIMIT
    while not answers():
        if process.poll() is not None or time.monotonic() > until:
            log = log_path.read_text(errors="replace").splitlines()[-30:]
            raise NoEngine("dockerd does not start:\n" + "\n".join(log))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.2)


def end(process):
    """The daemon ends its containerd and what runs in it by itself."""
    process.terminate()
    try:
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_LIMIT)


def base_image(folder):
    """The tag of a Debian 12 that mmdebstrap has made."""
    tag, tarball = "coven-base:bookworm", folder / "base.tar"
    if docker("images", "--quiet", tag).strip():
        return tag
    if not tarball.exists():
        unfinished = folder / "unfinished-base.tar"
        run("mmdebstrap", "--variant=minbase", "bookworm", unfinished, limit=600)
        unfinished.rename(tarball)
    docker("import", tarball, tag)
    return tag
