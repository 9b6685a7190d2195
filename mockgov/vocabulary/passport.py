"""A foreigner's passport: what identifies, in a message to 2023, who has no Turkish identity card.

A nationality is three letters as in ISO 3166-1 alpha-3 and the machine-readable zone (ICAO 9303); a number is up to
nine letters and digits. A minted number is `TST` and six digits, which no state's numbering is known to have.
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits
from mockgov.vocabulary.errors import InvalidWord

MINTED = "TST"
"""With what every minted number begins (chosen here)."""
NATIONALITIES = ("AZE", "BGR", "DEU", "GBR", "GEO", "IRN", "IRQ", "KAZ", "RUS", "SYR", "TKM", "UKR")
"""Nationalities of made-up foreigners (chosen here: common ones among Turkey's residents and visitors)."""

_NATIONALITY = re.compile(r"[A-Z]{3}")
_NUMBER = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,9}")


class InvalidPassport(InvalidWord):
    """A text that is no passport's nationality and number."""


@dataclass(frozen=True, slots=True, repr=False)
class Passport:
    """A passport. Printing it shows the nationality and the number's last two characters only."""

    nationality: str
    """Three letters, upper-case ASCII."""
    number: str

    def __post_init__(self) -> None:
        if not _NATIONALITY.fullmatch(self.nationality):
            raise InvalidPassport("passport.nationality", "Write the nationality as three letters, such as DEU.")
        if not _NUMBER.fullmatch(self.number):
            raise InvalidPassport("passport.number", "Write the number as in the passport: five to nine A-Z and 0-9.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `DEU TST123456` in any case; raises `InvalidPassport`."""
        words = text.split()
        if len(words) != 2 or not text.isascii():
            raise InvalidPassport("passport.two-words", "Write the nationality, a blank and the number.")
        return cls(words[0].upper(), words[1].upper())

    @classmethod
    def mint(cls, draw: Draw, nationality: str) -> Self:
        """A new, made-up passport. The caller sees to it that it is free."""
        return cls(nationality, MINTED + digits(draw, 6))

    @property
    def text(self) -> str:
        """Nationality and number, as in a message."""
        return f"{self.nationality} {self.number}"

    @property
    def masked(self) -> str:
        """`DEU *******56`."""
        return f"{self.nationality} {'*' * (len(self.number) - 2)}{self.number[-2:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Passport({self.masked!r})"
