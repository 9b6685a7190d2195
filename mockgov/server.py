"""The server: uvicorn, with a protocol class that answers the corporate counter's hot routes itself.

A hot request is parsed by httptools in the connection, handed to the desk in the same turn of the loop, and its
answer is written straight to the transport: no task, no ASGI messages, no framework. Everything else goes uvicorn's
ordinary way. Answers leave in the order of the requests, also when a client pipelines them.

Clients that keep a connection send the same head again and again. A connection remembers its last hot head, byte for
byte; a request that begins with it, and has just the body that it announces, is not parsed a second time.
"""

import gc
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from itertools import chain
from typing import Any, Final, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from mockgov.app import Front
from mockgov.console.live import ENDLESS_KEY
from mockgov.counters.corporate.desk import Desk
from mockgov.counters.corporate.reply import Headers
from mockgov.counters.corporate.wire import Operation
from mockgov.counters.limits import too_large
from mockgov.counters.misbehaving import end_transport
from mockgov.counters.problem import problem
from mockgov.credentials.rules import Environment
from mockgov.faults.course import ORDINARY, Course

MANY_PIPELINED: Final = 64
"""Unanswered hot requests of one connection from which reading pauses."""
BACKLOG: Final = 4096
"""Connections that may wait to be taken."""

GARBAGE: Final = 100_000
"""Objects that may come to be before the collector looks for cycles: thousands of questions are under way at a time,
and looking through them again and again took a sixth of the time of an answer."""

HEAD_END: Final = b"\r\n\r\n"


