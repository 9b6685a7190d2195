"""The front door: one ASGI application for all worlds of a server.

The front finds the world (`/w/<name>/…`, else the default one), hands the corporate counter's routes to its desk
without a framework in between, and everything else to FastAPI. `hot` tells the same to a server that would rather
answer those routes itself.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from mockgov.clock import ClockRefusedError, RunningClock
from mockgov.codes.rules import UnknownCode
from mockgov.counters.context import SCOPE_KEY
from mockgov.counters.corporate import openapi as corporate_openapi
from mockgov.counters.corporate.desk import Desk, Headers
from mockgov.counters.corporate.wire import LIVE_BASE, OPERATIONS, TEST_BASE, Operation
from mockgov.counters.door import Door
from mockgov.counters.mobile_app.http import router as mobile_app
from mockgov.counters.openapi import put_right
from mockgov.counters.problem import CONSTRAINT, problem
from mockgov.counters.reading import wire_us
from mockgov.credentials.rules import AccountTaken, Environment, UnknownAccount
from mockgov.faults import FaultError
from mockgov.lab.http import WORLDS_KEY
from mockgov.lab.http import router as lab
from mockgov.lab.routes_page import page
from mockgov.ministry import Ministry
from mockgov.queries.rules import CodeProblem
from mockgov.refusal import Refused, Unavailable
from mockgov.registry.rules import UnknownCitizen, UnknownInstitution
from mockgov.signin.rules import BadToken, WrongLoginCode
from mockgov.vocabulary.errors import InvalidWord
from mockgov.worlds import DEFAULT, UnknownWorld, Worlds

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

JSON: Final = b"application/json"
PROBLEM_JSON: Final = b"application/problem+json"
SETTLE_EVERY_S: Final = 1.0

STATUS: Final[dict[type[Exception], int]] = {
    UnknownCitizen: 404,
    UnknownInstitution: 404,
    UnknownAccount: 404,
    UnknownCode: 404,
    UnknownWorld: 404,
    AccountTaken: 409,
    BadToken: 401,
    WrongLoginCode: 401,
    CodeProblem: 400,
}
"""Status of each refusal; any other is 400."""

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
        self.api = _api()
        self._desks: dict[str, tuple[Ministry, Desk]] = {}
        self.cors = worlds.settings.cors_origin.encode()
        self.body_limit = worlds.settings.body_limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or live through the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        scope[WORLDS_KEY] = self.worlds
        hot = self.hot(scope.get("raw_path") or scope["path"].encode())
        if hot is not None:
            await self._answer_hot(*hot, scope, receive, send)
            return
        name, prefix = _world_in(scope["path"])
        if name not in self.worlds:
            body = problem(404, UnknownWorld.key, "Dünya bulunamadı.", detail=UnknownWorld.__doc__, entity="world")
            await _send(send, 404, body, ())
            return
        scope[SCOPE_KEY] = self.worlds.get(name)
        if prefix:
            scope["root_path"] = scope.get("root_path", "") + prefix
        await self.api(scope, _limited(receive, self.body_limit), send)

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
        ministry = self.worlds.get(name)
        known = self._desks.get(name)
        if known is None or known[0] is not ministry:
            settings = ministry.world.settings
            desk = Desk(
                batch=ministry.batch,
                credentials=ministry.credentials,
                faults=ministry.world.faults,
                bulk_limit=settings.bulk_limit,
                lenient=settings.lenient_codes,
            )
            known = self._desks[name] = (ministry, desk)
        return known[1]

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
            await _send(send, 405, body, ((b"allow", b"POST, OPTIONS"), *cors))
            return
        read = await _body(receive, self.body_limit)
        if read is None:
            await _send(send, 413, too_large(self.body_limit), cors)
            return
        authorization = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        answered: asyncio.Future[tuple[int, bytes, Headers]] = asyncio.get_running_loop().create_future()

        def reply(status: int, answer: bytes, headers: Headers) -> None:
            if not answered.done():
                answered.set_result((status, answer, headers))

        desk.handle(operation, environment, authorization, read, reply)
        status, answer, headers = await answered
        await _send(send, status, answer, headers + cors)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        settling = asyncio.get_running_loop().create_task(self._settle())
        for door, listening in self._doors:
            await door.open(listening, self.worlds)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for door, _ in self._doors:
            await door.close()
        settling.cancel()
        with suppress(asyncio.CancelledError):
            await settling
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _settle(self) -> None:
        """Let what falls due happen in the worlds whose clocks run by themselves."""
        while True:
            await asyncio.sleep(SETTLE_EVERY_S)
            for ministry in list(self.worlds.ministries.values()):
                if isinstance(ministry.world.clock, RunningClock):
                    ministry.settle()


def create_app(worlds: Worlds, doors: Sequence[tuple[Door, socket.socket]] = ()) -> Front:
    """The ASGI application for the worlds of a server; it opens the doors when it starts, and closes them."""
    return Front(worlds, doors)


def too_large(limit: int) -> bytes:
    """The body of a 413."""
    detail = f"A body has at most {limit} bytes. Send fewer codes in a call."
    return problem(413, "payloadtoolarge", "İstek gövdesi çok büyük.", detail=detail, entity="request")


def _api() -> FastAPI:
    api = FastAPI(
        title="HES Sandbox",
        description="A sandbox of the HES services of 2020-2022. All people are synthetic; nothing has legal force.",
        version="1",
        docs_url=None,
        redoc_url=None,
    )
    api.include_router(mobile_app)
    api.include_router(lab)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Unavailable, _unavailable)
    api.add_exception_handler(InvalidWord, _invalid)
    api.add_exception_handler(ClockRefusedError, _invalid)
    api.add_exception_handler(FaultError, _invalid)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(TooLarge, _too_large)
    plain = api.openapi

    def with_corporate() -> dict[str, Any]:
        return corporate_openapi.merged(put_right(plain()))

    @api.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page(api.openapi()))

    api.openapi = with_corporate  # type: ignore[method-assign]  # the documented way to extend a schema
    return api


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refused)
    status = STATUS.get(type(refusal), 400)
    extra: dict[str, Any] = {}
    if isinstance(refusal, CodeProblem) and refusal.expires_us is not None:
        extra["expiration_date"] = wire_us(refusal.expires_us)
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    return _problem(status, problem(status, refusal.key, refusal.message, **extra), headers)


async def _unavailable(_: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)
    log.error("unavailable", exc_info=error)
    title = "Servis şu anda yanıt veremiyor."
    return _problem(error.status, problem(error.status, "unavailable", title, detail=str(error)))


async def _invalid(_: Request, word: Exception) -> Response:
    return _problem(400, problem(400, CONSTRAINT, str(word), entity="request"))


async def _unreadable(_: Request, error: Exception) -> Response:
    """Name the fields that are wrong, never what stood in them."""
    assert isinstance(error, RequestValidationError)
    wrong = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
    detail = f"{wrong}. The request is described in /openapi.json."
    return _problem(400, problem(400, CONSTRAINT, "İstek okunamadı.", detail=detail, entity="request"))


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = {404: "Bulunamadı.", 405: "Bu yöntem desteklenmez."}.get(error.status_code, "İstek okunamadı.")
    detail = f"{error.detail}. The routes are listed under /docs."
    body = problem(error.status_code, f"http{error.status_code}", title, detail=detail, entity="request")
    return _problem(error.status_code, body, dict(error.headers or {}))


async def _too_large(_: Request, error: Exception) -> Response:
    assert isinstance(error, TooLarge)
    return _problem(413, too_large(error.limit))


def _problem(status: int, body: bytes, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type="application/problem+json")


class TooLarge(HTTPException):
    """A body over the limit, noticed while it was read."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


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
    kind = JSON if status < 400 else PROBLEM_JSON
    head = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head if body else list(headers)})
    await send({"type": "http.response.body", "body": body})


def _world_in(path: str) -> tuple[str, str]:
    """The world that a path names, and the prefix that does so."""
    if not path.startswith("/w/"):
        return DEFAULT, ""
    name = path[3:].partition("/")[0]
    return name, f"/w/{name}"
