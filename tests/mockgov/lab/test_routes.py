"""The lab's routes: what a test or a person needs to set a scene, and to see what came of it."""

from collections.abc import Iterator

import pytest

from tests.mockgov.counters.town import LABEL, Town

PERSON = {"firstname": "Işıl", "lastname": "Çağ", "sex": "FEMALE", "birth_date": "1990-01-01", "province": 6}


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def post(town: Town, path: str, body: object, status: int = 201) -> object:
    answer = town.client.post(f"/_lab/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def get(town: Town, path: str, **query: object) -> object:
    answer = town.client.get(f"/_lab/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_world(town: Town) -> None:
    """Name, seed, time and counts; of all worlds on another route."""
    here = {
        "name": "default",
        "seed": 1,
        "now": "2021-10-04T05:00:00.000Z",
        "clock": "manual",
        "people": 4,
        "institutions": 2,
        "queries": 0,
    }
    assert get(town, "world") == here
    assert get(town, "worlds") == [here]
    made = post(town, "worlds", {"name": "b", "seed": 9, "start": "2020-12-01T08:00:00+03:00", "clock": "manual"})
    assert made == here | {
        "name": "b",
        "seed": 9,
        "now": "2020-12-01T05:00:00.000Z",
        "people": 0,
        "institutions": 0,
    }
    assert [world["name"] for world in get(town, "worlds")] == ["b", "default"]
    assert post(town, "worlds", {"name": "c", "clock": "running"})["clock"] == "running"


def test_the_clock(town: Town) -> None:
    """To a moment in any zone, or by seconds; not both, not neither, never back."""
    assert post(town, "clock", {"to": "2021-10-05T00:00:00+03:00"}, 200)["now"] == "2021-10-04T21:00:00.000Z"
    assert post(town, "clock", {"advance_s": 0.5}, 200)["now"] == "2021-10-04T21:00:00.500Z"
    for body in ({}, {"to": "2021-10-06T00:00:00Z", "advance_s": 1}, {"to": "2021-10-04T00:00:00Z"}):
        assert post(town, "clock", body, 400)["status"] == 400
    assert get(town, "world")["now"] == "2021-10-04T21:00:00.500Z"


def test_people(town: Town) -> None:
    """Registered with minted numbers, listed by pages, shown with status and codes."""
    made, child = post(town, "people", [PERSON, PERSON | {"has_phone": False, "foreign": True, "parents": [-1]}])
    assert (made["citizen_id"], made["firstname"], made["lastname"]) == (5, "IŞIL", "ÇAĞ")
    assert (child["phone"], child["parents"], child["identity_number"][:2]) == (None, [5], "99")
    assert get(town, "people/5") == made | {"health_status": "RISKLESS", "codes": []}
    assert [one["citizen_id"] for one in get(town, "people", after=2, limit=2)] == [3, 4]
    assert get(town, "people/2")["health_status"] == "RISKY"


def test_codes(town: Town) -> None:
    """Issued, shown, shared, shortened, deleted, by any spelling of the code."""
    first, second = post(town, "codes", [{"citizen_id": 1, "days": 7, "description": "iş"}, {"citizen_id": 1}])
    text = first["hes_code"]
    assert first == {
        "citizen_id": 1,
        "hes_code": text,
        "created_at": "2021-10-04T05:00:00.000Z",
        "expires_at": "2021-10-11T05:00:00.000Z",
        "description": "iş",
        "created_by": "hes-lab",
        "qr": first["qr"],
    }
    assert first["qr"].endswith(f"|{text}")
    assert second["expires_at"] == "2070-12-30T13:00:00.000Z"
    assert get(town, f"codes/{text[:4].lower()}-{text[4:8]}-{text[8:]}") == first
    note = {"label": "Anadolu Gıda", "shared_at": "2021-10-04T05:00:00.000Z"}
    assert post(town, f"codes/{text}/shares", {"label": "Anadolu Gıda"}) == note
    assert get(town, f"codes/{text}/shares") == [note]
    shorter = post(town, f"codes/{text}/shorten", {"expires_at": "2021-10-05T08:00:00+03:00"}, 200)
    assert shorter == first | {"expires_at": "2021-10-05T05:00:00.000Z"}
    assert get(town, "people/1")["codes"] == [shorter, second]
    assert town.client.delete(f"/_lab/codes/{text}").status_code == 204
    assert get(town, "people/1")["codes"] == [second]


def test_codes_are_issued_all_or_none(town: Town) -> None:
    for bad, status in (({"citizen_id": 99}, 404), ({"citizen_id": 2, "days": 0}, 400)):
        post(town, "codes", [{"citizen_id": 1}, bad], status)
    assert get(town, "people/1")["codes"] == []


def test_reports_of_every_kind(town: Town) -> None:
    """Each changes what is known of a person, for the very next question."""
    code = town.issue(town.child).text
    town.advance(days=1)
    morning = {"citizen_id": town.child.citizen_id, "at": "2021-10-04T06:00:00Z"}

    def plus() -> dict[str, object]:
        return town.ask("C5", {"hes_code": code}).json()

    assert plus()["current_health_status"] == "RISKLESS"
    doses = [morning | {"kind": "vaccine", "dose": dose} for dose in (1, 2)]
    assert post(town, "reports", doses) == {"filed": 2}
    assert plus()["is_vaccinated"] is True
    post(town, "reports", [morning | {"kind": "pcr", "positive": False}])
    assert plus()["last_negative_test_date"] == "2021-10-04T06:00:00.000Z"
    order = morning | {"kind": "isolation", "at": "2021-10-05T00:00:00Z", "ends_at": "2021-10-06T00:00:00Z"}
    post(town, "reports", [order])
    assert plus()["current_health_status"] == "RISKY"
    town.advance(days=1)
    assert plus()["current_health_status"] == "RISKLESS"
    later = {"citizen_id": town.child.citizen_id, "at": "2021-10-05T12:00:00Z"}
    post(town, "reports", [later | {"kind": "contact"}, later | {"kind": "clinical", "immunosuppressed": True}])
    post(town, "reports", [later | {"kind": "pcr", "positive": True, "variant_of_concern": True}])
    assert (plus()["current_health_status"], plus()["is_immune"]) == ("RISKY", True)
    assert town.client.put(f"/_lab/people/{town.child.citizen_id}/sharing?shares=false").status_code == 204
    assert (plus()["is_immune"], plus()["is_test_data_shared"]) == (None, False)


@pytest.mark.parametrize(
    ("report", "key"),
    [
        ({"kind": "vaccine"}, "badreport"),
        ({"kind": "vaccine", "dose": 9}, "unknowndose"),
        ({"kind": "pcr"}, "badreport"),
        ({"kind": "isolation"}, "badreport"),
        ({"kind": "isolation", "ends_at": "2021-10-01T00:00:00Z"}, "isolationendsbeforebegin"),
        ({"kind": "pcr", "positive": True, "at": "2021-10-04T05:00:01Z"}, "reportinthefuture"),
    ],
)
def test_a_report_that_cannot_be_true_refuses_all(town: Town, report: dict[str, object], key: str) -> None:
    good = {"kind": "pcr", "citizen_id": 1, "at": "2021-10-04T00:00:00Z", "positive": True}
    refused = post(town, "reports", [good, {"citizen_id": 1, "at": "2021-10-04T00:00:00Z"} | report], 400)
    assert refused["errorKey"] == key
    assert get(town, "people/1")["health_status"] == "RISKLESS"


def test_incidence(town: Town) -> None:
    """Cases per 100,000 by province in the week from a Monday; the current week if none is said."""
    town.advance(days=1)
    post(town, "reports", [{"kind": "pcr", "citizen_id": 1, "at": "2021-10-04T06:00:00Z", "positive": True}])
    row = {"plate": 26, "province": "Eskişehir", "cases": 1, "residents": 4, "per_100k": 25_000.0, "colour": "red"}
    assert get(town, "incidence") == [row]
    assert get(town, "incidence", week_start="2021-09-27") == [row]  # the father's
    assert get(town, "incidence", week_start="2021-09-20") == [
        row | {"cases": 0, "per_100k": 0.0, "colour": "blue"},
    ]


def test_institutions_and_accounts(town: Town) -> None:
    """Entered, provisioned in both environments, shown with passwords that open; a name is taken once."""
    entry = {"kind": "WORKPLACE", "name": "Deniz A.Ş.", "label": "DENİZ", "province": 6, "staff_count": 500}
    made = post(town, "institutions", entry | {"staff": [1, 2]})
    assert (made["institution_id"], made["label"]) == (3, "DENİZ")
    assert get(town, "institutions")[2] == made | {
        "kind": "WORKPLACE",
        "name": "Deniz A.Ş.",
        "province": 6,
        "staff_count": 500,
        "staff_known": 2,
        "headquarters": None,
    }
    orders = [{"institution_id": 3, "environment": environment} for environment in ("test", "live")]
    accounts = post(town, "accounts", orders)
    assert [one["username"] for one in accounts] == ["DENİZ-TEST", "DENİZ-G2G-HES"]
    assert {one["state"] for one in accounts} == {"active"}
    assert [one for one in get(town, "accounts") if one["institution_id"] == 3] == accounts[::-1]
    code = {"hes_code": town.issue().text}
    live = accounts[1]
    assert town.ask("C3", code, username=live["username"], password=live["password"]).status_code == 200
    assert post(town, "accounts", orders[:1], 409)["errorKey"] == "accountexists"
    assert post(town, "accounts", orders[:1] * 2, 409)["errorKey"] == "accountexists"
    assert post(town, "accounts", [{"institution_id": 9, "environment": "test"}], 404)["status"] == 404
    post(town, "institutions", entry, 400)


def test_the_audit_trail_of_an_asker(town: Town) -> None:
    code = town.issue().text
    for _ in range(3):
        town.ask("C2", {"hes_code": code})
    rows = get(town, "queries", asker=f"{LABEL}-G2G-HES", limit=2)
    assert (
        rows
        == [
            {
                "asked_at": "2021-10-04T05:00:00.000Z",
                "asker": f"{LABEL}-G2G-HES",
                "purpose": "employee",
                "code": code,
                "citizen_id": 1,
                "outcome": "RISKLESS",
                "place": None,
            }
        ]
        * 2
    )
    assert get(town, "queries", asker="nobody") == []


def test_an_empty_world_is_filled_once(town: Town) -> None:
    post(town, "worlds", {"name": "b"})
    filled = town.client.post("/w/b/_lab/world/seed", json={"people": 30})
    assert (filled.status_code, filled.json()["people"], filled.json()["institutions"]) == (201, 30, 5)
    again = town.client.post("/w/b/_lab/world/seed", json={"people": 30})
    assert (again.status_code, again.json()["errorKey"]) == (400, "worldnotempty")


def test_an_empty_world_that_has_institutions_is_not_filled(town: Town) -> None:
    """A seeding that cannot be whole leaves nothing."""
    post(town, "worlds", {"name": "b"})
    entry = {"kind": "WORKPLACE", "name": "x", "label": "ANADOLU-GIDA", "province": 6, "staff_count": 500}
    assert town.client.post("/w/b/_lab/institutions", json=entry).status_code == 201
    refused = town.client.post("/w/b/_lab/world/seed", json={"people": 30})
    assert (refused.status_code, refused.json()["errorKey"]) == (400, "notregistrable")
    assert town.client.get("/w/b/_lab/world").json()["people"] == 0
