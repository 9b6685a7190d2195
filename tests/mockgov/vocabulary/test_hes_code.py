"""The HES code: strict when minted, lenient when read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.hes_code import HesCode, InvalidHesCode, compact
from tests.strategies import hes_codes

PUBLISHED = re.compile(r"[A-Z][0-9][A-Z][0-9]-[0-9]{4}-[0-9]{2}")


@given(hes_codes())
def test_a_minted_code_has_the_published_form(code):
    """The published form validation accepts it; the ninth character is 1, the letters are of the list."""
    assert PUBLISHED.fullmatch(code.dashed)
    assert code.text[8] == "1"
    assert {code.text[0], code.text[2]} <= set("ABDFGHJKLPRTUY")


def test_the_lowest_and_highest_draws():
    """Which code a draw mints is part of the promise that a seed makes the same codes for ever."""
    assert HesCode.mint(lambda _: 0).dashed == "A0A0-0000-10"
    assert HesCode.mint(lambda n: n - 1).dashed == "Y9Y9-9999-19"


@pytest.mark.parametrize(
    "text",
    [
        "G7B2182014",
        "G7B2-1820-14",
        "g7b2-1820-14",
        "G7B2 1820 14",
        " g7b2182014\r\n",
        "G-7-B-2-1-8-2-0-1-4",
    ],
)
def test_a_code_is_read_however_it_is_written(text):
    """Dashes, blanks and case do not matter."""
    assert HesCode.parse(text).text == "G7B2182014"
    assert compact(text) == "G7B2182014"


@given(hes_codes(), st.data())
def test_dashes_blanks_and_case_never_matter(code, data):
    """Dashes and blanks anywhere, any letter small: still the same code."""
    gaps = data.draw(st.lists(st.sampled_from(["", "-", " ", " - "]), min_size=10, max_size=10))
    cases = data.draw(st.lists(st.sampled_from([str.upper, str.lower]), min_size=10, max_size=10))
    written = "".join(gap + case(char) for gap, case, char in zip(gaps, cases, code.text, strict=True))
    assert HesCode.parse(written) == code
    assert compact(written) == code.text


@given(st.from_regex(r"[A-Z0-9]{10}", fullmatch=True))
def test_any_ten_capitals_and_digits_are_a_code(text):
    """Codes outside the published form are read too: whether they exist is the register's business."""
    assert HesCode.parse(text) == HesCode(text)
    assert compact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "G7B218201",
        "G7B21820144",
        "G7B2_1820_14",
        "G7B2–1820–14",
        "ı7B2182014",
        "İ7B2182014",
        "ş7B2182014",
        "ﬁ7B218201",
        "G7B218201٤",
        "G7B218201\x00",
        "G7B2\n182014",
    ],
)
def test_anything_else_is_refused(text):
    """Nothing outside ASCII is folded into a code, least of all the Turkish ı and İ."""
    for read in (HesCode.parse, compact, HesCode):
        with pytest.raises(InvalidHesCode) as refused:
            read(text)
        assert refused.value.rule == "hes-code.grammar"


@pytest.mark.parametrize("text", ["g7b2182014", "G7B2-1820-14"])
def test_a_value_holds_the_clean_text_only(text):
    """What is read leniently is not constructed leniently."""
    with pytest.raises(InvalidHesCode):
        HesCode(text)


@given(hes_codes())
def test_the_mask_leaves_two_characters(code):
    """The mask is made of the first two characters alone: a hundred and forty masks for all minted codes."""
    assert code.masked == f"{code.text[:2]}**-****-**"


@given(st.text(max_size=14))
def test_parse_and_compact_read_the_same(text):
    """The one for many codes and the one for one code never differ."""
    try:
        expected = compact(text)
    except InvalidHesCode:
        with pytest.raises(InvalidHesCode):
            HesCode.parse(text)
    else:
        assert HesCode.parse(text) == HesCode(expected)
