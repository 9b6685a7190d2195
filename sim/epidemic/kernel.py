"""The epidemic for a whole country: the same days as `process`, in compiled loops over columns.

Work grows with the infectious and their contacts. Besides two columns, three bytes a person, there are the active
(those who are or will be infectious, 18 bytes each) and the changes of every total on every day to come, noted when
somebody falls ill. Threads share the active among them; what they find is sorted, so that nothing hangs on who
found it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import in_threads, key_of, shares
from sim.epidemic import loops, meetings
from sim.epidemic.guides import PEOPLE, SEATS, guide_to_runs, guide_to_thresholds
from sim.epidemic.loops import Active, Laws, People, Record, Scale, Today
from sim.epidemic.model import CHUNK, NEVER, NewInfections, Rules, Standing, Town
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.tally import LEVELS, PLATES, TOTALS, TYPES, Tally, none_new
from sim.streams import Streams

Numbers = NDArray[np.int64]
Columns = NDArray[Any]

ACTIVE_TYPES = (np.int32, np.int32, np.uint16, np.uint8, np.uint8, np.int16, np.int16, np.int16)
ROOM = 4096
"""Entries that a list begins with."""
TIDYING_DAYS = 3
"""Days from which to which those who meet nobody any more stay among the active: closing gaps takes time, too."""


class CompiledSpread(Tally):
    """The epidemic in a town or a country, day by day; interface and results are those of `process.Spread`."""

    infected_on: NDArray[np.int16]
    """Per person, live: the day of the last infection, `NEVER` for none."""
    initial: NewInfections
    """The infections of the last days before day 0, whose courses go on."""

    def __init__(
        self,
        town: Town,
        parameters: EpidemicParameters,
        streams: Streams,
        starts_on: date,
        days: int,
        *,
        threads: int = 1,
    ) -> None:
        self.days, self.threads, self.today = days, threads, -1
        rules = Rules.of(parameters, town, starts_on, days)
        self.calendar, self.people = rules.calendar, people_of(town)
        self.laws, self.scale = laws_of(rules), scale_of(rules, town)
        names = ("contacts", "course", "imports", "start")
        self.keys = {name: key_of(streams.stream(f"epidemic/{name}")) for name in names}
        self.age, self.variants = self.people.age, len(parameters.variants.names)
        self.infected_on = np.full(self.age.size, NEVER, np.int16)
        self.history = np.zeros(self.age.size, np.uint8)
        room = self.age.size // 5 + ROOM  # asked for, but taken only when it is needed
        self.active, self.count = Active(*(np.empty(room, kind) for kind in ACTIVE_TYPES)), 0
        self.changes = np.zeros((threads, len(LEVELS), days + 1, PLATES), np.int32)
        self.levels = np.zeros((len(LEVELS), PLATES), np.int64)
        self.new = none_new()
        self.initial = self._look_back(parameters)

    def day(self, day: int, standing: Standing) -> NewInfections:
        """Let a day pass, and tell who was infected on it.

        Raises:
            ValueError: for a day that is not the next one, or beyond the run.
        """
        if day != self.today + 1 or day >= self.days:
            raise ValueError(f"day {day} does not follow day {self.today} in a run of {self.days} days")
        if day % TIDYING_DAYS == 0:
            self.count = loops.keep(self.active, self.count, day)
        hits = self._first_hits(np.concatenate([self._meetings(day, standing), self._arrivals(day)]))
        self.new = self._fall_ill(hits, np.full(hits.size, day, np.int16))
        self.levels += self.changes[:, :, day].sum(axis=0)
        self.today = day
        return self.new

    def infectious_people(self) -> Numbers:
        """Who could pass it on to others on the last day; nobody in hospital can. Ascending."""
        begins, ends = self.active.begins[: self.count], self.active.ends[: self.count]
        return np.sort(self.active.person[: self.count][(begins <= self.today) & (ends > self.today)].astype(np.int64))

    def totals(self) -> dict[str, Numbers]:
        """Totals by plate (82 entries, 0 unused), as of the evening of the last day: see `TOTALS`."""
        plates = np.searchsorted(self.people.province_start, self.new.person, side="right") - 1
        return dict(zip(TOTALS, [np.bincount(plates, minlength=PLATES), *self.levels.copy()], strict=True))

    def _meetings(self, day: int, standing: Standing) -> Numbers:
        """Hits by those who are infectious."""
        calendar = self.calendar
        today = Today(
            read_only(calendar.contacts[:, day], np.int64),
            read_only(calendar.risky[:, day], np.int64),
            read_only(standing.risky_from, np.int16),
            read_only(standing.risky_until, np.int16),
        )

        def work(first: int, end: int, hits: Numbers) -> int:
            found: int = meetings.meet(
                first,
                end,
                day,
                self.keys["contacts"],
                self.people,
                self.laws,
                self.scale,
                today,
                self.active,
                self.infected_on,
                self.history,
                hits,
            )
            return found

        return self._gathered(self.count, work, self.count // self.threads)

    def _arrivals(self, day: int) -> Numbers:
        """Hits from outside."""
        borders = int(self.calendar.borders[day])

        def work(first: int, end: int, hits: Numbers) -> int:
            found: int = meetings.arrivals(
                first,
                end,
                day,
                self.keys["imports"],
                borders,
                self.people,
                self.laws,
                self.scale,
                self.infected_on,
                self.history,
                hits,
            )
            return found

        return self._gathered(-(-self.age.size // CHUNK), work, 0)

    def _gathered(self, items: int, work: Callable[[int, int, Numbers], int], expected: int) -> Numbers:
        """What all threads find; a thread with too little room looks again with enough."""
        parts = shares(items, self.threads)

        def search(thread: int) -> Numbers:
            first, end = parts[thread]
            hits = np.empty(expected + ROOM, np.int64)
            found = work(first, end, hits)
            if found > hits.size:
                hits = np.empty(found, np.int64)
                work(first, end, hits)
            return hits[:found]

        return np.concatenate(in_threads(self.threads, search))

    @staticmethod
    def _first_hits(hits: Numbers) -> Numbers:
        """For each person hit the smallest one, ascending by person."""
        hits.sort()
        person = hits >> loops.PERSON_BITS
        first = np.ones(hits.size, np.bool_)
        np.not_equal(person[1:], person[:-1], out=first[1:])
        return hits[first]

    def _fall_ill(self, hits: Numbers, on: NDArray[np.int16]) -> NewInfections:
        """Write infections down, one a person, with the days on which they happen."""
        record = Record(*(np.empty(hits.size, kind) for kind in TYPES))
        self._make_room(self.count + hits.size)
        parts = shares(hits.size, self.threads)
        in_threads(
            self.threads,
            lambda thread: loops.fall_ill(
                *parts[thread],
                self.keys["course"],
                hits,
                on,
                self.people,
                self.laws,
                self.scale,
                self.infected_on,
                self.history,
                record,
                self.active,
                self.count,
                self.changes[thread],
                np.zeros(1, np.int64),
            ),
        )
        self.count += hits.size
        return NewInfections(*record)

    def _make_room(self, entries: int) -> None:
        """Let the list of the active grow."""
        if entries > self.active.person.size:
            grown = Active(*(np.empty(entries * 5 // 4, kind) for kind in ACTIVE_TYPES))
            for old, new in zip(self.active, grown, strict=True):
                new[: self.count] = old[: self.count]
            self.active = grown

    def _look_back(self, parameters: EpidemicParameters) -> NewInfections:
        """What people have had before day 0."""
        parts = shares(self.age.size, self.threads)
        share = parameters.initial_infected_share

        def search(thread: int) -> tuple[Numbers, NDArray[np.int16]]:
            first, end = parts[thread]
            room = min(int((end - first) * share * 1.1) + ROOM, end - first)
            while True:
                hits, on = np.empty(room, np.int64), np.empty(room, np.int16)
                found = loops.look_back(
                    first, end, self.keys["start"], self.laws, self.scale, self.infected_on, self.history, hits, on
                )
                if found <= room:
                    return hits[:found], on[:found]
                room = found

        hits, on = (np.concatenate(column) for column in zip(*in_threads(self.threads, search), strict=True))
        for plate, (first, end) in enumerate(pairwise(self.people.province_start.tolist())):
            self.changes[0, LEVELS.index("ever_infected"), 0, plate] += loops.infected_people(
                self.infected_on, first, end
            )
        initial = self._fall_ill(hits, on)
        self.count = loops.keep(self.active, self.count, 0)
        return initial

    # Between runs

    def state(self) -> dict[str, Columns]:
        """All that the next days hang on, at a day's end; columns by person are live."""
        return {
            "day": np.array([self.today]),
            "infected_on": self.infected_on,
            "history": self.history,
            "levels": self.levels.copy(),
            "changes": self.changes.sum(axis=0, dtype=np.int32),
            **{f"active_{name}": column[: self.count].copy() for name, column in self.active._asdict().items()},
            **{f"new_{name}": column for name, column in self.new._asdict().items()},
        }

    def restore(self, state: Mapping[str, Columns]) -> None:
        """Go on from a state of the same town, parameters and days; the number of threads may be another."""
        self.today = int(state["day"][0])
        self.infected_on[:], self.history[:] = state["infected_on"], state["history"]
        self.levels[:], self.changes[:] = state["levels"], 0
        self.changes[0] = state["changes"]
        self.count = 0
        self._make_room(state["active_person"].size)
        self.count = state["active_person"].size
        for name, column in self.active._asdict().items():
            column[: self.count] = state[f"active_{name}"]
        self.new = NewInfections(*(state[f"new_{name}"] for name in NewInfections._fields))


