"""The institution's tax number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.tr import vkn as judge

from mockgov.vocabulary.vkn import InvalidVkn, Vkn, check_digit
from tests.strategies import vkns


def is_vkn(digits: str) -> bool:
    try:
        Vkn(digits)
    except InvalidVkn:
        return False
    return True


def test_the_check_digit_of_zeros_worked_by_hand():
    """For nine zeros each c1 is i, so the c2 are as below; they add up to 49, and 1 makes it 50."""
    c2 = [i * 2**i % 9 or 9 for i in range(1, 10)]
    assert c2 == [2, 8, 6, 1, 7, 6, 5, 5, 9]
    assert sum(c2) == 49
    assert check_digit("000000000") == "1"


@given(vkns())
def test_a_minted_number_is_valid_for_an_independent_judge(vkn):
    """python-stdnum accepts every minted number."""
    assert judge.is_valid(vkn.digits)


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_an_independent_judge_agrees_on_any_ten_digits(digits):
    """On any ten digits python-stdnum and we say the same."""
    assert is_vkn(digits) == judge.is_valid(digits)


@given(vkns(), st.integers(0, 9), st.integers(1, 9))
def test_any_change_of_one_digit_is_caught(vkn, place, by):
    """Whichever digit is mistyped, and however, the number is refused."""
    wrong = str((int(vkn.digits[place]) + by) % 10)
    assert not is_vkn(vkn.digits[:place] + wrong + vkn.digits[place + 1 :])


@given(vkns())
def test_the_mask_says_nothing_of_the_first_seven_digits(vkn):
    """The mask is made of the last three digits alone."""
    assert vkn.masked == "*" * 7 + vkn.digits[-3:]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "vkn.ten-digits"),
        ("000000000", "vkn.ten-digits"),
        ("00000000010", "vkn.ten-digits"),
        ("00000 00001", "vkn.ten-digits"),
        ("０００００００００１", "vkn.ten-digits"),
        ("0000000002", "vkn.check-digit"),
    ],
)
def test_a_refusal_names_the_broken_rule(text, rule):
    """Each way to be wrong has a name."""
    with pytest.raises(InvalidVkn) as refused:
        Vkn.parse(text)
    assert refused.value.rule == rule
