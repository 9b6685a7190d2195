"""What calls are told, and what is true."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.nation.answers import HOUR_US, answered

PEOPLE = 6
Codes = list[tuple[int, int]]
"""People, and what is wrong with the code of each."""


def told(
    calls: list[tuple[int, Codes]],
    risky: dict[int, tuple[int, int]],
    infectious: dict[int, int] | None = None,
    midnight: int = 24,
    *,
    in_bulk: bool = False,
) -> tuple[list[int], list[int]]:
    """Risky answers and truths of calls: each an hour of the day, and its people with what is wrong with their codes.

    A call of one code is a single one, unless all are `in_bulk`.
    """
    sizes = [len(codes) for _, codes in calls]
    bulk = [in_bulk or size > 1 for size in sizes]
    listed = [code for (_, codes), many in zip(calls, bulk, strict=True) if many for code in codes]
    begins = np.cumsum([0, *(size * many for size, many in zip(sizes, bulk, strict=True))])[:-1]
    spells = np.array([risky.get(person, (0, 0)) for person in range(PEOPLE)], np.int16)
    truly = np.zeros(PEOPLE, np.uint8)
    for person, days in (infectious or {}).items():
        truly[person] = days
    answers, truths = np.empty(len(calls), np.int32), np.empty(len(calls), np.uint8)
    answered(
        np.array([hour * HOUR_US for hour, _ in calls], np.int64),
        np.array(sizes, np.uint16),
        np.array([-1 if many else codes[0][0] for (_, codes), many in zip(calls, bulk, strict=True)], np.int32),
        np.array([0 if many else codes[0][1] for (_, codes), many in zip(calls, bulk, strict=True)], np.uint8),
        np.array([begin if many else -1 for begin, many in zip(begins, bulk, strict=True)], np.int64),
        np.array([person for person, _ in listed], np.int32),
        np.array([spoiled for _, spoiled in listed], np.uint8),
        spells[:, 0].copy(),
        spells[:, 1].copy(),
        truly,
        midnight,
        answers,
        truths,
    )
    return answers.tolist(), truths.tolist()


def test_a_code_is_risky_in_the_hours_of_the_spell() -> None:
    """Risky from 10 to 12 on the second day."""
    calls = [(hour, [(3, 0)]) for hour in (9, 10, 11, 12)]
    assert told(calls, {3: (34, 36)}, {3: 5}) == ([0, 1, 1, 0], [5, 5, 5, 5])


def test_a_spoiled_code_is_never_risky() -> None:
    """Mistyped, expired or deleted, alone or in a list: only the good codes of the risky count."""
    risky = dict.fromkeys(range(4), (0, 100))
    alone = [(8, [(0, spoiled)]) for spoiled in range(4)]
    several = [(8, [(0, 0), (1, 1), (2, 2), (3, 3), (4, 0)]), (8, [(0, 0), (1, 0), (5, 0)])]
    assert told([*alone, *several], risky)[0] == [1, 0, 0, 0, 1, 2]


def test_a_list_of_one_is_a_list() -> None:
    """The last call of a run over 501 people tells of its only one, and of nobody's truth."""
    risky = {PEOPLE - 1: (0, 100)}
    assert told([(8, [(0, 0)]), (8, [(PEOPLE - 1, 0)])], risky, {0: 3}, in_bulk=True) == ([0, 1], [0, 0])


codes = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.integers(0, 3)), min_size=1, max_size=5)
spell = st.tuples(st.integers(0, 60), st.integers(0, 60))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 23), codes), min_size=1, max_size=8),
    st.dictionaries(st.integers(0, PEOPLE - 1), spell),
    st.dictionaries(st.integers(0, PEOPLE - 1), st.integers(1, 30)),
)
def test_answers_are_those_of_plain_counting(calls: list, risky: dict, infectious: dict) -> None:
    """Code by code."""
    spells = {person: range(*hours) for person, hours in risky.items()}
    answers = [
        sum(24 + hour in spells.get(person, range(0)) for person, spoiled in given if not spoiled)
        for hour, given in calls
    ]
    truths = [infectious.get(given[0][0], 0) if len(given) == 1 else 0 for _, given in calls]
    assert told(calls, risky, infectious) == (answers, truths)
