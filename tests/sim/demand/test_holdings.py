"""Who makes codes by which way, on which days; and the compiled pass that finds the same people."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demand.ground import columns_of
from sim.demand.holdings import APP, EDEVLET, NEVER, SMS, Holdings, holdings, makings
from sim.demand.making import MakingParameters
from sim.demand.parameters import Channel
from sim.demand.renewals import renewing
from sim.streams import Streams
from tests.sim.demand.made import APP_USER, PHONE_OWNER, make

MONDAY = date(2021, 10, 4)
DEFAULTS = MakingParameters()
PHONE, WITH_APP = PHONE_OWNER, PHONE_OWNER | APP_USER


def chance(seed=1):
    return Streams(seed).stream("demand/making")


def household(*members):
    """A single household, head first: ages and flags."""
    place = np.arange(len(members))
    ages, flags = zip(*members, strict=True)
    town = make(len(members), (69,))
    return replace(
        town,
        age=np.array(ages, np.uint8),
        flags=np.array(flags, np.uint8),
        home=(place << 4 | len(members)).astype(np.uint8),
    )


def ways(*members, **settings):
    found = holdings(household(*members), MakingParameters(**settings), chance())
    return list(zip(found.way.tolist(), found.maker.tolist(), strict=True))


def column(*values):
    return np.array(values, np.int64)


def test_a_family_with_the_application():
    """Everybody with it makes their own; children's are made in the head's; small ones have none."""
    assert ways((40, WITH_APP), (38, WITH_APP), (15, WITH_APP), (14, PHONE), (6, 0), (5, 0)) == [
        *((APP, 0), (APP, 1), (APP, 2), (APP, 0), (APP, 0), (-1, 0))
    ]


def test_a_family_without_the_application():
    """Whoever has a phone texts; who has none goes to e-Devlet or has the head's text; children's are e-Devlet's."""
    everybody = ((40, PHONE), (70, 0), (18, PHONE), (17, 0), (15, PHONE), (8, 0))
    minors = [(SMS, 2), (SMS, 0), (EDEVLET, 0), (EDEVLET, 0)]
    assert ways(*everybody, sms_share=1.0, household_share=1.0) == [(SMS, 0), (SMS, 0), *minors]
    assert ways(*everybody, sms_share=0.0, household_share=0.0) == [(EDEVLET, 0), (EDEVLET, 1), *minors]


def test_who_has_nobody_to_do_it():
    """A head without phone texts for nobody, and one under 20 goes to e-Devlet for nobody."""
    assert ways((40, 0), (17, 0), (70, 0), household_share=1.0) == [(EDEVLET, 0), (-1, 1), (EDEVLET, 2)]
    assert ways((19, 0), (3, 0), (10, 0)) == [(-1, 0), (-1, 0), (-1, 0)]


def test_a_code_is_made_anew_on_the_day_before_it_ends():
    """For 30 days: every 29; without end: once."""
    first = date(2020, 6, 1)
    held = Holdings(column(0, 0, -1), column(0, 1, 2), column(30, 0, 30), column(*[first.toordinal()] * 3))
    days = [day for day in range(120) if held.makes_on(first + timedelta(day))[0]]
    assert days == [0, 29, 58, 87, 116]
    assert [day for day in range(-5, 120) if held.makes_on(first + timedelta(day))[1]] == [0]
    assert not any(held.makes_on(first + timedelta(day))[2] for day in range(120))
    assert held.made_before(first).tolist() == [NEVER] * 3
    assert held.made_before(first + timedelta(29)).tolist() == [first.toordinal(), first.toordinal(), NEVER]
    assert held.made_before(first + timedelta(30)).tolist() == [first.toordinal() + 29, first.toordinal(), NEVER]


