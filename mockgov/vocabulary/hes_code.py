"""The HES code: what a person shows instead of a name, and an institution asks the ministry about.

Ten characters, upper-case ASCII, written 4-4-2. The published form is
`[A-Z][0-9][A-Z][0-9]-[0-9]{4}-[0-9]{2}`; in every sample seen the ninth character is 1 and the letters are of
`LETTERS`. There is no check digit. The ministry mints the published form and accepts any `[A-Z0-9]{10}`, with
or without dashes and blanks, in any case.

Case is ASCII only. A Turkish keyboard's ı and İ are refused, and never folded into I: no minted code contains
the letter, so folding could only turn a mistake into a look-up of something else.
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits, pick
from mockgov.vocabulary.errors import InvalidWord

LETTERS = "ABDFGHJKLPRTUY"
"""The letters of minted codes; 14 of them make 1.96 thousand million different codes."""

_is_clean = re.compile(r"[A-Z0-9]{10}").fullmatch

_is_published = re.compile(r"[A-Z][0-9][A-Z][0-9]{7}").fullmatch


class InvalidHesCode(InvalidWord):
    """A text that is no HES code."""


@dataclass(frozen=True, slots=True, repr=False)
class HesCode:
    """A HES code. `text` has its ten characters, as on the wire; printing it shows the first two only."""

    text: str

    def __post_init__(self) -> None:
        if not _is_clean(self.text):
            raise _refusal()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a code in any case, dashes and blanks anywhere; raises `InvalidHesCode`."""
        # Not cls(…): it would check the text once more, at twice the time, on the ministry's hottest path.
        code = object.__new__(cls)
        object.__setattr__(code, "text", compact(text))
        return code

    @classmethod
    def mint(cls, draw: Draw) -> Self:
        """A new code in the published form. The caller sees to it that it is free."""
        head = pick(draw, LETTERS) + digits(draw, 1) + pick(draw, LETTERS) + digits(draw, 1)
        return cls(f"{head}{digits(draw, 4)}1{digits(draw, 1)}")

    @property
    def dashed(self) -> str:
        """The code as people read it, 4-4-2."""
        return f"{self.text[:4]}-{self.text[4:8]}-{self.text[8:]}"

    @property
    def masked(self) -> str:
        """`A1**-****-**`: enough to tell two codes on a list apart, too little to ask with."""
        return f"{self.text[:2]}**-****-**"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"HesCode({self.masked!r})"


def compact(text: str) -> str:
    """The ten characters of a code as written by a person or a client, without making a value of them.

    Takes dashes and blanks out and puts ASCII letters in upper case; raises `InvalidHesCode` where no code is
    left. For callers with many codes at once; `HesCode.parse` does the same for one.
    """
    if _is_clean(text):
        return text
    code = text.strip().replace("-", "").replace(" ", "")
    if not (len(code) == 10 and code.isascii() and code.isalnum()):
        raise _refusal()
    return code.upper()


def is_published(clean: str) -> bool:
    """Whether ten clean characters have the form in which codes are minted; others may be somebody's number."""
    return _is_published(clean) is not None


def _refusal() -> InvalidHesCode:
    return InvalidHesCode(
        "hes-code.grammar", "Type the HES code again: ten characters A-Z and 0-9, written XXXX-XXXX-XX."
    )
