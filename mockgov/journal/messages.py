"""What the journal is told and tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

CUT: Final = 0
"""The status of an answer that never left, since a fault ended the connection; its refusal is `cut`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One direction of an exchange."""

    head: tuple[tuple[str, str], ...] = ()
    """Names in lower case, and values."""
    body: str = ""
    size: int = 0
    """Bytes of the body as it went over the wire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """An exchange as a counter tells it; nothing in it is masked yet."""

    at_us: int
    protocol: str
    """`http`, `kep_soap`, `smtp`, `kep_smtp`, `smpp`, `sms` or `lab`."""
    operation: str
    """The template of the route, or the protocol's verb; C1 to C6 for the corporate counter."""
    status: int
    method: str = ""
    path: str = ""
    """Without what stands before it of the world, with the query string."""
    asker: str = ""
    """An account's user name, `citizen:<number>`, a KEP or mail address, a masked phone; empty for nobody known."""
    subjects: tuple[str, ...] = ()
    """HES codes that were asked about."""
    purpose: str = ""
    refusal: str = ""
    """The error's key; empty for none."""
    cause: str = ""
    """What the refusal does not tell: why a password was not taken, for instance."""
    fault: str = ""
    """The token of the fault that struck; empty for none."""
    request: Part = Part()
    response: Part = Part()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """An exchange as the journal has it."""

    number: int
    at: datetime
    protocol: str
    operation: str
    method: str
    path: str
    asker: str
    subjects: tuple[str, ...]
    purpose: str
    status: int
    refusal: str
    cause: str
    fault: str
    request: Part
    response: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Which exchanges are meant; None is any."""

    protocol: str | None = None
    operation: str | None = None
    method: str | None = None
    asker: str | None = None
    code: str | None = None
    purpose: str | None = None
    status: int | None = None
    refusal: str | None = None
    """An error's key, `any` for whatever was refused, `none` for what was not."""
    fault: str | None = None
    """A replay token, `any` or `none`."""
    since: datetime | None = None
    until: datetime | None = None
    """Up to, but without."""
    text: str | None = None
    """Somewhere in path, head or body, whatever the case."""


class Difference(NamedTuple):
    """Where an exchange is not what was meant."""

    field: str
    wanted: str
    was: str


class Miss(NamedTuple):
    """An exchange that is nearly what was meant."""

    exchange: Exchange
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of an assertion."""

    holds: bool
    count: int
    matches: tuple[Exchange, ...]
    """The first of them."""
    nearest: tuple[Miss, ...]
    """Where none matches: those that differ least, the latest first."""


class Root(NamedTuple):
    """What a transcript comes to."""

    root: str
    """SHA-256 in hexadecimal."""
    exchanges: int
    """How many it is made of: all but the lab's own."""
    lab: int
    """The lab's own between them, which are listed and asserted like all others, and do not count here."""
    first: int
    """The number from which on exchanges were looked at; those of the lab have numbers too."""
    last: int
    """The latest number; less than `first` where there are none."""
    complete: bool
    """Whether the journal still has every exchange from the first one asked for on."""
