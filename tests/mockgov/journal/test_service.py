"""The journal of a town: HTTP on both paths, searched, asserted, exported, summed up, and free of secrets."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from mockgov.settings import Settings
from tests.mockgov.counters.gate import Gate
from tests.mockgov.counters.town import LABEL, PLACE, QUICK, SUFFIXES, TEST, Town

JOURNAL = "/_lab/journal"
LIVE_USER = f"{LABEL}-G2G-HES"
ROOT_OF_65 = "5662e0669034ee167674cfa4634b5acaaa69fd6b0688e177db7379d29a937605"
"""What sixty-five questions of this town come to."""


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def lines(town: Town, **wanted: object) -> list[dict[str, Any]]:
    answer = town.client.get(JOURNAL, params=wanted)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def test_a_query_is_noted_with_all_that_bears_on_it(town: Town) -> None:
    """Operation, purpose, user, code, status, bodies as they went."""
    code = town.issue().text
    answer = town.ask("C1", {"hes_code": code} | PLACE)
    (line,) = lines(town)
    assert line == {
        "number": 1,
        "at": "2021-10-04T05:00:00.000Z",
        "protocol": "http",
        "operation": "C1",
        "method": "POST",
        "path": "/services/g2g/saglik/hes/check-visitor-hes-code",
        "asker": LIVE_USER,
        "subjects": [code],
        "purpose": "visitor",
        "status": 200,
        "refusal": "",
        "cause": "",
        "fault": "",
    }
    whole = town.client.get(f"{JOURNAL}/1").json()
    assert json.loads(whole["request"]["body"]) == {"hes_code": code} | PLACE
    assert json.loads(whole["response"]["body"]) == answer.json()
    assert ["authorization", "***"] in whole["request"]["head"]


@pytest.mark.parametrize("operation", list(SUFFIXES))
@pytest.mark.parametrize("environment", ["live", "test"])
def test_every_operation_is_noted(town: Town, operation: str, environment: str) -> None:
    """With the path of its environment."""
    codes = [town.issue().text, town.issue(town.father).text]
    where = TEST if environment == "test" else None
    body = town.body_of(operation, codes)
    town.ask(operation, body, **({} if where is None else {"environment": where}))
    (line,) = lines(town)
    assert line["operation"] == operation
    assert line["subjects"] == (codes if operation in ("C4", "C6") else codes[:1])
    assert ("/test/" in line["path"]) == (environment == "test")
    assert line["path"].endswith(SUFFIXES[operation])


@pytest.mark.parametrize(
    ("body", "keywords", "status", "refusal", "cause"),
    [
        (b"{", {}, 400, "constraintviolation", ""),
        ({"hes_code": "A1B2345617"}, {}, 400, "hescodenotfound", ""),
        ({"hes_code": "x"}, {"password": "x"}, 401, "badcredentials", "wrong-password"),
        ({"hes_code": "x"}, {"username": "nobody", "password": "x"}, 401, "badcredentials", "unknown-user"),
        ({"hes_code": "x"}, {"username": f"{LABEL}-TEST"}, 401, "badcredentials", "other-environment"),
        ({"hes_code": "x"}, {"authorization": ""}, 401, "badcredentials", "no-header"),
        ({"hes_code": "x"}, {"authorization": "Basic ?"}, 401, "badcredentials", "unreadable-header"),
        (b" " * 2_000_000, {}, 413, "payloadtoolarge", "unread"),
    ],
)
def test_refusals_are_noted_with_their_cause(
    town: Town, body: object, keywords: dict[str, str], status: int, refusal: str, cause: str
) -> None:
    """The cause is for the developer alone; no counter tells it."""
    town.ask("C3", body, **keywords)
    (line,) = lines(town)
    assert (line["status"], line["refusal"], line["cause"]) == (status, refusal, cause)


def test_a_lock_is_told_from_the_password_that_brought_it(town: Town) -> None:
    for _ in range(6):
        town.ask("C3", {"hes_code": "x"}, password="x")
    causes = [line["cause"] for line in reversed(lines(town))]
    assert causes == ["wrong-password"] * 4 + ["wrong-password-locks", "locked"]


def test_ordinary_routes_are_noted_with_template_asker_and_code(town: Town) -> None:
    """A citizen by number; their token is a secret."""
    code = town.issue().text
    headers = town.bearer()
    town.client.post("/services/hescodeproxy/api/check-hes-code", json={"hes_code": code}, headers=headers)
    line = lines(town)[0]
    assert (line["operation"], line["asker"]) == ("/services/hescodeproxy/api/check-hes-code", "citizen:1")
    assert (line["subjects"], line["purpose"], line["status"]) == ([code], "person", 200)
    kept = json.dumps([town.client.get(f"{JOURNAL}/{one['number']}").json() for one in lines(town)])
    token = headers["authorization"].partition(" ")[2]
    assert token not in kept
    assert f'"{town.login_code()}"' not in kept


def test_the_lab_is_noted_where_it_changes_something(town: Town) -> None:
    """As a protocol of its own; what only looks is not noted, the journal's own least of all."""
    town.client.get("/_lab/people")
    town.client.post("/_lab/clock", json={"advance_s": 60})
    town.client.post(f"{JOURNAL}/assert", json={})
    assert [(line["protocol"], line["operation"]) for line in lines(town)] == [("lab", "/_lab/clock")]


