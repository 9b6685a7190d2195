"""The epidemic as it is told: a SimPy process for everybody infected, and one for the days.

The clock counts hours. On every day

    midnight   stays begin and end: infectious, in hospital, recovered, dead
    noon       the infectious meet people, who see the town as it was at midnight; infections are queued
    23:00      the queue is applied: a person hit several times is infected once, by the smallest layer and
               infector, and everything that lies ahead of the infected is settled

What a person meets and catches is drawn by `person`, keyed by infector, day and contact; so nothing hangs on the
order in which people act.
"""

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.epidemic import person as chance_of
from sim.epidemic.calendar import ONE, Way, times
from sim.epidemic.distributions import number_of
from sim.epidemic.model import (
    CHUNK,
    LAYER_OF,
    NEVER,
    NOBODY,
    Course,
    Layer,
    NewInfections,
    Rules,
    Standing,
    Town,
)
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.tally import LEVELS, PLATES, TOTALS, TYPES, Tally, none_new
from sim.streams import LOW, Streams

Numbers = NDArray[np.int64]
Told = Generator[simpy.Event, None, None]

HOURS = 24
NOON = 12
EVENING = 23


class Hit(NamedTuple):
    """Somebody is infected, unless something smaller hits them on the same day."""

    person: int
    layer: int
    infector: int
    variant: int


class Case(NamedTuple):
    """Somebody infected, with all that lies ahead."""

    person: int
    infector: int
    layer: int
    variant: int
    infected_on: int
    course: Course


@dataclass(frozen=True, slots=True)
class Groups:
    """Who can be met where."""

    town: Town
    commuters: Mapping[int, list[int]]
    """By district: the members of its workplaces and schools, place by place."""

    @classmethod
    def of(cls, town: Town) -> "Groups":
        """Gather the commuters of each district."""
        commuters: dict[int, list[int]] = {}
        for place, district in enumerate(town.place_district.tolist()):
            members = town.member[town.place_start[place] : town.place_start[place + 1]]
            commuters.setdefault(district, []).extend(members.tolist())
        return cls(town, commuters)

    def household(self, person: int) -> Iterator[tuple[int, int]]:
        """The others at home, each with the place in the household."""
        home = int(self.town.home[person])
        for place in range(home & 15):
            if place != home >> 4:
                yield place, person - (home >> 4) + place

    def province(self, person: int) -> int:
        """The plate of the province where a person lives."""
        return int(np.searchsorted(self.town.province_start, person, side="right")) - 1

    def reach(self, person: int, way: Way) -> "Reach | None":
        """The people whom a person may meet in a way, if there is such a group."""
        town, place = self.town, int(self.town.place[person])
        if way in {Way.WORK, Way.SCHOOL}:
            if place < 0 or (place >= town.workplaces) != (way is Way.SCHOOL):
                return None
            members = town.member[town.place_start[place] : town.place_start[place + 1]]
            return Reach(members, int(np.searchsorted(members, person)))
        if way is Way.TRANSPORT:
            return Reach(self.commuters[int(town.place_district[place])], None) if place >= 0 else None
        start = town.province_start
        if way is Way.DISTRICT:
            start = town.district_start
        if way is Way.COUNTRY:
            start = start[[0, -1]]
        mine = int(np.searchsorted(start, person, side="right")) - 1
        return Reach(range(int(start[mine]), int(start[mine + 1])), person - int(start[mine]))


@dataclass(frozen=True, slots=True)
class Reach:
    """A group, and the place of whoever looks around in it; None: unknown, and who draws oneself meets nobody."""

    group: Any
    own: int | None

    @property
    def others(self) -> int:
        """How many others there are."""
        return len(self.group) - 1

    def someone(self, bits: int) -> int:
        """One of the others, by 32 bits of chance."""
        if self.own is None:
            return int(self.group[chance_of.choice(bits, len(self.group))])
        nth = chance_of.choice(bits, self.others)
        return int(self.group[nth + (nth >= self.own)])


