"""The compiled meetings of a day: whom the infectious infect, and who comes infected from outside.

The infectious are gone through a block at a time, step by step, so that each step is a short loop over columns:
chance is drawn for many at once, and waits for far memory overlap. Each step rejects whatever it can and lays the
rest aside for the next: first by the infector's contacts and the day's factors, which need no look at anybody else,
then by who was met. Factors are at most 1 and products are rounded down, so what a product of some factors rejects,
all would. In which order hits are found does not matter: they are sorted.
"""

from typing import NamedTuple

import numpy as np

from sim.compiled import Whole, below_low, block, compiled, inlined, word
from sim.epidemic.guides import SEATS, run_by
from sim.epidemic.loops import (
    HALF,
    IMPORT,
    LOW,
    NEVER,
    ONE,
    TOP,
    Active,
    Column,
    Laws,
    People,
    Scale,
    Today,
    hit,
    number_of,
    susceptible,
    times,
)

HOUSEHOLD_SUBS, CONTACT_SUBS, CHUNK = 16, 4096, 4096
HOME, WORK, SCHOOL, TRANSPORT, DISTRICT, PROVINCE, COUNTRY = range(-1, 6)
WAYS, MEMBERS = 6, 15
BLOCK = 1024
"""The infectious looked at together."""
SPARE = np.uint64(2)
"""Lowest of 32 bits that a chance does not need."""


class Group(NamedTuple):
    """A block of the infectious, a row each."""

    person: Column
    place: Column
    district: Column
    home: Column
    kind: Column
    keeps: Column
    """What illness leaves of contacts outside the household."""
    word0: Column
    word1: Column
    word2: Column
    left: Column
    right: Column
    """Two words, with 32 bits each for four members of the household."""


class Meeting(NamedTuple):
    """Meetings that may infect, a row each; a step closes the gaps of those that do not."""

    row: Column
    """The infector's in the block."""
    person: Column
    sub: Column
    limit: Column
    """What a draw must be below, as far as is known yet."""
    word: Column
    other: Column
    chosen: Column


@inlined
def door(left: Whole, risky_from: Whole, risky_until: Whole, hour: Whole) -> Whole:
    """What the rules leave of a person's contacts: all, unless held to be risky at this hour."""
    return np.int64(left) if risky_from <= hour < risky_until else np.int64(ONE)


@compiled
def grouped(first: Whole, end: Whole, day: Whole, key: Whole, scale: Scale, active: Active, group: Group) -> int:
    """The infectious among a block of the active, and their first three words. How many."""
    count = np.int64(0)
    for index in range(first, end):
        group.home[count] = index
        count += np.int64(active.begins[index] <= day < active.ends[index])
    for row in range(count):
        index = group.home[row]
        group.person[row], group.place[row] = active.person[index], active.place[index]
        group.district[row], group.kind[row] = active.district[index], active.kind[index]
        symptoms = np.int64(active.symptoms[index])
        group.keeps[row] = np.int64(scale.at_home) if symptoms != NEVER and symptoms <= day else np.int64(ONE)
        group.home[row] = active.home[index]
    for row in range(count):
        group.word0[row], group.word1[row] = block(key, group.person[row], day, 0)
    for row in range(count):
        group.word2[row] = word(key, group.person[row], day, 1)
    return int(count)


@inlined
def drawn_below(meeting: Meeting, listed: Whole, day: Whole, key: Whole) -> Whole:
    """Draw a word for each meeting; `chosen`: those below their limit. How many."""
    for n in range(listed):
        meeting.word[n] = word(key, meeting.person[n], day, meeting.sub[n])
    chosen = np.int64(0)
    for n in range(listed):
        meeting.chosen[chosen] = n
        chosen += np.int64(np.int64(meeting.word[n] >> TOP) < meeting.limit[n])
    return chosen


