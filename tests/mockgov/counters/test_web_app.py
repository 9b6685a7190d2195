"""The application's web page: each screen by what it says, who may see it, and what it refuses."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import segno

from mockgov.risk_index.messages import PcrReport
from mockgov.vocabulary.hes_code import HesCode
from tests.mockgov.counters.app_window import BASE, AppWindow
from tests.mockgov.counters.town import LABEL, MONDAY, QUICK, Town

SCREENS = ("/yeni-kod", "/kodlar", "/kontrol", "/aile", "/sorgular", "/izolasyon", "/turkiye")
SHELL = {
    "/manifest.webmanifest": "application/manifest+json",
    "/icon.svg": "image/svg+xml",
    "/icon-maskable.svg": "image/svg+xml",
    "/app.js": "text/javascript; charset=utf-8",
    "/worker.js": "text/javascript; charset=utf-8",
    "/cevrimdisi": "text/html; charset=utf-8",
}


@pytest.fixture
def mother(town: Town) -> AppWindow:
    """The mother, signed in."""
    made = AppWindow(town)
    made.sign_in(town.mother, remember="on")
    return made


@pytest.fixture
def father(town: Town) -> AppWindow:
    """The father, who is ill, signed in."""
    made = AppWindow(town)
    made.sign_in(town.father, remember="on")
    return made


# Sign in and out


def test_signing_in_and_out(town: Town) -> None:
    """The token stands in a cookie that no script and no other site has, and in no address; it goes when one leaves."""
    window = AppWindow(town)
    assert window.go().startswith("Telefonunuzla girin")
    assert "Gelen kodu yazın" in window.send("/giris", phone="0" + town.mother.phone.subscriber)
    assert town.mother.phone.masked in window.text
    fields = {"phone": town.mother.phone.e164, "password": town.login_code(), "remember": "on"}
    window.send("/dogrula", follow=False, **fields)
    assert (window.status, window.headers["location"]) == (303, BASE)
    token, *attributes = window.headers["set-cookie"].split("; ")
    assert token.startswith("hes_app=eyJ")
    assert sorted(attributes) == ["HttpOnly", "Max-Age=2592000", f"Path={BASE}", "SameSite=strict"]
    assert window.go().startswith("HES kodum")
    window.send("/cikis")
    assert window.cookies == {}
    assert window.text.startswith("Telefonunuzla girin")


def test_without_remembering_the_cookie_goes_with_the_browser(town: Town) -> None:
    window = AppWindow(town)
    window.go()
    window.send("/giris", phone=town.mother.phone.e164)
    window.send("/dogrula", follow=False, phone=town.mother.phone.e164, password=town.login_code())
    assert "Max-Age" not in window.headers["set-cookie"]


@pytest.mark.parametrize("phone", ["+905990000000", "hello", "", "'><script>"])
def test_an_unknown_phone(town: Town, phone: str) -> None:
    """The form comes back with what was typed, and says what to do."""
    window = AppWindow(town)
    window.go()
    assert "Bu telefon bu deneme ortamında yok." in window.send("/giris", phone=phone)
    assert window.status == 404
    assert "<script>" not in window.html.partition("<main")[2]
    assert town.ministry.sms.inbox(limit=1) == []


def test_a_wrong_code(town: Town) -> None:
    """Nobody is in; the same phone may try again."""
    window = AppWindow(town)
    window.go()
    window.send("/giris", phone=town.mother.phone.e164)
    assert "Kod yanlış" in window.send("/dogrula", phone=town.mother.phone.e164, password="x")
    assert (window.status, window.cookies) == (401, {})
    window.send("/dogrula", phone=town.mother.phone.e164, password=town.login_code())
    assert window.text.startswith("HES kodum")


@pytest.mark.parametrize("path", SCREENS)
def test_a_screen_is_for_who_is_signed_in(town: Town, path: str) -> None:
    """Others, and those whose token is old or forged, are sent to the first page."""
    window = AppWindow(town)
    for cookie in ("", "x", town.sign_in()["id_token"][:-2]):
        window.cookies = {"hes_app": cookie}
        window.go(path, follow=False)
        assert (window.status, window.headers["location"]) == (303, BASE)
    window.cookies = {"hes_app": town.sign_in()["id_token"]}
    town.advance(days=31)
    assert window.go(path).startswith("Telefonunuzla girin")


@pytest.mark.parametrize("path", ["", *SCREENS])
@pytest.mark.parametrize("language", ["", "en"])
def test_every_screen(town: Town, path: str, language: str) -> None:
    """In both languages, never kept by anybody on the way, with a policy that lets in nothing from elsewhere."""
    window = AppWindow(town, language)
    window.sign_in(town.mother)
    window.go(path)
    assert window.status == 200
    assert f'<html lang="{language or "tr"}">' in window.html
    assert window.html.count("<h1>") == 1
    assert window.headers["cache-control"] == "no-store"
    assert window.headers["permissions-policy"] == "camera=(self), microphone=(), geolocation=()"
    policy = dict(one.split(" ", 1) for one in window.headers["content-security-policy"].split("; "))
    assert policy.pop("style-src").startswith("'sha256-")
    assert policy == {
        "default-src": "'none'",
        "img-src": "'self' data:",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "script-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
    }
    assert "eyJ" not in window.html
    assert town.mother.identity.digits not in window.html
    assert town.child.identity.digits not in window.html


def test_a_form_needs_this_citizens_token(town: Town, mother: AppWindow, father: AppWindow) -> None:
    """Not another's, not one from another site; nothing happens."""
    father.go("/yeni-kod")
    fathers = re.findall(r'name="form_token" value="(\w+)"', father.html)[0]
    for token in ("", "0" * 32, fathers):
        mother.send("/yeni-kod", token=token or "x", duration="7")
        assert (mother.status, "Sayfayı yeniden açıp formu buradan gönderin." in mother.text) == (403, True)
    assert town.ministry.codes.of(town.mother.citizen_id) == []


