"""The tripwire before every ordinary route: a body with a living person's number goes no further.

Fields in which a number belongs, such as a phone to sign in with, are the routes' own to refuse, in their own words;
none of them keeps a number that is nobody's. So are letters and text messages, which services look through whole.
"""

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import Request

from mockgov.counters.context import Here
from mockgov.counters.multipart import fields_of
from mockgov.refusal import Refused
from mockgov.tripwire.wire import Tripwire
from mockgov.vocabulary.likeness import may_tell

WRITING: Final = ("POST", "PUT", "PATCH")
_OWN = (
    "phone hes_code hes_kodu kod kodlar identity_number identitynumber child_tckn tridfield inviteduserphone "
    "lines vkn document_base64 signature_base64 letter_base64 data_base64 password token"
)
OWN: Final = frozenset(_OWN.split())
"""Fields that their routes check by themselves, in lower case."""
TEXT_MESSAGES: Final = ("/sms/api/", "/_lab/handsets/", "/_lab/people/", "/telefon/")
"""Where `to` and `text` are those of a text message, which the gateway looks through."""


class NotJson(Refused):
    """A body for the sandbox's own routes under another name than JSON's."""

    key = "notjson"


async def screened(request: Request, ministry: Here) -> None:
    """Raises `Unminted`; a body that cannot be read is left to the route to refuse."""
    if request.method not in WRITING or not _is_read(request):
        return
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not (kind.endswith("json") or kind in ("application/x-www-form-urlencoded", "multipart/form-data")):
        return
    body = await request.body()
    if not may_tell(body) and b"%" not in body:
        return
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    own = OWN | {"to", "text"} if path.startswith(TEXT_MESSAGES) else OWN
    _check(ministry.tripwire, _texts(kind, request.headers.get("content-type", ""), body), own)


async def as_json(request: Request) -> None:
    """Raises `NotJson` for a body that is not said to be JSON, where the sandbox's own routes read one.

    It is not guessed: a form of another site's page can send anything, but not under this name.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method in WRITING and _is_read(request) and not kind.endswith("json") and await request.body():
        raise NotJson(
            "The body is not said to be JSON. Send the header `content-type: application/json` with it; with curl: "
            "curl --json '{…}', or -H 'content-type: application/json' -d '{…}'."
        )


def _is_read(request: Request) -> bool:
    """Whether the route reads a body at all."""
    route: Any = request.scope.get("route")
    dependant = getattr(route, "dependant", None)
    return getattr(route, "body_field", None) is not None or bool(getattr(dependant, "request_param_name", None))


def _check(tripwire: Tripwire, texts: Iterator[tuple[str, str]], own: frozenset[str]) -> None:
    for name, text in texts:
        if name.lower() not in own:
            tripwire.check(text, where=f"`{name}`" if name.isidentifier() else "The body")


def _texts(kind: str, whole_kind: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Every text of a body with the name of its field."""
    if kind.endswith("json"):
        try:
            yield from _walk("", json.loads(body))
        except (ValueError, RecursionError):
            return
    elif kind == "multipart/form-data":
        yield from fields_of(whole_kind, body)
    else:
        yield from parse_qsl(body.decode("latin-1"), keep_blank_values=True, errors="replace")


def _walk(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield "body", key
            yield from _walk(key, one)
    elif isinstance(value, list):
        for one in value:
            yield from _walk(name, one)
