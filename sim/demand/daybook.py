"""What is settled before the first minute of a day, in compiled loops: staff, journeys, card holders, lists."""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, below_low, chance, compiled, word
from sim.demand.arrivals import HOUR_US, MINUTE_US, Use
from sim.demand.draws import AGE, label_of, picked, someone
from sim.demand.ground import AGES, NOBODY
from sim.demand.parameters import Channel
from sim.demand.record import STAFF
from sim.demand.shifts import EARLIEST_MINUTES, LATE_MINUTES, SPREAD_US

_HALF, _LOW = np.uint64(32), np.uint64(0xFFFF_FFFF)
_PRESENT, _ARRIVAL, _ASKING = int(Use.PRESENT), int(Use.ARRIVAL), int(Use.ASKING)
_BOOKING, _SPOILED = int(Use.BOOKING), int(Use.SPOILED)
_PERSON, _NOBODY = int(Channel.PERSON), NOBODY
APP_USER = np.uint8(4)
"""The flag of whoever uses the application."""
ABSENT = np.uint16(65_535)


@compiled
def first_with_application(
    flags: NDArray[np.uint8],
    place_start: NDArray[np.int32],
    member: NDArray[np.int32],
    workplaces: tuple[Whole, Whole],
    keeper: NDArray[np.int32],
) -> None:
    """The first of each workplace's staff who has the application."""
    for place in range(workplaces[0], workplaces[1]):
        keeper[place] = _NOBODY
        for n in range(place_start[place], place_start[place + 1]):
            if flags[member[n]] & APP_USER:
                keeper[place] = member[n]
                break


@compiled
def by_age(ages: NDArray[np.uint8], people: tuple[Whole, Whole], out: NDArray[np.int64]) -> None:
    """How many people of each age there are, in four columns to be added up: neighbours wait on no one's count."""
    lanes = np.zeros((4, AGES), np.int64)
    for person in range(people[0], people[1]):
        lanes[person & 3, ages[person] & AGE] += 1
    for lane in range(4):
        for age in range(AGES):
            out[age] += lanes[lane, age]


@compiled
def of_ages(
    ages: NDArray[np.uint8], youngest: Whole, oldest: Whole, people: tuple[Whole, Whole], out: NDArray[np.int32]
) -> None:
    """Those of a stretch of people who are of these ages, ascending; `out` has a place more than they need."""
    count = np.int64(0)
    for person in range(people[0], people[1]):
        out[count] = person
        age = ages[person]
        count += (age >= youngest) & (age <= oldest)


@compiled
def holding(
    key: Whole,
    ages: NDArray[np.uint8],
    limit: Whole,
    people: tuple[Whole, Whole],
    out: NDArray[np.int32],
) -> Whole:
    """Who of a stretch of people has a city card, ascending, at the beginning of `out`; and how many."""
    count = np.int64(0)
    drawn = np.uint64(0)
    for person in range(people[0], people[1]):
        if person == people[0] or not person & 1:
            drawn = word(key, person >> 1, 0, 0)
        half = drawn & _LOW if person & 1 else drawn >> _HALF
        out[count] = person
        count += ages[person] >= 6 and half < limit
    return count


@compiled
def staff_minutes(
    keys: tuple[Whole, Whole],
    limits: tuple[Whole, Whole, Whole],
    starts: tuple[NDArray[np.int64], NDArray[np.uint64]],
    columns: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8], NDArray[np.bool_]],
    ordinal: Whole,
    workplaces: tuple[Whole, Whole],
    minute_of: NDArray[np.uint16],
    counts: NDArray[np.int64],
) -> None:
    """The minute in which each of the staff is asked, `ABSENT` for who is not; and how many in each minute."""
    shift, shift_start = keys
    of_private, of_public, of_late = limits
    place_start, member, asker, channel, private = columns
    start_minutes, start_limits = starts
    for place in range(workplaces[0], workplaces[1]):
        who = asker[place]
        if who == _NOBODY:
            minute_of[place_start[place] : place_start[place + 1]] = ABSENT
            continue
        begins = start_minutes[picked(start_limits, start_limits.size, word(shift_start, place, 0, 0) >> _HALF)]
        present = of_private if private[place] else of_public
        for n in range(place_start[place], place_start[place + 1]):
            person = member[n]
            came = word(shift, person, ordinal, _PRESENT)
            if not chance(present, came) or (channel[place] >= _PERSON and person == who):
                minute_of[n] = ABSENT
                continue
            time = word(shift, person, ordinal, _ARRIVAL)
            late = private[place] and np.int64(came & _LOW) < np.int64(of_late)
            lag = below(SPREAD_US, time) + below_low(SPREAD_US, time)
            minute = begins + (LATE_MINUTES if late else 0) - EARLIEST_MINUTES + lag // MINUTE_US
            minute_of[n] = minute
            counts[minute] += 1


