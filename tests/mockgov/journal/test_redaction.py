"""Nothing that opens a door, and nobody's number, is kept of an exchange."""

import json

import pytest

from mockgov.journal.messages import Part
from mockgov.journal.redaction import as_text, body_told, path_told, told

STRANGER = "10000000146"


def masked(text: str) -> str:
    return text.replace(STRANGER, "********146")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps({"a": {"b": [STRANGER]}}), "application/json"),
        (json.dumps({STRANGER: 1}), "application/json"),
        (f'{{"a": {STRANGER}}}', "application/json"),
        ('{"a": "\\u0031\\u0030000000146"}', "application/json"),
        ('{"a": "\\u0031\\u0030000000146"', "application/json"),
        (f"x={STRANGER}&y=1", "application/x-www-form-urlencoded"),
        ("x=%31%30000000146", "application/x-www-form-urlencoded"),
        ("%31%30000000146", "application/x-www-form-urlencoded"),
        (f"<a>{STRANGER}</a>", "text/xml"),
        ("<a>&#49;&#48;000000146</a>", "text/xml"),
        (STRANGER, "text/plain"),
        (STRANGER, ""),
    ],
)
def test_a_number_is_found_however_it_is_written(body: str, kind: str) -> None:
    """In values, keys and numbers of JSON, forms, XML, and in what only pretends to be one of them."""
    kept = body_told(body, kind, masked)
    assert STRANGER not in kept
    assert "********146" in kept.replace("%2A", "*")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"password": "geheim", "phone": "x"}', "application/json"),
        ('[{"id_token": "geheim"}]', "application/json"),
        ("egpField=geheim&tridField=1", "application/x-www-form-urlencoded"),
        ("<Giris><ns:parola>geheim</ns:parola></Giris>", "text/xml"),
    ],
)
def test_secrets_are_stars(body: str, kind: str) -> None:
    kept = body_told(body, kind, masked)
    assert "geheim" not in kept
    assert "***" in kept


def test_heads_that_open_something_are_stars() -> None:
    part = Part(head=(("authorization", "Basic eA=="), ("cookie", "a=b"), ("x", STRANGER)))
    assert told(part, masked).head == (("authorization", "***"), ("cookie", "***"), ("x", "********146"))


def test_paths() -> None:
    """Numbers in paths and queries, written with percent signs or not, and keys of applications."""
    assert path_told(f"/_lab/people/{STRANGER}?a={STRANGER}", masked) == "/_lab/people/********146?a=********146"
    assert STRANGER not in path_told("/x/%31%30000000146?%31%30000000146", masked)
    assert path_told(f"/basvuru/ETF-1?key={'ab' * 16}", masked) == "/basvuru/ETF-1?key=***"


def test_what_is_no_text_is_only_measured() -> None:
    assert as_text(b"%PDF-1.7 10000000146", "application/pdf") == "[application/pdf, 20 bytes]"
    assert as_text(b"x" * 1_000_000, "text/plain") == "[text/plain, 1000000 bytes]"
    assert as_text(b"", "application/pdf") == ""
