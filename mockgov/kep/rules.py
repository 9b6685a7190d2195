"""How a registered letter lives, why one is refused, and what an account is. Pure.

One letter goes to several recipients, and each has a fate of its own:

REFUSED                                   at the sender's provider; nothing goes out
SUBMITTED --> RELAYED --> DELIVERED       to another provider; within one provider at once
SUBMITTED --> RELAY_REFUSED | RELAY_FAILED
SUBMITTED | RELAYED --> NOT_DELIVERED     mailbox full, account closed
DELIVERED --> DOWNLOADED | NOT_DOWNLOADED the deadline has passed; still to be downloaded, later
DOWNLOADED --> RETRIEVED                  a person has opened it
DOWNLOADED | RETRIEVED --> ACCEPTED | REJECTED   by the recipient (*alındı onayı*)
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from types import MappingProxyType

from mockgov.kep.grounds import Reason
from mockgov.refusal import Refused
from mockgov.vocabulary.chance import Draw, pick
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.signed import Verdict

SANDBOX = "SANDBOX — hukuki geçerliliği yoktur"
"""What every artefact says that could be taken for official."""

PROVIDERS: Mapping[str, str] = MappingProxyType(
    {"hs01": "PTT KEP (SANDBOX)", "hs02": "İkinci KEP Hizmet Sağlayıcısı (SANDBOX)"}
)
"""The two providers (*kayıtlı elektronik posta hizmet sağlayıcısı*, KEPHS) of a world, by the number in addresses."""

MAX_BYTES = 25 * 1024 * 1024
"""A letter weighs 25 MiB at most, as institutions tell their correspondents (ohu.edu.tr/ebys/sayfa/kep)."""
MAX_RECIPIENTS = 100
"""Chosen here."""
TRANSIT = timedelta(minutes=2)
"""From the sender's provider into a mailbox of the other (chosen here)."""
RELAY_PATIENCE = timedelta(hours=24)
"""After so long without an answer from the other provider the relay has failed (chosen here)."""
DOWNLOAD_DEADLINE = timedelta(hours=24)
"""A letter not opened so long after delivery counts as read, and evidence says so (ohu.edu.tr/ebys/sayfa/kep)."""
FATE_DELAY = timedelta(minutes=1)
"""How long an account with a scripted fate waits before it acts (chosen here)."""
SERVED_DAYS = 5
"""Law 7201 art. 7/a: served at the end of the fifth day after the one on which it reached the address."""
EVIDENCE_YEARS = 20
"""How long a provider keeps evidence (facts, section 7)."""

PASSWORD_LENGTH = 14
PASSWORD_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"  # noqa: S105  an alphabet
CREDIT = 1_000
"""Letters (*kontör*) that a new account may deposit (chosen here)."""

_TURKEY = timezone(timedelta(hours=3), "TRT")


class State(StrEnum):
    """Where a letter stands with one recipient."""

    REFUSED = "refused"
    SUBMITTED = "submitted"
    RELAYED = "relayed"
    RELAY_REFUSED = "relay-refused"
    RELAY_FAILED = "relay-failed"
    DELIVERED = "delivered"
    NOT_DELIVERED = "not-delivered"
    DOWNLOADED = "downloaded"
    NOT_DOWNLOADED = "not-downloaded"
    RETRIEVED = "retrieved"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.REFUSED: frozenset(),
        State.SUBMITTED: frozenset(
            {State.RELAYED, State.RELAY_REFUSED, State.RELAY_FAILED, State.DELIVERED, State.NOT_DELIVERED}
        ),
        State.RELAYED: frozenset({State.DELIVERED, State.NOT_DELIVERED}),
        State.RELAY_REFUSED: frozenset(),
        State.RELAY_FAILED: frozenset(),
        State.DELIVERED: frozenset({State.DOWNLOADED, State.NOT_DOWNLOADED}),
        State.NOT_DELIVERED: frozenset(),
        State.DOWNLOADED: frozenset({State.RETRIEVED, State.ACCEPTED, State.REJECTED}),
        State.NOT_DOWNLOADED: frozenset({State.DOWNLOADED}),
        State.RETRIEVED: frozenset({State.ACCEPTED, State.REJECTED}),
        State.ACCEPTED: frozenset(),
        State.REJECTED: frozenset(),
    }
)

