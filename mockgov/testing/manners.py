"""What a client must not do on the wire, whatever it makes of the answers. One function a rule."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from typing import Final

from mockgov.counters.reading import read_code
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE
from mockgov.testing.asking import Asked, BadMannersError, Promise
from mockgov.testing.exchange import Exchange

CORPORATE: Final = "/services/g2g/"
Rule = Callable[[Sequence[Exchange], Promise, Asked], Iterable[str]]


def check_manners(exchanges: Sequence[Exchange], promise: Promise, asked: Asked) -> None:
    """Hold the exchanges of one question against the rules. Raises `BadMannersError`."""
    ours = [one for one in exchanges if one.request.path.startswith(CORPORATE)]
    for name, rule in RULES.items():
        for broken in rule(ours, promise, asked):
            raise BadMannersError(f"{name}: {broken}")


def codes_in(one: Exchange) -> list[str]:
    """The texts that a request asks about; none if it cannot be read."""
    try:
        body = json.loads(one.request.body)
        entries = body if isinstance(body, list) else [body]
        return [str(entry["hes_code"]) for entry in entries]
    except (ValueError, KeyError, TypeError):
        return []


def is_unavailable(one: Exchange) -> bool:
    """Whether asking again may help."""
    return one.answer.status == 429 or one.answer.status >= 500


def _environment(exchanges: Sequence[Exchange], promise: Promise, _: Asked) -> Iterable[str]:
    base = LIVE_BASE if promise.live else TEST_BASE
    for one in exchanges:
        if one.request.path.rpartition("/")[0] + "/" != base:
            yield f"{one.request.path} is not under {base}"


def _purpose(exchanges: Sequence[Exchange], promise: Promise, _: Asked) -> Iterable[str]:
    for one in exchanges:
        operation = one.request.path.rpartition("/")[2]
        if operation not in promise.operations:
            yield f"{operation} is none of {', '.join(sorted(promise.operations))}"


def _bulk(exchanges: Sequence[Exchange], promise: Promise, _: Asked) -> Iterable[str]:
    for one in exchanges:
        count = len(codes_in(one))
        if count > promise.bulk_limit:
            yield f"{count} codes in one call, of which {promise.bulk_limit} are allowed"


def _codes(exchanges: Sequence[Exchange], _: Promise, asked: Asked) -> Iterable[str]:
    meant = set(asked.values())
    for one in exchanges:
        for text in codes_in(one):
            if read_code(text, lenient=True) not in meant:
                yield "a code went over the wire that was not asked about"


def _answered(exchanges: Sequence[Exchange], _: Promise, __: Asked) -> Iterable[str]:
    for before, after in _repeats(exchanges):
        if before.answer.status < 429 and before.answer.status != 401:
            yield f"asked again after {before.answer.status} {before.refusal}, at {after.at:%H:%M:%S}"


def _renewal(exchanges: Sequence[Exchange], _: Promise, __: Asked) -> Iterable[str]:
    for before, after in _repeats(exchanges):
        same = before.request.header("authorization") == after.request.header("authorization")
        if before.answer.status == 401 and same:
            yield "asked again with the credential that was just refused; five times lock the account"


def _waiting(exchanges: Sequence[Exchange], _: Promise, __: Asked) -> Iterable[str]:
    for before, after in _repeats(exchanges):
        told = before.answer.headers.get("retry-after", "")
        if is_unavailable(before) and told.isdigit() and after.at - before.at < timedelta(seconds=int(told)):
            yield f"told to wait for {told} s, asked again after {(after.at - before.at).total_seconds():g} s"


def _insistence(exchanges: Sequence[Exchange], promise: Promise, _: Asked) -> Iterable[str]:
    for same in _questions(exchanges):
        failed = sum(is_unavailable(one) for one in same)
        if failed > promise.attempts:
            yield f"{failed} requests for one question, of which {promise.attempts} were promised at most"


RULES: Final[dict[str, Rule]] = {
    "environment": _environment,
    "purpose": _purpose,
    "bulk limit": _bulk,
    "code": _codes,
    "no repeat after an answer": _answered,
    "renewal after 401": _renewal,
    "Retry-After": _waiting,
    "attempts": _insistence,
}
"""By the name that a broken one is told by."""


def _questions(exchanges: Sequence[Exchange]) -> Iterable[list[Exchange]]:
    """Requests for the same, together."""

    def what(one: Exchange) -> tuple[str, bytes]:
        return one.request.path, one.request.body

    for _, same in groupby(sorted(exchanges, key=what), key=what):
        yield list(same)


def _repeats(exchanges: Sequence[Exchange]) -> Iterable[tuple[Exchange, Exchange]]:
    """Each request for what was asked just before, and the one before."""
    for same in _questions(exchanges):
        yield from pairwise(same)
