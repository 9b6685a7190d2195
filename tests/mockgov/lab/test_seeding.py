"""The ready town: the same on every machine, and fit to be asked about."""

from collections import Counter
from datetime import date

import pytest

from mockgov.codes.rules import INDEFINITE
from mockgov.lab.seeding import seed_town
from mockgov.ministry import Ministry
from mockgov.registry.rules import age_on
from mockgov.settings import Settings
from mockgov.world import make_world

TODAY = date(2021, 10, 4)


def town(people: int, seed: int = 1) -> Ministry:
    ministry = Ministry(make_world(seed=seed, settings=Settings(argon2_memory_kib=8, argon2_passes=1)))
    seed_town(ministry, people)
    return ministry


def test_the_first_person_of_seed_1() -> None:
    """These very people, numbers, codes and passwords, on every machine: the README shows some of them."""
    ministry = town(20)
    first = ministry.registry.citizen(1)
    assert (first.firstname, first.lastname, first.birth_date.isoformat()) == ("HACER", "AKSU", "1999-03-24")
    assert (first.identity.digits, first.id_card.text) == ("23544292472", "Z08T94686")
    assert first.phone is not None
    assert first.phone.subscriber == "5991446412"
    assert ministry.codes.of(1)[0].text == "D9Y5794715"
    assert [account.username for account in ministry.credentials.accounts()] == [
        "ANADOLU-GIDA-G2G-HES",
        "ANADOLU-GIDA-TEST",
        "ESKISEHIR-VALILIGI-G2G-HES",
        "ESKISEHIR-VALILIGI-TEST",
        "ÇINAR-LOJİSTİK-G2G-HES",
        "ÇINAR-LOJİSTİK-TEST",
    ]
    assert ministry.credentials.password("ANADOLU-GIDA-TEST", 0) == "wnTGT4SuaMoa1vbHyM"
    assert ministry.edevlet.password(1) == "4oHLd3g9n6df"
    managed = [(one.label, one.staff_count) for one in ministry.registry.managed_by(1)]
    assert managed == [("ANADOLU-GIDA", 640), ("KOPRUBASI-KIRTASIYE", 12)]


@pytest.mark.parametrize("people", [1, 2, 3, 100])
def test_a_town_of_any_size(people: int) -> None:
    """As many people as asked for, each with one code; children have parents who are adults of their surname."""
    ministry = town(people)
    everybody = ministry.registry.citizens(limit=1000)
    assert len(everybody) == people
    assert all(len(ministry.codes.of(one.citizen_id)) == 1 for one in everybody)
    for one in everybody:
        for parent in map(ministry.registry.citizen, one.parents):
            assert parent.lastname == one.lastname
            assert age_on(parent.birth_date, TODAY) >= 18 > age_on(one.birth_date, TODAY)


def test_a_town_has_something_of_everything() -> None:
    """Among a thousand: risky people, vaccinated ones, tested ones, codes with and without end."""
    ministry = town(1000)
    numbers = [one.citizen_id for one in ministry.registry.citizens(limit=1000)]
    assert 5 <= len(ministry.risky_now(numbers)) <= 60
    clinical = ministry.risk_index.clinical_many(numbers).values()
    assert 300 <= sum(bool(known.vaccinated) for known in clinical) <= 620
    assert any(known.last_negative_test_at for known in clinical)
    ends = Counter(ministry.codes.of(n)[0].expires_at == INDEFINITE for n in numbers)
    assert ends[True] > ends[False] > 100


def test_everybody_has_papers() -> None:
    """A passport where the number is a foreigner's, of several nationalities; a few hold a blue card."""
    people = town(1000).registry.citizens(limit=1000)
    assert all((one.passport is not None) == one.identity.digits.startswith("99") for one in people)
    assert len({one.passport.nationality for one in people if one.passport}) > 3
    assert 1 <= sum(one.blue_card for one in people) <= 10
    assert not any(one.blue_card and (one.passport or one.parents) for one in people)


def test_a_larger_town_begins_like_a_smaller_one() -> None:
    """The first people are the same, whoever comes after them."""
    small, large = town(20), town(200)
    assert small.registry.citizens(limit=10) == large.registry.citizens(limit=10)
