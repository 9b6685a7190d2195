"""Ordinary HTTP on its way through the front, as the journal is told of it.

Routes that know more than the wire shows leave it in the ASGI scope: who asks (`ASKER`), which rule refused
(`mockgov.refusal.SCOPE_KEY`), and which protocol and verb a body holds (`SPOKEN`). Readings of the lab's own and the
files that pages load are not noted.
"""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from mockgov.counters.misbehaving import SCOPE_KEY as FAULT_KEY
from mockgov.counters.reading import read_code
from mockgov.counters.scope import ASKER, SPOKEN
from mockgov.journal.messages import CUT, Noted, Part
from mockgov.journal.redaction import as_text
from mockgov.journal.rules import BODY_LIMIT
from mockgov.journal.service import Journal
from mockgov.queries.rules import Purpose
from mockgov.refusal import SCOPE_KEY as REFUSAL

CONTROLS: Final = ("/_lab", "/console", "/telefon", "/docs", "/openapi.json")
"""Where the sandbox itself is used: only what changes something is noted, as protocol `lab`."""
SILENT: Final = ("/_lab/journal", "/_lab/explain")
"""What is never noted: the journal's own."""
FILES: Final = ("image/", "text/css", "text/javascript", "application/javascript", "font/", "application/manifest")
READING: Final = ("GET", "HEAD", "OPTIONS")
MOST: Final = 4 * BODY_LIMIT
"""Bytes of a body that are listened to."""
PURPOSES: Final = {
    "/services/hescodeproxy/api/check-hes-code": Purpose.PERSON,
    "/services/hescodeproxy/api/check-hes-code-plus": Purpose.PERSON_PLUS,
    "/saglik-bakanligi-hes-kodu-sorgulama": Purpose.PERSON_PLUS,
}
FAULT: Final = "x-hes-fault"
NOWHERE: Final = "unmatched"
"""The operation of a request that no route takes."""
_CODE = re.compile(r'"?hes_(?:code|kodu)"?\s*[:=]\s*"?([A-Za-z0-9 +-]{10,14})')

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def is_noted(method: str, path: str) -> bool:
    """Whether the journal is told of a request to a path (without its world)."""
    if path.startswith(SILENT):
        return False
    return method not in READING or not (path.startswith(CONTROLS) or path == "/")


async def exchange(app: App, journal: Journal, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the framework answer, and tell the journal."""
    prefix = scope.get("root_path", "")
    path = scope["path"].removeprefix(prefix)
    if not journal.is_on or not is_noted(scope["method"], path):
        await app(scope, receive, send)
        return
    ear = Ear(receive, send)
    try:
        await app(scope, ear.receive, ear.send)
    finally:
        if (ear.status or FAULT_KEY in scope) and not ear.kind.startswith(FILES):
            journal.note(_noted(journal.now_us(), scope, path, ear))


class Ear:
    """Listens in on one request and its answer."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self.asked = bytearray()
        self.answered = bytearray()
        self.asked_size = self.answered_size = 0
        self.status = CUT
        self.head: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """The answer's content type."""
        return next((value for name, value in self.head if name == "content-type"), "")

    async def receive(self) -> Message:
        """A piece of the request."""
        message = await self._receive()
        body = message.get("body", b"")
        self.asked_size += len(body)
        if len(self.asked) < MOST:
            self.asked += body[: MOST - len(self.asked)]
        return message

    async def send(self, message: Message) -> None:
        """A piece of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.head = heads(message.get("headers", ()))
        body = message.get("body", b"")
        self.answered_size += len(body)
        if len(self.answered) < MOST:
            self.answered += body[: MOST - len(self.answered)]
        await self._send(message)


def heads(raw: Any) -> tuple[tuple[str, str], ...]:
    """Heads as text, names in lower case."""
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)


def _noted(at_us: int, scope: Scope, path: str, ear: Ear) -> Noted:
    sent = heads(scope["headers"])
    kind = next((value for name, value in sent if name == "content-type"), "")
    asked = _text(ear.asked, ear.asked_size, kind)
    answered = _text(ear.answered, ear.answered_size, ear.kind)
    template = getattr(scope.get("route"), "path", "")
    protocol, operation = scope.get(SPOKEN) or ("lab" if path.startswith(CONTROLS) else "http", template or NOWHERE)
    purpose = PURPOSES.get(operation)
    query = scope.get("query_string", b"").decode("latin-1")
    return Noted(
        at_us=at_us,
        protocol=protocol,
        operation=operation,
        status=ear.status,
        method=scope["method"],
        path=f"{path}?{query}" if query else path,
        asker=scope.get(ASKER, ""),
        subjects=_codes(path, asked),
        purpose=purpose.value if purpose is not None and scope["method"] == "POST" else "",
        refusal="cut"
        if ear.status == CUT
        else scope.get(REFUSAL) or (refusal_in(answered) if ear.status >= 400 else ""),
        fault=", ".join(value for name, value in ear.head if name == FAULT) or scope.get(FAULT_KEY, ""),
        request=Part(head=sent, body=asked, size=ear.asked_size),
        response=Part(head=ear.head, body=answered, size=ear.answered_size),
    )


def refusal_in(body: str) -> str:
    """The error key of a problem."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return str(read.get("errorKey", "")) if isinstance(read, dict) else ""


def _text(body: bytearray, size: int, kind: str) -> str:
    return as_text(bytes(body), kind) if size <= MOST else f"[{kind.partition(';')[0] or 'body'}, {size} bytes]"


def _codes(path: str, body: str) -> tuple[str, ...]:
    """The codes that a request names as such."""
    named = [path.rpartition("/codes/")[2].partition("/")[0]] if "/codes/" in path else []
    named += _CODE.findall(body)
    codes = [read_code(text.replace("+", " "), lenient=False) for text in named]
    return tuple(dict.fromkeys(code for code in codes if code))
