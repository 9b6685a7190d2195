"""How counters read codes and write moments and problems."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.counters.problem import problem
from mockgov.counters.reading import read_code, shown, wire_moment, wire_us
from mockgov.vocabulary.qr import QrPayload
from tests.strategies import qr_payloads


@given(qr_payloads())
def test_any_scanned_code_is_read(payload: QrPayload) -> None:
    """Bare, dashed, in lower case, and as the whole text of the image where reading is lenient."""
    code = payload.code
    for text in (code.text, code.dashed, code.text.lower()):
        assert read_code(text, lenient=False) == read_code(text, lenient=True) == code.text
    for text in (payload.text, payload.text.replace("|", ";")):
        assert read_code(text, lenient=True) == code.text
        assert read_code(text, lenient=False) is None


@given(st.text(max_size=50))
def test_no_text_is_too_odd(text: str) -> None:
    """Ten clean characters, or None."""
    code = read_code(text, lenient=True)
    assert code is None or (len(code) == 10 and code.isascii() and code.isalnum() and code == code.upper())


@pytest.mark.parametrize(
    ("text", "may_be_repeated"),
    [
        ("10000000146", "********146"),
        (" 100 000 00 146 ", "********146"),
        ("100-000-00146", "********146"),
        ("100.000.00146", "********146"),
        ("1000000014", "1000000014"),
        ("100000001467", "100000001467"),
        ("HELLO", "HELLO"),
        ("", ""),
    ],
)
def test_an_identity_number_is_masked(text: str, may_be_repeated: str) -> None:
    assert shown(text) == may_be_repeated


def test_moments_are_written_in_utc_with_milliseconds() -> None:
    assert wire_us(1_628_509_890_597_999) == "2021-08-09T11:51:30.597Z"
    assert wire_moment(datetime(2021, 8, 9, tzinfo=UTC)) == "2021-08-09T00:00:00.000Z"
    assert wire_moment(datetime(2021, 8, 9, tzinfo=timezone(timedelta(hours=3)))) == "2021-08-08T21:00:00.000Z"


def test_a_problem_has_the_gateways_fields() -> None:
    """Detail and further fields only where there are any."""
    assert msgspec.json.decode(problem(400, "hescodenotfound", "Yok.")) == {
        "entityName": "hesCode",
        "errorKey": "hescodenotfound",
        "type": "https://www.jhipster.tech/problem/problem-with-message",
        "title": "Yok.",
        "status": 400,
        "message": "error.hescodenotfound",
        "params": "hesCode",
    }
    more = msgspec.json.decode(problem(401, "x", "y", detail="z", entity="user", expiration_date="w"))
    assert (more["detail"], more["entityName"], more["params"], more["expiration_date"]) == ("z", "user", "user", "w")
