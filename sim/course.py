"""Epidemic and ministry, day by day: who is infected, what becomes known of it, whose code shuts doors.

    day d:   epidemic.day(d, standing) ─► new infections ─► reporting.day(d, …) ─► standing

`standing` is what the ministry believes of everybody: the only way back from the ministry to the epidemic. Two engines
do the same, to the last bit: `Engine.PROCESS` tells the story in SimPy, `Engine.KERNEL` is compiled, for the country.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.epidemic.kernel import CompiledSpread
from sim.epidemic.parameters import EpidemicParameters
from sim.epidemic.process import Spread
from sim.population.model import Population
from sim.reporting.kernel import CompiledDesk
from sim.reporting.log import ReportLog
from sim.reporting.parameters import ReportingParameters
from sim.reporting.process import Desk
from sim.streams import Streams

State: TypeAlias = dict[str, NDArray[Any]]


class Engine(StrEnum):
    """Which of two engines computes; they agree to the last bit."""

    PROCESS = "process"
    """SimPy, for reading, teaching and small towns."""
    KERNEL = "kernel"
    """Compiled loops over columns."""


class Standing(Protocol):
    """What the ministry believes: somebody is risky at hour h if `risky_from` <= h < `risky_until`."""

    @property
    def risky_from(self) -> NDArray[np.int16]: ...  # noqa: D102 - said by the class
    @property
    def risky_until(self) -> NDArray[np.int16]: ...  # noqa: D102


@dataclass(slots=True, kw_only=True)
class Course:
    """The epidemic of a population and the ministry's knowledge of it; begun by `Course.begin`."""

    people: int
    days: int
    next_day: int
    spread: Spread | CompiledSpread
    desk: Desk | CompiledDesk

    @classmethod
    def begin(
        cls,
        population: Population,
        epidemic: EpidemicParameters,
        reporting: ReportingParameters,
        streams: Streams,
        starts_on: date,
        days: int,
        *,
        threads: int = 1,
        engine: Engine = Engine.KERNEL,
        keep_log: bool = False,
    ) -> "Course":
        """The eve of day 0; takes the streams named "epidemic/…" and "reporting/…", so once per `Streams`."""
        spread_of, desk_of = (Spread, Desk) if engine is Engine.PROCESS else (CompiledSpread, CompiledDesk)
        spread = spread_of(population, epidemic, streams, starts_on, days, threads=threads)
        desk = desk_of(population, reporting, streams, starts_on, days, threads=threads, keep_log=keep_log)
        desk.begin(spread.initial)
        return cls(people=population.age.size, days=days, next_day=0, spread=spread, desk=desk)

    @property
    def standing(self) -> Standing:
        """What the ministry believes, up to the end of the last day run; live columns."""
        return self.desk.standing

    @property
    def log(self) -> ReportLog:
        """All that the ministry learned; only if it was kept."""
        return self.desk.log()

    def day(self) -> Mapping[str, NDArray[np.int64]]:
        """Run the next day; what happened, by plate (82 entries, the first unused)."""
        new = self.spread.day(self.next_day, self.desk.standing)
        known = self.desk.day(self.next_day, self.spread.infected_on, new)
        self.next_day += 1
        return {**self.spread.totals(), **known}

    def infectious(self) -> NDArray[np.uint8]:
        """Of everybody on the last day run: 1 + days since the infection of the infectious, 0 for all others."""
        since = np.zeros(self.people, np.uint8)
        people = self.spread.infectious_people()
        since[people] = np.minimum(self.next_day - self.spread.infected_on[people].astype(np.int64), 255)
        return since

    def state(self) -> State:
        """All that the days so far have left, for a checkpoint."""
        parts = {"epidemic": self.spread.state(), "reporting": self.desk.state()}
        columns = {f"{part}.{name}": column for part, state in parts.items() for name, column in state.items()}
        return columns | {"next_day": np.array([self.next_day])}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go on from a checkpoint, as if the days before it had been run."""
        for part, owner in (("epidemic", self.spread), ("reporting", self.desk)):
            owner.restore(
                {name.removeprefix(f"{part}."): column for name, column in state.items() if name.startswith(f"{part}.")}
            )
        self.next_day = int(state["next_day"][0])
