"""A closed-loop load generator: a process of its own that keeps N connections busy and counts answers.

Written on bare asyncio protocols so that it costs a fraction of any server measured; a general client would measure
itself. Latency is from sending a request to having read its whole answer.
"""

import argparse
import asyncio
import json
import sys
from array import array
from pathlib import Path
from time import perf_counter_ns

import uvloop

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


class Connection(asyncio.Protocol):
    """Sends the next request whenever an answer is complete, until told to stop."""

    def __init__(self, requests: list[bytes], at: int, tally: "Tally") -> None:
        self.requests = requests
        self.at = at
        self.tally = tally
        self.buffer = b""
        self.sent_ns = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.at = (self.at + 1) % len(self.requests)
        self.sent_ns = perf_counter_ns()
        self.transport.write(self.requests[self.at])

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        end = self.buffer.find(HEAD_END)
        if end < 0:
            return
        head = self.buffer[:end].lower()
        start = head.index(LENGTH) + len(LENGTH)
        stop = head.find(b"\r\n", start)
        length = int(head[start : stop if stop >= 0 else len(head)])
        if len(self.buffer) < end + 4 + length:
            return
        if not self.tally.stopped:
            self.tally.latencies.append(perf_counter_ns() - self.sent_ns)
            if not head.startswith(b"http/1.1 200"):
                self.tally.failed += 1
        self.buffer = b""
        if self.tally.stopped:
            self.transport.close()
        else:
            self.send()


class Tally:
    def __init__(self) -> None:
        self.latencies = array("q")
        self.failed = 0
        self.stopped = False


async def play(port: int, requests: list[bytes], connections: int, seconds: float) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    warm = Tally()
    tally = Tally()
    made = []
    for n in range(connections):
        start = n * len(requests) // connections
        made.append((await loop.create_connection(lambda s=start: Connection(requests, s, warm), "127.0.0.1", port))[1])
    await asyncio.sleep(min(1.0, seconds / 3))
    begun = perf_counter_ns()
    for connection in made:
        connection.tally = tally
    await asyncio.sleep(seconds)
    took = (perf_counter_ns() - begun) / 1e9
    tally.stopped = True
    await asyncio.sleep(0.2)
    ordered = sorted(tally.latencies)
    return {
        "answers": len(ordered),
        "failed": tally.failed,
        "per_second": len(ordered) / took,
        "p50_ms": ordered[len(ordered) // 2] / 1e6,
        "p99_ms": ordered[len(ordered) * 99 // 100] / 1e6,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True, help="a JSON list of texts, each one whole request")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=5)
    args = parser.parse_args()
    requests = [text.encode("latin-1") for text in json.loads(args.requests.read_text())]
    json.dump(uvloop.run(play(args.port, requests, args.connections, args.seconds)), sys.stdout)


if __name__ == "__main__":
    main()
