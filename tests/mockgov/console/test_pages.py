"""The console's pages over HTTP: what they show, what their forms do, and what they refuse."""

import re
from datetime import UTC, datetime

import pytest

from mockgov.callbacks.messages import Subscribe
from mockgov.callbacks.rules import Kind
from mockgov.clock import ManualClock, RunningClock
from mockgov.console.frame import PLACES, place_of
from mockgov.console.today import SERVICES
from mockgov.faults import Delay, Misstate, Refuse
from mockgov.kep.rules import State
from mockgov.registry.rules import Citizen
from tests.mockgov.console.house import Visitor, shown, text_of
from tests.mockgov.counters.town import MONDAY, Town
from tests.mockgov.road import Firm, firm

HTMX = "/console/static/htmx-2.0.11.min.js"
LIVE = "/console/static/live.js"
SSE = "/console/static/htmx-ext-sse-2.2.4.min.js"


@pytest.mark.parametrize("language", ["tr", "en"])
def test_every_place_has_a_page_with_the_same_navigation(visitor: Visitor, language: str) -> None:
    """In an empty corner of the world too; the entry of the page itself is marked."""
    for path in (place.path for place in PLACES):
        check_navigation(visitor, path, language)


def check_navigation(visitor: Visitor, path: str, language: str) -> None:
    page = visitor.open(path, lang=language)
    words = [re.sub("<[^>]+>", "", one) for one in re.findall(r"<li>(.*?)</li>", page.partition("</nav>")[2])]
    assert words[:12] == [place.turkish if language == "tr" else place.english for place in PLACES]
    query = "" if language == "tr" else "?lang=en"
    assert page.count(f'href="{path}{query}" aria-current="page"') == 2
    assert "SANDBOX — hukuki geçerliliği yoktur" in page


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/console", "/console"),
        ("/console/live", "/console"),
        ("/console/people/3", "/console/people"),
        ("/console/peoples", "/console"),
        ("/telefon/905991234567", "/telefon"),
        ("/uygulama", ""),
    ],
)
def test_a_page_belongs_to_the_longest_entry(path: str, place: str) -> None:
    assert place_of(path) == place


def test_a_named_world_keeps_to_itself(town: Town) -> None:
    """All links, scripts and streams of its pages stay under its prefix; the list of worlds leads out."""
    town.worlds.make("tuesday", seed=7, people=5)
    visitor = Visitor(town, "/w/tuesday")
    for path in ("/console", "/console/people", "/console/people/1", "/console/clock"):
        page = visitor.open(path, lang="en")
        links = re.findall(r'(?:href|action|src|sse-connect|hx-get)="([^"#]+)"', page.replace('href="data:,"', ""))
        assert all(link.startswith("/w/tuesday/") for link in links), path
        assert "World: <strong>tuesday</strong>" in page
    worlds = visitor.open("/console/worlds", lang="en")
    assert re.findall(r'<th scope="row"><a href="([^"]+)"', worlds) == [
        "/console?lang=en",
        "/w/tuesday/console?lang=en",
    ]
    assert worlds.count('aria-current="true"') == 1
    assert "5" in shown(worlds)


def test_scripts_come_from_here_and_are_kept(visitor: Visitor) -> None:
    """Their version is in their address; only pages that need them have them; nothing else may run."""
    for path in (HTMX, SSE):
        answer = visitor.town.client.get(path)
        assert answer.headers["content-type"].startswith("text/javascript")
        assert "immutable" in answer.headers["cache-control"]
    assert re.findall(r'<script defer src="([^"]+)"', visitor.open("/console")) == [HTMX, LIVE, SSE]
    assert re.findall(r'<script defer src="([^"]+)"', visitor.open("/console/people")) == [HTMX]
    assert "<script" not in visitor.open("/console/clock")
    policy = visitor.town.client.get("/console").headers["content-security-policy"]
    assert "script-src 'self'; connect-src 'self'" in policy
    assert "default-src 'none'" in policy


FORMS = (
    "/console/people/1/reports",
    "/console/people/1/codes",
    "/console/people/1/codes/delete",
    "/console/people/1/sharing",
    "/console/check",
    "/console/mail",
    "/console/institutions/1/accounts",
    "/console/clock",
    "/console/faults",
)


