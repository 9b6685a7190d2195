"""The door for ordinary mail to the ministry."""

from typing import Any, Final, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from mockgov.counters.callers import correspondent
from mockgov.counters.door import Directory
from mockgov.counters.smtp.connection import Connection, Handler
from mockgov.counters.smtp.listener import Listener
from mockgov.counters.smtp.misbehaving import after_work, before_work, greylisting, tokened
from mockgov.counters.smtp.noting import COMMANDS, note
from mockgov.counters.smtp.replies import (
    BARE_LINE_END,
    MANY_RECIPIENTS,
    NO_WORLD,
    OK,
    RECIPIENTS,
    has_bare_line_end,
    reply,
    written,
)
from mockgov.faults.kinds import Channel
from mockgov.faults.plan import NOTHING, Visit
from mockgov.mail.messages import ReceiveMail
from mockgov.mail.rules import MAGIC, SIZE_LIMIT, UnknownScenario, scenario_of
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord
from mockgov.world import DEFAULT

MAILBOX: Final = "hesdestek"
DOMAIN: Final = "saglik.gov.tr"
NO_RETURN: Final = "<>"
"""How aiosmtpd hands out the empty return path of reports."""
NO_MAILBOX: Final = (
    f"Only {MAILBOX}@{DOMAIN} has a mailbox here; put +<world> behind {MAILBOX} for another world than {DEFAULT}, "
    "and nothing is passed on to anybody else."
)
OTHER_WORLD: Final = "452 4.5.3 A message goes to one world; send another one to this recipient"
MALFORMED: Final = "The address is not one of letters, digits and single dots before @ and a domain name behind it."


class MailDesk(Handler):
    """What happens to one client's mail."""

    def __init__(self, worlds: Directory) -> None:
        self._worlds = worlds
        self._led: dict[tuple[EmailAddress, EmailAddress | None], str] = {}
        """Worlds to which a message's addresses have led."""

    async def handle_MAIL(  # noqa: N802  aiosmtpd finds hooks by name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Begin a message; whoever could not be answered, for a label that scripts nothing, is told so."""
        del server, session
        try:
            sender = _sender(address)
            if sender is not None:
                scenario_of(sender)
        except InvalidWord:
            return reply(553, "5.1.7", MALFORMED)
        except UnknownScenario as refusal:
            return reply(553, "5.1.7", refusal.message)
        self._led.clear()
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(  # noqa: N802  the same
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Add a recipient, if it is the ministry in a world that there is."""
        del session, options
        if len(envelope.rcpt_tos) >= RECIPIENTS:
            return MANY_RECIPIENTS
        try:
            visit = self._visit(address, "RCPT", envelope.mail_from or "", address)
            if (refusal := await before_work(cast("Connection", server), visit)) is not None:
                return refusal
            obstacle = self._obstacle(envelope, EmailAddress.parse(address))
        except InvalidWord:
            return reply(553, "5.1.3", MALFORMED)
        except Refused as refusal:
            return reply(550, "5.1.1", refusal.message)
        if obstacle is None:
            envelope.rcpt_tos.append(address)
        return await after_work(cast("Connection", server), visit, obstacle or "250 2.1.5 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  the same
        """Take the message, or nothing of it."""
        del session
        content = envelope.original_content or b""
        if has_bare_line_end(content):
            return BARE_LINE_END
        recipients = tuple(EmailAddress.parse(address) for address in envelope.rcpt_tos)
        try:
            sender = _sender(envelope.mail_from)
            world = self._world(recipients[0], sender)
        except Refused as refusal:
            return reply(554, "5.6.0", refusal.message)
        if world is None:
            return NO_WORLD
        ministry = self._worlds.get(world)
        line = cast("Connection", server)
        visit = self._visit(envelope.rcpt_tos[0], "DATA", envelope.mail_from or "", content)
        if (put_off := await before_work(line, visit)) is not None:
            return put_off
        try:
            answer = self._taken(ministry, sender, recipients, content)
        except Refused as refusal:
            answer = reply(554, "5.6.0", refusal.message)
        return await after_work(line, visit, answer)

    def _visit(self, recipient: str, verb: str, sender: str, about: bytes | str) -> Visit:
        """What strikes a command about a recipient. Raises `InvalidEmailAddress`."""
        world = self._world(EmailAddress.parse(recipient), _sender(sender))
        if world is None:
            return NOTHING
        return self._worlds.get(world).world.faults.visit(Channel.SMTP, verb, sender, about)

    def tell(self, command: str, envelope: Envelope, args: tuple[Any, ...], answer: object) -> None:
        """Tell the journal of the world that the recipient leads to, else of the default one."""
        if command not in COMMANDS:
            return
        to = args[0] if command == "RCPT" and args else next(iter(envelope.rcpt_tos), "")
        try:
            world = self._world(EmailAddress.parse(to), _sender(envelope.mail_from)) or DEFAULT
        except (InvalidWord, Refused):
            world = DEFAULT
        if world in self._worlds:
            journal = self._worlds.get(world).journal
            note(journal, "smtp", command, envelope, args, answer, envelope.mail_from or "")

    def _obstacle(self, envelope: Envelope, recipient: EmailAddress) -> str | None:
        """Why mail for a recipient is not taken, if it is not. Raises `Refused`."""
        sender = _sender(envelope.mail_from)
        world = self._world(recipient, sender)
        if world is None:
            return reply(550, "5.1.1", NO_MAILBOX)
        if envelope.rcpt_tos and self._world(EmailAddress.parse(envelope.rcpt_tos[0]), sender) != world:
            return OTHER_WORLD
        ministry = self._worlds.get(world)
        late = greylisting(ministry.world.faults, envelope.mail_from or "", recipient.address)
        answer = ministry.mail.greet(sender, recipient, greylist_s=late.seconds, anew=late.is_again)
        if answer.is_accepted:
            return None
        return tokened(written(answer), late.token) if late.token else written(answer)

    def _taken(
        self, ministry: Ministry, sender: EmailAddress | None, recipients: tuple[EmailAddress, ...], content: bytes
    ) -> str:
        mails = ministry.mail.receive(ReceiveMail(sender=sender, recipients=recipients, message=content))
        ministry.settle()
        numbers = ", ".join(str(mail.number) for mail in mails)
        return reply(250, "2.0.0", f"Taken as number {numbers} (SANDBOX)")

    def _world(self, recipient: EmailAddress, sender: EmailAddress | None) -> str | None:
        """The world that an address of the ministry's leads to; None for any other address. Raises `Refused`.

        Where it names none, whoever the ministry of another world has written to is of that world.
        """
        mailbox, *labels = recipient.local.lower().split("+")
        if mailbox != MAILBOX or recipient.domain != DOMAIN:
            return None
        named = labels[0] if labels and not labels[0].startswith(MAGIC) else None
        if named is None and (recipient, sender) not in self._led:
            self._led[recipient, sender] = self._worlds.whose(correspondent(sender))
        world = self._led[recipient, sender] if named is None else named
        return world if world in self._worlds else None


class SmtpDoor(Listener):
    """Takes mail for the ministry's address."""

    name = "smtp"

    def connection(self, worlds: Directory, live: set[Connection]) -> Connection:
        """A client's connection."""
        return Connection(MailDesk(worlds), size_limit=SIZE_LIMIT, idle_s=self.idle_s, live=live)


def _sender(path: str | None) -> EmailAddress | None:
    """The return path; None for the empty one. Raises `InvalidEmailAddress`."""
    return None if path in (None, NO_RETURN) else EmailAddress.parse(path)
