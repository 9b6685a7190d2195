"""What a mail is, how its life goes, and which fates addresses can ask for. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress

STAMP: Final = "SANDBOX — hukuki geçerliliği yoktur"
"""Ends every message that the ministry writes."""
SIZE_LIMIT: Final = 10 * 1024 * 1024
"""Bytes of a message at most, in either direction (chosen here)."""
SUBJECT_LIMIT: Final = 500
NAME_LIMIT: Final = 200
"""Characters of a subject, and of an attachment's name, at most (chosen here)."""
EXPIRES_AFTER: Final = timedelta(days=5)
"""How long delivery is tried (RFC 5321, section 4.5.4.1: at least 4 to 5 days)."""
GREYLISTED: Final = timedelta(minutes=5)
"""How long a greylisted pair of sender and recipient is put off."""
BACK_OFF: Final = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 15, 30, 60, 120, 240))
"""Waits between attempts; the last one repeats."""

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")
_CONTENT_TYPE = re.compile(r"(application|audio|font|image|text|video)/[a-z0-9][a-z0-9.+-]{0,99}")


class MailRefused(Refused):
    """A mail that cannot be written."""

    key = "mailrefused"


class UnknownScenario(MailRefused):
    """A `+hes-…` label that scripts nothing."""

    key = "unknownmailscenario"


class UnknownMail(Refused):
    """No mail, or no attachment, has this number."""

    key = "mailnotfound"


class Box(StrEnum):
    """Which way a mail goes."""

    OUT = "out"
    """Written by the ministry."""
    IN = "in"
    """Come from outside, or a report about one that went out."""


class State(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    BOUNCED = "bounced"


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.QUEUED: frozenset({State.DELIVERED, State.DEFERRED, State.BOUNCED}),
        State.DEFERRED: frozenset({State.DELIVERED, State.DEFERRED, State.BOUNCED}),
        State.DELIVERED: frozenset(),
        State.BOUNCED: frozenset(),
    }
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What an SMTP server says: a code, an enhanced code (RFC 3463) and a sentence in ASCII."""

    code: int
    enhanced: str
    text: str

    @property
    def is_accepted(self) -> bool:
        """Whether the mail is taken."""
        return self.code < 400

    @property
    def is_temporary(self) -> bool:
        """Whether trying again later may help."""
        return 400 <= self.code < 500

    def __str__(self) -> str:
        return f"{self.code} {self.enhanced} {self.text}"


ACCEPTED: Final = Reply(250, "2.0.0", "OK: queued")
NO_MAILBOX: Final = Reply(550, "5.1.1", "No such mailbox; check the address")
MAILBOX_FULL: Final = Reply(552, "5.2.2", "Mailbox full")
COME_LATER: Final = Reply(451, "4.7.1", "Greylisted; try again in five minutes")
NOT_NOW: Final = Reply(451, "4.3.0", "Mail system is not taking messages; try again later")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """The scripted fate of mail for an address."""

    meaning: str
    replies: tuple[Reply, ...] = (ACCEPTED,)
    """Of the first attempt, the second, …; the last one repeats."""
    delay: timedelta = timedelta()
    """From the queue to the first attempt."""


SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {
        "bounce": Scenario(meaning="550 5.1.1, the mailbox does not exist; bounces at once", replies=(NO_MAILBOX,)),
        "full": Scenario(meaning="552 5.2.2, the mailbox is full; bounces at once", replies=(MAILBOX_FULL,)),
        "greylist": Scenario(
            meaning="451 4.7.1 first, delivered at the next attempt 5 minutes later", replies=(COME_LATER, ACCEPTED)
        ),
        "late": Scenario(meaning="delivered an hour late", delay=timedelta(hours=1)),
        "deferred": Scenario(meaning="451 4.3.0 at every attempt; bounces after 5 days with 4.4.7", replies=(NOT_NOW,)),
    }
)
"""By label: `anybody+bounce@any.domain`, or `+hes-bounce`. Any other label is ordinary plus addressing, but one that
begins with `hes-` and stands not here is refused. Behind the ministry's own address the labels with `hes-` script what
its SMTP door answers: `hesdestek+hes-greylist@saglik.gov.tr`; mail that it takes `late` is there an hour later."""
MAGIC: Final = "hes-"
ORDINARY: Final = Scenario(meaning="delivered at once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file in a mail."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One mail to one recipient. Its bytes are kept apart."""

    number: int
    box: Box
    sender: EmailAddress | None
    """None is the empty return path of reports (RFC 5321, section 4.5.5)."""
    recipient: EmailAddress
    subject: str = field(repr=False)
    size: int
    """Of the whole message in bytes."""
    queued_at: datetime
    state: State = State.QUEUED
    attempts: int = 0
    due_at: datetime | None
    """When something is to happen next; None once the mail is delivered or bounced."""
    settled_at: datetime | None = None
    """When it was delivered or bounced."""
    reply: str = ""
    """What the recipient's server said last."""
    reference: str = ""
    """The sender's own, in no part of the mail itself."""


