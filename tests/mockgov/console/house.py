"""Somebody at the console without a browser: opens pages, reads them, and sends their forms."""

import re
from html import unescape
from typing import Any

from tests.mockgov.counters.town import Town


class Visitor:
    """Knows how the console's forms are sent."""

    def __init__(self, town: Town, world: str = "") -> None:
        self.town = town
        self.world = world

    def open(self, path: str, answers: int = 200, **query: str | int) -> str:
        """A page's HTML."""
        answer = self.town.client.get(self.world + path, params=query)
        assert answer.status_code == answers, shown(answer.text)[:500]
        return str(answer.text)

    def send(self, path: str, *, at: str | None = None, answers: int = 200, **fields: str) -> str:
        """Send a form of the page at `path`, to `at` if it goes elsewhere; what is shown after that."""
        sent = {"form_token": self.token(path)} | fields
        answer = self.town.client.post(self.world + (at or path), data=sent)
        assert answer.status_code == answers, shown(answer.text)[:500]
        return str(answer.text)

    def token(self, path: str) -> str:
        return re.findall(r'name="form_token" value="([0-9a-f]+)"', self.open(path))[0]


def shown(page: str) -> str:
    """What a person reads in the main part of a page."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def text_of(page: str, element_id: str) -> str:
    """What a person reads in an element without others of its kind inside."""
    found: Any = re.search(rf'<(\w+)[^>]* id="{element_id}"[^>]*>(.*?)</\1>', page, re.DOTALL)
    assert found, f"nothing is called {element_id}"
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[2])).split())
