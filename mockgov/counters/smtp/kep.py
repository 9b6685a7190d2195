"""The door for letters into registered e-mail."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from mockgov.counters.callers import kep_password
from mockgov.counters.door import Directory
from mockgov.counters.smtp.connection import Connection, Handler
from mockgov.counters.smtp.listener import Listener
from mockgov.counters.smtp.misbehaving import after_work, before_work
from mockgov.counters.smtp.noting import COMMANDS, note
from mockgov.counters.smtp.replies import (
    BARE_LINE_END,
    MANY_RECIPIENTS,
    NO_WORLD,
    OK,
    RECIPIENTS,
    has_bare_line_end,
    reply,
)
from mockgov.faults.kinds import Channel
from mockgov.kep.grounds import Reason, english
from mockgov.kep.messages import DepositLetter, Submission
from mockgov.kep.rules import MAX_BYTES
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.world import DEFAULT

SIGN_IN: Final = "530 5.7.0 Sign in first (AUTH PLAIN or LOGIN): the user name is your KEP address"
NOT_YOURS: Final = "553 5.7.1 MAIL FROM is not the KEP address that has signed in; write it as you signed in"
WELCOME: Final = "235 2.7.0 Signed in"
NOT_WELCOME: Final = (
    "Address and password open no KEP account. The user name is the KEP address, <world>/<address> for another world "
    f"than {DEFAULT}."
)
CODES: Final[Mapping[Reason, tuple[int, str]]] = MappingProxyType(
    {
        Reason.TOO_LARGE: (552, "5.3.4"),
        Reason.UNREADABLE: (554, "5.6.0"),
        Reason.NO_SENDER: (554, "5.6.0"),
        Reason.SENDER_MISMATCH: (550, "5.7.1"),
        Reason.NO_RECIPIENT: (554, "5.6.0"),
        Reason.TOO_MANY_RECIPIENTS: (554, "5.5.3"),
        Reason.WRONG_RECIPIENT: (550, "5.1.3"),
        Reason.ENVELOPE_MISMATCH: (554, "5.6.0"),
        Reason.UNSIGNED: (550, "5.7.0"),
        Reason.BAD_SIGNATURE: (550, "5.7.7"),
        Reason.BAD_PACKAGE: (554, "5.6.0"),
        Reason.UNKNOWN_RECIPIENT: (550, "5.1.1"),
        Reason.ACCOUNT_CLOSED: (550, "5.2.1"),
        Reason.NO_CREDIT: (550, "5.7.0"),
        Reason.SENDER_OVER_QUOTA: (552, "5.2.2"),
        Reason.RECIPIENT_OVER_QUOTA: (552, "5.2.2"),
    }
)
"""How a refusal reads in SMTP; any other reason is 554 5.0.0."""


class LetterDesk(Handler):
    """What happens to one client's letters."""

    def __init__(self, worlds: Directory) -> None:
        self._worlds = worlds
        self._world = ""
        self._account: KepAddress | None = None

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, given: Any) -> AuthResult:
        """Whether a user name and a password open an account."""
        del server, session, envelope, way
        assert isinstance(given, LoginPassword)
        try:
            user, password = given.login.decode(), given.password.decode()
            world, slash, address = user.rpartition("/")
            self._world = world if slash else self._worlds.whose(kep_password(address, password))
            if self._world in self._worlds:
                self._account = self._ministry().kep.sign_in(KepAddress.parse(address), password)
        except (UnicodeDecodeError, InvalidWord, Refused):
            self._account = None
        return AuthResult(success=self._account is not None, handled=False)

    async def handle_AUTH(  # noqa: N802  aiosmtpd finds hooks by name
        self, server: SMTP, session: Session, envelope: Envelope, args: list[str]
    ) -> str | None:
        """Sign in; the dialogue itself is aiosmtpd's."""
        del envelope
        dialogue = server.auth_PLAIN if args[0] == "PLAIN" else server.auth_LOGIN
        result = await dialogue(server, args)
        if result.success:
            session.authenticated = True
            return WELCOME
        return None if result.handled else reply(535, "5.7.8", NOT_WELCOME)

    async def handle_MAIL(  # noqa: N802  the same
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a letter of the account's."""
        del server, session
        if self._account is None:
            return SIGN_IN
        try:
            sender = KepAddress.parse(address)
        except InvalidWord:
            return NOT_YOURS
        if sender != self._account:
            return NOT_YOURS
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(  # noqa: N802  the same
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Add a recipient, whoever it is: the provider examines it with the letter, and gives evidence."""
        del session, options
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return MANY_RECIPIENTS
        if self._account is None or self._world not in self._worlds:
            return NO_WORLD
        line = cast("Connection", server)
        visit = self._ministry().world.faults.visit(Channel.KEP_SMTP, "RCPT", self._account.address, address)
        if (put_off := await before_work(line, visit)) is not None:
            return put_off
        envelope.rcpt_tos.append(address)
        return await after_work(line, visit, "250 2.1.5 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  the same
        """Hand the letter to the provider, which takes or refuses it with evidence."""
        del session
        content = envelope.original_content or b""
        if has_bare_line_end(content):
            return BARE_LINE_END
        if self._account is None or self._world not in self._worlds:
            return NO_WORLD
        order = DepositLetter(sender=self._account, message=content, recipients=tuple(envelope.rcpt_tos))
        ministry = self._ministry()
        line = cast("Connection", server)
        visit = ministry.world.faults.visit(Channel.KEP_SMTP, "DATA", self._account.address, content)
        if (put_off := await before_work(line, visit)) is not None:
            return put_off
        try:
            submission = ministry.kep.deposit(order)
        except Refused as refusal:
            return await after_work(line, visit, reply(550, "5.7.1", refusal.message))
        ministry.settle()
        return await after_work(line, visit, answered(submission))

    def tell(self, command: str, envelope: Envelope, args: tuple[Any, ...], answer: object) -> None:
        """Tell the journal of the world that was signed in to, else of the default one."""
        if command not in COMMANDS:
            return
        world = self._world if self._world in self._worlds else DEFAULT
        if world in self._worlds:
            asker = "" if self._account is None else self._account.address
            note(self._worlds.get(world).journal, "kep_smtp", command, envelope, args, answer, asker)

    def _ministry(self) -> Ministry:
        return self._worlds.get(self._world)


class KepDoor(Listener):
    """Takes letters from the holders of KEP accounts."""

    name = "kep-smtp"

    def connection(self, worlds: Directory, live: set[Connection]) -> Connection:
        """A client's connection."""
        desk = LetterDesk(worlds)
        return Connection(desk, size_limit=MAX_BYTES, idle_s=self.idle_s, live=live, authenticator=desk.authenticate)


def answered(submission: Submission) -> str:
    """What the door says of a letter: its number and that of the evidence, and why, if it was refused."""
    letter = submission.letter
    where = f"Letter {letter.letter_id}, evidence {submission.evidence_id} (SANDBOX)."
    if letter.reason is None:
        left_out = ", ".join(f"{one.recipient} ({one.reason})" for one in submission.deliveries if one.reason)
        return reply(250, "2.0.0", f"Taken, but not for {left_out}. {where}" if left_out else f"Taken. {where}")
    code, enhanced = CODES.get(letter.reason, (554, "5.0.0"))
    return reply(code, enhanced, f"Refused, {letter.reason}: {english(letter.reason)} {letter.detail} {where}")
