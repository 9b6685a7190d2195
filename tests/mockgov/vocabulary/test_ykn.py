"""The foreigner's identity number, and telling it from a citizen's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.tr import tckimlik

from mockgov.vocabulary.tckn import InvalidTckn, Tckn
from mockgov.vocabulary.ykn import InvalidYkn, Ykn, parse_identity
from tests.strategies import tckns, ykns


def test_the_lowest_draws_mint_the_lowest_numbers():
    """99 opens a permanent number, 97 a temporary one, and the check digits are the TCKN's."""
    assert Ykn.mint(lambda _: 0).digits == "99000000042"
    assert Ykn.mint(lambda _: 0, temporary=True).digits == "97000000062"


@given(ykns())
def test_a_minted_number_is_valid_for_an_independent_judge(ykn):
    """python-stdnum, which does not tell the two kinds apart, accepts every minted number."""
    assert tckimlik.is_valid(ykn.digits)


@given(ykns())
def test_the_first_two_digits_say_whether_it_is_temporary(ykn):
    """99 is permanent; 97 and 98 are temporary."""
    assert ykn.digits[:2] in {"97", "98", "99"}
    assert ykn.temporary == (ykn.digits[:2] != "99")


@given(ykns(), st.integers(0, 10), st.integers(1, 9))
def test_any_change_of_one_digit_is_caught(ykn, place, by):
    """Whichever digit is mistyped, no identity number of either kind comes of it."""
    wrong = str((int(ykn.digits[place]) + by) % 10)
    with pytest.raises((InvalidYkn, InvalidTckn)):
        parse_identity(ykn.digits[:place] + wrong + ykn.digits[place + 1 :])


@given(tckns() | ykns())
def test_an_identity_number_is_exactly_one_of_the_two(identity):
    """Who reads a number without knowing its kind gets the right kind, and the other kind refuses it."""
    assert parse_identity(f" {identity.digits} ") == identity
    other, error = (Ykn, InvalidYkn) if isinstance(identity, Tckn) else (Tckn, InvalidTckn)
    with pytest.raises(error):
        other.parse(identity.digits)


@given(ykns())
def test_the_mask_says_nothing_of_the_first_eight_digits(ykn):
    """The mask is made of the last three digits alone."""
    assert ykn.masked == "*" * 8 + ykn.digits[-3:]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("9900000004", "ykn.eleven-digits"),
        ("12345678950", "ykn.prefix"),
        ("99000000049", "ykn.check-digits"),
    ],
)
def test_a_refusal_names_the_broken_rule(text, rule):
    """Each way to be wrong has a name."""
    with pytest.raises(InvalidYkn) as refused:
        Ykn.parse(text)
    assert refused.value.rule == rule
