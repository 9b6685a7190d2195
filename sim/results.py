"""What a run leaves behind: three tables, a summary and the provenance, together in one folder.

    queries.parquet     a row per code asked: what was asked, what was true, what came back, how long it took
    epidemic.parquet    a row per day up to the day played: the truth, and what the ministry believed
    capacity.parquet    a row per minute of the queue model's day
    summary.json        the numbers people ask for first
    provenance.json     what was run, with what; written last, so a folder that has it is complete

A question is *wrong* if any field of its answer differs from the simulator's truth, and also if it got no
proper answer at all: the verdict "0 wrong" cannot be reached by not answering.

Everything in a summary but the key `measured` follows from scenario and seed, as long as the ministry answers
as it should. Latency is told per HTTP call: the 500 codes of a bulk call waited together, once. Percentiles
are nearest-rank (the smallest value that at least the given share does not exceed), so they are whole
microseconds that really occurred. Moments are microseconds since the local midnight in Turkey.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.provenance import Provenance

Columns: TypeAlias = Mapping[str, Any]
"""Column name to its values: a NumPy array, a list or an Arrow array."""
Summary: TypeAlias = dict[str, Any]
Scalars: TypeAlias = Mapping[str, str | int | float | bool | None]
Integers: TypeAlias = NDArray[np.int64]

CHANNELS = ("employee", "visitor", "single", "plus", "bulk", "bulk-plus", "person", "person-plus")
"""The ways to ask, in the order in which they are shown."""
PROPER_ANSWERS = ("RISKLESS", "RISKY", "hescodenotfound", "hescodehasbeenexpired")
"""What a ministry that works may say about a code; anything else is a failure to answer."""
PERCENTILES = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p99_9": 99.9, "max": 100.0}
SLOWEST = 10
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
STAMP = b"hes_sandbox"
"""The key under which a table's metadata hold the provenance's identity, as JSON."""

QUERIES = pa.schema(
    {
        "at_us": pa.int64(),
        "channel": pa.string(),
        "asker": pa.string(),
        "person": pa.int32(),
        "call": pa.int64(),
        "expected": pa.string(),
        "answered": pa.string(),
        "wrong_fields": pa.string(),
        "latency_us": pa.int64(),
        "status": pa.int16(),
    }
)
EPIDEMIC = pa.schema(
    {
        "day": pa.int16(),
        "date": pa.date32(),
        "susceptible": pa.int64(),
        "exposed": pa.int64(),
        "infectious": pa.int64(),
        "recovered": pa.int64(),
        "new_infections": pa.int64(),
        "reported_cases": pa.int64(),
        "believed_risky": pa.int64(),
    }
)
CAPACITY = pa.schema(
    {
        "minute": pa.int16(),
        "arrivals": pa.int64(),
        "served": pa.int64(),
        "refused": pa.int64(),
        "abandoned": pa.int64(),
        "utilisation": pa.float64(),
        "longest_wait_us": pa.int64(),
    }
)
SCHEMAS = {"queries": QUERIES, "epidemic": EPIDEMIC, "capacity": CAPACITY}


class ResultError(ValueError):
    """Tables that do not fit their schema, or a folder that holds no complete run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The three tables of a run, each exactly as its schema says, without gaps.

    Raises:
        ResultError: on construction, naming all that is wrong at once.
    """

    queries: pa.Table
    """`QUERIES`: a row per code asked. `asker` is an institution's or a person's label, `person` the number of
    the one asked about, `call` the number of the HTTP request, `status` its HTTP status."""
    epidemic: pa.Table
    """`EPIDEMIC`: a row per day, the last one being the day played. People, but for the two that count events
    of the day: new_infections and reported_cases. `believed_risky` is whom the ministry calls RISKY."""
    capacity: pa.Table
    """`CAPACITY`: a row per minute of the day, from the queue model. `utilisation` is the busy share of all
    servers, 0 to 1; `longest_wait_us` the longest wait for a turn among those who arrived in that minute."""

    def __post_init__(self) -> None:
        named = {"queries": self.queries, "epidemic": self.epidemic, "capacity": self.capacity}
        if wrong := [problem for name, table in named.items() for problem in _misfits(name, table)]:
            raise ResultError("; ".join(wrong))

    @classmethod
    def of(cls, *, queries: Columns, epidemic: Columns, capacity: Columns) -> "Tables":
        """Tables from columns, converted where nothing is lost by it.

        Raises:
            ResultError: for a column that is missing, unknown, of another length or type.
        """
        return cls(
            queries=_table("queries", queries),
            epidemic=_table("epidemic", epidemic),
            capacity=_table("capacity", capacity),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A run as `read` finds it in its folder."""

    tables: Tables
    summary: Summary
    provenance: Provenance


