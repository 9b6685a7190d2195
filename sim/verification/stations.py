"""Stations one after the other, of which theory knows the joint distribution: the service behind its gateway."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.capacity.model import mmc_wait
from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import mmc_states
from sim.capacity.network.parameters import NetworkParameters, Station, StationParameters
from sim.capacity.parameters import TimeKind
from sim.compiled import key_of
from sim.streams import Streams
from sim.verification.verdict import Check, Rates
from sim.verification.waiting import ARRIVAL, arrive, gaps_us

Times = NDArray[np.int64]

SERVERS = dict(zip(Station, (8, 4, 1, 16, 2), strict=True))
LOADS = dict(zip(Station, (0.7, 0.8, 0.6, 0.85, 0.75), strict=True))
"""Of each station's servers in use, where it is looked at by itself; the queues behind are long."""
FEW_SERVERS = dict(zip(Station, (3, 2, 1, 2, 1), strict=True))
FEW_LOAD = 0.68
"""Where all are looked at together: stations that soon forget how full they were."""
EACH = 0.93
"""Each that is inside counts as such a factor: many together hardly weigh, and one look is worth two of a yes or no."""
MEAN_US = 10_000
"""Between two arrivals."""
CALLS, WARM_UP = dict(zip(Station, (15_000, 15_000, 15_000, 40_000, 15_000), strict=True)), 5_000
MANY = 400
"""Inside a station: so many are never seen."""
LOOKS, APART = 2_000, 50
"""How often one looks, and after how many calls on average."""
JACKSON = "J. R. Jackson, Operations Research 5 (1957) 518-521"
NO_STATION = StationParameters(servers=0)
LIMITLESS: dict[str, Any] = {"waiting_room": None, "service_kind": TimeKind.EXPONENTIAL}


def service_at(station: Station) -> str:
    """The name of its rate."""
    return f"service time at {station}"


def station_checks() -> list[Check]:
    """All of them."""
    return [
        *(
            Check(
                name=f"Jackson network, queue at {station}",
                what=f"mean number waiting for {SERVERS[station]} servers, in use to {LOADS[station]:.0%}",
                source=f"{JACKSON}; P. J. Burke, Operations Research 4 (1956) 699-704",
                rates=(ARRIVAL, service_at(station)),
                exact=partial(_queue, station),
                measure=partial(_measured_queue, station),
            )
            for station in Station
        ),
        Check(
            name="Jackson network, all stations together",
            what=f"mean of {EACH:g} to the power of the number inside: the product of the stations' own means",
            source=JACKSON,
            rates=(ARRIVAL, *(service_at(station) for station in Station)),
            exact=_together,
            measure=_measured_together,
        ),
    ]


def calls_us(mean_us: int, count: int, off: Rates, streams: Streams) -> Times:
    """The microseconds of so many calls, as a Poisson process."""
    found = np.empty(count, np.int64)
    arrive(key_of(streams.stream("verification/arrivals")), gaps_us(round(mean_us / off.get(ARRIVAL, 1.0))), found)
    return found


def without_askers(at_us: Times) -> tuple[Times, Times, Times]:
    """Calls of one code each that no institution makes, as a network takes them."""
    return at_us, np.full(at_us.size, -1), np.ones(at_us.size, np.int64)


def _queue(station: Station, off: Rates) -> float:
    """By Little's law, λ W of an M/M/c station: what leaves those before it is a Poisson stream again."""
    arrivals, mean = off.get(ARRIVAL, 1.0), SERVERS[station] * LOADS[station] * off.get(service_at(station), 1.0)
    return arrivals * mmc_wait(arrivals, 1 / mean, SERVERS[station])


def _measured_queue(station: Station, off: Rates, streams: Streams) -> float:
    network = _network(SERVERS, LOADS, off, streams, last=station)
    calls = without_askers(calls_us(MEAN_US, WARM_UP + CALLS[station], off, streams))
    begins_us, ends_us = int(calls[0][WARM_UP]), int(calls[0][-1])
    network.offer(*calls, begins_us)
    before = int(network.minutes().stations[station]["queue_us"].sum())
    network.offer(*without_askers(calls[0][:0]), ends_us)
    after = int(network.minutes().stations[station]["queue_us"].sum())
    return (after - before) / (ends_us - begins_us)


def _together(off: Rates) -> float:
    """The product of generating functions of the stations' own distributions."""
    found = 1.0
    for station in Station:
        servers = FEW_SERVERS[station]
        offered = servers * FEW_LOAD * off.get(ARRIVAL, 1.0) * off.get(service_at(station), 1.0)
        chances = mmc_states(servers, offered, MANY)
        found *= sum(chance * EACH**inside for inside, chance in enumerate(chances))
    return found


def _measured_together(off: Rates, streams: Streams) -> float:
    """The instants hang on nothing that happens inside."""
    network = _network(FEW_SERVERS, dict.fromkeys(Station, FEW_LOAD), off, streams)
    at_us = calls_us(MEAN_US, LOOKS * APART, off, streams)
    warm_us, end_us = int(at_us[at_us.size // 20]), int(at_us[-1])
    instants = np.sort(streams.stream("verification/instants").below(end_us - warm_us, np.arange(LOOKS)) + warm_us)
    edges = np.searchsorted(at_us, instants).tolist()
    found, begun = 0.0, 0
    for instant, until in zip(instants.tolist(), edges, strict=True):
        network.offer(*without_askers(at_us[begun:until]), instant)
        begun = until
        found += EACH ** sum(network.inside())
    return found / LOOKS


def _network(
    servers: Mapping[Station, int],
    loads: Mapping[Station, float],
    off: Rates,
    streams: Streams,
    last: Station = Station.AUDIT,
) -> CompiledNetwork:
    order = list(Station)
    rooms: dict[str, Any] = dict.fromkeys(Station, NO_STATION)
    for station in order[: order.index(last) + 1]:
        mean_ms = servers[station] * loads[station] * MEAN_US / 1000 * off.get(service_at(station), 1.0)
        rooms[station] = StationParameters(servers=servers[station], service_mean_ms=mean_ms, **LIMITLESS)
    return CompiledNetwork(NetworkParameters(**rooms, timeout_ms=None, max_retries=0), streams)
