"""The masks of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.masking import mask_firstname, mask_lastname

WORDS = st.lists(st.text("ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ", min_size=2, max_size=12), min_size=1, max_size=3)


def test_a_name_shows_two_letters_of_each_word():
    """The ministry's own masks, to the letter, the surname's trailing blank included."""
    assert mask_firstname("AYŞE NUR") == "AY**** NU****"
    assert mask_lastname("YILMAZ") == "YI**** "
    assert mask_lastname("YILMAZ KAYA") == "YI**** KA**** "


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("", ""),
        ("  ", ""),
        ("AK", "AK****"),
        ("Ö", "Ö****"),
        ("  ALİ   CAN ", "AL**** CA****"),
        ("S\u0327AHİN", "ŞA****"),
    ],
)
def test_odd_names(name, masked):
    """A short word still gets its four asterisks; blanks are single; a letter with its mark is one letter."""
    assert mask_firstname(name) == masked


@given(WORDS, WORDS)
def test_a_mask_says_nothing_beyond_two_letters(words, tails):
    """Whatever follows the first two letters of each word, and however long, the mask is the same."""
    longer = [word[:2] + tails[i % len(tails)] for i, word in enumerate(words)]
    assert mask_firstname(" ".join(words)) == mask_firstname(" ".join(longer))


@given(WORDS)
def test_a_surnames_mask_is_a_given_names_with_a_blank(words):
    """Clients find the end of the surname by its blank."""
    assert mask_lastname(" ".join(words)) == mask_firstname(" ".join(words)) + " "
