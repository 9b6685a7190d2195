"""The e-Devlet counter: what stands on its pages, who may come in, and that nobody sees another's codes or groups."""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from mockgov.codes.rules import INDEFINITE
from mockgov.queries.messages import Query
from mockgov.queries.rules import Purpose
from mockgov.registry.messages import RegisterInstitution
from mockgov.settings import Settings
from mockgov.vocabulary.institution import InstitutionKind
from tests.edevlet import CODES, GROUPS, QUERY, SIGN_IN, Visitor, codes, workbook
from tests.mockgov.counters.town import MONDAY, Town

INVALID = "Geçersiz HES Kodu Listesi (Süresi dolmuş, Silinmiş)"
RISKY = "Riskli HES Kodu Listesi (Pozitif, Temaslı)"
TERMS = [
    "Adı Soyadı",
    "T.C. Kimlik Numarası",
    "HES Kodu",
    "Geçerlilik Zamanı",
    "Risk Durumu",
    "Aşılı",
    "Geçirilmiş Hastalık",
    "Son 48 Saatte Negatif Test",
]
BAD_CODE = "Girilen HES Kodu geçersizdir."
QUICK = Settings(argon2_memory_kib=8, argon2_passes=1, edevlet_queue_s=2)


class Counter:
    """A town whose mother manages a shop, and people at its counter."""

    def __init__(self) -> None:
        self.town = Town(QUICK)
        self.ministry = self.town.ministry
        self.found("DUKKAN", 12, self.town.mother.citizen_id)

    def found(self, label: str, staff_count: int, manager: int, headquarters: int | None = None) -> int:
        order = RegisterInstitution(
            kind=InstitutionKind.WORKPLACE,
            name=f"{label} (sandbox)",
            label=label,
            province=26,
            staff_count=staff_count,
            staff=[manager],
            headquarters=headquarters,
        )
        return self.ministry.registry.found(order).institution_id

    @cached_property
    def regular(self) -> Visitor:
        """The mother, who stays."""
        return self.signed_in()

    def visitor(self) -> Visitor:
        """Somebody with cookies of their own."""
        return Visitor(TestClient(self.town.front))

    def signed_in(self, citizen: Any = None) -> Visitor:
        """The mother at the counter, or somebody else."""
        citizen = citizen or self.town.mother
        visitor = self.visitor()
        password = self.ministry.edevlet.password(citizen.citizen_id)
        assert visitor.sign_in(citizen.identity.digits, password).status_code == 302
        return visitor


@pytest.fixture
def counter() -> Iterator[Counter]:
    made = Counter()
    yield made
    made.town.close()


# Coming in


def test_the_door_has_the_fields_that_scrapers_fill(counter: Counter) -> None:
    """`tridField`, `egpField`, the page token and the action; the fourth input of the second part sends the form."""
    page = counter.visitor().get(SIGN_IN)
    names = page.tree.xpath("//form[@id='loginForm']//input/@name")
    assert names == ["tridField", "egpField", "currentPageToken", "actionName", "devam", "submitButton"]
    assert page.tree.xpath("//input[@name='actionName']/@value") == ["giris"]
    assert page.tree.xpath("//*[@id='loginForm']/div[2]/input[4]/@name") == ["submitButton"]


def test_signing_in_answers_302_and_a_cookie_out_of_reach(counter: Counter) -> None:
    """The cookie is HttpOnly and SameSite, for this world's pages; whoever is signed in is sent on from the door."""
    visitor = counter.visitor()
    mother = counter.town.mother
    answer = visitor.sign_in(mother.identity.digits, counter.ministry.edevlet.password(1))
    assert (answer.status_code, answer.headers["location"]) == (302, "/e-devlet")
    assert re.fullmatch(r"edevlet_oturum=[0-9a-f]{64}; HttpOnly; Path=/; SameSite=lax", answer.headers["set-cookie"])
    page = visitor.get(SIGN_IN)
    assert page.answer.url.path == "/e-devlet"
    assert page.one("//*[contains(@class, 'userMenuButton')]") == "AYŞE NUR YILMAZ"


def test_a_wrong_password_shows_the_door_again(counter: Counter) -> None:
    """With 200 and a sentence; nothing that was typed comes back, and nobody learns which of the two was wrong."""
    visitor = counter.visitor()
    mother = counter.town.mother.identity.digits
    texts = set()
    for identity, password in ((mother, "yanlış"), ("12345678901", "yanlış"), ("10000000146", "x"), ("", "")):
        answer = visitor.sign_in(identity, password)
        assert answer.status_code == 200
        assert "Girdiğiniz bilgiler doğrulanamadı" in answer.text
        assert "set-cookie" not in answer.headers
        assert not identity or identity not in answer.text
        assert password not in answer.text or not password or password == "x"
        texts.add(answer.text)
    assert len(texts) == 1


def test_five_wrong_passwords_lock_the_door_for_a_quarter_of_an_hour(counter: Counter) -> None:
    """By the world's clock; the right one opens nothing until then."""
    visitor, mother = counter.visitor(), counter.town.mother
    for _ in range(5):
        assert "doğrulanamadı" in visitor.sign_in(mother.identity.digits, "yanlış").text
    right = counter.ministry.edevlet.password(1)
    assert "15 dakika sonra yeniden deneyin" in visitor.sign_in(mother.identity.digits, right).text
    counter.town.advance(minutes=15)
    assert visitor.sign_in(mother.identity.digits, right).status_code == 302


