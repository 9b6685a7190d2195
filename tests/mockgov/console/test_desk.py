"""The evaluation desk: what an officer sees of an application, and what comes of a decision."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from mockgov.console.case import waiting_days
from mockgov.onboarding.rules import Entry, State
from mockgov.signature.messages import RevokeCertificate
from mockgov.vocabulary.institution import InstitutionKind
from tests.mockgov.counters.office import DESK, Applicant, Office, shown
from tests.mockgov.road import firm

STAMP = "SANDBOX — hukuki geçerliliği yoktur"


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office(evaluation="desk")
    yield made
    made.close()


def decide(applicant: Applicant, decision: str, **fields: Any) -> Any:
    """Press one of the desk's three buttons."""
    page = f"{DESK}/{applicant.number}"
    token = applicant.office.token(page)
    sent = {"form_token": token, "decision": decision, "officer": "A. Memur"} | fields
    return applicant.office.client.post(f"{page}/evaluate", data=sent)


def rows(answer: Any, table: str) -> list[str]:
    """What the rows of a table say."""
    body = re.search(rf'id="{table}".*?<tbody>(.*?)</tbody>', answer.text, re.DOTALL)[1]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]


def test_an_empty_desk(office: Office) -> None:
    page = office.client.get(DESK)
    assert STAMP in shown(page)
    assert "Burada bekleyen başvuru yok." in shown(page)
    assert "bu masada karar verilene kadar bekler" in shown(page)


def test_who_has_waited_longest_comes_first(office: Office) -> None:
    """Waiting is counted in working days; other states are a choice away."""
    early = office.draw()
    early.to_desk()
    late = office.draw(office.small)
    late.to_desk()
    office.draw(office.found("Yeni Kurum", InstitutionKind.MINISTRY, 10))
    page = office.client.get(DESK)
    assert re.findall(r">(ETF-\d+-\d+)</a>", page.text) == [early.number, late.number]
    assert re.findall(r'data-label="Bekleme \(iş günü\)">(\d+)<', page.text) == ["7", "2"]
    assert re.findall(r">(ETF-\d+-\d+)</a>", office.client.get(f"{DESK}?state=drawn").text) == ["ETF-2021-000003"]
    for state in ("all", "nonsense"):
        assert len(re.findall(r">(ETF-\d+-\d+)</a>", office.client.get(f"{DESK}?state={state}").text)) == 3
    assert "Waiting (working days)" in shown(office.client.get(f"{DESK}?lang=en"))


def test_all_facts_stand_side_by_side(office: Office) -> None:
    """Form, certificate, letter and register; numbers masked; what differs is marked."""
    applicant = office.draw(office.small, declared_staff=700)
    applicant.sign()
    applicant.write(f"{applicant.number} sayılı başvuru: Işıl Çağ yetkilendirilmiştir.")
    office.advance(days=7)
    page = office.client.get(f"{DESK}/{applicant.number}")
    masked = office.person.identity.masked
    assert rows(page, "compared") == [
        "Kurum adı Küçük Bakkal Ltd. Küçük Bakkal Ltd.",
        f"Vergi kimlik numarası {office.small.vkn} {office.small.vkn}",
        "Türü İş yeri İş yeri",
        "Hesaba katılan çalışan (uyuşmuyor) 700 12",
        "İl Eskişehir Eskişehir",
        "Yetkili kişi IŞIL ÇAĞ IŞIL ÇAĞ uygun IŞIL ÇAĞ",
        f"Kimlik numarası (uyuşmuyor) {masked} {masked} yok {masked}",
        "Yetki beyan edildi uygun",
        "Gönderen cinar@hs01.kep.tr Çınar Lojistik A.Ş.",
    ]
    assert "letter.person-number" in shown(page)
    assert office.person.identity.digits not in page.text
    assert 'id="verdict"><span class="tag good">' in page.text
    signed = office.client.get(f"{DESK}/{applicant.number}/form.pdf")
    assert signed.content == office.ministry.onboarding.signed_form(1)


def test_the_signature_is_judged_at_the_moment_of_looking(office: Office) -> None:
    """A certificate that was revoked before it signed is told; what the rules find says so, too."""
    applicant = office.draw()
    applicant.to_desk()
    serial = applicant.application.submission.certificate
    office.ministry.signature.revoke(RevokeCertificate(serial=serial))
    page = office.client.get(f"{DESK}/{applicant.number}")
    verdict = office.ministry.signature.verify_pades(office.ministry.onboarding.signed_form(1))
    assert ("tag good" in page.text.partition('id="verdict">')[2][:40]) == verdict.counts
    assert "iptal" in shown(page)


