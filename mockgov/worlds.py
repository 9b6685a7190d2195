"""The worlds of one server: each by its name, in memory or as a folder on disk."""

import fcntl
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mockgov.callbacks.carrying import Carrier
from mockgov.counters.callbacks.network import Network
from mockgov.database import Database, sqlite
from mockgov.lab.seeding import seed_town
from mockgov.magic.casting import cast
from mockgov.ministry import ADDRESS, Ministry
from mockgov.refusal import Refused
from mockgov.settings import OF_SERVER, Settings, SettingsError
from mockgov.world import DEFAULT, FILE, World, fork_world, make_world, open_world

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PEOPLE_LIMIT = 200_000
LEFTOVERS = (".making", ".dropped")
"""Folders of worlds that are not yet or no longer there."""
FIRST_YEAR, LAST_YEAR = 2000, 2060


class UnknownWorld(Refused):
    """No world of that name."""

    key = "worldnotfound"


class WorldRefused(Refused):
    """A world that cannot be made, forked or dropped."""

    key = "worldrefused"


class DataInUseError(ValueError):
    """Another server works on the same folder."""


class Worlds:
    """All worlds of a server. `/` is the one called `default`, `/w/<name>/` any."""

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        data: Path | None = None,
        running: bool = False,
        address: str = ADDRESS,
    ) -> None:
        """`address` is where the server can be reached; it stands in mails."""
        self.settings = settings or Settings()
        self._running = running
        self._address = address
        network = Network(networks=self.settings.callback_networks, timeout_s=self.settings.callback_timeout_s)
        self.carrier = Carrier(network)
        """Carries the callbacks of all these worlds."""
        self._data = data
        self._lock: IO[str] | None = None
        self._ministries: dict[str, Ministry] = {}
        if data is not None:
            self._lock = _locked(data)
            try:
                self._open(data)
            except BaseException:
                self.close()
                raise

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._ministries))

    def __contains__(self, name: str) -> bool:
        return name in self._ministries

    @property
    def ministries(self) -> Mapping[str, Ministry]:
        """Every world's ministry by name."""
        return self._ministries

    def get(self, name: str) -> Ministry:
        """The ministry of a world. Raises `UnknownWorld`."""
        try:
            return self._ministries[name]
        except KeyError:
            raise UnknownWorld("There is no world of this name; GET /_lab/worlds lists them.") from None

    def make(
        self,
        name: str,
        *,
        seed: int = 1,
        people: int = 0,
        running: bool | None = None,
        changes: Mapping[str, object] | None = None,
        magic: bool | Sequence[str] = False,
    ) -> Ministry:
        """A new world, with a seeded town if `people` > 0; it is there whole or not at all.

        `changes` are settings of its own; `magic` names scenarios, or is True for all that its day's rules allow.
        Raises `WorldRefused`, `UnknownScenario`, `NotInThisTime`.
        """
        self._check_free(name)
        if not 0 <= people <= PEOPLE_LIMIT:
            raise WorldRefused(f"A seeded world has 0 to {PEOPLE_LIMIT} people.")
        if OF_SERVER.intersection(changes or ()):
            raise WorldRefused(f"{', '.join(sorted(OF_SERVER))} are the server's; set them where it is started.")
        try:
            settings = self.settings.changed(changes or {})
        except SettingsError as error:
            raise WorldRefused(str(error)) from None
        if not FIRST_YEAR <= settings.start.year <= LAST_YEAR:
            raise WorldRefused(f"A world begins in one of the years {FIRST_YEAR} to {LAST_YEAR}.")
        with self._begun(name) as (folder, database):
            world = make_world(
                name=name,
                seed=seed,
                settings=settings,
                changes=changes,
                database=database,
            )
            ministry = self._ministry(world)
            if people:
                seed_town(ministry, people)
            if magic:
                cast(ministry, None if magic is True else magic)
            if self._running if running is None else running:
                world.run()
        return self._settle_in(name, ministry, folder)

    def fork(self, name: str, to: str) -> Ministry:
        """A copy of a world under another name. Raises `UnknownWorld`, `WorldRefused`."""
        source = self.get(name)
        self._check_free(to)
        with self._begun(to) as (folder, database):
            copy = self._ministry(fork_world(source.world, name=to, database=database))
        return self._settle_in(to, copy, folder)

    def drop(self, name: str) -> None:
        """Close a world and forget everything in it. Raises `UnknownWorld`, `WorldRefused`."""
        if name == DEFAULT:
            raise WorldRefused("The default world stays as long as its server; drop another one.")
        self.get(name).close()
        del self._ministries[name]
        if self._data is not None:
            gone = self._data / f".{name}{LEFTOVERS[1]}"
            (self._data / name).replace(gone)
            shutil.rmtree(gone)

    def close(self) -> None:
        """Write down every clock and give everything back."""
        for ministry in self._ministries.values():
            with ministry.world.database.transaction():
                ministry.world.keep_clock()
                ministry.world.keep_faults()
            ministry.close()
        self._ministries.clear()
        if self._lock is not None:
            self._lock.close()

    def _check_free(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise WorldRefused("A world's name has 1 to 40 of a-z, 0-9 and -, and begins with a letter or digit.")
        if name in self._ministries:
            raise WorldRefused(f"There is a world called {name} already; drop it or choose another name.")
        if self._data is not None and (self._data / name).exists():
            raise WorldRefused(f"The data folder has a {name} that is no world; choose another name.")

    def _open(self, data: Path) -> None:
        """Clear away what a killed server was making or dropping, and open every world."""
        for suffix in LEFTOVERS:
            for folder in data.glob(f".*{suffix}"):
                shutil.rmtree(folder)
        for folder in sorted(path.parent for path in data.glob(f"*/{FILE}")):
            if NAME.fullmatch(folder.name):
                self._ministries[folder.name] = self._ministry(open_world(folder, settings=self.settings))

    @contextmanager
    def _begun(self, name: str) -> Iterator[tuple[Path | None, Database]]:
        """A database to make a world in, and its folder if on disk; nothing is left of it if the making fails."""
        folder = None if self._data is None else self._data / f".{name}{LEFTOVERS[0]}"
        if folder is not None:
            folder.mkdir()
        database = sqlite(None if folder is None else folder / FILE)
        try:
            yield folder, database
        except BaseException:
            database.close()
            if folder is not None:
                shutil.rmtree(folder)
            raise

    def _settle_in(self, name: str, ministry: Ministry, folder: Path | None) -> Ministry:
        """Give a finished world its name; on disk by one rename."""
        if folder is not None and self._data is not None:
            ministry.close()
            folder.replace(self._data / name)
            ministry = self._ministry(open_world(self._data / name, settings=self.settings))
        self._ministries[name] = ministry
        return ministry

    def _ministry(self, world: World) -> Ministry:
        return Ministry(world, address=self._address, service_document=_service_document, carrier=self.carrier)


def _service_document() -> bytes:
    """The document of the corporate service, made from its OpenAPI."""
    from mockgov.counters.corporate.document import service_document  # noqa: PLC0415  heavy; wanted by few

    return service_document()


def _locked(data: Path) -> IO[str]:
    data.mkdir(parents=True, exist_ok=True)
    lock = (data / ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise DataInUseError(f"Another server works on {data}. Stop it, or give another --data folder.") from None
    return lock
