"""Metastable failure: an overload that outlives its cause, and what ends it."""

import numpy as np
import pytest

from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.parameters import NetworkParameters, Station, StationParameters
from sim.streams import Streams

CALLS_PER_S, MINUTES, TRIGGER_FROM, TRIGGER_UNTIL = 110, 60, 5, 6
OUTAGE = ((Station.RISK_LOOKUP, TRIGGER_FROM * 60.0, TRIGGER_UNTIL * 60.0, 8),)


def goodput(**settings):
    """Share of calls answered, minute by minute: a steady 69 % of what five stations can serve, for an hour.

    Clients hang up after 2 s and ask again four times, quickly and without jitter.
    """
    room = {"waiting_room": None}
    values = {
        "gateway": StationParameters(servers=4, service_mean_ms=25.0, **room),
        "authentication": StationParameters(servers=8, service_mean_ms=50.0, **room),
        "code_lookup": StationParameters(servers=8, service_mean_ms=50.0, **room),
        "risk_lookup": StationParameters(servers=8, service_mean_ms=50.0, **room),
        "audit": StationParameters(servers=8, service_mean_ms=50.0, **room),
        "timeout_ms": 2_000.0,
        "max_retries": 4,
        "backoff_ms": 100.0,
        "backoff_limit_ms": 400.0,
        "jitter": 0.0,
        "outages": OUTAGE,
    }
    network = CompiledNetwork(NetworkParameters(**(values | settings)), Streams(1))
    calls = CALLS_PER_S * 60 * MINUTES
    at_us = np.sort(Streams(2).stream("test/arrivals").below(MINUTES * 60_000_000, np.arange(calls)))
    network.offer(at_us, np.arange(calls) % 50, np.ones_like(at_us), MINUTES * 60_000_000)
    calls = network.minutes().calls
    return calls["answered"][:MINUTES] / calls["calls"][:MINUTES]


def test_without_a_trigger_all_is_well():
    """The load alone is no trouble."""
    assert goodput(outages=()).min() > 0.98


def test_a_retry_storm_outlives_its_cause():
    """One minute without the risk look-up: 54 minutes later still nobody is answered."""
    share = goodput()
    assert share[:TRIGGER_FROM].min() > 0.98
    assert share[TRIGGER_FROM:].max() < 0.05


@pytest.mark.parametrize(
    ("remedy", "minutes"),
    [
        ({"max_retries": 0}, 6),
        ({"retry_budget_percent": 10}, 8),
        ({"breaker_failures": 50, "breaker_window_ms": 5_000.0, "breaker_open_ms": 3_000.0, "breaker_probes": 5}, 3),
    ],
    ids=["no retries", "retry budget", "breakers"],
)
def test_what_ends_it(remedy, minutes):
    """Without retries, or with a budget for them, or with breakers, the same minute is over soon after."""
    share = goodput(**remedy)
    assert share[TRIGGER_FROM] < 0.2
    assert share[TRIGGER_UNTIL + minutes :].min() > 0.98


def test_jitter_alone_does_not():
    """Spreading the retries out leaves as many of them."""
    assert goodput(jitter=1.0)[TRIGGER_FROM:].max() < 0.05
