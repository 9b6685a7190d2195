"""The bench of worlds and of the test kit in words: what else one could do, what is measured alone, and the goals."""

import os
import platform
import sqlite3
from collections.abc import Iterator

from tests.bench_joining.start import Started
from tests.bench_worlds import copies, kit
from tests.bench_worlds.watch import Taken

FORK_MS, FORTNIGHT_S, FIRST_S, FRESH_MS = 50.0, 2.0, 2.0, 20.0
"""The goals."""


def table(worlds: copies.Figures, tests: kit.Figures, started: Started) -> Iterator[str]:
    """All of it, as it stands in the README."""
    yield f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {os.cpu_count()} cores."
    yield ""
    yield f"| a town of {worlds.people:,}, each with a code, in milliseconds | median | 95 of 100 under | processor |"
    yield "|---|---:|---:|---:|"
    other, town = worlds.rivals, f"{worlds.rivals.mebibytes:.0f} MiB"
    yield _row("fork, in memory", worlds.memory.fork)
    yield _row("fork, on disk", worlds.disk.fork)
    yield _row(f"the limit: copying as many bytes ({town}), and no more", other.bare_bytes)
    yield _row("otherwise SQLite's backup of the same rows into memory", other.sqlite_backup)
    yield _row("otherwise PostgreSQL's `CREATE DATABASE … TEMPLATE` of them", other.postgres_template)
    yield _row("otherwise `copy.deepcopy` of a dictionary of people", other.plain_objects)
    yield f"| otherwise made anew | {worlds.seeding_s * 1000:,.0f} | | |"
    yield _row("snapshot, in memory", worlds.memory.snapshot)
    yield _row("snapshot, on disk", worlds.disk.snapshot)
    yield _row("put back, in memory", worlds.memory.restore)
    yield _row("put back, on disk", worlds.disk.restore)
    yield _row("comparing two, where one code of a hundred differs", worlds.difference)
    days = worlds.fortnight
    what = f"a fortnight: {days.codes:,} codes end, {days.isolations:,} isolations, {days.erased:,} rows erased"
    yield _row(what, days.taken)
    there = worlds.sessions
    yield _row(f"fork, {copies.SESSIONS} of them kept ({there.mebibytes:.0f} MiB each)", there.fork)
    yield _row(f"whose caller it is, among {copies.SESSIONS} worlds", there.whose)
    yield ""
    each = there.seconds / there.answers * 1e6
    yield f"{copies.SESSIONS} sessions at once: {there.answers:,} answers, {each:.0f} µs each; none saw another's."
    yield ""
    yield "| the test kit | |"
    yield "|---|---:|"
    yield f"| pytest started, one test in a fresh world passed, pytest ended | {_seconds(tests.first_s)} |"
    yield f"| the same without pytest | {_seconds(tests.alone_s)} |"
    for people, taken in tests.fresh.items():
        yield f"| a fresh world of {people:,} people | {taken.median:.1f} ms, 95 of 100 under {taken.p95:.1f} |"
    yield f"| an empty world by the server | {worlds.empty.median:.1f} ms |"
    yield f"| otherwise a server anew (1,000 people) to its first answer | {started.http_s * 1000:,.0f} ms |"
    for how, micros in tests.single_us.items():
        yield f"| a single query, {how} | {micros:.0f} µs |"
    yield ""
    yield "| goal | wanted | measured | met |"
    yield "|---|---:|---:|---|"
    for goal, wanted, got in (
        ("milliseconds for a fork in memory, 95 of 100", FORK_MS, worlds.memory.fork.p95),
        ("seconds for a fortnight", FORTNIGHT_S, days.taken.median / 1000),
        ("seconds to the first passing test", FIRST_S, tests.first_s[0]),
        ("milliseconds for a fresh world of 50", FRESH_MS, tests.fresh[50].median),
    ):
        yield f"| {goal} | ≤ {wanted:g} | {got:.2f} | {'yes' if got <= wanted else 'NO'} |"


def _row(what: str, taken: Taken) -> str:
    return f"| {what} | {taken.median:,.1f} | {taken.p95:,.1f} | {taken.worked:,.1f} |"


def _seconds(taken: tuple[float, float]) -> str:
    return f"{taken[0]:.2f} s, {taken[1]:.2f} s of the processor"
