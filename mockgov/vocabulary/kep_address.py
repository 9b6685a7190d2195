"""An address of registered e-mail (*kayıtlı elektronik posta*, KEP), where official letters go with proof.

`<account>@hsNN.kep.tr`; NN numbers the provider, and 01 is PTT, the post. Institutions publish
theirs, so an address prints in full. Case does not matter and is folded to small ASCII letters.
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw, digits
from mockgov.vocabulary.errors import InvalidWord

_ACCOUNT = re.compile(r"(?=.{1,64}$)[a-z0-9]+(?:[._-][a-z0-9]+)*")
_PROVIDER = re.compile(r"hs[0-9]{2}")
_DOMAIN = ".kep.tr"


class InvalidKepAddress(InvalidWord):
    """A text that is no address of registered e-mail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KepAddress:
    """A registered e-mail address."""

    account: str
    """The part before the at sign: small letters and digits, single `.`, `_`, `-` between, 64 at most."""
    provider: str
    """`hsNN`, the number of the provider."""

    def __post_init__(self) -> None:
        if not _ACCOUNT.fullmatch(self.account):
            raise InvalidKepAddress("kep.account", "Check the part before @: small letters, digits and . _ - only.")
        if not _PROVIDER.fullmatch(self.provider):
            raise InvalidKepAddress("kep.provider", "Check the part behind @: hs and two digits, then .kep.tr.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads an address in any case, blanks around it allowed; raises `InvalidKepAddress`."""
        stripped = text.strip()
        account, _, domain = (stripped.lower() if stripped.isascii() else stripped).partition("@")
        return cls(account=account, provider=domain.removesuffix(_DOMAIN) if domain.endswith(_DOMAIN) else "")

    @classmethod
    def mint(cls, draw: Draw, provider: str = "hs01") -> Self:
        """A new, made-up account with a provider."""
        return cls(account=f"kurum{digits(draw, 8)}", provider=provider)

    @property
    def address(self) -> str:
        """The whole address, as it stands in a letter's head."""
        return f"{self.account}@{self.provider}{_DOMAIN}"

    @property
    def masked(self) -> str:
        """The account's first letter and the provider."""
        return f"{self.account[0]}****@{self.provider}{_DOMAIN}"

    def __str__(self) -> str:
        return self.address
