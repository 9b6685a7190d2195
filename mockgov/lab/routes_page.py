"""The page `/docs`: every route with its bodies, made from the OpenAPI. No script, nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5b6675;--line:#d9dee5;--ground:#fff;--card:#f5f7f9;--mark:#1d4ea8}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#9aa7b6;--line:#2c3540;--ground:#10151b;--card:#181f27;
--mark:#8db4f5}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);max-width:60rem;margin:0 auto;
padding:1.5rem 1rem 4rem}h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .6rem}
p{margin:.3rem 0;color:var(--soft)}a{color:var(--mark)}
details{border:1px solid var(--line);border-radius:.4rem;margin:.4rem 0;background:var(--card)}
summary{padding:.5rem .7rem;cursor:pointer;overflow-wrap:anywhere}summary b{color:var(--mark);margin-right:.4rem}
summary span{color:var(--soft);display:block;font-size:.9rem}
pre{margin:0;padding:.6rem .8rem;border-top:1px solid var(--line);overflow-x:auto;font-size:.85rem}
"""


def page(schema: Mapping[str, Any]) -> str:
    """The whole page as HTML."""
    groups: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            groups.setdefault(route["tags"][0], []).append("".join(_route(method, path, route, schema)))
    parts = "".join(f"<h2>{escape(tag)}</h2>{''.join(routes)}" for tag, routes in groups.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>HES Sandbox: routes</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style>'
        f"<h1>HES Sandbox</h1><p>{escape(schema['info']['description'])}</p>"
        f'<p>For machines: <a href="openapi.json">openapi.json</a></p>{parts}</html>'
    )


def _route(method: str, path: str, route: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"<details><summary><b>{method.upper()}</b><code>{escape(path)}</code>"
    yield f"<span>{escape(route.get('summary', ''))}</span></summary>"
    asked = _content(route.get("requestBody", {}))
    lines = [f"{one['in']} {one['name']}: {_kind(one['schema'], schema)}" for one in route.get("parameters", ())]
    if asked:
        lines.append(f"body: {json.dumps(_shape(asked, schema), indent=2, ensure_ascii=False)}")
    for status, answer in route["responses"].items():
        told = _content(answer)
        shape = f": {json.dumps(_shape(told, schema), indent=2, ensure_ascii=False)}" if told else ""
        lines.append(f"{status} {answer.get('description', '')}{shape}")
    text = "\n\n".join(lines)
    yield f'<pre tabindex="0">{escape(text)}</pre></details>'


def _content(part: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for one in part.get("content", {}).values():
        found: Mapping[str, Any] | None = one.get("schema")
        return found
    return None


def _shape(part: Mapping[str, Any], schema: Mapping[str, Any], depth: int = 0) -> Any:
    """What a body looks like: field names with the kinds of their values."""
    part = _resolved(part, schema)
    if part.get("type") == "array" and depth < 4:
        return [_shape(part.get("items", {}), schema, depth + 1)]
    if part.get("properties") and depth < 4:
        return {name: _shape(one, schema, depth + 1) for name, one in part["properties"].items()}
    return _kind(part, schema)


def _kind(part: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    part = _resolved(part, schema)
    if "enum" in part:
        return " | ".join(str(one) for one in part["enum"])
    choices = part.get("anyOf", part.get("oneOf"))
    if choices:
        return " | ".join(_kind(one, schema) for one in choices)
    return str(part.get("format") or part.get("type") or "anything")


def _resolved(part: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    return part
