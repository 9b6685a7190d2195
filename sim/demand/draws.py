"""The draws of `arrivals` for compiled loops, and the order of a minute."""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, below_low, compiled, inlined, word
from sim.demand.arrivals import SPARE_TRIES, Use

RISKY, AGE = np.uint8(128), np.uint8(127)
"""A mark: the age, and whether the person is risky at some hour of the day."""
TABLE = 1 << 17
"""Entries of a Poisson count's table; enough for a mean of 50 M a minute."""
_AGAIN, _COUNT = int(Use.AGAIN), int(Use.COUNT)
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFF_FFFF)


@inlined
def _root(n: Whole) -> Whole:
    """The whole part of a square root."""
    root = np.int64(np.sqrt(np.float64(n)))
    while root * root > n:
        root -= 1
    while (root + 1) * (root + 1) <= n:
        root += 1
    return root


@inlined
def counting(mean: float, table: NDArray[np.float64], limits: NDArray[np.uint64]) -> tuple[Whole, Whole]:
    """The lowest count of `poisson`, and how many thresholds to the next ones it writes into `limits`."""
    mode = np.int64(mean)
    reach = 40 + 9 * _root(mode)
    lowest = max(0, mode - reach)
    middle = mode - lowest
    size = middle + 1 + reach
    chance = 1.0
    for n in range(middle):
        chance *= (mode - n) / mean
        table[middle - 1 - n] = chance
    table[middle] = 1.0
    chance = 1.0
    for n in range(reach):
        chance *= mean / (mode + 1 + n)
        table[middle + 1 + n] = chance
    for n in range(1, size):
        table[n] += table[n - 1]
    for n in range(size - 1):
        limits[n] = np.uint64(np.rint(table[n] / table[size - 1] * 2.0**32))
    return lowest, size - 1


@inlined
def picked(limits: NDArray[np.uint64], size: Whole, half: Whole) -> Whole:
    """How many of the first thresholds 32 bits of chance have reached: `pick`."""
    low, end = np.int64(0), np.int64(size)
    while low < end:
        middle = (low + end) >> 1
        if limits[middle] <= half:
            low = np.int64(middle + 1)
        else:
            end = middle
    return low


@compiled
def counts_of(
    keys: NDArray[np.uint64],
    entities: NDArray[np.int64],
    means: NDArray[np.float64],
    each: Whole,
    stride: Whole,
    out: NDArray[np.int32],
) -> None:
    """Poisson counts of cells: `each` of them with one mean, their entities `stride` apart; one row a mean."""
    table, limits = np.empty(TABLE, np.float64), np.empty(TABLE, np.uint64)
    for row in range(means.size):
        if not means[row] > 0:
            out[row] = 0
            continue
        lowest, size = counting(means[row], table, limits)
        for n in range(each):
            drawn = word(keys[row], entities[row] + n * stride, 0, _COUNT)
            out[row, n] = lowest + picked(limits, size, drawn >> _HALF)


@inlined
def next_one(
    marks: NDArray[np.uint8], first: Whole, size: Whole, youngest: Whole, oldest: Whole, but: Whole, person: Whole
) -> Whole:
    """The next person of the age after this one."""
    while True:
        person += 1
        if person == first + size:
            person = first
        age = marks[person] & AGE
        if youngest <= age <= oldest and person != but:
            return person


@inlined
def someone(
    marks: NDArray[np.uint8],
    first: Whole,
    size: Whole,
    youngest: Whole,
    oldest: Whole,
    but: Whole,
    key: Whole,
    cell: Whole,
    number: Whole,
    person: Whole,
) -> Whole:
    """The person of `Crowd.someone`, if the first try did not fit."""
    for n in range(SPARE_TRIES):
        drawn = word(key, cell, number, _AGAIN + n)
        for half in range(2):
            person = first + (below(size, drawn) if half == 0 else below_low(size, drawn))
            age = marks[person] & AGE
            if youngest <= age <= oldest and person != but:
                return person
    return next_one(marks, first, size, youngest, oldest, but, person)


# A row of a minute while it is sorted: time 26 bits | number 20 | channel 4 | source 5 | province 7 | spoiled 2.
TIME_AT, NUMBER_AT = np.uint64(38), np.uint64(18)
CHANNEL_AT, SOURCE_AT, PROVINCE_AT = np.uint64(14), np.uint64(9), np.uint64(2)
CHANNELS, SOURCES, PROVINCES = np.uint64(15), np.uint64(31), np.uint64(127)
"""The bits of each."""
MOST = 1 << 20
"""Calls in a minute, at most."""


@inlined
def packed(at: Whole, number: Whole, label: Whole, spoiled: Whole) -> Whole:
    """A row: when it comes within the minute, its number there, and what is told of it."""
    return np.uint64(at) << TIME_AT | np.uint64(number) << NUMBER_AT | np.uint64(label) | np.uint64(spoiled)


@inlined
def label_of(channel: Whole, source: Whole, province: Whole) -> Whole:
    """What all calls of a cell have in common, at its place in a row."""
    return np.uint64(channel) << CHANNEL_AT | np.uint64(source) << SOURCE_AT | np.uint64(province) << PROVINCE_AT


BLOCK_AT = np.uint64(20)
BLOCKS = 64
"""A minute is cut into blocks of 2^20 microseconds, so that each one's rows stay in the processor's cache."""


@inlined
def in_blocks(
    rows: NDArray[np.uint64],
    asked: NDArray[np.int32],
    count: Whole,
    cut: tuple[NDArray[np.uint64], NDArray[np.int32]],
    ends: NDArray[np.int64],
) -> None:
    """Deal a minute's rows, and who asks about whom, out to its blocks; `ends` has where each one ends."""
    cut_rows, cut_asked = cut
    at = TIME_AT + BLOCK_AT
    ends[:] = 0
    for n in range(count):
        ends[np.int64(rows[n] >> at) + 1] += 1
    for block in range(BLOCKS):
        ends[block + 1] += ends[block]
    for n in range(count):
        block_of = np.int64(rows[n] >> at)
        seat = ends[block_of]
        cut_rows[seat] = rows[n]
        cut_asked[2 * seat], cut_asked[2 * seat + 1] = asked[2 * n], asked[2 * n + 1]
        ends[block_of] = seat + 1


@inlined
def put_in_order(
    rows: NDArray[np.uint64], first: Whole, end: Whole, order: NDArray[np.int32], seats: NDArray[np.int32]
) -> None:
    """The order of one block's rows: dealt out by time into slots of about two, then straightened."""
    shift, slots = BLOCK_AT - np.uint64(1), np.int64(2)
    while slots < (end - first) >> 1 and shift > 0:
        shift -= np.uint64(1)
        slots <<= 1
    down = shift + TIME_AT
    mask = np.uint64(slots - 1)
    seats[: slots + 1] = 0
    for n in range(first, end):
        seats[np.int64((rows[n] >> down) & mask) + 1] += 1
    for slot in range(slots):
        seats[slot + 1] += seats[slot]
    for n in range(first, end):
        seat = np.int64((rows[n] >> down) & mask)
        order[seats[seat]] = n
        seats[seat] += 1
    for n in range(1, end - first):
        moved = order[n]
        place = np.int64(n)
        while place > 0 and rows[order[place - 1]] > rows[moved]:
            order[place] = order[place - 1]
            place -= 1
        order[place] = moved
