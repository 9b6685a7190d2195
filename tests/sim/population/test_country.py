"""The whole country, 83,614,362 people, and the same at a hundredth."""

import numpy as np
import pytest
from scipy import stats

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.province import NATIONAL_POPULATION_2020, PROVINCES
from sim.population import ages, provinces
from sim.population.building import build
from sim.population.households import household_means, household_shares
from sim.population.parameters import PopulationParameters
from sim.population.vaccination import DAY_ZERO
from sim.streams import Streams

KINDS = tuple(InstitutionKind)
WORKPLACE = KINDS.index(InstitutionKind.WORKPLACE)
HUNDREDTH = 836_144


@pytest.fixture(scope="module")
def hundredth():
    """The country at 1:100."""
    return build(PopulationParameters(people=HUNDREDTH), Streams(1))


def test_the_whole_country():
    """Exact people by province and age, 2.13 million workplaces of the facts' sizes, local schools, under 17 bytes."""
    country = build(PopulationParameters(people=NATIONAL_POPULATION_2020), Streams(1), threads=2)
    assert np.diff(country.province_start)[1:].tolist() == [province.population_2020 for province in PROVINCES]
    assert np.bincount(country.age).tolist() == ages.census_counts(NATIONAL_POPULATION_2020).tolist()
    assert country.bytes_per_person < 17
    households = int(np.count_nonzero(country.home < 16))
    assert country.people / households == pytest.approx(3.3, abs=0.002)
    size, private = country.workplace_size, country.workplace_kind == WORKPLACE
    assert int(private.sum()) == pytest.approx(2_132_463, rel=0.002)
    assert int((~private).sum()) == pytest.approx(46_660, rel=0.003)
    assert size[private].mean() == pytest.approx(6.79, abs=0.001)
    assert size[~private].mean() == pytest.approx(41.5, abs=0.02)
    assert 1_500 <= int((size[private] >= 500).sum()) <= 2_500
    tail = np.log((size[private] >= 50).sum() / (size[private] >= 500).sum()) / np.log(10)
    assert tail == pytest.approx(8 / 7, abs=0.05)
    kinds = dict(zip(KINDS, np.bincount(country.place_kind, minlength=len(KINDS)).tolist(), strict=True))
    assert kinds[InstitutionKind.MINISTRY] == 17
    assert kinds[InstitutionKind.GOVERNORSHIP] == kinds[InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE] == 81
    assert kinds[InstitutionKind.SCHOOL] == pytest.approx(57_000, rel=0.02)
    bolu = slice(*country.province_start[14:16])
    learning = country.flags[bolu] & 8 > 0
    nearby = country.place_district[country.place[bolu][learning]]
    first, end = (int(np.searchsorted(country.district_start, country.province_start[plate])) for plate in (14, 15))
    home = np.repeat(np.arange(first, end), np.diff(country.district_start[first : end + 1]))
    assert (nearby == home[learning]).all()


def test_two_threads_make_the_same_country(hundredth):
    """Every column, whatever order the provinces are taken in."""
    other = build(PopulationParameters(people=HUNDREDTH), Streams(1), threads=2)
    for name in ("age", "home", "flags", "place", "surname", "third_dose", "place_start", "member", "place_kind"):
        assert np.array_equal(getattr(hundredth, name), getattr(other, name)), name


@pytest.mark.parametrize("plate", [34, 57, 63])
def test_household_sizes_are_the_tables(hundredth, plate):
    """Chi-square against the province's table, whose last household of each district is cut off: p above 0.1 %."""
    first, end = hundredth.province_start[plate : plate + 2]
    home = hundredth.home[first:end]
    sizes = np.bincount(home[home < 16], minlength=16)[1:]
    shares = household_shares(float(household_means(3.3)[plate]))
    large = 9  # sizes from here on are few: together
    seen, wanted = (np.append(table[: large - 1], table[large - 1 :].sum()) for table in (sizes, shares))
    assert stats.chisquare(seen, wanted * seen.sum()).pvalue > 0.001


