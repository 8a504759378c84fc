"""Runs every fuzzer for a while, two at a time, and says what each one saw.

What a fuzzer finds new is kept below the build folder for the next run. A crash is shown with the
file that makes it: copied into tests/fuzz/corpus/TARGET it becomes a test of every build.

Usage: tests/fuzz/run.py --build build/fuzz [--seconds 60] [--jobs 2] [TARGET…]
Exit status: 0 nothing found, 1 a crash.
"""

import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys

# A fuzzer ends by itself; this much later it hangs.
SPARE_SECONDS = 120
# One input may take this long, and this much memory: all of them are small.
INPUT_SECONDS = 10
MEGABYTES = 2048


def targets(build):
    """Names of the fuzzers and the folders of their seeds, as CMake wrote them."""
    entries = {}
    for line in (build / "fuzz-targets").read_text().splitlines():
        name, folders = line.split(" ", 1)
        entries[name] = folders.split(";")
    return entries


def fuzz(build, name, seeds, seconds):
    """Exit status and output of one fuzzer, and where it puts what crashes it."""
    found = build / "corpus" / name
    crashes = build / "crashes" / name
    found.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    command = [
        build / "bin" / f"fuzz_{name}",
        f"-max_total_time={seconds}",
        f"-timeout={INPUT_SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={crashes}/",
        "-max_len=4096",
        "-print_final_stats=1",
        found,
        *(seed for seed in seeds if pathlib.Path(seed).is_dir()),
    ]
    run = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds + SPARE_SECONDS,
        check=False,
    )
    return run.returncode, run.stdout.decode(errors="replace"), crashes


def tell(name, status, output, crashes):
    runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", output)
    covered = re.findall(r"cov: (\d+)", output)
    if status == 0 and runs and int(runs.group(1)) > 0:
        print(f"fuzz: {name}: {runs.group(1)} inputs, {covered[-1]} edges, nothing found")
        return True
    print(f"fuzz: {name}: ended with {status}\n{output[-6000:]}")
    for file in sorted(crashes.iterdir()):
        print(f"fuzz: to make it a test: cp {file} tests/fuzz/corpus/{name}/")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*", metavar="TARGET")
    arguments = parser.parse_args()

    known = targets(arguments.build)
    unknown = [name for name in arguments.names if name not in known]
    if unknown:
        parser.error(f"no target {unknown[0]!r}; there are {', '.join(sorted(known))}")
    names = arguments.names or sorted(known)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        runs = {
            name: pool.submit(fuzz, arguments.build, name, known[name], arguments.seconds)
            for name in names
        }
    clean = [tell(name, *run.result()) for name, run in runs.items()]
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main())