FORMS_OF_OTHER_SITES_ARE_REFUSED = FORMS


def test_forms_of_other_sites_are_refused(visitor: Visitor) -> None:
    """With a foreign token or none, or posted from elsewhere with the right one; nothing has changed."""
    for path in FORMS_OF_OTHER_SITES_ARE_REFUSED:
        client, before = visitor.town.client, visitor.town.counts()
        token = visitor.token("/console/clock")
        for fields, headers in (
            ({}, {}),
            ({"form_token": "0" * 32}, {}),
            ({"form_token": token}, {"origin": "http://evil.example"}),
            ({"form_token": token}, {"sec-fetch-site": "cross-site"}),
        ):
            answer = client.post(path, data=fields | {"run": "1", "kind": "positive", "live": "1"}, headers=headers)
            assert answer.status_code == 403, path
            assert "Form bu sayfadan gönderilmemiş" in shown(answer.text)
        assert visitor.town.counts() == before
        assert isinstance(visitor.town.ministry.world.clock, ManualClock)


# People


def test_people_are_found(visitor: Visitor) -> None:
    """By a part of the name as Turkish writes it, status, age and province; masked in the list."""
    town = visitor.town
    page = visitor.open("/console/people")
    assert [int(n) for n in re.findall(r"#(\d+)</span>", page)] == [1, 2, 3, 4]
    assert "AY**** NU**** YI****" in shown(page)
    assert "YILMAZ" not in page
    for query, found in (
        ({"name": "yılmaz"}, ["1", "2", "3"]),
        ({"name": "şule"}, ["4"]),
        ({"name": "sule"}, ["4"]),
        ({"name": "yilmaz"}, ["1", "2", "3"]),
        ({"risk": "risky"}, ["2"]),
        ({"risk": "riskless", "least": "30"}, ["1", "4"]),
        ({"most": "17"}, ["3"]),
        ({"province": "34"}, []),
        ({"name": "x\x00", "least": "-1", "province": "ali"}, []),
    ):
        assert re.findall(r"#(\d+)</span>", visitor.open("/console/people", **query)) == found, query
    assert town.mother.identity.digits not in page


def test_a_search_goes_on(town: Town) -> None:
    """Twenty at a time, in the order of their numbers, with what was looked for."""
    town.worlds.make("many", people=50)
    visitor = Visitor(town, "/w/many")
    page, found = visitor.open("/console/people", risk="riskless"), list[str]()
    while True:
        found += re.findall(r"#(\d+)</span>", page)
        more = re.search(r'id="more" href="/w/many/console/people\?after=(\d+)&amp;risk=riskless"', page)
        if more is None:
            break
        page = visitor.open("/console/people", risk="riskless", after=more[1])
    risky = town.worlds.get("many").risky_now(range(1, 51))
    assert [int(n) for n in found] == [n for n in range(1, 51) if n not in risky]


def test_a_person_is_masked_until_asked(visitor: Visitor) -> None:
    """Numbers, names and the e-Devlet password."""
    mother = visitor.town.mother
    page = visitor.open("/console/people/1")
    assert text_of(page, "identity") == mother.identity.masked
    for secret in (mother.identity.digits, mother.id_card.text, mother.phone.subscriber, "AYŞE NUR"):
        assert secret not in page
    bare = visitor.open("/console/people/1", unmask=1)
    assert text_of(bare, "identity") == mother.identity.digits
    assert text_of(bare, "password") == visitor.town.ministry.edevlet.password(1)
    assert f'href="/telefon/{mother.phone.wire}"' in bare
    assert "Ayşe Nur".upper() in shown(bare)


def test_a_persons_page_tells_their_death(visitor: Visitor) -> None:
    """With its day, in both languages, and of nobody else."""
    assert 'id="died"' not in visitor.open("/console/people/4")
    visitor.town.ministry.registry.record_death(4)
    assert text_of(visitor.open("/console/people/4"), "died") == "4 Ekim 2021"
    assert "Died 4 October 2021" in shown(visitor.open("/console/people/4", lang="en"))
    assert 'id="died"' not in visitor.open("/console/people/1")