def test_a_child_has_no_password(counter: Counter) -> None:
    child = counter.town.child
    assert counter.ministry.edevlet.password(child.citizen_id) is None
    assert counter.visitor().sign_in(child.identity.digits, "").status_code == 200
    shown = counter.town.client.get("/_lab/people/3/edevlet").json()
    assert shown == {"identity_number": child.identity.digits, "password": None, "manages": []}


def test_a_session_ends_after_an_hour_and_upon_signing_out(counter: Counter) -> None:
    """A link alone signs nobody out; after it the old cookie opens nothing."""
    visitor = counter.signed_in()
    cookie = visitor.client.cookies["edevlet_oturum"]
    assert visitor.get("/Giris/cikis").status == 200
    assert visitor.get("/e-devlet").all("//*[contains(@class, 'userMenuButton')]")
    visitor.send("/Giris/cikis")
    visitor.client.cookies.set("edevlet_oturum", cookie)
    assert visitor.get(QUERY).one("//a[contains(@class, 'loginLink')]") == "Kimliğimi Şimdi Doğrula"
    later = counter.signed_in()
    counter.town.advance(minutes=59)
    assert later.get(QUERY).all("//*[@id='hes_kodu']") == [""]
    counter.town.advance(minutes=1)
    assert later.get(QUERY).all("//*[@id='hes_kodu']") == []


@pytest.mark.parametrize("path", [QUERY, CODES, GROUPS])
def test_who_is_not_signed_in_is_shown_the_way_and_comes_back(counter: Counter, path: str) -> None:
    visitor = counter.visitor()
    page = visitor.get(path)
    assert page.status == 200
    (link,) = page.tree.xpath("//*[@id='contentStart']/div/div[2]/a/@href")
    door = visitor.get(link)
    assert door.tree.xpath("//input[@name='devam']/@value") == [path]
    mother = counter.town.mother.identity.digits
    answer = visitor.sign_in(mother, counter.ministry.edevlet.password(1), devam=path)
    assert answer.headers["location"] == path
    assert counter.visitor().post(path, {"token": "x"}).status_code == 403


@pytest.mark.parametrize("devam", ["https://evil.example/", "//evil.example", "/_lab/worlds", "/Giris/cikis"])
def test_nobody_is_sent_elsewhere(counter: Counter, devam: str) -> None:
    """What comes after the door is one of the services, or the first page."""
    mother = counter.town.mother.identity.digits
    answer = counter.visitor().sign_in(mother, counter.ministry.edevlet.password(1), devam=devam)
    assert answer.headers["location"] == "/e-devlet"


def test_a_chosen_password_takes_the_place_of_the_minted_one(counter: Counter) -> None:
    """It is asked for twice, ends the other sessions, and only a hash of it is kept."""
    visitor, other = counter.signed_in(), counter.signed_in()
    old, new = counter.ministry.edevlet.password(1), "çok gizli bir şifre"
    path = "/e-devlet/sifre"
    for fields in ((old, new, new + "x"), ("yanlış", new, new), (old, "kısa", "kısa")):
        names = ("eskiSifre", "yeniSifre", "yeniSifreTekrar")
        assert visitor.send(path, **dict(zip(names, fields, strict=True))).status == 400
    page = visitor.send(path, eskiSifre=old, yeniSifre=new, yeniSifreTekrar=new)
    assert "Şifreniz değişti" in page.confirmed
    assert other.get(QUERY).all("//*[@id='hes_kodu']") == []
    assert visitor.get(QUERY).all("//*[@id='hes_kodu']") == [""]
    mother = counter.town.mother.identity.digits
    assert counter.visitor().sign_in(mother, old).status_code == 200
    assert counter.visitor().sign_in(mother, new).status_code == 302
    assert counter.ministry.edevlet.password(1) is None
    raw = counter.ministry.world.database.raw
    assert [row[0][:10] for row in raw.execute("SELECT password_hash FROM edevlet_login")] == ["$argon2id$"]


# One code


def test_a_query_waits_and_is_answered_in_eight_terms(counter: Counter) -> None:
    """First the queue, for two seconds of the world's time; then the list, exactly so, and one row in the trail."""
    visitor = counter.signed_in(counter.town.stranger)
    code = counter.town.issue(days=7)
    page = visitor.ask(code.text)
    assert str(page.answer.url).endswith(f"{QUERY}?sonuc=Goster")
    assert "kuyruğa alınmıştır" in page.one("//*[@id='contentStart']/div")
    assert page.answer.headers["refresh"] == "2"
    assert page.result == {}
    assert counter.ministry.queries.count() == 0
    counter.town.advance(seconds=2)
    for _ in range(2):
        page = visitor.get(f"{QUERY}?sonuc=Goster")
        assert list(page.result.items()) == [
            ("Adı Soyadı", "AY**** NU**** YI****"),
            ("T.C. Kimlik Numarası", f"********{counter.town.mother.identity.digits[-3:]}"),
            ("HES Kodu", f"{code.text[:4]}-{code.text[4:8]}-{code.text[8:]}"),
            ("Geçerlilik Zamanı", "11/10/2021 08:00"),
            ("Risk Durumu", "Riskli Değil"),
            ("Aşılı", "Evet"),
            ("Geçirilmiş Hastalık", "Hayır"),
            ("Son 48 Saatte Negatif Test", "Evet"),
        ]
    assert "refresh" not in page.answer.headers
    (row,) = counter.ministry.queries.about(counter.town.mother.citizen_id)
    assert (row.asker, row.purpose, row.outcome) == ("citizen:4", "person-plus", "RISKLESS")


