"""What the application does beyond M1 to M10: registration, shares, ends, askers, family, children, figures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockgov.queries.messages import Query
from mockgov.registry.rules import Citizen
from mockgov.risk_index.messages import ContactReport, PcrReport
from tests.mockgov.counters.town import DAY, LABEL, MONDAY, QUICK, Town

PROXY = "/services/hescodeproxy/api/"
FAMILY = "/services/familyservice/api/"
STATISTICS = "/services/statisticservice/api/"
BIRTH = "1980-02-29"


@pytest.fixture
def strict() -> Iterator[Town]:
    """A town in which everybody has to register."""
    made = Town(replace(QUICK, app_registration=True))
    yield made
    made.close()


def entry(town: Town, **changes: Any) -> dict[str, Any]:
    """What the mother registers with."""
    return {
        "identityNumber": town.mother.identity.digits,
        "birthDate": BIRTH,
        "clarificationTextVersion": 2.0,
        "clarificationTextAccepted": True,
    } | changes


def post(town: Town, path: str, body: dict[str, Any], who: Citizen | None = None, status: int = 200) -> Any:
    answer = town.client.post(path, json=body, headers=town.bearer(who))
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def get(town: Town, path: str, who: Citizen | None = None) -> Any:
    answer = town.client.get(path, headers=town.bearer(who))
    assert answer.status_code == 200, answer.text
    return answer.json()


# Registration


def test_first_registration(strict: Town) -> None:
    """A token alone opens the account only, which tells nothing of the person; registering opens the rest."""
    got = strict.sign_in()
    bearer = {"authorization": f"Bearer {got['id_token']}"}
    known = {name: got[name] for name in ("mernisChecked", "firstname", "lastname", "dob", "identityNumberHash")}
    assert known == {"mernisChecked": False, "firstname": "", "lastname": "", "dob": None, "identityNumberHash": ""}
    assert got["phone"] == strict.mother.phone.wire
    refused = strict.client.get(f"{PROXY}hes-codes", headers=bearer)
    assert (refused.status_code, refused.json()["errorKey"]) == (403, "registrationincomplete")
    text = strict.client.get("/api/clarification-text").json()
    assert text["version"] == 2.0
    assert "6698 sayılı Kanun" in text["text"]
    made = strict.client.post("/api/register", json=entry(strict), headers=bearer)
    assert made.status_code == 200
    assert (made.json()["mernisChecked"], made.json()["firstname"]) == (True, "AYŞE NUR")
    assert strict.client.get(f"{PROXY}hes-codes", headers=bearer).json() == []
    again = strict.client.post("/api/register", json=entry(strict), headers=bearer)
    assert (again.status_code, again.json()["errorKey"]) == (400, "registrationrefused")


@pytest.mark.parametrize(
    "changes",
    [
        {"birthDate": "1980-02-28"},
        {"identityNumber": "10000000146"},
        {"identityNumber": "hello"},
        {"clarificationTextAccepted": False},
        {"clarificationTextVersion": 1.0},
    ],
)
def test_registrations_that_do_not_fit(strict: Town, changes: dict[str, Any]) -> None:
    """Another person's number, a wrong day, no consent, the text of another day: nobody is registered, nothing told."""
    bearer = strict.bearer()
    answer = strict.client.post("/api/register", json=entry(strict, **changes), headers=bearer)
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "registrationrefused")
    assert "10000000146" not in answer.text
    assert strict.client.get(f"{PROXY}hes-codes", headers=bearer).status_code == 403


def test_nobody_registers_with_anothers_number(strict: Town) -> None:
    """The number must be that of the phone's owner."""
    body = entry(strict, identityNumber=strict.father.identity.digits, birthDate="1979-12-31")
    assert post(strict, "/api/register", body, status=400)["errorKey"] == "registrationrefused"


def test_guessing_ends_after_five_tries(strict: Town) -> None:
    """Then even what is right is refused, until the owner of the phone has signed in anew."""
    bearer = strict.bearer()
    for _ in range(5):
        strict.client.post("/api/register", json=entry(strict, birthDate="1990-01-01"), headers=bearer)
    refused = strict.client.post("/api/register", json=entry(strict), headers=bearer)
    assert (refused.status_code, "Too many tries" in refused.json()["title"]) == (400, True)
    assert post(strict, "/api/register", entry(strict))["mernisChecked"] is True


# Codes


