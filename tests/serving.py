"""A real server on a free port, and a bare socket to talk to it.

The server runs in a thread of the test's own process; the socket speaks bytes, so that a test can send what no
HTTP library would.
"""

import socket
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple, Self

from mockgov.app import create_app
from mockgov.server import HesServer, bind, configure
from mockgov.worlds import Worlds

PATIENCE_S = 20


class Answer(NamedTuple):
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Serving:
    """`with Serving(worlds) as server:` serves them at `server.url` until the block ends; then they are closed."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        listening = bind("127.0.0.1", 0)
        self.port = listening.getsockname()[1]
        self.server = HesServer(configure(create_app(worlds)))
        self._thread = threading.Thread(target=self.server.run, args=([listening],), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        until = time.monotonic() + PATIENCE_S
        while not self.server.started:
            assert time.monotonic() < until, "the server did not start"
            assert self._thread.is_alive(), "the server ended at once"
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the server did not end"

    def stop(self) -> None:
        """Ask it to finish what is under way and end; returns at once."""
        self.server.should_exit = True

    def connect(self) -> "Wire":
        return Wire(self.port)


class Wire:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._read = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._read.close()
        self.socket.close()

    def send(self, *parts: bytes) -> None:
        """Write bytes; several parts leave as several packets, as far as a kernel can be asked for that."""
        for part in parts:
            self.socket.sendall(part)
            if len(parts) > 1:
                time.sleep(0.01)

    def half_close(self) -> None:
        """Say that nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)

    def answer(self) -> Answer:
        """The next answer, 100 Continue included. Raises EOFError where there is none."""
        line = self._read.readline()
        if not line:
            raise EOFError
        status = int(line.split()[1])
        headers: dict[str, str] = {}
        while (line := self._read.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if "content-length" in headers:
            return Answer(status, headers, self._read.read(int(headers["content-length"])))
        body = b""
        if headers.get("transfer-encoding") == "chunked":
            while size := int(self._read.readline(), 16):
                body += self._read.read(size)
                self._read.readline()
            self._read.readline()
        return Answer(status, headers, body)

    def at_end(self) -> bool:
        """Whether the server has closed the connection; waits until it has, or has said more."""
        return self._read.peek(1) == b""


def request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, version: str = "1.1"
) -> bytes:
    """The bytes of one request with a content-length."""
    lines = [f"{method} {path} HTTP/{version}", "host: test"]
    if body or method == "POST":
        lines += [f"content-length: {len(body)}", "content-type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
