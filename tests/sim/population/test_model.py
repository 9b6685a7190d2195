"""The arithmetic, with literal answers; whole towns are in `test_town`."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary.institution import InstitutionKind
from sim.population import model
from sim.population.parameters import PopulationParameters
from sim.streams import Streams

KINDS = tuple(InstitutionKind)
WORKPLACE, PUBLIC_BODY = KINDS.index(InstitutionKind.WORKPLACE), KINDS.index(InstitutionKind.PUBLIC_BODY)


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
    assert model.apportion(total, np.array(weights, np.int64)).tolist() == parts


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_apportioned_parts_add_up_and_stay_within_one_of_their_quota(total, weights):
    """Nothing is lost, and nobody is off by a whole thing."""
    parts = model.apportion(total, np.array(weights))
    assert parts.sum() == total
    assert all(abs(p - total * w / sum(weights)) < 1 for p, w in zip(parts, weights, strict=True))


def test_households_at_the_mean_of_2020():
    """At 3.3 people 17 % live alone and a fifth of the households has four, close to TÜİK's counts."""
    shares = model.household_shares(3.3)
    assert shares.round(3).tolist()[:8] == [0.171, 0.219, 0.201, 0.198, 0.104, 0.050, 0.023, 0.014]


@given(st.floats(2.0, 6.0))
def test_household_shares_have_the_mean_asked_for(mean):
    """Whatever the mean, the shares add up to 1 and give it."""
    shares = model.household_shares(mean)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares * np.arange(1, 16)).sum() == pytest.approx(mean)


def test_the_census_of_a_thousand():
    """The tens of years of the facts' table, in whole people."""
    ages = model.census_ages(1_000)
    assert np.bincount(np.minimum(ages // 10, 8)).tolist() == [159, 161, 156, 151, 136, 106, 73, 40, 18]
    assert np.median(ages) == 31


def test_ages_go_by_wish_and_children_never_head():
    """Of five, the oldest wish gets the oldest age; the only child is the youngest who is no head."""
    wished = np.array([-900, 4_000, 20_000, 3_000, 12_000])  # the first would be the child, were it no head
    heads = np.array([True, False, True, False, False])
    assert model.census_ages(5).tolist() == [0, 10, 20, 30, 40]
    assert model.settle_ages(wished, heads).tolist() == [20, 10, 40, 0, 30]


def test_too_many_children_for_the_households_is_an_error():
    """A hundred people spread over 81 provinces live mostly alone, so the children find no adult."""
    with pytest.raises(ValueError, match=r"30 children have only 25 places .*; take more people"):
        model.build(PopulationParameters(people=100, household_mean=2.0), Streams(1))


@pytest.mark.parametrize(
    ("on", "years", "born"),
    [
        (date(2021, 3, 1), 0, date(2021, 3, 1)),
        (date(2021, 3, 1), 1, date(2020, 3, 1)),
        (date(2021, 2, 28), 1, date(2020, 2, 28)),  # who was born on 29 February 2020 is still 0
        (date(2020, 2, 29), 1, date(2019, 2, 28)),
        (date(2020, 2, 29), 4, date(2016, 2, 29)),
        (date(2000, 2, 29), 100, date(1900, 2, 28)),
    ],
)
def test_the_latest_birth_date_of_an_age(on, years, born):
    """Leap years included."""
    assert date(1970, 1, 1) + timedelta(days=model._latest_birth(on, years)) == born


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 2**32))
def test_birth_dates_give_the_ages_back(on, seed):
    """On the day of the count everybody has the age of their birth date."""
    ages = np.arange(101)
    born = model.birth_dates(ages, on, Streams(seed).stream("any"))
    dates = [date(1970, 1, 1) + timedelta(days=int(days)) for days in born]
    assert [on.year - b.year - ((on.month, on.day) < (b.month, b.day)) for b in dates] == ages.tolist()


def test_sizes_of_a_small_sector():
    """Seventy employees in ten workplaces: a few large ones and many small, descending, all seated."""
    sizes = model.workplace_sizes(70, np.full(10, 0.5))
    assert sizes.tolist() == [33, 12, 7, 5, 4, 3, 2, 2, 1, 1]
    assert model.workplace_sizes(0, np.zeros(0)).tolist() == []


def test_sizes_of_the_countrys_private_sector():
    """Mean 6.79, and 1,500 to 2,500 workplaces of 500 or more, of 2,132,463: a power law's tail."""
    sizes = model.workplace_sizes(14_470_000, np.full(2_132_463, 0.5))
    assert sizes.mean() == pytest.approx(6.79, abs=0.005)
    assert (sizes >= 500).sum() == 1_687
    tail = np.log((sizes >= 50).sum() / (sizes >= 5_000).sum()) / np.log(100)
    assert tail == pytest.approx(8 / 7, abs=0.01)


def test_kinds_of_a_provinces_public_workplaces():
    """In Ankara directorate, governorship, one ministry and public bodies; elsewhere no ministry."""
    pool = np.array([12, 13, 13, 13, 13, 29, 29, 29])  # Ankara private, Ankara public, Bolu public
    rank = np.array([0, 0, 1, 2, 3, 0, 1, 2])
    size = np.array([900, 90, 60, 30, 10, 50, 5, 4])
    kinds = [KINDS[kind] for kind in model.workplace_kinds(pool, rank, size, 20_000)]
    assert kinds == [
        InstitutionKind.WORKPLACE,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
        InstitutionKind.GOVERNORSHIP,
        InstitutionKind.MINISTRY,
        InstitutionKind.PUBLIC_BODY,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
        InstitutionKind.GOVERNORSHIP,
        InstitutionKind.PUBLIC_BODY,
    ]


def test_a_branch_office_is_no_seat():
    """Four people do not make a governorship, whatever their rank."""
    assert model.workplace_kinds(np.array([29]), np.array([0]), np.array([4]), 20_000)[0] == PUBLIC_BODY


@pytest.mark.parametrize(
    ("at_least", "chosen"),
    [
        (0, [True, False, False, False, True]),
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
    assert model.integrated(np.array(kinds, np.uint8), sizes, parameters).tolist() == chosen
