"""Finished calls are counted, each once, in any order."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.bins import bin_of
from sim.results.table import ResultError
from sim.results.tally import CALLS, DAY_US, SINCE, Tally

BULK, ANSWERED, BOOKING = (False, False, True), (True, False), 19
MINUTE_US = 60_000_000

rows = st.fixed_dictionaries(
    {
        "at_us": st.integers(0, DAY_US - 1) | st.sampled_from([0, MINUTE_US - 1, MINUTE_US, DAY_US - 1]),
        "ended_us": st.integers(0, 100_000_000),
        "channel": st.integers(0, 2),
        "source": st.integers(0, 63) | st.just(BOOKING),
        "province": st.integers(1, 81),
        "asker": st.integers(0, 9),
        "codes": st.integers(1, 500),
        "person": st.integers(-1, 99),
        "spoiled": st.integers(0, 3),
        "outcome": st.integers(0, 1),
        "attempts": st.integers(0, 5),
        "risky": st.integers(0, 3),
        "infectious": st.integers(0, 30),
    }
)


def columns(calls: list[dict]) -> dict[str, np.ndarray]:
    """Calls as columns; `ended_us` of a row is how long it took."""
    ended = [{**call, "ended_us": call["at_us"] + call["ended_us"]} for call in calls]
    return {name: np.array([call[name] for call in ended], kind) for name, kind in CALLS.items()}


def tally(*parts: list[dict]) -> Tally:
    made = Tally(BULK, ANSWERED, (BOOKING,))
    for part in parts:
        made.add(columns(part))
    return made


def tables(made: Tally) -> list[np.ndarray]:
    return [made.load, made.latency, made.doors, made.since, made.sources]


CALL = {
    "at_us": 30_660 * 1_000_000,  # 08:31
    "ended_us": 129,
    "channel": 1,
    "source": 20,
    "province": 34,
    "asker": 5,
    "codes": 1,
    "person": 7,
    "spoiled": 0,
    "outcome": 0,
    "attempts": 2,
    "risky": 1,
    "infectious": 6,
}


def test_a_call_in_every_table() -> None:
    """An infectious person is stopped in İstanbul at 08:31, five days after the infection, at the second attempt."""
    made = tally([CALL])
    assert made.load[511, 34, 1, 0].tolist() == [1, 1, 2, 1]
    assert made.latency[8, 1, 0, 128] == 1
    assert made.doors[34, 1].tolist() == [1, 0, 0, 0, 0]
    assert made.since[5].tolist() == [1, 0]
    assert made.sources[8, 20].tolist() == [1, 1, 2, 1, 1]
    assert [int(table.sum()) for table in tables(made)] == [5, 1, 1, 1, 6]


@pytest.mark.parametrize(
    ("change", "door"),
    [
        ({"infectious": 0}, 1),
        ({"risky": 0}, 2),
        ({"risky": 0, "infectious": 0}, 3),
        ({"spoiled": 2, "risky": 0}, 4),
    ],
)
def test_who_is_at_the_door(change: dict, door: int) -> None:
    """Stopped or let through, infectious or not; a spoiled code says nothing."""
    made = tally([{**CALL, **change}])
    assert made.doors[34, 1].tolist() == [int(place == door) for place in range(5)]


@pytest.mark.parametrize("change", [{"outcome": 1}, {"channel": 2}, {"source": BOOKING}])
def test_no_answer_no_bulk_call_and_no_booking_is_at_a_door(change: dict) -> None:
    made = tally([{**CALL, **change}])
    assert made.doors.sum() == made.since.sum() == 0
    assert made.load.sum() == 5


def test_answered_calls_are_counted_by_their_source() -> None:
    """Calls, not codes: a bulk call that is answered is one, as it is by channel."""
    made = tally([{**CALL, "channel": 2, "source": 21, "codes": 400}, {**CALL, "source": 21, "outcome": 1}])
    assert made.sources[8, 21].tolist() == [2, 401, 4, 2, 1]


def test_late_days_are_counted_together() -> None:
    made = tally([{**CALL, "infectious": days} for days in (21, 22, 23, 200)])
    assert made.since[:, 0].tolist() == [0] * 20 + [1, 3]
    assert SINCE == 22


@settings(max_examples=60)
@given(st.lists(rows, max_size=40))
def test_sums_are_those_of_plain_counting(calls: list[dict]) -> None:
    """Against dictionaries, one call at a time."""
    load, latency, doors, sources = Counter(), Counter(), Counter(), Counter()
    for call in calls:
        minute = call["at_us"] // MINUTE_US
        measures = (1, call["codes"], call["attempts"], call["risky"])
        answered = int(call["outcome"] == 0)
        for n, value in enumerate(measures):
            load[minute, call["province"], call["channel"], call["outcome"], n] += value
        for n, value in enumerate((*measures, answered)):
            sources[minute // 60, call["source"], n] += value
        latency[minute // 60, call["channel"], call["outcome"], int(bin_of(call["ended_us"]))] += 1
        if call["outcome"] == 0 and call["channel"] < 2 and call["source"] != BOOKING:
            end = 4 if call["spoiled"] else 2 * (call["risky"] == 0) + (call["infectious"] == 0)
            doors[call["province"], call["channel"], end] += 1
    made = tally(calls)
    for counted, table in ((load, made.load), (latency, made.latency), (doors, made.doors), (sources, made.sources)):
        assert sum(counted.values()) == table.sum()
        assert all(table[cell] == value for cell, value in counted.items())


@settings(max_examples=40)
@given(st.lists(rows, max_size=40), st.integers(0, 40), st.randoms(use_true_random=False))
def test_neither_chunks_nor_order_change_anything(calls: list[dict], cut: int, chance: object) -> None:
    shuffled = list(calls)
    chance.shuffle(shuffled)
    assert all(map(np.array_equal, tables(tally(calls)), tables(tally(shuffled[:cut], [], shuffled[cut:]))))


@pytest.mark.parametrize(
    "change",
    [
        {"at_us": -1},
        {"at_us": DAY_US},
        {"ended_us": -1},
        {"channel": 3},
        {"province": 0},
        {"province": 82},
        {"outcome": 2},
        {"source": 64},
    ],
)
def test_a_call_out_of_range_is_refused(change: dict) -> None:
    with pytest.raises(ResultError, match="out of range"):
        tally([CALL, {**CALL, **change}])


def test_columns_that_do_not_fit_are_refused() -> None:
    given_columns = columns([CALL])
    with pytest.raises(ResultError, match="columns missing: at_us, risky"):
        tally().add({name: column for name, column in given_columns.items() if name not in {"at_us", "risky"}})
    with pytest.raises(ResultError, match="risky is int64"):
        tally().add({**given_columns, "risky": np.array([1])})
    with pytest.raises(ResultError, match="different length"):
        tally().add({**given_columns, "at_us": np.array([1, 2])})
