"""Run a scenario: a country's day is played against a ministry, and every answer checked.

Everything but the answers and their latencies follows from scenario and seed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from sim.country import Country, Say, parameters_of, settings_of
from sim.day import filings, settle, steps
from sim.drive.oracle import Oracle
from sim.drive.play import play
from sim.drive.port import MinistryPort
from sim.results import Tables
from sim.rows import capacity, check, epidemic_rows

Progress = Callable[[int, int], None]
"""Called with calls answered and calls in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A run's tables, and scalars for its summary."""

    tables: Tables
    facts: dict[str, str | int | float]
    measured: dict[str, str | int | float]


async def meet(
    country: Country, ministry: MinistryPort, *, compression: float, say: Say = lambda _: None, progress: Progress
) -> Outcome:
    """Play the country's day against a ministry and check every answer. Raises `DriveError`."""
    settlement = settle(country)
    say(f"settling {len(settlement.people):,} people")
    residents = await ministry.settle(settlement)
    rules = settings_of(country.scenario)
    oracle = Oracle(
        settlement.people,
        residents,
        negative_test_hours=rules.negative_test_hours,
        immunity_days=rules.immunity_days,
    )
    before, today = filings(country)
    await ministry.file(before)
    oracle.learn(before)
    stretches = steps(country, residents, today)
    total, answered = country.demand.calls, 0

    def one_more(count: int) -> None:
        nonlocal answered
        answered += count
        progress(answered, total)

    say("playing")
    began = perf_counter()
    played = await play(ministry, stretches, compression=compression, progress=one_more)
    seconds = perf_counter() - began
    rows = check(country, oracle, stretches, played)
    audited = await ministry.audited()
    known = [*before, *(one for _, reports in today for one in reports)]
    tables = Tables.of(queries=rows, epidemic=epidemic_rows(country, known), capacity=capacity(country))
    facts: dict[str, str | int | float] = {
        **parameters_of(country.scenario),
        "people": len(settlement.people),
        "institutions": len(settlement.offices),
        "reports": len(known),
        "audit_rows": audited,
    }
    return Outcome(tables=tables, facts=facts, measured={"real_seconds": round(seconds, 3)})
