"""A ministry in this very process: its application, called as a server would, without a socket."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from mockgov.app import Front, create_app
from mockgov.settings import Settings
from mockgov.worlds import Worlds
from sim.drive.transport import Answer
from sim.drive.wire import WireMinistry


class AsgiTransport:
    """Calls an ASGI application. An exception in the application is an error here too: a sandbox fails loudly."""

    def __init__(self, front: Front) -> None:
        self._front = front

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request and its whole answer."""
        bare, _, query = path.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": bare,
            "raw_path": bare.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "http",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 80),
        }
        status, cookie = 0, ""
        parts: list[bytes] = []

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal status, cookie
            if message["type"] == "http.response.start":
                status = message["status"]
                cookie = dict(message.get("headers", ())).get(b"set-cookie", b"").decode()
            else:
                parts.append(message.get("body", b""))

        await self._front(scope, receive, send)
        return Answer(status, b"".join(parts), cookie)

    async def close(self) -> None:
        """Close the worlds."""
        self._front.close()


def in_process(settings: Settings | None = None) -> WireMinistry:
    """A fresh ministry in memory."""
    worlds = Worlds(settings=settings)
    worlds.make("default")
    return WireMinistry(AsgiTransport(create_app(worlds)), keep_world=True)
