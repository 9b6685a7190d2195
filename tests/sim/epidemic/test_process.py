"""First with certainty in place of chance, so that whole tables are literal; chance is in `test_theory`."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sim.epidemic.biology import Illness, Immunity, Variants
from sim.epidemic.calendar import ONE, Way
from sim.epidemic.model import NEVER, NOBODY, Layer, Rules
from sim.epidemic.person import earlier_infections
from sim.epidemic.process import Case, Course, Groups, Spread
from sim.streams import Streams
from tests.sim.epidemic.made import ALWAYS, CALM, MONDAY, Believed, nobody_risky, random_town, silent, town

SHORT = {  # one day after the infection infectious, for two days, with symptoms on the second of them
    "incubation_mean_days": 2.0,
    "incubation_stages": 2,
    "presymptomatic_days": 1,
    "infectious_mean_days": 2.0,
    "infectious_stages": 2,
}
STRONG = Variants(names=("one",), transmissibility=(10.0,), severity=(1.0,), shares=((date(2020, 1, 1), (1.0,)),))
"""Ten effective contacts with everybody in a small group: one in 20,000 escapes."""
SURE = {"work_transmission": 1.0, "work_contacts": 5, "variants": STRONG}


def begin(people, days, *, first=(0,), seed=1, **change):
    """An epidemic in which `first` were infected on the eve, and are infectious on days 0 and 1."""
    spread = Spread(people, silent(**SHORT | change), Streams(seed), MONDAY, days)
    spread._begin(-1)
    for person in first:
        spread._follow(Case(person, NOBODY, Layer.IMPORT, 0, -1, Course(0, 1, 2, NEVER, NEVER, NEVER, 0)))
        spread.infected_on[person], spread.history[person] = -1, 1 << 3
        spread.levels["ever_infected"][6] += 1
    return spread


def run(spread, days, standing=None):
    """Let days pass; the new infections as (day, person, infector, layer), and the evenings' totals."""
    told, evenings = [], []
    for day in range(days):
        new = spread.day(day, standing or nobody_risky(spread.infected_on.size))
        rows = zip(new.person.tolist(), new.infector.tolist(), new.layer.tolist(), strict=True)
        told += [(day, *row) for row in rows]
        totals = spread.totals()
        evenings.append([int(totals[name].sum()) for name in ("exposed", "infectious", "symptomatic", "ever_infected")])
    return told, evenings


def test_one_household_day_by_day():
    """The first infects the other two on day 0; they are infectious on days 1 and 2 and recover on day 3."""
    spread = begin(town(3), 5, household_transmission=1.0)
    told, evenings = run(spread, 5)
    assert told == [(0, 1, 0, Layer.HOUSEHOLD), (0, 2, 0, Layer.HOUSEHOLD)]
    assert evenings == [
        # E  I  symptomatic  ever
        [2, 1, 0, 3],
        [0, 3, 1, 3],
        [0, 2, 2, 3],
        [0, 0, 0, 3],
        [0, 0, 0, 3],
    ]


def test_the_days_of_a_course_are_told_at_the_infection():
    """Two days to symptoms, one before them infectious, two infectious; nothing about a hospital."""
    spread = begin(town(2), 2, household_transmission=1.0)
    new = spread.day(0, nobody_risky(2))
    assert [column.tolist() for column in new] == [[1], [0], [0], [0], [1], [2], [3], [NEVER], [NEVER], [NEVER]]
    assert spread.infected_on.tolist() == [-1, 0]


def test_who_is_infected_by_several_is_so_once_by_the_smallest():
    """Persons 0 and 1 hit person 2 at home and at work on one day: the household counts, and person 0."""
    together = town(3, work=((0, 1, 2),))
    spread = begin(together, 1, first=(0, 1), household_transmission=1.0, **SURE)
    told, _ = run(spread, 1)
    assert told == [(0, 2, 0, Layer.HOUSEHOLD)]


def test_a_workplace_and_a_school():
    """Persons 0 and 1 work together, 2 and 3 learn together; nobody else meets."""
    places = town(1, 1, 1, 1, work=((0, 1),), school=((2, 3),))
    spread = begin(places, 1, first=(0, 2), **SURE, school_transmission=1.0, school_contacts=5)
    told, _ = run(spread, 1)
    assert told == [(0, 1, 0, Layer.WORK), (0, 3, 2, Layer.SCHOOL)]


