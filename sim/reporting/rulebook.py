"""What of the regulations decides which histories differ: numbers, got by asking the ministry's rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from mockgov.risk_index.messages import ContactReport, PcrReport, Report, VaccineReport
from mockgov.risk_index.regulations import Regulation, Term
from mockgov.risk_index.rules import RiskReason, timeline
from sim.compiled import key_of
from sim.reporting import model
from sim.reporting.histories import NEAR, Rulebook
from sim.reporting.model import EARLIER, Town
from sim.reporting.parameters import ReportingParameters
from sim.streams import Stream

NOON = datetime(2020, 1, 1, 9, tzinfo=UTC)
"""A noon in Turkey: when the first of two records lies that the rules are asked about; which day it is matters not."""


def rulebook(
    town: Town,
    parameters: ReportingParameters,
    rules: tuple[Regulation, ...],
    appointment: Stream,
    starts_on: date,
    days: int,
) -> Rulebook:
    """What of the regulations decides which histories differ, as numbers. 0 is the number of no regulation at all."""
    from_days = np.array([(each.in_force_from - starts_on).days for each in rules])
    exemptions = [each.exemption for each in rules if each.exemption is not None]
    ages = {each.dose_after_days for each in exemptions}
    ages |= {each.dose_lasts_days + 1 for each in exemptions if each.dose_lasts_days is not None}
    dose_limits, disease_limits = sorted(ages - {0}), sorted({each.disease_days + 1 for each in exemptions})
    return Rulebook(
        of_day=np.searchsorted(from_days, np.arange(-EARLIER, days + 1), side="right"),
        exempting=np.array([False, *(each.exemption is not None for each in rules)]),
        exempted=_exempted(rules, dose_limits, disease_limits),
        idle=idle(rules),
        testing=np.array([0, *(_testing(each) for each in rules)], np.int64),
        dose_limits=np.array(dose_limits, np.int64),
        disease_limits=np.array(disease_limits, np.int64),
        longest=max(term.days for each in rules for term in _terms(each)),
        test_days=max(each.test_day or 0 for each in exemptions),
        second_dose_days=int(town.second_dose_days),
        began=(model.DOSES_FROM - starts_on).days,
        opening_hour=parameters.opening_hour,
        hours_open=parameters.hours_open,
        appointment=key_of(appointment),
    )


def _terms(regulation: Regulation) -> list[Term]:
    """The isolations that reports of this part can begin."""
    return [term for term in (regulation.positive, regulation.exempted, regulation.contact) if term is not None]


def _testing(regulation: Regulation) -> int:
    """Days after a case or contact on which a negative can count: a bit for each."""
    days = {day for term in _terms(regulation) if term.test_from_day for day in range(term.test_from_day, term.days)}
    if regulation.exemption is not None and regulation.exemption.test_day is not None:
        days.add(regulation.exemption.test_day)
    return sum(1 << day for day in days)


def _exempted(
    rules: tuple[Regulation, ...], dose_limits: Sequence[int], disease_limits: Sequence[int]
) -> NDArray[np.bool_]:
    """Whether a contact is exempted, by regulation and the classes of doses and past disease: the rules are asked."""
    dose_ages, disease_ages = [None, 0, *dose_limits], [*(limit - 1 for limit in disease_limits), None]
    table = np.zeros((len(rules) + 1, len(dose_ages) ** 3, len(disease_ages)), np.bool_)
    for number, regulation in enumerate(rules, 1):
        if regulation.exemption is None:
            continue
        at = model.first_midnight(regulation.in_force_from) + timedelta(hours=12)
        contact = ContactReport(citizen_id=1, last_contact_at=at)
        for doses, given in enumerate(product(dose_ages, repeat=3)):
            for disease, age in enumerate(disease_ages):
                earlier: list[Report] = [
                    VaccineReport(citizen_id=1, given_at=at - timedelta(days=days), dose=dose)
                    for dose, days in enumerate(given, 1)
                    if days is not None
                ]
                if age is not None:
                    earlier.append(PcrReport(citizen_id=1, sampled_at=at - timedelta(days=age), positive=True))
                table[number, doses, disease] = model.is_exempted(contact, earlier, rules)
    return table


@lru_cache(maxsize=8)
def idle(rules: tuple[Regulation, ...]) -> NDArray[np.bool_]:
    """Whether a contact makes no difference from a case on, whatever else is known: see `Rulebook.idle`.

    The rules are asked about a contact and a case alone; the case ends as early as any of its terms and any negative
    sample allow.
    """
    table = np.zeros((2, len(rules) + 1, len(rules) + 1, NEAR, 2), np.bool_)
    numbered = [*enumerate(rules, 1)]
    for (one, first), (other, second) in [*zip(numbered, numbered, strict=True), *pairwise(numbered)]:
        for days, exempted in product(range(one != other, NEAR), (0, 1)):
            table[0, one, other, days, exempted] = _is_past(first, second, days, exempted)
            shorter = days == (one != other) or table[1, other, one, days - 1, exempted]
            table[1, other, one, days, exempted] = shorter and _is_within(first, second, days, exempted)
    return table


def _is_past(first: Regulation, second: Regulation, days: int, exempted: int) -> bool:
    """Whether the contact means nothing from a case on that comes so many days after it."""
    contact = ContactReport(citizen_id=1, last_contact_at=NOON)
    case = PcrReport(citizen_id=1, sampled_at=NOON + timedelta(days=days, hours=1), positive=True)
    doses, rules = _protecting(first, NOON, exempted), _changing(first, second, days)

    def onwards(*reports: Report) -> list[tuple[datetime, datetime]]:
        isolations = timeline([*doses, *reports], rules)
        return [(max(i.begins_at, case.sampled_at), i.ends_at) for i in isolations if i.ends_at > case.sampled_at]

    return onwards(contact, case) == onwards(case)


def _is_within(first: Regulation, second: Regulation, days: int, exempted: int) -> bool:
    """Whether the contact means nothing so many days after a case, however early the case's isolation ends."""
    at = NOON + timedelta(days=days, hours=1)
    case, contact = (
        PcrReport(citizen_id=1, sampled_at=NOON, positive=True),
        ContactReport(citizen_id=1, last_contact_at=at),
    )
    known: list[Report] = [*_protecting(second, at, exempted), case, contact]

    def negative(day: int) -> Report:
        return PcrReport(citizen_id=1, sampled_at=NOON + timedelta(days=day, hours=2), positive=False)

    endings: list[list[Report]] = [[], *([negative(day)] for day in range(days + 1))]
    for term in {first.positive, first.exempted or first.positive}:
        so = replace(first, positive=term, exempted=None)
        rules = _changing(so, so if first is second else second, days)
        for ending in endings:
            if any(isolation.reason is RiskReason.CONTACT for isolation in timeline([*known, *ending], rules)):
                return False
    return True


def _changing(first: Regulation, second: Regulation, days: int) -> tuple[Regulation, ...]:
    """Rules of which the first is in force at `NOON`, and the second, if it is another, from so many days later on."""
    long_ago = replace(first, in_force_from=date.min)
    return (long_ago,) if first is second else (long_ago, replace(second, in_force_from=NOON.date() + timedelta(days)))


def _protecting(regulation: Regulation, contact_at: datetime, exempted: int) -> list[Report]:
    """The dose that exempts a contact from isolation, if it is to be exempted and anybody can be."""
    exemption = regulation.exemption
    if exemption is None or not exempted:
        return []
    given_at = contact_at - timedelta(days=exemption.dose_after_days)
    return [VaccineReport(citizen_id=1, given_at=given_at, dose=exemption.doses)]
