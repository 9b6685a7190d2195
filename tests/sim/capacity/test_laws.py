"""What holds in every run: random small scenarios full of ties, and a plain recursion without SimPy."""

from heapq import heapify, heappop, heappush, heapreplace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.capacity.model import (
    NEVER,
    CapacityRun,
    Draws,
    Outcome,
    busy_us,
    draw,
    inside_at,
    littles_law,
)
from sim.capacity.parameters import CapacityParameters, TimeKind
from sim.capacity.process import simulate
from sim.streams import Streams

arrival_columns = st.lists(st.integers(0, 30), min_size=8, max_size=25).map(
    lambda times: np.array(sorted(times), np.int64)
)
seeds = st.integers(0, 2**32)
unhurried = settings(deadline=None)  # the first of each kind of table takes a moment to evaluate


def milliseconds(lowest_us: int, highest_us: int) -> st.SearchStrategy[float]:
    return st.integers(lowest_us, highest_us).map(lambda us: us / 1000)


def scenarios(**fixed: st.SearchStrategy) -> st.SearchStrategy[CapacityParameters]:
    """Services of a few microseconds, so that nearly everything happens together with something else."""
    free = {
        "servers": st.integers(1, 3),
        "service_kind": st.sampled_from([TimeKind.DETERMINISTIC, TimeKind.UNIFORM]),
        "service_mean_ms": milliseconds(2, 12),
        "waiting_room": st.none() | st.integers(0, 3),
        "timeout_ms": st.none() | milliseconds(10, 20),
        "timeout_kind": st.sampled_from([TimeKind.DETERMINISTIC, TimeKind.EXPONENTIAL]),
        "max_retries": st.integers(0, 3),
        "backoff_ms": milliseconds(0, 8),
        "backoff_limit_ms": milliseconds(0, 20),
        "jitter": st.sampled_from([0.0, 0.5, 1.0]),
    }
    return st.builds(CapacityParameters, **(free | fixed))


def recursion(arrivals_us: list[int], parameters: CapacityParameters, draws: Draws) -> list[tuple[int, ...]]:
    """The same contract without events: who arrives knows at once when a server will be free for it.

    `free` are the times at which the servers fall idle, `places` when each place in the waiting room is given
    up, and whether by being served (a simultaneous arrival finds it empty) or by hanging up (not yet).
    """
    free, places, rows = [0] * parameters.servers, [], []
    todo = [(at_us, 0, query, 0) for query, at_us in enumerate(arrivals_us)]
    heapify(todo)
    while todo:
        now, _, query, attempt = heappop(todo)
        places = [(end, by_turn) for end, by_turn in places if end > now or (end == now and not by_turn)]
        start = max(now, free[0])
        patience = None if draws.patience_us is None else draws.patience_us(attempt)[query]
        if start > now and parameters.waiting_room is not None and len(places) >= parameters.waiting_room:
            row = (query, attempt, now, NEVER, now, Outcome.REFUSED)
        elif patience is not None and start - now > patience:
            row = (query, attempt, now, NEVER, now + patience, Outcome.ABANDONED)
            places.append((now + patience, False))
        else:
            row = (query, attempt, now, start, start + draws.service_us(attempt)[query], Outcome.SERVED)
            heapreplace(free, row[4])
            places.extend([(start, True)] if start > now else [])
        rows.append(row)
        if row[5] != Outcome.SERVED and attempt < parameters.max_retries:
            heappush(todo, (row[4] + draws.pause_us(attempt)[query], 1, query, attempt + 1))
    return sorted(rows)


def rows_of(run: CapacityRun) -> list[tuple[int, ...]]:
    columns = (run.query, run.attempt, run.arrived_us, run.started_us, run.departed_us, run.outcome)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@settings(unhurried, max_examples=300)
