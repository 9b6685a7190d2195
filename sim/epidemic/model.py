"""The mathematics of one infection: its course, whom it can reach, and with which chance.

Everything is whole numbers: probabilities and factors in parts of `ONE` = 2^30, multiplied by `times`; stays and
numbers of contacts by tables of thresholds. The functions take single people and are written to be read; the compiled
loops do the same by the same tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from enum import IntEnum
from itertools import accumulate
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.epidemic.biology import DECADES
from sim.epidemic.calendar import ONE, Calendar, Way, in_force, part
from sim.epidemic.distributions import (
    CERTAIN,
    CLASSES,
    EXACT,
    gamma_classes,
    halving,
    poisson_thresholds,
    stay_thresholds,
)
from sim.epidemic.parameters import EpidemicParameters

Numbers = NDArray[np.int64]
Days = NDArray[np.int16]

NEVER = -32768
"""In a column of days: on no day. Days count from the run's first, which is 0; earlier days are negative."""

NOBODY = -1
"""The infector of an import."""

WEEKS = 256
"""Weeks for which protections are told apart; the last holds from then on."""

CHUNK = 4096
"""People whose imported infections are drawn together."""

DOSES_FROM = date(2020, 1, 1)
"""Day 0 of the columns of doses."""

VARIANT, COUNT, FATED = 7, 7 << 3, 64
"""Bits of a person's `history`: variant of the last infection, number of infections up to seven, whether fatal."""


class Layer(IntEnum):
    """Where an infection was caught; on a day with several the first of this list counts."""

    HOUSEHOLD = 0
    WORK = 1
    SCHOOL = 2
    TRANSPORT = 3
    COMMUNITY = 4
    """In the home district or province."""
    TRAVEL = 5
    """Anywhere in the country."""
    IMPORT = 6
    """From outside the model, or before day 0."""


LAYER_OF = (Layer.WORK, Layer.SCHOOL, Layer.TRANSPORT, Layer.COMMUNITY, Layer.COMMUNITY, Layer.TRAVEL)
"""The layer of each `Way`."""


class Town(Protocol):
    """What the epidemic needs to know of a population: people by province, district and household; see there."""

    # ruff: noqa: D102 - said by the class
    @property
    def age(self) -> NDArray[np.uint8]: ...
    @property
    def home(self) -> NDArray[np.uint8]: ...
    @property
    def flags(self) -> NDArray[np.uint8]: ...
    @property
    def place(self) -> NDArray[np.int32]: ...
    @property
    def first_dose(self) -> Days: ...
    @property
    def third_dose(self) -> Days: ...
    @property
    def second_dose_days(self) -> int: ...
    @property
    def province_start(self) -> NDArray[np.int32]: ...
    @property
    def district_start(self) -> NDArray[np.int32]: ...
    @property
    def district_province(self) -> NDArray[np.uint8]: ...
    @property
    def place_start(self) -> NDArray[np.int32]: ...
    @property
    def member(self) -> NDArray[np.int32]: ...
    @property
    def place_district(self) -> NDArray[np.uint16]: ...
    @property
    def workplaces(self) -> int: ...


class Standing(Protocol):
    """What the ministry believes, an entry a person: risky at hour h if risky_from <= h < risky_until."""

    @property
    def risky_from(self) -> Days: ...
    @property
    def risky_until(self) -> Days: ...


class NewInfections(NamedTuple):
    """Infections of one day, ascending by person; days are `NEVER` where something does not happen."""

    person: NDArray[np.int32]
    infector: NDArray[np.int32]
    """`NOBODY` for an import."""
    layer: NDArray[np.uint8]
    variant: NDArray[np.uint8]
    infectious_on: Days
    symptoms_on: Days
    recovered_on: Days
    """No longer infectious from this day on; the day of death at the latest."""
    hospital_on: Days
    """From this day on nobody is met any more."""
    died_on: Days
    left_on: Days
    """Out of hospital, alive or dead."""


class Course(NamedTuple):
    """All that lies ahead of somebody infected: days, and how infectious they are."""

    infectious_on: int
    symptoms_on: int
    recovered_on: int
    hospital_on: int
    died_on: int
    left_on: int
    kind: int
    """Variant, silent or not, and class of infectiousness, in one number: see `kind_of`."""

    @property
    def meets_until(self) -> int:
        """From this day on nobody can be infected by this person."""
        return self.recovered_on if self.hospital_on == NEVER else min(self.recovered_on, self.hospital_on)


