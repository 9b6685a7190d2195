"""Hypothesis strategies for broken words: texts that look like a word and are none.

Each is a written word to which one thing has happened that happens to texts on their way: a slip of the finger, a look-
alike letter, a cut, a capital of the wrong alphabet. What the word's own reader still takes is left out.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from hypothesis import strategies as st

from mockgov.testing.strategies import VALID
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.passport import Passport
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.province import Province, parse_province
from mockgov.vocabulary.qr import QrPayload
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import Ykn

LOOK_ALIKES: Final = MappingProxyType(
    {"0": "O", "1": "l", "5": "S", "8": "B", "I": "İ", "i": "ı", "K": "К", "A": "А", "@": "＠", "|": "l", "-": "_"}
)
"""A Latin letter and what is taken for it; the second K and A are Cyrillic."""
FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")
ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

READ: Final[Mapping[type, Callable[[str], Any]]] = MappingProxyType(
    {
        Tckn: Tckn.parse,
        Ykn: Ykn.parse,
        Vkn: Vkn.parse,
        Phone: Phone.parse,
        ForeignPhone: ForeignPhone.parse,
        Passport: Passport.parse,
        IdCardSerial: IdCardSerial.parse,
        HesCode: HesCode.parse,
        QrPayload: QrPayload.parse,
        KepAddress: KepAddress.parse,
        EmailAddress: EmailAddress.parse,
        Province: parse_province,
    }
)
"""How each word is read from a text; those that are not here are enumerations, read by their values."""
RAW: Final[Mapping[type, Callable[[Any], str]]] = MappingProxyType(
    {
        Tckn: lambda word: word.digits,
        Ykn: lambda word: word.digits,
        Vkn: lambda word: word.digits,
        Phone: lambda word: word.e164,
        ForeignPhone: lambda word: word.e164,
        Passport: lambda word: word.text,
        IdCardSerial: lambda word: word.text,
        HesCode: lambda word: word.dashed,
        QrPayload: lambda word: word.text,
        KepAddress: lambda word: word.address,
        EmailAddress: lambda word: word.address,
        Province: lambda word: word.name,
    }
)
"""How each word is written in full."""


def mutated(word: type) -> st.SearchStrategy[str]:
    """Texts that are almost such a word. Raises KeyError for a class that is none."""

    @st.composite
    def broken(draw: st.DrawFn) -> str:
        text = written(draw(VALID[word]()))
        return draw(st.sampled_from(SLIPS))(draw, text)

    return broken().filter(lambda text: not reads(word, text))


def written(word: Any) -> str:
    """A word in full."""
    return word.value if isinstance(word, StrEnum) else RAW[type(word)](word)


def reads(word: type, text: str) -> bool:
    """Whether the word's own reader takes a text."""
    try:
        (READ.get(word) or word)(text)
    except (InvalidWord, ValueError):
        return False
    return True


def _drop(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text) - 1))
    return text[:at] + text[at + 1 :]


def _double(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text) - 1))
    return text[:at] + text[at] + text[at:]


def _swap(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, max(0, len(text) - 2)))
    return text[:at] + text[at : at + 2][::-1] + text[at + 2 :]


def _slip(draw: st.DrawFn, text: str) -> str:
    at = draw(st.integers(0, len(text) - 1))
    return text[:at] + draw(st.sampled_from("0123456789AZaz -.;|@")) + text[at + 1 :]


def _look_alike(draw: st.DrawFn, text: str) -> str:
    fitting = [letter for letter in LOOK_ALIKES if letter in text]
    if not fitting:
        return text + "ı"
    letter = draw(st.sampled_from(fitting))
    return text.replace(letter, LOOK_ALIKES[letter], 1)


def _digits(draw: st.DrawFn, text: str) -> str:
    return text.translate(draw(st.sampled_from([FULL_WIDTH, ARABIC])))


def _cut(draw: st.DrawFn, text: str) -> str:
    return text[: draw(st.integers(0, len(text) - 1))]


def _behind(draw: st.DrawFn, text: str) -> str:
    return text + draw(st.sampled_from(["0", "\x00", ";", "'", "\u200b", "🚌"]))


def _small(_: st.DrawFn, text: str) -> str:
    return text.swapcase()


SLIPS: Final[tuple[Callable[[st.DrawFn, str], str], ...]] = (
    _drop,
    _double,
    _swap,
    _slip,
    _look_alike,
    _digits,
    _cut,
    _behind,
    _small,
)
"""What happens to texts on their way, each to the one it is given."""
