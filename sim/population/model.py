"""From measurements to people: households, ages, names, workplaces and schools, as columns.

Everything that has to add up (ages, provinces, staff, pupils) is apportioned in whole numbers; all else is
drawn, each draw keyed by the person or place that it is for. Fractions meet only the four operations and the
square root, so that the columns are the same on every machine.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.names import FEMALE_GIVEN_NAME_WEIGHTS, MALE_GIVEN_NAME_WEIGHTS, SURNAME_WEIGHTS
from mockgov.vocabulary.province import NATIONAL_POPULATION_2020, PROVINCES, parse_province
from sim.population import parameters as facts
from sim.population.parameters import PopulationParameters
from sim.streams import Stream, Streams

Numbers = NDArray[np.int64]
Fractions = NDArray[np.float64]
Flags = NDArray[np.bool_]
Sexes = NDArray[np.uint8]
Indices = NDArray[np.int32]
Names = NDArray[np.uint16]
Columns = dict[str, NDArray[Any]]
Seats = tuple[Indices, Columns]

NONE = -1  # in `workplace` and `school`
ADULT_AGE = 18
KINDS = tuple(InstitutionKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """A made-up town: one entry a person, a household, a workplace or a school. All columns are read-only.

    People are sorted by province (a plate, 1 to 81) and household; a household's first person is its head, an
    adult. Workplaces and schools are sorted by province; within it private workplaces come first, and each
    sector's largest come first. Nobody works or goes to school outside the home province.
    """

    province: NDArray[np.uint8]
    """Plate of the province where the person lives."""
    household: Indices
    """Index of the person's household, ascending without gaps."""
    birth_date: Indices
    """Days since 1 January 1970."""
    age: NDArray[np.uint8]
    """Completed years on the day of the count, 0 to 100."""
    sex: Sexes
    """0 male, 1 female."""
    given_name: Names
    """Index into the given names of the person's sex in `mockgov.vocabulary.names`."""
    surname: Names
    """Index into the surnames there."""
    workplace: Indices
    """Index of the workplace, -1 none."""
    school: Indices
    """Index of the school, -1 none; nobody has both."""
    phone_owner: Flags
    """Has a mobile phone number of their own."""
    app_user: Flags
    """Uses the mobile application; a phone owner aged 15 or over."""

    household_start: Indices
    """Index of each household's first person, and the number of people at the end: households + 1 entries."""

    workplace_province: NDArray[np.uint8]
    workplace_size: Indices
    """Employees."""
    workplace_kind: NDArray[np.uint8]
    """Index into `tuple(InstitutionKind)`; a private employer is a WORKPLACE."""
    workplace_integrated: Flags
    """Queries by machine, through the corporate service; see `integrated`."""

    school_province: NDArray[np.uint8]
    school_size: Indices
    """Pupils."""
    school_stage: NDArray[np.uint8]
    """0 primary (ages 6 to 9), 1 middle (10 to 13), 2 upper secondary (14 to 17)."""

    def __post_init__(self) -> None:
        """Freeze the columns too: a run's population is what it was built as."""
        for name in self.__slots__:
            getattr(self, name).setflags(write=False)


