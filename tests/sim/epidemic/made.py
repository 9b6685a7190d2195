"""Made towns: columns as a population has them, from a few numbers, and what the ministry might believe of people."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.epidemic.biology import Illness, Immunity, Variants
from sim.epidemic.measures import Measures
from sim.epidemic.model import NEVER
from sim.epidemic.parameters import EpidemicParameters
from sim.streams import Streams

Column = NDArray[Any]
MONDAY = date(2021, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """Columns of a population."""

    age: Column
    home: Column
    flags: Column
    place: Column
    first_dose: Column
    third_dose: Column
    second_dose_days: int
    province_start: Column
    district_start: Column
    district_province: Column
    place_start: Column
    member: Column
    place_district: Column
    workplaces: int


class Believed(NamedTuple):
    """What the ministry believes."""

    risky_from: Column
    risky_until: Column


def nobody_risky(people: int) -> Believed:
    return Believed(np.full(people, NEVER, np.int16), np.full(people, NEVER, np.int16))


def town(
    *households: int,
    age: int | list[int] = 30,
    work: tuple[tuple[int, ...], ...] = (),
    school: tuple[tuple[int, ...], ...] = (),
    districts: tuple[int, ...] | None = None,
    provinces: tuple[int, ...] = (6,),
    place_districts: tuple[int, ...] | None = None,
    doses: dict[int, tuple[int, int, int]] | None = None,
) -> Town:
    """Households of these sizes one after the other, workplaces and schools with these members.

    `districts` has the people of each, which end with a household; `provinces` the plate of each district;
    `doses` a person's doses in the end, the day of the first and of the third, from 2020-01-01.
    """
    people = sum(households)
    places = [*work, *school]
    edges = np.cumsum([0, *(districts or (people,))])
    plates = np.array(provinces)
    planned, first, third = np.zeros(people, np.uint8), np.zeros(people, np.int16), np.zeros(people, np.int16)
    for person, (number, begun, boosted) in (doses or {}).items():
        planned[person], first[person], third[person] = number, begun, boosted
    place = np.full(people, -1, np.int32)
    for index, members in enumerate(places):
        place[list(members)] = index
    return Town(
        age=np.broadcast_to(np.array(age, np.uint8), people).copy(),
        home=np.array([nth << 4 | size for size in households for nth in range(size)], np.uint8),
        flags=planned << 4,
        place=place,
        first_dose=first,
        third_dose=third,
        second_dose_days=28,
        province_start=edges[np.searchsorted(plates, np.arange(83))].astype(np.int32),
        district_start=edges.astype(np.int32),
        district_province=plates.astype(np.uint8),
        place_start=np.cumsum([0, *map(len, places)]).astype(np.int32),
        member=np.array([person for members in places for person in sorted(members)], np.int32),
        place_district=np.array(place_districts or (0,) * len(places), np.uint16),
        workplaces=len(work),
    )


def crowd(people: int, household: int = 1, **columns: Any) -> Town:
    """One district of households of one size, nobody with a workplace or school: quick to make."""
    count = people // household
    nothing = np.empty(0, np.int32)
    columns = {
        "age": np.full(people, 30, np.uint8),
        "home": np.tile(np.array([nth << 4 | household for nth in range(household)], np.uint8), count),
        "flags": np.zeros(people, np.uint8),
        "place": np.full(people, -1, np.int32),
        "first_dose": np.zeros(people, np.int16),
        "third_dose": np.zeros(people, np.int16),
        "place_start": np.zeros(1, np.int32),
        "member": nothing,
        "place_district": nothing.astype(np.uint16),
        "workplaces": 0,
    } | columns
    return Town(
        second_dose_days=28,
        province_start=np.array([0] * 7 + [people] * 76, np.int32),
        district_start=np.array([0, people], np.int32),
        district_province=np.array([6], np.uint8),
        **columns,
    )


def random_town(seed: int, people: int, districts: int = 3) -> Town:
    """People of all ages in households of 1 to 6, districts of two provinces, workplaces, schools and doses."""
    stream = Streams(seed).stream("made")
    sizes: list[int] = []
    while sum(sizes) < people:
        sizes.append(min(1 + int(stream.below(6, len(sizes))), people - sum(sizes)))
    ends = np.cumsum(sizes)
    cuts = [int(ends[len(sizes) * (nth + 1) // districts - 1]) for nth in range(districts)]
    cuts[-1] = people
    spans = tuple(np.diff([0, *cuts]).tolist())
    everybody = np.arange(people)
    age = stream.below(100, everybody, 1)
    where = stream.below(5, everybody, 2)
    workers, pupils = everybody[(where < 2) & (age >= 18)], everybody[(where < 4) & (age < 18)]
    offices, schools = max(1, people // 12), max(1, people // 60)
    at_work, at_school = stream.below(offices, workers, 3), stream.below(schools, pupils, 4)
    planned = stream.below(4, everybody, 5)
    begun = 300 + stream.below(200, everybody, 6)
    boosted = begun + 60 + stream.below(60, everybody, 7)
    return town(
        *sizes,
        age=age.tolist(),
        work=tuple(tuple(workers[at_work == nth].tolist()) for nth in range(offices)),
        school=tuple(tuple(pupils[at_school == nth].tolist()) for nth in range(schools)),
        districts=spans,
        provinces=tuple(34 if nth >= districts // 2 else 6 for nth in range(districts)),
        place_districts=tuple(stream.below(districts, np.arange(offices + schools), 8).tolist()),
        doses={
            int(nth): (int(planned[nth]), int(begun[nth]), int(boosted[nth]) if planned[nth] == 3 else 0)
            for nth in everybody[planned > 0]
        },
    )


def random_belief(seed: int, people: int, day: int) -> Believed:
    """A third of the people risky for some hours around a day."""
    stream = Streams(seed).stream(f"belief {day}")
    everybody = np.arange(people)
    begins = day * 24 - 24 + stream.below(60, everybody, 0)
    ends = begins + stream.below(72, everybody, 1)
    some = stream.chance(1 / 3, everybody, 2)
    return Believed(np.where(some, begins, NEVER).astype(np.int16), np.where(some, ends, NEVER).astype(np.int16))


ALWAYS = ((date(2020, 1, 1), 1.0),)
CALM = Measures(
    waves=ALWAYS,
    schools=ALWAYS,
    work_weekend=1.0,
    transport_weekend=1.0,
    seasonality=0.0,
    ill_at_home_share=0.0,
    isolation_kept=0.0,
    doors=((date(2020, 1, 1), 0.0, 0.0, 0.0, 0.0, 0.0),),
)
"""Every contact takes place on every day."""
HARMLESS = Illness(susceptibility=(1.0,) * 9, asymptomatic=(0.0,) * 9, hospital=(0.0,) * 9, death=(0.0,) * 9)
"""Everybody as susceptible as the next, with symptoms, and never in hospital."""
ONE_VARIANT = Variants(names=("one",), transmissibility=(1.0,), severity=(1.0,), shares=((date(2020, 1, 1), (1.0,)),))
UNPROTECTED = Immunity(infection=((1.0,),), doses=((0.0,),) * 3, infection_half_life_days=10_000.0)
SILENCE: dict[str, Any] = {
    "household_transmission": 0.0,
    "work_transmission": 0.0,
    "school_transmission": 0.0,
    "transport_transmission": 0.0,
    "community_transmission": 0.0,
    "province_share": 0.0,
    "travel_share": 0.0,
    "dispersion": 0.0,
    "initial_infected_share": 0.0,
    "past_infected_share": 0.0,
    "imported_per_100k_per_day": 0.0,
    "illness": HARMLESS,
    "variants": ONE_VARIANT,
    "immunity": UNPROTECTED,
    "measures": CALM,
}
"""Nothing happens but what a test switches on."""


def silent(**change: Any) -> EpidemicParameters:
    return EpidemicParameters(**SILENCE | change)