def test_commuters_meet_in_the_district_of_their_workplaces():
    """Persons 0 to 3 work in four places; the places of 0 and 2 are in one district, wherever they live."""
    places = town(
        1, 1, 1, 1, work=((0,), (1,), (2,), (3,)), districts=(2, 2), provinces=(6, 34), place_districts=(1, 0, 1, 0)
    )
    spread = begin(places, 1, transport_transmission=1.0, transport_contacts=5, variants=STRONG)
    told, _ = run(spread, 1)
    assert told == [(0, 2, 0, Layer.TRANSPORT)]


@pytest.mark.parametrize(
    ("shares", "met", "layer"),
    [
        ({}, {1}, Layer.COMMUNITY),
        ({"province_share": 1.0}, {1, 2, 3}, Layer.COMMUNITY),
        ({"travel_share": 1.0}, {1, 2, 3, 4, 5}, Layer.TRAVEL),
    ],
)
def test_the_community_is_the_district_the_province_or_the_country(shares, met, layer):
    """Three districts of two people, two of them in one province; five contacts meet everybody within reach."""
    places = town(*[1] * 6, districts=(2, 2, 2), provinces=(6, 6, 34))
    spread = begin(places, 1, community_transmission=1.0, community_contacts=5, variants=STRONG, **shares)
    told, _ = run(spread, 1)
    assert {person for _, person, _, _ in told} == met
    assert {row[3] for row in told} == {layer}


def test_a_colleague_is_met_once_at_most_when_there_are_few():
    """One other, ten contacts at a chance of 0.05: 0.05 infections a day and not 0.5, over 4,000 pairs."""
    pairs = town(*[1] * 8_000, work=tuple((2 * nth, 2 * nth + 1) for nth in range(4_000)))
    spread = begin(pairs, 1, first=range(0, 8_000, 2), work_transmission=0.05, work_contacts=10)
    told, _ = run(spread, 1)
    assert len(told) == pytest.approx(4_000 * 0.05, abs=45)


def test_only_the_household_is_left_to_who_isolates():
    """A risky person who keeps to every rule infects at home alone; one who keeps to none, at work too."""
    places = town(2, 1, work=((0, 2),))
    everybody = Believed(np.zeros(3, np.int16), np.full(3, 1_000, np.int16))
    at_home = _measures(isolation_kept=1.0)
    told, _ = run(begin(places, 1, household_transmission=1.0, **SURE, measures=at_home), 1, everybody)
    assert told == [(0, 1, 0, Layer.HOUSEHOLD)]
    told, _ = run(begin(places, 1, household_transmission=1.0, **SURE), 1, everybody)
    assert told == [(0, 1, 0, Layer.HOUSEHOLD), (0, 2, 0, Layer.WORK)]


def _measures(**change):
    return replace(CALM, **change)


@pytest.mark.parametrize("risky", [0, 1])
def test_a_door_shuts_for_either_side(risky):
    """The door at work stops the infector as it stops the colleague; the hour that counts is noon."""
    places = town(1, 1, work=((0, 1),))
    doors = _measures(doors=((date(2020, 1, 1), 1.0, 0.0, 0.0, 0.0, 0.0),))
    noon = Believed(np.full(2, NEVER, np.int16), np.full(2, NEVER, np.int16))
    noon.risky_from[risky], noon.risky_until[risky] = 12, 13
    told, _ = run(begin(places, 1, **SURE, measures=doors), 1, noon)
    assert told == []
    noon.risky_from[risky], noon.risky_until[risky] = 13, 40
    told, _ = run(begin(places, 1, **SURE, measures=doors), 1, noon)
    assert told == [(0, 1, 0, Layer.WORK)]


def test_each_door_has_its_own_way():
    """Rules kept to 0.1 … 0.5, isolation to a half: what is left of each way's contacts, in parts of ONE."""
    half = _measures(isolation_kept=0.5, mall_share=0.5, doors=((date(2020, 1, 1), 0.1, 0.2, 0.3, 0.4, 0.5),))
    spread = begin(town(1), 1, measures=half)
    left = spread.rules.calendar.risky[:, 0] / ONE
    assert left == pytest.approx([0.45, 0.4, 0.35, 0.4, 0.4, 0.25])