def test_sharing_under_a_label(town: Town) -> None:
    """The note stands with its code; a stranger finds neither."""
    code = town.issue()
    body = {"hes_code": code.text, "label": "İşyeri"}
    note = {"hes_code": code.text, "label": "İşyeri", "shared_date": "2021-10-04T05:00:00.000Z"}
    assert post(town, f"{PROXY}share-hes-code", body, status=201) == note
    assert post(town, f"{PROXY}hes-code-shares", {"hes_code": code.text}) == [note]
    for path in ("share-hes-code", "hes-code-shares", "shorten-hes-code", "delete-hes-code"):
        sent = body | {"expiration_date": "2021-10-05"}
        refused = post(town, PROXY + path, sent, town.stranger, status=404)
        assert refused["errorKey"] == "hescodenotfound"
    assert len(town.ministry.codes.shares_of(code)) == 1
    long = post(town, f"{PROXY}share-hes-code", body | {"label": "x" * 101}, status=400)
    assert long["errorKey"] == "invaliddescription"


@pytest.mark.parametrize(
    ("wanted", "ends"),
    [
        ("2021-10-05", "2021-10-05T21:00:00.000Z"),
        ("2021-10-05T09:30:00Z", "2021-10-05T09:30:00.000Z"),
        ("2021-10-05T12:30:00+03:00", "2021-10-05T09:30:00.000Z"),
    ],
)
def test_shortening(town: Town, wanted: str, ends: str) -> None:
    """To the end of a Turkish day, or to a moment."""
    code = town.issue()
    made = post(town, f"{PROXY}shorten-hes-code", {"hes_code": code.text, "expiration_date": wanted})
    assert made["expiration_date"] == ends


@pytest.mark.parametrize("wanted", ["2021-10-12", "2021-10-03", "2021-10-04T04:00:00Z", "2070-12-31"])
def test_a_code_never_becomes_longer(town: Town, wanted: str) -> None:
    """Nor does it end in the past."""
    code = town.issue()
    body = {"hes_code": code.text, "expiration_date": wanted}
    refused = post(town, f"{PROXY}shorten-hes-code", body, status=400)
    assert refused["errorKey"] == "invalidexpirationdate"
    assert town.ministry.codes.of(town.mother.citizen_id) == [code]


def test_deleting(town: Town) -> None:
    """One's own and a child's; a second time there is nothing to delete."""
    own, childs = town.issue(), town.issue(town.child)
    for code in (own, childs):
        assert post(town, f"{PROXY}delete-hes-code", {"hes_code": code.text}, status=204) is None
    assert town.ask("C3", {"hes_code": own.text}).json()["errorKey"] == "hescodenotfound"
    assert post(town, f"{PROXY}delete-hes-code", {"hes_code": own.text}, status=404)["errorKey"] == "hescodenotfound"


def test_who_asked(town: Town) -> None:
    """The institution by its name, when, for what, with which code; the children's too; of citizens no name."""
    own, childs = town.issue(), town.issue(town.child)
    assert town.ask("C3", {"hes_code": own.text}).status_code == 200
    town.advance(hours=1)
    town.ask("C1", town.body_of("C1", [childs.text]))
    town.advance(hours=1)
    post(town, f"{PROXY}check-hes-code", {"hes_code": own.text}, town.stranger)
    found = get(town, f"{PROXY}hes-code-queries")
    assert [(one["query_date"], one["institution"], one["purpose"], one["hes_code"]) for one in found] == [
        ("2021-10-04T07:00:00.000Z", "Uygulama veya e-Devlet kullanıcısı bir kişi", "person", own.text),
        ("2021-10-04T06:00:00.000Z", f"{LABEL} A.Ş. (sandbox)", "visitor", childs.text),
        ("2021-10-04T05:00:00.000Z", f"{LABEL} A.Ş. (sandbox)", "single", own.text),
    ]
    assert [one["purpose_text"] for one in found] == ["Kişisel sorgu", "Ziyaretçi sorgusu", "Tekil sorgu"]
    assert [one["masked_firstname"] for one in found] == ["AY**** NU****", "CA****", "AY**** NU****"]
    assert {one["result"] for one in found} == {"RISKLESS"}
    assert get(town, f"{PROXY}hes-code-queries?limit=1") == found[:1]
    assert get(town, f"{PROXY}hes-code-queries", town.stranger) == []


@pytest.mark.parametrize(
    ("asker", "said"),
    [
        (f"{LABEL}-TEST", f"{LABEL} A.Ş. (sandbox) (deneme erişimi)"),
        ("institution:1/citizen:4", f"{LABEL} A.Ş. (sandbox)"),
        ("institution:2", "KURUM A.Ş. (sandbox)"),
        ("institution:99/citizen:4", "Bilinmeyen kurum"),
        ("somebody", "Bilinmeyen kurum"),
    ],
)
def test_how_askers_are_named(town: Town, asker: str, said: str) -> None:
    """By account or by number; who is unknown is said to be."""
    town.ministry.queries.answer([Query(asker, "bulk", town.issue().text)])
    (row,) = get(town, f"{PROXY}hes-code-queries")
    assert (row["institution"], row["purpose_text"]) == (said, "Toplu sorgu")


