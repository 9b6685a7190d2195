"""The road: what `hes onboard` does, step by step over sockets, and many applications that fall due together."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import mockgov.paper  # noqa: F401  the walker's own, so that the first walk does not wait for it
from mockgov.cli.applicant import Applicant
from mockgov.cli.calling import call
from mockgov.cli.integrator import Integrator
from mockgov.cli.walk import Walk
from mockgov.working_time import working_time_between
from tests.bench_joining.ready import AUTUMN
from tests.journeys.served import Served

WORKING_DAY = timedelta(hours=8)
ADVANCE_S = 8 * 86_400
"""Longer than the five working days of an evaluation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One institution's way from the form to the confirming letter."""

    seconds: float
    in_clock_s: float
    """Of these, for moves of the clock."""
    working_days: float
    """That passed in the world meanwhile."""


class Timed(Integrator):
    """An integrator that looks at the time whenever it moves the world's."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.in_clock_s = 0.0

    def lab(self, method: str, path: str, body: Any = None) -> Any:
        begun = time.perf_counter()
        answer = Integrator.lab(self, method, path, body)
        if path == "/clock":
            self.in_clock_s += time.perf_counter() - begun
        return answer


def walk(served: Served) -> Walked:
    """The seven steps of a new institution."""
    integrator = Timed(served.address)
    applicant = Applicant(integrator)
    list(applicant.make_up())
    from_moment = integrator.now()
    begun, integrator.in_clock_s = time.perf_counter(), 0.0
    for step in Walk(applicant).steps():
        for part in (step.act, step.look):
            list(() if part is None else part())
    seconds = time.perf_counter() - begun
    assert integrator.application()["state"] == "confirmed"
    return Walked(
        seconds=seconds,
        in_clock_s=integrator.in_clock_s,
        working_days=working_time_between(from_moment, integrator.now()) / WORKING_DAY,
    )


def advance_s(served: Served, applications: int) -> float:
    """Seconds of one move of the clock in which so many applications fall due for their decision."""
    base = f"{served.address}/w/{AUTUMN}"
    begun = time.perf_counter()
    call(base, "POST", "/_lab/clock", {"advance_s": ADVANCE_S})
    seconds = time.perf_counter() - begun
    assert len(call(base, "GET", "/_lab/applications?state=testing&limit=1000")) == applications
    return seconds
