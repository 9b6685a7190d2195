"""What a text can ask, what can be wrong with it, and what is known of whom it is about. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from mockgov.refusal import Refused
from mockgov.vocabulary.chance import Draw, pick
from mockgov.vocabulary.phone import Phone

YEAR_DAYS: Final = 365
"""A code's life if the text says no days (facts, section 5)."""
CHANNEL: Final = "hes-sms"
"""What stands in a code's `created_by`; the channels' names follow `hes-edevlet` (chosen here)."""
TOKEN_LENGTH: Final = 12
TOKEN_ALPHABET: Final = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105  an alphabet
"""60 bits in the address of a QR's page; nothing in it is mistaken for something else."""


class Mistake(StrEnum):
    """Why a text makes no code."""

    NOT_HES = "not-hes"
    """It does not begin with HES."""
    INCOMPLETE = "incomplete"
    """Words are missing."""
    TOO_MUCH = "too-much"
    """There are words too many."""
    BAD_NUMBER = "bad-number"
    """Behind HES stand neither eleven digits nor three letters."""
    BAD_PROOF = "bad-proof"
    """Behind the number do not stand four digits."""
    BAD_PASSPORT = "bad-passport"
    """Behind the nationality stands no passport's number."""
    BAD_YEAR = "bad-year"
    """Behind the passport's number stands no year."""
    BAD_DAYS = "bad-days"
    """The days are neither a number from 1 on nor `süresiz`."""
    TOO_LONG = "too-long"
    """More days than a code may live."""
    PASSPORT_ONLY = "passport-only"
    """The number for lines abroad takes passport texts only."""
    UNKNOWN_NUMBER = "unknown-number"
    """Nobody has the identity number."""
    WRONG_SERIAL = "wrong-serial"
    """The identity card's serial ends otherwise."""
    WRONG_BIRTH_YEAR = "wrong-birth-year"
    """Whoever it is was born in another year."""
    UNKNOWN_PASSPORT = "unknown-passport"
    """Nobody has the passport."""
    WRONG_SURNAME = "wrong-surname"
    """The passport's holder has another surname."""
    NOT_THE_PARENTS_LINE = "not-the-parents-line"
    """The line is neither a parent's of somebody under 18 nor their own."""
    TOO_MANY_CODES = "too-many-codes"
    """The line has as many valid codes as it may have."""
    TOO_MANY_TEXTS = "too-many-texts"
    """The line has sent as many texts today as it may."""


class UnknownLink(Refused):
    """No QR page has this address."""

    key = "linknotfound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one line may have; see `mockgov.settings.Settings`."""

    codes: int
    texts_a_day: int
    most_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom a text is about."""

    citizen_id: int
    masked_name: str
    """As the replies show it."""
    surname: str = field(repr=False)
    birth_year: int = field(repr=False)
    serial: str | None = field(repr=False)
    """The last four of the identity card's serial; None for those who are known by their birth year instead."""
    lines: frozenset[Phone] | None
    """From which lines a text may come; None for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A code that a text has made."""

    text: str
    dashed: str
    expires_at: datetime | None
    """None for one without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A text as it is remembered: not what it said, but what came of it."""

    phone: Phone
    to: str
    received_at: datetime
    mistake: Mistake | None
    code: str | None = None
    token: str | None = None
    """What the address of the QR's page ends with."""
    over_at: datetime | None = None
    """When it is of no more use: at once, or with the code's end; None for a code without end."""


def is_token(text: str) -> bool:
    """Whether it can be the end of a QR page's address."""
    return len(text) == TOKEN_LENGTH and set(text) <= set(TOKEN_ALPHABET)


def mint_token(draw: Draw) -> str:
    """The end of a new QR page's address."""
    return "".join(pick(draw, TOKEN_ALPHABET) for _ in range(TOKEN_LENGTH))
