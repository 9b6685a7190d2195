"""When they come, and who: counts, moments and persons, each draw keyed by what it is for.

A visit is keyed by its errand, day, hour, province and number there, a journey by the hour of its departure,
a worker's shift by the worker and the day. Nothing hangs on which hours are asked for together, nor on a
machine's `exp` or `log`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from math import fsum, isqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from sim.demand import parameters as facts
from sim.demand.callers import KINDS, NOBODY, Town
from sim.demand.parameters import Channel, DemandParameters, Errand, Habit, Spoiled
from sim.demand.record import Flags, Numbers, Queries, rank_of
from sim.streams import Stream, Streams

Fractions = NDArray[np.float64]
Words = NDArray[np.uint64]

SECOND_US, MINUTE_US, HOUR_US = 1_000_000, 60_000_000, 3_600_000_000
HOURS = np.arange(24)
STAFF, RUNS = 20, 21
"""Sources of queries beside the errands, which are numbered from 0."""


class Use(IntEnum):
    """What a draw decides: the `sub` of its key."""

    COUNT = 0
    TIME = 1
    TIME_TOO = 2
    PERSON = 3
    ASKER = 4
    LEAD = 5
    BOOKING_HOUR = 6
    BOOKING_TIME = 7
    CHECK_IN = 8
    PRESENT = 9
    LATE = 10
    SPOILED = 11  # and the next two for further queries of the same journey


def poisson(means: Fractions, words: Words) -> Numbers:
    """Poisson counts with these means, by the inverse of the distribution: one for each 64-bit word.

    The chances are multiplied up and down from the mode, P(k+1) = P(k) mean / (k+1), and made to add up to 1;
    less than 2^-40 is left out.
    """
    counts = [_poisson(mean, word) for mean, word in zip(means.tolist(), words, strict=True)]
    return np.array(counts, np.int64)


def _poisson(mean: float, word: np.uint64) -> int:
    if not mean > 0:
        return 0
    mode = int(mean)
    reach = 40 + 9 * isqrt(mode)
    low = max(0, mode - reach)
    down = np.cumprod(np.arange(mode, low, -1) / mean)[::-1]
    up = np.cumprod(mean / np.arange(mode + 1, mode + reach + 1))
    return low + int(pick(np.concatenate([down, np.ones(1), up]), np.asarray(word)))


def pick(weights: Sequence[float] | Fractions, words: Words) -> Numbers:
    """Indices of these weights, in proportion to them: one for each 64-bit word."""
    steps = np.cumsum(np.asarray(weights, np.float64))
    thresholds = np.rint(steps[:-1] / steps[-1] * 2.0**32).astype(np.uint64)
    return np.asarray(np.searchsorted(thresholds, words >> np.uint64(32), side="right"))


def spoil(parameters: DemandParameters, words: Words) -> Numbers:
    """What is wrong with each code that is shown: a `Spoiled` for each word."""
    shares = (parameters.mistyped_share, parameters.expired_share, parameters.deleted_share)
    return (pick((*shares, max(0.0, 1 - fsum(shares))), words) + 1) % len(Spoiled)


def source_of(errand: Errand) -> int:
    """The errand's number among the sources."""
    return tuple(Errand).index(errand)


def hourly(habit: Habit, day: date, people: int) -> Fractions:
    """Expected errands in each hour of a day, of so many people."""
    shares = np.array(habit.hours, np.float64) / fsum(habit.hours)
    return np.asarray(shares * (habit.per_person * people * habit.week[day.weekday()]))


