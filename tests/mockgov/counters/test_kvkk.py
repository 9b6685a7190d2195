"""The data controller's counter on the wire: notices, who asked, applications, erasure, and what no longer answers."""

from dataclasses import replace
from typing import Any

import pytest

from mockgov.edevlet.rules import NoSession
from mockgov.groups.messages import MakeGroup, RecordRun
from mockgov.groups.rules import Kind, Outcome
from mockgov.kvkk.inventory import HOLDINGS
from mockgov.kvkk.notices import Front
from mockgov.signin.messages import Register
from tests.mockgov.counters.town import LABEL, MONDAY, QUICK, TEST, Town

KVKK = "/services/kvkkservice/api/"
CHECK = "/services/hescodeproxy/api/check-hes-code"
ACCOUNT = "/api/account-with-token"


def lodge(town: Town, right: str, bearer: dict[str, str], **fields: Any) -> Any:
    return town.client.post(f"{KVKK}requests", json={"right": right, **fields}, headers=bearer)


def who_asked(town: Town, bearer: dict[str, str], **fields: Any) -> Any:
    return town.client.post(f"{KVKK}who-asked", json=fields, headers=bearer).json()


# Notices and the inventory


def test_every_front_has_a_notice(town: Town) -> None:
    """Open to everybody, in both languages; the version in force is the one that the account object names."""
    listed = town.client.get(f"{KVKK}clarification-texts").json()
    assert [line["front"] for line in listed] == [front.value for front in Front]
    account = town.client.get(ACCOUNT, headers=town.bearer()).json()
    for line in listed:
        turkish, english = (
            town.client.get(f"{KVKK}clarification-texts/{line['front']}", params={"lang": lang}).json()
            for lang in ("tr", "en")
        )
        assert turkish["title"] == line["title"] != english["title"]
        assert [one["part"] for one in turkish["sections"]] == [one["part"] for one in english["sections"]]
        assert line["version"] == account["clarificationTextVersion"] == 2.0


def test_an_unknown_front_is_a_bad_request(town: Town) -> None:
    assert town.client.get(f"{KVKK}clarification-texts/post").status_code == 400


def test_the_inventory_is_open(town: Town) -> None:
    """Each table with the days that the settings say."""
    lines = {line["table"]: line for line in town.client.get(f"{KVKK}inventory", params={"lang": "en"}).json()}
    assert set(lines) == {holding.table for holding in HOLDINGS}
    assert lines["asked"] == {
        "table": "asked",
        "data": "A question: who, when, what for, answer, place",
        "whose": ["holder", "asker"],
        "purpose": "Accounting for it, telling the holder",
        "ground": "5/2-ç",
        "kept_days": 730,
        "kept": "",
    }
    assert lines["family_member"]["kept_days"] is None
    assert lines["family_member"]["kept"] == "until erasure"


# Who asked


def test_who_asked_when_and_what_for(town: Town) -> None:
    """An institution by its name, a citizen without one; every purpose in words; in pages, newest first."""
    code, bearer = town.issue(), town.bearer()
    town.ask("C3", {"hes_code": code.text})
    town.advance(hours=1)
    town.ask("C2", {"hes_code": code.text}, environment=TEST)
    town.client.post(CHECK, json={"hes_code": code.text}, headers=town.bearer(town.stranger))
    first = who_asked(town, bearer, limit=2)
    assert [(row["asker"], row["purpose_text"], row["answer"]) for row in first["rows"]] == [
        ("Uygulama veya e-Devlet kullanıcısı bir kişi", "Kişisel sorgu", "RISKLESS"),
        (f"{LABEL} A.Ş. (sandbox) (deneme erişimi)", "Çalışan sorgusu", "RISKLESS"),
    ]
    second = who_asked(town, bearer, limit=2, before=first["before"])
    assert second == {
        "rows": [
            {
                "date": "2021-10-04T05:00:00.000Z",
                "asker": f"{LABEL} A.Ş. (sandbox)",
                "purpose": "single",
                "purpose_text": "Tekil sorgu",
                "hes_code": code.text,
                "answer": "RISKLESS",
                "place": None,
            }
        ],
        "before": None,
    }


def test_who_asked_about_a_child(town: Town) -> None:
    """A parent sees it; nobody sees anybody else's, and an identity number that is nobody's is not repeated."""
    code, tckn = town.issue(town.child), town.child.identity.digits
    town.ask("C3", {"hes_code": code.text})
    assert [row["hes_code"] for row in who_asked(town, town.bearer(), child_tckn=tckn)["rows"]] == [code.text]
    assert who_asked(town, town.bearer())["rows"] == []
    for other in (tckn, "10000000146"):
        refused = who_asked(town, town.bearer(town.stranger), child_tckn=other)
        assert (refused["status"], refused["errorKey"]) == (404, "citizennotfound")
        assert other not in str(refused)


