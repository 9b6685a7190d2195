"""What months on the onboarding road leave: two tables, and the numbers people ask for first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sim.provenance import Provenance
from sim.results.folder import Scalars, Summary, told_apart, unpacked
from sim.results.table import Columns, ResultError, made, misfits

DAY_US = 86_400_000_000
NEVER = -1
"""The moment of what has not happened."""
STEPS = ("signed", "sent", "registered", "decided", "test_access", "completed", "live", "confirmed")
"""An applicant's moments after it begins, in the order of the road."""
DESKS = ("letters", "evaluation", "access", "support")
"""In the order in which they are shown."""
FULL = 0.95
"""A desk's day counts as full from this share on."""

INSTITUTIONS = pa.schema(
    {
        "institution": pa.string(),
        "kind": pa.string(),
        "channel": pa.string(),
        "staff": pa.int32(),
        "branch_staff": pa.int32(),
        "week": pa.date32(),
        "begun_us": pa.int64(),
        **{f"{step}_us": pa.int64() for step in STEPS},
        "ended_us": pa.int64(),
        "outcome": pa.string(),
        "letters": pa.int16(),
        "returns": pa.string(),
        "refusals": pa.int16(),
        "rule": pa.string(),
        "questions": pa.int16(),
        "notices": pa.int16(),
    }
)
DESK_DAYS = pa.schema(
    {
        "day": pa.int16(),
        "date": pa.date32(),
        "desk": pa.string(),
        "clerks": pa.int32(),
        "arrived": pa.int64(),
        "begun": pa.int64(),
        "done": pa.int64(),
        "backlog": pa.int64(),
        "open_us": pa.int64(),
        "busy_us": pa.int64(),
        "utilisation": pa.float64(),
        "waited_us": pa.int64(),
        "longest_wait_us": pa.int64(),
    }
)
SCHEMAS = {"institutions": INSTITUTIONS, "desks": DESK_DAYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadTables:
    """The two tables of a run on the road, each exactly as its schema says, without gaps.

    Raises:
        ResultError: on construction, naming all that is wrong at once.
    """

    institutions: pa.Table
    """`INSTITUTIONS`: a row per applicant, in the order in which they begin. `week` is the Monday of the week in which
    it begins; `channel` is how its letters travel; moments are microseconds since the first day's midnight, NEVER for
    what has not happened; `ended_us` is when it was refused or gave up. `returns` has the rule of each returned letter,
    with commas; `rule` that of the last refusal, or nothing."""
    desks: pa.Table
    """`DESK_DAYS`: a row per calendar day and desk. `backlog` is what waits or is in work at midnight; `waited_us` and
    `longest_wait_us` are office time, of the pieces begun that day; `utilisation` is the clerks' busy share of the
    day's office time, over 1 while somebody who is no longer counted finishes."""

    def __post_init__(self) -> None:
        """Refuse tables that do not fit."""
        if wrong := [problem for name, table in self.named.items() for problem in misfits(name, SCHEMAS[name], table)]:
            raise ResultError("; ".join(wrong))

    @property
    def named(self) -> dict[str, pa.Table]:
        """Each by the name of its file."""
        return {"institutions": self.institutions, "desks": self.desks}

    @classmethod
    def of(cls, *, institutions: Columns, desks: Columns) -> "RoadTables":
        """Tables from columns, converted where nothing is lost by it.

        Raises:
            ResultError: for a column that is missing, unknown, of another length or type.
        """
        return cls(institutions=made("institutions", INSTITUTIONS, institutions), desks=made("desks", DESK_DAYS, desks))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadResult:
    """A run as `read_road` finds it in its folder."""

    tables: RoadTables
    summary: Summary
    provenance: Provenance


def read_road(folder: Path) -> RoadResult:
    """Take a run on the road out of its folder.

    Raises:
        ResultError: if there is no complete run, or the tables belong to another run than provenance.json.
    """
    tables, summary, provenance = unpacked(folder, SCHEMAS)
    return RoadResult(tables=RoadTables(**tables), summary=summary, provenance=provenance)


def summarise_road(
    tables: RoadTables, facts: Scalars, *, compared: Sequence[Summary] = (), measured: Scalars | None = None
) -> Summary:
    """The numbers people ask for first; `facts` and `measured` as in `sim.results.summarise`.

    `compared` are what `comparison` says of the same run with something changed.

    Raises:
        ResultError: if `scenario` or `seed` is missing, or `real_seconds` is among the facts.
    """
    rows = tables.institutions.to_pylist()
    desks = {desk: _desk(tables.desks, desk) for desk in DESKS}
    waited = {desk: part["waited_us"] for desk, part in desks.items() if part is not None}
    return {
        **told_apart(facts),
        "institutions": len(rows),
        "outcomes": _counted(row["outcome"] for row in rows),
        "until_live": until_live(rows),
        "by_kind": _grouped(rows, "kind"),
        "by_week": _grouped(rows, "week"),
        "by_channel": _grouped(rows, "channel"),
        "letters": sum(row["letters"] for row in rows),
        "returned": _counted(rule for row in rows for rule in row["returns"].split(",") if rule),
        "refused": _counted(row["rule"] for row in rows if row["rule"]),
        "desks": desks,
        "bottleneck": max(waited, key=lambda desk: waited[desk]) if any(waited.values()) else None,
        "what_if": list(compared),
        "measured": dict(measured or {}),
    }


def comparison(name: str, words: str, tables: RoadTables) -> Summary:
    """One line of a comparison: what a run with something changed makes of the same institutions."""
    waited = {desk: int(np.sum(_of(tables.desks, desk, "waited_us"))) for desk in DESKS}
    rows = tables.institutions.to_pylist()
    by_kind = {kind: group["days"]["p50"] for kind, group in _grouped(rows, "kind").items() if group["live"]}
    return {"name": name, "words": words, **until_live(rows), "half_by_kind": by_kind, "waited_us": waited}


def until_live(rows: Sequence[Mapping[str, Any]]) -> Summary:
    """How many went live, and after how many calendar days from their beginning: nearest-rank, to a hundredth."""
    us = sorted(row["live_us"] - row["begun_us"] for row in rows if row["live_us"] != NEVER)
    points = {"p50": 50, "p90": 90, "max": 100}
    days = {
        name: round(us[-(-len(us) * point // 100) - 1] / DAY_US, 2) if us else None for name, point in points.items()
    }
    return {"live": len(us), "days": days}


def _grouped(rows: Sequence[Mapping[str, Any]], column: str) -> dict[str, Summary]:
    """The same for each value of a column, with how many began, were ever returned, and were refused for good."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return {
        str(value): {
            "begun": len(group),
            "returned": sum(bool(row["returns"]) for row in group),
            "refused": sum(row["outcome"] == "refused" for row in group),
            **until_live(group),
        }
        for value, group in sorted(groups.items())
    }


def _desk(days: pa.Table, desk: str) -> Summary | None:
    """A desk from its first piece to its last; None if it had none."""
    column = {name: _of(days, desk, name) for name in DESK_DAYS.names}
    used = np.flatnonzero(column["busy_us"] + column["arrived"])
    if not used.size:
        return None
    column = {name: values[used[0] : used[-1] + 1] for name, values in column.items()}
    peak, at_work = int(column["backlog"].argmax()), int((column["clerks"] * column["open_us"]).sum())
    begun = int(column["begun"].sum())
    return {
        "pieces": int(column["arrived"].sum()),
        "clerks_most": int(column["clerks"].max()),
        "waited_us": int(column["waited_us"].sum()),
        "mean_wait_us": int(column["waited_us"].sum()) // begun if begun else 0,
        "longest_wait_us": int(column["longest_wait_us"].max()),
        "backlog_peak": int(column["backlog"][peak]),
        "backlog_peak_date": str(column["date"][peak]),
        "utilisation": round(int(column["busy_us"].sum()) / at_work, 4) if at_work else 0.0,
        "full_days": int((column["utilisation"] >= FULL).sum()),
    }


def _of(days: pa.Table, desk: str, name: str) -> Any:
    """A column of one desk."""
    return np.asarray(days[name].to_numpy())[np.asarray(days["desk"].to_numpy()) == desk]


def _counted(values: Any) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
