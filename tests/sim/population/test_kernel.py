"""The compiled loops against the plainest way to say the same."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compiled import key_of
from sim.population import kernel
from sim.population.households import LARGEST, household_shares, role_table, size_limits
from sim.streams import LOW, Streams

PLATE = 14


def chance(seed=5):
    return Streams(seed).stream("any")


@given(st.lists(st.integers(0, 40), min_size=1, max_size=4), st.floats(2, 6))
def test_households_fill_their_districts(sizes, mean):
    """One after the other, each drawn by its number, the last one cut off at the district's end."""
    start = np.append(0, np.cumsum(np.array(sizes, np.int64)))
    home = np.zeros(start[-1], np.uint8)
    limits = size_limits(mean)
    households = kernel.draw_homes(key_of(chance()), PLATE, start, limits, home)
    wanted = []
    for district, people in enumerate(sizes):
        left, number = people, 0
        while left:
            drawn = chance().word(PLATE << 32 | number, district) >> 32
            size = min(1 + sum(drawn >= limit for limit in limits.tolist()), left)
            wanted += [place << 4 | size for place in range(size)]
            left, number = left - size, number + 1
    assert home.tolist() == wanted
    assert households == sum(one < 16 for one in wanted)


def test_sizes_are_drawn_in_their_shares():
    """Of 100,000 people in one district; and the largest household has 15."""
    home = np.zeros(100_000, np.uint8)
    kernel.draw_homes(key_of(chance()), PLATE, np.array([0, home.size]), size_limits(3.3), home)
    sizes = np.bincount(home[home < 16], minlength=LARGEST + 1)[1:]
    assert np.abs(sizes / sizes.sum() - household_shares(3.3)).max() < 0.006


def aged(wish, home, counts):
    """Ages by two stable sorts: the minors among those who are no heads, then everybody else."""
    minors = counts[:18].sum()
    ages = np.repeat(np.arange(101), counts)
    others = np.flatnonzero(home >= 16)
    by_wish = others[np.argsort(wish[others], kind="stable")]
    young = by_wish[:minors]
    rest = np.setdiff1d(np.arange(wish.size), young)
    age = np.empty(wish.size, np.int64)
    age[young] = ages[:minors]
    age[rest[np.argsort(wish[rest], kind="stable")]] = ages[minors:]
    return age


@given(st.data())
def test_ages_go_in_the_order_of_the_wishes(data):
    """As two stable sorts would give them out; no head is under 18."""
    people = data.draw(st.integers(1, 60))
    heads = np.array([True, *data.draw(st.lists(st.booleans(), min_size=people - 1, max_size=people - 1))])
    wish = np.array(data.draw(st.lists(st.integers(0, 11), min_size=people, max_size=people)), np.int32)
    minors = data.draw(st.integers(0, int((~heads).sum())))
    counts = np.zeros(101, np.int64)
    for low, high, count in ((0, 17, minors), (18, 100, people - minors)):
        np.add.at(counts, data.draw(st.lists(st.integers(low, high), min_size=count, max_size=count)), 1)
    home, age = np.where(heads, 1, 16).astype(np.uint8), np.zeros(people, np.uint8)
    wishes = np.stack([np.bincount(wish[side], minlength=12) for side in (heads, ~heads)]).astype(np.int32)
    kernel.settle_ages(minors, counts, wish, wishes, home, age)
    assert age.tolist() == aged(wish, home, counts).tolist()
    assert age[heads].min() >= 18


