"""One SMTP connection: aiosmtpd's protocol class, with this product's limits and an orderly end."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from email.errors import HeaderParseError
from typing import Any, Final, cast

from aiosmtpd.smtp import MISSING, SMTP, AuthenticatorType

from mockgov.counters.misbehaving import end_transport
from mockgov.counters.smtp.replies import BARE_LINE_END, TRY_LATER
from mockgov.faults.course import Course

HOST: Final = "localhost"
"""The name in greetings: the door stands on this machine, whatever it plays."""
IDENT: Final = "ESMTP HES Sandbox (nothing here has legal force)"
COMMAND_LENGTH: Final = 512
"""Bytes of a command at most (RFC 5321, section 4.5.3.1.4)."""
CALLS: Final = {"*": 1_000, "AUTH": 10, "MAIL": 1_000_000, "RCPT": 1_000_000, "DATA": 1_000_000, "RSET": 1_000_000}
"""How often one connection may give each command: without end what carries mail, all others within reason."""
CLOSING: Final = b"421 4.3.2 The door is closing; try again later\r\n"
FULL: Final = b"421 4.3.2 Too many connections; try again later\r\n"
IDLE: Final = b"421 4.4.2 Idle for too long; goodbye\r\n"

NO_ANSWER: Final = "000"
"""How an answer begins, for the journal, that never leaves."""
TOO_LONG: Final = "500 Line too long"
"""How aiosmtpd begins its answer to a message with a line over its limit."""

_UNPRINTABLE = re.compile(r"[^ -~]")

aiosmtpd_log = logging.getLogger("mail.log")
aiosmtpd_log.addHandler(logging.NullHandler())  # else Python prints it where nobody asked
aiosmtpd_log.propagate = False  # it repeats what clients say, and numbers of living people's may be in it
log = logging.getLogger("mockgov")


class Cut(ConnectionResetError):  # noqa: N818  what it is to whoever serves the client
    """A planted fault has ended the connection; the message is its token."""


class Lines:
    """Reads a message, and notes whether a LF stands in it without its CR."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.has_bare_end = False
        self._reader = reader

    async def readuntil(self, separator: bytes) -> bytes:
        """A line. Raises `asyncio.LimitOverrunError` for one that is too long."""
        line = await self._reader.readuntil(separator)
        self.has_bare_end |= b"\n" in line.removesuffix(separator)
        return line

    async def read(self, size: int) -> bytes:
        """A piece of a line that is too long; the separator is not in it."""
        piece = await self._reader.read(size)
        self.has_bare_end |= b"\n" in piece
        return piece


