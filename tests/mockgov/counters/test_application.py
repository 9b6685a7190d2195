"""The application counter: what people see and machines get, who may look, and what is refused."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.counters.application import form as reading
from mockgov.counters.application.access import follow_up_key
from mockgov.counters.application.form import ADVICE, Texts, read_form, values_of
from mockgov.counters.application.road import NAMES, NEXT, ROAD, steps
from mockgov.onboarding.eligibility import LEAST_STAFF
from mockgov.onboarding.rules import TRANSITIONS, Entry, State
from mockgov.signature.messages import IssueCertificate
from mockgov.signature.rules import BROKEN
from mockgov.vocabulary import email_address, kep_address, phone, tckn, vkn, ykn
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.tckn import Tckn
from tests.mockgov.counters.office import API, PAGES, Applicant, Office, shown
from tests.strategies import SeededDraw, tckns

STAMP = "SANDBOX — hukuki geçerliliği yoktur"


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.close()


@pytest.fixture(scope="module")
def calm() -> Iterator[Office]:
    """For tests that leave nothing behind."""
    made = Office()
    yield made
    made.close()


# Pages


@pytest.mark.parametrize("path", [PAGES, f"{PAGES}/basvuru", f"{PAGES}/basvuru?example=1", f"{PAGES}/izle?number=x"])
@pytest.mark.parametrize("lang", ["tr", "en"])
def test_every_page_says_what_it_is_and_fetches_nothing(calm: Office, path: str, lang: str) -> None:
    """Stamped, in the language that was asked for, without script, and closed to what comes from elsewhere."""
    answer = calm.client.get(path, params={"lang": lang})
    assert STAMP in shown(answer)
    assert f'<html lang="{lang}">' in answer.text
    assert not re.search(r"<script| style=| on\w+=|src=|href=\"http|url\(|\{\{|\{%", answer.text)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    assert answer.headers["cache-control"] == "no-store"
    other = "en" if lang == "tr" else "tr"
    assert len(re.findall(f'<a href="[^"]+" lang="{other}"', answer.text)) == 1


def test_the_first_page_tells_every_kind_where_it_goes(calm: Office) -> None:
    """From the rules of eligibility: five classes may apply, two of them with 500; the others are sent on."""
    page = shown(calm.client.get(PAGES))
    assert page.count("Başvurabilir") == len(LEAST_STAFF) == 5
    assert page.count("en az 500 çalışanla") == 2
    assert "okullar ayrıca entegrasyon yapmaz" in page
    assert "Bağlı olduğunuz bakanlığın merkez teşkilatına başvurun" in page
    english = shown(calm.client.get(f"{PAGES}?lang=en"))
    assert english.count("May apply") == 5
    assert "Ask the central organisation of your ministry" in english


def test_a_form_that_was_filled_in_is_drawn_and_followed_by_its_key(office: Office) -> None:
    """The way of a person: fill in, be sent to the application's own page, sign there, see that it is in."""
    answer = office.client.post(f"{PAGES}/basvuru", data=office.fields())
    assert answer.status_code == 303
    number, key = re.fullmatch(
        rf"{PAGES}/basvuru/(ETF-2021-000001)\?key=([0-9a-f]{{32}})&fresh=1", answer.headers["location"]
    ).groups()
    page = office.client.get(answer.headers["location"])
    assert 'data-state="drawn"' in page.text
    assert key in shown(page)
    applicant = Applicant(office, {"number": number, "key": key})
    assert applicant.sign().headers["location"] == f"{PAGES}/basvuru/{number}?key={key}"
    assert applicant.application.state is State.SUBMITTED
    assert applicant.application.form.institution_name == "Çınar Lojistik A.Ş."
    assert 'data-state="submitted"' in office.client.get(applicant.page + applicant.query).text


