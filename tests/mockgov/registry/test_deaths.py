"""A death: the person stays in the register, and is found by no number any more."""

from datetime import date, timedelta

import pytest

from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterCitizen
from mockgov.registry.rules import Citizen, UnknownCitizen
from mockgov.signin.messages import SendLoginCode
from mockgov.signin.rules import BadToken
from mockgov.vocabulary.person import Sex
from mockgov.world import make_world


def town() -> tuple[Ministry, Citizen]:
    ministry = Ministry(make_world())
    order = RegisterCitizen(
        firstname="Anna", lastname="Öz", sex=Sex.FEMALE, birth_date=date(1950, 1, 1), province=26, foreign=True
    )
    return ministry, ministry.registry.register([order])[0]


def test_nobody_is_found_by_a_number_of_the_dead() -> None:
    """Not by identity number, passport or phone; the register itself still has them."""
    ministry, citizen = town()
    assert citizen.phone is not None
    assert citizen.passport is not None
    ministry.registry.record_death(citizen.citizen_id)
    for look in (
        lambda: ministry.registry.by_identity(citizen.identity.digits),
        lambda: ministry.registry.by_passport(citizen.passport),
        lambda: ministry.registry.by_phone(citizen.phone),
    ):
        with pytest.raises(UnknownCitizen, match="minted no such person"):
            look()
    assert ministry.registry.citizen(citizen.citizen_id) == citizen
    assert ministry.registry.died_on(citizen.citizen_id) == date(2021, 10, 4)
    ministry.close()


def test_codes_and_tokens_end_with_the_entry() -> None:
    """A code is unknown from then on, a token opens nothing."""
    ministry, citizen = town()
    assert citizen.phone is not None
    code = ministry.codes.issue(IssueCode(citizen_id=citizen.citizen_id, expires_at=INDEFINITE))
    ministry.signin.send_code(SendLoginCode(citizen_id=citizen.citizen_id, phone=citizen.phone))
    text = ministry.sms.inbox(limit=1)[0].text
    typed = "".join(letter for letter in text if letter.isdigit())
    token = ministry.signin.sign_in(citizen.citizen_id, typed, remember_me=True).id_token
    assert ministry.signin.bearer(token) == citizen.citizen_id
    ministry.registry.record_death(citizen.citizen_id)
    assert ministry.codes.find_many([code.text]) == {}
    with pytest.raises(BadToken):
        ministry.signin.bearer(token)
    ministry.close()


def test_a_death_is_entered_once() -> None:
    """A second entry changes neither the day nor anything else; nobody unknown dies."""
    ministry, citizen = town()
    ministry.registry.record_death(citizen.citizen_id)
    ministry.advance(ministry.world.now() + timedelta(days=3))
    ministry.registry.record_death(citizen.citizen_id)
    assert ministry.registry.died_on(citizen.citizen_id) == date(2021, 10, 4)
    with pytest.raises(UnknownCitizen):
        ministry.registry.record_death(99)
    ministry.close()


def test_who_is_registered_by_a_name_has_the_same_numbers_whoever_else_is_there() -> None:
    """A number that somebody has already is minted again, for the newcomer."""
    alone, (crowd, _) = Ministry(make_world()), town()
    order = RegisterCitizen(
        firstname="Su",
        lastname="Öz",
        sex=Sex.FEMALE,
        birth_date=date(1990, 1, 1),
        province=26,
        foreign=True,
        minted_as="magic/x",
    )
    first, second = alone.registry.register([order])[0], crowd.registry.register([order])[0]
    assert (first.identity, first.passport, first.phone, first.id_card) == (
        second.identity,
        second.passport,
        second.phone,
        second.id_card,
    )
    twin = crowd.registry.register([order])[0]
    assert twin.identity != second.identity
    assert twin.phone != second.phone
    alone.close()
    crowd.close()