class Connection(SMTP):
    """A client."""

    def __init__(
        self,
        handler: object,
        *,
        size_limit: int,
        idle_s: float,
        live: set["Connection"],
        authenticator: AuthenticatorType | None = None,
    ) -> None:
        self.command_size_limits = defaultdict(lambda: COMMAND_LENGTH)  # aiosmtpd's is shared by all connections
        super().__init__(
            handler,
            data_size_limit=size_limit,
            enable_SMTPUTF8=True,
            hostname=HOST,  # else a name server is asked, and everybody waits
            ident=IDENT,
            timeout=idle_s,
            auth_require_tls=authenticator is None,
            authenticator=authenticator,
            command_call_limit=CALLS,
            loop=asyncio.get_running_loop(),
        )
        self._signs_in = authenticator is not None
        self._live = live
        self.course: Course | None = None
        """How the next answer leaves, if otherwise than in one piece."""
        self._lines: Lines | None = None
        """How a message is read, while it is."""

    @property
    def work(self) -> asyncio.Task[None] | None:
        """What serves the client."""
        return self._handler_coroutine

    def end(self, last_words: bytes) -> None:
        """Say why, and hang up as soon as that has left."""
        transport = cast("asyncio.Transport | None", self.transport)
        if transport is not None and not transport.is_closing():
            transport.write(last_words)
            transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        transport = cast("asyncio.Transport | None", self.transport)
        if transport is not None:
            transport.abort()

    def hang_up(self, *, resets: bool, tokens: str = "") -> None:
        """End the connection without an answer. Raises `Cut`, which ends what serves it."""
        end_transport(cast("asyncio.Transport", self.transport), resets=resets)
        raise Cut(tokens)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to serve."""
        self._live.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Stop serving."""
        self._live.discard(self)
        super().connection_lost(error)

    async def _call_handler_hook(self, command: str, *args: Any) -> Any:
        """Do what the handler does, and let it tell the journal."""
        try:
            answer = await super()._call_handler_hook(command, *args)
        except Cut as cut:
            if isinstance(self.event_handler, Handler):
                self.event_handler.tell(command, self.envelope, args, f"{NO_ANSWER} (X-HES-Fault: {cut})")
            raise
        if isinstance(self.event_handler, Handler):
            self.event_handler.tell(command, self.envelope, args, answer)
        return answer

    async def push(self, status: str | bytes) -> None:
        """Answer; of what a client has said, and is told again, only what can be printed."""
        text = status if isinstance(status, str) else status.decode()
        if self._lines is not None and self._lines.has_bare_end and text.startswith(TOO_LONG):
            text = BARE_LINE_END  # lines without their ends look like one long one
        printed = "\r\n".join(_UNPRINTABLE.sub("?", line) for line in text.split("\r\n")).encode()
        course, self.course = self.course, None
        if course is None:
            await super().push(printed)
            return
        for wait_ms, piece in course.pieces(printed + b"\r\n"):
            await asyncio.sleep(wait_ms / 1000)
            self._writer.write(piece)
        if course.hangs_up:
            self.hang_up(resets=course.resets)

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802  aiosmtpd finds commands by name
        """Greet; what was lengthened at an earlier greeting is not lengthened again."""
        self.command_size_limits.clear()
        await super().smtp_EHLO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802  the same
        """Sign in, where there is something to sign in to."""
        if self._signs_in:
            await super().smtp_AUTH(arg)
        else:
            await self.push("502 5.5.1 Nobody signs in here; send the mail as it is")

    async def smtp_VRFY(self, arg: str) -> None:  # noqa: N802  the same
        """Tell nothing about mailboxes."""
        del arg
        await self.push("252 2.1.5 Not told; send the message and see")

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802  the same
        """Take a message in, with an eye on how its lines end."""
        reader = self._reader
        self._lines = Lines(reader)
        self._reader = cast("asyncio.StreamReader", self._lines)  # of which aiosmtpd wants no more here
        try:
            await super().smtp_DATA(arg)
        finally:
            self._reader, self._lines = reader, None

    async def challenge_auth(self, *args: Any, **kwargs: Any) -> Any:
        """Ask for a part of the credentials; an answer without end is none."""
        try:
            return await super().challenge_auth(*args, **kwargs)
        except ValueError:
            await self.push("500 5.5.6 Line too long")
            return MISSING

    async def _handle_client(self) -> None:
        """Serve until the client has gone, in whichever way."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await super()._handle_client()

    def _timeout_cb(self) -> None:
        self.end(IDLE)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """An address and what follows it; what the library's parser stumbles over is none."""
        try:
            address, rest = super()._getaddr(arg)
        except (AttributeError, HeaderParseError, IndexError, TypeError, ValueError):
            return None, None
        return address, rest


class Handler:
    """What both doors do with a client's commands."""

    async def handle_EHLO(  # noqa: N802  aiosmtpd finds hooks by name
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> Sequence[str]:
        """Tell that commands may come in a row (RFC 2920)."""
        del server, envelope
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    def tell(self, command: str, envelope: Any, args: tuple[Any, ...], answer: object) -> None:
        """Tell a world's journal of a command and its answer."""

    async def handle_exception(self, error: Exception) -> str:
        """A mistake of ours: nobody gets to read it but who keeps the log."""
        log.error("a mistake at the SMTP door", exc_info=error)
        return TRY_LATER


class TurnedAway(asyncio.Protocol):
    """A client that cannot be served."""

    def __init__(self, words: bytes) -> None:
        self._words = words

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so, and hang up."""
        out = cast("asyncio.WriteTransport", transport)  # uvloop's is one, and does not say so
        out.write(self._words)
        out.close()