def test_mistakes_stand_beside_their_fields_and_what_was_typed_stays(office: Office) -> None:
    """All at once, in the language of the page, tied to the fields for a screen reader; nothing is drawn."""
    fields = office.fields(vkn="123", email="x@y", declared_staff="viele", purpose="", institution_name="<b>Çınar</b>")
    answer = office.client.post(f"{PAGES}/basvuru", data=fields)
    assert answer.status_code == 400
    page = shown(answer)
    for words in (
        "Vergi kimlik numarasını on rakam olarak yazın.",
        "E-posta adresinin @ işaretinden sonraki bölümünü kontrol edin",
        "0 ile 10000000 arasında bir sayı yazın.",
        "HES kodlarının neden sorgulanacağını yazın.",
    ):
        assert page.count(words) == 2, words
    assert 'value="123"' in answer.text
    assert "&lt;b&gt;Çınar&lt;/b&gt;" in answer.text
    assert "<b>" not in answer.text
    assert re.search(r'<input id="vkn"[^>]* aria-describedby="vkn-hint vkn-wrong" aria-invalid="true"', answer.text)
    assert 'role="alert" aria-live="assertive"' in answer.text
    assert office.ministry.onboarding.applications() == []
    english = office.client.post(f"{PAGES}/basvuru?lang=en", data=fields)
    assert "Type the tax number as ten digits and nothing else." in shown(english)


def test_numbers_of_nobody_are_refused_and_not_sent_back(office: Office) -> None:
    """They may be a real person's: they are neither repeated nor kept."""
    nobody = Tckn.mint(SeededDraw(5)).digits
    fields = office.fields(identity_number=nobody, phone="+905991234567")
    answer = office.client.post(f"{PAGES}/basvuru", data=fields)
    assert answer.status_code == 400
    assert "form.person-unknown" in shown(answer)
    assert nobody not in answer.text
    assert "5991234567" not in answer.text
    assert office.ministry.onboarding.applications() == []


def test_rules_are_named_with_their_source_in_both_languages(office: Office) -> None:
    """A form about somebody under another name is refused; rule and source stand on the page."""
    fields = office.fields(firstname="Ali")
    turkish = shown(office.client.post(f"{PAGES}/basvuru", data=fields))
    assert "nüfus kaydındakiyle aynı değil" in turkish
    assert "form.person-name · HES Kurumsal Entegrasyon, sürüm 1.2, adım 1" in turkish
    english = shown(office.client.post(f"{PAGES}/basvuru?lang=en", data=fields))
    assert "is not the one in the population register" in english


def test_another_branch_is_asked_for_without_script(office: Office) -> None:
    """The button sends the form for one more row; what was typed is still there; branches are read into the form."""
    fields = office.fields(branch_name_0="Gebze", branch_vkn_0=office.institution.vkn.digits, branch_staff_0="1.250")
    more = office.client.post(f"{PAGES}/basvuru", data=fields | {"more": "1"})
    assert more.status_code == 200
    assert 'name="branch_name_1"' in more.text
    assert 'value="Gebze"' in more.text
    assert office.client.post(f"{PAGES}/basvuru", data=fields | {"branches": "2"}).status_code == 303
    (branch,) = office.ministry.onboarding.application(1).form.branches
    assert (branch.name, branch.staff) == ("Gebze", 1250)


def test_a_form_is_written_anew(office: Office) -> None:
    """Before it is signed, from its own page, with the old words to start from; the PDF changes."""
    applicant = office.draw()
    before = applicant.get("/form.pdf").content
    page = office.client.get(f"{applicant.page}/duzelt{applicant.query}")
    assert 'value="Çınar Lojistik A.Ş."' in page.text
    answer = office.client.post(f"{applicant.page}/duzelt{applicant.query}", data=office.fields(title="Genel Müdür"))
    assert answer.headers["location"] == f"{applicant.page}{applicant.query}"
    assert applicant.application.form.person.title == "Genel Müdür"
    assert applicant.get("/form.pdf").content != before


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_certificates_are_refused_by_name(office: Office, broken: str) -> None:
    """The page says which rule was broken; the application stays where it was, and a good one still goes in."""
    applicant = office.draw()
    answer = applicant.sign(broken)
    assert answer.status_code == 400
    rule = "form.signer" if broken == "wrong-tckn" else "form.signature"
    assert rule in shown(answer)
    assert applicant.application.state is State.DRAWN
    assert applicant.sign().status_code == 303


