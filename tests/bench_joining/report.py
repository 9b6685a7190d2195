"""The bench in words: what is measured side by side, what is measured alone, and the goals."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TypeVar

from tests.bench_joining.gateway import MESSAGES, WARM, WINDOW, Sent
from tests.bench_joining.post import CONNECTIONS, MAILS, Mailed, Registered
from tests.bench_joining.ready import FILE_BYTES
from tests.bench_joining.signatures import KINDS, Speed
from tests.bench_joining.start import Started
from tests.bench_joining.way import Walked

T = TypeVar("T")
PACKAGES = ("smpp34", "smpplib", "pyhanko", "cryptography", "aiosmtpd", "uvloop")
KEYS = {"ec": "EC P-384", "rsa": "RSA 2048"}
MESSAGES_PER_S, SIGNATURES_PER_S, VERIFICATIONS_PER_S, OF_AIOSMTPD, DEPOSITS_PER_S, EVIDENCE_PER_S = (
    1_000, 100, 100, 0.1, 50, 50,
)  # fmt: skip
WALK_S, ADVANCE_S, START_S = 2.0, 10.0, 1.0
"""The goals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything that was measured; sequences have an entry for each round."""

    gateway: Sequence[Sent]
    scripted: Sequence[Sent]
    journalled: Sequence[int]
    """Messages in the journal on disk, none of them waiting, after each round."""
    mail: Sequence[Mailed]
    unanswered_mail: Sequence[Mailed]
    kept_mail: Sequence[Mailed]
    speeds: Mapping[str, Sequence[Speed]]
    first_s: Mapping[str, tuple[float, float]]
    """By kind of key: ours, and pyHanko's."""
    registered: Sequence[Registered]
    first_walks: Sequence[Walked]
    next_walks: Sequence[Walked]
    advances_s: Sequence[float]
    applications: int
    started: Started

    @property
    def lost(self) -> int:
        """Messages, mails and letters that did not come through."""
        taken = sum(one.lost for kind in (self.gateway, self.mail, self.unanswered_mail) for one in kind)
        missing = sum(WARM + MESSAGES - kept for kept in self.journalled)
        return taken + missing + sum(one.lost for one in self.registered)

    def ratio(self) -> float:
        """Mails a second of ours by those of the rival, the middle one of the rounds' own ratios."""
        return _ratio(self.mail, self.kept_mail, lambda one: one.per_s)


