"""The planned day: how much of what, when, and who asks about whom."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mockgov.vocabulary.institution import InstitutionKind
from sim.demand import model
from sim.demand.habit import Habit
from sim.demand.parameters import CARRIERS, Channel, DemandParameters, Role, Spoiled
from sim.streams import RepeatedStreamError, Streams

MONDAY, SATURDAY = date(2021, 10, 4), date(2021, 10, 9)
DEFAULTS = DemandParameters()
COLUMNS = ("at_us", "person", "asker", "channel", "call", "spoiled")
BY_CITIZENS = {Channel.PERSON, Channel.EDEVLET, Channel.MAKE_APP, Channel.MAKE_SMS, Channel.MAKE_EDEVLET}


def plan(settled, day=MONDAY, seed=1, **settings):
    return model.plan(settled.people, settled.callers, DemandParameters(**settings), Streams(seed), day)


def hour_of(day, calls_only=True):
    at_us = day.at_us[day.call_start[:-1]] if calls_only else day.at_us
    return np.bincount(at_us // 3_600_000_000, minlength=24)


def through(day, *channels):
    return np.flatnonzero(np.isin(day.channel, channels))


@pytest.fixture(scope="module")
def monday(town):
    return plan(town)


# How much


def test_a_monday_in_a_town_of_24_000(monday):
    """Some 27,000 calls, and some 6,100 codes in bulk beside them."""
    assert monday.calls == 26_916
    bulk = through(monday, Channel.BULK, Channel.BULK_PLUS, Channel.EDEVLET_BULK)
    assert bulk.size == 6_132
    assert monday.at_us.size == 26_916 - np.unique(monday.call[bulk]).size + bulk.size


def test_shares_by_channel(monday):
    """Doors and counters most, then staff, journeys and stages."""
    first = monday.call_start[:-1]
    calls = np.bincount(monday.channel[first], minlength=len(Channel))
    assert dict(zip([channel.name for channel in Channel], calls.tolist(), strict=True)) == {
        "EMPLOYEE": 2_530,
        "VISITOR": 11_981,
        "SINGLE": 398,
        "BULK": 14,
        "PLUS": 788,
        "BULK_PLUS": 3,
        "PERSON": 10_056,
        "PERSON_PLUS": 646,
        "EDEVLET": 344,
        "EDEVLET_BULK": 42,
        "MAKE_APP": 79,
        "MAKE_SMS": 19,
        "MAKE_EDEVLET": 16,
    }


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_every_seed_makes_such_a_day(town, seed):
    """Another Monday is another day of the same size."""
    assert 22_000 <= plan(town, seed=seed).calls <= 30_000


def test_the_day_has_its_peaks(monday):
    """The beginning of work is the busiest time; noon and evening stand above the hours around them."""
    hours = hour_of(monday)
    assert int(hours.argmax()) == 8
    assert min(hours[12:14]) > max(hours[10], hours[11], hours[14], hours[15])
    assert hours[18] > max(hours[15], hours[16], hours[20])
    morning = (monday.at_us >= 29_400_000_000) & (monday.at_us < 31_500_000_000)  # 08:10 to 08:45
    assert np.isin(monday.channel[morning], [Channel.EMPLOYEE, Channel.PERSON]).mean() > 0.7


def test_a_saturday_is_another_day(town, monday):
    """Offices and most work rest, malls and stages are full."""
    saturday = plan(town, SATURDAY)
    for channel in (Channel.PLUS, Channel.PERSON_PLUS):
        assert through(saturday, channel).size > 1.5 * through(monday, channel).size
    assert through(saturday, Channel.EMPLOYEE).size < 0.5 * through(monday, Channel.EMPLOYEE).size
    public = town.callers.kind.index(InstitutionKind.GOVERNORSHIP)
    asked = through(monday, Channel.EMPLOYEE), through(saturday, Channel.EMPLOYEE)
    assert [(day.asker[rows] == public).any() for day, rows in zip((monday, saturday), asked, strict=True)] == [
        *(True, False)
    ]


def test_counts_in_an_hour_are_poisson(village):
    """Visits to the mall between 18 and 19 on 400 Mondays' seeds: variance over mean is 1."""
    parameters = replace(DEFAULTS, mall=Habit(per_person=0.02, hours=(0.0,) * 18 + (1.0,) + (0.0,) * 5))
    (door,) = [
        door
        for door in model.agenda(village.people, village.callers, parameters, Streams(1), MONDAY).doors
        if door.errand == "mall"
    ]
    counts = np.array(
        [replace(door, chance=Streams(seed).stream("demand/mall")).visits(model.HOURS).rank.size for seed in range(400)]
    )
    assert counts.mean() == pytest.approx(door.means.sum(), rel=0.05)
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=0.2)


