"""Stations one after the other, of which theory knows the joint distribution: the service behind its gateway."""

from functools import partial
from math import prod

import numpy as np

from sim.capacity.model import erlang_c, mmc_wait
from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.parameters import NetworkParameters, StationParameters
from sim.capacity.parameters import TimeKind
from sim.compiled import key_of
from sim.streams import Streams
from sim.verification.verdict import Check, Rates
from sim.verification.waiting import ARRIVAL, SERVICE, arrive, gaps_us

SERVERS = (8, 4, 1, 16, 2)
LOADS = (0.7, 0.8, 0.6, 0.85, 0.75)
MEAN_US = 10_000
"""Between two arrivals."""
CALLS, WARM_UP = 40_000, 10_000
LOOKS = 600
JACKSON = "J. R. Jackson, Operations Research 5 (1957) 518-521"


def station_checks() -> list[Check]:
    """All of them."""
    return [
        Check(
            name="Jackson network of five stations: time inside",
            what="mean, in mean times between arrivals",
            source=JACKSON,
            rates=(ARRIVAL, SERVICE),
            exact=_sojourn,
            measure=_measured_sojourn,
            bias=0.002,
        ),
        Check(
            name="Jackson network of five stations: nobody waits anywhere",
            what=f"share of the time, looked at {LOOKS:,} times: the product of the stations' own",
            source=JACKSON,
            rates=(ARRIVAL, SERVICE),
            exact=_calm,
            measure=_measured_calm,
            bias=0.0005,
        ),
    ]


def _sojourn(off: Rates) -> float:
    arrivals, service = off.get(ARRIVAL, 1.0), off.get(SERVICE, 1.0)
    means = [servers * load * service for servers, load in zip(SERVERS, LOADS, strict=True)]
    return sum(mean + mmc_wait(arrivals, 1 / mean, servers) for servers, mean in zip(SERVERS, means, strict=True))


def _calm(off: Rates) -> float:
    """At each station the number inside exceeds its servers for the share ρ C(c, cρ) of the time."""
    factor = off.get(ARRIVAL, 1.0) * off.get(SERVICE, 1.0)
    return prod(
        1 - load * factor * erlang_c(servers, servers * load * factor)
        for servers, load in zip(SERVERS, LOADS, strict=True)
    )


def _measured_sojourn(off: Rates, streams: Streams) -> float:
    network, at_us = _network(off, streams), _calls_us(off, streams)
    nobody, one = np.full(at_us.size, -1), np.ones(at_us.size, np.int64)
    done = [network.offer(at_us, nobody, one, int(at_us[-1])), network.close()]
    call, ended_us = np.concatenate([part.call for part in done]), np.concatenate([part.ended_us for part in done])
    counted = call >= WARM_UP
    return float((ended_us - at_us[call])[counted].mean() / MEAN_US)


def _measured_calm(off: Rates, streams: Streams) -> float:
    """The instants hang on nothing that happens inside."""
    network, at_us = _network(off, streams), _calls_us(off, streams)
    nobody, one = np.full(at_us.size, -1), np.ones(at_us.size, np.int64)
    warm_us, end_us = int(at_us[WARM_UP]), int(at_us[-1])
    instants = streams.stream("verification/instants").below(end_us - warm_us, np.arange(LOOKS)) + warm_us
    calm, begun = 0, 0
    for instant in np.sort(instants).tolist():
        until = int(np.searchsorted(at_us, instant))
        network.offer(at_us[begun:until], nobody[begun:until], one[begun:until], instant)
        begun = until
        calm += all(inside <= servers for inside, servers in zip(network.inside(), SERVERS, strict=True))
    return calm / LOOKS


def _calls_us(off: Rates, streams: Streams) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    found = np.empty(WARM_UP + CALLS, np.int64)
    arrive(key_of(streams.stream("verification/arrivals")), gaps_us(round(MEAN_US / off.get(ARRIVAL, 1.0))), found)
    return found


def _network(off: Rates, streams: Streams) -> CompiledNetwork:
    station = partial(StationParameters, service_kind=TimeKind.EXPONENTIAL, hit_rate=0.0, per_code_us=0)
    factor = MEAN_US / 1000 * off.get(SERVICE, 1.0)
    rooms = [
        station(servers=servers, service_mean_ms=servers * load * factor)
        for servers, load in zip(SERVERS, LOADS, strict=True)
    ]
    parameters = NetworkParameters(
        gateway=rooms[0],
        authentication=rooms[1],
        code_lookup=rooms[2],
        risk_lookup=rooms[3],
        audit=rooms[4],
        timeout_ms=None,
        max_retries=0,
    )
    return CompiledNetwork(parameters, streams)
