"""The register as the rest of the ministry meets it, over its plain twin."""

import re
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mockgov.clock import ManualClock
from mockgov.registry.messages import CitizensRegistered, InstitutionRegistered, RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import MaskedName, NotRegistrable, UnknownCitizen, UnknownInstitution
from mockgov.registry.service import Registry
from mockgov.registry.store import InMemoryRegistry
from mockgov.streams import KeyedDraw, Streams
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.passport import NATIONALITIES, Passport
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.tckn import Tckn
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import Ykn
from tests.strategies import SeededDraw

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)


class SameForAll(Streams):
    """Chance that mints the same numbers for everybody, and others only at another attempt."""

    def draw(self, purpose: str, *key: int | str) -> KeyedDraw:
        return super().draw(purpose, key[-1])


class Office:
    """A registry with a clock to move and the events that it told."""

    def __init__(self, streams: Streams | None = None) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.registry = Registry(
            store=InMemoryRegistry(),
            now=self.clock.now,
            streams=streams or Streams(1),
            tell=self.told.append,
            transaction=nullcontext,
            phone_prefix="599",
        )


def person(firstname: str = "Ayşe", birth: str = "1980-01-01", **fields: object) -> RegisterCitizen:
    values = {"lastname": "Yılmaz", "sex": Sex.FEMALE, "province": 26} | fields
    return RegisterCitizen(firstname=firstname, birth_date=date.fromisoformat(birth), **values)


def workplace(label: str = "ANADOLU", **fields: object) -> RegisterInstitution:
    values = {"kind": InstitutionKind.WORKPLACE, "name": "Anadolu A.Ş.", "province": 26, "staff_count": 640} | fields
    return RegisterInstitution(label=label, **values)


@pytest.fixture
def office() -> Office:
    return Office()


def test_registering_mints_all_numbers(office: Office) -> None:
    """A citizen gets the next number, a citizen's identity number, a phone that reaches nobody, an ID card."""
    one, two = office.registry.register([person("ayşe  nur"), person("ışıl", has_phone=False, foreign=True)])
    assert (one.citizen_id, one.firstname, one.lastname) == (1, "AYŞE NUR", "YILMAZ")
    assert isinstance(one.identity, Tckn)
    assert one.phone is not None
    assert one.phone.subscriber.startswith("599")
    assert (two.citizen_id, two.firstname, two.phone) == (2, "IŞIL", None)
    assert isinstance(two.identity, Ykn)
    assert one.id_card != two.id_card
    assert office.told == [CitizensRegistered(citizen_ids=[1, 2])]


def test_the_same_seed_mints_the_same_people() -> None:
    """Two worlds of one seed give the same numbers, whether registered in one call or in two."""
    together, apart = Office(), Office()
    made = list(together.registry.register([person(), person("Fatma")]))
    assert made == [*apart.registry.register([person()]), *apart.registry.register([person("Fatma")])]
    assert list(Office(Streams(2)).registry.register([person()])) != made[:1]


def test_numbers_in_use_are_minted_again() -> None:
    """However chance repeats itself, no two people share an identity or phone number."""
    office = Office(SameForAll(1))
    people = [*office.registry.register([person(), person()]), *office.registry.register([person()])]
    assert len({one.identity for one in people}) == 3
    assert len({one.phone for one in people}) == 3


def test_finding_people(office: Office) -> None:
    """By number, identity and phone the same person is found."""
    (one,) = office.registry.register([person()])
    assert one.phone is not None
    assert office.registry.citizen(1) == one
    assert office.registry.by_identity(f" {one.identity.digits} ") == one
    assert office.registry.by_phone(one.phone) == one
    assert office.registry.citizens(after=0) == [one]
    assert office.registry.count() == 1


@pytest.mark.parametrize("number", ["10000000146", "12345678901", "", "ışık", "1\x00"])
def test_an_unknown_number_is_refused_and_never_repeated(office: Office, number: str) -> None:
    """Whoever is not of this world is unknown, and the refusal does not echo the number."""
    with pytest.raises(UnknownCitizen, match="This world has minted no such person") as refusal:
        office.registry.by_identity(number)
    assert not number or number not in refusal.value.message
    assert refusal.value.key == "citizennotfound"


