"""An ordinary e-mail address, as an application form or a letter's head has it.

The grammar is the part of RFC 5321 and RFC 5322 that people use: a dot-atom, `@`, and a domain name of letters,
digits and hyphens with at least one dot. Quoted local parts, address literals and letters outside ASCII are refused.
The domain is folded to small letters; the local part is kept, and compared without regard to case.
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.errors import InvalidWord

_LOCAL = re.compile(r"(?=.{1,64}$)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class InvalidEmailAddress(InvalidWord):
    """A text that is no e-mail address."""


@dataclass(frozen=True, slots=True, repr=False)
class EmailAddress:
    """An e-mail address. `address` has it whole; printing it shows the first letter and the domain."""

    local: str
    domain: str

    def __post_init__(self) -> None:
        if not _LOCAL.fullmatch(self.local):
            raise InvalidEmailAddress("email.local", "Check the part before @: letters, digits and single dots.")
        if not _DOMAIN.fullmatch(self.domain):
            raise InvalidEmailAddress("email.domain", "Check the part behind @: a name such as kurum.example.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads an address, blanks around it allowed; raises `InvalidEmailAddress`."""
        local, _, domain = text.strip().rpartition("@")
        return cls(local, domain.lower() if domain.isascii() else "")

    @property
    def address(self) -> str:
        """The whole address."""
        return f"{self.local}@{self.domain}"

    @property
    def folded(self) -> str:
        """What two spellings of one mailbox have in common."""
        return self.address.lower()

    @property
    def masked(self) -> str:
        """The first letter and the domain."""
        return f"{self.local[0]}****@{self.domain}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"EmailAddress({self.masked!r})"
