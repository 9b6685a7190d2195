"""Runs read no wall clock and draw from nothing but their streams, seen while they run."""

from dataclasses import replace

import pytest

from sim.drive.in_process import in_process
from sim.drive.stub import StubMinistry
from sim.run import admit, headlines
from sim.scenario import NationScenario, load
from tests.goldens import FOLDER
from tests.guard import Guard
from tests.sim.road import small_road
from tests.sim.test_run import played, summary, town


@pytest.mark.parametrize("name", ["data_centre_out", "laboratory_delay"])
def test_a_country_runs_on_its_streams(name: str, guard: Guard) -> None:
    """Population, epidemic, reports, demand and servers, made anew."""
    loaded = load(FOLDER / f"{name}.toml")
    assert isinstance(loaded, NationScenario)
    scenario = replace(loaded, population=replace(loaded.population, people=20_000))
    first = headlines(scenario, 1)  # what is compiled and imported once a process is none of this test's business
    with guard:
        second = headlines(scenario, 1)
    assert not guard.found
    assert first == second


def test_a_day_runs_on_its_streams(guard: Guard) -> None:
    """A town's Monday, at the stub and at a real ministry in this process."""
    played(town(5), in_process())
    with guard:
        for ministry in (StubMinistry(), in_process()):
            country = town(5)
            assert summary(country, played(country, ministry))["wrong"] == 0
    assert not guard.found


def test_a_road_runs_on_its_streams(guard: Guard) -> None:
    """Three weeks of applications."""
    with guard:
        admit(small_road(), 1)
    assert not guard.found
