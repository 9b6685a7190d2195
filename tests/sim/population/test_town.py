"""Whole towns: what their columns promise, and what chance changes in them."""

from datetime import date
from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.names import FEMALE_GIVEN_NAMES, MALE_GIVEN_NAMES, SURNAMES
from sim.population import ages, census
from sim.population.building import build
from sim.population.model import COLUMNS
from sim.population.parameters import Campaign, PopulationParameters, VaccinationParameters
from sim.population.vaccination import dose_days, dose_table
from sim.streams import LOW, Streams

KINDS = tuple(InstitutionKind)
WORKPLACE = KINDS.index(InstitutionKind.WORKPLACE)
BOLU = 14
VIEWS = (
    *("province", "district", "household", "sex", "doses", "phone_owner", "app_user", "birth_date"),
    *("workplace", "workplace_province", "workplace_size", "workplace_kind", "workplace_integrated"),
    *("school", "school_province", "school_size", "school_stage"),
    *("age", "given_name", "surname", "first_dose", "third_dose"),
)


def town(seed=1, threads=1, **fields):
    return build(PopulationParameters(**fields), Streams(seed), threads=threads)


@pytest.fixture(scope="module")
def bolu():
    """A town of 20,000 in one province."""
    return town(provinces=("Bolu",))


@pytest.fixture(scope="module")
def country():
    """The country in miniature: 100,000 people in 81 provinces."""
    return town(people=100_000)


def test_columns_have_the_promised_types(bolu):
    """The other parts may rely on the width of every column."""
    assert {name: getattr(bolu, name).dtype.name for name in COLUMNS} == {
        "age": "uint8",
        "home": "uint8",
        "flags": "uint8",
        "place": "int32",
        "given_name": "uint16",
        "surname": "uint16",
        "first_dose": "int16",
        "third_dose": "int16",
        "province_start": "int32",
        "district_start": "int32",
        "district_province": "uint8",
        "place_start": "int32",
        "member": "int32",
        "place_district": "uint16",
        "place_province": "uint8",
        "place_kind": "uint8",
        "place_integrated": "bool",
    }


def assert_sound(people, parameters):
    """What holds in every population: households, places and members fit together."""
    numbers, place_at_home, size = np.arange(people.people), people.home >> 4, people.home & 15
    start = people.household_start
    assert people.people == parameters.people == people.province_start[-1] == people.district_start[-1]
    assert (numbers - place_at_home == start[people.household]).all()
    assert (np.diff(start)[people.household] == size).all()
    assert np.isin(people.district_start, start).all()
    assert people.age[start[:-1]].min() >= 18
    assert (people.district_province[people.district] == people.province).all()
    at = np.repeat(np.arange(people.place_start.size - 1), np.diff(people.place_start))
    assert (people.place[people.member] == at).all()
    assert people.member.size == (people.place >= 0).sum()
    assert np.diff(people.place_start).min(initial=1) >= 1
    assert (np.diff(people.member)[np.diff(at) == 0] > 0).all()
    assert ((people.place >= people.workplaces) == ((people.flags & 8) > 0)).all()
    assert (people.district_province[people.place_district] == people.place_province).all()
    assert (np.diff(people.workplace_province.astype(int)) >= 0).all()
    assert (np.diff(people.school_province.astype(int)) >= 0).all()
    pupils = np.flatnonzero(people.school >= 0)
    schools = people.school[pupils]
    assert ((people.age[pupils] - 6) // 4 == people.school_stage[schools]).all()
    assert (people.province[pupils] == people.school_province[schools]).all()


@settings(deadline=None, max_examples=40)
@given(
    people=st.integers(500, 4_000),
    provinces=st.sets(st.sampled_from(["Ankara", "Bolu", "Düzce", "34", "41", "63", "69"]), max_size=4),
    mean=st.floats(2.6, 5.0),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5)),
    seed=st.integers(0, 2**32),
)
def test_every_town_is_sound_on_any_number_of_threads(people, provinces, mean, shares, seed):
    """Whatever the measurements: households, schools and workplaces fit, and 3 threads make the same columns as 1."""
    parameters = PopulationParameters(
        people=people,
        provinces=tuple(sorted(provinces)),
        household_mean=mean,
        enrolled_share=shares[0],
        other_district_share=shares[1],
        other_province_share=shares[2],
    )
    one = build(parameters, Streams(seed))
    assert_sound(one, parameters)
    assert digest(one) == digest(build(parameters, Streams(seed), threads=3))


def test_the_smallest_country_is_sound():
    """A few people in each province: children are exchanged for adults until each household has a head."""
    assert_sound(town(people=300), PopulationParameters(people=300))


def test_too_many_children_for_the_households_is_an_error():
    """A hundred people spread over 81 provinces live mostly alone, so the children find no adult."""
    with pytest.raises(ValueError, match=r"30 children have only \d+ places .*; take more people"):
        town(people=100, household_mean=2.0)


