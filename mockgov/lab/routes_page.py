"""The page `/docs`: what each route takes, answers and refuses, made from the OpenAPI; nothing from elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from mockgov.lab.routes_examples import STYLE as MORE_STYLE
from mockgov.lab.routes_examples import happened, own_words, scenarios

STYLE: Final = """
:root{color-scheme:light dark;--ink:#1c2430;--soft:#566172;--line:#d9dee5;--ground:#fff;--card:#f5f7f9;--mark:#1d4ea8}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf3;--soft:#9aa7b6;--line:#2c3540;--ground:#10151b;--card:#181f27;
--mark:#8db4f5}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--ground);max-width:60rem;margin:0 auto;
padding:1.5rem 1rem 4rem;overflow-wrap:break-word}h1{font-size:1.6rem;margin:0}
h2{font-size:1.15rem;margin:2.2rem 0 .6rem}h3{font-size:.9rem;margin:.9rem 0 .1rem}
p{margin:.3rem 0}a{color:var(--mark)}code{font-size:.9em}i,small{color:var(--soft);font-style:normal;font-size:.9em}
nav{margin:1rem 0}nav a{display:inline-block;margin:.1rem 1rem .1rem 0}
code span{white-space:nowrap}
details{border:1px solid var(--line);border-radius:.4rem;margin:.4rem 0;background:var(--card)}
summary{padding:.5rem .7rem .5rem 1.9rem;cursor:pointer;list-style:none;position:relative}
summary::-webkit-details-marker{display:none}
summary::before{content:"\\25B8";position:absolute;left:.7rem;color:var(--soft)}
details[open]>summary::before{content:"\\25BE"}
summary b{color:var(--mark);margin-right:.4rem}summary small{display:block}
details>div{padding:.2rem .9rem .8rem;border-top:1px solid var(--line)}
ul{margin:.2rem 0;padding:0;list-style:none}li{margin:.25rem 0}
li ul{border-left:2px solid var(--line);margin-left:.2rem;padding-left:.8rem}
dt{font-weight:600;margin-top:.6rem}dt::first-letter{text-transform:uppercase}dd{margin:0}
"""

AUTHENTICATION: Final[Mapping[str, tuple[str, str, str]]] = {
    "basic": (
        "an institution's account",
        "Authorization: Basic base64(USERNAME:PASSWORD)",
        (
            "User name and password of a corporate account, live or test as the path says. Every account stands with "
            "its password in `GET /_lab/accounts`; institutions get theirs by an application."
        ),
    ),
    "HTTPBearer": (
        "a token",
        "Authorization: Bearer TOKEN",
        (
            "Mobile application: `id_token` of `POST /api/authenticate-with-code` (M2). "
            "Registered e-mail: `token` of `POST /kep/api/sessions`."
        ),
    ),
    "applicationKey": (
        "the application's key",
        "X-Application-Key: KEY",
        "`key` in the answer to `POST /kurumsal-entegrasyon/api/applications`; it opens that application alone.",
    ),
    "smsAccount": (
        "an account of the SMS gateway",
        "Authorization: Basic base64(NAME:PASSWORD)",
        "Made by `POST /_lab/sms-accounts`; every account stands with its password in `GET /_lab/sms-accounts`.",
    ),
}
"""Each security scheme of the OpenAPI: what opens the route, the header to send, and where to get it."""

ELSEWHERE: Final = (
    'the <a href="uygulama">application</a> as a page, the pages of <a href="e-devlet">e-Devlet</a> and of '
    '<a href="kurumsal-entegrasyon">institutional integration</a>, the <a href="console">console</a> with its <a '
    'href="console/desk">evaluation desk</a>, the <a href="telefon">phones</a> of this world, how '
    '<a href="_lab/fidelity.html">faithful</a> all of it is, and registered e-mail by SOAP '
    '(<a href="kep/soap?wsdl">WSDL</a>)'
)
FORMATS: Final = {"date-time": "moment (ISO 8601)", "date": "date (YYYY-MM-DD)", "binary": "bytes"}
EXACT: Final = 2**53
"""From here on a bound is one of storage and told as a power of two: a float in the OpenAPI is no longer exact."""
DEEPEST: Final = 6


def page(schema: Mapping[str, Any]) -> str:
    """The whole page as HTML."""
    groups: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            groups.setdefault(route["tags"][0], []).append("".join(_route(method, path, route, schema)))
    links = "".join(f'<a href="#group-{number}">{escape(tag)}</a> ' for number, tag in enumerate(groups))
    parts = "".join(
        f'<h2 id="group-{number}">{escape(tag)}</h2>{"".join(routes)}'
        for number, (tag, routes) in enumerate(groups.items())
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>HES Sandbox: routes</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}{MORE_STYLE}</style>'
        f"<h1>HES Sandbox</h1><p>{escape(schema['info']['description'])}</p>"
        f"<p>Every path leads to the default world, and under <code>/w/NAME</code> to the world of that name. "
        f'For machines: <a href="openapi.json">openapi.json</a></p>'
        f"<p>Not in the OpenAPI: {ELSEWHERE}.</p>"
        f'<nav><a href="#authentication">Authentication</a> <a href="#problem">Refusals</a> {links}</nav>'
        f"{''.join(_authentication(schema))}{''.join(_refusals(schema))}{parts}</html>"
    )


def _authentication(schema: Mapping[str, Any]) -> Iterator[str]:
    yield '<h2 id="authentication">Authentication</h2><p>Each route names what opens it:</p><dl>'
    for name in schema["components"].get("securitySchemes", {}):
        opener, header, source = _scheme(name, schema)
        yield f"<dt>{escape(opener)}</dt><dd><code>{escape(header)}</code></dd><dd>{_with_links(source, schema)}</dd>"
    yield "</dl>"


def _scheme(name: str, schema: Mapping[str, Any]) -> tuple[str, str, str]:
    """What opens a route, the header, and where to get it; of a scheme without words here, what the OpenAPI says."""
    if name in AUTHENTICATION:
        return AUTHENTICATION[name]
    scheme = schema["components"]["securitySchemes"][name]
    header = f"{scheme['name']}: …" if scheme["type"] == "apiKey" else f"Authorization: {scheme.get('scheme', '…')} …"
    return name, header, scheme.get("description", "")


def _with_links(text: str, schema: Mapping[str, Any]) -> str:
    """A description as HTML, in which the routes of the page that it names are links."""

    def link(found: re.Match[str]) -> str:
        method, path = found.groups()
        if method.lower() not in schema["paths"].get(path, {}):
            return found[0]
        return f'<a href="#{method.lower()}-{path}"><code>{method} {_breakable(path)}</code></a>'

    return re.sub(r"<code>([A-Z]+) (/[^<]+)</code>", link, _told(text))


def _refusals(schema: Mapping[str, Any]) -> Iterator[str]:
    """The one description of what every refusal looks like, and what each status means."""
    meanings: dict[str, list[str]] = {}
    bodies: dict[str, Mapping[str, Any]] = {}
    for methods in schema["paths"].values():
        for route in methods.values():
            for status, answer in _answers(route, refused=True):
                told = meanings.setdefault(status, [])
                if answer["description"] not in told:
                    told.append(answer["description"])
                for kind, content in answer.get("content", {}).items():
                    bodies.setdefault(kind, content["schema"])
    yield '<h2 id="problem">Refusals</h2><p>Every refusal has the same body. Tell refusals apart by '
    yield "<code>errorKey</code>; <code>title</code> and <code>detail</code> tell people what to do. Some add fields "
    yield "of their own, such as <code>findings</code>.</p><ul>"
    for status in sorted(meanings):
        yield f"<li><b>{status}</b> {_told('; or: '.join(meanings[status]))}</li>"
    yield "</ul>"
    for kind, body in bodies.items():
        yield f"<h3>Body: <code>{escape(kind)}</code></h3>"
        yield from _fields(body, schema, asked=False)


def _route(method: str, path: str, route: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    yield f'<details id="{method}-{escape(path)}"><summary><b>{method.upper()}</b><code>{_breakable(path)}</code>'
    yield f"<small>{escape(route.get('summary', ''))}</small></summary><div>"
    if own_words(route):
        yield f"<p>{_told(own_words(route))}</p>"
    yield f"<p><b>Authentication:</b> {_opened_by(route, schema)}</p>"
    yield from _parameters(route.get("parameters", ()), schema)
    if "requestBody" in route:
        yield from _request(route["requestBody"], schema)
    for status, answer in _answers(route, refused=False):
        yield from _answer(status, answer, schema)
    refused = ", ".join(sorted(status for status, _ in _answers(route, refused=True)))
    if refused:
        yield f'<h3>Refusals</h3><p>{refused}, each with <a href="#problem">the problem body</a></p>'
    yield from scenarios(route)
    yield from happened(method, path)
    yield "</div></details>"


def _breakable(path: str) -> str:
    """A path that breaks over lines at its slashes and nowhere else."""
    first, *others = path.removeprefix("/").split("/")
    parts = "".join(f"<wbr><span>/{escape(part)}</span>" for part in others)
    return f"<span>/{escape(first)}</span>{parts}"


def _opened_by(route: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    ways = []
    for names in route.get("security", schema.get("security", ())):
        schemes = [_scheme(name, schema) for name in names]
        told = " and ".join(f"{escape(one)}, <code>{escape(header)}</code>" for one, header, _ in schemes)
        ways.append(f'{told} (<a href="#authentication">where to get it</a>)' if told else "none")
    return " or ".join(ways) or "none"


def _answers(route: Mapping[str, Any], *, refused: bool) -> list[tuple[str, Mapping[str, Any]]]:
    return [(status, one) for status, one in route["responses"].items() if (status >= "4") == refused]


def _parameters(parameters: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]) -> Iterator[str]:
    for place in ("path", "query", "header", "cookie"):
        lines = [
            _field(one["name"], {"description": one.get("description"), **one["schema"]}, schema, one.get("required"))
            for one in parameters
            if one["in"] == place
        ]
        if lines:
            yield f"<h3>In the {place}</h3><ul>{''.join(lines)}</ul>"


def _request(body: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    kinds = " or ".join(f"<code>{escape(kind)}</code>" for kind in body["content"])
    yield f"<h3>Body: {kinds}, {'required' if body.get('required') else 'optional'}</h3>"
    if body.get("description"):
        yield f"<p>{_told(body['description'])}</p>"
    yield from _bodies(body["content"], schema, asked=True)


def _answer(status: str, answer: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[str]:
    kinds = " or ".join(f"<code>{escape(kind)}</code>" for kind in answer.get("content", {})) or "no body"
    yield f"<h3>Answer {status}: {kinds}</h3>"
    if answer["description"] not in {"Successful Response", "The answer"}:
        yield f"<p>{_told(answer['description'])}</p>"
    yield from _bodies(answer.get("content", {}), schema, asked=False)


def _bodies(content: Mapping[str, Any], schema: Mapping[str, Any], *, asked: bool) -> Iterator[str]:
    """Each shape once, however many content types it has."""
    shapes = {json.dumps(one.get("schema", {})): one.get("schema", {}) for one in content.values()}
    for shape in shapes.values():
        yield from _fields(shape, schema, asked=asked)


def _fields(part: Mapping[str, Any], schema: Mapping[str, Any], *, asked: bool) -> Iterator[str]:
    """A body: its own line where it is no plain object, what it is, and its fields."""
    choices = _choices(part, schema)
    told = _own_words(part, choices, schema)
    kind = "" if len(choices) == 1 and "properties" in choices[0] else f"{escape(_kind(part, schema))}"
    limits = _limits(part, choices, schema)
    line = ". ".join(one for one in (", ".join(one for one in (kind, *limits) if one), _told(told)) if one)
    if line:
        yield f"<p><i>{line}</i></p>"
    yield _nested(choices, schema, asked=asked, depth=0)


def _field(
    name: str,
    part: Mapping[str, Any],
    schema: Mapping[str, Any],
    required: bool | None,  # noqa: FBT001  None: an answer's field that is always there
    depth: int = 0,
) -> str:
    """One field or parameter as a list's item, what it holds nested in it."""
    choices = _choices(part, schema)
    facts = [escape(_kind(part, schema))]
    if required is not None:
        facts.append("<b>required</b>" if required else "optional")
    if part.get("default") is not None:
        facts.append(f"default <code>{escape(json.dumps(part['default'], ensure_ascii=False))}</code>")
    facts += _limits(part, choices, schema)
    told = _told(_own_words(part, choices, schema))
    nested = _nested(choices, schema, asked=required is not None, depth=depth + 1)
    return f"<li><code>{escape(name)}</code> <i>{', '.join(facts)}</i>{f'<br>{told}' if told else ''}{nested}</li>"


