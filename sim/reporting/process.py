"""The ministry's knowledge as it grows: one SimPy process, one step a day.

The steps of a day, in this order:

1. whoever gives a sample today is settled: for symptoms, as a contact, without a reason in the disease; not those who
   were found positive lately, and nobody twice;
2. the laboratory finds out; its results arrive with an upload hours or days later;
3. teams trace the contacts of today's positives, whose records arrive after the case's; some of the contacts will
   give a sample on the day on which the rules ask for it. That day is a later one, so no step waits for another.
"""

from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

import numpy as np
import simpy

from mockgov.risk_index.regulations import in_force
from sim.reporting import model
from sim.reporting.model import (
    DAY_US,
    HOUR_US,
    LONG_AGO,
    NEVER,
    Named,
    Numbers,
    Outbreak,
    Records,
    ReportKind,
    ReportLog,
    Staff,
    Town,
    believed,
    log_of,
    to_messages,
    turning_points_us,
)
from sim.reporting.parameters import ReportingParameters
from sim.streams import Stream, Streams
from sim.tables import Table

__all__ = ["ReportLog", "believed", "simulate", "to_messages", "turning_points_us"]


def simulate(
    population: Town,
    epidemic: Outbreak,
    parameters: ReportingParameters,
    streams: Streams,
    starts_on: date,
    days: int,
) -> ReportLog:
    """What the ministry learns in `days` days from `starts_on`, and the doses given before; same seed, same log.

    Day 0 of the epidemic is `starts_on`. Records that would arrive after the last day are left out. Takes the
    streams named "reporting/…", so once per `Streams`.
    """
    desk = Desk.open(population, epidemic, parameters, streams, starts_on)
    env = simpy.Environment()
    env.process(work(env, desk, days))
    env.run()
    return log_of([*vaccinations(desk.dose_days, parameters, desk.appointment), *desk.records], starts_on, days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Testing and tracing of a town: what it works with, and what it has noted so far."""

    town: Town
    outbreak: Outbreak
    parameters: ReportingParameters
    starts_on: date
    staff: Staff
    sample_days: Numbers
    """Day of each person's sample because of symptoms, -1 none."""
    dose_days: Numbers
    laboratory: Table
    tracing: Table
    appointment: Stream
    result: Stream
    screening: Stream
    household: Stream
    work: Stream
    willing: Stream
    positive_days: Numbers
    """Day of each person's last positive sample."""
    asked: defaultdict[int, list[Numbers]] = field(default_factory=lambda: defaultdict(list))
    """Contacts who will give a sample, by day."""
    records: list[Records] = field(default_factory=list)

    @classmethod
    def open(
        cls, town: Town, outbreak: Outbreak, parameters: ReportingParameters, streams: Streams, starts_on: date
    ) -> Self:
        """The desk on the morning of the first day."""

        def delay(mean_us: float) -> Table:
            return model.delay(mean_us, parameters.delay_cv2)

        symptoms, vaccines = streams.stream("reporting/symptoms"), streams.stream("reporting/vaccines")
        wait = delay(parameters.sample_mean_days * DAY_US)
        return cls(
            town=town,
            outbreak=outbreak,
            parameters=parameters,
            starts_on=starts_on,
            staff=model.staff_of(town),
            sample_days=model.symptom_samples(outbreak.symptoms_on, wait, parameters, symptoms),
            dose_days=model.dose_days(town.age, parameters, starts_on, vaccines),
            laboratory=delay(parameters.laboratory_mean_hours * HOUR_US),
            tracing=delay(parameters.tracing_mean_hours * HOUR_US),
            appointment=streams.stream("reporting/appointment"),
            result=streams.stream("reporting/result"),
            screening=streams.stream("reporting/screening"),
            household=streams.stream("reporting/household"),
            work=streams.stream("reporting/work"),
            willing=streams.stream("reporting/willing"),
            positive_days=np.full(town.age.size, LONG_AGO, np.int64),
        )


def work(env: simpy.Environment, desk: Desk, days: int) -> Generator[simpy.Event, None, None]:
    """The process itself, for an environment that other processes share; a day is `DAY_US`."""
    for day in range(days):
        people = sampled(desk, day)
        hours = desk.appointment.below(desk.parameters.hours_open, people, day)
        sampled_us = model.visited_us(day, hours, desk.parameters)
        chances = model.positive_chances(desk.outbreak.infected_on[people], day, desk.parameters)
        positive = desk.result.chance(chances, people, day)
        known_us = sampled_us + desk.laboratory.sample(desk.result.words(people, day, 1))
        filed_us = model.uploaded_us(known_us, desk.parameters)
        desk.records.append(Records(ReportKind.PCR, filed_us, people, sampled_us, positive))
        trace(desk, day, people[positive], sampled_us[positive], filed_us[positive])
        desk.positive_days[people[positive]] = day
        yield env.timeout(DAY_US)


def sampled(desk: Desk, day: int) -> Numbers:
    """Who gives a sample today, each once."""
    everybody = np.arange(desk.town.age.size)
    ill = np.flatnonzero(desk.sample_days == day)
    screened = np.flatnonzero(
        desk.screening.chance(desk.parameters.screened_per_100k_per_day / 100_000, everybody, day)
    )
    people = np.unique(np.concatenate([ill, screened, *desk.asked.pop(day, [])]))
    rested = day - desk.positive_days[people] > desk.parameters.positive_rest_days
    return np.asarray(people[rested])


def trace(desk: Desk, day: int, cases: Numbers, sampled_us: Numbers, filed_us: Numbers) -> None:
    """Name the contacts of today's cases, and ask some of them for a sample."""
    parameters = desk.parameters
    traced_us = filed_us + desk.tracing.sample(desk.result.words(cases, day, 2))
    arrives_us = model.uploaded_us(traced_us, parameters)
    for named in (
        model.household_contacts(desk.town, cases, day, parameters.household_named_share, desk.household),
        model.work_contacts(desk.town, desk.staff, cases, day, parameters, desk.work),
    ):
        last_us = sampled_us[named.case] - named.days_before * DAY_US
        desk.records.append(Records(ReportKind.CONTACT, arrives_us[named.case], named.contact, last_us))
        ask(desk, named, day, arrives_us[named.case] // DAY_US)


def ask(desk: Desk, named: Named, day: int, told_on: Numbers) -> None:
    """Let some contacts give a sample on the day that the rules say, or on the day after they are told."""
    chosen = desk.willing.chance(desk.parameters.contact_tested_share, named.contact, day, named.days_before)
    for days_before in np.unique(named.days_before).tolist():
        contact_day = day - days_before
        regulation = in_force(desk.starts_on + timedelta(days=contact_day))
        group = chosen & (named.days_before == days_before)
        contacts = named.contact[group]
        after = model.asked_on(regulation, contact_day, contacts, desk.dose_days, desk.positive_days)
        on = np.maximum(contact_day + after, told_on[group] + 1)
        for sample_day in np.unique(on[after != NEVER]).tolist():
            desk.asked[sample_day].append(contacts[(after != NEVER) & (on == sample_day)])


def vaccinations(dose_days: Numbers, parameters: ReportingParameters, appointment: Stream) -> Iterator[Records]:
    """The doses given, each recorded with the next upload; those before the first day are known from the beginning."""
    for row, days in enumerate(dose_days):
        people = np.flatnonzero(days != LONG_AGO)
        hours = appointment.below(parameters.hours_open, people, 0, row + 1)
        given_us = model.visited_us(days[people], hours, parameters)
        filed_us = np.maximum(model.uploaded_us(given_us, parameters), 0)
        yield Records(ReportKind.VACCINE, filed_us, people, given_us, dose=row + 1)
