"""The day of queries as it happens, told by SimPy: people turn up at doors, staff begin their shifts, runs run.

The draws are those of `arrivals`; here each hour's visitors become known at the top of the hour and each
query is noted when its moment has come. So the day agrees with `model.plan` in every column.
"""

from collections.abc import Callable, Generator
from datetime import date

import numpy as np
import simpy
from simpy.events import EventPriority

from sim.demand.arrivals import HOUR_US, HOURS, Door
from sim.demand.callers import Callers
from sim.demand.ground import Town
from sim.demand.model import agenda
from sim.demand.parameters import DemandParameters
from sim.demand.record import Demand, Queries, Standing, settle
from sim.streams import Streams

Story = Generator[simpy.Event, None, None]
Ask = Callable[[tuple[int, ...]], None]


def live(
    population: Town,
    callers: Callers,
    parameters: DemandParameters,
    streams: Streams,
    day: date,
    standing: Standing | None = None,
    day_number: int = 0,
) -> Demand:
    """Let a day pass, and note its queries as they come; takes the same streams as `model.plan`."""
    env = simpy.Environment()
    notebook: list[tuple[int, ...]] = []
    today = agenda(population, callers, parameters, streams, day, standing, day_number)
    for door in today.doors:
        env.process(keep(env, door, notebook.append))
    for carriage in today.carriages:
        env.process(go_through(env, carriage.booked(), notebook.append))
        env.process(go_through(env, carriage.checked_in(), notebook.append))
    env.process(go_through(env, today.staff, notebook.append))
    for part in (*today.runs, today.lists, today.makings):
        env.process(go_through(env, part, notebook.append))
    env.run()
    columns = np.array(notebook, np.int64).reshape(-1, len(Queries._fields)).T
    return settle(Queries(*columns))


class Moment(simpy.Event):
    """A point on the clock with its place among simultaneous events.

    SimPy's own events have the priorities 0 and 1; queries come after them, by rank.
    """

    def __init__(self, env: simpy.Environment, at_us: int, rank: int) -> None:
        super().__init__(env)
        self._ok = True
        self._value = None
        env.schedule(self, EventPriority(rank + 2), at_us - int(env.now))


def keep(env: simpy.Environment, door: Door, ask: Ask) -> Story:
    """Keep a door: at the top of each hour settle who is going to come within it, then ask one by one."""
    for hour in HOURS.tolist():
        yield Moment(env, hour * HOUR_US, -1)
        yield from go_through(env, door.visits(np.array([hour])), ask)


def go_through(env: simpy.Environment, queries: Queries, ask: Ask) -> Story:
    """Ask about one after the other, each when its moment has come."""
    for query in zip(*(column.tolist() for column in queries.in_order()), strict=True):
        at_us, rank = query[:2]
        yield Moment(env, at_us, rank)
        ask(query)