def test_a_queue_before_a_clock_that_stands(counter: Counter) -> None:
    """The sandbox says so in a note of its own, outside of what the page itself says, and how the clock is moved on."""
    visitor = counter.signed_in(counter.town.stranger)
    page = visitor.ask(counter.town.issue(days=7).text)
    assert "saati duruyor" in page.one("//aside[contains(@class, 'standing')]")
    assert "hes clock --advance 2s" in page.one("//aside[contains(@class, 'standing')]/p/code")
    assert "saat" not in page.one("//*[@id='contentStart']")
    assert "clock stands still" in visitor.get(f"{QUERY}?sonuc=Goster&lang=en").one(
        "//aside[contains(@class, 'standing')]"
    )
    counter.ministry.run()
    assert "standing" not in visitor.get(f"{QUERY}?sonuc=Goster").answer.text


def test_a_risky_person_and_what_is_not_shared(counter: Counter) -> None:
    visitor = counter.signed_in()
    for holder, line in ((counter.town.father, "Riskli"), (counter.town.stranger, "Riskli Değil")):
        visitor.ask(counter.town.issue(holder).text)
        counter.town.advance(seconds=2)
        page = visitor.get(f"{QUERY}?sonuc=Goster")
        assert list(page.result) == TERMS
        assert page.result["Risk Durumu"] == line
    assert [page.result[term] for term in TERMS[5:]] == ["Paylaşılmıyor"] * 3


def test_a_negative_test_is_told_of_for_forty_eight_hours(counter: Counter) -> None:
    """Whatever the window of the corporate service: the mother's is 17 hours old when the world begins."""
    visitor = counter.signed_in()
    code = counter.town.issue(days=30).text
    for days, said in ((1, "Evet"), (1, "Hayır")):
        counter.town.advance(days=days)
        visitor = counter.signed_in()
        visitor.ask(code)
        counter.town.advance(seconds=2)
        assert visitor.get(f"{QUERY}?sonuc=Goster").result[TERMS[7]] == said


@pytest.mark.parametrize("text", ["", "A1B2", "A0A0000010", "12345678901", "ıığğşşçç11", "<b>x</b>", "x" * 5000])
def test_a_bad_code_is_one_sentence_and_no_list(counter: Counter, text: str) -> None:
    """In the first part of the content, after the queue as any other; what was typed neither comes back nor stays."""
    visitor = counter.signed_in()
    assert "kuyruğa" in visitor.ask(text).one("//*[@id='contentStart']/div")
    counter.town.advance(seconds=2)
    page = visitor.get(f"{QUERY}?sonuc=Goster")
    assert page.all("//*[@id='contentStart']/div")[0] == page.warning == BAD_CODE
    assert page.all("//dl") == []
    assert not text or text == "A0A0000010" or text not in page.answer.text
    raw = counter.ministry.world.database.raw
    kept = [row[0] for row in raw.execute("SELECT code FROM edevlet_inquiry")]
    assert kept == ["A0A0000010" if text == "A0A0000010" else None]


def test_expired_and_deleted_codes_are_bad_codes(counter: Counter) -> None:
    visitor = counter.signed_in()
    expired, deleted = counter.town.issue(days=1), counter.town.issue()
    counter.ministry.codes.delete(deleted)
    counter.town.advance(days=1)
    visitor = counter.signed_in()
    for code in (expired, deleted):
        visitor.ask(code.text)
        counter.town.advance(seconds=2)
        assert visitor.get(f"{QUERY}?sonuc=Goster").warning == BAD_CODE
    outcomes = [row.outcome for row in counter.ministry.queries.by("citizen:1")]
    assert outcomes == ["hescodenotfound", "hescodehasbeenexpired"]


@pytest.mark.parametrize("write", ["{0}|{1}", "{0};{1}", "{1}", " {2} ", "{3}"])
def test_a_code_is_typed_or_scanned(counter: Counter, write: str) -> None:
    """The text of a QR with a bar or a semicolon, the bare code, dashes and blanks, lower case."""
    visitor = counter.signed_in()
    code = counter.town.issue()
    dashed = f"{code.text[:4]}-{code.text[4:8]}-{code.text[8:]}"
    visitor.ask(write.format(code.qr_token, code.text, dashed, code.text.lower()))
    counter.town.advance(seconds=2)
    assert visitor.get(f"{QUERY}?sonuc=Goster").result["HES Kodu"] == dashed


def test_an_answer_is_its_sessions_own(counter: Counter) -> None:
    """Not even another session of the same citizen sees it; a new question takes its place."""
    visitor, other = counter.signed_in(), counter.signed_in()
    visitor.ask(counter.town.issue().text)
    counter.town.advance(seconds=2)
    assert visitor.get(f"{QUERY}?sonuc=Goster").result
    assert other.get(f"{QUERY}?sonuc=Goster").all("//*[@id='hes_kodu']") == [""]
    visitor.ask("A0A0000010")
    assert "kuyruğa" in visitor.get(f"{QUERY}?sonuc=Goster").one("//*[@id='contentStart']/div")


