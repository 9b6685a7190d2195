"""A citizen in front of the application's web page, without a browser: follows links of the world, sends forms."""

import re
from html import unescape
from typing import Any

from mockgov.registry.rules import Citizen
from tests.mockgov.counters.town import Town

BASE = "/uygulama"


class AppWindow:
    """Cookies of one's own; `text` is what the page says, without markup."""

    def __init__(self, town: Town, language: str = "") -> None:
        self.town = town
        self.client = town.client
        self.query = f"?lang={language}" if language else ""
        self.cookies: dict[str, str] = {}
        self.html = ""
        self.status = 0
        self.headers: Any = {}

    def go(self, path: str = "", *, follow: bool = True) -> str:
        """Open a page of the application; its text."""
        return self._take(self.client.get(BASE + path + self.query, **self._how()), follow=follow)

    def send(self, path: str, *, follow: bool = True, token: str | None = None, **fields: str) -> str:
        """Send a form with the token of the page that is open; the text of what comes."""
        found = re.search(r'name="form_token" value="(\w+)"', self.html)
        data = {"form_token": token or (found[1] if found else "")} | fields
        return self._take(self.client.post(BASE + path + self.query, data=data, **self._how()), follow=follow)

    def sign_in(self, citizen: Citizen, **fields: str) -> str:
        """Phone, code from the handset, and in."""
        assert citizen.phone is not None
        self.go()
        self.send("/giris", phone=citizen.phone.e164)
        return self.send("/dogrula", phone=citizen.phone.e164, password=self.town.login_code(), **fields)

    @property
    def text(self) -> str:
        """What is to be read on the page's own part."""
        main = self.html.partition("<main")[2].partition("</main>")[0]
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", main.partition(">")[2])).split())

    def _how(self) -> dict[str, Any]:
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"follow_redirects": False, "headers": {"cookie": sent} if sent else {}}

    def _take(self, answer: Any, *, follow: bool) -> str:
        self.client.cookies.clear()
        set_cookie = answer.headers.get("set-cookie", "")
        if set_cookie:
            name, _, value = set_cookie.partition(";")[0].partition("=")
            self.cookies = {name: value} if value.strip('"') else {}
        self.status, self.headers, self.html = answer.status_code, answer.headers, answer.text
        if follow and self.status == 303:
            where = answer.headers["location"]
            return self._take(self.client.get(where, **self._how()), follow=True)
        return self.text
