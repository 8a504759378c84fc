"""Clients of the broker that are no library of ours: plain ZeroMQ, and bare TCP."""

import os
import socket
import struct

import zmq

# Long enough for a broker on a busy machine.
ANSWER_LIMIT_MS = 60_000


def event(identity, filler=b""):
    """The bytes of a coven.v1.Event: id, source, spec_version, type, binary_data."""
    fields = ((1, identity), (2, b"/test"), (3, b"1.0"), (4, b"test.load"), (6, filler))
    return b"".join(bytes([number << 3 | 2]) + varint(len(value)) + value
                    for number, value in fields)


def varint(number):
    encoded = b""
    while number > 127:
        encoded += bytes([number & 127 | 128])
        number >>= 7
    return encoded + bytes([number])


def identity_in(frame):
    """The id of an event that `event` has made."""
    body = frame.partition(b"\0")[2]
    return body[2:2 + body[1]]


class Reader:
    """A SUB that gets everything on `prefix` from now on, with no bound of its own."""

    def __init__(self, context, endpoint, prefix):
        self.socket = context.socket(zmq.SUB)
        self.socket.setsockopt(zmq.SNDHWM, 0)
        self.socket.setsockopt(zmq.RCVHWM, 0)
        self.socket.setsockopt(zmq.RCVTIMEO, ANSWER_LIMIT_MS)
        self.socket.connect(endpoint)
        self.socket.subscribe(prefix)
        token = b"~s." + os.urandom(16).hex().encode()
        self.socket.subscribe(token + b"\0")
        while not self.socket.recv().startswith(token):
            pass

    def close(self):
        self.socket.close(0)


def publisher(context, endpoint):
    push = context.socket(zmq.PUSH)
    push.setsockopt(zmq.SNDHWM, 0)
    push.setsockopt(zmq.SNDTIMEO, ANSWER_LIMIT_MS)
    push.connect(endpoint)
    return push


class BareReader:
    """Speaks ZMTP 3.0 (https://rfc.zeromq.org/spec/23/) over TCP as a SUB, and reads when told."""

    def __init__(self, endpoint, prefix):
        host, _, port = endpoint.removeprefix("tcp://").rpartition(":")
        self.socket = socket.create_connection((host, int(port)), ANSWER_LIMIT_MS / 1000)
        # Before anything comes: what the kernel takes in for us stays small.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        greeting = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
        self.socket.sendall(greeting)
        self.read(64)
        ready = b"\x05READY\x0bSocket-Type" + struct.pack(">I", 3) + b"SUB"
        self.socket.sendall(b"\x04" + bytes([len(ready)]) + ready)
        self.read(self.read(2)[1])
        self.socket.sendall(b"\x00" + bytes([len(prefix) + 1]) + b"\x01" + prefix)

    def read(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError("the broker hung up")
            data += more
        return data

    def close(self):
        self.socket.close()
