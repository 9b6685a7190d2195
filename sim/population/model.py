"""The population as columns, and what follows from them."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from sim.population import census
from sim.streams import Stream

Flags = NDArray[np.bool_]
Indices = NDArray[np.int32]

NONE = -1  # in `place`, `workplace` and `school`
KINDS = tuple(InstitutionKind)

FEMALE, PHONE_OWNER, APP_USER, PUPIL, DOSES = 1, 2, 4, 8, 48
"""Bits of `flags`; the two of `DOSES` are a number from 0 to 3."""
DOSES_SHIFT = 4
PLATE_SHIFT = 32

COLUMNS = (
    *("age", "home", "flags", "place", "given_name", "surname", "first_dose", "third_dose"),
    *("province_start", "district_start", "district_province"),
    *("place_start", "member", "place_district", "place_province", "place_kind", "place_integrated"),
)
"""The arrays of a `Population`; the first eight have one entry a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """A made-up country or town: one entry a person, district or place. All columns are read-only.

    People are sorted by province (a plate, 1 to 81), district and household; a household's first person is its head,
    an adult. Places are where people go by day: first the workplaces, then the schools, each sorted by province,
    district, sector or stage, and size, the largest first. Fewer than 24 bytes a person in all.
    """

    age: NDArray[np.uint8]
    """Completed years on the day of the count, 0 to 100."""
    home: NDArray[np.uint8]
    """Place in the household << 4 | its size, 1 to 15; place 0 is the head. The household of person i is
    [i - place, i - place + size)."""
    flags: NDArray[np.uint8]
    """Bit 0 female, 1 owns a mobile phone, 2 uses the application, 3 goes to school (`place` is one), 4 and 5 vaccine
    doses in the end, 0 to 3."""
    place: Indices
    """Where the person works or learns: a workplace, from 0, or after all of these a school; -1 none."""
    given_name: NDArray[np.uint16]
    """Index into the given names of the person's sex in `mockgov.vocabulary.names`."""
    surname: NDArray[np.uint16]
    """Index into the surnames there."""
    first_dose: NDArray[np.int16]
    """Day of the first dose, counted from 1 January 2020; 0 none. The second follows `second_dose_days` later."""
    third_dose: NDArray[np.int16]
    """Day of the third dose; 0 none."""

    province_start: Indices
    """First person of each plate: those of plate p are [province_start[p], province_start[p + 1]). 83 entries."""
    district_start: Indices
    """First person of each district, and the number of people at the end; districts as in `census.DISTRICTS`."""
    district_province: NDArray[np.uint8]
    """Plate of each district."""

    place_start: Indices
    """Where the people of each place begin in `member`, and where the last one's end."""
    member: Indices
    """People of place k: member[place_start[k]:place_start[k + 1]], ascending."""
    place_district: NDArray[np.uint16]
    place_province: NDArray[np.uint8]
    place_kind: NDArray[np.uint8]
    """Index into `tuple(InstitutionKind)`; a private employer is a WORKPLACE."""
    place_integrated: Flags
    """Queries by machine, through the corporate service; see `places.integrated`. No school does."""

    workplaces: int
    """Places before the first school."""
    second_dose_days: int
    """Days from the first to the second dose, for those with two or more."""
    counted_on: date
    """The day on which people have their `age`."""
    birth_key: int
    """Key of the stream from which `birth_date` is drawn."""

    def __post_init__(self) -> None:
        """Freeze the columns too: a run's population is what it was built as."""
        for name in COLUMNS:
            getattr(self, name).setflags(write=False)

    # What follows from the columns is made anew at each use: fit for towns, and for a look at the country.

    @property
    def people(self) -> int:
        """How many they are."""
        return self.age.size

    @property
    def bytes_per_person(self) -> float:
        """Memory of all columns over people."""
        return sum(int(getattr(self, name).nbytes) for name in COLUMNS) / self.people

    @property
    def province(self) -> NDArray[np.uint8]:
        """Plate of the province where each person lives."""
        return np.repeat(np.arange(self.province_start.size - 1, dtype=np.uint8), np.diff(self.province_start))

    @property
    def district(self) -> NDArray[np.uint16]:
        """Number of the district where each person lives."""
        return np.repeat(np.arange(self.district_province.size, dtype=np.uint16), np.diff(self.district_start))

    @property
    def household(self) -> Indices:
        """Number of each person's household, ascending without gaps."""
        return np.asarray(np.cumsum(self.home < 16, dtype=np.int32) - np.int32(1))

    @property
    def household_start(self) -> Indices:
        """Each household's first person, and the number of people at the end."""
        return np.append(np.flatnonzero(self.home < 16), self.people).astype(np.int32)

    @property
    def sex(self) -> NDArray[np.uint8]:
        """0 male, 1 female."""
        return self.flags & np.uint8(FEMALE)

    @property
    def phone_owner(self) -> Flags:
        """Has a mobile phone number of their own."""
        return np.asarray((self.flags & np.uint8(PHONE_OWNER)) != 0)

    @property
    def app_user(self) -> Flags:
        """Uses the mobile application; a phone owner aged 15 or over."""
        return np.asarray((self.flags & np.uint8(APP_USER)) != 0)

    @property
    def doses(self) -> NDArray[np.uint8]:
        """Vaccine doses in the end, 0 to 3."""
        return (self.flags & np.uint8(DOSES)) >> np.uint8(DOSES_SHIFT)

    @property
    def birth_date(self) -> Indices:
        """Days since 1 January 1970."""
        people = np.arange(self.people, dtype=np.int64) - self.province_start[self.province]
        entity = np.left_shift(self.province.astype(np.int64), PLATE_SHIFT) | people
        return birth_dates(
            self.age, self.counted_on, entity, Stream(purpose="population/birth_date", key=self.birth_key)
        )

    @property
    def workplace(self) -> Indices:
        """Each person's workplace, -1 none."""
        return np.where(self.place < self.workplaces, self.place, np.int32(NONE))

    @property
    def school(self) -> Indices:
        """Each person's school, numbered from 0; -1 none. Nobody has both."""
        return np.where(self.place < self.workplaces, np.int32(NONE), self.place - np.int32(self.workplaces))

    @property
    def workplace_province(self) -> NDArray[np.uint8]:
        """Plate of each workplace."""
        return self.place_province[: self.workplaces]

    @property
    def workplace_size(self) -> Indices:
        """Employees of each workplace."""
        return np.diff(self.place_start[: self.workplaces + 1])

    @property
    def workplace_kind(self) -> NDArray[np.uint8]:
        """Kind of each workplace: index into `tuple(InstitutionKind)`."""
        return self.place_kind[: self.workplaces]

    @property
    def workplace_integrated(self) -> Flags:
        """Which workplaces query by machine."""
        return self.place_integrated[: self.workplaces]

    @property
    def school_province(self) -> NDArray[np.uint8]:
        """Plate of each school."""
        return self.place_province[self.workplaces :]

    @property
    def school_size(self) -> Indices:
        """Pupils of each school."""
        return np.diff(self.place_start[self.workplaces :])

    @property
    def school_stage(self) -> NDArray[np.uint8]:
        """0 primary (ages 6 to 9), 1 middle (10 to 13), 2 upper secondary (14 to 17)."""
        youngest_seen = self.age[self.member[self.place_start[self.workplaces : -1]]]
        return (youngest_seen - np.uint8(census.FIRST_SCHOOL_AGE)) // np.uint8(census.STAGE_YEARS)


def birth_dates(age: NDArray[Any], counted_on: date, entity: NDArray[np.int64], chance: Stream) -> Indices:
    """Days since 1 January 1970: birthdays of people of these ages on `counted_on`, all equally likely."""
    latest = np.array([latest_birth(counted_on, years) for years in range(int(age.max()) + 2)])
    years = age.astype(np.int64)
    born = latest[years + 1] + 1 + chance.below(latest[years] - latest[years + 1], entity)
    return born.astype(np.int32)


def latest_birth(on: date, years: int) -> int:
    """The last day on which a person of `years` was born; whoever was born on 29 February ages on 1 March."""
    year = on.year - years
    day = 28 if (on.month, on.day) == (2, 29) and not isleap(year) else on.day
    return (date(year, on.month, day) - date(1970, 1, 1)).days
