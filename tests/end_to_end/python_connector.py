"""A connector in another language, as one writes it after docs/running.md: `coven up` starts it,
and all it knows of the bus is in its environment."""

import os
import select
import signal
import sys
import time

import zmq
from coven.v1 import event_pb2

publish = zmq.Context().socket(zmq.PUSH)
publish.connect(os.environ["COVEN_BUS_PUBLISH"])
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
print("started as", os.environ["COVEN_INSTANCE"])

number = 0
while True:
    number += 1
    event = event_pb2.Event(
        id=str(number), source="/coven/dice/" + os.environ["COVEN_INSTANCE"], spec_version="1.0",
        type="dice.thrown", text_data='{"eyes": 6}', received_us=time.time_ns() // 1000)
    publish.send(b"dice.table.thrown\0" + event.SerializeToString())
    # The dice are thrown now and then.
    select.select([], [], [], 0.05)
