"""Adds up ctest's JUnit reports and prints the last line of a CI run: N passed, N failed.

Usage: tests/summary.py REPORT.xml… --failed-steps "check end-to-end"
Exit status 1 when anything failed or nothing ran.
"""

import argparse
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def count(report):
    """Names of the tests of one report that passed, that failed, and that did not run."""
    names = {"run": [], "fail": [], "notrun": []}
    for case in xml.parse(report).getroot().iter("testcase"):
        names.setdefault(case.get("status"), []).append(f"{report.stem}: {case.get('name')}")
    return names["run"], names["fail"], names["notrun"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--failed-steps", default="")
    arguments = parser.parse_args()

    passed, failed, skipped = [], [], []
    for report in filter(Path.exists, arguments.reports):
        for names, more in zip((passed, failed, skipped), count(report)):
            names += more
    # A failing test fails its step too: the step counts by itself only where no test did.
    steps = arguments.failed_steps.split()
    if not failed:
        failed += [f"make {step}" for step in steps]

    for name in skipped:
        print(f"not run: {name}")
    for name in failed:
        print(f"failed: {name}")
    print(f"{len(passed)} passed, {len(failed)} failed")
    return 0 if passed and not failed and not steps else 1


if __name__ == "__main__":
    sys.exit(main())
