"""Mistakes that integrators make, each planted into the turnstile on its own."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx2 as httpx

from tests.testing.turnstile.client import Passage, Reply, Turnstile, Why

OPEN = Passage(Why.RISKLESS)


class DoubleRetry(Turnstile):
    """A retrying client around a retrying transport."""

    def send(self, operation: str, body: Any) -> httpx.Response:
        answer = super().send(operation, body)
        return super().send(operation, body) if self.is_passing(answer.status_code) else answer


class LocalTimeExpiry(Turnstile):
    """Takes the wire's UTC for Turkish time."""

    def moment(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=timezone(timedelta(hours=3)))


class AsciiBasic(Turnstile):
    """Loses the letters of a user name that ASCII has not."""

    def authorization(self, username: str, password: str) -> str:
        return "Basic " + b64encode(f"{username}:{password}".encode("ascii", "ignore")).decode()


class FoldedUserName(Turnstile):
    """Folds a user name, whereupon İ becomes two letters."""

    def authorization(self, username: str, password: str) -> str:
        return super().authorization(username.lower().upper(), password)


class TitledName(Turnstile):
    """Writes names with one capital, in English."""

    def name(self, body: Any) -> str:
        return " ".join(word[0] + word[1:].lower() for word in super().name(body).split())


class CachedRisk(Turnstile):
    """Keeps an answer as long as the code lives."""

    keep = timedelta(days=36_500)


class KeptBeyondTheEnd(Turnstile):
    """Keeps an answer beyond the code's end."""

    def remember(self, code: str, passage: Passage) -> Passage:
        if passage.until is not None:
            self.kept[code] = self.now() + self.keep, passage
        return passage


class BulkOf501(Turnstile):
    """Counts from nought."""

    limit = 501


class LastPartLost(Turnstile):
    """Asks in whole parts only, and lets everybody else in."""

    def check_all(self, scanned: Any) -> dict[str, Passage]:
        texts = list(scanned)
        whole = len(texts) // self.limit * self.limit or len(texts)
        return super().check_all(texts[:whole]) | dict.fromkeys(texts[whole:], OPEN)


class UnsuccessMapIgnored(Turnstile):
    """Looks for risky people among the answers that succeeded."""

    def many(self, codes: Sequence[str], reply: Reply) -> dict[str, Passage]:
        if reply.status != 200:
            return super().many(codes, reply)
        good = reply.body["success_map"]
        return {code: self.person(good[code]) if code in good else OPEN for code in codes}


class MapsByPosition(Turnstile):
    """Takes the nth answer for the nth code's."""

    def many(self, codes: Sequence[str], reply: Reply) -> dict[str, Passage]:
        if reply.status != 200:
            return super().many(codes, reply)
        good = [self.person(body) for body in reply.body["success_map"].values()]
        bad = [self.problem(key) for key in reply.body["unsuccess_map"].values()]
        return dict(zip(codes, good + bad, strict=True))


class RetryAfterDropped(Turnstile):
    """Waits as long as it likes."""

    def wait_s(self, _: httpx.Response) -> float:
        return self.pause_s


class TooManyRequestsIsFinal(Turnstile):
    """Gives up where it was only asked to wait."""

    def is_passing(self, status: int) -> bool:
        return status >= 500


class RetryAfterBadRequest(Turnstile):
    """Repeats whatever was not a 200."""

    def is_passing(self, status: int) -> bool:
        return status >= 400 and status != 401

    def passage(self, reply: Reply) -> Passage:
        return Passage(Why.UNKNOWN) if reply.status == 400 else super().passage(reply)


class WrongEnvironment(Turnstile):
    """Went live with the test address."""

    base = "/services/g2g/test/saglik/hes/"


class WrongPurpose(Turnstile):
    """Asks about employees as if they were visitors."""

    single = "check-hes-code"


class TrustsTheExpired(Turnstile):
    """Lets in whoever has a code that the ministry knows, ended or not."""

    def problem(self, key: str) -> Passage:
        return OPEN if key == Why.EXPIRED else super().problem(key)


