"""The journal as HAR 1.2, which browsers' tools and many others open.

Fields that begin with an underscore are the sandbox's own, as the format allows. Other protocols than HTTP have their
verb as method and an address of their own scheme.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from mockgov.journal.messages import Exchange, Part

VERSION: Final = "1.2"
HTTP: Final = ("http", "lab", "kep_soap")
SCHEMES: Final = {"kep_smtp": "smtp"}
NOT_TOLD: Final = -1
"""What the format has for what is not known."""


def har(exchanges: Iterable[Exchange], base: str) -> dict[str, Any]:
    """The whole file as JSON will have it; `base` is the address of the world."""
    return {
        "log": {
            "version": VERSION,
            "creator": {"name": "HES Sandbox", "version": "1"},
            "pages": [],
            "entries": [entry(exchange, base) for exchange in exchanges],
        }
    }


def entry(exchange: Exchange, base: str) -> dict[str, Any]:
    """One exchange."""
    is_http = exchange.protocol in HTTP
    scheme = SCHEMES.get(exchange.protocol, exchange.protocol)
    url = base + exchange.path if is_http else f"{scheme}://{_host(base)}/{exchange.path or exchange.operation}"
    version = "HTTP/1.1" if is_http else scheme.upper()
    return {
        "startedDateTime": exchange.at.isoformat(timespec="milliseconds"),
        "time": 0,
        "request": {
            "method": exchange.method or exchange.operation,
            "url": url,
            "httpVersion": version,
            "cookies": [],
            "headers": _headers(exchange.request),
            "queryString": [
                {"name": name, "value": value}
                for name, value in parse_qsl(exchange.path.partition("?")[2], keep_blank_values=True)
            ],
            "headersSize": NOT_TOLD,
            "bodySize": exchange.request.size,
            **_posted(exchange.request),
        },
        "response": {
            "status": exchange.status,
            "statusText": _phrase(exchange.status) if is_http else exchange.refusal,
            "httpVersion": version,
            "cookies": [],
            "headers": _headers(exchange.response),
            "content": {
                "size": exchange.response.size,
                "mimeType": _type(exchange.response),
                "text": exchange.response.body,
            },
            "redirectURL": next((value for name, value in exchange.response.head if name == "location"), ""),
            "headersSize": NOT_TOLD,
            "bodySize": exchange.response.size,
        },
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "_number": exchange.number,
        "_protocol": exchange.protocol,
        "_operation": exchange.operation,
        "_asker": exchange.asker,
        "_purpose": exchange.purpose,
        "_subjects": list(exchange.subjects),
        "_refusal": exchange.refusal,
        "_fault": exchange.fault,
    }


def _posted(request: Part) -> dict[str, Any]:
    if not request.size and not request.body:
        return {}
    return {"postData": {"mimeType": _type(request), "text": request.body}}


def _headers(part: Part) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in part.head]


def _type(part: Part) -> str:
    kind = next((value for name, value in part.head if name == "content-type"), "")
    return kind or ("x-unknown" if part.body else "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _host(base: str) -> str:
    return base.partition("://")[2].partition("/")[0]
