"""A desk by itself, against a recursion without SimPy: whoever comes, and however the office is open."""

from collections.abc import Sequence
from heapq import heapify, heapreplace
from itertools import accumulate

import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.admissions.model import Hours, Order, Task
from sim.admissions.parameters import DeskName
from sim.admissions.process import Desk, Moment, handle, keep_open
from sim.admissions.record import DeskRecord, littles_law

ALWAYS = Hours([(0, 10**6)])


def run(
    arrivals: Sequence[int], lengths: Sequence[int], clerks: int, hours: Hours, urgent: Sequence[bool] = ()
) -> DeskRecord:
    """A desk that meets these pieces, until the last one is done."""
    env = simpy.Environment()
    desk = Desk(env=env, hours=hours, clerks=lambda _: clerks)
    env.process(keep_open(desk))

    def come(number: int):
        yield Moment(env, arrivals[number], Order.STEP.of(number))
        is_urgent = bool(urgent) and urgent[number]
        yield from handle(desk, number, Task.EVALUATE, lengths[number], is_urgent=is_urgent)

    for number in range(len(arrivals)):
        env.process(come(number))
    env.run()
    return desk.record(DeskName.EVALUATION)


def recursion(arrivals: Sequence[int], lengths: Sequence[int], clerks: int, hours: Hours) -> list[tuple[int, int]]:
    """First come, first served, without events: who comes takes the clerk who will be free first (Kiefer, Wolfowitz).

    In office time there are neither nights nor lunch; what is begun is then told in moments again.
    """
    free, found = [0] * clerks, []
    heapify(free)
    for arrival, length in zip(arrivals, lengths, strict=True):
        started = max(hours.elapsed(arrival), free[0])
        heapreplace(free, started + length)
        found.append((started, started + length))
    return found


gaps = st.lists(st.integers(0, 12), min_size=1, max_size=25)
working = st.lists(st.integers(1, 30), min_size=25, max_size=25)
offices = st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=60).map(
    lambda pairs: Hours(
        [(opens, opens + length) for opens, length in _stretches(pairs)] + [(10**5, 10**6)],
    )
)


def _stretches(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    ends = list(accumulate(pause + length + 1 for pause, length in pairs))
    return [(end - length, length) for end, (_, length) in zip(ends, pairs, strict=True)]


@settings(deadline=None)
@given(gaps, working, st.integers(1, 4), offices)
def test_a_desk_is_a_recursion_in_office_time(between, lengths, clerks, hours):
    """Whatever the hours, the clerks and the ties: each piece begins and ends when the recursion says."""
    arrivals = list(accumulate(between))
    record = run(arrivals, lengths[: len(arrivals)], clerks, hours)
    found = [(hours.elapsed(piece.started_us), hours.elapsed(piece.done_us)) for piece in record.pieces]
    assert found == recursion(arrivals, lengths[: len(arrivals)], clerks, hours)
    assert all(hours.is_open(piece.started_us) for piece in record.pieces)


@settings(deadline=None)
@given(gaps, working, st.integers(1, 3), offices, st.lists(st.booleans(), min_size=25, max_size=25))
def test_littles_law_whatever_happens(between, lengths, clerks, hours, urgent):
    """With priorities, too: the number inside over time is the sum of the times inside, to the microsecond."""
    arrivals = list(accumulate(between))
    law = littles_law(run(arrivals, lengths[: len(arrivals)], clerks, hours, urgent))
    assert law.inside_integral == law.sojourn_sum


@settings(deadline=None)
@given(gaps, working, st.integers(1, 3), offices)
def test_one_clerk_more_lengthens_nobodys_wait(between, lengths, clerks, hours):
    """At a desk that serves in the order of arrival; of a whole road it need not be so (Kiefer, Wolfowitz 1955)."""
    arrivals = list(accumulate(between))
    few, more = (run(arrivals, lengths[: len(arrivals)], number, hours) for number in (clerks, clerks + 1))
    assert all(one.started_us >= other.started_us for one, other in zip(few.pieces, more.pieces, strict=True))


@settings(deadline=None)
@given(gaps, working, offices, st.lists(st.booleans(), min_size=25, max_size=25))
def test_no_clerk_idles_while_somebody_waits_and_urgency_moves_no_work(between, lengths, hours, urgent):
    """With one clerk, the moments at which the desk is at work are the same whoever comes first."""
    arrivals = list(accumulate(between))
    lengths = lengths[: len(arrivals)]
    plain, sorted_ = (run(arrivals, lengths, 1, hours, order) for order in ((), urgent))
    ends = [max(hours.elapsed(piece.done_us) for piece in record.pieces) for record in (plain, sorted_)]
    assert ends[0] == ends[1]
    assert len({piece.started_us for piece in sorted_.pieces}) == len(arrivals)


def test_the_urgent_never_wait_longer_for_being_urgent():
    """Ten at once, one clerk: the three urgent ones are first, in their order, then the others in theirs."""
    urgent = [number in {4, 7, 9} for number in range(10)]
    record = run([0] * 10, [5] * 10, 1, ALWAYS, urgent)
    order = [piece.institution for piece in sorted(record.pieces, key=lambda piece: piece.started_us)]
    assert order == [0, 4, 7, 9, 1, 2, 3, 5, 6, 8]  # the first was taken before anybody else had come


@pytest.mark.parametrize("clerks", [1, 2])
def test_a_departure_comes_before_an_arrival_of_the_same_moment(clerks):
    """So nobody waits for a clerk who is just done."""
    record = run([0, 5, 10], [5, 5, 5], clerks, ALWAYS)
    assert [piece.started_us for piece in record.pieces] == [0, 5, 10]
    assert record.inside.max() == 1
