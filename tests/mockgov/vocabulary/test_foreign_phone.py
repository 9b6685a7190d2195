"""Mobile numbers abroad."""

import pytest

from mockgov.vocabulary.foreign_phone import ForeignPhone, line_of, read_line
from mockgov.vocabulary.phone import InvalidPhone, Phone

ABROAD = ForeignPhone("+9991234567890")


@pytest.mark.parametrize("text", ["+9991234567890", "9991234567890", "009991234567890", "+999 123 456-78 90"])
def test_the_ways_of_writing_one(text):
    """With plus or zeros, with blanks and dashes."""
    assert read_line(text) == ABROAD


def test_its_forms():
    """Written down with its plus, on the wire without, masked in print."""
    assert (ABROAD.subscriber, ABROAD.e164, ABROAD.wire) == ("+9991234567890", "+9991234567890", "9991234567890")
    assert str(ABROAD) == "+999 *** 90"
    assert line_of(ABROAD.subscriber) == ABROAD


def test_a_turkish_number_is_none():
    """Whatever is not +999 is Turkish or refused; a real country's number is never one."""
    assert read_line("0599 123 45 67") == line_of("5991234567") == Phone("5991234567")
    assert Phone("5991234567") != ABROAD
    for text in ("+491711234567", "+999123", "+99912345678901234", "999"):
        with pytest.raises(InvalidPhone):
            read_line(text)
