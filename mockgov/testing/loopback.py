"""Worlds behind a real server on a loopback port, in a thread of this process."""

import asyncio
import http.client
import threading
from collections.abc import Callable
from typing import Any, Final, TypeVar

from mockgov.app import Front
from mockgov.server import HesServer, bind, configure
from mockgov.testing.exchange import Answer, Request

_T = TypeVar("_T")
PATIENCE_S: Final = 20
"""Real seconds in which a server must have started, or answered."""
LOOPBACK: Final = "127.0.0.1"


class LoopbackServer(HesServer):
    """A server that tells when it has started, and on which loop."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: Any = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.ready.set()


class Serving:
    """A front at `address` until `close`."""

    def __init__(self, make_front: Callable[[str], Front]) -> None:
        """`make_front` is handed the address, which stands in mails and certificates. Raises OSError."""
        self._listening = bind(LOOPBACK, 0)
        self.port: int = self._listening.getsockname()[1]
        self.address = f"http://{LOOPBACK}:{self.port}"
        self.front = make_front(self.address)
        self._server = LoopbackServer(configure(self.front))
        self._thread = threading.Thread(target=self._server.run, args=([self._listening],), daemon=True)
        self._thread.start()
        if not self._server.ready.wait(PATIENCE_S):
            raise RuntimeError(f"The server at {self.address} did not start; its log says why.")

    def run(self, work: Callable[[], _T]) -> _T:
        """Do something on the server's loop, where its worlds live; wait for what comes of it."""

        async def awaited() -> _T:
            return work()

        assert self._server.loop is not None
        return asyncio.run_coroutine_threadsafe(awaited(), self._server.loop).result(PATIENCE_S)

    def close(self) -> None:
        """End in order; the worlds are closed then."""
        self._server.should_exit = True
        self._thread.join(PATIENCE_S)
        self._listening.close()


class Loopback:
    """The way to one world of a server over sockets; each thread keeps a connection."""

    def __init__(self, port: int, prefix: str) -> None:
        self._port = port
        self._prefix = prefix
        self._own = threading.local()
        self._open: list[http.client.HTTPConnection] = []

    def call(self, request: Request) -> Answer:
        """The answer to a request, waited for."""
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=PATIENCE_S)
            self._own.connection = connection
            self._open.append(connection)
        path = request.path if request.path.startswith(f"{self._prefix}/") else self._prefix + request.path
        headers = {name.decode("latin-1"): value for name, value in request.headers if name.lower() != b"host"}
        try:
            connection.request(request.method, path, request.body or None, headers)
            answer = connection.getresponse()
            raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.getheaders()]
            return Answer(answer.status, raw, answer.read())
        except BaseException:
            connection.close()
            raise

    async def acall(self, request: Request) -> Answer:
        """The same on the caller's event loop, which goes on meanwhile."""
        return await asyncio.to_thread(self.call, request)

    def close(self) -> None:
        """Close every connection."""
        for connection in self._open:
            connection.close()
        self._open.clear()