def test_whether_vaccine_and_test_are_told(town: Town) -> None:
    """The holder decides; from then on plus answers have null."""
    code = town.issue()
    assert get(town, f"{PROXY}health-data-sharing") == {"allowed": True}
    assert post(town, f"{PROXY}health-data-sharing", {"allowed": False}) == {"allowed": False}
    assert get(town, f"{PROXY}health-data-sharing") == {"allowed": False}
    told = town.ask("C5", {"hes_code": code.text}).json()
    assert (told["is_vaccinated"], told["is_immune"], told["is_test_data_shared"]) == (None, None, False)
    post(town, f"{PROXY}health-data-sharing", {"allowed": True})
    assert town.ask("C5", {"hes_code": code.text}).json()["is_vaccinated"] is True


# Family


def invite(town: Town, *, health: bool = True) -> int:
    """The mother invites the father; the number of the tie."""
    body = {
        "invitedUserPhone": town.father.phone.e164,
        "ownerHealthInfoAllowed": health,
        "ownerLocationInfoAllowed": False,
        "relationName": "Eşim",
    }
    return int(post(town, f"{FAMILY}add-family-member", body, status=201)["memberId"])


def members(town: Town, who: Citizen) -> list[tuple[str, str, str | None]]:
    found = get(town, f"{FAMILY}account-family-members", who)
    return [(one["masked_firstname"], one["status"], one["healthStatus"]) for one in found]


def leave(number: int, *, health: bool) -> dict[str, Any]:
    return {"memberId": number, "healthInfoAllowed": health, "locationInfoAllowed": False}


def test_an_invitation_is_accepted(town: Town) -> None:
    """Each sees of the other what that one allows, and from then on only; the father is ill, the mother is not."""
    number = invite(town)
    assert members(town, town.mother) == [("AL****", "INVITED", None)]
    assert members(town, town.father) == []
    assert get(town, f"{FAMILY}family-invitations", town.father) == [
        {
            "memberId": number,
            "relationName": "Eşim",
            "masked_firstname": "AY**** NU****",
            "masked_lastname": "YI**** ",
            "ownerHealthInfoAllowed": True,
            "ownerLocationInfoAllowed": False,
        }
    ]
    post(town, f"{FAMILY}accept-family-invitation", leave(number, health=False), town.father)
    assert members(town, town.mother) == [("AL****", "ACCEPTED", None)]
    assert members(town, town.father) == [("AY**** NU****", "ACCEPTED", "RISKLESS")]
    assert get(town, f"{FAMILY}family-invitations", town.father) == []
    post(town, f"{FAMILY}update-family-permissions", leave(number, health=True), town.father)
    assert members(town, town.mother) == [("AL****", "ACCEPTED", "RISKY")]
    post(town, f"{FAMILY}update-family-permissions", leave(number, health=False), town.mother)
    assert members(town, town.father) == [("AY**** NU****", "ACCEPTED", None)]


@pytest.mark.parametrize("who", ["mother", "father"])
def test_either_side_ends_it(town: Town, who: str) -> None:
    """Then neither has the other, and they may begin anew."""
    number = invite(town)
    post(town, f"{FAMILY}accept-family-invitation", leave(number, health=True), town.father)
    ended = post(town, f"{FAMILY}remove-family-member", {"memberId": number}, getattr(town, who))
    assert (ended["status"], ended["healthStatus"]) == ("ENDED", None)
    assert members(town, town.mother) == members(town, town.father) == []
    assert invite(town) == number + 1


def test_an_invitation_is_refused_or_withdrawn(town: Town) -> None:
    """Who was refused sees so; what is over cannot be answered any more."""
    first = invite(town)
    post(town, f"{FAMILY}refuse-family-invitation", {"memberId": first}, town.father)
    assert members(town, town.mother) == [("AL****", "REFUSED", None)]
    second = invite(town)
    post(town, f"{FAMILY}remove-family-member", {"memberId": second})
    for number in (first, second):
        body = leave(number, health=True)
        assert (
            post(town, f"{FAMILY}accept-family-invitation", body, town.father, status=409)["errorKey"]
            == "illegaltransition"
        )
    assert members(town, town.mother) == [("AL****", "REFUSED", None)]


def test_a_tie_is_its_two_peoples_business(town: Town) -> None:
    """A stranger finds no such tie; an inviter cannot accept for the invited."""
    number = invite(town)
    for who in (town.stranger, town.mother):
        for path in ("accept-family-invitation", "refuse-family-invitation"):
            refused = post(town, FAMILY + path, leave(number, health=True), who, status=404)
            assert refused["errorKey"] == "familymembernotfound"
    for path in ("remove-family-member", "update-family-permissions"):
        assert post(town, FAMILY + path, leave(number, health=True), town.stranger, status=404)
    body = {"memberId": 1 << 61}
    assert post(town, f"{FAMILY}remove-family-member", body, status=404)["errorKey"] == "familymembernotfound"


