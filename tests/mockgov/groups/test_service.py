"""The group desk over its plain twin."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import ManualClock
from mockgov.groups.messages import GroupDropped, GroupMade, GroupQueried, MakeGroup, RecordRun
from mockgov.groups.rules import Added, BadGroup, Group, GroupFull, Kind, Outcome, UnknownGroup, UnknownMember
from mockgov.groups.service import Groups
from mockgov.groups.store import InMemoryGroups

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
CODES = [f"A0A0{nth:06d}" for nth in range(10_001)]


class Desk:
    """A group desk with a clock to move and the events that it told."""

    def __init__(self) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.groups = Groups(store=InMemoryGroups(), now=self.clock.now, tell=self.told.append, transaction=nullcontext)

    def make(self, name: str = "Ekip", institution_id: int = 1) -> Group:
        return self.groups.make(MakeGroup(institution_id=institution_id, name=name))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_groups_are_found_by_their_place_among_ones_institutions(desk: Desk) -> None:
    """In the order of making; another institution's is as one that is not there."""
    first, foreign, third = desk.make("Bir"), desk.make("İki", 2), desk.make("Üç")
    assert desk.told[0] == GroupMade(group_id=1, institution_id=1)
    assert desk.groups.of([1]) == [first, third]
    assert desk.groups.of([1, 2]) == [first, foreign, third]
    assert desk.groups.of([]) == []
    assert desk.groups.at([1], 1) == third
    for place in (-1, 2):
        with pytest.raises(UnknownGroup, match="list of groups"):
            desk.groups.at([1], place)


def test_a_group_is_renamed_and_dropped(desk: Desk) -> None:
    group = desk.make()
    desk.groups.add(group, CODES[:2])
    changed = desk.groups.change(group, name="Yeni", description="açıklama")
    assert desk.groups.of([1]) == [changed]
    with pytest.raises(BadGroup):
        desk.groups.change(group, name="", description="")
    desk.groups.drop(changed)
    assert desk.told[-1] == GroupDropped(group_id=1, institution_id=1)
    assert desk.groups.of([1]) == []


def test_nothing_is_written_about_a_group_that_is_gone(desk: Desk) -> None:
    """Somebody may have dropped it while another read a file or waited for answers."""
    group = desk.make()
    desk.groups.drop(group)
    order = RecordRun(group_id=group.group_id, asked_by=5, outcomes=[])
    for doing in (
        lambda: desk.groups.add(group, CODES[:1]),
        lambda: desk.groups.record(order),
        lambda: desk.groups.change(group, name="x", description=""),
        lambda: desk.groups.drop(group),
    ):
        with pytest.raises(UnknownGroup):
            doing()
    with pytest.raises(UnknownMember):
        desk.groups.remove(group, CODES[0])


def test_an_institution_has_a_hundred_groups_at_most(desk: Desk) -> None:
    for nth in range(100):
        desk.make(str(nth))
    with pytest.raises(GroupFull, match="at most 100 groups"):
        desk.make()
    assert desk.make(institution_id=2)


def test_a_group_has_ten_thousand_codes_at_most(desk: Desk) -> None:
    """One too many, and none is added; those that are there do not count twice."""
    group = desk.make()
    assert desk.groups.add(group, CODES[:9_999]) == Added(added=9_999, there_already=0)
    with pytest.raises(GroupFull, match="at most 10000 codes"):
        desk.groups.add(group, CODES[9_999:])
    assert desk.groups.count(group) == 9_999
    assert desk.groups.add(group, CODES[:10_000]) == Added(added=1, there_already=9_999)


@given(st.lists(st.sampled_from(CODES[:20])), st.lists(st.sampled_from(CODES[:20])))
def test_adding_keeps_every_code_once_in_the_order_of_adding(first: list[str], second: list[str]) -> None:
    desk = Desk()
    group = desk.make()
    desk.groups.add(group, first)
    added = desk.groups.add(group, second)
    assert list(desk.groups.codes(group)) == list(dict.fromkeys(first + second))
    assert added == Added(len(set(second) - set(first)), len(set(second) & set(first)))


def test_a_code_is_taken_out_once(desk: Desk) -> None:
    group = desk.make()
    desk.groups.add(group, CODES[:3])
    desk.groups.remove(group, CODES[1])
    assert list(desk.groups.codes(group)) == [CODES[0], CODES[2]]
    assert list(desk.groups.codes(group, skip=1, limit=5)) == [CODES[2]]
    with pytest.raises(UnknownMember):
        desk.groups.remove(group, CODES[1])


def test_of_a_run_the_counts_stay_and_of_the_latest_the_problem_rows(desk: Desk) -> None:
    group = desk.make()
    risky = Outcome(CODES[0], Kind.RISKY, "********123", 7)
    gone = Outcome(CODES[1], Kind.NOT_FOUND)
    fine = Outcome(CODES[2], Kind.RISKLESS, "********456", 7)
    first = desk.groups.record(RecordRun(group_id=group.group_id, asked_by=5, outcomes=[risky, gone, fine]))
    assert desk.groups.problems(group) == [risky, gone]
    desk.clock.move_to(MONDAY + timedelta(days=1))
    second = desk.groups.record(RecordRun(group_id=group.group_id, asked_by=5, outcomes=[fine]))
    assert desk.told[-1] == GroupQueried(group_id=1, run_id=2)
    assert desk.groups.problems(group) == []
    assert desk.groups.runs(group) == [second, first]
    assert desk.groups.runs(group, limit=1) == [second]
    assert (first.riskless, first.risky, first.expired, first.not_found, first.asked_by) == (1, 1, 0, 1, 5)
    assert (first.asked_at, second.asked_at) == (MONDAY, MONDAY + timedelta(days=1))