def write(folder: Path, tables: Tables, summary: Summary, provenance: Provenance) -> None:
    """Put a run into `folder`, made if need be; a run that was there is replaced.

    Each file appears whole or not at all, and provenance.json last: a run that is killed meanwhile leaves a
    folder that `read` refuses, never one that mixes two runs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    seal = folder / "provenance.json"
    seal.unlink(missing_ok=True)
    stamp = {STAMP: json.dumps(provenance.identity, sort_keys=True).encode()}
    for name, table in (("queries", tables.queries), ("epidemic", tables.epidemic), ("capacity", tables.capacity)):
        with appearing(folder / f"{name}.parquet") as unfinished:
            pq.write_table(table.replace_schema_metadata(stamp), unfinished, compression="zstd")
    for path, content in ((folder / "summary.json", summary), (seal, provenance.record)):
        with appearing(path) as unfinished:
            unfinished.write_bytes(encode(content))


def read(folder: Path) -> Result:
    """Take a run out of its folder.

    Raises:
        ResultError: if there is no complete run, or the tables belong to another run than provenance.json.
    """
    seal = folder / "provenance.json"
    if not seal.is_file():
        raise ResultError(f"{folder} holds no complete run: {seal.name}, written last, is missing; run it again")
    provenance = Provenance.from_record(json.loads(seal.read_bytes()))
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in SCHEMAS}
    for name, table in tables.items():
        if json.loads((table.schema.metadata or {}).get(STAMP, b"null")) != provenance.identity:
            raise ResultError(f"{folder / name}.parquet is from another run than {seal.name}; run it again")
    summary = json.loads((folder / "summary.json").read_bytes())
    return Result(tables=Tables(**tables), summary=summary, provenance=provenance)


@contextmanager
def appearing(path: Path) -> Iterator[Path]:
    """Write a file that appears under its name only when it is whole and on disk; until then, under another."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def encode(content: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys and a final newline: equal content, equal bytes."""
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def headline(summary: Summary) -> str:
    """The verdict: `N answers, K wrong`."""
    return f"{summary['queries']} answers, {summary['wrong']} wrong"


def wrong(queries: pa.Table) -> NDArray[np.bool_]:
    """Which rows of a queries table are wrong: a field differs from the truth, or there was no proper answer."""
    differs = pc.or_(pc.not_equal(queries["wrong_fields"], ""), pc.not_equal(queries["answered"], queries["expected"]))
    return _column(differs).astype(np.bool_)


def calls(queries: pa.Table) -> pa.Table:
    """One row per HTTP call, its first; a call's rows share moment, channel, latency and status."""
    return queries.take(np.unique(_column(queries["call"]), return_index=True)[1])


def summarise(tables: Tables, facts: Scalars, *, measured: Scalars | None = None) -> Summary:
    """The numbers people ask for first.

    `facts` are scalars that follow from scenario and seed, among them `scenario` and `seed`; the others, such
    as parameters, are kept under `facts`. `measured` are scalars that depend on the machine, such as
    `real_seconds`, the time the run took; they are kept under `measured`.

    Raises:
        ResultError: if `scenario` or `seed` is missing, or `real_seconds` is among the facts.
    """
    if missing := {"scenario", "seed"} - facts.keys():
        raise ResultError(f"the facts lack {', '.join(sorted(missing))}")
    if "real_seconds" in facts:
        raise ResultError("real_seconds depends on the machine; pass it in `measured`")
    return {
        "scenario": facts["scenario"],
        "seed": facts["seed"],
        "facts": {name: value for name, value in facts.items() if name not in {"scenario", "seed"}},
        **_asked(tables.queries),
        "epidemic": _epidemic(tables.epidemic),
        "capacity": _capacity(tables.capacity),
        "measured": {**_measured(calls(tables.queries), measured or {}), **(measured or {})},
    }


def latencies(us: Integers) -> dict[str, int] | None:
    """Nearest-rank percentiles of latencies in microseconds; None if there are none."""
    if not us.size:
        return None
    points = np.percentile(us, list(PERCENTILES.values()), method="inverted_cdf")
    return dict(zip(PERCENTILES, map(int, points), strict=True))


def _asked(queries: pa.Table) -> Summary:
    is_wrong, answered = wrong(queries), queries["answered"]
    risky = _column(pc.equal(answered, "RISKY")).astype(np.bool_)
    hours = _column(queries["at_us"]) // HOUR_US
    by_hour = np.bincount(hours, minlength=24)
    return {
        "queries": queries.num_rows,
        "calls": _distinct(queries["call"]),
        "wrong": int(is_wrong.sum()),
        "wrong_by_field": _wrong_by_field(queries.filter(is_wrong)),
        "unanswered": int(queries.num_rows - sum(_counts(answered).get(proper, 0) for proper in PROPER_ANSWERS)),
        "risky_answers": int(risky.sum()),
        "stopped_people": _distinct(queries["person"].filter(risky)),
        "by_channel": {
            channel: {
                "queries": part.num_rows,
                "calls": _distinct(part["call"]),
                "wrong": int(wrong(part).sum()),
                "risky": _counts(part["answered"]).get("RISKY", 0),
            }
            for channel, part in _by_channel(queries)
        },
        "by_answer": _counts(answered),
        "by_status": _counts(queries["status"]),
        "by_hour": {f"{hour:02}": int(count) for hour, count in enumerate(by_hour)},
    }


