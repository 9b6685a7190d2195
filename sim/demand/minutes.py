"""A stretch of minutes in compiled loops: who comes in each, in order."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, below_low, chance, compiled, inlined, word
from sim.demand.arrivals import MINUTE_US, SPARE_TRIES, Use
from sim.demand.draws import (
    AGE,
    BLOCKS,
    CHANNEL_AT,
    CHANNELS,
    PROVINCE_AT,
    PROVINCES,
    RISKY,
    SOURCE_AT,
    SOURCES,
    TIME_AT,
    in_blocks,
    label_of,
    next_one,
    packed,
    picked,
    put_in_order,
)
from sim.demand.parameters import Channel

_ARRIVAL, _ASKING, _SPOILED, _AGAIN = (int(use) for use in (Use.ARRIVAL, Use.ASKING, Use.SPOILED, Use.AGAIN))
_HALF, _LOW = np.uint64(32), np.uint64(0xFFFF_FFFF)
_PERSON, _EDEVLET = int(Channel.PERSON), int(Channel.EDEVLET)
_SHORT = np.uint64(3)
ERRAND, WORK = 1, 2
"""Reasons to come."""


class Cells(NamedTuple):
    """The day's doors as columns, errand by errand and province by province."""

    key: NDArray[np.uint64]
    plate: NDArray[np.int64]
    source: NDArray[np.int64]
    channel: NDArray[np.int64]
    youngest: NDArray[np.int64]
    oldest: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    """Of those among whom the visitors are: a stretch of the register, or of `listed`."""
    in_list: NDArray[np.int64]
    asker_first: NDArray[np.int64]
    askers: NDArray[np.int64]
    online: NDArray[np.int64]
    """Place of the first of its askers who asks at e-Devlet."""
    asker: NDArray[np.int32]
    """All doors' askers, one door's after another's."""
    listed: NDArray[np.int32]
    """The people of lists."""
    counts: NDArray[np.int32]
    """By door and minute of the day."""


class Planned(NamedTuple):
    """What is known for the whole day, in the order of the minutes: journeys, staff, bulk calls, or codes made."""

    start: NDArray[np.int64]
    """Of each minute; 1,441 entries."""
    at: NDArray[np.uint32]
    """Microseconds after the minute."""
    label: NDArray[np.uint32]
    """Channel, source, province and spoiled, as a row has them."""
    asker: NDArray[np.int32]
    person: NDArray[np.int32]
    """Of a bulk call its number among the day's bulk calls."""
    leave: NDArray[np.uint8]
    """Whether the risky may stay away: 0 no, `ERRAND` or `WORK`."""


class Watch(NamedTuple):
    """Who stays at home today."""

    marks: NDArray[np.uint8]
    """A person's age, and `RISKY` if that holds at some hour of the day."""
    risky_from: NDArray[np.int16]
    risky_until: NDArray[np.int16]
    first_hour: Any
    key: Any
    errands: Any
    """The threshold of staying away."""
    work: Any


class Keys(NamedTuple):
    """The day, and what else single draws need."""

    ordinal: Any
    spoiling: NDArray[np.uint64]


class Desk(NamedTuple):
    """Scratch columns for the visitors of one door in one minute."""

    arrivals: NDArray[np.uint64]
    askings: NDArray[np.uint64]
    words: NDArray[np.uint64]
    asker: NDArray[np.int32]
    person: NDArray[np.int32]
    again: NDArray[np.int32]
    """Who has to be drawn again."""


@inlined
def _stays(watch: Watch, person: Whole, minute: Whole, ordinal: Whole, limit: Whole) -> Any:
    hour = watch.first_hour + minute // 60
    if not watch.risky_from[person] <= hour < watch.risky_until[person]:
        return False
    return chance(limit, word(watch.key, person, ordinal, 0))


@inlined
def _spoiled(limits: NDArray[np.uint64], half: Whole) -> Whole:
    return (picked(limits, 3, half) + 1) & 3


@inlined
def _come(
    crowd: tuple[NDArray[np.uint8], Whole, Whole, Whole, Whole],
    key: Whole,
    cell: Whole,
    count: Whole,
    by_person: Any,
    desk: Desk,
) -> None:
    """Who comes through a door, as `Crowd.someone` finds them: try by try for all at once, so that look-ups overlap."""
    marks, first, size, youngest, oldest = crowd
    for n in range(count):
        desk.person[n] = first + below_low(size, desk.arrivals[n])
    left = 0
    for n in range(count):
        age = np.int64(marks[desk.person[n]] & AGE)
        desk.again[left] = n
        left += (age < youngest) | (age > oldest) | (by_person & (desk.person[n] == desk.asker[n]))
    for tried in range(2 * SPARE_TRIES):
        if left == 0:
            return
        if tried & 1 == 0:
            for n in range(left):
                desk.words[desk.again[n]] = word(key, cell, desk.again[n], _AGAIN + (tried >> 1))
        for n in range(left):
            who = desk.again[n]
            drawn = desk.words[who]
            desk.person[who] = first + (below_low(size, drawn) if tried & 1 else below(size, drawn))
        some, left = left, 0
        for n in range(some):
            who = desk.again[n]
            age = np.int64(marks[desk.person[who]] & AGE)
            desk.again[left] = who
            left += (age < youngest) | (age > oldest) | (by_person & (desk.person[who] == desk.asker[who]))
    for n in range(left):
        who = desk.again[n]
        but = desk.asker[who] if by_person else -1
        desk.person[who] = next_one(marks, first, size, youngest, oldest, but, desk.person[who])