@given(arrival_columns, scenarios(), seeds)
def test_the_story_and_the_recursion_agree(arrivals_us, parameters, seed):
    """Two ways to compute one contract: every column of every attempt is equal."""
    run = simulate(arrivals_us, parameters, Streams(seed))
    draws = draw(parameters, arrivals_us.size, Streams(seed))
    assert rows_of(run) == recursion(arrivals_us.tolist(), parameters, draws)


@unhurried
@given(arrival_columns, scenarios(), seeds)
def test_littles_law_is_exact(arrivals_us, parameters, seed):
    """Number inside integrated over time = time inside summed over attempts, to the last microsecond."""
    inside, sojourns = littles_law(simulate(arrivals_us, parameters, Streams(seed)))
    assert inside == sojourns


@unhurried
@given(arrival_columns, scenarios(), seeds)
def test_every_query_ends_exactly_once(arrivals_us, parameters, seed):
    """Attempts have no gaps, only the last may be served, and nobody gives up with retries left."""
    run = simulate(arrivals_us, parameters, Streams(seed))
    for query in range(arrivals_us.size):
        own = run.query == query
        outcomes = run.outcome[own].tolist()
        assert run.attempt[own].tolist() == list(range(len(outcomes)))
        assert Outcome.SERVED not in outcomes[:-1]
        assert outcomes[-1] == Outcome.SERVED or len(outcomes) == parameters.max_retries + 1
        assert run.query_outcome[query] == outcomes[-1]


@unhurried
@given(
    arrival_columns,
    scenarios(waiting_room=st.none(), timeout_ms=st.none()),
    seeds,
)
def test_more_servers_never_lengthen_a_wait(arrivals_us, parameters, seed):
    """Where all are patient, one server more makes no query wait longer (Kiefer and Wolfowitz 1955)."""
    more = CapacityParameters(
        servers=parameters.servers + 1,
        service_kind=parameters.service_kind,
        service_mean_ms=parameters.service_mean_ms,
    )
    before = simulate(arrivals_us, parameters, Streams(seed)).waits_us
    after = simulate(arrivals_us, more, Streams(seed)).waits_us
    assert np.all(after <= before)


@unhurried
@given(arrival_columns, scenarios(), seeds)
def test_there_is_never_more_inside_than_fits(arrivals_us, parameters, seed):
    """Servers and waiting room bound the number inside, and the run ends with nobody inside."""
    run = simulate(arrivals_us, parameters, Streams(seed))
    if parameters.waiting_room is not None:
        assert run.inside.max(initial=0) <= parameters.servers + parameters.waiting_room
    assert run.inside.min(initial=0) == 0
    assert run.inside[-1:].sum() == 0


@unhurried
@given(arrival_columns, scenarios(), seeds, st.integers(1, 40))
def test_no_server_time_is_lost_between_windows(arrivals_us, parameters, seed, width_us):
    """Windows of any width hold together the whole service time, and none more than its servers can give."""
    run = simulate(arrivals_us, parameters, Streams(seed))
    busy = busy_us(run, width_us)
    assert busy.sum() == (run.departed_us - run.started_us)[run.served].sum()
    assert busy.max(initial=0) <= parameters.servers * width_us


@unhurried
@given(arrival_columns, scenarios(), seeds)
def test_the_number_inside_can_be_asked_at_any_time(arrivals_us, parameters, seed):
    """At the end of each microsecond, those inside are those who have arrived and not departed."""
    run = simulate(arrivals_us, parameters, Streams(seed))
    instants = np.arange(-1, 120)
    arrived = (run.arrived_us[:, None] <= instants).sum(axis=0)
    departed = (run.departed_us[:, None] <= instants).sum(axis=0)
    assert np.array_equal(inside_at(run, instants), arrived - departed)


@unhurried
@given(arrival_columns, scenarios(), seeds)
def test_the_same_seed_tells_the_same_story(arrivals_us, parameters, seed):
    """Run twice, every column is the same."""
    once, twice = (simulate(arrivals_us, parameters, Streams(seed)) for _ in range(2))
    assert once.checksum == twice.checksum
