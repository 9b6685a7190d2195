"""The compiled loops of the builder: each fills the columns of one province, from its first person to its last.

`plate` and a person's number in the province key every draw: entity = plate << 32 | number. All columns that are
passed are the province's own part, so that provinces can be made side by side, in any order.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, below, below_low, chance, compiled, inlined, word
from sim.population.vaccination import CATCH_UP_DAYS

Bytes = NDArray[np.uint8]
Names = NDArray[np.uint16]
Days = NDArray[np.int16]
Indices = NDArray[np.int32]
Numbers = NDArray[np.int64]
Seats = tuple[Numbers, Numbers, Indices, Indices]
"""The next seat of each of a province's pools, the pool that seats each pool's people, the place of each seat, and
where the next member of each place is noted."""

LOW = np.uint64(0xFFFF_FFFF)
ODD = 6  # the last size of household that the role tables tell apart


@compiled
def draw_homes(key: Whole, plate: Whole, start: Numbers, limits: Numbers, home: Bytes) -> Whole:
    """Fill each district with households until it is full; how many they are. `start` has the districts' bounds."""
    households = 0
    for district in range(start.size - 1):
        person, number = start[district], 0
        while person < start[district + 1]:
            drawn = np.int64(word(key, plate << 32 | number, district, 0) >> np.uint64(32))
            size = 1
            while size <= limits.size and drawn >= limits[size - 1]:
                size += 1
            size = min(size, start[district + 1] - person)
            for place in range(size):
                home[person + place] = place << 4 | size
            person += size
            number += 1
        households += number
    return households


@compiled
def draw_roles(
    keys: tuple[Whole, Whole],
    plate: Whole,
    chances: tuple[Numbers, Numbers, Numbers, Whole],
    spans: tuple[Numbers, Numbers, Numbers],
    lowest: Whole,
    home: Bytes,
    flags: Bytes,
    wish: Indices,
    wishes: NDArray[np.int32],
) -> None:
    """Sex, and how old in days each person would be by their role, from `lowest`; and how many wish what.

    Place 0 is the head, 1 mostly a partner of the other sex, the last one perhaps a parent of the head; all others are
    the head's children. `wishes` counts heads in row 0, others in row 1.
    """
    role_key, sex_key = keys
    young, partner, elder, male = chances
    young_ages, old_ages, gaps = spans
    head_wish: Whole = 0
    head_female: Whole = False
    for person in range(home.size):
        place, size = np.int64(home[person]) >> 4, np.int64(home[person]) & 15
        kind: Whole = min(size, ODD)
        drawn = word(role_key, plate << 32 | person, 0, 0)
        female = not chance(male, word(sex_key, plate << 32 | person, 0, 0))
        if place == 0:
            ages = young_ages if chance(young[kind], drawn) else old_ages
            head_wish = ages[kind, 0] + below_low(ages[kind, 1], drawn)
            head_female = female
            mine, row = head_wish, 0
        else:
            role = 0
            if place == 1 and chance(partner[kind], drawn):
                role = 1
                female = not head_female
            elif place > 1 and place == size - 1 and chance(elder[kind], drawn):
                role = 2
            mine, row = head_wish + gaps[role, 0] + below_low(gaps[role, 1], drawn), 1
        flags[person] = 1 if female else 0
        wish[person] = mine - lowest
        wishes[row, mine - lowest] += 1


@compiled
def settle_ages(
    minors: Whole, counts: Numbers, wish: Indices, wishes: NDArray[np.int32], home: Bytes, age: Bytes
) -> None:
    """Give out the province's ages in the order of the wishes, at a tie in the order of the people.

    `counts` are people by age, `minors` those of them under 18, who are the youngest of those who head no household.
    """
    bounds = np.cumsum(counts)
    others, adults = np.empty(wishes.shape[1], np.int32), np.empty(wishes.shape[1], np.int32)
    before_others: Whole = 0
    before_adults: Whole = minors
    for value in range(others.size):
        others[value], adults[value] = before_others, before_adults
        heads, rest = np.int64(wishes[0, value]), np.int64(wishes[1, value])
        grown = min(max(before_others + rest - minors, 0), rest)
        before_others += rest
        before_adults += heads + grown
    young_hint, adult_hint = np.zeros(others.size, np.uint8), np.zeros(others.size, np.uint8)
    for person in range(age.size):
        value = wish[person]
        rank: Whole = minors
        if home[person] >= 16:
            rank = np.int64(others[value])
            others[value] += 1
        if rank < minors:
            years = np.int64(young_hint[value])
            while rank >= bounds[years]:
                years += 1
            young_hint[value] = years
        else:
            rank = np.int64(adults[value])
            adults[value] += 1
            years = np.int64(adult_hint[value])
            while rank >= bounds[years]:
                years += 1
            adult_hint[value] = years
        age[person] = years