@inlined
def _door(
    cells: Cells,
    door: Whole,
    minute: Whole,
    watch: Watch,
    keys: Keys,
    desk: Desk,
    rows: NDArray[np.uint64],
    asked: NDArray[np.int32],
    found: Whole,
) -> Whole:
    """The visitors of one door in one minute; how many rows there are with them."""
    count, key, plate = np.int64(cells.counts[door, minute]), cells.key[door], cells.plate[door]
    cell = (keys.ordinal * 1_440 + minute) * 128 + plate
    asker_first, askers, online = cells.asker_first[door], cells.askers[door], cells.online[door]
    label = label_of(cells.channel[door], cells.source[door], plate)
    label_online = label_of(_EDEVLET, cells.source[door], plate)
    for n in range(count):
        desk.arrivals[n] = word(key, cell, n, _ARRIVAL)
    for n in range(count):
        desk.askings[n] = word(key, cell, n, _ASKING)
    for n in range(count):
        desk.asker[n] = cells.asker[asker_first + below(askers, desk.askings[n])]
    if cells.in_list[door]:
        for n in range(count):
            desk.person[n] = cells.listed[cells.first[door] + below_low(cells.size[door], desk.arrivals[n])]
    else:
        crowd = (watch.marks, cells.first[door], cells.size[door], cells.youngest[door], cells.oldest[door])
        _come(crowd, key, cell, count, cells.channel[door] >= _PERSON, desk)
    for n in range(count):
        person = np.int64(desk.person[n])
        if watch.marks[person] & RISKY and _stays(watch, person, minute, keys.ordinal, watch.errands):
            continue
        spoiled = _spoiled(keys.spoiling, desk.askings[n] & _LOW)
        told = label if below(askers, desk.askings[n]) < online else label_online
        rows[found] = packed(below(MINUTE_US, desk.arrivals[n]), found, told, spoiled)
        asked[2 * found], asked[2 * found + 1] = desk.asker[n], person
        found += 1
    return found


@inlined
def _planned(
    planned: Planned,
    minute: Whole,
    watch: Watch,
    keys: Keys,
    rows: NDArray[np.uint64],
    asked: NDArray[np.int32],
    found: Whole,
) -> Whole:
    for n in range(planned.start[minute], planned.start[minute + 1]):
        person = np.int64(planned.person[n])
        leave = planned.leave[n]
        if leave and watch.marks[person] & RISKY:
            limit = watch.errands if leave == ERRAND else watch.work
            if _stays(watch, person, minute, keys.ordinal, limit):
                continue
        rows[found] = packed(planned.at[n], found, planned.label[n], 0)
        asked[2 * found], asked[2 * found + 1] = planned.asker[n], person
        found += 1
    return found


@compiled
def fill(
    minutes: tuple[Whole, Whole],
    most: Whole,
    cells: Cells,
    journeys: Planned,
    staff: Planned,
    runs: Planned,
    makings: Planned,
    watch: Watch,
    keys: Keys,
    out: Any,
) -> Whole:
    """Write the calls of these minutes to the beginning of the columns; `most` come in the busiest. How many."""
    at_us, channels, sources, provinces, askers, persons, spoils, codes, firsts = out
    columns = np.empty((3, most + 1), np.uint64)
    numbers = np.empty((3, most + 1), np.int32)
    desk = Desk(columns[0], columns[1], columns[2], numbers[0], numbers[1], numbers[2])
    rows, cut_rows = np.empty(most, np.uint64), np.empty(most, np.uint64)
    asked, cut_asked = np.empty(2 * most, np.int32), np.empty(2 * most, np.int32)
    order, seats = np.empty(most, np.int32), np.empty(most + 3, np.int32)
    ends = np.empty(BLOCKS + 1, np.int64)
    written = np.int64(0)
    for minute in range(minutes[0], minutes[1]):
        found = np.int64(0)
        for door in range(cells.key.size):
            if cells.counts[door, minute]:
                found = _door(cells, door, minute, watch, keys, desk, rows, asked, found)
        found = _planned(journeys, minute, watch, keys, rows, asked, found)
        found = _planned(staff, minute, watch, keys, rows, asked, found)
        found = _planned(runs, minute, watch, keys, rows, asked, found)
        found = _planned(makings, minute, watch, keys, rows, asked, found)
        in_blocks(rows, asked, found, (cut_rows, cut_asked), ends)
        first = np.int64(0)
        for block in range(BLOCKS):
            end = ends[block]
            put_in_order(cut_rows, first, end, order, seats)
            for n in range(end - first):
                seat, place = np.int64(order[n]), written + first + n
                row = cut_rows[seat]
                at_us[place] = minute * MINUTE_US + np.int64(row >> TIME_AT)
                channels[place] = (row >> CHANNEL_AT) & CHANNELS
                sources[place] = (row >> SOURCE_AT) & SOURCES
                provinces[place] = (row >> PROVINCE_AT) & PROVINCES
                askers[place], persons[place] = cut_asked[2 * seat], cut_asked[2 * seat + 1]
                spoils[place] = row & _SHORT
                codes[place], firsts[place] = 1, -1
            first = end
        written += found
    return written


@compiled
def marked(
    ages: NDArray[np.uint8],
    risky_from: NDArray[np.int16],
    risky_until: NDArray[np.int16],
    hours: tuple[Whole, Whole],
    marks: NDArray[np.uint8],
    people: tuple[Whole, Whole],
) -> None:
    """Everybody's age, and `RISKY` for whoever is it in some of these hours."""
    first, end = hours
    for person in range(people[0], people[1]):
        risky = risky_from[person] < end and risky_until[person] > first and risky_until[person] > risky_from[person]
        marks[person] = ages[person] | (RISKY if risky else np.uint8(0))