# One's own codes


def test_a_code_is_made_for_oneself_and_for_a_child(counter: Counter) -> None:
    """Without end or up to a day in Turkey, with the channel of e-Devlet; a child is chosen from the list."""
    visitor = counter.signed_in()
    form = visitor.get(f"{CODES}?yeni=kod")
    assert form.all("//select[@id='kime']/option") == ["Kendim", "CAN YILMAZ"]
    assert "üretildi" in visitor.make_code(aciklama="İş yeri").confirmed
    visitor.make_code(kime="1", sure="sureli", bitis="2021-10-10")
    own, childs = counter.ministry.codes.of(1)[0], counter.ministry.codes.of(3)[0]
    assert (own.expires_at, own.description, own.created_by) == (INDEFINITE, "İş yeri", "hes-edevlet")
    assert childs.expires_at.isoformat() == "2021-10-10T21:00:00+00:00"
    assert visitor.codes() == [own.text, childs.text]


@pytest.mark.parametrize(
    "fields",
    [
        {"kime": "2"},
        {"kime": "-1"},
        {"kime": "x"},
        {"kime": ""},
        {"sure": "sureli", "bitis": ""},
        {"sure": "sureli", "bitis": "2021-10-03"},
        {"sure": "sureli", "bitis": "31.02.2022"},
        {"sure": "sureli", "bitis": "9999-12-31"},
        {"sure": "", "bitis": "x"},
        {"aciklama": "x" * 101},
    ],
)
def test_a_code_that_cannot_be_made(counter: Counter, fields: dict[str, str]) -> None:
    """The form comes back with what is wrong and with what was typed; nothing is made."""
    page = counter.signed_in().make_code(**fields)
    assert page.status == 400
    assert page.warning
    assert page.all("//form[@id='mainForm']")
    assert counter.ministry.codes.of(1) == []


def test_a_code_is_shared_shortened_and_deleted(counter: Counter) -> None:
    """On its own page; afterwards it is a bad code for everybody, and gone from the list."""
    visitor = counter.signed_in()
    visitor.make_code()
    code = counter.ministry.codes.of(1)[0].text
    page = visitor.get(f"{CODES}?i=d&s=0")
    token = page.token
    page = visitor.send_with(token, f"{CODES}?i=paylas", hes_kodu=code, kurum="Çınar Lojistik A.Ş.")
    assert page.result["Paylaşıldığı kurumlar"] == "Çınar Lojistik A.Ş. (4 Ekim 2021)"
    page = visitor.send_with(token, f"{CODES}?i=kisalt", hes_kodu=code, bitis="05.10.2021")
    assert page.result["Geçerlilik Zamanı"] == "6 Ekim 2021, 00:00"
    assert visitor.send_with(token, f"{CODES}?i=kisalt", hes_kodu=code, bitis="2021-10-20").status == 400
    assert visitor.send_with(token, f"{CODES}?i=paylas", hes_kodu=code, kurum=" ").status == 400
    assert "artık sorgulanamaz" in visitor.send_with(token, f"{CODES}?i=sil", hes_kodu=code).confirmed
    assert visitor.codes() == []
    assert counter.town.ask("C3", {"hes_code": code}).json()["errorKey"] == "hescodenotfound"


def test_a_codes_page_has_its_qr_and_who_asked_with_it(counter: Counter) -> None:
    """Each asker by name, newest first; a query with another code of the same person stands on the other's page."""
    visitor = counter.signed_in()
    visitor.make_code()
    visitor.make_code()
    first, second = (one.text for one in counter.ministry.codes.of(1))
    page = visitor.get(f"{CODES}?i=d&s=0")
    assert page.all("//*[local-name()='svg']/*[local-name()='title']") == ["HES kodunun QR görüntüsü"]
    assert page.table("Sorgulayanlar") == []
    counter.town.ask("C2", {"hes_code": first})
    counter.town.ask("C3", {"hes_code": first})
    counter.town.ask("C3", {"hes_code": second})
    name = counter.ministry.registry.institution(1).name
    assert visitor.get(f"{CODES}?i=d&s=0").table("Sorgulayanlar") == [
        ["4 Ekim 2021, 08:00", name, "Tekil sorgu", "Riskli Değil"],
        ["4 Ekim 2021, 08:00", name, "Çalışan sorgusu", "Riskli Değil"],
    ]
    assert len(visitor.get(f"{CODES}?i=d&s=1&lang=en").table("Askers")) == 1
    counter.ministry.queries.answer([Query("citizen:4", Purpose.PERSON, second)] * 101)
    assert len(visitor.get(f"{CODES}?i=d&s=0").table("Sorgulayanlar")) == 2


