"""A person with a browser writes to 2023 and opens the QR's page. Headless Chromium."""

from collections.abc import Iterator, Mapping

import httpx2
import pytest

from tests.browser import PHONE, Browser, browsing
from tests.journeys.callers import expect, register
from tests.journeys.served import Served
from tests.journeys.test_pages import DANGLING, NAMELESS, SMALL, STAMP, TWICE

PERSON = {"firstname": "Işıl", "lastname": "Çağ", "sex": "FEMALE", "birth_date": "1980-01-01", "province": 26}


def ask(browser: Browser, address: str, client: httpx2.Client) -> str:
    """Write a text by hand, and wait for the answers; the code."""
    (person,) = register(client, PERSON)
    browser.go(f"{address}/telefon")
    browser.click("#people tbody a")
    assert browser.text("#phone") == f"+{person['phone']}"
    assert browser.value("#to") == "2023"
    browser.fill("#text", f"hes {person['identity_number']} {person['id_card'][-4:]} 30")
    browser.click("#send")
    browser.click("#wait")
    assert len(browser.texts(".texts li")) == 3
    return browser.text(".texts li .text").split()[0]


def test_a_code_by_hand_without_script(served: Served, world: str, client: httpx2.Client) -> None:
    """In a browser that runs none: a text, its replies, the QR's page with its image, and its end."""
    with browsing(scripts=False) as browser:
        code = ask(browser, f"{served.address}/w/{world}", client)
        browser.click(".texts li .text a")
        assert browser.text("#hes-code") == code
        assert browser.text("#ends") == "3 Kasım 2021, 08:00"
        page = browser.address
        assert client.delete(f"/_lab/codes/{code}").status_code == 204
        browser.go(page)
        assert browser.text("h1") == "Bu HES kodu silindi"


PAGES = {
    "phones": "/telefon",
    "phones in English": "/telefon?lang=en",
    "a phone": "{phone}",
    "a phone in English": "{phone}?lang=en",
    "an empty phone abroad": "/telefon/9991234567890",
    "a stranger's phone": "/telefon/905321234567",
    "a code": "{code}",
    "a code in English": "{code}?lang=en",
    "no code": "/qr/abcdefghijkm",
}


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browsing() as made:
        yield made


@pytest.fixture(scope="module")
def rooms(window: Browser, served: Served) -> Iterator[Mapping[str, str]]:
    """A world with one code made by text: addresses by name."""
    with served.client() as lab:
        expect(lab.post("/_lab/worlds", json={"name": "phones", "seed": 7}), 201)
        address = f"{served.address}/w/phones"
        with served.client("phones") as client:
            ask(window, address, client)
        phone = window.address
        window.click(".texts li .text a")
        known = {"phone": phone.removeprefix(address), "code": window.address.removeprefix(address)}
        yield {name: address + path.format(**known) for name, path in PAGES.items()}
        assert lab.delete("/_lab/worlds/phones").status_code == 204


@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_can_be_read_by_everybody(window: Browser, rooms: Mapping[str, str], name: str) -> None:
    """On a phone nothing has to be pushed aside; every control has a name and is large enough; ids lead somewhere."""
    window.resize(*PHONE)
    window.go(rooms[name])
    assert window.run("return document.documentElement.scrollWidth") == PHONE[0]
    for look in (SMALL, NAMELESS, DANGLING, TWICE):
        assert window.run(look) == []
    assert window.count("h1") == 1
    assert window.run("return document.querySelectorAll('script').length") == 0
    assert STAMP in window.text(".sandbox")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_image_is_shown_dark_on_white_in_both_schemes(
    window: Browser, rooms: Mapping[str, str], scheme: str
) -> None:
    """The policy of the page lets the drawing in, and nothing breaks it."""
    window.scheme(scheme)
    window.complaints()
    window.go(rooms["a code"])
    assert window.run("const qr = document.getElementById('qr'); return qr.complete && qr.naturalWidth > 0")
    assert window.run("return getComputedStyle(document.getElementById('qr')).backgroundColor") == "rgb(255, 255, 255)"
    assert window.complaints() == []