def test_unknown_phone_and_number(office: Office) -> None:
    """The same for a phone and for a citizen's number."""
    with pytest.raises(UnknownCitizen):
        office.registry.by_phone(Phone("5990000000"))
    with pytest.raises(UnknownCitizen):
        office.registry.citizen(1)


def test_children_until_18(office: Office) -> None:
    """Parents come first in the same call; a child is listed for both until it comes of age."""
    mother, father, child, _ = office.registry.register(
        [
            person(),
            person("Ali", sex=Sex.MALE),
            person("Can", birth="2003-10-06", parents=(-1, -2)),
            person("Deniz", birth="1999-01-01", parents=(-1, -2)),
        ]
    )
    assert child.parents == (1, 2)
    assert office.registry.children_of(mother) == [child]
    assert office.registry.children_of(father) == [child]
    office.clock.move_to(datetime(2021, 10, 5, 21, tzinfo=UTC))
    assert office.registry.children_of(mother) == []


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (person(parents=(1, 2, 3)), "at most two parents|not registered before"),
        (person(parents=(-1,)), "Parent -1 is not registered before the child; put parents first"),
        (person(parents=(7,)), "Parent 7 is not registered before the child"),
        (person(parents=(10**30,)), "is not registered before the child"),
        (person(birth="2021-10-05"), "lies in the future; choose an earlier day"),
        (person("  "), "firstname is empty; give a name"),
        (person(lastname="\x00"), "lastname is empty; give a name"),
        (person(province=0), "no province 0; give a plate from 1 to 81"),
        (person(province=82), "no province 82"),
    ],
)
def test_what_cannot_be_registered(office: Office, order: RegisterCitizen, says: str) -> None:
    """One impossible entry refuses the whole call; nobody is entered and nothing is told."""
    with pytest.raises(NotRegistrable, match=says):
        office.registry.register([person(), order] if order.parents != (-1,) else [order])
    assert office.registry.count() == 0
    assert office.told == []


def test_a_birth_today_in_turkey_is_no_birth_in_the_future(office: Office) -> None:
    """At 22:00 UTC the next day has begun in Turkey, and a child born on it may be entered."""
    office.clock.move_to(datetime(2021, 10, 4, 22, tzinfo=UTC))
    assert office.registry.register([person(birth="2021-10-05")])[0].birth_date == date(2021, 10, 5)


def test_institutions(office: Office) -> None:
    """An institution gets a number and a tax number, and is found by its number."""
    office.registry.register([person(), person()])
    made = office.registry.found(workplace(staff=(2, 1)))
    assert (made.institution_id, made.label, made.staff) == (1, "ANADOLU", (2, 1))
    assert len(made.vkn.digits) == 10
    assert office.registry.institution(1) == made
    assert office.registry.found(workplace("ÇINAR-LOJİSTİK")).institution_id == 2
    assert [one.label for one in office.registry.institutions()] == ["ANADOLU", "ÇINAR-LOJİSTİK"]
    assert office.told[1:] == [InstitutionRegistered(institution_id=1), InstitutionRegistered(institution_id=2)]


def test_an_institutions_manager_is_the_first_of_its_staff(office: Office) -> None:
    """Of the staff that are known by name; somebody may speak for several, and nobody for one without named staff."""
    office.registry.register([person(), person()])
    first = office.registry.found(workplace("BİR", staff=(2, 1)))
    office.registry.found(workplace("İKİ"))
    third = office.registry.found(workplace("ÜÇ", staff=(2,)))
    assert office.registry.managed_by(2) == [first, third]
    assert office.registry.managed_by(1) == []