def test_nobody_sees_or_touches_anothers_codes(counter: Counter) -> None:
    """Neither by place nor by text: somebody else's code is as one that is not there."""
    code = counter.town.issue(counter.town.father)
    counter.town.issue(counter.town.stranger)
    visitor = counter.signed_in()
    assert visitor.codes() == []
    for path in (f"{CODES}?i=d&s=0", f"{CODES}?i=d&s=-1", f"{CODES}?i=d&s=x", f"{CODES}?i=d"):
        assert visitor.get(path).status == 404
    token = visitor.get(CODES).token
    for way in ("paylas", "kisalt", "sil", "x"):
        page = visitor.send_with(token, f"{CODES}?i={way}", hes_kodu=code.text, kurum="x", bitis="2021-10-05")
        assert page.status == 404
        assert code.text not in page.answer.text
    assert counter.ministry.codes.of(2) == [code]
    assert counter.ministry.codes.shares_of(code) == []


def test_a_childs_codes_are_the_parents_until_the_eighteenth_birthday(counter: Counter) -> None:
    code = counter.town.issue(counter.town.child, days=None)
    assert counter.signed_in(counter.town.father).codes() == [code.text]
    counter.ministry.advance(MONDAY.replace(year=2028, month=6, day=1))
    assert counter.signed_in(counter.town.father).codes() == []
    assert counter.signed_in(counter.town.child).codes() == [code.text]


# Groups


def test_a_group_from_its_making_to_its_deletion(counter: Counter) -> None:
    """Made, filled by hand, queried, changed and dropped, by the links and fields that published clients use."""
    manager = counter.signed_in()
    page = manager.make_group("öğrenciler", "5-A")
    assert page.all("//*[@id='hesKodu']") == [""]
    healthy, risky = counter.town.issue(), counter.town.issue(counter.town.father)
    deleted, expiring = counter.town.issue(), counter.town.issue(days=1)
    scanned = f"{risky.qr_token};{risky.text}"
    for text in (healthy.text, scanned, deleted.text, expiring.text):
        assert "gruba eklendi" in manager.send(f"{GROUPS}?i=k&s=0", hesKodu=text).confirmed
    assert "zaten vardı" in manager.send(f"{GROUPS}?i=k&s=0", hesKodu=healthy.text).confirmed
    assert manager.send(f"{GROUPS}?i=k&s=0", hesKodu="12345678901").status == 400
    page = manager.get(GROUPS)
    assert page.all("//*[@id='resultTable']//td")[:3] == ["öğrenciler", "5-A", "4"]
    assert page.all("//*[@id='resultTable']//td//a") == ["Sorgula", "Güncelle", "Sil"]
    counter.ministry.codes.delete(deleted)
    counter.town.advance(days=1)
    manager = counter.signed_in()
    page = manager.get(f"{GROUPS}?i=s&s=0")
    end = "05/10/2021 08:00"
    assert page.table(INVALID) == [
        [dashed(deleted.text), "Silinmiş", "-"],
        [dashed(expiring.text), "Süresi dolmuş", end],
    ]
    masked = f"********{counter.town.father.identity.digits[-3:]}"
    assert page.table(RISKY) == [[dashed(risky.text), masked, "Riskli"]]
    assert (page.one("//*[@id='asked']"), page.one("//*[@id='riskless']")) == ("4", "1")
    assert dashed(healthy.text) not in page.answer.text
    trail = counter.ministry.queries.by("institution:3/citizen:1")
    assert {row.purpose for row in trail} == {"bulk"}
    assert sorted(row.outcome for row in trail) == ["RISKLESS", "RISKY", "hescodehasbeenexpired", "hescodenotfound"]
    manager.send(f"{GROUPS}?i=ks&s=0&k={deleted.text}", hesKodu=deleted.text)
    manager.send(f"{GROUPS}?i=g&s=0", grupAdi="sınıf", grupAciklama="")
    assert manager.get(GROUPS).all("//*[@id='resultTable']//td")[:3] == ["sınıf", "", "3"]
    assert manager.send(f"{GROUPS}?i=d&s=0").status == 200
    assert counter.ministry.groups.of([3]) != []
    assert "Grup silindi" in manager.send(f"{GROUPS}?i=d&s=0", onay="evet").confirmed
    assert counter.ministry.groups.of([3]) == []


def dashed(code: str) -> str:
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def test_a_group_without_a_problem_has_no_table(counter: Counter) -> None:
    manager = counter.signed_in()
    manager.make_group("Ekip")
    page = manager.get(f"{GROUPS}?i=s&s=0")
    assert page.all("//*[@id='hesKodu']") == [""]
    manager.send(f"{GROUPS}?i=k&s=0", hesKodu=counter.town.issue().text)
    page = manager.get(f"{GROUPS}?i=s&s=0")
    assert page.all("//table") == []
    assert page.confirmed == "Riskli veya geçersiz HES kodu yok."


