"""The lab's routes of magic people and presets."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.lab.presets import PRESETS, UnknownPreset, apply
from mockgov.magic.stage import played
from mockgov.magic.table import SCENARIOS
from mockgov.ministry import Ministry
from mockgov.settings import Settings
from mockgov.world import make_world
from mockgov.worlds import Worlds

QUICK = Settings(argon2_memory_kib=8, argon2_passes=1)


@pytest.fixture
def client() -> Iterator[TestClient]:
    worlds = Worlds(settings=QUICK)
    worlds.make("default")
    with TestClient(create_app(worlds)) as client:
        yield client
    worlds.close()


def test_the_table_is_there_before_anybody_plays(client: TestClient) -> None:
    table = client.get("/_lab/magic").json()
    assert [one["name"] for one in table] == list(SCENARIOS)
    assert all(one["played"] is None for one in table)
    risky = table[0]
    assert (risky["kind"], risky["meaning"], risky["meaning_tr"]) == ("person", "Always risky", "Her zaman riskli")
    assert risky["says"][0] == {
        "channel": "code",
        "when": "now",
        "status": 200,
        "shows": {"current_health_status": "RISKY"},
    }


def test_scenarios_are_put_in_and_told_with_everything_to_act_as_them(client: TestClient) -> None:
    made = client.post("/_lab/magic", json={"scenarios": ["always-risky", "account-locked"]})
    assert made.status_code == 201
    person, firm = made.json()
    assert person["played"]["codes"] == ["H2P7363519"]
    assert person["played"]["people"][0]["firstname"] == "SEVGİ"
    assert [one["username"] for one in firm["played"]["accounts"]] == [
        "MAGIC-ACCOUNT-LOCKED-TEST",
        "MAGIC-ACCOUNT-LOCKED-G2G-HES",
    ]
    assert firm["played"]["accounts"][1]["locked_until"] == "2070-12-30T13:00:00.000Z"
    assert firm["played"]["kep"]["address"] == "magic-account-locked@hs02.kep.tr"
    again = client.post("/_lab/magic", json={"scenarios": ["always-risky"]}).json()
    assert again == [person]
    listed = {one["name"]: one["played"] for one in client.get("/_lab/magic").json()}
    assert listed["always-risky"] == person["played"]
    assert listed["deceased"] is None


def test_all_of_them(client: TestClient) -> None:
    assert len(client.post("/_lab/magic", json={}).json()) == len(SCENARIOS)


def test_an_unknown_scenario_is_refused_with_the_nearest(client: TestClient) -> None:
    answer = client.post("/_lab/magic", json={"scenarios": ["phone-off", "deceasd"]})
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "unknownscenario")
    assert "Did you mean deceased?" in answer.json()["title"]
    assert client.get("/_lab/world").json()["people"] == 0


@pytest.mark.parametrize(("magic", "people"), [(True, None), (["always-risky"], 1), ([], 0), (False, 0)])
def test_a_world_is_made_with_them(client: TestClient, magic: object, people: int | None) -> None:
    made = client.post("/_lab/worlds", json={"name": "x", "magic": magic})
    assert made.status_code == 201
    assert people is None or made.json()["people"] == people
    parts = [one for one in client.get("/w/x/_lab/magic").json() if one["played"]]
    assert len(parts) == (len(SCENARIOS) if magic is True else len(magic) if isinstance(magic, list) else 0)


def test_a_world_with_an_unknown_one_is_not_made(client: TestClient) -> None:
    """Whole or not at all."""
    answer = client.post("/_lab/worlds", json={"name": "x", "people": 3, "magic": ["always-rsky"]})
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "unknownscenario")
    assert [one["name"] for one in client.get("/_lab/worlds").json()] == ["default"]


def test_presets_are_listed(client: TestClient) -> None:
    listed = {one["name"]: one for one in client.get("/_lab/presets").json()}
    assert list(listed) == list(PRESETS)
    assert listed["spring-2020"]["settings"] == {"start": "2020-04-06T08:00:00+03:00"}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_what_it_says(name: str) -> None:
    """So many people of a town, and every magic one that its day allows."""
    preset = PRESETS[name]
    ministry = Ministry(make_world(settings=QUICK.changed(preset.settings)))
    apply(ministry, name, people=20 if preset.people else None)
    parts = played(ministry)
    players = sum(len(part.props.people) for part in parts.values())
    assert ministry.registry.count() == players + (20 if preset.people else 0)
    assert (len(parts) >= len(SCENARIOS) - 3) == preset.magic
    ministry.close()


def test_an_unknown_preset_is_refused_with_the_nearest() -> None:
    ministry = Ministry(make_world())
    with pytest.raises(UnknownPreset, match=r"Did you mean autumn\? Choose one of empty, town, "):
        apply(ministry, "autum")
    ministry.close()
