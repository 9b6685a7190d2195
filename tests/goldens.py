"""The headline numbers of each scenario, kept beside it as `scenarios/<name>.expected.json`.

`python -m tests.goldens` writes them anew; look at the difference before you commit it, and mark it *results* in the
changelog. Those of a day come from the stub, which tells the same story as a ministry (see tests/sim/test_run.py).
Those of the country come from a miniature of it (`miniature`).
"""

import asyncio
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from mockgov.vocabulary.province import NATIONAL_POPULATION_2020
from sim.capacity.network.parameters import NetworkParameters, StationParameters
from sim.country import make
from sim.drive.stub import StubMinistry
from sim.nation.headlines import headlines
from sim.results import encode, summarise, summarise_road
from sim.run import admit, meet
from sim.scenario import AdmissionsScenario, NationScenario, Scenario, list_scenarios, load

MOST_PEOPLE = NATIONAL_POPULATION_2020 // 200
"""In a miniature whose queries are not made."""
PART = 16
"""One whose queries are made is this part of the country, before this part of the service: the servers can be divided
by it."""

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"


def expected_file(scenario: Path) -> Path:
    return scenario.with_suffix(".expected.json")


def headline_numbers(scenario: Path) -> dict[str, Any]:
    """The summary of a run with seed 1, without its parameters and what depends on the machine."""
    loaded = load(scenario)
    if isinstance(loaded, NationScenario):
        return headlines(miniature(loaded), 1)
    summary = _road(loaded) if isinstance(loaded, AdmissionsScenario) else _day(loaded)
    summary["facts"] = {name: value for name, value in summary["facts"].items() if "." not in name}
    del summary["measured"]
    return summary


def miniature(scenario: NationScenario) -> NationScenario:
    """The same question, asked of fewer people: quick, and no less sensitive to a change of results.

    Without queries, some 400,000 people at most. With them a sixteenth of the country, before a sixteenth of each
    station's servers, places to wait and outages; a file that has no more people stays as it is.
    """
    most = NATIONAL_POPULATION_2020 // PART if scenario.nation.load else MOST_PEOPLE
    if scenario.population.people <= most:
        return scenario
    network = _part(scenario.network) if scenario.nation.load else scenario.network
    return replace(scenario, population=replace(scenario.population, people=most), network=network)


def _part(network: NetworkParameters) -> NetworkParameters:
    stations: dict[str, Any] = {name.value: _smaller(station) for name, station in network.stations}
    stations["outages"] = tuple((*outage, _parted(lost)) for *outage, lost in network.outages)
    return replace(network, **stations)


def _smaller(station: StationParameters) -> StationParameters:
    counts = [field.name for field in fields(station) if field.name.startswith(("servers", "waiting"))]
    smaller: dict[str, Any] = {name: _parted(getattr(station, name)) for name in counts}
    return replace(station, **smaller)


def _parted(count: int | None) -> int | None:
    return None if count is None else max(1, round(count / PART))


def _day(scenario: Scenario) -> dict[str, Any]:
    outcome = asyncio.run(meet(make(scenario, 1), StubMinistry(), compression=0, progress=lambda *_: None))
    return summarise(outcome.tables, {"scenario": scenario.name, "seed": 1, **outcome.facts})


def _road(scenario: AdmissionsScenario) -> dict[str, Any]:
    outcome = admit(scenario, 1)
    return summarise_road(
        outcome.tables, {"scenario": scenario.name, "seed": 1, **outcome.facts}, compared=outcome.compared
    )


if __name__ == "__main__":
    for path in list_scenarios([FOLDER]):
        expected_file(path).write_bytes(encode(headline_numbers(path)))
