"""A world: one ministry's whole state, by itself. Seed, clock, named random streams, faults, database.

Nothing in the product is global; whoever wants another ministry makes another world. A world on disk is one
folder with one SQLite file; a world in memory is gone with its process. A fork is a copy that goes its own way
from the moment of copying: same past, same seed, its own future.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from mockgov.clock import Clock, ManualClock, RunningClock, from_us, to_us
from mockgov.database import Database, sqlite
from mockgov.faults import FaultPlan
from mockgov.faults.written import plain, read_faults
from mockgov.settings import Settings
from mockgov.streams import Streams

FORMAT = 3
"""Version of the tables. A world of another version is refused, never half-read."""

DEFAULT = "default"
"""The world that answers without being named."""

FILE = "ministry.sqlite"

METADATA = sa.MetaData()
FACT = sa.Table("world", METADATA, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text))


class WorldRefusedError(ValueError):
    """A world that cannot be made or opened; the message says what to do."""


@dataclass(slots=True)
class World:
    """Everything that a ministry stands on."""

    name: str
    seed: int
    settings: Settings
    clock: Clock
    database: Database
    streams: Streams
    faults: FaultPlan

    def now(self) -> datetime:
        """The world's time, aware, in UTC."""
        return self.clock.now()

    def run(self) -> None:
        """Let the time pass by itself from where it stands."""
        self.clock = RunningClock(self.clock.now())
        with self.database.transaction():
            self.keep_clock()

    def keep_clock(self) -> None:
        """Write down how the clock stands, so that a reopened world goes on from there."""
        ahead_us = to_us(self.clock.now())
        _write(self.database, {"clock": self.clock.kind, "stands_us": ahead_us, **_running(self.clock)})

    def keep_faults(self) -> None:
        """Write down the plan of faults and what it has counted, so that a copy or a reopened world goes on."""
        faults = [plain(fault) for fault in self.faults.faults]
        _write(self.database, {"faults": faults, "fault_counts": dict(self.faults.counts)})

    def close(self) -> None:
        """Give the database back."""
        self.database.close()


def make_world(
    *,
    name: str = DEFAULT,
    seed: int = 1,
    settings: Settings | None = None,
    changes: Mapping[str, object] | None = None,
    database: Database | None = None,
) -> World:
    """A new, empty world at `settings.start`; its clock stands still until `World.run`.

    `changes` says which of the settings are the world's own and not its server's; they are kept with it.
    """
    settings = settings or Settings()
    database = database or sqlite()
    database.create(METADATA)
    world = World(
        name=name,
        seed=seed,
        settings=settings,
        clock=ManualClock(settings.start),
        database=database,
        streams=Streams(seed),
        faults=FaultPlan(Streams(seed)),
    )
    _plan(world, {})
    with database.transaction():
        own = {setting: str(value) for setting, value in (changes or {}).items()}
        _write(database, {"format": FORMAT, "name": name, "seed": seed, "settings": own})
        world.keep_clock()
    return world


def open_world(path: Path, *, settings: Settings | None = None) -> World:
    """A world that lies in `path`, as it was left. Raises `WorldRefusedError`."""
    try:
        database = sqlite(path / FILE)
        database.create(METADATA)
    except sa.exc.DBAPIError as error:
        raise WorldRefusedError(f"{path / FILE} is no world ({error.orig}). Move it away, or restore it.") from None
    return _revived(database, settings or Settings())


def fork_world(world: World, *, name: str, database: Database | None = None) -> World:
    """A copy of `world` under another name, in memory or in an empty database of the same engine."""
    database = database or sqlite()
    with world.database.transaction():
        world.keep_clock()
        world.keep_faults()
    world.database.copy_to(database)
    _write(database, {"name": name})
    return _revived(database, world.settings)


def _revived(database: Database, settings: Settings) -> World:
    facts = _read(database)
    if facts.get("format") != FORMAT:
        database.close()
        msg = f"This world was made by another version (format {facts.get('format')}, here {FORMAT}). Make a new one."
        raise WorldRefusedError(msg)
    stands = from_us(int(str(facts["stands_us"])))
    clock: Clock = ManualClock(stands)
    if facts["clock"] == RunningClock.kind:
        clock = RunningClock.ahead_by(int(str(facts["ahead_us"])))
    seed = int(str(facts["seed"]))
    streams = Streams(seed)
    own = facts.get("settings")
    world = World(
        name=str(facts["name"]),
        seed=seed,
        settings=settings.changed(own if isinstance(own, dict) else {}),
        clock=clock,
        database=database,
        streams=streams,
        faults=FaultPlan(streams),
    )
    _plan(world, facts)
    return world


def _plan(world: World, facts: Mapping[str, object]) -> None:
    """Give a world the plan of faults that is written down, and have every later one written down too."""

    def keep(plan: FaultPlan) -> None:
        faults = [plain(fault) for fault in plan.faults]
        with world.database.transaction():
            _write(world.database, {"faults": faults, "fault_counts": {}})

    counts = facts.get("fault_counts")
    world.faults = FaultPlan(
        world.streams,
        read_faults(facts.get("faults", [])),
        now=world.now,
        counts=counts if isinstance(counts, dict) else {},
        keep=keep,
    )


def _running(clock: Clock) -> Mapping[str, object]:
    return {"ahead_us": clock.ahead_us} if isinstance(clock, RunningClock) else {}


def _write(database: Database, facts: Mapping[str, object]) -> None:
    connection = database.connection
    for name, value in facts.items():
        connection.execute(FACT.delete().where(FACT.c.name == name))
        connection.execute(FACT.insert(), {"name": name, "value": json.dumps(value)})


def _read(database: Database) -> dict[str, object]:
    rows = database.connection.execute(sa.select(FACT.c.name, FACT.c.value))
    return {name: json.loads(value) for name, value in rows}
