"""The compiled day is the readable day, to the last bit, in any stretches and on any number of threads."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demand import model
from sim.demand.calls import joined
from sim.demand.habit import Habit
from sim.demand.institutions import ROLES
from sim.demand.kernel import DayOfCalls
from sim.demand.parameters import CALL_LIMIT, CARRIERS, JOURNEYS, Channel, DemandParameters, Errand, Role
from sim.demand.record import BOOKINGS, LISTS, MAKINGS, RUNS, STAFF, Standing
from sim.streams import RepeatedStreamError, Streams
from tests.sim.demand.made import settle

MONDAY = date(2021, 10, 4)
DAYS = st.dates(date(2020, 5, 15), date(2022, 3, 5))
GATES = replace(DemandParameters().city_gate, per_person=0.4)
ALL = DemandParameters(city_gate=GATES, callers_at_most=1_000)


def standing_of(people, seed, first_hour):
    """A third of the people risky for some hours around a day."""
    chance = Streams(seed).stream("test/standing")
    everybody = np.arange(people)
    begins = first_hour - 30 + chance.below(60, everybody)
    length = chance.below(40, everybody, 1) * (chance.below(3, everybody, 2) == 0)
    return Standing(begins.astype(np.int16), (begins + length).astype(np.int16))


def whole(day, standing=None, day_number=0, cuts=()):
    edges = sorted({0, 1_440, *cuts})
    return joined([day.calls(a, b, standing, day_number) for a, b in pairwise(edges)])


def differences(demand, calls):
    """The columns in which a readable day and a compiled one differ."""
    first, sizes = demand.call_start[:-1], np.diff(demand.call_start)
    bulk = np.isin(demand.source, (RUNS, LISTS))
    single = calls.first < 0
    pairs = {
        **{name: (getattr(demand, name)[first], getattr(calls, name)) for name in SHARED},
        "codes": (sizes, calls.codes),
        "person": (demand.person[~bulk], calls.person[single]),
        "spoiled": (demand.spoiled[~bulk], calls.spoiled[single]),
        "bulk_person": (demand.person[bulk], calls.bulk_person),
        "bulk_spoiled": (demand.spoiled[bulk], calls.bulk_spoiled),
    }
    return [name for name, (one, other) in pairs.items() if not np.array_equal(one, other)]


SHARED = ("at_us", "channel", "source", "province", "asker")


@settings(max_examples=25, deadline=None)
@given(
    where=st.sampled_from([(700, (69,)), (900, (34, 6)), (1_300, ())]),
    day=DAYS,
    seed=st.integers(0, 2**32),
    gap=st.integers(1, 600),
    share=st.floats(0, 1),
    with_standing=st.booleans(),
)
def test_both_engines_make_the_same_day(where, day, seed, gap, share, with_standing):
    """Every column of every call, on any day, whatever is set and whoever stays at home."""
    parameters = replace(ALL, bulk_gap_s=gap, presence=share, risky_stays_away=share, risky_stays_from_work=1 - share)
    settled = settle(*where, callers_at_most=parameters.callers_at_most)
    standing = standing_of(where[0], seed, 48) if with_standing else None
    planned = model.plan(settled.people, settled.callers, parameters, Streams(seed), day, standing, 2)
    compiled = DayOfCalls(settled.people, parameters, Streams(seed), day)
    assert differences(planned, whole(compiled, standing, 2)) == []


@pytest.mark.parametrize("where", ["town", "country"])
def test_both_engines_make_the_same_large_day(where, request):
    """A town's Monday, and the country's in miniature, with the institutions of the fixture."""
    settled = request.getfixturevalue(where)
    parameters = DemandParameters(city_gate=GATES)
    planned = model.plan(settled.people, settled.callers, parameters, Streams(1), MONDAY)
    calls = whole(DayOfCalls(settled.people, parameters, Streams(1), MONDAY, threads=2))
    assert calls.at_us.size == planned.calls > 15_000
    assert differences(planned, calls) == []


@settings(max_examples=10, deadline=None)
@given(cuts=st.sets(st.integers(0, 1_440), max_size=30), threads=st.sampled_from([1, 2, 3]))
def test_stretches_and_threads_change_nothing(town, cuts, threads):
    """Cut anywhere, made by any number of threads: the same bytes."""
    standing = standing_of(town.people.age.size, 5, 24)
    day = DayOfCalls(town.people, ALL, Streams(3), MONDAY, threads=threads)
    once = DayOfCalls(town.people, ALL, Streams(3), MONDAY)
    one, other = whole(once, standing, 1), whole(day, standing, 1, cuts)
    for name, column, again in zip(one._fields, one, other, strict=True):
        assert column.dtype == again.dtype, name
        assert column.tobytes() == again.tobytes(), name


def test_ties_go_by_source_and_number(town):
    """A million visits and bookings within an hour: hundreds share their microsecond, and both engines agree."""
    crowd = Habit(per_person=10.0, hours=(0.0,) * 8 + (1.0,) + (0.0,) * 15)
    parameters = replace(ALL, mall=crowd, shop=crowd, hotel=crowd, coach=crowd, train=crowd, booking_hours=crowd.hours)
    planned = model.plan(town.people, town.callers, parameters, Streams(2), MONDAY)
    calls = whole(DayOfCalls(town.people, replace(parameters, callers_at_most=24), Streams(2), MONDAY))
    assert (np.diff(calls.at_us) == 0).sum() > 100
    assert differences(planned, calls) == []


def test_a_town_of_small_children_goes_nowhere():
    """Nobody is of an age to travel: carriers have nobody to ask about, and both engines agree."""
    settled = settle(900, (69,))
    people = replace(settled.people, age=np.full(900, 3, np.uint8))
    planned = model.plan(people, settled.callers, DemandParameters(), Streams(1), MONDAY)
    calls = whole(DayOfCalls(people, DemandParameters(), Streams(1), MONDAY))
    assert set(calls.source.tolist()) == {STAFF, RUNS}
    assert differences(planned, calls) == []


def test_another_day_of_the_same_country(town):
    """`on` gives what a new engine would give."""
    monday = DayOfCalls(town.people, ALL, Streams(3), MONDAY)
    friday = date(2021, 10, 8)
    one, other = whole(monday.on(friday)), whole(DayOfCalls(town.people, ALL, Streams(3), friday))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_streams_are_taken_once(village):
    """A second engine on the same `Streams` would share its chance."""
    streams = Streams(1)
    DayOfCalls(village.people, ALL, streams, MONDAY)
    with pytest.raises(RepeatedStreamError):
        DayOfCalls(village.people, ALL, streams, MONDAY)


@pytest.fixture(scope="module")
def monday(town):
    return DayOfCalls(town.people, ALL, Streams(7), MONDAY)


@pytest.fixture(scope="module")
def calls(monday):
    return whole(monday)


def test_in_order_within_the_day(calls):
    """Ascending from midnight to midnight, in narrow columns."""
    assert (np.diff(calls.at_us) >= 0).all()
    assert 0 <= calls.at_us[0] <= calls.at_us[-1] < 86_400_000_000
    assert [str(column.dtype) for column in calls] == [
        *("int64", "uint8", "uint8", "uint8", "int32", "uint16", "int32", "int64", "uint8", "int32", "uint8")
    ]


def test_bulk_calls_cover_everybody_once(town, monday, calls):
    """At most 500 codes each; an employer's calls are its staff, a city card's its holders, nobody twice."""
    bulk = calls.first >= 0
    assert calls.codes[bulk].max() == CALL_LIMIT
    assert calls.codes.sum() == calls.queries == (~bulk).sum() + calls.bulk_person.size
    assert (calls.first[bulk] == np.cumsum(calls.codes[bulk].astype(np.int64)) - calls.codes[bulk]).all()
    assert (calls.codes[~bulk] == 1).all()
    assert (calls.person[bulk] == -1).all()
    asker = np.repeat(calls.asker[bulk], calls.codes[bulk])
    for employer in monday.institutions.having(Role.EMPLOYER):
        asked = np.sort(calls.bulk_person[asker == employer])
        staff = np.flatnonzero(town.people.place == monday.institutions.workplace[employer])
        assert np.array_equal(asked, staff)
    (operator,) = monday.institutions.having(Role.CITY_CARD)
    holders = calls.bulk_person[asker == operator]
    assert np.unique(holders).size == holders.size == pytest.approx(0.126 * (town.people.age >= 6).sum(), rel=0.1)
    assert town.people.age[holders].min() >= 6


def test_bookings_have_a_source_of_their_own(monday, calls):
    """Carriers ask in C3 at bookings only; a check-in has its errand's source and another channel."""
    carriers = np.flatnonzero(np.isin(monday.institutions.role, [ROLES.index(role) for role in CARRIERS]))
    of_carriers = (calls.channel < Channel.PERSON) & (calls.first < 0) & np.isin(calls.asker, carriers)
    booked = of_carriers & (calls.channel == Channel.SINGLE)
    journeys = [tuple(Errand).index(errand) for errand in JOURNEYS]
    assert np.array_equal(booked, calls.source == BOOKINGS)
    assert np.array_equal(of_carriers & ~booked, np.isin(calls.source, journeys))
    assert booked.sum() > 100


