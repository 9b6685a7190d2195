"""What did not arrive at the authorised person: it is told, the contact is corrected, and it is sent again."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mockgov.counters.application.access import follow_up_key
from mockgov.counters.application.road import NEXT, onward
from mockgov.onboarding.rules import Delivery, DetailsPart, State
from mockgov.vocabulary.email_address import EmailAddress
from tests.mockgov.counters.office import API, PAGES, Applicant, Office, shown
from tests.mockgov.road import Firm, firm

BOUNCING = EmailAddress.parse("isil+bounce@cinar.example")
GOOD = "isil@cinar.example"


@pytest.fixture
def office() -> Iterator[Office]:
    made = Office()
    yield made
    made.close()


@pytest.fixture
def joining(office: Office) -> Firm:
    return firm(office.ministry)


def applicant(office: Office, walked: Firm) -> Applicant:
    """Who follows the application of an institution on its way."""
    key = follow_up_key(office.ministry, walked.application)
    return Applicant(office, {"number": walked.application.number, "key": key})


def send(who: Applicant, path: str, **fields: str) -> Any:
    """Fill in one of the page's two forms and send it."""
    token = who.office.token(who.page + who.query)
    return who.office.client.post(f"{who.page}/{path}{who.query}", data={"form_token": token} | fields)


def post(who: Applicant, path: str, **body: Any) -> Any:
    return who.office.client.post(f"{API}/{who.number}/{path}", headers=who.headers, json=body)


def test_a_mail_that_came_back_is_put_right_on_the_page(office: Office, joining: Firm) -> None:
    """The page says what did not arrive and where it went, takes another address and sends again: testing begins."""
    who = applicant(office, joining.to_test(email=BOUNCING))
    page = office.client.get(who.page + who.query)
    assert "i****@cinar.example adresine ulaşmadı" in shown(page)
    assert "gönderiliyor" not in shown(page)
    assert 'data-delivery="failed"' in page.text
    assert '<details id="correct" open>' in page.text
    number = joining.citizen.identity.digits
    corrected = send(who, "iletisim", identity_number=number, email=GOOD, phone="")
    assert corrected.headers["location"] == f"{who.page}{who.query}&corrected=1"
    assert "İletişim bilgileri düzeltildi" in shown(office.client.get(corrected.headers["location"]))
    again = send(who, "yeniden-gonder", part="test")
    assert again.headers["location"] == f"{who.page}{who.query}&resent=1"
    page = office.client.get(again.headers["location"])
    assert 'data-state="testing"' in page.text
    assert 'id="became-test" data-delivery="delivered"' in page.text
    assert '<details id="correct">' in page.text
    assert len(office.ministry.mail.inbox(EmailAddress.parse(GOOD))) == 1


def test_a_machine_puts_it_right(office: Office, joining: Firm) -> None:
    who = applicant(office, joining.to_test(email=BOUNCING))
    before = who.get().json()
    assert (before["state"], before["test_details"]) == ("approved-for-test", "failed")
    assert (before["user_name"], before["password"]) == ("not-sent", "not-sent")
    assert before["next_en"].startswith("The details of the test environment did not arrive: the mail to i****@")
    corrected = post(who, "contact", identity_number=joining.citizen.identity.digits, email=GOOD)
    assert (corrected.status_code, corrected.json()["test_details"]) == (200, "failed")
    sent = post(who, "resend", part="test")
    assert (sent.status_code, sent.json()["state"], sent.json()["test_details"]) == (200, "testing", "delivered")
    assert sent.json()["next_en"] == NEXT[State.TESTING][1]


@pytest.mark.parametrize(
    ("part", "field"), [(DetailsPart.USER_NAME, "user_name"), (DetailsPart.PASSWORD, "password")], ids=str
)
def test_live_details_are_sent_again(office: Office, joining: Firm, part: DetailsPart, field: str) -> None:
    """Each half on its own; the page says which one is missing."""
    who = applicant(office, joining.to_live())
    assert (who.get().json()["user_name"], who.get().json()["password"]) == ("delivered", "delivered")
    office.ministry.onboarding.live_details_failed(joining.application_id, part, "lost")
    failed = who.get().json()
    assert failed[field] == "failed"
    assert "did not arrive" in failed["next_en"]
    page = office.client.get(who.page + who.query).text
    assert f'id="became-{part.value}" data-delivery="failed"' in page
    assert page.count('data-delivery="delivered"') == 1
    answer = send(who, "yeniden-gonder", part=part.value)
    assert answer.status_code == 303
    office.advance(days=1)
    assert who.get().json()[field] == "delivered"
    assert who.get().json()["next_en"] in (NEXT[State.LIVE][1], NEXT[State.CONFIRMED][1])


