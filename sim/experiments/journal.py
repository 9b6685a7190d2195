"""The record of finished runs: a file to which each batch is appended and forced to disk as soon as it is there.

So whatever is killed afterwards, a worker, the scheduler, this program or the machine, the runs on record stay. A
last line that was being written when the machine stopped is cut off when the journal is opened again.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

FILE = "runs.jsonl"


class Row(NamedTuple):
    """What came of a run: numbers, or why there are none."""

    key: str
    numbers: Mapping[str, float | None]
    failure: str


class JournalError(ValueError):
    """A journal that cannot be read."""


class Journal:
    """The runs of an experiment's folder, which is made if need be; without a folder they are kept in memory."""

    def __init__(self, folder: Path | None = None) -> None:
        self._rows: dict[str, Row] = {}
        self._path = None if folder is None else folder / FILE
        if self._path is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._open(self._path)

    def rows(self) -> dict[str, Row]:
        """All that is on record, by key."""
        return dict(self._rows)

    def append(self, rows: Sequence[Row]) -> None:
        """Put runs on record; when this returns, they are on disk."""
        self._rows |= {row.key: row for row in rows}
        if self._path is None:
            return
        told = "".join(json.dumps(row._asdict(), ensure_ascii=False, allow_nan=False) + "\n" for row in rows)
        with self._path.open("ab") as file:
            file.write(told.encode())
            file.flush()
            os.fsync(file.fileno())

    def _open(self, path: Path) -> None:
        with path.open("a+b") as file:
            file.seek(0)
            content = file.read()
            whole = content.rfind(b"\n") + 1
            if whole < len(content):
                file.truncate(whole)
        for number, line in enumerate(content[:whole].splitlines(), 1):
            try:
                row = Row(**json.loads(line))
            except (ValueError, TypeError) as error:
                raise JournalError(f"{path}, line {number} is damaged: {error}; delete the line") from error
            self._rows[row.key] = row