# Registration


@pytest.fixture
def strict() -> Iterator[Town]:
    """A town in which everybody has to register."""
    made = Town(replace(QUICK, app_registration=True))
    yield made
    made.close()


def test_first_registration(strict: Town) -> None:
    """Every screen leads there until it is done; a mistake says what to do, and repeats no number."""
    window = AppWindow(strict)
    assert window.sign_in(strict.mother).startswith("İlk kayıt")
    for path in SCREENS:
        window.go(path, follow=False)
        assert window.headers["location"] == f"{BASE}/kayit"
    window.go("/kayit")
    assert "6698 sayılı Kanun" in window.text
    number = strict.mother.identity.digits
    for fields in (
        {"identity_number": number, "birth_date": "1980-02-29"},
        {"identity_number": "10000000146", "birth_date": "1980-02-29", "consent": "on"},
        {"identity_number": number, "birth_date": "29.02.1980", "consent": "on"},
    ):
        assert "Kayıt yapılamadı." in window.send("/kayit", **fields)
        assert window.status == 400
        assert fields["identity_number"] not in window.html
    good = {"identity_number": number, "birth_date": "1980-02-29", "consent": "on"}
    assert window.send("/kayit", **good).startswith("HES kodum")
    assert window.go("/kayit").startswith("HES kodum")


# Codes


@pytest.mark.parametrize(
    ("duration", "ends"),
    [
        ("1", "5 Ekim 2021, 08:00"),
        ("7", "11 Ekim 2021, 08:00"),
        ("30", "3 Kasım 2021, 08:00"),
        ("365", "4 Ekim 2022, 08:00"),
        ("day", "10 Ekim 2021, 00:00"),
        ("indefinite", "Süresiz"),
    ],
)
def test_a_new_code(town: Town, mother: AppWindow, duration: str, ends: str) -> None:
    """With its label and its end, on the list and on the first page, with the QR image of its text."""
    mother.go("/yeni-kod")
    listed = mother.send("/yeni-kod", duration=duration, last_day="2021-10-09", description="İşyeri")
    (code,) = town.ministry.codes.of(town.mother.citizen_id)
    assert "Kodunuz hazır" in listed
    for page in (listed, mother.go()):
        assert HesCode(code.text).dashed in page
        assert "İşyeri" in page
        assert ends in page
    assert code.created_by == "hes-mobile"
    image = segno.make(f"{code.qr_token}|{code.text}", error="m").svg_inline(border=4, omitsize=True)
    assert re.findall(r'stroke="(?:#000|black)" d="([^"]+)"', image)[0] in mother.html


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"duration": "2"}, "Bir gün seçin."),
        ({"duration": ""}, "Bir gün seçin."),
        ({"duration": "day", "last_day": ""}, "Bir gün seçin."),
        ({"duration": "day", "last_day": "2021-10-03"}, "Bu süre olmaz."),
        ({"duration": "day", "last_day": "9999-12-31"}, "Bu süre olmaz."),
        ({"duration": "7", "description": "x" * 101}, "Etiket en çok 100 karakter"),
        ({"duration": "7", "description": "a\x00b"}, "Etiket en çok 100 karakter"),
        ({"duration": "7", "whose": "2"}, "Yalnızca kendiniz ve 18 yaşından küçük çocuklarınız"),
        ({"duration": "7", "whose": "x"}, "Yalnızca kendiniz ve 18 yaşından küçük çocuklarınız"),
    ],
)
def test_a_code_that_cannot_be(town: Town, mother: AppWindow, fields: dict[str, str], says: str) -> None:
    """The form comes back with what was typed, and nothing is made."""
    mother.go("/yeni-kod")
    assert says in mother.send("/yeni-kod", **fields)
    assert mother.status == 400
    assert town.ministry.codes.of(town.mother.citizen_id) == []
    assert town.ministry.codes.of(town.father.citizen_id) == []