def test_a_branch_has_its_head_offices_tax_number(office: Office) -> None:
    """They are found together, the head office first; and another institution has another number."""
    head = office.registry.found(workplace("MERKEZ"))
    other = office.registry.found(workplace("BAŞKA"))
    branch = office.registry.found(replace(workplace("SUBE"), headquarters=1))
    assert (branch.vkn, branch.headquarters) == (head.vkn, 1)
    assert other.vkn != head.vkn
    assert office.registry.establishments(head.vkn) == [head, branch]
    assert office.registry.establishments(Vkn.mint(SeededDraw(1))) == []


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (replace(workplace("X"), headquarters=7), "headquarters must be the number of a head office"),
        (workplace("TAKEN"), "The label TAKEN is taken; choose another"),
        (workplace(staff=(1,), staff_count=0), "staff_count is smaller than the list of staff"),
        (workplace(staff=(1, 2)), "Of the staff, 1 is not registered"),
        (workplace(staff=(10**30,)), "Of the staff, 1 is not registered"),
        (workplace(staff=(1, 1)), "Somebody stands twice in the list of staff"),
        (workplace(province=99), "no province 99"),
        (workplace("A:B"), "A label has 1 to 60 characters, and no blank, colon, slash or control character"),
        (workplace("A B"), "A label has"),
        (workplace("A\nB"), "A label has"),
        (workplace("A/B"), "A label has"),
        (workplace(""), "A label has"),
        (workplace("A" * 61), "A label has"),
    ],
)
def test_what_cannot_be_founded(office: Office, order: RegisterInstitution, says: str) -> None:
    """A label is free and fits into a user name; the staff are registered people, each named once."""
    office.registry.register([person()])
    office.registry.found(workplace("TAKEN"))
    with pytest.raises(NotRegistrable, match=says):
        office.registry.found(order)
    assert len(office.registry.institutions()) == 1


def test_an_unknown_institution(office: Office) -> None:
    with pytest.raises(UnknownInstitution, match="no institution of this number"):
        office.registry.institution(5)


def test_what_the_query_path_and_the_statistics_see(office: Office) -> None:
    """Masked names, provinces and residents, for many at once; who is unknown is missing."""
    one, two = office.registry.register([person(), person("Şule", province=6)])
    assert office.registry.masked_many([2, 1, 9]) == {
        1: MaskedName(one.identity.masked, "AY****", "YI**** "),
        2: MaskedName(two.identity.masked, "ŞU****", "YI**** "),
    }
    assert office.registry.provinces_of([1, 2, 9]) == {1: 26, 2: 6}
    assert office.registry.populations() == {26: 1, 6: 1}


def test_papers(office: Office) -> None:
    """A foreigner has a passport, of the nationality that is said or another; a blue card is a former citizen's."""
    citizen, blue, guest, resident = office.registry.register(
        [
            person(),
            person(blue_card=True),
            person(foreign=True, temporary=True, nationality="DEU"),
            person(foreign=True),
        ]
    )
    assert (citizen.passport, citizen.blue_card) == (None, False)
    assert (blue.passport, blue.blue_card, type(blue.identity)) == (None, True, Tckn)
    assert guest.identity.digits[:2] in ("97", "98")
    assert guest.passport.nationality == "DEU"
    assert re.fullmatch(r"TST[0-9]{6}", guest.passport.number)
    assert resident.identity.digits[:2] == "99"
    assert resident.passport.nationality in NATIONALITIES
    assert office.registry.by_passport(guest.passport) == guest
    with pytest.raises(UnknownCitizen) as refused:
        office.registry.by_passport(Passport("DEU", "C01X00T47"))
    assert "C01X00T47" not in str(refused.value)


def test_nobody_shares_a_passport() -> None:
    """Whoever would is given another number of the same nationality."""
    office = Office(SameForAll(1))
    one, other = office.registry.register([person(foreign=True, nationality="DEU") for _ in range(2)])
    assert one.passport != other.passport
    assert other.passport.nationality == "DEU"


@pytest.mark.parametrize(
    "fields",
    [
        {"foreign": True, "blue_card": True},
        {"nationality": "DEU"},
        {"temporary": True},
        {"foreign": True, "nationality": "TUR"},
        {"foreign": True, "nationality": "Deutsch"},
    ],
)
def test_papers_that_do_not_go_together(office: Office, fields: dict[str, object]) -> None:
    """They are refused, and nobody is registered."""
    with pytest.raises(NotRegistrable):
        office.registry.register([person(), person(**fields)])
    assert office.registry.count() == 0
