"""Who makes codes by which way and for how long, and who makes one today.

A person keeps to one way and one life, drawn once. The first code is made on some day after the way has opened, and
each further one on the day before the last one ends: the same days, whichever day is looked at.

    has the application                     there
    up to 15 years                          the head of the household: in the head's application, or at e-Devlet
    16 to 19 years                          texts from the own phone, or from the head's
    from 20 years, with a phone             texts, or e-Devlet
    from 20 years, without a phone          the head's text, or e-Devlet

Between 16 and 19 somebody may come of age between the count and the day, and a text is good on either side of it.
"""

from datetime import date
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.obligation import ABOLISHED
from sim.demand.arrivals import HOUR_US, among, high, low, pick, thresholds
from sim.demand.ground import NOBODY
from sim.demand.making import LIVES_AT_MOST, MakingParameters
from sim.demand.parameters import Channel
from sim.demand.record import MAKINGS, Flags, Numbers, Queries, rank_of
from sim.streams import Stream

WAYS = (Channel.MAKE_APP, Channel.MAKE_SMS, Channel.MAKE_EDEVLET)
APP, SMS, EDEVLET = range(3)
PHONE_OWNER, APP_USER = 2, 4
"""Flags of a person."""
OF_AGE, GROWN_UP = 16, 20
"""Years from which people text for themselves, and from which they are 18 on any day near the count."""
LIFE, WAY, MOMENT = range(3)
"""What a word decides: the life, and the first day; the way; the hour, and the time within it."""
NEVER = 0
"""In place of a day: no code has been made yet."""