@compiled
def staff_in_order(
    shift: Whole,
    ordinal: Whole,
    spoiling: NDArray[np.uint64],
    columns: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8], NDArray[np.uint8]],
    minute_of: NDArray[np.uint16],
    workplaces: tuple[Whole, Whole],
    seats: NDArray[np.int64],
    out: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int32], NDArray[np.int32]],
) -> None:
    """Deal the staff out to their minutes; `seats` has the next free one of each."""
    place_start, member, asker, channel, province = columns
    at, labels, askers, persons = out
    for place in range(workplaces[0], workplaces[1]):
        label = label_of(channel[place], STAFF, province[place])
        for n in range(place_start[place], place_start[place + 1]):
            minute = minute_of[n]
            if minute == ABSENT:
                continue
            person = member[n]
            time, code = word(shift, person, ordinal, _ARRIVAL), word(shift, person, ordinal, _SPOILED)
            spoiled = (picked(spoiling, 3, code >> _HALF) + 1) & 3
            seat = seats[minute]
            at[seat] = (below(SPREAD_US, time) + below_low(SPREAD_US, time)) % MINUTE_US
            labels[seat] = label | np.uint64(spoiled)
            askers[seat], persons[seat] = asker[place], person
            seats[minute] += 1


@compiled
def trips(
    key: Whole,
    cells: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]],
    crowd: tuple[NDArray[np.uint8], Whole, Whole, Whole, Whole],
    askers: NDArray[np.int64],
    booking: NDArray[np.uint64],
    spoiling: NDArray[np.uint64],
    check_in: tuple[Whole, Whole],
    province_start: NDArray[np.int64],
    labelled: tuple[Whole, Whole, Whole],
    out: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32]],
) -> None:
    """The journeys of `Carriage.trips`: booking and check-in, person, carrier, and the label of one of both events."""
    cell_of, hour_of, counts = cells
    marks, first, size, youngest, oldest = crowd
    channel, source, event = labelled
    booked_us, check_in_us, persons, carriers, labels = out
    written = 0
    for row in range(cell_of.size):
        cell = cell_of[row]
        for n in range(counts[row]):
            arrival, asking = word(key, cell, n, _ARRIVAL), word(key, cell, n, _ASKING)
            book, code = word(key, cell, n, _BOOKING), word(key, cell, n, _SPOILED)
            person = first + below_low(size, arrival)
            if not youngest <= (marks[person] & AGE) <= oldest:
                person = someone(marks, first, size, youngest, oldest, -1, key, cell, n, person)
            departs_us = hour_of[row] % 24 * HOUR_US + below(HOUR_US, arrival)
            early_ms = check_in[0] * 60_000 + below_low((check_in[1] - check_in[0]) * 60_000 + 1, asking)
            plate = np.int64(np.searchsorted(province_start, person, side="right")) - 1
            spoiled = (picked(spoiling, 3, code & _LOW if event else code >> _HALF) + 1) & 3
            booked_us[written] = picked(booking, booking.size, book >> _HALF) * HOUR_US + below_low(HOUR_US, book)
            check_in_us[written] = max(departs_us - early_ms * 1_000, 0)
            persons[written] = person
            carriers[written] = askers[below(askers.size, asking)]
            labels[written] = label_of(channel, source, plate) | np.uint64(spoiled)
            written += 1


@compiled
def read_out(
    key: Whole,
    ordinal: Whole,
    spoiling: NDArray[np.uint64],
    lists: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    calls: tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]],
    out: tuple[NDArray[np.int32], NDArray[np.uint8]],
) -> None:
    """Copy the people of bulk calls one call after another, and say what is wrong with their codes.

    A call has a seat, by which chance is keyed, the number of its first code in the run, where that stands in a list,
    how many codes there are and in which of the lists.
    """
    seat, number, where, codes, which = calls
    person, spoiled = out
    written = 0
    for call in range(seat.size):
        people = lists[which[call]]
        entity = np.int64(seat[call]) << 32
        for n in range(codes[call]):
            code = number[call] + n
            drawn = word(key, entity + (code >> 1), ordinal, _SPOILED)
            half = drawn & _LOW if code & 1 else drawn >> _HALF
            person[written] = people[where[call] + n]
            spoiled[written] = (picked(spoiling, 3, half) + 1) & 3
            written += 1
