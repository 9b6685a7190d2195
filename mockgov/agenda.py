"""The agenda: what falls due by itself, of all services, in order of time.

A service in which something falls due (a letter is delivered, a receipt is sent, an application is evaluated) says
when the next such moment is, and does what has fallen due when it is asked to. The ministry walks its clock from one
due moment to the next, so that whatever follows from one thing finds the world at that thing's own time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol


class Due(Protocol):
    """A service in which things fall due."""

    def next_due(self) -> datetime | None:
        """The earliest moment at which something is due; None while nothing is."""
        ...

    def run_due(self) -> None:
        """Do everything that is due by now, in order; then `next_due` is later than now."""
        ...


class StuckAgendaError(RuntimeError):
    """A service that was asked to do what is due, and did not: a mistake in the product."""


def next_due(services: Sequence[Due]) -> datetime | None:
    """The earliest moment at which any of the services has something to do."""
    return min((moment for service in services if (moment := service.next_due()) is not None), default=None)


def run_due(services: Sequence[Due], now: datetime) -> None:
    """Do everything that is due by `now`, the earliest first, services in their order where moments are equal."""
    before: tuple[datetime, Due] | None = None
    while True:
        waiting = [(moment, nth) for nth, one in enumerate(services) if (moment := one.next_due()) is not None]
        moment, nth = min(waiting, default=(None, 0))
        if moment is None or moment > now:
            return
        service = services[nth]
        if before == (moment, service):
            raise StuckAgendaError(f"{type(service).__name__} has not done what was due at {moment.isoformat()}.")
        before = moment, service
        service.run_due()
