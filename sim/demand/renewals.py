"""Who makes a code today, found in a compiled pass over everybody: the people of `holdings.makings`."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled, in_threads, inlined, key_of, shares, threshold, word
from sim.demand.ground import Columns
from sim.demand.holdings import APP, APP_USER, EDEVLET, GROWN_UP, LIFE, OF_AGE, PHONE_OWNER, SMS, WAY, life_limits
from sim.demand.holdings import due as due_on
from sim.demand.making import MakingParameters
from sim.demand.record import Numbers
from sim.streams import Stream

BLOCK = 1_024
"""People whose words of chance are made at once, in a loop of its own that the compiler makes quick."""
WAY_AT, BY_HEAD_AT = 27, 29
"""Bits of a find: the person, the way, and whether the head of the household makes the code."""
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFF_FFFF)
_APP, _SMS, _EDEVLET, _OF_AGE, _GROWN_UP = APP, SMS, EDEVLET, OF_AGE, GROWN_UP
_PHONE, _APP_USER = np.uint8(PHONE_OWNER), np.uint8(APP_USER)


def renewing(
    town: Columns, parameters: MakingParameters, chance: Stream, day: date, threads: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Who makes a code on a day, ascending: person, way, and who makes it."""
    table = due_on(parameters, day)
    if not table.any():
        nobody = np.empty(0, np.int64)
        return nobody, nobody, nobody
    any_due = np.ascontiguousarray(table.any(axis=(0, 1)))
    key, limits = key_of(chance), life_limits(parameters)
    of = (threshold(parameters.sms_share), threshold(parameters.household_share), parameters.youngest)
    stretches = shares(town.age.size, threads)

    def found(n: int) -> NDArray[np.int32]:
        first, end = stretches[n]
        out = np.empty(end - first + 1, np.int32)
        count = find(key, (town.age, town.flags, town.home), of, limits, table, any_due, (first, end), out)
        return out[:count].copy()

    finds = np.concatenate(in_threads(threads, found)).astype(np.int64)
    people = finds & ((1 << WAY_AT) - 1)
    head = people - (town.home[people] >> np.uint8(4))
    return people, finds >> WAY_AT & 3, np.where(finds >> BY_HEAD_AT & 1, head, people)


@inlined
def without_app(
    person: Whole,
    columns: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
    by_text: Whole,
    by_household: Whole,
    drawn: Whole,
) -> tuple[Whole, Whole]:
    """The way of somebody without the application, or -1, and whether the head of the household makes the code."""
    ages, flags, homes = columns
    head = person - np.int64(homes[person] >> 4)
    age, phone = np.int64(ages[person]), (flags[person] & _PHONE) != 0
    if age < _OF_AGE:
        if flags[head] & _APP_USER:
            return np.int64(_APP), np.int64(1)
        return np.int64(_EDEVLET if ages[head] >= _GROWN_UP else -1), np.int64(1)
    line = phone or (head != person and (flags[head] & _PHONE) != 0)
    of_head = np.int64(not phone)
    if age < _GROWN_UP:
        return np.int64(_SMS if line else -1), of_head
    limit = by_text if phone else by_household
    if line and np.int64(drawn >> _HALF) < np.int64(limit):
        return np.int64(_SMS), of_head
    return np.int64(_EDEVLET), np.int64(0)


@compiled
def find(
    key: Whole,
    columns: tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]],
    of: tuple[Whole, Whole, Whole],
    limits: NDArray[np.uint64],
    due: NDArray[np.bool_],
    any_due: NDArray[np.bool_],
    people: tuple[Whole, Whole],
    out: NDArray[np.int32],
) -> Whole:
    """Write who of a stretch of people makes a code to the beginning of `out`; how many.

    `any_due` says of each first day whether it can be due at all: of most it cannot, and no more is asked of them.
    """
    ages, flags, _ = columns
    by_text, by_household, youngest = of
    lives = np.empty(BLOCK, np.uint64)
    first_days, steps = np.uint64(due.shape[2]), limits.shape[1]
    count = np.int64(0)
    for start in range(people[0], people[1], BLOCK):
        size = min(BLOCK, people[1] - start)
        for n in range(size):
            lives[n] = word(key, start + n, 0, LIFE)
        for n in range(size):
            lag = np.int64((lives[n] & _LOW) * first_days >> _HALF)
            person = start + n
            if not any_due[lag] or ages[person] < youngest:
                continue
            way, by_head = np.int64(_APP), np.int64(0)
            if not flags[person] & _APP_USER:
                way, by_head = without_app(person, columns, by_text, by_household, word(key, person, 0, WAY))
                if way < 0:
                    continue
            half = lives[n] >> _HALF
            life = np.int64(0)
            for step in range(steps):
                life += np.int64(limits[way, step] <= half)
            if due[way, life, lag]:
                out[count] = person | way << WAY_AT | by_head << BY_HEAD_AT
                count += 1
    return count
