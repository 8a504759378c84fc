"""What the simulated Twitch sent, and what came out at the other end of the bus."""

import re
from collections import defaultdict

PRIVMSG = re.compile(r"^@(?P<tags>\S+) :\S+ PRIVMSG #(?P<channel>\S+) ")


def said(sent_log):
    """channel → message ids, in the order in which they were sent; None = it had none."""
    ids = defaultdict(list)
    for entry in sent_log:
        line = PRIVMSG.match(entry["line"])
        if line:
            tags = dict(tag.split("=", 1) for tag in line["tags"].split(";") if "=" in tag)
            ids[line["channel"]].append(tags.get("id") or None)
    return dict(ids)


def received(events):
    """channel → message ids, in the order in which a reader printed them."""
    ids = defaultdict(list)
    for event in events:
        if "lost" not in event and event["type"] == "tv.twitch.chat.message":
            ids[event["channel"]].append(event["id"])
    return dict(ids)


def losses(events):
    return [event for event in events if "lost" in event]


def same_messages(sent, received_ids):
    """A channel's `sent` ids are those received; one that was sent without an id got one of ours.

    A reader drops what it has seen: an id that was sent twice is one event.
    """
    wanted = list(dict.fromkeys(enumerate_unnamed(sent)))
    return len(wanted) == len(received_ids) and all(
        isinstance(want, int) or want == got for want, got in zip(wanted, received_ids))


def enumerate_unnamed(ids):
    """Each None replaced by its place, so that it is like no other."""
    return [place if message is None else message for place, message in enumerate(ids)]