def test_people_with_symptoms_give_up_contacts():
    """All of them from the day of the symptoms on: infectious on days 0 and 1, infected only on day 0."""
    places, ill = town(1, 1, work=((0, 1),)), _measures(ill_at_home_share=1.0)
    assert run(begin(places, 2, **SURE, measures=ill), 2)[0] == [(0, 1, 0, Layer.WORK)]
    for measures, infected in ((CALM, [(1, 1, 0, Layer.WORK)]), (ill, [])):
        spread = begin(places, 2, **SURE, measures=measures)
        spread.rules.calendar.contacts[Way.WORK, 0] = 0
        assert run(spread, 2)[0] == infected


def test_a_hospital_ends_all_meetings_and_may_end_in_death():
    """Taken in a day after the symptoms, dead two days later: infectious until then, meeting nobody in hospital."""
    deadly = Illness(
        susceptibility=(1.0,) * 9,
        asymptomatic=(0.0,) * 9,
        hospital=(1.0,) * 9,
        death=(1.0,) * 9,
        hospital_after_mean_days=1.0,
        hospital_after_stages=1,
        hospital_mean_days=2.0,
        hospital_stages=2,
    )
    slow = {"infectious_mean_days": 9.0, "infectious_stages": 9}
    spread = begin(town(2), 8, household_transmission=1.0, illness=deadly, **slow)
    new = spread.day(0, nobody_risky(2))
    assert [column.tolist() for column in new][4:] == [[1], [2], [5], [3], [5], [5]]
    levels = []
    for day in range(1, 8):
        spread.day(day, nobody_risky(2))
        totals = spread.totals()
        levels.append(tuple(int(totals[name][6]) for name in ("symptomatic", "in_hospital", "died")))
    assert [row[1:] for row in levels] == [(0, 0), (0, 0), (1, 0), (1, 0), (0, 1), (0, 1), (0, 1)]
    assert int(spread.history[1]) & 64


def test_the_dead_and_the_recently_infected_are_not_infected():
    """A colleague infected three weeks ago is immune; one infected long ago by a variant that protects not, is not."""
    places = town(1, 1, 1, 1, work=((0, 1, 2, 3),))
    unprotected = Immunity(infection=((0.0,),), doses=((0.0,),) * 3, reinfection_after_days=30)
    spread = begin(places, 1, **SURE, immunity=unprotected)
    spread.infected_on[1:], spread.history[1:] = (-21, -300, -300), (1 << 3, 1 << 3, 1 << 3 | 64)
    assert run(spread, 1)[0] == [(0, 2, 0, Layer.WORK)]
    assert spread.history[2] == 2 << 3


def test_imports_come_from_nobody():
    """At the highest rate a town of 5,000 has 50 a day, less those who are immune by then."""
    spread = begin(town(*[1] * 5_000), 8, first=(), imported_per_100k_per_day=1_000.0)
    told, _ = run(spread, 8)
    assert {(infector, layer) for _, _, infector, layer in told} == {(NOBODY, Layer.IMPORT)}
    assert len(told) == pytest.approx(385, abs=60)


def test_borders_stop_imports():
    """From the second day on nobody comes."""
    shut = _measures(borders=((date(2020, 1, 1), 1.0), (date(2021, 3, 2), 0.0)))
    spread = begin(town(*[1] * 2_000), 5, first=(), imported_per_100k_per_day=1_000.0, measures=shut)
    told, _ = run(spread, 5)
    assert {day for day, *_ in told} == {0}


def test_schools_are_shut_on_sundays_and_holidays():
    """Monday 1 March 2021 has all contacts, Sunday none at school and a quarter at work, as has 23 April."""
    spread = Spread(town(1), silent(measures=_measures(work_weekend=0.25)), Streams(1), MONDAY, 60)
    contacts = spread.rules.calendar.contacts / ONE
    assert contacts[Way.SCHOOL, [0, 6, 53]].tolist() == [1.0, 0.0, 0.0]
    assert contacts[Way.WORK, [0, 6, 53]].tolist() == [1.0, 0.25, 0.25]
    assert contacts[Way.DISTRICT].tolist() == [1.0] * 60