class Household(Protocol):
    """Ages, flags and places in the household, one entry a person."""

    @property
    def age(self) -> NDArray[np.uint8]: ...  # noqa: D102 - said by the class
    @property
    def flags(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def home(self) -> NDArray[np.uint8]: ...  # noqa: D102


class Holdings(NamedTuple):
    """How each person comes by codes, as columns."""

    way: Numbers
    """Index into `WAYS`; -1: makes none."""
    maker: Numbers
    """Who makes them: the person, or the head of the household."""
    life: Numbers
    """Days that a code lasts; 0: without end."""
    first: Numbers
    """Ordinal of the day on which the first one is made."""

    @property
    def period(self) -> Numbers:
        """Days from one making to the next; 0: there is only one."""
        return np.maximum(self.life - 1, 0)

    def makes_on(self, day: date) -> Flags:
        """Who makes a code on a day; nobody once nobody asks."""
        since = day.toordinal() - self.first
        again = (self.period > 0) & (since > 0) & (since % np.maximum(self.period, 1) == 0)
        return np.asarray((self.way != NOBODY) & (day < ABOLISHED) & ((since == 0) | again))

    def made_before(self, day: date) -> Numbers:
        """Ordinal of the latest day before this one on which each made a code, or `NEVER`."""
        since = day.toordinal() - 1 - self.first
        latest = self.first + np.where(self.period > 0, since - since % np.maximum(self.period, 1), 0)
        return np.where((self.way != NOBODY) & (since >= 0), latest, NEVER)


def holdings(town: Household, parameters: MakingParameters, chance: Stream) -> Holdings:
    """How everybody comes by codes."""
    people = np.arange(town.age.size)
    head = people - (town.home >> np.uint8(4))
    app, phone = ((town.flags & np.uint8(flag)) != 0 for flag in (APP_USER, PHONE_OWNER))
    share = np.where(phone, parameters.sms_share, parameters.household_share)
    texts = high(chance.words(people, 0, WAY)) < np.rint(share * 2.0**32).astype(np.uint64)
    way, maker = _ways(town.age, app, phone, people, head, texts)
    way = np.where(town.age < parameters.youngest, NOBODY, way)
    drawn = chance.words(people, 0, LIFE)
    life, first = np.zeros(people.size, np.int64), np.zeros(people.size, np.int64)
    for number, (since, lives, _) in enumerate(parameters.ways):
        mine = way == number
        days = np.array([days for days, _ in lives])
        life[mine] = days[pick([weight for _, weight in lives], high(drawn[mine]))]
        first[mine] = since.toordinal() + among(parameters.first_days, low(drawn[mine]))
    return Holdings(way, maker, life, first)


def _ways(
    age: NDArray[np.uint8], app: Flags, phone: Flags, people: Numbers, head: Numbers, texts: Flags
) -> tuple[Numbers, Numbers]:
    """By which way and by whom; `texts` is what chance says of those who have the choice."""
    is_head = head == people
    by_head = np.where(app[head], APP, np.where(age[head] >= GROWN_UP, EDEVLET, NOBODY))
    from_head = np.where(phone[head] & ~is_head, SMS, NOBODY)
    young = np.where(phone, SMS, from_head)
    grown = np.where(texts & (phone | (from_head == SMS)), SMS, EDEVLET)
    way = np.where(app, APP, np.where(age < OF_AGE, by_head, np.where(age < GROWN_UP, young, grown)))
    of_head = ~app & ((age < OF_AGE) | ((way == SMS) & ~phone))
    return way, np.where(of_head, head, people)


def makings(
    town: Household, parameters: MakingParameters, chance: Stream, province_start: Numbers, day: date
) -> Queries:
    """The codes that are made on a day."""
    everybody = holdings(town, parameters, chance)
    people = np.flatnonzero(everybody.makes_on(day))
    rank = rank_of(MAKINGS, (people, 56))
    way = everybody.way[people]
    return Queries(
        at_us=moments(people, way, parameters, chance, day),
        rank=rank,
        call=rank,
        person=people,
        asker=everybody.maker[people],
        channel=np.array(WAYS)[way],
        spoiled=np.zeros(people.size, np.int64),
        province=homes(people, province_start),
    )


def moments(people: Numbers, way: Numbers, parameters: MakingParameters, chance: Stream, day: date) -> Numbers:
    """When each of these makes the day's code."""
    drawn = chance.words(people, day.toordinal(), MOMENT)
    hour = np.zeros(people.size, np.int64)
    for number, (_, _, hours) in enumerate(parameters.ways):
        mine = way == number
        hour[mine] = pick(hours, high(drawn[mine]))
    return hour * HOUR_US + among(HOUR_US, low(drawn))


def homes(people: Numbers, province_start: Numbers) -> Numbers:
    """Plate of the province where each of these lives."""
    return np.asarray(np.searchsorted(province_start, people, side="right") - 1)


def life_limits(parameters: MakingParameters) -> NDArray[np.uint64]:
    """By way the thresholds from one life to the next, 2^32 for those that there are not."""
    limits = np.full((len(WAYS), LIVES_AT_MOST - 1), 1 << 32, np.uint64)
    for number, (_, lives, _) in enumerate(parameters.ways):
        limits[number, : len(lives) - 1] = thresholds([weight for _, weight in lives])
    return limits


def due(parameters: MakingParameters, day: date) -> NDArray[np.bool_]:
    """Whether a code is made on a day: by way, life, and days from the way's first one to the first code's."""
    found = np.zeros((len(WAYS), LIVES_AT_MOST, parameters.first_days), np.bool_)
    lag = np.arange(parameters.first_days)
    for number, (since, lives, _) in enumerate(parameters.ways):
        for place, (days, _) in enumerate(lives):
            same = np.full(lag.size, number), lag, np.full(lag.size, days), since.toordinal() + lag
            found[number, place] = Holdings(*same).makes_on(day)
    return found


def roughly(parameters: MakingParameters) -> float:
    """Codes made a day for each person, long after the ways have opened, if half of all use the application."""
    a_day = [
        sum(weight / (days - 1) for days, weight in lives if days) / sum(weight for _, weight in lives)
        for _, lives, _ in parameters.ways
    ]
    return 0.9 * (0.55 * a_day[APP] + 0.2 * a_day[SMS] + 0.25 * a_day[EDEVLET])
