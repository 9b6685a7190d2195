"""The mobile number."""

import phonenumbers
import pytest
from hypothesis import given

from mockgov.vocabulary.phone import InvalidPhone, Phone
from tests.strategies import draws, phones


@pytest.mark.parametrize(
    "text",
    [
        "+905991234567",
        "905991234567",
        "05991234567",
        "5991234567",
        "+90 599 123 45 67",
        "0 (599) 123-45-67",
        "  90-599-1234567\n",
    ],
)
def test_every_written_form_is_the_same_number(text):
    """Clients, text messages and people write it differently; answers carry 90 without a plus."""
    phone = Phone.parse(text)
    assert phone.subscriber == "5991234567"
    assert phone.e164 == "+905991234567"
    assert phone.wire == "905991234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+90",
        "599123456",
        "59912345678",
        "4991234567",
        "+9055991234567",
        "00905991234567",
        "+05991234567",
        "+491711234567",
        "5991234567x",
        "٥٩٩١٢٣٤٥٦٧",
        "599.123.45.67",
    ],
)
def test_anything_else_is_refused(text):
    """No fixed line, no foreign number, no digit too many or too few."""
    with pytest.raises(InvalidPhone) as refused:
        Phone.parse(text)
    assert refused.value.rule == "phone.mobile"


@given(phones())
def test_an_independent_reader_sees_the_same_number(phone):
    """To the library phonenumbers, a minted number is a possible Turkish one, and no network's."""
    for text in (phone.e164, phone.wire, f"0{phone.subscriber}", phone.subscriber):
        number = phonenumbers.parse(text, "TR")
        assert (number.country_code, number.national_number) == (90, int(phone.subscriber))
        assert phonenumbers.is_possible_number(number)
        assert not phonenumbers.is_valid_number(number)


@given(draws())
def test_a_number_under_an_allocated_prefix_is_valid_for_an_independent_judge(draw):
    """Where a client validates numbers, minting with an allocated prefix satisfies it."""
    number = phonenumbers.parse(Phone.mint(draw, prefix="532").e164)
    assert phonenumbers.is_valid_number(number)
    assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def test_a_prefix_of_no_mobile_network_is_refused():
    """Nothing but a mobile number can be minted."""
    with pytest.raises(InvalidPhone):
        Phone.mint(lambda _: 0, prefix="312")


def test_the_mask_leaves_the_last_two_digits():
    """The mask shows what all mobile numbers share, and two digits."""
    assert Phone("5991234567").masked == "+90 5** *** ** 67"


@given(phones())
def test_the_mask_says_nothing_else(phone):
    """The mask is made of the last two digits alone."""
    assert phone.masked == "+90 5** *** ** " + phone.subscriber[-2:]
