"""The bench in words: queues side by side, epidemics side by side, the country alone, and the goals."""

import os
import platform
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from tests.bench_sim.runs import Run

SERVERS = (8, 64, 512)
CUSTOMERS = {"queue": 20_000_000, "simpy": 200_000, "ciw": 50_000}
DAYS = 120
HELD_PERCENT = 45
"""Of the transmission, where an epidemic is held down; otherwise it runs through."""
MILLION, TEN_MILLION, NATION = 1_000_000, 10_000_000, 83_614_362
PACKAGES = ("numba", "numpy", "simpy")
TITLES = {
    "queue": "**compiled queue**",
    "simpy": "SimPy's `Resource`",
    "ciw": "Ciw {version}",
    "country": "**the country**: households, work, school, transport, community, tests, tracing",
    "covasim3": "Covasim {version}, `hybrid`",
    "covasim": "Covasim {version}, `hybrid`",
    "starsim": "Starsim {version}, `SEIR` on `HybridNet`",
    "laser": "laser-generic {version}, SEIR, 81 patches, no households",
}
PEERS = ("covasim3", "covasim", "starsim")
OF_SIMPY, QUEUE_NS, OF_PEERS, OF_BYTES, OF_LASER = 300, 60.0, 40.0, 0.05, 1.0
DAY_S, NATION_S, NATION_GIB, MONDAY_S, MONDAY_GIB = 1.0, 180.0, 3.0, 60.0, 6.0
"""The goals."""
GIB = 1 << 30

THROUGH, HELD = "that runs through", f"held down to {HELD_PERCENT} % of its transmission"

Rounds = Mapping[str, Sequence[Run]]
"""By who ran, a run for each round; who could not be installed or failed is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything that was measured; what was not asked for is empty."""

    queues: Mapping[int, Rounds] = field(default_factory=dict)
    """By the number of servers."""
    million: Rounds = field(default_factory=dict)
    million_held: Rounds = field(default_factory=dict)
    ten_million: Rounds = field(default_factory=dict)
    ten_million_held: Rounds = field(default_factory=dict)
    nation: Mapping[int, Run] = field(default_factory=dict)
    """By the number of threads."""
    made: Run | None = None
    """The nation's population, from nothing."""
    monday: Run | None = None
    missing: Sequence[str] = ()
    """Sentences about what is left out."""


