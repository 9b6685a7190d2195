"""Requests in process: straight into the ASGI application, without a socket and without a client library.

A call costs what the application costs. Whoever calls from a running event loop awaits `acall`, and the application
answers on that loop; `call` has a loop of its own, and may be used by many threads, which take turns. A blocking
`call` from within a running loop is answered on a thread beside it.

An answer is whole when it is handed out: for streams without an end take a server.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import unquote

from mockgov.testing.exchange import Answer, Request

Message = MutableMapping[str, Any]
App = Callable[[Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]]
HOST = "ministry.invalid"
"""A name that no resolver knows (RFC 2606): a client that went around its transport would reach nobody."""


class Caller(Protocol):
    """A way to one world."""

    def call(self, request: Request) -> Answer:
        """The answer to a request, waited for."""
        ...

    async def acall(self, request: Request) -> Answer:
        """The same on the caller's event loop."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class InProcess:
    """The way to a world of an ASGI application in this process."""

    def __init__(self, app: App, prefix: str) -> None:
        """`prefix` is what stands before the paths of the world; a request may have it already."""
        self._app = app
        self._prefix = prefix
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beside: ThreadPoolExecutor | None = None
        self._turn = threading.Lock()

    def call(self, request: Request) -> Answer:
        """The answer to a request, waited for."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return self._run(request)
        with self._turn:
            if self._beside is None:
                self._beside = ThreadPoolExecutor(1, "hes-beside")
        return self._beside.submit(self._run, request).result()

    async def acall(self, request: Request) -> Answer:
        """The same on the caller's event loop."""
        path, _, query = request.path.partition("?")
        if not (path.startswith(self._prefix) and path[len(self._prefix) :][:1] in ("", "/")):
            path = self._prefix + path
        headers = [(name.lower(), value) for name, value in request.headers]
        if not any(name == b"host" for name, _ in headers):
            headers.append((b"host", HOST.encode()))
        if request.body and not any(name == b"content-length" for name, _ in headers):
            headers.append((b"content-length", str(len(request.body)).encode()))
        scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": (HOST, 80),
        }
        asked = False
        status = 500
        answer_headers: list[tuple[bytes, bytes]] = []
        parts: list[bytes] = []

        async def receive() -> Message:
            nonlocal asked
            if asked:  # nobody hangs up before the answer is whole
                await asyncio.get_running_loop().create_future()
            asked = True
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                answer_headers.extend((bytes(name), bytes(value)) for name, value in message.get("headers", ()))
            else:
                parts.append(message.get("body", b""))

        await self._app(scope, receive, send)
        return Answer(status, answer_headers, b"".join(parts))

    def close(self) -> None:
        """Give the loop and the thread back."""
        with self._turn:
            if self._beside is not None:
                self._beside.shutdown()
                self._beside = None
            loop, self._loop = self._loop, None
            if loop is not None:
                loop.run_until_complete(loop.shutdown_default_executor())
                loop.close()

    def _run(self, request: Request) -> Answer:
        with self._turn:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
            return self._loop.run_until_complete(self.acall(request))
