"""The empty tables that every world begins with, made once a server: copying is much quicker than creating them."""

from mockgov.database import Database, sqlite
from mockgov.ministry import Ministry
from mockgov.world import make_world


class Blank:
    """A database with every table of a ministry and no row."""

    def __init__(self) -> None:
        self._database: Database | None = None

    def fill(self, database: Database) -> None:
        """Give an empty SQLite database the tables; any other is left to create them itself."""
        if database.raw is None:
            return
        if self._database is None:
            self._database = _made()
        self._database.copy_to(database)

    def close(self) -> None:
        """Give everything back."""
        if self._database is not None:
            self._database.close()
            self._database = None


def _made() -> Database:
    database = sqlite()
    Ministry(make_world(database=database))
    raw = database.raw
    assert raw is not None
    raw.execute("PRAGMA foreign_keys=OFF")
    for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        raw.execute(f"DELETE FROM {table}")
    return database
