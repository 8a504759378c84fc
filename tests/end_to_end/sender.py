"""One of those who write to chat: it sends its lines as fast as it may, three at a time, and prints
what it was answered. `sender.py CHANNEL NAME LINES`; every second line has the higher priority."""

import json
import os
import sys

import zmq
from coven.v1 import request_pb2
from twitch.v1 import chat_commands_pb2

AT_ONCE = 3
ANSWER_LIMIT_MS = 90_000


def main(channel, name, lines):
    door = zmq.Context().socket(zmq.DEALER)
    door.linger = 0
    door.connect(os.environ["COVEN_BUS_REQUEST"])
    asked, answered = 0, 0
    while answered < lines:
        while asked < min(lines, answered + AT_ONCE):
            request = request_pb2.Request(
                id=str(asked), verb="chat.send", priority=asked % 2, deadline_ms=ANSWER_LIMIT_MS)
            request.payload.Pack(
                chat_commands_pb2.ChatSend(channel=channel, text=f"{name} {asked}"))
            door.send(request.SerializeToString())
            asked += 1
        if not door.poll(ANSWER_LIMIT_MS):
            sys.exit("no answer")
        reply = request_pb2.Reply.FromString(door.recv_multipart()[-1])
        print(json.dumps({"line": f"{name} {reply.id}", "code": reply.code,
                          "status": request_pb2.Reply.Status.Name(reply.status)}))
        answered += 1


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