def test_a_report_makes_somebody_risky(visitor: Visitor) -> None:
    """Filed by hand; the page tells since when, why and by which regulation."""
    page = visitor.open("/console/people/4")
    assert text_of(page, "status") == "Riskli değil"
    page = visitor.send("/console/people/4", at="/console/people/4/reports", kind="positive", hours_ago="5", days="")
    assert text_of(page, "status") == "Riskli"
    assert text_of(page, "done") == "Rapor işlendi."
    assert "sebep pozitif test, 4 Ekim 2021, 03:00 – 19 Ekim 2021, 00:00 (2021-09-17" in shown(page)
    page = visitor.send("/console/people/3", at="/console/people/3/reports", kind="isolation", hours_ago="0", days="7")
    assert "İdari izolasyon, 4 Ekim 2021, 08:00 – 11 Ekim 2021, 08:00" in text_of(page, "reports")
    for kind in ("variant", "negative", "contact", "dose-1", "dose-2", "dose-3"):
        visitor.send("/console/people/1", at="/console/people/1/reports", kind=kind, hours_ago="1", days="10")


A_REPORT_THAT_CANNOT_BE = [
    {"kind": "plague", "hours_ago": "0"},
    {"kind": "positive", "hours_ago": "-1"},
    {"kind": "positive", "hours_ago": "1e3"},
    {"kind": "positive", "hours_ago": "٣"},
    {"kind": "isolation", "hours_ago": "0", "days": "61"},
    {"hours_ago": "99999999999999999999"},
]


def test_a_report_that_cannot_be(visitor: Visitor) -> None:
    for fields in A_REPORT_THAT_CANNOT_BE:
        before = visitor.town.counts()
        page = visitor.send("/console/people/4", at="/console/people/4/reports", answers=400, **fields)
        assert text_of(page, "refused").startswith("Alanlardan biri alınamadı")
        assert visitor.town.counts() == before


def test_a_code_from_first_to_last(visitor: Visitor) -> None:
    """Made, checked by an institution, seen in the list of askers, deleted, not found any more."""
    codes, person = visitor.town.ministry.codes, "/console/people/1"
    visitor.send(person, at=f"{person}/codes", days="7", label="İş yeri")
    (code,) = codes.of(1)
    assert (code.description, code.created_by) == ("İş yeri", "hes-console")
    checked = visitor.send("/console/check", code=f"{code.text[:4]}-{code.text[4:]}", asker="KURUM-G2G-HES")
    assert text_of(checked, "verdict") == "Riskli değil"
    assert visitor.town.mother.identity.masked in shown(checked)
    assert text_of(checked, "holder") == "#1"
    assert "KURUM A.Ş. (sandbox) Tekil sorgu Riskli Değil" in shown(visitor.open(person))
    page = visitor.send(person, at=f"{person}/codes/delete", code=code.text)
    assert "HES kodu silindi." in shown(page)
    gone = visitor.send("/console/check", code=code.text, asker="KURUM-G2G-HES")
    assert text_of(gone, "verdict") == "Bulunamadı"
    refused = visitor.send(person, at=f"{person}/codes/delete", answers=400, code=code.text)
    assert "Böyle bir HES kodu yok" in text_of(refused, "refused")


def test_only_the_holder_deletes(visitor: Visitor) -> None:
    code = visitor.town.issue(visitor.town.father)
    visitor.send("/console/people/1", at="/console/people/1/codes/delete", answers=400, code=code.text)
    assert len(visitor.town.ministry.codes.of(2)) == 1


def test_sharing_is_changed(visitor: Visitor) -> None:
    """And told by a check with vaccine and test."""
    fields = {"code": visitor.town.issue().text, "asker": "KURUM-TEST", "plus": "on"}
    assert "Aşılı evet" in shown(visitor.send("/console/check", **fields))
    page = visitor.send("/console/people/1", at="/console/people/1/sharing", shares="no")
    assert "paylaşımını aç" in shown(page)
    assert "Aşılı paylaşmıyor" in shown(visitor.send("/console/check", **fields))


# The code checker


