"""A folder of worlds on disk: each a folder with its database, and its snapshots beside that.

Whatever is made, dropped or put back is so by one rename, after the bytes have reached the disk: a server that is
killed finds each world whole, or not at all. What it was making is cleared away when the next one begins.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from mockgov.database import Database, sqlite
from mockgov.world import FILE
from mockgov.worlds.premises import Close
from mockgov.worlds.refusals import DataInUseError

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
"""A world's name, or a snapshot's."""
MAKING, DROPPED = ".making", ".dropped"
"""Ends of the names of what is not yet, or no longer, there."""
SNAPSHOTS = "snapshots"
SUFFIX = ".sqlite"


class Folder:
    """A data folder; one server at a time works on it."""

    def __init__(self, data: Path) -> None:
        """Raises `DataInUseError`."""
        self._data = data
        data.mkdir(parents=True, exist_ok=True)
        self._lock = (data / ".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise DataInUseError(f"Another server works on {data}. Stop it, or give another --data folder.") from None
        for suffix in (MAKING, DROPPED):
            for left in (*data.glob(f".*{suffix}"), *data.glob(f"*/{SNAPSHOTS}/.*{suffix}*")):
                shutil.rmtree(left) if left.is_dir() else left.unlink()

    def found(self) -> Mapping[str, Path]:
        """The folders with a world's file in them."""
        folders = sorted(path.parent for path in self._data.glob(f"*/{FILE}"))
        return {folder.name: folder for folder in folders if NAME.fullmatch(folder.name)}

    def is_taken(self, name: str) -> bool:
        """Whether somebody else's folder has the name."""
        return (self._data / name).exists()

    @contextmanager
    def begun(self, name: str) -> Iterator[Database]:
        """A database in a folder whose name says that it is being made."""
        folder = self._making(name)
        folder.mkdir()
        database = sqlite(folder / FILE)
        try:
            yield database
        except BaseException:
            database.close()
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def finished(self, name: str, database: Database) -> Database:
        """The folder gets its name."""
        database.close()
        self._making(name).replace(self._data / name)
        _flush(self._data)
        return sqlite(self._data / name / FILE)

    def copied(self, source: Database, name: str) -> Database:
        """A copy of the file, in a new folder."""
        folder = self._making(name)
        folder.mkdir()
        try:
            source.copy_to_file(folder / FILE)
            folder.replace(self._data / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _flush(self._data)
        return sqlite(self._data / name / FILE)

    def put_back(self, name: str, source: Database, close: Close) -> Database:
        """A copy of the file takes the place of the other, in which everything is."""
        making, place = self._making(name), self._data / name / FILE
        try:
            source.copy_to_file(making)
            close()
            for left in ("-wal", "-shm"):  # of the file that goes; behind the new one they would be read as its own
                place.with_name(f"{FILE}{left}").unlink(missing_ok=True)
            making.replace(place)
        finally:
            making.unlink(missing_ok=True)
        _flush(place.parent)
        return sqlite(self._data / name / FILE)

    def drop(self, name: str) -> None:
        """Away with the folder, and all that is in it."""
        gone = self._data / f".{name}{DROPPED}"
        (self._data / name).replace(gone)
        shutil.rmtree(gone)

    def snapshots(self, name: str) -> Mapping[str, int]:
        """The files among the snapshots, by name."""
        found = sorted((self._data / name / SNAPSHOTS).glob(f"[!.]*{SUFFIX}"))
        return {path.name.removesuffix(SUFFIX): path.stat().st_size for path in found}

    def keep(self, name: str, snapshot: str, source: Database) -> None:
        """A copy of the file."""
        place = self._snapshot(name, snapshot)
        place.parent.mkdir(exist_ok=True)
        making = place.with_name(f".{snapshot}{MAKING}")
        try:
            source.copy_to_file(making)
            making.replace(place)
        finally:
            making.unlink(missing_ok=True)
        _flush(place.parent)

    @contextmanager
    def snapshot(self, name: str, snapshot: str) -> Iterator[Database]:
        """The file, opened for a while."""
        database = sqlite(self._snapshot(name, snapshot))
        try:
            yield database
        finally:
            database.close()

    def forget(self, name: str, snapshot: str) -> None:
        """Away with the file."""
        self._snapshot(name, snapshot).unlink()

    def close(self) -> None:
        """Let another server come."""
        self._lock.close()

    def _making(self, name: str) -> Path:
        return self._data / f".{name}{MAKING}"

    def _snapshot(self, name: str, snapshot: str) -> Path:
        return self._data / name / SNAPSHOTS / f"{snapshot}{SUFFIX}"


def _flush(folder: Path) -> None:
    """Have a folder's names on the disk, where a system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
