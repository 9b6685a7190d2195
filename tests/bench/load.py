"""A closed-loop load generator: a process of its own that keeps N connections busy and counts answers.

Written on bare sockets and epoll so that it costs a fraction of any server measured; a general client would measure
itself. Latency is from sending a request to having read its whole answer; where a server closes the connection after
each answer, it includes opening the next one.
"""

import argparse
import json
import select
import socket
import sys
from array import array
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter_ns, process_time

HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
SECOND_NS = 1_000_000_000
PATIENCE_S = 30


@dataclass(slots=True)
class Connection:
    """One of the N: its socket, and its place in the requests."""

    socket: socket.socket
    at: int
    sent_ns: int
    buffer: bytes = b""


@dataclass(slots=True)
class Tally:
    """What has been seen."""

    latencies_ns: "array[int]" = field(default_factory=lambda: array("q"))
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """What an answer's head says."""

    length: int
    """Bytes of the whole answer."""
    good: bool
    closes: bool


class Load:
    """Plays requests against a port; all connections share them, each from a place of its own."""

    def __init__(self, port: int, requests: list[bytes]) -> None:
        self._port = port
        self._requests = requests
        self._poll = select.epoll()
        self._connections: dict[int, Connection] = {}
        self._heads: dict[bytes, Head] = {}

    def play(self, connections: int, *, warm_s: float, seconds: float) -> dict[str, float]:
        """Warm up, measure, and wait for what is still under way."""
        for n in range(connections):
            self._open(n * len(self._requests) // connections)
        begun_ns = perf_counter_ns()
        warm, measured, rest = Tally(), Tally(), Tally()
        self._until(begun_ns + int(warm_s * SECOND_NS), warm)
        cpu_s = process_time()
        self._until(begun_ns + int((warm_s + seconds) * SECOND_NS), measured)
        cpu_s = process_time() - cpu_s
        self._until(perf_counter_ns() + PATIENCE_S * SECOND_NS, rest, last=True)
        latencies = sorted(measured.latencies_ns)
        if not latencies:
            raise SystemExit(f"Port {self._port} did not answer within {seconds} s.")
        return {
            "answers": sum(len(tally.latencies_ns) for tally in (warm, measured, rest)),
            "failed": warm.failed + measured.failed + rest.failed + len(self._connections),
            "per_second": len(latencies) / seconds,
            "p50_ms": latencies[len(latencies) // 2] / 1e6,
            "p99_ms": latencies[len(latencies) * 99 // 100] / 1e6,
            "load_cpu": cpu_s / seconds,
        }

    def _until(self, end_ns: int, tally: Tally, *, last: bool = False) -> None:
        """Read answers and ask again until that moment; with `last`, until nothing is under way."""
        poll, connections = self._poll.poll, self._connections
        while connections and (now_ns := perf_counter_ns()) < end_ns:
            for number, _ in poll((end_ns - now_ns) / SECOND_NS):
                connection = connections[number]
                head = self._read(connection)
                if head is None:
                    continue
                tally.latencies_ns.append(perf_counter_ns() - connection.sent_ns)
                tally.failed += not head.good
                if last or head.closes:
                    self._close(connection)
                if head.closes and not last:
                    self._open(connection.at)
                elif not last:
                    self._send(connection)

    def _read(self, connection: Connection) -> Head | None:
        """The head of the answer, once all of it is there."""
        data = connection.socket.recv(262_144)
        if not data:
            return Head(0, good=False, closes=True)
        if connection.buffer:
            data = connection.buffer + data
        end = data.find(HEAD_END)
        head = self._heads.get(data[:end]) or self._new_head(data, end)
        if head is None or len(data) < head.length:
            connection.buffer = data
            return None
        connection.buffer = b""
        return head

    def _new_head(self, data: bytes, end: int) -> Head | None:
        if end < 0:
            return None
        lines = data[:end].lower().split(b"\r\n")
        length = next(int(line[len(LENGTH) :]) for line in lines if line.startswith(LENGTH))
        good = lines[0].startswith(b"http/1.1 200")
        head = Head(end + len(HEAD_END) + length, good=good, closes=b"connection: close" in lines)
        self._heads[data[:end]] = head
        return head

    def _open(self, at: int) -> None:
        begun_ns = perf_counter_ns()
        opened = socket.create_connection(("127.0.0.1", self._port))
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._poll.register(opened, select.EPOLLIN)
        connection = self._connections[opened.fileno()] = Connection(opened, at, begun_ns)
        self._send(connection)
        connection.sent_ns = begun_ns

    def _send(self, connection: Connection) -> None:
        connection.at = (connection.at + 1) % len(self._requests)
        connection.sent_ns = perf_counter_ns()
        connection.socket.sendall(self._requests[connection.at])

    def _close(self, connection: Connection) -> None:
        del self._connections[connection.socket.fileno()]
        connection.socket.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True, help="a JSON list of texts, each one whole request")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--warm", type=float, default=1, help="seconds")
    parser.add_argument("--seconds", type=float, default=5)
    args = parser.parse_args()
    requests = [text.encode("latin-1") for text in json.loads(args.requests.read_text())]
    json.dump(Load(args.port, requests).play(args.connections, warm_s=args.warm, seconds=args.seconds), sys.stdout)


if __name__ == "__main__":
    main()
