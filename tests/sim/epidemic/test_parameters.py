from datetime import date

import pytest

from sim.epidemic.biology import Illness, Immunity, Variants
from sim.epidemic.measures import Measures
from sim.epidemic.parameters import EpidemicParameters


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("household_transmission", 1.1),
        ("work_transmission", -0.1),
        ("work_contacts", -1),
        ("school_transmission", 2.0),
        ("school_contacts", 1_001),
        ("transport_transmission", 1.5),
        ("community_contacts", -3),
        ("travel_share", 1.2),
        ("dispersion", -1.0),
        ("incubation_mean_days", 31.0),
        ("infectious_mean_days", 61.0),
        ("asymptomatic_infectiousness", 1.01),
        ("initial_infected_share", 1.01),
        ("initial_days", 0),
        ("past_infected_share", float("nan")),
        ("past_from_days", 1_001),
        ("imported_per_100k_per_day", -1.0),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(field, value):
    """The error names the field, the value and the range."""
    with pytest.raises(ValueError, match=rf"^{field} = {value} is outside "):
        EpidemicParameters(**{field: value})


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        (Illness, "death", (0.1,) * 8 + (1.1,)),
        (Illness, "hospital", (0.1,) * 8),
        (Illness, "hospital_mean_days", 31.0),
        (Variants, "transmissibility", (1.0, 1.0, 1.0, 11.0)),
        (Variants, "severity", (1.0,)),
        (Variants, "names", ()),
        (Variants, "shares", ()),
        (Variants, "shares", ((date(2021, 1, 1), (1.0, 0.0)),)),
        (Variants, "shares", ((date(2021, 1, 1), (0.0,) * 4),)),
        (Immunity, "infection", ((1.5,) * 4,) * 4),
        (Immunity, "doses", ((0.5,) * 4,)),
        (Immunity, "doses_half_life_days", 1.0),
        (Immunity, "reinfection_after_days", 7),
        (Measures, "waves", ()),
        (Measures, "waves", ((date(2021, 1, 1), 1.1),)),
        (Measures, "borders", ((date(2021, 2, 1), 0.1), (date(2021, 1, 1), 0.1))),
        (Measures, "doors", ((date(2021, 1, 1), 0.0, 0.0, 0.0, 0.0, -0.1),)),
        (Measures, "isolation_kept", 1.5),
        (Measures, "seasonal_peak", 0),
    ],
)
def test_a_table_is_refused_by_name(kind, field, value):
    """Wrong lengths, dates out of order and values out of range, each by its field."""
    with pytest.raises(ValueError, match=rf"(^|; ){field} "):
        kind(**{field: value})


def test_all_mistakes_are_told_at_once():
    """Whoever writes a scenario sees every mistake in one go."""
    with pytest.raises(ValueError, match=r"^past_infected_share = 3 .*; incubation_mean_days = 2 must be at least"):
        EpidemicParameters(past_infected_share=3, incubation_mean_days=2)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"infectious_stages": 2}, "infectious_stages = 2 must exceed presymptomatic_days = 2"),
        ({"province_share": 0.6, "travel_share": 0.6}, "travel_share = 0.6 and province_share together must not"),
        ({"past_from_days": 20, "past_until_days": 20}, "past_until_days = 20 must be below past_from_days"),
        ({"dispersion": 0.05}, "dispersion = 0.05 is outside 0.1 to 100"),
        ({"work_contacts": 1_000, "work_transmission": 1.0}, "work_contacts = 1000 would be over 50 infections"),
        ({"immunity": Immunity(infection=((1.0,),))}, "immunity needs a row and a column for each variant, 4 of each"),
    ],
)
def test_what_contradicts_itself_is_refused(fields, sentence):
    """Each field alone would pass."""
    with pytest.raises(ValueError, match=sentence):
        EpidemicParameters(**fields)
