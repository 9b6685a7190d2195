"""The OpenAPI with an example of every request and answer, and the scenario table beside each path.

The examples are a record (`examples.json`) of requests to a world of seed 1 with all magic people in it; a test sends
them again and holds every status and body against what is written here. Long texts and lists in them are shortened.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

from mockgov.magic.scenario import OPERATIONS, Scenario
from mockgov.magic.table import SCENARIOS

FILE: Final = Path(__file__).parent / "examples.json"
TABLE: Final = "x-hes-scenarios"
"""Extension of an operation: which magic person gives which answer here."""
SEED: Final = "x-hes-examples-seed"
"""Extension of `info`: the seed of the world in which the examples happened."""
UNREADABLE: Final = "?"
"""A body that is no example of one."""
HEAD: Final = "| scenario | when | answer |\n|---|---|---|\n"

Example = dict[str, Any]


def documented(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with examples and tables in it; the same object comes back changed, and again unchanged."""
    if schema["info"].get(SEED) is not None:
        return schema
    schema["info"][SEED] = 1
    shared: dict[str, Any] = schema.setdefault("components", {}).setdefault("examples", {})
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            _exemplify(operation, examples().get(f"{method.upper()} {path}", ()), shared)
            rows = list(scenario_rows(method, path))
            if rows:
                operation[TABLE] = rows
                told = operation.get("description", "")
                operation["description"] = f"{told}\n\n{_markdown(rows)}".strip()
    return schema


@cache
def examples() -> Mapping[str, Sequence[Example]]:
    """The record, by `METHOD path`."""
    found: dict[str, list[Example]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def scenario_rows(method: str, path: str) -> Iterator[dict[str, Any]]:
    """What magic people and institutions are answered at an operation."""
    channels = {channel for channel, operations in OPERATIONS.items() if (method, path) in operations}
    for scenario in SCENARIOS.values():
        for says in scenario.says:
            if says.channel in channels:
                yield {
                    "scenario": scenario.name,
                    "meaning": scenario.en,
                    "rule": scenario.rule_en,
                    "channel": says.channel.value,
                    "when": says.when.value,
                    "status": says.status,
                    "shows": {name: _plain(value) for name, value in says.shows.items()},
                }


def meaning_of(name: str) -> str:
    """What an example is about: a scenario's meaning, or its own words."""
    scenario: Scenario | None = SCENARIOS.get(name)
    return name if scenario is None else f"{name}: {scenario.en}"


def _exemplify(operation: dict[str, Any], found: Sequence[Example], shared: dict[str, Any]) -> None:
    """Put examples to parameters, bodies and answers; equal refusals stand once, in `shared`."""
    if not found:
        return
    good = next((one for one in found if one["status"] < 400), found[0])
    for parameter in operation.get("parameters", ()):
        value = good.get(parameter["in"], {}).get(parameter["name"])
        if value is not None:
            parameter["example"] = value
    # routes and statuses share the objects of their refusals
    operation["responses"] = {status: deepcopy(answer) for status, answer in operation["responses"].items()}
    bodies = operation.get("requestBody", {}).get("content", {})
    for one in found:
        for kind, content in bodies.items():
            if "body" in one and one["body"] != UNREADABLE and kind == "application/json":
                _of(content)[one["name"]] = _told(one, one["body"])
            elif one.get("kind") == kind and one["status"] < 400:
                _of(content)[one["name"]] = _told(one, f"({one['body_bytes']} bytes)")
        answers = operation["responses"].get(str(one["status"]), {}).get("content", {})
        content = answers.get(one.get("answer_kind"))
        if content is not None:
            told = _told(one, one["answer"] if "answer" in one else f"({one['answer_bytes']} bytes)")
            _of(content)[one["name"]] = told if one["status"] < 400 else _shared(shared, one, told)


def _of(content: dict[str, Any]) -> dict[str, Any]:
    """The examples of a content type."""
    known: dict[str, Any] = content.setdefault("examples", {})
    return known


def _told(one: Example, value: Any) -> dict[str, Any]:
    return {"summary": meaning_of(one["summary"]), "value": value}


def _shared(shared: dict[str, Any], one: Example, told: dict[str, Any]) -> dict[str, str]:
    """A reference to the one place where a refusal is told."""
    key = f"{one['status']}-{one['answer']['errorKey']}"
    nth = 1
    while shared.setdefault(f"{key}-{nth}", told) != told:
        nth += 1
    return {"$ref": f"#/components/examples/{key}-{nth}"}


def _markdown(rows: Sequence[Mapping[str, Any]]) -> str:
    return HEAD + "\n".join(f"| `{row['scenario']}` | {row['when']} | {answer_words(row)} |" for row in rows)


def answer_words(row: Mapping[str, Any]) -> str:
    """An answer in short: `200, current_health_status RISKY`."""
    told = (f"{name} {json.dumps(value, ensure_ascii=False)}" for name, value in row["shows"].items())
    return ", ".join([str(row["status"]), *told])


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