@compiled
def draw_names(
    keys: tuple[Whole, Whole],
    plate: Whole,
    own: Whole,
    given: tuple[Names, Names],
    surnames: Names,
    home: Bytes,
    flags: Bytes,
    given_name: Names,
    surname: Names,
) -> None:
    """Given names by sex, and the household's surname but for some members. Tables name one for each possible draw."""
    given_key, surname_key = keys
    male, female = given
    shared: Whole = np.uint16(0)
    for person in range(home.size):
        entity = plate << 32 | person
        drawn = word(given_key, entity, 0, 0)
        if flags[person] & np.uint8(1):
            given_name[person] = female[below(female.size, drawn)]
        else:
            given_name[person] = male[below(male.size, drawn)]
        drawn = word(surname_key, entity, 0, 0)
        if home[person] < 16:
            shared = surnames[below_low(surnames.size, drawn)]
            surname[person] = shared
        elif chance(own, drawn):
            surname[person] = surnames[below_low(surnames.size, drawn)]
        else:
            surname[person] = shared


@compiled
def draw_phones(key: Whole, plate: Whole, owner: Numbers, app: Whole, age: Bytes, flags: Bytes) -> None:
    """Who has a mobile number, by a `threshold` for each age, and who of those from 15 uses the application."""
    for person in range(age.size):
        if owner[age[person]] > 0:
            drawn = word(key, plate << 32 | person, 0, 0)
            if chance(owner[age[person]], drawn):
                flags[person] |= np.uint8(2)
                if age[person] >= 15 and np.int64(drawn & LOW) < app:
                    flags[person] |= np.uint8(4)


@compiled
def draw_doses(
    key: Whole,
    plate: Whole,
    limits: Numbers,
    days: tuple[Numbers, Numbers, Whole, Whole, Whole],
    age: Bytes,
    flags: Bytes,
    first_dose: Days,
    third_dose: Days,
) -> None:
    """Doses in the end and their days: `vaccination.dose_days`, person by person."""
    begins, length, second_after, third_after, third_from = days
    for person in range(age.size):
        years = age[person]
        doses, first, third = 0, 0, 0
        if limits[years, 0] > 0:
            drawn = word(key, plate << 32 | person, 0, 0)
            while doses < 3 and chance(limits[years, doses], drawn):
                doses += 1
            if doses >= 1:
                first = begins[years] + below_low(length[years], drawn)
            if doses == 3:
                late = third_from + below(CATCH_UP_DAYS, word(key, plate << 32 | person, 0, 1))
                third = max(first + second_after + third_after, late)
        flags[person] |= np.uint8(doses << 4)
        first_dose[person] = first
        third_dose[person] = third


@compiled
def draw_pupils(
    key: Whole, plate: Whole, limit: Whole, start: Numbers, age: Bytes, flags: Bytes, place: Indices, pupils: Numbers
) -> Numbers:
    """Who goes to school; how many do, by district and stage; and the people not at school, by sex and age.

    A pupil's `place` becomes -2 - (3 district + stage), with the district's number in the province; all others' is -1.
    """
    free = np.zeros((2, 101), np.int64)
    for district in range(start.size - 1):
        for person in range(start[district], start[district + 1]):
            years = np.int64(age[person])
            place[person] = -1
            if 6 <= years < 18 and chance(limit, word(key, plate << 32 | person, 0, 0)):
                stage = (years - 6) // 4
                pupils[district, stage] += 1
                place[person] = -2 - (3 * district + stage)
                flags[person] |= np.uint8(8)
            else:
                free[np.int64(flags[person]) & 1, years] += 1
    return free