def test_what_is_no_code_is_neither_kept_nor_shown_again(visitor: Visitor) -> None:
    """It may be somebody's number."""
    before = visitor.town.counts()
    for typed in ("12345678901", "x" * 500, "<b>kod</b>", "\x00", ""):
        page = visitor.send("/console/check", answers=400, code=typed, asker="KURUM-TEST")
        assert "Böyle bir HES kodu yok" in text_of(page, "refused")
        assert 'name="code" type="text" value=""' in page
    page = visitor.send("/console/check", answers=400, code="10000000146", asker="KURUM-TEST")
    assert "10000000146" not in page
    assert "nothing was kept" in page
    assert visitor.town.counts() == before


def test_who_asks_must_have_an_account(visitor: Visitor) -> None:
    """One that is open; a risky answer and an expired code are told, too."""
    code = visitor.town.issue(visitor.town.father, days=1)
    for asker in ("", "NOBODY", "citizen:1"):
        page = visitor.send("/console/check", answers=400, code=code.text, asker=asker)
        assert "listeden seçin" in text_of(page, "refused")
    fields = {"code": code.text, "asker": "KURUM-G2G-HES"}
    assert text_of(visitor.send("/console/check", **fields), "verdict") == "Riskli"
    visitor.town.advance(days=2)
    assert text_of(visitor.send("/console/check", **fields), "verdict") == "Süresi dolmuş"
    visitor.town.ministry.credentials.revoke("KURUM-G2G-HES")
    visitor.send("/console/check", answers=400, **fields)


# Mail


def test_a_mail_is_written_read_and_answered(visitor: Visitor) -> None:
    """To the support desk; the answer stands in the sender's inbox and in what the ministry has written."""
    fields = {"sender": "soran@firma.example", "subject": "Soru ğüş", "text": "Merhaba,\r\n146 <b>"}
    page = visitor.send("/console/mail", **fields)
    assert text_of(page, "done") == "E-posta alındı."
    assert "soran@firma.example" in shown(page)
    assert "Merhaba,\n146 &lt;b&gt;" in page
    outbox = visitor.open("/console/mail", box="outbox", address="soran@firma.example")
    number = re.findall(r"/console/mail/(\d+)", outbox)[0]
    assert "hesdestek@saglik.gov.tr" in shown(visitor.open(f"/console/mail/{number}"))
    raw = visitor.town.client.get(f"/console/mail/{number}/raw")
    assert raw.headers["content-disposition"].startswith("attachment")
    assert raw.content == visitor.town.ministry.mail.raw(int(number))


def test_a_mail_that_cannot_be_sent(visitor: Visitor) -> None:
    """What was typed is still there."""
    for fields in (
        {"sender": "soran", "subject": "x", "text": "x"},
        {"sender": "a@b.example", "subject": "", "text": "x"},
        {"sender": "a@b.example", "subject": "x", "text": " "},
    ):
        page = visitor.send("/console/mail", answers=400, **fields)
        assert text_of(page, "refused")
        assert f'name="sender" type="text" value="{fields["sender"]}"' in page
    assert visitor.town.ministry.mail.inbox() == []


def test_a_mail_that_there_is_not(visitor: Visitor) -> None:
    for path in ("/console/mail/9", "/console/mail/9/raw", "/console/mail/9/files/1"):
        assert "Bulunamadı" in shown(visitor.open(path, 404))
        assert "There is no mail" in shown(visitor.open(path, 404, lang="en"))


def test_files_of_a_mail(visitor: Visitor) -> None:
    """Test access comes with the service document; its bytes are given to be kept, never to be shown."""
    joining = firm(visitor.town.ministry).to_test()
    mails = visitor.town.ministry.mail.outbox(joining.email)
    content = visitor.town.ministry.mail.content
    number = next((one.number for one in mails if content(one.number).attachments), 0)
    assert number, "no mail has a file"
    assert "/files/1" in visitor.open(f"/console/mail/{number}")
    file = visitor.town.client.get(f"/console/mail/{number}/files/1")
    assert file.content == visitor.town.ministry.mail.attachment(number, 1).data
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith("attachment")


# Registered mail


@pytest.fixture
def joined(town: Town) -> Firm:
    """An institution that has got the ministry's confirming letter."""
    return firm(town.ministry).to_confirmed()