def test_an_uploaded_workbook_fills_a_group(counter: Counter) -> None:
    """Counts of what was added, known, repeated, blank and wrong; the wrong ones row by row, without repeating them."""
    manager = counter.signed_in()
    manager.make_group("Ekip")
    manager.send(f"{GROUPS}?i=k&s=0", hesKodu="A0A0000010")
    rows = ["A0A0000010", "b1b1000011", None, "b1b1000011", "B1B1-0000-12", "12345678901", "=A2", "Çiğdem"]
    page = manager.upload(workbook(*rows))
    assert list(page.result.values()) == ["1", "1", "1", "1", "4", "2"]
    assert page.all("//*[@id='faults']/li") == [
        "Satır 6: HES kodunu tiresiz ve boşluksuz yazın",
        "Satır 7: 10 karakterden uzun, HES kodu değil",
        "Satır 8: hücrede formül var, kodun kendisini yazın",
        "Satır 9: HES kodu değil, on karakter (A-Z, 0-9) yazın",
    ]
    assert "12345678901" not in page.answer.text
    assert page.all("//*[contains(@class, 'list-right')]")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "Dosya okunamadı"),
        (b"HES KODU\nA0A0000010\n", "Dosya okunamadı"),
        (workbook("A0A0000010", header="KOD"), "A1 hücresinde HES KODU"),
        (workbook(*codes(10_001)), "en çok 10.000 satır"),
    ],
    ids=["nothing", "csv", "wrong header", "too many rows"],
)
def test_a_file_that_is_no_list_changes_nothing(counter: Counter, body: bytes, says: str) -> None:
    manager = counter.signed_in()
    manager.make_group("Ekip")
    page = manager.upload(body)
    assert page.status == 400
    assert says in page.warning
    assert counter.ministry.groups.count(counter.ministry.groups.at([3], 0)) == 0


def test_a_group_takes_ten_thousand_codes_and_no_more(counter: Counter) -> None:
    """A file that would overfill it adds nothing; a full one is shown in pages and queried as a whole."""
    manager = counter.signed_in()
    manager.make_group("Ekip")
    assert manager.upload(workbook(*codes(10_000))).result["Eklenen"] == "10.000"
    page = manager.upload(workbook("B1B1000011"))
    assert (page.status, "en çok 10.000" in page.warning) == (400, True)
    page = manager.get(f"{GROUPS}?i=k&s=0&sayfa=99")
    assert len(page.all("//tbody/tr")) == 100
    assert page.all("//nav[@aria-label='Sayfalar']/*") == ["Önceki sayfa", "100 / 100"]
    page = manager.get(f"{GROUPS}?i=s&s=0")
    assert (page.one("//*[@id='asked']"), len(page.table(INVALID))) == ("10.000", 10_000)


def test_the_tables_are_exported_as_a_workbook(counter: Counter) -> None:
    """Both tables of the latest query, the same bytes each time."""
    from io import BytesIO  # noqa: PLC0415

    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    manager = counter.signed_in()
    manager.make_group("Ekip")
    risky = counter.town.issue(counter.town.father).text
    manager.upload(workbook(risky, "A0A0000010"))
    assert manager.get(f"{GROUPS}?i=e&s=0").answer.url.params["i"] == "g"
    manager.get(f"{GROUPS}?i=s&s=0")
    answer = manager.client.get(f"{GROUPS}?i=e&s=0")
    assert answer.headers["content-disposition"] == 'attachment; filename="hes-kodu-listesi.xlsx"'
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names == ["Geçersiz", "Riskli"]
    assert book.get_sheet_by_index(0).to_python() == [
        [INVALID, "", ""],
        ["HES Kodu", "Durum", "Geçerlilik Zamanı"],
        ["A0A0-0000-10", "Silinmiş", "-"],
    ]
    assert book.get_sheet_by_index(1).to_python()[2][0] == dashed(risky)
    assert manager.client.get(f"{GROUPS}?i=e&s=0").content == answer.content


def test_an_institutions_groups_are_its_managers(counter: Counter) -> None:
    """Another manager neither sees nor reaches them, by any address or form; an employee is told who may."""
    manager = counter.signed_in()
    manager.make_group("Gizli ekip")
    manager.send(f"{GROUPS}?i=k&s=0", hesKodu="A0A0000010")
    counter.found("BAKKAL", 3, counter.town.father.citizen_id)
    other = counter.signed_in(counter.town.father)
    page = other.get(GROUPS)
    assert "Gizli" not in page.answer.text
    token = page.token
    for i in ("s", "g", "k", "x", "d", "e", "ks"):
        page = other.get(f"{GROUPS}?i={i}&s=0&k=A0A0000010")
        assert (page.status, "Gizli" in page.answer.text) == (404, False), i
        page = other.send_with(token, f"{GROUPS}?i={i}&s=0", grupAdi="x", hesKodu="A0A0000010", onay="evet")
        assert page.status in {400, 404}, i
    assert [one.name for one in counter.ministry.groups.of([3])] == ["Gizli ekip"]
    assert counter.ministry.queries.count() == 0
    page = counter.signed_in(counter.town.stranger).get(GROUPS)
    assert (page.status, "kurum yetkilinize başvurun" in page.warning) == (403, True)


def test_an_institution_of_five_hundred_integrates_instead(counter: Counter) -> None:
    """Branches under one tax number are taken together."""
    head = counter.found("MERKEZ", 499, counter.town.father.citizen_id)
    father = counter.signed_in(counter.town.father)
    assert father.get(GROUPS).status == 200
    counter.found("SUBE", 1, counter.town.stranger.citizen_id, headquarters=head)
    page = father.get(GROUPS)
    assert (page.status, "Kurumsal Entegrasyon" in page.warning) == (403, True)


