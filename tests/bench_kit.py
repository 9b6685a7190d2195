"""What the test kit costs: a fresh world, a request, and the way from nothing to the first passing test.

`python -m tests.bench_kit` prints a table and the two goals. Nothing else should run meanwhile.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median, quantiles

import httpx2

from mockgov.testing.http import composed
from mockgov.testing.order import Order
from mockgov.testing.sandbox import Sandbox
from mockgov.testing.templates import close_templates, templates
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


def timed(work: Callable[[], object]) -> float:
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

        return timed(run)


def by_hand() -> float:
    """A process without pytest, from its start to its end."""
    return timed(lambda: subprocess.run([sys.executable, "-c", BY_HAND], check=True))


def worlds(people: int) -> list[float]:
    """Milliseconds for a fresh world each."""
    order, taken = Order(people=people), []
    templates().sandbox(order).close()
    for _ in range(WORLDS):
        began = time.perf_counter()
        world = templates().sandbox(order)
        taken.append((time.perf_counter() - began) * 1e3)
        world.close()
    return taken


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
        "`http`": timed(plain),
        "httpx2 with `ministry_transport`": timed(by_httpx),
    }
    return {how: taken / REQUESTS * 1e6 for how, taken in seconds.items()}


def main() -> None:
    """Measure, print."""
    say = sys.stdout.write
    first, first_cpu = in_turn(first_test)
    alone, alone_cpu = in_turn(by_hand)
    say("| the test kit | |\n|---|---:|\n")
    say(f"| pytest started, one test in a fresh world passed, pytest ended | {first:.2f} s, of CPU {first_cpu:.2f} |\n")
    say(f"| the same without pytest | {alone:.2f} s, of CPU {alone_cpu:.2f} |\n")
    fresh = {people: worlds(people) for people in (0, 50, 1_000, 10_000)}
    for people, taken in fresh.items():
        late = quantiles(taken, n=20)[-1]
        say(f"| a fresh world of {people:,} people | {median(taken):.1f} ms, 95 of 100 under {late:.1f} |\n")
    with templates().sandbox() as world:
        for how, micros in requests(world).items():
            say(f"| a single query, {how} | {micros:.0f} µs |\n")
    close_templates()
    say("\n| goal | wanted | measured | met |\n|---|---:|---:|---|\n")
    for goal, wanted, got in (
        ("seconds to the first passing test", 2.0, first),
        ("milliseconds for a fresh world of 50", 20.0, median(fresh[50])),
    ):
        say(f"| {goal} | ≤ {wanted:g} | {got:.2f} | {'yes' if got <= wanted else 'NO'} |\n")


def in_turn(process: Callable[[], float]) -> tuple[float, float]:
    """Medians of seconds passed and of seconds of CPU."""
    walls, cpus = [], []
    for _ in range(ROUNDS):
        before = getrusage(RUSAGE_CHILDREN)
        walls.append(process())
        after = getrusage(RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(walls), median(cpus)


if __name__ == "__main__":
    main()
