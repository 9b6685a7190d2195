"""The alphabets of text messages: 3GPP TS 23.038, with the Turkish national tables. Pure.

A septet 0x1B escapes to a single shift table. Under the default tables Turkish lacks ğ, ı, ş, Ğ, İ and Ş (ç has only
its capital); the locking shift table of national language 1 (annex A.3.1) takes them in at one septet each, the single
shift table (annex A.2.1) at two.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ESCAPE: Final = 0x1B

DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Clause 6.2.1, by septet."""

TURKISH_LOCKING: Final = (
    "@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§çabcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Annex A.3.1, by septet."""

DEFAULT_EXTENSION: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x0A: "\f",
        0x14: "^",
        0x28: "{",
        0x29: "}",
        0x2F: "\\",
        0x3C: "[",
        0x3D: "~",
        0x3E: "]",
        0x40: "|",
        0x65: "€",
    }
)
"""Clause 6.2.1.1, by the septet after the escape."""

TURKISH_SINGLE: Final[Mapping[int, str]] = MappingProxyType(
    {**DEFAULT_EXTENSION, 0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş"}
)
"""Annex A.2.1, by the septet after the escape."""


class Alphabet:
    """A locking table with a single shift table: letters to septets and back."""

    def __init__(self, locking: str, single: Mapping[int, str]) -> None:
        self._locking = locking
        self._single = single
        self._septets = {letter: bytes((ESCAPE, septet)) for septet, letter in single.items()}
        self._septets |= {letter: bytes((septet,)) for septet, letter in enumerate(locking) if septet != ESCAPE}

    def has(self, text: str) -> bool:
        """Whether every letter of the text can be said."""
        return self._septets.keys() >= set(text)

    def septets(self, text: str) -> list[bytes]:
        """One or two septets for each letter. Raises `KeyError` for a letter that cannot be said."""
        table = self._septets
        return [table[letter] for letter in text]

    def read(self, septets: bytes) -> str:
        """The text of unpacked septets.

        As the standard asks of a receiver (clause 6.2.1.1): an escape before what the single shift table lacks shows
        the locking table's letter, and an escape without anything behind it shows a space.
        """
        letters: list[str] = []
        escaped = False
        for septet in septets:
            if escaped:
                letters.append(self._single.get(septet) or (" " if septet == ESCAPE else self._locking[septet & 0x7F]))
                escaped = False
            elif septet == ESCAPE:
                escaped = True
            else:
                letters.append(self._locking[septet & 0x7F])
        return "".join(letters) + " " * escaped
