"""Two engines, one epidemic: equal to the last bit, in any number of threads, whole or in two halves."""

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.epidemic.biology import Immunity
from sim.epidemic.kernel import CompiledSpread
from sim.epidemic.measures import Measures
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.process import Spread
from sim.streams import Streams
from tests.sim.epidemic.made import MONDAY, nobody_risky, random_belief, random_town, silent

chances = st.sampled_from([0.0, 0.05, 0.3, 1.0])
contacts = st.sampled_from([0, 1, 3, 12])
parameters = st.builds(
    EpidemicParameters,
    household_transmission=chances,
    work_transmission=chances,
    work_contacts=contacts,
    school_transmission=chances,
    school_contacts=contacts,
    transport_transmission=chances,
    transport_contacts=contacts,
    community_transmission=st.sampled_from([0.0, 0.05, 0.3]),
    community_contacts=contacts,
    province_share=st.sampled_from([0.0, 0.3]),
    travel_share=st.sampled_from([0.0, 0.3]),
    dispersion=st.sampled_from([0.0, 0.3, 2.0]),
    asymptomatic_infectiousness=st.sampled_from([0.0, 0.5]),
    initial_infected_share=st.sampled_from([0.0, 0.1, 1.0]),
    past_infected_share=st.sampled_from([0.0, 0.4]),
    imported_per_100k_per_day=st.sampled_from([0.0, 300.0, 1_000.0]),
    immunity=st.builds(Immunity, reinfection_after_days=st.sampled_from([30, 90])),
    measures=st.builds(
        Measures,
        seasonality=st.sampled_from([0.0, 0.5]),
        ill_at_home_share=st.sampled_from([0.0, 0.7]),
        isolation_kept=st.sampled_from([0.0, 0.8, 1.0]),
        mall_share=st.sampled_from([0.0, 0.5]),
    ),
)


def same(one, other):
    """Columns of the same types and values."""
    pairs = list(zip(one, other, strict=True))
    return all(a.dtype == b.dtype and np.array_equal(a, b) for a, b in pairs)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(60, 250), parameters, st.booleans())
def test_the_compiled_epidemic_is_the_one_told(seed, people, chosen, believes):
    """Infections with all their days, totals by plate, and columns, on every one of 35 days."""
    town = random_town(seed, people)
    told = Spread(town, chosen, Streams(seed), MONDAY, 35)
    compiled = CompiledSpread(town, chosen, Streams(seed), MONDAY, 35, threads=2)
    assert same(told.initial, compiled.initial)
    for day in range(35):
        standing = random_belief(seed, people, day) if believes else nobody_risky(people)
        assert same(told.day(day, standing), compiled.day(day, standing))
        assert same((told.infected_on, told.history), (compiled.infected_on, compiled.history))
        assert told.totals().keys() == compiled.totals().keys()
        assert same(told.totals().values(), compiled.totals().values())
        for count in ("by_layer", "by_variant", "by_age"):
            assert np.array_equal(getattr(told, count), getattr(compiled, count))
        assert same([told.infectious_people()], [compiled.infectious_people()])


def test_a_long_epidemic_with_everything_in_it_is_equal():
    """Half a year in which all 500 people fall ill, many again, some in hospital, some die."""
    chosen = EpidemicParameters(
        household_transmission=0.2,
        work_transmission=0.3,
        school_transmission=0.3,
        transport_transmission=0.3,
        community_transmission=0.1,
        travel_share=0.2,
        imported_per_100k_per_day=900.0,
        immunity=Immunity(reinfection_after_days=30, infection=((0.3,) * 4,) * 4),
    )
    town = random_town(5, 500)
    told = Spread(town, chosen, Streams(5), MONDAY, 180)
    compiled = CompiledSpread(town, chosen, Streams(5), MONDAY, 180)
    seen = np.zeros(7, np.int64)
    for day in range(180):
        standing = random_belief(5, 500, day)
        assert same(told.day(day, standing), compiled.day(day, standing))
        seen += told.by_layer
    assert same(told.totals().values(), compiled.totals().values())
    assert np.array_equal(told.history, compiled.history)
    assert (seen > 0).all(), "a layer that nobody is infected in compares nothing"
    assert told.totals()["died"].sum() > 5
    assert ((told.history >> 3 & 7) > 2).sum() > 30


