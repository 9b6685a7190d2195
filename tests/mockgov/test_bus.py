"""The bus: one table says who hears of what."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from mockgov.bus import Bus
from mockgov.database import Database


@dataclass(frozen=True)
class Rang:
    """Somebody rang the bell."""

    times: int = 1


class RangTwice(Rang):
    """A kind of its own: a table names each kind."""


def test_reactions_run_at_once_in_the_tables_order() -> None:
    heard: list[tuple[str, int]] = []
    bus = Bus({Rang: [lambda e: heard.append(("first", e.times)), lambda e: heard.append(("second", e.times))]})
    bus.tell(Rang(2))
    assert heard == [("first", 2), ("second", 2)]


def test_an_event_may_have_no_reaction_but_must_be_named() -> None:
    """An event that nobody placed is a mistake in the composition, also where its parent is placed."""
    bus = Bus({Rang: []})
    bus.tell(Rang())
    for event in (RangTwice(), "x"):
        with pytest.raises(LookupError, match="is not in the ministry's table of reactions; add it"):
            bus.tell(event)


def test_a_failing_reaction_undoes_the_command(database: Database) -> None:
    """Either everything that follows from a command happens or nothing does."""
    metadata = sa.MetaData()
    bells = sa.Table("bell", metadata, sa.Column("times", sa.Integer))
    database.create(metadata)

    def note(event: Rang) -> None:
        database.connection.execute(bells.insert(), {"times": event.times})

    def fail(_: Rang) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError), database.transaction():
        Bus({Rang: [note, fail]}).tell(Rang())
    with database.transaction():
        Bus({Rang: [note]}).tell(Rang(7))
    assert database.connection.scalars(sa.select(bells.c.times)).all() == [7]
