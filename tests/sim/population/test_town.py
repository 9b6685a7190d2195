"""Whole towns: what their columns promise, and what chance changes in them."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.names import FEMALE_GIVEN_NAMES, MALE_GIVEN_NAMES, SURNAMES
from sim.population import model
from sim.population.parameters import PopulationParameters
from sim.streams import Streams

KINDS = tuple(InstitutionKind)
WORKPLACE = KINDS.index(InstitutionKind.WORKPLACE)


def town(seed=1, **fields):
    return model.build(PopulationParameters(**fields), Streams(seed))


@pytest.fixture(scope="module")
def bolu():
    """A town of 20,000 in one province."""
    return town(provinces=("Bolu",))


@pytest.fixture(scope="module")
def country():
    """The country in miniature: 50,000 people in 81 provinces."""
    return town(people=50_000)


def test_columns_have_the_promised_types(bolu):
    """The other parts may rely on the width of every column."""
    types = {field.name: getattr(bolu, field.name).dtype.name for field in dataclasses.fields(bolu)}
    assert types == {
        "province": "uint8",
        "household": "int32",
        "birth_date": "int32",
        "age": "uint8",
        "sex": "uint8",
        "given_name": "uint16",
        "surname": "uint16",
        "workplace": "int32",
        "school": "int32",
        "phone_owner": "bool",
        "app_user": "bool",
        "household_start": "int32",
        "workplace_province": "uint8",
        "workplace_size": "int32",
        "workplace_kind": "uint8",
        "workplace_integrated": "bool",
        "school_province": "uint8",
        "school_size": "int32",
        "school_stage": "uint8",
    }


def test_columns_are_read_only(bolu):
    """Nobody can change a population by accident."""
    with pytest.raises(ValueError, match="read-only"):
        bolu.age[0] = 3


def test_provinces_have_their_share_of_2020(country):
    """Of 50,000 people Istanbul has 9,246 and Bayburt 49, and they are sorted by plate."""
    residents = np.bincount(country.province, minlength=82)
    assert (residents[34], residents[6], residents[69], residents[0]) == (9_246, 3_387, 49, 0)
    assert (np.diff(country.province.astype(int)) >= 0).all()


def test_households_are_contiguous_and_of_the_mean_size(bolu):
    """Ascending without gaps, as the offsets say, with 3.3 people on average and a sixth alone."""
    sizes = np.diff(bolu.household_start)
    assert bolu.household.tolist() == np.repeat(np.arange(sizes.size), sizes).tolist()
    assert sizes.mean() == pytest.approx(3.3, abs=0.1)
    assert (sizes == 1).mean() == pytest.approx(0.171, abs=0.02)
    assert sizes.max() <= 15


@pytest.mark.parametrize("fields", [{}, {"people": 1_000}, {"people": 1_000, "provinces": ("Ankara",)}])
def test_children_live_with_an_adult(fields):
    """Every household is headed by somebody of 18 or more, in a large town and in a small one."""
    people = town(**fields)
    assert people.age[people.household_start[:-1]].min() >= 18
    assert (people.age < 18).mean() == pytest.approx(0.288, abs=0.001)


def test_parents_are_of_an_age_to_be_parents(bolu):
    """Nearly every child is 16 to 42 years younger than the head of the household."""
    children = np.flatnonzero(bolu.age < 18)
    heads = bolu.household_start[:-1][bolu.household[children]]
    gap = bolu.age[heads].astype(int) - bolu.age[children]
    assert ((gap >= 16) & (gap <= 42)).mean() > 0.98


def test_ages_are_the_tables(bolu):
    """Whatever the seed, the ages are those of the census."""
    assert np.sort(bolu.age).tolist() == model.census_ages(20_000).tolist()
    assert np.sort(town(seed=2, provinces=("Bolu",)).age).tolist() == np.sort(bolu.age).tolist()


def test_half_are_men(bolu):
    """50.1 % of the people are male."""
    assert (bolu.sex == 0).mean() == pytest.approx(0.501, abs=0.01)


def test_names_are_in_the_tables(bolu):
    """Every index names something, and common names are common."""
    male = bolu.given_name[bolu.sex == 0]
    assert male.max() < len(MALE_GIVEN_NAMES)
    assert bolu.given_name[bolu.sex == 1].max() < len(FEMALE_GIVEN_NAMES)
    assert bolu.surname.max() < len(SURNAMES)
    assert MALE_GIVEN_NAMES[np.bincount(male).argmax()] == "MEHMET"
    assert SURNAMES[np.bincount(bolu.surname).argmax()] == "YILMAZ"


def test_a_household_mostly_shares_its_surname(bolu):
    """About 95 % of those who are not the head have the head's surname; all of them if nobody has an own."""
    heads = bolu.household_start[:-1][bolu.household]
    others = heads != np.arange(heads.size)
    assert (bolu.surname == bolu.surname[heads])[others].mean() == pytest.approx(0.95, abs=0.01)
    shared = town(provinces=("Bolu",), own_surname_share=0.0)
    assert (shared.surname == shared.surname[heads]).all()


