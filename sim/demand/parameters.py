"""What makes people ask: the channels, who asks by which obligation, and one frozen value with the rest."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from math import fsum
from types import MappingProxyType

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.obligation import Obligation
from sim.demand.habit import Habit, hours_from, hours_problem, week_problem
from sim.demand.making import MakingParameters

CALL_LIMIT = 500
"""Codes in one bulk call, at most (wire facts, C4 and C6)."""


class Channel(IntEnum):
    """The operation through which a call comes; the letters are those of the wire facts."""

    EMPLOYEE = 0
    """C2, `check-employee-hes-code`."""
    VISITOR = 1
    """C1, `check-visitor-hes-code`: with the place."""
    SINGLE = 2
    """C3, `check-hes-code`."""
    BULK = 3
    """C4, `check-hes-codes`."""
    PLUS = 4
    """C5, `check-hes-code-plus`."""
    BULK_PLUS = 5
    """C6, `check-hes-codes-plus`."""
    PERSON = 6
    """M6, a citizen's application."""
    PERSON_PLUS = 7
    """M7, a citizen's application, with vaccine and test."""
    EDEVLET = 8
    """e-Devlet's page for one code."""
    EDEVLET_BULK = 9
    """e-Devlet's page for an institution's list of codes."""
    MAKE_APP = 10
    """M5: no question, but a code made in the application."""
    MAKE_SMS = 11
    """A code made by a text to 2023."""
    MAKE_EDEVLET = 12
    """A code made at e-Devlet."""

    @property
    def by_person(self) -> bool:
        """Whether a person asks instead of an institution with an account."""
        return self >= Channel.PERSON

    @property
    def makes(self) -> bool:
        """Whether a code is made, and nobody is asked about."""
        return self >= Channel.MAKE_APP

    @property
    def asks_many(self) -> bool:
        """Whether a call asks about a list of people."""
        return self in (Channel.BULK, Channel.BULK_PLUS, Channel.EDEVLET_BULK)

    def on(self, day: date) -> "Channel":
        """The channel in use for this purpose on a day: none with vaccine and test before these were asked for."""
        return self if day >= Obligation.TESTED.since else WITHOUT_TEST.get(self, self)


WITHOUT_TEST = MappingProxyType(
    {Channel.PLUS: Channel.SINGLE, Channel.BULK_PLUS: Channel.BULK, Channel.PERSON_PLUS: Channel.PERSON}
)


class Spoiled(IntEnum):
    """What is wrong with the code that is shown."""

    NONE = 0
    MISTYPED = 1
    """A character is wrong: nobody's code."""
    EXPIRED = 2
    """An old one of the person's, past its end."""
    DELETED = 3
    """One that the person has deleted."""


class Role(StrEnum):
    """What an institution with an account does in the country; all but EMPLOYER are made by this part."""

    EMPLOYER = "employer"
    """An integrated workplace of the population: asks about its staff and about its visitors."""
    AIRLINE = "airline"
    COACHES = "coaches"
    RAILWAY = "railway"
    HOTELS = "hotels"
    MALL = "mall"
    OFFICE = "office"
    """The municipality's counters."""
    CAMPUS = "campus"
    STAGE = "stage"
    """Cinemas and concerts."""
    CITY_CARD = "city_card"
    """The operator of a province's buses, metros and their card."""
    EXAMS = "exams"
    """The body that holds the national examinations."""


NATIONAL = frozenset({Role.AIRLINE, Role.COACHES, Role.RAILWAY, Role.HOTELS, Role.EXAMS})
"""Of institutions that have doors in all provinces."""


class Errand(StrEnum):
    """Why somebody is asked for a code on the way; each is a field of `DemandParameters`."""

    MALL = "mall"
    OFFICE = "office"
    GUEST = "guest"
    CAMPUS = "campus"
    STAGE = "stage"
    HOTEL = "hotel"
    SHOP = "shop"
    HALL = "hall"
    CITY_GATE = "city_gate"
    EXAM = "exam"
    FLIGHT = "flight"
    COACH = "coach"
    TRAIN = "train"


