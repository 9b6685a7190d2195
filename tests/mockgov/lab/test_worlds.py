"""The lab's routes for worlds: presets, forks, snapshots, differences; what each answers and how it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mockgov.counters.town import Town, basic

MONDAY = "2021-10-04T05:00:00.000Z"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def post(town: Town, path: str, body: object = None, status: int = 201) -> Any:
    answer = town.client.post(f"/_lab/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def get(town: Town, path: str, status: int = 200, **query: object) -> Any:
    answer = town.client.get(f"/_lab/{path}", params=query)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_presets(town: Town) -> None:
    """By name; a town has a thousand people if nobody says how many, and a number of people means a town."""
    assert post(town, "worlds", {"name": "a", "preset": "empty"})["people"] == 0
    assert post(town, "worlds", {"name": "b", "preset": "town", "people": 30})["people"] == 30
    assert post(town, "worlds", {"name": "c", "people": 30})["people"] == 30
    assert post(town, "worlds", {"name": "d", "preset": "town"})["people"] == 1000
    refused = post(town, "worlds", {"name": "e", "preset": "twon"}, 400)
    assert refused["errorKey"] == "unknownpreset"
    assert "Did you mean town? Choose one of empty, town, magic" in refused["title"]
    later = post(town, "worlds", {"name": "f", "preset": "january-2022", "people": 30})
    assert (later["people"] > 30, later["now"]) == (True, "2022-01-10T05:00:00.000Z")
    assert (
        "An empty world has no people"
        in post(town, "worlds", {"name": "e", "preset": "empty", "people": 1}, 400)["title"]
    )
    assert [world["name"] for world in get(town, "worlds")] == ["a", "b", "c", "d", "default", "f"]


def test_a_fork_with_settings(town: Town) -> None:
    """Of its own; its beginning has been."""
    assert post(town, "worlds/default/fork", {"to": "b", "settings": {"bulk_limit": 7}})["people"] == 4
    assert town.worlds.get("b").world.settings.bulk_limit == 7
    for settings in ({"bulk_limit": 0}, {"nonsense": 1}, {"start": "2021-01-01T00:00:00+00:00"}):
        refused = post(town, "worlds/default/fork", {"to": "c", "settings": settings}, 400)
        assert refused["errorKey"] == "worldrefused"
    assert [world["name"] for world in get(town, "worlds")] == ["b", "default"]


def test_snapshots(town: Town) -> None:
    """Kept with a body or without; listed; put back; forked from; dropped."""
    code = town.issue()
    kept = post(town, "worlds/default/snapshots")
    assert kept == {"snapshot": "1", "at": MONDAY, "bytes": kept["bytes"]}
    assert kept["bytes"] > 100_000
    town.advance(days=1)
    town.ministry.codes.delete(code)
    assert post(town, "worlds/default/snapshots", {"snapshot": "after"})["at"] == "2021-10-05T05:00:00.000Z"
    assert [one["snapshot"] for one in get(town, "worlds/default/snapshots")] == ["1", "after"]
    assert town.ask("C3", {"hes_code": code.text}).status_code == 400
    assert post(town, "worlds/default/restore", {"snapshot": "1"}, 200)["now"] == MONDAY
    assert town.ask("C3", {"hes_code": code.text}).status_code == 200
    assert post(town, "worlds/default/fork", {"to": "later", "snapshot": "after"})["now"] == "2021-10-05T05:00:00.000Z"
    assert town.ask("C3", {"hes_code": code.text}, world="/w/later").status_code == 400
    assert town.client.delete("/_lab/worlds/default/snapshots/1").status_code == 204
    assert [one["snapshot"] for one in get(town, "worlds/default/snapshots")] == ["after"]


@pytest.mark.parametrize(
    ("method", "path", "body", "key"),
    [
        ("GET", "nowhere/snapshots", None, "worldnotfound"),
        ("POST", "nowhere/snapshots", {}, "worldnotfound"),
        ("POST", "nowhere/restore", {"snapshot": "1"}, "worldnotfound"),
        ("POST", "default/restore", {"snapshot": "1"}, "snapshotnotfound"),
        ("DELETE", "default/snapshots/1", None, "snapshotnotfound"),
        ("DELETE", "default/snapshots/..%2F..%2Fministry", None, None),
        ("POST", "default/fork", {"to": "b", "snapshot": "1"}, "snapshotnotfound"),
        ("GET", "default/diff?against=nowhere", None, "worldnotfound"),
        ("GET", "default/diff?against=@1", None, "snapshotnotfound"),
        ("GET", "nowhere/diff?against=default", None, "worldnotfound"),
    ],
)
def test_what_is_not_there(town: Town, method: str, path: str, body: object, key: str | None) -> None:
    """404, with what to do."""
    answer = town.client.request(method, f"/_lab/worlds/{path}", json=body)
    assert answer.status_code == 404
    assert key in (None, answer.json()["errorKey"])


def test_a_difference(town: Town) -> None:
    """By table and by meaning; no more of a kind than asked for are named, and all are counted."""
    post(town, "worlds/default/fork", {"to": "b"})
    assert get(town, "worlds/b/diff", against="default") == {
        "world": "b",
        "against": "default",
        "same": True,
        "now": MONDAY,
        "against_now": MONDAY,
        "tables": [],
        "meaning": {},
    }
    codes = sorted(town.issue(days=7).text for _ in range(3))
    found = get(town, "worlds/default/diff", against="b", limit=2)
    assert found["same"] is False
    assert found["tables"] == [{"table": "code", "only_here": 3, "only_there": 0, "changed": 0}]
    assert found["meaning"]["codes"]["count"] == 3
    named = found["meaning"]["codes"]["differing"]
    assert len(named) == 2
    assert all(one["which"] in codes and (one["how"], one["fields"]) == ("only_here", ["code"]) for one in named)
    assert get(town, "worlds/b/diff", 400, against="default", limit=0)["errorKey"] == "constraintviolation"
    assert get(town, "worlds/b/diff", 400)["errorKey"] == "constraintviolation"


def test_a_world_put_back_under_its_callers(town: Town) -> None:
    """Whoever was remembered as let in is let in as the world stands now: a password of before works again."""
    kept = post(town, "worlds/default/snapshots")["snapshot"]
    code = {"hes_code": town.issue().text}
    assert town.ask("C3", code).status_code == 200
    town.ministry.credentials.rotate("ÇINAR-LOJİSTİK-G2G-HES")
    assert town.ask("C3", code).status_code == 401
    post(town, "worlds/default/restore", {"snapshot": kept}, 200)
    assert town.ask("C3", code).json()["errorKey"] == "hescodenotfound"


def test_a_question_that_finds_its_world_closed(town: Town) -> None:
    """Whoever proves who they are while their world is put back is told to ask again, whoever they are."""
    town.worlds.fork("default", "going")
    town.worlds.get("going").close()
    for name in ("ANADOLU-GIDA-G2G-HES", "nobody"):
        answer = town.client.post(
            "/w/going/services/g2g/saglik/hes/check-hes-code",
            json={"hes_code": "A0A0000010"},
            headers={"authorization": basic(name, "x")},
        )
        assert (answer.status_code, answer.json()["detail"].endswith("Ask again.")) == (503, True), answer.text
    town.worlds._ministries.pop("going")