def test_waves_and_schools_hold_from_their_dates():
    """Half of all contacts from the second day on, and schools at a fifth of that from the third."""
    waves = ((date(2021, 1, 1), 1.0), (date(2021, 3, 2), 0.5))
    schools = (*ALWAYS, (date(2021, 3, 3), 0.2))
    spread = Spread(town(1), silent(measures=_measures(waves=waves, schools=schools)), Streams(1), MONDAY, 3)
    contacts = spread.rules.calendar.contacts / ONE
    assert contacts[Way.WORK].tolist() == [1.0, 0.5, 0.5]
    assert contacts[Way.SCHOOL].tolist() == pytest.approx([1.0, 0.5, 0.1])


def test_the_season_turns_about_its_peak():
    """At the peak all contacts count, half a year later (1 - a) / (1 + a) of them."""
    season = _measures(seasonality=0.2, seasonal_peak=15)
    spread = Spread(town(1), silent(measures=season), Streams(1), date(2021, 1, 15), 184)
    contacts = spread.rules.calendar.contacts[Way.DISTRICT] / ONE
    assert contacts[0] == 1.0
    assert contacts[183] == pytest.approx(0.8 / 1.2, abs=1e-4)


def test_a_run_begins_in_the_middle_of_an_epidemic():
    """Infections of the last two weeks are at every stage on day 0; those before are over and remembered."""
    spread = Spread(
        town(*[1] * 4_000),
        silent(initial_infected_share=0.2, past_infected_share=0.5, incubation_mean_days=5.0, incubation_stages=5),
        Streams(1),
        MONDAY,
        2,
    )
    recent = spread.infected_on[spread.initial.person]
    assert (recent.min(), recent.max()) == (-14, -1)
    assert np.bincount(-recent, minlength=15)[1:].min() > 30
    ever = spread.infected_on != NEVER
    assert ever.mean() == pytest.approx(0.6, abs=0.03)
    past = np.setdiff1d(np.flatnonzero(ever), spread.initial.person)
    assert spread.infected_on[past].max() <= -30
    assert spread.infected_on[past].min() >= -330
    spread.day(0, nobody_risky(4_000))
    totals = spread.totals()
    assert totals["new_infections"].sum() == 0
    assert totals["ever_infected"][6] == ever.sum()
    assert totals["exposed"][6] == pytest.approx(4_000 * 0.2 * 2 / 14, abs=40)
    assert totals["infectious"][6] == pytest.approx(4_000 * 0.2 * 8 / 14, abs=60)


def test_nobody_begins_with_an_infection_that_an_earlier_one_prevents():
    """At the second of two infections the first one protects no more; of two too close the past one has not been."""
    people = town(*[1] * 4_000)
    chosen = silent(initial_infected_share=0.2, past_infected_share=0.5)
    rules, chance = Rules.of(chosen, people, MONDAY, 2), Streams(1).stream("epidemic/start")
    before = [earlier_infections(rules, chance, person) for person in range(4_000)]
    gaps = [each[1].day - each[0].day for each in before if len(each) == 2]
    assert 90 <= min(gaps) < 95
    assert len(gaps) == pytest.approx(4_000 * 0.2 * 0.5 * (330 - 97) / 300, abs=40)
    assert sum(each[-1].first for each in before if each) == pytest.approx(4_000 * 0.2, abs=60)


def test_everybody_s_groups_are_those_of_the_columns():
    """In a random town: the household, the district and the province of a person hold that person, and who is near."""
    people = random_town(2, 300)
    groups = Groups.of(people)
    for person in range(0, 300, 7):
        others = [member for _, member in groups.household(person)]
        size = int(people.home[person]) & 15
        assert len(others) == size - 1
        assert all(abs(other - person) < size and other != person for other in others)
        reach = groups.reach(person, Way.PROVINCE)
        assert person == reach.group[reach.own]
        assert len({reach.someone(bits << 20) for bits in range(4096)}) == reach.others
