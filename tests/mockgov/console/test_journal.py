"""The journal's pages, over a plain twin of a journal."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from mockgov.console import exchanges
from mockgov.refusal import Refused
from tests.mockgov.console.house import Visitor, shown, text_of
from tests.mockgov.counters.town import MONDAY


@dataclass(frozen=True)
class Said:
    """One direction."""

    head: Sequence[tuple[str, str]] = ()
    body: str = ""


@dataclass(frozen=True)
class Exchanged:
    """An exchange."""

    number: int
    at = MONDAY
    protocol: str = "http"
    operation: str = "/services/g2g/saglik/hes/check-hes-code"
    method: str = "POST"
    path: str = "/services/g2g/saglik/hes/check-hes-code"
    asker: str = "KURUM-G2G-HES"
    subjects: tuple[str, ...] = ("A1B2345617",)
    status: int = 200
    refusal: str = ""
    fault: str = ""
    request: Said = Said((("content-type", "application/json"),), '{"hes_code": "<A1B2345617>"}')
    response: Said = Said()


@dataclass
class PlainBook:
    """A journal in a list."""

    kept: list[Exchanged]
    asked: list[Mapping[str, str | int]] = field(default_factory=list)

    def search(self, wanted: Mapping[str, str | int], *, limit: int, before: int | None) -> Sequence[Exchanged]:
        self.asked.append(wanted)
        fits = [one for one in reversed(self.kept) if before is None or one.number < before]
        return [one for one in fits if wanted.get("status", one.status) == one.status][:limit]

    def exchange(self, number: int) -> Exchanged:
        found = next((one for one in self.kept if one.number == number), None)
        if found is None:
            raise Refused("The journal has no such exchange.", key="nosuchexchange")
        return found


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> PlainBook:
    """A journal of 120 exchanges, in the place of the world's."""
    made = PlainBook([Exchanged(number) for number in range(1, 121)])
    made.kept[99] = replace(made.kept[99], status=503, refusal="unavailable", fault="f-1-7", asker="")
    monkeypatch.setattr(exchanges, "journal_of", lambda _: made)
    return made


def test_a_world_without_a_journal(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Says so."""
    monkeypatch.setattr(exchanges, "journal_of", lambda _: None)
    assert text_of(visitor.open("/console/journal"), "none") == "Bu dünya günlük tutmuyor."
    visitor.open("/console/journal/1", 400)


def test_the_journal_is_read_in_pages(visitor: Visitor, book: PlainBook) -> None:
    """The latest first, and on with what was looked for."""
    page = visitor.open("/console/journal", text="x")
    numbers = re.findall(r"/console/journal/(\d+)", page)
    assert (numbers[0], numbers[-1], len(numbers)) == ("120", "71", 50)
    assert 'href="/console/journal?before=71&amp;text=x"' in page
    last = visitor.open("/console/journal", text="x", before=21)
    assert re.findall(r"/console/journal/(\d+)", last)[-1] == "1"
    assert 'id="more"' not in last
    assert book.asked == [{"text": "x"}, {"text": "x"}]


def test_what_is_looked_for(visitor: Visitor, book: PlainBook) -> None:
    """Each field by its name; a status that is no number is none."""
    query = {"protocol": "http", "operation": "C1", "asker": "K", "code": "A1", "refusal": "any", "status": "503"}
    page = visitor.open("/console/journal", **query)
    assert book.asked == [query | {"status": 503}]
    assert "100 4 Ekim 2021, 08:00 http POST /services" in shown(page)
    assert "503 unavailable arıza" in shown(page)
    visitor.open("/console/journal", status="٣", text="\x00")
    assert book.asked[-1] == {}
    assert "No exchange fits the search." in shown(visitor.open("/console/journal", status="418", lang="en"))


def test_one_exchange(visitor: Visitor, book: PlainBook) -> None:
    """Heads, bodies as text, who and what; never as HTML of its own."""
    assert len(book.kept) == 120
    page = visitor.open("/console/journal/100")
    assert text_of(page, "answered") == "503"
    assert "{&#34;hes_code&#34;: &#34;&lt;A1B2345617&gt;&#34;}" in page
    assert "Arıza f-1-7" in shown(page)
    assert "Gövdesi yok." in shown(page)
    assert "The journal has no such exchange." in shown(visitor.open("/console/journal/121", 400, lang="en"))
    assert MONDAY + timedelta() == book.kept[0].at
