"""Answers dice.roll{sides, times} and publishes each roll: a connector that needs only python3-zmq
and python3-protobuf. It learns the messages from the broker (schema.get), and is started by
`coven up` (README.md)."""

import os
import random
import signal
import sys
import time

import zmq
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, struct_pb2
from google.protobuf.message import DecodeError


def last_field(message, wanted):
    """The last value of one field of a message whose type is not known yet."""
    at, found = 0, b""

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte, at = message[at], at + 1
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value

    while at < len(message):
        tag = varint()
        value = varint()
        if tag & 7 == 2:
            at, value = at + value, message[at:at + value]
        found = value if tag >> 3 == wanted else found
    return found


def messages_of(door):
    """The types of coven.v1, as the broker describes them: Reply.payload.value is its Schema, whose
    first field is a FileDescriptorSet."""
    door.send(b"\x0a\x01s\x12\x0aschema.get")  # Request{id: "s", verb: "schema.get"}
    files = last_field(last_field(last_field(door.recv(), 6), 2), 1)
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(files).file:
        pool.Add(file)
    factory = message_factory.MessageFactory(pool)
    return lambda name: factory.GetPrototype(pool.FindMessageTypeByName("coven.v1." + name))


context = zmq.Context()
door = context.socket(zmq.DEALER)
door.linger = 1000
door.connect(os.environ.get("COVEN_BUS_REQUEST", "tcp://127.0.0.1:5557"))
events = context.socket(zmq.PUSH)
events.linger = 1000
events.connect(os.environ.get("COVEN_BUS_PUBLISH", "tcp://127.0.0.1:5555"))
kind = messages_of(door)
Request, Reply, Ready, Event = map(kind, ("Request", "Reply", "ConnectorReady", "Event"))
instance = os.environ.get("COVEN_INSTANCE", "dice-1")
unconfirmed = {}  # id of our request → a call's answer; kept until the broker has replied to it.
count = 0
states = Ready().presence
state = states.STATE_READY


def ask(verb, payload):
    global count
    count += 1
    request = Request(id=str(count), verb=verb)
    request.payload.Pack(payload)
    door.send(request.SerializeToString())
    return request.id


def beat():
    ready = Ready(verbs=["dice.roll"], targets=["*"])
    ready.presence.kind, ready.presence.instance, ready.presence.state = "dice", instance, state
    ask("connector.ready" if count == 0 else "connector.beat", ready)


def wish_of(call):
    """The payload; None if it is no Struct."""
    wish = struct_pb2.Struct()
    try:
        return wish if call.payload.Unpack(wish) or not call.HasField("payload") else None
    except DecodeError:
        return None


def roll(call, sides, times):
    eyes = struct_pb2.Struct()
    eyes["eyes"] = [random.randint(1, sides) for _ in range(times)]
    event = Event(id=call.id, source="/coven/dice/" + instance, spec_version="1.0",
                  type="example.dice.rolled", received_us=time.time_ns() // 1000)
    event.proto_data.Pack(eyes)
    try:
        events.send(b"example.dice.-.rolled\0" + event.SerializeToString(), zmq.NOBLOCK)
    except zmq.Again:
        print("the broker takes no events: the one of call", call.id, "is lost", file=sys.stderr)
    return eyes


def answer(call):
    wish, reply = wish_of(call), Reply(id=call.id)
    sides, times = (wish.fields[name].number_value if wish else 0 for name in ("sides", "times"))
    if state != states.STATE_READY:
        reply.status, reply.message = Reply.NO_ROUTE, "the dice are being put away: not tried"
    elif call.deadline_ms == 0:
        reply.status, reply.message = Reply.EXPIRED, "no time was left: not tried"
    elif wish is None:
        reply.status, reply.code = Reply.REJECTED, "payload_wrong"
        reply.message = "the payload must be a google.protobuf.Struct"
    elif not (1 <= sides <= 1000 and 0 <= times <= 100):
        reply.status, reply.code = Reply.REJECTED, "roll_impossible"
        reply.message = "sides must be 1 to 1000, times at most 100"
    else:
        reply.status = Reply.OK
        reply.payload.Pack(roll(call, int(sides), int(times) or 1))
    unconfirmed[ask("connector.answer", reply)] = reply


def hear(frames):
    if len(frames) == 3 and frames[0] == b"command":
        return answer(Request.FromString(frames[2]))
    reply = Reply.FromString(frames[-1])
    if reply.status != Reply.RATE_LIMITED:
        unconfirmed.pop(reply.id, None)


def stop(*_):
    global state
    state = states.STATE_DRAINING


signal.signal(signal.SIGTERM, stop)
signal.signal(signal.SIGINT, stop)
beat_at = stopped_at = 0
while not (stopped_at and (not unconfirmed or time.monotonic() > stopped_at + 5)):
    if state == states.STATE_DRAINING and not stopped_at:
        stopped_at, beat_at = time.monotonic(), 0
    if time.monotonic() >= beat_at:
        beat_at = time.monotonic() + 1
        beat()
        for old, reply in list(unconfirmed.items()):
            del unconfirmed[old]
            unconfirmed[ask("connector.answer", reply)] = reply
    if door.poll(100):
        hear(door.recv_multipart())
state = states.STATE_GONE
beat()
sys.exit(0)
