"""The compiled twin: equal to the story in every column, however arrivals are cut, and nothing lost on the way."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.capacity import kernel, process
from sim.capacity.kernel import Line, joined, pass_through, waits_us
from sim.capacity.model import CapacityRun, Outcome, littles_law
from sim.capacity.parameters import CapacityParameters, TimeKind
from sim.capacity.passage import wait_cell
from sim.streams import Streams

COLUMNS = (
    "query",
    "attempt",
    "arrived_us",
    "started_us",
    "departed_us",
    "outcome",
    "changed_us",
    "inside",
)
unhurried = settings(deadline=None, max_examples=150)
arrival_columns = st.lists(st.integers(0, 60), max_size=80).map(lambda times: np.array(sorted(times), np.int64))
seeds = st.integers(0, 2**32)


def milliseconds(lowest_us: int, highest_us: int) -> st.SearchStrategy[float]:
    return st.integers(lowest_us, highest_us).map(lambda us: us / 1000)


services = st.builds(
    CapacityParameters,
    servers=st.integers(1, 9),
    service_kind=st.sampled_from([TimeKind.DETERMINISTIC, TimeKind.UNIFORM]),
    service_mean_ms=milliseconds(1, 12),
    waiting_room=st.none() | st.integers(0, 5),
    timeout_ms=st.none() | milliseconds(10, 20),
    timeout_kind=st.sampled_from([TimeKind.DETERMINISTIC, TimeKind.EXPONENTIAL]),
    max_retries=st.integers(0, 4),
    backoff_ms=milliseconds(0, 8),
    backoff_limit_ms=milliseconds(0, 20),
    jitter=st.sampled_from([0.0, 0.5, 1.0]),
)


def assert_equal(one: CapacityRun, other: CapacityRun) -> None:
    for name in COLUMNS:
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.dtype == theirs.dtype, name
        assert np.array_equal(ours, theirs), name
    assert (one.servers, one.checksum) == (other.servers, other.checksum)


@unhurried
@given(arrival_columns, services, seeds)
def test_the_story_and_its_compiled_twin_agree(arrivals_us, parameters, seed):
    """Services of a few microseconds, nearly all at once: every column of every attempt, and the number inside."""
    assert_equal(
        kernel.simulate(arrivals_us, parameters, Streams(seed)),
        process.simulate(arrivals_us, parameters, Streams(seed)),
    )


@pytest.mark.parametrize("room", [None, 6, 40])
@pytest.mark.parametrize("patience_us", [None, 30, 400])
def test_they_agree_on_thousands_of_ties(room, patience_us):
    """A crowd far beyond what seven servers bear, on a clock so coarse that most events share their microsecond."""
    spread = Streams(3).stream("test").below(1500, np.arange(3000))
    parameters = CapacityParameters(
        servers=7,
        service_kind=TimeKind.UNIFORM,
        service_mean_ms=0.006,
        waiting_room=room,
        timeout_ms=None if patience_us is None else patience_us / 1000,
        timeout_kind=TimeKind.EXPONENTIAL,
        max_retries=3,
        backoff_ms=0.1,
    )
    ours = kernel.simulate(np.sort(spread), parameters, Streams(8))
    assert_equal(ours, process.simulate(np.sort(spread), parameters, Streams(8)))
    assert np.unique(ours.changed_us).size < 0.7 * ours.changed_us.size
    assert ours.attempt.max() == (0 if (room, patience_us) == (None, None) else 3)


@unhurried
@given(arrival_columns, services, seeds)
def test_littles_law_is_exact(arrivals_us, parameters, seed):
    """Number inside integrated over time = time inside summed over attempts, to the last microsecond."""
    inside, sojourns = littles_law(kernel.simulate(arrivals_us, parameters, Streams(seed)))
    assert inside == sojourns


@unhurried
@given(arrival_columns, services, seeds, st.lists(st.integers(0, 80), max_size=6))
def test_any_cut_gives_the_same_attempts(arrivals_us, parameters, seed, cuts):
    """Offered at once or in pieces, empty ones too, the attempts are the same and in the same order."""
    whole, pieces = Line(parameters, Streams(seed)), Line(parameters, Streams(seed))
    once = joined([whole.offer(arrivals_us), whole.close()])
    cut = joined([*(pieces.offer(piece) for piece in np.split(arrivals_us, sorted(cuts))), pieces.close()])
    for ours, theirs in zip(once, cut, strict=True):
        assert np.array_equal(ours, theirs)


@pytest.fixture(scope="module")
def storm() -> tuple[np.ndarray, CapacityParameters]:
    """100,000 queries at 1.3 times what 48 servers bear, whose clients come back up to four times."""
    gaps = Streams(5).stream("test").below(2 * 160 + 1, np.arange(100_000))
    parameters = CapacityParameters(
        servers=48,
        service_mean_ms=10,
        service_kind=TimeKind.EXPONENTIAL,
        waiting_room=3000,
        timeout_ms=200,
        timeout_kind=TimeKind.EXPONENTIAL,
        max_retries=4,
        backoff_ms=50,
    )
    return np.cumsum(gaps), parameters


def test_a_storm_is_counted_in_chunks_as_its_rows_say(storm):
    """More waiting and retrying than any column holds at first; sums and histogram are those of the whole run."""
    arrivals_us, parameters = storm
    run = kernel.simulate(arrivals_us, parameters, Streams(1))
    passage = pass_through(np.array_split(arrivals_us, 7), parameters, Streams(1))
    assert passage.queries == arrivals_us.size
    assert passage.outcomes.tolist() == np.bincount(run.outcome, minlength=3).tolist()
    assert passage.sums_us.tolist() == [run.waits_us.sum(), (run.departed_us - run.started_us)[run.served].sum()]
    assert passage.waits.sum() == run.served.sum()
    longest = wait_cell(int(run.waits_us.max()))
    assert passage.waits[longest] > 0
    assert passage.waits[longest + 1 :].sum() == 0
    inside, sojourns = littles_law(run)
    assert inside == sojourns
    assert run.outcome.max() == Outcome.ABANDONED
    assert run.attempt.max() == parameters.max_retries


def test_cells_of_waits_double_every_eighth():
    """Single microseconds up to 15, then ever wider cells that join without gap."""
    assert [wait_cell(us) for us in (0, 7, 8, 15, 16, 17, 18, 31, 32)] == [0, 7, 8, 15, 16, 16, 17, 23, 24]
    assert wait_cell(2**62) < 64 * 8


def test_waits_alone_are_those_of_the_run():
    """The lean form without room, patience and retries."""
    arrivals_us = np.arange(0, 40_000 * 300, 300)
    parameters = CapacityParameters(servers=3, service_mean_ms=0.8)
    run = kernel.simulate(arrivals_us, parameters, Streams(2))
    assert np.array_equal(waits_us(arrivals_us, parameters, Streams(2)), run.waits_us)


@pytest.mark.parametrize("limits", [{"waiting_room": 10**9}, {"timeout_ms": 1000}])
def test_waits_alone_need_patient_clients(limits):
    """Where some may not be served, a wait for each query makes no sense."""
    with pytest.raises(ValueError, match="patient clients and room for all"):
        waits_us(np.arange(3), CapacityParameters(**limits), Streams(1))


@pytest.mark.parametrize(
    ("arrivals_us", "message"),
    [
        (np.array([3, 2]), "must ascend from 0"),
        (np.array([-1, 2]), "must ascend from 0"),
        (np.array([0.5]), "whole microseconds"),
        (np.zeros((2, 2), np.int64), "whole microseconds"),
    ],
)
def test_arrivals_that_are_none(arrivals_us, message):
    """The same sentences as the story's."""
    with pytest.raises(ValueError, match=message):
        kernel.simulate(arrivals_us, CapacityParameters(), Streams(1))


def test_chunks_must_ascend_too():
    """A chunk cannot begin before the last one ended."""
    line = Line(CapacityParameters(), Streams(1))
    line.offer(np.array([5]))
    with pytest.raises(ValueError, match="must ascend"):
        line.offer(np.array([4]))


def test_a_clock_that_runs_over_is_an_error():
    """Times share their 63 bits with a server's number: 17 of them for 100,000 servers."""
    with pytest.raises(OverflowError, match="count time from a later start"):
        kernel.simulate(np.array([2**46]), CapacityParameters(servers=100_000), Streams(1))
    assert kernel.simulate(np.array([2**45]), CapacityParameters(servers=100_000), Streams(1)).served.all()
