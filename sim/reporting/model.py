"""Who is tested, what a sample shows, when a record arrives, and the hours that the ministry's rules make of it.

Days count from the scenario's first day, hours from its midnight in Turkey: hour = 24 * day + hour of the day.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mockgov.clock import TURKEY
from mockgov.risk_index.messages import ContactReport, Report, VaccineReport
from mockgov.risk_index.regulations import REGULATIONS, Regulation, Term, in_force
from mockgov.risk_index.rules import RiskInterval, RiskReason, midnight, timeline
from sim.reporting.log import HOUR_US, Numbers, Records, ReportKind
from sim.reporting.parameters import ReportingParameters
from sim.streams import Stream
from sim.tables import Table, deterministic, lognormal

NEVER = -32_768
"""A day on which nothing happens, in the columns of an epidemic."""
HOUR_MS = 3_600_000
LONGEST_HOURS = 480
"""Nobody waits longer for a sample, nor anything longer for a result or a record: 20 days. Chosen here."""
EVE = -1
"""The day of all infections before the first one."""
EARLIER = 64
"""Days before the first one that matter: for symptoms and regulations."""
LATEST = 24 * 60
"""Hours from an infection to being risky beyond which they are counted together."""
DOSES_FROM = date(2020, 1, 1)
"""The day from which a population counts the days of doses."""
PLATES = 82
"""Numbers of plates, 1 to 81, and the unused 0."""

COUNTS = (
    "samples",
    "patients",
    "positives",
    "cases",
    "contacts_named",
    "contacts",
    "untraced",
    "backlog",
    "risky",
    "infectious_risky",
    "infectious_riskless",
)
"""What is counted of a day, by plate: samples taken; those because of symptoms that will prove positive
(the published patients); positive results, cases (the first positive of an episode) and contacts filed; contacts
named, to be filed later; cases given up, and those waiting for a team at the day's end; the risky at noon; and of those
who can infect others at noon, the risky and the riskless."""


class Town(Protocol):
    """What this part needs of a population: columns, by person and by place, and when second doses are given."""

    @property
    def home(self) -> NDArray[np.uint8]:
        """Place in the household << 4 | its size."""
        ...

    @property
    def flags(self) -> NDArray[np.uint8]:
        """Bits 4 and 5: doses in the end."""
        ...

    @property
    def place(self) -> NDArray[np.int32]:
        """Workplace or school, -1 none."""
        ...

    @property
    def place_start(self) -> NDArray[np.int32]:
        """First member of each place, and the number of members at the end."""
        ...

    @property
    def member(self) -> NDArray[np.int32]:
        """The people of each place, one place after the other."""
        ...

    @property
    def province_start(self) -> NDArray[np.int32]:
        """First person of each plate from 0 to 81, and the number of people at the end."""
        ...

    @property
    def first_dose(self) -> NDArray[np.int16]:
        """Day of the first dose since 2020-01-01, 0 none."""
        ...

    @property
    def third_dose(self) -> NDArray[np.int16]:
        """Day of the third dose since 2020-01-01, 0 none."""
        ...

    @property
    def second_dose_days(self) -> int:
        """Days from the first to the second dose."""
        ...


class NewInfections(Protocol):
    """What this part needs to know of a day's infections: columns, ascending by person; days or `NEVER`."""

    @property
    def person(self) -> NDArray[np.int32]:
        """Who was infected."""
        ...

    @property
    def infectious_on(self) -> NDArray[np.int16]:
        """First day on which they infect others."""
        ...

    @property
    def symptoms_on(self) -> NDArray[np.int16]:
        """Day of the first symptoms."""
        ...

    @property
    def recovered_on(self) -> NDArray[np.int16]:
        """First day on which they infect nobody."""
        ...

    @property
    def hospital_on(self) -> NDArray[np.int16]:
        """Day on which they go to hospital, where they infect nobody."""
        ...

    @property
    def died_on(self) -> NDArray[np.int16]:
        """Day of the death."""
        ...


