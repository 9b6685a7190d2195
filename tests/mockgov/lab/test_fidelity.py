"""How faithful it is: every package's table, whole, as JSON and as a page in both languages."""

import ast
import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.lab.fidelity import LEVELS, tables
from mockgov.lab.fidelity_names import NAMES
from mockgov.worlds import Worlds
from tests.house.product import ROOT, read


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    worlds = Worlds()
    worlds.make("default")
    with TestClient(create_app(worlds)) as client:
        yield client
    worlds.close()


def packages() -> list[tuple[str, str]]:
    """Every service and counter, by looking into the folders."""
    services = {path.parent.name for path in (ROOT / "mockgov").glob("*/service.py")}
    counters = {path.parent.name for path in (ROOT / "mockgov/counters").glob("*/__init__.py")}
    return [*(("service", name) for name in sorted(services)), *(("counter", name) for name in sorted(counters))]


def rows(kind: str, name: str) -> list[list[str]]:
    """The cells of a package's table, read from the file."""
    folder = "mockgov" if kind == "service" else "mockgov/counters"
    docstring = ast.get_docstring(ast.parse(read(f"{folder}/{name}/__init__.py"))) or ""
    table = docstring.partition("|---|---|\n")[2].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:3]] for row in table]


def test_every_service_and_counter_is_there_with_every_row(client: TestClient) -> None:
    """None is left out, and none of its rows is changed."""
    told = {(one["kind"], one["package"]): one for one in client.get("/_lab/fidelity").json()["packages"]}
    assert set(packages()) <= set(told)
    for key in packages():
        parts = told[key]["parts"]
        assert [[one["part"], one["fidelity"]] for one in parts] == [
            [part.replace("\\|", "|"), next(level for level in LEVELS if word.startswith(level))]
            for part, word in rows(*key)
        ]
        for one, (_, word) in zip(parts, rows(*key), strict=True):
            assert one["note"] in word.replace("\\|", "|")
        assert told[key]["mimics"]


def test_the_counts_are_those_of_the_rows(client: TestClient) -> None:
    shown = client.get("/_lab/fidelity").json()
    assert shown["counts"] == {
        level: sum(part["fidelity"] == level for one in shown["packages"] for part in one["parts"]) for level in LEVELS
    }
    assert sum(shown["counts"].values()) > 300


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ("Ne kadar aslına uygun?", "burada seçildi", "Kayıtlı elektronik posta", 'lang="tr"')),
        ("?lang=en", ("How faithful is it?", "chosen here", "Registered e-mail", 'lang="en"')),
    ],
)
def test_the_page_says_the_same(client: TestClient, query: str, words: tuple[str, ...]) -> None:
    """Every row of every package, in the frame of the pages; nothing is fetched from elsewhere."""
    answer = client.get(f"/_lab/fidelity.html{query}")
    assert answer.status_code == 200
    html = unescape(re.sub(r"</?code>", "", answer.text))
    for word in words:
        assert word in html
    for one in tables():
        assert f'id="{one["kind"]}-{one["package"]}"' in html
        for part in one["parts"]:
            assert f">{part['part'].replace('`', '')}</th>" in html
            assert part["note"].replace("`", "") in html
    assert not re.search(r"<script|src=|href=\"http", html)


def test_every_package_has_a_name_in_both_languages() -> None:
    assert {one["package"] for one in tables()} <= set(NAMES)


def test_it_answers_in_every_world(client: TestClient) -> None:
    client.post("/_lab/worlds", json={"name": "x"})
    assert client.get("/w/x/_lab/fidelity").json() == client.get("/_lab/fidelity").json()
    assert 'href="/w/x/_lab/fidelity' in client.get("/w/x/_lab/fidelity.html").text


def test_what_is_absent_is_named_and_not_denied() -> None:
    """In a row that says itself that something is so, or is not so, "absent" would say the contrary."""
    aside = re.compile(r"\(.*?\)|, (?:which|such as) .*| (?:whose|that) .*")
    claim = re.compile(r"\b(?:not|no|none|never|nobody|nothing|is|are|says|has|have)\b")
    rows = [(one["package"], part["part"]) for one in tables() for part in one["parts"] if part["fidelity"] == "absent"]
    assert len(rows) > 20
    assert [row for row in rows if claim.search(aside.sub("", row[1]))] == []