class Spread(Tally):
    """The epidemic in a town, day by day. Takes the streams named "epidemic/…", so once per `Streams`.

    `day` is called with 0, 1, 2, … up to `days` - 1, each time with what the ministry believes at noon. `threads` has
    no meaning here.
    """

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
        _ = threads
        self.town, self.groups, self.days = town, Groups.of(town), days
        self.rules = Rules.of(parameters, town, starts_on, days)
        self.meeting, self.falling_ill = streams.stream("epidemic/contacts"), streams.stream("epidemic/course")
        self.arriving, self.before = streams.stream("epidemic/imports"), streams.stream("epidemic/start")
        self.age, self.variants = town.age, len(parameters.variants.names)
        self.infected_on = np.full(town.age.size, NEVER, np.int16)
        self.history = np.zeros(town.age.size, np.uint8)
        self._begin(-1)
        cases = [case for person in range(town.age.size) if (case := self._look_back(person)) is not None]
        self.new = none_new()
        self.initial = self._columns(cases)
        self._look_around()

    def _begin(self, today: int) -> None:
        """Set the clock to the last hour of a day; nobody is ill yet."""
        self.today = today
        self.env = simpy.Environment(initial_time=today * HOURS + EVENING)
        self.standing: Standing | None = None
        self.queue: list[Hit] = []
        self.cases: list[Case] = []
        self.levels = {name: np.zeros(PLATES, np.int64) for name in LEVELS}
        self.env.process(self._days())

    def _look_around(self) -> None:
        """Count all stays that have begun by the evening of `today`; none ends before midnight."""
        self.env.run(until=self.env.now + 0.5)

    def day(self, day: int, standing: Standing) -> NewInfections:
        """Let a day pass, and tell who was infected on it.

        Raises:
            ValueError: for a day that is not the next one, or beyond the run.
        """
        if day != self.today + 1 or day >= self.days:
            raise ValueError(f"day {day} does not follow day {self.today} in a run of {self.days} days")
        self.standing = standing
        self.env.run(until=(day + 1) * HOURS)
        self.today = day
        return self.new

    def infectious_people(self) -> Numbers:
        """Who could pass it on to others on the last day; nobody in hospital can. Ascending."""
        found = [c.person for c in self.cases if c.course.infectious_on <= self.today < c.course.meets_until]
        return np.array(sorted(found), np.int64)

    def totals(self) -> dict[str, Numbers]:
        """Totals by plate (82 entries, 0 unused), as of the evening of the last day: see `TOTALS`."""
        plates = np.array([self.groups.province(person) for person in self.new.person.tolist()], np.int64)
        counted = {"new_infections": np.bincount(plates, minlength=PLATES)} | self.levels
        return {name: counted[name].copy() for name in TOTALS}

    # Processes

    def _days(self) -> Told:
        """Imports at noon, and the evening's settling."""
        while True:
            yield self.env.timeout(HOURS - EVENING)
            day = int(self.env.now) // HOURS
            yield self.env.timeout(NOON)
            self.queue += self._arrivals(day)
            yield self.env.timeout(EVENING - NOON)
            hits: dict[int, Hit] = {}
            for hit in sorted(self.queue):
                hits.setdefault(hit.person, hit)
            self.queue = []
            self.new = self._columns([self._infect(hit, day) for hit in hits.values()])

    def _illness(self, case: Case) -> Told:
        """Be infectious: meet people at each noon until recovered, in hospital or dead."""
        day = max(case.course.infectious_on, int(self.env.now + 1) // HOURS)
        while day < case.course.meets_until:
            yield self.env.timeout(day * HOURS + NOON - self.env.now)
            self.queue += self._meet_household(case, day)
            for way in Way:
                self.queue += self._meet(case, way, day)
            day += 1

    def _stay(self, name: str, plate: int, begins: int, ends: int) -> Told:
        """Count somebody in a state from one day's midnight to another's; `NEVER`: without end."""
        if begins * HOURS > self.env.now:
            yield self.env.timeout(begins * HOURS - self.env.now)
        if ends == NEVER or ends * HOURS > self.env.now:
            self.levels[name][plate] += 1
            if ends != NEVER:
                yield self.env.timeout(ends * HOURS - self.env.now)
                self.levels[name][plate] -= 1

    # What happens in them

    def _arrivals(self, day: int) -> Iterator[Hit]:
        """People come infected from outside."""
        people, borders = self.infected_on.size, int(self.rules.calendar.borders[day])
        for chunk in range(-(-people // CHUNK)):
            for nth in range(number_of(self.rules.imports, self.arriving.word(chunk, day, 0) >> 32)):
                word, other = (self.arriving.word(chunk, day, 1 + 2 * nth + sub) for sub in (0, 1))
                person = chunk * CHUNK + chance_of.choice(word & LOW, CHUNK)
                variant = chance_of.variant_on(self.rules, day, other >> 32)
                if person < people and word >> 34 < times(borders, self._susceptibility(person, variant, day)):
                    yield Hit(person, Layer.IMPORT, NOBODY, variant)

    def _meet_household(self, case: Case, day: int) -> Iterator[Hit]:
        """Every member is met every day, by whatever rules."""
        chance = int(self.rules.household[case.course.kind])
        for place, member in self.groups.household(case.person):
            bits = chance_of.at_home(self.meeting, case.person, day, place)
            if bits >> 2 < times(chance, self._susceptibility(member, case.variant, day)):
                yield Hit(member, Layer.HOUSEHOLD, case.person, case.variant)

    def _meet(self, case: Case, way: Way, day: int) -> Iterator[Hit]:
        """Some others are met, as far as the day, the rules and both sides' isolation let it happen."""
        reach = self.groups.reach(case.person, way)
        if reach is None or reach.others == 0:
            return
        contacts = chance_of.contacts_of(self.rules, self.meeting, case.person, case.course.kind, day)[way]
        happens = times(int(self.rules.calendar.contacts[way, day]), self._source(case, way, day))
        happens = times(happens, chance_of.crowd_factor(self.rules, way, reach.others))
        for nth in range(contacts):
            word = self.meeting.word(case.person, day, chance_of.CONTACT_SUBS * (way + 1) + nth)
            other = reach.someone(word & LOW)
            chance = times(happens, self._susceptibility(other, case.variant, day))
            chance = times(chance, self._door(other, way, day))
            if other != case.person and word >> 34 < chance:
                yield Hit(other, LAYER_OF[way], case.person, case.variant)

    def _source(self, case: Case, way: Way, day: int) -> int:
        """What illness and the rules leave of an infectious person's contacts."""
        ill = case.course.symptoms_on != NEVER and case.course.symptoms_on <= day
        return times(self.rules.at_home if ill else ONE, self._door(case.person, way, day))

    def _door(self, person: int, way: Way, day: int) -> int:
        """What the rules leave of a person's contacts: all, unless the ministry holds them to be risky at noon."""
        standing, hour = self.standing, day * HOURS + NOON
        assert standing is not None
        risky = standing.risky_from[person] <= hour < standing.risky_until[person]
        return int(self.rules.calendar.risky[way, day]) if risky else ONE

    def _susceptibility(self, person: int, variant: int, day: int) -> int:
        infected_on, history = int(self.infected_on[person]), int(self.history[person])
        return chance_of.susceptibility_of(
            self.rules, self.town, person, infected_on=infected_on, history=history, variant=variant, day=day
        )

    def _look_back(self, person: int) -> Case | None:
        """Bring in what a person has had before day 0; the infection that still goes on, if there is one."""
        case = None
        for earlier in chance_of.earlier_infections(self.rules, self.before, person):
            if earlier.first:
                case = self._infect(Hit(person, Layer.IMPORT, NOBODY, earlier.variant), earlier.day)
            else:
                self.infected_on[person] = earlier.day
                self.history[person] = chance_of.remembered(0, earlier.variant, fatal=False)
                self.levels["ever_infected"][self.groups.province(person)] += 1
        return case

    def _infect(self, hit: Hit, day: int) -> Case:
        """Write an infection down, and begin its course."""
        person, history = hit.person, int(self.history[hit.person])
        number = chance_of.infections_before(history)
        course = chance_of.course_of(
            self.rules,
            self.falling_ill,
            person=person,
            age=int(self.age[person]),
            day=day,
            variant=hit.variant,
            number=number,
            doses=chance_of.doses_on(self.rules, self.town, person, day)[0],
        )
        if self.infected_on[person] == NEVER:
            self.levels["ever_infected"][self.groups.province(person)] += 1
        self.infected_on[person] = day
        self.history[person] = chance_of.remembered(history, hit.variant, fatal=course.died_on != NEVER)
        case = Case(person, hit.infector, hit.layer, hit.variant, day, course)
        self._follow(case)
        return case

    def _follow(self, case: Case) -> None:
        """Let everything happen that lies ahead of a case."""
        course, plate = case.course, self.groups.province(case.person)
        self.cases.append(case)
        self.env.process(self._illness(case))
        self._enter("exposed", plate, case.infected_on, course.infectious_on)
        self._enter("infectious", plate, course.infectious_on, course.recovered_on)
        self._enter("symptomatic", plate, course.symptoms_on, course.recovered_on)
        self._enter("in_hospital", plate, course.hospital_on, course.left_on)
        self._enter("died", plate, course.died_on, NEVER)

    def _enter(self, name: str, plate: int, begins: int, ends: int) -> None:
        if begins != NEVER:
            self.env.process(self._stay(name, plate, begins, ends))

    def _columns(self, cases: list[Case]) -> NewInfections:
        """Cases as columns."""
        rows = [(*case[:4], *case.course[:6]) for case in cases]
        flat = list(zip(*rows, strict=True)) or [()] * len(TYPES)
        return NewInfections(*(np.array(column, kind) for column, kind in zip(flat, TYPES, strict=True)))

    # Between runs

    def state(self) -> dict[str, NDArray[Any]]:
        """All that the next days hang on, at a day's end; columns by person are live."""
        open_cases = [case for case in self.cases if max(case.course.recovered_on, case.course.left_on) > self.today]
        rows = [(*case[:5], *case.course) for case in open_cases]
        return {
            "day": np.array([self.today]),
            "infected_on": self.infected_on,
            "history": self.history,
            "cases": np.array(rows, np.int64).reshape(-1, 12),
            "levels": np.array([self.levels[name] for name in LEVELS]),
            **{f"new_{name}": column for name, column in self.new._asdict().items()},
        }

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from a state of the same town and parameters."""
        self._begin(int(state["day"][0]))
        self.infected_on[:], self.history[:] = state["infected_on"], state["history"]
        self.new = NewInfections(*(state[f"new_{name}"] for name in NewInfections._fields))
        for row in state["cases"].tolist():
            person, infector, layer, variant, infected_on, *course = row
            self._follow(Case(person, infector, layer, variant, infected_on, Course(*course)))
        self._look_around()
        self.levels = dict(zip(LEVELS, state["levels"].copy(), strict=True))
