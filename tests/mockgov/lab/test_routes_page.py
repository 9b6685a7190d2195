"""The page of routes: complete, and readable without a network."""

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.lab.routes_page import page
from mockgov.worlds import Worlds


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    worlds = Worlds()
    worlds.make("default")
    with TestClient(create_app(worlds)) as client:
        yield client


@pytest.fixture(scope="module")
def schema(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def html(client: TestClient) -> str:
    return client.get("/docs").text


def shown(html: str, method: str, path: str) -> str:
    """What a reader sees of one route."""
    part = html.split(f'<details id="{method}-{path}">')[1].split("</details>", maxsplit=1)[0]
    spaced = re.sub(r"</?(summary|small|p|h3|ul|li|br|div)>", "\n", part)
    return re.sub(r"\n+", "\n", unescape(re.sub(r"<[^>]+>", "", spaced)))


def small(route: dict[str, Any], **schemas: Any) -> str:
    """The page of a schema with one route, `POST /a`."""
    told = {"tags": ["All"], "summary": "Do", "responses": {"204": {"description": "Successful Response"}}}
    return page(
        {
            "info": {"description": "A town."},
            "paths": {"/a": {"post": told | route}},
            "components": {"schemas": schemas, "securitySchemes": {"door": {"type": "apiKey", "name": "X-Door"}}},
        }
    )


def test_every_route_stands_on_the_page_and_nothing_comes_from_elsewhere(html: str, schema: dict[str, Any]) -> None:
    """Each path and summary of the OpenAPI is there; no script, style, font or picture is fetched."""
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            assert f"{method.upper()}{path}\n{route['summary']}\n" in shown(html, method, path)
    assert not re.search(r"<script|src=|href=\"http|url\(", html)


def test_every_field_parameter_and_value_stands_with_its_route(html: str, schema: dict[str, Any]) -> None:
    """What a caller may send, found by walking the OpenAPI apart from the page's own reading."""
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            text = shown(html, method, path)
            for one in route.get("parameters", ()):
                assert re.search(rf"\n{one['name']} .*{'required' if one.get('required') else 'optional'}", text)
            body = json.dumps(route.get("requestBody", {}))
            for name in re.findall(r"#/components/schemas/(\w+)", body):
                part = schema["components"]["schemas"][name]
                for field in part.get("properties", {}):
                    needed = "required" if field in part.get("required", ()) else "optional"
                    assert re.search(rf"\n{field} .*{needed}", text), (path, field)
            for kind in route.get("requestBody", {}).get("content", {}):
                assert kind in text


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("post", "/services/g2g/saglik/hes/check-hes-code", "an institution's account, Authorization: Basic base64("),
        ("get", "/api/account-with-token", "a token, Authorization: Bearer TOKEN (where to get it)"),
        ("get", "/kurumsal-entegrasyon/api/applications/{number}", "key, X-Application-Key: KEY (where to get it)"),
        ("post", "/sms/api/messages", "an account of the SMS gateway, Authorization: Basic base64(NAME:PASSWORD)"),
        ("post", "/api/send-code-to-login", "none"),
    ],
)
def test_a_route_says_in_one_line_what_opens_it(html: str, method: str, path: str, told: str) -> None:
    (line,) = re.findall(r"\nAuthentication: (.*)", shown(html, method, path))
    assert told in line


def test_every_scheme_has_words_and_the_places_they_name_are_routes(html: str, schema: dict[str, Any]) -> None:
    part = html.split('<h2 id="authentication">')[1].split("<h2", maxsplit=1)[0]
    assert part.count("<dt>") == len(schema["components"]["securitySchemes"]) == 4
    named = re.findall(r'href="#(get|post)-(/[^"]+)"', part)
    assert len(named) == 6
    for method, path in named:
        assert method in schema["paths"][path]


def test_raw_bodies_name_their_content_types(html: str) -> None:
    text = shown(html, "put", "/kurumsal-entegrasyon/api/applications/{number}/signed-form")
    assert "Body: application/pdf or application/pkcs7-signature or application/pkcs7-mime, required" in text
    assert "The form's PDF with a PAdES signature" in text


def test_limits_defaults_and_values_are_told(html: str) -> None:
    """In words, for parameters and for fields within fields and lists."""
    listed = shown(html, "get", "/_lab/applications")
    assert "\nstate one of drawn | submitted | letter-received | " in listed
    assert "\nafter integer, optional, default 0, at least 0, less than 2^62\n" in listed
    assert "\nlimit integer, optional, default 100, 1 to 1,000\n" in listed
    people = shown(html, "post", "/_lab/people")
    assert "\nsex one of MALE | FEMALE, required\n" in people
    assert "\nbirth_date date (YYYY-MM-DD), required\n" in people
    assert "\nparents list of integer, optional, default [], at most 2 entries\n" in people
    assert "list of object, at most 500 entries" in shown(html, "post", "/services/g2g/saglik/hes/check-hes-codes")


def test_refusals_are_one_line_and_their_body_is_told_once(html: str) -> None:
    text = shown(html, "post", "/services/g2g/saglik/hes/check-hes-code")
    assert "\nRefusals\n400, 401, 413, 503, each with the problem body\n" in text
    assert html.count("<code>entityName</code>") == html.count("application/problem+json") == 1
    told = html.split('<h2 id="problem">')[1].split("<h2", maxsplit=1)[0]
    for meaning in ("<b>429</b> Too many", "<b>409</b> It is there already; or: It has come to its end", "errorKey"):
        assert meaning in told


def test_links_of_the_page_lead_somewhere(client: TestClient, html: str) -> None:
    for link in set(re.findall(r'href="([^"]+)"', html)):
        if link.startswith("#"):
            assert html.count(f'id="{link[1:]}"') == 1
        else:
            assert client.get(f"/{link}").status_code == 200


def test_a_path_breaks_at_its_slashes_and_nowhere_else(html: str) -> None:
    route = html.split('<details id="get-/_lab/sms/fates">')[1]
    assert "<code><span>/_lab</span><wbr><span>/sms</span><wbr><span>/fates</span></code>" in route


def test_what_the_schema_says_is_text_never_markup() -> None:
    """Names, descriptions and defaults are escaped; backticks and asterisks mark."""
    field = {"type": "string", "default": "<i>", "description": "A *word* in `<code>`, 2 * 3"}
    shape = {"type": "object", "properties": {"<b>": field}}
    html = small({"requestBody": {"content": {"text/<x>": {"schema": shape}}}, "description": "<script>"})
    for part in ("<script>", "text/<x>", "<code><b></code>"):
        assert part not in html
        assert escape(part.removeprefix("<code>").removesuffix("</code>")) in html
    assert "A <em>word</em> in <code>&lt;code&gt;</code>, 2 * 3" in html
    assert "<code>&quot;&lt;i&gt;&quot;</code>" in html


def test_a_shape_within_itself_ends() -> None:
    node = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Node"}}}
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}}
    assert 2 < small({"requestBody": body}, Node=node).count("<code>child</code>") < 10


def test_a_scheme_without_words_here_is_told_as_the_schema_has_it() -> None:
    assert "<b>Authentication:</b> door, <code>X-Door: …</code>" in small({"security": [{"door": []}]})
