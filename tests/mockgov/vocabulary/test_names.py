"""What made-up people and companies are called."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.vocabulary import names
from mockgov.vocabulary.masking import mask_firstname, mask_lastname
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.turkish import upper_tr
from tests.strategies import SeededDraw, draws

TABLES = [
    (names.MALE_GIVEN_NAMES, names.MALE_GIVEN_NAME_WEIGHTS),
    (names.FEMALE_GIVEN_NAMES, names.FEMALE_GIVEN_NAME_WEIGHTS),
    (names.SURNAMES, names.SURNAME_WEIGHTS),
]
LETTERS = set("ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ ")


@pytest.mark.parametrize(("table", "weights"), TABLES)
def test_a_table_has_a_weight_for_each_name_and_no_name_twice(table, weights):
    """Names are in Turkish capitals, weights positive and falling, so that an index is also a rank."""
    assert len(table) == len(set(table)) == len(weights)
    assert all(set(name) <= LETTERS and name == upper_tr(name).strip() for name in table)
    assert list(weights) == sorted(weights, reverse=True)
    assert weights[-1] > 0


def test_the_tables_are_large_enough_for_a_town():
    """At least 150 given names of each sex and 300 surnames."""
    assert [len(table) >= least for (table, _), least in zip(TABLES, (150, 150, 300), strict=True)] == [True] * 3


def test_the_ends_of_a_table_belong_to_its_ends():
    """The lowest draw gives the first name, the highest the last."""
    assert names.given_name(lambda _: 0, Sex.MALE) == "MEHMET"
    assert names.given_name(lambda _: 0, Sex.FEMALE) == "FATMA"
    assert names.surname(lambda _: 0) == "YILMAZ"
    assert names.surname(lambda n: n - 1) == names.SURNAMES[-1]


@given(draws(), st.sampled_from(Sex))
def test_a_drawn_name_is_of_its_table(draw, sex):
    """A given name belongs to the sex it was drawn for, and every name can be masked."""
    given_name, surname = names.given_name(draw, sex), names.surname(draw)
    assert given_name in names.given_names(sex)
    assert surname in names.SURNAMES
    assert mask_firstname(given_name).endswith("****")
    assert mask_lastname(surname).endswith("**** ")


def test_common_names_are_drawn_as_often_as_their_weight_says():
    """Of 20,000 surnames YILMAZ has its share, within four standard deviations."""
    draw = SeededDraw(20_200_520)
    drawn = Counter(names.surname(draw) for _ in range(20_000))
    share = names.SURNAME_WEIGHTS[0] / sum(names.SURNAME_WEIGHTS)
    assert abs(drawn["YILMAZ"] - 20_000 * share) < 4 * (20_000 * share * (1 - share)) ** 0.5


def test_a_company_is_a_colour_a_place_a_trade_and_a_form():
    """The lowest draws give the first of each."""
    assert names.company_name(lambda _: 0) == "AK ARDIÇ AMBALAJ A.Ş."
