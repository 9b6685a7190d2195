"""Turkish upper and lower case."""

from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.turkish import has_part, lower_tr, upper_tr

BARE = str.maketrans("çğıöşü", "cgiosu")


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


def test_ascii_letters_stand_for_the_turkish_ones():
    """Both ways of the four that English writes otherwise; a part with a Turkish letter means just what it says."""
    for part in ("yilmaz", "YILMAZ", "Yilmaz", "yılmaz", "  leyla   yıl "):
        assert has_part("LEYLA YILMAZ", part), part
    for part in ("isik", "ISIK", "ışık"):
        assert has_part("IŞIK ÇİĞDEM", part), part
    for part in ("yilmas", "yılmâz", "leylayıl"):
        assert not has_part("LEYLA YILMAZ", part), part
    assert has_part("İREM", "irem")
    assert not has_part("IREM ÇAĞ", "irem ç")


@given(st.text("abcçdefgğhıijklmnoöprsştuüvyz", min_size=1))
def test_everybody_is_found_by_name_and_by_its_letters_without_marks(name):
    assert has_part(upper_tr(name), name)
    assert has_part(upper_tr(name), name.translate(BARE))
