"""The lab's routes of applications: everything that a test needs to look at one and to move it on."""

from collections.abc import Iterator
from typing import Any

import pytest

from mockgov.onboarding.rules import State
from tests.mockgov.counters.office import Office

LAB = "/_lab/applications"


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(evaluation="desk")
    yield made
    made.close()


def post(office: Office, number: str, path: str, body: object = None, status: int = 200) -> Any:
    answer = office.client.post(f"{LAB}/{number}/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_list_by_state_in_pages(office: Office) -> None:
    """With the key that opens each at the counter."""
    one, two = office.draw(), office.draw(office.small)
    two.sign()
    listed = office.client.get(LAB).json()
    assert listed[0] == {
        "application_id": 1,
        "number": one.number,
        "key": one.opened["key"],
        "institution_id": office.institution.institution_id,
        "institution_name": "Çınar Lojistik A.Ş.",
        "vkn": office.institution.vkn.digits,
        "state": "drawn",
        "due_at": None,
    }
    assert [row["number"] for row in office.client.get(LAB, params={"after": 1}).json()] == [two.number]
    assert [row["number"] for row in office.client.get(LAB, params={"state": "submitted"}).json()] == [two.number]
    assert office.client.get(LAB, params={"state": "lost"}).status_code == 400


def test_one_application_with_nothing_masked(office: Office) -> None:
    applicant = office.draw(office.small)
    applicant.to_desk()
    found = office.client.get(f"{LAB}/{applicant.number.lower()}").json()
    assert found["person"] == {
        "identity_number": office.person.identity.digits,
        "firstname": "IŞIL",
        "lastname": "ÇAĞ",
        "title": "Müdür",
        "email": "isil@cinar.example",
        "phone": office.person.phone.wire,
    }
    assert (found["state"], found["signed"], found["letter"]) == ("under-evaluation", "pades", "wet")
    assert [one["rule"] for one in found["assessed"]] == ["eligibility.staff"]
    assert [one["by"] for one in found["history"]] == ["applicant", "applicant", "applicant", "ministry"]
    assert office.ministry.signature.certificate(found["certificate"]).subject_number == office.person.identity.digits


def test_decisions(office: Office) -> None:
    """An officer's, by the same rules as at the desk."""
    applicant, small = office.draw(), office.draw(office.small)
    for each in (applicant, small):
        each.to_desk()
    refused = post(office, small.number, "evaluate", {"decision": "approve"}, 400)
    assert [one["rule"] for one in refused["findings"]] == ["eligibility.staff"]
    assert post(office, small.number, "evaluate", {"decision": "refuse"}, 400)["errorKey"] == "reasonmissing"
    gone = post(office, small.number, "evaluate", {"decision": "refuse", "reasons": ["eligibility.staff", "Son."]})
    assert [one["en"] for one in gone["findings"]][1].find("Son.") >= 0
    back = post(office, applicant.number, "evaluate", {"decision": "return", "reasons": ["x"], "officer": "A. Memur"})
    assert (back["state"], back["history"][-1]["by"]) == ("returned", "A. Memur")
    again = post(office, applicant.number, "evaluate", {"decision": "approve"}, 400)
    assert again["errorKey"] == "illegaltransition"


def test_access_is_given_sent_again_and_taken(office: Office) -> None:
    applicant = office.draw()
    early = post(office, applicant.number, "resend-test-details", None, 400)
    assert early["errorKey"] == "illegaltransition"
    applicant.to_desk()
    post(office, applicant.number, "evaluate", {"decision": "approve"})
    again = post(office, applicant.number, "resend-test-details")
    assert again["history"][-1]["note"] or again["history"]
    assert post(office, applicant.number, "resend-password", None, 400)["errorKey"] == "illegaltransition"
    assert post(office, applicant.number, "resend-user-name", None, 400)["errorKey"] == "illegaltransition"
    ended = post(office, applicant.number, "declare-false", {"statement": "Çalışan sayısı."})
    assert ended["state"] == "revoked"
    assert applicant.application.state is State.REVOKED


def test_an_audit_names_whose_access_ended(office: Office) -> None:
    bad = office.draw(office.small, declared_staff=700)
    bad.to_desk()
    post(office, bad.number, "evaluate", {"decision": "approve"})
    ended = office.client.post(f"{LAB}/audit").json()
    assert [(one["number"], one["state"]) for one in ended] == [(bad.number, "revoked")]
    assert office.client.post(f"{LAB}/audit").json() == []


@pytest.mark.parametrize("path", ["evaluate", "declare-false", "resend-password"])
def test_an_application_that_there_is_not(office: Office, path: str) -> None:
    body = {"decision": "approve", "reasons": []} if path == "evaluate" else {"statement": "x"}
    for number in ("ETF-2021-000009", "1"):
        answer = post(office, number, path, body, 404)
        assert answer["errorKey"] == "applicationnotfound"
    assert office.client.get(f"{LAB}/ETF-2021-000009").status_code == 404
