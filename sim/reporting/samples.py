"""Samples of a day in compiled loops: who is drawn, who goes, what is found, and when it will be filed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, chance, compiled, inlined, sample, word
from sim.reporting.dossier import NEGATIVE, POSITIVE, Column, Keys, Table, key_of_record, moment_in
from sim.reporting.model import EARLIER, HOUR_MS, LONGEST_HOURS, NEVER

Days = NDArray[np.int16]


class Laboratory(NamedTuple):
    """What a sample hangs on; chances in 2^-32, delays as tables of milliseconds."""

    opening_hour: int
    hours_open: int
    every: int
    """Hours between uploads."""
    rest_days: int
    sensitivity: Keys
    """By days since the infection; the last one is the false positives' share."""
    delay: Keys
    appointment: np.uint64
    result: np.uint64


@inlined
def hours_taken(knots: Keys, drawn: Whole) -> Whole:
    """A delay in full hours, rounded up: one at least, `LONGEST_HOURS` at most."""
    return min(max((sample(knots, drawn) + HOUR_MS - 1) // HOUR_MS, 1), LONGEST_HOURS)


@inlined
def uploaded(hour: Whole, every: Whole) -> Whole:
    """The hour of the first upload at or after an hour."""
    return (hour + every - 1) // every * every


@compiled
def will_go(people: Column, symptoms_on: Days, today: Whole, shares: Keys, knots: Keys, key: np.uint64) -> Column:
    """The day on which each of those infected today gives a sample because of symptoms; `NEVER` for who does not.

    `shares` has the chance to go by day + `EARLIER`. Today may be `EVE`: for those infected before the first day.
    """
    out = np.empty(people.size, np.int32)
    for n in range(people.size):
        person, began = np.int64(people[n]), np.int64(symptoms_on[n])
        out[n] = NEVER
        by_day: Whole = min(max(began + EARLIER, 0), shares.size - 1)
        step, sub = max(today, 0), np.int64(0 if today >= 0 else 3)
        if began != NEVER and chance(shares[by_day], word(key, person, step, sub)):
            hour = 24 * began + below(24, word(key, person, step, sub + 1))
            on = (hour + hours_taken(knots, word(key, person, step, sub + 2))) // 24
            out[n] = max(on, today) if on >= 0 or today >= 0 else NEVER
    return out


@compiled
def drawn(number: Whole, rest: Whole, people: Whole, today: Whole, key: np.uint64) -> Column:
    """People drawn without a reason in the disease: so many, and one more with the chance `rest`."""
    count = number + (1 if chance(rest, word(key, 0, today, 0)) else 0)
    out = np.empty(count, np.int32)
    for nth in range(count):
        out[nth] = below(people, word(key, nth, today, 1))
    return out


@compiled
def riskless(people: Column, risky_from: Days, risky_until: Days, hour: Whole) -> NDArray[np.bool_]:
    """Who is not risky at an hour."""
    out = np.empty(people.size, np.bool_)
    for n in range(people.size):
        person = people[n]
        out[n] = risky_until[person] <= hour or risky_from[person] > hour
    return out


@compiled
def taken(
    last: Column, table: Table, people: Column, today: Whole, infected_on: Days, laboratory: Laboratory, out: Keys
) -> None:
    """Each person's sample as a record to be filed, into `out`: 0 for the dead and those who rest after a positive."""
    rows, ages = np.empty(people.size, np.int64), np.empty(people.size, np.int64)
    for n in range(people.size):  # ahead, so that the waits for far memory overlap
        rows[n], ages[n] = last[people[n]], today - np.int64(infected_on[people[n]])
    for n in range(people.size):
        person = np.int64(people[n])
        out[n] = 0
        row, goes = rows[n], rows[n] >= 0
        while row > 0 and goes:
            record = table[row - 1, 2]
            goes = record & 3 != POSITIVE or today - moment_in(record) // 24 > laboratory.rest_days
            row = np.int64(table[row - 1, 0])
        if not goes:
            continue
        hour = 24 * today + laboratory.opening_hour
        hour += below(laboratory.hours_open, word(laboratory.appointment, person, today, 0))
        age, never = ages[n], laboratory.sensitivity.size - 1
        limit = laboratory.sensitivity[age if 0 <= age < never else never]
        what = POSITIVE if chance(limit, word(laboratory.result, person, today, 0)) else NEGATIVE
        known = hour + hours_taken(laboratory.delay, word(laboratory.result, person, today, 1))
        out[n] = key_of_record(uploaded(known, laboratory.every), person, hour, what)