def test_a_letter_is_opened_confirmed_and_leaves_evidence(visitor: Visitor, joined: Firm) -> None:
    """Unread in the inbox; opening shows what it says; each step is a signed piece of evidence."""
    box = f"/console/kep/{joined.address.address}"
    assert joined.address.address in shown(visitor.open("/console/kep"))
    (letter,) = visitor.town.ministry.kep.inbox(joined.address)
    page, number = f"{box}/{letter.letter.letter_id}", letter.letter.letter_id
    assert 'class="unread"' in visitor.open(box)
    assert 'id="message"' not in visitor.open(page)
    assert visitor.town.client.get(f"{page}/raw").status_code == 400
    assert visitor.town.client.get(f"{page}/files/1").status_code == 400
    opened = visitor.send(page, act="open")
    assert "entegrasyonu" in text_of(opened, "message")
    assert 'data-state="retrieved"' in opened
    confirmed = visitor.send(page, act="accept")
    assert 'data-state="accepted"' in confirmed
    assert 'class="unread"' not in visitor.open(box)
    evidence = re.findall(rf'href="({re.escape(box)}/evidence/\d+)"', confirmed)
    xml = visitor.town.client.get(evidence[-1])
    assert (xml.headers["content-type"], xml.content[:1]) == ("application/xml", b"<")
    assert b"AcceptanceRejectionByRecipient" in xml.content
    assert b"Signature" in xml.content
    assert visitor.town.ministry.kep.letter(number).deliveries[0].state is State.ACCEPTED
    assert "The recipient has confirmed the receipt" in shown(visitor.open(page, lang="en"))


def test_what_a_recipient_cannot_do(visitor: Visitor, joined: Firm) -> None:
    """Reject what was not opened, or do something else altogether."""
    box = f"/console/kep/{joined.address.address}"
    (letter,) = visitor.town.ministry.kep.inbox(joined.address)
    page = f"{box}/{letter.letter.letter_id}"
    for act in ("reject", "burn", ""):
        refused = visitor.send(page, answers=400, act=act)
        assert "elvermiyor" in text_of(refused, "refused")


def test_letters_that_were_sent(visitor: Visitor, joined: Firm) -> None:
    """With identity numbers masked, their files, and all evidence."""
    box = f"/console/kep/{joined.address.address}"
    sent = visitor.open(box, box="sent")
    (number,) = re.findall(rf"{re.escape(box)}/(\d+)", sent)
    page = visitor.open(f"{box}/{number}")
    assert joined.citizen.identity.digits not in page
    assert f"********{joined.citizen.identity.digits[-3:]}" in text_of(page, "message")
    assert "form.pdf" in text_of(page, "files")
    assert visitor.town.client.get(f"{box}/{number}/files/1").content.startswith(b"%PDF")
    assert visitor.town.client.get(f"{box}/{number}/files/9").status_code == 404


A_LETTER_THAT_THERE_IS_NOT = ["/99", "/99/raw", "/99/files/1", "/evidence/99"]


def test_a_letter_that_there_is_not(visitor: Visitor, joined: Firm) -> None:
    for rest in A_LETTER_THAT_THERE_IS_NOT:
        visitor.open(f"/console/kep/{joined.address.address}{rest}", 404)


def test_an_account_that_there_is_not(visitor: Visitor) -> None:
    visitor.open("/console/kep/kimse@hs01.kep.tr", 404)
    visitor.open("/console/kep/kimse", 400)


# Institutions


def test_an_institution_and_its_accounts(visitor: Visitor) -> None:
    """Passwords are shown when asked for; an account gets a new one, is closed, and nobody else's is touched."""
    ministry, page = visitor.town.ministry, "/console/institutions/2"
    password = visitor.town.passwords["KURUM-TEST"]
    assert password not in visitor.open(page)
    assert password in visitor.open(page, unmask=1)
    rotated = visitor.send(page, at=f"{page}/accounts", act="rotate", account="KURUM-TEST")
    assert "Parola değiştirildi" in text_of(rotated, "done")
    assert password not in visitor.open(page, unmask=1)
    visitor.send(page, at=f"{page}/accounts", act="revoke", account="KURUM-TEST")
    assert ministry.credentials.account("KURUM-TEST").state.value == "revoked"
    again = visitor.send(page, at=f"{page}/accounts", answers=400, act="revoke", account="KURUM-TEST")
    assert text_of(again, "refused")
    visitor.send(page, at=f"{page}/accounts", answers=400, act="revoke", account="ÇINAR-LOJİSTİK-TEST")
    assert ministry.credentials.account("ÇINAR-LOJİSTİK-TEST").state.value == "active"
    visitor.open("/console/institutions/9", 404)


