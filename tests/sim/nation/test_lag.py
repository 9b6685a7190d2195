"""What the ministry learns in a day counts at that day's doors, and keeps nobody from that day's contacts."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.course import Course, Engine, Standing
from sim.demand.record import Standing as Believed
from sim.epidemic.parameters import EpidemicParameters
from sim.nation import follow as following
from sim.nation.load import pass_through
from sim.population.building import build
from sim.population.parameters import PopulationParameters
from sim.reporting.parameters import ReportingParameters
from sim.results.nation import read_nation
from sim.streams import Streams
from tests.sim.nation.small import recorded, small

DAYS = 12


def copied(standing: Standing) -> Believed:
    return Believed(standing.risky_from.copy(), standing.risky_until.copy())


def at_noon(standing: Standing, day: int) -> NDArray[np.bool_]:
    hour = 24 * day + 12
    return (standing.risky_from <= hour) & (hour < standing.risky_until)


@dataclass
class Overheard:
    """An epidemic, and what it was told of each day."""

    spread: Any
    told: list[Believed] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.spread, name)

    def day(self, day: int, standing: Standing) -> Any:
        self.told.append(copied(standing))
        return self.spread.day(day, standing)


@pytest.mark.parametrize("engine", list(Engine))
def test_contacts_of_a_day_know_the_evening_before(engine: Engine) -> None:
    """The epidemic is given the standing of the last evening; the noon's count is taken with the day's reports."""
    streams = Streams(5)
    town = build(PopulationParameters(people=1_500, provinces=("Bolu",)), streams)
    epidemic = EpidemicParameters(initial_infected_share=0.08)
    course = Course.begin(
        town, epidemic, ReportingParameters(), streams, date(2021, 2, 1), DAYS, engine=engine, threads=1
    )
    course.spread = heard = Overheard(course.spread)
    evenings, counted = [copied(course.standing)], []
    for _ in range(DAYS):
        counted.append(int(course.day()["risky"].sum()))
        evenings.append(copied(course.standing))
    for day in range(DAYS):
        assert all(np.array_equal(*columns) for columns in zip(heard.told[day], evenings[day], strict=True))
        assert counted[day] == at_noon(evenings[day + 1], day).sum()
    in_time = sum(int(at_noon(evenings[day], day).sum()) for day in range(DAYS))
    assert in_time < sum(counted)


def test_doors_of_a_day_know_what_the_noon_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers of a day's calls are by the standing of that day's evening, whose noon is counted."""
    seen: list[tuple[int, int]] = []

    def overheard(demand: Any, network: Any, truth: Any, **named: Any) -> Any:
        seen.append((truth.day, int(at_noon(truth.standing, truth.day).sum())))
        return pass_through(demand, network, truth, **named)

    monkeypatch.setattr(following, "pass_through", overheard)
    recorded(tmp_path / "run", small())
    rows = read_nation(tmp_path / "run").tables.epidemic
    today = rows["date"].to_numpy().astype("datetime64[D]") == np.datetime64("2021-10-04")
    assert seen == [(4, int(rows["risky"].to_numpy()[today].sum()))]
    assert seen[0][1] > 0
