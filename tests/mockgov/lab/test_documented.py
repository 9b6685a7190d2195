"""The OpenAPI is valid, has an example of every request and answer, and every one of them happens as it is written."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockgov.api import make_api
from mockgov.lab.documented import FILE, TABLE, documented, examples, scenario_rows
from mockgov.lab.routes_page import page
from mockgov.magic.scenario import OPERATIONS
from mockgov.magic.table import SCENARIOS
from tests.examples.recording import UNMET, record, written
from tests.examples.stage import Stage

Schema = dict[str, Any]
TELLS_OF_THE_CODE = ("GET /_lab/fidelity",)
"""Operations whose answer is another one whenever a package says more of itself."""


@pytest.fixture(scope="module")
def schema() -> Schema:
    return make_api().openapi()


def operations(schema: Schema) -> list[tuple[str, str, Schema]]:
    return [(method, path, one) for path, item in schema["paths"].items() for method, one in item.items()]


def test_the_document_is_valid(schema: Schema) -> None:
    """OpenAPI 3.1, by an outside validator; the same after it has been asked for twice."""
    assert schema["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(schema).iter_errors()] == []
    before = json.dumps(schema)
    assert json.dumps(documented(schema)) == before


@pytest.mark.slow
def test_every_example_happens_as_it_is_written(schema: Schema) -> None:
    """Each request is sent to a world with all magic people: status and body are those of the record.

    `python -m tests.examples` writes the record anew.
    """
    fresh, kept = record(schema), json.loads(FILE.read_text(encoding="utf-8"))
    for name in TELLS_OF_THE_CODE:
        assert [one["status"] for one in fresh.pop(name)] == [one["status"] for one in kept.pop(name)]
    assert written(fresh) == written(kept)


def test_every_operation_has_an_example_of_every_answer(schema: Schema) -> None:
    """And no example is of an operation or a status that is not there."""
    described = {
        (method.upper(), path, int(status)) for method, path, one in operations(schema) for status in one["responses"]
    }
    shown = {(*name.split(" ", 1), one["status"]) for name, found in examples().items() for one in found}
    assert described - shown == UNMET
    assert shown - described == set()


def test_every_example_fits_the_schema(schema: Schema) -> None:
    """What was answered, and every body that was taken, as the document describes them."""
    fitted = 0
    for name, found in examples().items():
        method, path = name.split(" ", 1)
        operation = schema["paths"][path][method.lower()]
        for one in found:
            answers = operation["responses"][str(one["status"])].get("content", {})
            if "answer" in one and "json" in one["answer_kind"]:
                assert errors(schema, answers[one["answer_kind"]]["schema"], one["answer"]) == [], (name, one)
                fitted += 1
            if "body" in one and one["status"] < 300:
                taken = operation["requestBody"]["content"]["application/json"]["schema"]
                assert errors(schema, taken, one["body"]) == [], (name, one)
                fitted += 1
    assert fitted > 400


def errors(schema: Schema, part: Schema, value: Any) -> list[str]:
    whole = {"components": schema["components"], **part}
    return [error.message for error in OAS31Validator(whole).iter_errors(value)]


def test_examples_stand_where_clients_look_for_them(schema: Schema) -> None:
    """At bodies, answers and parameters; equal refusals once, by reference."""
    check = schema["paths"]["/services/g2g/saglik/hes/check-hes-code"]["post"]
    asked = check["requestBody"]["content"]["application/json"]["examples"]
    assert asked["always-risky"] == {"summary": "always-risky: Always risky", "value": {"hes_code": "H2P7363519"}}
    told = check["responses"]["200"]["content"]["application/json"]["examples"]["always-risky"]["value"]
    assert told["current_health_status"] == "RISKY"
    (refused,) = check["responses"]["401"]["content"]["application/problem+json"]["examples"].values()
    other = schema["paths"]["/services/g2g/saglik/hes/check-hes-codes"]["post"]["responses"]["401"]
    assert refused in other["content"]["application/problem+json"]["examples"].values()
    shown = schema["components"]["examples"][refused["$ref"].rpartition("/")[2]]["value"]
    assert shown["errorKey"] == "badcredentials"
    (number,) = schema["paths"]["/_lab/people/{citizen_id}"]["get"]["parameters"]
    assert isinstance(number["example"], int)


def test_no_example_is_at_anothers_place(schema: Schema) -> None:
    """An answer has the examples of its own operation and status, and no others."""
    for method, path, operation in operations(schema):
        for status, answer in operation["responses"].items():
            for content in answer.get("content", {}).values():
                mine = {one["name"] for one in examples()[f"{method.upper()} {path}"] if str(one["status"]) == status}
                assert set(content.get("examples", {})) <= mine, (method, path, status)


def test_the_scenario_table_stands_beside_each_path_that_a_channel_has(schema: Schema) -> None:
    """In an extension for machines and in the description for people; every line of the magic table is somewhere."""
    lines: set[tuple[str, str, str]] = set()
    for method, path, operation in operations(schema):
        rows = operation.get(TABLE, [])
        assert bool(rows) == any((method, path) in places for places in OPERATIONS.values()), path
        assert rows == list(scenario_rows(method, path))
        for row in rows:
            assert f"| `{row['scenario']}` | {row['when']} | {row['status']}" in operation["description"]
            lines.add((row["scenario"], row["channel"], row["when"]))
    assert lines == {(name, says.channel, says.when) for name, one in SCENARIOS.items() for says in one.says}
    for places in OPERATIONS.values():
        assert all(method in schema["paths"][path] for method, path in places)


def test_the_page_has_tables_and_examples(schema: Schema) -> None:
    """The table once, as a table; every example with its request and answer."""
    html = page(schema)
    assert "| scenario |" not in html
    assert html.count("<table>") == sum(TABLE in one for _, _, one in operations(schema))
    assert html.count("<pre>") == 2 * sum(len(found) for found in examples().values())
    route = html.split('<details id="post-/services/g2g/saglik/hes/check-hes-code">')[1].split("<details id=")[0]
    assert "<code>code-deleted</code>" in route
    assert "400, errorKey &quot;hescodenotfound&quot;" in route
    assert "POST /services/g2g/saglik/hes/check-hes-code\nauthorization: Basic " in route


def test_only_minted_people_are_in_the_record() -> None:
    """Every identity number in it belongs to somebody of the world, or is refused there."""
    text = FILE.read_text(encoding="utf-8")
    numbers = set(re.findall(r"(?<!\d)[1-9]\d{10}(?!\d)", text))
    stage = Stage()
    known = {one.identity.digits for one in stage.ministry.registry.citizens(limit=10_000)}
    others = {made["identity_number"] for name in MAKERS for one in examples()[name] for made in people_in(one)}
    stage.close()
    assert len(numbers) > 10
    assert numbers - known - others - {UNKNOWN} == set()


MAKERS = ("POST /_lab/people", "POST /_lab/magic")
UNKNOWN = "10000000146"
"""The one number that is nobody's: it stands where somebody unknown is asked for."""


def people_in(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Whom an answer has made."""
    if one["status"] >= 300:
        return []
    made = (
        one["answer"]
        if "identity_number" in one["answer"][0]
        else [p for s in one["answer"] for p in s["played"]["people"]]
    )
    return list(made)
