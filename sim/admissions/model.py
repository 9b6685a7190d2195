"""The onboarding road as mathematics: office time, the wave of applications, chance, a run's record and its measures.

Moments are whole microseconds since the midnight, in Turkey, that begins the scenario's date.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from mockgov import working_time
from mockgov.clock import TURKEY
from mockgov.onboarding.eligibility import THRESHOLD, judge_staff
from mockgov.onboarding.rules import LetterChannel
from mockgov.vocabulary.institution import InstitutionKind
from sim import tables
from sim.admissions.parameters import AdmissionsParameters, Flaw
from sim.streams import Stream, Streams

NEVER = -1
"""The moment of what has not happened."""
DAY_US = 86_400_000_000
WEEK_US = 7 * DAY_US
ONE = 1_000_000
"""One expected application, in the whole numbers in which the wave is counted."""
BEYOND_DAYS = 400
"""Days for which office hours are known after a run's end; what would end later still ends after it."""
MOST_QUESTIONS = 8
MOST_LETTERS = 12
"""So many times an institution sends its letter before it gives up."""

Column = NDArray[np.int64]


class Order(IntEnum):
    """Which of several events at the same microsecond comes first: a total order, whatever computes it.

    A clerk who is done takes the next piece before anybody new is looked at.
    """

    WORK_DONE = 1
    OPENING = 2
    STEP = 3

    def of(self, number: int) -> int:
        """The place among simultaneous events: by kind, then institution or desk (below 2^40)."""
        return self << 56 | number


class Task(StrEnum):
    """A piece of a clerk's work."""

    REGISTER = "register"
    EVALUATE = "evaluate"
    TEST_ACCESS = "test access"
    ANSWER = "answer"
    CHECK = "check"
    LIVE_ACCESS = "live access"
    CONFIRM = "confirm"


class Outcome(StrEnum):
    """How far an institution has come at the end of a run."""

    UNDER_WAY = "under way"
    REFUSED = "refused"
    GAVE_UP = "gave up"
    LIVE = "live"
    CONFIRMED = "confirmed"


# Office time


