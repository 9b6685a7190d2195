"""What the test kit costs: a fresh world, a request, and the way from nothing to the first passing test."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

import httpx2

from mockgov.testing.http import composed
from mockgov.testing.order import Order
from mockgov.testing.sandbox import Sandbox
from mockgov.testing.templates import close_templates, templates
from tests.bench_worlds.watch import Taken, timed
from tests.testing.suites import run_suite

ROUNDS, WORLDS, REQUESTS = 5, 100, 2_000
FIRST = """
def test_a_code_is_good(world, http):
    pair = world.pair()
    answer = http.post(pair.base + "check-hes-code", json={"hes_code": world.code().text}, auth=pair.auth)
    assert answer.json()["current_health_status"] in ("RISKLESS", "RISKY")
"""
BY_HAND = """
from mockgov.testing.templates import templates
with templates().sandbox() as world:
    pair = world.pair()
    answer = world.http.post(pair.base + "check-hes-code", json={"hes_code": world.code().text}, auth=pair.auth)
    assert answer.status == 200
"""


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def first_test() -> float:
    """A process of pytest's, from its start to its end, with one test."""
    with tempfile.TemporaryDirectory() as folder:

        def run() -> None:
            done = run_suite(Path(folder), FIRST)
            assert done.returncode == 0, done.stdout

        return seconds_of(run)


def by_hand() -> float:
    """A process without pytest, from its start to its end."""
    return seconds_of(lambda: subprocess.run([sys.executable, "-c", BY_HAND], check=True))


def worlds(people: int) -> Taken:
    """A fresh world each."""
    order = Order(people=people)
    kit = templates()
    kit.sandbox(order).close()
    made: list[Sandbox] = []
    return timed(lambda _: made.append(kit.sandbox(order)), WORLDS, after=lambda _: made.pop().close())


def requests(world: Sandbox) -> dict[str, float]:
    """Microseconds for a single query, by the way in which it gets there."""
    pair, body = world.pair(), {"hes_code": world.code().text}
    path = pair.base + "check-hes-code"
    recorder = world.recorder

    async def bare() -> float:
        request = composed("POST", path, json=body, auth=pair.auth)
        began = time.perf_counter()
        for _ in range(REQUESTS):
            await recorder.acall(request)
        return time.perf_counter() - began

    def plain() -> None:
        for _ in range(REQUESTS):
            world.http.post(path, json=body, auth=pair.auth)

    def by_httpx() -> None:
        with httpx2.Client(transport=world.transport, base_url=world.url, trust_env=False) as client:
            for _ in range(REQUESTS):
                client.post(path, json=body, auth=pair.auth)

    plain()
    seconds = {
        "awaited, on the caller's loop": asyncio.run(bare()),
        "`http`": seconds_of(plain),
        "httpx2 with `ministry_transport`": seconds_of(by_httpx),
    }
    return {how: taken / REQUESTS * 1e6 for how, taken in seconds.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Seconds, seconds of the processor; a fresh world's milliseconds by its people; microseconds by way."""

    first_s: tuple[float, float]
    alone_s: tuple[float, float]
    fresh: Mapping[int, Taken]
    single_us: Mapping[str, float]


def measure() -> Figures:
    """All of it, in half a minute."""
    first, alone = in_turn(first_test), in_turn(by_hand)
    fresh = {people: worlds(people) for people in (0, 50, 1_000, 10_000)}
    with templates().sandbox() as world:
        single = requests(world)
    close_templates()
    return Figures(first_s=first, alone_s=alone, fresh=fresh, single_us=single)


def in_turn(process: Callable[[], float]) -> tuple[float, float]:
    """Medians of seconds passed and of seconds of CPU."""
    walls, cpus = [], []
    for _ in range(ROUNDS):
        before = getrusage(RUSAGE_CHILDREN)
        walls.append(process())
        after = getrusage(RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(walls), median(cpus)
