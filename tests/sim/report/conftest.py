"""A made-up run of some 25,000 codes: no epidemic and no ministry behind it, only numbers of the right kind."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from sim.provenance import Provenance
from sim.results import Result, Tables, summarise
from sim.streams import Streams

PROFILES = {  # channel: codes, then the hours between which most of them are asked
    "employee": (7000, ((7, 10, 0.8), (12, 20, 0.2))),
    "visitor": (6500, ((8, 12, 0.5), (12, 18, 0.5))),
    "single": (1800, ((9, 17, 1.0),)),
    "plus": (900, ((9, 17, 1.0),)),
    "bulk": (4000, ((1, 3, 1.0),)),
    "bulk-plus": (1500, ((3, 4, 1.0),)),
    "person": (2600, ((7, 23, 1.0),)),
    "person-plus": (700, ((6, 22, 1.0),)),
}
ANSWERS = ("RISKLESS", "RISKY", "hescodenotfound", "hescodehasbeenexpired")
FACTS = {
    "scenario": "monday_morning",
    "seed": 7,
    "population.people": 20_000,
    "population.provinces": "Çanakkale, Iğdır",
    "epidemic.initial_infected_share": 0.004,
    "capacity.servers": 4,
    "capacity.service_mean_ms": 40.0,
}


@pytest.fixture(scope="session")
def run() -> Result:
    """A run without a wrong answer."""
    tables = Tables.of(queries=_queries(), epidemic=_epidemic(), capacity=_capacity())
    return Result(
        tables=tables,
        summary=summarise(tables, FACTS, measured={"real_seconds": 61.5}),
        provenance=Provenance(
            version="0.1.0",
            sources="9a31" * 16,
            scenario="monday_morning",
            scenario_digest="5f2c" * 16,
            seed=7,
            drive="http",
            python="3.11.9",
            numpy="2.4.6",
            platform="Linux x86_64",
            processors=2,
            made_at=datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
            command="hes run scenarios/monday_morning.toml",
        ),
    )


@pytest.fixture(scope="session")
def failed_run(run: Result) -> Result:
    """The same with a ministry that errs in every way: another status, another name, an error page, silence."""
    columns = {name: run.tables.queries[name].to_numpy().copy() for name in run.tables.queries.schema.names}
    singles = np.flatnonzero(~np.char.startswith(columns["channel"].astype(str), "bulk"))
    for rows, answered, fields, status in (
        (singles[100:4000:130], None, "masked_lastname", 200),
        (singles[150:6000:450], None, "expiration_date,masked_firstname", 200),
        (singles[170:7000:690], "503", "answer", 503),
        (singles[190:7000:1210], "time-out", "answer", 0),
    ):
        columns["wrong_fields"][rows] = fields
        columns["status"][rows] = status
        if answered is not None:
            columns["answered"][rows] = answered
    columns["asker"][singles[100]] = "Ağrı <b>Şoför</b> & Ölçü A.Ş."
    queries = Tables.of(queries=columns, epidemic=columns_of(run, "epidemic"), capacity=columns_of(run, "capacity"))
    summary = summarise(queries, FACTS, measured={"real_seconds": 61.5})
    return Result(tables=queries, summary=summary, provenance=run.provenance)


def columns_of(run: Result, name: str) -> dict[str, list]:
    return getattr(run.tables, name).to_pydict()


def _queries() -> dict[str, np.ndarray]:
    parts = [_channel(channel, place, *PROFILES[channel]) for place, channel in enumerate(PROFILES)]
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(columns["at_us"], kind="stable")
    columns = {name: column[order] for name, column in columns.items()}
    _, columns["call"] = np.unique(columns["call"], return_inverse=True)
    return columns


def _channel(channel: str, place: int, codes: int, profile: tuple) -> dict[str, np.ndarray]:
    """One channel's codes; those of a bulk call, up to 500, share moment, latency and status."""
    streams = Streams(place)
    first = np.arange(codes) // (500 if "bulk" in channel else 1)
    share = streams.stream("part of the day").uniform(first)
    hour = np.zeros(codes)
    for start, end, weight in profile:
        inside = (share >= 0) & (share < weight)
        hour[inside] = start + (end - start) * (share[inside] / weight) ** 1.4
        share = share - weight
    which = np.searchsorted([0.955, 0.98, 0.99], streams.stream("answer").uniform(np.arange(codes)), side="right")
    answers = np.array(ANSWERS, object)[which]
    slow = 9000 if "bulk" in channel else 800 + 500 * place
    tail = -np.log1p(-streams.stream("latency").uniform(first))
    stall = np.where(streams.stream("stall").chance(0.002, first), 180_000, 0)
    return {
        "at_us": (hour * 3_600_000_000).astype(np.int64),
        "channel": np.full(codes, channel, object),
        "asker": np.array([f"Şirket {n}" for n in streams.stream("asker").below(60, first)], object),
        "person": streams.stream("person").below(20_000, np.arange(codes)).astype(np.int32),
        "call": place * 100_000 + first,
        "expected": answers,
        "answered": answers.copy(),
        "wrong_fields": np.full(codes, "", object),
        "latency_us": (slow + tail * slow * 0.7 + stall * tail).astype(np.int64),
        "status": np.where((which > 1) & ("bulk" not in channel), 400, 200).astype(np.int16),
    }


def _epidemic() -> dict[str, list]:
    """A wave over 45 days, of which the ministry sees a part, late."""
    people, first = 20_000, date(2021, 9, 24)
    new = [round(180 * float(np.exp(-(((day - 34) / 11) ** 2)))) + 4 for day in range(45)]
    infected = np.cumsum(new)
    infectious = [sum(new[max(0, day - 10) : max(0, day - 3)]) for day in range(45)]
    exposed = [sum(new[max(0, day - 3) : day + 1]) for day in range(45)]
    return {
        "day": list(range(45)),
        "date": [first + timedelta(days=day) for day in range(45)],
        "susceptible": [people - int(infected[day]) for day in range(45)],
        "exposed": exposed,
        "infectious": infectious,
        "recovered": [int(infected[day]) - exposed[day] - infectious[day] for day in range(45)],
        "new_infections": new,
        "reported_cases": [round(0.45 * new[day - 6]) if day >= 6 else 0 for day in range(45)],
        "believed_risky": [round(1.1 * sum(new[max(0, day - 16) : max(0, day - 6)])) for day in range(45)],
    }


def _capacity() -> dict[str, np.ndarray]:
    """A busy morning that runs full for some minutes."""
    minute = np.arange(1440)
    hour = minute / 60
    rush = np.exp(-(((hour - 8.4) / 0.9) ** 2)) + 0.55 * np.exp(-(((hour - 14) / 3.6) ** 2)) + 0.05
    ripple = Streams(3).stream("ripple").uniform(minute) * 0.12
    arrivals = np.round(90 * (rush + ripple)).astype(np.int64)
    busy = np.minimum(1.0, rush * 0.93 + ripple)
    refused = np.where(busy >= 1, arrivals // 9, 0)
    return {
        "minute": minute.astype(np.int16),
        "arrivals": arrivals,
        "served": arrivals - refused,
        "refused": refused,
        "abandoned": np.zeros(1440, np.int64),
        "utilisation": busy,
        "longest_wait_us": (40_000 * busy**3 / (1.04 - busy)).astype(np.int64),
    }
