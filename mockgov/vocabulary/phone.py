"""A mobile phone number of a Turkish network: how a person signs in to the app, and where messages go.

Ten digits after the country code, the first a 5: `5XXXXXXXXX`. Requests bring `+905…` or `905…`; answers
carry `905…`, without the plus. People also type `05…` and `5…`, with blanks, dashes and brackets.

A minted number has a prefix that no network was given (599; 560 is another), so that a message sent by
mistake can reach nobody. Libraries that validate numbers call such a number possible, but not valid; where
that matters, mint with an allocated prefix.
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits
from mockgov.vocabulary.errors import InvalidWord

UNALLOCATED_PREFIX = "599"
"""A prefix without a network behind it."""

_WRITTEN = re.compile(r"(?:\+90|90|0)?(5[0-9]{9})")
_SEPARATORS = re.compile(r"[ ()-]")


class InvalidPhone(InvalidWord):
    """A text that is no Turkish mobile number."""


@dataclass(frozen=True, slots=True, repr=False)
class Phone:
    """A mobile number. `subscriber` has its ten digits from the 5 on; printing it shows the last two only."""

    subscriber: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"5[0-9]{9}", self.subscriber):
            raise InvalidPhone("phone.mobile", "Type a Turkish mobile number: +90 and ten digits that start with 5.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `+905…`, `905…`, `05…`, `5…`, blanks, dashes and brackets anywhere; raises `InvalidPhone`."""
        written = _WRITTEN.fullmatch(_SEPARATORS.sub("", text.strip()))
        return cls(written[1] if written else "")

    @classmethod
    def mint(cls, draw: Draw, prefix: str = UNALLOCATED_PREFIX) -> Self:
        """A new, made-up number under a prefix that starts with 5, by default one that reaches nobody."""
        return cls(prefix + digits(draw, 10 - len(prefix)))

    @property
    def e164(self) -> str:
        """The international form, `+905XXXXXXXXX`."""
        return f"+90{self.subscriber}"

    @property
    def wire(self) -> str:
        """The form of the ministry's answers, `905XXXXXXXXX`."""
        return f"90{self.subscriber}"

    @property
    def masked(self) -> str:
        """`+90 5** *** ** 12`: what all mobile numbers share, and the last two digits."""
        return f"+90 5** *** ** {self.subscriber[8:]}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Phone({self.masked!r})"
