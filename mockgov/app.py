"""The front door: one ASGI application for all worlds of a server.

The front finds the world (`/w/<name>/…`, else the default one), hands the corporate counter's routes to its desk
without a framework in between, and everything else to FastAPI. `hot` tells the same to a server that would rather
answer those routes itself.
"""

import asyncio
import logging
import socket
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from mockgov.clock import RunningClock
from mockgov.console.live import LIVE_KEY, Live
from mockgov.counters.callers import BODY_LIMIT, by_body, by_headers, is_by_caller, misdirected, pair, tells_in_body
from mockgov.counters.corporate.desk import Desk
from mockgov.counters.corporate.notes import Notes
from mockgov.counters.corporate.reply import Headers
from mockgov.counters.corporate.wire import OPERATIONS, Operation
from mockgov.counters.door import Door
from mockgov.counters.exchange import App, exchange
from mockgov.counters.limits import TooLarge, too_large
from mockgov.counters.misbehaving import LINE_KEY, call_struck, is_spared, send_struck
from mockgov.counters.problem import problem
from mockgov.counters.scope import DOORS_KEY, SCOPE_KEY, WORLDS_KEY
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE, Environment
from mockgov.faults.course import ORDINARY, Course
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.world import DEFAULT
from mockgov.worlds import UnknownWorld, Worlds

if TYPE_CHECKING:
    from fastapi import FastAPI

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

JSON: Final = b"application/json"
PROBLEM_JSON: Final = b"application/problem+json"
SETTLE_EVERY_S: Final = 0.25
DOORS_AFTER_S: Final = 0.02
"""Real seconds by which HTTP is ahead of the other doors; their sockets listen already, so whoever calls waits."""

LETTER_PATHS: Final = ("/kep/", "/KepEYazisma", "/_lab/sign", "/_lab/verify")
"""Where registered letters and documents to be signed come in."""
CALLERS_KEPT: Final = 10_000
"""Credentials of which the front remembers in which world they were made."""
LETTER_LIMIT: Final = 36 << 20
"""Bytes of a body there: a letter of 25 MiB in base64, with its envelope (chosen here)."""

HOT: Final[dict[bytes, tuple[Operation, Environment]]] = {
    (base + operation.suffix).encode(): (operation, environment)
    for base, environment in ((LIVE_BASE, Environment.LIVE), (TEST_BASE, Environment.TEST))
    for operation in OPERATIONS
}


log = logging.getLogger("mockgov")


