"""What of an exchange may be kept: no password, token or key, and no number that may be a living person's.

Bodies are read before they are searched, so that no way of writing a digit (an escape, an entity, percent signs) gets
past. Of what cannot be read as text only type and size are kept.
"""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlencode

from mockgov.journal.messages import Part
from mockgov.journal.rules import BODY_LIMIT

SECRET: Final = "***"  # noqa: S105  what stands in its place
_HEADERS = "authorization cookie set-cookie x-application-key proxy-authorization webhook-signature"
HEADERS: Final = frozenset(_HEADERS.split())
"""Heads whose values open something."""
_FIELDS = (
    "password sifre parola şifre secret token id_token refresh_token access_token egpfield eskisifre yenisifre "
    "yenisifretekrar pkcs12_base64 currentpagetoken form_token key eguvenlikid smskey private_key"
)
FIELDS: Final = frozenset(_FIELDS.split())
"""Fields whose values open something, in lower case."""
TEXT_TYPES: Final = ("text/", "application/json", "application/problem+json", "application/xml", "application/soap")

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_ELEMENT = re.compile(r"<((?:[\w.-]+:)?([\w.-]+))(\s[^<>]*)?>([^<]*)</\1>")
_IN_PATH = re.compile(r"(?<=[/=])[0-9a-f]{32}(?![0-9a-f])")
"""A follow-up key, as it stands in an address."""

Masked = Callable[[str], str]
"""Makes asterisks of unminted numbers."""


def told(part: Part, masked: Masked) -> Part:
    """One direction of an exchange as it may be kept."""
    kind = next((value for name, value in part.head if name == "content-type"), "")
    head = tuple((name, SECRET if name in HEADERS else masked(value)) for name, value in part.head)
    return Part(head=head, body=body_told(part.body, kind, masked), size=part.size)


def body_told(body: str, kind: str, masked: Masked) -> str:
    """A body as it may be kept."""
    if not body:
        return ""
    kind = kind.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return _cut(_form(body, masked))
    if body.lstrip()[:1] in ("{", "[", '"') or kind.endswith("json"):
        return _cut(_json(body, masked))
    return _cut(_plain(body, masked))


def path_told(path: str, masked: Masked) -> str:
    """A path with its query string."""
    path, mark, query = path.partition("?")
    shown = _IN_PATH.sub(SECRET, masked(unquote(path)))
    return shown + mark + (_form(query, masked) if query else "")


def as_text(body: bytes, kind: str) -> str:
    """A body as text, if its type says that it is one, or nothing else does; else what it is."""
    kind = kind.partition(";")[0].strip().lower()
    is_text = not kind or kind.startswith(TEXT_TYPES) or kind.endswith(("json", "xml", "urlencoded"))
    if not body:
        return ""
    if not is_text:
        return f"[{kind}, {len(body)} bytes]"
    if len(body) > 4 * BODY_LIMIT:
        return f"[{kind or 'text'}, {len(body)} bytes]"
    return body.decode("utf-8", "replace")


def _json(body: str, masked: Masked) -> str:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return _plain(body, masked)
    try:
        return json.dumps(_value(read, masked), ensure_ascii=False, separators=(",", ":"))
    except (ValueError, RecursionError):
        return f"[{len(body)} characters of JSON]"


def _value(value: Any, masked: Masked) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {
            masked(key): SECRET if key.lower() in FIELDS and isinstance(one, str) and one else _value(one, masked)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_value(one, masked) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**8:
        shown = masked(str(value))
        return value if shown == str(value) else shown
    return value


def _form(body: str, masked: Masked) -> str:
    fields = parse_qsl(body, keep_blank_values=True, errors="replace")
    if not fields:
        return masked(unquote(body))
    kept = [
        (masked(name), SECRET if name.lower() in FIELDS and value else _IN_PATH.sub(SECRET, masked(value)))
        for name, value in fields
    ]
    return urlencode(kept, safe="*-_.:/@+ ", encoding="utf-8").replace(" ", "+")


def _plain(body: str, masked: Masked) -> str:
    """Text, XML, or JSON that is none."""
    text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), body)
    if "<" in text and ">" in text:
        text = _ELEMENT.sub(_element, unescape(text))
    return masked(text)


def _element(found: re.Match[str]) -> str:
    content = found[4]
    if found[2].lower() in FIELDS and content.strip():
        content = SECRET
    elif len(content) > 512 and " " not in content.strip():
        content = f"[{len(content)} characters]"
    return f"<{found[1]}{found[3] or ''}>{content}</{found[1]}>"


def _cut(body: str) -> str:
    return body if len(body) <= BODY_LIMIT else f"{body[:BODY_LIMIT]}… [{len(body)} characters]"
