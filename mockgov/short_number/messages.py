"""The command that the short number takes, and the events that it tells."""

from dataclasses import dataclass, field

from mockgov.short_number.rules import Mistake
from mockgov.vocabulary.phone import Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A text has arrived."""

    phone: Phone
    to: str
    """The number to which it was sent; the replies come from there."""
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTexted:
    """A text has made a code."""

    text: str
    """The code."""
    citizen_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRefused:
    """A text has made nothing."""

    mistake: Mistake
