"""What a run's summary says of its parameters."""

from sim.nation.recorded import parameters_of
from tests.sim.nation.small import small

CHANGES = """
[epidemic.measures]
waves = [[2021-08-01, 0.5], [2021-09-01, 0.7]]
[network]
outages = [["audit", 60, 120, 3]]
"""


def test_tables_and_days_are_told_as_well_as_numbers() -> None:
    """Waves, outages, days with queries, warm-up and provinces; what is not there is none."""
    facts = parameters_of(small(CHANGES))
    wanted = {
        "date": "2021-10-02",
        "nation.days": 4,
        "nation.warm_up_days": 2,
        "nation.load": "2021-10-04",
        "population.provinces": "Bayburt, Kilis, Tunceli",
        "epidemic.measures.waves": "2021-08-01 0.5; 2021-09-01 0.7",
        "network.outages": "audit 60 120 3",
        "network.slow": "none",
        "network.retry_budget_percent": "none",
    }
    assert facts.items() >= wanted.items()
    assert facts["epidemic.variants.shares"].startswith("2020-01-01 1 0 0 0; ")
    assert all(isinstance(value, str | int | float) for value in facts.values())
