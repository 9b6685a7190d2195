"""One contract for receipts that are held back: the plain twin, and SQL on each database."""

from datetime import UTC, datetime, timedelta

import pytest

from mockgov.database import Database, sqlite
from mockgov.sms.held import HeldNotice, HeldNotices, InMemoryHeld, SqlHeld
from mockgov.sms.rules import NoticeKind, State

MONDAY = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)


def notice(message: int, seconds: int) -> HeldNotice:
    return HeldNotice(
        due_at=MONDAY + timedelta(seconds=seconds),
        account="CINAR",
        kind=NoticeKind.RECEIPT,
        at=MONDAY,
        message=message,
        state=State.DELIVERED,
        error=1,
        part=2,
    )


@pytest.fixture(params=["memory", "sql"])
def held(request: pytest.FixtureRequest, database: Database) -> HeldNotices:
    return InMemoryHeld() if request.param == "memory" else SqlHeld(database)


def test_what_is_due_comes_out_once_and_in_order(held: HeldNotices) -> None:
    """By moment, then as it came; what is not due stays; nothing is lost or told twice."""
    assert held.next_due() is None
    assert list(held.release(MONDAY)) == []
    held.hold([])
    held.hold([notice(1, 60), notice(2, 30), notice(2, 30)])
    held.hold([notice(3, 30), notice(4, 90)])
    assert held.next_due() == MONDAY + timedelta(seconds=30)
    assert list(held.release(MONDAY + timedelta(seconds=29))) == []
    out = held.release(MONDAY + timedelta(seconds=60))
    assert list(out) == [notice(2, 30), notice(2, 30), notice(3, 30), notice(1, 60)]
    assert held.next_due() == MONDAY + timedelta(seconds=90)
    assert list(held.release(MONDAY + timedelta(days=1))) == [notice(4, 90)]
    assert held.next_due() is None


def test_what_is_held_outlives_whoever_held_it() -> None:
    """A world that is opened again tells it."""
    database = sqlite()
    SqlHeld(database).hold([notice(1, 30)])
    again = SqlHeld(database)
    assert again.next_due() == MONDAY + timedelta(seconds=30)
    assert list(again.release(MONDAY + timedelta(minutes=1))) == [notice(1, 30)]
    database.close()