def test_a_code_for_a_child(town: Town, mother: AppWindow) -> None:
    """Chosen by name; it stands on the parent's list."""
    mother.go("/yeni-kod")
    assert "CAN YILMAZ" in mother.text
    assert "CAN YILMAZ" in mother.send("/yeni-kod", whose=str(town.child.citizen_id), duration="7")
    (code,) = town.ministry.codes.of(town.child.citizen_id)
    assert HesCode(code.text).dashed in mother.text


def test_share_shorten_delete(town: Town, mother: AppWindow) -> None:
    """Each says that it is done; the next query fails."""
    code = town.issue()
    mother.go("/kodlar")
    mother.send("/kodlar/paylas", code=code.text, label="Çınar Lojistik")
    assert "Paylaşım not edildi" in mother.text
    assert "Paylaşıldığı yerler: Çınar Lojistik · 4 Ekim 2021" in mother.text
    mother.send("/kodlar/kisalt", code=code.text, last_day="2021-10-05")
    assert "Kodun süresi kısaltıldı" in mother.text
    assert "Geçerli: 6 Ekim 2021, 00:00" in mother.text
    assert town.ask("C3", {"hes_code": code.text}).status_code == 200
    mother.send("/kodlar/sil", code=code.text)
    assert "Kod silindi." in mother.text
    assert "Geçerli kod yok." in mother.text
    assert town.ask("C3", {"hes_code": code.text}).json()["errorKey"] == "hescodenotfound"


def test_an_expired_code_has_no_image(town: Town, mother: AppWindow) -> None:
    """It stands apart, and can be deleted."""
    code = town.issue(days=1)
    town.advance(days=1)
    assert "Süresi dolanlar" in mother.go("/kodlar")
    assert 'class="qr"' not in mother.html
    assert "Geçerli bir kodunuz yok." in mother.go()
    mother.go("/kodlar")
    assert "Kod silindi." in mother.send("/kodlar/sil", code=code.text)
    assert HesCode(code.text).dashed not in mother.text


@pytest.mark.parametrize("path", ["paylas", "kisalt", "sil"])
def test_anothers_code_is_not_there(town: Town, mother: AppWindow, path: str) -> None:
    """Whatever is tried with it, and with what is no code."""
    code = town.issue(town.father)
    for text in (code.text, "A0A0000010", "hello", ""):
        mother.go("/kodlar")
        mother.send(f"/kodlar/{path}", code=text, label="x", last_day="2021-10-05")
        assert (mother.status, "Böyle bir HES kodu yok" in mother.text) == (404, True)
    assert town.ministry.codes.of(town.father.citizen_id) == [code]
    assert town.ministry.codes.shares_of(code) == []


def test_longer_is_not_shorter(town: Town, mother: AppWindow) -> None:
    code = town.issue()
    mother.go("/kodlar")
    assert "Bu süre olmaz." in mother.send("/kodlar/kisalt", code=code.text, last_day="2021-10-20")
    assert "Bir gün seçin." in mother.send("/kodlar/kisalt", code=code.text, last_day="")
    assert "Kurumun adını yazın." in mother.send("/kodlar/paylas", code=code.text, label=" ")
    assert town.ministry.codes.of(town.mother.citizen_id) == [code]


# Family


