"""The script: what is to happen later does, once, in order, at its moment; both stores behave alike."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import ManualClock
from mockgov.database import Database
from mockgov.refusal import Refused
from mockgov.script.messages import CastPart, LinePlayed, LineRefused, PartCast, WriteLine
from mockgov.script.rules import LineInThePast, PartTaken, UnknownDeed
from mockgov.script.service import Script
from mockgov.script.store import InMemoryScript, ScriptStore, SqlScript

START = datetime(2021, 10, 4, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Desk:
    """A script over a store, with one deed that notes and one that refuses."""

    def __init__(self, database: Database, store: ScriptStore) -> None:
        self.clock = ManualClock(START)
        self.done: list[str] = []
        self.told: list[object] = []
        self.script = Script(
            store=store,
            now=self.clock.now,
            tell=self.told.append,
            transaction=database.transaction,
            deeds={"note": self.done.append, "refuse": self._refuse},
        )

    def write(self, what: str, after: timedelta = HOUR, deed: str = "note") -> None:
        self.script.write(WriteLine(due_at=START + after, deed=deed, what=what))

    def pass_time(self, **time: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**time))
        self.script.run_due()

    def _refuse(self, _: str) -> None:
        raise Refused("No.", key="gone")


@pytest.fixture(params=[lambda _: InMemoryScript(), SqlScript], ids=["memory", "sql"])
def desk(database: Database, request: pytest.FixtureRequest) -> Iterator[Desk]:
    make: Callable[[Database], ScriptStore] = request.param
    return Desk(database, make(database))


def test_a_line_waits_for_its_moment_and_happens_once(desk: Desk) -> None:
    desk.write("x")
    assert desk.script.next_due() == START + HOUR
    desk.pass_time(minutes=59)
    assert desk.done == []
    desk.pass_time(minutes=1)
    desk.pass_time(hours=5)
    assert desk.done == ["x"]
    assert desk.told == [LinePlayed(deed="note", due_at=START + HOUR)]
    assert desk.script.next_due() is None


def test_lines_happen_in_the_order_of_their_moments(desk: Desk) -> None:
    """Whatever the order of writing; those of one moment in that order."""
    for what, hours in (("third", 3), ("first", 1), ("second", 2), ("fourth", 3)):
        desk.write(what, hours * HOUR)
    assert [line.what for line in desk.script.waiting()] == ["first", "second", "third", "fourth"]
    desk.pass_time(hours=3)
    assert desk.done == ["first", "second", "third", "fourth"]


def test_what_is_refused_is_struck_off_and_holds_nothing_up(desk: Desk) -> None:
    desk.write("a", deed="refuse")
    desk.write("b")
    desk.pass_time(hours=1)
    assert desk.done == ["b"]
    assert desk.told[0] == LineRefused(deed="refuse", due_at=START + HOUR, why="gone")
    assert list(desk.script.waiting()) == []


def test_a_line_of_the_past_or_of_no_deed_is_refused_and_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(LineInThePast, match="is past"):
        desk.write("x", -HOUR)
    with pytest.raises(UnknownDeed, match="note, refuse"):
        desk.write("x", deed="dance")
    assert list(desk.script.waiting()) == []


def test_a_part_is_played_once(desk: Desk) -> None:
    desk.script.cast(CastPart(scenario="b", props="{}"))
    desk.script.cast(CastPart(scenario="a", props="[1]"))
    with pytest.raises(PartTaken, match="GET /_lab/magic"):
        desk.script.cast(CastPart(scenario="a", props="other"))
    assert {name: (part.props, part.cast_at) for name, part in desk.script.parts().items()} == {
        "b": ("{}", START),
        "a": ("[1]", START),
    }
    assert list(desk.script.parts()) == ["b", "a"]
    assert desk.told == [PartCast(scenario="b"), PartCast(scenario="a")]


@given(st.lists(st.integers(0, 50), max_size=8), st.lists(st.integers(1, 20), max_size=5))
def test_nothing_is_lost_early_late_or_doubled(hours: list[int], steps: list[int]) -> None:
    """However the clock walks, exactly what is due by now has happened."""
    from mockgov.database import sqlite  # noqa: PLC0415  one database an example

    database = sqlite()
    desk = Desk(database, SqlScript(database))
    for nth, hour in enumerate(hours):
        desk.write(f"{hour}/{nth}", hour * HOUR)
    for step in steps:
        desk.pass_time(hours=step)
        now = (desk.clock.now() - START) // HOUR
        due = sorted((hour, nth) for nth, hour in enumerate(hours) if hour <= now)
        assert desk.done == [f"{hour}/{nth}" for hour, nth in due]
    database.close()
