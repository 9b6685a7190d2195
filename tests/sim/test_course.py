"""Epidemic and ministry together: the story and the compiled loops agree while each feeds back into the other."""

from collections.abc import Mapping
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.course import Course, Engine
from sim.epidemic.parameters import EpidemicParameters
from sim.population.building import build
from sim.population.parameters import PopulationParameters
from sim.reporting.parameters import ReportingParameters
from sim.streams import Streams

EPIDEMIC = EpidemicParameters(initial_infected_share=0.05, past_infected_share=0.2)
LOG = ("filed_us", "person", "kind", "moment_us", "positive", "dose")


def begun(seed: int, people: int, starts_on: date, engine: Engine, *, days: int, threads: int = 1) -> Course:
    streams = Streams(seed)
    town = build(PopulationParameters(people=people, provinces=("Bolu",)), streams)
    reporting = ReportingParameters(tested=((date(2020, 3, 11), 0.9),))
    return Course.begin(
        town, EPIDEMIC, reporting, streams, starts_on, days, threads=threads, engine=engine, keep_log=True
    )


def same(left: Mapping[str, NDArray[np.int64]], right: Mapping[str, NDArray[np.int64]]) -> bool:
    return left.keys() == right.keys() and all(np.array_equal(left[name], right[name]) for name in left)


@settings(max_examples=6, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(300, 900),
    st.sampled_from([date(2020, 11, 25), date(2021, 9, 8), date(2021, 12, 28)]),
)
def test_both_engines_live_the_same_weeks(seed: int, people: int, starts_on: date) -> None:
    """Totals, standing, who can infect others, and the whole log of reports, over 21 days and a change of the rules."""
    told = begun(seed, people, starts_on, Engine.PROCESS, days=21)
    compiled = begun(seed, people, starts_on, Engine.KERNEL, days=21, threads=2)
    for _ in range(21):
        known = told.day()
        assert same(known, compiled.day())
        assert np.array_equal(told.standing.risky_from, compiled.standing.risky_from)
        assert np.array_equal(told.standing.risky_until, compiled.standing.risky_until)
        assert np.array_equal(told.infectious(), compiled.infectious())
        at_noon = known["infectious_risky"].sum() + known["infectious_riskless"].sum()
        assert at_noon == np.count_nonzero(told.infectious())
    assert all(np.array_equal(getattr(told.log, name), getattr(compiled.log, name)) for name in LOG)


def test_the_ministry_is_heard() -> None:
    """Where nobody keeps to anything the epidemic is larger than where the risky stay away."""
    infected = {}
    for kept in (0.0, 1.0):
        measures = EPIDEMIC.measures
        chosen = EpidemicParameters(
            initial_infected_share=0.05, measures=type(measures)(isolation_kept=kept, ill_at_home_share=0.0)
        )
        streams = Streams(5)
        town = build(PopulationParameters(people=6_000, provinces=("Bolu",)), streams)
        course = Course.begin(town, chosen, ReportingParameters(), streams, date(2021, 2, 1), 40)
        infected[kept] = sum(int(course.day()["new_infections"].sum()) for _ in range(40))
    assert infected[1.0] < 0.95 * infected[0.0]
