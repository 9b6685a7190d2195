"""What a played day leaves: three tables, and the numbers people ask for first."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.provenance import Provenance
from sim.results.folder import Scalars, Summary, told_apart, unpacked
from sim.results.table import Columns, ResultError, made, misfits

Integers: TypeAlias = NDArray[np.int64]

CHANNELS = (
    *("employee", "visitor", "single", "plus", "bulk", "bulk-plus", "person", "person-plus", "edevlet", "edevlet-bulk"),
    *("make-app", "make-sms", "make-edevlet"),
)
"""The ways to ask, and to make codes, in the order in which they are shown."""
MADE = "MADE"
"""What is said of a code that has been made."""
PROPER_ANSWERS = ("RISKLESS", "RISKY", "hescodenotfound", "hescodehasbeenexpired", MADE)
"""What a ministry that works may say about a code, or of one that it makes; anything else is a failure to answer."""
PERCENTILES = {"p50": 50.0, "p90": 90.0, "p99": 99.0, "p99_9": 99.9, "max": 100.0}
SLOWEST = 10
HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000

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
        if wrong := [problem for name, table in self.named.items() for problem in _misfits(name, table)]:
            raise ResultError("; ".join(wrong))

    @property
    def named(self) -> dict[str, pa.Table]:
        """Each by the name of its file."""
        return {"queries": self.queries, "epidemic": self.epidemic, "capacity": self.capacity}

    @classmethod
    def of(cls, *, queries: Columns, epidemic: Columns, capacity: Columns) -> "Tables":
        """Tables from columns, converted where nothing is lost by it.

        Raises:
            ResultError: for a column that is missing, unknown, of another length or type.
        """
        return cls(
            queries=made("queries", QUERIES, queries),
            epidemic=made("epidemic", EPIDEMIC, epidemic),
            capacity=made("capacity", CAPACITY, capacity),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A run as `read` finds it in its folder."""

    tables: Tables
    summary: Summary
    provenance: Provenance


def read(folder: Path) -> Result:
    """Take a day's run out of its folder.

    Raises:
        ResultError: if there is no complete run, or the tables belong to another run than provenance.json.
    """
    tables, summary, provenance = unpacked(folder, SCHEMAS)
    return Result(tables=Tables(**tables), summary=summary, provenance=provenance)


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
    return {
        **told_apart(facts),
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


def _misfits(name: str, table: pa.Table) -> Iterator[str]:
    found = list(misfits(name, SCHEMAS[name], table))
    yield from found
    if found or name != "queries":
        return
    if unknown := set(_counts(table["channel"])) - set(CHANNELS):
        yield f"queries: unknown channels {', '.join(sorted(unknown))}; known are {', '.join(CHANNELS)}"
    if table.num_rows and pc.min(table["at_us"]).as_py() < 0:
        yield "queries: at_us is below 0; moments count from the midnight that begins the day"