def test_ages_and_askers_are_right(town, monday, calls):
    """Students at the campus, candidates' ages at examinations, no small children; nobody asks about themselves."""
    errands = tuple(Errand)
    single = calls.person >= 0
    age, source = town.people.age[calls.person], calls.source
    assert age[single & (source != STAFF)].min() >= 6
    assert set(age[source == errands.index(Errand.CAMPUS)].tolist()) == set(range(18, 25))
    assert age[source == errands.index(Errand.OFFICE)].min() == 18
    by_person = (calls.channel >= Channel.PERSON) & single & (source != MAKINGS)
    assert (calls.asker[by_person] != calls.person[by_person]).all()
    assert town.people.app_user[calls.asker[by_person]].all()
    assert calls.asker[calls.channel < Channel.PERSON].max() < len(monday.institutions)


def test_all_people_of_the_age_are_equally_likely(village):
    """Chi-square over everybody of the campus' ages, whose first try fails nine times in ten."""
    crowd = Habit(per_person=10.0, hours=(1.0,) * 24)
    day = DayOfCalls(village.people, replace(ALL, campus=crowd), Streams(4), MONDAY)
    calls = whole(day)
    students = np.flatnonzero((village.people.age >= 18) & (village.people.age <= 24))
    came = np.bincount(calls.person[calls.source == tuple(Errand).index(Errand.CAMPUS)], minlength=1_000)[students]
    chi2 = ((came - came.mean()) ** 2 / came.mean()).sum()
    assert abs(chi2 - students.size) < 5 * (2 * students.size) ** 0.5


