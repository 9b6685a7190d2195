"""`make bench-sim`: the simulator beside what one would otherwise pick, and the whole country.

Every measurement is a process of its own, so that its memory is its own; each does a small piece of the same work
first, so that compilation is not measured. Rounds alternate, so that whatever else the machine does hits all alike;
a ratio is taken within a round, and the tables show medians over the rounds. Peers are installed into an environment
of their own by pip, loudly; one that cannot be is left out with a sentence. Goals that are missed are said to be.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from tests.bench_sim import environments, runs
from tests.bench_sim.report import (
    CUSTOMERS,
    DAYS,
    HELD_PERCENT,
    MILLION,
    NATION,
    PEERS,
    SERVERS,
    TEN_MILLION,
    Result,
    Rounds,
    markdown,
)
from tests.bench_sim.runs import Run

PARTS = ("queues", "million", "ten-million", "nation", "monday")
THREADS = min(2, os.cpu_count() or 1)
MONDAY = "national_monday"


def main() -> None:
    """Run the whole, and print it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench_sim", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure; all, if not said")
    args = parser.parse_args()
    missing: list[str] = []

    def warn(what: str) -> None:
        missing.append(what)
        _say(what)

    wanted = {"queues", "million", "ten-million"} & set(args.parts)
    pythons = environments.ready(_say) if wanted else {}
    for peer in sorted({"ciw", "laser", *PEERS} - set(pythons)) if wanted else ():
        warn(f"{peer} could not be installed.")
    measured = {}
    if "queues" in args.parts:
        measured["queues"] = {c: _alternating(args.rounds, _queues(c, pythons), warn) for c in SERVERS}
    if "million" in args.parts:
        runs.ours("make", MILLION, THREADS)
        measured["million"] = _alternating(args.rounds, _models(MILLION, PEERS, pythons, 100), warn)
        measured["million_held"] = _alternating(args.rounds, _models(MILLION, PEERS, pythons, HELD_PERCENT), warn)
    if "ten-million" in args.parts:
        runs.ours("make", TEN_MILLION, THREADS)
        models = partial(_models, TEN_MILLION, ("laser",), pythons)
        measured["ten_million"] = _alternating(args.rounds, models(100), warn)
        measured["ten_million_held"] = _alternating(args.rounds, models(HELD_PERCENT), warn)
    if "nation" in args.parts:
        measured["made"] = runs.attempt(warn, "the nation's population", lambda: runs.ours("make", NATION, THREADS))
        measured["nation"] = {
            threads: run for threads in range(1, THREADS + 1) if (run := runs.attempt(warn, "nation", _nation(threads)))
        }
    if "monday" in args.parts:
        measured["monday"] = runs.attempt(warn, MONDAY, monday)
    sys.stdout.write(markdown(Result(**measured, missing=missing)) + "\n")


def monday() -> Run:
    """`hes run national_monday`, once to fill the cache with its population, and once measured."""
    hes = Path(sys.executable).with_name("hes")
    with tempfile.TemporaryDirectory(prefix="hes-bench-sim-monday-") as scratch:
        for nth in ("cached", "measured"):
            _say(f"{MONDAY}, {nth}")
            measured = runs.command(hes, "run", MONDAY, "--out", Path(scratch) / nth)
            shutil.rmtree(Path(scratch) / nth, ignore_errors=True)
    return measured


def _queues(servers: int, pythons: Mapping[str, Path]) -> dict[str, Callable[[], Run]]:
    works = {name: partial(runs.ours, name, servers, CUSTOMERS[name]) for name in ("queue", "simpy")}
    if "ciw" in pythons:
        works["ciw"] = partial(runs.peer, pythons["ciw"], "ciw", servers, CUSTOMERS["ciw"])
    return works


def _models(
    people: int, peers: tuple[str, ...], pythons: Mapping[str, Path], percent: int
) -> dict[str, Callable[[], Run]]:
    works = {"country": partial(runs.ours, "country", people, DAYS, THREADS, percent)}
    there = [name for name in peers if name in pythons]
    return works | {name: partial(runs.peer, pythons[name], name, people, DAYS, percent) for name in there}


def _alternating(rounds: int, works: Mapping[str, Callable[[], Run]], warn: Callable[[str], None]) -> Rounds:
    """Every other round begins with the last. Who fails once is not asked again, and what it did before is kept out."""
    found: dict[str, list[Run]] = {name: [] for name in works}
    for nth in range(rounds):
        for name in list(found) if nth % 2 == 0 else list(found)[::-1]:
            _say(f"round {nth + 1} of {rounds}: {name}")
            if (run := runs.attempt(warn, name, works[name])) is None:
                del found[name]
            else:
                found[name].append(run)
    return found


def _nation(threads: int) -> Callable[[], Run]:
    _say(f"{NATION:,} people, {DAYS} days, {threads} thread{'s' * (threads > 1)}")
    return partial(runs.ours, "measured", NATION, DAYS, threads)


def _say(what: str) -> None:
    sys.stderr.write(f"… {what}\n")


if __name__ == "__main__":
    main()