def test_an_institution_on_its_way(visitor: Visitor, town: Town) -> None:
    """Its application leads to the desk; an account is provisioned by hand; its questions are listed."""
    joining = firm(town.ministry).to_letter()
    page = f"/console/institutions/{joining.institution.institution_id}"
    desk = f"/console/desk/{joining.application.number}"
    assert f'href="{desk}"' in visitor.open("/console/institutions")
    assert f'href="{desk}"' in visitor.open(page)
    assert "Resmî yazı alındı" in shown(visitor.open(page))
    opened = visitor.send(page, at=f"{page}/accounts", act="live")
    assert "Hesap açıldı." in shown(opened)
    assert 'id="provision-live"' not in opened
    visitor.send("/console/check", code=town.issue().text, asker="CINAR-1-G2G-HES")
    assert "CINAR-1-G2G-HES Tekil sorgu Riskli Değil" in shown(visitor.open(page))
    twice = visitor.send(page, at=f"{page}/accounts", answers=400, act="live")
    assert "zaten var" in text_of(twice, "refused")


# The clock


def test_the_clock_is_moved_run_and_stopped(visitor: Visitor) -> None:
    """By a button, by an amount, to a moment, to what is due; what falls due has happened."""
    world = visitor.town.ministry.world
    short = visitor.town.issue(days=1)
    visitor.send("/console/clock", step="3600")
    visitor.send("/console/clock", amount="1,5", unit="days")
    assert (world.now() - MONDAY).total_seconds() == 3600 + 1.5 * 86_400
    assert "doldu" in shown(visitor.open("/console/people/1"))
    page = visitor.send("/console/clock", to="2021-10-10T12:30")
    assert world.now() == datetime(2021, 10, 10, 9, 30, tzinfo=UTC)
    assert text_of(page, "time") == "10 Ekim 2021, 12:30:00"
    due = dict(visitor.town.ministry.due())
    visitor.send("/console/clock", next="1")
    assert world.now() == min(due.values())
    assert 'id="stop"' in visitor.send("/console/clock", run="1")
    assert isinstance(world.clock, RunningClock)
    assert 'id="run"' in visitor.send("/console/clock", run="no")
    assert isinstance(world.clock, ManualClock)
    assert short.text


A_CLOCK_THAT_CANNOT_GO_THERE = [
    {"to": "2021-10-03T12:00"},
    {"to": "2300-01-01T00:00"},
    {"to": "2150-01-01T00:00"},
    {"to": "yarın"},
    {"amount": "-1", "unit": "hours"},
    {"amount": "nan"},
    {"amount": "inf", "unit": "days"},
    {"amount": "1e300", "unit": "days"},
    {"step": "x"},
    {},
]


def test_whatever_waits_has_a_name_in_both_languages(town: Town) -> None:
    assert set(SERVICES) == {type(one).__name__.lower() for one in town.ministry._due}
    assert all(turkish != english for turkish, english in SERVICES.values() if turkish != "SMS")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (204, ()),
        (500, ("Geri çağrı 1: teslimatlar başarısız", "Callback 1: deliveries fail")),
        (410, ("kapatıldı, adresi 410 Gone yanıtını verdi", "disabled, its address answered 410 Gone")),
    ],
)
def test_a_callback_at_which_nothing_arrives_is_told(visitor: Visitor, status: int, words: tuple[str, ...]) -> None:
    """With the day, and how it is enabled once it has been disabled."""
    callbacks = visitor.town.ministry.callbacks
    callbacks.mount("http://client.test", lambda _: status)
    order = Subscribe(url="http://client.test/", kinds=frozenset({Kind.ONBOARDING_STEP}), institution_id=1)
    callbacks.ping(callbacks.subscribe(order).number)
    callbacks.carry()
    pages = [visitor.open("/console", lang=language) for language in ("tr", "en")]
    said = [" ".join(re.sub("<[^>]+>", "", page.partition('id="due"')[2]).split()) for page in pages]
    assert all(one in text for one, text in zip(words, said, strict=False))
    assert ("hes callbacks enable 1" in said[0]) is (status == 410)
    assert ("Callback 1" in said[1]) is bool(words)