def test_a_file_over_the_limit_or_cut_off_is_a_page(counter: Counter) -> None:
    """413 and 400 with what to do, and nothing is added."""
    manager = counter.signed_in()
    manager.make_group("Ekip")
    page = manager.upload(b"x" * (1 << 20))
    assert (page.status, page.warning) == (413, "Dosya çok büyük. Daha küçük bir dosya gönderin.")
    head = {"content-type": "multipart/form-data; boundary=b"}
    body = b'--b\r\nContent-Disposition: form-data; name="dosya"; filename="x"\r\n\r\nPK'
    answer = manager.client.post(f"{GROUPS}?i=x&s=0", content=body, headers=head)
    assert (answer.status_code, "eksik ulaştı" in answer.text) == (400, True)


def test_the_pages_have_what_published_clients_click(counter: Counter) -> None:
    """Ids, class names, names of buttons and texts of links, in the order in which those clients go through them."""
    manager = counter.visitor()
    page = manager.get("/Giris/")
    assert page.tree.forms[0].xpath("descendant::*[contains(@class, 'submitButton')]/@name") == ["submitButton"]
    manager = counter.signed_in()
    page = manager.get(QUERY)
    third = page.tree.get_element_by_id("contentStart").findall("div")[2]
    fields = [part.findall("input") for form in third.findall("form") for part in form.findall("div")]
    assert [inputs[0].name for inputs in fields if inputs] == ["btn"]
    assert page.tree.xpath("//form[@name='mainForm']//*[@id='hes_kodu']/@name") == ["hes_kodu"]
    page = manager.get(GROUPS)
    assert page.all("//a[text()='Yeni Grup Oluştur']")
    assert page.tree.xpath("//*[@id='resultTable']")
    for _ in range(2):
        page = manager.make_group("öğrenciler")
        assert page.tree.xpath("//*[@id='hesKodu'] | //*[@name='btn']")
    page = manager.get(GROUPS)
    assert page.all("//td")[::4] == ["öğrenciler"] * 2
    links = [page.tree.xpath(f"//a[text()='{words}']/@href") for words in ("Güncelle", "Sil")]
    assert [len(one) for one in links] == [2, 2]
    page = manager.get(links[0][1])
    second = page.tree.xpath("//*[contains(@class, 'actionButton')]")[1]
    page = manager.get(second.get("href"))
    page = manager.get(page.tree.xpath("//a[text()='Hes Kodlarını Excelden Yükle']/@href")[0])
    assert page.tree.xpath("//*[@class='filedropzone']/@type") == ["file"]
    page = manager.upload(workbook("A0A0000010"), place=1)
    assert page.tree.xpath("//*[contains(@class, 'list-right')]")
    assert page.confirmed
    page = manager.get(links[1][0])
    assert page.tree.xpath("//*[@class='radioButton']/@value") == ["evet"]
    assert page.tree.xpath("//*[@class='contentToolbar']//a[contains(text(), 'Grup Listesi')]/@href") == [GROUPS]
    page = manager.get(f"{GROUPS}?i=s&s=1")
    assert len(page.tree.xpath("//*[@class='compact']")) == len(page.table(INVALID)) == 1


# What guards the forms


FORMS = [
    (f"{QUERY}?submit", {"hes_kodu": "A0A0000010"}),
    (f"{CODES}?yeni=kod", {"kime": "0", "sure": "suresiz"}),
    (f"{GROUPS}?yeni=grup", {"grupAdi": "x", "grupAciklama": ""}),
    (f"{GROUPS}?i=k&s=0", {"hesKodu": "A0A0000010"}),
    (f"{GROUPS}?i=d&s=0", {"onay": "evet"}),
    ("/Giris/cikis", {}),
    ("/e-devlet/sifre", {"eskiSifre": "x", "yeniSifre": "12345678", "yeniSifreTekrar": "12345678"}),
]


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_form_needs_the_token_of_its_page_and_session(counter: Counter, path: str, fields: dict[str, str]) -> None:
    """Without one, with another page's, with another session's or from another site nothing is done."""
    visitor, other = counter.signed_in(), counter.signed_in()
    visitor.make_group("Ekip")
    before = counter.town.counts()
    own = visitor.get(path.partition("?")[0]).token
    elsewhere = visitor.get(QUERY if not path.startswith(QUERY) else CODES).token
    for token in ("", "x", elsewhere, other.get(path.partition("?")[0]).token, "ş"):
        assert visitor.post(path, fields | {"token": token}).status_code == 403, token
    assert visitor.post(path, fields).status_code == 403
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert visitor.post(path, fields | {"token": own}, headers=headers).status_code == 403
    assert counter.town.counts() == before


def test_the_door_needs_its_token(counter: Counter) -> None:
    mother = counter.town.mother.identity.digits
    fields = {"tridField": mother, "egpField": counter.ministry.edevlet.password(1), "actionName": "giris"}
    visitor = counter.visitor()
    assert visitor.post(SIGN_IN, fields).status_code == 403
    token = visitor.get(SIGN_IN).tree.xpath("//input[@name='currentPageToken']/@value")[0]
    assert visitor.post(SIGN_IN, fields | {"currentPageToken": token, "actionName": ""}).status_code == 400
    assert visitor.post(SIGN_IN, fields | {"currentPageToken": token}).status_code == 302


