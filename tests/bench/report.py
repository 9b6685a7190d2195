"""The bench in words: a table of the race, a table of what was measured apart, a table of the goals."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from tests.bench.apart import BULK_CODES, Bulk, Flush
from tests.bench.servers import Played
from tests.bench.town import PEOPLE

CONNECTIONS = (32, 256)
SERVERS = ("bare", "fastapi", "flask", "ministry", "unflushed")
KEEPING = ("ministry", "unflushed")
"""The servers that keep audit rows."""
TITLES = {
    "bare": "bare ASGI app, a constant",
    "fastapi": "FastAPI route with models, a constant",
    "flask": "Flask with a dict (threaded `app.run`)",
    "ministry": "**the ministry**: each answer's audit row on disk first",
    "unflushed": "the same without waiting for the disk (`synchronous=OFF`)",
}
FIGURES = ("per_second", "p50_ms", "p99_ms", "server_us", "load_cpu")
OF_BARE, OF_ROUTE, OF_ROUTE_AT_32, OF_FLASK, BULK_SHARE, START_S = 0.33, 1.6, 1.0, 4.0, 0.1, 1.0
"""The goals."""

Rounds = Mapping[tuple[str, int], Sequence[Played]]
"""By server and number of connections, a run for each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything that was measured."""

    rounds: Rounds
    asked: int
    """Questions that the ministry answered in the race."""
    kept: int
    """Audit rows on disk after it."""
    flush: Flush
    bulk: Bulk
    starts_s: tuple[float, float]
    """To the first answer: with the town on disk, and with the world that `hes serve` makes by itself."""

    def median(self, name: str, connections: int, figure: str) -> float:
        """A field of `Played`, the middle one of the rounds."""
        return statistics.median(float(getattr(played, figure)) for played in self.rounds[name, connections])

    def ratio(self, name: str, other: str, connections: int) -> float:
        """Answers a second of one server by those of another, the middle one of the rounds' own ratios."""
        pairs = zip(self.rounds[name, connections], self.rounds[other, connections], strict=True)
        return statistics.median(one.per_second / two.per_second for one, two in pairs)


def markdown(result: Result) -> str:
    """All of it."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("uvicorn", "httptools", "uvloop", "fastapi", "flask"))
    lines = [
        f"# check-hes-code among {PEOPLE:,} codes",
        "",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}; {os.cpu_count()} cores.",
        "",
        *_race(result),
        "",
        *_apart(result),
        "",
        *_goals(result),
        "",
    ]
    return "\n".join(lines)


def _race(result: Result) -> list[str]:
    lines = [
        "| server | connections | requests/s | of bare | of FastAPI | p50 ms | p99 ms | server CPU µs | load CPU |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for connections in CONNECTIONS:
        for name in SERVERS:
            per_second, p50, p99, server_us, load = (result.median(name, connections, figure) for figure in FIGURES)
            bare, route = (result.ratio(name, other, connections) for other in ("bare", "fastapi"))
            lines.append(
                f"| {TITLES[name]} | {connections} | {per_second:,.0f} | {bare:.2f} | {route:.2f} "
                f"| {p50:.2f} | {p99:.2f} | {server_us:.0f} | {load:.0%} |"
            )
    kept = f"Audit rows on disk after the race: {result.kept:,} for {result.asked:,} answers."
    return [*lines, "", f"Medians of {len(result.rounds['bare', CONNECTIONS[0]])} alternating round(s). {kept}"]


def _apart(result: Result) -> list[str]:
    flush, bulk = result.flush, result.bulk
    cost = result.ratio("unflushed", "ministry", CONNECTIONS[0])
    return [
        "| apart | |",
        "|---|---|",
        f"| flush (`fdatasync`) of 4 KiB appended | {flush.append_us:.0f} µs, p99 {flush.append_p99_us:.0f} µs |",
        f"| flush of 4 KiB written over | {flush.over_us:.0f} µs, p99 {flush.over_p99_us:.0f} µs |",
        f"| throughput without waiting for it, {CONNECTIONS[0]} connections | {cost:.2f} times |",
        f"| {BULK_CODES} codes in one call | {_bulk(bulk.one_call_ms)} |",
        f"| as {BULK_CODES} queries in turn | {_bulk(bulk.in_turn_ms)} |",
        f"| as {BULK_CODES} queries on 32 connections | {_bulk(bulk.side_by_side_ms)} |",
        f"| `hes serve --data` (this town) to its first answer | {result.starts_s[0]:.2f} s |",
        f"| `hes serve` (1,000 people, made anew) to its first answer | {result.starts_s[1]:.2f} s |",
    ]


def _goals(result: Result) -> list[str]:
    few, many = CONNECTIONS
    share = result.bulk.one_call_ms / result.bulk.in_turn_ms
    return [
        "| goal | wanted | measured | met |",
        "|---|---:|---:|---|",
        _at_least(f"of the bare app, {many} connections", OF_BARE, result.ratio("ministry", "bare", many)),
        _at_least(f"of the FastAPI route, {many} connections", OF_ROUTE, result.ratio("ministry", "fastapi", many)),
        _at_least(f"of the FastAPI route, {few} connections", OF_ROUTE_AT_32, result.ratio("ministry", "fastapi", few)),
        _at_least(f"of the Flask mock, {few} connections", OF_FLASK, result.ratio("ministry", "flask", few)),
        _at_least(f"of the Flask mock, {many} connections", OF_FLASK, result.ratio("ministry", "flask", many)),
        _at_most(f"{BULK_CODES} codes in one call, of as many queries in turn", BULK_SHARE, share),
        _at_most("seconds from start to first answer, this town", START_S, result.starts_s[0]),
        _at_most("seconds from start to first answer, a world made anew", START_S, result.starts_s[1]),
    ]


def _at_least(goal: str, wanted: float, measured: float) -> str:
    return f"| {goal} | ≥ {wanted:.2f} | {measured:.2f} | {'yes' if measured >= wanted else 'NO'} |"


def _at_most(goal: str, wanted: float, measured: float) -> str:
    return f"| {goal} | ≤ {wanted:.2f} | {measured:.3f} | {'yes' if measured <= wanted else 'NO'} |"


def _bulk(milliseconds: float) -> str:
    return f"{milliseconds:.1f} ms, {milliseconds * 1000 / BULK_CODES:.0f} µs a code"
