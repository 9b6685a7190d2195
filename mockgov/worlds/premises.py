"""Where worlds and their snapshots lie: in this process's memory, or as folders on disk (`folder`)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from mockgov.database import Database, sqlite

Close = Callable[[], None]
"""Closes a world that another database takes the place of."""


class Premises(Protocol):
    """Keeps databases, each under its world's name, and copies of them."""

    def found(self) -> Mapping[str, Path]:
        """The folders of the worlds that were there before, by name."""
        ...

    def is_taken(self, name: str) -> bool:
        """Whether something that is no world has the name."""
        ...

    def begun(self, name: str) -> AbstractContextManager[Database]:
        """An empty database to make a world in; nothing is left of it if the making fails."""
        ...

    def finished(self, name: str, database: Database) -> Database:
        """The database that was begun, under its name."""
        ...

    def copied(self, source: Database, name: str) -> Database:
        """A copy under a new name."""
        ...

    def put_back(self, name: str, source: Database, close: Close) -> Database:
        """A copy under a name in use, in place of what was there, which is closed."""
        ...

    def drop(self, name: str) -> None:
        """Forget a closed world and its snapshots."""
        ...

    def snapshots(self, name: str) -> Mapping[str, int]:
        """A world's snapshots, and the bytes of each."""
        ...

    def keep(self, name: str, snapshot: str, source: Database) -> None:
        """Keep a copy."""
        ...

    def snapshot(self, name: str, snapshot: str) -> AbstractContextManager[Database]:
        """A snapshot to read and to copy from."""
        ...

    def forget(self, name: str, snapshot: str) -> None:
        """Forget a snapshot."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class InMemory:
    """They are gone with the process."""

    def __init__(self) -> None:
        self._snapshots: dict[str, dict[str, Database]] = {}

    def found(self) -> Mapping[str, Path]:
        """None."""
        return {}

    def is_taken(self, name: str) -> bool:
        """Nothing else is here."""
        del name
        return False

    @contextmanager
    def begun(self, name: str) -> Iterator[Database]:
        """An empty database."""
        del name
        database = sqlite()
        try:
            yield database
        except BaseException:
            database.close()
            raise

    def finished(self, name: str, database: Database) -> Database:
        """The same."""
        del name
        return database

    def copied(self, source: Database, name: str) -> Database:
        """A copy."""
        with self.begun(name) as database:
            source.copy_to(database)
        return database

    def put_back(self, name: str, source: Database, close: Close) -> Database:
        """A copy."""
        database = self.copied(source, name)
        close()
        return database

    def drop(self, name: str) -> None:
        """Forget the snapshots."""
        for database in self._snapshots.pop(name, {}).values():
            database.close()

    def snapshots(self, name: str) -> Mapping[str, int]:
        """What was kept."""
        return {snapshot: database.size for snapshot, database in self._snapshots.get(name, {}).items()}

    def keep(self, name: str, snapshot: str, source: Database) -> None:
        """Keep a copy."""
        self._snapshots.setdefault(name, {})[snapshot] = self.copied(source, name)

    @contextmanager
    def snapshot(self, name: str, snapshot: str) -> Iterator[Database]:
        """What was kept."""
        yield self._snapshots[name][snapshot]

    def forget(self, name: str, snapshot: str) -> None:
        """Give it back."""
        self._snapshots[name].pop(snapshot).close()

    def close(self) -> None:
        """Give everything back."""
        for name in list(self._snapshots):
            self.drop(name)
