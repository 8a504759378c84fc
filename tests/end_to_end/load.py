"""Good traffic, while something else goes wrong: a publisher and a reader, in step."""

import zmq

from strangers import Reader, event, identity_in, publisher

TOPIC = b"twitch.chat.load.message"
FILLER = bytes(700)
# What the good reader lets pile up, so that it stays far from its own bound.
WINDOW = 4_000


class Load:
    def __init__(self, system):
        self.context = zmq.Context()
        self.push = publisher(self.context, system.door("publish"))
        self.good = Reader(self.context, system.door("subscribe"), TOPIC)
        self.sent = 0
        self.got = 0

    def run(self, count):
        """`count` events, all of which the good reader gets, in order; raises when not."""
        end = self.sent + count
        while self.got < end:
            while self.sent < end and self.sent - self.got < WINDOW:
                self.push.send(TOPIC + b"\0" + event(b"%d" % self.sent, FILLER))
                self.sent += 1
            self.take()

    def take(self):
        identity = int(identity_in(self.good.socket.recv()))
        if identity != self.got:
            raise AssertionError(f"event {self.got} is missing: {identity} came")
        self.got += 1

    def close(self):
        self.good.close()
        self.push.close(0)
        self.context.term()
