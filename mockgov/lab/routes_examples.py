"""What the page `/docs` shows of a route beside its description: the scenario table, and examples that happened."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final
from urllib.parse import urlencode

from mockgov.lab.documented import HEAD, TABLE, answer_words, examples, meaning_of

STYLE: Final = """
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9em;min-width:36rem;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .6rem .25rem 0;border-top:1px solid var(--line)}
th{font-weight:600}thead th{border-top:0}th i{font-weight:400}
pre{overflow-x:auto;background:var(--ground);border:1px solid var(--line);
border-radius:.3rem;padding:.5rem;margin:.3rem 0;font-size:.8rem;white-space:pre-wrap;overflow-wrap:anywhere}
"""
KIND: Final = "content-type"


def own_words(route: Mapping[str, Any]) -> str:
    """A route's description without the scenario table, which the page draws itself."""
    return str(route.get("description", "")).partition(HEAD)[0].strip()


def scenarios(route: Mapping[str, Any]) -> Iterator[str]:
    """The scenario table: which magic person gives which answer here."""
    rows = route.get(TABLE, ())
    if not rows:
        return
    yield "<h3>Magic people here</h3><p>Who plays them in this world: "
    yield '<a href="_lab/magic"><code>GET /_lab/magic</code></a>.</p>'
    yield '<div class="wide" tabindex="0" role="region" aria-label="Magic people here"><table><thead><tr>'
    yield '<th scope="col">Scenario</th><th scope="col">When</th><th scope="col">Answer</th></tr></thead><tbody>'
    for row in rows:
        yield f'<tr><th scope="row"><code>{escape(row["scenario"])}</code><br><i>{escape(row["meaning"])}</i></th>'
        yield f"<td>{escape(row['when'])}</td><td><code>{escape(answer_words(row))}</code></td></tr>"
    yield "</tbody></table></div>"


def happened(method: str, path: str) -> Iterator[str]:
    """Requests and answers as they happened in a world of seed 1 with all magic people in it."""
    found = examples().get(f"{method.upper()} {path}", ())
    if not found:
        return
    yield "<h3>Examples</h3>"
    for one in found:
        yield f"<details><summary>{one['status']} {escape(meaning_of(one['summary']))}</summary><div>"
        yield f"<pre>{escape(_request(method, path, one))}</pre><pre>{escape(_answer(one))}</pre></div></details>"


def _request(method: str, path: str, one: Mapping[str, Any]) -> str:
    for name, value in one.get("path", {}).items():
        path = path.replace(f"{{{name}}}", str(value))
    query = f"?{urlencode(one['query'])}" if "query" in one else ""
    lines = [f"{method.upper()} {one.get('world', '')}{path}{query}"]
    lines += [f"{name}: {value}" for name, value in one.get("headers", {}).items()]
    if "body" in one:
        lines += ["", _json(one["body"])]
    if "body_bytes" in one:
        lines += [f"{KIND}: {one['kind']}", "", f"({one['body_bytes']} bytes)"]
    return "\n".join(lines)


def _answer(one: Mapping[str, Any]) -> str:
    if "answer" in one:
        return f"{one['status']}\n{_json(one['answer']) if 'json' in one['answer_kind'] else one['answer']}"
    size = f"\n({one['answer_bytes']} bytes of {one['answer_kind']})" if "answer_bytes" in one else ""
    return f"{one['status']}{size}"


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)