def build(parameters: PopulationParameters, streams: Streams) -> Population:
    """Make the population that `parameters` describe; the same seed gives the same columns.

    Takes the streams named "population/…", so once per `Streams`. Each parameter has its own draws: another
    `app_share`, say, changes the column `app_user` alone, and a larger one only adds users.
    Raises `ValueError` when there are more children than places beside an adult.
    """
    plates, residents = settle_provinces(parameters)
    shares = household_shares(parameters.household_mean)
    sizes, home = draw_households(residents, shares, streams.stream("population/household"))
    household = np.repeat(np.arange(sizes.size), sizes)
    start = np.append(0, np.cumsum(sizes))
    place = np.arange(parameters.people) - start[household]
    province = plates[home][household]
    wished, partner = draw_roles(place, sizes[household], streams.stream("population/role"))
    age = settle_ages(wished, place == 0)
    sex = draw_sexes(place, partner, streams.stream("population/sex"))
    school, school_columns = settle_schools(parameters, streams, age, province)
    hired = employment_chances(parameters.employed_share, age, sex, school == NONE)
    workplace, workplace_columns = settle_workplaces(parameters, streams, hired, province)
    phone_owner, app_user = draw_phones(parameters, age, streams.stream("population/phone"))
    surnames = streams.stream("population/surname")
    return Population(
        province=province.astype(np.uint8),
        household=household.astype(np.int32),
        birth_date=birth_dates(age, parameters.counted_on, streams.stream("population/birth_date")),
        age=age.astype(np.uint8),
        sex=sex,
        given_name=draw_given_names(sex, streams.stream("population/given_name")),
        surname=draw_surnames(household, place, parameters.own_surname_share, surnames),
        workplace=workplace,
        school=school,
        phone_owner=phone_owner,
        app_user=app_user,
        household_start=start.astype(np.int32),
        **workplace_columns,
        **school_columns,
    )


def apportion(total: int, weights: Numbers) -> Numbers:
    """Divide `total` things in proportion to whole weights, by largest remainder; ties to the earlier."""
    parts, rest = np.divmod(total * weights, max(int(weights.sum()), 1))
    parts[np.argsort(-rest, kind="stable")[: total - int(parts.sum())]] += 1
    return parts


def settle_provinces(parameters: PopulationParameters) -> tuple[Numbers, Numbers]:
    """Plates of the provinces that get anybody, ascending, and the people of each."""
    named = sorted(parse_province(name).plate for name in parameters.provinces)
    plates = np.array(named or range(1, len(PROVINCES) + 1))
    registered = np.array([PROVINCES[plate - 1].population_2020 for plate in plates])
    residents = apportion(parameters.people, registered)
    return plates[residents > 0], residents[residents > 0]


def household_shares(mean: float) -> Fractions:
    """Share of households with 1, 2, … 15 people, so that a household has `mean` people on average.

    TÜİK's table of 2018, tilted: share k is multiplied by t^k, and t chosen for the mean. Of all ways to move
    the mean this changes the table least (in relative entropy).
    """
    counted = np.array(facts.HOUSEHOLDS_2018)
    sizes = np.arange(1, counted.size + 1)
    low, high = 0.0, 16.0
    for _ in range(60):
        tilt = (low + high) / 2
        weights = counted * np.cumprod(np.full(sizes.size, tilt))  # powers without libm
        too_large = fsum(weights * sizes) > mean * fsum(weights)
        low, high = (low, tilt) if too_large else (tilt, high)
    return np.asarray(weights / fsum(weights))


def draw_households(residents: Numbers, shares: Fractions, chance: Stream) -> tuple[Numbers, Numbers]:
    """Sizes of all households, province by province until it is full, and each one's place in `residents`."""
    within, home = _numbered(residents)  # as many candidates as people: surely enough
    thresholds = np.rint(np.cumsum(shares) * 2.0**32).astype(np.uint64)[:-1]
    drawn = 1 + np.searchsorted(thresholds, chance.words(within, home) >> np.uint64(32), side="right")
    before = np.cumsum(drawn) - drawn
    left = residents[home] - (before - before[np.arange(home.size) - within])
    return np.minimum(drawn, left)[left > 0], home[left > 0]


def draw_roles(place: Numbers, size: Numbers, chance: Stream) -> tuple[Numbers, Flags]:
    """How old, in days, each person would be by their role in the household, and who is the head's partner.

    `place` is the place in the household: 0 the head, 1 mostly a partner, `size` - 1 perhaps a parent of the
    head; all others are the head's children. The ages may be negative.
    """
    people, kind = np.arange(place.size), np.minimum(size, len(facts.PARTNER_SHARE) - 1)
    young, partner, elder = (
        chance.chance(np.array(shares)[kind], people, 0, sub)
        for sub, shares in enumerate((facts.YOUNG_HEAD_SHARE, facts.PARTNER_SHARE, facts.ELDER_SHARE))
    )
    partner &= place == 1
    elder &= (place > 1) & (place == size - 1)
    as_head = np.where(young, np.array(facts.YOUNG_HEAD_AGES)[kind].T, np.array(facts.OLD_HEAD_AGES)[kind].T)
    gaps = np.array([facts.CHILD_GAP, facts.PARTNER_GAP, facts.ELDER_GAP])
    low, high = np.where(place == 0, as_head, gaps[partner + 2 * elder].T) * 365
    wished: Numbers = low + chance.below(high - low, people, 1)
    return np.where(place == 0, wished, wished + wished[people - place]), partner


