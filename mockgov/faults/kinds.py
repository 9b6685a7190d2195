"""What can go wrong on purpose: one frozen value a fault, with whom it strikes, where and when.

Every fault has the same aim (`share`, `stage`, `channel`, `route`, `institution`, a window of the world's time, bursts
in it) and fields of its own. `mistakes` says everything that is wrong with one, in words for the person who wrote it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from types import MappingProxyType
from typing import ClassVar, Final

REFUSALS: Final = frozenset(status.value for status in HTTPStatus if status == 429 or status >= 500)
"""The statuses of a service that cannot answer just now."""
MOST_MS: Final = 600_000
"""No delay is longer: ten minutes of real time."""
MOST_S: Final = 366 * 86_400
"""No span of the world's time in a fault is longer: a year."""


class Stage(StrEnum):
    """Where on its way a request is struck."""

    COUNTER = "counter"
    """Before any work: nothing has happened, nothing is kept."""
    SERVICE = "service"
    """While the service works: its clock, its certificates."""
    ANSWER = "answer"
    """After the work: it is done and kept, and only the answer suffers."""
    RECEIPT = "receipt"
    """What is told later: receipts, evidence, callbacks."""


class Channel(StrEnum):
    """By which protocol a request comes, or something is told."""

    HTTP = "http"
    """Every counter over HTTP but the SOAP one."""
    KEP_SOAP = "kep_soap"
    SMTP = "smtp"
    KEP_SMTP = "kep_smtp"
    SMPP = "smpp"
    SMS = "sms"
    """Receipts of text messages, whether they are fetched by SMPP or HTTP."""
    KEP = "kep"
    """Evidence of registered letters, whether it is listed by SOAP or HTTP."""
    CALLBACK = "callback"


ASKING: Final = frozenset({Channel.HTTP, Channel.KEP_SOAP, Channel.SMTP, Channel.KEP_SMTP, Channel.SMPP})
WEB: Final = frozenset({Channel.HTTP, Channel.KEP_SOAP})
TELLING: Final = frozenset({Channel.SMS, Channel.KEP, Channel.CALLBACK})


class Law(StrEnum):
    """How delays are distributed."""

    CONSTANT = "constant"
    UNIFORM = "uniform"
    EXPONENTIAL = "exponential"
    LOGNORMAL = "lognormal"