def test_a_form_about_a_group_that_has_moved_up_in_the_list_touches_no_other(counter: Counter) -> None:
    """Groups are named by their place: a form sent from another tab, after an earlier one was dropped, is refused."""
    manager = counter.signed_in()
    for name in ("Bir", "İki", "Üç"):
        manager.make_group(name)
    page = manager.get(f"{GROUPS}?i=d&s=1")
    (meant,) = page.tree.xpath("//input[@name='grup']/@value")
    manager.send(f"{GROUPS}?i=d&s=0", onay="evet")
    page = manager.send_with(page.token, f"{GROUPS}?i=d&s=1", onay="evet", grup=meant)
    assert (page.status, page.warning) == (404, "Böyle bir grup yok. Grup listesinden birini açın.")
    assert [one.name for one in counter.ministry.groups.of([3])] == ["İki", "Üç"]


def test_a_link_of_another_site_asks_nothing(counter: Counter) -> None:
    """A group is queried by following a link; one that another site holds out leads to the group instead."""
    manager = counter.signed_in()
    manager.make_group("Ekip")
    manager.send(f"{GROUPS}?i=k&s=0", hesKodu="A0A0000010")
    answer = manager.client.get(f"{GROUPS}?i=s&s=0", headers={"sec-fetch-site": "cross-site"}, follow_redirects=False)
    assert answer.headers["location"] == f"{GROUPS}?i=g&s=0"
    assert counter.ministry.queries.count() == 0


def test_every_world_has_a_counter_of_its_own(counter: Counter) -> None:
    """Links and cookie stay under the world's path; a session of one world opens nothing in another."""
    counter.town.worlds.make("other", people=20)
    other = counter.town.worlds.get("other")
    visitor = Visitor(TestClient(counter.town.front), "/w/other")
    identity = other.registry.citizen(1).identity.digits
    answer = visitor.sign_in(identity, other.edevlet.password(1))
    assert answer.headers["location"] == "/w/other/e-devlet"
    assert "Path=/w/other/;" in answer.headers["set-cookie"]
    page = visitor.get("/e-devlet")
    assert all(link.startswith(("/w/other/", "#")) for link in page.tree.xpath("//a/@href"))
    assert visitor.get(GROUPS).status == 200
    cookie = {"edevlet_oturum": visitor.client.cookies["edevlet_oturum"]}
    plain = Visitor(TestClient(counter.town.front, cookies=cookie))
    assert plain.get(QUERY).all("//*[@id='hes_kodu']") == []


@pytest.fixture(scope="module")
def calm() -> Iterator[Counter]:
    """For what leaves nothing behind that another would notice."""
    made = Counter()
    yield made
    made.town.close()


ODD = st.one_of(st.sampled_from(["", "0", "1", "-1", "9" * 30, "٣", "k", "s", "grup", "kod", "en", "\x00"]), st.text())
NAMES = st.sampled_from(["yeni", "i", "s", "k", "sayfa", "sonuc", "bilgi", "lang", "devam", "kurum", "x"])
FIELDS = st.sampled_from(
    ["kime", "sure", "bitis", "aciklama", "hes_kodu", "hesKodu", "grupAdi", "grupAciklama", "kurum", "onay", "x"]
)


@given(
    path=st.sampled_from([QUERY, CODES, GROUPS, SIGN_IN, "/e-devlet/sifre"]),
    query=st.dictionaries(NAMES, ODD, max_size=4),
    fields=st.dictionaries(FIELDS, ODD, max_size=5),
)
@hypothesis_settings(max_examples=150)
def test_whatever_is_asked_for_or_sent_is_answered_by_a_page(
    calm: Counter, path: str, query: dict[str, str], fields: dict[str, str]
) -> None:
    """Odd addresses and odd fields: never a 500, and never a page of nobody's."""
    visitor = calm.regular
    token = visitor.get(path).token
    for answer in (
        visitor.client.get(path, params=query),
        visitor.client.post(path, params=query, data=fields | {"token": token}),
    ):
        assert answer.status_code in {200, 400, 403, 404}, answer.text
        assert "SANDBOX" in answer.text


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_every_page_says_what_it_is_and_fetches_nothing(counter: Counter, lang: str) -> None:
    """Stamped, in the language that was asked for, without script, and closed to what comes from elsewhere."""
    manager = counter.signed_in()
    manager.make_group("Ekip")
    manager.send(f"{GROUPS}?i=k&s=0", hesKodu="A0A0000010")
    manager.make_code()
    paths = ["/e-devlet", "/e-devlet/sifre", "/Giris/cikis", QUERY, CODES, f"{CODES}?yeni=kod", f"{CODES}?i=d&s=0"]
    paths += [
        GROUPS,
        f"{GROUPS}?yeni=grup",
        *(f"{GROUPS}?i={i}&s=0&k=A0A0000010" for i in ("s", "g", "k", "x", "d", "ks")),
    ]
    for path in paths:
        page = manager.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
        text = page.answer.text
        assert page.status == 200, path
        assert f'<html lang="{lang}">' in text
        assert "SANDBOX — hukuki geçerliliği yoktur" in text
        assert not re.search(r"<script| style=| on\w+=|src=|href=\"http|url\(|\{\{|\{%", text), path
        assert page.answer.headers["cache-control"] == "no-store"
        assert len(page.all("//h1")) == 1
        english = page.one("//nav//a[@hreflang]")
        assert english == ("English" if lang == "tr" else "Türkçe")