class Front:
    """The ASGI application."""

    def __init__(self, worlds: Worlds, doors: Sequence[tuple[Door, socket.socket]] = ()) -> None:
        self.worlds = worlds
        self._doors = doors
        self._where = [(door.name, *listening.getsockname()[:2]) for door, listening in doors]
        self.live = Live(lambda: worlds.ministries)
        self._desks: dict[str, tuple[Ministry, Desk]] = {}
        self._callers: dict[bytes, str] = {}
        self._callers_of: tuple[int, int] | None = None
        """Whose credential is whose, and at what state of worlds and accounts that was found out."""
        self.cors = worlds.settings.cors_origin.encode()
        self.body_limit = worlds.settings.body_limit_bytes

    @cached_property
    def api(self) -> "FastAPI":
        """All routes but the hot ones; made when a server starts or somebody first asks for one."""
        from mockgov.api import make_api  # noqa: PLC0415  heavy; whoever only asks about codes does without

        return make_api()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        scope[WORLDS_KEY] = self.worlds
        scope[DOORS_KEY] = self._where
        scope[LIVE_KEY] = self.live
        scope[LINE_KEY] = send
        hot = self.hot(scope.get("raw_path") or scope["path"].encode())
        if hot is not None:
            await self._answer_hot(*hot, scope, receive, send)
            return
        name, prefix = _world_in(scope["path"])
        if not prefix and name in self.worlds and len(self.worlds.ministries) > 1 and is_by_caller(scope["path"]):
            try:
                name, receive = await self._whose(scope, receive)
            except Refused as refusal:
                await _send(send, *misdirected(refusal), ())
                return
        if name not in self.worlds:
            body = problem(404, UnknownWorld.key, "Dünya bulunamadı.", detail=UnknownWorld.__doc__, entity="world")
            await _send(send, 404, body, ())
            return
        ministry = scope[SCOPE_KEY] = self.worlds.get(name)
        if ministry.world.factor not in (0, 1):
            _settled(ministry)
        if prefix:
            scope["root_path"] = scope.get("root_path", "") + prefix
        path = scope["path"].removeprefix(prefix)
        limit = LETTER_LIMIT if path.startswith(LETTER_PATHS) else self.body_limit
        app: App = self.api
        if ministry.world.faults.faults and not is_spared(path):
            app = partial(call_struck, self.api, ministry, path)
        await exchange(app, ministry.journal, scope, _limited(receive, limit), send)

    def hot(self, path: bytes) -> tuple[Desk, Operation, Environment] | None:
        """The desk and operation behind a corporate path (without query string), or None."""
        route = HOT.get(path)
        if route is not None:
            return (self._desk(DEFAULT), *route) if DEFAULT in self.worlds else None
        if not path.startswith(b"/w/"):
            return None
        name, _, rest = path[3:].partition(b"/")
        route = HOT.get(b"/" + rest)
        text = name.decode("ascii", "replace")
        if route is None or text not in self.worlds:
            return None
        return self._desk(text), *route

    def close(self) -> None:
        """Close every world."""
        self.worlds.close()

    def _desk(self, name: str) -> Desk:
        ministry = self.worlds.ministries[name] if name == DEFAULT else self.worlds.get(name)
        known = self._desks.get(name)
        if known is None or known[0] is not ministry:
            settings, journal = ministry.world.settings, ministry.journal
            desk = Desk(
                batch=ministry.batch,
                credentials=ministry.credentials,
                faults=ministry.world.faults,
                bulk_limit=settings.bulk_limit,
                lenient=settings.lenient_codes,
                notes=Notes(journal, ministry.queries, ministry.credentials) if journal.is_on else None,
                screen=ministry.tripwire.check,
                **({"elsewhere": self._elsewhere} if name == DEFAULT else {}),
            )
            self._desks = {other: one for other, one in self._desks.items() if other in self.worlds}
            known = self._desks[name] = (ministry, desk)
        return known[1]

    def _elsewhere(self, credential: bytes, environment: Environment, authorization: bytes) -> Desk | None:
        """The desk of another world whose pair it is, if the default one does not know it. Raises `Refused`."""
        ministries = self.worlds.ministries
        if len(ministries) == 1:
            return None
        state = self.worlds.changes, sum(one.credentials.changes for one in ministries.values())
        if state != self._callers_of:
            self._callers_of = state
            self._callers.clear()
        name = self._callers.get(credential)
        if name is None:
            name = self.worlds.whose(pair(authorization, environment))
            if len(self._callers) < CALLERS_KEPT:
                self._callers[credential] = name
        return None if name == DEFAULT else self._desk(name)

    async def _whose(self, scope: Scope, receive: Receive) -> tuple[str, Receive]:
        """The world of whoever calls a path that names none. Raises `Refused`."""
        path = scope["path"]
        knows = by_headers(path, dict(scope["headers"]))
        if knows is None and tells_in_body(path):
            body, receive = await _peeked(receive)
            knows = by_body(path, body)
        return (DEFAULT if knows is None else self.worlds.whose(knows)), receive

    async def _answer_hot(
        self, desk: Desk, operation: Operation, environment: Environment, scope: Scope, receive: Receive, send: Send
    ) -> None:
        cors: Headers = ((b"access-control-allow-origin", self.cors),)
        if scope["method"] == "OPTIONS":
            allow: Headers = (
                (b"access-control-allow-methods", b"POST"),
                (b"access-control-allow-headers", b"authorization, content-type, accept"),
            )
            await _send(send, 204, b"", cors + allow)
            return
        if scope["method"] != "POST":
            title = "Yalnızca POST desteklenir."
            body = problem(405, "methodnotallowed", title, detail="Send a POST with a JSON body.")
            desk.refuse(operation, environment, 405, body, _unsent, method=scope["method"])
            await _send(send, 405, body, ((b"allow", b"POST, OPTIONS"), *cors))
            return
        read = await _body(receive, self.body_limit)
        if read is None:
            desk.refuse(operation, environment, 413, too_large(self.body_limit), _unsent)
            await _send(send, 413, too_large(self.body_limit), cors)
            return
        authorization = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        answered: asyncio.Future[tuple[int, bytes, Headers, Course]] = asyncio.get_running_loop().create_future()

        def reply(status: int, answer: bytes, headers: Headers, course: Course = ORDINARY, /) -> None:
            if not answered.done():
                answered.set_result((status, answer, headers, course))

        desk.handle(operation, environment, authorization, read, reply)
        status, answer, headers, course = await answered
        if course is ORDINARY:
            await _send(send, status, answer, headers + cors)
        else:
            await send_struck(
                replace(course, wait_ms=0), status, _head(status, answer, headers + cors), answer, scope, send
            )

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        _ = self.api
        settling = asyncio.get_running_loop().create_task(self._settle())
        self.worlds.carrier.start(ministry.callbacks for ministry in self.worlds.ministries.values())
        await send({"type": "lifespan.startup.complete"})
        await asyncio.sleep(DOORS_AFTER_S)
        for door, listening in self._doors:
            await door.open(listening, self.worlds)
        await receive()
        for door, _ in self._doors:
            await door.close()
        await self.worlds.carrier.stop()
        settling.cancel()
        with suppress(asyncio.CancelledError):
            await settling
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _settle(self) -> None:
        """Let what falls due happen in the worlds whose clocks run by themselves."""
        while True:
            await asyncio.sleep(SETTLE_EVERY_S)
            _expired(self.worlds)
            for ministry in list(self.worlds.ministries.values()):
                if isinstance(ministry.world.clock, RunningClock):
                    _settled(ministry)


