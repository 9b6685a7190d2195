"""What is measured apart from the race: the disk's flush, bulk calls, and the way to the first answer."""

import os
import shlex
import statistics
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.servers import Server

FLUSHES = 300
PAGE_BYTES = 4096
BULK_CODES = 500
STARTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Flush:
    """Times of `fdatasync` after writing one page at the end of a file, and over a page that is there."""

    append_us: float
    append_p99_us: float
    over_us: float
    over_p99_us: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """Milliseconds for 500 codes."""

    one_call_ms: float
    in_turn_ms: float
    """As 500 single queries, one after the other on one connection."""
    side_by_side_ms: float
    """As 500 single queries on 32 connections."""


def flush(folder: Path) -> Flush:
    """How long the disk under a folder takes to say that a small write is safe."""
    path = folder / "flush.bin"
    opened = os.open(path, os.O_RDWR | os.O_CREAT)
    try:
        append, over = _flushes(opened), _flushes(opened)
    finally:
        os.close(opened)
        path.unlink()
    return Flush(
        append_us=statistics.median(append),
        append_p99_us=append[len(append) * 99 // 100],
        over_us=statistics.median(over),
        over_p99_us=over[len(over) * 99 // 100],
    )


def bulk(server: Server, singles: Path, bulks: Path, *, seconds: float) -> Bulk:
    """The same questions in one call, in turn, and side by side."""
    one = server.play(bulks, 1, warm_s=0.5, seconds=seconds, codes=BULK_CODES)
    turn = server.play(singles, 1, warm_s=0.5, seconds=seconds)
    side = server.play(singles, 32, warm_s=0.5, seconds=seconds)
    return Bulk(
        one_call_ms=1000 / one.per_second,
        in_turn_ms=1000 * BULK_CODES / turn.per_second,
        side_by_side_ms=1000 * BULK_CODES / side.per_second,
    )


def start_s(*arguments: object) -> float:
    """Median seconds from `hes serve …` to a 200 to the first request that it prints, after one start to warm up."""
    return statistics.median([_start_s(arguments) for _ in range(STARTS + 1)][1:])


def _start_s(arguments: tuple[object, ...]) -> float:
    hes = Path(sys.executable).with_name("hes")
    begun = time.perf_counter()
    process = subprocess.Popen([hes, "serve", "--port=0", *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port, request = _first_curl(next(line for line in process.stdout if line.startswith("curl")))
        Server(process, port).first_answer(request)
        return time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


def _first_curl(line: str) -> tuple[int, bytes]:
    """The port and the bytes of a printed check of one code."""
    words = shlex.split(line)
    user, body, url = words[words.index("-u") + 1], words[words.index("-d") + 1], urlsplit(words[-1])
    basic = b64encode(user.encode()).decode()
    head = f"POST {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nAuthorization: Basic {basic}\r\n"
    return url.port or 80, f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def _flushes(opened: int) -> list[float]:
    taken: list[float] = []
    for nth in range(FLUSHES):
        os.pwrite(opened, os.urandom(PAGE_BYTES), nth * PAGE_BYTES)
        begun = time.perf_counter()
        os.fdatasync(opened)
        taken.append((time.perf_counter() - begun) * 1e6)
    return sorted(taken)