def read_only(column: Columns, kind: type) -> Columns:
    """A column as compiled loops take it: in one piece, of this type, and not to be written."""
    view: Columns = np.ascontiguousarray(column, kind).view()
    view.flags.writeable = False
    return view


def people_of(town: Town) -> People:
    """The town's columns, and the workplaces and schools of each district."""
    districts = town.district_start.size - 1
    by_district = np.argsort(town.place_district, kind="stable")
    members = np.diff(town.place_start)[by_district]
    before = np.append(0, np.cumsum(members))
    first = np.searchsorted(town.place_district[by_district], np.arange(districts + 1))
    return People(
        age=read_only(town.age, np.uint8),
        home=read_only(town.home, np.uint8),
        flags=read_only(town.flags, np.uint8),
        place=read_only(town.place, np.int32),
        first_dose=read_only(town.first_dose, np.int16),
        third_dose=read_only(town.third_dose, np.int16),
        province_start=read_only(town.province_start, np.int32),
        district_start=read_only(town.district_start, np.int32),
        district_province=read_only(town.district_province, np.uint8),
        place_start=read_only(town.place_start, np.int32),
        member=read_only(town.member, np.int32),
        place_district=read_only(town.place_district, np.uint16),
        ride_first=read_only(first, np.int32),
        ride_place=read_only(by_district, np.int32),
        ride_before=read_only(before, np.int32),
        ride_guide=read_only(guide_to_runs(before, SEATS), np.int32),
        district_guide=read_only(guide_to_runs(town.district_start, PEOPLE), np.int32),
    )


def laws_of(rules: Rules) -> Laws:
    """The tables of the rules, and guides to those of stays."""
    stays = ("incubation", "infectious", "hospital_after", "hospital_days")
    guides = {f"{name}_guide": guide_to_thresholds(getattr(rules, name)) for name in stays}
    tables = {name: getattr(rules, name) for name in Laws._fields if name not in guides}
    return Laws(**{name: read_only(table, np.int64) for name, table in {**tables, **guides}.items()})


def scale_of(rules: Rules, town: Town) -> Scale:
    """The single numbers of the rules and the town."""
    of_town = {
        "workplaces": int(town.workplaces),
        "first_dose_day": int(np.min(town.first_dose, where=town.first_dose > 0, initial=np.iinfo(np.int16).max)),
    }
    return Scale(**of_town, **{name: int(getattr(rules, name)) for name in Scale._fields if name not in of_town})
