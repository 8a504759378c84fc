"""Adds up ctest's JUnit reports and prints the last line of a CI run: N passed, N failed.

Usage: tests/summary.py REPORT.xml… --failed-steps "check end-to-end"
Exit status 1 when anything failed or nothing ran.
"""

import argparse
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def count(report):
    """(passed, names of the failed) of one report; a skipped test counts as neither."""
    cases = xml.parse(report).getroot().iter("testcase")
    states = [(case.get("status"), case.get("name")) for case in cases]
    failed = [name for status, name in states if status == "fail"]
    return sum(status == "run" for status, _ in states), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reports", nargs="*", type=Path)
    parser.add_argument("--failed-steps", default="")
    arguments = parser.parse_args()

    passed, failed = 0, []
    for report in filter(Path.exists, arguments.reports):
        report_passed, report_failed = count(report)
        passed += report_passed
        failed += [f"{report.stem}: {name}" for name in report_failed]
    # A failing test fails its step too: the step counts by itself only where no test did.
    steps = arguments.failed_steps.split()
    if len(steps) > 0 and not failed:
        failed += [f"make {step}" for step in steps]

    for name in failed:
        print(f"failed: {name}")
    print(f"{passed} passed, {len(failed)} failed")
    return 0 if passed and not failed and not steps else 1


if __name__ == "__main__":
    sys.exit(main())
