"""Servers under test, each a process of its own on a free loopback port, and the load generator beside them."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 60
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
READING_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What one run of the load generator saw."""

    answers: int
    """All answers, those before and after the measured time included."""
    failed: int
    """Answers other than 200, and answers that never came."""
    per_second: float
    p50_ms: float
    p99_ms: float
    load_cpu: float
    """Share of a core that the load generator itself was busy."""
    server_us: float
    """CPU time of the server for one answer, all its threads together."""


class Server:
    """A running server process."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.port = port
        self.asked = 0
        """Questions answered by now."""

    def play(self, requests: Path, connections: int, *, warm_s: float, seconds: float, codes: int = 1) -> Played:
        """Put load on it; each request asks about so many `codes`."""
        before_s = self._cpu_s()
        command = [sys.executable, "-m", "tests.bench.load", f"--port={self.port}", f"--requests={requests}"]
        command += [f"--connections={connections}", f"--warm={warm_s}", f"--seconds={seconds}"]
        seen = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        self.asked += seen["answers"] * codes
        return Played(**seen, server_us=(self._cpu_s() - before_s) / seen["answers"] * 1e6)

    def first_answer(self, request: bytes) -> None:
        """Ask until it answers 200. Raises `RuntimeError` if it never does."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as knocking:
                    knocking.sendall(request)
                    answer = knocking.recv(READING_BYTES)
            except ConnectionError:
                time.sleep(0.002)
                continue
            if answer.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
                self.asked += 1
                return
            raise RuntimeError(f"Port {self.port} answers {answer[:200]!r}.")
        raise RuntimeError(f"Nothing answers on port {self.port}.")

    def _cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


@contextmanager
def serving(module: str, *arguments: object, request: bytes) -> Iterator[Server]:
    """`python -m module …`, where `{port}` among the arguments stands for its port; up when the block begins."""
    port = _free_port()
    words = [str(argument).replace("{port}", str(port)) for argument in arguments]
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    server = Server(process, port)
    try:
        server.first_answer(request)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()


def _free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])
