"""What falls due, in order of time."""

from datetime import UTC, datetime, timedelta

import pytest

from mockgov.agenda import StuckAgendaError, next_due, run_due

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Diary:
    """A service whose due moments are given, and which may pass one on to another when it comes."""

    def __init__(self, name: str, done: list[tuple[str, int]], *hours: int) -> None:
        self.name = name
        self.done = done
        self.hours = sorted(hours)
        self.now = MONDAY
        self.then: dict[int, tuple[Diary, int]] = {}

    def next_due(self) -> datetime | None:
        return MONDAY + self.hours[0] * HOUR if self.hours else None

    def run_due(self) -> None:
        hour = self.hours.pop(0)
        self.done.append((self.name, hour))
        if hour in self.then:
            other, at = self.then[hour]
            other.hours = sorted([*other.hours, at])


def test_the_next_moment_of_all() -> None:
    """The earliest of any service; none where nothing is due."""
    done: list[tuple[str, int]] = []
    assert next_due([]) is None
    assert next_due([Diary("a", done)]) is None
    assert next_due([Diary("a", done), Diary("b", done, 7, 3), Diary("c", done, 5)]) == MONDAY + 3 * HOUR


def test_everything_due_is_done_in_order_of_time() -> None:
    """Across services; what is later than now waits."""
    done: list[tuple[str, int]] = []
    run_due([Diary("a", done, 1, 4, 9), Diary("b", done, 2, 3)], MONDAY + 4 * HOUR)
    assert done == [("a", 1), ("b", 2), ("b", 3), ("a", 4)]


def test_what_follows_from_something_takes_its_place() -> None:
    """Also where it falls due at the same moment, or in a service that had its turn."""
    done: list[tuple[str, int]] = []
    a, b = Diary("a", done, 1, 3), Diary("b", done, 2)
    b.then = {2: (a, 2)}
    run_due([a, b], MONDAY + 5 * HOUR)
    assert done == [("a", 1), ("b", 2), ("a", 2), ("a", 3)]


def test_services_with_the_same_moment_take_turns_in_their_order() -> None:
    """So that a world's story is the same each time."""
    done: list[tuple[str, int]] = []
    run_due([Diary("a", done, 1), Diary("b", done, 1)], MONDAY + HOUR)
    assert done == [("a", 1), ("b", 1)]


def test_a_service_that_does_not_do_its_work_is_found_out() -> None:
    """An agenda must come to its end."""
    stuck = Diary("a", [], 1)
    stuck.run_due = lambda: None  # type: ignore[method-assign]
    with pytest.raises(StuckAgendaError, match="Diary has not done what was due at 2021-10-04T06:00:00"):
        run_due([stuck], MONDAY + HOUR)