def test_an_upload_is_taken_in_any_of_the_three_forms(office: Office) -> None:
    """PAdES, CAdES beside the PDF and CAdES around it; something else is refused on the page."""
    for nth, form in enumerate(("pades", "cades-detached", "cades-enveloping")):
        applicant = office.draw(office.found(f"Kurum {nth}", InstitutionKind.WORKPLACE, 600))
        signed = signed_by_hand(office, applicant, form)
        fields = {"form_token": office.token(applicant.page + applicant.query)}
        sent = {"files": {"signed": ("form", b"nothing at all", "application/pdf")}, "data": fields}
        refused = office.client.post(f"{applicant.page}/imzali-form{applicant.query}", **sent)
        assert refused.status_code == 400
        assert "form.signature" in shown(refused)
        sent["files"] = {"signed": ("form", signed, "application/pdf")}
        answer = office.client.post(f"{applicant.page}/imzali-form{applicant.query}", **sent)
        assert answer.status_code == 303, shown(answer)
        assert applicant.application.submission.form == form


def test_a_letter_is_put_into_the_post(office: Office) -> None:
    """The sample says what step 2 asks for, and arrives three working days later."""
    applicant = office.draw()
    applicant.sign()
    page = office.client.get(applicant.page + applicant.query)
    sample = re.findall(r"<textarea[^>]*>(.*?)</textarea>", page.text, re.DOTALL)[0]
    fields = {"form_token": office.token(applicant.page + applicant.query), "reference": "1", "letter": sample}
    path = f"{applicant.page}/islak-imzali-yazi{applicant.query}"
    assert office.client.post(path, data=fields | {"letter": " "}).status_code == 400
    answer = office.client.post(path, data=fields)
    assert answer.status_code == 303
    assert "Yazınız postada" in shown(office.client.get(answer.headers["location"]))
    office.advance(days=7)
    assert applicant.application.letter is not None
    assert applicant.application.letter.findings == ()


def test_an_example_is_about_who_may_apply(office: Office) -> None:
    """Somebody of this world, for an institution without application; where none is left, the page says so."""
    page = f"{PAGES}/basvuru?example=1"
    first = office.client.get(page)
    assert f'value="{office.institution.vkn}"' in first.text
    assert f'value="{office.person.identity.digits}"' in first.text
    shown_fields = dict(re.findall(r'<input id="(\w+)" name="\w+" type="text" value="([^"]*)"', first.text))
    assert shown_fields["declared_staff"] == "640"
    office.draw()
    second = office.client.get(page)
    assert "başvurabilecek kurum kalmadı" in shown(second)
    assert f'value="{office.small.vkn}"' not in second.text


def test_the_links_to_the_inboxes_lead_somewhere(office: Office) -> None:
    """To what the ministry sent to this applicant."""
    applicant = office.draw()
    page = office.client.get(applicant.page + applicant.query).text
    links = [unescape(link) for link in re.findall(r'href="(/_lab/[^"]+)"', page)]
    assert [link.partition("?")[0] for link in links] == ["/_lab/mail", "/_lab/sms", "/_lab/kep/letters"]
    for link in links:
        assert office.client.get(link).status_code == 200, link


