"""Runs clang-tidy on the files that are not known to be clean.

A file is known to be clean when it, the headers of this house that it includes and .clang-tidy are
the same as when it last passed, in this clone or another one of this user (the marks lie in
$XDG_CACHE_HOME, ~/.cache without one). What is not known is looked at newest change first, until
--minutes are over; what was not reached is said.

Usage: tests/tidy/lint.py --build build/dev [--jobs 2] [--minutes 10 | --all]
Exit status: 0 clean, 1 findings.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

from source import includes, is_cpp

CLANG_TIDY = "clang-tidy-14"
# One file may take this long: the ones with Beast in them take a minute on a busy machine.
FILE_SECONDS = 600


def git(*arguments):
    return subprocess.run(
        ["git", *arguments], check=True, capture_output=True, text=True
    ).stdout.splitlines()


def compiled(build):
    """Sources of ours that the build compiles, relative to the root."""
    root = pathlib.Path.cwd()
    entries = json.loads((build / "compile_commands.json").read_text())
    files = {pathlib.Path(entry["directory"], entry["file"]).resolve() for entry in entries}
    inside = {file.relative_to(root).as_posix() for file in files if file.is_relative_to(root)}
    return {path for path in inside if not path.startswith("build/")}


def newest_first(paths):
    """What is not committed, then by the latest commit that touched it."""
    order = [line[3:] for line in git("status", "--porcelain", "--untracked-files=all")]
    order += git("log", "--name-only", "--format=")
    rank = {path: -place for place, path in enumerate(reversed(order))}
    return sorted(paths, key=lambda path: (rank.get(path, 1), path))


def marks_file():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    folder = cache / "coven"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "clang-tidy-clean"


class Clean:
    """Remembers which states of which files passed, across runs."""

    def __init__(self, file):
        self._file = file
        self._marks = set(file.read_text().split()) if file.exists() else set()
        self._headers = {}
        for path in git("ls-files", "--cached", "--others", "--exclude-standard", "*.hpp"):
            self._headers.setdefault(path.rsplit("/", 1)[1], []).append(path)

    def mark(self, path):
        """Changes when the file, a header of ours below it, or the checks change."""
        digest = hashlib.sha256(pathlib.Path(".clang-tidy").read_bytes())
        for used in sorted(self._used(path, set())):
            digest.update(used.encode() + b"\0" + pathlib.Path(used).read_bytes())
        return digest.hexdigest()

    def knows(self, path):
        return self.mark(path) in self._marks

    def add(self, path):
        self._marks.add(self.mark(path))
        self._file.write_text("\n".join(sorted(self._marks)) + "\n")

    def _used(self, path, seen):
        if path in seen or not pathlib.Path(path).exists():
            return seen
        seen.add(path)
        for _, name, _ in includes(pathlib.Path(path).read_text(encoding="utf-8")):
            for header in self._headers.get(name.rsplit("/", 1)[-1], []):
                self._used(header, seen)
        return seen


def lint(build, path):
    """What clang-tidy has to say; empty = clean."""
    command = [CLANG_TIDY, "-p", str(build), "--quiet", path]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=FILE_SECONDS
    )
    return (done.stdout + done.stderr) if done.returncode else ""


def lint_all(build, paths, clean, jobs, deadline):
    """(findings by path, paths that were not reached)."""
    findings, skipped = {}, []

    def work(path):
        if time.monotonic() > deadline:
            return None
        return lint(build, path)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for path, found in zip(paths, pool.map(work, paths)):
            if found is None:
                skipped.append(path)
            elif found:
                findings[path] = found
                print(found, flush=True)
            else:
                clean.add(path)
    return findings, skipped


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--all", action="store_true", help="take as long as it takes")
    arguments = parser.parse_args()

    started = time.monotonic()
    deadline = started + (float("inf") if arguments.all else arguments.minutes * 60)
    clean = Clean(marks_file())
    paths = newest_first(filter(is_cpp, compiled(arguments.build)))
    unknown = [path for path in paths if not clean.knows(path)]
    findings, skipped = lint_all(arguments.build, unknown, clean, arguments.jobs, deadline)

    looked_at = len(unknown) - len(skipped)
    print(
        f"lint: {len(paths)} files, {len(paths) - len(unknown)} known to be clean,"
        f" {looked_at} looked at in {time.monotonic() - started:.0f} s,"
        f" {len(skipped)} not reached, {len(findings)} with findings"
    )
    if skipped:
        print(f"lint: {arguments.minutes:g} minutes were over; `make tidy` takes its time")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
