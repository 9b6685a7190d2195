"""Misbehaviour on purpose, typed and seeded.

A plan is a tuple of faults. Whether a fault strikes is a keyed draw on the *logical* request (asker, code and
how often that asker has asked about that code), so the same plan strikes the same requests with one client or
with sixty-four, today or after a restart of the client. An empty plan costs the query path one comparison.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from mockgov.streams import Streams

PARTS: Final = 1 << 32
"""A share is compared as a whole number of 2^-32 parts, so that no rounding differs between machines."""

REFUSALS: Final = frozenset(status.value for status in HTTPStatus if status == 429 or status >= 500)
"""The statuses of a service that cannot answer just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """Answer with an error status instead of working: an overloaded or closed service."""

    share: float
    """Share of requests struck, 0 to 1."""
    status: int = 503
    """HTTP status, one of `REFUSALS`."""
    retry_after_s: int | None = None
    """Seconds told in `Retry-After`, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """Answer late."""

    share: float
    """Share of requests struck, 0 to 1."""
    milliseconds: int
    """How much later the answer leaves, in milliseconds of real time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misstate:
    """Answer with the opposite risk status: the error that an oracle must catch."""

    share: float
    """Share of answers struck, 0 to 1."""


Fault = Refuse | Delay | Misstate


class FaultError(ValueError):
    """A fault that cannot be: the message says what is wrong."""


class FaultPlan:
    """Decides, request by request, which faults strike."""

    def __init__(self, streams: Streams, faults: tuple[Fault, ...] = ()) -> None:
        for fault in faults:
            _check(fault)
        self._streams = streams
        self.faults = faults
        self._asked: dict[tuple[str, str, str], int] = {}

    def replace(self, faults: tuple[Fault, ...]) -> None:
        """Take another plan from now on; counting starts over. Raises `FaultError` and changes nothing."""
        checked = FaultPlan(self._streams, faults)
        self.faults, self._asked = checked.faults, {}

    def __bool__(self) -> bool:
        """Whether there is any fault at all."""
        return bool(self.faults)

    def strike(self, stage: str, asker: str, what: str) -> tuple[Fault, ...]:
        """The faults that strike, at a stage of the path, the next request of `asker` about `what`."""
        nth = self._asked.get((stage, asker, what), 0)
        self._asked[stage, asker, what] = nth + 1
        return tuple(
            fault
            for number, fault in enumerate(self.faults)
            if self._streams.draw("fault", stage, number, asker, what, nth)(PARTS) < round(fault.share * PARTS)
        )


def _check(fault: Fault) -> None:
    if not 0 <= fault.share <= 1:
        raise FaultError(f"The share of {fault} must lie between 0 and 1.")
    if isinstance(fault, Refuse) and fault.status not in REFUSALS:
        raise FaultError(f"{fault.status} is no refusal; choose among {', '.join(map(str, sorted(REFUSALS)))}.")
    if isinstance(fault, Refuse) and fault.retry_after_s is not None and fault.retry_after_s < 0:
        raise FaultError("retry_after_s must be 0 or more seconds, or None.")
    if isinstance(fault, Delay) and fault.milliseconds < 0:
        raise FaultError("A delay must be 0 or more milliseconds.")