def test_children(town: Town) -> None:
    """Both parents have the child, with the number that M5 takes; when it is 18, no longer."""
    child = {
        "child_tckn": town.child.identity.digits,
        "firstname": "CAN",
        "lastname": "YILMAZ",
        "dob": "2010-06-01",
        "healthStatus": "RISKLESS",
    }
    for parent in (town.mother, town.father):
        assert get(town, f"{FAMILY}children", parent) == [child]
    assert get(town, f"{FAMILY}children", town.stranger) == []
    town.ministry.advance(datetime(2028, 5, 31, 21, tzinfo=UTC))
    assert get(town, f"{FAMILY}children") == []


# Isolation


def test_isolation_begins_runs_out_and_ends(town: Town) -> None:
    """A contact is risky for 14 days: days and minutes left go down to the last midnight, then all is as before."""
    report = ContactReport(citizen_id=town.stranger.citizen_id, last_contact_at=MONDAY)
    before = get(town, "/api/account-with-token", town.stranger)
    town.ministry.risk_index.file([report])

    def left() -> tuple[str, int, int]:
        now = get(town, "/api/account-with-token", town.stranger)
        return now["healthStatus"], now["numberOfDaysInIsolation"], now["numberOfMinutesInIsolation"]

    assert left() == ("RISKY", 15, 14 * 1440 + 16 * 60)
    town.ministry.advance(datetime(2021, 10, 17, 21, tzinfo=UTC))
    assert left() == ("RISKY", 1, 1440)
    town.advance(hours=23, minutes=59)
    assert left() == ("RISKY", 1, 1)
    town.advance(minutes=1)
    assert left() == ("RISKLESS", -1, -1)
    assert get(town, "/api/account-with-token", town.stranger) == before


# The country


def test_the_last_days(town: Town) -> None:
    """Oldest first, each as M10 tells it of its own day."""
    found = get(town, f"{STATISTICS}daily-generic-statistics?days=4")
    assert [(one["date"], one["dailyTests"], one["dailyCases"], one["totalCases"]) for one in found] == [
        ("2021-10-01", 1, 1, 1),
        ("2021-10-02", 0, 0, 1),
        ("2021-10-03", 1, 0, 1),
        ("2021-10-04", 0, 0, 1),
    ]
    assert found[-1] == get(town, f"{STATISTICS}latest-generic-statistics")
    for days in ("0", "29", "x"):
        answer = town.client.get(f"{STATISTICS}daily-generic-statistics?days={days}", headers=town.bearer())
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "constraintviolation")


def test_the_risk_map(town: Town) -> None:
    """One case among four residents is 25,000 per 100,000; provinces without residents have no colour."""
    found = get(town, f"{STATISTICS}province-risk-map")
    assert (found["weekBeginDate"], found["weekEndDate"]) == ("2021-09-27", "2021-10-03")
    assert [one["plate"] for one in found["provinces"]] == list(range(1, 82))
    assert found["provinces"][25] == {
        "plate": 26,
        "province": "Eskişehir",
        "cases": 1,
        "casesPer100k": 25_000.0,
        "riskLevel": "VERY_HIGH",
        "colour": "red",
    }
    assert found["provinces"][5] == {
        "plate": 6,
        "province": "Ankara",
        "cases": None,
        "casesPer100k": None,
        "riskLevel": None,
        "colour": None,
    }
    town.advance(days=7)
    later = get(town, f"{STATISTICS}province-risk-map")["provinces"][25]
    assert (later["cases"], later["riskLevel"], later["colour"]) == (0, "LOW", "blue")


def test_m7_by_the_rules_of_the_day(town: Town) -> None:
    """Who is neither vaccinated nor tested may come in again once nobody may ask."""
    code = town.issue(town.child, days=None)
    body = {"hes_code": code.text}
    told = post(town, f"{PROXY}check-hes-code-plus", body)
    assert (told["is_eligible"], told["eligible_text"][:16]) == (False, "Kişinin aşı, geç")
    town.ministry.risk_index.file(
        [PcrReport(citizen_id=town.child.citizen_id, sampled_at=MONDAY - timedelta(hours=1), positive=False)]
    )
    assert post(town, f"{PROXY}check-hes-code-plus", body)["is_eligible"] is True
    town.advance(days=3)
    assert post(town, f"{PROXY}check-hes-code-plus", body)["is_eligible"] is False
    town.ministry.advance(datetime(2022, 3, 1, 20, 59, tzinfo=UTC) + DAY)
    assert post(town, f"{PROXY}check-hes-code-plus", body)["is_eligible"] is True
