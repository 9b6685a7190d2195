"""Commands that registered e-mail takes, what they answer, and the events that it tells."""

from dataclasses import dataclass
from datetime import datetime

from mockgov.kep.evidence_types import EvidenceType
from mockgov.kep.grounds import Reason
from mockgov.kep.rules import CREDIT, Delivery, Letter
from mockgov.vocabulary.kep_address import KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenKepAccount:
    """Open an account with a provider."""

    institution_id: int | None
    """Whose it is in the register; None for the ministry and for persons."""
    name: str
    """What the directory calls the holder."""
    account: str
    """The part before the at sign."""
    provider: str = "hs01"
    quota_kib: int | None = None
    """None: the world's setting."""
    credit: int = CREDIT
    fate: str | None = None
    """The name of a `Fate`."""
    wants_packages: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedKepAccount:
    """The answer: the address, and the password."""

    address: KepAddress
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustKepAccount:
    """Change what an account may and does. A field of None is left as it is; a fate of "" is taken away."""

    address: KepAddress
    quota_kib: int | None = None
    credit: int | None = None
    fate: str | None = None
    wants_packages: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositLetter:
    """Hand a letter to the sender's provider."""

    sender: KepAddress
    """The account that signed in."""
    message: bytes
    """A whole RFC 5322 message, signed as S/MIME (RFC 8551)."""
    recipients: tuple[str, ...] | None = None
    """The envelope's, where there is an envelope (SMTP); they must be those of the message's head."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """The answer: the letter as it was taken or refused, and the evidence of that."""

    letter: Letter
    deliveries: tuple[Delivery, ...]
    """One for each recipient, as it stands now; none if the letter was refused before its recipients were known."""
    evidence_id: int
    """The submission's evidence."""

    @property
    def accepted(self) -> bool:
        """Whether the provider took it for at least one recipient."""
        return self.letter.accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountOpened:
    """An account exists."""

    address: KepAddress
    institution_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountClosed:
    """An account takes and deposits nothing any more."""

    address: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class KepAccountLocked:
    """Too many wrong passwords."""

    address: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSubmitted:
    """A provider took a letter."""

    letter_id: int
    sender: KepAddress
    recipients: tuple[KepAddress, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRefused:
    """A provider refused a letter as a whole."""

    letter_id: int
    sender: KepAddress
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDelivered:
    """A letter lies in a mailbox."""

    letter_id: int
    sender: KepAddress
    recipient: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNotDelivered:
    """A letter did not get to one of its recipients: refused for this one, lost on the way, or the mailbox is full."""

    letter_id: int
    sender: KepAddress
    recipient: KepAddress
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterReturned:
    """A body that takes packages only got something else, and sent it back. Told instead of `LetterDelivered`."""

    letter_id: int
    sender: KepAddress
    recipient: KepAddress
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDownloaded:
    """A recipient has taken a letter's content for the first time."""

    letter_id: int
    recipient: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterNotDownloaded:
    """The deadline has passed; the letter counts as read."""

    letter_id: int
    recipient: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRetrieved:
    """A person has opened a letter."""

    letter_id: int
    recipient: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterAccepted:
    """A recipient has confirmed the receipt."""

    letter_id: int
    recipient: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterRejected:
    """A recipient has rejected a letter."""

    letter_id: int
    recipient: KepAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceIssued:
    """There is a new piece of evidence. Its signed XML is made when it is first read."""

    evidence_id: int
    letter_id: int
    type: EvidenceType
    positive: bool
    at: datetime


EVENTS = (
    AccountOpened,
    AccountClosed,
    KepAccountLocked,
    LetterSubmitted,
    LetterRefused,
    LetterDelivered,
    LetterNotDelivered,
    LetterReturned,
    LetterDownloaded,
    LetterNotDownloaded,
    LetterRetrieved,
    LetterAccepted,
    LetterRejected,
    EvidenceIssued,
)
"""All events of this service."""
