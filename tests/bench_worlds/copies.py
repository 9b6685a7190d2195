"""How long worlds take: forking, keeping, putting back, comparing, a fortnight, many sessions at once."""

import asyncio
import gc
import resource
import shutil
import tempfile
import time
from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from mockgov.app import HOT, Front
from mockgov.clock import to_us
from mockgov.counters import callers
from mockgov.credentials.rules import LIVE_BASE, Environment
from mockgov.lab.seeding import seed_town
from mockgov.risk_index.messages import ContactReport, Report
from mockgov.settings import Settings
from mockgov.worlds import Worlds
from tests.bench_worlds import rivals
from tests.bench_worlds.watch import Taken, Watch, timed

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
FORKS, SESSIONS, ASKED = 100, 64, 100
HOURS = 24 * 13
"""Everybody's code ends at one of these hours of the fortnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """One kind of storage."""

    fork: Taken
    snapshot: Taken
    restore: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivals:
    """The same town by other means."""

    bare_bytes: Taken
    mebibytes: float
    sqlite_backup: Taken
    plain_objects: Taken
    postgres_template: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Fortnight:
    """Fourteen days in one move of the clock."""

    taken: Taken
    codes: int
    isolations: int
    erased: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """Many copies at once, each asked by its own caller."""

    fork: Taken
    mebibytes: float
    answers: int
    seconds: float
    whose: Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything about worlds; `seeding_s` is how long making the town took, in seconds."""

    people: int
    empty: Taken
    seeding_s: float
    memory: Copied
    disk: Copied
    rivals: Rivals
    difference: Taken
    fortnight: Fortnight
    sessions: Sessions


def measure(people: int) -> Figures:
    """All of it, in under four minutes with 100,000 people."""
    gc.collect()
    gc.freeze()
    worlds = Worlds(settings=QUICK)
    worlds.make("default")
    empty = timed(lambda nth: worlds.make(f"empty-{nth}"), FORKS, after=lambda nth: worlds.drop(f"empty-{nth}"))
    began = time.perf_counter()
    worlds.make("town", people=people)
    seeding_s = time.perf_counter() - began
    memory = copied(worlds)
    town = worlds.get("town")
    bare_bytes, mebibytes = rivals.bare_bytes(town)
    others = Rivals(
        bare_bytes=bare_bytes,
        mebibytes=mebibytes,
        sqlite_backup=rivals.sqlite_backup(town),
        plain_objects=rivals.plain_objects(town),
        postgres_template=rivals.postgres_template(town),
    )
    figures = Figures(
        people=people,
        empty=empty,
        seeding_s=seeding_s,
        memory=memory,
        disk=on_disk(people),
        rivals=others,
        difference=differ(worlds),
        fortnight=fortnight(worlds, people),
        sessions=sessions(worlds),
    )
    worlds.close()
    return figures


def copied(worlds: Worlds) -> Copied:
    """Fork, keep, put back; each copy goes before the next is made."""
    made = Copied(
        fork=timed(lambda nth: worlds.fork("town", f"f{nth}"), FORKS, after=lambda nth: worlds.drop(f"f{nth}")),
        snapshot=timed(lambda nth: worlds.snapshot("town", f"s{nth}"), 20),
        restore=timed(lambda nth: worlds.restore("town", f"s{nth}"), 20),
    )
    for nth in range(20):
        worlds.forget_snapshot("town", f"s{nth}")
    return made


def on_disk(people: int) -> Copied:
    """The same with files."""
    folder = Path(tempfile.mkdtemp(prefix="hes-bench-"))
    worlds = Worlds(settings=QUICK, data=folder)
    try:
        seed_town(worlds.make("town"), people)
        return copied(worlds)
    finally:
        worlds.close()
        shutil.rmtree(folder)


def differ(worlds: Worlds) -> Taken:
    """A copy in which everybody's 100th code is deleted."""
    fork = worlds.fork("town", "other")
    for number in range(1, fork.registry.count(), 100):
        fork.codes.delete(fork.codes.of(number)[0])
    taken = timed(lambda _: worlds.difference("town", "other"), 3)
    worlds.drop("other")
    return taken


def fortnight(worlds: Worlds, people: int) -> Fortnight:
    """Codes end hour by hour, isolations begin and end, and what is kept for a day is erased every midnight."""
    days = {"keep_codes_days": 1, "keep_reports_days": 1, "keep_texts_days": 1, "immunity_days": 1}
    watch = Watch()
    contacts: list[Report] = []
    erased = 0
    for _ in range(5):
        fork = worlds.fork("town", "moving", changes=days | {"negative_test_hours": 24})
        now = fork.world.now()
        raw = fork.world.database.raw
        assert raw is not None
        raw.execute("UPDATE code SET expires_us = ? + (number % ?) * 3600000000", (to_us(now) + 1, HOURS))
        contacts = [
            ContactReport(citizen_id=n, last_contact_at=now - timedelta(hours=n % 240)) for n in range(1, people, 10)
        ]
        fork.risk_index.file(contacts)
        with watch.once():
            fork.advance(now + timedelta(days=14))
        erased = sum(one.rows for one in fork.kvkk.erasures(limit=1000))
        worlds.drop("moving")
    return Fortnight(taken=watch.taken, codes=people, isolations=len(contacts), erased=erased)


def sessions(worlds: Worlds) -> Sessions:
    """Forks of the town, all there at once; each is asked about codes over the path that has its name."""
    town = worlds.get("town")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fork = timed(lambda nth: worlds.fork("town", f"session-{nth}"), SESSIONS)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    codes = [town.codes.of(number)[0].text for number in range(1, ASKED + 1)]
    name = "ANADOLU-GIDA-G2G-HES"
    header = b"Basic " + b64encode(f"{name}:{town.credentials.password(name, 0)}".encode())
    front = Front(worlds)
    began = time.perf_counter()
    answers = asyncio.run(asked(front, header, codes))
    passed = time.perf_counter() - began
    counts = {worlds.get(f"session-{nth}").queries.count() for nth in range(SESSIONS)}
    assert counts == {ASKED}, counts
    assert town.queries.count() == 0
    worlds.drop("town")
    knows = callers.pair(header, Environment.LIVE)
    for nth in range(1, SESSIONS):
        worlds.get(f"session-{nth}").credentials.rotate(name)
    return Sessions(
        fork=fork,
        mebibytes=grown / 1024 / SESSIONS,
        answers=answers,
        seconds=passed,
        whose=timed(lambda _: worlds.whose(knows), FORKS),
    )


async def asked(front: Front, header: bytes, codes: Sequence[str]) -> int:
    """Every session at once, one question after the other; how many answers."""
    bodies = [msgspec.json.encode({"hes_code": code}) for code in codes]
    operation, environment = HOT[f"{LIVE_BASE}check-hes-code".encode()]
    loop = asyncio.get_running_loop()

    async def session(nth: int) -> int:
        for body in bodies:
            answered: asyncio.Future[int] = loop.create_future()
            route = front.hot(f"/w/session-{nth}{LIVE_BASE}check-hes-code".encode())
            assert route is not None
            route[0].handle(operation, environment, header, body, lambda status, *_, to=answered: to.set_result(status))
            assert await answered == 200
        return len(bodies)

    loop.set_default_executor(ThreadPoolExecutor(2))
    return sum(await asyncio.gather(*map(session, range(SESSIONS))))