def test_wishes_are_by_role_and_counted():
    """Children 20 to 42 years below the head, partners within 6, all within the table's room for wishes."""
    roles, people = role_table(), 50_000
    home = np.tile(np.array([place << 4 | 5 for place in range(5)], np.uint8), people // 5)
    flags, wish = np.zeros(people, np.uint8), np.zeros(people, np.int32)
    wishes = np.zeros((2, roles.spread), np.int32)
    kernel.draw_roles(
        (key_of(chance()), key_of(chance(6))),
        PLATE,
        (roles.young_head, roles.partner, roles.elder, 1 << 31),
        (roles.young_ages, roles.old_ages, roles.gaps),
        roles.lowest,
        home,
        flags,
        wish,
        wishes,
    )
    years = (wish.reshape(-1, 5) + roles.lowest) / 365
    head, partner, child, last = years[:, 0], years[:, 1], years[:, 2], years[:, 4]
    assert (head.min() >= 30, head.max() < 70) == (True, True)
    beside = np.abs(partner - head) <= 6
    assert abs(beside.mean() - 0.90) < 0.01
    assert (flags.reshape(-1, 5)[beside, 0] != flags.reshape(-1, 5)[beside, 1]).all()
    assert ((head - child >= 20) & (head - child <= 42)).all()
    assert abs((last > head).mean() - 0.35) < 0.015
    assert wishes.sum(axis=1).tolist() == [people // 5, people - people // 5]
    assert np.bincount(wish, minlength=roles.spread).tolist() == wishes.sum(axis=0).tolist()


@given(st.lists(st.integers(0, 12), min_size=1, max_size=4))
def test_seats_are_shuffled_within_their_pools(sizes):
    """Fisher and Yates, word for word."""
    bounds = np.append(0, np.cumsum(np.array(sizes, np.int64)))
    order = np.arange(bounds[-1], dtype=np.int32)
    kernel.shuffle(key_of(chance()), PLATE, bounds, order)
    wanted = []
    for pool, size in enumerate(sizes):
        seats = list(range(bounds[pool], bounds[pool] + size))
        for last in range(size - 1, 0, -1):
            other = (chance().word(PLATE << 32 | last, pool) >> 32) * (last + 1) >> 32
            seats[last], seats[other] = seats[other], seats[last]
        wanted += seats
    assert order.tolist() == wanted


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_who_works_where(seed, public, to_province, to_district):
    """Person by person: hired, in a sector, at home or where a resident taken at random from elsewhere lives."""
    draws = [Streams(seed).stream(purpose) for purpose in ("employed", "sector", "commute")]
    start, first_district = np.array([0, 30, 50, 60]), np.array([0, 0, 2, 5])
    province_start = np.array([0, 0, 40, 100])  # province 1 with two districts, then province 2 with three
    district_start = np.array([0, 25, 40, 70, 90, 100])
    age, flags = np.full(60, 30, np.uint8), np.zeros(60, np.uint8)
    place, staff = np.full(60, -1, np.int32), np.zeros((3, 2), np.int64)
    place[7] = -3  # at school
    hired = np.full((2, 101), 3 << 30, np.int64)
    limits = tuple(round(share * 2**32) for share in (public, to_province, to_district))
    leaving = kernel.draw_work(
        tuple(key_of(draw) for draw in draws),
        2,
        hired,
        limits,
        start,
        4,
        18,
        (np.array([1]), np.array([100])),
        (province_start, district_start, first_district),
        age,
        flags,
        place,
        staff,
    )
    pools = {}
    for person in range(60):
        employed, sector, commute = (draw.word(2 << 32 | person) for draw in draws)
        if person == 7 or employed >> 32 >= 3 << 30:
            continue
        home = int(np.searchsorted(start, person, side="right")) - 1
        way, lot = commute >> 32, commute & LOW
        work = 2 + home
        if way < limits[1]:
            work = int(np.searchsorted(district_start, lot * 40 >> 32, side="right")) - 1
        elif way < limits[1] + limits[2]:
            others = [other for other in range(60) if not start[home] <= other < start[home + 1]]
            work = 2 + int(np.searchsorted(start, others[lot * len(others) >> 32], side="right")) - 1
        pools[person] = 2 * work + (sector >> 32 < limits[0])
    assert {person: -20 - int(place[person]) for person in range(60) if place[person] <= -20} == pools
    assert leaving == sum(pool < 4 for pool in pools.values())
    assert staff.reshape(-1).tolist() == [sum(one == pool for one in pools.values()) for pool in range(4, 10)]
    assert place[7] == -3

    person, pool = np.empty(leaving, np.int32), np.empty(leaving, np.int32)
    kernel.take_leavers(40, 18, (4, 10), place, person, pool)
    assert dict(zip(person.tolist(), pool.tolist(), strict=True)) == {
        40 + one: pool for one, pool in pools.items() if pool < 4
    }
    assert all(place[one] == -1 for one, pool in pools.items() if pool < 4)
