"""The account of an upstream: what Twitch said came out, or was announced as missing."""

from chat_lines import PRIVMSG, received


def said_in(said_log):
    """channel → (time in µs, message id) of each line of chat, heard or not, in order."""
    said = {}
    for entry in said_log:
        line = PRIVMSG.match(entry["line"])
        tags = dict(tag.split("=", 1) for tag in line["tags"].split(";") if "=" in tag)
        said.setdefault(line["channel"], []).append((entry["time_us"], tags["id"]))
    return said


def gaps_in(events):
    """channel → (from, to, reason) of each gap that was announced, in µs."""
    gaps = {}
    for event in events:
        if event.get("type") == "tv.twitch.chat.gap":
            gap = event["payload"]
            gaps.setdefault(event["channel"], []).append(
                (int(gap["from_us"]), int(gap["to_us"]), gap["reason"]))
    return gaps


class Account:
    """`until_us`: what was said later may still be under way."""

    def __init__(self, said_log, events, until_us):
        everything = said_in(said_log)
        self.ids = {channel: {line[1] for line in lines} for channel, lines in everything.items()}
        self.said = {channel: [line for line in lines if line[0] <= until_us]
                     for channel, lines in everything.items()}
        self.gaps = gaps_in(events)
        self.received = {channel: set(ids) for channel, ids in received(events).items()}

    def missing(self):
        """channel → (time, id) of what was said and did not come."""
        return {channel: [line for line in lines if line[1] not in self.received.get(channel, ())]
                for channel, lines in self.said.items()}

    def missing_count(self):
        return sum(len(lines) for lines in self.missing().values())

    def unexplained(self, gaps=None):
        """What is missing and in no gap, and what came and was never said."""
        gaps = self.gaps if gaps is None else gaps
        unannounced = [
            (channel, time, message) for channel, lines in self.missing().items()
            for time, message in lines
            if not any(begin <= time <= end for begin, end, _ in gaps.get(channel, ()))]
        invented = [(channel, message) for channel, ids in self.received.items()
                    for message in ids - self.ids.get(channel, set())]
        return unannounced + invented
