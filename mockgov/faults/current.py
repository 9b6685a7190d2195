"""What strikes the request that is being worked on: how a service's clock and certificates come to be wrong.

A counter works on a struck request `under` its visit; services that tell the time or sign are handed a `Now` and a
question that look it up. Elsewhere both are what they always are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Final

from mockgov.clock import Now
from mockgov.faults.plan import NOTHING, Visit

_CURRENT: Final[ContextVar[Visit]] = ContextVar("hes_faults_visit", default=NOTHING)


@contextmanager
def under(visit: Visit) -> Iterator[None]:
    """Work on a struck request inside."""
    before = _CURRENT.set(visit)
    try:
        yield
    finally:
        _CURRENT.reset(before)


def own_clock(now: Now) -> Now:
    """The service's own clock: the world's, but for requests for which it is wrong."""

    def told() -> datetime:
        visit = _CURRENT.get()
        return now() + timedelta(seconds=visit.skew_s) if visit.strikes else now()

    return told


def signs_with_expired() -> bool:
    """Whether what is signed now is signed with certificates that have ended."""
    return _CURRENT.get().has_expired_certificates
