"""The worlds of one server: each by its name, in memory or as a folder on disk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mockgov.callbacks.carrying import Carrier
from mockgov.clock import Now, wall_clock
from mockgov.counters.callbacks.network import Network
from mockgov.database import CopyRefusedError, Database
from mockgov.lab.presets import apply, preset_for
from mockgov.magic.casting import cast
from mockgov.ministry import ADDRESS, Ministry
from mockgov.settings import OF_SERVER, Settings, SettingsError
from mockgov.world import (
    DEFAULT,
    World,
    WorldRefusedError,
    check_format,
    make_world,
    open_world,
    revive_world,
    stands_at,
    write_down,
)
from mockgov.worlds.blank import Blank
from mockgov.worlds.difference import Difference, Side, difference
from mockgov.worlds.folder import NAME, Folder
from mockgov.worlds.idleness import Idleness
from mockgov.worlds.premises import InMemory, Premises
from mockgov.worlds.refusals import AmbiguousWorld, UnknownSnapshot, UnknownWorld, WorldRefused

PEOPLE_LIMIT = 200_000
MOST_SNAPSHOTS = 100
"""Of one world (chosen here)."""
FIRST_YEAR, LAST_YEAR = 2000, 2060


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A copy of a world to go back to."""

    snapshot: str
    at: datetime
    """The world's time then."""
    size: int
    """In bytes."""


