"""A citizen's whole life with the application, over HTTP at a manual clock."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.journeys.callers import Handset, Institution, expect, move_clock, register
from tests.journeys.served import Served

PERSON = {"firstname": "Işıl", "lastname": "Çağ", "sex": "FEMALE", "birth_date": "1985-02-28", "province": 26}
PROXY = "/services/hescodeproxy/api/"
CODES = f"{PROXY}hes-codes"


@pytest.fixture
def newcomers(served: Served) -> Iterator[httpx2.Client]:
    """A world in which everybody has to register first."""
    name = "newcomers"
    with served.client() as lab:
        world = {"name": name, "seed": 7, "settings": {"app_registration": "true"}}
        expect(lab.post("/_lab/worlds", json=world), 201)
        with served.client(name) as client:
            yield client
        assert lab.delete(f"/_lab/worlds/{name}").status_code == 204


def say(handset: Handset, path: str, body: dict[str, Any], status: int = 200) -> Any:
    return expect(handset.client.post(path, json=body, headers=handset.bearer), status)


def hear(handset: Handset, path: str) -> Any:
    return expect(handset.client.get(path, headers=handset.bearer))


def test_from_registration_to_a_refused_query(newcomers: httpx2.Client) -> None:
    """Registered, a code made, asked about, seen, shortened, asked, expired, refused; another one deleted, refused."""
    person, _ = register(newcomers, PERSON, PERSON | {"firstname": "Ali", "sex": "MALE"})
    handset = Handset(newcomers, person)
    firm = Institution(newcomers, "ÇINAR-LOJİSTİK")
    entered = handset.sign_in()
    assert (entered["mernisChecked"], entered["firstname"]) == (False, "")
    refused = expect(newcomers.get(CODES, headers=handset.bearer), 403)
    assert refused["errorKey"] == "registrationincomplete"
    version = expect(newcomers.get("/api/clarification-text"))["version"]
    form = {
        "identityNumber": person["identity_number"],
        "birthDate": "1985-02-28",
        "clarificationTextVersion": version,
        "clarificationTextAccepted": True,
    }
    assert say(handset, "/api/register", form)["firstname"] == "IŞIL"

    code = handset.make_code(description="İşyeri", expiration_date="2021-10-10")["hes_code"]
    say(handset, f"{PROXY}share-hes-code", {"hes_code": code, "label": "Çınar Lojistik"}, 201)
    assert firm.status(code) == "RISKLESS"
    (row,) = hear(handset, f"{PROXY}hes-code-queries")
    assert (row["institution"], row["purpose_text"], row["query_date"], row["hes_code"], row["description"]) == (
        "ÇINAR-LOJİSTİK A.Ş. (sandbox)",
        "Tekil sorgu",
        "2021-10-04T05:00:00.000Z",
        code,
        "İşyeri",
    )

    shortened = say(handset, f"{PROXY}shorten-hes-code", {"hes_code": code, "expiration_date": "2021-10-05"})
    assert shortened["expiration_date"] == "2021-10-05T21:00:00.000Z"
    move_clock(newcomers, "2021-10-05T20:59:59.999Z")
    assert firm.status(code) == "RISKLESS"
    move_clock(newcomers, "2021-10-05T21:00:00Z")
    assert expect(firm.ask("C3", code), 400)["errorKey"] == "hescodehasbeenexpired"

    second = handset.make_code()["hes_code"]
    assert firm.status(second) == "RISKLESS"
    say(handset, f"{PROXY}delete-hes-code", {"hes_code": second}, 204)
    assert expect(firm.ask("C3", second), 400)["errorKey"] == "hescodenotfound"
    seen = hear(handset, f"{PROXY}hes-code-queries")
    assert [(one["hes_code"], one["result"]) for one in seen] == [
        (second, "RISKLESS"),
        (code, "hescodehasbeenexpired"),
        (code, "RISKLESS"),
        (code, "RISKLESS"),
    ]


def test_risk_comes_and_goes(client: httpx2.Client) -> None:
    """Positive on Monday: risky at the door, days left on the account; after the fourteenth day all is as before."""
    (person,) = register(client, PERSON)
    handset = Handset(client, person)
    handset.sign_in()
    firm = Institution(client, "KURUM")
    code = handset.make_code()["hes_code"]
    fields = (
        "healthStatus",
        "isolationStatus",
        "isolationBeginDate",
        "isolationEndTime",
        "numberOfDaysInIsolation",
        "numberOfMinutesInIsolation",
    )

    def account() -> tuple[Any, ...]:
        told = expect(handset.account())
        return tuple(told[name] for name in fields)

    free = ("RISKLESS", False, None, None, -1, -1)
    assert (account(), firm.status(code)) == (free, "RISKLESS")
    report = {"kind": "pcr", "citizen_id": person["citizen_id"], "at": "2021-10-04T05:00:00Z", "positive": True}
    expect(client.post("/_lab/reports", json=[report]), 201)
    end = "2021-10-19T00:00:00.000"
    assert (account(), firm.status(code)) == (("RISKY", True, "2021-10-04", end, 15, 21_120), "RISKY")
    move_clock(client, "2021-10-11T21:00:00Z")
    assert account()[4:] == (7, 7 * 1440)
    move_clock(client, "2021-10-18T20:59:59Z")
    assert (account()[4:], firm.status(code)) == ((1, 0), "RISKY")
    move_clock(client, "2021-10-18T21:00:00Z")
    assert (account(), firm.status(code)) == (free, "RISKLESS")


def test_a_family_sees_what_it_may(client: httpx2.Client) -> None:
    """Invitation, leave, illness, end: what one sees of the other changes with each."""
    one, other = register(client, PERSON, PERSON | {"firstname": "Ali", "sex": "MALE"})
    wife, husband = Handset(client, one), Handset(client, other)
    wife.sign_in()
    husband.sign_in()
    family = "/services/familyservice/api/"

    def seen(who: Handset) -> list[tuple[str, str | None]]:
        return [(tie["status"], tie["healthStatus"]) for tie in hear(who, f"{family}account-family-members")]

    invitation = {
        "invitedUserPhone": f"+{other['phone']}",
        "ownerHealthInfoAllowed": False,
        "ownerLocationInfoAllowed": False,
        "relationName": "Eşim",
    }
    number = say(wife, f"{family}add-family-member", invitation, 201)["memberId"]
    leave = {"memberId": number, "healthInfoAllowed": True, "locationInfoAllowed": False}
    say(husband, f"{family}accept-family-invitation", leave)
    assert (seen(wife), seen(husband)) == ([("ACCEPTED", "RISKLESS")], [("ACCEPTED", None)])
    report = {"kind": "contact", "citizen_id": other["citizen_id"], "at": "2021-10-04T05:00:00Z"}
    expect(client.post("/_lab/reports", json=[report]), 201)
    assert seen(wife) == [("ACCEPTED", "RISKY")]
    say(husband, f"{family}remove-family-member", {"memberId": number})
    assert (seen(wife), seen(husband)) == ([], [])
