"""An integrator's endpoint on a free port of this machine: keeps what it is sent, and answers as it is told."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple, Self
from unittest.mock import patch

from standardwebhooks import Webhook, webhooks


class Called(NamedTuple):
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def data(self) -> dict[str, Any]:
        return self.said["data"]


Answer = int | tuple[int, Mapping[str, str]]


class Endpoint:
    """`with Endpoint() as endpoint:` listens at `endpoint.url` until the block ends."""

    def __init__(self, answer: Callable[[Called], Answer] = lambda _: 204) -> None:
        self.answer = answer
        self.calls: list[Called] = []
        self.connections = 0
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                endpoint.connections += 1
                super().setup()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                called = Called(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                endpoint.calls.append(called)
                said = endpoint.answer(called)
                status, headers = said if isinstance(said, tuple) else (said, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?from=hes"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


def verified(secret: str, headers: Mapping[str, str], body: bytes) -> Any:
    """What the reference library makes of a request at the moment of its own timestamp. Raises where it refuses it."""
    when = webhooks.datetime.fromtimestamp(int(headers["webhook-timestamp"]), tz=webhooks.timezone.utc)
    with patch.object(webhooks, "datetime", wraps=webhooks.datetime) as clock:
        clock.now.return_value = when
        return Webhook(secret).verify(body, dict(headers))
