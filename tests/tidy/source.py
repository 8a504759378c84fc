"""What the rules look at: a tree of files, and C++ with its comments and strings blanked."""

import re
from functools import lru_cache

_TOKEN = re.compile(
    r"""//(?:[^\n\\]|\\.|\\\n)*           # line comment
      | /\*.*?\*/                         # block comment
      | R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"   # raw string
      | "(?:[^"\\\n]|\\.)*"               # string
      | (?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'            # character, not a digit separator
    """,
    re.VERBOSE | re.DOTALL,
)


def _blank(match):
    """As long as what it replaces, with the same line ends, so that positions stay."""
    text = re.sub(r"[^\n]", " ", match.group())
    quoted = match.group()[0] in "\"'R"
    return '"' + text[1:-1] + '"' if quoted and len(text) > 1 else text


@lru_cache(maxsize=None)
def code(text):
    """C++ without comments and the insides of strings; `#include "x"` is kept."""
    lines = _TOKEN.sub(_blank, text).split("\n")
    for number, line in enumerate(text.split("\n")):
        if re.match(r"\s*#\s*include\b", line):
            lines[number] = re.sub(r"//.*", "", line)
    return "\n".join(lines)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def closing(text, position):
    """Where the bracket at `position` is closed, or the end of the text."""
    pairs = {"(": ")", "[": "]", "{": "}", "<": ">"}
    opening, depth = text[position], 0
    for index in range(position, len(text)):
        if text[index] == opening:
            depth += 1
        elif text[index] == pairs[opening]:
            depth -= 1
            if depth == 0:
                return index
    return len(text)


def includes(text):
    """(line, path, quoted) of each #include."""
    pattern = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
    for match in pattern.finditer(code(text)):
        yield line_of(text, match.start(2)), match.group(2), match.group(1) == '"'


def is_cpp(path):
    return path.endswith((".cpp", ".hpp"))


def is_test(path):
    """Tests, and what only they are built with: its name says so."""
    return path.startswith(("tests/", "sdk/testing/")) or bool(
        re.search(r"_(test|for_test|test_program|samples)\.(cpp|hpp|py|js)$", path)
    )


def floor(path):
    """The folder that a file may include from without asking: its floor, or its connector."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "connectors" and len(parts) > 2 else parts[0]