def test_refusals_of_the_contact(office: Office, joining: Firm) -> None:
    """Another person, nothing new, a phone of nobody, a step too early: told apart, and nothing changes."""
    mine = joining.citizen.identity.digits
    early = office.draw()
    assert post(early, "contact", identity_number=mine, email=GOOD).json()["errorKey"] == "illegaltransition"
    assert post(early, "resend", part="test").json()["errorKey"] == "illegaltransition"
    assert "Size gönderilenler" not in shown(office.client.get(early.page + early.query))
    who = applicant(office, joining.to_test(email=BOUNCING))
    before = who.application
    other = office.person.identity.digits
    refused = {
        "notauthorisedperson": {"identity_number": other, "email": GOOD},
        "contactmissing": {"identity_number": mine, "email": None},
        "form.phone-unknown": {"identity_number": mine, "phone": "+905991234567"},
        "constraintviolation": {"identity_number": mine, "email": "nobody"},
    }
    for key, body in refused.items():
        answer = post(who, "contact", **body)
        assert (answer.status_code, answer.json()["errorKey"]) == (400, key)
        assert mine not in answer.text
    assert post(who, "resend", part="password").json()["errorKey"] == "illegaltransition"
    assert post(who, "resend", part="everything").json()["errorKey"] == "constraintviolation"
    assert who.application == before
    wrong_key = {"X-Application-Key": early.opened["key"]}
    for path, body in (("contact", {"identity_number": mine, "email": GOOD}), ("resend", {"part": "test"})):
        answer = office.client.post(f"{API}/{who.number}/{path}", headers=wrong_key, json=body)
        assert (answer.status_code, answer.json()["errorKey"]) == (401, "badapplicationkey")
    assert who.application == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"identity_number": "", "email": GOOD}, "Yetkili kişinin kimlik numarasını yazın."),
        ({"identity_number": "{mine}"}, "Yeni bir e-posta adresi, yeni bir telefon veya ikisini yazın."),
        ({"identity_number": "{mine}", "email": "x@"}, "@ işaretinden sonraki bölümünü kontrol edin"),
        ({"identity_number": "{mine}", "phone": "+905991234567"}, "form.phone-unknown"),
        ({"identity_number": "{other}", "email": GOOD}, "yalnızca formdaki yetkili kişi düzeltir"),
    ],
)
def test_mistakes_of_the_contact_stand_on_the_page(
    office: Office, joining: Firm, fields: dict[str, str], words: str
) -> None:
    """With the form open and what was typed still in it, but for a number of nobody."""
    who = applicant(office, joining.to_test())
    known = {"mine": joining.citizen.identity.digits, "other": office.person.identity.digits}
    answer = send(who, "iletisim", **{name: text.format_map(known) for name, text in fields.items()})
    assert answer.status_code == 400
    assert words in shown(answer)
    assert '<details id="correct" open>' in answer.text
    assert "5991234567" not in answer.text
    assert who.application.email == joining.email


def test_what_there_is_not_is_not_sent(office: Office, joining: Firm) -> None:
    who = applicant(office, joining.to_test())
    for part in ("", "everything"):
        answer = send(who, "yeniden-gonder", part=part)
        assert answer.status_code == 400
        assert "Yeniden gönderilecek bilgiyi seçin." in shown(answer)


@pytest.mark.parametrize("path", ["iletisim", "yeniden-gonder"])
def test_forms_of_other_sites_are_refused(office: Office, joining: Firm, path: str) -> None:
    """And so are those of who has not the key."""
    who = applicant(office, joining.to_test(email=BOUNCING))
    before = who.application
    fields = {
        "form_token": office.token(who.page + who.query),
        "part": "test",
        "identity_number": joining.citizen.identity.digits,
        "email": GOOD,
    }
    address = f"{who.page}/{path}{who.query}"
    answers = [
        office.client.post(address, data=fields, headers={"origin": "http://evil.example"}),
        office.client.post(address, data=fields, headers={"sec-fetch-site": "cross-site"}),
        office.client.post(address, data=fields | {"form_token": "0" * 32}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert office.client.post(f"{PAGES}/basvuru/{who.number}/{path}?key=0", data=fields).status_code == 404
    assert who.application == before


def test_words_for_everything_that_did_not_arrive(office: Office) -> None:
    """In both languages; where details that had arrived are lost a second time, the tests go on beside."""
    drawn = office.draw().application
    both = replace(drawn, state=State.LIVE, user_name=Delivery.FAILED, password=Delivery.FAILED)
    turkish, english = onward(both)
    assert "kullanıcı adı i****@cinar.example adresine ulaşmadı" in turkish
    assert "parolası" in turkish
    assert drawn.phone.masked in english
    lost = onward(replace(drawn, state=State.TESTING, test_details=Delivery.FAILED))
    assert lost[0].endswith(NEXT[State.TESTING][0])
    assert lost[0] != NEXT[State.TESTING][0]
    assert onward(replace(drawn, state=State.REVOKED, test_details=Delivery.FAILED)) == NEXT[State.REVOKED]
    assert onward(drawn) == NEXT[State.DRAWN]
