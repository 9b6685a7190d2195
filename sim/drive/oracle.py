"""The oracle: what every answer of a ministry must be, from the simulator's own knowledge of each person.

It never asks the ministry. Names and numbers come from the population and from what was handed out at settling,
status and clinical fields from the reports filed so far, by the ministry's published rules, at the very moment at
which the ministry's clock stands.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from mockgov.clock import TURKEY
from mockgov.counters.mobile_app.eligibility import eligibility
from mockgov.risk_index.messages import Report
from mockgov.risk_index.rules import RiskInterval, recent, record_at, standing_at, timeline
from mockgov.vocabulary.masking import mask_firstname, mask_lastname
from mockgov.vocabulary.risk_status import RiskStatus
from sim.demand.parameters import Channel, Spoiled
from sim.drive.port import Call, IssuedCode, Person, Residents, Told

PLUS = frozenset({Channel.PLUS, Channel.BULK_PLUS, Channel.PERSON_PLUS})
NOT_FOUND = "hescodenotfound"
EXPIRED = "hescodehasbeenexpired"
MADE = "MADE"
INDEFINITE = "2070-12-30T13:00:00.000Z"
PAGE_TEST = timedelta(hours=48)
"""How far e-Devlet's page looks back for a negative test."""


class Oracle:
    """Everything that the simulator knows of its people."""

    def __init__(
        self,
        people: Sequence[Person],
        residents: Residents,
        *,
        negative_test_hours: int = 72,
        immunity_days: int = 180,
    ) -> None:
        self._people = people
        self._residents = residents
        self._held = list(residents.code)
        self._negative_test = timedelta(hours=negative_test_hours)
        self._immunity = timedelta(days=immunity_days)
        self._reports: dict[int, set[Report]] = {}
        self._timelines: dict[int, tuple[RiskInterval, ...]] = {}

    def learn(self, reports: Sequence[Report]) -> None:
        """Take in what was filed; `citizen_id` is the person's number plus one."""
        for report in reports:
            self._reports.setdefault(report.citizen_id - 1, set()).add(report)
        for person in {report.citizen_id - 1 for report in reports}:
            self._timelines[person] = timeline(self._reports[person])

    def hold(self, person: int, code: IssuedCode) -> None:
        """From now on this person shows another code."""
        self._held[person] = code

    def end_of(self, call: Call, at: datetime) -> str:
        """The end of a code that is made at a moment, as the wire writes it.

        A text asks for days of 24 hours; application and e-Devlet for a last day in Turkey, today being the first.
        """
        if not call.days:
            return INDEFINITE
        if call.channel is Channel.MAKE_SMS:
            return wire_moment(at.astimezone(UTC) + timedelta(days=call.days))
        day = at.astimezone(TURKEY).date() + timedelta(days=call.days)
        return wire_moment(datetime.combine(day, time(), TURKEY).astimezone(UTC))

    def risky(self, person: int, at: datetime) -> bool:
        """Whether the ministry must call the person RISKY at a moment."""
        return standing_at(self._timelines.get(person, ()), at).status is RiskStatus.RISKY

    def count_risky(self, at: datetime) -> int:
        """How many people the ministry must call RISKY at a moment."""
        return sum(self.risky(person, at) for person in self._timelines)

    def expected(self, person: int, channel: Channel, spoiled: Spoiled, at: datetime) -> Told:
        """What the ministry must say about the code that this person shows."""
        if spoiled in (Spoiled.MISTYPED, Spoiled.DELETED):
            return {"errorKey": NOT_FOUND}
        if spoiled is Spoiled.EXPIRED:
            if channel is Channel.EDEVLET:  # its page says no more than that the code is not valid
                return {"errorKey": NOT_FOUND}
            return {"errorKey": EXPIRED, **({} if channel.asks_many else self._ended(person))}
        one, risky = self._people[person], self.risky(person, at)
        if channel is Channel.EDEVLET_BULK:  # riskless codes are counted, and no more is said of them
            masked = {"masked_identity_number": self._masked(person)} if risky else {}
            return {"current_health_status": "RISKY" if risky else "RISKLESS", **masked}
        if channel is Channel.EDEVLET:
            return self._on_page(person, at, risky=risky)
        told: dict[str, Any] = {
            "expiration_date": self._held[person].expires,
            "current_health_status": "RISKY" if risky else "RISKLESS",
            "masked_identity_number": self._masked(person),
            "masked_firstname": mask_firstname(one.firstname),
            "masked_lastname": mask_lastname(one.lastname),
        }
        return told | self._clinical(person, channel, at, risky=risky) if channel in PLUS else told

    def _masked(self, person: int) -> str:
        return "*" * 8 + self._residents.identity[person][-3:]

    def _on_page(self, person: int, at: datetime, *, risky: bool) -> dict[str, Any]:
        """The eight terms of e-Devlet's result, by the names that `sim.drive.edevlet` gives them, but for the code."""
        one, record = self._people[person], record_at(self._reports.get(person, ()), at)
        negative = recent(record.last_negative_at, at, self._negative_test)
        ends = datetime.fromisoformat(self._held[person].expires).astimezone(TURKEY)
        return {
            "masked_name": f"{mask_firstname(one.firstname)} {mask_lastname(one.lastname)}".strip(),
            "masked_identity_number": self._masked(person),
            "valid_until": f"{ends:%d/%m/%Y %H:%M}",
            "current_health_status": "RISKY" if risky else "RISKLESS",
            "is_vaccinated": record.second_dose_at is not None,
            "is_immune": recent(record.last_positive_at, at, self._immunity) is not None,
            "is_tested": negative is not None and negative > at - PAGE_TEST,
        }

    def _ended(self, person: int) -> Told:
        return {"expiration_date": self._residents.expired[person].expires}

    def _clinical(self, person: int, channel: Channel, at: datetime, *, risky: bool) -> dict[str, Any]:
        record = record_at(self._reports.get(person, ()), at)
        vaccinated = record.second_dose_at is not None
        immune = recent(record.last_positive_at, at, self._immunity) is not None
        negative = recent(record.last_negative_at, at, self._negative_test)
        if channel is Channel.PERSON_PLUS:
            tested = negative is not None
            eligible, text = eligibility(
                day=at.astimezone(TURKEY).date(), risky=risky, vaccinated=vaccinated, immune=immune, tested=tested
            )
            return {
                "is_vaccinated": vaccinated,
                "is_immune": immune,
                "is_tested": tested,
                "is_eligible": eligible,
                "eligible_text": text,
            }
        return {
            "is_vaccinated": vaccinated,
            "is_immune": immune,
            "is_test_data_shared": True,
            "last_negative_test_date": None if negative is None else wire_moment(negative),
        }


def wrong_fields(expected: Told, told: Told) -> tuple[str, ...]:
    """The fields in which an answer differs: missing, too many, or of another value. Errors go by their key."""
    if "errorKey" in expected:
        named = {name: told.get(name) for name in expected}
        return tuple(name for name in expected if named[name] != expected[name])
    return tuple(sorted(name for name in expected.keys() | told.keys() if not _same(expected, told, name)))


def verdict(told: Mapping[str, Any]) -> str:
    """An answer in one word: RISKY, RISKLESS, MADE or its error key."""
    made = MADE if "hes_code" in told else "?"
    return str(told.get("errorKey") or told.get("current_health_status") or made)


def wire_moment(moment: datetime) -> str:
    """A moment as the wire writes it, written here a second time so that the ministry's own writing is checked."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _same(expected: Told, told: Told, name: str) -> bool:
    absent = object()
    wanted, got = expected.get(name, absent), told.get(name, absent)
    return type(wanted) is type(got) and wanted == got