LAWS: Final[Mapping[Law, tuple[str, ...]]] = MappingProxyType(
    {
        Law.CONSTANT: ("milliseconds",),
        Law.UNIFORM: ("least_ms", "most_ms"),
        Law.EXPONENTIAL: ("mean_ms",),
        Law.LOGNORMAL: ("median_ms", "p95_ms"),
    }
)
"""The fields that a law needs; the other laws' fields stay out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What all faults have in common: whom they strike, where and when."""

    kind: ClassVar[str] = ""
    strikes_at: ClassVar[tuple[Stage, ...]] = ()
    """The stages at which it can strike; at the first one if nothing is said."""
    strikes_by: ClassVar[frozenset[Channel]] = frozenset()
    """The channels on which it can strike; on all of them if nothing is said."""

    share: float = 1.0
    """Share of the requests aimed at that are struck, 0 to 1."""
    stage: Stage | None = None
    channel: tuple[Channel, ...] = ()
    route: tuple[str, ...] = ()
    """Patterns of paths or protocol verbs: `/services/g2g/*`, `check-hes-code`, `Yukle`, `submit_sm`; none: all."""
    institution: tuple[str, ...] = ()
    """Patterns of who asks: an institution's label, an account's name, a KEP address, a sender; none: everybody."""
    since: datetime | None = None
    until: datetime | None = None
    """The window of the world's time in which it strikes; open where nothing is said."""
    on_s: int | None = None
    off_s: int | None = None
    """Bursts: in every `on_s + off_s` seconds of the world's time it strikes for `on_s`, from a drawn moment on."""

    @property
    def at(self) -> Stage:
        """The stage at which it strikes."""
        return self.stage or self.strikes_at[0]

    @property
    def by(self) -> frozenset[Channel]:
        """The channels on which it strikes."""
        return frozenset(self.channel) or self.strikes_by

    def mistakes(self) -> Iterator[str]:
        """Everything that is wrong with it."""
        if not 0 <= self.share <= 1:
            yield "`share` must lie between 0 and 1"
        if self.stage is not None and self.stage not in self.strikes_at:
            yield f"`stage` of a {self.kind} is {' or '.join(self.strikes_at)}, not {self.stage}"
        for channel in self.channel:
            if channel not in self.strikes_by:
                yield f"a {self.kind} strikes on {', '.join(sorted(self.strikes_by))}, not on {channel}"
        if self.route and self.at is Stage.RECEIPT:
            yield f"a {self.kind} strikes what is told later, by no route; leave `route` out, or aim by `channel`"
        yield from self._mistakes_of_time()
        yield from self._own_mistakes()

    def _mistakes_of_time(self) -> Iterator[str]:
        """What is wrong with window and bursts."""
        for name in ("since", "until"):
            moment = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                yield f"`{name}` needs a time zone, such as {moment.isoformat()}+03:00"
        if self.since and self.until and self.since.tzinfo and self.until.tzinfo and self.until <= self.since:
            yield "`until` must be later than `since`"
        if (self.on_s is None) != (self.off_s is None):
            yield "`on_s` and `off_s` go together: how long it strikes, and how long it rests"
        for name in ("on_s", "off_s"):
            if (value := getattr(self, name)) is not None and not 1 <= value <= MOST_S:
                yield f"`{name}` must be 1 to {MOST_S} seconds"

    def _own_mistakes(self) -> Iterator[str]:
        """What is wrong with the fields of its kind."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(Fault):
    """Answer with an error status instead of working: an overloaded, throttling or closed service."""

    kind: ClassVar[str] = "refuse"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.COUNTER, Stage.ANSWER)
    strikes_by: ClassVar[frozenset[Channel]] = ASKING

    status: int = 503
    """HTTP status, one of `REFUSALS`; at other doors 429 is their word for *too fast*, the rest for *not now*."""
    retry_after_s: int | None = None
    """Seconds told in `Retry-After`, if any."""
    tell_end: bool = False
    """Whether `Retry-After` tells when the burst or the window ends."""

    def _own_mistakes(self) -> Iterator[str]:
        if self.status not in REFUSALS:
            yield f"{self.status} is no refusal; choose among {', '.join(map(str, sorted(REFUSALS)))}"
        if self.retry_after_s is not None and not 0 <= self.retry_after_s <= MOST_S:
            yield f"`retry_after_s` must be 0 to {MOST_S} seconds"
        if self.tell_end and self.until is None and self.on_s is None:
            yield "`tell_end` needs an end: give `until`, or `on_s` and `off_s`"
        if self.tell_end and self.retry_after_s is not None:
            yield "give `retry_after_s` or `tell_end`, not both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay(Fault):
    """Begin late (at the counter), or work at once and answer late."""

    kind: ClassVar[str] = "delay"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.COUNTER, Stage.ANSWER)
    strikes_by: ClassVar[frozenset[Channel]] = ASKING

    law: Law = Law.CONSTANT
    milliseconds: int | None = None
    """Constant: how much later, in milliseconds of real time."""
    least_ms: int | None = None
    most_ms: int | None = None
    """Uniform: between these, both included."""
    mean_ms: int | None = None
    """Exponential."""
    median_ms: int | None = None
    p95_ms: int | None = None
    """Lognormal: half of the delays are longer than the one, a twentieth longer than the other."""

    def _own_mistakes(self) -> Iterator[str]:
        wanted = LAWS[self.law]
        for name in (name for names in LAWS.values() for name in names):
            value = getattr(self, name)
            if (value is None) == (name in wanted):
                said = f"a {self.law} delay has {' and '.join(f'`{one}`' for one in wanted)}"
                yield f"{said}; `{name}` is missing" if value is None else f"{said}, not `{name}`"
            elif value is not None and not 0 <= value <= MOST_MS:
                yield f"`{name}` must be 0 to {MOST_MS} milliseconds"
        least, most = self.least_ms, self.most_ms
        if self.law == Law.UNIFORM and least is not None and most is not None and most < least:
            yield "`most_ms` must not be less than `least_ms`"
        median, p95 = self.median_ms, self.p95_ms
        if self.law == Law.LOGNORMAL and median is not None and p95 is not None and not 1 <= median <= p95:
            yield "`median_ms` must be 1 or more, and `p95_ms` not less"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut(Fault):
    """Close the connection without an answer: before the work (counter), or after it is done and kept (answer)."""

    kind: ClassVar[str] = "cut"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.ANSWER, Stage.COUNTER)
    strikes_by: ClassVar[frozenset[Channel]] = ASKING

    reset: bool = False
    """Whether with a TCP reset in place of an orderly end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Half(Fault):
    """Send the head and a part of the body that it announces, then close the connection."""

    kind: ClassVar[str] = "half"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.ANSWER,)
    strikes_by: ClassVar[frozenset[Channel]] = ASKING

    fraction: float = 0.5
    """The part of the body's bytes that is sent, 0 to less than 1."""

    def _own_mistakes(self) -> Iterator[str]:
        if not 0 <= self.fraction < 1:
            yield "`fraction` must lie between 0 and 1, and be less than 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drip(Fault):
    """Send the whole answer, a few bytes at a time."""

    kind: ClassVar[str] = "drip"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.ANSWER,)
    strikes_by: ClassVar[frozenset[Channel]] = ASKING

    chunk_bytes: int = 16
    every_ms: int = 100
    """So many bytes, then a wait of so many milliseconds of real time."""

    def _own_mistakes(self) -> Iterator[str]:
        if not 1 <= self.chunk_bytes <= 1 << 20:
            yield f"`chunk_bytes` must be 1 to {1 << 20}"
        if not 1 <= self.every_ms <= MOST_MS:
            yield f"`every_ms` must be 1 to {MOST_MS} milliseconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongType(Fault):
    """Call the answer something that it is not."""

    kind: ClassVar[str] = "wrong-type"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.ANSWER,)
    strikes_by: ClassVar[frozenset[Channel]] = WEB

    content_type: str = "text/html; charset=utf-8"

    def _own_mistakes(self) -> Iterator[str]:
        text = self.content_type
        if not (text.isascii() and text.isprintable() and 3 <= len(text) <= 100 and "/" in text.strip("/ ")):
            yield "`content_type` must be a media type such as text/html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Misstate(Fault):
    """Answer with the opposite risk status: the error that an oracle must catch. It strikes code by code."""

    kind: ClassVar[str] = "misstate"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.ANSWER,)
    strikes_by: ClassVar[frozenset[Channel]] = frozenset({Channel.HTTP})

    def _own_mistakes(self) -> Iterator[str]:
        if self.route:
            yield "a misstate is drawn code by code behind every counter; leave `route` out, or aim by `institution`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate(Fault):
    """Tell the same thing more than once."""

    kind: ClassVar[str] = "duplicate"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.RECEIPT,)
    strikes_by: ClassVar[frozenset[Channel]] = TELLING

    copies: int = 1
    """How often beyond the first time."""

    def _own_mistakes(self) -> Iterator[str]:
        if not 1 <= self.copies <= 10:
            yield "`copies` must be 1 to 10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Disorder(Fault):
    """Tell something only after what came later: receipts are held back, evidence changes places in its list."""

    kind: ClassVar[str] = "disorder"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.RECEIPT,)
    strikes_by: ClassVar[frozenset[Channel]] = TELLING

    hold_s: int = 60
    """For how many seconds of the world's time a receipt or callback is held back."""

    def _own_mistakes(self) -> Iterator[str]:
        if not 1 <= self.hold_s <= MOST_S:
            yield f"`hold_s` must be 1 to {MOST_S} seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Greylist(Fault):
    """Put a sender and a recipient off with 451 until some time after their first knock (RFC 6647)."""

    kind: ClassVar[str] = "greylist"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.COUNTER,)
    strikes_by: ClassVar[frozenset[Channel]] = frozenset({Channel.SMTP})

    wait_s: int = 300
    """Seconds of the world's time from the first knock until mail is taken."""

    def _own_mistakes(self) -> Iterator[str]:
        if not 1 <= self.wait_s <= MOST_S:
            yield f"`wait_s` must be 1 to {MOST_S} seconds"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredCertificate(Fault):
    """Sign evidence and OCSP answers with certificates that ended before the world began."""

    kind: ClassVar[str] = "expired-certificate"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.SERVICE,)
    strikes_by: ClassVar[frozenset[Channel]] = WEB


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSkew(Fault):
    """Let the service's own clock be wrong: in `Date`, tokens, sessions, time-stamps, lists of revoked certificates."""

    kind: ClassVar[str] = "clock-skew"
    strikes_at: ClassVar[tuple[Stage, ...]] = (Stage.SERVICE,)
    strikes_by: ClassVar[frozenset[Channel]] = WEB

    seconds: int = 300
    """How far it is ahead; negative: behind."""

    def _own_mistakes(self) -> Iterator[str]:
        if not 1 <= abs(self.seconds) <= MOST_S:
            yield f"`seconds` must be 1 to {MOST_S} ahead, or as many behind"


KINDS: Final[Mapping[str, type[Fault]]] = MappingProxyType(
    {
        made.kind: made
        for made in (
            Refuse,
            Delay,
            Cut,
            Half,
            Drip,
            WrongType,
            Misstate,
            Duplicate,
            Disorder,
            Greylist,
            ExpiredCertificate,
            ClockSkew,
        )
    }
)
"""Every kind by its name."""
AIM: Final = tuple(field.name for field in fields(Fault))
"""The fields that every kind has."""