def test_a_clock_that_cannot_go_there(visitor: Visitor) -> None:
    """It stands where it stood."""
    for fields in A_CLOCK_THAT_CANNOT_GO_THERE:
        page = visitor.send("/console/clock", answers=400, **fields)
        assert "Saat yalnızca ileri gider" in text_of(page, "refused")
        assert visitor.town.ministry.world.now() == MONDAY


# Faults


def test_faults_come_and_go(visitor: Visitor) -> None:
    """Three kinds; one is taken away by its place; then all."""
    plan = visitor.town.ministry.world.faults
    assert 'id="healthy"' in visitor.open("/console/faults")
    visitor.send("/console/faults", kind="refuse", percent="5", status="503", retry_after_s="2")
    visitor.send("/console/faults", kind="delay", percent="12,5", milliseconds="300")
    page = visitor.send("/console/faults", kind="misstate", percent="1")
    assert plan.faults == (
        Refuse(share=0.05, status=503, retry_after_s=2),
        Delay(share=0.125, milliseconds=300),
        Misstate(share=0.01),
    )
    assert "Reddet % 5 retry_after_s: 2" in shown(page)
    assert "Geciktir % 12.5 milliseconds: 300" in shown(page)
    visitor.send("/console/faults", nth="1")
    assert [type(one) for one in plan.faults] == [Refuse, Misstate]
    assert 'id="healthy"' in visitor.send("/console/faults", heal="1")
    assert plan.faults == ()


A_FAULT_THAT_CANNOT_BE = [
    {"kind": "refuse", "percent": "101", "status": "503"},
    {"kind": "refuse", "percent": "5", "status": "404"},
    {"kind": "refuse", "percent": "5", "status": "beş yüz"},
    {"kind": "refuse", "percent": "nan", "status": "503"},
    {"kind": "delay", "percent": "5", "milliseconds": "600001"},
    {"kind": "delay", "percent": "5", "milliseconds": "-1"},
    {"kind": "flood", "percent": "5"},
    {"nth": "first"},
    {},
]


def test_a_fault_that_cannot_be(visitor: Visitor) -> None:
    for fields in A_FAULT_THAT_CANNOT_BE:
        page = visitor.send("/console/faults", answers=400, **fields)
        assert "Böyle bir arıza olamaz" in text_of(page, "refused")
        assert visitor.town.ministry.world.faults.faults == ()


# People again: types


def test_somebody_who_is_not_there(visitor: Visitor) -> None:
    """Neither a stranger's page nor a route with a number that is none."""
    assert isinstance(visitor.town.mother, Citizen)
    visitor.open("/console/people/99", 404)
    visitor.open("/console/people/0", 400)
    visitor.open("/console/people/x", 400)


@pytest.mark.parametrize("world", ["", "/w/default"])
@pytest.mark.parametrize("path", ["/console/nosuch", "/telefon/90599/nosuch", "/console/people/1/nosuch"])
def test_an_address_that_leads_nowhere(town: Town, world: str, path: str) -> None:
    """A browser gets a page with ways on, in its language and world; a program gets its problem in JSON."""
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for language, words in (("tr", "Böyle bir sayfa yok"), ("en", "There is no such page")):
        answer = town.client.get(f"{world}{path}", params={"lang": language}, headers=browser)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert words in shown(answer.text)
        assert f'href="{world}/console/people' in answer.text.partition("<main")[2]
    problem = town.client.get(f"{world}{path}")
    assert (problem.status_code, problem.json()["errorKey"]) == (404, "http404")
    elsewhere = town.client.get(f"{world}/nosuch", headers=browser)
    assert elsewhere.headers["content-type"] == "application/problem+json"