def test_a_door_is_in_its_province(country):
    """A visitor lives in the province of the door, hotels apart; and the institution is there, or national."""
    day = DayOfCalls(country.people, ALL, Streams(7), MONDAY)
    calls = whole(day)
    visit = np.isin(calls.source, [tuple(Errand).index(errand) for errand in (Errand.MALL, Errand.SHOP)])
    assert (country.people.province[calls.person[visit]] == calls.province[visit]).all()
    mall = calls.source == tuple(Errand).index(Errand.MALL)
    assert (day.institutions.province[calls.asker[mall]] == calls.province[mall]).all()
    assert np.unique(calls.province[mall]).size == 81


def test_the_risky_stay_away(town, calls):
    """With everybody risky from noon and nobody careless, all doors are empty then; lists go on."""
    people = town.people.age.size
    standing = Standing(np.full(people, 36, np.int16), np.full(people, 1_000, np.int16))
    prudent = replace(ALL, risky_stays_away=1.0, risky_stays_from_work=1.0)
    left = whole(DayOfCalls(town.people, prudent, Streams(7), MONDAY), standing, 1)
    later = left.at_us >= 12 * 3_600_000_000
    assert np.isin(left.source, (BOOKINGS, RUNS, LISTS, MAKINGS))[later].all()
    before = calls.at_us < 12 * 3_600_000_000
    assert (~later).sum() == before.sum()
    assert np.array_equal(left.bulk_person, calls.bulk_person)


def test_half_of_the_risky_stay_away(town, calls):
    """Whoever stays away does so all day: half the people, and so about half the visits."""
    people = town.people.age.size
    standing = Standing(np.zeros(people, np.int16), np.full(people, 1_000, np.int16))
    half = replace(ALL, risky_stays_away=0.5, risky_stays_from_work=0.0)
    left = whole(DayOfCalls(town.people, half, Streams(7), MONDAY), standing, 1)
    shops = tuple(Errand).index(Errand.SHOP)
    came, were = left.person[left.source == shops], calls.person[calls.source == shops]
    assert came.size == pytest.approx(were.size / 2, rel=0.05)
    assert (left.source == STAFF).sum() == (calls.source == STAFF).sum()
    stayed = np.setdiff1d(were, came)
    assert not np.isin(came, stayed).any()