def _expired(worlds: Worlds) -> None:
    """Whatever stands in the way of letting a world go is told in the log."""
    try:
        for name in worlds.expire():
            log.info("World %s was idle for its lifetime and is gone.", name)
    except OSError:
        log.exception("An idle world is gone, but not all of its folder; the rest goes when the server starts again.")


def _unsent(*_: object) -> None:
    """Stands for a reply that goes out another way."""


def _settled(ministry: Ministry) -> None:
    """One world's mistake is told in the log, and is no other world's."""
    try:
        ministry.settle()
    except Exception:
        log.exception("World %s could not do what is due; it is tried again.", ministry.world.name)


def create_app(worlds: Worlds, doors: Sequence[tuple[Door, socket.socket]] = ()) -> Front:
    """The ASGI application for the worlds of a server; it opens the doors once HTTP answers, and closes them."""
    return Front(worlds, doors)


def _limited(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge(limit)
        return message

    return counted


async def _peeked(receive: Receive) -> tuple[bytes, Receive]:
    """What a body begins with, and a way to receive all of it all the same."""
    read: deque[MutableMapping[str, Any]] = deque()
    size = 0
    while size <= BODY_LIMIT and (not read or read[-1].get("more_body", False)):
        read.append(await receive())
        size += len(read[-1].get("body", b""))

    async def again() -> MutableMapping[str, Any]:
        return read.popleft() if read else await receive()

    return b"".join(message.get("body", b"") for message in read), again


async def _body(receive: Receive, limit: int) -> bytes | None:
    """The whole body, or None over the limit."""
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
        more = message.get("more_body", False) and message["type"] == "http.request"
    return b"".join(parts)


async def _send(send: Send, status: int, body: bytes, headers: Headers) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _head(status, body, headers)})
    await send({"type": "http.response.body", "body": body})


def _head(status: int, body: bytes, headers: Headers) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with a body, or without."""
    kind = JSON if status < 400 else PROBLEM_JSON
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    return head if body else list(headers)


def _world_in(path: str) -> tuple[str, str]:
    """The world that a path names, and the prefix that does so."""
    if not path.startswith("/w/"):
        return DEFAULT, ""
    name = path[3:].partition("/")[0]
    return name, f"/w/{name}"