def test_a_family(town: Town, mother: AppWindow, father: AppWindow) -> None:
    """Invited, accepted, health shown as far as allowed, ended."""
    mother.go("/aile")
    assert "Ailenizde henüz kimse yok." in mother.text
    assert "CAN YILMAZ · 1 Haziran 2010 Riskli Değil" in mother.text
    assert "Davet gönderildi" in mother.send("/aile/davet", phone=town.father.phone.e164, relation="Eşim", health="on")
    assert "AL**** YI**** Yanıt bekleniyor" in mother.text
    assert "Sizi ailesine davet ediyor: AY**** NU**** YI****" in father.go("/aile")
    assert "Risk durumunu size gösterecek." in father.text
    assert "Artık aynı ailedesiniz" in father.send("/aile/kabul", number="1")
    assert "AY**** NU**** YI**** Riskli Değil" in father.text
    assert "AL**** YI**** Göstermiyor" in mother.go("/aile")
    assert "Neyin görüleceği değiştirildi" in father.send("/aile/izin", number="1", health="on")
    assert "AL**** YI**** Riskli" in mother.go("/aile")
    assert "Sona erdi" in mother.send("/aile/bitir", number="1")
    assert "Ailenizde henüz kimse yok." in mother.text
    assert "AY****" not in father.go("/aile")


def test_a_refused_invitation(town: Town, mother: AppWindow, father: AppWindow) -> None:
    mother.go("/aile")
    mother.send("/aile/davet", phone=town.father.phone.e164, relation="Eşim")
    assert "Risk durumunu size göstermeyecek." in father.go("/aile")
    assert "Davet reddedildi" in father.send("/aile/ret", number="1")
    assert "AL**** YI**** Reddetti" in mother.go("/aile")
    assert "Bu artık yapılamaz." in father.send("/aile/kabul", number="1")
    assert father.status == 409


@pytest.mark.parametrize(
    ("path", "fields", "status", "says"),
    [
        ("davet", {"phone": "+905990000000", "relation": "x"}, 400, "Bu telefon bu deneme ortamında yok."),
        ("davet", {"phone": "MOTHER", "relation": "x"}, 400, "Bu kişi davet edilemez"),
        ("davet", {"phone": "FATHER", "relation": " "}, 400, "Bu kişi davet edilemez"),
        ("kabul", {"number": "7"}, 404, "Böyle bir davet yok."),
        ("bitir", {"number": "x"}, 404, "Böyle bir davet yok."),
        ("izin", {"number": "9" * 40}, 404, "Böyle bir davet yok."),
    ],
)
def test_what_a_family_refuses(
    town: Town, mother: AppWindow, path: str, fields: dict[str, str], status: int, says: str
) -> None:
    phones = {"MOTHER": town.mother.phone.e164, "FATHER": town.father.phone.e164}
    mother.go("/aile")
    mother.send(f"/aile/{path}", **{name: phones.get(value, value) for name, value in fields.items()})
    assert (mother.status, says in mother.text) == (status, True)
    assert town.ministry.families.members_of(town.mother.citizen_id) == []


# Who asked, isolation, the country


def test_who_asked(town: Town, mother: AppWindow) -> None:
    """Institution, purpose, when, which code."""
    assert "Henüz kimse sormadı." in mother.go("/sorgular")
    code = town.issue()
    town.ask("C3", {"hes_code": code.text})
    line = f"{LABEL} A.Ş. (sandbox) Tekil sorgu · 4 Ekim 2021, 08:00 {HesCode(code.text).dashed} Riskli Değil"
    assert line in mother.go("/sorgular")
    english = AppWindow(town, "en")
    english.sign_in(town.mother)
    assert "Single query · 4 October 2021, 08:00" in english.go("/sorgular")


def test_what_is_shared(town: Town, mother: AppWindow) -> None:
    """The switch stands as it was left."""
    mother.go("/sorgular")
    for fields, checked in (({}, False), ({"shares": "on"}, True)):
        assert "Neyin görüleceği değiştirildi" in mother.send("/sorgular/izin", **fields)
        assert ('name="shares" checked' in mother.html) is checked
        known = town.ministry.risk_index.clinical_many([town.mother.citizen_id])[town.mother.citizen_id]
        assert known.shares_test_data is checked


