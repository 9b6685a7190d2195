"""The serial number of a Turkish identity card: a letter, two digits, a letter, five digits.

Its last four digits prove, in a message to 2023, that the sender holds the card. They are therefore the very
part that a masked serial hides.
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits, pick
from mockgov.vocabulary.errors import InvalidWord

_GRAMMAR = re.compile(r"[A-Z][0-9]{2}[A-Z][0-9]{5}")
_MINTED_LETTERS = (
    "ABCDEFGHJKLMNPRSTUVYZ"  # chosen here: Turkish capitals in ASCII, without I and O, which read as digits
)


class InvalidIdCardSerial(InvalidWord):
    """A text that is no identity card's serial number."""


@dataclass(frozen=True, slots=True, repr=False)
class IdCardSerial:
    """An identity card's serial. `text` has it in full; printing it shows the first letter only."""

    text: str

    def __post_init__(self) -> None:
        if not _GRAMMAR.fullmatch(self.text):
            raise InvalidIdCardSerial(
                "id-card.grammar",
                "Type the serial as on the card: a letter, two digits, a letter, five digits.",
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a serial in any case, blanks around it allowed; raises `InvalidIdCardSerial`."""
        stripped = text.strip()
        return cls(stripped.upper() if stripped.isascii() else stripped)

    @classmethod
    def mint(cls, draw: Draw) -> Self:
        """A new, made-up serial."""
        return cls(pick(draw, _MINTED_LETTERS) + digits(draw, 2) + pick(draw, _MINTED_LETTERS) + digits(draw, 5))

    @property
    def last_four(self) -> str:
        """What a citizen sends with the TCKN to prove who is asking."""
        return self.text[5:]

    @property
    def masked(self) -> str:
        """The first letter and eight asterisks."""
        return self.text[0] + "*" * 8

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"IdCardSerial({self.masked!r})"
