"""The numbers people ask for first, of a run small enough to count by hand."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sim.results.folder import Summary, encode
from sim.results.nation import NationResult, read_nation
from sim.results.nation_summary import Outage, daily, headline_of, summarise_nation, unit_of, utilisation
from sim.results.nation_tables import CALL_COLUMNS, STATION_COLUMNS
from sim.results.nation_writer import NationWriter
from sim.results.table import ResultError
from sim.results.tally import CALLS
from tests.sim.report.made_nation import WORDS, made, provenance

EVE = date(2021, 9, 29)
"""The warm-up's last day; the run reports 30 September to 2 October."""
SECOND_US = 1_000_000


def in_ankara(value: int) -> np.ndarray:
    column = np.zeros(82, np.int64)
    column[6] = value
    return column


def call(second: int, took_us: int, **others: int) -> dict[str, int]:
    base = dict.fromkeys(CALLS, 0) | {"province": 6, "codes": 1, "attempts": 1, "at_us": second * SECOND_US}
    return base | {"ended_us": base["at_us"] + took_us} | others


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> NationResult:
    """1,000 people in Ankara, four days, five calls on the last of them."""
    folder = tmp_path_factory.mktemp("small")
    writer = NationWriter(folder, provenance(), WORDS, in_ankara(1000))
    by_day = {
        "new_infections": (5, 10, 30, 20),
        "died": (7, 8, 10, 10),
        "ever_infected": (50, 60, 90, 110),
        "in_hospital": (1, 2, 4, 3),
        "samples": (9, 20, 60, 70),
        "cases": (3, 4, 12, 11),
        "risky": (9, 10, 20, 30),
        "infectious_risky": (1, 2, 5, 8),
        "infectious_riskless": (1, 8, 10, 12),
    }
    for number in range(4):
        totals = {name: in_ankara(values[number]) for name, values in by_day.items()}
        writer.epidemic_day(EVE + timedelta(days=number), totals, reported=number > 0)
    last = EVE + timedelta(days=3)
    calls = [
        call(60, 100, risky=1, infectious=4),
        call(61, 100, infectious=2),
        call(119, 1000),
        call(180, 5 * SECOND_US, outcome=2, attempts=3),
        call(3600, 500, channel=3, codes=400, risky=9, source=21),
    ]
    writer.calls(last, {name: np.array([row[name] for row in calls], kind) for name, kind in CALLS.items()})
    service = {name: np.zeros(1440, np.int64) for name in CALL_COLUMNS}
    stations = {name: {each: np.zeros(1440, np.int64) for each in STATION_COLUMNS} for name in ("gateway", "audit")}
    stations["audit"] |= {"busy_us": np.arange(1440) % 60, "server_us": np.full(1440, 100)}
    stations["audit"]["refused"] = np.ones(1440, np.int64)
    writer.minutes(last, service, stations)
    writer.end_day(last)
    outages = [Outage(date=last, station="audit", from_minute=480, until_minute=500, what="2 servers lost")]
    writer.finish({"scenario": "small", "seed": 7, "nation.days": 3}, {"real_seconds": 1.5}, outages=outages)
    return read_nation(folder)


@pytest.fixture(scope="module")
def summary(result: NationResult) -> Summary:
    return result.summary


def test_the_epidemic_without_its_warm_up(summary: Summary) -> None:
    """Deaths are those of the days reported: the last number less that of the eve."""
    assert summary["epidemic"] == {
        "days": 3,
        "first_date": "2021-09-30",
        "last_date": "2021-10-02",
        "infections": 60,
        "cases": 27,
        "samples": 150,
        "deaths": 3,
        "ever_infected_share": 0.11,
        "ever_infected_before_share": 0.05,
        "peak": {"date": "2021-10-01", "day": 1, "infections": 30},
        "most_in_hospital": 4,
        "noon": {
            "risky": 60,
            "infectious_risky": 15,
            "infectious_riskless": 30,
            "precision": 0.25,
            "recall": 0.333333,
        },
    }
    assert summary["months"] == {
        "2021-09": {"infections": 10, "cases": 4, "samples": 20, "deaths": 1},
        "2021-10": {"infections": 50, "cases": 23, "samples": 130, "deaths": 2},
    }