def test_an_officer_approves(office: Office) -> None:
    applicant = office.draw()
    applicant.to_desk()
    answer = decide(applicant, "approve")
    assert answer.headers["location"] == f"{DESK}/{applicant.number}"
    page = office.client.get(f"{DESK}/{applicant.number}")
    assert re.search(r'data-state="(approved-for-test|testing)"', page.text)
    assert any("Test ortamı için onaylandı A. Memur" in row for row in rows(page, "history"))
    assert "ÇINAR-LOJISTIK-A-Ş-TEST" in shown(page) or "-TEST" in shown(page)


def test_an_officer_returns_with_reasons(office: Office) -> None:
    """Rules that were ticked and words of their own; the applicant reads both. Without a reason nothing happens."""
    applicant = office.draw()
    applicant.to_desk()
    refused = decide(applicant, "return", own="  \n ")
    assert refused.status_code == 400
    assert applicant.application.state is State.UNDER_EVALUATION
    assert decide(applicant, "return", own="Unvan eksik.\nAdres eksik.").status_code == 303
    assert applicant.application.state is State.RETURNED
    page = shown(office.client.get(applicant.page + applicant.query))
    assert "Unvan eksik." in page
    assert "Adres eksik." in page


@pytest.mark.parametrize("own", ["x\n" * 51, "x" * 4001])
def test_reasons_have_an_end(office: Office, own: str) -> None:
    applicant = office.draw()
    applicant.to_desk()
    answer = decide(applicant, "return", own=own)
    assert answer.status_code == 400
    assert "4.000 karakteri geçemez" in shown(answer)
    assert applicant.application.state is State.UNDER_EVALUATION


def test_an_officer_refuses_by_the_rules_that_were_found(office: Office) -> None:
    applicant = office.draw(office.small)
    applicant.to_desk()
    stopped = decide(applicant, "approve")
    assert stopped.status_code == 400
    assert "eligibility.staff" in shown(stopped)
    assert decide(applicant, "refuse", reason=["eligibility.staff"]).status_code == 303
    assert applicant.application.state is State.REFUSED
    assert [one.rule for one in applicant.application.findings] == ["eligibility.staff"]
    again = decide_late(applicant)
    assert again.status_code == 400
    assert "Karar verilemedi" in shown(again)


def decide_late(applicant: Applicant) -> Any:
    """A decision from a page that was loaded before another was taken."""
    token = applicant.office.token(DESK)
    sent = {"form_token": token, "decision": "approve"}
    return applicant.office.client.post(f"{DESK}/{applicant.number}/evaluate", data=sent)


@pytest.mark.parametrize("decision", ["", "APPROVE", "promote"])
def test_a_decision_that_there_is_not(office: Office, decision: str) -> None:
    applicant = office.draw()
    applicant.to_desk()
    assert decide(applicant, decision).status_code == 400
    assert applicant.application.state is State.UNDER_EVALUATION


def test_a_false_declaration_ends_access(office: Office) -> None:
    """With words; without them nothing happens."""
    applicant = office.draw()
    applicant.to_desk()
    decide(applicant, "approve")
    page = f"{DESK}/{applicant.number}"
    fields = {"form_token": office.token(page), "statement": " "}
    assert office.client.post(f"{page}/declare-false", data=fields).status_code == 400
    assert applicant.application.state is not State.REVOKED
    assert (
        office.client.post(f"{page}/declare-false", data=fields | {"statement": "Çalışan sayısı."}).status_code == 303
    )
    assert applicant.application.state is State.REVOKED
    assert "Çalışan sayısı." in shown(office.client.get(applicant.page + applicant.query))


def test_an_audit_finds_who_declared_too_much(office: Office) -> None:
    """The form said 700, the register says 12: approved by what was declared, revoked when somebody looks."""
    good, bad = office.draw(), office.draw(office.small, declared_staff=700)
    for applicant in (good, bad):
        applicant.to_desk()
        assert decide(applicant, "approve").status_code == 303
    fields = {"form_token": office.token(DESK)}
    answer = office.client.post(f"{DESK}/audit", data=fields)
    assert "uyuşmayan 1 beyan bulundu" in shown(office.client.get(answer.headers["location"]))
    assert bad.application.state is State.REVOKED
    assert good.application.state is not State.REVOKED
    again = office.client.post(f"{DESK}/audit", data=fields)
    assert "beyanı sicille uyuşuyor" in shown(office.client.get(again.headers["location"]))


