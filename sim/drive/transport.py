"""What carries requests to a ministry: sockets, or a function call."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol


class NoAnswerError(Exception):
    """The transport got no answer in time, or lost the connection."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    cookie: str = ""
    """The `Set-Cookie` header; empty if there is none."""


class Transport(Protocol):
    """Carries one request and brings its answer. It follows no redirection, and keeps no cookie."""

    async def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """One request and its answer. Raises `NoAnswerError`."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
