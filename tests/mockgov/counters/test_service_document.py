"""The service document says what the corporate counter does, no more and no less."""

import json
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import msgspec
import pypdf
import pytest

from mockgov.counters.corporate import document, meanings
from mockgov.counters.corporate.openapi import ANSWERS, merged
from mockgov.counters.corporate.wire import OPERATIONS
from tests.mockgov.counters.town import BASES, LIVE, TEST, Town

SCHEMA = merged({"paths": {}})
STAMP = "SANDBOX — hukuki geçerliliği yoktur"


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """What stands on each page, without blanks: a long word may be broken where a line ends."""
    read = pypdf.PdfReader(BytesIO(document.service_document()))
    return [squeezed(page.extract_text()) for page in read.pages]


@pytest.fixture(scope="module")
def text(pages: list[str]) -> str:
    """The whole text, without heads and feet."""
    whole = re.sub(r"Sayfa\d+", "", "".join(pages))
    return whole.replace(squeezed(STAMP), "").replace(squeezed(document.REFERENCE), "")


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


def fields(part: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    for name, one in part.get("properties", {}).items():
        yield name, one, name in part.get("required", ())


def test_every_path_stands_in_it(text: str) -> None:
    """Twelve, each with its method."""
    assert len(SCHEMA["paths"]) == 12
    for path, methods in SCHEMA["paths"].items():
        assert list(methods) == ["post"]
        assert f"POST{path}" in text
    assert len(re.findall(r"POST/services", text)) == 12


def test_every_field_stands_in_it_with_type_and_meaning(text: str) -> None:
    """Those of bodies, answers, errors and the values of maps."""
    told = set()
    for part in SCHEMA["components"]["schemas"].values():
        for name, _, needed in fields(part):
            told.add(name)
            need = "zorunlu" if needed else "isteğebağlı"
            found = re.search(
                rf"{re.escape(name)}([^.]*?),{need}\.{re.escape(squeezed(meanings.FIELDS[name].meaning))}", text
            )
            assert found, name
            assert re.fullmatch(
                r"(metin|sayı|tamsayı|true/false|null|veya|nesne\(değerleri:\w+\)|[A-Z]\w+)+", found[1]
            ), name
    assert told == set(meanings.FIELDS)


def test_every_status_and_operation_has_a_meaning(text: str) -> None:
    """And none that the counter does not have."""
    statuses = {status for methods in SCHEMA["paths"].values() for status in methods["post"]["responses"]}
    assert statuses == set(meanings.STATUSES)
    assert {one.name for one in OPERATIONS} == set(meanings.OPERATIONS)
    for words in (
        *meanings.STATUSES.values(),
        *meanings.OPERATIONS.values(),
        *(one.meaning for one in meanings.REFUSALS),
    ):
        assert squeezed(words) in text


def test_a_new_field_cannot_be_forgotten() -> None:
    """A schema that has grown makes no document until somebody says what the field means."""
    grown = json.loads(json.dumps(SCHEMA))
    grown["components"]["schemas"]["CodeBody"]["properties"]["novelty"] = {"type": "string"}
    with pytest.raises(KeyError, match="novelty"):
        document.drawn(json.dumps(grown))


def test_limits_environments_and_authentication(text: str) -> None:
    assert "enfazla500kod" in text
    for words in ("<KURUM>-TEST", "<KURUM>-G2G-HES", "HTTPBasic", "RFC7617", "hesdestek@saglik.gov.tr", "6698"):
        assert words in text
    for heading in ("1.Ortamlar", "2.Kimlikdoğrulama", "4.İşlemler", "5.Veritürleri", "6.Hatalar"):
        assert heading in text


def test_the_counter_takes_its_examples_and_gives_its_errors(text: str) -> None:
    """Each example of a body is asked; each `errorKey` that asking can provoke is named, and so are no others."""
    town = Town()
    seen = set()
    for operation in OPERATIONS:
        body = SCHEMA["paths"][BASES[TEST] + operation.suffix]["post"]["requestBody"]["content"]["application/json"]
        example = document.example(SCHEMA, body["schema"])
        assert squeezed(document.written(example)) in text
        answer = town.ask(operation.name, example, environment=TEST)
        seen.add(answer.json().get("errorKey", "success"))
        answer = town.ask(operation.name, {"hes_code": 7}, environment=TEST)
        seen.add(answer.json()["errorKey"])
    code = town.issue(days=1).text
    town.advance(days=2)
    seen.add(town.ask("C3", {"hes_code": code}).json()["errorKey"])
    seen.add(town.ask("C4", [{"hes_code": code}] * 501).json()["errorKey"])
    seen.add(town.ask("C3", b"x" * 2_000_000).json()["errorKey"])
    seen.add(town.ask("C3", {"hes_code": code}, password="wrong").json()["errorKey"])
    seen.add(town.client.put(BASES[LIVE] + "check-hes-code").json()["errorKey"])
    town.close()
    assert seen == {"success"} | {one.key for one in meanings.REFUSALS} - {"unavailable"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_examples_of_answers_are_answers(operation: Any) -> None:
    """They can be read as the very type that the counter writes."""
    answers = SCHEMA["paths"][BASES[LIVE] + operation.suffix]["post"]["responses"]["200"]["content"]
    example = document.example(SCHEMA, answers["application/json"]["schema"])
    read = msgspec.convert(example, ANSWERS[operation.bulk, operation.plus], strict=True)
    assert msgspec.to_builtins(read) == example


def test_it_is_the_same_every_time_and_says_what_it_is(pages: list[str]) -> None:
    """Same schema, same bytes, drawn anew or remembered; the stamp is on every page; Turkish letters are letters."""
    once = document.service_document()
    document.drawn.cache_clear()
    assert document.service_document() == once
    assert document.service_document() is document.service_document()
    assert all(page.count(squeezed(STAMP)) == 2 for page in pages)
    assert "İşlemler" in "".join(pages)
    assert pypdf.PdfReader(BytesIO(once)).metadata.title == document.TITLE
