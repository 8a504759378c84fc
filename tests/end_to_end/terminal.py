"""A terminal that a program writes to, and what must never be written to one."""

import os
import pty
import select
import tty
import unicodedata

FORBIDDEN_CATEGORIES = {"Cc", "Cf", "Zl", "Zp", "Cs"}
# A joiner makes one emoji of several, and shows nothing else.
ALLOWED = {"\u200c", "\u200d", "\t"}


def dangers(data):
    """What stands in `data` and should not: line by line."""
    text = data.decode("utf-8", "surrogateescape")
    return [(line[:80], hex(ord(letter))) for line in text.split("\n") for letter in line
            if unicodedata.category(letter) in FORBIDDEN_CATEGORIES and letter not in ALLOWED]


class Terminal:
    """Give `door` to a program as its output; read often, since a full one stops it."""

    def __init__(self):
        self.screen, self.door = pty.openpty()
        tty.setraw(self.door)
        self.printed = b""

    def read(self):
        """All that it has been sent so far."""
        while select.select([self.screen], [], [], 0)[0]:
            self.printed += os.read(self.screen, 65536)
        return self.printed