class Hours:
    """When offices are open, as stretches of microseconds, and clocks that count those alone."""

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self.opens = [opens for opens, _ in stretches]
        self.closes = [closes for _, closes in stretches]
        lengths = [closes - opens for opens, closes in stretches]
        self._before = [0, *accumulate(lengths)]
        self._columns = [np.array(column, np.int64) for column in (self.opens, self.closes, self._before)]

    @classmethod
    def of_offices(cls, first: date, days: int) -> "Hours":
        """Turkish office hours of so many days from the first, whose midnight is moment 0."""
        zero = datetime.combine(first, time(), TURKEY)
        us = timedelta(microseconds=1)
        return cls(
            [
                ((opens - zero) // us, (closes - zero) // us)
                for day in range(days)
                for opens, closes in working_time.open_hours(first + timedelta(days=day))
            ]
        )

    def is_open(self, at_us: int) -> bool:
        """Whether offices are open; the last moment of a stretch is not."""
        place = bisect_right(self.opens, at_us) - 1
        return place >= 0 and at_us < self.closes[place]

    def elapsed(self, at_us: int) -> int:
        """Office time until a moment."""
        place = bisect_right(self.opens, at_us) - 1
        return 0 if place < 0 else self._before[place] + min(at_us, self.closes[place]) - self.opens[place]

    def after(self, at_us: int, length_us: int) -> int:
        """When so much office time has passed since a moment; past the last stretch the clock simply runs on.

        No time at all is over at once in office hours, and else at the next opening.
        """
        reached = self.elapsed(at_us) + length_us
        find = bisect_left if length_us else bisect_right
        place = find(self._before, reached) - 1
        if not length_us and self.is_open(at_us):
            return at_us
        if place >= len(self.opens):
            return max(at_us, self.closes[-1] if self.closes else 0) + reached - self._before[-1]
        return self.opens[place] + reached - self._before[place]

    def elapsed_all(self, at_us: Column) -> Column:
        """`elapsed` of a column."""
        opens, closes, before = self._columns
        place = np.searchsorted(opens, at_us, side="right") - 1
        here = np.maximum(place, 0)
        return np.where(place < 0, 0, before[here] + np.minimum(at_us, closes[here]) - opens[here])


# Who applies


@dataclass(frozen=True, slots=True, kw_only=True)
class Institution:
    """An applicant, and what chance has made of it."""

    number: int
    """Its place in the order in which they begin, from 0."""
    kind: InstitutionKind
    nth: int
    """Its place among those of its kind, from 0."""
    begins_us: int
    """When it names its authorised person."""
    channel: LetterChannel
    """How its letters travel."""
    staff: int
    """At its head office."""
    branch_staff: int = 0
    """In its branches under the same tax number."""
    declares_branches: bool = True
    """Whether its first form names them."""
    is_urgent: bool = False
    """Whether the desks take it first."""

    @property
    def entity(self) -> int:
        """What its chance is keyed by: kind and place among its kind, whoever else applies."""
        return KINDS.index(self.kind) << 32 | self.nth

    @property
    def label(self) -> str:
        """A name for people to read: WORKPLACE-0042."""
        return f"{self.kind.value}-{self.nth + 1:04}"


KINDS = tuple(InstitutionKind)


def refusal(kind: InstitutionKind, staff: int) -> str:
    """The ministry's rule that refuses a kind of institution with so many declared staff, or nothing."""
    return next((finding.rule for finding in judge_staff(kind, staff)), "")


def wave(parameters: AdmissionsParameters, hours: Hours, streams: Streams) -> list[Institution]:
    """The applicants in the order in which they begin; takes streams named "admissions/…", so once per `Streams`."""
    gaps, places = streams.stream("admissions/gap"), streams.stream("admissions/place")
    who = Character(parameters, streams)
    found = []
    for number, kind in enumerate(KINDS):
        weeks = Weeks(parameters.applications.of(kind), hours)
        reached = weeks.counted(number, places) if kind in parameters.counted else weeks.poisson(number, gaps)
        found += [(weeks.moment(at), number, nth) for nth, at in enumerate(reached)]
    return [
        who.institution(number, KINDS[kind], nth, begins_us)
        for number, (begins_us, kind, nth) in enumerate(sorted(found))
    ]


class Weeks:
    """The expected numbers of a kind, laid end to end: a place among them is a moment of some week's office time.

    They are counted in parts of ONE. A week without office time has no applications, whatever is expected.
    """

    def __init__(self, expected: Sequence[float], hours: Hours) -> None:
        self._hours = hours
        self._edges = [hours.elapsed(week * WEEK_US) for week in range(len(expected) + 1)]
        is_open = [low < high for low, high in pairwise(self._edges)]
        self._masses = [round(number * ONE) * has for number, has in zip(expected, is_open, strict=True)]
        self._reached = [0, *accumulate(self._masses)]

    def poisson(self, kind: int, gaps: Stream) -> list[int]:
        """Places of a non-homogeneous Poisson process: sums of unit gaps (Çinlar 1975, 4.7)."""
        unit = tables.exponential(ONE)
        places: list[int] = []
        at = unit.at(gaps.word(kind << 32))
        while at < self._reached[-1]:
            places.append(at)
            at += unit.at(gaps.word(kind << 32 | len(places)))
        return places

    def counted(self, kind: int, places: Stream) -> list[int]:
        """As many places as are expected in all: of that process, given their number, each is anywhere alike."""
        whole = self._reached[-1]
        return [places.word(kind << 32 | nth) * whole >> 64 for nth in range(round(whole / ONE))]

    def moment(self, at: int) -> int:
        """The moment of a place."""
        week = bisect_right(self._reached, at) - 1
        office_us = self._edges[week + 1] - self._edges[week]
        return self._hours.after(week * WEEK_US, (at - self._reached[week]) * office_us // self._masses[week])


class Character:
    """What an institution is like: its staff, its branches, its way of sending letters."""

    def __init__(self, parameters: AdmissionsParameters, streams: Streams) -> None:
        self._parameters = parameters
        self._staff, self._road = streams.stream("admissions/staff"), streams.stream("admissions/road")

    def institution(self, number: int, kind: InstitutionKind, nth: int, begins_us: int) -> Institution:
        """The nth of a kind."""
        entity = KINDS.index(kind) << 32 | nth
        given, is_workplace = self._parameters, kind is InstitutionKind.WORKPLACE
        staff, branch_staff, declares = self._numbers(kind, entity)
        kep = given.kep_workplaces if is_workplace else given.kep_public
        return Institution(
            number=number,
            kind=kind,
            nth=nth,
            begins_us=begins_us,
            channel=LetterChannel.KEP if happens(self._road.word(entity), kep) else LetterChannel.WET,
            staff=staff,
            branch_staff=branch_staff,
            declares_branches=declares,
            is_urgent=kind in given.first_in_line,
        )

    def _numbers(self, kind: InstitutionKind, entity: int) -> tuple[int, int, bool]:
        """Staff at the head office, in branches, and whether the branches are declared at once."""
        given = self._parameters
        size, more = (self._staff.word(entity, 0, sub) for sub in (0, 1))
        is_workplace = kind is InstitutionKind.WORKPLACE
        small = given.small_workplaces if is_workplace else given.small_public_bodies
        if happens(self._staff.word(entity, 1), small):
            return THRESHOLD // 10 + below(size, THRESHOLD - THRESHOLD // 10), 0, True
        if is_workplace and happens(self._staff.word(entity, 2), given.branches):
            head = THRESHOLD // 5 + below(size, THRESHOLD - THRESHOLD // 5)
            branches = THRESHOLD - head + below(more, THRESHOLD)
            return head, branches, happens(self._staff.word(entity, 3), given.branches_declared)
        return THRESHOLD + below(size, 9 * THRESHOLD), 0, True


def happens(word: int, share: float) -> bool:
    """Whether a word of chance falls into a share, rounded to 2^-32."""
    return word >> 32 < round(share * 2**32)


def below(word: int, choices: int) -> int:
    """A word of chance as an integer from 0 to `choices` - 1."""
    return (word >> 32) * choices >> 32


class Chance:
    """What chance holds for institutions' ways: for each use and step one answer, whenever it is asked.

    Takes streams named "admissions/…", so once per `Streams`. Times are called as the parameters' fields. Drawn are
    whole columns, of all institutions at once, since that is much quicker; what an institution gets is its own.
    """

    def __init__(self, parameters: AdmissionsParameters, streams: Streams, applicants: Sequence[Institution]) -> None:
        self._parameters = parameters
        self._entities = np.array([who.entity for who in applicants], np.int64)
        self._place = {who.entity: place for place, who in enumerate(applicants)}
        self._streams = {use: streams.stream(f"admissions/{use}") for use in (*TIMES, *HAPPENINGS)}
        self._tables = {name: getattr(parameters, name).table for name in TIMES if name != "correction"}
        self._tables |= {flaw: parameters.defect(flaw).correction.table for flaw in Flaw}
        self._times: dict[tuple[str, int], list[int]] = {}
        self._words: dict[tuple[str, int], list[int]] = {}

    def us(self, time: str, who: Institution, step: int = 0) -> int:
        """How long something takes, in microseconds of office time."""
        return self._lengths(time, time, step)[self._place[who.entity]]

    def correction_us(self, flaw: Flaw, who: Institution, letter: int) -> int:
        """How long putting a letter right takes."""
        return self._lengths(flaw, "correction", letter)[self._place[who.entity]]

    def happens(self, what: str, who: Institution, step: int = 0) -> bool:
        """Whether something happens whose share is the parameters' field of that name."""
        return happens(self._word(what, who, step), getattr(self._parameters, what))

    def flaw(self, who: Institution, letter: int) -> Flaw | None:
        """What is wrong with an institution's letter, from 0 the first."""
        place = self._word("flaw", who, letter) >> 32
        scale = 2**32 if letter == 0 else 2**32 * self._parameters.again
        edge = 0.0
        for flaw in Flaw:
            edge += self._parameters.defect(flaw).share
            if place < round(edge * scale):
                return flaw
        return None

    def _lengths(self, table: str, use: str, step: int) -> list[int]:
        if (table, step) not in self._times:
            milliseconds = self._tables[table].sample(self._streams[use].words(self._entities, step))
            self._times[table, step] = (milliseconds * 1000).tolist()
        return self._times[table, step]

    def _word(self, use: str, who: Institution, step: int) -> int:
        if (use, step) not in self._words:
            self._words[use, step] = self._streams[use].words(self._entities, step).tolist()
        return self._words[use, step][self._place[who.entity]]


TIMES = (
    "form",
    "signature",
    "letter",
    "kep",
    "post",
    "integration",
    "rework",
    "correction",
    "registering_kep",
    "registering_wet",
    "evaluating",
    "evaluating_again",
    "test_access",
    "answering",
    "checking",
    "live_access",
    "confirming",
)
HAPPENINGS = ("signature_at_hand", "another_question", "incomplete", "gives_up", "flaw")