ERRAND_NUMBER = MappingProxyType({errand: number for number, errand in enumerate(Errand)})
"""Each errand's number among the sources of queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Custom:
    """An errand as the rules had it: who is asked through which channel, and by which obligation."""

    channel: Channel
    rule: Obligation
    role: Role | None = None
    """Who asks; None: whoever keeps the door of a small workplace, with the application or at e-Devlet."""
    youngest: int = 6
    """Years of age; nobody under 6 is asked anywhere."""
    oldest: int = 100
    nationwide: bool = False
    """Whether people of all provinces come, and not only those of the door's own."""

    @property
    def listed(self) -> bool:
        """Whether its people are so few that they are drawn from a list of them, and not from the register."""
        return self.oldest < 100


CUSTOMS = MappingProxyType(
    {
        Errand.MALL: Custom(channel=Channel.VISITOR, role=Role.MALL, rule=Obligation.MALL),
        Errand.OFFICE: Custom(channel=Channel.VISITOR, role=Role.OFFICE, rule=Obligation.OFFICE, youngest=18),
        Errand.GUEST: Custom(channel=Channel.VISITOR, role=Role.EMPLOYER, rule=Obligation.GUEST, youngest=18),
        Errand.CAMPUS: Custom(
            channel=Channel.VISITOR, role=Role.CAMPUS, rule=Obligation.CAMPUS, youngest=18, oldest=24
        ),
        Errand.STAGE: Custom(channel=Channel.PLUS, role=Role.STAGE, rule=Obligation.TESTED, youngest=12),
        Errand.HOTEL: Custom(channel=Channel.SINGLE, role=Role.HOTELS, rule=Obligation.HOTEL, nationwide=True),
        Errand.SHOP: Custom(channel=Channel.PERSON, rule=Obligation.SHOP),
        Errand.HALL: Custom(channel=Channel.PERSON_PLUS, rule=Obligation.TESTED, youngest=12),
        Errand.CITY_GATE: Custom(channel=Channel.SINGLE, role=Role.CITY_CARD, rule=Obligation.CITY_CARD),
        Errand.EXAM: Custom(channel=Channel.SINGLE, role=Role.EXAMS, rule=Obligation.EXAM, youngest=17, oldest=34),
        Errand.FLIGHT: Custom(channel=Channel.PLUS, role=Role.AIRLINE, rule=Obligation.FLIGHT, nationwide=True),
        Errand.COACH: Custom(channel=Channel.PLUS, role=Role.COACHES, rule=Obligation.COACH, nationwide=True),
        Errand.TRAIN: Custom(channel=Channel.PLUS, role=Role.RAILWAY, rule=Obligation.TRAIN, nationwide=True),
    }
)
"""Beside these, staff are asked by `Obligation.STAFF`, and city cards' holders by `Obligation.CITY_CARD`."""

CARRIERS = MappingProxyType({Role.AIRLINE: Errand.FLIGHT, Role.COACHES: Errand.COACH, Role.RAILWAY: Errand.TRAIN})
JOURNEYS = tuple(CARRIERS.values())
"""Asked by these at the booking, in bulk on the evening before, and with `channel` at check-in."""

ISTANBUL = 34
"""Its plate."""

PUBLIC_KINDS = frozenset(InstitutionKind) - {InstitutionKind.WORKPLACE}