class Worlds:
    """All worlds of a server. `/` is the one called `default`, `/w/<name>/` any."""

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        data: Path | None = None,
        running: bool = False,
        address: str = ADDRESS,
        real_now: Now = wall_clock,
    ) -> None:
        """`address` is where the server can be reached; it stands in mails. Raises `DataInUseError`."""
        self.settings = settings or Settings()
        self._running = running
        self._address = address
        self._real_now = real_now
        self._idleness = Idleness(real_now)
        self._blank = Blank()
        network = Network(networks=self.settings.callback_networks, timeout_s=self.settings.callback_timeout_s)
        self.carrier = Carrier(network)
        """Carries the callbacks of all these worlds."""
        self.changes = 0
        """How often a world was made, put back or dropped."""
        self._ministries: dict[str, Ministry] = {}
        self._premises: Premises = InMemory() if data is None else Folder(data)
        try:
            for name, folder in self._premises.found().items():
                world = open_world(folder, name=name, settings=self.settings, real_now=real_now)
                self._ministries[name] = self._ministry(world)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._ministries))

    def __contains__(self, name: str) -> bool:
        return name in self._ministries

    @property
    def ministries(self) -> Mapping[str, Ministry]:
        """Every world's ministry by name; whoever looks only does not use it."""
        return self._ministries

    def get(self, name: str) -> Ministry:
        """The ministry of a world, to be used. Raises `UnknownWorld`."""
        ministry = self._ministries.get(name)
        if ministry is None:
            raise UnknownWorld("There is no world of this name; GET /_lab/worlds lists them.")
        self._idleness.touch(name)
        return ministry

    def whose(self, knows: Callable[[Ministry], bool]) -> str:
        """The world that knows a caller of the path without a name; the default one comes first, and if none does.

        Raises `AmbiguousWorld`.
        """
        default = self._ministries.get(DEFAULT)
        if default is not None and (len(self._ministries) == 1 or knows(default)):
            return DEFAULT
        found = [name for name in self if name != DEFAULT and knows(self._ministries[name])]
        if len(found) > 1:
            raise AmbiguousWorld(
                f"{len(found)} worlds know this caller ({', '.join(found[:10])}): copies of one another, or made from "
                "one seed. Put /w/<name> before the path."
            )
        return found[0] if found else DEFAULT

    def make(
        self,
        name: str,
        *,
        seed: int = 1,
        people: int = 0,
        preset: str | None = None,
        running: bool | None = None,
        changes: Mapping[str, object] | None = None,
        magic: bool | Sequence[str] = False,
    ) -> Ministry:
        """A new world, filled by its preset; it is there whole or not at all.

        `changes` are settings of its own, above the preset's; `magic` names scenarios to be put on top, or is True for
        all that its day's rules allow. Raises `WorldRefused`, `UnknownPreset`, `UnknownScenario`, `NotInThisTime`.
        """
        self._check_free(name)
        if not 0 <= people <= PEOPLE_LIMIT:
            raise WorldRefused(f"A seeded world has 0 to {PEOPLE_LIMIT} people.")
        chosen, told = preset_for(preset, people)
        changes = {**told.settings, **(changes or {})}
        settings = _changed(self.settings, changes)
        if not FIRST_YEAR <= settings.start.year <= LAST_YEAR:
            raise WorldRefused(f"A world begins in one of the years {FIRST_YEAR} to {LAST_YEAR}.")
        with self._premises.begun(name) as begun:
            self._blank.fill(begun)
            world = make_world(
                name=name, seed=seed, settings=settings, changes=changes, database=begun, real_now=self._real_now
            )
            ministry = self._ministry(world)
            apply(ministry, chosen, people=people or None)
            if magic:
                cast(ministry, None if magic is True else magic)
            if self._running if running is None else running:
                world.run()
        database = self._premises.finished(name, begun)
        if database is not begun:
            ministry.batch.close()
            world.database = database
            ministry = self._ministry(world)
        return self._settle_in(name, ministry)

    def fork(
        self, name: str, to: str, *, snapshot: str | None = None, changes: Mapping[str, object] | None = None
    ) -> Ministry:
        """A copy of a world, or of one of its snapshots, under another name, perhaps with some settings changed.

        Raises `UnknownWorld`, `UnknownSnapshot`, `WorldRefused`.
        """
        source = self.get(name)
        self._check_free(to)
        if changes:
            _changed(source.world.settings, changes)
        if "start" in (changes or {}):
            raise WorldRefused("A copy has begun when its source did; leave `start` out.")
        with self._copyable(name, snapshot) as kept:
            database = self._premises.copied(kept, to)
        try:
            copy = self._revived(database, to, changes)
        except BaseException:
            database.close()
            self._premises.drop(to)
            raise
        return self._settle_in(to, copy)

    def drop(self, name: str) -> None:
        """Close a world and forget everything in it, its snapshots too. Raises `UnknownWorld`, `WorldRefused`."""
        if name == DEFAULT:
            raise WorldRefused("The default world stays as long as its server; drop another one.")
        self.get(name).close()
        del self._ministries[name]
        self.changes += 1
        self._premises.drop(name)

    def expire(self) -> Sequence[str]:
        """Drop the worlds that have been idle for longer than their settings let them, the default one never."""
        lifetimes = {
            name: ministry.world.settings.idle_lifetime_s
            for name, ministry in self._ministries.items()
            if name != DEFAULT
        }
        over = self._idleness.over(lifetimes)
        for name in over:
            self.drop(name)
        return over

    def snapshot(self, name: str, snapshot: str | None = None) -> str:
        """Keep a copy of a world as it is now; under the next number, if no name is given. Says which.

        Raises `UnknownWorld`, `WorldRefused`.
        """
        world = self.get(name).world
        there = self._premises.snapshots(name)
        if snapshot is None:
            snapshot = str(1 + max((int(one) for one in there if one.isdigit()), default=0))
        if not NAME.fullmatch(snapshot):
            raise WorldRefused("A snapshot's name has 1 to 40 of a-z, 0-9 and -, and begins with a letter or digit.")
        if snapshot in there:
            raise WorldRefused(f"There is a snapshot {snapshot} of {name} already; drop it or choose another name.")
        if len(there) >= MOST_SNAPSHOTS:
            raise WorldRefused(f"A world has at most {MOST_SNAPSHOTS} snapshots; drop one, or fork the world.")
        write_down(world)
        with _copying():
            self._premises.keep(name, snapshot, world.database)
        return snapshot

    def snapshots(self, name: str) -> Sequence[Snapshot]:
        """A world's snapshots, by its time then. Raises `UnknownWorld`."""
        self.get(name)
        found: list[Snapshot] = []
        for snapshot, size in self._premises.snapshots(name).items():
            with self._premises.snapshot(name, snapshot) as kept:
                found.append(Snapshot(snapshot=snapshot, at=stands_at(kept), size=size))
        return sorted(found, key=lambda one: (one.at, len(one.snapshot), one.snapshot))

    def restore(self, name: str, snapshot: str) -> Ministry:
        """Put a world back to a snapshot, its clock too; the snapshot stays.

        Raises `UnknownWorld`, `UnknownSnapshot`, `WorldRefused`.
        """
        before = self.get(name)
        with self._copyable(name, snapshot) as kept:
            before.world.database.flush()
            database = self._premises.put_back(name, kept, before.close)
        return self._settle_in(name, self._revived(database, name))

    def forget_snapshot(self, name: str, snapshot: str) -> None:
        """Drop a snapshot. Raises `UnknownWorld`, `UnknownSnapshot`."""
        self.get(name)
        self._check_snapshot(name, snapshot)
        self._premises.forget(name, snapshot)

    def difference(self, name: str, against: str) -> Difference:
        """In what a world differs from another, `other`, from a snapshot of its own, `@snapshot`, or of the other's.

        Raises `UnknownWorld`, `UnknownSnapshot`.
        """
        other, at, snapshot = against.partition("@")
        other = other or name
        for one in (name, other):
            write_down(self.get(one).world)
        here = Side(name=name, database=self.get(name).world.database)
        with self._copyable(other, snapshot if at else None) as kept:
            return difference(here, Side(name=f"{other}{at}{snapshot}", database=kept))

    def close(self) -> None:
        """Write down every clock and give everything back."""
        for ministry in self._ministries.values():
            with ministry.world.database.transaction():
                ministry.world.keep_clock()
                ministry.world.keep_faults()
            ministry.close()
        self._ministries.clear()
        self._blank.close()
        self._premises.close()

    def _check_free(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise WorldRefused("A world's name has 1 to 40 of a-z, 0-9 and -, and begins with a letter or digit.")
        if name in self._ministries:
            raise WorldRefused(f"There is a world called {name} already; drop it or choose another name.")
        if self._premises.is_taken(name):
            raise WorldRefused(f"The data folder has a {name} that is no world; choose another name.")

    def _check_snapshot(self, name: str, snapshot: str) -> None:
        if snapshot not in self._premises.snapshots(name):
            raise UnknownSnapshot(
                f"{name} has no snapshot of this name; GET /_lab/worlds/{name}/snapshots lists those it has."
            )

    @contextmanager
    def _copyable(self, name: str, snapshot: str | None) -> Iterator[Database]:
        """The database of a world, or of a snapshot, with everything in it."""
        if snapshot is None:
            world = self.get(name).world
            write_down(world)
            with _copying():
                yield world.database
            return
        self._check_snapshot(name, snapshot)
        with self._premises.snapshot(name, snapshot) as kept, _copying():
            check_format(kept)
            yield kept

    def _revived(self, database: Database, name: str, changes: Mapping[str, object] | None = None) -> Ministry:
        """The ministry in a copy of another's database."""
        world = revive_world(database, name=name, settings=self.settings, changes=changes, real_now=self._real_now)
        return self._ministry(world)

    def _settle_in(self, name: str, ministry: Ministry) -> Ministry:
        self._ministries[name] = ministry
        self.changes += 1
        self._idleness.touch(name)
        return ministry

    def _ministry(self, world: World) -> Ministry:
        return Ministry(world, address=self._address, service_document=_service_document, carrier=self.carrier)


@contextmanager
def _copying() -> Iterator[None]:
    """What stands in the way of a copy is a refusal."""
    try:
        yield
    except (CopyRefusedError, WorldRefusedError) as error:
        raise WorldRefused(str(error)) from None


def _changed(settings: Settings, changes: Mapping[str, object] | None) -> Settings:
    if OF_SERVER.intersection(changes or ()):
        raise WorldRefused(f"{', '.join(sorted(OF_SERVER))} are the server's; set them where it is started.")
    try:
        return settings.changed(changes or {})
    except SettingsError as error:
        raise WorldRefused(str(error)) from None


def _service_document() -> bytes:
    """The document of the corporate service, made from its OpenAPI."""
    from mockgov.counters.corporate.document import service_document  # noqa: PLC0415  heavy; wanted by few

    return service_document()