def outbreak(threads, days=40, town=None):
    spread = CompiledSpread(town or random_town(3, 4_000, 5), LIVELY, Streams(3), MONDAY, 60, threads=threads)
    news = [spread.day(day, random_belief(3, 4_000, day)) for day in range(days)]
    return spread, news


LIVELY = EpidemicParameters(household_transmission=0.15, work_transmission=0.15, community_transmission=0.15)


@pytest.mark.parametrize("threads", [2, 3])
def test_the_number_of_threads_changes_nothing(threads):
    """One thread, two or three: the same infections, columns and totals."""
    (one, told), (more, telling) = outbreak(1), outbreak(threads)
    assert sum(new.person.size for new in told) > 1_000
    assert all(same(a, b) for a, b in zip(told, telling, strict=True))
    assert same((one.infected_on, one.history), (more.infected_on, more.history))
    assert same(one.totals().values(), more.totals().values())


@pytest.mark.parametrize(("engine", "people"), [(Spread, 300), (CompiledSpread, 4_000)])
@pytest.mark.parametrize("pause", [0, 1, 13])
def test_half_a_run_resumed_is_the_whole_run(engine, people, pause):
    """Stopped at a day's end, and gone on from its state in a new run."""
    town = random_town(3, people, 5)
    whole, first, second = (engine(town, LIVELY, Streams(3), MONDAY, 40) for _ in range(3))
    for day in range(pause):
        standing = random_belief(3, people, day)
        whole.day(day, standing)
        first.day(day, standing)
    second.restore(deepcopy(first.state()))
    assert np.array_equal(whole.by_layer, second.by_layer)
    for day in range(pause, 40):
        standing = random_belief(3, people, day)
        assert same(whole.day(day, standing), second.day(day, standing))
        assert same(whole.totals().values(), second.totals().values())
    assert np.array_equal(whole.history, second.history)


def test_a_state_may_go_on_with_more_threads():
    """What one thread has begun, two end alike."""
    whole, _ = outbreak(1, 40)
    half, _ = outbreak(1, 20)
    rest = CompiledSpread(random_town(3, 4_000, 5), LIVELY, Streams(3), MONDAY, 60, threads=2)
    rest.restore(deepcopy(half.state()))
    for day in range(20, 40):
        rest.day(day, random_belief(3, 4_000, day))
    assert np.array_equal(whole.infected_on, rest.infected_on)
    assert same(whole.totals().values(), rest.totals().values())


@pytest.mark.parametrize("engine", [Spread, CompiledSpread])
def test_days_come_one_by_one(engine):
    """Neither twice nor beyond the run."""
    spread = engine(random_town(1, 60), EpidemicParameters(), Streams(1), MONDAY, 2)
    with pytest.raises(ValueError, match="day 1 does not follow day -1"):
        spread.day(1, nobody_risky(60))
    spread.day(0, nobody_risky(60))
    spread.day(1, nobody_risky(60))
    with pytest.raises(ValueError, match="day 2 does not follow day 1 in a run of 2 days"):
        spread.day(2, nobody_risky(60))


def test_a_known_outbreak():
    """The same numbers on every machine and under every version of the libraries."""
    chosen = silent(
        household_transmission=0.1,
        work_transmission=0.05,
        school_transmission=0.05,
        transport_transmission=0.05,
        community_transmission=0.02,
        dispersion=0.4,
        initial_infected_share=0.02,
        imported_per_100k_per_day=50.0,
    )
    spread = CompiledSpread(random_town(3, 4_000, 5), chosen, Streams(3), MONDAY, 60)
    news = [spread.day(day, random_belief(3, 4_000, day)) for day in range(40)]
    assert [news[day].person.size for day in (0, 10, 20, 39)] == [36, 190, 141, 2]
    assert int(spread.infected_on.astype(np.int64).sum()) == -4_204_018
