"""The headline numbers of each scenario, kept beside it as `scenarios/<name>.expected.json`.

`python -m tests.goldens` writes them anew; look at the difference before you commit it, and mark it *results* in the
changelog. Those of a day come from the stub, which tells the same story as a ministry (see tests/sim/test_run.py).
"""

import asyncio
from pathlib import Path
from typing import Any

from sim.country import make
from sim.drive.stub import StubMinistry
from sim.results import encode, summarise, summarise_road
from sim.run import admit, meet
from sim.scenario import AdmissionsScenario, Scenario, list_scenarios, load

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"


def expected_file(scenario: Path) -> Path:
    return scenario.with_suffix(".expected.json")


def headline_numbers(scenario: Path) -> dict[str, Any]:
    """The summary of a run with seed 1, without its parameters and what depends on the machine."""
    loaded = load(scenario)
    summary = _road(loaded) if isinstance(loaded, AdmissionsScenario) else _day(loaded)
    summary["facts"] = {name: value for name, value in summary["facts"].items() if "." not in name}
    del summary["measured"]
    return summary


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