class Slot:
    """Place of one answer in its connection's order."""

    __slots__ = ("answer", "connection", "turn")

    def __init__(self, connection: "HesProtocol") -> None:
        self.connection = connection
        self.answer: bytes | None = None
        self.turn: Callable[[], None] | None = None
        """What to do when it comes to an answer that does not leave in one piece."""

    def reply(self, status: int, body: bytes, headers: Headers, course: Course = ORDINARY, /) -> None:
        """Fill the place, and let everything leave that is ready."""
        connection = self.connection
        head = connection.heads.get(status) or connection.head_of(status)
        if course is not ORDINARY:
            self._misbehave(course, head, body, headers)
            return
        if headers:
            head += b"".join([name + b": " + value + b"\r\n" for name, value in headers])
        self.answer = b"%bcontent-length: %d\r\n\r\n%b" % (head, len(body), body)
        connection.flush()

    def _misbehave(self, course: Course, head: bytes, body: bytes, headers: Headers) -> None:
        """Fill the place with an answer that a fault has spoilt."""
        if course.content_type is not None:
            lines = [line for line in head.split(b"\r\n") if not line.startswith(b"content-type:")]
            lines.insert(1, b"content-type: " + course.content_type.encode())
            head = b"\r\n".join(lines)
        head += b"".join([name + b": " + value + b"\r\n" for name, value in headers])
        head += b"content-length: %d\r\n\r\n" % len(body)
        if course.is_crooked:
            pieces = iter([] if course.is_cut else [(0, head), *course.pieces(body)])
            self.turn = partial(self.connection.drip, self, pieces, course)
            self.connection.come_round(self)
        else:
            self.answer = head + body
            self.connection.flush()


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
        self._begun = 0
        """Requests that began in the data received last."""
        self._between = True
        """Whether the parser stands between two requests."""
        self._head = b""
        self._whole = 0
        """The last hot head, and the length of a request with it; 0 for none."""
        self._path = b""
        self._credential = b""
        self._heard = False
        """Whether there was a request since the keep-alive timer was set."""

    def data_received(self, data: bytes) -> None:
        """Serve a request whose head is the last one's; parse any other."""
        head = self._head
        if len(data) == self._whole and data.startswith(head) and self._again(data[len(head) :]):
            return
        self._whole = self._begun = 0
        alone = self._between
        super().data_received(data)
        if alone and self._between and self._begun == 1 and self._route is not None:
            self._remember(data)

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
            self.come_round(slots[0])
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            super()._start_asgi_task(cycle, app)
        elif self._closing:
            self.transport.close()
        elif self.timeout_keep_alive_task is None:
            self._wait_for_more()

    def come_round(self, slot: Slot) -> None:
        """Begin with an answer that does not leave in one piece, if it is the next one."""
        if slot.turn is not None and self._slots and self._slots[0] is slot:
            turn, slot.turn = slot.turn, None
            turn()

    def drip(self, slot: Slot, pieces: Iterator[tuple[int, bytes]], course: Course) -> None:
        """Send what comes next of an answer, and wait as long as it says before what comes then."""
        transport = self.transport
        if transport.is_closing():
            return
        for wait_ms, piece in pieces:
            if wait_ms:
                self.loop.call_later(wait_ms / 1000, self.drip, slot, chain([(0, piece)], pieces), course)
                return
            transport.write(piece)
        if course.hangs_up:
            end_transport(transport, resets=course.resets)
        else:
            slot.answer = b""
            self.flush()

    def on_message_begin(self) -> None:
        """Begin a request without building its ASGI scope yet."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._route = None
        self._begun += 1
        self._between = False

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
        self._between = True
        if self._route is None:
            super().on_message_complete()
            return
        slot = self._slot()
        desk, operation, environment = self._route
        if self._size > self.front.body_limit:
            desk.refuse(operation, environment, 413, too_large(self.front.body_limit), slot.reply)
            return
        parts = self._parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        desk.handle(operation, environment, self._authorization, body, slot.reply)

    def timeout_keep_alive_handler(self) -> None:
        """Close after a time without requests; the timer runs on through hot ones, and is set again if there were."""
        if self._heard or self._slots:
            self._heard = False
            self._wait_for_more()
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        """Close when everything asked has been answered."""
        if not self._finish():
            self.transport.close()

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio takes an answer, uvicorn gives none
        """A client that will send no more still gets the answers it waits for; half a request, and a stream, end."""
        if self.cycle is not None and not self.cycle.response_complete and self.cycle.more_body:
            return False
        if self.cycle is not None and self.cycle.scope.get(ENDLESS_KEY):
            return False
        return self._finish()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP and close, after the answers that are under way."""
        self.flow.pause_reading()
        self.pipeline.clear()
        self._closing = True
        slot = Slot(self)
        self._slots.append(slot)
        body = problem(400, "badrequest", "İstek okunamadı.", detail=f"{msg} Send HTTP/1.1.", entity="request")
        slot.reply(400, body, ((b"connection", b"close"),))

    def _finish(self) -> bool:
        """Close after the last answer that is under way, if there is any; whether there is."""
        self._closing = bool(self._slots)
        waiting = self.cycle is not None and not self.cycle.response_complete
        if waiting:
            self.cycle.keep_alive = False
        return waiting or self._closing

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """An ordinary request behind unanswered hot ones waits for them."""
        if self._slots:
            self.flow.pause_reading()
            self.pipeline.appendleft((cycle, app))
        else:
            super()._start_asgi_task(cycle, app)

    def _remember(self, data: bytes) -> None:
        """Keep the head of the hot request that was all of the data, if its body stood there as it is."""
        assert self._route is not None
        desk, _, environment = self._route
        end = data.find(HEAD_END) + len(HEAD_END)
        if end + self._size != len(data) or self._size > self.front.body_limit:
            return
        self._head, self._whole = data[:end], len(data)
        self._path = self.url.partition(b"?")[0]
        self._credential = desk.credential(environment, self._authorization)

    def _again(self, body: bytes) -> bool:
        """Serve a request with the remembered head; False if it has to go the whole way."""
        if not self._between or self._is_waiting():
            return False
        route = self.front.hot(self._path)
        if route is None:
            return False
        desk, operation, _ = route
        asker = desk.recall(self._credential)
        if asker is None:
            return False
        self._heard = True
        desk.serve(operation, asker, body, self._slot().reply)
        return True

    def _slot(self) -> Slot:
        slot = Slot(self)
        self._slots.append(slot)
        if len(self._slots) >= MANY_PIPELINED:
            self.flow.pause_reading()
        return slot

    def _wait_for_more(self) -> None:
        wait = self.timeout_keep_alive
        self.timeout_keep_alive_task = self.loop.call_later(wait, self.timeout_keep_alive_handler)

    def _is_waiting(self) -> bool:
        """Whether an ordinary request of this connection is not answered yet."""
        return bool(self.pipeline) or not (self.cycle is None or self.cycle.response_complete)

    def _is_hot(self) -> bool:
        if self.parser.get_method() != b"POST" or not self.parser.should_keep_alive() or self.expect_100_continue:
            return False
        if self._is_waiting():
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

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way and end; what would never finish by itself is ended first."""
        cast("Front", self.config.app).live.end()
        await super().shutdown(sockets)

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
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=5,
    )


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Who connects before `serve` waits. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


def serve(front: Front, listening: socket.socket, *, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called as soon as these mean an orderly end.

    The process is taken to be the server's own: its garbage collector is calmed.
    """
    gc.freeze()
    gc.set_threshold(GARBAGE, 50, 100)
    gc.enable()
    server = HesServer(configure(front))
    with server.capture_signals():
        ready()
        server.run(sockets=[listening])