def test_children_live_with_adults_in_every_province(hundredth):
    """Every head is 18 or more; where people are young, households are large."""
    heads = hundredth.home < 16
    assert hundredth.age[heads].min() >= 18
    means = [
        np.diff(hundredth.province_start)[plate] / heads[slice(*hundredth.province_start[plate : plate + 2])].sum()
        for plate in (57, 34, 63)
    ]
    assert means == pytest.approx(household_means(3.3)[[57, 34, 63]].tolist(), rel=0.05)


def test_ages_by_province_are_those_apportioned(hundredth):
    """Person by person, not only on average."""
    counts = ages.ages_by_province(provinces.residents(PopulationParameters(people=HUNDREDTH)))
    for plate in (6, 34, 57, 63, 69):
        first, end = hundredth.province_start[plate : plate + 2]
        assert np.bincount(hundredth.age[first:end], minlength=101).tolist() == counts[plate].tolist()
    young, old = (np.median(hundredth.age[slice(*hundredth.province_start[plate : plate + 2])]) for plate in (63, 57))
    assert (young, old) == (20, 41)


def test_commuters(hundredth):
    """25 % of employees work in another district of their province, 2 % in one of the six nearest provinces."""
    employees = np.flatnonzero(hundredth.workplace >= 0)
    work, home = hundredth.place_district[hundredth.place[employees]], hundredth.district[employees]
    away = hundredth.district_province[work] != hundredth.district_province[home]
    residents = np.diff(hundredth.province_start)
    assert away.mean() == pytest.approx(0.02, abs=0.002)
    assert ((work != home) & ~away).mean() == pytest.approx(0.25, abs=0.006)
    for plate in (34, 6, 27):
        near, weights = provinces.commuting(residents, plate)
        left = hundredth.district_province[work[away & (hundredth.district_province[home] == plate)]]
        assert set(left.tolist()) <= set(near.tolist())
        wanted = np.diff(weights, prepend=0) / weights[-1]
        seen = np.array([(left == other).sum() for other in near])
        assert np.abs(seen / seen.sum() - wanted).max() < 4 * np.sqrt(0.25 / seen.sum())


def test_people_of_other_provinces_are_members_where_they_work(hundredth):
    """A workplace's members are its employees, wherever they live, in the order of the people."""
    start, member = hundredth.place_start, hundredth.member
    from_afar = np.flatnonzero(
        (hundredth.workplace >= 0) & (hundredth.place_province[hundredth.place] != hundredth.province)
    )
    for person in from_afar[:200].tolist():
        place = hundredth.place[person]
        colleagues = member[start[place] : start[place + 1]].tolist()
        assert person in colleagues
        assert colleagues == sorted(colleagues)


def test_pupils_go_to_school_in_their_district(hundredth):
    """Most even at a hundredth, where many a district is too small for a school of the stage."""
    pupils = np.flatnonzero(hundredth.school >= 0)
    assert (hundredth.place_district[hundredth.place[pupils]] == hundredth.district[pupils]).mean() > 0.8


@pytest.mark.parametrize(
    ("low", "high", "day", "share"),
    [
        (65, 100, (2021, 2, 10), 0.0),
        (65, 100, (2021, 4, 6), 0.92 / 2),
        (65, 100, (2021, 5, 31), 0.92),
        (50, 64, (2021, 5, 23), 0.92 / 2),
        (18, 49, (2021, 6, 3), 0.0),
        (18, 49, (2021, 9, 30), 0.86),
        (12, 17, (2021, 12, 31), 0.45),
        (0, 11, (2022, 12, 31), 0.0),
    ],
)
def test_first_doses_by_age_and_date(hundredth, low, high, day, share):
    """As far as the campaign of the age group has come by that day."""
    group = (hundredth.age >= low) & (hundredth.age <= high)
    number = (type(DAY_ZERO)(*day) - DAY_ZERO).days
    had = (hundredth.first_dose[group] > 0) & (hundredth.first_dose[group] <= number)
    assert had.mean() == pytest.approx(share, abs=0.006)


def test_adults_are_vaccinated_about_as_the_ministry_published(hundredth):
    """In October 2021 of the order of 88 % of adults once and 76 % twice."""
    adults = hundredth.age >= 18
    assert (hundredth.doses[adults] >= 1).mean() == pytest.approx(0.88, abs=0.02)
    assert (hundredth.doses[adults] >= 2).mean() == pytest.approx(0.78, abs=0.03)
