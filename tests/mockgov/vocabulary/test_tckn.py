"""The citizen's identity number."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.tr import tckimlik

from mockgov.vocabulary.tckn import InvalidTckn, Tckn, check_digits
from tests.strategies import tckns


def is_tckn(digits: str) -> bool:
    try:
        Tckn(digits)
    except InvalidTckn:
        return False
    return True


def exchanged(digits: str, i: int, j: int) -> str:
    """The number with its i-th and j-th digit, counted from 0, in each other's place."""
    changed = list(digits)
    changed[i], changed[j] = changed[j], changed[i]
    return "".join(changed)


def test_check_digits_follow_the_published_formula():
    """For 1 to 9: odd places 25, even 20, so d10 = (175 - 20) mod 10 = 5 and d11 = 50 mod 10 = 0."""
    assert check_digits("123456789") == "50"


def test_the_lowest_draws_mint_the_lowest_number():
    """Which number a draw mints is part of the promise that a seed makes the same people for ever."""
    assert Tckn.mint(lambda _: 0).digits == "10000000078"
    assert Tckn.mint(lambda n: n - 1).digits == "96999999920"


@given(tckns())
def test_a_minted_number_is_valid_for_an_independent_judge(tckn):
    """python-stdnum accepts every minted number."""
    assert tckimlik.is_valid(tckn.digits)


@given(st.from_regex(r"[0-9]{11}", fullmatch=True) | st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_an_independent_judge_agrees_on_any_digits(digits):
    """On any digits that do not look foreign, python-stdnum and we say the same."""
    assume(not digits.startswith(("97", "98", "99")))
    candidate = digits if len(digits) == 11 else digits + check_digits(digits)
    assert is_tckn(candidate) == tckimlik.is_valid(candidate)


@given(tckns())
def test_a_number_is_even_and_never_a_foreigners(tckn):
    """A TCKN ends in an even digit and starts below 97."""
    assert tckn.digits[10] in "02468"
    assert tckn.digits[:2] < "97"


@given(tckns(), st.integers(0, 10), st.integers(1, 9))
def test_any_change_of_one_digit_is_caught(tckn, place, by):
    """Whichever digit is mistyped, and however, the number is refused."""
    wrong = str((int(tckn.digits[place]) + by) % 10)
    assert not is_tckn(tckn.digits[:place] + wrong + tckn.digits[place + 1 :])


@given(tckns(), st.integers(0, 9))
def test_neighbours_in_each_others_place_are_caught_unless_they_differ_by_five(tckn, place):
    """A swap of different neighbours passes only among the first ten digits and where they differ by 5."""
    left, right = tckn.digits[place], tckn.digits[place + 1]
    assume(left != right)
    swapped = exchanged(tckn.digits, place, place + 1)
    assume(not swapped.startswith(("0", "97", "98", "99")))
    assert is_tckn(swapped) == (place < 9 and abs(int(left) - int(right)) == 5)


@given(tckns(), st.sampled_from([(2, 4), (2, 8), (4, 6), (3, 5), (3, 7), (5, 7)]))
def test_digits_two_places_apart_in_each_others_place_are_never_caught(tckn, places):
    """The sums over odd and over even places do not change, so this error is beyond the check digits."""
    assert is_tckn(exchanged(tckn.digits, *places))


def test_the_mask_leaves_the_last_three_digits():
    """Eight asterisks and the last three digits are what every service shows."""
    assert Tckn("12345678950").masked == "********950"
    assert str(Tckn("12345678950")) == "********950"
    assert repr(Tckn("12345678950")) == "Tckn('********950')"


@given(tckns())
def test_the_mask_says_nothing_of_the_first_eight_digits(tckn):
    """The mask is made of the last three digits alone."""
    assert tckn.masked == "*" * 8 + tckn.digits[-3:]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "tckn.eleven-digits"),
        ("1234567895", "tckn.eleven-digits"),
        ("123456789500", "tckn.eleven-digits"),
        ("1234567895O", "tckn.eleven-digits"),
        ("123 4567 8950", "tckn.eleven-digits"),
        ("١٢٣٤٥٦٧٨٩٥٠", "tckn.eleven-digits"),
        ("02345678950", "tckn.first-digit"),
        ("99000000000", "tckn.citizen"),
        ("12345678951", "tckn.check-digits"),
        ("12345678960", "tckn.check-digits"),
    ],
)
def test_a_refusal_names_the_broken_rule(text, rule):
    """Each way to be wrong has a name."""
    with pytest.raises(InvalidTckn) as refused:
        Tckn.parse(text)
    assert refused.value.rule == rule
