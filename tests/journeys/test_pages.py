"""A person with a browser: applies, signs, is refused and accepted; an officer decides. Headless Chromium."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.browser import DESK, PHONE, Browser, browsing
from tests.journeys.callers import expect, register
from tests.journeys.served import Served

COUNTER = "/kurumsal-entegrasyon"
PERSON = {"firstname": "Işıl", "lastname": "Çağ", "sex": "FEMALE", "birth_date": "1980-01-01", "province": 26}
OTHER = PERSON | {"firstname": "Ali", "lastname": "Öz", "sex": "MALE"}
FIRM = {"kind": "WORKPLACE", "name": "Çınar Lojistik A.Ş.", "label": "ÇINAR", "province": 26, "staff_count": 640}
SCHOOL = FIRM | {"kind": "SCHOOL", "name": "Atatürk İlkokulu", "label": "OKUL", "staff_count": 40}
HARBOUR = FIRM | {"name": "Liman İşletmesi A.Ş.", "label": "LIMAN"}
STAMP = "SANDBOX — hukuki geçerliliği yoktur"

BOUNCING = "isil+bounce@cinar.example"

NAMELESS = """return [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a")]
  .filter(one => one.checkVisibility() && !(one.labels && one.labels.length && one.labels[0].innerText.trim())
    && !one.innerText.trim()).map(one => one.outerHTML)"""
"""Controls that a screen reader meets and could not name."""
DANGLING = """return [...document.querySelectorAll("[aria-describedby], [aria-labelledby], a[href^='#']")]
  .flatMap(one => ((one.getAttribute("aria-describedby") || "") + " " + (one.getAttribute("aria-labelledby") || "")
    + " " + (one.hash || "").slice(1)).split(" ")).filter(id => id && !document.getElementById(id))"""
"""Ids that something refers to and that are not there."""
TWICE = """const ids = [...document.querySelectorAll("[id]")].map(one => one.id);
  return ids.filter((id, n) => ids.indexOf(id) !== n)"""
SMALL = """return [...document.querySelectorAll("button, .button, select, input")]
  .filter(one => !["hidden", "radio", "checkbox", "file"].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"""
"""Controls too small for a thumb (WCAG 2.2, 2.5.5)."""


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """One browser for these journeys."""
    with browsing() as made:
        yield made


class Visitor:
    """Somebody with a browser in a world of their own."""

    def __init__(self, browser: Browser, address: str, client: httpx2.Client) -> None:
        self.browser = browser
        self.address = address
        self.client = client
        self.people = register(client, PERSON, OTHER)
        self.firm = expect(client.post("/_lab/institutions", json=FIRM), 201)

    def go(self, path: str) -> None:
        self.browser.go(self.address + path)

    def fill_in(self, **changes: str) -> None:
        """Fill in the form by hand and send it."""
        person = self.people[0]
        self.go(f"{COUNTER}/basvuru")
        typed = {
            "vkn": self.firm["vkn"],
            "institution_name": FIRM["name"],
            "declared_staff": "640",
            "kep_address": "cinar@hs01.kep.tr",
            "identity_number": person["identity_number"],
            "firstname": "Işıl",
            "lastname": "Çağ",
            "title": "Müdür",
            "email": "isil@cinar.example",
            "phone": f"+{person['phone']}",
            "purpose": "Girişte kontrol",
        }
        self.browser.tick("#kind-WORKPLACE")
        self.browser.choose("#province", "26")
        for name, text in (typed | changes).items():
            self.browser.fill(f"#{name}", text)
        self.browser.click("main form .actions button")

    def state(self) -> str:
        return str(self.browser.run("return document.getElementById('state').dataset.state"))

    def move_on(self, **time: float) -> None:
        expect(self.client.post("/_lab/clock", json={"advance_s": 86_400 * time["days"]}))


@pytest.fixture
def visitor(window: Browser, served: Served, world: str, client: httpx2.Client) -> Visitor:
    window.resize(*DESK)
    window.scheme("light")
    return Visitor(window, f"{served.address}/w/{world}", client)


def test_a_form_is_filled_in_signed_and_submitted(visitor: Visitor) -> None:
    """From the first page to the letter in the post, with a mistake, a broken certificate and a good one on the way."""
    browser = visitor.browser
    visitor.go(COUNTER)
    assert STAMP in browser.text(".sandbox")
    browser.click(".actions .button")
    visitor.fill_in(email="isil")
    assert browser.texts("#mistakes li") == ["E-posta adresinin @ işaretinden önceki bölümünü kontrol edin."]
    assert browser.value("#firstname") == "Işıl"
    assert browser.value("#email") == "isil"
    browser.fill("#email", "isil@cinar.example")
    browser.click("main form .actions button")
    number = browser.text("#application-number")
    assert (number, visitor.state()) == ("ETF-2021-000001", "drawn")
    assert len(browser.text("#key")) == 32

    browser.choose("#certificate", "expired")
    browser.click("#sign-button")
    assert "süresi dolmuştu" in browser.text("#refused")
    assert "form.signature" in browser.text("#refused .source")
    assert visitor.state() == "drawn"
    browser.click("#sign-button")
    assert (browser.text("h1"), visitor.state()) == ("İmzalı form alındı", "submitted")
    assert browser.texts(".steps .done .name") == ["Form hazırlandı"]
    assert browser.texts(".steps .here .name") == ["İmzalı form alındı"]

    browser.click("#post-button")
    assert "3 iş günü sonra ulaşır" in browser.text("#posted")
    visitor.move_on(days=4)
    browser.go(browser.address)
    assert visitor.state() == "under-evaluation"


def test_a_signed_file_is_uploaded(visitor: Visitor, tmp_path: Path) -> None:
    """What is no signed form is refused with the rule that it breaks."""
    browser = visitor.browser
    visitor.fill_in()
    (tmp_path / "form.pdf").write_bytes(b"%PDF-1.4\nnothing\n%%EOF")
    browser.fill("#signed", str(tmp_path / "form.pdf"))
    browser.click("#upload-button")
    assert "form.signature" in browser.text("#refused")
    assert visitor.state() == "drawn"


def test_an_officer_decides_at_the_desk(visitor: Visitor) -> None:
    """The application waits in the list; the officer reads, returns it with a reason, and the applicant sees why."""
    browser = visitor.browser
    visitor.fill_in()
    mine = browser.address
    browser.click("#sign-button")
    browser.click("#post-button")
    visitor.move_on(days=4)
    visitor.go("/console/desk")
    assert browser.texts("tbody th") == ["ETF-2021-000001"]
    browser.click("tbody th a")
    assert browser.count("#compared tr.differs") == 0
    assert "Başvuruya engel bir bulgu yok." in browser.text("main")
    browser.fill("#own", "Unvan eksik.")
    browser.click("button[value=return]")
    assert visitor.state() == "returned"
    browser.go(mine)
    assert "Unvan eksik." in browser.text("#findings")
    assert browser.texts(".steps .stopped .name") == ["Düzeltilmek üzere iade edildi"]


def test_a_mail_that_came_back_is_put_right(visitor: Visitor) -> None:
    """The page tells it, takes another address for the authorised person's number, and sends the details again."""
    browser = visitor.browser
    visitor.fill_in(email=BOUNCING)
    mine = browser.address
    browser.click("#sign-button")
    browser.click("#post-button")
    visitor.move_on(days=14)
    browser.go(mine)
    assert visitor.state() == "approved-for-test"
    assert browser.text("#became-test") == "ulaşmadı"
    browser.fill("#identity_number", visitor.people[0]["identity_number"])
    browser.fill("#email", "isil@cinar.example")
    browser.click("#correct-button")
    assert "i****@cinar.example" in browser.text("#corrected")
    browser.click("#resend-test")
    assert (visitor.state(), browser.text("#became-test")) == ("testing", "ulaştı")


def test_everything_works_without_script(served: Served, world: str, client: httpx2.Client) -> None:
    """No page has any; a browser that runs none comes as far as the signed form."""
    with browsing(scripts=False) as browser:
        visitor = Visitor(browser, f"{served.address}/w/{world}", client)
        visitor.go(f"{COUNTER}/basvuru?example=1")
        assert browser.value("#vkn") == visitor.firm["vkn"]
        browser.click("button[name=more]")
        assert browser.count("[id^=branch_name_]") == 2
        browser.click("main form .actions button")
        browser.click("#sign-button")
        assert browser.text("h1") == "İmzalı form alındı"


def test_the_keyboard_reaches_everything(visitor: Visitor) -> None:
    """The first stop is the way past the head, and where one stands can be seen."""
    browser = visitor.browser
    visitor.go(f"{COUNTER}/basvuru")
    browser.press("\ue004")
    assert browser.run("return document.activeElement.className") == "skip"
    assert browser.run("return document.activeElement.getBoundingClientRect().top >= 0")
    ring = browser.run(
        "const style = getComputedStyle(document.activeElement); return [style.outlineStyle, style.outlineWidth]"
    )
    assert ring == ["solid", "3px"]


PAGES = {
    "start": COUNTER,
    "start in English": f"{COUNTER}?lang=en",
    "a lost key": f"{COUNTER}/izle?number=x",
    "form": f"{COUNTER}/basvuru?example=1",
    "application": "{application}",
    "application that is drawn": "{drawn}",
    "application in English": "{application}&lang=en",
    "application whose mail came back": "{bounced}",
    "not opened": "{application}x",
    "desk": "/console/desk?state=all",
    "an empty desk": "/console/desk?state=revoked",
    "case": "/console/desk/ETF-2021-000001",
}


@pytest.fixture(scope="module")
def rooms(window: Browser, served: Served) -> Iterator[Mapping[str, str]]:
    """A world in which every page has something to show: addresses by name."""
    with served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": "pages", "seed": 7}), 201)
        with served.client("pages") as client:
            visitor = Visitor(window, f"{served.address}/w/pages", client)
            school = expect(client.post("/_lab/institutions", json=SCHOOL), 201)
            visitor.fill_in()
            window.click("#sign-button")
            known = {"application": window.address}
            visitor.fill_in(vkn=school["vkn"], institution_name=SCHOOL["name"], declared_staff="40")
            known["drawn"] = window.address
            harbour = expect(client.post("/_lab/institutions", json=HARBOUR), 201)
            visitor.fill_in(vkn=harbour["vkn"], institution_name=HARBOUR["name"], email=BOUNCING)
            window.click("#sign-button")
            known["bounced"] = window.address
            window.click("#post-button")
            visitor.move_on(days=14)
        yield {name: _address(visitor.address, path, known) for name, path in PAGES.items()}
        assert lab.delete("/_lab/worlds/pages").status_code == 204


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_can_be_read_by_everybody(window: Browser, rooms: Mapping[str, str], name: str) -> None:
    """On a phone nothing has to be pushed aside; every control has a name and is large enough; ids lead somewhere."""
    window.resize(*PHONE)
    window.go(rooms[name])
    assert window.run("return document.documentElement.scrollWidth") == PHONE[0]
    assert window.run(SMALL) == []
    assert window.run(NAMELESS) == []
    assert window.run(DANGLING) == []
    assert window.run(TWICE) == []
    assert window.count("h1") == 1
    assert window.run("return document.querySelectorAll('script').length") == 0
    assert STAMP in window.text(".sandbox")


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(243, 245, 244)"), ("dark", "rgb(14, 20, 19)")])
def test_the_sheet_is_taken_in_both_schemes(
    window: Browser, rooms: Mapping[str, str], scheme: str, ground: str
) -> None:
    """The policy of the page lets its own style in, and nothing breaks it."""
    window.scheme(scheme)
    window.complaints()
    window.go(rooms["application"])
    assert window.run("return getComputedStyle(document.body).backgroundColor") == ground
    assert window.complaints() == []


def _address(base: str, path: str, known: Mapping[str, Any]) -> str:
    whole = path.format(**known)
    return whole if whole.startswith("http") else base + whole
