"""The live columns in compiled loops: what the rules say of many people at an hour, put into one spell each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, chance, compiled, inlined, word
from sim.reporting.dossier import Column, Keys, Table, moment_of, person_of
from sim.reporting.tracing import Provinces, plate_of

Days = NDArray[np.int16]


class Board(NamedTuple):
    """The standing of everybody, and how many of each province will be risky at the noons to come."""

    risky_from: Days
    risky_until: Days
    noons: NDArray[np.int64]
    """By day and plate: how many more are risky at noon than the day before."""
    provinces: Provinces


class Answers(NamedTuple):
    """The rules' answers by the number of a history, in days from that of the question."""

    at: Keys
    """Where an answer begins in `spells`, -1 for none yet."""
    spells: Keys
    """Number of spells, then the first day and the day after the last of each; -1 for one that has begun."""


@inlined
def first_noon(hour: Whole, today: Whole) -> Whole:
    """The day of the first noon at or after an hour, today at the earliest."""
    return max(today, (hour + 11) // 24)


@inlined
def put(
    noons: NDArray[np.int64],
    plate: Whole,
    risky_from: Days,
    risky_until: Days,
    person: Whole,
    begins: Whole,
    until: Whole,
    today: Whole,
) -> None:
    """Let somebody have another spell, and count the noons anew."""
    noons[first_noon(np.int64(risky_from[person]), today), plate] -= 1
    noons[first_noon(np.int64(risky_until[person]), today), plate] += 1
    noons[first_noon(begins, today), plate] += 1
    noons[first_noon(until, today), plate] -= 1
    risky_from[person], risky_until[person] = begins, until


@compiled
def unanswered(numbers: Column, answers: Answers, out: Keys) -> int:
    """Places of the histories without an answer, one for each such history, into `out`. How many."""
    at, count = answers.at, np.int64(0)
    for n in range(numbers.size):
        number = numbers[n]
        if number >= 0 and at[number] == -1:
            at[number] = -2
            out[count] = n
            count += 1
    return int(count)


@compiled
def stand(
    board: Board,
    answers: Answers,
    people: Column,
    numbers: Column,
    hour: Whole,
    turning: Whole,
    again: Keys,
    gaps: Table,
) -> tuple[Whole, Whole]:
    """Let people stand as before until an hour, and from it on as the answers to their histories say.

    In the morning (`turning`) only those whose spell is over. Into `again` goes when somebody must be looked at
    again, as day << 32 | person; into `gaps` person and hours of a gap between two spells of today. Returns how many
    of either.
    """
    today, returns, breaks = hour // 24, np.int64(0), np.int64(0)
    begin, end = 24 * today, 24 * today + 24
    noons, start, guide = board.noons, board.provinces.start, board.provinces.guide
    risky_from, risky_until, ats, all_spells = board.risky_from, board.risky_until, answers.at, answers.spells
    for n in range(people.size):
        person, number = np.int64(people[n]), numbers[n]
        since, until = np.int64(risky_from[person]), np.int64(risky_until[person])
        if number < 0 or (turning and until > hour):
            continue
        at = ats[number]
        spells = all_spells[at]
        first_from = max(hour, begin + 24 * all_spells[at + 1]) if spells else np.int64(0)
        first_until = begin + 24 * all_spells[at + 2] if spells else np.int64(0)
        cut, plate = min(until, hour), plate_of(start, guide, person)
        follows = np.int64(-1)
        if since >= cut or cut <= begin:  # nothing of today is left of the old spell
            if spells:
                put(noons, plate, risky_from, risky_until, person, first_from, first_until, today)
                follows = first_until // 24 if spells > 1 else follows
            elif until > begin:
                put(noons, plate, risky_from, risky_until, person, 0, 0, today)
        elif not spells:
            put(noons, plate, risky_from, risky_until, person, since, cut, today)
        elif first_from < end:
            if first_from > cut:
                gaps[breaks, 0], gaps[breaks, 1], gaps[breaks, 2] = person, cut, first_from
                breaks += 1
            put(noons, plate, risky_from, risky_until, person, since, first_until, today)
            follows = first_until // 24 if spells > 1 else follows
        else:
            put(noons, plate, risky_from, risky_until, person, since, cut, today)
            follows = today + 1
        if follows >= 0:
            again[returns] = follows << 32 | person
            returns += 1
    return returns, breaks


@compiled
def found_after(
    board: Board, cases: Keys, infected_on: Days, infected_days: Whole, hours_to_risky: NDArray[np.int64]
) -> None:
    """Count the hours from the noon of the infection to being risky, of cases that are both, up to the last one."""
    risky_from, risky_until = board.risky_from, board.risky_until
    for n in range(cases.size):
        key = cases[n]
        person, hour = person_of(key), key >> 41
        since, infected = np.int64(risky_from[person]), np.int64(infected_on[person])
        if since <= hour < risky_until[person] and 0 <= moment_of(key) // 24 - infected < infected_days:
            after: Whole = min(max(since - 24 * infected - 12, 0), hours_to_risky.size - 1)
            hours_to_risky[after] += 1


@compiled
def will_be_tested(keys: Keys, numbers: Column, answers: Answers, share: Whole, willing: np.uint64, out: Keys) -> int:
    """Who of the contacts filed gives a sample on the day that the rules say, into `out` as day << 32 | person.

    An answer has the days from the contact to the sample, and those within which it must be. How many.
    """
    ats, spells, count = answers.at, answers.spells, np.int64(0)
    for n in range(keys.size):
        person, contact_day, told_on = person_of(keys[n]), moment_of(keys[n]) // 24, (keys[n] >> 41) // 24
        at = ats[numbers[n]]
        if spells[at] == 0:
            continue
        on = max(contact_day + spells[at + 1], told_on + 1)
        lag = keys[n] >> 3 & 2_047
        if on - contact_day < spells[at + 2] and chance(share, word(willing, person, told_on, lag)):
            out[count] = on << 32 | person
            count += 1
    return int(count)
