"""The front door: which world a path leads to, and what stands before all counters."""

import asyncio
import logging
import re

import pytest
from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.worlds import Worlds
from tests.mockgov.counters.town import BASES, LIVE, QUICK, TEST, Town, basic

CHECK = BASES[LIVE] + "check-hes-code"


def test_a_world_answers_under_its_name(town: Town) -> None:
    """The default one at / and at /w/default, another at its own; data never mix."""
    other = town.worlds.make("other", seed=2, people=20)
    code, foreign = town.issue().text, other.codes.of(1)[0].text
    assert town.ask("C3", {"hes_code": code}).status_code == 200
    assert town.ask("C3", {"hes_code": code}, world="/w/default").status_code == 200
    assert town.ask("C3", {"hes_code": foreign}).json()["errorKey"] == "hescodenotfound"
    assert town.ask("C3", {"hes_code": code}, world="/w/other").status_code == 401
    account = next(a for a in other.credentials.accounts() if a.environment is LIVE)
    header = basic(account.username, other.credentials.password(account.username, 0))
    assert town.ask("C3", {"hes_code": foreign}, world="/w/other", authorization=header).status_code == 200
    assert town.ask("C3", {"hes_code": code}, world="/w/other", authorization=header).status_code == 400
    assert town.client.get("/w/other/_lab/world").json()["name"] == "other"
    assert town.client.get("/_lab/world").json()["queries"] == 3
    assert town.client.get("/w/other/_lab/world").json()["queries"] == 2


def test_a_fork_answers_at_once_and_apart(town: Town) -> None:
    code = town.issue()
    assert town.client.post("/_lab/worlds/default/fork", json={"to": "fork"}).status_code == 201
    town.ministry.codes.delete(code)
    assert town.ask("C3", {"hes_code": code.text}).status_code == 400
    assert town.ask("C3", {"hes_code": code.text}, world="/w/fork").status_code == 200
    assert town.client.delete("/_lab/worlds/fork").status_code == 204
    assert town.ask("C3", {"hes_code": code.text}, world="/w/fork").status_code == 404


def test_a_world_made_anew_under_an_old_name_is_new(town: Town) -> None:
    """No counter serves what was dropped."""
    for seed in (2, 3):
        town.client.post("/_lab/worlds", json={"name": "again", "seed": seed, "people": 10})
        ministry = town.worlds.get("again")
        account = next(a for a in ministry.credentials.accounts() if a.environment is TEST)
        header = basic(account.username, ministry.credentials.password(account.username, 0))
        body = {"hes_code": ministry.codes.of(1)[0].text}
        answer = town.ask("C3", body, environment=TEST, world="/w/again", authorization=header)
        assert answer.status_code == 200
        assert town.client.delete("/_lab/worlds/again").status_code == 204


@pytest.mark.parametrize(
    "path",
    ["/w/nowhere" + CHECK, "/w/nowhere/_lab/world", "/w/", "/w//x", "/w/nowhere", "/w/%00/x", "/w/%ff/x", "/w/../x"],
)
def test_a_world_that_is_not_there(town: Town, path: str) -> None:
    """404 and a problem, hot route or not."""
    for method in ("GET", "POST"):
        answer = town.client.request(method, path)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        CHECK + "/",
        CHECK.upper(),
        BASES[LIVE],
        "/services/g2g//saglik/hes/check-hes-code",
        "/w/default/nothing",
    ],
)
def test_a_route_that_is_not_there(town: Town, path: str) -> None:
    """404 and a problem that says where the routes are listed."""
    answer = town.client.post(path, json={})
    assert answer.status_code == 404
    assert "The routes are listed under /docs" in answer.json()["detail"]


def test_the_front_page_of_every_world_leads_to_its_routes(town: Town) -> None:
    """The way is relative, so that it also holds behind another server's path; nothing else is done at /."""
    town.worlds.make("other")
    for path in ("/", "/w/default/", "/w/other/"):
        answer = town.client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (307, "docs")
    for path, end in (("/", "/docs"), ("/w/other/", "/w/other/docs"), ("/w/other", "/w/other/docs")):
        page = town.client.get(path, follow_redirects=True)
        assert (page.status_code, page.url.path) == (200, end)
    assert town.client.post("/", json={}).json()["errorKey"] == "http405"
    assert "/" not in town.client.get("/openapi.json").json()["paths"]


