"""The foreigner's identity number (*yabancı kimlik numarası*, YKN), for residents who are no citizens.

Eleven digits with the TCKN's check digits. Permanent numbers start 99, temporary ones 97 or 98.
"""

from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.tckn import FOREIGN_PREFIXES, Tckn, check_digits


class InvalidYkn(InvalidWord):
    """A text that is no foreigner's identity number."""


@dataclass(frozen=True, slots=True, repr=False)
class Ykn:
    """A foreigner's identity number. `digits` has it in full; printing it shows the last three only."""

    digits: str

    def __post_init__(self) -> None:
        if not (len(self.digits) == 11 and self.digits.isascii() and self.digits.isdigit()):
            raise InvalidYkn("ykn.eleven-digits", "Type the YKN as eleven digits and nothing else.")
        if not self.digits.startswith(FOREIGN_PREFIXES):
            raise InvalidYkn("ykn.prefix", "Take it as a TCKN: a YKN starts with 97, 98 or 99.")
        if self.digits[9:] != check_digits(self.digits[:9]):
            raise InvalidYkn("ykn.check-digits", "Check for a typing error: the last two digits do not fit.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a YKN, blanks around it allowed; raises `InvalidYkn`."""
        return cls(text.strip())

    @classmethod
    def mint(cls, draw: Draw, *, temporary: bool = False) -> Self:
        """A new, made-up YKN, permanent (99) or temporary (97 or 98)."""
        prefix = f"{97 + draw(2)}" if temporary else "99"
        stem = prefix + digits(draw, 7)
        return cls(stem + check_digits(stem))

    @property
    def temporary(self) -> bool:
        """Whether it was given for a time only (97 and 98)."""
        return not self.digits.startswith("99")

    @property
    def masked(self) -> str:
        """Eight asterisks and the last three digits, as every service shows it."""
        return "*" * 8 + self.digits[8:]

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Ykn({self.masked!r})"


def parse_identity(text: str) -> Tckn | Ykn:
    """Reads whichever identity number it is; the first two digits decide. Raises that word's own error."""
    stripped = text.strip()
    return Ykn(stripped) if stripped.startswith(FOREIGN_PREFIXES) else Tckn(stripped)
