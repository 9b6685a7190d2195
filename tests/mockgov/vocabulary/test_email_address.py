"""Ordinary e-mail addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.email_address import EmailAddress, InvalidEmailAddress


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ayse@kurum.example", "ayse@kurum.example"),
        (" Ayse.Oz+hes@KURUM.Example ", "Ayse.Oz+hes@kurum.example"),
        ("hesdestek@saglik.gov.tr", "hesdestek@saglik.gov.tr"),
        ("o'neil_1-2@a-b.c3", "o'neil_1-2@a-b.c3"),
        (f"{'a' * 64}@x.tr", f"{'a' * 64}@x.tr"),
    ],
)
def test_what_is_an_address(text: str, address: str) -> None:
    """The domain is folded, the local part stays."""
    assert EmailAddress.parse(text).address == address


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "email.local"),
        ("@kurum.example", "email.local"),
        ("a b@kurum.example", "email.local"),
        (".a@kurum.example", "email.local"),
        ("a..b@kurum.example", "email.local"),
        ('"a b"@kurum.example', "email.local"),
        ("ayşe@kurum.example", "email.local"),
        (f"{'a' * 65}@x.tr", "email.local"),
        ("ayse", "email.local"),
        ("ayse@", "email.domain"),
        ("ayse@kurum", "email.domain"),
        ("ayse@-kurum.example", "email.domain"),
        ("ayse@kurum..example", "email.domain"),
        ("ayse@[127.0.0.1]", "email.domain"),
        ("ayse@çınar.example", "email.domain"),
        ("a\n@kurum.example", "email.local"),
        ("a@kurum.example\r\nBcc: b@kurum.example", "email.local"),
    ],
)
def test_what_is_none(text: str, rule: str) -> None:
    """And the error names the rule, never the text."""
    with pytest.raises(InvalidEmailAddress) as refusal:
        EmailAddress.parse(text)
    assert refusal.value.rule == rule
    assert "kurum" not in str(refusal.value).replace("kurum.example", "")


def test_it_prints_masked() -> None:
    """A log does not learn whose it is."""
    address = EmailAddress.parse("ayse.oz@kurum.example")
    assert str(address) == "a****@kurum.example"
    assert repr(address) == "EmailAddress('a****@kurum.example')"


def test_spellings_of_one_mailbox() -> None:
    """Are equal when folded."""
    assert EmailAddress.parse("Ayse@X.tr").folded == EmailAddress.parse("ayse@x.TR").folded


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    """And what is one comes back as it was written down."""
    try:
        address = EmailAddress.parse(text)
    except InvalidEmailAddress:
        return
    assert EmailAddress.parse(address.address) == address
