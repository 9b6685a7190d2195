"""Towns so plain that theory can follow: people all alike, in equal households, some of them at one great workplace."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

PLATE, PLATES = 34, 82
ADULT = 40
NEVER = np.iinfo(np.int16).min


class Nothing(NamedTuple):
    """What a ministry believes that has heard nothing: nobody is risky at any hour."""

    risky_from: NDArray[np.int16]
    risky_until: NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTown:
    """One district of one province, as the epidemic reads a population; people are numbered by household."""

    people: int
    household: int = 1
    """People in each; `people` is a multiple of it."""
    workers: int = 0
    """So many, the first of them all, work at the same place; nobody else works or learns."""
    second_dose_days: int = 28
    workplaces: int = 1

    # ruff: noqa: D102 - columns as `sim.population.model` has them
    @property
    def nothing(self) -> Nothing:
        return Nothing(np.full(self.people, NEVER, np.int16), np.full(self.people, NEVER, np.int16))

    @property
    def age(self) -> NDArray[np.uint8]:
        return np.full(self.people, ADULT, np.uint8)

    @property
    def home(self) -> NDArray[np.uint8]:
        return (np.arange(self.people) % self.household << 4 | self.household).astype(np.uint8)

    @property
    def flags(self) -> NDArray[np.uint8]:
        return self._none(np.uint8)

    @property
    def first_dose(self) -> NDArray[np.int16]:
        return self._none(np.int16)

    @property
    def third_dose(self) -> NDArray[np.int16]:
        return self._none(np.int16)

    @property
    def place(self) -> NDArray[np.int32]:
        return np.where(np.arange(self.people) < self.workers, 0, -1).astype(np.int32)

    @property
    def province_start(self) -> NDArray[np.int32]:
        return np.where(np.arange(PLATES + 1) > PLATE, self.people, 0).astype(np.int32)

    @property
    def district_start(self) -> NDArray[np.int32]:
        return np.array([0, self.people], np.int32)

    @property
    def district_province(self) -> NDArray[np.uint8]:
        return np.array([PLATE], np.uint8)

    @property
    def place_start(self) -> NDArray[np.int32]:
        return np.array([0, self.workers], np.int32)

    @property
    def member(self) -> NDArray[np.int32]:
        return np.arange(self.workers, dtype=np.int32)

    @property
    def place_district(self) -> NDArray[np.uint16]:
        return np.zeros(1, np.uint16)

    def _none(self, kind: type) -> NDArray[Any]:
        return np.zeros(self.people, kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCountry(PlainTown):
    """Three districts, two in one province and one in the next; in the first, one workplace and one school.

    Nobody else works or learns. So six kinds of meeting, and four kinds of people: who works, who learns, the others
    in the first district, and those of the others.
    """

    pupils: int = 0
    """So many, after the workers, learn at the same school."""
    far: int = 0
    """People in the second district, and as many in the third."""

    @property
    def place(self) -> NDArray[np.int32]:
        places = np.full(self.people, -1, np.int32)
        places[: self.workers], places[self.workers : self.workers + self.pupils] = 0, 1
        return places

    @property
    def province_start(self) -> NDArray[np.int32]:
        edges = self.district_start[[0, 2, 3]]
        return edges[np.clip(np.arange(PLATES + 1) - PLATE, 0, 2)]

    @property
    def district_start(self) -> NDArray[np.int32]:
        return np.array([0, self.people - 2 * self.far, self.people - self.far, self.people], np.int32)

    @property
    def district_province(self) -> NDArray[np.uint8]:
        return np.array([PLATE, PLATE, PLATE + 1], np.uint8)

    @property
    def place_start(self) -> NDArray[np.int32]:
        return np.array([0, self.workers, self.workers + self.pupils], np.int32)

    @property
    def member(self) -> NDArray[np.int32]:
        return np.arange(self.workers + self.pupils, dtype=np.int32)

    @property
    def place_district(self) -> NDArray[np.uint16]:
        return np.zeros(2, np.uint16)
