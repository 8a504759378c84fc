"""Decodes proto/golden with Debian's python3-protobuf.

Usage: PYTHONPATH=build/dev/python tests/golden/golden_test.py proto/golden
"""

import importlib
import os
import pathlib
import re
import sys
import unittest

from google.protobuf import symbol_database, text_format

golden = pathlib.Path(sys.argv.pop(1))
modules = pathlib.Path(os.environ["PYTHONPATH"])
TAIL = "producer_id producer_seq flags bus_epoch offset topic_seq prev_offset ingest_us".split()


def import_all():
    """Every generated module, so that any payload type is known."""
    for file in modules.rglob("*_pb2.py"):
        importlib.import_module(".".join(file.relative_to(modules).with_suffix("").parts))


def header(text, key):
    found = re.search(rf"^# {key}: (.*)$", text, re.MULTILINE)
    return found and found.group(1)


def vector(name):
    """(message of the .txtpb, message of the .bin, topic or None)."""
    text = (golden / f"{name}.txtpb").read_text()
    kind = symbol_database.Default().GetSymbol(header(text, "proto-message"))
    body = (golden / f"{name}.bin").read_bytes()
    topic = header(text, "topic")
    if topic:
        found, _, body = body.partition(b"\0")
        assert found == topic.encode(), f"{name}: topic is {found}"
    return text_format.Parse(text, kind()), kind.FromString(body), topic


class Golden(unittest.TestCase):
    def test_bytes_decode_to_what_the_text_says(self):
        names = sorted(file.stem for file in golden.glob("*.txtpb"))
        self.assertGreater(len(names), 20)
        for name in names:
            with self.subTest(name):
                wanted, decoded, _ = vector(name)
                self.assertEqual(wanted, decoded)

    def test_payload_unpacks_to_its_type(self):
        _, event, topic = vector("frame_chat_message")
        self.assertEqual(topic, "twitch.chat.xqc.message")
        line = symbol_database.Default().GetSymbol("twitch.v1.ChatMessage")()
        self.assertTrue(event.proto_data.Unpack(line))
        self.assertEqual(line.text, "hello \N{WAVING HAND SIGN}")

    def test_tail_that_was_appended_wins_over_one_in_the_wrong_place(self):
        _, numbered, _ = vector("event_tail_appended_over_another")
        _, plain, _ = vector("event_numbered")
        self.assertEqual(
            [getattr(numbered, field) for field in TAIL], [getattr(plain, field) for field in TAIL]
        )
        self.assertNotIn(99, [getattr(numbered, field) for field in TAIL])

    def test_exact_subscription_ends_with_the_nul(self):
        exact = (golden / "subscription_exact.bin").read_bytes()
        frame = (golden / "frame_chat_message.bin").read_bytes()
        self.assertEqual(exact, b"twitch.chat.xqc.message\0")
        self.assertTrue(frame.startswith(exact))
        self.assertFalse(b"twitch.chat.xqc.message_deleted\0".startswith(exact))


if __name__ == "__main__":
    import_all()
    unittest.main()