def markdown(result: Result) -> str:
    """All of it, as it stands in the README."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            f"Python {platform.python_version()}, {packages}; {os.cpu_count()} cores.",
            "",
            *_queues(result),
            *_epidemics(MILLION, THROUGH, result.million),
            *_epidemics(MILLION, HELD, result.million_held),
            *_epidemics(TEN_MILLION, THROUGH, result.ten_million),
            *_epidemics(TEN_MILLION, HELD, result.ten_million_held),
            *_nation(result),
            *_goals(result),
            "",
            *(f"Left out: {sentence}" for sentence in result.missing),
        ]
    )


def _queues(result: Result) -> Iterator[str]:
    if not result.queues:
        return
    yield "| M/M/c at 90 %, arrivals and services drawn, waits summed | servers | ns a customer | times | mean wait |"
    yield "|---|---:|---:|---:|---:|"
    for servers, rounds in result.queues.items():
        for name, runs in rounds.items():
            slower = _ratio(runs, rounds["queue"], lambda run, who=name: _ns(who, run), lambda run: _ns("queue", run))
            nanoseconds = statistics.median(_ns(name, run) for run in runs)
            yield f"| {_title(name, runs)} | {servers} | {nanoseconds:,.1f} | {slower:,.0f} | {runs[0].result:.4f} |"
    yield ""
    yield _medians(next(iter(result.queues.values()))) + " The mean wait is in mean service times."
    yield ""


def _epidemics(people: int, how: str, rounds: Rounds) -> Iterator[str]:
    if not rounds:
        return
    figures = "million agent-days a second | bytes an agent | set-up s | run s | infections"
    yield f"| {people:,} people, {DAYS} days, an epidemic {how} | {figures} |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, runs in rounds.items():
        setup, run = (_middle(runs, _setup_s), _middle(runs, _run_s))
        speed, grown = people * DAYS / run / 1e6, _middle(runs, _grown) / people
        took = f"{setup:.1f} | {run:.1f}"
        yield f"| {_title(name, runs)} | {speed:,.1f} | {grown:,.0f} | {took} | {runs[0].result:,.0f} |"
    yield ""
    yield _medians(rounds) + " Bytes: what the process grew by at its peak, after a small model that warmed it up."
    yield ""


def _nation(result: Result) -> Iterator[str]:
    if not (result.nation or result.made or result.monday):
        return
    yield f"| {NATION:,} people | |"
    yield "|---|---|"
    if result.made:
        yield f"| the population, made from nothing | {result.made.run_s:.1f} s, {_gib(result.made)} |"
    for threads, run in result.nation.items():
        middle, longest = statistics.median(run.days_s), max(run.days_s)
        days = f"{len(run.days_s)} days on {threads} thread{'s' * (threads > 1)}"
        took = f"{run.run_s:.0f} s; a day {middle:.2f} s, the longest {longest:.2f} s; {_gib(run)}"
        yield f"| {days} | {took}; {run.result:,.0f} infected; digest `{run.digest[:12]}` |"
    if result.monday:
        yield f"| `national_monday`, start to end | {result.monday.run_s:.0f} s, {_gib(result.monday)} |"
    yield ""


def _goals(result: Result) -> Iterator[str]:
    yield "| goal | wanted | measured | met |"
    yield "|---|---:|---:|---|"
    if result.queues:
        mine = statistics.median(_ns("queue", run) for run in result.queues[64]["queue"])
        yield _at_most("nanoseconds a query, c = 64", QUEUE_NS, mine)
    for servers, rounds in result.queues.items():
        if "simpy" in rounds:
            slower = _ratio(
                rounds["simpy"], rounds["queue"], lambda run: _ns("simpy", run), lambda run: _ns("queue", run)
            )
            yield _at_least(f"times SimPy, c = {servers}", OF_SIMPY, slower)
    for how, rounds in ((THROUGH, result.million), (HELD, result.million_held)):
        yield from _of_the_fastest(how, rounds)
    for how, rounds in ((THROUGH, result.ten_million), (HELD, result.ten_million_held)):
        if {"laser", "country"} <= set(rounds):
            faster = _ratio(rounds["laser"], rounds["country"], _run_s)
            yield _at_least(f"times laser-generic, {TEN_MILLION:,} people, {how}", OF_LASER, faster)
    if result.nation:
        run = result.nation[max(result.nation)]
        yield _at_most(f"seconds a day, {NATION:,} people, the longest", DAY_S, max(run.days_s))
        yield _at_most(f"seconds for {len(run.days_s)} days", NATION_S, run.run_s)
        yield _at_most("GiB in all", NATION_GIB, run.peak_bytes / GIB)
        same = len({one.digest for one in result.nation.values()}) == 1
        threads = " and ".join(map(str, result.nation))
        yield f"| equal digests with {threads} threads | yes | {'yes | yes' if same else 'no | NO'} |"
    if result.monday:
        yield _at_most("seconds for `national_monday`", MONDAY_S, result.monday.run_s)
        yield _at_most("GiB for it", MONDAY_GIB, result.monday.peak_bytes / GIB)


def _of_the_fastest(how: str, rounds: Rounds) -> Iterator[str]:
    rivals = [name for name in PEERS if name in rounds]
    if not rivals or "country" not in rounds:
        return
    fastest = min(rivals, key=lambda name: statistics.median(map(_run_s, rounds[name])))
    theirs, ours = rounds[fastest], rounds["country"]
    faster = _ratio(theirs, ours, _run_s)
    yield _at_least(f"times {_title(fastest, theirs)}, {MILLION:,} people, {how}", OF_PEERS, faster)
    yield _at_most("of its bytes an agent", OF_BYTES, _ratio(ours, theirs, _grown))


def _middle(runs: Sequence[Run], figure: Callable[[Run], float]) -> float:
    return statistics.median(figure(run) for run in runs)


def _grown(run: Run) -> float:
    return run.grown_bytes


def _ns(name: str, run: Run) -> float:
    return run.run_s / CUSTOMERS[name] * 1e9


def _run_s(run: Run) -> float:
    return run.run_s


def _setup_s(run: Run) -> float:
    return run.setup_s


def _ratio(
    ones: Sequence[Run],
    others: Sequence[Run],
    figure: Callable[[Run], float],
    of_others: Callable[[Run], float] | None = None,
) -> float:
    """The middle one of the rounds' own ratios."""
    pairs = zip(ones, others, strict=False)
    return statistics.median(figure(one) / (of_others or figure)(other) for one, other in pairs)


def _title(name: str, runs: Sequence[Run]) -> str:
    return TITLES[name].format(version=runs[0].version)


def _gib(run: Run) -> str:
    return f"{run.peak_bytes / GIB:.2f} GiB at most"


def _medians(rounds: Rounds) -> str:
    return f"Medians of {max(len(runs) for runs in rounds.values())} alternating round(s)."


def _at_least(goal: str, wanted: float, measured: float) -> str:
    return f"| {goal} | ≥ {_number(wanted)} | {_number(measured)} | {'yes' if measured >= wanted else 'NO'} |"


def _at_most(goal: str, wanted: float, measured: float) -> str:
    return f"| {goal} | ≤ {_number(wanted)} | {_number(measured)} | {'yes' if measured <= wanted else 'NO'} |"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"
