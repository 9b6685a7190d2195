"""A request, its answer, and the record of both that a test's world keeps."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

Headers = Sequence[tuple[bytes, bytes]]
"""Raw headers, names in small letters."""


class Request(NamedTuple):
    """What a client sends."""

    method: str
    path: str
    """Path and query, without the world's prefix."""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first header of that name, as Latin-1; empty without one."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == wanted), "")


class Answer(NamedTuple):
    """What comes back."""

    status: int
    raw_headers: Headers
    body: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """By name in small letters; the last of several of one name."""
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self.raw_headers}

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()

    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.body)

    @property
    def refusal(self) -> str:
        """The `errorKey` of a problem, or nothing."""
        try:
            return str(self.json().get("errorKey", "")) if self.status >= 400 else ""
        except (ValueError, AttributeError):
            return ""

    def __repr__(self) -> str:
        return f"<answer {self.status} {self.refusal or len(self.body)}>"


class Exchange(NamedTuple):
    """One request and its answer at a moment of the world."""

    at: datetime
    request: Request
    answer: Answer

    @property
    def refusal(self) -> str:
        """The `errorKey` of a problem, or nothing."""
        return self.answer.refusal
