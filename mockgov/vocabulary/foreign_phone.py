"""A mobile number of another country: how somebody abroad reaches the ministry by text message.

Only `+999` and eight to twelve digits: the ITU keeps this country code in reserve (E.164, list of assigned codes), so
that no message can reach anybody. It can stand wherever a gateway takes a `Phone`; sign-in and forms take Turkish
numbers only.
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits
from mockgov.vocabulary.phone import InvalidPhone, Phone

_WRITTEN = re.compile(r"(?:\+|00)?(999[0-9]{8,12})")
_SEPARATORS = re.compile(r"[ ()-]")


@dataclass(frozen=True, slots=True, repr=False)
class ForeignPhone(Phone):
    """A number abroad. `subscriber` has it in full with its plus; printing it shows the last two digits only."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\+999[0-9]{8,12}", self.subscriber):
            raise InvalidPhone("phone.foreign", "Type a sandbox's foreign number: +999 and eight to twelve digits.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `+999…`, `00999…`, `999…`, blanks, dashes and brackets anywhere; raises `InvalidPhone`."""
        written = _WRITTEN.fullmatch(_SEPARATORS.sub("", text.strip()))
        return cls(f"+{written[1]}" if written else "")

    @classmethod
    def mint(cls, draw: Draw, prefix: str = "+999") -> Self:
        """A new, made-up number with ten digits behind the country code."""
        return cls(prefix + digits(draw, 14 - len(prefix)))

    @property
    def e164(self) -> str:
        """The international form, `+999…`."""
        return self.subscriber

    @property
    def wire(self) -> str:
        """The same without the plus."""
        return self.subscriber[1:]

    @property
    def masked(self) -> str:
        """`+999 *** 12`: the country and the last two digits."""
        return f"+999 *** {self.subscriber[-2:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"ForeignPhone({self.masked!r})"


def read_line(text: str) -> Phone:
    """The number of a line, of Turkey or abroad; raises `InvalidPhone`."""
    try:
        return ForeignPhone.parse(text)
    except InvalidPhone:
        return Phone.parse(text)


def line_of(subscriber: str) -> Phone:
    """The line behind a `subscriber` that was written down; raises `InvalidPhone`."""
    return ForeignPhone(subscriber) if subscriber.startswith("+") else Phone(subscriber)
