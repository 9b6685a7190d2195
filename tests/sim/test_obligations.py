"""One calendar: the doors that ask in demand, and those that stop somebody in the epidemic, open and shut together."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from mockgov.vocabulary.obligation import ABOLISHED, Obligation
from sim.demand.habit import Habit
from sim.demand.institutions import ROLES
from sim.demand.kernel import DayOfCalls
from sim.demand.parameters import CUSTOMS, ERRAND_NUMBER, DemandParameters, Errand, Role
from sim.demand.record import BOOKINGS, RUNS, STAFF
from sim.epidemic.calendar import Way, in_force, risky_on
from sim.epidemic.measures import Measures
from sim.epidemic.parameters import EpidemicParameters
from sim.streams import Streams
from tests.sim.demand.made import make

RULES = tuple(Obligation)
EDGES = sorted({rule.since + timedelta(days=n) for rule in RULES for n in (-1, 0)} | {ABOLISHED})
DAYS = [date(2020, 3, 1) + timedelta(days=n) for n in range(900)]
OPENS = {
    Way.WORK: Obligation.STAFF,
    Way.SCHOOL: Obligation.SCHOOL,
    Way.TRANSPORT: Obligation.CITY_CARD,
    Way.DISTRICT: Obligation.MALL,
    Way.PROVINCE: Obligation.MALL,
    Way.COUNTRY: Obligation.TRAIN,
}
"""The obligation with which each way's doors begin to stop risky codes."""
STOPS_NOBODY = frozenset(
    {Obligation.SHOP, Obligation.EXAM, Obligation.OFFICE, Obligation.HOTEL, Obligation.GUEST, Obligation.CAMPUS}
)
"""Asked in demand, without a row of their own in the epidemic: part of what is behind doors once malls ask."""
FOLLOWS = {Obligation.FLIGHT: Obligation.TRAIN, Obligation.COACH: Obligation.TRAIN, Obligation.TESTED: Obligation.MALL}
"""Asked in demand behind doors that another obligation has opened before."""
ASKED_ELSEWHERE = frozenset({Obligation.SCHOOL})
"""No query of demand: the education ministry has an access of its own."""


@pytest.mark.parametrize("way", list(Way))
def test_the_epidemics_doors_open_and_shut_with_their_obligation(way: Way) -> None:
    """On each of 900 days a door stops somebody if, and only if, its obligation holds."""
    at_home = EpidemicParameters(measures=Measures(isolation_kept=0.0))
    stops = [risky_on(at_home, day)[way] < 1 << 30 for day in DAYS]
    assert stops == [OPENS[way].holds_on(day) for day in DAYS]


@pytest.mark.parametrize("day", EDGES)
def test_demands_doors_ask_while_their_obligation_holds(day: date) -> None:
    """Whatever is asked on the first day of each rule, and on the eve of it, is asked by the rules that hold."""
    asked = sources(day)
    expected = {rule for rule in RULES if rule.holds_on(day)} - ASKED_ELSEWHERE
    assert set().union(*asked.values()) == expected, asked


@pytest.mark.parametrize("day", EDGES)
def test_each_calendar_has_what_the_other_has(day: date) -> None:
    """A door that stops somebody asks in demand, and what asks in demand stops somebody, but for what is said here."""
    asks = set().union(*sources(day).values())
    levels = in_force(Measures().doors, day)[1:]
    ways = (Way.WORK, Way.SCHOOL, Way.TRANSPORT, Way.DISTRICT, Way.COUNTRY)
    stops = {OPENS[way] for way, level in zip(ways, levels, strict=True) if level}
    assert stops - ASKED_ELSEWHERE <= asks
    assert asks - STOPS_NOBODY - FOLLOWS.keys() <= stops
    assert {FOLLOWS[rule] for rule in asks & FOLLOWS.keys()} <= stops


PEOPLE = make(6_000, (34,))
EVERY_DAY = Habit(per_person=0.5, hours=(1.0,) * 24)
BUSY = replace(DemandParameters(callers_at_most=1_000, exam_days=()), **{errand.value: EVERY_DAY for errand in Errand})


def sources(day: date) -> dict[str, set[Obligation]]:
    """By what is asked on a day: the obligation behind it, as the calls show it."""
    made = DayOfCalls(PEOPLE, BUSY, Streams(1), day)
    calls = made.calls(0, 1_440)
    seen = set(np.unique(calls.source).tolist())
    found = {errand.value: {CUSTOMS[errand].rule} for errand, number in ERRAND_NUMBER.items() if number in seen}
    runs = {ROLES[made.institutions.role[asker]] for asker in calls.asker[calls.source == RUNS].tolist()}
    by_role = {Role.EMPLOYER: Obligation.STAFF, Role.CITY_CARD: Obligation.CITY_CARD}
    by_role |= {CUSTOMS[errand].role: CUSTOMS[errand].rule for errand in (Errand.FLIGHT, Errand.COACH, Errand.TRAIN)}
    found |= {f"run of {role}": {by_role[role]} for role in runs}
    found |= {"staff": {Obligation.STAFF}} if STAFF in seen else {}
    assert (BOOKINGS in seen) == Obligation.TRAIN.holds_on(day)
    return found
