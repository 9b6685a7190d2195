"""What the corporate desk tells the journal: a reference to each question and its answer, put into words when read.

A body of the ordinary form, codes and nothing else, is kept as it came. Any other is looked at first: it may have
somebody's number in it, which the journal masks before it keeps anything.
"""

import json
import re
from typing import Any, Final

from mockgov.counters.corporate.basic import read_basic
from mockgov.counters.corporate.reply import Headers, Reply
from mockgov.counters.corporate.wire import Operation
from mockgov.counters.reading import read_code
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE, Environment, username
from mockgov.credentials.service import Credentials
from mockgov.faults.course import ORDINARY, Course
from mockgov.journal.messages import CUT, Exchange, Noted, Part
from mockgov.journal.service import Journal, worded
from mockgov.queries.service import Queries
from mockgov.vocabulary.likeness import may_tell

SHORT: Final = 32
"""Bytes of a body that has a good code, and no room for anybody's number beside it."""
SENT: Final = (("content-type", "application/json"), ("authorization", "***"))
FAULT: Final = "x-hes-fault"
LIVE_END: Final = username("", Environment.LIVE)
_ONE = rb'\{\s*"hes_code"\s*:\s*"[A-Za-z][0-9][A-Za-z][0-9]-?[0-9]{4}-?[0-9]{2}"\s*\}'
_are_plain: Final = re.compile(_ONE + rb"|\[\s*(?:" + _ONE + rb"\s*,?\s*)*\]").fullmatch


class Notes:
    """The pencil of one world's corporate desk."""

    def __init__(self, journal: Journal, queries: Queries, credentials: Credentials) -> None:
        self._journal = journal
        self._ring = journal.ring
        self._append = journal.ring.append
        self._next = journal.ring.next_number
        self._queries = queries
        self._credentials = credentials

    def answered(
        self, operation: Operation, asker: str, body: bytes, status: int, answer: bytes, headers: Headers = ()
    ) -> None:
        """Note what has been answered to somebody who may ask."""
        at_us = self._queries.asked_us if status == 200 else self._journal.now_us()
        if status == 200 and len(body) <= SHORT and not operation.bulk:
            self._append((self._next(), _hot, at_us, operation, asker, body, status, answer, headers))
        elif _are_plain(body) or not may_tell(body):
            self._ring.put(len(body) + len(answer), _hot, at_us, operation, asker, body, status, answer, headers)
        else:
            self._journal.note(_noted(at_us, operation, asker, body, status, answer, headers))

    def leaving(self, operation: Operation, asker: str, body: bytes, reply: Reply) -> Reply:
        """The same reply to somebody who may ask, where faults may spoil the answer: noted is what leaves of it."""

        def left(status: int, answer: bytes, headers: Headers, course: Course = ORDINARY, /) -> None:
            reply(status, answer, headers, course)
            if course.is_cut:
                status, answer = CUT, b""
            elif course is not ORDINARY:
                answer = b"".join(piece for _, piece in course.pieces(answer))
                if course.content_type is not None:
                    headers = ((b"content-type", course.content_type.encode()), *headers)
            self.answered(operation, asker, body, status, answer, headers)

        return left

    def obstacle(self, environment: Environment, authorization: bytes) -> tuple[str, str]:
        """The account that a header means, if there is one, and what stands between it and the environment."""
        pairs = read_basic(authorization)
        if not pairs:
            return "", "unreadable-header" if authorization else "no-header"
        found = [(name, self._credentials.obstacle(name, environment)) for name, _ in pairs]
        return next(((name, why) for name, why in found if why != "unknown-user"), ("", "unknown-user"))

    def refused(
        self,
        operation: Operation,
        environment: Environment,
        who: tuple[str, str],
        body: bytes,
        reply: Reply,
        *,
        method: str = "POST",
    ) -> Reply:
        """The same reply to somebody who may not ask; `who` as `obstacle` told it before the password was tried."""

        def noted(status: int, answer: bytes, headers: Headers, course: Course = ORDINARY, /) -> None:
            reply(status, answer, headers, course)
            asker, cause = who
            if status == 401 and not cause:
                now_locked = self._credentials.obstacle(asker, environment) == "locked"
                cause = "wrong-password-locks" if now_locked else "wrong-password"
            kept = self._journal.now_us(), operation, asker, body, status, answer, headers
            self._journal.note(_noted(*kept, environment=environment, cause=cause, method=method))

        return noted


def _hot(number: int, *kept: Any) -> Exchange:
    return worded(number, _noted(*kept))


def _noted(
    at_us: int,
    operation: Operation,
    asker: str,
    body: bytes,
    status: int,
    answer: bytes,
    headers: Headers,
    *,
    environment: Environment | None = None,
    cause: str = "",
    method: str = "POST",
) -> Noted:
    if environment is None:
        environment = Environment.LIVE if asker.endswith(LIVE_END) else Environment.TEST
    heads = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
    fault = next((value for name, value in heads if name == FAULT), "")
    if status == CUT:
        heads = ()
    elif not any(name == "content-type" for name, _ in heads):
        heads = (("content-type", "application/json" if status < 400 else "application/problem+json"), *heads)
    return Noted(
        at_us=at_us,
        protocol="http",
        operation=operation.name,
        status=status,
        method=method,
        path=(LIVE_BASE if environment is Environment.LIVE else TEST_BASE) + operation.suffix,
        asker=asker,
        subjects=_codes(body),
        purpose=operation.purpose.value,
        refusal="cut" if status == CUT else _refusal(answer) if status >= 400 else "",
        cause=cause,
        fault=fault,
        request=Part(head=SENT, body=body.decode("utf-8", "replace"), size=len(body)),
        response=Part(head=heads, body=answer.decode("utf-8", "replace"), size=len(answer)),
    )


def _codes(body: bytes) -> tuple[str, ...]:
    """The codes that a body asks about; none where it cannot be read."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    asked = [one.get("hes_code") for one in (read if isinstance(read, list) else [read]) if isinstance(one, dict)]
    codes = [read_code(text, lenient=True) for text in asked if isinstance(text, str)]
    return tuple(dict.fromkeys(code for code in codes if code))


def _refusal(answer: bytes) -> str:
    try:
        return str(json.loads(answer).get("errorKey", ""))
    except (ValueError, AttributeError):
        return ""
