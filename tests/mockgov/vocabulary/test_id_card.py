"""The identity card's serial."""

import pytest
from hypothesis import given

from mockgov.vocabulary.id_card import IdCardSerial, InvalidIdCardSerial
from tests.strategies import id_card_serials


def test_a_serial_is_read_in_any_case_and_proves_its_holder_by_four_digits():
    """`a01b23456` on a phone's keyboard is the card's A01B23456."""
    serial = IdCardSerial.parse(" a01b23456 ")
    assert serial.text == "A01B23456"
    assert serial.last_four == "3456"


@given(id_card_serials())
def test_the_mask_hides_what_proves_the_holder(serial):
    """The first letter is all that shows."""
    assert serial.masked == serial.text[0] + "********"


@pytest.mark.parametrize("text", ["", "A01B2345", "A01B234567", "101B23456", "AA1B23456", "ı01B23456", "İ01B23456"])
def test_anything_else_is_refused(text):
    """A letter, two digits, a letter, five digits, all of them ASCII."""
    with pytest.raises(InvalidIdCardSerial) as refused:
        IdCardSerial.parse(text)
    assert refused.value.rule == "id-card.grammar"