ARRIVED = frozenset(
    {State.DELIVERED, State.DOWNLOADED, State.NOT_DOWNLOADED, State.RETRIEVED, State.ACCEPTED, State.REJECTED}
)
"""States in which the letter lies in the recipient's mailbox."""

TAKEN = frozenset({State.DOWNLOADED, State.RETRIEVED, State.ACCEPTED, State.REJECTED})
"""States in which the recipient has the letter's content."""


class Fate(StrEnum):
    """What an account does by itself, for tests: an ordinary account with a script."""

    MAILBOX_FULL = "mailbox-full"
    """Nothing can be delivered to it."""
    RELAY_FAILS = "relay-fails"
    """Its provider never answers the sender's."""
    RELAY_REFUSED = "relay-refused"
    """Its provider refuses what the sender's hands over."""
    NEVER_DOWNLOADS = "never-downloads"
    """Nobody ever opens its mailbox."""
    DOWNLOADS = "downloads"
    """It downloads each letter a minute after delivery."""
    ACCEPTS = "accepts"
    """It downloads, and confirms the receipt."""
    REJECTS = "rejects"
    """It downloads, and rejects."""


class UnknownFate(Refused):
    """No fate has this name."""

    key = "kepfatenotfound"


class UnknownProvider(Refused):
    """There is no such provider in this world."""

    key = "kepprovidernotfound"


class UnknownKepAccount(Refused):
    """No open account has this address."""

    key = "kepaccountnotfound"


class KepAccountTaken(Refused):
    """The address is in use, or was."""

    key = "kepaccountexists"


class BadKepCredentials(Refused):
    """Address and password open nothing; which of the two is wrong is not told."""

    key = "kepbadcredentials"


class UnknownLetter(Refused):
    """The account has no such letter."""

    key = "kepletternotfound"


class UnknownEvidence(Refused):
    """There is no such evidence, or the account has no part in its letter."""

    key = "kepevidencenotfound"


class IllegalTransition(Refused):
    """The letter's state does not allow it."""

    key = "kepillegaltransition"


