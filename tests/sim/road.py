"""A small road for the tests of what a run leaves, and of its page."""

from datetime import UTC, datetime

from sim.provenance import Provenance
from sim.results import RoadResult, summarise_road
from sim.run import admit
from sim.scenario import AdmissionsScenario, parse

TEXT = """
question = "How long until an institution is live, when <few> come?"
date = 2020-10-05

[admissions]
weeks_after = 20

[admissions.applications]
ministry = [2, 1]
public_body = [8, 10, 5]
workplace = [30, 50, 30]
governorship = [4, 4]
provincial_health_directorate = [4, 4]
provincial_organisation = [3, 3]
school = [2, 2]

[admissions.evaluation]
clerks = 1
"""
PROVENANCE = Provenance(
    version="0.1.0",
    sources="9a31" * 16,
    scenario="small_road",
    scenario_digest="5f2c" * 16,
    seed=7,
    drive="none",
    python="3.11.9",
    numpy="2.4.6",
    platform="Linux x86_64",
    processors=2,
    made_at=datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
    command="hes run small_road --seed 7",
)


def small_road(changes: str = "") -> AdmissionsScenario:
    """Some 160 institutions in three weeks, and one clerk who evaluates them."""
    scenario = parse(TEXT + changes, name="small_road")
    assert isinstance(scenario, AdmissionsScenario)
    return scenario


def result(scenario: AdmissionsScenario, seed: int = 7) -> RoadResult:
    """Its run, as it would be found in its folder."""
    outcome = admit(scenario, seed)
    facts = {"scenario": scenario.name, "seed": seed, **outcome.facts}
    summary = summarise_road(outcome.tables, facts, compared=outcome.compared, measured={"real_seconds": 1.5})
    return RoadResult(tables=outcome.tables, summary=summary, provenance=PROVENANCE)
