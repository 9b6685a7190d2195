"""A citizen with the application's page in a browser: headless Chromium, phone and desk, light and dark."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.browser import DESK, PATIENCE_S, PHONE, Browser, browsing
from tests.journeys.callers import Handset, Institution, expect, register
from tests.journeys.served import Served, serving

BASE = "/uygulama"
MOTHER = {"firstname": "Ayşe Nur", "lastname": "Yılmaz", "sex": "FEMALE", "birth_date": "1985-02-28", "province": 26}
FATHER = MOTHER | {"firstname": "Ali", "sex": "MALE"}
CHILD = MOTHER | {"firstname": "Can", "sex": "MALE", "birth_date": "2012-06-01", "has_phone": False, "parents": [-1]}
NEIGHBOUR = MOTHER | {"firstname": "Şule", "lastname": "Öz", "province": 6}

SMALL = """return [...document.querySelectorAll("button, .button, .tabs a, select, input")]
  .filter(one => one.offsetParent !== null || getComputedStyle(one).position === "fixed")
  .filter(one => !["hidden", "radio", "checkbox"].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"""
"""Controls too small for a thumb (WCAG 2.2, 2.5.5)."""
COVERED = """const last = [...document.querySelectorAll("main button, main a, main input, main summary")]
    .filter(one => one.checkVisibility()).pop();
  if (!last) return "";
  window.scrollTo(0, document.body.scrollHeight);
  last.scrollIntoView({block: "nearest"});
  const box = last.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return top && (top === last || last.contains(top)) ? "" : last.outerHTML"""
"""The last control of a page, if the tabs stand before it when one has come to it."""
AXE = """return axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
  .then(found => found.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | ")))"""
"""What axe-core finds wrong."""
OFFERED = "beforeinstallpromptevent.preventDefault() called"
"""What the browser says when the page itself offers to install."""
FAKE_CAMERA = """
  window.BarcodeDetector = class { async detect() { return [{ rawValue: localStorage.getItem("seen") }]; } };
  navigator.mediaDevices.getUserMedia = async () => {
    if (localStorage.getItem("seen") === null) throw new DOMException("no", "NotAllowedError");
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 10, 10);
    setInterval(() => canvas.getContext("2d").fillRect(0, 0, 10, 10), 20);
    return canvas.captureStream();
  };
"""
"""A browser that can read codes, with a camera that sees one: none of ours has both."""


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    """One browser for these journeys."""
    with browsing() as made:
        yield made


@pytest.fixture(scope="module")
def axe() -> str:
    """The axe-core script."""
    package = pytest.importorskip("axe_core_python.base", reason="NOT CHECKED: axe-core-python is not installed")
    return str(package.AXE_SCRIPT)


class Phone:
    """A citizen of a world with the application's page."""

    def __init__(self, browser: Browser, client: httpx2.Client, address: str) -> None:
        self.browser = browser
        self.client = client
        self.address = address + BASE
        self.cookies: list[dict[str, Any]] = []

    def go(self, path: str = "") -> None:
        self.browser.go(self.address + path)

    def click(self, selector: str) -> None:
        """Bring a control to the middle, out from under the tabs, and click it."""
        self.browser.run("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", selector)
        self.browser.click(selector)

    def sign_in(self, person: Mapping[str, Any], *, query: str = "") -> None:
        """Phone, the code from the handset, in."""
        browser = self.browser
        browser.devtools("Network.clearBrowserCookies", {})
        self.go(query)
        browser.fill("#phone", f"+{person['phone']}")
        browser.click("main form button")
        newest = expect(self.client.get("/_lab/sms", params={"phone": person["phone"], "limit": 1}))[0]["text"]
        browser.fill("#password", "".join(letter for letter in newest if letter.isdigit()))
        browser.click("main form button")
        self.cookies = browser.devtools("Network.getAllCookies", {})["cookies"]

    def come_back(self) -> None:
        """Be signed in as one was, whoever has used the browser since."""
        self.browser.devtools("Network.clearBrowserCookies", {})
        self.browser.devtools("Network.setCookies", {"cookies": self.cookies})


@pytest.fixture
def phone(window: Browser, served: Served, world: str, client: httpx2.Client) -> Phone:
    window.resize(*PHONE)
    window.scheme("light")
    return Phone(window, client, f"{served.address}/w/{world}")


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_a_code_from_the_page_to_the_door_and_back(phone: Phone) -> None:
    """Signed in, a code made, shared, asked about by an institution, seen, shortened, deleted, refused at the door."""
    browser = phone.browser
    (mother,) = register(phone.client, MOTHER)
    firm = Institution(phone.client, "ÇINAR-LOJİSTİK")
    phone.sign_in(mother)
    assert browser.text("h1") == "HES kodum"
    assert mother["phone"] not in browser.address
    browser.click("main a.button")
    browser.fill("#description", "İşyeri")
    browser.tick("#duration-30")
    phone.click("main form button")
    assert browser.text("#done") == "Kodunuz hazır"
    code = str(browser.run("return document.querySelector('.code').dataset.code"))
    assert browser.text(".code h2").replace("-", "") == code
    assert firm.status(code) == "RISKLESS"

    browser.click(".tabs li:nth-child(5) a")
    assert browser.text(".asked-who") == "ÇINAR-LOJİSTİK A.Ş. (sandbox)"
    assert "Tekil sorgu · 4 Ekim 2021, 08:00" in browser.text(".asked li")

    browser.click(".tabs li:nth-child(2) a")
    browser.tick(".code summary")
    browser.fill(".code [name=label]", "Çınar Lojistik")
    phone.click(".code form:nth-of-type(1) button")
    assert browser.text(".shares li") == "Çınar Lojistik · 4 Ekim 2021"
    browser.tick(".code summary")
    browser.run("document.querySelector('.code [name=last_day]').value = '2021-10-05'")
    phone.click(".code form:nth-of-type(2) button")
    assert "6 Ekim 2021, 00:00" in browser.text(".code")
    browser.tick(".code summary")
    phone.click(".code form:nth-of-type(3) button")
    assert browser.text("#done").startswith("Kod silindi.")
    assert expect(firm.ask("C3", code), 400)["errorKey"] == "hescodenotfound"
    browser.click(".tools button")
    assert browser.text("h1") == "Telefonunuzla girin"


def test_the_camera_reads_what_a_qr_says(phone: Phone) -> None:
    """Where the browser can; the whole text of the image is asked about. Refused, it says what to do instead."""
    browser = phone.browser
    mother, neighbour = register(phone.client, MOTHER, NEIGHBOUR)
    handset = Handset(phone.client, mother)
    handset.sign_in()
    payload = handset.make_code()["hes_code_barcode"]
    phone.sign_in(neighbour)
    phone.go("/kontrol")
    assert browser.run("return document.getElementById('camera').hidden") is True
    stub = browser.devtools("Page.addScriptToEvaluateOnNewDocument", {"source": FAKE_CAMERA})
    try:
        phone.go("/kontrol")
        browser.tick("#camera-start")
        wait(lambda: "Kameraya izin verilmedi." in browser.text("#camera-says"))
        browser.run("localStorage.setItem('seen', arguments[0])", payload)
        browser.click("#camera-start")
        assert browser.text(".verdict-word") == "Riskli Değil"
        assert "AY**** NU**** YI****" in browser.text("#result")
    finally:
        browser.run("localStorage.clear()")
        browser.devtools("Page.removeScriptToEvaluateOnNewDocument", {"identifier": stub["identifier"]})
    (row,) = handset.askers()
    assert row["purpose"] == "person"


def test_everything_works_without_script(served: Served, world: str, client: httpx2.Client) -> None:
    """From signing in to a check."""
    with browsing(scripts=False) as browser:
        phone = Phone(browser, client, f"{served.address}/w/{world}")
        (mother,) = register(client, MOTHER)
        phone.sign_in(mother)
        browser.click("main a.button")
        browser.click("main form button")
        code = browser.text(".code h2")
        assert browser.count(".code .qr") == 1
        browser.click(".tabs li:nth-child(3) a")
        browser.fill("#code", code)
        browser.click("main form button")
        assert browser.text(".verdict-word") == "Riskli Değil"


def test_offline_there_is_the_shell_and_nothing_else(window: Browser) -> None:
    """The worker keeps nothing of a person's; without a network every screen says that there is none."""
    with serving() as served, served.client() as client:
        phone = Phone(window, client, served.address)
        (mother,) = register(client, MOTHER)
        handset = Handset(client, mother)
        handset.sign_in()
        handset.make_code()
        phone.sign_in(mother)
        scope = window.run("return navigator.serviceWorker.ready.then(one => one.scope)")
        assert scope == f"{served.address}{BASE}"
        for path in ("", "/kodlar", "/aile"):
            phone.go(path)
        assert window.run("return navigator.serviceWorker.controller !== null") is True
        kept = window.run(
            """return caches.keys().then(names => Promise.all(names.map(name => caches.open(name))))
            .then(all => Promise.all(all.map(one => one.keys())))
            .then(all => all.flat().map(one => one.url).sort())"""
        )
        shell = ("app.js", "cevrimdisi", "cevrimdisi?lang=en", "icon-maskable.svg", "icon.svg")
        assert kept == [f"{served.address}{BASE}/{name}" for name in shell]
        manifest = window.devtools("Page.getAppManifest", {})
        assert manifest["errors"] == []
        assert window.devtools("Page.getInstallabilityErrors", {})["installabilityErrors"] == []
    for path, says in (("/kodlar", "Bağlantı yok"), ("?lang=en", "No connection")):
        phone.go(path)
        assert window.text("h1") == says
        assert window.count(".qr") == 0
    window.complaints()


SCREENS = {
    "code": "",
    "new code": "/yeni-kod",
    "codes": "/kodlar",
    "family": "/aile",
    "asked": "/sorgular",
    "isolation": "/izolasyon",
    "country": "/turkiye",
    "check": "/kontrol",
    "offline": "/cevrimdisi",
    "in English": "?lang=en",
    "codes in English": "/kodlar?lang=en",
    "country in English": "/turkiye?lang=en",
}


@pytest.fixture(scope="module")
def town(window: Browser, served: Served) -> Iterator[Phone]:
    """A world in which every screen has something to show; the father, who is ill, is signed in."""
    with served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": "app-screens", "seed": 7}), 201)
        with served.client("app-screens") as client:
            child = CHILD | {"parents": [-1, -2]}
            mother, father, _, neighbour = register(client, MOTHER, FATHER, child, NEIGHBOUR)
            phone = Phone(window, client, f"{served.address}/w/app-screens")
            firm = Institution(client, "ÇINAR-LOJİSTİK")
            handsets = [Handset(client, person) for person in (mother, father, neighbour)]
            for handset in handsets:
                handset.sign_in()
                handset.make_code(description="İşyeri", expiration_date="2021-10-20")
            his = handsets[1]
            first = his.make_code(description="Metro ve otobüs kartı")["hes_code"]
            firm.status(first)
            expect(firm.ask("C1", first))
            handsets[2].check(first)
            share = {"hes_code": first, "label": "Çınar Lojistik"}
            expect(client.post("/services/hescodeproxy/api/share-hes-code", json=share, headers=his.bearer), 201)
            invite(handsets[0], father, "Eşim")
            invite(his, neighbour, "Ablam")
            reports = [
                {"kind": "pcr", "citizen_id": person["citizen_id"], "at": at, "positive": True}
                for person, at in ((father, "2021-10-03T07:00:00Z"), (neighbour, "2021-10-02T07:00:00Z"))
            ]
            expect(client.post("/_lab/reports", json=reports), 201)
            phone.sign_in(father)
            yield phone
        assert lab.delete("/_lab/worlds/app-screens").status_code == 204


def invite(who: Handset, person: Mapping[str, Any], relation: str) -> None:
    body = {
        "invitedUserPhone": f"+{person['phone']}",
        "ownerHealthInfoAllowed": True,
        "ownerLocationInfoAllowed": False,
        "relationName": relation,
    }
    path = "/services/familyservice/api/add-family-member"
    expect(who.client.post(path, json=body, headers=who.bearer), 201)


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESK, "light")], ids=["phone", "phone-dark", "desk"]
)
def test_every_screen_can_be_read_by_everybody(
    town: Phone, axe: str, tmp_path: Path, name: str, size: tuple[int, int], scheme: str
) -> None:
    """axe-core finds nothing; nothing is too wide, too small, or covered; the browser has nothing to complain of."""
    browser = town.browser
    browser.resize(*size)
    browser.scheme(scheme)
    town.come_back()
    browser.complaints()
    town.go(SCREENS[name])
    assert browser.run("return document.documentElement.scrollWidth") <= size[0]
    assert browser.run(SMALL) == []
    assert browser.run(COVERED) == ""
    browser.run("document.querySelectorAll('details').forEach(one => { one.open = true })")
    browser.run(axe)
    assert browser.run(AXE) == []
    assert [one for one in browser.complaints() if OFFERED not in one] == []
    browser.screenshot(tmp_path / "screen.png")
    assert (tmp_path / "screen.png").stat().st_size > 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_way_in_can_be_read_by_everybody(phone: Phone, axe: str, scheme: str) -> None:
    """Sign-in, the code, and a mistake in each."""
    browser = phone.browser
    (mother,) = register(phone.client, MOTHER)
    browser.scheme(scheme)
    browser.devtools("Network.clearBrowserCookies", {})
    phone.go()
    browser.run(axe)
    assert browser.run(AXE) == []
    browser.fill("#phone", "12")
    browser.click("main form button")
    assert "Bu telefon bu deneme ortamında yok." in browser.text("main")
    browser.run(axe)
    assert browser.run(AXE) == []
    browser.fill("#phone", f"+{mother['phone']}")
    browser.click("main form button")
    browser.fill("#password", "1")
    browser.click("main form button")
    assert "Kod yanlış" in browser.text("#refused")
    browser.run(axe)
    assert browser.run(AXE) == []


def test_the_keyboard_reaches_the_tabs(town: Phone) -> None:
    """The first stop is the way past the head; the tabs come after the content, and the present one is marked."""
    browser = town.browser
    browser.resize(*PHONE)
    town.come_back()
    town.go("/turkiye")
    browser.press("\ue004")
    assert browser.run("return document.activeElement.className") == "skip"
    assert browser.texts(".tabs a[aria-current=page]") == ["Türkiye"]
    first = "return [...document.querySelectorAll('a, button, summary')].findIndex(one => one.closest(arguments[0]))"
    assert browser.run(first, ".tabs") > browser.run(first, "main") > 0