def kind_of(variant: int, *, silent: bool, rank: int) -> int:
    """How infectious somebody is, as an index into the tables: `rank` is the class, 0 the least infectious."""
    return (2 * variant + silent) * CLASSES + rank


def decade(age: int) -> int:
    """The row of the tables by age."""
    return min(age // 10, DECADES - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The parameters of a run as tables of whole numbers; factors and probabilities in parts of `ONE`."""

    calendar: Calendar
    contacts: Numbers
    """[way, kind]: thresholds of the number of effective contacts on a day with all contacts; padded by `CERTAIN`."""
    crowd: Numbers
    """[way]: others who must be there for all contacts to be made."""
    household: Numbers
    """[kind]: chance a day for each member."""
    at_home: int
    """Contacts outside the household that people with symptoms keep."""

    incubation: Numbers
    infectious: Numbers
    hospital_after: Numbers
    hospital_days: Numbers
    """Thresholds of stays."""
    presymptomatic: int
    silent: Numbers
    """[decade]"""
    hospital: Numbers
    """[variant, decade]"""
    death: Numbers
    """[decade]"""
    milder: Numbers
    """[doses]: severity after so many, as a factor; the last entry is that after an infection."""

    susceptibility: Numbers
    """[decade]"""
    after_infection: Numbers
    """[variant of the last infection, variant met, weeks since]: susceptibility left."""
    after_doses: Numbers
    """[doses, variant met, weeks since the last]: susceptibility left; 1 without doses."""
    immune_days: int
    second_dose_days: int
    doses_day: int
    """Day 0 of the run, as the columns of doses count."""

    imports: Numbers
    """Thresholds of the number of people who come infected to a full `CHUNK` on a day with open borders."""
    first_share: int
    past_share: int
    """Probabilities in 2^-32."""
    first_days: int
    past_from: int
    past_until: int
    variants: Numbers
    """[day - earliest]: thresholds of the variant of an imported infection, in 2^-32."""
    earliest: int
    """The first day that `variants` knows."""

    @classmethod
    def of(cls, parameters: EpidemicParameters, town: Town, starts_on: date, days: int) -> "Rules":
        """All tables for a run of so many days."""
        illness, immunity, variants = parameters.illness, parameters.immunity, parameters.variants
        incubation = stay_thresholds(parameters.incubation_mean_days, parameters.incubation_stages)
        infectious = stay_thresholds(parameters.infectious_mean_days, parameters.infectious_stages)
        earliest = -max(parameters.past_from_days, parameters.initial_days) - 1
        run = [starts_on + timedelta(days=day) for day in range(earliest, days)]
        return cls(
            calendar=Calendar.of(parameters, starts_on, days),
            contacts=contact_tables(parameters),
            crowd=np.array([crowds(parameters)[way] for way in Way], np.int64),
            household=household_table(parameters),
            at_home=part(1 - Decimal(parameters.measures.ill_at_home_share)),
            incubation=incubation,
            infectious=infectious,
            hospital_after=stay_thresholds(illness.hospital_after_mean_days, illness.hospital_after_stages),
            hospital_days=stay_thresholds(illness.hospital_mean_days, illness.hospital_stages),
            presymptomatic=parameters.presymptomatic_days,
            silent=_parts(illness.asymptomatic),
            hospital=np.array(
                [[part(min(Decimal(1), Decimal(h) * Decimal(s))) for h in illness.hospital] for s in variants.severity]
            ),
            death=_parts(illness.death),
            milder=_parts((1.0, *immunity.severity_after_doses, immunity.severity_after_infection)),
            susceptibility=_parts(illness.susceptibility),
            after_infection=infection_table(parameters),
            after_doses=dose_table(parameters),
            immune_days=max(immunity.reinfection_after_days, incubation.size + infectious.size),
            second_dose_days=int(town.second_dose_days),
            doses_day=(starts_on - DOSES_FROM).days,
            imports=_thresholds(poisson_thresholds(Decimal(parameters.imported_per_100k_per_day) * CHUNK / 100_000)),
            first_share=round(parameters.initial_infected_share * CERTAIN),
            past_share=round(parameters.past_infected_share * CERTAIN),
            first_days=parameters.initial_days,
            past_from=parameters.past_from_days,
            past_until=parameters.past_until_days,
            variants=np.array([variant_thresholds(in_force(variants.shares, day)[1]) for day in run], np.int64),
            earliest=earliest,
        )


# Tables


def crowds(parameters: EpidemicParameters) -> dict[Way, int]:
    """The contacts of each way of meeting on a working day."""
    community = dict.fromkeys((Way.DISTRICT, Way.PROVINCE, Way.COUNTRY), parameters.community_contacts)
    return community | {
        Way.WORK: parameters.work_contacts,
        Way.SCHOOL: parameters.school_contacts,
        Way.TRANSPORT: parameters.transport_contacts,
    }


def effective_contacts(parameters: EpidemicParameters) -> dict[Way, Decimal]:
    """Contacts a day that pass the wild type on to an adult, without an epidemic and at the season's peak."""
    far, wide = Decimal(parameters.travel_share), Decimal(parameters.province_share)
    layers = {
        Way.WORK: (parameters.work_transmission, Decimal(1)),
        Way.SCHOOL: (parameters.school_transmission, Decimal(1)),
        Way.TRANSPORT: (parameters.transport_transmission, Decimal(1)),
        Way.DISTRICT: (parameters.community_transmission, 1 - far - wide),
        Way.PROVINCE: (parameters.community_transmission, wide),
        Way.COUNTRY: (parameters.community_transmission, far),
    }
    peak = 1 + Decimal(parameters.measures.seasonality)
    return {
        way: crowds(parameters)[way] * Decimal(transmission) * max(share, Decimal(0)) * peak
        for way, (transmission, share) in layers.items()
    }


def relative_infectiousness(parameters: EpidemicParameters) -> list[Decimal]:
    """That of each variant, with and then without symptoms, as a multiple of the wild type's with symptoms."""
    quiet = Decimal(parameters.asymptomatic_infectiousness)
    return [Decimal(strength) * part_ for strength in parameters.variants.transmissibility for part_ in (1, quiet)]


def contact_tables(parameters: EpidemicParameters) -> Numbers:
    """[way, kind, n]: the thresholds of the number of effective contacts, padded by `CERTAIN`."""
    with localcontext(EXACT):
        classes = gamma_classes(parameters.dispersion)
        kinds = [strength * rank for strength in relative_infectiousness(parameters) for rank in classes]
        means = effective_contacts(parameters)
        tables = [[poisson_thresholds(means[way] * kind) for kind in kinds] for way in Way]
    width = max(len(thresholds) for table in tables for thresholds in table) + 1
    padded = np.full((len(Way), len(kinds), width), CERTAIN, np.int64)
    for way, table in enumerate(tables):
        for kind, thresholds in enumerate(table):
            padded[way, kind, : len(thresholds)] = thresholds
    return padded


def household_table(parameters: EpidemicParameters) -> Numbers:
    """[kind]: the chance a day to infect each member: 1 - (1 - q)^m for somebody m times as infectious."""
    with localcontext(EXACT):
        escape = 1 - Decimal(parameters.household_transmission)
        chances = [1 - escape**strength if strength else Decimal(0) for strength in relative_infectiousness(parameters)]
        return np.repeat(np.array([part(chance) for chance in chances], np.int64), CLASSES)


def infection_table(parameters: EpidemicParameters) -> Numbers:
    """[variant of the last infection, variant met, weeks since it]: the susceptibility left."""
    immunity = parameters.immunity
    return np.array(
        [
            [[part(1 - left) for left in halving(full, immunity.infection_half_life_days, WEEKS)] for full in row]
            for row in immunity.infection
        ],
        np.int64,
    )


def dose_table(parameters: EpidemicParameters) -> Numbers:
    """[doses, variant met, weeks since the last]: the susceptibility left.

    In its first two weeks a dose protects no better than the one before it did at first.
    """
    immunity, variants = parameters.immunity, len(parameters.variants.names)
    table = np.full((4, variants, WEEKS), ONE, np.int64)
    before = [0.0] * variants
    for dose, row in enumerate(immunity.doses, 1):
        for met, full in enumerate(row):
            course = [Decimal(before[met])] * 2 + halving(full, immunity.doses_half_life_days, WEEKS - 2)
            table[dose, met] = [part(1 - left) for left in course]
        before = list(row)
    return table


def variant_thresholds(weights: Sequence[float]) -> list[int]:
    """Thresholds of the variant, one fewer than there are."""
    exact = [Decimal(weight) for weight in weights]
    with localcontext(EXACT):
        return [int((upto * CERTAIN / sum(exact)).to_integral_value()) for upto in list(accumulate(exact))[:-1]]


def _parts(values: Sequence[float]) -> Numbers:
    return np.array([part(value) for value in values], np.int64)


def _thresholds(values: Sequence[int]) -> Numbers:
    return np.array(values, np.int64)
