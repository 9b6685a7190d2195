"""The arithmetic, with literal answers; whole towns are in `test_town`, the country in `test_country`."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.province import NATIONAL_POPULATION_2020, PROVINCES
from sim.compiled import CERTAIN
from sim.population import ages, census, households, places, provinces
from sim.population.apportionment import apportion, numbered, starts
from sim.population.odds import hiring
from sim.population.parameters import PopulationParameters, VaccinationParameters
from sim.population.pools import Pools
from sim.population.vaccination import DAY_ZERO, dose_days, dose_table
from sim.streams import Streams

KINDS = tuple(InstitutionKind)
WORKPLACE, PUBLIC_BODY = KINDS.index(InstitutionKind.WORKPLACE), KINDS.index(InstitutionKind.PUBLIC_BODY)
SANLIURFA, SIRNAK, SINOP, ISTANBUL = 63, 73, 57, 34


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (10, [1, 1], [5, 5]),
        (10, [1, 1, 1], [4, 3, 3]),
        (7, [10, 20, 40], [1, 2, 4]),
        (1, [3, 5, 5], [0, 1, 0]),
        (0, [3, 5], [0, 0]),
        (0, [], []),
    ],
)
def test_apportion_by_largest_remainder(total, weights, parts):
    """Quotas are rounded down, the rest goes to the largest remainders, the earlier first."""
    assert apportion(total, np.array(weights, np.int64)).tolist() == parts


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_apportioned_parts_add_up_and_stay_within_one_of_their_quota(total, weights):
    """Nothing is lost, and nobody is off by a whole thing."""
    parts = apportion(total, np.array(weights))
    assert parts.sum() == total
    assert all(abs(p - total * w / sum(weights)) < 1 for p, w in zip(parts, weights, strict=True))


def test_things_are_numbered_within_their_pools():
    """Two, none and three things."""
    number, pool = numbered(np.array([2, 0, 3]))
    assert (number.tolist(), pool.tolist()) == ([0, 1, 0, 1, 2], [0, 0, 2, 2, 2])
    assert starts(np.array([2, 0, 3])).tolist() == [0, 2, 2, 5]


# Provinces and districts


def test_the_country_has_the_official_populations():
    """Of all 81 provinces, to the last person; and a town of two has them in that proportion."""
    people = provinces.residents(PopulationParameters(people=NATIONAL_POPULATION_2020))
    assert people[1:].tolist() == [province.population_2020 for province in PROVINCES]
    assert (people[0], people[ISTANBUL], people[69]) == (0, 15_462_452, 81_910)
    two = provinces.residents(PopulationParameters(people=1_000, provinces=("Bolu", "Düzce")))
    assert (two[14], two[81], two.sum()) == (443, 557, 1_000)


def test_districts_share_out_their_province():
    """Istanbul's six as 7, 6, 5, 4, 3 and 2 parts; in a miniature no more of them than hundreds of people."""
    assert [name for plate, name in census.DISTRICTS if plate == 69] == ["Merkez", "Demirözü", "Aydıntepe"]
    people = np.zeros(provinces.PLATES, np.int64)
    people[[ISTANBUL, 69, 81]] = 2_700, 250, 40
    sizes = np.diff(provinces.district_starts(people))
    assert sizes[provinces.DISTRICT_PROVINCE == ISTANBUL].tolist() == [700, 600, 500, 400, 300, 200]
    assert sizes[provinces.DISTRICT_PROVINCE == 69].tolist() == [150, 100, 0]
    assert sizes[provinces.DISTRICT_PROVINCE == 81].tolist() == [40, 0, 0]
    assert sizes.sum() == 2_990