class BadAmount(Refused):
    """A quota or credit that no account can have."""

    key = "kepbadamount"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A registered e-mail account."""

    address: KepAddress
    institution_id: int | None
    name: str
    """Whom the directory names as its holder."""
    opened_at: datetime
    password_digest: bytes
    """Keyed: only the world can make it, and nobody can undo it."""
    quota_kib: int
    credit: int
    """Letters that it may still deposit."""
    fate: Fate | None = None
    wants_packages: bool = False
    """A public body that returns every letter that is no e-Yazışma package."""
    failures: int = 0
    """Wrong passwords since the last right one."""
    locked_until: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A deposited letter, accepted or refused. Its bytes are kept beside it."""

    letter_id: int
    sender: KepAddress
    message_id: str
    """As its head says, else minted; not unique: people send the same letter twice."""
    subject: str
    submitted_at: datetime
    size: int
    """Bytes."""
    sha384: str
    sha512: str
    """Digests of the whole message, in lower-case hexadecimal."""
    reason: Reason | None = None
    """Why it was refused as a whole; None for an accepted letter."""
    detail: str = ""
    """More of the same, in English; never a person's number."""
    is_package: bool = False
    """Whether it carries an e-Yazışma package."""
    signature: Verdict
    """Upon the message; of a refused letter only the flaw is kept."""
    package_signature: Verdict | None = None
    """Upon the package, where there is one."""
    deleted: bool = False
    """Whether the sender has taken it out of the folder of sent letters."""

    @property
    def accepted(self) -> bool:
        """Whether the provider took it."""
        return self.reason is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """The way of one letter to one recipient."""

    letter_id: int
    nth: int
    """Place among the letter's recipients, from 1."""
    recipient: KepAddress
    state: State
    changed_at: datetime
    """When the state was last changed."""
    reason: Reason | None = None
    """Why it went no further."""
    due_at: datetime | None = None
    """When something happens to it next, by itself."""
    delivered_at: datetime | None = None
    downloaded_at: datetime | None = None
    deleted: bool = False
    """Whether the recipient has taken it out of the mailbox."""

    @property
    def served_at(self) -> datetime | None:
        """When what was delivered counts as served, or will, by law 7201; see `served_at`."""
        return None if self.delivered_at is None else served_at(self.delivered_at)

    @property
    def in_mailbox(self) -> bool:
        """Whether it takes room in the recipient's mailbox."""
        return self.state in ARRIVED and not self.deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How much room an account has, and how many letters it may still deposit."""

    limit_kib: int
    used_bytes: int
    credit: int

    @property
    def used_kib(self) -> int:
        """Begun kibibytes."""
        return -(-self.used_bytes // 1024)

    @property
    def free_bytes(self) -> int:
        """What still goes in; never below zero, even where the limit was lowered."""
        return max(0, self.limit_kib * 1024 - self.used_bytes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """A letter and its ways: all of them as the sender sees it, a recipient's own only."""

    letter: Letter
    deliveries: tuple[Delivery, ...]


def move(delivery: Delivery, to: State, at: datetime, reason: Reason | None = None) -> Delivery:
    """The letter one state further. Raises `IllegalTransition` and changes nothing."""
    if to not in TRANSITIONS[delivery.state]:
        raise IllegalTransition(f"The letter is {delivery.state}; that does not lead to {to}. Look at its state first.")
    return replace(delivery, state=to, changed_at=at, reason=reason, due_at=None)


def fate(name: str | None) -> Fate | None:
    """The fate of that name. Raises `UnknownFate`, which lists them all."""
    if name is None:
        return None
    try:
        return Fate(name)
    except ValueError:
        known = ", ".join(Fate)
        raise UnknownFate(f"There is no such fate of a KEP account. Choose one of: {known}.") from None


def check_provider(provider: str) -> None:
    """Raises `UnknownProvider` for a number that is none of the world's two."""
    if provider not in PROVIDERS:
        raise UnknownProvider(f"This world has the providers {' and '.join(PROVIDERS)}; choose one of them.")


def is_locked(account: Account, at: datetime) -> bool:
    """Whether the door stays shut at that moment whatever the password."""
    return account.locked_until is not None and at < account.locked_until


def after_failure(account: Account, at: datetime, *, limit: int, minutes: int) -> Account:
    """The account after one more wrong password; the `limit`-th in a row locks it for `minutes`."""
    failures = account.failures + 1
    if failures < limit:
        return replace(account, failures=failures)
    return replace(account, failures=0, locked_until=at + timedelta(minutes=minutes))


def after_success(account: Account) -> Account:
    """The account after a right password: the count of wrong ones starts over."""
    return replace(account, failures=0, locked_until=None)


def mint_password(draw: Draw) -> str:
    """A new password."""
    return "".join(pick(draw, PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))


def served_at(delivered_at: datetime) -> datetime:
    """When a notification counts as served (*tebliğ edilmiş sayılır*) that reached the address at that moment.

    Law 7201 art. 7/a: at the end of the fifth day after the day of arrival, opened or not; a Turkish calendar day.
    """
    day = delivered_at.astimezone(_TURKEY).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=SERVED_DAYS + 1)).astimezone(delivered_at.tzinfo)


def kept_until(at: datetime) -> datetime:
    """When evidence of that moment may be thrown away: twenty years on, 29 February counting as 28."""
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year + EVIDENCE_YEARS, day=day)
