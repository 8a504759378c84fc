"""What the simulated Twitch sent, and what came out at the other end of the bus."""

import re
from collections import defaultdict

PRIVMSG = re.compile(r"^@(?P<tags>\S+) :\S+ PRIVMSG #(?P<channel>\S+) ")


def said(sent_log):
    """channel → message ids, in the order in which they were sent to anybody."""
    ids = defaultdict(list)
    for entry in sent_log:
        line = PRIVMSG.match(entry["line"])
        if line:
            tags = dict(tag.split("=", 1) for tag in line["tags"].split(";") if "=" in tag)
            ids[line["channel"]].append(tags["id"])
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
