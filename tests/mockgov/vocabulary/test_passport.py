"""Passports."""

import pytest
from hypothesis import given

from mockgov.vocabulary.passport import NATIONALITIES, InvalidPassport, Passport
from tests.strategies import SeededDraw, passports


def test_its_forms():
    """As in a message, and masked."""
    passport = Passport.parse("deu tst012345")
    assert (passport.nationality, passport.number, passport.text) == ("DEU", "TST012345", "DEU TST012345")
    assert str(passport) == "DEU *******45"
    assert Passport.mint(SeededDraw(1), "IRN").text.startswith("IRN TST")


@given(passports())
def test_a_minted_one_says_that_it_is_nobodys(passport):
    """`TST` and six digits."""
    assert passport.nationality in NATIONALITIES
    assert passport.number[:3] == "TST"
    assert passport.number[3:].isdigit()
    assert len(passport.number) == 9


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("DEU", "passport.two-words"),
        ("DEU TST012345 1", "passport.two-words"),
        ("DÜU TST012345", "passport.two-words"),
        ("DE TST012345", "passport.nationality"),
        ("D3U TST012345", "passport.nationality"),
        ("DEU TST0", "passport.number"),
        ("DEU TST0123456", "passport.number"),
        ("DEU TESTTEST", "passport.number"),
        ("DEU TST-12345", "passport.number"),
    ],
)
def test_a_refusal_names_the_broken_rule(text, rule):
    """Each way to be wrong has a name."""
    with pytest.raises(InvalidPassport) as refused:
        Passport.parse(text)
    assert refused.value.rule == rule
