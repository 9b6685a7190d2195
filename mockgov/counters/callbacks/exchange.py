"""One connection to an endpoint: requests one after the other, each with a status or a reason why there is none."""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import httptools

from mockgov.callbacks.destination import Destination
from mockgov.callbacks.rules import Outcome, Trouble

MOST: Final = 65_536
"""Bytes of an answer that are read (chosen here)."""
CHUNK: Final = 16_384
INTERIM: Final = 200
"""Statuses below are not the answer yet."""


class Unreadable(Exception):  # noqa: N818  told as a `Trouble`, never raised to anybody else
    """What came back is no HTTP, or never ends its head."""


class NotAllowed(Exception):  # noqa: N818  the same
    """A host with an address outside the networks."""


class Answer:
    """Collects what of an answer matters; httptools calls it."""

    def __init__(self) -> None:
        self.parser = httptools.HttpResponseParser(self)
        self.retry_after = b""
        self.status: int | None = None
        self.is_complete = False
        self.can_follow = False

    def on_message_begin(self) -> None:
        """An interim answer may have come before."""
        self.retry_after, self.status, self.is_complete = b"", None, False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Of all headers, one counts."""
        if name.lower() == b"retry-after":
            self.retry_after = value.strip()

    def on_headers_complete(self) -> None:
        """Now it is known what the endpoint says."""
        status: int = self.parser.get_status_code()
        self.status = status if status >= INTERIM else None

    def on_message_complete(self) -> None:
        """The connection is free again, if the endpoint wants that."""
        self.is_complete = self.status is not None
        self.can_follow = self.parser.should_keep_alive()

    @property
    def outcome(self) -> Outcome:
        """What it comes to."""
        seconds = self.retry_after.decode("latin-1")
        is_number = seconds.isascii() and seconds.isdigit() and len(seconds) <= 9
        return Outcome(status=self.status, retry_after_s=int(seconds) if is_number else None)


class Connection:
    """A connection to one address."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self.is_open = True

    @classmethod
    async def to(cls, address: str, destination: Destination) -> "Connection":
        """Connect to an address that the destination's host has. Raises OSError."""
        context = ssl.create_default_context() if destination.is_secure else None
        name = destination.host if destination.is_secure else None
        made = await asyncio.open_connection(address, destination.port, ssl=context, server_hostname=name)
        return cls(*made)

    async def post(self, destination: Destination, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send one request and wait for its answer. Raises OSError, EOFError, `Unreadable`."""
        head = [f"POST {destination.target} HTTP/1.1", f"host: {destination.authority}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        head += [f"content-length: {len(body)}", "", ""]
        self._writer.write("\r\n".join(head).encode("ascii") + body)
        answer = Answer()
        read = 0
        while not answer.is_complete and read < MOST:
            data = await self._reader.read(CHUNK)
            read += len(data)
            if not data:
                break
            try:
                answer.parser.feed_data(data)
            except (httptools.HttpParserError, httptools.HttpParserUpgrade):
                if answer.status is None:
                    raise Unreadable from None
                break
        self.is_open = answer.is_complete and answer.can_follow
        if answer.status is None:
            raise Unreadable if read else EOFError
        return answer.outcome

    async def close(self) -> None:
        """Give the connection back, whatever its state; nothing is waited for that the other end could delay."""
        self.is_open = False
        self._writer.transport.abort()
        with suppress(OSError):
            await self._writer.wait_closed()


TROUBLES: Final = (
    (TimeoutError, Trouble.TIMED_OUT),
    (ConnectionRefusedError, Trouble.REFUSED),
    (socket.gaierror, Trouble.UNKNOWN_HOST),
    (NotAllowed, Trouble.NOT_ALLOWED),
    (ssl.SSLError, Trouble.UNTRUSTED),
    (Unreadable, Trouble.UNREADABLE),
)


def trouble_of(error: Exception) -> Trouble:
    """Why there is no status."""
    return next((trouble for kind, trouble in TROUBLES if isinstance(error, kind)), Trouble.BROKEN)
