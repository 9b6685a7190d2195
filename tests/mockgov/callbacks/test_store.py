"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.callbacks.rules import Attempt, Delivery, Kind, Off, State, Subscription, Trouble, given_up, taken
from mockgov.callbacks.store import CallbackStore, InMemoryCallbacks, SqlCallbacks
from mockgov.database import Database

AT = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLAIN = Subscription(
    number=0,
    url="http://127.0.0.1:9000/ş",
    kinds=frozenset({Kind.RISK_CHANGED, Kind.SMS_RECEIPT}),
    institution_id=10_000_000_000,
    sms_account="KAPI",
    made_at=AT,
    seen_at=AT,
)
FULL = replace(
    PLAIN, real_time=True, off=Off.GONE, notice=1 << 40, told=7, rotation=2, rotated_at=AT + HOUR, failing_since=AT
)
DUE = Delivery(number=0, subscription=1, kind=Kind.SMS_RECEIPT, at=AT, body=b'{"\xc5\x9f":1}', nth=0, due_at=AT)
BENT = replace(DUE, copy=2, nth=1 << 40, citizen_id=1 << 40, notices=(1, 1 << 40), skew_s=-3600, forged=True)


class StoreContract:
    """What every store promises."""

    def test_subscriptions_come_back_as_they_were(self, store: CallbackStore) -> None:
        """Numbered from 1 on, every field to the microsecond; a dropped one's number is not used again."""
        assert not store.any_on()
        first, second = store.subscribe(PLAIN), store.subscribe(FULL)
        assert (first, second) == (replace(PLAIN, number=1), replace(FULL, number=2))
        assert list(store.subscriptions()) == [first, second]
        assert (store.subscription(2), store.subscription(3)) == (second, None)
        assert store.any_on()
        store.change(off := replace(first, off=Off.BY_HAND, institution_id=None, sms_account=None))
        assert store.subscription(1) == off
        assert not store.any_on()
        store.drop(2)
        assert list(store.subscriptions()) == [off]
        assert store.subscribe(PLAIN).number == 3

    def test_deliveries_come_back_as_they_were(self, store: CallbackStore) -> None:
        first, second = store.add(DUE), store.add(replace(BENT, subscription=2))
        assert (first, second) == (replace(DUE, number=1), replace(BENT, subscription=2, number=2))
        assert (store.get(2), store.get(3)) == (second, None)
        store.put([gone := given_up(second, AT + HOUR)])
        assert store.get(2) == gone
        third = store.add(DUE)
        assert list(store.of(1)) == [first, third]
        assert list(store.of(1, after=1)) == [third]
        assert list(store.of(1, limit=1)) == [first]
        assert (list(store.waiting(1)), list(store.waiting(2))) == ([first, third], [])

    def test_what_is_due_comes_in_order_of_time(self, store: CallbackStore) -> None:
        """Then of number; what is under way is not due, and has an order of its own."""
        assert store.next_due() is None
        late, early, same = (store.add(replace(DUE, due_at=at)) for at in (AT + HOUR, AT, AT))
        assert store.next_due() == AT
        assert list(store.due(AT, limit=9)) == [early, same]
        assert list(store.due(AT + HOUR, limit=2)) == [early, same]
        assert list(store.due(AT - HOUR, limit=9)) == []
        store.put([taken(same, AT), taken(early, AT + HOUR)])
        assert list(store.due(AT + HOUR, limit=9)) == [late]
        assert list(store.underway(limit=9)) == [taken(same, AT), taken(early, AT + HOUR)]
        assert list(store.underway(limit=1)) == [taken(same, AT)]

    def test_attempts_are_kept_in_order(self, store: CallbackStore) -> None:
        number = store.add(DUE).number
        first = Attempt(delivery=number, nth=1, at=AT, status=None, trouble=Trouble.TIMED_OUT)
        second = Attempt(delivery=number, nth=2, at=AT + HOUR, status=204, trouble=None)
        store.note([second])
        store.note([first])
        store.note([])
        assert list(store.attempts(number)) == [first, second]
        assert list(store.attempts(number + 1)) == []

    def test_what_is_over_is_erased_with_its_attempts(self, store: CallbackStore) -> None:
        """By the moment of its end; what waits stays."""
        assert store.oldest_done() is None
        kept, gone, waiting = (store.add(DUE) for _ in range(3))
        for one in (kept, gone):
            store.note([Attempt(delivery=one.number, nth=1, at=AT, status=500, trouble=None)])
        store.put([replace(kept, state=State.FAILED, due_at=None, done_at=AT + HOUR)])
        store.put([replace(gone, state=State.DELIVERED, due_at=None, done_at=AT)])
        assert store.oldest_done() == AT
        assert store.erase(done_before=AT) == 0
        assert store.erase(done_before=AT + HOUR) == 1
        assert [one.number for one in store.of(1)] == [kept.number, waiting.number]
        assert (len(store.attempts(kept.number)), len(store.attempts(gone.number))) == (1, 0)

    def test_what_is_about_somebody_is_erased_whatever_its_state(self, store: CallbackStore) -> None:
        mine, others = store.add(replace(DUE, citizen_id=7)), store.add(replace(DUE, citizen_id=8))
        underway = store.add(taken(replace(DUE, citizen_id=7), AT))
        store.note([Attempt(delivery=mine.number, nth=1, at=AT, status=500, trouble=None)])
        assert (store.count(7), store.count(8), store.count(9)) == (2, 1, 0)
        assert store.erase(citizen_id=7) == 2
        assert [one.number for one in store.of(1)] == [others.number]
        assert (list(store.attempts(mine.number)), store.get(underway.number)) == ([], None)

    def test_a_dropped_subscription_takes_its_deliveries_along(self, store: CallbackStore) -> None:
        one, other = store.subscribe(PLAIN).number, store.subscribe(PLAIN).number
        mine, others = (store.add(replace(DUE, subscription=number)) for number in (one, other))
        store.note([Attempt(delivery=mine.number, nth=1, at=AT, status=500, trouble=None)])
        store.drop(one)
        assert (store.get(mine.number), store.get(others.number)) == (None, others)
        assert list(store.attempts(mine.number)) == []


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> CallbackStore:
        return InMemoryCallbacks()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> CallbackStore:
        return SqlCallbacks(database)