def test_nobody_asks_without_a_token(town: Town) -> None:
    """Nor with one that is no token."""
    for headers in ({}, {"authorization": "Bearer x"}):
        for method, path in (("POST", "who-asked"), ("POST", "requests"), ("GET", "requests"), ("GET", "requests/1")):
            body = {"json": {"right": "erasure"} if path == "requests" else {}} if method == "POST" else {}
            answer = town.client.request(method, KVKK + path, headers=headers, **body)
            assert (answer.status_code, answer.json()["errorKey"]) == (401, "unauthorized"), (method, path)


# Shorten and delete: the very next question


@pytest.mark.parametrize("how", ["delete", "shorten", "erase"])
def test_the_next_question_fails(town: Town, how: str) -> None:
    """Single and bulk, plus and plain, for every asker who has just been answered; nothing remembers a code."""
    code, other, bearer = town.issue(), town.issue(town.father), town.bearer()
    both = [{"hes_code": code.text}, {"hes_code": other.text}]
    for operation in ("C3", "C5"):
        assert town.ask(operation, {"hes_code": code.text}).status_code == 200
    assert set(town.ask("C4", both).json()["success_map"]) == {code.text, other.text}
    if how == "delete":
        town.client.delete(f"/_lab/codes/{code.text}")
    elif how == "shorten":
        town.ministry.codes.shorten(code, MONDAY.replace(hour=6))
        town.advance(hours=1)
    else:
        lodge(town, "erasure", bearer)
        town.advance(days=10)
        other = town.issue(town.father)
        both[1] = {"hes_code": other.text}
    key = "hescodehasbeenexpired" if how == "shorten" else "hescodenotfound"
    for operation in ("C3", "C5"):
        answer = town.ask(operation, {"hes_code": code.text})
        assert (answer.status_code, answer.json()["errorKey"]) == (400, key)
    for operation in ("C4", "C6"):
        maps = town.ask(operation, both).json()
        assert maps["unsuccess_map"] == {code.text: key}
        assert set(maps["success_map"]) == {other.text}


# Applications


def test_an_application_is_answered_in_time(town: Town) -> None:
    """After the set days, by the world's clock, with a text message; another of the kind waits for the answer."""
    bearer = town.bearer()
    made = lodge(town, "information", bearer, text="Hangi verilerim var?")
    assert made.status_code == 201
    assert made.json() == {
        "number": 1,
        "reference": "KVKK-2021-000001",
        "right": "information",
        "text": "Hangi verilerim var?",
        "for_child": False,
        "state": "received",
        "lodged": "2021-10-04T05:00:00.000Z",
        "answer_by": "2021-11-03T05:00:00.000Z",
        "answered": None,
        "answer": None,
    }
    again = lodge(town, "information", bearer)
    assert (again.status_code, again.json()["errorKey"]) == (400, "kvkkrequestrefused")
    assert lodge(town, "recipients", bearer).status_code == 201
    town.advance(days=9, hours=23)
    assert town.client.get(f"{KVKK}requests/1", headers=bearer).json()["state"] == "received"
    town.advance(hours=1)
    done = town.client.get(f"{KVKK}requests/1", params={"lang": "en"}, headers=bearer).json()
    assert (done["state"], done["answered"]) == ("granted", "2021-10-14T05:00:00.000Z")
    assert done["answer"].startswith(
        "Held about you: Identity, contact, province, passport, whether somebody has a blue card (1); "
    )
    (newest, *_) = town.ministry.sms.received(town.mother.phone)[::-1]
    assert newest.text == "KVKK-2021-000002 sayılı KVKK başvurunuz cevaplanmıştır. (SANDBOX)"
    assert [one["number"] for one in town.client.get(f"{KVKK}requests", headers=bearer).json()] == [2, 1]
    assert lodge(town, "information", bearer).json()["number"] == 3


@pytest.mark.parametrize(
    ("right", "state"), [("correction", "refused"), ("objection", "refused"), ("recipients", "granted")]
)
def test_what_is_answered(town: Town, right: str, state: str) -> None:
    """In both languages; a refusal says where to go."""
    bearer = town.bearer()
    lodge(town, right, bearer)
    town.advance(days=10)
    turkish, english = (
        town.client.get(f"{KVKK}requests/1", params={"lang": lang}, headers=bearer).json() for lang in ("tr", "en")
    )
    assert turkish["state"] == english["state"] == state
    assert turkish["answer"] != english["answer"]
    if state == "refused":
        assert "başvurunuz" in turkish["answer"]


def test_applications_are_ones_own(town: Town) -> None:
    """Nobody reads another's, and it looks as if it were not there."""
    lodge(town, "erasure", town.bearer())
    answer = town.client.get(f"{KVKK}requests/1", headers=town.bearer(town.father))
    assert (answer.status_code, answer.json()["errorKey"]) == (404, "kvkkrequestnotfound")
    assert town.client.get(f"{KVKK}requests", headers=town.bearer(town.father)).json() == []


