"""A plain HTTP client for tests, the same in process and to a port; `await` its second half in async tests."""

import json as json_text
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from mockgov.testing.caller import Caller
from mockgov.testing.exchange import Answer, Request


class Http:
    """Sends requests to one world."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """Any request: a JSON value or bytes as its body, `auth` for HTTP Basic in UTF-8."""
        return self._caller.call(composed(method, path, json=json, content=content, headers=headers, auth=auth))

    async def arequest(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Answer:
        """The same on the caller's event loop."""
        return await self._caller.acall(composed(method, path, json=json, content=content, headers=headers, auth=auth))

    def get(self, path: str, **more: Any) -> Answer:
        """A GET; see `request`."""
        return self.request("GET", path, **more)

    def post(self, path: str, **more: Any) -> Answer:
        """A POST; see `request`."""
        return self.request("POST", path, **more)

    def put(self, path: str, **more: Any) -> Answer:
        """A PUT; see `request`."""
        return self.request("PUT", path, **more)

    def delete(self, path: str, **more: Any) -> Answer:
        """A DELETE; see `request`."""
        return self.request("DELETE", path, **more)

    async def aget(self, path: str, **more: Any) -> Answer:
        """A GET, awaited."""
        return await self.arequest("GET", path, **more)

    async def apost(self, path: str, **more: Any) -> Answer:
        """A POST, awaited."""
        return await self.arequest("POST", path, **more)


def composed(
    method: str,
    path: str,
    *,
    json: Any = None,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
) -> Request:
    """The request that these arguments mean."""
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()]
    if json is not None:
        content = json_text.dumps(json, ensure_ascii=False, separators=(",", ":")).encode()  # as httpx writes it
        if not any(name == b"content-type" for name, _ in raw):
            raw.append((b"content-type", b"application/json"))
    if auth is not None:
        raw.append((b"authorization", basic(*auth)))
    return Request(method.upper(), path, raw, content)


def basic(username: str, password: str) -> bytes:
    """An Authorization header of RFC 7617, in UTF-8."""
    return b"Basic " + b64encode(f"{username}:{password}".encode())