def test_people_commute_to_near_and_large_provinces():
    """From Yalova mostly to Istanbul; where there is no other province, to none."""
    near, weights = provinces.commuting(provinces.REGISTERED, 77)
    assert near.tolist() == [34, 41, 16, 11, 54, 26]
    shares = np.diff(weights, prepend=0) / weights[-1]
    assert shares.round(2).tolist() == [0.83, 0.07, 0.09, 0.0, 0.01, 0.0]
    alone, none = provinces.commuting(provinces.residents(PopulationParameters(provinces=("Yalova",))), 77)
    assert alone.size == none.size == 0


def test_chief_towns_lie_in_the_country():
    """Between 36 and 42 degrees north and 26 and 45 east, each somewhere else; Istanbul is north-west of Ankara."""
    seats = np.array(census.SEATS)
    assert len(set(census.SEATS)) == 81
    assert (seats.min(axis=0) >= [360, 260]).all()
    assert (seats.max(axis=0) <= [421, 450]).all()
    assert census.SEATS[ISTANBUL - 1] == (410, 290)
    assert census.SEATS[census.ANKARA - 1] == (399, 329)


# Ages


def test_the_census_of_a_thousand():
    """The tens of years of the facts' table, in whole people."""
    counts = ages.census_counts(1_000)
    assert np.add.reduceat(counts, range(0, 81, 10)).tolist() == [159, 161, 156, 151, 136, 106, 73, 40, 18]
    assert np.searchsorted(np.cumsum(counts), 500) == 31


def test_ages_of_the_country_are_exact_on_both_margins():
    """Every province has its people, the nation its ages, and nobody is a person off the fit."""
    counts = ages.ages_by_province(provinces.REGISTERED)
    assert counts.min() >= 0
    assert counts.sum(axis=1).tolist() == provinces.REGISTERED.tolist()
    assert counts.sum(axis=0).tolist() == ages.census_counts(NATIONAL_POPULATION_2020).tolist()
    assert np.abs(counts - ages.national_shares() * provinces.REGISTERED[:, None]).max() < 2


def test_the_youngest_and_the_oldest_provinces_are_tuiks():
    """Şanlıurfa and Şırnak before all others, Sinop after all others, by mean age."""
    means = ages.national_shares()[1:] @ np.arange(101)
    order = (np.argsort(means) + 1).tolist()
    assert set(order[:2]) == {SANLIURFA, SIRNAK}
    assert order[-1] == SINOP
    assert 31 < means[ISTANBUL - 1] < 35


@given(st.integers(100, 5_000), st.sets(st.integers(1, 81), min_size=1))
def test_ages_of_any_town_add_up(people, plates):
    """Rows are the provinces' people, for any number of them and of provinces."""
    named = provinces.residents(PopulationParameters(people=people, provinces=tuple(map(str, sorted(plates)))))
    counts = ages.ages_by_province(named)
    assert counts.min() >= 0
    assert counts.sum(axis=1).tolist() == named.tolist()


def test_rounding_is_mended_within_provinces():
    """Too many of the first age, too few of the second: the one who is most above the wish moves."""
    counts, wanted = np.array([[3, 1], [2, 2]]), np.array([[2.6, 1.4], [1.9, 2.1]])
    assert ages.mended(counts, wanted, np.array([4, 4])).tolist() == [[2, 2], [2, 2]]


def test_children_move_to_where_adults_are():
    """A province of three children and no free place changes one for an adult of the other."""
    counts = np.zeros((2, 101), np.int64)
    counts[0, [5, 17, 40]] = 1, 1, 1
    counts[1, [20, 50]] = 3, 3
    moved = ages.housed(counts, np.array([2, 3]))
    assert (moved[0, [5, 17, 20, 40]].tolist(), moved[1, [17, 20, 50]].tolist()) == ([1, 0, 1, 1], [1, 2, 3])


def test_too_many_children_for_the_households_is_an_error():
    """Told with what to do about it."""
    counts = np.zeros((1, 101), np.int64)
    counts[0, [5, 40]] = 3, 2
    with pytest.raises(ValueError, match=r"3 children have only 1 places .* 4 households; take more people"):
        ages.housed(counts, np.array([4]))


# Households