@compiled
def at_home(count: Whole, day: Whole, key: Whole, laws: Laws, group: Group, meeting: Meeting) -> int:
    """Members of the household who may be infected. How many."""
    rows, person, chosen, left, right = meeting.sub, meeting.person, meeting.chosen, group.left, group.right
    filled = np.int64(0)
    for first in range(0, MEMBERS, 4):
        some = np.int64(0)
        for row in range(count):
            rows[some], person[some] = row, group.person[row]
            some += np.int64((group.home[row] & MEMBERS) > first)
        for n in range(some):
            left[n], right[n] = block(key, person[n], day, HOUSEHOLD_SUBS + first // 4)
        few = np.int64(0)
        for n in range(some):
            smallest = min(left[n] >> HALF, left[n] & LOW, right[n] >> HALF, right[n] & LOW)
            chosen[few] = n
            few += np.int64(np.int64(smallest >> SPARE) < laws.household[group.kind[rows[n]]])
        for m in range(few):
            n = chosen[m]
            row = rows[n]
            home, limit = group.home[row], np.int64(laws.household[group.kind[row]])
            for place in range(first, min(first + 4, home & MEMBERS)):
                pair = left[n] if place < first + 2 else right[n]
                bits = pair if place % 2 == 0 else pair << HALF
                if np.int64(bits >> TOP) < limit and place != home >> 4:
                    meeting.row[filled], meeting.word[filled], meeting.limit[filled] = row, bits, limit
                    meeting.other[filled] = group.person[row] - (home >> 4) + place
                    filled += 1
    return int(filled)


@inlined
def group_of(people: People, way: Whole, place: Whole, district: Whole, everybody: Whole) -> tuple[Whole, Whole]:
    """Where a person's group of a way begins, and its size.

    At work and school places in `member` are counted, among commuters those of `ride_before`, else people.
    """
    if way <= SCHOOL:
        start = np.int64(people.place_start[place])
        return start, np.int64(people.place_start[place + 1]) - start
    if way == TRANSPORT:
        ride = np.int64(people.place_district[place])
        start = np.int64(people.ride_before[people.ride_first[ride]])
        return start, np.int64(people.ride_before[people.ride_first[ride + 1]]) - start
    if way == DISTRICT:
        start = np.int64(people.district_start[district])
        return start, np.int64(people.district_start[district + 1]) - start
    if way == PROVINCE:
        plate = np.int64(people.district_province[district])
        start = np.int64(people.province_start[plate])
        return start, np.int64(people.province_start[plate + 1]) - start
    return np.int64(people.province_start[0]), np.int64(everybody)


@inlined
def sits_at(people: People, way: Whole, person: Whole, seat: Whole) -> Whole:
    """Who has a seat of the others of a group: oneself is left out, but among commuters."""
    if way == TRANSPORT:
        entry = run_by(people.ride_before, people.ride_guide, SEATS, seat)
        stop = np.int64(people.ride_place[entry])
        return np.int64(people.member[np.int64(people.place_start[stop]) + seat - np.int64(people.ride_before[entry])])
    if way <= SCHOOL:
        other = np.int64(people.member[seat])
        return other if other < person else np.int64(people.member[seat + 1])
    return seat if seat < person else seat + 1


@compiled
def sociable(count: Whole, least: Column, workplaces: Whole, group: Group, rows: Column, some: Column) -> None:
    """Who of the block has contacts in which way, if all take place: `rows` by way, `some` of them.

    `least` has by kind and way what the bits of somebody with a contact are not below.
    """
    work, school, transport = np.int64(0), np.int64(0), np.int64(0)
    district, province, country = np.int64(0), np.int64(0), np.int64(0)
    for row in range(count):
        kind, place = group.kind[row], group.place[row]
        daily, commuting = np.int64(group.word0[row] >> HALF), np.int64(group.word0[row] & LOW)
        nearby, farther = np.int64(group.word1[row] >> HALF), np.int64(group.word1[row] & LOW)
        rows[WORK, work] = rows[SCHOOL, school] = rows[TRANSPORT, transport] = row
        rows[DISTRICT, district] = rows[PROVINCE, province] = rows[COUNTRY, country] = row
        works, goes = np.int64(place < workplaces), np.int64(place >= 0)
        work += np.int64(daily >= least[kind, WORK]) & works & goes
        school += np.int64(daily >= least[kind, SCHOOL]) & (1 - works)
        transport += np.int64(commuting >= least[kind, TRANSPORT]) & goes
        district += np.int64(nearby >= least[kind, DISTRICT])
        province += np.int64(farther >= least[kind, PROVINCE])
        country += np.int64(np.int64(group.word2[row] >> HALF) >= least[kind, COUNTRY])
    some[WORK], some[SCHOOL], some[TRANSPORT] = work, school, transport
    some[DISTRICT], some[PROVINCE], some[COUNTRY] = district, province, country


@compiled
def away(  # noqa: C901 - one way of meeting, step by step
    way: Whole,
    day: Whole,
    key: Whole,
    people: People,
    laws: Laws,
    today: Today,
    rows: Column,
    group: Group,
    meeting: Meeting,
    everybody: Whole,
) -> int:
    """Whom the block meets in one of the ways, as far as they may be infected; `rows` have contacts in it. How many."""
    factor = np.int64(today.contacts[way])
    if factor == 0:
        return 0
    words = group.word0 if way <= TRANSPORT else group.word1 if way <= PROVINCE else group.word2
    shift = np.uint64(0) if way in (TRANSPORT, PROVINCE) else HALF
    listed = np.int64(0)
    for n in range(rows.size):
        row = np.int64(rows[n])
        bits, kind = np.int64((words[row] >> shift) & LOW), group.kind[row]
        person, limit, nth = group.person[row], times(factor, group.keeps[row]), np.int64(0)
        while np.int64(laws.contacts[way, kind, nth]) <= bits:
            meeting.row[listed], meeting.person[listed] = row, person
            meeting.sub[listed], meeting.limit[listed] = CONTACT_SUBS * (way + 1) + nth, limit
            nth += 1
            listed += 1
    chosen, filled = drawn_below(meeting, listed, day, key), np.int64(0)
    hour, full, risky = day * 24 + 12, np.int64(laws.crowd[way]), np.int64(today.risky[way])
    risky_from, risky_until = today.risky_from, today.risky_until
    for n in range(chosen):
        m = meeting.chosen[n]
        row, contact = meeting.row[m], meeting.word[m]
        person, limit = group.person[row], meeting.limit[m]
        start, size = group_of(people, way, group.place[row], group.district[row], everybody)
        if size < 2:
            continue
        if risky < ONE:
            limit = times(factor, times(group.keeps[row], door(risky, risky_from[person], risky_until[person], hour)))
        if size - 1 < full:
            limit = times(limit, np.int64((size - 1) * ONE // full))
        meeting.row[filled], meeting.word[filled], meeting.limit[filled] = row, contact, limit
        meeting.other[filled] = start + below_low(size if way == TRANSPORT else size - 1, contact)
        filled += np.int64(np.int64(contact >> TOP) < limit)
    if way != COUNTRY:
        for n in range(filled):
            meeting.other[n] = sits_at(people, way, group.person[meeting.row[n]], meeting.other[n])
    else:
        for n in range(filled):
            meeting.other[n] += np.int64(meeting.other[n] >= group.person[meeting.row[n]])
    return int(filled)


@compiled
def decided(
    way: Whole,
    filled: Whole,
    day: Whole,
    people: People,
    laws: Laws,
    scale: Scale,
    today: Today,
    infected_on: Column,
    history: Column,
    group: Group,
    meeting: Meeting,
    hits: Column,
    found: Whole,
) -> int:
    """Who of those met is infected: added to `hits` as far as there is room. How many hits there are then."""
    row, other, words, limit = meeting.row, meeting.other, meeting.word, meeting.limit
    person, variant, left = meeting.person, meeting.sub, meeting.chosen
    chosen, immune_days = np.int64(0), scale.immune_days
    for n in range(filled):
        one = other[n]
        infected = np.int64(infected_on[one])
        row[chosen], other[chosen], words[chosen], limit[chosen] = row[n], one, words[n], limit[n]
        chosen += np.int64(infected == NEVER) | np.int64(day - infected >= immune_days)
    people_, kinds = group.person, group.kind
    for n in range(chosen):
        person[n], variant[n] = people_[row[n]], kinds[row[n]] >> 5
    susceptible(chosen, other, variant, day, people, laws, scale, infected_on, history, left)
    layer, hour, risky = way + 1 if way <= DISTRICT else way, day * 24 + 12, np.int64(ONE)
    risky_from, risky_until = today.risky_from, today.risky_until
    if way != HOME:
        risky = np.int64(today.risky[way])
    for n in range(chosen):
        drawn, chance, one = np.int64(words[n] >> TOP), times(limit[n], left[n]), other[n]
        if drawn >= chance or one == person[n]:
            continue
        if drawn >= times(chance, risky) and drawn >= times(
            chance, door(risky, risky_from[one], risky_until[one], hour)
        ):  # else it happens whether held to be risky or not
            continue
        if found < hits.size:
            hits[found] = hit(one, layer, person[n], variant[n])
        found += 1
    return int(found)


@compiled
def meet(
    first: Whole,
    end: Whole,
    day: Whole,
    key: Whole,
    people: People,
    laws: Laws,
    scale: Scale,
    today: Today,
    active: Active,
    infected_on: Column,
    history: Column,
    hits: Column,
) -> int:
    """Whom the infectious of a share of the active infect. How many hits there are; those beyond `hits` are lost."""
    found: Whole = 0
    most = BLOCK * max(MEMBERS, laws.contacts.shape[2])
    whole, words = np.empty((6, BLOCK), np.int64), np.empty((5, BLOCK), np.uint64)
    known, drawn_of = (whole[0], whole[1], whole[2], whole[3], whole[4], whole[5]), (words[0], words[1], words[2])
    group = Group(*known, *drawn_of, words[3], words[4])
    lists, drawn = np.empty((6, most), np.int64), np.empty(most, np.uint64)
    meeting = Meeting(lists[0], lists[1], lists[2], lists[3], drawn, lists[4], lists[5])
    least, rows, some = laws.contacts[:, :, 0].T.copy(), np.empty((WAYS, BLOCK), np.int16), np.empty(WAYS, np.int64)
    for begin in range(first, end, BLOCK):
        count = grouped(begin, min(begin + BLOCK, end), day, key, scale, active, group)
        sociable(count, least, scale.workplaces, group, rows, some)
        for way in range(-1, WAYS):
            if way == HOME:
                filled = at_home(count, day, key, laws, group, meeting)
            else:
                with_contacts = rows[way, : some[way]]
                filled = away(way, day, key, people, laws, today, with_contacts, group, meeting, infected_on.size)
            found = decided(
                way, filled, day, people, laws, scale, today, infected_on, history, group, meeting, hits, found
            )
    return int(found)


@compiled
def arrivals(
    first: Whole,
    end: Whole,
    day: Whole,
    key: Whole,
    borders: Whole,
    people: People,
    laws: Laws,
    scale: Scale,
    infected_on: Column,
    history: Column,
    hits: Column,
) -> int:
    """People who come infected from outside, chunk by chunk. How many hits there are; those beyond `hits` are lost."""
    found, imports, most = np.int64(0), laws.imports, laws.imports.size
    lists = np.empty((4, most), np.int64)
    person, variant, drawn, left = lists[0], lists[1], lists[2], lists[3]
    for chunk in range(first, end):
        count, listed = number_of(imports, np.int64(word(key, chunk, day, 0) >> HALF)), np.int64(0)
        for nth in range(count):
            contact = word(key, chunk, day, 1 + 2 * nth)
            person[listed], drawn[listed] = chunk * CHUNK + below_low(CHUNK, contact), np.int64(contact >> TOP)
            if drawn[listed] < borders and person[listed] < infected_on.size:
                bits = np.int64(word(key, chunk, day, 2 + 2 * nth) >> HALF)
                variant[listed] = number_of(laws.variants[day - scale.earliest], bits)
                listed += 1
        if listed:
            susceptible(listed, person, variant, day, people, laws, scale, infected_on, history, left)
        for n in range(listed):
            if drawn[n] < times(borders, left[n]):
                if found < hits.size:
                    hits[found] = hit(person[n], IMPORT, -1, variant[n])
                found += 1
    return int(found)
