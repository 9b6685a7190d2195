"""People with a history: who they are, the codes they hold, and what has been reported about them.

A life is told in time before *now*, so the same life fits any world at any moment. `lead` makes it happen there; what
the ministry must then say of it follows from the rules alone (`Life.standing`).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from mockgov.registry.rules import Citizen
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.risk_index.rules import Standing, standing_at, timeline
from mockgov.testing.sandbox import Sandbox
from mockgov.testing.strategies import given_names, surnames
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.person import Sex

HOURS: Final = st.integers(1, 24 * 30)
DURATIONS: Final = (None, 1, 7, 30, 365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something reported, so many hours before now."""

    kind: str
    """`positive`, `negative`, `variant`, `contact`, `vaccine`, `note`, `isolation`."""
    hours_ago: int
    dose: int = 1
    days: int = 7
    """How long an ordered isolation lasts."""

    def report(self, citizen_id: int, now: datetime) -> Report:
        """The report of it about somebody."""
        at = now - timedelta(hours=self.hours_ago)
        match self.kind:
            case "contact":
                return ContactReport(citizen_id=citizen_id, last_contact_at=at)
            case "vaccine":
                return VaccineReport(citizen_id=citizen_id, given_at=at, dose=self.dose)
            case "note":
                return ClinicalReport(citizen_id=citizen_id, noted_at=at, symptom_free_since=at - timedelta(days=3))
            case "isolation":
                return IsolationReport(citizen_id=citizen_id, begins_at=at, ends_at=at + timedelta(days=self.days))
        return PcrReport(
            citizen_id=citizen_id,
            sampled_at=at,
            positive=self.kind != "negative",
            variant_of_concern=self.kind == "variant",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """A life that was led in a world."""

    citizen: Citizen
    codes: tuple[HesCode, ...]
    reports: tuple[Report, ...]

    def standing(self, at: datetime) -> Standing:
        """How this person stands at a moment, by the rules alone."""
        return standing_at(timeline(self.reports), at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Somebody's life so far."""

    firstname: str
    lastname: str
    sex: Sex
    age: int
    foreign: bool = False
    has_phone: bool = True
    codes: tuple[int | None, ...] = (None,)
    """For how many days each is good; None for one without end."""
    events: tuple[Event, ...] = ()

    def lead(self, world: Sandbox) -> Led:
        """Let it have happened in a world, by now."""
        now = world.clock.now()
        born = date(now.year - self.age - 1, 1, 1)
        fields: dict[str, Any] = {"foreign": self.foreign, "has_phone": self.has_phone}
        citizen = world.register(self.firstname, self.lastname, sex=self.sex, birth_date=born, **fields)
        codes = tuple(world.code(citizen, days=days) for days in self.codes)
        reports = tuple(event.report(citizen.citizen_id, now) for event in self.events)
        if reports:
            world.file(*reports)
        return Led(citizen=citizen, codes=codes, reports=reports)


def events() -> st.SearchStrategy[Event]:
    """What a laboratory, a tracing team, a vaccination post, a physician or an authority reports."""
    samples = st.builds(Event, kind=st.sampled_from(["positive", "negative", "variant", "contact"]), hours_ago=HOURS)
    doses = st.builds(Event, kind=st.just("vaccine"), hours_ago=st.integers(1, 24 * 300), dose=st.integers(1, 3))
    others = st.builds(Event, kind=st.sampled_from(["note", "isolation"]), hours_ago=HOURS, days=st.integers(1, 20))
    return st.one_of(samples, doses, others)


@st.composite
def lives(draw: st.DrawFn, *, most_codes: int = 3, most_events: int = 5) -> Life:
    """Lives of any length, from nobody of note to a full file."""
    sex = draw(st.sampled_from(Sex))
    return Life(
        firstname=draw(given_names(sex)),
        lastname=draw(surnames()),
        sex=sex,
        age=draw(st.integers(18, 95)),
        foreign=draw(st.booleans()),
        has_phone=draw(st.booleans()),
        codes=tuple(draw(st.lists(st.sampled_from(DURATIONS), min_size=1, max_size=most_codes))),
        events=tuple(draw(st.lists(events(), max_size=most_events))),
    )