def scenario_of(address: EmailAddress) -> Scenario:
    """The fate of mail to an address, by the label behind its last `+`. Raises `UnknownScenario`."""
    label = _label(address)
    return SCENARIOS.get(label) or script_of(address)


def script_of(address: EmailAddress) -> Scenario:
    """The same, where only a label that begins with `hes-` scripts anything. Raises `UnknownScenario`."""
    label = _label(address)
    if not label.startswith(MAGIC):
        return ORDINARY
    found = SCENARIOS.get(label.removeprefix(MAGIC))
    if found is None:
        known = ", ".join(f"+{MAGIC}{name}" for name in SCENARIOS)
        raise UnknownScenario(f"This +hes- label scripts nothing. Take one of {known}, or a label without hes-.")
    return found


def is_scriptable(address: EmailAddress) -> bool:
    """Whether mail can be sent there: the address has no `+hes-` label, or one that scripts something."""
    try:
        scenario_of(address)
    except UnknownScenario:
        return False
    return True


def _label(address: EmailAddress) -> str:
    return address.local.lower().rpartition("+")[2] if "+" in address.local else ""


def mailbox_of(address: EmailAddress, home: EmailAddress) -> str:
    """The inbox of an address, folded; all labels of the ministry's own address share one."""
    base, own = address.folded.partition("@")[0].partition("+")[0], home.folded.partition("@")[0].partition("+")[0]
    return f"{own}@{home.domain}" if (base, address.domain) == (own, home.domain) else address.folded


def moved(message: Message, to: State) -> Message:
    """The mail in another state. Raises `ValueError` where the table has no such step."""
    if to not in TRANSITIONS[message.state]:
        msg = f"A {message.state} mail does not become {to}."
        raise ValueError(msg)
    return replace(message, state=to)


def attempted(message: Message, at: datetime) -> Message:
    """The mail after its next attempt at a moment, with what the recipient's server says to that."""
    scenario = scenario_of(message.recipient) if message.box is Box.OUT else ORDINARY
    attempts = message.attempts + 1
    reply = scenario.replies[min(attempts, len(scenario.replies)) - 1]
    tried = replace(message, attempts=attempts, reply=str(reply), due_at=None)
    if reply.is_accepted:
        return replace(moved(tried, State.DELIVERED), settled_at=at)
    expires = message.queued_at + EXPIRES_AFTER
    if not reply.is_temporary:
        return replace(moved(tried, State.BOUNCED), settled_at=at)
    if at >= expires:
        expired = f"4.4.7 Given up after {EXPIRES_AFTER.days} days; the last answer was: {reply}"
        return replace(moved(tried, State.BOUNCED), settled_at=at, reply=expired)
    wait = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return replace(moved(tried, State.DEFERRED), due_at=min(at + wait, expires))


def greeted(scenario: Scenario, waited: timedelta) -> Reply:
    """What the ministry's own door answers to a pair of sender and recipient first seen so long ago."""
    return ACCEPTED if waited >= GREYLISTED and is_greylist(scenario) else scenario.replies[0]


def put_off(seconds: int) -> Reply:
    """What a greylisted pair is told that has to wait so long from its first knock on."""
    return Reply(451, "4.7.1", f"Greylisted; try again in {seconds} seconds")


def is_greylist(scenario: Scenario) -> bool:
    """Whether who knocks for the first time is put off."""
    return scenario.replies[0] == COME_LATER


def check_subject(subject: str) -> None:
    """Raises `MailRefused` for a subject that would break out of its header, or is too long."""
    if _UNPRINTABLE.search(subject) or len(subject) > SUBJECT_LIMIT:
        raise MailRefused(f"A subject is one line of at most {SUBJECT_LIMIT} printable characters.")


def check_text(text: str) -> None:
    """Raises `MailRefused` for what is no text."""
    if _NO_TEXT.search(text):
        raise MailRefused("A mail's text has neither NUL nor halves of characters.")


def check_attachment(attachment: Attachment) -> None:
    """Raises `MailRefused` for a name or content type that would break out of its header."""
    name = attachment.name
    if (
        not name
        or name != name.strip()
        or _UNPRINTABLE.search(name)
        or len(name) > NAME_LIMIT
        or "/" in name
        or "\\" in name
    ):
        raise MailRefused(
            f"An attachment's name is 1 to {NAME_LIMIT} printable characters, no blanks around, no / and \\."
        )
    if not _CONTENT_TYPE.fullmatch(attachment.content_type):
        raise MailRefused("An attachment's content type is one of a single file, such as application/pdf.")