def markdown(result: Result) -> str:
    """All of it."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    lines = [
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}; {os.cpu_count()} cores.",
        "",
        *_side_by_side(result),
        "",
        f"Medians of {len(result.gateway)} alternating round(s). Lost: {result.lost} of {_sent(result):,}.",
        "",
        *_alone(result),
        "",
        *_goals(result),
        "",
    ]
    return "\n".join(lines)


def _side_by_side(result: Result) -> Iterator[str]:
    yield "| a second | the ministry | otherwise | times | ministry's client | other's client |"
    yield "|---|---:|---:|---:|---:|---:|"
    smpp = (result.gateway, result.scripted)
    title = f"SMPP messages answered, window {WINDOW}; otherwise smpp34's `Server` in memory"
    yield _row(title, *smpp, lambda one: one.messages_per_s, lambda one: one.client)
    yield _row("SMPP receipts of them, the last one in", *smpp, lambda one: one.receipts_per_s, lambda one: one.client)
    title = f"mail, {CONNECTIONS} connections, read and answered; otherwise aiosmtpd's `Controller` with a list"
    yield _row(title, result.mail, result.kept_mail, lambda one: one.per_s, lambda one: one.client)
    title = "the same from an empty return path, which gets no answer"
    yield _row(title, result.unanswered_mail, result.kept_mail, lambda one: one.per_s, lambda one: one.client)
    for kind in KINDS:
        speeds = result.speeds[kind]
        yield _speed(f"CAdES-T signatures, {KEYS[kind]}; otherwise pyHanko", speeds, "signs")
        yield _speed(f"verifications of them, {KEYS[kind]}; otherwise pyHanko", speeds, "verifies")


def _alone(result: Result) -> Iterator[str]:
    first, later, started = result.first_walks, result.next_walks, result.started
    days = _middle(first, lambda one: one.working_days)
    yield "| alone | |"
    yield "|---|---|"
    for kind in KINDS:
        ours, theirs = result.first_s[kind]
        yield f"| a fresh process to its first signature, {KEYS[kind]}: keys made, time-stamped | {ours:.2f} s |"
        yield f"| the same with pyHanko, keys from files, no time-stamp | {theirs:.2f} s |"
    size = f"{FILE_BYTES // 1000} kB enclosed"
    deposits, evidence = (_middle(result.registered, pick) for pick in (_deposits, _evidence))
    yield f"| KEP deposits by SMTP, {CONNECTIONS} connections, {size}, signature checked | {deposits:,.0f}/s |"
    yield f"| evidence XML by HTTP, first read: signed, time-stamped, archived | {evidence:,.0f}/s |"
    yield f"| the same, read again | {_middle(result.registered, lambda one: one.again_per_s):,.0f}/s |"
    for title, walks in (("first", first), ("second", later)):
        seconds, in_clock = (_middle(walks, pick) for pick in (lambda one: one.seconds, lambda one: one.in_clock_s))
        share = f"{in_clock:.2f} s of it in moves of the clock"
        yield f"| form to confirming letter, {days:.0f} working days, a server's {title} | {seconds:.2f} s, {share} |"
    advance = statistics.median(result.advances_s)
    each = advance * 1000 / result.applications
    title = f"{result.applications} applications decided in one move of the clock"
    yield f"| {title} | {advance:.2f} s, {each:.1f} ms each |"
    yield f"| `hes serve` (1,000 people, made anew) to its first HTTP answer | {started.http_s:.2f} s |"
    yield f"| to the first SMTP banner | {started.smtp_s:.2f} s |"
    yield f"| to the first SMPP bind answered | {started.smpp_s:.2f} s |"


def _goals(result: Result) -> Iterator[str]:
    started = result.started
    yield "| goal | wanted | measured | met |"
    yield "|---|---:|---:|---|"
    yield _at_least("SMPP messages a second", MESSAGES_PER_S, _middle(result.gateway, lambda one: one.receipts_per_s))
    yield _at_most("messages, mails and letters lost", 0, result.lost)
    for kind in KINDS:
        signs, verifies = (_middle(result.speeds[kind], pick) for pick in (_signs, _verifies))
        yield _at_least(f"CAdES-T signatures a second, {KEYS[kind]}", SIGNATURES_PER_S, signs)
        yield _at_least(f"verifications a second, {KEYS[kind]}", VERIFICATIONS_PER_S, verifies)
    yield _at_least("mails a second, of those of a bare list", OF_AIOSMTPD, result.ratio())
    yield _at_least("KEP deposits a second", DEPOSITS_PER_S, _middle(result.registered, _deposits))
    yield _at_least("evidence a second, first read", EVIDENCE_PER_S, _middle(result.registered, _evidence))
    yield _at_most(
        "seconds from form to confirming letter", WALK_S, _middle(result.first_walks, lambda one: one.seconds)
    )
    title = f"seconds in which {result.applications} applications are decided"
    yield _at_most(title, ADVANCE_S, statistics.median(result.advances_s))
    yield _at_most("seconds from start to HTTP", START_S, started.http_s)
    yield _at_most("seconds from start to SMTP", START_S, started.smtp_s)
    yield _at_most("seconds from start to SMPP", START_S, started.smpp_s)


def _row(
    title: str, ours: Sequence[T], theirs: Sequence[T], figure: Callable[[T], float], client: Callable[[T], float]
) -> str:
    mine, other = _middle(ours, figure), _middle(theirs, figure)
    clients = f"{_middle(ours, client):.0%} | {_middle(theirs, client):.0%}"
    return f"| {title} | {mine:,.0f} | {other:,.0f} | {_ratio(ours, theirs, figure):.2f} | {clients} |"


def _speed(title: str, speeds: Sequence[Speed], what: str) -> str:
    def of(who: str) -> list[float]:
        return [float(getattr(one, f"{who}_{what}")) for one in speeds]

    ours, theirs = of("ours"), of("theirs")
    times = _ratio(ours, theirs, lambda figure: figure)
    return f"| {title} | {statistics.median(ours):,.0f} | {statistics.median(theirs):,.0f} | {times:.2f} | | |"


def _sent(result: Result) -> int:
    rounds = len(result.gateway)
    return rounds * (WARM + MESSAGES + 2 * MAILS) + sum(one.letters for one in result.registered)


def _deposits(one: Registered) -> float:
    return one.deposits_per_s


def _evidence(one: Registered) -> float:
    return one.evidence_per_s


def _signs(one: Speed) -> float:
    return one.ours_signs


def _verifies(one: Speed) -> float:
    return one.ours_verifies


def _middle(rounds: Sequence[T], figure: Callable[[T], float]) -> float:
    return statistics.median(figure(one) for one in rounds)


def _ratio(ours: Sequence[T], theirs: Sequence[T], figure: Callable[[T], float]) -> float:
    return statistics.median(figure(one) / figure(two) for one, two in zip(ours, theirs, strict=True))


def _at_least(goal: str, wanted: float, measured: float) -> str:
    return f"| {goal} | ≥ {_number(wanted)} | {_number(measured)} | {'yes' if measured >= wanted else 'NO'} |"


def _at_most(goal: str, wanted: float, measured: float) -> str:
    return f"| {goal} | ≤ {_number(wanted)} | {_number(measured)} | {'yes' if measured <= wanted else 'NO'} |"


def _number(figure: float) -> str:
    return f"{figure:,.0f}" if isinstance(figure, int) else f"{figure:,.{2 if figure < 10 else 1}f}"