def test_erasure(town: Town) -> None:
    """Codes, account, invitations and texts go; who asked and reports stay their time; others lose nothing."""
    bearer, mother = town.bearer(), town.mother.citizen_id
    code, others = town.issue(), town.issue(town.father)
    town.ask("C3", {"hes_code": code.text})
    before = town.ministry.risk_index.history(mother)
    lodge(town, "erasure", bearer)
    town.advance(days=10)
    assert town.client.get(ACCOUNT, headers=bearer).status_code == 401
    assert town.ministry.codes.of(mother) == []
    assert [one.text for one in town.ministry.codes.of(town.father.citizen_id)] == [others.text]
    assert [one.text for one in town.ministry.sms.received(town.mother.phone)] == [
        "KVKK-2021-000001 sayılı KVKK başvurunuz cevaplanmıştır. (SANDBOX)"
    ]
    assert [row.code for row in town.ministry.queries.about(mother)] == [code.text]
    assert town.ministry.risk_index.history(mother) == before
    again = town.bearer()
    assert town.client.get(f"{KVKK}requests/1", headers=again).json()["state"] == "granted"
    record = {line.what: line.rows for line in town.ministry.kvkk.erasures()}
    assert record["code"] == 1
    assert record["app_user"] >= 1
    assert town.issue().text != code.text


def test_erasure_beyond_the_application(town: Town) -> None:
    """Texts to 2023, e-Devlet's sessions and chosen password, codes in institutions' groups; others' stay."""
    ministry, mother, father = town.ministry, town.mother, town.father
    for one in (mother, father):
        text = f"HES {one.identity.digits} {one.id_card.last_four} 30"
        ministry.sms.from_handset(one.phone, "2023", text)
    (code,), (others,) = (ministry.codes.of(one.citizen_id) for one in (mother, father))
    minted = ministry.edevlet.password(mother.citizen_id)
    token = ministry.edevlet.sign_in(mother.citizen_id, minted)
    ministry.edevlet.change_password(ministry.edevlet.session(token), minted, "çok gizli bir şifre")
    ministry.edevlet.ask(ministry.edevlet.session(token), code.text)
    group = ministry.groups.make(MakeGroup(institution_id=1, name="Çalışanlar"))
    ministry.groups.add(group, [code.text, others.text])
    problems = [Outcome(one.text, Kind.RISKY, "********472", 1) for one in (code, others)]
    ministry.groups.record(RecordRun(group_id=group.group_id, asked_by=father.citizen_id, outcomes=problems))
    lodge(town, "erasure", town.bearer())
    town.advance(days=10)
    assert (ministry.short_number.of(mother.phone), len(ministry.short_number.of(father.phone))) == ([], 1)
    assert ministry.edevlet.password(mother.citizen_id) == minted
    with pytest.raises(NoSession):
        ministry.edevlet.session(token)
    assert ministry.edevlet.sign_in(mother.citizen_id, minted) != token
    assert ministry.groups.codes(group) == [others.text]
    assert [row.code for row in ministry.groups.problems(group)] == [others.text]
    value = ministry.world.database.value
    assert value("SELECT count(*) FROM edevlet_inquiry") == 0


def test_erasure_of_a_registration() -> None:
    """Who had registered registers anew."""
    town = Town(replace(QUICK, app_registration=True))
    citizen = town.mother.citizen_id
    bearer = town.bearer()
    order = Register(citizen_id=citizen, fits=True, consented=True, text_version=2.0)
    town.ministry.signin.register(order)
    assert town.ministry.signin.is_registered(citizen)
    lodge(town, "information", bearer)
    lodge(town, "erasure", bearer)
    town.advance(days=10)
    told = town.client.get(f"{KVKK}requests/1", params={"lang": "en"}, headers=town.bearer()).json()["answer"]
    assert "Registration in the application, the text consented to (1)" in told
    assert not town.ministry.signin.is_registered(citizen)
    town.close()


def test_no_erasure_while_isolated(town: Town) -> None:
    """The purpose has not ended; the answer names the day, and after it erasure is granted."""
    town.client.post(
        "/_lab/reports",
        json=[{"kind": "pcr", "citizen_id": town.mother.citizen_id, "at": "2021-10-04T04:00:00Z", "positive": True}],
    )
    code, bearer = town.issue(days=90), town.bearer()
    lodge(town, "erasure", bearer)
    town.advance(days=10)
    refused = town.client.get(f"{KVKK}requests/1", headers=bearer).json()
    assert refused["state"] == "refused"
    assert refused["answer"].startswith("İzolasyonunuz 19.10.2021 tarihinde sona ermeden")
    assert town.ministry.codes.of(town.mother.citizen_id) == [code]
    town.advance(days=5)
    lodge(town, "erasure", bearer)
    town.advance(days=10)
    assert town.ministry.codes.of(town.mother.citizen_id) == []


def test_erasure_for_a_child(town: Town) -> None:
    """A parent applies; the child's codes go, the parent's stay."""
    of_child, own, bearer = town.issue(town.child, days=90), town.issue(days=90), town.bearer()
    made = lodge(town, "erasure", bearer, child_tckn=town.child.identity.digits).json()
    assert made["for_child"] is True
    town.advance(days=10)
    assert town.ministry.codes.of(town.child.citizen_id) == []
    assert [code.text for code in town.ministry.codes.of(town.mother.citizen_id)] == [own.text]
    assert town.ask("C3", {"hes_code": of_child.text}).json()["errorKey"] == "hescodenotfound"
