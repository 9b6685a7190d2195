"""A made-up national run: no epidemic and no service behind it, only numbers of the right kind for 81 provinces."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.province import PROVINCES
from sim.provenance import Provenance
from sim.results.nation import NationResult, read_nation
from sim.results.nation_summary import Outage
from sim.results.nation_tables import Words
from sim.results.nation_writer import NationWriter
from sim.results.tally import DAY_US, HOURS
from sim.streams import Stream, Streams

FIRST = date(2021, 8, 20)
WORDS = Words(
    channels=("employee", "visitor", "single", "bulk", "plus", "bulk_plus", "person", "person_plus"),
    bulk=frozenset({"bulk", "bulk_plus"}),
    statuses=("answered", "refused", "timed_out", "limited", "shed"),
    sources={0: "office", 1: "hotel", 2: "mall", 3: "flight", 20: "staff", 21: "runs"},
)
PEOPLE = np.array([0, *(each.population_2020 for each in PROVINCES)], np.int64)
STATIONS = {"gateway": 0.62, "authentication": 0.7, "code_lookup": 0.66, "risk_lookup": 0.74, "audit": 0.6}
PROFILE = np.array([1, 1, 6, 5, 2, 3, 5, 14, 26, 20, 14, 12, 13, 13, 12, 11, 11, 13, 12, 9, 7, 5, 3, 2], np.float64)
"""Relative load of the hours."""


def provenance(seed: int = 7, scenario: str = "national_monday") -> Provenance:
    return Provenance(
        version="0.1.0",
        sources="9a31" * 16,
        scenario=scenario,
        scenario_digest="5f2c" * 16,
        seed=seed,
        drive="model",
        python="3.11.9",
        numpy="2.4.6",
        platform="Linux x86_64",
        processors=2,
        made_at=datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
        command="hes run scenarios/national_monday.toml",
    )


def made(
    folder: Path,
    *,
    days: int = 60,
    load: Sequence[date] = (date(2021, 10, 4),),
    outage: tuple[int, int] | None = (495, 525),
    storm_until: int | None = 690,
    seed: int = 7,
    calls: int = 60_000,
) -> NationResult:
    """Write a run into `folder` and read it back; `outage` and `storm_until` are minutes of each day with load."""
    writer = NationWriter(folder, provenance(seed), WORDS, PEOPLE)
    streams = Streams(seed)
    epidemic = wave(days, streams.stream("wave"))
    for number in range(days):
        day = FIRST + timedelta(days=number)
        writer.epidemic_day(day, {name: column[number] for name, column in epidemic.items()}, reported=number >= 5)
        if day in load:
            told = calls_of(calls, streams.stream(f"calls {day}"), outage, storm_until)
            for part in np.array_split(np.arange(calls), 7):
                writer.calls(day, {name: column[part] for name, column in told.items()})
            writer.minutes(day, *minutes_of(told, outage, storm_until))
            writer.end_day(day)
    facts = {
        "scenario": "national_monday",
        "seed": seed,
        "population.people": 83_614_362,
        "nation.days": days,
        "epidemic.variants": "delta",
        "network.max_retries": 2,
    }
    outages = [
        Outage(date=day, station="risk_lookup", from_minute=first, until_minute=until, what="32 of 64 servers lost")
        for day in load
        for first, until in ([outage] if outage else [])
    ]
    writer.finish(facts, {"real_seconds": 61.5}, outages=outages)
    return read_nation(folder)


def wave(days: int, stream: Stream) -> dict[str, NDArray[np.int64]]:
    """By day and plate: a wave that comes later in the east, of which the ministry sees a part, late."""
    plates = np.arange(82)
    late = 8 * stream.uniform(plates)
    height = PEOPLE * (0.0005 + 0.0012 * stream.uniform(plates, 1))
    at = np.arange(days)[:, None]
    new = np.rint(height * np.exp(-(((at - 38 - late) / 16) ** 2)) * (0.93 + 0.14 * stream.uniform(at, 2)))
    new = np.where(plates == 0, 0, new).astype(np.int64)
    ever = np.cumsum(new, axis=0) + (PEOPLE // 9)

    def last(first: int, until: int, share: float) -> NDArray[np.int64]:
        """A share of those infected from `until` to `first` days ago."""
        reached = np.cumsum(new, axis=0)
        before = np.vstack([np.zeros((until, 82), np.int64), reached])[:days]
        after = np.vstack([np.zeros((first, 82), np.int64), reached])[:days]
        return np.rint((after - before) * share).astype(np.int64)

    infectious, seen = last(3, 11, 1.0), last(7, 16, 0.4)
    right = np.minimum(infectious, np.rint(seen * 0.55).astype(np.int64))
    return {
        "new_infections": new,
        "exposed": last(0, 3, 1.0),
        "infectious": infectious,
        "symptomatic": last(5, 11, 0.6),
        "in_hospital": last(9, 19, 0.03),
        "died": np.cumsum(last(17, 18, 0.006), axis=0) + PEOPLE // 1500,
        "ever_infected": ever,
        "samples": last(6, 7, 0.4) * 9,
        "positives": last(6, 7, 0.42),
        "cases": last(6, 7, 0.4),
        "contacts": last(7, 8, 1.1),
        "risky": seen,
        "infectious_risky": right,
        "infectious_riskless": infectious - right,
        "tracing_backlog": last(7, 9, 0.1),
    }


def calls_of(
    count: int, stream: Stream, outage: tuple[int, int] | None, storm_until: int | None
) -> dict[str, NDArray[np.generic]]:
    """Calls of a working day in the order of ending; during the outage and the storm after it most are lost."""
    each = np.arange(count)
    weights = np.cumsum(PROFILE) / PROFILE.sum()
    drawn = stream.uniform(each)
    hour = np.searchsorted(weights, drawn, side="right").clip(0, HOURS - 1)
    inside = (drawn - np.concatenate([[0], weights])[hour]) / (PROFILE / PROFILE.sum())[hour]
    at = np.minimum((hour + inside) * 3.6e9, DAY_US - 1).astype(np.int64)
    channel = np.searchsorted([0.36, 0.5, 0.72, 0.74, 0.82, 0.83, 0.95], stream.uniform(each, 1), side="right")
    channel = np.where((hour < 6) & (stream.uniform(each, 2) < 0.8), 3, channel)
    bulk = np.isin(channel, (3, 5))
    province = np.searchsorted(np.cumsum(PEOPLE[1:]) / PEOPLE.sum(), stream.uniform(each, 3), side="right") + 1
    minute = at // 60_000_000
    struck = outage is not None and (minute >= outage[0]) & (minute < max(outage[1], storm_until or 0))
    failed = struck & (stream.uniform(each, 4) < 0.55)
    outcome = np.where(failed, 1 + stream.below(2, each, 5), 0)
    took = 42_000 - 18_000 * np.log1p(-stream.uniform(each, 6)) * np.where(struck, 60, 1) + bulk * 60_000
    ill = stream.chance(0.008, each, 7) & ~bulk
    days = stream.below(14, each, 8)
    told = np.where(ill, stream.uniform(each, 9) < np.minimum(days / 12, 0.7), stream.chance(0.006, each, 10))
    spoiled = stream.chance(0.01, each, 11) & ~bulk
    columns = {
        "at_us": at,
        "ended_us": at + took.astype(np.int64),
        "channel": channel.astype(np.uint8),
        "source": np.array([20, 0, 1, 21, 3, 21, 2, 2], np.uint8)[channel],
        "province": province.astype(np.uint8),
        "asker": stream.below(5000, each, 12).astype(np.int32),
        "codes": np.where(bulk, 500, 1).astype(np.uint16),
        "person": np.where(bulk, -1, stream.below(83_614_362, each, 13)).astype(np.int32),
        "spoiled": spoiled.astype(np.uint8),
        "outcome": outcome.astype(np.uint8),
        "attempts": np.where(failed, 3, 1 + np.where(struck, stream.below(3, each, 14), 0)).astype(np.uint8),
        "risky": np.where(outcome > 0, 0, np.where(bulk, 4, told & ~spoiled)).astype(np.int32),
        "infectious": np.where(ill, days + 1, 0).astype(np.uint8),
    }
    order = np.argsort(columns["ended_us"], kind="stable")
    return {name: column[order] for name, column in columns.items()}


def minutes_of(
    calls: dict[str, NDArray[np.generic]], outage: tuple[int, int] | None, storm_until: int | None
) -> tuple[dict[str, NDArray[np.int64]], dict[str, dict[str, NDArray[np.int64]]]]:
    """The service's minutes that go with these calls."""
    minute = calls["at_us"] // 60_000_000

    def by_minute(weights: NDArray[np.generic]) -> NDArray[np.int64]:
        return np.bincount(minute, weights, minlength=1440).astype(np.int64)

    ones = np.ones(minute.size)
    attempts, fresh = by_minute(calls["attempts"]), by_minute(ones)
    answered = by_minute(calls["outcome"] == 0)
    service = {
        "calls": fresh,
        "attempts": attempts,
        "answered": answered,
        "refused": (attempts - answered) // 2,
        "timed_out": (attempts - answered + 1) // 2,
        "limited": np.zeros(1440, np.int64),
        "shed": np.zeros(1440, np.int64),
        "lost": fresh - answered,
        "sojourn_us": attempts * 60_000,
    }
    at = np.arange(1440)
    struck = np.zeros(1440, bool) if outage is None else (at >= outage[0]) & (at < max(outage[1], storm_until or 0))
    stations = {}
    for name, use in STATIONS.items():
        servers = np.full(1440, 64)
        if outage is not None and name == "risk_lookup":
            servers[outage[0] : outage[1]] = 32
        server_us = servers * 60_000_000
        busy = np.minimum(1.0, use * attempts / fresh.max()) if name != "risk_lookup" else use * fresh / fresh.max()
        busy = np.where(struck & (name == "risk_lookup"), 1.0, np.minimum(busy, 1.0))
        stations[name] = {
            "arrivals": attempts,
            "refused": np.where(struck & (name == "risk_lookup"), attempts // 3, 0),
            "shed": np.zeros(1440, np.int64),
            "served": answered,
            "wasted": np.where(struck, attempts // 3, 0),
            "wasted_us": np.where(struck, attempts * 10_000, 0),
            "busy_us": (busy * server_us).astype(np.int64),
            "server_us": server_us,
            "queue_us": attempts * 500,
            "waited_us": attempts * 500,
            "longest_queue": np.where(struck & (name == "risk_lookup"), 2000, attempts // 40),
        }
    return service, stations