def test_another_method_on_a_route_that_is_there(town: Town) -> None:
    answer = town.client.get("/api/send-code-to-login")
    assert (answer.status_code, answer.json()["errorKey"]) == (405, "http405")


def test_a_server_without_a_default_world() -> None:
    """Says so on every route, until somebody makes one under /w/…; nothing breaks."""
    worlds = Worlds(settings=QUICK)
    worlds.make("only")
    client = TestClient(create_app(worlds))
    for path in (CHECK, "/api/account-with-token", "/_lab/world"):
        answer = client.post(path, json={})
        assert (answer.status_code, answer.json()["errorKey"]) == (404, "worldnotfound")
    assert client.get("/w/only/_lab/world").json()["name"] == "only"
    worlds.close()


def test_the_openapi_names_every_route(town: Town) -> None:
    """Of the mobile application ten known ones and sixteen beside them; of the corporate service twelve; all others."""
    paths = set(town.client.get("/openapi.json").json()["paths"])
    assert {base + suffix for base in BASES.values() for suffix in ("check-hes-code", "check-hes-codes-plus")} <= paths
    assert len([path for path in paths if path.startswith("/services/g2g/")]) == 12
    mobile = re.compile("/api/|/services/(hescodeproxy|familyservice|statisticservice)/")
    assert len([path for path in paths if mobile.match(path)]) == 26
    assert town.client.get("/docs").status_code == 200
    assert town.client.get("/openapi.json").json() == town.client.get("/openapi.json").json()


def test_the_clocks_of_running_worlds_settle_by_themselves(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the server lives; those of standing worlds wait for the lab."""
    settled: list[str] = []
    for name in ("running", "standing"):
        made = town.worlds.make(name, running=name == "running")
        monkeypatch.setattr(made, "settle", lambda name=name: settled.append(name))
    monkeypatch.setattr("mockgov.app.SETTLE_EVERY_S", 0.001)
    with TestClient(town.front) as client:
        for _ in range(100):
            client.get("/_lab/world")
            if settled:
                break
    assert set(settled) == {"running"}


def test_a_websocket_is_not_answered(town: Town) -> None:
    """There is none here, and asking for one breaks nothing."""
    sent: list[object] = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    asyncio.run(town.front({"type": "websocket", "path": CHECK}, receive, send))
    assert sent == []


def test_nothing_of_a_person_is_logged(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Neither numbers nor names nor codes, on good ways and bad ones."""
    caplog.set_level(logging.DEBUG)
    code = town.issue().text
    town.ask("C4", [{"hes_code": code}, {"hes_code": town.mother.identity.digits}])
    town.client.post("/api/send-code-to-login", json={"phone": town.mother.phone.e164})
    town.client.post("/services/hescodeproxy/api/hes-codes-tr", json={"child_tckn": 7}, headers=town.bearer())
    own = [record.getMessage() for record in caplog.records if record.name.startswith("mockgov")]
    for secret in (code, town.mother.identity.digits, town.mother.phone.subscriber, "YILMAZ"):
        assert secret not in "".join(own)


def test_idle_worlds_go_while_the_server_lives(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One that cannot go altogether is told in the log, and stops nothing."""
    told = [["idle"], OSError("busy")]

    def expire() -> list[str]:
        one = told.pop(0) if told else []
        if isinstance(one, OSError):
            raise one
        return one

    caplog.set_level(logging.INFO)
    monkeypatch.setattr(town.worlds, "expire", expire)
    monkeypatch.setattr("mockgov.app.SETTLE_EVERY_S", 0.001)
    with TestClient(town.front) as client:
        for _ in range(100):
            client.get("/_lab/world")
            if not told:
                break
    assert told == []
    assert "World idle was idle for its lifetime and is gone." in caplog.text
    assert "not all of its folder" in caplog.text
