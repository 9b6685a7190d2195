"""What a national run leaves: tables by day, province, minute and channel, read back within bounded memory.

    epidemic.parquet      a row per day and province, as of the evening; days of the warm-up are not `reported`
    load.parquet          a row per day, minute, province, channel and status: calls, codes, attempts, risky answers
    latency.parquet       a row per day, hour, channel, status and bin of time (at most 1.6 % wide): calls
    doors.parquet         a row per day, province and channel: answered single calls at doors, against the truth
    doors_by_day.parquet  a row per day and days since infection: the infectious at doors, stopped or passed
    sources.parquet       a row per day, hour and reason to ask; `answered` are calls
    service.parquet       a row per day and minute of the service
    stations.parquet      a row per day, minute and station of the service
    provinces.parquet     a row per province: its people
    trace.parquet         a row per call, where it was asked for
    summary.json, provenance.json

Days without queries have no rows but in the epidemic. Calls belong to the minute in which they began.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.provenance import Provenance
from sim.results.folder import STAMP, Summary
from sim.results.nation_tables import EPIDEMIC_HEAD, SCHEMAS
from sim.results.table import ResultError
from sim.results.tally import MEASURES, MINUTES, PLATES

Counts: TypeAlias = NDArray[np.int64]

EPIDEMIC = pa.schema(EPIDEMIC_HEAD)
"""The epidemic of a run without a day."""
SMALL = ("epidemic", "latency", "doors", "doors_by_day", "sources", "service", "stations", "provinces")
"""The tables that are read whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadDay:
    """A day's load, summed up over provinces and over minutes; the last axis is `MEASURES`."""

    channels: tuple[str, ...]
    statuses: tuple[str, ...]
    by_minute: Counts
    """[minute, channel, status, measure]"""
    by_province: Counts
    """[plate, channel, status, measure]"""

    def of(self, measure: str) -> Counts:
        """By minute, channel and status."""
        return self.by_minute[..., MEASURES.index(measure)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NationTables:
    """The tables of a national run: the small ones whole, the load as sums of each day."""

    epidemic: pa.Table
    latency: pa.Table
    doors: pa.Table
    doors_by_day: pa.Table
    sources: pa.Table
    service: pa.Table
    stations: pa.Table
    provinces: pa.Table
    load: Mapping[date, LoadDay]

    @property
    def people(self) -> Counts:
        """By plate, 82 entries."""
        counts = np.zeros(PLATES, np.int64)
        counts[column(self.provinces, "province")] = column(self.provinces, "people")
        return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class NationResult:
    """A run as `read_nation` finds it in its folder."""

    tables: NationTables
    summary: Summary
    provenance: Provenance
    folder: Path


def read_nation(folder: Path) -> NationResult:
    """Take a national run out of its folder.

    Raises:
        ResultError: if there is no complete run, or the tables belong to another run than provenance.json.
    """
    seal = folder / "provenance.json"
    if not seal.is_file():
        raise ResultError(f"{folder} holds no complete run: {seal.name}, written last, is missing; run it again")
    provenance = Provenance.from_record(json.loads(seal.read_bytes()))
    names = (*SMALL, "load")
    if missing := [name for name in names if not (folder / f"{name}.parquet").is_file()]:
        raise ResultError(f"{folder} is of another kind of run: it has no {', '.join(missing)}")
    for name in names:
        stamp = (pq.read_schema(folder / f"{name}.parquet").metadata or {}).get(STAMP, b"null")
        if json.loads(stamp) != provenance.identity:
            raise ResultError(f"{folder / name}.parquet is from another run than {seal.name}; run it again")
    summary = json.loads((folder / "summary.json").read_bytes())
    return NationResult(tables=opened(folder), summary=summary, provenance=provenance, folder=folder)


def opened(folder: Path) -> NationTables:
    """The tables in a folder, complete or not."""
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in SMALL}
    return NationTables(**tables, load=_load(folder / "load.parquet"))


def column(table: pa.Table, name: str) -> NDArray[Any]:
    """A column as an array; words are text, and dates are `datetime64[D]`."""
    values = table[name]
    if pa.types.is_dictionary(values.type):
        values = values.cast(pa.string())
    return np.asarray(values.to_numpy())


def _load(path: Path) -> dict[date, LoadDay]:
    """The load summed up by day, read a row group at a time."""
    days: dict[date, LoadDay] = {}
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group)
            for day in np.unique(column(rows, "date")):
                _add(days, rows.filter(pa.array(column(rows, "date") == day)), day.astype(object))
    return days


def _add(days: dict[date, LoadDay], rows: pa.Table, day: date) -> None:
    words = [rows[name].combine_chunks() for name in ("channel", "status")]
    words = [word.chunk(0) if isinstance(word, pa.ChunkedArray) else word for word in words]
    if day not in days:
        channels, statuses = (tuple(word.dictionary.to_pylist()) for word in words)
        shape = (len(channels), len(statuses), len(MEASURES))
        minutes, plates = np.zeros((MINUTES, *shape), np.int64), np.zeros((PLATES, *shape), np.int64)
        days[day] = LoadDay(channels=channels, statuses=statuses, by_minute=minutes, by_province=plates)
    channel, status = (np.asarray(word.indices) for word in words)
    sums = np.stack([column(rows, name) for name in MEASURES], axis=1).astype(np.int64)
    np.add.at(days[day].by_minute, (column(rows, "minute"), channel, status), sums)
    np.add.at(days[day].by_province, (column(rows, "province"), channel, status), sums)


__all__ = ["SCHEMAS", "LoadDay", "NationResult", "NationTables", "column", "opened", "read_nation"]
