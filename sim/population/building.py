"""The builder: province by province, in three rounds, on as many threads as asked for.

    1 households        sizes, district by district, into `home`
      (ages)            each province's people by age, exact for the nation
    2 people            roles, ages, sex, names, phones, doses; who goes to school, who is employed, where
      (places)          how many workplaces and schools each district has; where each province's places begin
    3 places            sizes and kinds of the places; who sits in which; the members of each place

Each province is one piece of work that writes to its own people and places only; threads take the largest provinces
first. So the columns are the same on any number of threads. What is kept beside the columns is for one province at a
time: 4 bytes for each of its people, and 4 for each of its pupils and employees.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from sim.compiled import in_threads, key_of, threshold
from sim.population import census, kernel, places
from sim.population.ages import ages_by_province, housed
from sim.population.apportionment import Numbers, numbered, starts
from sim.population.households import household_means, size_limits
from sim.population.model import KINDS, Population
from sim.population.odds import Odds, hiring, odds_of
from sim.population.parameters import PopulationParameters
from sim.population.pools import Pools
from sim.population.provinces import DISTRICT_PROVINCE, FIRST_DISTRICT, PLATES, commuting, district_starts, residents
from sim.streams import Stream, Streams

PURPOSES = (
    *("household", "role", "sex", "given_name", "surname", "birth_date", "phone", "vaccine"),
    *("enrolment", "employment", "sector", "commute", "workplace_size", "seat"),
)
PUPIL_POOLS = census.STAGES * int(np.diff(FIRST_DISTRICT).max())
"""Codes of pupils in `place` before they are seated; those of employees follow."""
SCHOOL = KINDS.index(InstitutionKind.SCHOOL)


def build(parameters: PopulationParameters, streams: Streams, *, threads: int = 1) -> Population:
    """Make the population that `parameters` describe; the same seed gives the same columns, on any number of threads.

    Takes the streams named "population/…", so once per `Streams`. Each parameter has its own draws: another
    `app_share`, say, changes one bit of `flags` alone, and a larger one only adds users.
    Raises `ValueError` when there are more children than places beside an adult.
    """
    builder = Builder.of(parameters, streams, threads)
    builder.settle_households()
    builder.settle_people()
    builder.settle_places()
    return builder.population()


class Opened(NamedTuple):
    """Places by district and sector or stage."""

    workplaces: Numbers
    schools: Numbers


class Leavers(NamedTuple):
    """People of a province who work in others."""

    person: NDArray[np.int32]
    """Ascending."""
    pool: NDArray[np.int32]
    """2 district + sector."""


@dataclass(slots=True, kw_only=True, eq=False)
class Builder:
    """A population in the making."""

    parameters: PopulationParameters
    chance: dict[str, Stream]
    threads: int
    residents: Numbers
    province_start: Numbers
    district_start: Numbers
    people: dict[str, Any]
    """The columns with one entry a person."""
    heads: Numbers
    """Households by plate."""
    staff: Numbers
    """Employees by district and sector, where they work."""
    pupils: Numbers
    """Pupils by district and stage."""
    leavers: dict[int, Leavers]
    settled: dict[str, Any]
    """Everything about places."""

    @classmethod
    def of(cls, parameters: PopulationParameters, streams: Streams, threads: int) -> "Builder":
        """Empty columns, and everybody's province and district."""
        people = residents(parameters)
        widths = {
            **dict.fromkeys(("age", "home", "flags"), np.uint8),
            "place": np.int32,
            **dict.fromkeys(("given_name", "surname"), np.uint16),
            **dict.fromkeys(("first_dose", "third_dose"), np.int16),
        }
        districts = DISTRICT_PROVINCE.size
        return cls(
            parameters=parameters,
            chance={purpose: streams.stream(f"population/{purpose}") for purpose in PURPOSES},
            threads=threads,
            residents=people,
            province_start=starts(people),
            district_start=district_starts(people),
            people={name: np.empty(parameters.people, width) for name, width in widths.items()},
            heads=np.zeros(PLATES, np.int64),
            staff=np.zeros((districts, places.SECTORS), np.int64),
            pupils=np.zeros((districts, census.STAGES), np.int64),
            leavers={},
            settled={},
        )

    def key(self, purpose: str) -> np.uint64:
        """A stream as compiled loops take it."""
        return key_of(self.chance[purpose])

    def by_province(self, work: Callable[[int], None]) -> None:
        """Do a piece of work for every province with people, the largest first, each on the next free thread."""
        inhabited = np.flatnonzero(self.residents)
        waiting = deque(inhabited[np.argsort(-self.residents[inhabited], kind="stable")].tolist())

        def keep_working(_: int) -> None:
            while True:
                try:
                    plate = waiting.popleft()
                except IndexError:
                    return
                work(plate)

        in_threads(self.threads, keep_working)

    def part(self, plate: int, *names: str) -> list[NDArray[Any]]:
        """A province's own part of some columns."""
        first, end = self.province_start[plate], self.province_start[plate + 1]
        return [self.people[name][first:end] for name in names]

    def districts(self, plate: int) -> slice:
        """The province's districts among all."""
        return slice(int(FIRST_DISTRICT[plate]), int(FIRST_DISTRICT[plate + 1]))

    def bounds(self, plate: int) -> Numbers:
        """The bounds of the province's districts, counted from its first person."""
        own = self.districts(plate)
        return np.asarray(self.district_start[own.start : own.stop + 1] - self.province_start[plate])

    # The first round

    def settle_households(self) -> None:
        """Sizes of households, and the place of everybody in theirs."""
        means = household_means(self.parameters.household_mean)

        def settle(plate: int) -> None:
            (home,) = self.part(plate, "home")
            limits = size_limits(float(means[plate]))
            self.heads[plate] = kernel.draw_homes(self.key("household"), plate, self.bounds(plate), limits, home)

        self.by_province(settle)

    # The second round

    def settle_people(self) -> None:
        """Everything about a person but the place where they work or learn, of which the district is settled."""
        counts = housed(ages_by_province(self.residents), self.heads)
        odds = odds_of(self.parameters)
        for plate in np.flatnonzero(self.residents).tolist():
            self.leavers[plate] = Leavers(np.empty(0, np.int32), np.empty(0, np.int32))

        def settle(plate: int) -> None:
            self.settle_ages(plate, counts[plate], odds)
            self.draw_attributes(plate, odds)
            self.draw_days(plate, counts[plate], odds)

        self.by_province(settle)

    def settle_ages(self, plate: int, counts: Numbers, odds: Odds) -> None:
        """Sex and age of a province's people, by their roles."""
        home, flags, age = self.part(plate, "home", "flags", "age")
        roles = odds.roles
        wish, wishes = np.empty(age.size, np.int32), np.zeros((2, roles.spread), np.int32)
        chances = (roles.young_head, roles.partner, roles.elder, threshold(census.MALE_SHARE))
        spans = (roles.young_ages, roles.old_ages, roles.gaps)
        keys = (self.key("role"), self.key("sex"))
        kernel.draw_roles(keys, plate, chances, spans, roles.lowest, home, flags, wish, wishes)
        kernel.settle_ages(int(counts[: census.ADULT_AGE].sum()), counts, wish, wishes, home, age)

    def draw_attributes(self, plate: int, odds: Odds) -> None:
        """Names, phones and vaccine doses of a province's people."""
        age, home, flags = self.part(plate, "age", "home", "flags")
        names = self.part(plate, "given_name", "surname")
        keys = (self.key("given_name"), self.key("surname"))
        kernel.draw_names(keys, plate, odds.own_surname, odds.given, odds.surnames, home, flags, *names)
        kernel.draw_phones(self.key("phone"), plate, odds.phone, odds.app, age, flags)
        doses = odds.doses
        days = (doses.begins, doses.length, doses.second_after, doses.third_after, doses.third_from)
        columns = self.part(plate, "first_dose", "third_dose")
        kernel.draw_doses(self.key("vaccine"), plate, doses.limits, days, age, flags, *columns)

    def draw_days(self, plate: int, counts: Numbers, odds: Odds) -> None:
        """Who of a province goes to school and who to work, and in which district."""
        age, flags, place = self.part(plate, "age", "flags", "place")
        own, bounds = self.districts(plate), self.bounds(plate)
        keys, pupils = (self.key("employment"), self.key("sector"), self.key("commute")), self.pupils[own]
        free = kernel.draw_pupils(self.key("enrolment"), plate, odds.enrolled, bounds, age, flags, place, pupils)
        pools = (places.SECTORS * own.start, places.SECTORS * own.stop)
        leaving = kernel.draw_work(
            keys,
            plate,
            hiring(self.parameters.employed_share, counts, free),
            odds.work,
            bounds,
            pools[0],
            PUPIL_POOLS,
            commuting(self.residents, plate),
            (self.province_start, self.district_start, FIRST_DISTRICT),
            age,
            flags,
            place,
            self.staff[own],
        )
        listed = Leavers(np.empty(leaving, np.int32), np.empty(leaving, np.int32))
        kernel.take_leavers(int(self.province_start[plate]), PUPIL_POOLS, pools, place, *listed)
        self.leavers[plate] = listed

    # The third round

    def settle_places(self) -> None:
        """Workplaces and schools, and who sits in which."""
        arriving = self.arrivals()
        opened = self.open_places()
        workplaces, total = int(opened.workplaces.sum()), int(opened.workplaces.sum() + opened.schools.sum())
        seats = int(self.staff.sum() + self.pupils.sum())
        settled = self.settled
        settled.update(
            workplaces=workplaces,
            place_start=np.full(total + 1, seats, np.int32),
            member=np.empty(seats, np.int32),
            place_district=np.empty(total, np.uint16),
            place_kind=np.full(total, SCHOOL, np.uint8),
        )
        placed: dict[int, NDArray[np.int32]] = {}

        def settle(plate: int) -> None:
            placed[plate] = self.settle_province(plate, opened, arriving[plate])

        self.by_province(settle)
        for plate, arrivals in arriving.items():  # not before everybody has read `place`
            self.people["place"][arrivals.person] = placed[plate]
        settled["place_province"] = DISTRICT_PROVINCE[settled["place_district"]]
        settled["place_integrated"] = np.zeros(total, np.bool_)
        settled["place_integrated"][:workplaces] = places.integrated(
            settled["place_kind"][:workplaces], np.diff(settled["place_start"][: workplaces + 1]), self.parameters
        )

    def arrivals(self) -> dict[int, Leavers]:
        """Those who left, by the province where they work, ascending; they count among its staff."""
        person = np.concatenate([left.person for left in self.leavers.values()])
        pool = np.concatenate([left.pool for left in self.leavers.values()])
        self.staff += np.bincount(pool, minlength=self.staff.size).reshape(self.staff.shape)
        to = DISTRICT_PROVINCE[pool // places.SECTORS]
        return {plate: Leavers(person[to == plate], pool[to == plate]) for plate in self.leavers}

    def open_places(self) -> Opened:
        """How many workplaces and schools each district has."""
        parameters = self.parameters
        means = (parameters.private_workplace_mean, parameters.public_workplace_mean)
        workplaces, schools = np.zeros_like(self.staff), np.zeros_like(self.pupils)
        for plate in self.leavers:
            own = self.districts(plate)
            for sector, mean in enumerate(means):
                workplaces[own, sector] = places.opened(self.staff[own, sector], mean)
            for stage in range(census.STAGES):
                schools[own, stage] = places.opened(self.pupils[own, stage], parameters.school_mean)
        return Opened(workplaces, schools)

    def settle_province(self, plate: int, opened: Opened, arrivals: Leavers) -> NDArray[np.int32]:
        """The places of a province and their people; gives the workplaces of those who come from other provinces."""
        own = self.districts(plate)
        work = Pools.of(self.staff[own], opened.workplaces[own])
        learn = Pools.of(self.pupils[own], opened.schools[own])
        sizes = (self.workplace_sizes(own.start, work), learn.even_sizes())
        workplace = int(opened.workplaces[: own.start].sum())
        school = self.settled["workplaces"] + int(opened.schools[: own.start].sum())
        first_member = int(self.staff[: own.start].sum())
        first_pupil = int(self.staff.sum() + self.pupils[: own.start].sum())
        kinds = places.workplace_kinds(plate, work.kind == 1, sizes[0], self.parameters.people)
        self.settled["place_kind"][workplace : workplace + kinds.size] = kinds
        begins = (
            self.lay_out(workplace, own.start + work.district, sizes[0], first_member),
            self.lay_out(school, own.start + learn.district, sizes[1], first_pupil),
        )
        order = np.repeat(np.arange(sizes[0].size + sizes[1].size, dtype=np.int32), np.concatenate(sizes))
        edges = np.concatenate([work.edges[:-1], work.edges[-1] + learn.edges])
        kernel.shuffle(self.key("seat"), plate, edges, order)
        target = np.concatenate([work.target, work.target.size + learn.target])
        seats = (edges[:-1].copy(), target, order, np.concatenate(begins).astype(np.int32))
        return self.seat(plate, arrivals, seats, (sizes[0].size, workplace, school))

    def lay_out(self, first: int, districts: Numbers, sizes: Numbers, first_member: int) -> Numbers:
        """Where places of these sizes, one after the other from `first`, have their members and their district."""
        begins = first_member + np.cumsum(sizes) - sizes
        self.settled["place_start"][first : first + sizes.size] = begins
        self.settled["place_district"][first : first + sizes.size] = districts
        return np.asarray(begins)

    def seat(
        self, plate: int, arrivals: Leavers, seats: kernel.Seats, numbers: tuple[int, int, int]
    ) -> NDArray[np.int32]:
        """Seat a province's people and those who come there, ascending; gives the workplaces of the latter."""
        first_person, first_pool = int(self.province_start[plate]), places.SECTORS * self.districts(plate).start
        early = int(np.searchsorted(arrivals.person, first_person))
        before, after = (Leavers(*(column[side] for column in arrivals)) for side in (slice(early), slice(early, None)))
        member, (place,) = self.settled["member"], self.part(plate, "place")
        earlier = kernel.seat_listed(first_pool, *before, seats, numbers, member)
        codes = (PUPIL_POOLS, first_pool, places.SECTORS * self.bounds(plate).size - places.SECTORS)
        kernel.seat_residents(first_person, codes, place, seats, numbers, member)
        return np.concatenate([earlier, kernel.seat_listed(first_pool, *after, seats, numbers, member)])

    def workplace_sizes(self, first_district: int, pools: Pools) -> Numbers:
        """Sizes of a province's workplaces, pool by pool."""
        rank, pool = numbered(pools.places)
        draws = self.chance["workplace_size"].uniform(rank, pool + places.SECTORS * first_district)
        by_pool = zip(pools.members.tolist(), np.split(draws, starts(pools.places)[1:-1]), strict=True)
        return np.concatenate([places.workplace_sizes(members, drawn) for members, drawn in by_pool])

    def population(self) -> Population:
        """What has been made, frozen."""
        return Population(
            **self.people,
            **self.settled,
            province_start=starts(self.residents).astype(np.int32),
            district_start=self.district_start.astype(np.int32),
            district_province=DISTRICT_PROVINCE.copy(),
            second_dose_days=self.parameters.vaccination.second_dose_days,
            counted_on=self.parameters.counted_on,
            birth_key=int(self.key("birth_date")),
        )