class SemicolonUnknown(Turnstile):
    """Has never been scanned at under a Turkish keyboard."""

    def read(self, scanned: str) -> str | None:
        return None if ";" in scanned else super().read(scanned)


class SemicolonAndAll(Turnstile):
    """Takes the first ten characters of what is scanned."""

    def read(self, scanned: str) -> str | None:
        return super().read(scanned.partition(";")[0][:10] if ";" in scanned else scanned)


class LeadingZerosStripped(Turnstile):
    """Reads the groups of a code as numbers."""

    def read(self, scanned: str) -> str | None:
        code = super().read(scanned)
        return code and code[:4] + re.sub("^0+", "", code[4:8]) + code[8:]


class SwallowedOutage(Turnstile):
    """Opens while the ministry is down."""

    def passage(self, reply: Reply) -> Passage:
        return OPEN if reply.status >= 429 else super().passage(reply)


class UnknownAsRiskless(Turnstile):
    """Opens for whatever is not risky."""

    def problem(self, key: str) -> Passage:
        return Passage(Why.EXPIRED) if key == Why.EXPIRED else OPEN


class PasswordForGood(Turnstile):
    """Never asks for its password again."""

    def send(self, operation: str, body: Any) -> httpx.Response:
        self.credential = lambda: self.pair
        return super().send(operation, body)


class HammersTheLock(Turnstile):
    """Tries a refused password again and again."""

    def is_passing(self, status: int) -> bool:
        return status == 401 or super().is_passing(status)

    def send(self, operation: str, body: Any) -> httpx.Response:
        pair = self.pair
        self.credential = lambda: pair
        return super().send(operation, body)


class RiskyForGood(Turnstile):
    """Forgets nobody who was once risky."""

    def remember(self, code: str, passage: Passage) -> Passage:
        if passage.why is Why.RISKY:
            self.kept[code] = datetime.max.replace(tzinfo=UTC), passage
            return passage
        return super().remember(code, passage)


class GivesUpAtOnce(Turnstile):
    """Asks once."""

    attempts = 1


BUGS: Mapping[type[Turnstile], str] = {
    DoubleRetry: r"Retry-After: told|attempts: ",
    LocalTimeExpiry: "showed an end that lies -3 h",
    AsciiBasic: "renewal after 401: |said badcredentials",
    FoldedUserName: "renewal after 401: |said badcredentials",
    TitledName: "showed the name",
    CachedRisk: r"which no answer told within|said RISKLESS, where RISKY is so|said RISKLESS, where hescodenotfound",
    KeptBeyondTheEnd: "said RISK.*, where hescodehasbeenexpired is so",
    BulkOf501: "bulk limit: 501 codes",
    LastPartLost: "said RISKLESS",
    UnsuccessMapIgnored: "said RISKLESS",
    MapsByPosition: "said|showed the name",
    RetryAfterDropped: "Retry-After: told to wait",
    TooManyRequestsIsFinal: "gave up after 1 of the 4",
    RetryAfterBadRequest: "no repeat after an answer: asked again after 400",
    WrongEnvironment: "environment: /services/g2g/test/",
    WrongPurpose: "purpose: check-hes-code is none of",
    TrustsTheExpired: "said RISKLESS, where hescodehasbeenexpired is so",
    SemicolonUnknown: "said hescodenotfound, where RISKLESS is so",
    SemicolonAndAll: "code: a code went over the wire",
    LeadingZerosStripped: "code: a code went over the wire|said hescodenotfound",
    SwallowedOutage: "said RISKLESS",
    UnknownAsRiskless: "said RISKLESS, where hescodenotfound is so",
    PasswordForGood: "renewal after 401: ",
    HammersTheLock: "renewal after 401: ",
    RiskyForGood: "said RISKY",
    GivesUpAtOnce: "gave up after 1 of the 4",
}
"""Each mistake, and what the kit says of it."""
