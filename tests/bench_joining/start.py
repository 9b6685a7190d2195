"""From `hes serve` to the first word of each door."""

import selectors
import socket
import statistics
import subprocess
import sys
import time
from dataclasses import astuple, dataclass
from itertools import islice
from pathlib import Path

from mockgov.counters.smpp.pdu import Command, Pdu

STARTS = 5
WORLD = b"GET /_lab/world HTTP/1.1\r\nHost: x\r\n\r\n"
BIND = Pdu(Command.BIND_TRANSCEIVER, 0, 1, b"NOBODY\0-\0\0\x34\0\0\0").written
"""A bind of an account that there is not: a bind_resp is a bind_resp."""
PATIENCE_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Seconds from the command to the first answer of each."""

    http_s: float
    smtp_s: float
    smpp_s: float


def start() -> Started:
    """Medians of several starts, after one to warm up; a world of 1,000 people is made anew in each."""
    taken = [astuple(_start()) for _ in range(STARTS + 1)][1:]
    http_s, smtp_s, smpp_s = (statistics.median(column) for column in zip(*taken, strict=True))
    return Started(http_s=http_s, smtp_s=smtp_s, smpp_s=smpp_s)


def _start() -> Started:
    hes = Path(sys.executable).with_name("hes")
    begun = time.perf_counter()
    process = subprocess.Popen([hes, "serve", "--port=0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        first, second = islice(process.stdout, 2)
        http = next(word for word in first.split() if word.startswith("http://")).strip("/:").rpartition(":")[2]
        mail, _, smpp = (word.rpartition(":")[2] for word in second.split() if ":" in word)
        return _first_answers(begun, {int(http): WORLD, int(mail): b"", int(smpp): BIND})
    finally:
        process.terminate()
        process.communicate()


def _first_answers(begun: float, said: dict[int, bytes]) -> Started:
    """Speak to all at once, and note when each has answered."""
    seconds: dict[int, float] = {}
    with selectors.DefaultSelector() as waiting:
        for port, words in said.items():
            knocking = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
            knocking.sendall(words)
            waiting.register(knocking, selectors.EVENT_READ, port)
        while len(seconds) < len(said):
            for key, _ in waiting.select(PATIENCE_S):
                seconds[key.data] = time.perf_counter() - begun
                assert isinstance(key.fileobj, socket.socket)
                assert key.fileobj.recv(65_536)
                waiting.unregister(key.fileobj)
                key.fileobj.close()
    http_s, smtp_s, smpp_s = (seconds[port] for port in said)
    return Started(http_s=http_s, smtp_s=smtp_s, smpp_s=smpp_s)