def _epidemic(days: pa.Table) -> Summary | None:
    if not days.num_rows:
        return None
    rows = days.to_pylist()
    last, peak = rows[-1], max(rows, key=lambda row: row["infectious"])
    return {
        "days": len(rows),
        "first_date": rows[0]["date"].isoformat(),
        "last_date": last["date"].isoformat(),
        "people": sum(last[state] for state in ("susceptible", "exposed", "infectious", "recovered")),
        "infectious": last["infectious"],
        "exposed": last["exposed"],
        "recovered": last["recovered"],
        "believed_risky": last["believed_risky"],
        "new_infections": sum(row["new_infections"] for row in rows),
        "reported_cases": sum(row["reported_cases"] for row in rows),
        "peak_infectious": peak["infectious"],
        "peak_date": peak["date"].isoformat(),
    }


def _capacity(minutes: pa.Table) -> Summary | None:
    if not minutes.num_rows:
        return None
    busy, waits = _column(minutes["utilisation"]), _column(minutes["longest_wait_us"])
    minute = _column(minutes["minute"])
    totals = {name: int(_column(minutes[name]).sum()) for name in ("arrivals", "served", "refused", "abandoned")}
    return {
        **totals,
        "utilisation_peak": float(busy.max()),
        "utilisation_peak_minute": int(minute[busy.argmax()]),
        "longest_wait_us": int(waits.max()),
        "longest_wait_minute": int(minute[waits.argmax()]),
    }


def _measured(each: pa.Table, given: Scalars) -> Summary:
    seconds = given.get("real_seconds")
    by_channel = {channel: latencies(_column(part["latency_us"])) for channel, part in _by_channel(each)}
    return {
        "latency_us": {"all": latencies(_column(each["latency_us"])), "by_channel": by_channel},
        "slowest_minutes": _slowest_minutes(_column(each["at_us"]) // MINUTE_US, _column(each["latency_us"])),
        "real_seconds": seconds,
        "requests_per_second": round(each.num_rows / float(seconds), 1) if seconds else None,
    }


def _slowest_minutes(minute: Integers, latency_us: Integers) -> list[Summary]:
    """The minutes with the highest 99th percentile, then the highest maximum, then the earliest."""
    if not minute.size:
        return []
    order = np.argsort(minute, kind="stable")
    minutes, starts = np.unique(minute[order], return_index=True)
    groups = np.split(latency_us[order], starts[1:])
    rows = [
        {"minute": int(at), "calls": int(group.size), **(latencies(group) or {})}
        for at, group in zip(minutes, groups, strict=True)
    ]
    return sorted(rows, key=lambda row: (-row["p99"], -row["max"], row["minute"]))[:SLOWEST]


def _wrong_by_field(rows: pa.Table) -> dict[str, int]:
    """How often each field was wrong; "answer" stands for a wrong one whose fields nobody named."""
    fields = [field.strip() for text in rows["wrong_fields"].to_pylist() for field in (text or "answer").split(",")]
    return dict(sorted(Counter(fields).items()))


def _by_channel(rows: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each channel that occurs, in the order of `CHANNELS`."""
    for channel in CHANNELS:
        part = rows.filter(pc.equal(rows["channel"], channel))
        if part.num_rows:
            yield channel, part


def _column(values: Any) -> NDArray[Any]:
    return np.asarray(values.to_numpy())


def _counts(values: Any) -> dict[str, int]:
    counted = ((str(row["values"]), int(row["counts"])) for row in values.value_counts().to_pylist())
    return dict(sorted(counted))


def _distinct(values: Any) -> int:
    return int(pc.count_distinct(values).as_py())


def _table(name: str, columns: Columns) -> pa.Table:
    schema = SCHEMAS[name]
    if odd := columns.keys() ^ set(schema.names):
        raise ResultError(f"{name}: columns missing or unknown: {', '.join(sorted(odd))}")
    try:
        return pa.table([pa.array(columns[field.name]).cast(field.type) for field in schema], schema=schema)
    except (pa.ArrowException, ValueError, TypeError, OverflowError) as error:
        raise ResultError(f"{name}: {error}") from error


def _misfits(name: str, table: pa.Table) -> Iterator[str]:
    if not table.schema.equals(SCHEMAS[name]):
        yield f"{name}: the columns are {table.schema.names}, or their types, and not those of its schema"
        return
    for field in table.schema.names:
        if table[field].null_count:
            yield f"{name}: {field} has gaps; every row needs a value"
    if name == "queries" and (unknown := set(_counts(table["channel"])) - set(CHANNELS)):
        yield f"queries: unknown channels {', '.join(sorted(unknown))}; known are {', '.join(CHANNELS)}"
    if name == "queries" and table.num_rows and pc.min(table["at_us"]).as_py() < 0:
        yield "queries: at_us is below 0; moments count from the midnight that begins the day"