def _arrived(cells: Numbers, hours: Numbers, means: Fractions, chance: Stream) -> tuple[Numbers, Numbers, Numbers]:
    """One entry an arrival: its cell, the cell's hour, and its number within the cell."""
    counts = poisson(means, chance.words(cells, 0, Use.COUNT))
    first = np.cumsum(counts) - counts
    number = np.arange(int(counts.sum())) - np.repeat(first, counts)
    return np.repeat(cells, counts), np.repeat(hours, counts), number


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The doors of one province, or of the whole country, that an errand leads through."""

    errand: Errand
    plate: int
    """0 for the country."""
    day: date
    channel: Channel
    means: Fractions
    """Expected visits in each hour of the day."""
    askers: Numbers
    """Who may ask; an entry that stands here twice asks twice as often."""
    people: Numbers
    """Who may come, ascending."""
    parameters: DemandParameters
    chance: Stream

    def visits(self, hours: Numbers) -> Queries:
        """The visits in these hours, hour by hour: Poisson counts, spread evenly within the hour."""
        cells = (self.day.toordinal() * 24 + hours) * 128 + self.plate
        cell, hour, visit = _arrived(cells, hours, self.means[hours], self.chance)
        asker = self.askers[self.chance.below(self.askers.size, cell, visit, Use.ASKER)]
        rank = rank_of(source_of(self.errand), (self.plate, 8), (hour, 8), (visit, 40))
        return Queries(
            at_us=hour * HOUR_US + self.chance.below(HOUR_US, cell, visit, Use.TIME),
            rank=rank,
            call=rank,
            person=self._visitors(asker, cell, visit),
            asker=asker,
            channel=np.full(rank.size, self.channel),
            spoiled=spoil(self.parameters, self.chance.words(cell, visit, Use.SPOILED)),
        )

    def _visitors(self, asker: Numbers, cell: Numbers, visit: Numbers) -> Numbers:
        """Anybody, all equally likely; but nobody asks about themselves."""
        by_person = int(self.channel.by_person)
        place = self.chance.below(self.people.size - by_person, cell, visit, Use.PERSON)
        return self.people[place + by_person * (place >= np.searchsorted(self.people, asker))]


class Trips(NamedTuple):
    """Journeys, as columns.

    Drawn by their hour of departure: whoever is asked at the booking is the one who is asked again at
    check-in, whichever day is planned.
    """

    cell: Numbers
    hour: Numbers
    """Of the departure, counted from the planned day's midnight."""
    trip: Numbers
    person: Numbers
    asker: Numbers
    check_in_us: Numbers
    """After midnight of the day of departure."""
    lead: Numbers
    """Days from the booking to the departure."""
    booked_us: Numbers
    """After midnight of the day of the booking."""

    @property
    def days_ahead(self) -> Numbers:
        """Days from the planned one to the departure."""
        return self.hour // 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """One way of travelling, anywhere in the country, as seen from one day."""

    errand: Errand
    day: date
    askers: Numbers
    """The carriers."""
    people: Numbers
    """Who may travel."""
    parameters: DemandParameters
    chance: Stream

    def trips(self) -> Trips:
        """The journeys of the day, and of as many days after it as one books ahead."""
        settings, draw = self.parameters, self.chance
        days = [self.day + timedelta(ahead) for ahead in range(len(settings.booking_days) + 1)]
        means = np.concatenate([hourly(settings.habit(self.errand), day, self.people.size) for day in days])
        hours = np.arange(means.size)
        key = _arrived((self.day.toordinal() * 24 + hours) * 128, hours, means, draw)
        cell, hour, trip = key
        departs_us = hour % 24 * HOUR_US + draw.below(HOUR_US, cell, trip, Use.TIME)
        least, most = settings.check_in_minutes
        early_ms = least * 60_000 + draw.below((most - least) * 60_000 + 1, cell, trip, Use.CHECK_IN)
        booked = pick(settings.booking_hours, draw.words(cell, trip, Use.BOOKING_HOUR))
        return Trips(
            *key,
            person=self.people[draw.below(self.people.size, cell, trip, Use.PERSON)],
            asker=self.askers[draw.below(self.askers.size, cell, trip, Use.ASKER)],
            check_in_us=np.maximum(departs_us - early_ms * 1_000, 0),
            lead=1 + pick(settings.booking_days, draw.words(cell, trip, Use.LEAD)),
            booked_us=booked * HOUR_US + draw.below(HOUR_US, cell, trip, Use.BOOKING_TIME),
        )

    def asked(self) -> Iterator[Queries]:
        """What is asked on the day: at bookings, at check-in and, by air, of the next day's passengers."""
        trips = self.trips()
        channel = facts.CUSTOMS[self.errand].channel.on(self.day)
        yield self._at(0, trips, trips.lead == trips.days_ahead, trips.booked_us, Channel.SINGLE)
        yield self._at(1, trips, trips.days_ahead == 0, trips.check_in_us, channel)
        if self.errand is Errand.FLIGHT:
            run_us = _run_start(self.parameters.flight_run_hour, self.chance, -self.day.toordinal())
            tomorrow = (trips.days_ahead == 1) & ((trips.lead > 1) | (trips.booked_us < run_us))
            at_us = np.full(trips.cell.size, run_us)
            again = self._at(2, trips, tomorrow, at_us, Channel.BULK_PLUS.on(self.day))
            for airline in self.askers.tolist():
                yield in_calls(again.only(again.asker == airline), self.parameters)

    def _at(self, event: int, trips: Trips, chosen: Flags, at_us: Numbers, channel: Channel) -> Queries:
        rank = rank_of(source_of(self.errand), (event, 2), (trips.hour, 14), (trips.trip, 40))
        spoiled = spoil(self.parameters, self.chance.words(trips.cell, trips.trip, Use.SPOILED + event))
        channels = np.full(rank.size, channel)
        return Queries(at_us, rank, rank, trips.person, trips.asker, channels, spoiled).only(chosen)


