"""The server: uvicorn, with a protocol class that answers the corporate counter's hot routes itself.

A hot request is parsed by httptools in the connection, handed to the desk in the same turn of the loop, and its
answer is written straight to the transport: no task, no ASGI messages, no framework. Everything else goes uvicorn's
ordinary way. Answers leave in the order of the requests, also when a client pipelines them.
"""

import signal
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from mockgov.app import Front, too_large
from mockgov.counters.corporate.desk import Desk, Headers
from mockgov.counters.corporate.wire import Operation
from mockgov.credentials.rules import Environment

MANY_PIPELINED: Final = 64
"""Unanswered hot requests of one connection from which reading pauses."""


class Slot:
    """Place of one answer in its connection's order."""

    __slots__ = ("answer", "connection")

    def __init__(self, connection: "HesProtocol") -> None:
        self.connection = connection
        self.answer: bytes | None = None

    def reply(self, status: int, body: bytes, headers: Headers) -> None:
        """Fill the place, and let everything leave that is ready."""
        connection = self.connection
        head = connection.heads.get(status) or connection.head_of(status)
        if headers:
            head += b"".join([name + b": " + value + b"\r\n" for name, value in headers])
        self.answer = b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body)
        connection.flush()


class HesProtocol(HttpToolsProtocol):
    """A connection."""

    front: Front

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.front = cast("Front", self.config.app)
        self.heads: dict[int, bytes] = {}
        self._slots: deque[Slot] = deque()
        self._route: tuple[Desk, Operation, Environment] | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self._authorization = b""
        self._closing = False

    def head_of(self, status: int) -> bytes:
        """Status line and standing headers of an answer."""
        phrase = HTTPStatus(status).phrase
        content = "application/json" if status < 400 else "application/problem+json"
        head = f"HTTP/1.1 {status} {phrase}\r\ncontent-type: {content}\r\naccess-control-allow-origin: ".encode()
        self.heads[status] = head + self.front.cors + b"\r\n"
        return self.heads[status]

    def flush(self) -> None:
        """Write every answer that is next in order."""
        slots = self._slots
        out: list[bytes] = []
        while slots and slots[0].answer is not None:
            out.append(slots.popleft().answer or b"")
        if not out:
            return
        self.server_state.total_requests += len(out)
        if self.transport.is_closing():
            return
        self.transport.write(out[0] if len(out) == 1 else b"".join(out))
        if slots:
            return
        self.flow.resume_reading()
        if self._closing:
            self.transport.close()
        elif self.pipeline:
            cycle, app = self.pipeline.pop()
            super()._start_asgi_task(cycle, app)
        elif self.timeout_keep_alive_task is None:
            wait = self.timeout_keep_alive
            self.timeout_keep_alive_task = self.loop.call_later(wait, self.timeout_keep_alive_handler)

    def on_message_begin(self) -> None:
        """Begin a request without building its ASGI scope yet."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._route = None

    def on_headers_complete(self) -> None:
        """Choose the way of this request."""
        if self._is_hot():
            self._parts = []
            self._size = 0
            return
        self._route = None
        url, headers, expect = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expect
        self.headers.extend(headers)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Collect a hot request's body, up to the limit."""
        if self._route is None:
            super().on_body(body)
            return
        self._size += len(body)
        if self._size <= self.front.body_limit:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Hand a hot request to its desk."""
        if self._route is None:
            super().on_message_complete()
            return
        slot = Slot(self)
        self._slots.append(slot)
        if len(self._slots) >= MANY_PIPELINED:
            self.flow.pause_reading()
        if self._size > self.front.body_limit:
            slot.reply(413, too_large(self.front.body_limit), ())
            return
        desk, operation, environment = self._route
        parts = self._parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        desk.handle(operation, environment, self._authorization, body, slot.reply)

    def shutdown(self) -> None:
        """Close when everything asked has been answered."""
        if self._slots:
            self._closing = True
        else:
            super().shutdown()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """An ordinary request behind unanswered hot ones waits for them."""
        if self._slots:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, app))
        else:
            super()._start_asgi_task(cycle, app)

    def _is_hot(self) -> bool:
        if self.parser.get_method() != b"POST" or not self.parser.should_keep_alive() or self.expect_100_continue:
            return False
        if self.pipeline or not (self.cycle is None or self.cycle.response_complete):
            return False
        self._route = self.front.hot(self.url.partition(b"?")[0])
        if self._route is None:
            return False
        self._authorization = b""
        for name, value in self.headers:
            if name == b"authorization":
                self._authorization = value
                break
        return True


class HesServer(uvicorn.Server):
    """uvicorn's server, for which SIGTERM and SIGINT are an orderly end and not a death."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Finish what is under way on a signal, and return; the process then ends with status 0."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def configure(front: Front, *, log_level: str = "warning") -> uvicorn.Config:
    """How uvicorn serves a front: httptools, uvloop where there is one, no headers that tell the real time."""
    return uvicorn.Config(
        cast("Any", front),
        http=HesProtocol,
        loop="auto",
        lifespan="on",
        ws="none",
        log_level=log_level,
        access_log=False,
        server_header=False,
        date_header=False,
        backlog=4096,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    return listening


def serve(front: Front, listening: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    server = HesServer(configure(front))
    server.run(sockets=[listening])
