"""What demand needs to know of a population, and the little that it keeps of it."""

from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind

Flags = NDArray[np.bool_]
NOBODY = -1
"""In place of a workplace or of somebody who asks."""
KINDS = tuple(InstitutionKind)
PLATES = 82
"""Entries of a column by plate; 0 stands for everywhere."""
AGES = 128


class Town(Protocol):
    """A population's columns by person and by workplace; people are sorted by province."""

    @property
    def province(self) -> NDArray[np.uint8]: ...  # noqa: D102 - said by the class
    @property
    def age(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def workplace(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def app_user(self) -> Flags: ...  # noqa: D102
    @property
    def flags(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def home(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def workplace_province(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def workplace_size(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def workplace_kind(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def workplace_integrated(self) -> Flags: ...  # noqa: D102


class Nation(Protocol):
    """The same as compact columns, which the compiled twin reads; workplaces are the places before the schools."""

    @property
    def age(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def home(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def flags(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def place(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def province_start(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def place_start(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def member(self) -> NDArray[np.int32]: ...  # noqa: D102
    @property
    def place_province(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def place_kind(self) -> NDArray[np.uint8]: ...  # noqa: D102
    @property
    def place_integrated(self) -> Flags: ...  # noqa: D102
    @property
    def workplaces(self) -> int: ...  # noqa: D102


class Columns(NamedTuple):
    """A nation's columns as compiled loops take them: whatever they are kept in, plain and read-only."""

    age: NDArray[np.uint8]
    home: NDArray[np.uint8]
    flags: NDArray[np.uint8]
    place: NDArray[np.int32]
    province_start: NDArray[np.int32]
    place_start: NDArray[np.int32]
    member: NDArray[np.int32]
    place_province: NDArray[np.uint8]
    place_kind: NDArray[np.uint8]
    place_integrated: Flags
    workplaces: int


def columns_of(nation: Nation) -> Columns:
    """The same columns, not copied."""
    columns: Any = (plain(getattr(nation, name)) for name in Columns._fields[:-1])
    return Columns._make((*columns, nation.workplaces))


def plain(column: NDArray[Any]) -> NDArray[Any]:
    """The same column, read-only and no memory map: compiled loops are made anew for each kind."""
    view = np.asarray(column).view(np.ndarray)
    view.flags.writeable = False
    return view


class Ground(NamedTuple):
    """A population as this part keeps it: who may come by province and age, and its workplaces as columns."""

    province_start: NDArray[np.int64]
    """The people of plate p are [province_start[p], province_start[p + 1])."""
    people: NDArray[np.int64]
    """By plate and age."""
    workplace_province: NDArray[np.uint8]
    workplace_kind: NDArray[np.uint8]
    workplace_integrated: Flags
    workplace_size: NDArray[np.int64]
    keeper: NDArray[np.int32]
    """For each workplace the first of its staff who has the application, and so can keep the door; or -1."""

    @property
    def residents(self) -> NDArray[np.int64]:
        """By plate."""
        return np.diff(self.province_start)

    def of_age(self, youngest: int, oldest: int, plate: int) -> int:
        """People of these ages in a province, or (plate 0) in the country."""
        chosen = self.people[:, youngest : oldest + 1] if plate == 0 else self.people[plate, youngest : oldest + 1]
        return int(chosen.sum())

    def span(self, plate: int) -> tuple[int, int]:
        """The first person of a province, or (plate 0) of the country, and the one after its last."""
        if plate == 0:
            return int(self.province_start[0]), int(self.province_start[-1])
        return int(self.province_start[plate]), int(self.province_start[plate + 1])


def ground(town: Town) -> Ground:
    """What is kept of a town."""
    keeper = np.full(town.workplace_size.size, NOBODY, np.int32)
    able = np.flatnonzero(town.app_user & (town.workplace >= 0))[::-1]
    keeper[town.workplace[able]] = able  # the last written is the first of them
    people = np.bincount(town.province.astype(np.int64) * AGES + town.age, minlength=PLATES * AGES)
    return Ground(
        province_start=np.searchsorted(town.province, np.arange(PLATES + 1)),
        people=people.reshape(PLATES, AGES),
        workplace_province=town.workplace_province,
        workplace_kind=town.workplace_kind,
        workplace_integrated=town.workplace_integrated,
        workplace_size=town.workplace_size.astype(np.int64),
        keeper=keeper,
    )
