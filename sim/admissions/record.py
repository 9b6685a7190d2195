"""What a run of the onboarding road leaves behind, and what is measured on it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from sim.admissions.model import DAY_US, NEVER, Column, Hours, Institution, Outcome, Task
from sim.admissions.parameters import AdmissionsParameters, DeskName, Flaw


@dataclass(slots=True, kw_only=True)
class Journey:
    """An institution's way, as far as it has come. Moments that have not come are NEVER."""

    who: Institution
    signed_us: int = NEVER
    """The form is signed."""
    sent_us: int = NEVER
    """The first letter leaves."""
    registered_us: int = NEVER
    """The latest letter is registered."""
    decided_us: int = NEVER
    """Approved for the test environment, or refused for good."""
    test_access_us: int = NEVER
    completed_us: int = NEVER
    """The completion notice that was accepted was sent."""
    live_us: int = NEVER
    confirmed_us: int = NEVER
    ended_us: int = NEVER
    """Refused or given up."""
    outcome: Outcome = Outcome.UNDER_WAY
    rule: str = ""
    """The rule of the last refusal."""
    refusals: int = 0
    letters: int = 0
    """Letters sent."""
    returns: list[Flaw] = field(default_factory=list)
    questions: int = 0
    notices: int = 0
    """Completion notices sent."""


class Piece(NamedTuple):
    """A piece of work at a desk."""

    institution: int
    task: Task
    length_us: int
    arrived_us: int
    started_us: int
    """NEVER if it still waits."""
    done_us: int
    """NEVER if it is not done."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DeskRecord:
    """What happened at a desk: its pieces in the order in which they came, and how many were there when.

    `changed_us` and `inside` have a row per change of the number inside (waiting or in work), read off the desk as
    the run went, and not computed from the pieces.
    """

    name: DeskName
    pieces: tuple[Piece, ...]
    changed_us: Column
    inside: Column

    def column(self, name: str) -> Column:
        """One of the numbers of `Piece`, for all pieces."""
        return np.array([getattr(piece, name) for piece in self.pieces], np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdmissionsRun:
    """All that happened on the road from `first` until the run's end."""

    first: date
    ends_us: int
    hours: Hours
    journeys: tuple[Journey, ...]
    desks: tuple[DeskRecord, ...]

    @property
    def days(self) -> int:
        """Calendar days of the run."""
        return -(-self.ends_us // DAY_US)

    def day_of(self, at_us: int) -> date:
        """The day of a moment."""
        return self.first + timedelta(days=at_us // DAY_US)


class LittlesLaw(NamedTuple):
    """Both sides of L T = λ T W over a closed horizon, in piece-microseconds: equal, to the last one."""

    inside_integral: int
    sojourn_sum: int


def littles_law(desk: DeskRecord) -> LittlesLaw:
    """Little's law (Little 1961) without tolerance: the number inside over time, and the pieces' own times.

    Raises `ValueError` unless the desk begins and ends empty.
    """
    if desk.inside.size and desk.inside[-1] != 0:
        raise ValueError("Little's law needs a closed horizon; let the run go on until nothing is left at the desk")
    integral = int((desk.inside[:-1] * np.diff(desk.changed_us)).sum())
    return LittlesLaw(integral, int((desk.column("done_us") - desk.column("arrived_us")).sum()))


def desk_days(run: AdmissionsRun, desk: DeskRecord, parameters: AdmissionsParameters) -> dict[str, Column]:
    """Columns by calendar day: what came to a desk, what left it, what was there at midnight, how long was waited.

    `waited_us` and `longest_wait_us` are office time, of the pieces begun that day; `open_us` is the office time of
    the day, `busy_us` the clerks' time at work in it, of `clerks` of them.
    """
    days = run.days
    arrived, started, done = (desk.column(name) for name in ("arrived_us", "started_us", "done_us"))
    edges = run.hours.elapsed_all(np.arange(days + 1, dtype=np.int64) * DAY_US)
    begun = started != NEVER
    elapsed = run.hours.elapsed_all
    waits = elapsed(started[begun]) - elapsed(arrived[begun])
    day_begun = started[begun] // DAY_US
    longest, waited = np.zeros(days, np.int64), np.zeros(days, np.int64)
    np.maximum.at(longest, day_begun, waits)
    np.add.at(waited, day_begun, waits)
    ends = np.where(done == NEVER, run.ends_us, done)[begun]
    busy = _overlap(elapsed(started[begun]), elapsed(ends), edges)
    came = np.bincount(arrived // DAY_US, minlength=days)
    left = np.bincount(done[done != NEVER] // DAY_US, minlength=days)
    return {
        "clerks": np.array([parameters.on_duty(desk.name, run.day_of(day * DAY_US)) for day in range(days)], np.int64),
        "arrived": came,
        "done": left,
        "backlog": np.cumsum(came - left),
        "begun": np.bincount(day_begun, minlength=days),
        "waited_us": waited,
        "longest_wait_us": longest,
        "open_us": np.diff(edges),
        "busy_us": busy,
    }


def waits_us(run: AdmissionsRun, desk: DeskRecord) -> Column:
    """The wait of each piece begun, in office time."""
    begun = desk.column("started_us") != NEVER
    elapsed = run.hours.elapsed_all
    return elapsed(desk.column("started_us")[begun]) - elapsed(desk.column("arrived_us")[begun])


def _overlap(starts: Column, ends: Column, edges: Column) -> Column:
    """How much of these stretches lies between each two edges, summed."""
    return np.diff(_passed(starts, edges) - _passed(ends, edges))


def _passed(moments: Column, edges: Column) -> Column:
    """At each edge, the time since each earlier moment, summed over these moments."""
    moments = np.sort(moments)
    earlier = np.searchsorted(moments, edges)
    sums = np.concatenate([np.zeros(1, np.int64), np.cumsum(moments)])
    return np.asarray(earlier * edges - sums[earlier])
