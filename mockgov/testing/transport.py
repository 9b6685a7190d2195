"""A transport for httpx (and httpx2, whose classes have the same names): sync and async clients, in process.

    httpx.Client(transport=ministry_transport, base_url=ministry_url)
    httpx.AsyncClient(transport=ministry_transport, base_url=ministry_url)

Neither library is imported here: an answer is built by the one whose request came.
"""

import sys
from types import TracebackType
from typing import Any, Self

from mockgov.testing.caller import Caller
from mockgov.testing.exchange import Answer, Request


class Transport:
    """Hands a client's requests to one world."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def handle_request(self, request: Any) -> Any:
        """Answer a sync client."""
        return _answered(request, self._caller.call(_read(request, request.read())))

    async def handle_async_request(self, request: Any) -> Any:
        """Answer an async client, on its own loop."""
        return _answered(request, await self._caller.acall(_read(request, await request.aread())))

    def close(self) -> None:
        """Nothing to give back: the world outlives its clients."""

    async def aclose(self) -> None:
        """The same."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _read(request: Any, body: bytes) -> Request:
    return Request(request.method, request.url.raw_path.decode("ascii"), list(request.headers.raw), body)


def _answered(request: Any, answer: Answer) -> Any:
    library = sys.modules[type(request).__module__.partition(".")[0]]
    return library.Response(answer.status, headers=list(answer.raw_headers), content=answer.body, request=request)