def test_schools_take_the_children_of_their_stage_and_province(country):
    """Four years each of primary, middle and upper secondary school, in the home province."""
    pupils = np.flatnonzero(country.school >= 0)
    schools = country.school[pupils]
    assert ((country.age[pupils] - 6) // 4).tolist() == country.school_stage[schools].tolist()
    assert country.province[pupils].tolist() == country.school_province[schools].tolist()
    assert np.bincount(schools).tolist() == country.school_size.tolist()


def test_most_children_go_to_schools_of_the_usual_size(bolu):
    """95 % of those aged 6 to 17, some 270 to a school."""
    of_age = (bolu.age >= 6) & (bolu.age <= 17)
    assert (bolu.school >= 0)[of_age].mean() == pytest.approx(0.95, abs=0.01)
    assert bolu.school_size.mean() == pytest.approx(270, rel=0.1)


def test_workers_are_of_age_and_not_at_school(country):
    """From 15 to 69, and nobody has both a workplace and a school."""
    workers = country.workplace >= 0
    assert (country.age[workers].min(), country.age[workers].max()) == (15, 69)
    assert not (workers & (country.school >= 0)).any()


def test_employment_is_as_stated(country):
    """27.7 % of people aged 15 to 69, and men more than twice as often as women."""
    of_age = (country.age >= 15) & (country.age <= 69)
    workers = country.workplace >= 0
    assert workers.sum() / of_age.sum() == pytest.approx(0.277, abs=0.007)
    assert workers[country.sex == 0].mean() / workers[country.sex == 1].mean() == pytest.approx(2.3, abs=0.15)


def test_workplaces_are_local_and_as_large_as_they_say(country):
    """Everybody works in the home province, and sizes count the employees."""
    workers = np.flatnonzero(country.workplace >= 0)
    assert country.province[workers].tolist() == country.workplace_province[country.workplace[workers]].tolist()
    assert np.bincount(country.workplace[workers]).tolist() == country.workplace_size.tolist()


def test_mean_sizes_of_workplaces(bolu):
    """Private ones have 6.79 employees on average, public ones 41.5, who are 11.8 % of all."""
    private = bolu.workplace_kind == WORKPLACE
    assert bolu.workplace_size[private].mean() == pytest.approx(6.79, abs=0.05)
    assert bolu.workplace_size[~private].mean() == pytest.approx(41.5, rel=0.06)
    staff = bolu.workplace_size.sum()
    assert bolu.workplace_size[~private].sum() / staff == pytest.approx(0.118, abs=0.015)


def test_a_small_town_has_corporate_callers(bolu):
    """Directorate, governorship and the four largest others, in the province's order of size."""
    callers = np.flatnonzero(bolu.workplace_integrated)
    assert sorted(KINDS[kind] for kind in bolu.workplace_kind[callers]) == [
        InstitutionKind.GOVERNORSHIP,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
        *[InstitutionKind.WORKPLACE] * 4,
    ]
    private = bolu.workplace_kind == WORKPLACE
    assert (np.diff(bolu.workplace_size[private]) <= 0).all()
    assert bolu.workplace_size[0] >= 500


@pytest.mark.parametrize("people", [1_000, 2_000])
def test_even_a_village_has_two_corporate_callers(people):
    """At least two integrated workplaces at the smallest scale, in one province as in all."""
    assert town(people=people).workplace_integrated.sum() >= 2
    assert town(people=people, provinces=("Bayburt",)).workplace_integrated.sum() >= 2


def test_phones_and_app_users(bolu):
    """No phone below 10, 40 % to 17, 97 % from 18; 60 % of owners from 15 use the app."""
    shares = [bolu.phone_owner[(bolu.age >= low) & (bolu.age <= high)].mean() for low, high in ((10, 17), (18, 100))]
    assert not bolu.phone_owner[bolu.age < 10].any()
    assert shares == pytest.approx([0.4, 0.97], abs=0.025)
    assert not bolu.app_user[~bolu.phone_owner | (bolu.age < 15)].any()
    assert bolu.app_user[bolu.phone_owner & (bolu.age >= 15)].mean() == pytest.approx(0.6, abs=0.015)


# Chance


def changed_columns(one, other):
    return {
        field.name
        for field in dataclasses.fields(one)
        if not np.array_equal(getattr(one, field.name), getattr(other, field.name))
    }


def test_the_same_seed_makes_the_same_people(bolu):
    """Twice the same, column for column; another seed, other people."""
    assert changed_columns(bolu, town(provinces=("Bolu",))) == set()
    assert {"household", "age", "surname", "workplace"} <= changed_columns(bolu, town(seed=2, provinces=("Bolu",)))


def test_a_known_town():
    """The same numbers on every machine and under every version of the libraries."""
    village = town(people=1_000, provinces=("Bayburt",))
    assert village.household_start[[1, 10, 100, -1]].tolist() == [4, 36, 315, 1000]
    assert village.age[:12].tolist() == [31, 31, 14, 12, 77, 78, 42, 39, 10, 15, 40, 38]
    assert village.workplace_size[:8].tolist() == [50, 25, 16, 11, 9, 7, 6, 5]
    assert (village.workplace >= 0).sum() == 189
    assert int(village.birth_date.sum()) == 6_425_640


WORK = {"workplace", "workplace_province", "workplace_size", "workplace_kind", "workplace_integrated"}
SCHOOL = {"school", "school_province", "school_size", "school_stage"}


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ({"app_share": 0.7}, {"app_user"}),
        ({"adult_phone_share": 0.5}, {"phone_owner", "app_user"}),
        ({"child_phone_share": 0.5}, {"phone_owner", "app_user"}),
        ({"own_surname_share": 0.2}, {"surname"}),
        ({"counted_on": date(2020, 6, 1)}, {"birth_date"}),
        ({"integrated_at_least": 7}, {"workplace_integrated"}),
        ({"integration_threshold": 60}, {"workplace_integrated"}),
        ({"employed_share": 0.3}, WORK),
        ({"public_share": 0.2}, WORK),
        ({"private_workplace_mean": 9.0}, WORK),
        ({"public_workplace_mean": 20.0}, WORK),
        ({"school_mean": 100.0}, SCHOOL),
        ({"enrolled_share": 0.8}, WORK | SCHOOL),
    ],
)
def test_a_changed_parameter_changes_only_what_it_touches(bolu, change, touched):
    """Common random numbers: two towns with one seed differ only where their parameters do."""
    changed = changed_columns(bolu, town(provinces=("Bolu",), **change))
    assert changed
    assert changed <= touched


def test_more_of_a_share_only_adds(bolu):
    """Whoever has an app, a job or a desk keeps it when the share is raised."""
    app = town(provinces=("Bolu",), app_share=0.8).app_user
    job = town(provinces=("Bolu",), employed_share=0.4).workplace >= 0
    assert app[bolu.app_user].all()
    assert job[bolu.workplace >= 0].all()


def test_people_of_another_province_change_nobody_here():
    """Households are drawn province by province: Bolu's are the same beside Düzce as alone."""
    alone = model.draw_households(np.array([500]), model.household_shares(3.3), Streams(3).stream("any"))[0]
    both = model.draw_households(np.array([500, 700]), model.household_shares(3.3), Streams(3).stream("any"))
    assert both[0][both[1] == 0].tolist() == alone.tolist()
    assert both[0].sum() == 1_200