def test_months_of_which_some_days_only_are_reported(summary: Summary, tmp_path: Path) -> None:
    """The first and the last, with their days; a whole month is none of them."""
    ends = {"2021-09": ("2021-09-30", "2021-09-30", 1, 30), "2021-10": ("2021-10-01", "2021-10-02", 2, 31)}
    names = ("first", "last", "days", "days_of_month")
    assert summary["partial_months"] == {month: dict(zip(names, told, strict=True)) for month, told in ends.items()}
    writer = NationWriter(tmp_path, provenance(), WORDS, in_ankara(10))
    for number in range(30):
        writer.epidemic_day(date(2021, 9, 1) + timedelta(days=number), {"cases": in_ankara(1)})
    whole = writer.finish({"scenario": "small", "seed": 1}, {})
    assert (whole["months"], whole["partial_months"]) == ({"2021-09": {"cases": 30}}, {})


def test_the_load(summary: Summary) -> None:
    """100 µs is a bin of its own, 500 µs ends its bin at 503, 1,000 µs at 1,007; the lost call is not in it."""
    load = summary["load"]
    assert (load["calls"], load["codes"], load["attempts"], load["risky"]) == (5, 404, 7, 10)
    assert load["calls_by_status"] == {"answered": 4, "refused": 0, "timed_out": 1, "limited": 0, "shed": 0}
    assert (load["answered_calls_share"], load["attempts_per_call"]) == (0.8, 1.4)
    assert load["latency_us"] == {"p50": 100, "p90": 1007, "p99": 1007, "p99_9": 1007}
    assert load["by_channel"]["bulk"]["latency_us"]["p50"] == 503
    assert load["by_channel"]["employee"]["answered_calls"] == 3
    assert load["busiest"] == {"date": "2021-10-02", "minute": 1, "calls": 3}
    assert load["by_source"]["runs"] == {"calls": 1, "codes": 400, "attempts": 1, "risky": 9, "answered_calls": 1}


def test_a_day_on_which_nobody_asked(result: NationResult, summary: Summary) -> None:
    """The service was there, and no call."""
    service = result.tables.service
    day = service.schema.field("date")
    later = service.set_column(0, day, pa.array([date(2021, 10, 9)] * service.num_rows, day.type))
    tables = replace(result.tables, service=pa.concat_tables([service, later]))
    told = summarise_nation(tables, {"scenario": "small", "seed": 7})
    assert (summary["load"]["quiet_days"], told["load"]["quiet_days"]) == ([], ["2021-10-09"])


def test_the_doors(summary: Summary) -> None:
    """Of three answered at doors one infectious is stopped and one let through; one more got no answer."""
    assert summary["doors"] == {
        "stopped_infectious": 1,
        "stopped_not": 0,
        "passed_infectious": 1,
        "passed_not": 1,
        "spoiled": 0,
        "unanswered": 1,
        "stopped": 1,
        "precision": 1.0,
        "recall": 0.5,
    }


def test_the_stations(summary: Summary) -> None:
    """Audit is used to 59 % in its busiest minute; a station without server time is used by nobody."""
    audit = summary["stations"]["audit"]
    assert (audit["refused"], audit["utilisation"]) == (1440, 0.295)
    assert (audit["peak_utilisation"], audit["peak_minute"], audit["peak_date"]) == (0.59, 59, "2021-10-02")
    assert summary["stations"]["gateway"]["utilisation"] is None


def test_use_is_a_share_although_servers_are_lost() -> None:
    """What a lost server still ends fills the minute at most, and is nothing where there was no server any more."""
    minutes = {"busy_us": np.array([30, 60, 90, 5]), "server_us": np.array([60, 60, 60, 0])}
    assert utilisation(minutes).tolist() == [0.5, 1.0, 1.0, 0.0]


def test_the_headline_is_flat_and_finite(summary: Summary) -> None:
    """One number for each name, and no gap."""
    flat = headline_of(summary)
    assert all(isinstance(value, int | float) for value in flat.values())
    wanted = {
        "cases 2021-09": 4,
        "deaths 2021-10": 2,
        "infections": 60,
        "ever infected share": 0.11,
        "ever infected before share": 0.05,
        "peak day": 1,
        "peak infections": 30,
        "precision at noon": 0.25,
        "calls": 5,
        "answered calls share": 0.8,
        "p50 ms": 0.1,
        "p99.9 ms": 1.007,
        "calls timed out": 1,
        "busiest minute": 1,
        "doors stopped": 1,
        "doors unanswered": 1,
        "doors recall": 0.5,
        "audit peak utilisation": 0.59,
        "attempts per call": 1.4,
        "down after outage 2021-10-02 min": 0,
    }
    assert flat.items() >= wanted.items()
    assert "gateway utilisation" not in flat


