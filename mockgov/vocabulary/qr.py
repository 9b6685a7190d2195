"""What the QR image of a HES code says: 32 lower-case hexadecimal characters, a bar, the code.

The first part means nothing outside the ministry. A scanner that types as a keyboard sends `;` for `|` where
the computer's layout is Turkish, so both are read; some kiosks send all of it as if it were the code
(`read_scanned`).
"""

import re
from dataclasses import dataclass
from typing import Self

from mockgov.vocabulary.chance import Draw
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import HesCode, InvalidHesCode

_TOKEN = re.compile(r"[0-9a-f]{32}")
_SEPARATOR = re.compile(r"[|;]")
_DASHES, _INVISIBLE = "\u2010\u2011\u2012\u2013\u2014\u2212", "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_TIDY = str.maketrans(dict.fromkeys(_DASHES, "-") | dict.fromkeys(_INVISIBLE, ""))


class InvalidQrPayload(InvalidWord):
    """A text that is not what the QR image of a HES code says."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class QrPayload:
    """The content of a QR image. `text` writes it in full; printing it shows the code masked and no token."""

    token: str
    """32 lower-case hexadecimal characters."""
    code: HesCode

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise InvalidQrPayload("qr.token", "Scan again: 32 hexadecimal characters stand before the bar.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the text of a scanned image, `;` for `|` allowed; raises `InvalidQrPayload`."""
        parts = _SEPARATOR.split(text.strip())
        if len(parts) != 2:
            raise InvalidQrPayload("qr.separator", "Scan again: one bar parts the token from the code.")
        try:
            code = HesCode.parse(parts[1])
        except InvalidHesCode as refused:
            raise InvalidQrPayload("qr.code", "Scan again: a HES code stands behind the bar.") from refused
        return cls(token=parts[0], code=code)

    @classmethod
    def mint(cls, draw: Draw, code: HesCode) -> Self:
        """A new image's content for a code."""
        return cls(token="".join(f"{draw(65_536):04x}" for _ in range(8)), code=code)

    @property
    def text(self) -> str:
        """`<token>|<code>`, what the image says."""
        return f"{self.token}|{self.code.text}"

    @property
    def masked(self) -> str:
        """The token hidden, the code masked."""
        return f"****|{self.code.masked}"

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"QrPayload({self.masked!r})"


def read_scanned(text: str) -> HesCode:
    """The code in what a kiosk sends or a person pastes: the image's whole text or the code alone.

    Capitals (a scanner under Caps Lock), the dashes and blanks of word processors and invisible characters make no
    difference. Raises `InvalidQrPayload` where a bar shows that an image was scanned, else `InvalidHesCode`.
    """
    plain = "".join(text.translate(_TIDY).split())
    if not _SEPARATOR.search(plain):
        return HesCode.parse(plain)
    token, separator, code = plain.partition("|" if "|" in plain else ";")
    return QrPayload.parse((token.lower() if token.isascii() else token) + separator + code).code