def test_provinces_have_their_share_of_2020(country):
    """Of 100,000 people Istanbul has 18,493 and Bayburt 98, and they are sorted by plate."""
    residents = np.bincount(country.province, minlength=82)
    assert (residents[34], residents[6], residents[69], residents[0]) == (18_493, 6_773, 98, 0)
    assert (np.diff(country.province.astype(int)) >= 0).all()


def test_households_have_the_mean_size(bolu, country):
    """3.3 people on average in the country, a sixth alone; fewer in Bolu, whose people are older."""
    assert np.diff(country.household_start).mean() == pytest.approx(3.3, abs=0.06)
    assert (np.diff(country.household_start) == 1).mean() == pytest.approx(0.18, abs=0.02)
    assert np.diff(bolu.household_start).mean() == pytest.approx(2.94, abs=0.06)
    assert np.diff(country.household_start).max() <= 15


def test_the_country_has_the_tables_ages(country):
    """Whatever the seed, the ages are those of the census."""
    census_counts = ages.census_counts(100_000).tolist()
    assert np.bincount(country.age, minlength=101).tolist() == census_counts
    assert np.bincount(town(seed=2, people=100_000).age, minlength=101).tolist() == census_counts


def test_parents_are_of_an_age_to_be_parents(bolu, country):
    """Nearly every child is 16 to 42 years younger than the head of the household."""
    for people, share in ((bolu, 0.98), (country, 0.97)):
        children = np.flatnonzero(people.age < 18)
        heads = people.household_start[:-1][people.household[children]]
        gap = people.age[heads].astype(int) - people.age[children]
        assert ((gap >= 16) & (gap <= 42)).mean() > share


def test_half_are_men(country):
    """50.1 % of the people are male."""
    assert (country.sex == 0).mean() == pytest.approx(0.501, abs=0.005)


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


def test_most_children_go_to_schools_of_the_usual_size_in_their_district(bolu):
    """95 % of those aged 6 to 17, some 270 to a school."""
    of_age = (bolu.age >= 6) & (bolu.age <= 17)
    pupils = np.flatnonzero(bolu.school >= 0)
    assert (bolu.school >= 0)[of_age].mean() == pytest.approx(0.95, abs=0.01)
    assert bolu.school_size.mean() == pytest.approx(270, rel=0.15)
    assert (bolu.place_district[bolu.place[pupils]] == bolu.district[pupils]).mean() > 0.9


def test_workers_are_of_age_and_not_at_school(country):
    """From 15 to 69, and nobody has both a workplace and a school."""
    workers = country.workplace >= 0
    assert (country.age[workers].min(), country.age[workers].max()) == (15, 69)
    assert not (workers & (country.school >= 0)).any()


def test_employment_is_as_stated(country):
    """27.9 % of people aged 15 to 69, and men more than twice as often as women."""
    of_age = (country.age >= 15) & (country.age <= 69)
    workers = country.workplace >= 0
    assert workers.sum() / of_age.sum() == pytest.approx(0.279, abs=0.005)
    assert workers[country.sex == 0].mean() / workers[country.sex == 1].mean() == pytest.approx(2.3, abs=0.15)


def test_mean_sizes_of_workplaces(bolu):
    """Private ones have 6.79 employees on average, public ones 41.5, who are 11.8 % of all."""
    private = bolu.workplace_kind == WORKPLACE
    assert bolu.workplace_size[private].mean() == pytest.approx(6.79, abs=0.05)
    assert bolu.workplace_size[~private].mean() == pytest.approx(41.5, rel=0.06)
    staff = bolu.workplace_size.sum()
    assert bolu.workplace_size[~private].sum() / staff == pytest.approx(0.118, abs=0.015)


def test_a_small_town_has_corporate_callers(bolu):
    """Directorate, governorship and the four largest others."""
    callers = np.flatnonzero(bolu.workplace_integrated)
    assert sorted(KINDS[kind] for kind in bolu.workplace_kind[callers]) == [
        InstitutionKind.GOVERNORSHIP,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
        *[InstitutionKind.WORKPLACE] * 4,
    ]
    private = np.flatnonzero(bolu.workplace_kind == WORKPLACE)
    largest = np.sort(bolu.workplace_size[private])[-4:]
    assert np.sort(bolu.workplace_size[np.intersect1d(private, callers)]).tolist() == largest.tolist()


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


# Chance: the compiled loops draw what `Stream` draws


def entities(people):
    number = np.arange(people.people) - people.province_start[people.province]
    return people.province.astype(np.int64) << 32 | number


def test_doses_are_those_of_the_rule(country):
    """Person by person, `vaccination.dose_days` of their age and key."""
    chance = Streams(1).stream("population/vaccine")
    doses, first, third = dose_days(dose_table(VaccinationParameters()), country.age, entities(country), chance)
    assert country.doses.tolist() == doses.tolist()
    assert country.first_dose.tolist() == first.tolist()
    assert country.third_dose.tolist() == third.tolist()


