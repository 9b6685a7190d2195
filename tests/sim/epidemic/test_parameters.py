import pytest

from sim.epidemic.parameters import EpidemicParameters


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("household_transmission", 1.1),
        ("work_transmission", -0.1),
        ("work_contacts", -1),
        ("school_transmission", 2.0),
        ("school_contacts", 1_001),
        ("community_transmission", 1.5),
        ("community_contacts", -3),
        ("travel_share", 1.2),
        ("incubation_mean_days", 31.0),
        ("infectious_mean_days", 61.0),
        ("asymptomatic_share", -0.2),
        ("asymptomatic_infectiousness", 1.01),
        ("initial_infected_share", 1.01),
        ("imported_per_100k_per_day", -1.0),
        ("immune_share", float("nan")),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(field, value):
    """The error names the field, the value and the range."""
    with pytest.raises(ValueError, match=rf"^{field} = {value} is outside "):
        EpidemicParameters(**{field: value})


def test_all_mistakes_are_told_at_once():
    """Whoever writes a scenario sees every mistake in one go."""
    with pytest.raises(ValueError, match=r"immune_share = 3 .*; incubation_mean_days = 2 must be at least"):
        EpidemicParameters(immune_share=3, incubation_mean_days=2)


def test_nobody_is_infectious_before_the_infection():
    """The presymptomatic days lie within the incubation and within the infectious time."""
    with pytest.raises(ValueError, match="infectious_stages = 2 must exceed presymptomatic_days = 2"):
        EpidemicParameters(infectious_stages=2)