def test_searching(town: Town) -> None:
    """By whatever an exchange has; pages by number."""
    code, other = town.issue().text, town.issue(town.father).text
    for one in (code, other, code):
        town.ask("C3", {"hes_code": one})
    town.ask("C2", {"hes_code": "A1B2345617"})
    assert [one["number"] for one in lines(town)] == [4, 3, 2, 1]
    assert [one["number"] for one in lines(town, code=code)] == [3, 1]
    assert [one["number"] for one in lines(town, text="risky")] == [2]
    assert [one["number"] for one in lines(town, text='"RISKLESS"')] == [3, 1]
    assert [one["number"] for one in lines(town, refusal="any")] == [4]
    assert [one["number"] for one in lines(town, asker=LABEL, operation="C2")] == [4]
    assert [one["number"] for one in lines(town, limit=2, before=4)] == [3, 2]
    assert lines(town, until="2021-10-04T05:00:00Z") == []
    assert town.client.get(JOURNAL, params={"since": "yesterday"}).status_code == 400


def test_asserting(town: Town) -> None:
    """Once, at least, never; with matches, or with what came nearest."""
    code = town.issue().text
    town.ask("C3", {"hes_code": code})

    def asked(**body: object) -> Any:
        answer = town.client.post(f"{JOURNAL}/assert", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    once = asked(where={"operation": "C3", "code": code, "purpose": "single"}, exactly=1)
    assert (once["holds"], once["count"], once["matches"][0]["number"]) == (True, 1, 1)
    assert asked(where={"operation": "C1"}, never=True)["holds"]
    assert not asked(where={"operation": "C3"}, at_least=2)["holds"]
    missed = asked(where={"operation": "C3", "purpose": "visitor", "code": code}, exactly=1)
    assert not missed["holds"]
    assert missed["nearest"][0]["differs"] == [{"field": "purpose", "wanted": "visitor", "was": "single"}]
    assert missed["en"] == "0 of them, where exactly 1 was expected: it does not hold."
    assert missed["tr"] == "0 eşleşme; beklenen tam 1: sağlanmadı."
    assert asked(where={"operation": "C3"}, never=True, after=1)["holds"]
    refused = town.client.post(f"{JOURNAL}/assert", json={"exactly": 1, "never": True})
    assert refused.json()["errorKey"] == "badassertion"


REQUIRED = {
    "log": {"version", "creator", "entries"},
    "entry": {"startedDateTime", "time", "request", "response", "cache", "timings"},
    "request": {
        "method",
        "url",
        "httpVersion",
        "cookies",
        "headers",
        "queryString",
        "headersSize",
        "bodySize",
    },
    "response": {
        "status",
        "statusText",
        "httpVersion",
        "cookies",
        "headers",
        "content",
        "redirectURL",
        "headersSize",
        "bodySize",
    },
    "content": {"size", "mimeType"},
    "timings": {"send", "wait", "receive"},
    "creator": {"name", "version"},
    "postData": {"mimeType", "text"},
}
"""What HAR 1.2 asks each object to have."""


def test_the_har_file(town: Town) -> None:
    """Every field that the format requires, of its type; oldest first; an address that leads to the world."""
    code = town.issue().text
    town.ask("C3", {"hes_code": code})
    town.client.get("/api/clarification-text?a=%C5%9F&b=")
    town.ministry.sms.from_handset(town.mother.phone, "2023", "HES")
    log = town.client.get(f"{JOURNAL}.har").json()["log"]
    assert REQUIRED["log"] <= set(log)
    assert log["version"] == "1.2"
    assert REQUIRED["creator"] <= set(log["creator"])
    assert [one["_number"] for one in log["entries"]] == sorted(one["_number"] for one in log["entries"])
    for entry in log["entries"]:
        assert REQUIRED["entry"] <= set(entry)
        assert entry["startedDateTime"] == "2021-10-04T05:00:00.000+00:00"
        request, response = entry["request"], entry["response"]
        assert REQUIRED["request"] <= set(request)
        assert REQUIRED["response"] <= set(response)
        assert REQUIRED["content"] <= set(response["content"])
        assert REQUIRED["timings"] <= set(entry["timings"])
        assert all(entry["timings"][name] >= 0 for name in REQUIRED["timings"])
        assert all(set(one) >= {"name", "value"} for one in request["headers"] + response["headers"])
        assert isinstance(response["status"], int)
        if request["bodySize"]:
            assert REQUIRED["postData"] == set(request["postData"])
        assert all(key.startswith("_") for key in set(entry) - REQUIRED["entry"])
    first, second = log["entries"][:2]
    assert first["request"]["url"] == "http://testserver/services/g2g/saglik/hes/check-hes-code"
    assert first["request"]["postData"]["text"] == json.dumps({"hes_code": code}, separators=(",", ":"))
    assert (first["response"]["status"], first["response"]["statusText"]) == (200, "OK")
    assert second["request"]["queryString"] == [{"name": "a", "value": "ş"}, {"name": "b", "value": ""}]
    assert {one["_protocol"] for one in log["entries"]} == {"http", "sms"}


def test_texts_to_the_ministry(town: Town) -> None:
    """With what was made of them; the answers' words are not repeated."""
    phone = town.mother.phone
    serial = town.mother.id_card.text[-4:]
    town.ministry.sms.from_handset(phone, "2023", f"HES {town.mother.identity.digits} {serial} 30")
    town.ministry.sms.from_handset(phone, "2023", "HES 10000000146 1234 30")
    town.advance(seconds=60)
    written = lines(town, protocol="sms", operation="write")
    assert [(one["status"], one["refusal"]) for one in written] == [(400, "unknown-number"), (200, "")]
    assert len(written[1]["subjects"]) == 1
    assert written[0]["asker"] == phone.masked
    assert "10000000146" not in json.dumps(town.client.get(f"{JOURNAL}/{written[0]['number']}").json())
    assert len(lines(town, protocol="sms", operation="deliver", status=200)) == 3


def test_a_journal_of_size_nothing_keeps_nothing() -> None:
    town = Town(replace(QUICK, journal_size=0))
    town.ask("C3", {"hes_code": town.issue().text})
    town.client.post("/_lab/clock", json={"advance_s": 1})
    assert lines(town) == []
    assert town.client.get(f"{JOURNAL}/root").json()["exchanges"] == 0
    town.close()


def test_the_root_says_what_it_counts(town: Town) -> None:
    """The lab's own changes have numbers, are listed and asserted, and are no part of the root; both are told."""
    code = town.issue().text
    town.ask("C3", {"hes_code": code})
    town.client.post("/_lab/clock", json={"advance_s": 60})
    town.client.post("/_lab/clock", json={"advance_s": 60})
    town.ask("C3", {"hes_code": code})
    told = town.client.get(f"{JOURNAL}/root").json()
    assert {name: told[name] for name in ("exchanges", "lab", "first", "last")} == {
        "exchanges": 2,
        "lab": 2,
        "first": 1,
        "last": 4,
    }
    assert len(lines(town)) == told["exchanges"] + told["lab"]
    asserted = town.client.post(f"{JOURNAL}/assert", json={"exactly": 4}).json()
    assert asserted["holds"]
    later = town.client.get(f"{JOURNAL}/root?after=3").json()
    assert (later["exchanges"], later["lab"], later["first"]) == (1, 0, 4)


def test_the_oldest_go_and_numbers_go_on() -> None:
    town = Town(Settings(argon2_memory_kib=8, argon2_passes=1, journal_size=3))
    for _ in range(5):
        town.ask("C3", {"hes_code": "A1B2345617"})
    assert [one["number"] for one in lines(town)] == [5, 4, 3]
    gone = town.client.get(f"{JOURNAL}/2")
    assert (gone.status_code, gone.json()["errorKey"]) == (404, "exchangenotfound")
    assert town.client.get(f"{JOURNAL}/root").json()["complete"] is False
    assert town.client.get(f"{JOURNAL}/root?after=2").json()["complete"] is True
    assert town.client.delete(JOURNAL).status_code == 204
    assert lines(town) == []
    town.close()


def test_worlds_have_journals_of_their_own(town: Town) -> None:
    town.client.post("/_lab/worlds", json={"name": "b"})
    town.client.post("/w/b/api/send-code-to-login", json={"phone": "+905990000000"})
    there = town.client.get("/w/b/_lab/journal").json()
    assert [(one["operation"], one["path"]) for one in there] == [
        ("/api/send-code-to-login", "/api/send-code-to-login")
    ]
    assert all(one["protocol"] == "lab" for one in lines(town))


@pytest.mark.parametrize("clients", [1, 8, 64])
def test_the_root_is_the_same_whoever_is_served_first(clients: int) -> None:
    """The same questions by one client or many, over sockets: one root."""
    with Gate(Town()) as gate:
        bodies = [{"hes_code": code} for code in [*gate.codes, "A1B2345617", "K9L2345617"]] * 13

        def ask(body: object) -> int:
            with gate.connect() as wire:
                wire.send(gate.hot(body))
                return wire.answer().status

        with ThreadPoolExecutor(clients) as pool:
            assert set(pool.map(ask, bodies)) == {200, 400}
        told = gate.town.ministry.journal.root()
    assert (told.exchanges, told.complete) == (65, True)
    assert told.root == ROOT_OF_65
