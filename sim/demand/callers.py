"""Who asks with an account in a town that is played against a ministry: each with a user name and a door."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.province import province_of
from sim.demand.ground import KINDS, Town, ground
from sim.demand.institutions import ROLES, Institutions, institutions
from sim.demand.parameters import DemandParameters, Role
from sim.streams import Streams


class Place(NamedTuple):
    """Where an institution's door is, as a visitor's query tells it. Made up but for city and district."""

    city: str
    district: str
    explicit_address: str


class Caller(NamedTuple):
    """One institution that asks through the corporate service."""

    label: str
    """What its user names are built on: short, upper case, unique; some have Turkish letters or a `-`."""
    name: str
    kind: InstitutionKind
    role: Role
    province: int
    """Plate."""
    workplace: int
    """Index in the population, -1 for an institution whose staff live elsewhere."""
    staff_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """All institutions with an account, as columns; an asker of `Demand` is an index into them."""

    label: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[InstitutionKind, ...]
    role: tuple[Role, ...]
    province: tuple[int, ...]
    workplace: tuple[int, ...]
    staff_count: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.label)

    def __getitem__(self, index: int) -> Caller:
        return Caller(*(getattr(self, field)[index] for field in Caller._fields))

    @property
    def table(self) -> Institutions:
        """The same without the names."""
        return Institutions(
            role=np.array([ROLES.index(role) for role in self.role], np.uint8),
            kind=np.array([KINDS.index(kind) for kind in self.kind], np.uint8),
            province=np.array(self.province, np.uint8),
            workplace=np.array(self.workplace, np.int32),
            staff_count=np.array(self.staff_count, np.int64),
        )

    def place(self, index: int) -> Place:
        """Where its visitors are asked."""
        province = province_of(self.province[index])
        district = province.districts[index % len(province.districts)]
        return Place(province.name, district, f"Örnek Mahallesi {index + 1}. Sokak No: 1")


def callers(population: Town, parameters: DemandParameters, streams: Streams) -> Callers:
    """The institutions that ask with an account; the same seed gives the same ones.

    Those of `institutions`, with their names. Takes the stream "demand/caller", so once per `Streams`.
    """
    chance = streams.stream("demand/caller")
    table = institutions(ground(population), parameters)
    return Callers(
        label=_told_apart(table.label(index, chance) for index in range(len(table))),
        name=tuple(table.name(index, chance) for index in range(len(table))),
        kind=tuple(KINDS[kind] for kind in table.kind),
        role=tuple(ROLES[role] for role in table.role),
        province=tuple(table.province.tolist()),
        workplace=tuple(table.workplace.tolist()),
        staff_count=tuple(table.staff_count.tolist()),
    )


def _told_apart(labels: Iterable[str]) -> tuple[str, ...]:
    """The same labels, a repeated one with its number: `KURUM-06`, `KURUM-06-2`."""
    seen: Counter[str] = Counter()
    told = []
    for label in labels:
        seen[label] += 1
        told.append(label if seen[label] == 1 else f"{label}-{seen[label]}")
    return tuple(told)