def test_phones_are_drawn_by_the_person(country):
    """The word's high half against the share of the age, its low half against the application's."""
    words = Streams(1).stream("population/phone").words(entities(country))
    owner = np.where(country.age >= 18, 0.97, np.where(country.age >= 10, 0.4, 0.0))
    owns = (words >> np.uint64(32)) < np.rint(owner * 2.0**32)
    assert country.phone_owner.tolist() == owns.tolist()
    assert (
        country.app_user.tolist()
        == (owns & (country.age >= 15) & ((words & np.uint64(LOW)) < np.rint(0.6 * 2.0**32))).tolist()
    )


def test_sexes_are_drawn_by_the_person_but_for_partners(country):
    """Heads and children by their own draw; a partner has the other sex than the head."""
    male = Streams(1).stream("population/sex").chance(census.MALE_SHARE, entities(country))
    kind = np.minimum(country.home & 15, 6)
    second = country.home >> 4 == 1
    partner = second & Streams(1).stream("population/role").chance(
        np.array(census.PARTNER_SHARE)[kind], entities(country)
    )
    assert (country.sex[~partner] == ~male[~partner]).all()
    heads = np.flatnonzero(partner) - 1
    assert (country.sex[heads] != country.sex[partner]).all()


def test_children_go_to_school_by_their_own_draw(country):
    """95 % of those aged 6 to 17, by the person's key."""
    of_age = (country.age >= 6) & (country.age < 18)
    enrolled = Streams(1).stream("population/enrolment").chance(0.95, entities(country))
    assert (country.school >= 0).tolist() == (of_age & enrolled).tolist()


def digest(people):
    total = blake2b(digest_size=16)
    for name in COLUMNS:
        total.update(np.ascontiguousarray(getattr(people, name)))
    return total.hexdigest()


def changed(one, other):
    return {name for name in VIEWS if not np.array_equal(getattr(one, name), getattr(other, name))}


def test_the_same_seed_makes_the_same_people(bolu):
    """Twice the same, column for column; another seed, other people."""
    assert digest(bolu) == digest(town(provinces=("Bolu",)))
    assert {"household", "age", "surname", "workplace"} <= changed(bolu, town(seed=2, provinces=("Bolu",)))


def test_a_known_town():
    """The same numbers on every machine and under every version of the libraries."""
    village = town(people=1_000, provinces=("Bayburt",))
    assert village.household_start[[1, 10, 100, -1]].tolist() == [1, 27, 331, 1000]
    assert village.age[:12].tolist() == [85, 44, 37, 6, 13, 72, 48, 53, 21, 25, 22, 0]
    assert village.workplace_size[:8].tolist() == [28, 13, 6, 4, 3, 3, 2, 1]
    assert village.first_dose[:6].tolist() == [482, 0, 539, 0, 0, 470]
    assert village.member[:6].tolist() == [40, 57, 76, 98, 180, 185]
    assert (village.workplace >= 0).sum() == 187
    assert int(village.birth_date.sum()) == 6_336_319


WORK = {"workplace", "workplace_province", "workplace_size", "workplace_kind", "workplace_integrated"}
SCHOOL = {"school", "school_province", "school_size", "school_stage"}
DOSES = {"doses", "first_dose", "third_dose"}


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
        ({"other_district_share": 0.4}, WORK),
        ({"private_workplace_mean": 9.0}, WORK),
        ({"public_workplace_mean": 20.0}, WORK),
        ({"school_mean": 100.0}, SCHOOL),
        ({"enrolled_share": 0.8}, WORK | SCHOOL),
        ({"vaccination": VaccinationParameters(third_dose_days=200)}, {"third_dose"}),
        (
            {
                "vaccination": VaccinationParameters(
                    elderly=Campaign(begins=date(2021, 1, 14), ends=date(2021, 3, 1), first=0.5, second=0.4, third=0.3)
                )
            },
            DOSES,
        ),
    ],
)
def test_a_changed_parameter_changes_only_what_it_touches(bolu, change, touched):
    """Common random numbers: two towns with one seed differ only where their parameters do."""
    found = changed(bolu, town(provinces=("Bolu",), **change))
    assert found
    assert found <= touched


def test_more_of_a_share_only_adds(bolu):
    """Whoever has an app, a job, a desk or a dose keeps it when the share is raised."""
    app = town(provinces=("Bolu",), app_share=0.8).app_user
    job = town(provinces=("Bolu",), employed_share=0.4).workplace >= 0
    elderly = Campaign(begins=date(2021, 2, 11), ends=date(2021, 5, 31), first=0.99, second=0.95, third=0.9)
    doses = town(provinces=("Bolu",), vaccination=VaccinationParameters(elderly=elderly)).doses
    assert app[bolu.app_user].all()
    assert job[bolu.workplace >= 0].all()
    assert (doses >= bolu.doses).all()


def test_people_of_another_province_change_nobody_here():
    """Bolu's households, sexes and names are the same beside Düzce as alone."""
    both = town(people=9_000, provinces=("Bolu", "Düzce"))
    own = both.province == BOLU
    alone = town(people=int(own.sum()), provinces=("Bolu",))
    for name in ("home", "sex", "given_name", "surname"):
        assert getattr(both, name)[own].tolist() == getattr(alone, name).tolist()
