"""Anybody of a world can be found, seen and acted as."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockgov.lab.seeding import seed_town
from mockgov.registry.rules import Citizen
from tests.mockgov.counters.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """Four people; Monday 2021-10-04, 08:00 in Turkey."""
    made = Town()
    yield made
    made.close()


def find(town: Town, **wanted: Any) -> list[int]:
    answer = town.client.get("/_lab/people/find", params=wanted)
    assert answer.status_code == 200, answer.text
    return [one["citizen_id"] for one in answer.json()]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [1, 2, 3, 4]),
        ({"name": "yılmaz"}, [1, 2, 3]),
        ({"name": "nur yıl"}, [1]),
        ({"name": "ALİ"}, [2]),
        ({"name": "şule"}, [4]),
        ({"name": "yilmaz"}, [1, 2, 3]),
        ({"name": "Yilmaz"}, [1, 2, 3]),
        ({"name": "AYSE  nur yil"}, [1]),
        ({"name": "sule"}, [4]),
        ({"name": "ali"}, [2]),
        ({"name": "yılmaz ş"}, []),
        ({"name": "x"}, []),
        ({"risk": "RISKY"}, [2]),
        ({"risk": "RISKLESS", "min_age": 18}, [1, 4]),
        ({"max_age": 11}, [3]),
        ({"min_age": 31, "max_age": 40}, [4]),
        ({"min_age": 31, "max_age": 41}, [1, 2, 4]),
        ({"province": 26, "has_phone": False}, [3]),
        ({"province": 6}, []),
        ({"limit": 1}, [1]),
        ({"after": 2, "limit": 1}, [3]),
    ],
)
def test_finding(town: Town, wanted: dict[str, Any], found: list[int]) -> None:
    """By any of these and all together, however the name is written."""
    assert find(town, **wanted) == found


@pytest.mark.parametrize(
    "wanted", [{"province": 82}, {"risk": "risky?"}, {"min_age": -1}, {"limit": 0}, {"name": "\x00"}, {"after": -1}]
)
def test_what_nobody_can_be(town: Town, wanted: dict[str, Any]) -> None:
    """A bad request, not an empty list."""
    assert town.client.get("/_lab/people/find", params=wanted).status_code == 400


def test_a_card(town: Town) -> None:
    """All that it takes to act as somebody; numbers are masked unless asked for."""
    code = town.issue(town.father)
    masked = town.client.get("/_lab/people/2/card").json()
    assert {name: masked[name] for name in ("birth_date", "identity_number", "id_card", "phone")} == {
        "birth_date": "1979-**-**",
        "identity_number": town.father.identity.masked,
        "id_card": town.father.id_card.masked,
        "phone": town.father.phone.masked,
    }
    for number in (town.father.identity.digits, town.father.phone.subscriber, town.father.id_card.last_four):
        assert number not in str(masked)
    assert masked["codes"][0]["hes_code"] == code.text
    assert (masked["health_status"], masked["isolated_until"]) == ("RISKY", "2021-10-15T21:00:00.000Z")
    assert masked["channels"] == {"sms": True, "app": True, "edevlet": True}
    assert masked["family"] == [
        {"citizen_id": 3, "relation": "child", "firstname": "CAN", "lastname": "YILMAZ", "age": 11}
    ]
    plain = town.client.get("/_lab/people/2/card", params={"unmask": True}).json()
    assert plain["identity_number"] == town.father.identity.digits
    assert plain["phone"] == town.father.phone.wire
    assert plain["birth_date"] == "1979-12-31"
    child = town.client.get("/_lab/people/3/card").json()
    assert child["channels"] == {"sms": False, "app": False, "edevlet": False}
    assert [one["citizen_id"] for one in child["family"]] == [1, 2]
    assert child["phone"] is None


def test_the_dead_have_the_day_of_their_death(town: Town) -> None:
    """On the card, masked or not, and wherever the lab shows a person; no front is open to them any more."""
    for path in ("/_lab/people/1/card", "/_lab/people/1"):
        assert town.client.get(path).json()["died_on"] is None
    town.ministry.registry.record_death(1)
    for path in ("/_lab/people/1/card", "/_lab/people/1/card?unmask=true", "/_lab/people/1"):
        assert town.client.get(path).json()["died_on"] == "2021-10-04"
    channels = town.client.get("/_lab/people/1/card").json()["channels"]
    assert channels == {"sms": False, "app": False, "edevlet": False}


def test_a_text_from_somebodys_phone(town: Town) -> None:
    """To 2023 unless said otherwise; who has no phone cannot write, and nobody unknown can."""
    sent = town.client.post("/_lab/people/1/sms", json={"text": "HES"})
    assert (sent.status_code, sent.json()["to"], sent.json()["text"]) == (201, "2023", "HES")
    assert [one.text for one in town.ministry.sms.sent_from(town.mother.phone)] == ["HES"]
    for number, status, key in ((3, 400, "nophone"), (9, 404, "citizennotfound")):
        answer = town.client.post(f"/_lab/people/{number}/sms", json={"text": "HES"})
        assert (answer.status_code, answer.json()["errorKey"]) == (status, key)


def test_everybody_with_a_phone_can_be_acted_as() -> None:
    """In a ready town each phone sends to 2023, takes a login code and opens the application; a child has a parent."""
    town = Town()
    other = town.worlds.make("ready")
    seed_town(other, 40)
    for citizen in other.registry.citizens(limit=40):
        card = town.client.get(f"/w/ready/_lab/people/{citizen.citizen_id}/card", params={"unmask": True}).json()
        assert card["channels"]["app"] == (citizen.phone is not None)
        if citizen.phone is not None:
            act(town, citizen)
        else:
            assert any(one["relation"] == "parent" for one in card["family"])
    town.close()


def act(town: Town, citizen: Citizen) -> None:
    client, phone = town.client, citizen.phone.e164
    path = f"/w/ready/_lab/people/{citizen.citizen_id}/sms"
    assert client.post(path, json={"text": "merhaba"}).status_code == 201
    assert client.post("/w/ready/api/send-code-to-login", json={"phone": phone}).status_code == 201
    inbox = client.get(f"/w/ready/_lab/handsets/{citizen.phone.wire}").json()["inbox"]
    password = "".join(letter for letter in inbox[-1]["text"] if letter.isdigit())
    body = {"phone": phone, "password": password, "rememberMe": True}
    answer = client.post("/w/ready/api/authenticate-with-code", json=body)
    assert answer.json()["phone"] == citizen.phone.wire
