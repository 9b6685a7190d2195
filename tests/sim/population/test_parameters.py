from datetime import date

import pytest

from sim.population.parameters import AGES, HOUSEHOLDS_2018, PopulationParameters


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


def test_all_mistakes_are_told_at_once():
    """Whoever writes a scenario sees every mistake in one go, provinces included."""
    with pytest.raises(ValueError, match=r"people = 5 .*; app_share = 2 .*; provinces: 'Atlantis' is none"):
        PopulationParameters(people=5, app_share=2, provinces=("Atlantis", "Bolu"))


def test_a_province_named_twice_is_refused():
    """Also when once by name and once by plate."""
    with pytest.raises(ValueError, match="names a province twice"):
        PopulationParameters(provinces=("Ankara", "06"))
