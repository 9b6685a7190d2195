"""DER read strictly and written right, with asn1crypto as the other opinion."""

from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from mockgov.signature import encoding
from mockgov.signature.der import is_der


@pytest.mark.parametrize(
    "hexadecimal",
    ["0500", "020100", "02020080", "0101ff", "03020640",
     "0603883701", "3000", "3106020101020102", "a003020105", "0481" + "80" + "00" * 128],
)  # fmt: skip
def test_der(hexadecimal: str) -> None:
    assert is_der(bytes.fromhex(hexadecimal))


@pytest.mark.parametrize(
    ("hexadecimal", "why"),
    [
        ("", "nothing"),
        ("05", "no length"),
        ("050000", "something behind it"),
        ("3080020101" + "0000", "indefinite length"),
        ("048101" + "00", "a long length for a short one"),
        ("04820080" + "00" * 128, "a length with a needless byte"),
        ("0405" + "00", "too short"),
        ("02020001", "a needless zero"),
        ("0202ff80", "a needless sign"),
        ("0200", "a number without bytes"),
        ("010101", "true in BER"),
        ("030208" + "00", "eight unused bits"),
        ("03020101", "unused bits that are set"),
        ("0501" + "00", "NULL with something in it"),
        ("0603880180", "an arc that does not end"),
        ("0602" + "8001", "an arc with a needless byte"),
        ("3106020102020101", "a set out of order"),
        ("2404" + "04020000", "a string in pieces"),
        ("1000", "a sequence that is none"),
        ("1f8101" + "00", "a high tag number"),
        ("0000", "an end of contents"),
    ],
)
def test_not_der(hexadecimal: str, why: str) -> None:
    assert not is_der(bytes.fromhex(hexadecimal)), why


def test_nested_too_deep() -> None:
    """Neither accepted nor a reason to fall over."""
    nested = b""
    for _ in range(3_000):
        nested = encoding.sequence(nested)
    assert not is_der(nested)


@given(st.binary(max_size=60))
def test_any_bytes(data: bytes) -> None:
    assert is_der(data) in {True, False}


@given(st.integers(min_value=0, max_value=1 << 300))
def test_whole_numbers(number: int) -> None:
    assert encoding.integer(number) == core.Integer(number).dump()
    assert is_der(encoding.integer(number))


@given(st.binary(max_size=70_000))
def test_octets(data: bytes) -> None:
    assert encoding.octets(data) == core.OctetString(data).dump()
    assert encoding.contents_of(encoding.octets(data)) == data


@given(st.tuples(st.integers(0, 1), st.integers(0, 39)), st.lists(st.integers(0, 1 << 40), max_size=6))
def test_identifiers(first: tuple[int, int], others: list[int]) -> None:
    dotted = ".".join(str(arc) for arc in (*first, *others))
    assert encoding.oid(dotted) == core.ObjectIdentifier(dotted).dump()


def test_the_arc_of_examples() -> None:
    """Its second arc is above 39."""
    assert encoding.oid("2.999.5070.1.1").hex() == "06068837a74e0101"


def test_moments() -> None:
    """UTCTime until 2049, whole seconds; precise ones without trailing zeros."""
    assert encoding.moment(datetime(2049, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == b"\x17\x0d491231235959Z"
    assert encoding.moment(datetime(2050, 1, 1, tzinfo=UTC)) == b"\x18\x0f20500101000000Z"
    assert encoding.precise(datetime(2021, 10, 4, 5, 0, 0, 120_000, tzinfo=UTC)) == b"\x18\x1220211004050000.12Z"
    assert encoding.precise(datetime(2021, 10, 4, 5, tzinfo=UTC)) == b"\x18\x0f20211004050000Z"
