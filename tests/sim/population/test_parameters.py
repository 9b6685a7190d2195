from datetime import date

import pytest

from sim.population.census import AGES, HOUSEHOLDS_2018
from sim.population.parameters import Campaign, PopulationParameters, VaccinationParameters


def test_defaults_are_the_facts():
    """Without a word said, a town has the country's figures."""
    parameters = PopulationParameters()
    assert (parameters.people, parameters.provinces, parameters.counted_on) == (20_000, (), date(2021, 3, 1))
    assert (parameters.household_mean, parameters.private_workplace_mean) == (3.3, 6.79)
    assert (parameters.public_workplace_mean, parameters.integration_threshold) == (41.5, 500)


def test_the_age_table_adds_up():
    """The tens of years are those of the facts, 84.34 million in all."""
    assert sum(people for _, _, people in AGES) == 84_339_066


def test_the_household_table_is_of_2018():
    """Shares add up to 1 and give that year's mean, 3.41."""
    assert sum(HOUSEHOLDS_2018) == pytest.approx(1.0)
    mean = sum(size * share for size, share in enumerate(HOUSEHOLDS_2018, start=1))
    assert mean == pytest.approx(3.41, abs=0.02)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("people", 99),
        ("household_mean", 1.9),
        ("household_mean", float("nan")),
        ("own_surname_share", 1.1),
        ("employed_share", 0.51),
        ("public_share", -0.1),
        ("private_workplace_mean", 0.5),
        ("public_workplace_mean", 0.0),
        ("other_district_share", -0.1),
        ("other_province_share", 1.5),
        ("integration_threshold", 0),
        ("integrated_at_least", -1),
        ("enrolled_share", 2.0),
        ("school_mean", 0.0),
        ("adult_phone_share", 1.01),
        ("child_phone_share", -0.01),
        ("app_share", 7.0),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(field, value):
    """The error names the field, the value and the range."""
    with pytest.raises(ValueError, match=rf"^{field} = {value} is outside "):
        PopulationParameters(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [("second_dose_days", 0), ("third_dose_days", 1_001), ("third_doses_from", date(2019, 1, 1))],
)
def test_a_dose_out_of_range_is_refused_by_name(field, value):
    """The same for vaccination."""
    with pytest.raises(ValueError, match=rf"^{field} = .* is outside "):
        VaccinationParameters(**{field: value})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"first": 1.1}, "first = 1.1 is outside 0 to 1.0"),
        ({"second": 0.9}, "second = 0.9 is outside 0 to 0.8"),
        ({"third": 0.7}, "third = 0.7 is outside 0 to 0.6"),
        ({"third": -0.1}, "third = -0.1 is outside 0 to 0.6"),
        ({"begins": date(2019, 5, 1)}, "begins = 2019-05-01 lies before 2020-01-02"),
        ({"ends": date(2021, 1, 1)}, "ends = 2021-01-01 lies before begins = 2021-02-11"),
        ({"ends": date(2085, 1, 1)}, "ends = 2085-01-01 lies after 2079-12-31"),
    ],
)
def test_no_campaign_gives_a_dose_before_the_one_it_builds_on(change, told):
    """Nor does it end before it begins, or lie outside what a column can tell."""
    fields = {"begins": date(2021, 2, 11), "ends": date(2021, 5, 31), "first": 0.8, "second": 0.6, "third": 0.4}
    with pytest.raises(ValueError, match=f"^{told}$"):
        Campaign(**(fields | change))


def test_nobody_works_in_two_places():
    """The two shares of commuters are of the same employees."""
    with pytest.raises(
        ValueError, match=r"^other_province_share = 0\.6 and other_district_share = 0\.5 are more than 1"
    ):
        PopulationParameters(other_district_share=0.5, other_province_share=0.6)


def test_all_mistakes_are_told_at_once():
    """Whoever writes a scenario sees every mistake in one go, provinces included."""
    with pytest.raises(ValueError, match=r"people = 5 .*; app_share = 2 .*; provinces: 'Atlantis' is none"):
        PopulationParameters(people=5, app_share=2, provinces=("Atlantis", "Bolu"))


def test_a_province_named_twice_is_refused():
    """Also when once by name and once by plate."""
    with pytest.raises(ValueError, match="names a province twice"):
        PopulationParameters(provinces=("Ankara", "06"))
