"""The page of routes: complete, and readable without a network."""

import re
from html import escape

from starlette.testclient import TestClient

from mockgov.app import create_app
from mockgov.worlds import Worlds


def test_every_route_stands_on_the_page_and_nothing_comes_from_elsewhere() -> None:
    """Each path and summary of the OpenAPI is there; no script, style, font or picture is fetched."""
    worlds = Worlds()
    worlds.make("default")
    with TestClient(create_app(worlds)) as client:
        page = client.get("/docs").text
        schema = client.get("/openapi.json").json()
    for path, methods in schema["paths"].items():
        assert f"<code>{path}</code>" in page
        for route in methods.values():
            assert escape(route["summary"]) in page
    assert not re.search(r"<script|src=|href=\"http|url\(", page)
    assert "unsuccess_map" in page