_SHARES = (
    *("presence", "late_shift_share", "staff_check_share", "counter_share", "card_share", "card_share_elsewhere"),
    *("edevlet_counter_share", "edevlet_list_share", "risky_stays_away", "risky_stays_from_work", "qr_share"),
    *("mistyped_share", "expired_share", "deleted_share"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandParameters:
    """How often codes are asked and made in the country, by whom and when.

    Official totals of queries a day were never found. The defaults make about one call a person on a working
    day, beside the nightly bulk runs, within the envelope of the country facts (tens of millions of checks on
    a working day, over a hundred million if every gate asks). Rates and hours are chosen here unless a source
    stands beside them. Raises `ValueError` that names every field out of its range, all at once.
    """

    callers_at_most: int = 24
    """Institutions with an account, 4 to 1,000,000; the national ones first, then those of the most populous
    provinces. A limit because a ministry hashes each one's password slowly; the country has some thousands."""

    presence: float = 0.9
    """Share of staff who come to work on a working day, 0 to 1. Chosen here."""
    private_week: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0, 0.5, 0.1)
    """Working days of private employers, Monday to Sunday: `presence` is multiplied by it, 0 to 1."""
    public_week: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    """The same for public employers."""
    shift_starts: tuple[tuple[int, int], ...] = ((480, 2), (510, 5), (525, 2), (540, 1))
    """Minutes after midnight at which a workplace begins, 40 to 900, each with its relative number of
    workplaces. The staff come from 30 minutes before to 10 minutes after, most of them 10 minutes before."""
    late_shift_share: float = 0.15
    """Share of a private workplace's staff whose shift begins eight hours later, 0 to 1."""
    staff_check_share: float = 0.35
    """Share of workplaces without an account that check their staff at the door by application, 0 to 1; one of
    the staff who has it asks about the others."""
    counter_share: float = 0.5
    """Share of the same workplaces that have customers, 0 to 1."""
    edevlet_counter_share: float = 0.05
    """Share of those where a keeper from 20 years asks at e-Devlet instead, 0 to 1. Chosen here."""
    edevlet_list_share: float = 0.25
    """Share of those that check 2 to 499 staff where such a keeper uploads a list there instead. Chosen here."""
    list_hours: tuple[float, ...] = hours_from(6, 2, 6, 9, 5, 2, 1)
    """Weight of each hour of the day for such lists, from 0-1 to 23-24, as for bookings. Chosen here."""

    card_share: float = 0.6
    """Share of people from 6 years in İstanbul with a personalised city card, 0 to 1. From the facts: 8.3 M
    İstanbulkart tied to a person by the first deadline, in a province of 15.46 M."""
    card_share_elsewhere: float = 0.126
    """The same in all other provinces, 0 to 1: with İstanbul's they make the facts' 16 M in the country."""
    employer_run_hour: int = 5
    """Hour within which each employer's bulk run begins, 0 to 22, Turkish time."""
    card_run_hour: int = 2
    """Hour within which the city card's bulk run begins, 0 to 22."""
    flight_run_hour: int = 20
    """Hour within which each airline's run over the next day's passengers begins, 0 to 22."""
    coach_run_hour: int = 20
    """The same for coaches, 0 to 22."""
    train_run_hour: int = 20
    """The same for trains, 0 to 22."""
    bulk_gap_s: int = 10
    """Seconds from one call of a bulk run to the next, at most; 1 to 600. A long run goes faster, to be done in
    `bulk_hours`."""
    bulk_hours: int = 4
    """Hours in which a bulk run is done, 1 to 24, and by midnight in any case. Chosen here."""

    risky_stays_away: float = 0.9
    """Share of people with a risky code who know better than to go on an errand or to turn up for a journey on
    that day, 0 to 1. Chosen here."""
    risky_stays_from_work: float = 0.9
    """The same for going to work, 0 to 1; one draw a person and day decides both. Chosen here."""

    booking_days: tuple[int, ...] = (20, 15, 12, 10, 8, 7, 7, 5, 4, 3, 3, 2, 2, 2)
    """Relative number of journeys booked 1, 2, 3, … days ahead; up to 60 whole weights from 0, not all 0."""
    booking_hours: tuple[float, ...] = hours_from(7, 1, 3, 5, 6, 6, 5, 5, 5, 5, 5, 5, 6, 7, 8, 8, 6, 3)
    """Weight of each hour of the day for bookings, from 0-1 to 23-24: 24 numbers from 0, not all 0."""
    check_in_minutes: tuple[int, int] = (30, 90)
    """Least and most minutes from check-in to departure, 0 to 300."""

    qr_share: float = 0.6
    """Share of codes read from their QR by a kiosk, a turnstile or the application, 0 to 1; others are typed. Chosen
    here."""
    mistyped_share: float = 0.01
    """Share of codes typed by hand that have a wrong character, 0 to 1. Chosen here."""
    expired_share: float = 0.006
    """Share of queries with an expired code, 0 to 1."""
    deleted_share: float = 0.002
    """Share of queries with a deleted code, 0 to 1; with the expired and the mistyped ones at most 1."""

    mall: Habit = Habit(
        per_person=0.32,
        hours=hours_from(10, 3, 4, 7, 7, 5, 5, 6, 8, 9, 8, 5, 2),
        week=(1.0, 1.0, 1.0, 1.0, 1.2, 1.8, 1.9),
    )
    """Visits to malls."""
    office: Habit = Habit(
        per_person=0.14, hours=hours_from(8, 5, 9, 9, 7, 3, 7, 7, 5, 1), week=(1.2, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0)
    )
    """Visits to public counters: the municipality and the integrated public employers of the province."""
    guest: Habit = Habit(
        per_person=0.35, hours=hours_from(8, 4, 7, 8, 7, 3, 6, 7, 6, 3, 1), week=(1.0, 1.0, 1.0, 1.0, 1.0, 0.3, 0.1)
    )
    """Guests and suppliers at the doors of integrated private employers: for each employee, not for each
    resident."""
    campus: Habit = Habit(
        per_person=0.45, hours=hours_from(8, 7, 6, 4, 3, 4, 6, 3, 2, 2, 1), week=(1.0, 1.0, 1.0, 1.0, 0.9, 0.2, 0.05)
    )
    """Students at the gates of the campus."""
    stage: Habit = Habit(
        per_person=0.04, hours=hours_from(11, 1, 1, 2, 2, 2, 2, 3, 5, 8, 7, 3), week=(0.7, 0.8, 1.0, 1.0, 1.6, 2.4, 2.0)
    )
    """Visits to cinemas and concerts."""
    hotel: Habit = Habit(
        per_person=0.005,
        hours=hours_from(11, 1, 2, 5, 7, 7, 6, 6, 5, 4, 3, 2, 1),
        week=(1.0, 1.0, 1.0, 1.0, 1.3, 1.5, 0.8),
    )
    """Arrivals at hotels."""
    shop: Habit = Habit(
        per_person=0.44,
        hours=hours_from(7, 2, 4, 5, 5, 6, 9, 8, 5, 5, 6, 9, 10, 8, 5, 3, 1),
        week=(1.0, 1.0, 1.0, 1.0, 1.1, 1.4, 1.0),
    )
    """Customers asked at the counters of small workplaces, with the application."""
    hall: Habit = Habit(
        per_person=0.04, hours=hours_from(11, 2, 4, 3, 1, 1, 2, 4, 6, 7, 5, 2), week=(0.8, 0.9, 1.0, 1.0, 1.5, 2.2, 2.0)
    )
    """Guests of small halls (weddings, theatres, gyms), asked with the application for vaccine and test."""
    city_gate: Habit = Habit(
        per_person=0.0,
        hours=hours_from(6, 5, 11, 9, 5, 4, 4, 5, 5, 5, 6, 8, 11, 9, 5, 3, 2, 2, 1),
        week=(1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.55),
    )
    """Boardings at gates of buses and metros that ask for a code themselves. None by default: the card was
    screened by night instead. If every gate asked: from the facts, 7.4 M trips a day in İstanbul in March 2020
    and 3.57 M in June 2021, that is 0.53 and 0.26 for each person from 6 years."""
    exam: Habit = Habit(
        per_person=0.01, hours=hours_from(8, 4, 10, 0, 0, 1, 4, 1), week=(0.0, 0.0, 0.0, 0.0, 0.0, 0.4, 1.0)
    )
    """Candidates at the doors of national examinations on an ordinary weekend."""
    exam_days: tuple[tuple[date, float], ...] = (
        (date(2020, 9, 6), 5.0),
        (date(2021, 6, 26), 10.0),
        (date(2021, 6, 27), 7.0),
    )
    """Days of great examinations, each with its weight of 0 to 100 in place of the week's: that of public
    servants (KPSS) of 2020, those for the universities (YKS) of 2021, with some 2.6 M candidates on the first
    day. The weights are chosen here."""
    finals_weight: float = 1.3
    """By how much the campus is busier on the days of final examinations, 10 to 23 January and June; 0 to 10.
    Chosen here, with the days."""
    flight: Habit = Habit(per_person=0.0024, hours=hours_from(5, 3, 6, 8, 7, 6, 5, 5, 5, 5, 5, 5, 6, 7, 7, 6, 5, 4, 2))
    """Departures by air. From the facts: 0.14-0.25 M passengers a day among 83.6 M people."""
    coach: Habit = Habit(
        per_person=0.007,
        hours=hours_from(6, 3, 5, 6, 7, 7, 7, 6, 6, 6, 6, 6, 6, 5, 4, 4, 5, 5, 4),
        week=(1.1, 0.9, 0.9, 1.0, 1.4, 1.1, 1.4),
    )
    """Departures by intercity coach."""
    train: Habit = Habit(
        per_person=0.0012,
        hours=hours_from(6, 5, 7, 6, 5, 5, 5, 5, 5, 5, 6, 7, 7, 5, 3),
        week=(1.1, 1.0, 1.0, 1.0, 1.3, 1.0, 1.3),
    )
    """Departures by train."""

    making: MakingParameters = field(default_factory=MakingParameters)
    """Who makes codes where, how long they last, and when."""

    def __post_init__(self) -> None:
        """Refuse what no country could do, all at once."""
        problems = list(self._out_of_range())
        if problems:
            raise ValueError("; ".join(problems))

    def habit(self, errand: Errand) -> Habit:
        """How often people go on this errand, and when."""
        habit: Habit = getattr(self, errand.value)
        return habit

    @property
    def spoiled_shares(self) -> tuple[float, float, float]:
        """Shares of queries with a mistyped (so typed), an expired and a deleted code."""
        return self.mistyped_share * (1 - self.qr_share), self.expired_share, self.deleted_share

    def run_hour(self, journey: Errand) -> int:
        """The hour within which carriers begin to ask about the next day's passengers."""
        hour: int = getattr(self, f"{journey}_run_hour")
        return hour

    def _out_of_range(self) -> Iterator[str]:
        for name, low, high in (
            ("callers_at_most", 4, 1_000_000),
            *((name, 0, 1) for name in _SHARES),
            *((f"{who}_run_hour", 0, 22) for who in ("employer", "card", *JOURNEYS)),
            ("bulk_gap_s", 1, 600),
            ("bulk_hours", 1, 24),
            ("finals_weight", 0, 10),
        ):
            if not low <= (value := getattr(self, name)) <= high:
                yield f"{name} = {value!r} is outside {low} to {high}"
        if not fsum(self.spoiled_shares) <= 1:
            yield "deleted_share is too much: mistyped, expired and deleted codes exceed 1 together"
        for name, week in (("private_week", self.private_week), ("public_week", self.public_week)):
            yield from week_problem(name, week)
            if max(week, default=0) > 1:
                yield f"{name} = {week!r} exceeds 1; nobody comes twice"
        if not self.shift_starts or not all(40 <= start <= 900 and 0 < n <= 1_000 for start, n in self.shift_starts):
            yield f"shift_starts = {self.shift_starts!r} must be pairs of a minute, 40 to 900, and a weight, 1 to 1,000"
        if not 0 < sum(self.booking_days) < 2**31 or min(self.booking_days) < 0 or len(self.booking_days) > 60:
            yield f"booking_days = {self.booking_days!r} must be 1 to 60 whole weights from 0, not all 0"
        yield from hours_problem("booking_hours", self.booking_hours)
        yield from hours_problem("list_hours", self.list_hours)
        if odd := [f"{weight!r} for {day}" for day, weight in self.exam_days if not 0 <= weight <= 100]:
            yield f"exam_days = {', '.join(odd)}: outside 0 to 100"
        least, most = self.check_in_minutes
        if not 0 <= least <= most <= 300:
            yield f"check_in_minutes = {self.check_in_minutes!r} must ascend within 0 to 300"
