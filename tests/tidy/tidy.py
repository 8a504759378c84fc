"""Checks the rules of rules.py over all files that git knows.

Usage: tests/tidy/tidy.py [ROOT]
Exit status: 0 clean, 1 findings.
"""

import pathlib
import subprocess
import sys

from rules import RULES

# The rules and their examples hold what they look for; a lock file is written by a tool.
LEFT_OUT = ("tests/tidy/", "tests/node/package-lock.json")


def read_tree(root):
    """Path and text of every file that git tracks or would add; what is no text is left out."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True, text=True,
    ).stdout
    tree = {}
    for path in sorted(filter(None, listed.split("\0"))):
        file = pathlib.Path(root, path)
        if path.startswith(LEFT_OUT) or not file.is_file():
            continue
        try:
            tree[path] = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return tree


def check(tree):
    return [(name, *finding) for name, rule in RULES.items() for finding in rule(tree)]


def main():
    tree = read_tree(sys.argv[1] if len(sys.argv) > 1 else ".")
    findings = check(tree)
    for name, path, line, text in sorted(findings, key=lambda finding: finding[1:3]):
        print(f"{path}:{line}: {text} [{name}]")
    print(f"tidy: {len(RULES)} rules, {len(tree)} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