@pytest.mark.parametrize("path", ["/evaluate", "/declare-false", "/audit"])
def test_forms_of_other_sites_are_refused(office: Office, path: str) -> None:
    """With a foreign token, or posted from elsewhere with the right one."""
    applicant = office.draw()
    applicant.to_desk()
    address = f"{DESK}/audit" if path == "/audit" else f"{DESK}/{applicant.number}{path}"
    fields = {"form_token": office.token(DESK), "decision": "refuse", "own": "x", "statement": "x"}
    assert office.client.post(address, data=fields, headers={"origin": "http://evil.example"}).status_code == 403
    assert office.client.post(address, data=fields | {"form_token": ""}).status_code == 403
    assert applicant.application.state is State.UNDER_EVALUATION


@pytest.mark.parametrize("number", ["ETF-2021-000009", "1", "%00", "x" * 3000])
def test_an_application_that_there_is_not(office: Office, number: str) -> None:
    answer = office.client.get(f"{DESK}/{number}")
    assert answer.status_code == 404
    assert STAMP in shown(answer)


def test_an_officer_reads_the_letter(office: Office) -> None:
    """Subject, text and the names of what is attached, if it came as registered mail; identity numbers are masked."""
    applicant = firm(office.ministry)
    applicant.to_letter()
    page = office.client.get(f"{DESK}/{applicant.application.number}")
    letter = re.search(r'<details class="letter" id="letter">(.*?)</details>', page.text, re.DOTALL)[1]
    number = applicant.citizen.identity.digits
    assert "<summary>Başvuru</summary>" in letter
    assert f"********{number[-3:]}" in letter
    assert "GENEL MÜDÜR" in letter
    assert '<ul class="plain" id="letter-files"><li>form.pdf</li></ul>' in letter
    assert number not in page.text


def test_a_letter_on_paper_is_not_read_here(office: Office) -> None:
    """Its words are not kept."""
    applicant = office.draw()
    applicant.to_desk()
    assert 'id="letter"' not in office.client.get(f"{DESK}/{applicant.number}").text


def test_whose_road_has_ended_waits_no_more(office: Office) -> None:
    """Neither in the list nor on its own page; who is still on the way does."""
    refused, waiting = office.draw(office.small), office.draw()
    refused.to_desk()
    decide(refused, "refuse", own="Koşul yok.")
    office.advance(days=30)
    page = office.client.get(f"{DESK}?state=all").text
    cells = re.findall(r'<td class="number"[^>]*>(\d*)</td>', page)
    assert len(cells) == 2
    assert sorted(map(bool, cells)) == [False, True]
    assert "iş günüdür" not in shown(office.client.get(f"{DESK}/{refused.number}"))
    assert "iş günüdür" in shown(office.client.get(f"{DESK}/{waiting.number}"))


@pytest.mark.parametrize("state", [State.CONFIRMED, State.REFUSED, State.REVOKED])
def test_finished_applications_have_no_waiting_time(state: State) -> None:
    began = datetime(2021, 10, 27, 9, tzinfo=UTC)
    entry = Entry(application_id=1, moment=began, state=state, by="rules", note="x")
    assert waiting_days([entry], began.replace(month=12)) is None


def test_the_desk_says_what_it_wants(office: Office) -> None:
    """A reason is not called optional where one is owed; the filter's label and its button say two things."""
    applicant = office.draw()
    applicant.to_desk()
    case = office.client.get(f"{DESK}/{applicant.number}")
    assert "isteğe bağlı" not in shown(case)
    assert "İade ve ret için en az bir gerekçe gereklidir; onaylarken boş bırakın." in shown(case)
    assert not re.search(r'<textarea id="own"[^>]* required', case.text)
    desk = office.client.get(DESK).text
    assert '<label for="state">Durum</label>' in desk
    assert desk.count(">Göster<") == 1


def test_waiting_is_counted_from_when_the_state_began() -> None:
    """A note taken in the same state does not start it over; a weekend and a holiday do not count."""
    began = datetime(2021, 10, 27, 9, tzinfo=UTC)  # a Wednesday; the 29th is a holiday
    entry = Entry(application_id=1, moment=began, state=State.SUBMITTED, by="applicant", note="x")
    history = [replace(entry, state=State.DRAWN), entry, replace(entry, moment=began.replace(day=28))]
    assert waiting_days(history, datetime(2021, 11, 1, 9, tzinfo=UTC)) == 2
    assert waiting_days(history, began) == 0