@settings(max_examples=30, deadline=None)
@given(day=st.dates(date(2020, 5, 1), date(2022, 3, 1)), seed=st.integers(0, 2**32))
def test_the_latest_code_is_one_that_was_made(day, seed):
    """Looking back from any day finds the latest of the days on which each made one, and none that has ended."""
    held = holdings(make(300, (69,)), DEFAULTS, chance(seed))
    latest = held.made_before(day)
    made = latest != NEVER
    for back in np.unique(day.toordinal() - latest[made]).tolist():
        then = made & (day.toordinal() - latest == back)
        assert held.makes_on(day - timedelta(back))[then].all()
    left = latest + held.life - day.toordinal()
    assert (left[made & (held.life > 0)] >= 1).all()
    ends_tomorrow = made & (held.life > 0) & (left == 1)
    again = made & (held.life > 0) & held.makes_on(day)
    assert np.array_equal(ends_tomorrow, again)


@settings(max_examples=40, deadline=None)
@given(
    people=st.integers(1, 3_000),
    day=st.dates(date(2020, 5, 15), date(2022, 3, 5)),
    seed=st.integers(0, 2**32),
    threads=st.sampled_from([1, 2, 3]),
    share=st.floats(0, 1),
    days=st.integers(1, 1_000),
    life=st.integers(2, 40),
    youngest=st.integers(0, 30),
)
def test_the_compiled_pass_finds_the_same_people(people, day, seed, threads, share, days, life, youngest):
    """Whoever makes a code, by which way and by whose hand, whatever is set and on any number of threads."""
    town = make(people, (34, 69))
    parameters = MakingParameters(
        sms_share=share,
        household_share=1 - share,
        first_days=days,
        youngest=youngest,
        sms_lives=((life, 1.0), (0, share)),
        app_lives=((life, share), (365, 1.0), (2, 0.1)),
    )
    held = holdings(town, parameters, chance(seed))
    wanted = np.flatnonzero(held.makes_on(day))
    found, way, maker = renewing(columns_of(town), parameters, chance(seed), day, threads)
    assert np.array_equal(found, wanted)
    assert np.array_equal(way, held.way[wanted])
    assert np.array_equal(maker, held.maker[wanted])


def test_nothing_is_made_before_a_way_opens_nor_after_the_end():
    """The application alone in its first days, and nobody once nobody asks."""
    town = make(20_000, (34,))
    daily = {f"{way}_lives": ((2, 1.0),) for way in ("app", "sms", "edevlet")}
    later = MakingParameters(sms_from=date(2020, 7, 1), edevlet_from=date(2020, 8, 1), first_days=10, **daily)

    def channels(day):
        return set(makings(town, later, chance(), town.province_start, day).channel.tolist())

    assert channels(date(2020, 5, 19)) == set()
    assert channels(date(2020, 5, 25)) == {Channel.MAKE_APP}
    assert channels(date(2020, 7, 5)) == {Channel.MAKE_APP, Channel.MAKE_SMS}
    assert channels(date(2020, 8, 5)) == {Channel.MAKE_APP, Channel.MAKE_SMS, Channel.MAKE_EDEVLET}
    assert channels(date(2022, 3, 2)) == set()


def test_a_day_of_making(town):
    """Some codes of each hundred people in a week, all within the way's hours, made by grown-ups or with a phone."""
    people, found = town.people, holdings(town.people, DEFAULTS, chance())
    week = [
        makings(people, DEFAULTS, chance(), people.province_start, MONDAY + timedelta(day)).rank.size
        for day in range(140)
    ]
    period = found.period[(found.way >= 0) & (found.life > 0)]
    assert np.mean(week) == pytest.approx((1 / period).sum(), rel=0.1)
    made = makings(people, DEFAULTS, chance(), people.province_start, MONDAY)
    for channel, hours in zip((10, 11, 12), (way[2] for way in DEFAULTS.ways), strict=True):
        at = made.at_us[made.channel == channel] // 3_600_000_000
        assert at.size
        assert {int(hour) for hour in at} <= {hour for hour, weight in enumerate(hours) if weight}
    assert (people.flags[made.asker[made.channel == Channel.MAKE_APP]] & APP_USER).all()
    assert (people.flags[made.asker[made.channel == Channel.MAKE_SMS]] & PHONE_OWNER).all()
    assert people.age[made.asker[made.channel == Channel.MAKE_EDEVLET]].min() >= 20
    assert people.age[made.person].min() >= 6
    assert set(made.province.tolist()) == {26}
