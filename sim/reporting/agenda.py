"""People and records in columns: whose turn it is on which day, each once, and lists that grow."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from sim.reporting.dossier import Column, Keys
from sim.reporting.model import NEVER

NOBODY = np.empty(0, np.int64)
Agenda = defaultdict[int, list[Column]]
"""People by the day on which it is their turn."""


def people_of(keys: Keys) -> Column:
    """The people of records."""
    return (keys >> 14 & ((1 << 27) - 1)).astype(np.int32)


def distinct(people: Column) -> Column:
    """Each of them once, ascending; a hundred times faster than `np.unique`, which hashes."""
    ordered: Column = np.sort(people)
    return np.asarray(ordered[np.diff(ordered, prepend=-1) != 0], np.int32)


def among(people: Column, some: Column) -> NDArray[np.bool_]:
    """Which of some are among people, who are in ascending order."""
    places = np.searchsorted(people, some)
    inside = places < people.size
    inside[inside] = people[places[inside]] == some[inside]
    return inside


def joined(columns: list[Column]) -> Column:
    """Columns of people, one after the other."""
    return np.concatenate(columns) if columns else np.empty(0, np.int32)


def joined_keys(columns: list[Keys]) -> Keys:
    """Columns of records, one after the other."""
    return np.concatenate(columns) if columns else NOBODY


def dated(days: Agenda) -> Keys:
    """An agenda as day << 32 | person, as it was put down."""
    return joined_keys([day << 32 | people.astype(np.int64) for day, parts in days.items() for people in parts])


def put_down(days: Agenda, dated: Keys) -> None:
    """Sort people into days, given as day << 32 | person."""
    put_by_day(days, (dated & 0x7FFF_FFFF).astype(np.int32), dated >> 32)


def put_by_day(days: Agenda, people: Column, on: NDArray[np.integer]) -> None:
    """Sort people into days."""
    if not on.size:
        return
    days_on = on.astype(np.int16)  # sorted by its digits, much faster than larger numbers
    order = np.argsort(days_on, kind="stable")
    starts = np.flatnonzero(np.diff(days_on[order], prepend=NEVER))
    for day, those in zip(days_on[order[starts]].tolist(), np.split(people[order], starts[1:]), strict=True):
        days[day].append(those)


def with_room(table: NDArray[np.int32], rows: int, more: int) -> NDArray[np.int32]:
    """The table with room for so many more rows."""
    if rows + more <= table.shape[0]:
        return table
    larger = np.zeros((max(rows + more, table.shape[0] * 5 // 4), table.shape[1]), np.int32)
    larger[:rows] = table[:rows]
    return larger
