"""What follows from the columns."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.population import model
from sim.streams import Streams


def village():
    """A couple with a child, and a woman who lives alone and goes to work with the man; the child goes to school."""
    return model.Population(
        age=np.array([40, 38, 8, 60], np.uint8),
        home=np.array([0 << 4 | 3, 1 << 4 | 3, 2 << 4 | 3, 0 << 4 | 1], np.uint8),
        flags=np.array([0b10_0110, 0b01_0011, 0b00_1001, 0b11_0001], np.uint8),
        place=np.array([0, -1, 1, 0], np.int32),
        given_name=np.zeros(4, np.uint16),
        surname=np.zeros(4, np.uint16),
        first_dose=np.array([500, 500, 0, 420], np.int16),
        third_dose=np.array([0, 0, 0, 700], np.int16),
        province_start=np.array([0, 0, 3, *[4] * 80], np.int32),
        district_start=np.array([0, 2, 3, 4], np.int32),
        district_province=np.array([1, 1, 2], np.uint8),
        place_start=np.array([0, 2, 3], np.int32),
        member=np.array([0, 3, 2], np.int32),
        place_district=np.array([0, 1], np.uint16),
        place_province=np.array([1, 1], np.uint8),
        place_kind=np.array([2, 6], np.uint8),
        place_integrated=np.array([True, False]),
        workplaces=1,
        second_dose_days=28,
        counted_on=date(2021, 3, 1),
        birth_key=Streams(1).stream("population/birth_date").key,
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("province", [1, 1, 1, 2]),
        ("district", [0, 0, 1, 2]),
        ("household", [0, 0, 0, 1]),
        ("household_start", [0, 3, 4]),
        ("sex", [0, 1, 1, 1]),
        ("phone_owner", [True, True, False, False]),
        ("app_user", [True, False, False, False]),
        ("doses", [2, 1, 0, 3]),
        ("workplace", [0, -1, -1, 0]),
        ("school", [-1, -1, 0, -1]),
        ("workplace_province", [1]),
        ("workplace_size", [2]),
        ("workplace_kind", [2]),
        ("workplace_integrated", [True]),
        ("school_province", [1]),
        ("school_size", [1]),
        ("school_stage", [0]),
    ],
)
def test_what_follows_from_the_columns(name, values):
    """Four people by hand."""
    assert getattr(village(), name).tolist() == values


@pytest.mark.parametrize(
    ("name", "width"),
    [
        ("province", "uint8"),
        ("household", "int32"),
        ("household_start", "int32"),
        ("sex", "uint8"),
        ("birth_date", "int32"),
        ("workplace", "int32"),
        ("school", "int32"),
        ("workplace_size", "int32"),
        ("school_stage", "uint8"),
    ],
)
def test_what_follows_has_the_promised_width(name, width):
    """The other parts may rely on it."""
    assert getattr(village(), name).dtype.name == width


def test_columns_are_read_only():
    """Nobody can change a population by accident."""
    with pytest.raises(ValueError, match="read-only"):
        village().age[0] = 3


@pytest.mark.parametrize(
    ("on", "years", "born"),
    [
        (date(2021, 3, 1), 0, date(2021, 3, 1)),
        (date(2021, 3, 1), 1, date(2020, 3, 1)),
        (date(2021, 2, 28), 1, date(2020, 2, 28)),  # who was born on 29 February 2020 is still 0
        (date(2020, 2, 29), 1, date(2019, 2, 28)),
        (date(2020, 2, 29), 4, date(2016, 2, 29)),
        (date(2000, 2, 29), 100, date(1900, 2, 28)),
    ],
)
def test_the_latest_birth_date_of_an_age(on, years, born):
    """Leap years included."""
    assert date(1970, 1, 1) + timedelta(days=model.latest_birth(on, years)) == born


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 2**32))
def test_birth_dates_give_the_ages_back(on, seed):
    """On the day of the count everybody has the age of their birth date."""
    ages = np.arange(101)
    born = model.birth_dates(ages, on, ages, Streams(seed).stream("any"))
    dates = [date(1970, 1, 1) + timedelta(days=int(days)) for days in born]
    assert [on.year - b.year - ((on.month, on.day) < (b.month, b.day)) for b in dates] == ages.tolist()


def test_birth_dates_are_the_persons_own():
    """Keyed by province and number in it: the village's ages come back."""
    dates = [date(1970, 1, 1) + timedelta(int(days)) for days in village().birth_date]
    assert [2021 - born.year - ((born.month, born.day) > (3, 1)) for born in dates] == [40, 38, 8, 60]
