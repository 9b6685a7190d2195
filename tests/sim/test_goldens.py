"""Each scenario still gives the numbers that are kept beside it."""

import json
from pathlib import Path

import pytest

from sim.scenario import list_scenarios
from tests.goldens import FOLDER, expected_file, headline_numbers


@pytest.mark.parametrize("scenario", list_scenarios([FOLDER]), ids=lambda path: path.stem)
def test_a_scenario_gives_the_numbers_kept_beside_it(scenario: Path) -> None:
    """A difference is a change of results: run `python -m tests.goldens` and mark it so in the changelog."""
    assert headline_numbers(scenario) == json.loads(expected_file(scenario).read_text())