def test_households_at_the_mean_of_2020():
    """At 3.3 people 17 % live alone and a fifth of the households has four, close to TÜİK's counts."""
    shares = households.household_shares(3.3)
    assert shares.round(3).tolist()[:8] == [0.171, 0.219, 0.201, 0.198, 0.104, 0.050, 0.023, 0.014]


@given(st.floats(1.5, 9.0))
def test_household_shares_have_the_mean_asked_for(mean):
    """Whatever the mean, the shares add up to 1 and give it."""
    shares = households.household_shares(mean)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares * np.arange(1, 16)).sum() == pytest.approx(mean)


def test_provinces_means_give_the_nations():
    """All people over all households are 3.3; the largest are in the south-east."""
    means = households.household_means(3.3)
    assert provinces.REGISTERED.sum() / (provinces.REGISTERED / means).sum() == pytest.approx(3.3)
    assert means[SIRNAK] == means.max() == pytest.approx(4.97, abs=0.01)
    assert means[SINOP] == means.min()


# Workplaces and schools


@pytest.mark.parametrize(
    ("members", "mean", "count"),
    [([700, 300], 10, [70, 30]), ([3, 1], 10, [1, 0]), ([0, 0], 10, [0, 0]), ([12, 3, 5], 10, [1, 0, 1])],
)
def test_places_opened_in_the_districts(members, mean, count):
    """As many as the province fills, one at least, to the districts in proportion."""
    assert places.opened(np.array(members), mean).tolist() == count


def test_members_of_a_district_without_a_place_go_to_the_largest():
    """Seats are where the places are, and places are as even as can be."""
    pools = Pools.of(np.array([[5, 9], [12, 0], [2, 4]]), np.array([[1, 1], [2, 0], [0, 1]]))
    assert pools.target.tolist() == [0, 1, 2, 1, 2, 5]
    assert pools.members.tolist() == [5, 9, 14, 0, 0, 4]
    assert (pools.district.tolist(), pools.kind.tolist()) == ([0, 0, 1, 1, 2], [0, 1, 0, 0, 1])
    assert pools.even_sizes().tolist() == [5, 9, 7, 7, 4]
    assert places.even_sizes(8, 3).tolist() == [3, 3, 2]


def test_sizes_of_a_small_sector():
    """Seventy employees in ten workplaces: a few large ones and many small, descending, all seated."""
    sizes = places.workplace_sizes(70, np.full(10, 0.5))
    assert sizes.tolist() == [33, 12, 7, 5, 4, 3, 2, 2, 1, 1]
    assert places.workplace_sizes(0, np.zeros(0)).tolist() == []


def test_sizes_of_the_countrys_private_sector():
    """Mean 6.79, and 1,500 to 2,500 workplaces of 500 or more, of 2,132,463: a power law's tail."""
    sizes = places.workplace_sizes(14_470_000, np.full(2_132_463, 0.5))
    assert sizes.mean() == pytest.approx(6.79, abs=0.005)
    assert (sizes >= 500).sum() == 1_687
    tail = np.log((sizes >= 50).sum() / (sizes >= 5_000).sum()) / np.log(100)
    assert tail == pytest.approx(8 / 7, abs=0.01)


@pytest.mark.parametrize(
    ("plate", "ministries"),
    [(6, [InstitutionKind.MINISTRY, InstitutionKind.PUBLIC_BODY]), (14, [InstitutionKind.PUBLIC_BODY] * 2)],
)
def test_kinds_of_a_provinces_public_workplaces(plate, ministries):
    """In Ankara directorate, governorship, one ministry and public bodies; elsewhere no ministry."""
    public = np.array([False, True, True, False, True, True])
    size = np.array([900, 60, 10, 800, 90, 30])
    kinds = [KINDS[kind] for kind in places.workplace_kinds(plate, public, size, 20_000)]
    assert kinds == [
        InstitutionKind.WORKPLACE,
        InstitutionKind.GOVERNORSHIP,
        ministries[1],
        InstitutionKind.WORKPLACE,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
        ministries[0],
    ]