@compiled
def draw_work(
    keys: tuple[Whole, Whole, Whole],
    plate: Whole,
    hired: Numbers,
    limits: tuple[Whole, Whole, Whole],
    start: Numbers,
    first_pool: Whole,
    pools: Whole,
    near: tuple[Numbers, Numbers],
    everywhere: tuple[Numbers, Numbers, Numbers],
    age: Bytes,
    flags: Bytes,
    place: Indices,
    staff: Numbers,
) -> Whole:
    """Who is employed, in which sector and district; how many are, by district and sector; how many leave the province.

    `hired` are thresholds by sex and age for those not at school. An employee's `place` becomes -2 - `pools` - pool,
    where pool is 2 district + sector, with the district's number in the country. Who works in another district, or
    another province, works where a resident taken at random from there lives.
    """
    employed_key, sector_key, commute_key = keys
    public, to_province, to_district = limits
    provinces, weights = near
    province_start, district_start, first_district = everywhere
    residents, leaving = start[start.size - 1], 0
    for district in range(start.size - 1):
        low, high = start[district], start[district + 1]
        for person in range(low, high):
            if place[person] != -1:
                continue
            limit = hired[np.int64(flags[person]) & 1, age[person]]
            entity = plate << 32 | person
            if limit == 0 or not chance(limit, word(employed_key, entity, 0, 0)):
                continue
            sector = 1 if chance(public, word(sector_key, entity, 0, 0)) else 0
            drawn = word(commute_key, entity, 0, 0)
            way = np.int64(drawn >> np.uint64(32))
            work = first_district[plate] + district
            if way < to_province and weights.size > 0:
                lot = below(weights[weights.size - 1], word(commute_key, entity, 0, 1))
                other = provinces[np.searchsorted(weights, lot, side="right")]
                first = province_start[other]
                somebody = first + below_low(province_start[other + 1] - first, drawn)
                work = np.searchsorted(district_start, somebody, side="right") - 1
                leaving += 1
            elif to_province <= way < to_province + to_district and residents > high - low:
                somebody = below_low(residents - (high - low), drawn)
                if somebody >= low:
                    somebody += high - low
                work = first_district[plate] + np.searchsorted(start, somebody, side="right") - 1
            pool = 2 * work + sector
            place[person] = -2 - pools - pool
            if first_pool <= pool < first_pool + 2 * (start.size - 1):
                own = pool - first_pool
                staff[own >> 1, own & 1] += 1
    return leaving


@compiled
def take_leavers(
    first_person: Whole, pools: Whole, own: tuple[Whole, Whole], place: Indices, person: Indices, pool: Indices
) -> None:
    """List those who work outside the province's `own` pools, each with the pool, and forget them in `place`."""
    low, high = own
    count = 0
    for number in range(place.size):
        code = np.int64(-2) - place[number] - pools
        if code >= 0 and not low <= code < high:
            person[count], pool[count] = first_person + number, code
            place[number] = -1
            count += 1


@compiled
def shuffle(key: Whole, plate: Whole, bounds: Numbers, order: Indices) -> None:
    """Shuffle each stretch of `order` between two bounds, all orders equally likely (R. A. Fisher and F. Yates)."""
    for stretch in range(bounds.size - 1):
        first = bounds[stretch]
        for last in range(bounds[stretch + 1] - first - 1, 0, -1):
            other = below(last + 1, word(key, plate << 32 | last, stretch, 0))
            one = order[first + last]
            order[first + last] = order[first + other]
            order[first + other] = one


@compiled
def seat_residents(
    first_person: Whole,
    pools: tuple[Whole, Whole, Whole],
    place: Indices,
    seats: Seats,
    numbers: tuple[Whole, Whole, Whole],
    member: Indices,
) -> None:
    """Give everybody with a pool in `place` the next of its seats, and note them as member of the place behind it.

    `pools` are the first code of employees, the province's first pool among all, and how many of these it has. In
    `seats` places are numbered within the province; `numbers` are its workplaces, and its first workplace and first
    school in the country.
    """
    offset, first_pool, work_pools = pools
    for person in range(place.size):
        code = np.int64(-2) - place[person]
        if code >= offset:
            place[person] = take_seat(code - offset - first_pool, first_person + person, seats, numbers, member)
        elif code >= 0:
            place[person] = take_seat(work_pools + code, first_person + person, seats, numbers, member)


@compiled
def seat_listed(
    first_pool: Whole,
    person: Indices,
    pool: Indices,
    seats: Seats,
    numbers: tuple[Whole, Whole, Whole],
    member: Indices,
) -> Indices:
    """The same for people of other provinces who work here; gives their workplaces."""
    place = np.empty(person.size, np.int32)
    for n in range(person.size):
        place[n] = take_seat(np.int64(pool[n]) - first_pool, person[n], seats, numbers, member)
    return place


@inlined
def take_seat(pool: Whole, person: Whole, seats: Any, numbers: Any, member: Any) -> Whole:
    """Seat one person of a pool of the province's; the place, as it is numbered in the country."""
    next_seat, target, order, next_member = seats
    workplaces, first_workplace, first_school = numbers
    seating = target[pool]
    local = np.int64(order[next_seat[seating]])
    next_seat[seating] += 1
    member[next_member[local]] = person
    next_member[local] += 1
    return first_workplace + local if local < workplaces else first_school + local - workplaces
