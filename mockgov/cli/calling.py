"""How a command reaches a running ministry: HTTP with the standard library, so that `hes` starts quickly."""

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Annotated, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import OpenerDirector, ProxyHandler, Request, build_opener

import typer

URL = "http://127.0.0.1:8080"
TIMEOUT_S = 30

Address = Annotated[str, typer.Option("--url", envvar="HES_URL", help="Where the ministry is.", show_default=True)]


class CommandError(Exception):
    """Something that the person at the keyboard can mend; one clear line."""


def wait_until_up(url: str, *, timeout_s: float = 20) -> None:
    """Return when the ministry answers. Raises `CommandError`."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            call(url, "GET", "/_lab/world")
        except CommandError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return


def call(
    url: str, method: str, path: str, body: Any = None, *, basic: str | None = None, bearer: str | None = None
) -> Any:
    """The JSON that a ministry answers. Raises `CommandError`, one line that says what to do."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if basic is not None:
        headers["Authorization"] = f"Basic {basic}"
    if bearer is not None:
        headers["Authorization"] = f"Bearer {bearer}"
    status, text = exchange(url, method, path, None if body is None else json.dumps(body).encode(), headers)
    if status >= HTTPStatus.BAD_REQUEST:
        raise CommandError(problem_of(status, text))
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise CommandError(f"What answers at {url} is no ministry: it did not send JSON.") from None


def exchange(
    url: str, method: str, path: str, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Status and body of one request. Raises `CommandError` where nobody answers."""
    if not url.startswith(("http://", "https://")):
        raise CommandError(f"{url} is no web address; write something like {URL}.")
    request = Request(url.rstrip("/") + path, data, dict(headers or {}), method=method)  # noqa: S310  checked above
    try:
        with _opener(url).open(request, timeout=TIMEOUT_S) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()
    except (URLError, OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise CommandError(f"No ministry answers at {url} ({reason}). Start one with `hes serve`.") from None


def problem_of(status: int, text: bytes) -> str:
    """A refusal in one line."""
    try:
        problem = json.loads(text)
        parts = [problem["title"], problem.get("detail"), f"[{problem['errorKey']}, HTTP {status}]"]
        return " ".join(part for part in parts if part)
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}: what answers there is no ministry."


def _opener(url: str) -> OpenerDirector:
    """The way to a ministry: past any proxy where it is on this machine."""
    here = urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")
    return build_opener(ProxyHandler({})) if here else build_opener()
