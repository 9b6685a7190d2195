"""The tables of callbacks, and how values stand in their rows."""

import json
from typing import Any

import sqlalchemy as sa

from mockgov.callbacks.rules import Attempt, Delivery, Kind, Off, State, Subscription, Trouble
from mockgov.clock import from_us, to_us

METADATA = sa.MetaData()
Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SUBSCRIPTION = sa.Table(
    "callback",
    METADATA,
    sa.Column("number", Number, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("kinds", sa.Text, nullable=False),
    sa.Column("institution_id", sa.BigInteger),
    sa.Column("sms_account", sa.Text),
    sa.Column("real_time", sa.Boolean, nullable=False),
    sa.Column("off", sa.Text),
    sa.Column("failing_us", sa.BigInteger),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sa.Column("seen_us", sa.BigInteger, nullable=False),
    sa.Column("notice", sa.BigInteger, nullable=False),
    sa.Column("told", sa.BigInteger, nullable=False),
    sa.Column("rotation", sa.Integer, nullable=False),
    sa.Column("rotated_us", sa.BigInteger),
    sqlite_autoincrement=True,  # a dropped one's number, and so its keys, come never again
)
DELIVERY = sa.Table(
    "callback_delivery",
    METADATA,
    sa.Column("number", Number, primary_key=True),
    sa.Column("subscription", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("nth", sa.BigInteger, nullable=False),
    sa.Column("copy", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tried", sa.Integer, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("due_us", sa.BigInteger),
    sa.Column("taken_us", sa.BigInteger),
    sa.Column("done_us", sa.BigInteger),
    sa.Column("citizen_id", sa.BigInteger),
    sa.Column("notices", sa.Text, nullable=False),
    sa.Column("skew_s", sa.BigInteger, nullable=False),
    sa.Column("forged", sa.Boolean, nullable=False),
    sa.Index("callback_delivery_of", "subscription", "number"),
    sqlite_autoincrement=True,  # numbers only rise: readers go on `after` the last
)
for _index, _column in (
    ("callback_due", "due_us"),
    ("callback_underway", "taken_us"),
    ("callback_done", "done_us"),
    ("callback_about", "citizen_id"),
):
    # as text: an Index with a WHERE has SQLAlchemy load every database's dialect when this module is imported
    _some = f"CREATE INDEX {_index} ON callback_delivery ({_column}, number) WHERE {_column} IS NOT NULL"
    sa.event.listen(DELIVERY, "after_create", sa.DDL(_some))  # type: ignore[no-untyped-call]  # it has no types
ATTEMPT = sa.Table(
    "callback_attempt",
    METADATA,
    sa.Column("delivery", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("nth", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at_us", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("trouble", sa.Text),
    sqlite_with_rowid=False,
)

UPDATE = (
    DELIVERY.update()
    .where(DELIVERY.c.number == sa.bindparam("row"))
    .values({c.name: sa.bindparam(f"new_{c.name}") for c in DELIVERY.c if not c.primary_key})
)
"""Takes rows of `change_row`."""


def subscription_row(one: Subscription) -> dict[str, Any]:
    """The row of a subscription, but for its number."""
    return {
        "url": one.url,
        "kinds": " ".join(kind for kind in Kind if kind in one.kinds),
        "institution_id": one.institution_id,
        "sms_account": one.sms_account,
        "real_time": one.real_time,
        "off": one.off,
        "failing_us": None if one.failing_since is None else to_us(one.failing_since),
        "made_us": to_us(one.made_at),
        "seen_us": to_us(one.seen_at),
        "notice": one.notice,
        "told": one.told,
        "rotation": one.rotation,
        "rotated_us": None if one.rotated_at is None else to_us(one.rotated_at),
    }


def subscription_of(row: sa.RowMapping) -> Subscription:
    """The subscription in a row."""
    return Subscription(
        number=row["number"],
        url=row["url"],
        kinds=frozenset(map(Kind, row["kinds"].split())),
        institution_id=row["institution_id"],
        sms_account=row["sms_account"],
        real_time=row["real_time"],
        off=None if row["off"] is None else Off(row["off"]),
        failing_since=None if row["failing_us"] is None else from_us(row["failing_us"]),
        made_at=from_us(row["made_us"]),
        seen_at=from_us(row["seen_us"]),
        notice=row["notice"],
        told=row["told"],
        rotation=row["rotation"],
        rotated_at=None if row["rotated_us"] is None else from_us(row["rotated_us"]),
    )


def delivery_row(one: Delivery) -> dict[str, Any]:
    """The row of a delivery, but for its number."""
    return {
        "subscription": one.subscription,
        "kind": one.kind.value,
        "at_us": to_us(one.at),
        "body": one.body,
        "nth": one.nth,
        "copy": one.copy,
        "state": one.state.value,
        "tried": one.tried,
        "attempts": one.attempts,
        "due_us": None if one.due_at is None else to_us(one.due_at),
        "taken_us": None if one.taken_at is None else to_us(one.taken_at),
        "done_us": None if one.done_at is None else to_us(one.done_at),
        "citizen_id": one.citizen_id,
        "notices": json.dumps(one.notices),
        "skew_s": one.skew_s,
        "forged": one.forged,
    }


def change_row(one: Delivery) -> dict[str, Any]:
    """What `UPDATE` writes of a delivery."""
    return {"row": one.number, **{f"new_{name}": value for name, value in delivery_row(one).items()}}


def delivery_of(row: sa.RowMapping) -> Delivery:
    """The delivery in a row."""
    return Delivery(
        number=row["number"],
        subscription=row["subscription"],
        kind=Kind(row["kind"]),
        at=from_us(row["at_us"]),
        body=row["body"],
        nth=row["nth"],
        copy=row["copy"],
        state=State(row["state"]),
        tried=row["tried"],
        attempts=row["attempts"],
        due_at=None if row["due_us"] is None else from_us(row["due_us"]),
        taken_at=None if row["taken_us"] is None else from_us(row["taken_us"]),
        done_at=None if row["done_us"] is None else from_us(row["done_us"]),
        citizen_id=row["citizen_id"],
        notices=tuple(json.loads(row["notices"])),
        skew_s=row["skew_s"],
        forged=row["forged"],
    )


def attempt_row(one: Attempt) -> dict[str, Any]:
    """The row of an attempt."""
    return {
        "delivery": one.delivery,
        "nth": one.nth,
        "at_us": to_us(one.at),
        "status": one.status,
        "trouble": one.trouble,
    }


def attempt_of(row: sa.RowMapping) -> Attempt:
    """The attempt in a row."""
    return Attempt(
        delivery=row["delivery"],
        nth=row["nth"],
        at=from_us(row["at_us"]),
        status=row["status"],
        trouble=None if row["trouble"] is None else Trouble(row["trouble"]),
    )
