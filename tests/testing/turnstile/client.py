"""A made-up vendor's turnstile: it opens for whoever the ministry calls riskless.

Written as a vendor would: httpx, a clock and a sleep handed in, answers kept for five minutes, four attempts.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import httpx2 as httpx


class Why(StrEnum):
    """Why it opens or does not."""

    RISKLESS = "RISKLESS"
    RISKY = "RISKY"
    UNKNOWN = "hescodenotfound"
    EXPIRED = "hescodehasbeenexpired"
    UNAVAILABLE = "unavailable"
    REFUSED = "badcredentials"


@dataclass(frozen=True)
class Passage:
    """What the turnstile does, and shows."""

    why: Why
    name: str | None = None
    until: datetime | None = None

    @property
    def opens(self) -> bool:
        return self.why is Why.RISKLESS


@dataclass(frozen=True)
class Reply:
    """What a request came to: the body of a 200 or a 400, or only a status."""

    status: int
    body: Any = None


class Turnstile:
    """Asks about employees, one by one at the door or all at once in the morning."""

    base = "/services/g2g/saglik/hes/"
    single, bulk = "check-employee-hes-code", "check-hes-codes"
    limit = 500
    attempts = 4
    pause_s = 1.0
    keep = timedelta(minutes=5)

    def __init__(
        self,
        http: httpx.Client,
        credential: Callable[[], tuple[str, str]],
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self.http, self.credential, self.now, self.sleep = http, credential, now, sleep
        self.pair = credential()
        self.kept: dict[str, tuple[datetime, Passage]] = {}

    def check(self, scanned: str) -> Passage:
        """Somebody shows a code."""
        code = self.read(scanned)
        if code is None:
            return Passage(Why.UNKNOWN)
        return self.remembered(code) or self.remember(code, self.passage(self.post(self.single, {"hes_code": code})))

    def check_all(self, scanned: Iterable[str]) -> dict[str, Passage]:
        """All codes of a list, by the texts that they came as."""
        codes = {text: self.read(text) for text in scanned}
        wanted = list(dict.fromkeys(code for code in codes.values() if code is not None))
        found: dict[str, Passage] = {}
        for at in range(0, len(wanted), self.limit):
            chunk = wanted[at : at + self.limit]
            found |= self.many(chunk, self.post(self.bulk, [{"hes_code": code} for code in chunk]))
        return {text: found[code] if code else Passage(Why.UNKNOWN) for text, code in codes.items()}

    # Reading and writing

    def read(self, scanned: str) -> str | None:
        """The code in a typed or scanned text."""
        code = re.sub(r"[\s-]", "", re.split(r"[|;]", scanned)[-1])
        return code.upper() if re.fullmatch(r"[A-Za-z0-9]{10}", code, re.ASCII) else None

    def authorization(self, username: str, password: str) -> str:
        return "Basic " + b64encode(f"{username}:{password}".encode()).decode()

    def passage(self, reply: Reply) -> Passage:
        """What follows from a single answer."""
        if reply.status == 200:
            return self.person(reply.body)
        if reply.status == 400:
            return self.problem(reply.body["errorKey"])
        return Passage(Why.REFUSED if reply.status == 401 else Why.UNAVAILABLE)

    def many(self, codes: Sequence[str], reply: Reply) -> dict[str, Passage]:
        """The same for each code of a bulk answer."""
        if reply.status != 200:
            return dict.fromkeys(codes, self.passage(reply))
        good, bad = reply.body["success_map"], reply.body["unsuccess_map"]
        return {code: self.person(good[code]) if code in good else self.problem(bad[code]) for code in codes}

    def person(self, body: Any) -> Passage:
        return Passage(Why(body["current_health_status"]), self.name(body), self.moment(body["expiration_date"]))

    def problem(self, key: str) -> Passage:
        return Passage(Why.EXPIRED if key == Why.EXPIRED else Why.UNKNOWN)

    def name(self, body: Any) -> str:
        return f"{body['masked_firstname']} {body['masked_lastname']}".strip()

    def moment(self, text: str) -> datetime:
        return datetime.fromisoformat(text)

    # Keeping

    def remembered(self, code: str) -> Passage | None:
        """What is still good of what was answered."""
        until, passage = self.kept.get(code, (self.now(), None))
        return passage if self.now() < until else None

    def remember(self, code: str, passage: Passage) -> Passage:
        """Keep what was answered for a while, but not beyond the code's end."""
        if passage.until is not None:
            self.kept[code] = min(self.now() + self.keep, passage.until), passage
        return passage

    # Asking

    def post(self, operation: str, body: Any) -> Reply:
        """Ask until there is an answer, or all attempts are used up; after a 401 once more with the newest password."""
        failed, renewed = 0, False
        while True:
            answer = self.send(operation, body)
            if answer.status_code == 401 and not renewed:
                renewed, self.pair = True, self.credential()
            elif self.is_passing(answer.status_code):
                failed += 1
                if failed == self.attempts:
                    return Reply(answer.status_code)
                self.sleep(self.wait_s(answer))
            else:
                return Reply(answer.status_code, answer.json() if answer.status_code in (200, 400) else None)

    def send(self, operation: str, body: Any) -> httpx.Response:
        headers = {"authorization": self.authorization(*self.pair)}
        return self.http.post(self.base + operation, json=body, headers=headers)

    def is_passing(self, status: int) -> bool:
        """Whether asking again may help."""
        return status == 429 or status >= 500

    def wait_s(self, answer: httpx.Response) -> float:
        """How long to wait before that."""
        return float(answer.headers.get("retry-after", self.pause_s))
