"""Many worlds in one server: apart from each other, forked, dropped, and found again after a restart."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.journeys.callers import Handset, Institution, expect, move_clock, register
from tests.journeys.served import Served, serving

CITIZEN = {"firstname": "Ayşe", "lastname": "Öz", "sex": "FEMALE", "birth_date": "1990-01-01", "province": 26}
MONDAY = "2021-10-04T05:00:00.000Z"


class Corner:
    """A world with one citizen, who has a code and is signed in, and one institution."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client
        self.handset = Handset(client, register(client, CITIZEN)[0])
        self.handset.sign_in()
        self.code = self.handset.make_code()["hes_code"]
        self.firm = Institution(client, "KURUM")

    def facts(self) -> dict[str, Any]:
        return expect(self.client.get("/_lab/world"))


@pytest.fixture
def two(served: Served) -> Iterator[tuple[Corner, Corner]]:
    """Worlds of different seeds, otherwise alike."""
    with ExitStack() as stack:
        lab = stack.enter_context(served.client())
        for nth, name in enumerate(("east", "west")):
            expect(lab.post("/_lab/worlds", json={"name": name, "seed": nth + 1}), 201)
            stack.callback(lab.delete, f"/_lab/worlds/{name}")
        east, west = (Corner(stack.enter_context(served.client(name))) for name in ("east", "west"))
        yield east, west


def test_worlds_never_mix(two: tuple[Corner, Corner]) -> None:
    """Codes, accounts, tokens, messages and the audit trail of one world mean nothing in another."""
    east, west = two
    assert east.firm.status(east.code) == "RISKLESS"
    assert expect(west.firm.ask("C3", east.code), 400)["errorKey"] == "hescodenotfound"
    expect(west.firm.ask("C3", west.code, pair=east.firm.pairs["live"]), 401)
    west.handset.token = east.handset.token
    expect(west.handset.account(), 401)
    phone = east.handset.person["phone"]
    assert len(expect(east.client.get("/_lab/sms", params={"phone": phone}))) == 1
    assert expect(west.client.get("/_lab/sms", params={"phone": phone})) == []
    assert (east.facts()["queries"], west.facts()["queries"]) == (1, 1)
    assert (len(east.handset.askers()), len(west.handset.askers())) == (1, 0)


def test_each_world_has_a_clock_and_faults_of_its_own(two: tuple[Corner, Corner]) -> None:
    """What happens to one happens to one."""
    east, west = two
    move_clock(east.client, "2021-12-24T12:00:00Z")
    expect(east.client.put("/_lab/faults", json=[{"kind": "refuse", "share": 1, "status": 503}]))
    assert (east.facts()["now"], west.facts()["now"]) == ("2021-12-24T12:00:00.000Z", MONDAY)
    expect(east.firm.ask("C3", east.code), 503)
    assert west.firm.status(west.code) == "RISKLESS"
    expect(east.client.put("/_lab/faults", json=[]))
    assert east.firm.status(east.code) == "RISKLESS"


def test_a_fork_goes_its_own_way(served: Served, two: tuple[Corner, Corner]) -> None:
    """It knows everything up to the forking, from codes to tokens, and nothing after; nor does the other know it."""
    east, _ = two
    with served.client() as lab, served.client("what-if") as client:
        made = expect(lab.post("/_lab/worlds/east/fork", json={"to": "what-if"}), 201)
        assert made == east.facts() | {"name": "what-if"}
        fork = Handset(client, east.handset.person)
        fork.token = east.handset.token
        assert [code["hes_code"] for code in fork.codes()] == [east.code]
        assert client.delete(f"/_lab/codes/{east.code}").status_code == 204
        move_clock(client, "2021-10-05T05:00:00Z")
        assert fork.codes() == []
        assert east.firm.status(east.code) == "RISKLESS"
        assert east.facts()["now"] == MONDAY
        assert expect(client.get("/_lab/world"))["queries"] == 0
        assert lab.delete("/_lab/worlds/what-if").status_code == 204


def test_a_dropped_world_is_gone(served: Served) -> None:
    """Its routes say so, hot ones too, and its name is free for another."""
    with served.client() as lab, served.client("gone") as client:
        expect(lab.post("/_lab/worlds", json={"name": "gone", "seed": 3}), 201)
        corner = Corner(client)
        assert corner.firm.status(corner.code) == "RISKLESS"
        assert lab.delete("/_lab/worlds/gone").status_code == 204
        assert expect(client.get("/_lab/world"), 404)["errorKey"] == "worldnotfound"
        assert expect(corner.firm.ask("C3", corner.code), 404)["errorKey"] == "worldnotfound"
        made = expect(lab.post("/_lab/worlds", json={"name": "gone", "seed": 3}), 201)
        assert (made["people"], made["queries"]) == (0, 0)
        assert lab.delete("/_lab/worlds/gone").status_code == 204


def test_same_seed_same_world(served: Served) -> None:
    """Two seeded worlds of one seed have the same people, numbers, codes and passwords."""
    with served.client() as lab:
        seen = []
        for name in ("twin-1", "twin-2"):
            expect(lab.post("/_lab/worlds", json={"name": name, "seed": 5, "people": 30}), 201)
            with served.client(name) as client:
                seen.append([expect(client.get(f"/_lab/{what}")) for what in ("people", "institutions", "accounts")])
            assert lab.delete(f"/_lab/worlds/{name}").status_code == 204
    assert seen[0] == seen[1]
    assert [len(rows) for rows in seen[0]] == [30, 5, 6]


def test_a_restarted_server_goes_on_as_left(tmp_path: Path) -> None:
    """Worlds, clocks, people, codes, tokens, accounts, statuses and the audit trail are there as before."""
    with serving(people=20, data=tmp_path / "data") as served, served.client("tuesday") as client:
        with served.client() as lab:
            expect(lab.post("/_lab/worlds", json={"name": "tuesday", "seed": 2}), 201)
        corner = Corner(client)
        report = {"kind": "contact", "citizen_id": 1, "at": "2021-10-04T05:00:00Z"}
        expect(client.post("/_lab/reports", json=[report]), 201)
        assert corner.firm.status(corner.code) == "RISKY"
        move_clock(client, "2021-10-05T06:00:00Z")
        expect(client.post(f"/_lab/accounts/{corner.firm.pairs['test'][0]}/revoke"))
        left = [expect(client.get(f"/_lab/{what}")) for what in ("worlds", "people", "accounts", "people/1/askers")]
        token = corner.handset.token
    with serving(people=20, data=tmp_path / "data") as served, served.client("tuesday") as client:
        found = [expect(client.get(f"/_lab/{what}")) for what in ("worlds", "people", "accounts", "people/1/askers")]
        assert found == left
        assert [world["name"] for world in found[0]] == ["default", "tuesday"]
        corner.handset.client = corner.firm.client = client
        assert expect(corner.handset.account())["healthStatus"] == "RISKY"
        assert corner.handset.token == token
        assert corner.firm.status(corner.code) == "RISKY"
        expect(corner.firm.ask("C3", corner.code, door="test"), 401)
        assert corner.handset.make_code()["hes_code"] != corner.code
        assert expect(client.get("/_lab/world"))["queries"] == 2