# When and in which order


@pytest.mark.parametrize("where", ["village", "town", "country"])
def test_sorted_by_time_and_within_the_day(where, request):
    """From midnight to midnight, ascending, calls numbered from 0 without gaps."""
    day = plan(request.getfixturevalue(where))
    assert day.at_us.min() >= 0
    assert day.at_us.max() < 86_400_000_000
    assert (np.diff(day.at_us) >= 0).all()
    assert np.unique(np.diff(day.call, prepend=-1)).tolist() == [0, 1]
    assert [str(getattr(day, name).dtype) for name in COLUMNS] == [
        *("int64", "int32", "int32", "uint8", "int64", "uint8")
    ]


def test_the_queries_of_a_call_belong_together(monday):
    """One time, one asker and one channel a call; only bulk calls have several, and at most 500."""
    sizes = np.diff(monday.call_start)
    assert sizes.max() == 500
    for column in (monday.at_us, monday.asker, monday.channel):
        assert (column == column[monday.call_start[:-1]][monday.call]).all()
    several = monday.channel[monday.call_start[:-1]][sizes > 1]
    assert set(several.tolist()) == {Channel.BULK, Channel.BULK_PLUS, Channel.EDEVLET_BULK}


def test_the_columns_are_read_only(monday):
    """A plan is what it was made as."""
    with pytest.raises(ValueError, match="read-only"):
        monday.person[0] = 1


# Who asks about whom


def test_a_worker_is_asked_by_the_own_employer(town, monday):
    """At the door at most once, in the nightly run exactly once."""
    employers = np.array(town.callers.workplace)
    door = through(monday, Channel.EMPLOYEE)
    assert (town.people.workplace[monday.person[door]] == employers[monday.asker[door]]).all()
    assert np.unique(monday.person[door]).size == door.size
    run = [i for i in through(monday, Channel.BULK) if employers[monday.asker[i]] >= 0]
    staff = np.flatnonzero(np.isin(town.people.workplace, employers[employers >= 0]))
    assert sorted(monday.person[run].tolist()) == staff.tolist()


def test_city_cards_are_asked_once_a_night(town, monday):
    """12.6 % of the people from 6 outside İstanbul, 60 % there, and before the day begins."""
    run = [i for i in through(monday, Channel.BULK) if town.callers.role[monday.asker[i]] is Role.CITY_CARD]
    assert np.unique(monday.person[run]).size == len(run)
    assert len(run) / (town.people.age >= 6).sum() == pytest.approx(0.126, abs=0.01)
    assert monday.at_us[run].max() < 4 * 3_600_000_000


def test_visitors_come_from_the_own_province(country):
    """Whoever is asked at a door lives in the door's province."""
    day = plan(country)
    visits = through(day, Channel.VISITOR)
    there = np.array(country.callers.province)[day.asker[visits]]
    assert visits.size > 1_000
    assert (country.people.province[day.person[visits]] == there).all()


def test_travellers_are_asked_by_carriers_and_hotels(town, monday):
    """Bookings and hotels through C3; check-in and stages through C5; the carriers' runs through C6."""
    roles = np.array(town.callers.role)
    asked = {channel: set(roles[monday.asker[through(monday, channel)]]) for channel in Channel if channel < 6}
    carriers = {Role.AIRLINE, Role.COACHES, Role.RAILWAY}
    assert asked[Channel.SINGLE] == carriers | {Role.HOTELS}
    assert asked[Channel.PLUS] == carriers | {Role.STAGE}
    assert asked[Channel.BULK_PLUS] == carriers


def test_an_application_asks_about_a_neighbour(country):
    """The asker works in a place without an account and has the application; the province is the same."""
    day, people = plan(country), country.people
    asked = through(day, Channel.PERSON, Channel.PERSON_PLUS)
    asker, person = day.asker[asked], day.person[asked]
    assert people.app_user[asker].all()
    assert not np.isin(people.workplace[asker], [-1, *(w for w in country.callers.workplace if w >= 0)]).any()
    assert (people.province[asker] == people.province[person]).all()
    assert not (asker == person).any()
    assert np.unique(asker).size == np.unique(people.workplace[asker]).size  # one keeper a workplace


@pytest.mark.parametrize("where", ["village", "town", "country"])
def test_small_children_are_never_asked(where, request):
    """Nobody under 6, and only students' ages at the campus."""
    settled = request.getfixturevalue(where)
    day = plan(settled)
    assert settled.people.age[day.person].min() >= 6
    campus = [i for i in through(day, Channel.VISITOR) if settled.callers.role[day.asker[i]] is Role.CAMPUS]
    assert set(settled.people.age[day.person[campus]].tolist()) <= set(range(18, 25))


