"""The network compiled: the same calls, the same rows, the same minutes as `process`, at national scale.

It is fed in chunks of any size and keeps only what is inside; see `layout` for what and where.
"""

import numpy as np
from numpy.typing import NDArray

from sim.capacity.network import layout
from sim.capacity.network.loop import run
from sim.capacity.network.memory import Memory
from sim.capacity.network.model import (
    HALF_OF_CACHE,
    LANE_OF_CACHE,
    MINUTE_US,
    SECOND_US,
    CallColumn,
    Done,
    Minutes,
    Order,
    StationColumn,
    changes,
    checked,
    minutes,
)
from sim.capacity.network.parameters import NetworkParameters, Patience, Station
from sim.capacity.network.table import tell
from sim.compiled import key_of, threshold
from sim.streams import Streams
from sim.tables import CELLS

_STATE = ("cells", "slots", "posts", "wheel", "bits", "far", "askers", "counts", "calls", "stations", "waiting", "ends")


class CompiledNetwork:
    """The ministry's service, its clients, and the clock; the same interface as `process.Network`.

    Takes the streams named "capacity/network/…", so once per `Streams`. Memory is bounded by the calls inside
    (128 bytes each), those offered at once, the askers and the minutes.
    """

    def __init__(self, parameters: NetworkParameters, streams: Streams) -> None:
        self.parameters = parameters
        rooms = [room for _, room in parameters.stations]
        self.rules = _rules(parameters)
        self.knots = np.array([table.knots for room in rooms for table in (room.service, room.hit)], np.int64)
        self.pauses = np.array([parameters.pause_us(n) for n in range(parameters.max_retries + 1)], np.int64)
        self.changes = np.array([*changes(parameters), (0, layout.NONE, 0, 0)], np.int64)
        self.changes[:-1, 1] *= layout.N_POST
        self.words = np.zeros(10, np.uint64)
        self.words[layout.KEY_SERVICE] = key_of(streams.stream("capacity/network/service"))
        self.words[layout.KEY_PAUSE] = key_of(streams.stream("capacity/network/pause"))
        starting = round(parameters.scaling_delay_s / parameters.scaling_period_s) + 3
        self.reserved = 1 + len(rooms) * starting  # places in `far` for others than attempts

        self.cells = np.full(layout.N_CELLS, layout.NONE, np.int64)
        for cell in (layout.CLOCK, layout.USED, layout.FAR, layout.DONE, layout.MINUTE, layout.CURSOR):
            self.cells[cell] = 0
        self.cells[layout.NEAR_US], self.cells[layout.MINUTE_END] = layout.NO_TIME, MINUTE_US
        self.slots = np.zeros((0, layout.SLOT_WIDTH), np.int64)
        self.far = np.zeros((self.reserved, 3), np.int64)
        self.posts = _posts(parameters)
        self.wheel = np.full(layout.BUCKETS, layout.NONE, np.int64)
        self.bits = np.zeros(layout.BUCKETS // 64, np.uint64)
        self.askers = np.zeros((0, 2), np.int64)
        self.counts = np.zeros(len(CallColumn), np.int64)
        self.calls = np.zeros((1, len(CallColumn)), np.int64)
        self.stations = np.zeros((1, len(rooms), len(StationColumn)), np.int64)
        self.done = np.zeros((0, 4), np.int64)
        self.waiting = np.zeros((3, 0), np.int64)  # calls offered that have not arrived yet
        self.ends = np.zeros(2, np.int64)  # calls offered; microsecond of the last one
        self._more_slots()
        self._schedule()

    def offer(
        self, at_us: NDArray[np.int64], asker: NDArray[np.int64], codes: NDArray[np.int64], until_us: int
    ) -> Done:
        """Let calls arrive, and all happen that happens before `until_us`; those that ended since last time.

        A row each: microsecond of arrival, ascending and not before the last `until_us`; institution (-1 for
        none); codes, 1 to 500. Calls from `until_us` on are kept.

        Raises:
            ValueError: if the columns make no sense; see `checked`.
        """
        earliest_us = max(int(self.cells[layout.CLOCK]), int(self.ends[1]))
        fresh = checked(at_us, asker, codes, earliest_us)
        if fresh[0].size:
            kept = self.waiting
            self.waiting = np.stack(fresh) if not kept.size else np.concatenate([kept, np.stack(fresh)], axis=1)
            self.ends += [fresh[0].size, 0]
            self.ends[1] = fresh[0][-1]
            self._more_askers(int(fresh[1].max()))
        return self._run(until_us)

    def close(self) -> Done:
        """Let time pass until every call has ended and nobody is inside; those that ended since last time."""
        return self._run(layout.NO_TIME)

    def minutes(self) -> Minutes:
        """What has happened so far, by minute."""
        tell(self._memory())
        rows = int(self.cells[layout.MINUTE]) + 1
        return minutes(self.parameters, self.calls[:rows], self.stations[:rows])

    def inside(self) -> tuple[int, ...]:
        """How many attempts are at each station now, waiting or in service."""
        return tuple((self.posts[:, layout.BUSY] + self.posts[:, layout.QUEUED]).tolist())

    def state(self) -> dict[str, NDArray[np.int64]]:
        """All that a network with the same parameters and seed needs to go on from here: a copy."""
        return {name: getattr(self, name).copy() for name in _STATE}

    def restore(self, state: dict[str, NDArray[np.int64]]) -> None:
        """Go on from a `state`."""
        for name in _STATE:
            setattr(self, name, state[name].copy())

    def _run(self, until_us: int) -> Done:
        offered = self.waiting.shape[1]
        self.done = np.empty((offered + int(self.cells[layout.USED]), 4), np.int64)
        self.cells[layout.CURSOR], self.cells[layout.OFFERED], self.cells[layout.DONE] = 0, offered, 0
        self.cells[layout.FIRST] = self.ends[0] - offered
        self.cells[layout.ROWS] = self.calls.shape[0]
        while why := run(self._memory(), until_us):
            if why == layout.MORE_SLOTS:
                self._more_slots()
            else:
                self._more_minutes()
        self.waiting = self.waiting[:, int(self.cells[layout.CURSOR]) :].copy()
        rows = self.done[: int(self.cells[layout.DONE])]
        return Done(rows[:, 0].copy(), rows[:, 1].copy(), rows[:, 2].astype(np.uint8), rows[:, 3].astype(np.uint8))

    def _memory(self) -> Memory:
        at_us, asker, codes = self.waiting
        return Memory(
            self.cells, self.slots, self.posts, self.wheel, self.bits, self.far, self.rules, self.words, self.knots,
            self.pauses, self.changes, self.askers, self.counts, at_us, asker, codes, self.done,
            self.calls, self.stations,
        )  # fmt: skip

    def _more_minutes(self) -> None:
        """Twice as many rows."""
        self.calls, self.stations = (
            np.concatenate([rows, np.zeros_like(rows)]) for rows in (self.calls, self.stations)
        )
        self.cells[layout.ROWS] = self.calls.shape[0]

    def _more_slots(self) -> None:
        """Twice as many slots, the new ones on the free list."""
        old = self.slots.shape[0]
        new = max(1024, 2 * old)
        slots = _aligned(new, layout.SLOT_WIDTH)
        slots[:old] = self.slots
        slots[old:, layout.NEXT] = layout.SLOT_WIDTH * np.arange(old + 1, new + 1)
        slots[-1, layout.NEXT] = self.cells[layout.FREE]
        far = np.zeros((new + self.reserved, 3), np.int64)
        far[: self.far.shape[0]] = self.far
        self.slots, self.far = slots, far
        self.cells[layout.FREE] = layout.SLOT_WIDTH * old

    def _more_askers(self, highest: int) -> None:
        """Memory of every asker up to `highest`, with a full budget."""
        missing = highest + 2 - self.askers.shape[0]
        if missing > 0:
            fresh = np.tile(np.array([0, self.rules[layout.BUDGET_MOST]], np.int64), (missing, 1))
            self.askers = np.concatenate([self.askers, fresh])

    def _schedule(self) -> None:
        """What is known to come from the start: the first change, and each scaled station's first look."""
        coming = [(int(self.changes[0, 0]), Order.CHANGE.of(0), 0)] if self.changes[0, 1] != layout.NONE else []
        period_us = int(self.rules[layout.PERIOD_US])
        for n, (_, room) in enumerate(self.parameters.stations):
            if room.is_scaled:
                coming.append((period_us, Order.LOOK.of(n * layout.N_POST), 0))
        for place, event in enumerate(sorted(coming)):  # a sorted list is a heap
            self.far[place] = event
        self.cells[layout.FAR] = len(coming)


def _rules(parameters: NetworkParameters) -> NDArray[np.int64]:
    rooms = [room for _, room in parameters.stations]
    per_us = sum(room.servers / max(1.0, room.mean_us) for room in rooms)
    budget = parameters.retry_budget_percent
    rules = np.zeros(layout.N_RULES, np.int64)
    for column, value in {
        layout.TIMEOUT_US: parameters.timeout_us or layout.NONE,
        layout.COVERS_WAIT: parameters.timeout_covers is Patience.WAIT,
        layout.DROPS: parameters.drops_abandoned,
        layout.MAX_RETRIES: parameters.max_retries,
        layout.RATE: parameters.rate_limit_per_s or 0,
        layout.BURST: parameters.rate_burst * SECOND_US,
        layout.BUDGET_PERCENT: layout.NONE if budget is None else budget,
        layout.BUDGET_MOST: 100 * parameters.retry_budget_burst,
        layout.BREAKER: parameters.breaker_failures or 0,
        layout.BREAKER_WINDOW: round(parameters.breaker_window_ms * 1000),
        layout.BREAKER_OPEN: round(parameters.breaker_open_ms * 1000),
        layout.PROBES: parameters.breaker_probes,
        layout.PERIOD_US: round(parameters.scaling_period_s * SECOND_US),
        layout.TARGET: parameters.scaling_target_percent,
        layout.DELAY_US: round(parameters.scaling_delay_s * SECOND_US),
        layout.SHIFT: min(10, max(0, int(1 / per_us).bit_length() - 2)),  # four buckets for a service that ends
    }.items():
        rules[column] = value
    order = list(Station)
    used = [LANE_OF_CACHE[order.index(name)] for name, room in parameters.stations if room.hit_rate]
    rules[layout.STATIONS] = len(rooms)
    rules[layout.HAS_FOURTH_BLOCK] = any(lane > 5 for lane in used)
    return rules


def _posts(parameters: NetworkParameters) -> NDArray[np.int64]:
    posts = np.zeros((len(parameters.stations), layout.N_POST), np.int64)
    order = list(Station)
    for n, (name, room) in enumerate(parameters.stations):
        lane = order.index(name)
        for column, value in {
            layout.SERVERS: room.servers,
            layout.AT_WORK: room.servers,
            layout.PERCENT: 100,
            layout.HEAD: layout.NONE,
            layout.TAIL: layout.NONE,
            layout.ROOM: layout.NO_TIME if room.waiting_room is None else room.waiting_room,
            layout.PER_CODE: room.per_code_us,
            layout.HIT_LIMIT: threshold(room.hit_rate),
            layout.PLACE: layout.SERVICE + n,
            layout.KNOTS: 2 * n * (2 * CELLS),
            layout.LANE: lane,
            layout.CACHE_LANE: LANE_OF_CACHE[lane],
            layout.CACHE_SHIFT: 32 * HALF_OF_CACHE[lane],
            layout.LEAST: room.servers_at_least or 0,
            layout.MOST: room.servers_at_most or 0,
        }.items():
            posts[n, column] = value
    return posts


def _aligned(rows: int, width: int) -> NDArray[np.int64]:
    """Zeros whose rows begin with a cache line of 64 bytes."""
    column = np.zeros(rows * width + 8, np.int64)
    first = -(column.ctypes.data // 8) % 8
    return column[first : first + rows * width].reshape(rows, width)
