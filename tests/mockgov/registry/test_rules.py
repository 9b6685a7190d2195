"""Who is of age, who may act for whom, and what of a person may be shown."""

from datetime import UTC, date, datetime

import pytest

from mockgov.registry.rules import Citizen, age_on, is_minor, may_act_for
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.tckn import Tckn


def citizen(citizen_id: int, birth: str, *, parents: tuple[int, ...] = ()) -> Citizen:
    return Citizen(
        citizen_id=citizen_id,
        identity=Tckn("10000000146"),
        firstname="AYŞE NUR",
        lastname="YILMAZ",
        sex=Sex.FEMALE,
        birth_date=date.fromisoformat(birth),
        province=26,
        phone=None,
        id_card=IdCardSerial("A01B23456"),
        parents=parents,
    )


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2003-10-04", "2021-10-04", 18),
        ("2003-10-05", "2021-10-04", 17),
        ("2021-10-04", "2021-10-04", 0),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
    ],
)
def test_age(birth: str, day: str, age: int) -> None:
    """A year of life is complete on the birthday, for those born on 29 February on 1 March."""
    assert age_on(date.fromisoformat(birth), date.fromisoformat(day)) == age


def test_a_minor_comes_of_age_at_turkish_midnight() -> None:
    """At 20:59 UTC it is still the day before the birthday in Turkey, at 21:00 it is the birthday."""
    child = citizen(2, "2003-10-05")
    assert is_minor(child, datetime(2021, 10, 4, 20, 59, 59, tzinfo=UTC))
    assert not is_minor(child, datetime(2021, 10, 4, 21, tzinfo=UTC))


def test_a_parent_acts_for_a_child_until_it_is_18() -> None:
    """A parent may, a stranger may not, and nobody may for an adult."""
    mother, stranger = citizen(1, "1980-01-01"), citizen(9, "1980-01-01")
    child = citizen(2, "2003-10-05", parents=(1,))
    morning, next_day = datetime(2021, 10, 4, 5, tzinfo=UTC), datetime(2021, 10, 5, 5, tzinfo=UTC)
    assert may_act_for(mother, child, morning)
    assert not may_act_for(stranger, child, morning)
    assert not may_act_for(child, mother, morning)
    assert not may_act_for(mother, child, next_day)


def test_what_is_shown_of_a_name() -> None:
    """Two letters and four asterisks a word; the surname ends in a blank."""
    assert citizen(1, "1980-01-01").masked_firstname == "AY**** NU****"
    assert citizen(1, "1980-01-01").masked_lastname == "YI**** "
