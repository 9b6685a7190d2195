"""How HTTP misbehaves when a plan says so: refusals, and answers that are cut, halved, dripped or misnamed.

For ASGI in general: whoever serves, the application decides what leaves. Only the end of a connection is the server's;
it is reached through the server's own transport where it shows one, as uvicorn's does, and is a `ConnectionCut` to
whoever calls the application in process.
"""

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.routing import Match

from mockgov.counters.corporate.basic import read_basic
from mockgov.counters.kep_session import BadSession, Sessions
from mockgov.counters.problem import problem
from mockgov.counters.scope import ASKER, SPOKEN
from mockgov.faults.course import Course
from mockgov.faults.current import under
from mockgov.faults.kinds import Channel, Stage
from mockgov.faults.plan import Visit
from mockgov.ministry import Ministry
from mockgov.refusal import SCOPE_KEY as REFUSAL
from mockgov.signin.rules import BadToken

Headers = Sequence[tuple[bytes, bytes]]
Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Any, Any, Any], Awaitable[None]]

HEADER: Final = b"x-hes-fault"
SCOPE_KEY: Final = "hes.fault"
"""Where a struck request's tokens stand in its ASGI scope."""
LINE_KEY: Final = "hes.line"
"""Where the server's own `send` stands in an ASGI scope, whatever is put around it on the way."""
SPARED: Final = ("/_lab", "/console", "/telefon", "/docs", "/openapi.json")
"""The sandbox's own pages and controls, which no fault strikes."""
TOO_MANY: Final = 429
SOAP_PATHS: Final = ("/kep/soap", "/KepEYazisma")
HANG_UP_AT_ONCE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER on with no time: closing sends a reset."""

_OPERATION = re.compile(rb"<(?:[\w.-]+:)?Body[^>]*>\s*<(?:[\w.-]+:)?(\w{1,60})")
_ACCOUNT = re.compile(rb"kepHesap(?:\s[^>]*)?>\s*([^<>\s]{1,200})\s*<")
_SESSION = re.compile(rb"(eGuvenlikId(?:\s[^>]*)?>)[^<]*")
_BOUNDARY = re.compile(r"boundary=\"?([^\";,]{1,200})")


class ConnectionCut(ConnectionResetError):  # noqa: N818  what it is to whoever waits for an answer
    """A planted fault has ended the connection."""


def is_spared(path: str) -> bool:
    """Whether a path (without world) is one of the sandbox's own."""
    return path in ("", "/") or path.startswith(SPARED)


def planted_refusal(course: Course, tokens: str) -> tuple[int, bytes, tuple[tuple[bytes, bytes], ...]]:
    """Status, body and headers of a planted refusal."""
    assert course.refusal is not None
    status = course.refusal.status
    title = "Servis şu anda yanıt veremiyor."
    if status == TOO_MANY:
        title = "Kısa sürede çok fazla istek gönderildi; biraz sonra yeniden deneyiniz."
    detail = "A planted fault. `hes replay` with this answer's X-HES-Fault strikes the same request once more."
    headers: tuple[tuple[bytes, bytes], ...] = ((HEADER, tokens.encode()),)
    if course.retry_after_s is not None:
        headers = ((b"retry-after", str(course.retry_after_s).encode()), *headers)
    return status, problem(status, refusal_key(status), title, detail=detail), headers


def refusal_key(status: int) -> str:
    """The error key of a planted refusal."""
    key = "toomanyrequests"
    return key if status == TOO_MANY else "unavailable"


def date_header(now: datetime, visit: Visit) -> Headers:
    """What the service's clock says, where it is wrong."""
    if not visit.skew_s:
        return ()
    told = now + timedelta(seconds=visit.skew_s)
    return ((b"date", format_datetime(told, usegmt=True).encode()),)


