import re
from dataclasses import replace

import numpy as np
import pytest

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.province import PROVINCES
from sim.demand.callers import callers
from sim.demand.ground import ground
from sim.demand.institutions import institutions
from sim.demand.parameters import DemandParameters, Role
from sim.streams import RepeatedStreamError, Streams

LABEL = re.compile("[A-ZÇĞİÖŞÜ0-9]+(-[A-ZÇĞİÖŞÜ0-9]+)*")


def test_who_asks_in_a_town(town):
    """Five national institutions, the integrated workplaces with their staff, five institutions of the town."""
    assert [role.value for role in town.callers.role] == [
        *("airline", "coaches", "railway", "hotels", "exams"),
        *["employer"] * 4,
        *("mall", "office", "city_card", "campus", "stage"),
    ]
    employers = [index for index in town.callers.workplace if index >= 0]
    assert employers == np.flatnonzero(town.people.workplace_integrated).tolist()
    assert town.callers.staff_count[5:9] == tuple(town.people.workplace_size[employers].tolist())
    assert set(town.callers.province) == {26}


@pytest.mark.parametrize("where", ["village", "town", "country"])
def test_labels_fit_user_names(where, request):
    """Unique, short, upper case, some with İ and some with a hyphen."""
    labels = request.getfixturevalue(where).callers.label
    assert len(set(labels)) == len(labels)
    assert all(LABEL.fullmatch(label) and len(label) <= 24 for label in labels)
    assert any("İ" in label for label in labels)
    assert any("-" in label for label in labels)


def test_a_caller_as_one_row(town):
    """A column's entry is the row's field; a row past the end is none."""
    governor = town.callers[7]
    assert (governor.label, governor.name) == ("VALİLİK-26", "ESKİŞEHİR ÖRNEK VALİLİĞİ")
    assert (governor.kind, governor.role) == (InstitutionKind.GOVERNORSHIP, Role.EMPLOYER)
    assert len(list(town.callers)) == len(town.callers) == 14


def test_where_a_door_is(town):
    """In the caller's city, in one of its districts, at an address that cannot be taken for a real one."""
    assert town.callers.place(11) == ("Eskişehir", "Sivrihisar", "Örnek Mahallesi 12. Sokak No: 1")


def test_accounts_are_few(country):
    """At most so many as told, the most populous provinces first."""
    assert len(country.callers) == 24
    assert list(dict.fromkeys(country.callers.province)) == [34, 6, 35, 16]
    few = callers(country.people, DemandParameters(callers_at_most=5), Streams(1))
    assert few.label == country.callers.label[:5]


def test_repeated_labels_are_told_apart(town):
    """If all integrated workplaces were public bodies, they would be KURUM-26, KURUM-26-2 and so on."""
    people = replace(town.people, place_kind=np.ones_like(town.people.place_kind))
    labels = callers(people, DemandParameters(), Streams(1)).label
    assert labels[5:8] == ("KURUM-26", "KURUM-26-2", "KURUM-26-3")


def test_the_country_has_thousands(town):
    """With as many residents as the real one, each province has its malls and offices, by its size."""
    land = ground(town.people)
    real = np.zeros(83, np.int64)
    for province in PROVINCES:
        real[province.plate + 1] = province.population_2020
    table = institutions(land._replace(province_start=np.cumsum(real)), DemandParameters(callers_at_most=10_000))
    assert [table.having(role).size for role in (Role.MALL, Role.CITY_CARD, Role.COACHES, Role.EXAMS)] == [
        *(459, 81, 28, 1)
    ]
    assert (np.bincount(table.province[table.having(Role.MALL)])[[34, 69]] == [78, 1]).all()
    assert table.name(int(table.having(Role.MALL)[0]), Streams(1).stream("x")) == (
        "İSTANBUL ÖRNEK ALIŞVERİŞ MERKEZİ A.Ş."
    )


def test_the_stream_is_taken_once(village):
    """The same seed, the same callers; the same `Streams`, an error."""
    streams = Streams(1)
    assert callers(village.people, DemandParameters(), streams) == village.callers
    with pytest.raises(RepeatedStreamError):
        callers(village.people, DemandParameters(), streams)