def _nested(choices: list[Mapping[str, Any]], schema: Mapping[str, Any], *, asked: bool, depth: int) -> str:
    """The fields of an object, of a list's entries or of a map's values."""
    lines = []
    for choice in choices:
        for part in _choices(_inner(choice), schema) if "properties" not in choice else [choice]:
            needed = part.get("required", ())
            lines += [
                _field(name, one, schema, (name in needed) if asked or name not in needed else None, depth)
                for name, one in part.get("properties", {}).items()
                if depth < DEEPEST
            ]
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def _inner(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a list's entries or a map's values are; nothing for anything else."""
    inner = part.get("items") or part.get("additionalProperties")
    return inner if isinstance(inner, Mapping) else {}


def _choices(part: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a value may be, references followed; null is left out."""
    while "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    several = part.get("anyOf") or part.get("oneOf")
    if several:
        return [choice for one in several for choice in _choices(one, schema)]
    return [] if part.get("type") == "null" else [part]


def _kind(part: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """The kind of a value in words."""
    kinds = [_one_kind(choice, schema) for choice in _choices(part, schema)]
    if any(one.get("type") == "null" for one in part.get("anyOf", ())):
        kinds.append("null")
    return " or ".join(dict.fromkeys(kinds))


def _one_kind(part: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    if "enum" in part:
        return "one of " + " | ".join(str(one) for one in part["enum"])
    inner = _inner(part)
    if part.get("type") == "array":
        return f"list of {_kind(inner, schema)}" if inner else "list"
    if part.get("type") == "object" and inner:
        return f"map of name to {_kind(inner, schema)}"
    return FORMATS.get(part.get("format", ""), str(part.get("format") or part.get("type") or "anything"))


def _limits(part: Mapping[str, Any], choices: list[Mapping[str, Any]], schema: Mapping[str, Any]) -> list[str]:
    """Bounds, lengths, pattern and examples, of the value and of a list's entries, as HTML."""
    found = [limit for one in (choices or [part]) for limit in _one_limits(one)]
    for choice in choices:
        of_entries = [limit for entry in _choices(_inner(choice), schema) for limit in _one_limits(entry)]
        found += [f"each {limit}" for limit in of_entries]
    examples = part.get("examples") or [example for one in choices for example in one.get("examples", ())]
    if examples:
        found.append("e.g. " + ", ".join(f"<code>{escape(str(one))}</code>" for one in examples))
    return list(dict.fromkeys(found))


def _one_limits(part: Mapping[str, Any]) -> Iterator[str]:
    for low, high, unit in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " entries"),
    ):
        least, most = part.get(low), part.get(high)
        if least is not None and most is not None:
            yield f"{_number(least)} to {_number(most)}{unit}"
        elif least is not None:
            yield f"at least {_number(least)}{unit}"
        elif most is not None:
            yield f"at most {_number(most)}{unit}"
    if "exclusiveMinimum" in part:
        yield f"more than {_number(part['exclusiveMinimum'])}"
    if "exclusiveMaximum" in part:
        yield f"less than {_number(part['exclusiveMaximum'])}"
    # Every text refuses control characters; a pattern that says only this would drown the others.
    if "pattern" in part and not part["pattern"].startswith(r"^[^\x00"):
        yield f"pattern <code>{escape(part['pattern'])}</code>"


def _number(value: float) -> str:
    if value < EXACT:
        return f"{value:,}" if isinstance(value, int) or not value.is_integer() else f"{int(value):,}"
    power = (int(value) + 1).bit_length() - 1
    return f"2^{power}"


def _own_words(part: Mapping[str, Any], choices: list[Mapping[str, Any]], schema: Mapping[str, Any]) -> str:
    """The value's description, else that of the only thing that it can be, or of its entries."""
    if part.get("description") or len(choices) != 1:
        return str(part.get("description") or "")
    entries = _choices(_inner(choices[0]), schema)
    return str(choices[0].get("description") or (entries[0].get("description") if len(entries) == 1 else "") or "")


def _told(text: str) -> str:
    """A description as HTML: what stands between backticks is code, between asterisks emphasis."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return re.sub(r"(?<![\w*])\*([^*<>]+)\*(?![\w*])", r"<em>\1</em>", marked)
