"""The Turkish identity number (*T.C. kimlik numarası*, TCKN), which the register gives every citizen.

Eleven digits d1…d11, the first not 0. The last two are check digits over the first nine:

    d10 = (7·(d1+d3+d5+d7+d9) − (d2+d4+d6+d8)) mod 10
    d11 = (d1+…+d10) mod 10

It follows that d11 = 8·(d1+d3+d5+d7+d9) mod 10, so a TCKN is always even.

What the check digits catch: any change of one digit; two neighbours that change places, unless they are of
the first ten and differ by 5. What they never catch: two digits of d1, d3, d5, d7, d9, or two of d2, d4, d6,
d8, that change places.

Numbers from 97 up belong to foreigners (`ykn.py`) and are refused here, so that a number is never both. No
numbers are reserved for tests: a TCKN is only ever minted, never collected, and prints masked.
"""

from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits
from mockgov.vocabulary.errors import InvalidWord

FOREIGN_PREFIXES = ("97", "98", "99")
"""The first two digits that mark a foreigner's number."""


class InvalidTckn(InvalidWord):
    """A text that is no Turkish identity number."""


@dataclass(frozen=True, slots=True, repr=False)
class Tckn:
    """A citizen's identity number. `digits` has it in full; printing it shows the last three only."""

    digits: str

    def __post_init__(self) -> None:
        if not (len(self.digits) == 11 and self.digits.isascii() and self.digits.isdigit()):
            raise InvalidTckn("tckn.eleven-digits", "Type the TCKN as eleven digits and nothing else.")
        if self.digits.startswith("0"):
            raise InvalidTckn("tckn.first-digit", "Check the first digit: a TCKN never starts with 0.")
        if self.digits.startswith(FOREIGN_PREFIXES):
            raise InvalidTckn("tckn.citizen", "Take it as a YKN: from 97 up it is a foreigner's number, no TCKN.")
        if self.digits[9:] != check_digits(self.digits[:9]):
            raise InvalidTckn("tckn.check-digits", "Check for a typing error: the last two digits do not fit.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a TCKN, blanks around it allowed; raises `InvalidTckn`."""
        return cls(text.strip())

    @classmethod
    def mint(cls, draw: Draw) -> Self:
        """A new, made-up TCKN: a random stem and its check digits. The caller sees to it that it is free."""
        stem = f"{10 + draw(87)}{digits(draw, 7)}"
        return cls(stem + check_digits(stem))

    @property
    def masked(self) -> str:
        """Eight asterisks and the last three digits, as every service shows it."""
        return "*" * 8 + self.digits[8:]

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Tckn({self.masked!r})"


def check_digits(stem: str) -> str:
    """The tenth and eleventh digit that belong to the first nine."""
    first_nine = [int(digit) for digit in stem]
    odd, even = sum(first_nine[0::2]), sum(first_nine[1::2])
    tenth = (7 * odd - even) % 10
    return f"{tenth}{(odd + even + tenth) % 10}"