def test_every_headline_number_has_a_unit(summary: Summary) -> None:
    """Also those whose names begin alike."""
    flat = headline_of(summary)
    assert all(unit_of(name) for name in flat)
    wanted = {
        "cases 2021-09": "cases",
        "ever infected share": "of all people",
        "peak day": "days after the first",
        "risky at noon": "person-days",
        "infectious riskless at noon": "person-days",
        "risky": "answers",
        "calls refused": "calls",
        "audit refused": "attempts",
        "audit peak utilisation": "of its servers",
        "attempts per call": "attempts",
        "busiest minute": "minutes after midnight",
        "doors unanswered": "times",
        "p99.9 ms": "ms",
    }
    assert {name: unit_of(name) for name in wanted if name in flat} == wanted


def test_the_headline_of_a_summary_read_back_is_the_same(summary: Summary, tmp_path: Path) -> None:
    """And a run that has neither epidemic nor load has nothing to say."""
    assert encode(headline_of(summary)) == encode(headline_of(dict(sorted(summary.items()))))
    writer = NationWriter(tmp_path, provenance(), WORDS, in_ankara(1))
    assert headline_of(writer.finish({"scenario": "none", "seed": 1}, {})) == {}


def test_who_was_infected_before_a_run_without_a_warm_up_is_not_told(tmp_path: Path) -> None:
    """No evening before its first day is known."""
    writer = NationWriter(tmp_path, provenance(), WORDS, in_ankara(10))
    for number, ever in enumerate((4, 5)):
        writer.epidemic_day(EVE + timedelta(days=number), {"ever_infected": in_ankara(ever)})
    epidemic = writer.finish({"scenario": "small", "seed": 1}, {})["epidemic"]
    assert (epidemic["ever_infected_share"], epidemic["ever_infected_before_share"]) == (0.5, None)


def test_nobody_stands_at_the_door_of_a_booking(result: NationResult) -> None:
    """Nor of an employer's run: of those without an answer they are none."""
    tables = result.tables
    asked = tables.sources.to_pylist()
    moved = [{**row, "source": "booking"} if row["source"] == "office" else row for row in asked]
    told = [
        summarise_nation(replace(tables, sources=rows), {"scenario": "small", "seed": 7})["doors"]["unanswered"]
        for rows in (tables.sources, pa.Table.from_pylist(moved))
    ]
    assert told == [1, 0]


def test_a_run_without_a_warm_up_counts_the_deaths_of_its_first_day(tmp_path: Path) -> None:
    """Nobody has died before it."""
    writer = NationWriter(tmp_path, provenance(), WORDS, in_ankara(10))
    for number, died in enumerate((7, 9)):
        writer.epidemic_day(EVE + timedelta(days=number), {"died": in_ankara(died)})
    writer.finish({"scenario": "small", "seed": 1}, {})
    days, sums = daily(read_nation(tmp_path).tables)
    assert (days, sums["deaths"].tolist()) == ([EVE, EVE + timedelta(days=1)], [7, 2])


def test_a_run_that_lacks_a_day_is_not_sealed(tmp_path: Path) -> None:
    writer = NationWriter(tmp_path, provenance(), WORDS, in_ankara(10))
    for number in (0, 2):
        writer.epidemic_day(EVE + timedelta(days=number), {"died": in_ankara(0)})
    with pytest.raises(ResultError, match=r"lacks days between 2021-09-29 and 2021-10-01; .* --fresh"):
        writer.finish({"scenario": "small", "seed": 1}, {})
    assert not (tmp_path / "provenance.json").exists()


def test_a_storm_is_told(tmp_path: Path) -> None:
    """A made-up one that lasts from 08:15 to 11:30, by an outage that ended at 08:45."""
    (row,) = made(tmp_path, days=50, calls=20_000).summary["storms"]
    assert row["is_metastable"]
    assert row["outage_ended"] == 525
    assert 680 <= row["down_until"] <= 692
    assert row["attempts_per_call"] > 2
