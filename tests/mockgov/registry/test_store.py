"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from mockgov.database import Database
from mockgov.registry.rules import Citizen, Institution, MaskedName
from mockgov.registry.store import InMemoryRegistry, RegistryStore, SqlRegistry
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.passport import Passport
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import Ykn
from tests.strategies import SeededDraw


def citizen(
    number: int, *, parents: tuple[int, ...] = (), foreign: bool = False, phone: bool = True, **fields: Any
) -> Citizen:
    draw = SeededDraw(number)
    return Citizen(
        citizen_id=number,
        identity=Ykn.mint(draw) if foreign else Tckn.mint(draw),
        firstname="AYŞE NUR",
        lastname="ÇİĞDEM",
        sex=Sex.FEMALE,
        birth_date=date(1980, 2, 29),
        province=26 if number % 2 else 6,
        phone=Phone.mint(draw) if phone else None,
        id_card=IdCardSerial.mint(draw),
        parents=parents,
        **fields,
    )


def institution(number: int, label: str, staff: tuple[int, ...] = ()) -> Institution:
    return Institution(
        institution_id=number,
        vkn=Vkn.mint(SeededDraw(number)),
        kind=InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
        name="Eskişehir İl Sağlık Müdürlüğü",
        label=label,
        province=26,
        staff_count=10_000_000,
        staff=staff,
    )


class StoreContract:
    """What every store promises."""

    def test_a_death_is_noted_with_its_day(self, store: RegistryStore) -> None:
        store.put_citizens([citizen(1), citizen(2)])
        store.put_death(2, date(2021, 10, 4))
        assert (store.died_on(1), store.died_on(2), store.died_on(3)) == (None, date(2021, 10, 4), None)

    def test_citizens_come_back_as_they_were(self, store: RegistryStore) -> None:
        """Every field survives, with or without phone and parents, citizen or foreigner."""
        abroad = {"passport": Passport("DEU", "TST000001"), "foreign": True}
        people = [citizen(1), citizen(2, phone=False, **abroad), citizen(3, parents=(1, 2)), citizen(4, blue_card=True)]
        store.put_citizens(people)
        assert [store.citizen(n) for n in (1, 2, 3, 4, 5)] == [*people, None]
        assert [store.by_identity(one.identity.digits) for one in people] == people
        assert store.by_phone(people[0].phone.subscriber) == people[0]
        assert store.by_passport(Passport("DEU", "TST000001")) == people[1]
        assert store.by_passport(Passport("FRA", "TST000001")) is None
        assert store.taken(passports=["DEU TST000001", "DEU TST000002"]) == {"DEU TST000001"}
        assert store.by_phone("5990000000") is None

    def test_nobody(self, store: RegistryStore) -> None:
        """An empty register answers every question."""
        store.put_citizens([])
        assert store.count_citizens() == 0
        assert store.citizens() == []
        assert store.institutions() == []
        assert store.masked_many([]) == {}
        assert store.provinces_of([]) == {}
        assert store.populations() == {}
        assert store.taken(identities=[], phones=[]) == frozenset()

    def test_pages(self, store: RegistryStore) -> None:
        """A page begins above `after` and has at most `limit` people, by number."""
        store.put_citizens([citizen(n) for n in range(1, 6)])
        assert [one.citizen_id for one in store.citizens(after=2, limit=2)] == [3, 4]
        assert [one.citizen_id for one in store.citizens(after=5)] == []
        assert store.count_citizens() == 5

    def test_children(self, store: RegistryStore) -> None:
        """A citizen's children, by number."""
        store.put_citizens([citizen(1), citizen(2), citizen(4, parents=(2, 1)), citizen(3, parents=(1,))])
        assert [one.citizen_id for one in store.children_of(1)] == [3, 4]
        assert [one.citizen_id for one in store.children_of(2)] == [4]
        assert store.children_of(3) == []

    def test_many_at_once(self, store: RegistryStore) -> None:
        """What is shown of many people, and where they live; asked twice is answered once, the unknown are missing."""
        store.put_citizens([citizen(1), citizen(2)])
        shown = MaskedName(citizen(1).identity.masked, "AY**** NU****", "Çİ**** ")
        assert store.masked_many([1, 1, 7]) == {1: shown}
        assert store.provinces_of([1, 2, 2, 7]) == {1: 26, 2: 6}
        assert store.populations() == {26: 1, 6: 1}

    def test_taken(self, store: RegistryStore) -> None:
        """The numbers in use among those asked about."""
        store.put_citizens([citizen(1), citizen(2, phone=False)])
        known, line = citizen(1).identity.digits, citizen(1).phone.subscriber
        assert store.taken(identities=[known, "x"], phones=[line, "y"]) == {known, line}
        assert store.taken(identities=[line], phones=[known]) == frozenset()

    def test_institutions_come_back_as_they_were(self, store: RegistryStore) -> None:
        """Every field survives; a label is compared letter by letter."""
        one, two = institution(1, "İL-SAĞLIK", (3, 1, 2)), institution(2, "il-sağlık")
        store.put_institution(one)
        store.put_institution(two)
        assert store.institutions() == [one, two]
        branch = replace(institution(3, "SUBE"), vkn=one.vkn, headquarters=1)
        store.put_institution(branch)
        assert store.by_vkn(one.vkn) == [one, branch]
        assert store.by_vkn(two.vkn) == [two]
        assert store.institution(2) == two
        assert store.institution(4) is None
        assert store.by_label("İL-SAĞLIK") == one
        assert store.by_label("IL-SAĞLIK") is None


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> RegistryStore:
        return InMemoryRegistry()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> RegistryStore:
        return SqlRegistry(database)

    def test_survives_a_new_store(self, database: Database, store: RegistryStore) -> None:
        """What one store has kept another on the same database finds."""
        store.put_citizens([citizen(1)])
        assert SqlRegistry(database).citizen(1) == citizen(1)

    def test_no_number_twice(self, database: Database, store: RegistryStore) -> None:
        """The database itself refuses a second person with the same identity number."""
        store.put_citizens([citizen(1)])
        with pytest.raises(sa.exc.DBAPIError), database.transaction():
            store.put_citizens([citizen(2, phone=False), citizen(1)])
        assert store.count_citizens() == 1

    def test_70_000_people_at_once(self, store: RegistryStore) -> None:
        """Any number of people may be asked about in one call."""
        store.put_citizens([citizen(69_999)])
        assert list(store.masked_many(range(70_000))) == [69_999]
        assert store.provinces_of(range(70_000)) == {69_999: 26}
