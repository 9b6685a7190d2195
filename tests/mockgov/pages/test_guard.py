"""Another site's form is not taken, whatever it sends along."""

import pytest

from mockgov.pages.guard import FIELD, ForeignForm, check_form, form_token
from mockgov.streams import Streams

TOKEN = form_token(Streams(7), "desk")
HOME = {"host": "127.0.0.1:8080"}
GOOD = {FIELD: TOKEN}


@pytest.mark.parametrize(
    "headers",
    [
        HOME,
        HOME | {"origin": "http://127.0.0.1:8080"},
        HOME | {"origin": "https://127.0.0.1:8080", "sec-fetch-site": "same-origin"},
        {"host": "HES.example", "origin": "https://hes.EXAMPLE", "sec-fetch-site": "none"},
    ],
)
def test_a_form_of_these_pages_is_taken(headers: dict[str, str]) -> None:
    """Also behind a proxy that ends TLS, and by clients that say nothing of where they come from."""
    check_form(headers, GOOD, TOKEN)


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        (HOME | {"origin": "http://evil.example"}, GOOD),
        (HOME | {"origin": "http://127.0.0.1:8081"}, GOOD),
        (HOME | {"origin": "null"}, GOOD),
        (HOME | {"sec-fetch-site": "cross-site"}, GOOD),
        (HOME | {"sec-fetch-site": "same-site"}, GOOD),
        (HOME, {}),
        (HOME, {FIELD: ""}),
        (HOME, {FIELD: TOKEN[:-1] + "é"}),
        (HOME, {FIELD: form_token(Streams(7), "application")}),
        (HOME, {FIELD: form_token(Streams(8), "desk")}),
        (HOME, {FIELD: b"bytes"}),
    ],
)
def test_any_other_is_refused(headers: dict[str, str], fields: dict[str, object]) -> None:
    """Posted from elsewhere, or with no token, another page's or another world's."""
    with pytest.raises(ForeignForm):
        check_form(headers, fields, TOKEN)
