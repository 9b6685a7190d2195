"""What in a text may be somebody's number, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.streams import Streams
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.likeness import Kind, hidden, likenesses, may_tell
from mockgov.vocabulary.tckn import Tckn


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("TC 10000000146.", Kind.IDENTITY, "10000000146"),
        ("tckn10000000146x", Kind.IDENTITY, "10000000146"),
        ("100 000 001 46", Kind.IDENTITY, "10000000146"),
        ("1-0-0-0-0-0-0-0-1-4-6", Kind.IDENTITY, "10000000146"),
        ("１００００００0146", Kind.IDENTITY, "10000000146"),
        ("١٠٠٠٠٠٠٠١٤٦", Kind.IDENTITY, "10000000146"),
        ("call 0532 123 45 67", Kind.PHONE, "5321234567"),
        ("+90 (532) 123-45-67", Kind.PHONE, "5321234567"),
        ("905321234567", Kind.PHONE, "5321234567"),
        ("00905321234567", Kind.PHONE, "5321234567"),
        ("5321234567", Kind.PHONE, "5321234567"),
        ("+4915112345678", Kind.PHONE, "+4915112345678"),
        ("HES 10000000146 1234 30", Kind.IDENTITY, "10000000146"),
        ("2021 10 000 000 146", Kind.IDENTITY, "10000000146"),
        ("deu C01X00T47", Kind.PASSPORT, "DEU C01X00T47"),
        ("DEUC01X00T47", Kind.PASSPORT, "DEU C01X00T47"),
        ("U12345678", Kind.PASSPORT, "U12345678"),
    ],
)
def test_numbers_are_seen(text: str, kind: Kind, value: str) -> None:
    """However they are written."""
    (found,) = likenesses(text)
    assert (found.kind, found.value, found.certain) == (kind, value, True)
    assert may_tell(text.encode())


def test_eleven_digits_that_check_nothing_only_look_like_a_number() -> None:
    (found,) = likenesses("order 12345678901")
    assert not found.certain


@pytest.mark.parametrize(
    "text",
    [
        "A1B2-3456-17",
        "2021-10-04T05:00:00.000Z",
        "0000000001",
        "2021-10-04 08:00 12",
        "HES A1B2345617",
        "ETF-2021-000001",
        "0.53212345678901",
        "39.77, 30.52",
        "01234567890",
        "1633323600000000",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "EYWS00000001",
        "900 gün, 2023",
        "=_hes_06a1b5501461181cfd8de603e5dd8ee096f50f9a",
        "0f5512345678ab12-0f5512345678ab12",
        "53 2021-10-04 08:00",
        "50 19.10.2021 08.30",
        "1616-09-28T13:01:50.495533-03:29",
        "0383-12-08T20:04:53.253722-08:30",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    """Codes, moments, running numbers, decimals, digests."""
    assert list(likenesses(text)) == []


def test_a_number_in_a_digest_is_part_of_it() -> None:
    assert list(likenesses("ab" * 10 + "10000000146" + "cd" * 10)) == []
    assert len(list(likenesses("x" * 30 + "10000000146"))) == 1


def test_hiding() -> None:
    """Three digits of an identity number stay, two of the others."""
    text = "10000000146 and 0532 123 45 67, DEU C01X00T47"
    assert hidden(text, likenesses(text)) == "********146 and ********67, ********47"


@given(st.integers(0, 10**6), st.text(alphabet="abc ,;:ığ", max_size=10), st.text(alphabet="abc ,;:ığ", max_size=10))
def test_every_identity_number_is_seen_and_suspected(seed: int, before: str, after: str) -> None:
    """Whatever stands around it; the quick look never misses what the long one finds."""
    number = Tckn.mint(Streams(seed).draw("x")).digits
    text = f"{before}{number}{after}"
    assert number in [one.value for one in likenesses(text)]
    assert may_tell(text.encode())
    assert number not in hidden(text, likenesses(text))


@given(st.integers(0, 10**6))
def test_no_code_looks_like_a_number(seed: int) -> None:
    code = HesCode.mint(Streams(seed).draw("x"))
    assert list(likenesses(f"{code.text} {code.dashed}")) == []


@given(st.text(alphabet="0123456789 .()/-+５٣AbDEUdeuş\u00a0–", max_size=40))
def test_the_quick_look_never_misses(text: str) -> None:
    if list(likenesses(text)):
        assert may_tell(text.encode())
