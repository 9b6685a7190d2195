"""A world: one ministry's whole state, by itself. Seed, clock, named random streams, faults, database.

Nothing in the product is global; whoever wants another ministry makes another world. A world on disk is one
folder with one SQLite file; a world in memory is gone with its process. A fork is a copy that goes its own way
from the moment of copying: same past, same seed, its own future.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from mockgov.clock import Clock, ManualClock, Now, RunningClock, from_us, to_us, wall_clock
from mockgov.database import Database, sqlite
from mockgov.faults import FaultPlan
from mockgov.faults.written import plain, read_faults
from mockgov.settings import Settings
from mockgov.streams import Streams

FORMAT = 4
"""Version of the tables. A world of another version is refused, never half-read."""

DEFAULT = "default"
"""The world that answers without being named."""

FILE = "ministry.sqlite"

STAYS = "public_address"
"""The setting that every world keeps as it was made with, since its certificates say it."""

METADATA = sa.MetaData()
FACT = sa.Table("world", METADATA, sa.Column("name", sa.Text, primary_key=True), sa.Column("value", sa.Text))
WRITE = """INSERT INTO world (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


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
    real_now: Now = wall_clock
    """What its running clock runs with."""
    origin: str = ""
    """What it was called where it began: the authorities of a copy go on under that name."""

    def now(self) -> datetime:
        """The world's time, aware, in UTC."""
        return self.clock.now()

    @property
    def factor(self) -> float:
        """How many seconds of the world's time pass by themselves in a real one; 0 while its clock stands."""
        return self.clock.factor if isinstance(self.clock, RunningClock) else 0.0

    def run(self, factor: float = 1.0) -> None:
        """Let the time pass by itself from where it stands. Raises `ClockRefusedError`."""
        self._take(RunningClock(self.clock.now(), factor=factor, real_now=self.real_now))

    def stand(self) -> None:
        """Let the clock stand where it is."""
        self._take(ManualClock(self.clock.now()))

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let it be `moment` for a while, whatever the clock says."""
        clock, self.clock = self.clock, ManualClock(moment)
        try:
            yield
        finally:
            self.clock = clock

    def keep_clock(self) -> None:
        """Write down how the clock stands, so that a reopened world goes on from there."""
        stands_us = to_us(self.clock.now())
        _write(self.database, {"clock": self.clock.kind, "stands_us": stands_us, **_running(self.clock)})

    def keep_faults(self) -> None:
        """Write down the plan of faults and what it has counted, so that a copy or a reopened world goes on."""
        faults = [plain(fault) for fault in self.faults.faults]
        _write(self.database, {"faults": faults, "fault_counts": dict(self.faults.counts)})

    def close(self) -> None:
        """Give the database back."""
        self.database.close()

    def _take(self, clock: Clock) -> None:
        self.clock = clock
        with self.database.transaction():
            self.keep_clock()


def make_world(
    *,
    name: str = DEFAULT,
    seed: int = 1,
    settings: Settings | None = None,
    changes: Mapping[str, object] | None = None,
    database: Database | None = None,
    real_now: Now = wall_clock,
) -> World:
    """A new, empty world at `settings.start`; its clock stands still until `World.run`.

    `changes` says which of the settings are the world's own and not its server's; they are kept with it.
    """
    settings = settings or Settings()
    database = database or sqlite()
    database.create(METADATA)
    kept = {STAYS: getattr(settings, STAYS), **(changes or {})}
    world = World(
        name=name,
        seed=seed,
        settings=settings,
        clock=ManualClock(settings.start),
        database=database,
        streams=Streams(seed),
        faults=FaultPlan(Streams(seed)),
        real_now=real_now,
        origin=name,
    )
    _plan(world, {})
    with database.transaction():
        _write(database, {"format": FORMAT, "name": name, "origin": name, "seed": seed, "settings": _own(kept)})
        world.keep_clock()
    return world


def open_world(
    path: Path, *, name: str | None = None, settings: Settings | None = None, real_now: Now = wall_clock
) -> World:
    """A world that lies in `path`, as it was left; its clock may have run meanwhile. Raises `WorldRefusedError`.

    `name` is what it is called, whatever it was called where it was copied.
    """
    try:
        database = sqlite(path / FILE)
        database.create(METADATA)
    except sa.exc.DBAPIError as error:
        raise WorldRefusedError(f"{path / FILE} is no world ({error.orig}). Move it away, or restore it.") from None
    try:
        world = _revived(database, settings or Settings(), real_now, ran_on=True)
    except WorldRefusedError:
        database.close()
        raise
    if name not in (None, world.name):
        _write(database, {"name": name})
        world.name = str(name)
    return world


def fork_world(
    world: World, *, name: str, database: Database | None = None, changes: Mapping[str, object] | None = None
) -> World:
    """A copy of `world` under another name, in memory or in an empty database of the same engine.

    `changes` are settings in which it is to differ. Raises `SettingsError`.
    """
    database = database or sqlite()
    write_down(world)
    world.database.copy_to(database)
    return revive_world(database, name=name, settings=world.settings, real_now=world.real_now, changes=changes)


def write_down(world: World) -> None:
    """Have everything about a world in its database, to be copied."""
    if world.factor or _read(world.database).get("stands_us") != to_us(world.now()):
        with world.database.transaction():
            world.keep_clock()
    if world.faults.faults:
        with world.database.transaction():
            world.keep_faults()


def revive_world(
    database: Database,
    *,
    name: str,
    settings: Settings,
    real_now: Now = wall_clock,
    changes: Mapping[str, object] | None = None,
) -> World:
    """The world in a copied database, under its new name, at the moment at which it was copied.

    Raises `WorldRefusedError`, `SettingsError`.
    """
    check_format(database)
    facts: dict[str, object] = {"name": name}
    if changes:
        settings.changed(changes)
        own = _read(database).get("settings")
        facts["settings"] = (own if isinstance(own, dict) else {}) | _own(changes)
    with database.transaction():
        _write(database, facts)
    return _revived(database, settings, real_now, ran_on=False)


def check_format(database: Database) -> None:
    """Raises `WorldRefusedError` for a world whose tables are another version's."""
    version = _read(database).get("format")
    if version != FORMAT:
        msg = f"This world was made by another version (format {version}, here {FORMAT}). Make a new one."
        raise WorldRefusedError(msg)


def stands_at(database: Database) -> datetime:
    """The time of the world in a database, as it was last written down."""
    return from_us(int(str(_read(database)["stands_us"])))


def _revived(database: Database, settings: Settings, real_now: Now, *, ran_on: bool) -> World:
    check_format(database)
    facts = _read(database)
    seed = int(str(facts["seed"]))
    streams = Streams(seed)
    own = facts.get("settings")
    world = World(
        name=str(facts["name"]),
        seed=seed,
        settings=settings.changed(own if isinstance(own, dict) else {}),
        clock=_clock(facts, real_now, ran_on=ran_on),
        database=database,
        streams=streams,
        faults=FaultPlan(streams),
        real_now=real_now,
        origin=str(facts["origin"]),
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


def _clock(facts: Mapping[str, object], real_now: Now, *, ran_on: bool) -> Clock:
    """The clock that was written down: a running one as if it had run on, or from the moment of writing."""
    stands = from_us(int(str(facts["stands_us"])))
    if facts["clock"] != RunningClock.kind:
        return ManualClock(stands)
    factor = float(str(facts.get("factor", 1)))
    if not ran_on:
        return RunningClock(stands, factor=factor, real_now=real_now)
    if factor == 1:
        return RunningClock.ahead_by(int(str(facts["ahead_us"])), real_now=real_now)
    kept = int(str(facts["from_us"])), int(str(facts["since_us"]))
    return RunningClock.going_on(kept, factor=factor, real_now=real_now)


def _own(changes: Mapping[str, object] | None) -> dict[str, str]:
    return {setting: str(value) for setting, value in (changes or {}).items()}


def _running(clock: Clock) -> Mapping[str, object]:
    if not isinstance(clock, RunningClock):
        return {}
    began_us, since_us = clock.kept
    return {"ahead_us": clock.ahead_us, "factor": clock.factor, "from_us": began_us, "since_us": since_us}


def _write(database: Database, facts: Mapping[str, object]) -> None:
    rows = [{"name": name, "value": json.dumps(value)} for name, value in facts.items()]
    database.connection.execute(sa.text(WRITE), rows)


def _read(database: Database) -> dict[str, object]:
    rows = database.connection.execute(sa.select(FACT.c.name, FACT.c.value))
    return {name: json.loads(value) for name, value in rows}