async def call_struck(app: App, ministry: Ministry, path: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Have a request answered by `app` as well as the world's plan of faults lets it."""
    asked = _Asked(receive)
    await asked.read()
    headers = dict(scope["headers"])
    is_soap = path.startswith(SOAP_PATHS)
    body = asked.body
    about = _about(scope["method"], scope.get("query_string", b""), headers, body)
    operation = _OPERATION.search(body) if is_soap else None
    asker = _account(body) if is_soap else _asker(ministry, headers.get(b"authorization", b""))
    verb = "" if operation is None else operation[1].decode()
    channel = Channel.KEP_SOAP if is_soap else Channel.HTTP
    visit = ministry.world.faults.visit(channel, path, asker, about, verb=verb)
    if not visit.strikes:
        await app(scope, asked.receive, send)
        return
    scope[SCOPE_KEY] = visit.tokens()
    before = visit.course(Stage.COUNTER)
    await asyncio.sleep(before.wait_ms / 1000)
    if before.is_cut or before.refusal is not None:
        _word(app, scope, asker)
        if is_soap:
            scope[SPOKEN] = "kep_soap", verb or "unreadable"
    if before.is_cut:
        hang_up(scope, resets=before.resets)
        return
    if before.refusal is not None:
        scope[SCOPE_KEY] = visit.tokens(Stage.COUNTER)
        await _refuse(before, scope, send, is_soap=is_soap)
        return
    answer = _Answer()
    with under(visit):
        await app(scope, asked.receive, answer.send)
    after = visit.course(Stage.ANSWER)
    if after.refusal is not None:
        await asyncio.sleep(after.wait_ms / 1000)
        await _refuse(after, scope, send, is_soap=is_soap)
        return
    told = [*answer.headers, *date_header(ministry.world.now(), visit), (HEADER, scope[SCOPE_KEY].encode())]
    await send_struck(after, answer.status, told, answer.body, scope, send)


async def send_struck(
    course: Course, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes, scope: Scope, send: Send
) -> None:
    """Let an answer leave in the way that a course has it."""
    await asyncio.sleep(course.wait_ms / 1000)
    if course.is_cut:
        hang_up(scope, resets=course.resets)
        return
    told = list(headers)
    if course.content_type is not None:
        told = [one for one in told if one[0].lower() != b"content-type"]
        told.append((b"content-type", course.content_type.encode()))
    await send({"type": "http.response.start", "status": status, "headers": told})
    for wait_ms, piece in course.pieces(body):
        await asyncio.sleep(wait_ms / 1000)
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    if course.hangs_up:
        hang_up(scope, resets=course.resets)
    else:
        await send({"type": "http.response.body", "body": b""})


def hang_up(scope: Scope, *, resets: bool) -> None:
    """End a request's connection; nothing more may be sent. Raises `ConnectionCut` where there is none."""
    cycle = getattr(scope.get(LINE_KEY), "__self__", None)
    transport = getattr(cycle, "transport", None)
    if cycle is None or transport is None:
        raise ConnectionCut("A planted fault has ended the connection; GET /_lab/faults lists the last ones.")
    end_transport(transport, resets=resets)
    cycle.disconnected = True  # uvicorn's word for a client that has gone: it misses no answer then


def end_transport(transport: asyncio.Transport, *, resets: bool) -> None:
    """Close a connection after what has been written, or reset it at once."""
    if not resets:
        transport.close()
        return
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP_AT_ONCE)
    transport.abort()


class _Asked:
    """A request's body, read ahead and handed out again."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self._error: HTTPException | None = None

    @property
    def body(self) -> bytes:
        """What has been read of it."""
        return b"".join(message.get("body", b"") for message in self._messages)

    async def read(self) -> None:
        """Read it to its end, or to where it is refused."""
        more = True
        while more:
            try:
                message = await self._receive()
            except HTTPException as error:
                self._error = error
                return
            self._messages.append(message)
            more = message["type"] == "http.request" and message.get("more_body", False)

    async def receive(self) -> Message:
        """ASGI's `receive`, from the beginning."""
        if self._messages:
            return self._messages.pop(0)
        if self._error is not None:
            raise self._error
        return await self._receive()


class _Answer:
    """An answer, kept back."""

    def __init__(self) -> None:
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def send(self, message: Message) -> None:
        """ASGI's `send`."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _word(app: App, scope: Scope, asker: str) -> None:
    """Leave word for the journal of what no route gets to see: whose it is, and who asks, as far as they say."""
    scope[ASKER] = asker
    routes = getattr(app, "routes", ())
    while (route := next((one for one in routes if one.matches(scope)[0] is Match.FULL), None)) is not None:
        scope["route"] = route
        routes = getattr(getattr(route, "original_router", None), "routes", ())


async def _refuse(course: Course, scope: Scope, send: Send, *, is_soap: bool) -> None:
    status, body, headers = planted_refusal(course, scope[SCOPE_KEY])
    scope[REFUSAL] = key = refusal_key(status)
    kind = b"application/problem+json"
    if is_soap:
        from mockgov.counters.kep_soap.envelope import Fault, write_fault  # noqa: PLC0415  brings lxml; wanted by few

        kind, body = (
            b"text/xml; charset=utf-8",
            write_fault(Fault("A planted fault.", code="Server", key=key)),
        )
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def _about(method: str, query: bytes, headers: Mapping[bytes, bytes], body: bytes) -> bytes:
    """What is asked, without what differs from client to client: boundaries, and a session's token."""
    found = _BOUNDARY.search(headers.get(b"content-type", b"").decode("latin-1"))
    if found is not None:
        body = body.replace(found[1].encode("latin-1"), b"")
    return b"%b?%b\n%b" % (method.encode(), query, _SESSION.sub(rb"\1", body))


def _asker(ministry: Ministry, authorization: bytes) -> str:
    """Who asks, as far as a header tells: an account's name, a citizen, the holder of a KEP account."""
    scheme, _, credential = authorization.decode("latin-1").strip().partition(" ")
    if scheme.lower() == "basic":
        return next((name for name, _ in read_basic(authorization)), "")
    if scheme.lower() != "bearer":
        return ""
    world = ministry.world
    with suppress(BadToken):
        return f"citizen:{ministry.signin.bearer(credential.strip())}"
    with suppress(BadSession):
        return Sessions(streams=world.streams, now=world.now).holder(credential).address
    return ""


def _account(body: bytes) -> str:
    """The KEP address that a call over SOAP names."""
    found = _ACCOUNT.search(body)
    return "" if found is None else found[1].decode("utf-8", "replace").lower()
