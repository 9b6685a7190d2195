"""Where subscriptions and the outbox are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from mockgov.callbacks.rules import Attempt, Delivery, Subscription
from mockgov.callbacks.tables import (
    ATTEMPT,
    DELIVERY,
    METADATA,
    SUBSCRIPTION,
    UPDATE,
    attempt_of,
    attempt_row,
    change_row,
    delivery_of,
    delivery_row,
    subscription_of,
    subscription_row,
)
from mockgov.clock import from_us, to_us
from mockgov.database import Database


class CallbackStore(Protocol):
    """Keeps subscriptions, deliveries and attempts."""

    def subscribe(self, subscription: Subscription) -> Subscription:
        """Keep a new subscription under the next number, which it comes back with."""
        ...

    def change(self, subscription: Subscription) -> None:
        """Replace the subscription of the same number."""
        ...

    def subscription(self, number: int) -> Subscription | None:
        """The subscription of that number."""
        ...

    def subscriptions(self) -> Sequence[Subscription]:
        """All of them, by number."""
        ...

    def any_on(self) -> bool:
        """Whether any of them is not disabled; asked often."""
        ...

    def drop(self, number: int) -> None:
        """Forget a subscription with all that was sent to it."""
        ...

    def add(self, delivery: Delivery) -> Delivery:
        """Keep a new delivery under the next number, which it comes back with."""
        ...

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """Replace the deliveries of the same numbers."""
        ...

    def get(self, number: int) -> Delivery | None:
        """The delivery of that number."""
        ...

    def of(self, subscription: int, *, after: int = 0, limit: int = 100) -> Sequence[Delivery]:
        """A subscription's deliveries with a number above `after`, in order."""
        ...

    def waiting(self, subscription: int) -> Sequence[Delivery]:
        """A subscription's deliveries that wait for their time, by number."""
        ...

    def next_due(self) -> datetime | None:
        """When the next delivery is due."""
        ...

    def due(self, at: datetime, *, limit: int) -> Sequence[Delivery]:
        """Deliveries due at or before a moment, by that moment, then by number."""
        ...

    def underway(self, *, limit: int) -> Sequence[Delivery]:
        """Deliveries that were taken to be sent, by the moment of that, then by number."""
        ...

    def note(self, attempts: Sequence[Attempt]) -> None:
        """Keep attempts."""
        ...

    def attempts(self, delivery: int) -> Sequence[Attempt]:
        """A delivery's attempts, in order."""
        ...

    def oldest_done(self) -> datetime | None:
        """When the first of the ended deliveries that are kept ended."""
        ...

    def count(self, citizen_id: int) -> int:
        """How many deliveries are about a citizen."""
        ...

    def erase(self, *, done_before: datetime | None = None, citizen_id: int | None = None) -> int:
        """Erase deliveries that ended before a moment, or all about a citizen, with their attempts; how many."""
        ...


class InMemoryCallbacks:
    """The plain twin."""

    def __init__(self) -> None:
        self._subscriptions: dict[int, Subscription] = {}
        self._deliveries: dict[int, Delivery] = {}
        self._attempts: dict[tuple[int, int], Attempt] = {}
        self._subscribed = self._added = 0

    def subscribe(self, subscription: Subscription) -> Subscription:
        self._subscribed += 1
        self.change(made := replace(subscription, number=self._subscribed))
        return made

    def change(self, subscription: Subscription) -> None:
        self._subscriptions[subscription.number] = subscription

    def subscription(self, number: int) -> Subscription | None:
        return self._subscriptions.get(number)

    def subscriptions(self) -> Sequence[Subscription]:
        return list(self._subscriptions.values())

    def any_on(self) -> bool:
        return any(one.off is None for one in self._subscriptions.values())

    def drop(self, number: int) -> None:
        del self._subscriptions[number]
        self._erase([one for one in self._deliveries.values() if one.subscription == number])

    def add(self, delivery: Delivery) -> Delivery:
        self._added += 1
        self.put([made := replace(delivery, number=self._added)])
        return made

    def put(self, deliveries: Sequence[Delivery]) -> None:
        self._deliveries |= {one.number: one for one in deliveries}

    def get(self, number: int) -> Delivery | None:
        return self._deliveries.get(number)

    def of(self, subscription: int, *, after: int = 0, limit: int = 100) -> Sequence[Delivery]:
        found = [one for one in self._deliveries.values() if one.subscription == subscription and one.number > after]
        return found[:limit]

    def waiting(self, subscription: int) -> Sequence[Delivery]:
        found = self._deliveries.values()
        return [one for one in found if one.subscription == subscription and one.due_at is not None]

    def next_due(self) -> datetime | None:
        return min((one.due_at for one in self._deliveries.values() if one.due_at is not None), default=None)

    def due(self, at: datetime, *, limit: int) -> Sequence[Delivery]:
        found = [(one.due_at, one.number, one) for one in self._deliveries.values() if one.due_at and one.due_at <= at]
        return [one for *_, one in sorted(found, key=lambda row: row[:2])][:limit]

    def underway(self, *, limit: int) -> Sequence[Delivery]:
        found = [(one.taken_at, one.number, one) for one in self._deliveries.values() if one.taken_at]
        return [one for *_, one in sorted(found, key=lambda row: row[:2])][:limit]

    def note(self, attempts: Sequence[Attempt]) -> None:
        self._attempts |= {(one.delivery, one.nth): one for one in attempts}

    def attempts(self, delivery: int) -> Sequence[Attempt]:
        return [one for _, one in sorted(self._attempts.items()) if one.delivery == delivery]

    def oldest_done(self) -> datetime | None:
        return min((one.done_at for one in self._deliveries.values() if one.done_at is not None), default=None)

    def count(self, citizen_id: int) -> int:
        return sum(one.citizen_id == citizen_id for one in self._deliveries.values())

    def erase(self, *, done_before: datetime | None = None, citizen_id: int | None = None) -> int:
        gone = [
            one
            for one in self._deliveries.values()
            if (done_before is None or (one.done_at is not None and one.done_at < done_before))
            and citizen_id in (None, one.citizen_id)
        ]
        self._erase(gone)
        return len(gone)

    def _erase(self, gone: Sequence[Delivery]) -> None:
        numbers = {one.number for one in gone}
        self._deliveries = {n: one for n, one in self._deliveries.items() if n not in numbers}
        self._attempts = {key: one for key, one in self._attempts.items() if one.delivery not in numbers}