def census_ages(people: int) -> Numbers:
    """The ages of so many people, ascending: tens of years as counted, single years even within them.

    From 80 to 100 the single years fall with the square of what is left to 101. Chosen here.
    """
    decades = apportion(people, np.array([count for _, _, count in facts.AGES]))
    ages = []
    for (first, last, _), count in zip(facts.AGES, decades, strict=True):
        years = np.arange(first, last + 1)
        weights = (101 - years) ** 2 if last == 100 else np.ones_like(years)
        ages.append(np.repeat(years, apportion(int(count), weights)))
    return np.concatenate(ages)


def settle_ages(wished: Numbers, heads: Flags) -> Numbers:
    """Give out the census' ages in the order of the wished ones, so that every age has its exact share.

    The children (under 18) are the youngest of those who head no household; hence each lives with an adult.
    """
    census = census_ages(wished.size)
    others = np.flatnonzero(~heads)
    minors = int((census < ADULT_AGE).sum())
    if minors > others.size:
        told = f"{minors} children have only {others.size} places beside the heads of {heads.sum()} households"
        raise ValueError(f"{told}; take more people, fewer provinces or a larger household_mean")
    by_age = others[np.argsort(wished[others], kind="stable")]
    adults = np.append(np.flatnonzero(heads), by_age[minors:])
    age = np.empty(wished.size, np.int64)
    age[by_age[:minors]] = census[:minors]
    age[adults[np.argsort(wished[adults], kind="stable")]] = census[minors:]
    return age


def draw_sexes(place: Numbers, partner: Flags, chance: Stream) -> Sexes:
    """0 male, 1 female; a partner has the other sex than the head."""
    people = np.arange(place.size)
    female = ~chance.chance(facts.MALE_SHARE, people)
    return np.where(partner, ~female[people - place], female).astype(np.uint8)


def birth_dates(age: Numbers, counted_on: date, chance: Stream) -> Indices:
    """Days since 1 January 1970: birthdays of people of these ages on `counted_on`, all equally likely."""
    latest = np.array([_latest_birth(counted_on, years) for years in range(int(age.max()) + 2)])
    born = latest[age + 1] + 1 + chance.below(latest[age] - latest[age + 1], np.arange(age.size))
    return born.astype(np.int32)


def _latest_birth(on: date, years: int) -> int:
    """The last day on which a person of `years` was born; whoever was born on 29 February ages on 1 March."""
    year = on.year - years
    day = 28 if (on.month, on.day) == (2, 29) and not isleap(year) else on.day
    return (date(year, on.month, day) - date(1970, 1, 1)).days


def draw_given_names(sex: Sexes, chance: Stream) -> Names:
    """Indices into the names of each person's sex, the common ones more often; not by age."""
    weights = (MALE_GIVEN_NAME_WEIGHTS, FEMALE_GIVEN_NAME_WEIGHTS)
    return np.choose(sex, [_pick(table, np.arange(sex.size), 0, chance) for table in weights]).astype(np.uint16)


def draw_surnames(household: Numbers, place: Numbers, own_share: float, chance: Stream) -> Names:
    """The household's surname, but for a share of its members, the head apart, who have one of their own."""
    people = np.arange(household.size)
    own = chance.chance(own_share, people, 0, 2) & (place > 0)
    of_household = _pick(SURNAME_WEIGHTS, household, 0, chance)
    return np.where(own, _pick(SURNAME_WEIGHTS, people, 1, chance), of_household).astype(np.uint16)