class Standing(NamedTuple):
    """What the ministry believes: who is risky in which hours, from `risky_from` up to, but without, `risky_until`."""

    risky_from: NDArray[np.int16]
    risky_until: NDArray[np.int16]


class Spell(NamedTuple):
    """Hours in which somebody is risky, up to, but without, `until`."""

    begins: int
    until: int


class Asked(NamedTuple):
    """When the rules ask a contact for a sample: so many days after the contact, in any case fewer than `within`."""

    after: int
    within: int


# Rules


def regulations(parameters: ReportingParameters) -> tuple[Regulation, ...]:
    """The ministry's regulations, with the lengths that a scenario puts in their place."""

    def cut(term: Term | None, days: int) -> Term | None:
        if term is None or not days:
            return term
        test = term.test_from_day if term.test_from_day is not None and term.test_from_day < days else None
        return replace(term, days=days, test_from_day=test, ends_from_day=min(term.ends_from_day, days))

    return tuple(
        replace(
            each,
            positive=cut(each.positive, parameters.isolation_days),
            exempted=cut(each.exempted, parameters.isolation_days),
            contact=cut(each.contact, parameters.quarantine_days),
        )
        for each in REGULATIONS
    )


def spells(reports: Iterable[Report], hour: int, starts_at: datetime, rules: Sequence[Regulation]) -> list[Spell]:
    """When somebody is risky from an hour on, as far as these reports tell, by the ministry's own rules.

    What touches is one spell; one that has begun already begins with the hour.
    """
    found: list[Spell] = []
    for interval in timeline(reports, rules):
        begins = max(hour, hours_between(starts_at, interval.begins_at))
        until = hours_between(starts_at, interval.ends_at)
        if begins >= until:
            continue
        if found and found[-1].until == begins:
            begins = found.pop().begins
        found.append(Spell(begins, until))
    return found


def asked(contact: ContactReport, earlier: Iterable[Report], rules: Sequence[Regulation]) -> Asked | None:
    """When a contact is asked for a sample, as the rules say about somebody with these earlier positives and doses."""
    regulation, quarantine = _regulation(contact, rules), _quarantine(contact, earlier, rules)
    if regulation.contact is None or quarantine is None:
        return None
    if quarantine.begins_at > contact.last_contact_at:  # exempted, unless the test asked for is not taken
        after = regulation.exemption.test_day if regulation.exemption is not None else None
    else:
        after = regulation.contact.test_from_day
    return None if after is None else Asked(after, regulation.contact.days)


def is_exempted(contact: ContactReport, earlier: Iterable[Report], rules: Sequence[Regulation]) -> bool:
    """Whether the rules exempt a contact, of somebody who is not isolated as a case, from isolation from its day on."""
    quarantine = _quarantine(contact, earlier, rules)
    exempts = _regulation(contact, rules).exemption is not None
    return exempts and (quarantine is None or quarantine.begins_at > contact.last_contact_at)


def _regulation(contact: ContactReport, rules: Sequence[Regulation]) -> Regulation:
    return in_force(contact.last_contact_at.astimezone(TURKEY).date(), rules)


def _quarantine(contact: ContactReport, earlier: Iterable[Report], rules: Sequence[Regulation]) -> RiskInterval | None:
    """The isolation on account of a contact alone."""
    found = (each for each in timeline([*earlier, contact], rules) if each.reason is RiskReason.CONTACT)
    return next(found, None)


