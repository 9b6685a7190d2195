"""e-Devlet in a headless Chromium: without script, on a phone, in light and dark, by keyboard, and by axe-core."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx2
import pytest

from tests.browser import DESK, PHONE, Browser, browsing
from tests.edevlet import CODES, GROUPS, QUERY, codes, workbook
from tests.journeys.callers import expect, register
from tests.journeys.served import Served
from tests.journeys.test_pages import DANGLING, NAMELESS, SMALL, STAMP, TWICE

PERSON = {"firstname": "Işıl", "lastname": "Çağ", "sex": "FEMALE", "birth_date": "1980-01-01", "province": 26}
CHILD = PERSON | {"firstname": "Can", "birth_date": "2012-06-01", "has_phone": False, "parents": [-1]}
POSITIVE = PERSON | {"firstname": "Ali", "lastname": "Öz", "sex": "MALE"}
SHOP = {"kind": "WORKPLACE", "name": "Dükkân (sandbox)", "label": "DUKKAN", "province": 26, "staff_count": 12}

AXE = """const done = arguments[arguments.length - 1];
  axe.run().then(found => done(found.violations.map(one => one.id + ": " + one.nodes.map(n => n.html).join(" | "))))
    .catch(error => done([String(error)]))"""


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """One browser for these pages."""
    with browsing() as made:
        yield made


class AtTheCounter:
    """A manager with a child, a browser, and a world in which every page has something to show."""

    def __init__(self, browser: Browser, address: str, client: httpx2.Client) -> None:
        self.browser = browser
        self.address = address
        self.client = client
        self.people = register(client, PERSON, CHILD, POSITIVE)
        expect(client.post("/_lab/institutions", json=SHOP | {"staff": [1]}), 201)
        report = {"kind": "pcr", "citizen_id": 3, "at": "2021-10-03T05:00:00Z", "positive": True}
        expect(client.post("/_lab/reports", json=[report]), 201)
        made = [expect(client.post("/_lab/codes", json=[{"citizen_id": n, "days": 30}]), 201)[0] for n in (2, 3)]
        self.fine, self.risky = (one["hes_code"] for one in made)

    def go(self, path: str) -> None:
        self.browser.go(self.address + path)

    def sign_in(self) -> None:
        known = expect(self.client.get("/_lab/people/1/edevlet"))
        self.go("/Giris/gir")
        self.browser.fill("#tridField", known["identity_number"])
        self.browser.fill("#egpField", known["password"])
        self.browser.click(".submitButton")

    def pass_time(self, seconds: int) -> None:
        expect(self.client.post("/_lab/clock", json={"advance_s": seconds}))

    def query(self, code: str) -> None:
        self.go(QUERY)
        self.browser.fill("#hes_kodu", code)
        self.browser.click(".submitButton")

    def fill_group(self, folder: Path) -> None:
        """Make a group, and upload a list with a few mistakes."""
        rows = [self.fine, self.risky, *codes(3), None, "A0A0-0000-10", "=A2", "x", "y", self.fine]
        (folder / "liste.xlsx").write_bytes(workbook(*rows))
        browser = self.browser
        self.go(f"{GROUPS}?yeni=grup")
        browser.fill("#grupAdi", "Çalışanlar")
        browser.fill("#grupAciklama", "Mağaza ve depo")
        browser.click(".submitButton")
        browser.click("a[href*='i=x']")
        browser.fill(".filedropzone", str(folder / "liste.xlsx"))
        browser.click("[name=btn]")


def test_every_flow_works_without_script(served: Served, world: str, client: httpx2.Client, tmp_path: Path) -> None:
    """Sign in, query, make, share and delete a code, fill and query a group: in a browser that runs none."""
    with browsing(scripts=False) as browser:
        person = AtTheCounter(browser, f"{served.address}/w/{world}", client)
        person.sign_in()
        assert browser.text(".userMenuButton") == "IŞIL ÇAĞ"
        person.query(person.risky)
        assert "kuyruğa alınmıştır" in browser.text(".waitContainer")
        person.pass_time(2)
        browser.click(".actions .button")
        assert browser.texts(".compact dd")[4] == "Riskli"

        person.go(CODES)
        browser.click(".contentToolbar .button")
        browser.choose("#kime", "1")
        browser.fill("#aciklama", "Okul")
        browser.click(".submitButton")
        assert browser.text(".confirmContainer") == "HES kodu üretildi."
        browser.click("tbody tr:last-child a")
        browser.fill("#kurum", "Atatürk İlkokulu")
        browser.click("#paylas")
        assert "Atatürk İlkokulu" in browser.texts(".compact dd")[5]
        browser.click("#sil")
        assert browser.count("tbody tr") == 1

        person.fill_group(tmp_path)
        assert browser.texts(".compact dd") == ["5", "0", "1", "1", "4", "5"]
        assert browser.texts("#faults li")[-1] == "Satır 10–11: HES kodu değil, on karakter (A-Z, 0-9) yazın"
        browser.click(".list-right .second")
        assert browser.texts("h2") == [
            "Geçersiz HES Kodu Listesi (Süresi dolmuş, Silinmiş)",
            "Riskli HES Kodu Listesi (Pozitif, Temaslı)",
        ]
        assert [browser.count(f"#{name}") for name in ("asked", "riskless")] == [1, 1]
        browser.click(".logout")
        browser.click(".actionButton")
        assert browser.count("#tridField") == 1


def test_a_waiting_page_loads_itself_again(window: Browser, served: Served, world: str, client: httpx2.Client) -> None:
    """As published scrapers wait for: nobody clicks anything, and the result is there."""
    person = AtTheCounter(window, f"{served.address}/w/{world}", client)
    person.sign_in()
    person.query(person.fine)
    waiting = window.page
    person.pass_time(2)
    window.leave(waiting)
    assert window.texts(".compact dd")[4] == "Riskli Değil"


def test_the_keyboard_reaches_everything(window: Browser, served: Served, world: str, client: httpx2.Client) -> None:
    """The first stop is the way past the head; a form is filled in and sent without a mouse."""
    person = AtTheCounter(window, f"{served.address}/w/{world}", client)
    person.sign_in()
    person.go(QUERY)
    window.press("\ue004")
    assert window.run("return document.activeElement.className") == "skip"
    window.run("document.getElementById('hes_kodu').focus()")
    before = window.page
    window.press(f"{person.fine}\ue007")
    window.leave(before)
    assert window.count(".waitContainer") == 1


PAGES = {
    "door": "/Giris/gir",
    "door in English": "/Giris/gir?lang=en",
    "wrong password": "{wrong}",
    "closed": QUERY,
    "home": "/e-devlet",
    "password": "/e-devlet/sifre",
    "leaving": "/Giris/cikis",
    "query": QUERY,
    "result": "{result}",
    "result in English": "{result}&lang=en",
    "bad code": "{bad}",
    "queue": "{queue}",
    "codes": CODES,
    "new code": f"{CODES}?yeni=kod",
    "code": f"{CODES}?i=d&s=0",
    "no such code": f"{CODES}?i=d&s=9",
    "groups": GROUPS,
    "groups in English": f"{GROUPS}?lang=en",
    "new group": f"{GROUPS}?yeni=grup",
    "group": f"{GROUPS}?i=g&s=0",
    "group's codes": f"{GROUPS}?i=k&s=0",
    "upload": f"{GROUPS}?i=x&s=0",
    "uploaded": "{uploaded}",
    "group's result": f"{GROUPS}?i=s&s=0",
    "group's result in English": f"{GROUPS}?i=s&s=0&lang=en",
    "take out": f"{GROUPS}?i=ks&s=0&k={codes(1)[0]}",
    "drop group": f"{GROUPS}?i=d&s=0",
}
OUTSIDE = ("door", "door in English", "wrong password", "closed")
"""Pages for somebody who is not signed in."""


class Rooms:
    """Brings each page up, and knows who is signed in."""

    def __init__(self, person: AtTheCounter, folder: Path) -> None:
        self.person = person
        self.folder = folder
        person.sign_in()
        person.go(f"{CODES}?yeni=kod")
        person.browser.fill("#aciklama", "İş yeri")
        person.browser.click(".submitButton")
        person.fill_group(folder)
        self.inside = True

    def show(self, name: str) -> None:
        """Open the page of that name."""
        person, browser = self.person, self.person.browser
        if (name not in OUTSIDE) != self.inside:
            browser.devtools("Network.clearBrowserCookies", {})
            self.inside = not self.inside
            if self.inside:
                person.sign_in()
        path = PAGES[name]
        if path == "{wrong}":
            person.go("/Giris/gir")
            browser.fill("#tridField", person.people[0]["identity_number"])
            browser.fill("#egpField", "yanlış")
            browser.click(".submitButton")
        elif path == "{uploaded}":
            person.go(f"{GROUPS}?i=x&s=0")
            browser.fill(".filedropzone", str(self.folder / "liste.xlsx"))
            browser.click("[name=btn]")
        elif path in ("{result}", "{result}&lang=en", "{bad}", "{queue}"):
            person.query("A0A0000010" if path == "{bad}" else person.risky)
            if path != "{queue}":
                person.pass_time(2)
                person.go(f"{QUERY}?sonuc=Goster" + path.partition("}")[2])
        else:
            person.go(path)


@pytest.fixture(scope="module")
def rooms(window: Browser, served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """A world in which every page has something to show."""
    settings = {"edevlet_attempts": 1000, "edevlet_session_minutes": 10_000}
    with served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": "edevlet", "seed": 7, "settings": settings}), 201)
        with served.client("edevlet") as client:
            person = AtTheCounter(window, f"{served.address}/w/edevlet", client)
            yield Rooms(person, tmp_path_factory.mktemp("rooms"))
        assert lab.delete("/_lab/worlds/edevlet").status_code == 204


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_can_be_read_by_everybody(window: Browser, rooms: Rooms, name: str) -> None:
    """On a phone nothing has to be pushed aside; every control has a name and is large enough; ids lead somewhere."""
    window.resize(*PHONE)
    rooms.show(name)
    assert window.run("return document.documentElement.scrollWidth") == PHONE[0]
    assert window.run(SMALL) == []
    assert window.run(NAMELESS.replace("!one.innerText.trim())", "!one.innerText.trim() && !one.value)")) == []
    assert window.run(DANGLING) == []
    assert window.run(TWICE) == []
    assert window.count("h1") == 1
    assert window.run("return document.querySelectorAll('script').length") == 0
    assert STAMP in window.text(".sandbox")


@pytest.fixture(scope="module")
def axe() -> str:
    """The checker's script."""
    spec = find_spec("axe_core_python")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("NOT CHECKED: axe-core-python is not installed")
    return (Path(spec.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


def violations(window: Browser, axe: str) -> list[str]:
    """What the checker has to say of the page that is open: its rules with the elements that break them."""
    window.devtools("Runtime.evaluate", {"expression": axe})
    return list(window.run_later(AXE))


@pytest.mark.parametrize("name", PAGES)
def test_axe_core_finds_no_violation(window: Browser, rooms: Rooms, axe: str, name: str) -> None:
    """Not of one of its rules, in light and in dark colours."""
    window.resize(*DESK)
    rooms.show(name)
    for scheme in ("light", "dark"):
        window.scheme(scheme)
        assert violations(window, axe) == [], scheme


def test_axe_core_finds_what_is_planted(window: Browser, rooms: Rooms, axe: str) -> None:
    """A picture without words, a field without a label, grey on grey."""
    window.scheme("light")
    rooms.show("query")
    window.run("document.querySelector('label').remove()")
    planted = "<img src='data:,'><p class='pale'>Bu yazı zor okunur.</p>"
    window.run(f"document.getElementById('contentStart').insertAdjacentHTML('beforeend', \"{planted}\")")
    window.run("document.querySelector('.pale').style.color = '#bbb'")
    found = {one.partition(":")[0] for one in violations(window, axe)}
    assert found >= {"image-alt", "label", "color-contrast"}


@pytest.mark.parametrize(("scheme", "ground"), [("light", "rgb(243, 245, 244)"), ("dark", "rgb(14, 20, 19)")])
def test_the_sheet_is_taken_in_both_schemes(window: Browser, rooms: Rooms, scheme: str, ground: str) -> None:
    """The policy of the page lets its own style in, and nothing breaks it."""
    window.scheme(scheme)
    window.complaints()
    rooms.show("group's result")
    assert window.run("return getComputedStyle(document.body).backgroundColor") == ground
    assert window.complaints() == []
