"""The tables of a national run: what their columns are, and a day's tally as rows.

Columns that end in `_us` are microseconds, all other numbers counts. The README lists every table with its columns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mockgov.vocabulary.province import PROVINCES
from sim.results.bins import edges
from sim.results.table import Columns, ResultError, made
from sim.results.tally import CALLS, DOORS, MEASURES, PLATES, SINCE, SOURCES, Tally

WORD = pa.dictionary(pa.int8(), pa.string())
DAY = {"date": pa.date32()}
CALL_COLUMNS = ("calls", "attempts", "answered", "refused", "timed_out", "limited", "shed", "lost", "sojourn_us")
"""A minute of the service: calls that arrived; attempts begun; attempts by their end (`answered` to `shed`); calls
given up (`lost`); time inside, summed over attempts (`sojourn_us`)."""
STATION_COLUMNS = (
    *("arrivals", "refused", "shed", "served", "wasted", "wasted_us", "busy_us", "server_us", "queue_us", "waited_us"),
    "longest_queue",
)
"""A minute of a station: attempts that came, and their fates; server time in use (`busy_us`) of that there was
(`server_us`), and of it that spent for clients who had hung up (`wasted_us`); the number waiting, summed over time, and
the time waited, summed over those who stopped waiting; the longest queue."""

LOAD = pa.schema(
    {
        **DAY,
        "minute": pa.int16(),
        "province": pa.uint8(),
        "channel": WORD,
        "status": WORD,
        **{name: pa.int32() for name in MEASURES},
    }
)
"""Of the calls that began in the minute, the sums; `risky` are answers."""
LATENCY = pa.schema(
    {
        **DAY,
        "hour": pa.int8(),
        "channel": WORD,
        "status": WORD,
        **{name: pa.int64() for name in ("lower_us", "upper_us", "calls")},
    }
)
"""Calls that took from `lower_us` to `upper_us`, both included, from asking to the end, with retries and pauses."""
DOOR_COUNTS = pa.schema({**DAY, "province": pa.uint8(), "channel": WORD, **{name: pa.int64() for name in DOORS}})
"""Answered single calls at doors against the truth; who got no answer there is in none of them."""
DOORS_BY_DAY = pa.schema({**DAY, "days": pa.int8(), "stopped": pa.int64(), "passed": pa.int64()})
"""Infectious people at doors by the days since their infection."""
SOURCE_COUNTS = pa.schema(
    {**DAY, "hour": pa.int8(), "source": WORD, **{name: pa.int64() for name in (*MEASURES, "answered")}}
)
"""By the reason to ask; `answered` are calls."""
SERVICE = pa.schema({**DAY, "minute": pa.int16(), **{name: pa.int64() for name in CALL_COLUMNS}})
STATIONS = pa.schema({**DAY, "minute": pa.int16(), "station": WORD, **{name: pa.int64() for name in STATION_COLUMNS}})
PROVINCE_PEOPLE = pa.schema({"province": pa.uint8(), "name": pa.string(), "people": pa.int64()})
TRACE = pa.schema(
    {**DAY, **{name: pa.from_numpy_dtype(kind) for name, kind in CALLS.items()}, "channel": WORD, "outcome": WORD}
)
"""Finished calls as they are counted, with words for channel and outcome."""
EPIDEMIC_HEAD = {"day": pa.int16(), **DAY, "reported": pa.bool_(), "province": pa.uint8()}
"""The first columns of the epidemic; the others are int64, by the names they are given under."""
SCHEMAS: Mapping[str, pa.Schema] = {
    "load": LOAD,
    "latency": LATENCY,
    "doors": DOOR_COUNTS,
    "doors_by_day": DOORS_BY_DAY,
    "sources": SOURCE_COUNTS,
    "service": SERVICE,
    "stations": STATIONS,
}
"""The tables about queries by the names of their files; a row of each belongs to one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the numbers in calls stand for."""

    channels: tuple[str, ...]
    bulk: frozenset[str]
    """The channels whose calls ask about many."""
    statuses: tuple[str, ...]
    """How calls end; the first is an answer, the others are none."""
    sources: Mapping[int, str]
    """Why somebody asks."""
    doorless: frozenset[str] = frozenset()
    """The sources whose people stand at no door while they are asked about."""

    def __post_init__(self) -> None:
        """Refuse words that do not fit one another."""
        problems = []
        if odd := self.bulk - set(self.channels):
            problems.append(f"bulk: {', '.join(sorted(odd))} is none of the channels")
        if not all(0 <= number < SOURCES for number in self.sources):
            problems.append(f"sources must be numbered from 0 to {SOURCES - 1}")
        if odd := self.doorless - set(self.sources.values()):
            problems.append(f"doorless: {', '.join(sorted(odd))} is none of the sources")
        if problems:
            raise ValueError("; ".join(problems))

    def tally(self) -> Tally:
        """An empty one."""
        is_bulk = [channel in self.bulk for channel in self.channels]
        doorless = [number for number, source in self.sources.items() if source in self.doorless]
        return Tally(is_bulk, [place == 0 for place in range(len(self.statuses))], doorless)


def epidemic_rows(number: int, day: date, totals: Mapping[str, NDArray[np.int64]], *, reported: bool) -> pa.Table:
    """A day's rows, one for each province, from columns by plate.

    Raises:
        ResultError: for a column that is not of 82 integers.
    """
    if odd := [name for name, column in totals.items() if column.shape != (PLATES,) or column.dtype.kind not in "iu"]:
        raise ResultError(f"epidemic: {', '.join(odd)} must be {PLATES} integers, one for each plate from 0")
    head = {
        "day": np.full(PLATES - 1, number, np.int16),
        "date": _dates(day, PLATES - 1),
        "reported": np.full(PLATES - 1, reported),
        "province": np.arange(1, PLATES, dtype=np.uint8),
    }
    schema = pa.schema({**EPIDEMIC_HEAD, **dict.fromkeys(totals, pa.int64())})
    return made("epidemic", schema, {**head, **{name: column[1:] for name, column in totals.items()}})


def minute_rows(
    day: date, calls: Mapping[str, NDArray[np.int64]], stations: Mapping[str, Mapping[str, NDArray[np.int64]]]
) -> dict[str, pa.Table]:
    """A day's minutes of the service and of its stations, from columns with an entry for each minute.

    Raises:
        ResultError: for a column that is missing, unknown or of another length.
    """
    count = next(iter(calls.values())).size
    minute = np.arange(count, dtype=np.int16)
    service = made("service", SERVICE, {"date": _dates(day, count), "minute": minute, **calls})
    names = [str(station) for station in stations]
    parts = [
        made(
            "stations",
            STATIONS,
            {"date": _dates(day, count), "minute": minute, "station": _words(np.full(count, place), names), **columns},
        )
        for place, columns in enumerate(stations.values())
    ]
    return {"service": service, "stations": pa.concat_tables(parts) if parts else STATIONS.empty_table()}


def tally_rows(day: date, tally: Tally, words: Words) -> dict[str, pa.Table]:
    """A day's tally as tables, with a row for each cell in which there is something."""
    minute, plate, channel, status = np.nonzero(tally.load[..., 0])
    load: dict[str, Any] = {"minute": minute.astype(np.int16), "province": plate.astype(np.uint8)}
    load |= {"channel": _words(channel, words.channels), "status": _words(status, words.statuses)}
    sums = tally.load[minute, plate, channel, status]
    load |= {name: sums[:, n] for n, name in enumerate(MEASURES)}
    hour, channel, status, bins = tally.latency.nonzero()
    lower, upper = edges(bins.astype(np.int64))
    latency = {"hour": hour.astype(np.int8), "channel": _words(channel, words.channels)}
    latency |= {"status": _words(status, words.statuses), "lower_us": lower, "upper_us": upper}
    latency["calls"] = tally.latency[hour, channel, status, bins]
    plate, channel = np.nonzero(tally.doors.sum(axis=2))
    doors = {"province": plate.astype(np.uint8), "channel": _words(channel, words.channels)}
    doors |= {name: tally.doors[plate, channel, n] for n, name in enumerate(DOORS)}
    hour, source = np.nonzero(tally.sources[..., 0])
    named = [words.sources.get(number, f"source {number}") for number in range(SOURCES)]
    sources = {"hour": hour.astype(np.int8), "source": _words(source, named)}
    sources |= {name: tally.sources[hour, source, n] for n, name in enumerate((*MEASURES, "answered"))}
    by_day = {"days": np.arange(SINCE, dtype=np.int8), "stopped": tally.since[:, 0], "passed": tally.since[:, 1]}
    columns: dict[str, Columns] = {"load": load, "latency": latency, "doors": doors, "doors_by_day": by_day}
    columns["sources"] = sources
    return {
        name: made(name, SCHEMAS[name], {"date": _dates(day, len(next(iter(given.values())))), **given})
        for name, given in columns.items()
    }


def trace_rows(day: date, calls: Mapping[str, NDArray[Any]], words: Words) -> pa.Table:
    """Finished calls as rows of the trace, in the order given."""
    named = {"channel": _words(calls["channel"], words.channels), "outcome": _words(calls["outcome"], words.statuses)}
    given = {name: calls[name] for name in CALLS}
    return made("trace", TRACE, {"date": _dates(day, calls["at_us"].size), **given, **named})


def province_rows(people: NDArray[np.int64]) -> pa.Table:
    """The provinces and how many live in each, from a column by plate."""
    columns = {"province": range(1, PLATES), "name": [each.name for each in PROVINCES], "people": people[1:]}
    return made("provinces", PROVINCE_PEOPLE, columns)


def _dates(day: date, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(day, pa.date32()), count)


def _words(numbers: NDArray[Any], words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(numbers.astype(np.int8), list(words))
