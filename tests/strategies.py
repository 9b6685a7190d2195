"""Hypothesis strategies for the vocabulary: one a word, each a minted value that an integer decides.

The integer seeds a `Draw`; the word's own `mint` does the rest. So what is tested is what a ministry would
hand out, and no strategy knows a grammar.
"""

from hashlib import blake2b

from hypothesis import strategies as st

from mockgov.vocabulary.chance import Draw
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.passport import NATIONALITIES, Passport
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.qr import QrPayload
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import Ykn


class SeededDraw:
    """A `Draw` of which the same seed always gives the same numbers."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.drawn = 0

    def __call__(self, n: int, /) -> int:
        word = blake2b(f"{self.seed}/{self.drawn}".encode(), digest_size=8).digest()
        self.drawn += 1
        return int.from_bytes(word, "little") * n >> 64


def draws() -> st.SearchStrategy[Draw]:
    """Fresh draws; a failing example shows their seed."""
    return st.integers(0, 2**64 - 1).map(SeededDraw)


def tckns() -> st.SearchStrategy[Tckn]:
    """Citizens' identity numbers."""
    return draws().map(Tckn.mint)


def ykns() -> st.SearchStrategy[Ykn]:
    """Foreigners' identity numbers, permanent and temporary."""
    return st.builds(lambda draw, temporary: Ykn.mint(draw, temporary=temporary), draws(), st.booleans())


def vkns() -> st.SearchStrategy[Vkn]:
    """Tax numbers."""
    return draws().map(Vkn.mint)


def phones() -> st.SearchStrategy[Phone]:
    """Mobile numbers that reach nobody."""
    return draws().map(Phone.mint)


def foreign_phones() -> st.SearchStrategy[ForeignPhone]:
    """Mobile numbers abroad that reach nobody."""
    return draws().map(ForeignPhone.mint)


def passports() -> st.SearchStrategy[Passport]:
    """Foreigners' passports."""
    return st.builds(Passport.mint, draws(), st.sampled_from(NATIONALITIES))


def id_card_serials() -> st.SearchStrategy[IdCardSerial]:
    """Identity cards' serials."""
    return draws().map(IdCardSerial.mint)


def hes_codes() -> st.SearchStrategy[HesCode]:
    """HES codes in the published form."""
    return draws().map(HesCode.mint)


def qr_payloads() -> st.SearchStrategy[QrPayload]:
    """QR images' contents."""
    return st.builds(QrPayload.mint, draws(), hes_codes())


def kep_addresses() -> st.SearchStrategy[KepAddress]:
    """Registered e-mail addresses."""
    return draws().map(KepAddress.mint)
