"""A run's folder and summary, with six questions whose every number can be counted by hand."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.provenance import describe
from sim.results import (
    CAPACITY,
    EPIDEMIC,
    QUERIES,
    ResultError,
    Tables,
    appearing,
    calls,
    encode,
    headline,
    latencies,
    read,
    summarise,
    write,
    wrong,
)

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
# Two employees, a bulk call of three codes, a person asking at night.
QUESTIONS = {
    "at_us": [8 * HOUR_US, 8 * HOUR_US + 1, 9 * HOUR_US, 9 * HOUR_US, 9 * HOUR_US, 23 * HOUR_US],
    "channel": ["employee", "employee", "bulk", "bulk", "bulk", "person"],
    "asker": ["Şirket", "Şirket", "Büro", "Büro", "Büro", "17"],
    "person": [1, 2, 1, 3, 4, 2],
    "call": [0, 1, 2, 2, 2, 3],
    "expected": ["RISKLESS", "RISKY", "RISKLESS", "RISKY", "hescodenotfound", "RISKY"],
    "answered": ["RISKLESS", "RISKY", "RISKLESS", "RISKY", "hescodenotfound", "RISKY"],
    "wrong_fields": ["", "", "", "", "", ""],
    "latency_us": [1000, 3000, 9000, 9000, 9000, 2000],
    "status": [200, 200, 200, 200, 200, 200],
}
DAYS = {
    "day": [0, 1, 2],
    "date": [date(2021, 11, 6), date(2021, 11, 7), date(2021, 11, 8)],
    "susceptible": [96, 93, 93],
    "exposed": [2, 3, 1],
    "infectious": [2, 4, 3],
    "recovered": [0, 0, 3],
    "new_infections": [2, 3, 0],
    "reported_cases": [0, 1, 1],
    "believed_risky": [0, 1, 2],
}
MINUTES = {
    "minute": [0, 1, 2],
    "arrivals": [4, 9, 5],
    "served": [4, 6, 5],
    "refused": [0, 2, 0],
    "abandoned": [0, 1, 0],
    "utilisation": [0.25, 1.0, 0.5],
    "longest_wait_us": [0, 70_000, 90_000],
}
FACTS = {"scenario": "monday_morning", "seed": 7, "population.people": 100}
PROVENANCE = describe(
    scenario="monday_morning",
    content=b"",
    seed=7,
    drive="stub",
    made_at=datetime(2026, 11, 23, tzinfo=UTC),
    command="hes run monday_morning",
)


def tables(**changes) -> Tables:
    return Tables.of(queries=QUESTIONS | changes, epidemic=DAYS, capacity=MINUTES)


def test_the_headline_counts_answers_and_wrong_ones():
    assert headline(summarise(tables(), FACTS)) == "6 answers, 0 wrong"


def test_what_was_asked_is_counted_by_channel_answer_status_and_hour():
    """Codes, calls, risky answers and the different people they stopped."""
    summary = summarise(tables(), FACTS)
    assert (summary["scenario"], summary["seed"], summary["facts"]) == ("monday_morning", 7, {"population.people": 100})
    assert (summary["queries"], summary["calls"]) == (6, 4)
    assert (summary["risky_answers"], summary["stopped_people"], summary["unanswered"]) == (3, 2, 0)
    assert summary["by_channel"] == {
        "employee": {"queries": 2, "calls": 2, "wrong": 0, "risky": 1},
        "bulk": {"queries": 3, "calls": 1, "wrong": 0, "risky": 1},
        "person": {"queries": 1, "calls": 1, "wrong": 0, "risky": 1},
    }
    assert summary["by_answer"] == {"RISKLESS": 2, "RISKY": 3, "hescodenotfound": 1}
    assert summary["by_status"] == {"200": 6}
    assert len(summary["by_hour"]) == 24
    assert {hour: count for hour, count in summary["by_hour"].items() if count} == {"08": 2, "09": 3, "23": 1}


def test_an_answer_is_wrong_if_a_field_is():
    """A right status with a wrong name counts, once for each field."""
    summary = summarise(tables(wrong_fields=["", "masked_lastname", "", "", "", "masked_lastname, sex"]), FACTS)
    assert headline(summary) == "6 answers, 2 wrong"
    assert summary["wrong_by_field"] == {"masked_lastname": 2, "sex": 1}
    assert summary["by_channel"]["employee"]["wrong"] == 1


def test_no_answer_is_a_wrong_answer_even_if_nobody_said_so():
    """Silence and an error page cannot pass for right."""
    asked = tables(answered=["503", "RISKY", "RISKLESS", "RISKY", "hescodenotfound", "time-out"])
    summary = summarise(asked, FACTS)
    assert (summary["wrong"], summary["unanswered"]) == (2, 2)
    assert summary["wrong_by_field"] == {"answer": 2}
    assert wrong(asked.queries).tolist() == [True, False, False, False, False, True]


def test_the_epidemic_is_told_by_its_last_day_and_its_peak():
    assert summarise(tables(), FACTS)["epidemic"] == {
        "days": 3,
        "first_date": "2021-11-06",
        "last_date": "2021-11-08",
        "people": 100,
        "infectious": 3,
        "exposed": 1,
        "recovered": 3,
        "believed_risky": 2,
        "new_infections": 5,
        "reported_cases": 2,
        "peak_infectious": 4,
        "peak_date": "2021-11-07",
    }


def test_the_queue_is_told_by_its_totals_and_its_worst_minutes():
    assert summarise(tables(), FACTS)["capacity"] == {
        "arrivals": 18,
        "served": 15,
        "refused": 2,
        "abandoned": 1,
        "utilisation_peak": 1.0,
        "utilisation_peak_minute": 1,
        "longest_wait_us": 90_000,
        "longest_wait_minute": 2,
    }


def test_latency_is_counted_by_call_and_kept_apart():
    """A bulk call counts once, not for each of its codes; what was measured stands under `measured` alone."""
    slow = summarise(tables(), FACTS, measured={"real_seconds": 2.0, "late_sends": 1})
    assert slow["measured"] == {
        "latency_us": {
            "all": {"p50": 2000, "p90": 9000, "p99": 9000, "p99_9": 9000, "max": 9000},
            "by_channel": {
                "employee": {"p50": 1000, "p90": 3000, "p99": 3000, "p99_9": 3000, "max": 3000},
                "bulk": {"p50": 9000, "p90": 9000, "p99": 9000, "p99_9": 9000, "max": 9000},
                "person": {"p50": 2000, "p90": 2000, "p99": 2000, "p99_9": 2000, "max": 2000},
            },
        },
        "slowest_minutes": [
            {"minute": 540, "calls": 1, "p50": 9000, "p90": 9000, "p99": 9000, "p99_9": 9000, "max": 9000},
            {"minute": 480, "calls": 2, "p50": 1000, "p90": 3000, "p99": 3000, "p99_9": 3000, "max": 3000},
            {"minute": 1380, "calls": 1, "p50": 2000, "p90": 2000, "p99": 2000, "p99_9": 2000, "max": 2000},
        ],
        "real_seconds": 2.0,
        "requests_per_second": 2.0,
        "late_sends": 1,
    }
    fast = summarise(tables(latency_us=[1, 2, 3, 3, 3, 4]), FACTS, measured={"real_seconds": 1.0})
    del slow["measured"], fast["measured"]
    assert encode(slow) == encode(fast)


def test_a_call_is_its_first_row():
    assert calls(tables().queries)["call"].to_pylist() == [0, 1, 2, 3]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=300))
def test_percentiles_are_nearest_rank(us):
    """The smallest latency that at least that share of the calls does not exceed, found by sorting."""
    ranks = {"p50": (50, 100), "p90": (90, 100), "p99": (99, 100), "p99_9": (999, 1000), "max": (1, 1)}
    expected = {name: sorted(us)[-(-len(us) * part // whole) - 1] for name, (part, whole) in ranks.items()}
    assert latencies(np.array(us, np.int64)) == expected


def test_only_the_ten_slowest_minutes_are_named():
    """By their 99th percentile, the earlier first where it is the same."""
    many = {name: [column[0]] * 12 for name, column in QUESTIONS.items()}
    many |= {"call": list(range(12)), "at_us": [minute * MINUTE_US for minute in range(12)]}
    many["latency_us"] = [10, 10, 30, 10, 10, 10, 10, 10, 10, 10, 10, 10]
    summary = summarise(tables(**many), FACTS)
    assert [row["minute"] for row in summary["measured"]["slowest_minutes"]] == [2, 0, 1, 3, 4, 5, 6, 7, 8, 9]


def test_an_empty_run_has_a_summary():
    """Nothing asked, no epidemic, no queue: no number is made up."""
    nothing = Tables(queries=QUERIES.empty_table(), epidemic=EPIDEMIC.empty_table(), capacity=CAPACITY.empty_table())
    summary = summarise(nothing, FACTS)
    assert headline(summary) == "0 answers, 0 wrong"
    assert (summary["epidemic"], summary["capacity"], summary["measured"]["latency_us"]["all"]) == (None, None, None)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"seed": 7}, "the facts lack scenario"),
        (FACTS | {"real_seconds": 3.0}, "pass it in `measured`"),
    ],
)
def test_facts_are_checked(facts, words):
    with pytest.raises(ResultError, match=words):
        summarise(tables(), facts)


def test_numpy_columns_become_tables():
    """Wider integers, object and fixed-width text, and NumPy dates are taken, where nothing is lost."""
    given_columns = {name: np.array(column) for name, column in QUESTIONS.items()}
    given_columns["answered"] = np.array(QUESTIONS["answered"], object)
    days = {name: np.array(column) for name, column in DAYS.items()} | {"date": np.array(DAYS["date"], "datetime64[D]")}
    made = Tables.of(queries=given_columns, epidemic=days, capacity={name: np.array(c) for name, c in MINUTES.items()})
    assert made == tables()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": [0] * 6}, "queries: columns missing or unknown: colour"),
        ({"call": [0, 1]}, "queries: .*length"),
        ({"person": np.array([2**40] * 6)}, "queries: .*2147483647"),
        ({"latency_us": [1.5] * 6}, "queries: .*truncated"),
        ({"answered": ["RISKY", None, "RISKY", "RISKY", "RISKY", "RISKY"]}, "queries: answered has gaps"),
        ({"channel": ["fax"] * 6}, "unknown channels fax; known are employee, "),
        ({"at_us": [-1, 0, 0, 0, 0, 0]}, "queries: at_us is below 0"),
    ],
)
def test_columns_that_do_not_fit_are_refused(change, words):
    with pytest.raises(ResultError, match=words):
        tables(**change)


def test_all_misfits_are_told_at_once():
    with pytest.raises(ResultError, match=r"queries: the columns are .*; epidemic: .*; capacity: "):
        Tables(queries=pa.table({"a": [1]}), epidemic=pa.table({"a": [1]}), capacity=pa.table({"a": [1]}))


def test_a_folder_gives_back_what_was_put_into_it(tmp_path):
    """Tables, summary and provenance, the same; no file left that is not whole."""
    folder = tmp_path / "runs" / "monday"
    summary = summarise(tables(), FACTS)
    write(folder, tables(), summary, PROVENANCE)
    found = read(folder)
    assert (found.tables, found.summary, found.provenance) == (tables(), summary, PROVENANCE)
    assert sorted(path.name for path in folder.iterdir()) == [
        "capacity.parquet",
        "epidemic.parquet",
        "provenance.json",
        "queries.parquet",
        "summary.json",
    ]


def test_equal_runs_are_equal_bytes(tmp_path):
    """Only provenance.json knows when the run was made."""
    later = describe(scenario="monday_morning", content=b"", seed=7, drive="stub", made_at=datetime.now(UTC))
    write(tmp_path / "a", tables(), summarise(tables(), FACTS), PROVENANCE)
    write(tmp_path / "b", tables(), summarise(tables(), FACTS), later)
    for name in ("capacity.parquet", "epidemic.parquet", "queries.parquet", "summary.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert (tmp_path / "a" / "provenance.json").read_bytes() != (tmp_path / "b" / "provenance.json").read_bytes()


def test_each_table_carries_its_provenance_and_is_compressed(tmp_path):
    write(tmp_path, tables(), summarise(tables(), FACTS), PROVENANCE)
    for name in ("queries", "epidemic", "capacity"):
        file = pq.ParquetFile(tmp_path / f"{name}.parquet")
        assert json.loads(file.schema_arrow.metadata[b"hes_sandbox"]) == PROVENANCE.identity
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"


def test_json_has_sorted_keys_turkish_letters_and_a_final_newline():
    assert encode({"b": 1, "a": {"İl": "Iğdır"}}).decode() == '{\n  "a": {\n    "İl": "Iğdır"\n  },\n  "b": 1\n}\n'


def test_a_run_that_was_killed_is_not_read(tmp_path):
    """Whatever was written by then, the last file is missing, and the earlier run does not show through."""
    write(tmp_path, tables(), summarise(tables(), FACTS), PROVENANCE)
    unwritable = summarise(tables(), FACTS) | {"facts": {"share": float("nan")}}
    with pytest.raises(ValueError, match="JSON"):
        write(tmp_path, tables(), unwritable, PROVENANCE)
    with pytest.raises(ResultError, match=r"provenance\.json, written last, is missing; run it again"):
        read(tmp_path)


def test_tables_of_another_run_are_refused(tmp_path):
    other = describe(scenario="monday_morning", content=b"", seed=8, drive="stub")
    write(tmp_path / "a", tables(), summarise(tables(), FACTS), PROVENANCE)
    write(tmp_path / "b", tables(), summarise(tables(), FACTS), other)
    (tmp_path / "b" / "epidemic.parquet").replace(tmp_path / "a" / "epidemic.parquet")
    with pytest.raises(ResultError, match=r"epidemic\.parquet is from another run"):
        read(tmp_path / "a")


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    """While it is being written the old one stands; if writing fails, it stays."""
    path = tmp_path / "report.html"
    path.write_text("old")

    def fail_halfway():
        with appearing(path) as unfinished:
            unfinished.write_text("ha")
            assert path.read_text() == "old"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_halfway()
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    with appearing(path) as unfinished:
        unfinished.write_text("new")
    assert path.read_text() == "new"
