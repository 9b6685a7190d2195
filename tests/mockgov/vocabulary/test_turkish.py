"""Turkish upper and lower case."""

from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.turkish import lower_tr, upper_tr


def test_the_dotted_and_the_dotless_letter_stay_apart():
    """Small i belongs to İ, and ı to I."""
    assert upper_tr("ışık, istanbul, ağrı, çiğdem") == "IŞIK, İSTANBUL, AĞRI, ÇİĞDEM"
    assert lower_tr("IŞIK, İSTANBUL, AĞRI, ÇİĞDEM") == "ışık, istanbul, ağrı, çiğdem"


def test_a_dot_written_apart_is_the_same_letter():
    """A decomposed İ or i reads as one letter."""
    assert upper_tr("i\u0307zmir") == "İZMİR"
    assert lower_tr("I\u0307zmir") == "izmir"


@given(st.text("abcçdefgğhıijklmnoöprsştuüvyz "))
def test_there_and_back(text):
    """For the letters of the Turkish alphabet, lower undoes upper."""
    assert lower_tr(upper_tr(text)) == text
