"""How long worlds take: forking, keeping, putting back, a fortnight, many sessions at once.

`python -m tests.bench_worlds` measures with 100,000 people and codes; `--people` takes another number. It prints
milliseconds, unless it says otherwise. Nothing else should run beside it.
"""

import argparse
import asyncio
import gc
import resource
import shutil
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import msgspec

from mockgov.app import HOT, Front
from mockgov.clock import to_us
from mockgov.counters import callers
from mockgov.credentials.rules import LIVE_BASE, Environment
from mockgov.lab.seeding import seed_town
from mockgov.risk_index.messages import ContactReport, Report
from mockgov.settings import Settings
from mockgov.worlds import Worlds

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)
FORKS, SESSIONS, ASKED = 40, 64, 100
HOURS = 24 * 13
"""Everybody's code ends at one of these hours of the fortnight."""


def main() -> None:
    """Measure, and print a line for each."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=100_000)
    people = options.parse_args().people
    gc.collect()
    gc.freeze()
    say(f"{people} people, each with a code")
    in_memory = Worlds(settings=QUICK)
    in_memory.make("default")
    made("a fresh, empty world", lambda nth: in_memory.make(f"empty-{nth}"))
    began = time.perf_counter()
    in_memory.make("town", people=people)
    say(f"{'seeding the town':34}{time.perf_counter() - began:9.1f} s")
    copies("in memory", in_memory)
    folder = Path(tempfile.mkdtemp(prefix="hes-bench-"))
    try:
        on_disk(folder, people)
    finally:
        shutil.rmtree(folder)
    differ(in_memory)
    fortnight(in_memory, people)
    sessions(in_memory)
    in_memory.close()


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Watch:
    """Takes the time of many things: milliseconds that passed, and those for which the processor worked."""

    def __init__(self) -> None:
        self.passed: list[float] = []
        self.worked: list[float] = []

    @contextmanager
    def once(self) -> Iterator[None]:
        """One of them."""
        began, worked = time.perf_counter(), time.process_time()
        yield
        self.passed.append((time.perf_counter() - began) * 1000)
        self.worked.append((time.process_time() - worked) * 1000)

    def tell(self, what: str) -> None:
        """Median, 95th percentile and worst; and the median of the processor's time."""
        p95 = quantiles(self.passed, n=20, method="inclusive")[18]
        say(
            f"{what:34}{median(self.passed):8.1f} median {p95:8.1f} p95 {max(self.passed):8.1f} worst "
            f"{median(self.worked):8.1f} of the processor"
        )


def made(what: str, make: Callable[[int], object], count: int = FORKS) -> None:
    """Do something many times, and print how long it took."""
    watch = Watch()
    for nth in range(count):
        with watch.once():
            make(nth)
    watch.tell(what)


def copies(where: str, worlds: Worlds) -> None:
    """Fork, keep, put back; each copy goes before the next is made."""
    watch = Watch()
    for nth in range(FORKS):
        with watch.once():
            worlds.fork("town", f"fork-{nth}")
        worlds.drop(f"fork-{nth}")
    watch.tell(f"forking {where}")
    made(f"a snapshot {where}", lambda nth: worlds.snapshot("town", f"s{nth}"), 20)
    made(f"putting back {where}", lambda nth: worlds.restore("town", f"s{nth}"), 20)
    for nth in range(20):
        worlds.forget_snapshot("town", f"s{nth}")


def on_disk(folder: Path, people: int) -> None:
    """The same with files."""
    worlds = Worlds(settings=QUICK, data=folder)
    seed_town(worlds.make("town"), people)
    copies("on disk", worlds)
    worlds.close()


def differ(worlds: Worlds) -> None:
    """A copy in which everybody's 100th code is deleted."""
    fork = worlds.fork("town", "other")
    for number in range(1, fork.registry.count(), 100):
        fork.codes.delete(fork.codes.of(number)[0])
    made("comparing two towns", lambda _: worlds.difference("town", "other"), 3)
    worlds.drop("other")


def fortnight(worlds: Worlds, people: int) -> None:
    """Codes end hour by hour, isolations begin and end, and what is kept for a day is erased every midnight."""
    days = {"keep_codes_days": 1, "keep_reports_days": 1, "keep_texts_days": 1, "immunity_days": 1}
    watch = Watch()
    for nth in range(3):
        fork = worlds.fork("town", "moving", changes=days | {"negative_test_hours": 24})
        now = fork.world.now()
        raw = fork.world.database.raw
        assert raw is not None
        raw.execute("UPDATE code SET expires_us = ? + (number % ?) * 3600000000", (to_us(now) + 1, HOURS))
        contacts: list[Report] = [
            ContactReport(citizen_id=n, last_contact_at=now - timedelta(hours=n % 240)) for n in range(1, people, 10)
        ]
        fork.risk_index.file(contacts)
        with watch.once():
            fork.advance(now + timedelta(days=14))
        erased = sum(one.rows for one in fork.kvkk.erasures(limit=1000))
        worlds.drop("moving")
        if not nth:
            say(f"{'':34}{people} codes ended, {len(contacts)} isolations, {erased} rows erased")
    watch.tell("a fortnight")


def sessions(worlds: Worlds) -> None:
    """Forks of the town, all there at once; each is asked about codes over the path that has its name."""
    town = worlds.get("town")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made(f"{SESSIONS} forks, all kept", lambda nth: worlds.fork("town", f"session-{nth}"), SESSIONS)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    say(f"{'':34}{grown / 1024 / SESSIONS:9.1f} MiB each")
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
    say(f"{'':34}{answers} answers in {passed:.2f} s, {passed / answers * 1e6:.0f} µs each; no session saw another's")
    worlds.drop("town")
    knows = callers.pair(header, Environment.LIVE)
    for nth in range(1, SESSIONS):
        worlds.get(f"session-{nth}").credentials.rotate(name)
    made(f"whose caller it is, of {SESSIONS} worlds", lambda _: worlds.whose(knows))


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


if __name__ == "__main__":
    main()