class SqlCallbacks:
    """Subscriptions and outbox in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def subscribe(self, subscription: Subscription) -> Subscription:
        insert = SUBSCRIPTION.insert().returning(SUBSCRIPTION.c.number)
        made = self._database.connection.execute(insert, subscription_row(subscription))
        return replace(subscription, number=made.scalar_one())

    def change(self, subscription: Subscription) -> None:
        which = SUBSCRIPTION.c.number == subscription.number
        self._database.connection.execute(SUBSCRIPTION.update().where(which).values(**subscription_row(subscription)))

    def subscription(self, number: int) -> Subscription | None:
        found = sa.select(SUBSCRIPTION).where(SUBSCRIPTION.c.number == number)
        row = self._database.connection.execute(found).mappings().first()
        return None if row is None else subscription_of(row)

    def subscriptions(self) -> Sequence[Subscription]:
        found = sa.select(SUBSCRIPTION).order_by(SUBSCRIPTION.c.number)
        return [subscription_of(row) for row in self._database.connection.execute(found).mappings()]

    def any_on(self) -> bool:
        return self._database.value("SELECT number FROM callback WHERE off IS NULL LIMIT 1") is not None

    def drop(self, number: int) -> None:
        self._erase(DELIVERY.c.subscription == number)
        self._database.connection.execute(SUBSCRIPTION.delete().where(SUBSCRIPTION.c.number == number))

    def add(self, delivery: Delivery) -> Delivery:
        insert = DELIVERY.insert().returning(DELIVERY.c.number)
        made = self._database.connection.execute(insert, delivery_row(delivery))
        return replace(delivery, number=made.scalar_one())

    def put(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            self._database.connection.execute(UPDATE, [change_row(one) for one in deliveries])

    def get(self, number: int) -> Delivery | None:
        found = self._read(sa.select(DELIVERY).where(DELIVERY.c.number == number))
        return found[0] if found else None

    def of(self, subscription: int, *, after: int = 0, limit: int = 100) -> Sequence[Delivery]:
        found = sa.select(DELIVERY).where(DELIVERY.c.subscription == subscription, DELIVERY.c.number > after)
        return self._read(found.order_by(DELIVERY.c.number).limit(limit))

    def waiting(self, subscription: int) -> Sequence[Delivery]:
        found = sa.select(DELIVERY).where(DELIVERY.c.subscription == subscription, DELIVERY.c.due_us.is_not(None))
        return self._read(found.order_by(DELIVERY.c.number))

    def next_due(self) -> datetime | None:
        due_us = self._database.value("SELECT min(due_us) FROM callback_delivery WHERE due_us IS NOT NULL")
        return None if due_us is None else from_us(due_us)

    def due(self, at: datetime, *, limit: int) -> Sequence[Delivery]:
        found = sa.select(DELIVERY).where(DELIVERY.c.due_us.is_not(None), DELIVERY.c.due_us <= to_us(at))
        return self._read(found.order_by(DELIVERY.c.due_us, DELIVERY.c.number).limit(limit))

    def underway(self, *, limit: int) -> Sequence[Delivery]:
        found = sa.select(DELIVERY).where(DELIVERY.c.taken_us.is_not(None))
        return self._read(found.order_by(DELIVERY.c.taken_us, DELIVERY.c.number).limit(limit))

    def note(self, attempts: Sequence[Attempt]) -> None:
        if attempts:
            self._database.connection.execute(ATTEMPT.insert(), [attempt_row(one) for one in attempts])

    def attempts(self, delivery: int) -> Sequence[Attempt]:
        found = sa.select(ATTEMPT).where(ATTEMPT.c.delivery == delivery).order_by(ATTEMPT.c.nth)
        return [attempt_of(row) for row in self._database.connection.execute(found).mappings()]

    def oldest_done(self) -> datetime | None:
        done_us = self._database.value("SELECT min(done_us) FROM callback_delivery WHERE done_us IS NOT NULL")
        return None if done_us is None else from_us(done_us)

    def count(self, citizen_id: int) -> int:
        counted = sa.select(sa.func.count()).select_from(DELIVERY).where(DELIVERY.c.citizen_id == citizen_id)
        return self._database.connection.scalar(counted) or 0

    def erase(self, *, done_before: datetime | None = None, citizen_id: int | None = None) -> int:
        which: sa.ColumnElement[bool] = sa.true()
        if done_before is not None:
            which &= DELIVERY.c.done_us < to_us(done_before)
        if citizen_id is not None:
            which &= DELIVERY.c.citizen_id == citizen_id
        return self._erase(which)

    def _erase(self, which: sa.ColumnElement[bool]) -> int:
        gone = sa.select(DELIVERY.c.number).where(which)
        self._database.connection.execute(ATTEMPT.delete().where(ATTEMPT.c.delivery.in_(gone)))
        return self._database.connection.execute(DELIVERY.delete().where(which)).rowcount

    def _read(self, found: sa.Select[tuple[object, ...]]) -> list[Delivery]:
        return [delivery_of(row) for row in self._database.connection.execute(found).mappings()]
