"""The tax number (*vergi kimlik numarası*, VKN), which names an employer to the state.

Ten digits; the tenth checks the first nine. Number the first nine from the right, i = 1…9. Then c1 = (digit +
i) mod 10; c2 = 0 where c1 is 0, else c1·2^i mod 9 with 9 for 0; and the check digit is (10 − Σ c2 mod 10) mod
10. Any change of one digit is caught, since each c2 takes all ten values.

A company's VKN stands on its invoices and its web page, so unlike a person's number it prints in full.
"""

from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw
from mockgov.vocabulary.chance import digits as drawn_digits
from mockgov.vocabulary.errors import InvalidWord


class InvalidVkn(InvalidWord):
    """A text that is no tax number."""


@dataclass(frozen=True, slots=True)
class Vkn:
    """An institution's tax number, ten digits."""

    digits: str

    def __post_init__(self) -> None:
        if not (len(self.digits) == 10 and self.digits.isascii() and self.digits.isdigit()):
            raise InvalidVkn("vkn.ten-digits", "Type the tax number as ten digits and nothing else.")
        if self.digits[9] != check_digit(self.digits[:9]):
            raise InvalidVkn("vkn.check-digit", "Check for a typing error: the last digit does not fit.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a VKN, blanks around it allowed; raises `InvalidVkn`."""
        return cls(text.strip())

    @classmethod
    def mint(cls, draw: Draw) -> Self:
        """A new, made-up VKN: a random stem with its check digit."""
        stem = drawn_digits(draw, 9)
        return cls(stem + check_digit(stem))

    @property
    def masked(self) -> str:
        """Seven asterisks and the last three digits, for the places where the employer stays unnamed."""
        return "*" * 7 + self.digits[7:]

    def __str__(self) -> str:
        return self.digits


def check_digit(stem: str) -> str:
    """The tenth digit that belongs to the first nine."""
    total = sum(_weighed(int(digit), 9 - position) for position, digit in enumerate(stem))
    return str(-total % 10)


def _weighed(digit: int, i: int) -> int:
    shifted = (digit + i) % 10
    return (shifted * 2**i % 9 or 9) if shifted else 0
