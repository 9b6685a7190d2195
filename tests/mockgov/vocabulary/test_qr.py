"""What the QR image says, and what a kiosk makes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.hes_code import HesCode, InvalidHesCode
from mockgov.vocabulary.qr import InvalidQrPayload, QrPayload, read_scanned
from tests.strategies import hes_codes, qr_payloads

TOKEN = "0123456789abcdef0123456789abcdef"


def test_an_image_says_the_token_a_bar_and_the_code():
    """The text of the image, to the letter."""
    payload = QrPayload.mint(lambda _: 0, HesCode("G7B2182014"))
    assert payload.text == "00000000000000000000000000000000|G7B2182014"


@given(qr_payloads(), st.sampled_from("|;"))
def test_a_turkish_keyboard_layout_does_not_matter(payload, separator):
    """A scanner that types `;` for `|` delivers the same payload."""
    assert QrPayload.parse(f"{payload.token}{separator}{payload.code.text}") == payload


@given(hes_codes(), qr_payloads())
def test_a_kiosk_may_send_the_code_or_the_whole_image(code, payload):
    """Raw QR text and a bare code, dashed or not, all come down to the code."""
    assert read_scanned(code.text) == code
    assert read_scanned(code.dashed) == code
    assert read_scanned(payload.text) == payload.code
    assert read_scanned(payload.text.replace("|", ";") + "\r\n") == payload.code


@pytest.mark.parametrize(
    "text",
    [
        "G7B2182014",
        "g7b2182014",
        "G7B2-1820-14",
        "g7b2-1820-14",
        "G7B2 1820 14",
        "G7B2\u20131820\u201314",
        "G7B2\u20111820\u201114",
        "\u00a0G7B2\u00a01820\t14\r\n",
        "\ufeffG7B2\u200b182014",
        f"{TOKEN}|G7B2182014",
        f"{TOKEN};G7B2182014",
        f"{TOKEN}|g7b2-1820-14",
        f"{TOKEN.upper()};G7B2182014\r",
        f" {TOKEN} | G7B2 1820 14 ",
    ],
)
def test_whatever_a_scanner_or_a_thumb_makes_of_it_is_the_code(text):
    """Bar or semicolon, dashes of any kind, blanks, capitals or none."""
    assert read_scanned(text) == HesCode("G7B2182014")


@pytest.mark.parametrize(
    "text", ["", "|", ";", "G7B218201", "G7B21820145", f"{TOKEN}G7B2182014", f"{TOKEN}|", "ı7B2182014"]
)
def test_what_is_no_code_stays_none(text):
    """Lenient reading invents nothing."""
    with pytest.raises((InvalidQrPayload, InvalidHesCode)):
        read_scanned(text)


@given(qr_payloads())
def test_the_mask_shows_no_token(payload):
    """Only the masked code shows."""
    assert payload.masked == f"****|{payload.code.masked}"
    assert payload.token not in f"{payload} {payload!r}"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "qr.separator"),
        (TOKEN, "qr.separator"),
        (f"{TOKEN}|G7B2182014|", "qr.separator"),
        (f"{TOKEN};|G7B2182014", "qr.separator"),
        (f"{TOKEN}|G7B218201", "qr.code"),
        (f"{TOKEN[:-1]}|G7B2182014", "qr.token"),
        (f"{TOKEN.upper()}|G7B2182014", "qr.token"),
        ("|G7B2182014", "qr.token"),
    ],
)
def test_a_refusal_names_the_broken_rule(text, rule):
    """Each way to be wrong has a name."""
    with pytest.raises(InvalidQrPayload) as refused:
        QrPayload.parse(text)
    assert refused.value.rule == rule


def test_a_kiosk_learns_whether_the_image_or_the_code_was_wrong():
    """With a bar in it, the text is judged as an image; without, as a code."""
    with pytest.raises(InvalidQrPayload):
        read_scanned("G7B2|182014")
    with pytest.raises(InvalidHesCode):
        read_scanned(TOKEN)