def _pick(weights: tuple[int, ...], entity: Numbers, sub: int, chance: Stream) -> Numbers:
    steps = np.cumsum(weights)
    return np.searchsorted(steps, chance.below(int(steps[-1]), entity, 0, sub), side="right")


def draw_phones(parameters: PopulationParameters, age: Numbers, chance: Stream) -> tuple[Flags, Flags]:
    """Who has a mobile number (nobody below 10, some children, most adults), and who of them uses the app."""
    people, child = np.arange(age.size), np.where(age >= 10, parameters.child_phone_share, 0.0)
    owner = chance.chance(np.where(age >= ADULT_AGE, parameters.adult_phone_share, child), people)
    return owner, owner & (age >= 15) & chance.chance(parameters.app_share, people, 0, 1)


def settle_schools(parameters: PopulationParameters, streams: Streams, age: Numbers, province: Numbers) -> Seats:
    """Each pupil's school in the home province, else -1, and the schools' columns.

    Three stages of four years, as the law of 2012 has it (4 + 4 + 4); a province has a school for each stage
    as soon as it has a pupil. Which of them a child goes to is chance: there are no catchment areas.
    """
    of_age = np.flatnonzero((age >= 6) & (age < ADULT_AGE))
    pupils = of_age[streams.stream("population/enrolment").chance(parameters.enrolled_share, of_age)]
    pool = province[pupils] * 3 + (age[pupils] - 6) // 4
    taught = np.bincount(pool, minlength=3 * (len(PROVINCES) + 1))
    schools = _opened(taught, parameters.school_mean)
    rank, pool_of = _numbered(schools)
    size = taught[pool_of] // schools[pool_of] + (rank < taught[pool_of] % schools[pool_of])
    columns: Columns = {
        "school_province": (pool_of // 3).astype(np.uint8),
        "school_size": size.astype(np.int32),
        "school_stage": (pool_of % 3).astype(np.uint8),
    }
    return _seat(age.size, pupils, pool, size, streams.stream("population/school")), columns


def settle_workplaces(parameters: PopulationParameters, streams: Streams, hired: Fractions, province: Numbers) -> Seats:
    """Each employee's workplace, else -1, and the workplaces' columns; `hired` is the chance of a job."""
    workers = np.flatnonzero(streams.stream("population/employment").chance(hired, np.arange(hired.size)))
    public = streams.stream("population/sector").chance(parameters.public_share, workers)
    pool = province[workers] * 2 + public  # a province's private sector, then its public one
    staff = np.bincount(pool, minlength=2 * (len(PROVINCES) + 1))
    means = [parameters.private_workplace_mean, parameters.public_workplace_mean]
    count = _opened(staff, np.tile(means, staff.size // 2))
    rank, pool_of = _numbered(count)
    draws = streams.stream("population/workplace_size").uniform(rank, pool_of)
    by_pool = zip(staff, np.split(draws, np.cumsum(count)[:-1]), strict=True)
    size = np.concatenate([workplace_sizes(int(employees), draw) for employees, draw in by_pool])
    kind = workplace_kinds(pool_of, rank, size, hired.size)
    columns: Columns = {
        "workplace_province": (pool_of // 2).astype(np.uint8),
        "workplace_size": size.astype(np.int32),
        "workplace_kind": kind,
        "workplace_integrated": integrated(kind, size, parameters),
    }
    return _seat(hired.size, workers, pool, size, streams.stream("population/workplace")), columns


def employment_chances(share: float, age: Numbers, sex: Sexes, free: Flags) -> Fractions:
    """Each person's chance of a job: on average `share` of those aged 15 to 69 get one, only if `free`."""
    by_age = np.repeat(*np.array(facts.EMPLOYMENT_BY_AGE).T[::-1])
    weights = by_age[age] * np.array(facts.EMPLOYMENT_BY_SEX)[sex] * free
    scale = share * int((by_age[age] > 0).sum()) / max(int(weights.sum()), 1)
    return np.asarray(np.minimum(scale * weights, 1.0))


def workplace_sizes(staff: int, draws: Fractions) -> Numbers:
    """Divide `staff` employees among workplaces, one per draw in [0, 1), the largest first, each at least 1.

    Employees beyond the first are in proportion to w - 1, where w = u^(-7/8), and u goes through as many even
    strata of (0, 1) as there are workplaces, in the middle half of each. So the number of workplaces
    with k or more employees falls as k^(-8/7), a power law close to the k^-1.06 of R. L. Axtell, Science 293
    (2001), 1818; their mean is exact; and the country's private sector gets between 1,500 and 2,500 of 500 or
    more, the facts' order of magnitude. 8/7 because u^(7/8) takes square roots only, alike on every machine.
    """
    half = np.sqrt((np.arange(draws.size) + 0.25 + draws / 2) / draws.size)
    quarter = np.sqrt(half)
    beyond = 1 / (half * quarter * np.sqrt(quarter)) - 1
    return 1 + apportion(staff - draws.size, (beyond * 1024).astype(np.int64))


def workplace_kinds(pool: Numbers, rank: Numbers, size: Numbers, people: int) -> NDArray[np.uint8]:
    """What each workplace is, as an index into `KINDS`.

    `pool` is twice the plate, plus 1 in the public sector; `rank` the place by size in the pool. Of a
    province's public workplaces with at least 5 staff the largest is the health directorate, the next the
    governorship. In Ankara the ministries follow: the country's 17 scaled to `people`, but one at least.
    """
    ministries = max(1, round(facts.NATIONAL_MINISTRIES * people / NATIONAL_POPULATION_2020))
    public = pool % 2 == 1
    seat = public & (size >= facts.SEAT_STAFF)
    kind = np.where(public, KINDS.index(InstitutionKind.PUBLIC_BODY), KINDS.index(InstitutionKind.WORKPLACE))
    kind[seat & (pool // 2 == facts.ANKARA) & (rank < 2 + ministries)] = KINDS.index(InstitutionKind.MINISTRY)
    kind[seat & (rank == 1)] = KINDS.index(InstitutionKind.GOVERNORSHIP)
    kind[seat & (rank == 0)] = KINDS.index(InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE)
    return kind.astype(np.uint8)


def integrated(kind: NDArray[np.uint8], size: Numbers, parameters: PopulationParameters) -> Flags:
    """Which workplaces query by machine, by the integration rules (version 1.2).

    Ministries, governorships and provincial health directorates always may; public bodies and workplaces from
    500 staff (`integration_threshold`). In a miniature hardly any has so many, so the few largest of these
    (`integrated_at_least`, the earlier at a tie) are in as well: a town's employers stand for a country's.
    """
    sized = np.isin(kind, [KINDS.index(InstitutionKind.PUBLIC_BODY), KINDS.index(InstitutionKind.WORKPLACE)])
    chosen = ~sized | (size >= parameters.integration_threshold)
    largest_first = np.argsort(np.where(sized, -size, 1), kind="stable")[: int(sized.sum())]
    chosen[largest_first[: parameters.integrated_at_least]] = True
    return np.asarray(chosen)


def _opened(members: Numbers, mean: Fractions | float) -> Numbers:
    """How many places of this mean size each pool fills; one at least where there is anybody."""
    return np.where(members > 0, np.maximum(np.rint(members / mean), 1), 0).astype(np.int64)


def _numbered(counts: Numbers) -> tuple[Numbers, Numbers]:
    """For so many things in each pool, pool by pool: each one's number in its pool, from 0, and the pool."""
    pool = np.repeat(np.arange(counts.size), counts)
    return np.arange(pool.size) - (np.cumsum(counts) - counts)[pool], pool


def _seat(people: int, members: Numbers, pool: Numbers, size: Numbers, chance: Stream) -> Indices:
    """Fill places of these sizes, pool by pool, with the pool's members in the order of their draws."""
    column = np.full(people, NONE, np.int32)
    column[members[np.lexsort((chance.words(members), pool))]] = np.repeat(np.arange(size.size), size)
    return column