def _run_start(hour: int, chance: Stream, entity: int, step: int = 0) -> int:
    return hour * HOUR_US + int(chance.below(HOUR_US, entity, step, Use.TIME))


def in_calls(queries: Queries, parameters: DemandParameters) -> Queries:
    """A bulk run: calls of at most 500 codes, one after the other."""
    number = np.arange(queries.rank.size) // facts.CALL_LIMIT
    gap_us = parameters.bulk_gap_s * SECOND_US
    return queries._replace(at_us=queries.at_us + number * gap_us, call=queries.rank[number * facts.CALL_LIMIT])


def bulk_run(
    asker: int, people: Numbers, hour: int, *, parameters: DemandParameters, chance: Stream, day: date
) -> Queries:
    """A caller's nightly run over these people, begun within this hour."""
    rank = rank_of(RUNS, (asker, 16), (np.arange(people.size), 40))
    words = chance.words(people + (asker << 32), day.toordinal(), Use.SPOILED)
    queries = Queries(
        at_us=np.full(people.size, _run_start(hour, chance, asker, day.toordinal())),
        rank=rank,
        call=rank,
        person=people,
        asker=np.full(people.size, asker),
        channel=np.full(people.size, Channel.BULK),
        spoiled=spoil(parameters, words),
    )
    return in_calls(queries, parameters)


def shifts(
    town: Town, askers: Numbers, channels: Numbers, *, parameters: DemandParameters, streams: Streams, day: date
) -> Queries:
    """The staff at the beginning of their shifts; `askers` and `channels` have an entry a workplace.

    Whoever comes is asked between 30 minutes before the beginning and 10 minutes after, mostly 10 before.
    """
    chance, starts = streams.stream("demand/shift"), streams.stream("demand/shift_start")
    people, today = np.flatnonzero(town.workplace >= 0), day.toordinal()
    work = town.workplace[people]
    private = town.workplace_kind[work] == KINDS.index(InstitutionKind.WORKPLACE)
    working = np.where(private, parameters.private_week[day.weekday()], parameters.public_week[day.weekday()])
    present = chance.chance(parameters.presence * working, people, today, Use.PRESENT)
    late = private & chance.chance(parameters.late_shift_share, people, today, Use.LATE)
    minutes, weights = zip(*parameters.shift_starts, strict=True)
    start = np.array(minutes)[pick(weights, starts.words(work))] + late * 8 * 60
    lags = [chance.below(20 * MINUTE_US, people, today, use) for use in (Use.TIME, Use.TIME_TOO)]
    themselves = (channels[work] >= Channel.PERSON) & (askers[work] == people)
    rank = rank_of(STAFF, (people, 56))
    queries = Queries(
        at_us=(start - 30) * MINUTE_US + lags[0] + lags[1],
        rank=rank,
        call=rank,
        person=people,
        asker=askers[work],
        channel=channels[work],
        spoiled=spoil(parameters, chance.words(people, today, Use.SPOILED)),
    )
    return queries.only(present & (askers[work] != NOBODY) & ~themselves)
