"""A made population of any size: the columns that demand reads, cheap enough to be made for each example."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.province import PROVINCES
from sim.demand.callers import Callers, callers
from sim.demand.parameters import DemandParameters
from sim.streams import Streams

KINDS = tuple(InstitutionKind)
PHONE_OWNER, APP_USER, PUPIL = 2, 4, 8
SIZES = np.array([1, 2, 3, 5, 8, 15, 40, 150, 700])
SIZE_STEPS = np.array([0.35, 0.6, 0.75, 0.87, 0.94, 0.975, 0.993, 0.9985])


@dataclass(frozen=True, kw_only=True)
class Made:
    """A population's compact columns, and those by person and workplace that follow from them."""

    age: np.ndarray
    home: np.ndarray
    flags: np.ndarray
    place: np.ndarray
    province_start: np.ndarray
    place_start: np.ndarray
    member: np.ndarray
    place_province: np.ndarray
    place_kind: np.ndarray
    place_integrated: np.ndarray
    workplaces: int

    @property
    def province(self):
        return np.repeat(np.arange(82), np.diff(self.province_start)).astype(np.uint8)

    @property
    def workplace(self):
        return np.where(self.place < self.workplaces, self.place, -1).astype(np.int32)

    @property
    def app_user(self):
        return (self.flags & APP_USER) != 0

    @property
    def workplace_province(self):
        return self.place_province[: self.workplaces]

    @property
    def workplace_kind(self):
        return self.place_kind[: self.workplaces]

    @property
    def workplace_integrated(self):
        return self.place_integrated[: self.workplaces]

    @property
    def workplace_size(self):
        return np.diff(self.place_start)[: self.workplaces]


@dataclass(frozen=True, kw_only=True)
class Settled:
    """People and the institutions that ask about them."""

    people: Made
    callers: Callers


def settle(people: int, plates: tuple[int, ...] = (), **settings: Any) -> Settled:
    """A made population with its institutions."""
    town = make(people, plates)
    return Settled(people=town, callers=callers(town, DemandParameters(**settings), Streams(1)))


def make(people: int, plates: tuple[int, ...] = (), seed: int = 1, integrated_at_least: int = 4) -> Made:
    """So many people in these provinces, or in all 81, in proportion to their real size."""
    chance = Streams(seed).stream("test/made")
    province_start = _starts(people, plates)
    everybody = np.arange(people)
    age = chance.below(81, everybody, 0, 0).astype(np.uint8)
    employed = (age >= 15) & (age < 70) & chance.chance(0.36, everybody, 0, 1)
    workers = np.flatnonzero(employed)
    sizes, provinces = _workplaces(workers, province_start, chance)
    work = np.full(people, -1, np.int32)
    work[workers] = np.repeat(np.arange(sizes.size), sizes)
    pupils = np.flatnonzero((age >= 6) & (age < 15))
    school_of = sizes.size + np.searchsorted(province_start, pupils, side="right") - 1
    schools = np.unique(school_of)
    work[pupils] = sizes.size + np.searchsorted(schools, school_of)
    size = np.bincount(work[work >= 0], minlength=sizes.size + schools.size)
    members = np.flatnonzero(work >= 0)
    kinds = np.full(size.size, KINDS.index(InstitutionKind.SCHOOL))
    drawn = chance.below(8, np.arange(sizes.size), 0, 3)
    kinds[: sizes.size] = np.array([2, 2, 2, 2, 2, 2, 1, 3])[drawn]
    integrated = np.zeros(size.size, np.bool_)
    integrated[: sizes.size] = sizes >= 500
    integrated[np.argsort(-sizes, kind="stable")[:integrated_at_least]] = True
    app = (age >= 15) & chance.chance(0.6, everybody, 0, 2)
    phone = app | ((age >= 10) & chance.chance(0.8, everybody, 0, 5))
    return Made(
        age=age,
        home=_homes(people, chance),
        flags=(phone * PHONE_OWNER + app * APP_USER + (work >= sizes.size) * PUPIL).astype(np.uint8),
        place=work,
        province_start=province_start,
        place_start=np.concatenate([[0], np.cumsum(size)]).astype(np.int32),
        member=members[np.argsort(work[members], kind="stable")].astype(np.int32),
        place_province=np.concatenate([provinces, schools - sizes.size]).astype(np.uint8),
        place_kind=kinds.astype(np.uint8),
        place_integrated=integrated,
        workplaces=sizes.size,
    )


def _homes(people, chance):
    """Places in households of one to five, whoever stands first being the head, of any age."""
    sizes = 1 + chance.below(5, np.arange(people), 0, 6)
    ends = np.minimum(np.cumsum(sizes), people)
    sizes = np.diff(ends, prepend=0)
    size = np.repeat(sizes, sizes)
    place = np.arange(people) - np.repeat(ends - sizes, sizes)
    return (place << 4 | size).astype(np.uint8)


def _starts(people, plates):
    real = np.zeros(82, np.int64)
    for province in PROVINCES:
        if not plates or province.plate in plates:
            real[province.plate] = province.population_2020
    return np.concatenate([[0], np.cumsum(real) * people // real.sum()]).astype(np.int32)


def _workplaces(workers, province_start, chance):
    """Sizes of workplaces, local to their provinces, until everybody who works has one."""
    sizes, provinces = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    staff = np.diff(np.searchsorted(workers, province_start))
    for plate in np.flatnonzero(staff).tolist():
        shares = chance.uniform(np.arange(staff[plate]), plate, 4)
        ends = np.cumsum(SIZES[np.searchsorted(SIZE_STEPS, shares)])
        ends = np.append(ends[ends < staff[plate]], staff[plate])
        sizes.append(np.diff(ends, prepend=0))
        provinces.append(np.full(ends.size, plate))
    return np.concatenate(sizes), np.concatenate(provinces)
