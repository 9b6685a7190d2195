"""What every word promises alike, whichever it is."""

import copy
import pickle
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.foreign_phone import ForeignPhone, line_of, read_line
from mockgov.vocabulary.hes_code import HesCode, InvalidHesCode, compact
from mockgov.vocabulary.id_card import IdCardSerial, InvalidIdCardSerial
from mockgov.vocabulary.kep_address import InvalidKepAddress, KepAddress
from mockgov.vocabulary.passport import InvalidPassport, Passport
from mockgov.vocabulary.phone import InvalidPhone, Phone
from mockgov.vocabulary.province import InvalidProvince, parse_province
from mockgov.vocabulary.qr import InvalidQrPayload, QrPayload, read_scanned
from mockgov.vocabulary.tckn import InvalidTckn, Tckn
from mockgov.vocabulary.vkn import InvalidVkn, Vkn
from mockgov.vocabulary.ykn import InvalidYkn, Ykn, parse_identity
from tests.strategies import (
    foreign_phones,
    hes_codes,
    id_card_serials,
    kep_addresses,
    passports,
    phones,
    qr_payloads,
    tckns,
    vkns,
    ykns,
)

PERSONAL = st.one_of(
    tckns(), ykns(), phones(), foreign_phones(), passports(), id_card_serials(), hes_codes(), qr_payloads()
)
PUBLIC = st.one_of(vkns(), kep_addresses())
PARSERS = [
    (Tckn.parse, InvalidTckn),
    (Ykn.parse, InvalidYkn),
    (parse_identity, (InvalidTckn, InvalidYkn)),
    (Vkn.parse, InvalidVkn),
    (Phone.parse, InvalidPhone),
    (ForeignPhone.parse, InvalidPhone),
    (read_line, InvalidPhone),
    (line_of, InvalidPhone),
    (Passport.parse, InvalidPassport),
    (IdCardSerial.parse, InvalidIdCardSerial),
    (HesCode.parse, InvalidHesCode),
    (compact, InvalidHesCode),
    (QrPayload.parse, InvalidQrPayload),
    (read_scanned, (InvalidQrPayload, InvalidHesCode)),
    (KepAddress.parse, InvalidKepAddress),
    (parse_province, InvalidProvince),
]


def raw(word) -> str:
    """The one full text of a word."""
    named = {
        Phone: "subscriber",
        ForeignPhone: "subscriber",
        Passport: "text",
        KepAddress: "address",
        QrPayload: "text",
        HesCode: "text",
        IdCardSerial: "text",
    }
    return getattr(word, named.get(type(word), "digits"))


@given(PERSONAL | PUBLIC)
def test_what_is_minted_can_be_parsed(word):
    """A word's full text parses back to the word, with blanks around it too."""
    assert type(word).parse(raw(word)) == word
    assert type(word).parse(f"  {raw(word)}\r\n") == word


@given(PERSONAL)
def test_a_word_that_identifies_a_person_prints_masked(word):
    """Neither str nor repr of a personal word, alone or inside a container, contains its full text."""
    assert str(word) == word.masked
    assert "*" in word.masked
    assert raw(word) not in f"{word} {word!r} {[word]} {word.masked}"


@given(PUBLIC)
def test_a_word_that_names_an_institution_prints_in_full(word):
    """A tax number and a KEP address are public: str gives them whole, and `masked` hides them."""
    assert str(word) == raw(word)
    assert raw(word) not in word.masked


@given(PERSONAL | PUBLIC)
def test_words_are_values(word):
    """Equal texts make equal, interchangeable words, also through copies and between processes."""
    twin = type(word).parse(raw(word))
    assert len({word, twin, copy.deepcopy(word), pickle.loads(pickle.dumps(word))}) == 1


@given(PERSONAL | PUBLIC)
def test_words_do_not_change(word):
    """No attribute of a word can be set once it is made."""
    with pytest.raises(FrozenInstanceError):
        setattr(word, fields(word)[0].name, "")


@pytest.mark.parametrize(("parse", "error"), PARSERS)
@given(text=st.text())
def test_whatever_does_not_parse_is_the_words_own_error(parse, error, text):
    """No text, however odd, gets anything but a word or the word's own error, which names its rule."""
    try:
        parse(text)
    except error as caught:
        refused = caught
    else:
        return
    assert isinstance(refused, InvalidWord)
    assert str(refused) == f"{refused.advice} [{refused.rule}]"


@pytest.mark.parametrize("refused_text", ["12345678951", "1234567895012", "+49 171 1234567"])
@pytest.mark.parametrize(("parse", "error"), PARSERS)
def test_an_error_does_not_repeat_the_refused_text(parse, error, refused_text):
    """A refused text may be a real person's number, so it never appears in the error."""
    with pytest.raises(error) as refused:
        parse(refused_text)
    assert refused_text not in f"{refused.value} {refused.value!r} {refused.value.args}"


def test_an_error_survives_the_way_between_processes():
    """An error that comes back from a worker process still knows its rule."""
    with pytest.raises(InvalidVkn) as refused:
        Vkn.parse("no number")
    assert pickle.loads(pickle.dumps(refused.value)).rule == "vkn.ten-digits"
