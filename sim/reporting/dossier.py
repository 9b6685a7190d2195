"""Everybody's records as one growing table: each row knows the one before it of the same person.

A row has three 32-bit numbers: the row before it, counted from 1 (0 none), the person, and the record itself:

    moment's hour + 64 (from bit 14) · hours from it to the filing (11 bits) · case (1 bit) · what (2 bits)

The column `last` has each person's newest row, counted from 1, or 0; it is kept as -1 minus it for the dead. A record
that is still to be filed waits as one 64-bit key, so that sorted keys are in the order of filing:

    filing's hour (from bit 41) · person (27 bits) · hours since the moment (11 bits) · 0 · what (2 bits)
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled, inlined

NEGATIVE, POSITIVE, CONTACT = 0, 1, 2
CASE = 4
SHIFT = 64
"""Hours by which moments are shifted, so that contacts of the eve are positive numbers."""
FIELDS = 3
MANY = 4_096
"""Records of one person that are looked at, at most; nobody has so many within two months."""

Keys = NDArray[np.int64]
Column = NDArray[np.int32]
Table = NDArray[np.int32]


@inlined
def newest(last: Whole) -> Whole:
    """A person's newest row, counted from 1, by the column `last`."""
    return np.int64(last) if last >= 0 else np.int64(-1) - np.int64(last)


@inlined
def key_of_record(filed: Whole, person: Whole, moment: Whole, what: Whole) -> Whole:
    """A record to be filed."""
    return np.int64(filed) << 41 | np.int64(person) << 14 | np.int64(filed - moment) << 3 | np.int64(what)


@inlined
def person_of(key: Whole) -> Whole:
    """Whom a key tells of."""
    return key >> 14 & ((1 << 27) - 1)


@inlined
def moment_of(key: Whole) -> Whole:
    """The hour of the moment that a key tells of."""
    return (key >> 41) - (key >> 3 & 2_047)


@inlined
def moment_in(row: Whole) -> Whole:
    """The hour of the moment in a row's record."""
    return (np.int64(row) >> 14) - SHIFT


@inlined
def filed_in(row: Whole) -> Whole:
    """The hour of the filing in a row's record."""
    return moment_in(row) + (np.int64(row) >> 3 & 2_047)


@compiled
def append(last: Column, table: Table, rows: Whole, keys: Keys) -> Whole:
    """Add records to the table, in the keys' order; the new number of rows. There must be room."""
    for n in range(keys.size):
        key = keys[n]
        person = person_of(key)
        before = last[person]
        table[rows, 0] = newest(before)
        table[rows, 1] = person
        table[rows, 2] = moment_of(key) + SHIFT << 14 | key & 0x3FFF
        rows += 1
        last[person] = rows if before >= 0 else -1 - rows
    return rows


@compiled
def compact(last: Column, table: Table, rows: Whole, now: Whole, positives_from: Whole, others_from: Whole) -> Whole:
    """Forget what happened before these hours and has been filed by now; the new number of rows."""
    moved = np.zeros(rows + 1, np.int32)
    left = np.int64(0)
    for n in range(rows):
        before, record = table[n, 0], table[n, 2]
        if before:
            before = moved[before]
        since = positives_from if record & 3 == POSITIVE else others_from
        if filed_in(record) > now or moment_in(record) >= since:
            table[left, 0], table[left, 1], table[left, 2] = before, table[n, 1], record
            left += 1
            before = left
        moved[n + 1] = before
    for person in range(last.size):  # in the order of people: nobody is looked up row by row
        if last[person] > 0:
            last[person] = moved[last[person]]
        elif last[person] < -1:
            last[person] = -1 - moved[-1 - last[person]]
    return left


@compiled
def found_cases(last: Column, table: Table, keys: Keys, episode_days: Whole) -> NDArray[np.bool_]:
    """Which of these positives begin an episode: a later one than so many days after the last that did. Marks them."""
    cases = np.zeros(keys.size, np.bool_)
    for n in range(keys.size):
        key = keys[n]
        day, own = moment_of(key) // 24, np.int64(-1)
        row, again = newest(last[person_of(key)]), False
        while row > 0:
            record = table[row - 1, 2]
            if record & CASE and day - moment_in(record) // 24 <= episode_days:
                again = True
            if record & 3 == POSITIVE and moment_in(record) == moment_of(key):
                own = row - 1
            row = np.int64(table[row - 1, 0])
        if not again and own >= 0:
            table[own, 2] |= CASE
            cases[n] = True
    return cases


@compiled
def bury(last: Column, people: NDArray[np.int32]) -> None:
    """Note that people have died."""
    for person in people:
        if last[person] >= 0:
            last[person] = -1 - last[person]
