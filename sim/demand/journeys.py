"""Journeys: booked so many days ahead, and asked about again before the departure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from sim.demand import calendar
from sim.demand.arrivals import (
    HOUR_US,
    HOURS,
    Crowd,
    Prudence,
    Use,
    among,
    high,
    low,
    numbered,
    pick,
    poisson,
    spoil,
    who_come,
)
from sim.demand.ground import NOBODY
from sim.demand.parameters import CUSTOMS, ERRAND_NUMBER, JOURNEYS, Channel, DemandParameters, Errand
from sim.demand.record import BOOKINGS, Numbers, Queries, rank_of
from sim.streams import Stream


class Event(IntEnum):
    """When a journey is asked about; on the evening before, it is a bulk run's."""

    BOOKING = 0
    CHECK_IN = 1

    def source(self, errand: Errand) -> int:
        """The number among the sources: all bookings have one of their own, a check-in has its errand's."""
        return BOOKINGS if self is Event.BOOKING else ERRAND_NUMBER[errand]


class Trips(NamedTuple):
    """Journeys, as columns.

    Drawn by the hour of departure and the days since the booking: whoever is asked at the booking is the one
    who is asked again at check-in, whichever day is planned.
    """

    cell: Numbers
    hour: Numbers
    """Of the departure, counted from the planned day's midnight."""
    lead: Numbers
    """Days from the booking to the departure."""
    trip: Numbers
    person: Numbers
    asker: Numbers
    check_in_us: Numbers
    """After midnight of the day of departure."""
    booked_us: Numbers
    """After midnight of the day of the booking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """One way of travelling, anywhere in the country, as seen from one day."""

    errand: Errand
    day: date
    askers: Numbers
    """The carriers."""
    crowd: Crowd
    people: int
    """How many may travel."""
    province_start: Numbers
    parameters: DemandParameters
    chance: Stream
    prudence: Prudence | None = None

    @property
    def leads(self) -> Numbers:
        """All days ahead at which one may book."""
        return 1 + np.arange(len(self.parameters.booking_days))

    def cells(self, ahead: Numbers, leads: Numbers) -> tuple[Numbers, Numbers, Numbers, calendar.Fractions]:
        """Hours of departure so many days ahead with each one's lead, paired: cell, hour, lead and expected trips."""
        days = [self.day + timedelta(int(days)) for days in ahead]
        means = [calendar.departing(self.parameters, self.errand, day, self.people) for day in days]
        ordinals = np.array([day.toordinal() for day in days], np.int64)
        return (
            (((ordinals[:, None] * 24 + HOURS) * 128) + leads[:, None]).ravel(),
            (ahead[:, None] * 24 + HOURS).ravel(),
            np.repeat(leads, 24),
            np.concatenate([mean[:, lead - 1] for mean, lead in zip(means, leads.tolist(), strict=True)]),
        )

    def trips(self, ahead: Numbers, leads: Numbers) -> Trips:
        """The journeys that depart so many days ahead, booked so many days before; one of each to a pair."""
        settings, draw = self.parameters, self.chance
        cells, hours, with_lead, means = self.cells(ahead, leads)
        words = draw.words(cells, 0, Use.COUNT)
        counts = np.array([poisson(mean, words[n : n + 1])[0] for n, mean in enumerate(means)], np.int64)
        cell, trip = numbered(cells, counts)
        arrival, asking, booking = (draw.words(cell, trip, use) for use in (Use.ARRIVAL, Use.ASKING, Use.BOOKING))
        hour = np.repeat(hours, counts)
        least, most = settings.check_in_minutes
        early_ms = least * 60_000 + among((most - least) * 60_000 + 1, low(asking))
        departs_us = hour % 24 * HOUR_US + among(HOUR_US, high(arrival))
        return Trips(
            cell=cell,
            hour=hour,
            lead=np.repeat(with_lead, counts),
            trip=trip,
            person=self.crowd.someone(low(arrival), draw, (cell, trip), np.full(cell.size, NOBODY)),
            asker=self.askers[among(self.askers.size, high(asking))],
            check_in_us=np.maximum(departs_us - early_ms * 1_000, 0),
            booked_us=pick(settings.booking_hours, high(booking)) * HOUR_US + among(HOUR_US, low(booking)),
        )

    def booked(self) -> Queries:
        """What is asked at the day's bookings."""
        trips = self.trips(self.leads, self.leads)
        return self._at(Event.BOOKING, trips, trips.booked_us, Channel.SINGLE)

    def checked_in(self) -> Queries:
        """What is asked before the day's departures, of those who turn up."""
        trips = self.trips(np.zeros_like(self.leads), self.leads)
        channel = CUSTOMS[self.errand].channel.on(self.day)
        queries = self._at(Event.CHECK_IN, trips, trips.check_in_us, channel)
        return who_come(queries, self.prudence, self.parameters.risky_stays_away)

    def tomorrows(self, asker: int, run_us: int) -> Numbers:
        """Whoever departs tomorrow with a carrier and has booked when its run of the evening begins."""
        trips = self.trips(np.ones_like(self.leads), self.leads)
        chosen = (trips.asker == asker) & ((trips.lead > 1) | (trips.booked_us < run_us))
        return np.asarray(trips.person[chosen])

    def _at(self, event: Event, trips: Trips, at_us: Numbers, channel: Channel) -> Queries:
        way = JOURNEYS.index(self.errand)
        rank = rank_of(event.source(self.errand), (way, 2), (trips.lead, 7), (trips.hour, 11), (trips.trip, 36))
        half = low if event else high
        return Queries(
            at_us=at_us,
            rank=rank,
            call=rank,
            person=trips.person,
            asker=trips.asker,
            channel=np.full(rank.size, channel),
            spoiled=spoil(self.parameters, half(self.chance.words(trips.cell, trips.trip, Use.SPOILED))),
            province=np.searchsorted(self.province_start, trips.person, side="right") - 1,
        )
