"""A national run's folder: whole or none, the same when it was broken off, of one run alone."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.capacity.network.model import CallColumn, StationColumn
from sim.results.folder import STAMP
from sim.results.nation import read_nation
from sim.results.nation_tables import CALL_COLUMNS, STATION_COLUMNS, Words
from sim.results.nation_writer import NationWriter
from sim.results.table import ResultError
from sim.streams import Streams
from tests.sim.report.made_nation import FIRST, PEOPLE, WORDS, calls_of, minutes_of, provenance, wave

DAYS = [FIRST + timedelta(days=number) for number in range(6)]
LOADED = (1, 4)
FACTS = {"scenario": "small", "seed": 7}


def play(folder: Path, days: range, *, trace: bool = False, chunks: int = 3, goes_on: bool = False) -> NationWriter:
    """A writer that has been told these of the days."""
    start = DAYS[days.start] if goes_on else None
    writer = NationWriter(folder, provenance(), WORDS, PEOPLE, trace=trace, goes_on_from=start)
    epidemic = wave(len(DAYS), Streams(7).stream("wave"))
    for number in days:
        day = DAYS[number]
        writer.epidemic_day(day, {name: column[number] for name, column in epidemic.items()}, reported=number > 0)
        if number in LOADED:
            calls = calls_of(500, Streams(number).stream("calls"), None, None)
            for part in np.array_split(np.arange(500), chunks):
                writer.calls(day, {name: column[part] for name, column in calls.items()})
            writer.minutes(day, *minutes_of(calls, None, None))
            writer.end_day(day)
    return writer


def contents(folder: Path) -> dict[str, object]:
    """Everything in a folder, as text and tables."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: pq.read_table(path) if path.suffix == ".parquet" else path.read_text() for path in files}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    play(folder, range(6), trace=True).finish(FACTS, {})
    return folder


def test_every_file_says_where_it_comes_from(whole: Path) -> None:
    assert sorted(path.name for path in whole.iterdir()) == [
        *("doors.parquet", "doors_by_day.parquet", "epidemic.parquet", "latency.parquet", "load.parquet"),
        *("provenance.json", "provinces.parquet", "service.parquet", "sources.parquet", "stations.parquet"),
        *("summary.json", "trace.parquet"),
    ]
    for path in whole.glob("*.parquet"):
        assert json.loads(pq.read_schema(path).metadata[STAMP]) == provenance().identity


@pytest.mark.parametrize("broken_off", [1, 2, 4, 5])
def test_a_run_that_went_on_equals_the_whole_run(whole: Path, tmp_path: Path, broken_off: int) -> None:
    """It was killed in the middle of a later day, and begins again with the first day of which nothing is kept."""
    killed = play(tmp_path, range(min(broken_off + 1, 6)), trace=True)
    killed.calls(DAYS[5], calls_of(100, Streams(99).stream("calls"), None, None))
    killed.abandon()
    play(tmp_path, range(broken_off, 6), trace=True, goes_on=True).finish(FACTS, {})
    assert contents(tmp_path) == contents(whole)


def test_chunks_change_nothing(whole: Path, tmp_path: Path) -> None:
    play(tmp_path, range(6), trace=True, chunks=11).finish(FACTS, {})
    assert contents(tmp_path) == contents(whole)


def test_the_trace_has_every_call(whole: Path) -> None:
    """In the order told, beside tables that count the same."""
    trace = pq.read_table(whole / "trace.parquet").to_pydict()
    first = calls_of(500, Streams(1).stream("calls"), None, None)
    assert trace["date"] == [DAYS[1]] * 500 + [DAYS[4]] * 500
    assert trace["ended_us"][:500] == first["ended_us"].tolist()
    assert trace["channel"][:500] == [WORDS.channels[number] for number in first["channel"]]
    load = pq.read_table(whole / "load.parquet").to_pydict()
    assert (sum(load["calls"]), sum(load["codes"])) == (1000, sum(trace["codes"]))
    assert load["date"] == sorted(load["date"])


def test_no_trace_unless_it_is_asked_for(whole: Path, tmp_path: Path) -> None:
    """Nor that of another run that was in the folder; the other tables are the same."""
    play(tmp_path, range(6), trace=True).finish(FACTS, {})
    play(tmp_path, range(6)).finish(FACTS, {})
    assert contents(tmp_path) == {name: file for name, file in contents(whole).items() if name != "trace.parquet"}


def test_the_result_is_what_was_told(whole: Path) -> None:
    result = read_nation(whole)
    epidemic = wave(len(DAYS), Streams(7).stream("wave"))
    told = result.tables.epidemic
    assert told.schema.names[:4] == ["day", "date", "reported", "province"]
    assert told["reported"].to_pylist() == [False] * 81 + [True] * 405
    assert told["day"].to_pylist() == [number for number in range(6) for _ in range(81)]
    assert told["cases"].to_pylist() == epidemic["cases"][:, 1:].ravel().tolist()
    assert result.tables.people.tolist() == PEOPLE.tolist()
    assert list(result.tables.load) == [DAYS[1], DAYS[4]]
    assert sum(int(day.of("calls").sum()) for day in result.tables.load.values()) == 1000
    for day in result.tables.load.values():
        assert np.array_equal(day.by_minute.sum(axis=0), day.by_province.sum(axis=0))
    assert result.provenance == provenance()


