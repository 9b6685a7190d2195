"""The headline numbers of each scenario, kept beside it as `scenarios/<name>.expected.json`.

`python -m tests.goldens` writes them anew; look at the difference before you commit it, and mark it *results* in the
changelog. They come from the stub, which tells the same story as a ministry (see tests/sim/test_run.py).
"""

import asyncio
from pathlib import Path
from typing import Any

from sim.country import make
from sim.drive.stub import StubMinistry
from sim.results import encode, summarise
from sim.run import meet
from sim.scenario import list_scenarios, load

FOLDER = Path(__file__).resolve().parent.parent / "scenarios"


def expected_file(scenario: Path) -> Path:
    return scenario.with_suffix(".expected.json")


def headline_numbers(scenario: Path) -> dict[str, Any]:
    """The summary of a run with seed 1, without its parameters and what depends on the machine."""
    country = make(load(scenario), 1)
    outcome = asyncio.run(meet(country, StubMinistry(), compression=0, progress=lambda *_: None))
    summary = summarise(outcome.tables, {"scenario": scenario.stem, "seed": 1, **outcome.facts})
    summary["facts"] = {name: value for name, value in summary["facts"].items() if "." not in name}
    del summary["measured"]
    return summary


if __name__ == "__main__":
    for path in list_scenarios([FOLDER]):
        expected_file(path).write_bytes(encode(headline_numbers(path)))
