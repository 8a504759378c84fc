"""A connector in another language that shares channels with others of its kind, after docs/wire.md,
"Instances of one kind". It reads nothing: it says which channels it would."""

import os
import signal
import sys
import time

import zmq
from coven.v1 import bus_pb2, request_pb2

KIND, INSTANCE = "reader", os.environ["COVEN_INSTANCE"]
MASK = (1 << 64) - 1
Channel = bus_pb2.ChannelState


def weight(channel, instance):
    """FNV-1a of "<channel> NUL <instance>" and the finish of MurmurHash3, 64 bits each."""
    value = 0xcbf29ce484222325
    for byte in f"{channel}\0{instance}".encode():
        value = (value ^ byte) * 0x100000001b3 & MASK
    for factor in (0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53):
        value = (value ^ value >> 33) * factor & MASK
    return value ^ value >> 33


class Connector:
    def __init__(self):
        self.door = zmq.Context().socket(zmq.DEALER)
        self.door.linger = 1000
        self.door.connect(os.environ["COVEN_BUS_REQUEST"])
        self.state = bus_pb2.Presence.STATE_READY
        self.kind = request_pb2.ConnectorKind()
        # What it reads, and how many messages about that it has sent.
        self.channels, self.seq, self.count = set(), 0, 0

    def ask(self, verb, payload):
        self.count += 1
        request = request_pb2.Request(id=f"{verb} {self.seq}", verb=verb)
        request.payload.Pack(payload)
        self.door.send(request.SerializeToString())

    def beat(self):
        ready = request_pb2.ConnectorReady(kind_version=self.kind.version)
        ready.presence.kind, ready.presence.instance = KIND, INSTANCE
        ready.presence.state = self.state
        self.ask("connector.ready" if self.count == 0 else "connector.beat", ready)

    def tell(self, states, from_scratch=False):
        self.seq += 1
        said = request_pb2.ConnectorChannels(
            kind=KIND, instance=INSTANCE, seq=self.seq, from_scratch=from_scratch or self.seq == 1)
        for channel, state in states:
            said.channels.add(channel=channel, state=state, added=True)
        self.ask("connector.channels", said)

    def hear(self, frame):
        reply = request_pb2.Reply.FromString(frame)
        heard = request_pb2.ConnectorHeard()
        if reply.status != request_pb2.Reply.OK or not reply.payload.Unpack(heard):
            return
        # A broker that was just started does not know of everybody yet.
        if heard.HasField("kind") and not (heard.kind.settling and self.kind.version):
            self.kind = heard.kind
        self.share_out()
        # Only an answer to the newest heartbeat tells of all that was sent.
        if reply.id.endswith(f" {self.seq}") and heard.channels_seq != self.seq:
            self.tell([(channel, Channel.STATE_JOINED) for channel in self.channels],
                      from_scratch=True)

    def share_out(self):
        there = [each.instance for each in self.kind.instances if each.there]
        mine = {channel for channel in self.kind.added
                if INSTANCE == max(sorted(there), key=lambda name: weight(channel, name))
                } if there else set()
        news = [(channel, Channel.STATE_JOINED) for channel in mine - self.channels]
        news += [(channel, Channel.STATE_GONE) for channel in self.channels - mine]
        self.channels = mine
        if news:
            self.tell(news)

    def run(self):
        beat_at = 0
        while self.state != bus_pb2.Presence.STATE_GONE:
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + 1
                self.beat()
            if self.door.poll(100):
                self.hear(self.door.recv_multipart()[-1])
        self.beat()

    def stop(self, *_):
        self.state = bus_pb2.Presence.STATE_GONE


connector = Connector()
signal.signal(signal.SIGTERM, connector.stop)
connector.run()
sys.exit(0)