def test_a_run_without_queries(tmp_path: Path) -> None:
    """Its tables are there, and empty."""
    writer = NationWriter(tmp_path, provenance(), WORDS, PEOPLE)
    writer.epidemic_day(DAYS[0], {"cases": np.ones(82, np.int64)})
    summary = writer.finish(FACTS, {})
    result = read_nation(tmp_path)
    assert summary == result.summary
    assert result.tables.load == {}
    assert (result.tables.doors.num_rows, result.tables.stations.num_rows) == (0, 0)
    assert (summary["load"], summary["doors"], summary["stations"]) == (None, None, None)
    assert summary["epidemic"]["cases"] == 81


def test_an_unfinished_run_is_none(tmp_path: Path) -> None:
    play(tmp_path, range(2))
    with pytest.raises(ResultError, match="no complete run"):
        read_nation(tmp_path)


def test_beginning_again_breaks_the_seal(tmp_path: Path) -> None:
    play(tmp_path, range(2)).finish(FACTS, {})
    NationWriter(tmp_path, provenance(), WORDS, PEOPLE)
    with pytest.raises(ResultError, match="no complete run"):
        read_nation(tmp_path)


def test_tables_of_another_run_are_refused(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 8)):
        writer = NationWriter(tmp_path / name, provenance(seed), WORDS, PEOPLE)
        writer.epidemic_day(DAYS[0], {"cases": np.ones(82, np.int64)})
        writer.finish(FACTS, {})
    (tmp_path / "b/doors.parquet").rename(tmp_path / "a/doors.parquet")
    with pytest.raises(ResultError, match=r"doors.parquet is from another run"):
        read_nation(tmp_path / "a")
    (tmp_path / "a/load.parquet").unlink()
    with pytest.raises(ResultError, match="another kind of run: it has no load"):
        read_nation(tmp_path / "a")


def test_another_runs_leftovers_are_not_gone_on_from(tmp_path: Path) -> None:
    play(tmp_path, range(2))
    with pytest.raises(ResultError, match="is of another run"):
        NationWriter(tmp_path, provenance(8), WORDS, PEOPLE, goes_on_from=DAYS[2])


@pytest.mark.parametrize(
    ("do", "words"),
    [
        (lambda writer: writer.epidemic_day(DAYS[1], {"cases": np.ones(81, np.int64)}), "cases must be 82 integers"),
        (lambda writer: writer.epidemic_day(DAYS[1], {"cases": np.ones(82)}), "cases must be 82 integers"),
        (lambda writer: writer.epidemic_day(DAYS[1], {"deaths": np.ones(82, np.int64)}), "other columns"),
        (lambda writer: writer.end_day(DAYS[1]), "2021-08-21 begins while 2021-08-20 is not ended"),
        (lambda writer: writer.finish(FACTS, {}), "2021-08-20 is not ended"),
        (lambda writer: writer.minutes(DAYS[0], {"calls": np.ones(5, np.int64)}, {}), "service: columns missing"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, do: Callable, words: str) -> None:
    writer = NationWriter(tmp_path, provenance(), WORDS, PEOPLE)
    writer.epidemic_day(DAYS[0], {"cases": np.ones(82, np.int64)})
    writer.calls(DAYS[0], calls_of(10, Streams(1).stream("calls"), None, None))
    with pytest.raises(ResultError, match=words):
        do(writer)


def test_people_are_by_plate(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="82 entries"):
        NationWriter(tmp_path, provenance(), WORDS, PEOPLE[1:])


def test_the_facts_name_scenario_and_seed(tmp_path: Path) -> None:
    """And nothing is sealed without them."""
    writer = play(tmp_path, range(2))
    with pytest.raises(ResultError, match="the facts lack scenario"):
        writer.finish({"seed": 1}, {})
    assert not (tmp_path / "provenance.json").exists()


def test_words_fit_one_another() -> None:
    said = (
        "bulk: sack is none of the channels; sources must be numbered from 0 to 63; doorless: y is none of the sources"
    )
    with pytest.raises(ValueError, match=said):
        Words(
            channels=("a",),
            bulk=frozenset({"sack"}),
            statuses=("answered",),
            sources={64: "x"},
            doorless=frozenset({"y"}),
        )


def test_the_services_columns_are_the_networks() -> None:
    """The words of the model of the service, restated here because results know no engine."""
    assert tuple(column.name.lower() for column in CallColumn) == CALL_COLUMNS
    assert tuple(column.name.lower() for column in StationColumn) == STATION_COLUMNS


def test_dates_are_dates(whole: Path) -> None:
    assert {type(day) for day in read_nation(whole).tables.load} == {date}
