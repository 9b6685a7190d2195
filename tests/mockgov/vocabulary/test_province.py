"""The 81 provinces."""

import pytest

from mockgov.vocabulary.province import (
    NATIONAL_POPULATION_2020,
    PROVINCES,
    InvalidProvince,
    parse_province,
    province_of,
)
from mockgov.vocabulary.turkish import lower_tr, upper_tr


def test_the_populations_add_up_to_the_nation():
    """Every resident of 31 December 2020 lives in exactly one province."""
    assert sum(province.population_2020 for province in PROVINCES) == 83_614_362 == NATIONAL_POPULATION_2020


@pytest.mark.parametrize(
    ("name", "population"),
    [
        ("İstanbul", 15_462_452),
        ("Ankara", 5_663_322),
        ("İzmir", 4_394_694),
        ("Bursa", 3_101_833),
        ("Antalya", 2_548_308),
        ("Bayburt", 81_910),
    ],
)
def test_populations_known_from_elsewhere(name, population):
    """The five largest and the smallest province have their published populations."""
    assert parse_province(name).population_2020 == population


def test_bayburt_is_the_smallest():
    """No province has fewer people."""
    assert min(PROVINCES, key=lambda province: province.population_2020).name == "Bayburt"


def test_plates_count_the_provinces():
    """Plates are 1 to 81 in the table's order, and names are all different."""
    assert [province.plate for province in PROVINCES] == list(range(1, 82))
    assert len({lower_tr(province.name) for province in PROVINCES}) == 81


def test_every_province_has_districts():
    """One at least, none twice in a province."""
    for province in PROVINCES:
        assert province.districts
        assert len(set(province.districts)) == len(province.districts)


@pytest.mark.parametrize("province", PROVINCES, ids=str)
def test_a_province_is_found_by_name_in_any_case_and_by_plate(province):
    """`ISPARTA` and `istanbul` too: case is Turkish."""
    assert province_of(province.plate) is province
    for text in (
        province.name,
        upper_tr(province.name),
        f" {lower_tr(province.name)} ",
        f"{province.plate:02d}",
    ):
        assert parse_province(text) is province


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("0", "province.plate"),
        ("82", "province.plate"),
        ("", "province.name"),
        ("034", "province.name"),
        ("٣٤", "province.name"),
        ("Istanbul", "province.name"),
        ("Selanik", "province.name"),
    ],
)
def test_anything_else_is_refused(text, rule):
    """No plate beyond 81, no English spelling, no city abroad."""
    with pytest.raises(InvalidProvince) as refused:
        parse_province(text)
    assert refused.value.rule == rule
