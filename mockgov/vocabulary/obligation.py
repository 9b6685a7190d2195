"""Where a HES code had to be shown, and since when: one calendar for whoever asks and for whoever is stopped."""

from datetime import date
from enum import StrEnum
from types import MappingProxyType

ABOLISHED = date(2022, 3, 2)
"""From this day on no institution asks."""


class Obligation(StrEnum):
    """A rule by which a code is asked; it holds from its own day until all are abolished."""

    SHOP = "shop"
    """Counters of small workplaces; chosen here, with the day on which the application could first ask."""
    TRAIN = "train"
    FLIGHT = "flight"
    COACH = "coach"
    """Intercity buses, summer 2020."""
    EXAM = "exam"
    """National examinations, August 2020."""
    OFFICE = "office"
    """Public counters, September 2020."""
    HOTEL = "hotel"
    """September 2020."""
    GUEST = "guest"
    """Guests and suppliers of employers; chosen here, with public counters."""
    STAFF = "staff"
    """Employers' own staff, large and small, at the beginning of their shifts and in nightly runs; the day is chosen
    here, within the autumn of 2020."""
    MALL = "mall"
    CITY_CARD = "city_card"
    """Buses and metros: personalised cards; the day on which İstanbul's was unusable without a matched code."""
    TESTED = "tested"
    """Negative PCR of at most 48 hours for the unvaccinated at concerts, cinemas and in intercity travel. Before,
    whoever asks with vaccine and test today asked without them."""
    SCHOOL = "school"
    """Pupils, of whom their schools learn through the education ministry's own access; the day is chosen here, the
    first one of the term."""
    CAMPUS = "campus"
    """October 2021."""

    @property
    def since(self) -> date:
        """The first day on which it holds."""
        return SINCE[self]

    def holds_on(self, day: date) -> bool:
        """Whether a code is asked by it on a day."""
        return SINCE[self] <= day < ABOLISHED


SINCE = MappingProxyType(
    {
        Obligation.SHOP: date(2020, 5, 20),
        Obligation.TRAIN: date(2020, 5, 28),
        Obligation.FLIGHT: date(2020, 6, 4),
        Obligation.COACH: date(2020, 7, 1),
        Obligation.EXAM: date(2020, 8, 1),
        Obligation.OFFICE: date(2020, 9, 1),
        Obligation.HOTEL: date(2020, 9, 1),
        Obligation.GUEST: date(2020, 9, 1),
        Obligation.STAFF: date(2020, 9, 30),
        Obligation.MALL: date(2020, 12, 1),
        Obligation.CITY_CARD: date(2021, 1, 15),
        Obligation.TESTED: date(2021, 9, 6),
        Obligation.SCHOOL: date(2021, 9, 6),
        Obligation.CAMPUS: date(2021, 10, 1),
    }
)
"""The first day of each, in the order of the days. From the country facts, but for what is chosen here; where these
know a month or a season only, its first day."""
