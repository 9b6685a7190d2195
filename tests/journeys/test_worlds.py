"""Many worlds in one server: apart from each other, forked, dropped, and found again after a restart."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.journeys.callers import Handset, Institution, expect, move_clock, register
from tests.journeys.served import PATIENCE_S, Served, serving

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


def test_back_in_time(served: Served, two: tuple[Corner, Corner]) -> None:
    """A world is put back to a snapshot, on disk, with everything that happened since undone and the clock too."""
    east, west = two
    with served.client() as lab:
        kept = expect(lab.post("/_lab/worlds/east/snapshots"), 201)
        assert kept["at"] == MONDAY
        report = {"kind": "contact", "citizen_id": 1, "at": "2021-10-04T05:00:00Z"}
        expect(east.client.post("/_lab/reports", json=[report]), 201)
        assert east.firm.status(east.code) == "RISKY"
        move_clock(east.client, "2021-12-24T12:00:00Z")
        found = expect(lab.get("/_lab/worlds/east/diff", params={"against": f"@{kept['snapshot']}"}))
        assert (found["now"], found["against_now"]) == ("2021-12-24T12:00:00.000Z", MONDAY)
        assert [one["which"] for one in found["meaning"]["citizens"]["differing"]] == ["1"]
        assert found["meaning"]["queries"]["count"] == 1
        back = expect(lab.post("/_lab/worlds/east/restore", json={"snapshot": kept["snapshot"]}))
        assert (back["now"], back["queries"]) == (MONDAY, 0)
        assert east.firm.status(east.code) == "RISKLESS"
        assert [code["hes_code"] for code in east.handset.codes()] == [east.code]
        assert west.facts()["queries"] == 0


def test_callers_find_their_worlds(served: Served) -> None:
    """Over the path that names no world: the pair, the phone and the token lead to the world that made them."""
    with ExitStack() as stack:
        client = stack.enter_context(served.client())
        for seed in (101, 102):
            expect(client.post("/_lab/worlds", json={"name": f"of-{seed}", "seed": seed}), 201)
            stack.callback(client.delete, f"/_lab/worlds/of-{seed}")
        two = [Corner(stack.enter_context(served.client(f"of-{seed}"))) for seed in (101, 102)]
        for corner in two:
            corner.handset.client = corner.firm.client = client
            corner.handset.token = ""
        before = expect(client.get("/_lab/world"))["queries"]
        east, west = two
        assert [corner.firm.status(corner.code) for corner in two for _ in range(3)] == ["RISKLESS"] * 6
        assert expect(east.firm.ask("C3", west.code), 400)["errorKey"] == "hescodenotfound"
        assert (east.facts()["queries"], west.facts()["queries"]) == (4, 3)
        phone = f"+{east.handset.person['phone']}"
        expect(client.post("/api/send-code-to-login", json={"phone": phone}), 201)
        newest = expect(east.client.get("/_lab/sms", params={"phone": phone, "limit": 1}))[0]["text"]
        answer = expect(east.handset.enter(re.findall(r"\d{6}", newest)[0]))
        east.handset.token = answer["id_token"]
        assert [code["hes_code"] for code in east.handset.codes()] == [east.code]
        assert expect(client.get("/_lab/world"))["queries"] == before


def test_sixty_four_sessions_at_once(served: Served) -> None:
    """Each in a fork of its own of one town: what one does no other sees, and all is as if each had been alone."""
    sessions = [f"session-{nth}" for nth in range(64)]

    def played(nth: int) -> tuple[int, list[str], int]:
        with served.client(sessions[nth]) as client:
            codes = expect(client.post("/_lab/codes", json=[{"citizen_id": 1 + nth % 60}] * (nth % 3 + 1)), 201)
            firm = Institution(client, f"KURUM-{nth}")
            expect(client.post("/_lab/clock", json={"advance_s": nth * 3600}))
            answers = [firm.status(code["hes_code"]) for code in codes]
            with served.client() as anywhere:
                firm.client = anywhere
                answers.append(firm.status(codes[0]["hes_code"]))
            facts = expect(client.get("/_lab/world"))
            return facts["queries"], answers, facts["now"]

    with served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": "base", "seed": 11, "people": 60}), 201)
        with ThreadPoolExecutor(16) as pool:
            for made in pool.map(lambda to: lab.post("/_lab/worlds/base/fork", json={"to": to}), sessions):
                expect(made, 201)
            seen = list(pool.map(played, range(64)))
        for nth, (queries, answers, now) in enumerate(seen):
            assert queries == len(answers) == nth % 3 + 2
            assert set(answers) <= {"RISKY", "RISKLESS"}
            assert now == (datetime.fromisoformat(MONDAY) + timedelta(hours=nth)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        base = expect(lab.get("/_lab/worlds/base/diff", params={"against": "session-5"}))
        assert [one["which"] for one in base["meaning"]["accounts"]["differing"]] == [
            "corporate KURUM-5-G2G-HES",
            "corporate KURUM-5-TEST",
        ]
        assert expect(lab.get("/w/base/_lab/world"))["queries"] == 0
        for name in (*sessions, "base"):
            assert lab.delete(f"/_lab/worlds/{name}").status_code == 204


def test_snapshots_after_a_restart_and_after_a_kill(tmp_path: Path) -> None:
    """They are there as the worlds are; a world put back is put back for good."""
    data = tmp_path / "data"
    with Served(people=20, data=data) as served, served.client() as lab:
        expect(lab.post("/_lab/worlds/default/snapshots", json={"snapshot": "monday"}), 201)
        move_clock(lab, "2021-10-08T05:00:00Z")
        expect(lab.post("/_lab/worlds/default/fork", json={"to": "friday"}), 201)
        expect(lab.post("/_lab/worlds/default/restore", json={"snapshot": "monday"}))
        served.kill()
    (data / ".half.making").mkdir()
    with serving(people=20, data=data) as served, served.client() as lab:
        worlds = expect(lab.get("/_lab/worlds"))
        assert [(one["name"], one["now"][:10]) for one in worlds] == [
            ("default", "2021-10-04"),
            ("friday", "2021-10-08"),
        ]
        assert [one["snapshot"] for one in expect(lab.get("/_lab/worlds/default/snapshots"))] == ["monday"]
        assert not (data / ".half.making").exists()


def test_an_idle_world_goes_by_itself(tmp_path: Path) -> None:
    """After its lifetime in real seconds; the default one stays, though it has the same."""
    with serving(data=tmp_path / "data", HES_IDLE_LIFETIME_S="1") as served, served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": "brief"}), 201)
        expect(lab.post("/_lab/worlds", json={"name": "lasting", "settings": {"idle_lifetime_s": 0}}), 201)
        until = time.monotonic() + PATIENCE_S
        while len(expect(lab.get("/_lab/worlds"))) == 3:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert [one["name"] for one in expect(lab.get("/_lab/worlds"))] == ["default", "lasting"]
        assert not (tmp_path / "data" / "brief").exists()