def test_isolation(town: Town, mother: AppWindow, father: AppWindow) -> None:
    """Days and minutes left, from when to when, why, and by which rule; afterwards it is over."""
    assert "İzolasyonda değilsiniz." in mother.go("/izolasyon")
    assert "12 gün kaldı Toplam 16.800 dakika" in father.go("/izolasyon")
    assert "Başlangıç 1 Ekim 2021, 08:00 Bitiş 16 Ekim 2021, 00:00 Neden Pozitif test" in father.text
    assert "İzolasyondasınız 12 gün kaldı." in father.go()
    town.advance(days=11, hours=15, minutes=59)
    assert "1 gün kaldı Toplam 1 dakika" in father.go("/izolasyon")
    town.advance(minutes=1)
    assert "İzolasyonda değilsiniz." in father.go("/izolasyon")


def test_the_country(mother: AppWindow) -> None:
    """The day's figures and the map of the last week that is over."""
    text = mother.go("/turkiye")
    assert "Bugünkü test 0 Bugünkü vaka 0 Toplam test 2 Toplam vaka 1" in text
    assert "27 Eylül 2021 – 3 Ekim 2021" in text
    assert "Eskişehir 100.000 kişide 25.000,0 vaka, Çok Yüksek" in text
    assert mother.html.count('<g class="tile ') == 81
    assert mother.html.count('<g class="tile very-high"') == 1
    assert mother.html.count('<g class="tile none"') == 80


# The check screen


@pytest.mark.parametrize("write", ["{code}", "{dashed}", " {lower} ", "{token}|{code}", "{token};{dashed}"])
def test_checking_a_code(town: Town, mother: AppWindow, write: str) -> None:
    """Bare, with dashes, in lower case, or all that a QR says; the holder sees who asked."""
    code = town.issue(town.father)
    dashed = HesCode(code.text).dashed
    typed = write.format(code=code.text, dashed=dashed, lower=code.text.lower(), token=code.qr_token)
    mother.go("/kontrol")
    told = mother.send("/kontrol", code=typed)
    number = f"********{town.father.identity.digits[8:]}"
    assert f"Riskli Adı soyadı AL**** YI**** Kimlik numarası {number} Geçerlilik 11 Ekim 2021, 08:00" in told
    (row,) = town.ministry.queries.about(town.father.citizen_id)
    assert (row.asker, row.purpose) == (f"citizen:{town.mother.citizen_id}", "person")


def test_checking_with_vaccine_and_test(town: Town, father: AppWindow) -> None:
    """What is shared, and whether the person may come in by the rules of the day."""
    mothers, strangers = town.issue(), town.issue(town.stranger)
    father.go("/kontrol")
    told = father.send("/kontrol", code=mothers.text, plus="on")
    assert "Aşılı Evet Geçirilmiş hastalık Hayır Negatif test Evet" in told
    assert "Uygun Kişi aşılı veya hastalığı geçirmiş olduğundan uygundur." in told
    told = father.send("/kontrol", code=strangers.text, plus="on")
    assert "Aşılı Paylaşmıyor" in told
    assert "Uygun değil Kişi aşı, geçirilmiş hastalık ve test bilgilerini paylaşmadığından" in told


def test_codes_that_are_not_good(town: Town, mother: AppWindow) -> None:
    """Unknown, none at all, or expired: what to do now; an identity number typed by mistake is not kept."""
    code = town.issue(town.father, days=1)
    town.advance(days=1)
    mother.go("/kontrol")
    for typed in ("A0A0000010", "hello", "", town.father.identity.digits):
        assert "Böyle bir HES kodu yok" in mother.send("/kontrol", code=typed)
        assert mother.status == 400
    assert "Bu HES kodunun süresi dolmuş." in mother.send("/kontrol", code=code.text)
    rows = town.ministry.queries.by(f"citizen:{town.mother.citizen_id}")
    assert [row.code for row in rows] == [code.text, None, None, None, "A0A0000010"]


def test_a_question_that_cannot_be_kept_is_not_answered(town: Town, mother: AppWindow) -> None:
    code = town.issue(town.father)
    mother.go("/kontrol")
    town.ministry.world.database.raw.execute("PRAGMA query_only = ON")
    assert "Servis şu anda yanıt veremiyor." in mother.send("/kontrol", code=code.text)
    assert (mother.status, "AL****" in mother.text) == (503, False)
    town.ministry.world.database.raw.execute("PRAGMA query_only = OFF")
    assert "AL****" in mother.send("/kontrol", code=code.text)