def test_spoiled_codes_are_few(monday):
    """0.4 % mistyped, 0.6 % expired, 0.2 % deleted."""
    shares = np.bincount(monday.spoiled, minlength=4) / monday.spoiled.size
    assert shares[Spoiled.MISTYPED] == pytest.approx(0.004, abs=0.0015)
    assert shares[Spoiled.EXPIRED] == pytest.approx(0.006, abs=0.0015)
    assert shares[Spoiled.DELETED] == pytest.approx(0.002, abs=0.001)


# Journeys


def passengers(town, day, role):
    """Who is asked by a carrier on a day, by channel."""
    often = Habit(per_person=0.02, hours=DEFAULTS.flight.hours)
    planned = plan(town, day, **{CARRIERS[role].value: often})
    theirs = planned.asker == town.callers.role.index(role)
    return {
        channel: set(planned.person[theirs & (planned.channel == channel)].tolist())
        for channel in (Channel.SINGLE, Channel.BULK_PLUS, Channel.PLUS)
    }


@pytest.mark.parametrize("role", CARRIERS)
def test_a_traveller_is_asked_three_times(town, role):
    """By air, coach or train: booked within the two weeks before, re-screened on the evening before, checked in."""
    week = {day: passengers(town, date(2021, 10, day), role) for day in range(4, 20)}
    travellers = week[19][Channel.PLUS]
    assert len(travellers) > 300
    booked = set().union(*(week[day][Channel.SINGLE] for day in range(5, 19)))
    assert travellers <= booked
    again = week[18][Channel.BULK_PLUS]
    assert again <= travellers
    assert len(again) > 0.9 * len(travellers)  # the rest booked after the run


# Rules and their dates


@pytest.mark.parametrize(
    ("day", "channels"),
    [
        (date(2020, 5, 19), set()),
        (date(2020, 5, 20), BY_CITIZENS),
        (date(2020, 8, 31), BY_CITIZENS | {Channel.SINGLE, Channel.BULK}),
        (date(2020, 12, 1), set(Channel) - {Channel.PLUS, Channel.BULK_PLUS, Channel.PERSON_PLUS}),
        (date(2021, 9, 6), set(Channel)),
        (date(2022, 3, 1), set(Channel)),
        (date(2022, 3, 2), set()),
    ],
)
def test_codes_are_asked_while_the_rules_ask(town, day, channels):
    """The application from May 2020, journeys that summer, vaccine and test from September 2021, nothing at last."""
    assert set(plan(town, day).channel.tolist()) == channels


# Chance


def changed(one, other):
    return {name for name in COLUMNS if not np.array_equal(getattr(one, name), getattr(other, name))}


def test_the_same_seed_makes_the_same_day(town, monday):
    """Column for column; another seed, another day."""
    assert changed(monday, plan(town)) == set()
    assert changed(monday, plan(town, seed=2)) == set(COLUMNS)


def test_the_streams_are_taken_once(village):
    """A second plan on the same `Streams` would share its chance."""
    streams = Streams(1)
    model.plan(village.people, village.callers, DEFAULTS, streams, MONDAY)
    with pytest.raises(RepeatedStreamError):
        model.plan(village.people, village.callers, DEFAULTS, streams, MONDAY)


def test_a_changed_parameter_changes_only_what_it_touches(town, monday):
    """More hotel guests leave every other query as it was; more presence only adds staff."""
    hotels = town.callers.role.index(Role.HOTELS)
    other = plan(town, hotel=Habit(per_person=0.02, hours=DEFAULTS.hotel.hours))

    def rows(day, keep):
        columns = (day.at_us, day.person, day.asker, day.channel, day.spoiled)
        return set(zip(*(column[keep].tolist() for column in columns), strict=True))

    def elsewhere(day):
        return (day.asker != hotels) | (day.channel >= Channel.PERSON)

    assert rows(monday, elsewhere(monday)) == rows(other, elsewhere(other))
    assert other.calls > monday.calls + 200
    everybody = plan(town, presence=1.0)
    staff = [rows(day, day.channel == Channel.EMPLOYEE) for day in (monday, everybody)]
    assert staff[0] < staff[1]


def test_a_known_day(village):
    """The same queries on every machine and under every version of the libraries."""
    day = plan(village)
    assert (day.calls, day.at_us.size) == (1_219, 1_506)
    assert day.at_us[[0, 700, -1]].tolist() == [9_400_428_799, 43_619_142_205, 81_321_111_850]
    assert int(day.at_us.sum()) == 67_139_125_507_140
    assert (int(day.person.sum()), int(day.asker.sum())) == (778_686, 145_962)