def test_the_other_language_is_a_page_even_after_a_form_was_sent(office: Office) -> None:
    """The link leads to what can be read, not to the address that the form was sent to."""
    applicant = office.draw()
    token = office.token(applicant.page + applicant.query)
    answers = {
        f"{PAGES}/basvuru": office.client.post(f"{PAGES}/basvuru", data=office.fields(vkn="")),
        applicant.page: applicant.sign("expired"),
        f"{applicant.page}/duzelt": office.client.post(
            f"{applicant.page}/duzelt{applicant.query}", data={"form_token": token}
        ),
        PAGES: office.client.post(f"{PAGES}/basvuru", data={}),
    }
    for path, answer in answers.items():
        link = unescape(re.findall(r'<a href="([^"]+)" lang="en"', answer.text)[0])
        assert link.partition("?")[0] == path
        page = office.client.get(link)
        assert (page.status_code, '<html lang="en">' in page.text) == (200, True)


# Who may look


def test_a_key_opens_its_own_application_only(office: Office) -> None:
    """Nobody reads, downloads, signs or rewrites another's; whether a number exists is not told."""
    mine, other = office.draw(), office.draw(office.small)
    assert mine.opened["key"] != other.opened["key"]
    answers = [
        office.client.get(f"{other.page}{query}")
        for query in (mine.query, "", "?key=", "?key=%ff", f"?key={other.opened['key'].upper()}x")
    ]
    answers += [
        office.client.get(f"{PAGES}/basvuru/{number}{mine.query}")
        for number in ("ETF-2021-000009", "1", "ETF-2020-000001", "%00")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({shown(answer) for answer in answers}) == 1
    assert office.client.get(f"{other.page}/form.pdf{mine.query}").status_code == 404
    assert office.client.post(f"{other.page}/deneme-imzasi{mine.query}").status_code == 404
    headers = mine.headers
    for number, sent in ((other.number, headers), (mine.number, {}), ("ETF-2021-000009", headers)):
        problem = office.client.get(f"{API}/{number}", headers=sent)
        assert (problem.status_code, problem.json()["errorKey"]) == (401, "badapplicationkey")
        assert office.client.put(f"{API}/{number}/signed-form", headers=sent, content=b"x").status_code == 401


def test_number_and_key_lead_back(office: Office) -> None:
    applicant = office.draw()
    query = {"number": f" {applicant.number.lower()} ", "key": applicant.opened["key"]}
    found = office.client.get(f"{PAGES}/izle", params=query)
    assert found.headers["location"] == f"{applicant.page}{applicant.query}"
    lost = office.client.get(f"{PAGES}/izle", params=query | {"key": "0" * 32})
    assert lost.status_code == 404
    assert "başvuru açılamadı" in shown(lost)


@pytest.mark.parametrize("path", ["/basvuru", "/basvuru/{number}/deneme-imzasi", "/basvuru/{number}/islak-imzali-yazi"])
def test_forms_of_other_sites_are_refused(office: Office, path: str) -> None:
    """Without this world's token, or posted from elsewhere with it."""
    applicant = office.draw()
    address = PAGES + path.format(number=applicant.number) + applicant.query
    fields = office.fields()
    foreign = {"origin": "http://evil.example"}
    answers = [office.client.post(address, data=fields | {"form_token": "0" * 32})]
    answers += [office.client.post(address, data=fields, headers=foreign)]
    answers += [office.client.post(address, data=fields, headers={"sec-fetch-site": "cross-site"})]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert "Form bu sayfadan gönderilmemiş" in shown(answers[0])
    assert len(office.ministry.onboarding.applications()) == 1


def test_another_world_keeps_its_own_keys_and_addresses(office: Office) -> None:
    """Links and redirects stay in the world that the path names."""
    office.worlds.make("b")
    page = office.client.get(f"/w/b{PAGES}")
    assert f'href="/w/b{PAGES}/basvuru"' in page.text
    assert not re.search(r'(href|action)="/(?!w/b/)', page.text)
    applicant = office.draw()
    assert office.client.get(f"/w/b{applicant.page}{applicant.query}").status_code == 404


MULTIPART = "multipart/form-data; boundary=x"
HOSTILE = [
    (b"", ""),
    (b"", "multipart/form-data"),
    (b"--x", MULTIPART),
    (b"--x\r\n\r\n\r\n--x--", MULTIPART),
    (b'--x\r\ncontent-disposition: form-data; name="signed"; filename="a"\r\n\r\nx', MULTIPART),
    (b"\x00" * 1000, MULTIPART),
    (b"\xff" * 1000, "multipart/form-data; boundary=\xff"),
    (b"&" * 100_000, "application/x-www-form-urlencoded"),
    (b"form_token=%ff%00&form_token=" + b"a" * 100, "application/x-www-form-urlencoded"),
    (b"{}", "application/json"),
]
"""Bodies that no form of these pages would send, with their content types."""


@pytest.mark.parametrize(("body", "kind"), HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("path", ["basvuru", "imzali-form", "deneme-imzasi", "islak-imzali-yazi", "duzelt"])
def test_bodies_that_are_no_form(calm: Office, path: str, body: bytes, kind: str) -> None:
    """Refused with a page, and nothing changes."""
    known = calm.ministry.onboarding.applications()
    applicant = (
        Applicant(calm, {"number": known[0].number, "key": follow_up_key(calm.ministry, known[0])})
        if known
        else calm.draw()
    )
    before = applicant.application
    address = f"{PAGES}/basvuru" if path == "basvuru" else f"{applicant.page}/{path}{applicant.query}"
    answer = calm.client.post(address, content=body, headers=[(b"content-type", kind.encode("latin-1"))])
    assert answer.status_code in (400, 403), answer.text
    assert STAMP in shown(answer)
    assert applicant.application == before


def test_a_file_over_the_limit_is_refused(office: Office) -> None:
    """With a page for people, with a problem for machines."""
    applicant = office.draw()
    large = b"%PDF-1.7" + b"x" * 2_000_000
    sent = {"files": {"signed": ("form.pdf", large)}, "data": {"form_token": "x"}}
    page = office.client.post(f"{applicant.page}/imzali-form{applicant.query}", **sent)
    assert page.status_code == 413
    assert "Dosya çok büyük" in shown(page)
    problem = office.client.put(f"{API}/{applicant.number}/signed-form", headers=applicant.headers, content=large)
    assert (problem.status_code, problem.json()["errorKey"]) == (413, "payloadtoolarge")


@pytest.mark.parametrize(("text", "number"), [("", "1"), ("x", ""), ("x" * 8001, "1"), ("x", "1" * 201)])
def test_a_letter_without_end_or_words_is_not_posted(office: Office, text: str, number: str) -> None:
    applicant = office.draw()
    applicant.sign()
    fields = {"form_token": office.token(applicant.page + applicant.query), "reference": number, "letter": text}
    answer = office.client.post(f"{applicant.page}/islak-imzali-yazi{applicant.query}", data=fields)
    assert answer.status_code == 400
    assert "Yazının metnini ve sayısını yazın" in shown(answer)


# Machines


def test_a_machine_walks_the_first_two_steps(office: Office) -> None:
    """Draw, fetch the very bytes to be signed, hand in the signed form, post a letter, read where it stands."""
    applicant = office.draw()
    drawn = applicant.get("/form.pdf")
    assert drawn.headers["content-type"] == "application/pdf"
    assert drawn.content == applicant.get("/form.pdf").content
    signed = signed_by_hand(office, applicant, "pades")
    kind = {"content-type": "application/pdf"}
    answer = office.client.put(
        f"{API}/{applicant.number}/signed-form", headers=applicant.headers | kind, content=signed
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert applicant.write().json() == {
        "number": "ETF-2021-000001",
        "state": "submitted",
        "arrives_at": "2021-10-07T05:30:00.000Z",
    }
    office.advance(days=4)
    now = applicant.get().json()
    assert now["state"] == "under-evaluation"
    assert [step["state"] for step in now["history"]] == ["drawn", "submitted", "letter-received", "under-evaluation"]
    assert (now["email"], now["phone"][-2:]) == ("i****@cinar.example", office.person.phone.subscriber[-2:])
    assert office.person.identity.digits not in applicant.get().text


def test_refusals_carry_their_findings(office: Office) -> None:
    """A problem as everywhere, and beside it each rule that was broken, with source and words in two languages."""
    applicant = office.draw()
    answer = office.client.put(
        f"{API}/{applicant.number}/signed-form", headers=applicant.headers, content=b"%PDF-1.4 x"
    )
    assert answer.status_code == 400
    body = answer.json()
    assert body["errorKey"] == "form.signature"
    (found,) = body["findings"]
    assert found["rule"] == "form.signature"
    assert "5070" in found["source"]
    assert (found["tr"][:6], found["en"][:10]) == ("Formun", "The form's")


def test_a_form_that_cannot_be_read_names_every_wrong_field(office: Office) -> None:
    """By its place, never with what stood in it."""
    body = office.body(vkn="1234567891", province=99, declared_staff="600", novelty=1)
    body["person"]["email"] = "nobody"
    body["person"]["identity_number"] = "12345678901"
    answer = office.client.post(API, json=body)
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "constraintviolation")
    for place in ("vkn", "province", "declared_staff", "novelty", "person.email", "person.identity_number"):
        assert f"body.{place}" in answer.json()["detail"]
    assert "12345678901" not in answer.text
    assert "nobody" not in answer.text


def test_the_same_seed_and_actions_give_the_same_bytes() -> None:
    """Numbers, keys, form and signature."""

    def walk() -> list[bytes]:
        office = Office()
        applicant = office.draw()
        signed = signed_by_hand(office, applicant, "pades")
        made = [str(dict(applicant.opened)).encode(), applicant.get("/form.pdf").content, signed]
        office.close()
        return made

    assert walk() == walk()


# What the pages are made from


def test_every_state_has_its_words_and_its_place() -> None:
    """In two languages; what is on the road leads on by the table of transitions."""
    assert set(NAMES) == set(NEXT) == set(State)
    assert all(turkish and english and turkish != english for turkish, english in [*NAMES.values(), *NEXT.values()])
    assert all(after in TRANSITIONS[before] for before, after in pairwise(ROAD))


def test_steps_of_an_application_on_its_way_and_off_it(office: Office) -> None:
    applicant = office.draw(office.small)
    marks = [step.mark for step in steps_of(applicant)]
    assert marks == ["here", *["to-come"] * 8]
    applicant.to_desk()
    assert [step.mark for step in steps_of(applicant)] == ["done", "done", "done", "here", *["to-come"] * 5]
    office.advance(days=14)
    assert applicant.application.state is State.REFUSED
    assert [step.mark for step in steps_of(applicant)] == ["done", "done", "done", "done", "stopped"]
    page = shown(office.client.get(applicant.page + applicant.query))
    assert "eligibility.staff" in page
    assert "12 çalışan sayıldı" in page


def test_a_step_was_taken_when_its_state_was_last_entered(office: Office) -> None:
    """What is noted while a state lasts does not move its date; a state that was left and came again has its newest."""
    monday = datetime(2021, 10, 4, 9, tzinfo=UTC)
    walked = [
        (0, State.DRAWN),
        (1, State.SUBMITTED),
        (2, State.LETTER_RECEIVED),
        (3, State.RETURNED),
        (4, State.SUBMITTED),
        (5, State.SUBMITTED),
        (6, State.LETTER_RECEIVED),
        (8, State.LIVE),
        (14, State.LIVE),
    ]
    history = [
        Entry(application_id=1, moment=monday + timedelta(days=day), state=state, by="ministry", note="x")
        for day, state in walked
    ]
    live = replace(office.draw().application, state=State.LIVE)
    dates = {step.state: step.at.date().isoformat() for step in steps(live, history) if step.at}
    assert dates == {
        State.DRAWN: "2021-10-04",
        State.SUBMITTED: "2021-10-08",
        State.LETTER_RECEIVED: "2021-10-10",
        State.LIVE: "2021-10-12",
    }


def test_the_pages_have_one_form_of_address() -> None:
    """What people are asked to do is said as the findings say it: gönderin, never gönderiniz."""
    application = Path(reading.__file__).parent
    rooms = (application, application.parents[1] / "console", application.parents[1] / "pages")
    files = [file for room in rooms for ending in ("*.py", "*.html") for file in room.glob(ending)]
    assert len(files) > 20
    asked = "aç|bak|bırak|dene|doldur|düzelt|ed|girme|gönder|indir|kullan|paylaşma|sakla|seç|sil|tamamla|tut|yaz|yükle"
    stiff = re.compile(rf"\b(?:{asked})y?[ıiuü]n[ıiuü]z\b")  # a letter of yours, "Yazınız", begins its sentences
    found = {word for file in files for word in stiff.findall(file.read_text(encoding="utf-8"))}
    assert found == set()
    assert stiff.search("yeniden gönderiniz")


def test_every_way_to_mistype_a_word_has_turkish_advice() -> None:
    """Each rule of the words that the form asks for, but those that a form cannot break."""
    rules = set()
    for module in (vkn, tckn, ykn, email_address, kep_address, phone):
        source = Path(module.__file__).read_text(encoding="utf-8")
        rules |= set(re.findall(r'Invalid\w+\(\s*"([a-z.-]+)"', source))
    assert rules - set(ADVICE) == {"tckn.citizen", "ykn.prefix"}  # the first two digits decide which word it is
    assert set(ADVICE) <= rules


@given(
    st.dictionaries(st.sampled_from([*reading.FIELDS, "branch_name_0", "branch_vkn_0", "branch_staff_0"]), st.text())
)
def test_whatever_is_typed_is_a_form_or_is_told_what_is_wrong(fields: dict[str, str]) -> None:
    """Never an exception; every mistake has words in both languages, and belongs to a field."""
    filled = read_form(Texts(fields), 1)
    assert (filled.form is None) == bool(filled.wrong)
    assert all(turkish and english for turkish, english in filled.wrong.values())
    assert set(filled.wrong) <= {*reading.FIELDS, "branch_name_0", "branch_vkn_0", "branch_staff_0"}


@given(tckns())
def test_a_form_shown_again_reads_as_it_was(number: Any) -> None:
    """What the page shows of a form is read as that form."""
    values = Texts(
        vkn="1234567895",
        institution_name="Çınar",
        kind="MINISTRY",
        parent="Bakanlık",
        province="6",
        declared_staff="700",
        kep_address="a@hs02.kep.tr",
        identity_number=number.digits,
        firstname="Işıl",
        lastname="Çağ",
        title="Müdür",
        email="a@b.example",
        phone="+905990000000",
        purpose="Giriş",
        branch_name_0="Gebze",
        branch_vkn_0="1234567895",
        branch_staff_0="10",
    )
    values["vkn"] = values["branch_vkn_0"] = "123456789" + vkn.check_digit("123456789")
    form = read_form(values, 1).form
    assert form is not None
    assert values_of(form) == values


def steps_of(applicant: Applicant) -> Any:
    application = applicant.application
    return steps(application, applicant.office.ministry.onboarding.history(application.application_id))


def signed_by_hand(office: Office, applicant: Applicant, form: str) -> bytes:
    """The form, signed by the person's own software."""
    person = applicant.application.form.person
    order = IssueCertificate(
        identity_number=person.identity_number, firstname=person.firstname, lastname=person.lastname
    )
    serial = office.ministry.signature.issue(order).serial
    drawn = applicant.get("/form.pdf").content
    if form == "pades":
        return office.ministry.signature.sign_pades(serial, drawn)
    return office.ministry.signature.sign_cades(serial, drawn, detached=form == "cades-detached")