def test_a_branch_office_is_no_seat():
    """Four people do not make a governorship, whatever their rank."""
    assert places.workplace_kinds(14, np.array([True]), np.array([4]), 20_000)[0] == PUBLIC_BODY


@pytest.mark.parametrize(
    ("at_least", "chosen"),
    [
        (0, [True, False, False, False, True]),
        (1, [True, False, False, False, True]),
        (2, [True, True, False, False, True]),
        (3, [True, True, True, False, True]),
        (9, [True, True, True, True, True]),
    ],
)
def test_who_queries_by_machine(at_least, chosen):
    """Offices always, others from the threshold or among the largest, the earlier at a tie."""
    kinds = [WORKPLACE, WORKPLACE, PUBLIC_BODY, WORKPLACE, KINDS.index(InstitutionKind.GOVERNORSHIP)]
    parameters = PopulationParameters(integrated_at_least=at_least)
    sizes = np.array([500, 499, 499, 3, 7])
    assert places.integrated(np.array(kinds, np.uint8), sizes, parameters).tolist() == chosen


def test_chances_of_a_job():
    """Men to women as 23 to 10; on average the share of all aged 15 to 69; nobody younger or older."""
    people, free = np.zeros(101, np.int64), np.zeros((2, 101), np.int64)
    people[[10, 16, 30, 70]] = 50, 100, 900, 50
    free[0, 30], free[1, 30], free[0, 10] = 450, 450, 50
    limits = hiring(0.2, people, free) / CERTAIN
    assert limits[0, 30] / limits[1, 30] == pytest.approx(2.3)
    assert (limits * free).sum() == pytest.approx(0.2 * 1_000)
    assert (limits[:, :15].max(), limits[:, 70:].max()) == (0, 0)


# Vaccination


def test_doses_by_age():
    """Children under 12 have none; each group its shares, its dates and the days between doses."""
    parameters = VaccinationParameters()
    table, people = dose_table(parameters), np.arange(200_000)
    age = (people % 101).astype(np.uint8)
    doses, first, third = dose_days(table, age, people, Streams(3).stream("any"))
    assert doses[age < 12].max() == 0
    for low, high, campaign in (
        (12, 17, parameters.adolescents),
        (18, 49, parameters.adults),
        (50, 64, parameters.older),
        (65, 100, parameters.elderly),
    ):
        group = (age >= low) & (age <= high)
        shares = [(doses[group] >= count).mean() for count in (1, 2, 3)]
        assert shares == pytest.approx([campaign.first, campaign.second, campaign.third], abs=0.02)
        given_first = first[group & (doses > 0)]
        begins, ends = (campaign.begins - DAY_ZERO).days, (campaign.ends - DAY_ZERO).days
        assert (given_first.min(), given_first.max()) == (begins, ends)
        assert given_first.mean() == pytest.approx((begins + ends) / 2, abs=2)
    assert ((first > 0) == (doses > 0)).all()
    assert ((third > 0) == (doses == 3)).all()
    boosted = doses == 3
    assert (third[boosted] - first[boosted]).min() >= 28 + 150
    assert third[boosted].min() >= (date(2021, 7, 1) - DAY_ZERO).days


def test_a_booster_is_given_when_due_or_soon_after_the_first_ones():
    """Whoever is due when boosters begin has theirs within 60 days; whoever is due later, on that day."""
    table = dose_table(VaccinationParameters(third_doses_from=date(2022, 1, 1)))
    people = np.arange(20_000)
    doses, first, third = dose_days(table, np.full(people.size, 70, np.uint8), people, Streams(3).stream("any"))
    due, begin = first + 28 + 150, (date(2022, 1, 1) - DAY_ZERO).days
    late = third[doses == 3][due[doses == 3] < begin]
    assert (late.min(), late.max()) == (begin, begin + 59)
