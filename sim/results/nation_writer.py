"""Writes a national run while it goes on: each day its own small files, in the end joined to one for each table.

    epidemic_day(day, …)                              every day
    calls(day, …) …  minutes(day, …)  end_day(day)    days with queries: chunks of finished calls, the service, the end

Memory holds one day's tally, some 100 MB, whatever the number of calls and days. What a day left is on disk when its
method returns, so a run that goes on from a checkpoint, with `goes_on_from`, ends with the same tables as one that was
never broken off.
"""

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.provenance import Provenance
from sim.results.folder import STAMP, Scalars, Summary, appearing, encode
from sim.results.nation import EPIDEMIC, opened
from sim.results.nation_summary import Outage, summarise_nation
from sim.results.nation_tables import (
    SCHEMAS,
    TRACE,
    Words,
    epidemic_rows,
    minute_rows,
    province_rows,
    tally_rows,
    trace_rows,
)
from sim.results.table import ResultError
from sim.results.tally import PLATES, Tally, checked


class NationWriter:
    """A run's folder while it is being filled.

    `people` are the inhabitants by plate, 82 entries. `trace` keeps a row for every call. A run that goes on keeps what
    it left before the day `goes_on_from`; any other begins anew.

    Raises:
        ResultError: if what was left there is of another run, or `people` has another length.
    """

    def __init__(
        self,
        folder: Path,
        provenance: Provenance,
        words: Words,
        people: NDArray[np.int64],
        *,
        trace: bool = False,
        goes_on_from: date | None = None,
    ) -> None:
        if people.shape != (PLATES,):
            raise ResultError(f"people must have {PLATES} entries, one for each plate from 0")
        self._folder, self._provenance, self._words, self._people = folder, provenance, words, people
        self._stamp = {STAMP: json.dumps(provenance.identity, sort_keys=True).encode()}
        self._parts = folder / "parts"
        self._names = ("epidemic", *SCHEMAS, *(("trace",) if trace else ()))
        self._trace: pq.ParquetWriter | None = None
        self._open = ExitStack()
        self._today: tuple[date, Tally] | None = None
        (folder / "provenance.json").unlink(missing_ok=True)
        self._clear(goes_on_from)
        self._epidemic = self._known()

    def epidemic_day(self, day: date, totals: Mapping[str, NDArray[np.int64]], *, reported: bool = True) -> None:
        """The evening of a day: columns by plate, the same on every day; `reported` is no for a day of the warm-up.

        Raises:
            ResultError: for columns of another length or type, or other ones than on the first day.
        """
        number = (day - self._epidemic[0]).days if self._epidemic else 0
        rows = epidemic_rows(number, day, totals, reported=reported)
        if self._epidemic is None:
            self._epidemic = (day, rows.schema)
        elif not rows.schema.equals(self._epidemic[1]):
            raise ResultError(f"epidemic: {day} has other columns than the first day, {self._epidemic[0]}")
        self._part("epidemic", day, rows)

    def calls(self, day: date, calls: Mapping[str, NDArray[Any]]) -> None:
        """Finished calls of a day, as many at a time as one likes and in any order: columns as `CALLS` says.

        Raises:
            ResultError: for columns that do not fit, values out of range, or a day while another is not ended.
        """
        tally = self._tally(day)
        tally.add(checked(calls))
        if "trace" in self._names:
            if self._trace is None:
                unfinished = self._open.enter_context(appearing(self._path("trace", day)))
                self._trace = self._open.enter_context(self._writer(unfinished, TRACE))
            self._trace.write_table(trace_rows(day, calls, self._words))

    def minutes(
        self,
        day: date,
        calls: Mapping[str, NDArray[np.int64]],
        stations: Mapping[str, Mapping[str, NDArray[np.int64]]],
    ) -> None:
        """A day's service minute by minute from midnight: `CALL_COLUMNS`, and `STATION_COLUMNS` of each station.

        Raises:
            ResultError: for columns that are missing, unknown or of another length.
        """
        for name, rows in minute_rows(day, calls, stations).items():
            self._part(name, day, rows)

    def end_day(self, day: date) -> None:
        """All calls of a day have been told."""
        tally = self._tally(day)
        self._open.close()
        self._trace, self._today = None, None
        for name, rows in tally_rows(day, tally, self._words).items():
            self._part(name, day, rows)

    def abandon(self) -> None:
        """Forget a day that is not ended; what earlier days left stays."""
        self._open.pop_all()
        self._trace, self._today = None, None

    def finish(self, facts: Scalars, measured: Scalars, *, outages: Sequence[Outage] = ()) -> Summary:
        """Join the days' files, sum up, and seal the folder; `facts` and `measured` as in `sim.results.summarise`.

        Raises:
            ResultError: if a day is not ended, or `facts` lack scenario or seed.
        """
        if self._today is not None:
            raise ResultError(f"{self._today[0]} is not ended; call end_day")
        self._require_whole()
        for name in self._names:
            self._join(name)
        with appearing(self._folder / "provinces.parquet") as unfinished:
            pq.write_table(province_rows(self._people).replace_schema_metadata(self._stamp), unfinished)
        if "trace" not in self._names:
            (self._folder / "trace.parquet").unlink(missing_ok=True)
        summary = summarise_nation(opened(self._folder), facts, outages=outages, measured=measured)
        for name, content in (("summary.json", summary), ("provenance.json", self._provenance.record)):
            with appearing(self._folder / name) as unfinished:
                unfinished.write_bytes(encode(content))
        shutil.rmtree(self._parts)
        return summary

    def _tally(self, day: date) -> Tally:
        if self._today is None:
            self._today = (day, self._words.tally())
        if self._today[0] != day:
            raise ResultError(f"{day} begins while {self._today[0]} is not ended; call end_day")
        return self._today[1]

    def _path(self, name: str, day: date) -> Path:
        return self._parts / f"{name}.{day}.parquet"

    def _writer(self, path: Path, schema: pa.Schema) -> pq.ParquetWriter:
        many = {"at_us", "ended_us", "person"}  # as good as all different: a dictionary of them takes time and room
        few = [name for name in schema.names if name not in many]
        return pq.ParquetWriter(path, schema.with_metadata(self._stamp), compression="zstd", use_dictionary=few)

    def _part(self, name: str, day: date, rows: pa.Table) -> None:
        with appearing(self._path(name, day)) as unfinished:
            pq.write_table(rows.replace_schema_metadata(self._stamp), unfinished, compression="zstd")

    def _left(self, name: str) -> list[Path]:
        """A table's files by day."""
        return sorted(self._parts.glob(f"{name}.*.parquet"))

    def _require_whole(self) -> None:
        """Refuse days that another run has left here meanwhile, and gaps between days."""
        for name in self._names:
            for path in self._left(name):
                self._require_own(path)
        days = [date.fromisoformat(path.name.split(".")[-2]) for path in self._left("epidemic")]
        if days and days[-1] - days[0] != timedelta(days=len(days) - 1):
            raise ResultError(f"{self._parts} lacks days between {days[0]} and {days[-1]}; run it again with --fresh")

    def _require_own(self, path: Path) -> None:
        if (pq.read_schema(path).metadata or {}).get(STAMP) != self._stamp[STAMP]:
            raise ResultError(f"{path} is of another run; run it again from the beginning, with --fresh")

    def _join(self, name: str) -> None:
        """One file of the days', in their order, a row group at a time."""
        parts = self._left(name)
        schema = {**SCHEMAS, "trace": TRACE}.get(name) or (self._epidemic[1] if self._epidemic else EPIDEMIC)
        with appearing(self._folder / f"{name}.parquet") as unfinished:
            if len(parts) == 1:
                shutil.copyfile(parts[0], unfinished)
                return
            with self._writer(unfinished, schema) as joined:
                for rows in _merged(_groups(parts), schema):
                    joined.write_table(rows)

    def _clear(self, goes_on_from: date | None) -> None:
        """Keep what days before it left, if it is this run's."""
        if goes_on_from is None:
            shutil.rmtree(self._parts, ignore_errors=True)
        self._parts.mkdir(parents=True, exist_ok=True)
        for path in self._parts.iterdir():
            day = path.name.split(".")[-2]
            if path.name.startswith(".") or (goes_on_from is not None and day >= goes_on_from.isoformat()):
                path.unlink()
            else:
                self._require_own(path)

    def _known(self) -> tuple[date, pa.Schema] | None:
        """The first day and the columns of the epidemic, if a day has been kept."""
        if not (left := self._left("epidemic")):
            return None
        return date.fromisoformat(left[0].name.split(".")[-2]), pq.read_schema(left[0]).remove_metadata()


MERGED_ROWS = 1 << 20
"""Rows of a row group, at least, but for the last."""


def _groups(parts: Iterable[Path]) -> Iterator[pa.Table]:
    for part in parts:
        with pq.ParquetFile(part) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group)


def _merged(tables: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """The same rows in fewer, larger tables."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table.replace_schema_metadata(None).cast(schema))
        if sum(each.num_rows for each in waiting) >= MERGED_ROWS:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)
