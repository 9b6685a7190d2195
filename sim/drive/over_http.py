"""A ministry at a URL, over real sockets. Connections are kept alive and as many as needed: an open loop."""

from collections.abc import Mapping

import aiohttp

from sim.drive.transport import Answer, NoAnswerError
from sim.drive.wire import WireMinistry


class HttpTransport:
    """Carries requests over HTTP/1.1."""

    def __init__(self, url: str, *, time_out_s: float = 30) -> None:
        self._url = url.rstrip("/")
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=60),
            timeout=aiohttp.ClientTimeout(total=time_out_s),
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one request; a connection that the server closed meanwhile counts as no answer."""
        try:
            request = self._session.request(
                method, self._url + path, headers=headers, data=body or None, allow_redirects=False
            )
            async with request as answer:
                return Answer(answer.status, await answer.read(), answer.headers.get("Set-Cookie", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NoAnswerError(type(error).__name__) from None

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()


def over_http(url: str, *, keep_world: bool = False) -> WireMinistry:
    """The ministry at `url`; call it inside a running loop."""
    return WireMinistry(HttpTransport(url), keep_world=keep_world)