def hours_between(starts_at: datetime, moment: datetime) -> int:
    """The full hours from one moment to another, rounded up."""
    return -((starts_at - moment) // timedelta(hours=1))


# How long things take


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """The three delays of the model as tables of milliseconds."""

    sample: Table
    laboratory: Table
    tracing: Table


@lru_cache(maxsize=8)
def delays(parameters: ReportingParameters) -> Delays:
    """Log-normal delays of these means, or always the same if `delay_cv2` is 0."""

    def table(mean_hours: float) -> Table:
        mean_ms = round(mean_hours * HOUR_MS)
        return lognormal(mean_ms, parameters.delay_cv2) if parameters.delay_cv2 else deterministic(mean_ms)

    return Delays(
        sample=table(parameters.sample_mean_days * 24),
        laboratory=table(parameters.laboratory_mean_hours),
        tracing=table(parameters.tracing_mean_hours),
    )


def hours_taken(table: Table, word: int) -> int:
    """A delay in full hours, rounded up: one at least, `LONGEST_HOURS` at most."""
    return min(max(-(-table.at(word) // HOUR_MS), 1), LONGEST_HOURS)


def uploaded(hour: int, parameters: ReportingParameters) -> int:
    """The hour of the first upload at or after an hour."""
    return -(-hour // parameters.upload_every_hours) * parameters.upload_every_hours


# Numbers of a day


def dated(values: Sequence[tuple[date, float]], starts_on: date, day: int) -> float:
    """What holds on a day of the scenario."""
    today = starts_on + timedelta(days=day)
    return next((value for since, value in reversed(values) if since <= today), values[0][1])


def share_of_people(per_100k: float, people: int) -> tuple[int, int]:
    """So many in 100,000 of these people: whole ones, and the rest in 2^-32. The rate is rounded to a thousandth."""
    whole, rest = divmod(people * round(per_100k * 1_000), 100_000_000)
    return whole, (rest << 32) // 100_000_000


def taken_up(per_100k: float, people: int, day: int) -> int:
    """Cases that a province's teams can take up on a day: over many days the rate, each day a whole number."""
    rate = people * round(per_100k * 1_000)
    return rate * (day + 1) // 100_000_000 - rate * day // 100_000_000


def people_of_plates(town: Town) -> NDArray[np.int64]:
    """People by plate, 82 numbers."""
    start = town.province_start.astype(np.int64)
    return start[1:] - start[:-1]


# Doses


def dose_days(town: Town, person: int, starts_on: date) -> list[int]:
    """The days of a person's doses, the first one first; negative before the scenario."""
    doses, began = int(town.flags[person]) >> 4 & 3, (DOSES_FROM - starts_on).days
    first = int(town.first_dose[person]) + began
    return [first, first + town.second_dose_days, int(town.third_dose[person]) + began][:doses]


def dose_reports(
    days: Sequence[int], hours: Sequence[int], person: int, starts_at: datetime, until_hour: int
) -> list[Report]:
    """A person's doses up to an hour as reports, given their days and their hours of those days."""
    given = [(24 * day + hour, dose) for dose, (day, hour) in enumerate(zip(days, hours, strict=True), 1)]
    return [
        VaccineReport(citizen_id=person + 1, given_at=starts_at + timedelta(hours=hour), dose=dose)
        for hour, dose in given
        if hour <= until_hour
    ]


def vaccinations(
    town: Town, parameters: ReportingParameters, appointment: Stream, starts_on: date
) -> Iterator[Records]:
    """Everybody's doses, each filed with the next upload; those before the first day are known from the beginning."""
    doses, began = town.flags >> 4 & 3, (DOSES_FROM - starts_on).days
    first, third = (column.astype(np.int64) + began for column in (town.first_dose, town.third_dose))
    for dose, days in enumerate((first, first + town.second_dose_days, third), 1):
        people = np.flatnonzero(doses >= dose)
        hours = parameters.opening_hour + appointment.below(parameters.hours_open, people, 0, dose)
        given = 24 * days[people] + hours
        every = parameters.upload_every_hours
        filed_at = np.maximum(-(-given // every) * every, 0)
        yield Records(ReportKind.VACCINE, filed_at * HOUR_US, people, given * HOUR_US, dose=dose)


def filed(filed_at: Numbers, person: Numbers, moment: Numbers, kind: Numbers, positive: Numbers) -> Iterator[Records]:
    """Columns of records in hours as a log takes them."""
    for each in (ReportKind.PCR, ReportKind.CONTACT):
        of = kind == each
        yield Records(each, filed_at[of] * HOUR_US, person[of], moment[of] * HOUR_US, positive[of] > 0)


def first_midnight(starts_on: date) -> datetime:
    """The moment (UTC) from which hours count."""
    return midnight(starts_on)
