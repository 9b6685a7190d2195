"""Hypothesis strategies for every word of the vocabulary, whole.

A word is minted as the ministry mints it, every draw a choice of Hypothesis': a failing example shrinks to the plainest
word there is (`A0A0000010`). None of these words is known to any world: a world knows what it has minted itself.
What is broken comes from `mutations`, people with a history from `lives`.
"""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar

from hypothesis import strategies as st

from mockgov.vocabulary.chance import Draw
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.names import (
    FEMALE_GIVEN_NAMES,
    MALE_GIVEN_NAMES,
    SURNAMES,
    company_name,
)
from mockgov.vocabulary.obligation import Obligation
from mockgov.vocabulary.passport import NATIONALITIES, Passport
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.province import PROVINCES, Province
from mockgov.vocabulary.qr import QrPayload
from mockgov.vocabulary.risk_status import RiskStatus
from mockgov.vocabulary.signed import Flaw
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import Ykn

_T = TypeVar("_T")
_BARS: Final = ("|", ";")


class Form(StrEnum):
    """How people, kiosks and scanners write a HES code; the ministry reads each of them."""

    PLAIN = "plain"
    DASHED = "dashed"
    SMALL = "small letters, dashed"
    SPACED = "blanks between"
    QR = "the QR image's text"
    QR_SEMICOLON = "the QR image's text under a Turkish keyboard"
    QR_CAPITALS = "the same under Caps Lock"

    def write(self, code: HesCode, token: str = "0123456789abcdef" * 2) -> str:
        """A code in this form; `token` is what stands before the bar in its image."""
        written = {
            Form.PLAIN: code.text,
            Form.DASHED: code.dashed,
            Form.SMALL: code.dashed.lower(),
            Form.SPACED: f" {code.text[:4]} {code.text[4:8]} {code.text[8:]} ",
            Form.QR: f"{token}|{code.text}",
            Form.QR_SEMICOLON: f"{token};{code.text}",
            Form.QR_CAPITALS: f"{token};{code.text}".upper(),
        }
        return written[self]


def minted(mint: Callable[[Draw], _T]) -> st.SearchStrategy[_T]:
    """What a word's own `mint` makes."""

    @st.composite
    def made(draw: st.DrawFn) -> _T:
        return mint(lambda n: draw(st.integers(0, n - 1)))

    return made()


def tckns() -> st.SearchStrategy[Tckn]:
    """Citizens' identity numbers."""
    return minted(Tckn.mint)


def ykns() -> st.SearchStrategy[Ykn]:
    """Foreigners' identity numbers, permanent and for a time."""
    return st.booleans().flatmap(lambda temporary: minted(lambda draw: Ykn.mint(draw, temporary=temporary)))


def vkns() -> st.SearchStrategy[Vkn]:
    """Tax numbers."""
    return minted(Vkn.mint)


def phones() -> st.SearchStrategy[Phone]:
    """Mobile numbers that reach nobody."""
    return minted(Phone.mint)


def foreign_phones() -> st.SearchStrategy[ForeignPhone]:
    """Mobile numbers abroad that reach nobody."""
    return minted(ForeignPhone.mint)


def passports() -> st.SearchStrategy[Passport]:
    """Foreigners' passports."""
    return st.sampled_from(NATIONALITIES).flatmap(lambda nation: minted(lambda draw: Passport.mint(draw, nation)))


def id_card_serials() -> st.SearchStrategy[IdCardSerial]:
    """Identity cards' serials."""
    return minted(IdCardSerial.mint)


def hes_codes() -> st.SearchStrategy[HesCode]:
    """HES codes in the published form."""
    return minted(HesCode.mint)


def written_codes() -> st.SearchStrategy[tuple[HesCode, str]]:
    """A HES code, and how somebody writes it."""

    def write(payload: QrPayload, form: Form) -> tuple[HesCode, str]:
        return payload.code, form.write(payload.code, payload.token)

    return st.builds(write, qr_payloads(), forms())


def forms() -> st.SearchStrategy[Form]:
    """Ways to write a code, the plainest first."""
    return st.sampled_from(Form)


def qr_payloads() -> st.SearchStrategy[QrPayload]:
    """QR images' contents."""
    return minted(lambda draw: QrPayload.mint(draw, HesCode.mint(draw)))


def kep_addresses() -> st.SearchStrategy[KepAddress]:
    """Registered e-mail addresses, with either provider."""
    return st.sampled_from(["hs01", "hs02"]).flatmap(lambda hs: minted(lambda draw: KepAddress.mint(draw, hs)))


def email_addresses() -> st.SearchStrategy[EmailAddress]:
    """E-mail addresses under a domain that is nobody's (RFC 2606)."""
    local = st.from_regex(r"[a-z][a-z0-9]{0,8}([.+_-][a-z0-9]{1,8})?", fullmatch=True)
    return st.builds(EmailAddress, local, st.sampled_from(["kurum.example", "posta.example.com"]))


def given_names(sex: Sex | None = None) -> st.SearchStrategy[str]:
    """Given names in Turkish capitals, of one word or two."""
    both = {Sex.FEMALE: FEMALE_GIVEN_NAMES, Sex.MALE: MALE_GIVEN_NAMES}
    return st.sampled_from(both[sex] if sex is not None else FEMALE_GIVEN_NAMES + MALE_GIVEN_NAMES)


def surnames() -> st.SearchStrategy[str]:
    """Surnames in Turkish capitals."""
    return st.sampled_from(SURNAMES)


def company_names() -> st.SearchStrategy[str]:
    """Made-up companies."""
    return minted(company_name)


def labels() -> st.SearchStrategy[str]:
    """Institutions' labels, on which user names are built: capitals, Turkish ones too, with `-` between."""
    word = st.text("ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ", min_size=1, max_size=9)
    return st.lists(word, min_size=1, max_size=3).map("-".join)


def provinces() -> st.SearchStrategy[Province]:
    """The 81, by their plates."""
    return st.sampled_from(PROVINCES)


def days() -> st.SearchStrategy[date]:
    """Days of the HES era."""
    return st.dates(date(2020, 3, 11), date(2022, 3, 1))


VALID: Final[Mapping[type, Callable[[], st.SearchStrategy[Any]]]] = MappingProxyType(
    {
        Tckn: tckns,
        Ykn: ykns,
        Vkn: vkns,
        Phone: phones,
        ForeignPhone: foreign_phones,
        Passport: passports,
        IdCardSerial: id_card_serials,
        HesCode: hes_codes,
        QrPayload: qr_payloads,
        KepAddress: kep_addresses,
        EmailAddress: email_addresses,
        Province: provinces,
        RiskStatus: lambda: st.sampled_from(RiskStatus),
        Sex: lambda: st.sampled_from(Sex),
        InstitutionKind: lambda: st.sampled_from(InstitutionKind),
        Obligation: lambda: st.sampled_from(Obligation),
        Flaw: lambda: st.sampled_from(Flaw),
    }
)
"""Every word, and how to get one."""


def valid(word: type[_T]) -> st.SearchStrategy[_T]:
    """Any word, by its class. Raises KeyError for a class that is none."""
    return VALID[word]()