def test_risk_shows_on_the_own_code(town: Town, mother: AppWindow) -> None:
    """From the moment of the report on."""
    town.issue()
    assert "Riskli Değil" in mother.go()
    sampled = MONDAY - timedelta(hours=1)
    town.ministry.risk_index.file([PcrReport(citizen_id=town.mother.citizen_id, sampled_at=sampled, positive=True)])
    assert "Riskli Değil" not in mother.go()
    assert "İzolasyondasınız" in mother.text


ODD = ("", "\x00", "x" * 5000, "\N{FAMILY}\u202e", "%ED%A0%80", "-1", "9" * 400, "' OR 1=1 --", "<b>")
FORMS = {
    "/giris": ("phone",),
    "/dogrula": ("phone", "password"),
    "/kayit": ("identity_number", "birth_date"),
    "/yeni-kod": ("whose", "description", "duration", "last_day"),
    "/kodlar/paylas": ("code", "label"),
    "/kodlar/kisalt": ("code", "last_day"),
    "/kodlar/sil": ("code",),
    "/aile/davet": ("phone", "relation"),
    "/aile/kabul": ("number",),
    "/aile/ret": ("number",),
    "/aile/izin": ("number",),
    "/aile/bitir": ("number",),
    "/kontrol": ("code",),
}


@pytest.mark.parametrize("path", FORMS)
def test_odd_forms(town: Town, mother: AppWindow, path: str) -> None:
    """Whatever is sent is refused on a page, with nothing written but the trail of questions."""
    nobody = AppWindow(town)
    window = nobody if path in ("/giris", "/dogrula") else mother
    window.go("" if window is nobody else "/yeni-kod")
    before = town.counts() | {"asked": 0}
    for odd in ODD:
        window.send(path, follow=False, **dict.fromkeys(FORMS[path], odd))
        assert 400 <= window.status < 500, (path, odd)
        assert "<b>" not in window.html.partition("<main")[2]
        window.go("" if window is nobody else "/yeni-kod")
    for raw in (b"", b"form_token=\xff", b"%", b"{}", b"a=b&" * 30_000):
        sent = {"cookie": f"hes_app={window.cookies.get('hes_app', '')}", "content-type": "text/plain"}
        for kind in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
        ):
            answer = town.client.post(BASE + path, content=raw, headers=sent | {"content-type": kind})
            assert 400 <= answer.status_code < 500, (path, raw[:20], kind)
    assert town.counts() | {"asked": 0} == before


# The shell


@pytest.mark.parametrize("path", SHELL)
def test_the_shell_is_nobodys(town: Town, path: str) -> None:
    """It is the same for everybody, signed in or not."""
    window = AppWindow(town)
    window.go(path)
    nobodys = window.html
    assert (window.status, window.headers["content-type"]) == (200, SHELL[path])
    window.sign_in(town.mother)
    window.go(path)
    assert window.html == nobodys


def test_the_manifest_leads_back_to_its_own_world(town: Town) -> None:
    """Addresses are relative, so that each world's application is another one."""
    told = town.client.get(f"{BASE}/manifest.webmanifest?lang=en").json()
    assert (told["start_url"], told["scope"], told["display"]) == ("../uygulama?lang=en", "../uygulama", "standalone")
    assert (told["name"], told["lang"]) == ("Hayat Eve Sığar (sandbox)", "en")
    assert [icon["purpose"] for icon in told["icons"]] == ["any", "maskable"]
    for icon in told["icons"]:
        assert town.client.get(f"{BASE}/{icon['src']}").status_code == 200


def test_the_worker_may_serve_the_first_page(town: Town) -> None:
    """Whose address has no slash at its end."""
    answer = town.client.get(f"{BASE}/worker.js")
    assert answer.headers["service-worker-allowed"] == BASE
    assert re.search(r"`\$\{OURS\}[0-9a-f]{12}`", answer.text)


def test_worlds_do_not_share_a_sign_in(town: Town) -> None:
    """The cookie goes to its own world's paths, and another world's token opens nothing."""
    other = town.worlds.make("other", seed=5)
    window = AppWindow(town)
    window.sign_in(town.mother)
    sent = {"cookie": f"hes_app={window.cookies['hes_app']}"}
    answer = town.client.get(f"/w/{other.world.name}{BASE}/kodlar", headers=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/w/other{BASE}")
