"""Queueing theory against the compiled network: formulas by hand first, then runs with stated bounds."""

from itertools import pairwise
from math import exp, factorial

import numpy as np
import pytest

from sim.capacity.model import erlang_c, mmck_blocking
from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import jackson, jackson_state, mmc_states
from sim.capacity.network.parameters import NetworkParameters, Station, StationParameters
from sim.capacity.parameters import TimeKind
from sim.streams import Streams

NO_STATION = StationParameters(servers=0)
RATE = 700.0


def exponential(servers, ms, room=None):
    return StationParameters(servers=servers, service_kind=TimeKind.EXPONENTIAL, service_mean_ms=ms, waiting_room=room)


TANDEM = NetworkParameters(
    gateway=exponential(1, 1.1),
    authentication=exponential(4, 4.0),
    code_lookup=exponential(8, 10.0),
    risk_lookup=exponential(2, 2.0),
    audit=exponential(16, 18.0),
    timeout_ms=None,
)


def poisson(rate, seconds, seed):
    """Microseconds of Poisson calls: spacings from this project's own table of the exponential distribution."""
    table = exponential(1, 1000 / rate).service
    count = round(rate * seconds)
    return np.cumsum(table.sample(Streams(seed).stream("test/arrivals").words(np.arange(count))))


def test_states_of_one_station():
    """M/M/1 is geometric; many servers are Poisson; the states sum to 1; those from c on are Erlang C."""
    assert mmc_states(1, 0.6, 3) == pytest.approx([0.4, 0.24, 0.144, 0.0864])
    assert mmc_states(60, 3.0, 5) == pytest.approx([exp(-3) * 3**n / factorial(n) for n in range(6)])
    assert sum(mmc_states(8, 6.8, 400)) == pytest.approx(1)
    assert 1 - sum(mmc_states(8, 6.8, 7)) == pytest.approx(erlang_c(8, 6.8))


def test_states_of_the_network():
    """The product over stations; summed over all of one, the others' own remain."""
    two = NetworkParameters(
        gateway=exponential(1, 1.0), authentication=NO_STATION, code_lookup=exponential(1, 2.0),
        risk_lookup=NO_STATION, audit=NO_STATION,
    )  # fmt: skip
    assert jackson_state(two, 250.0, (0, 2)) == pytest.approx(0.75 * 0.125)
    assert sum(jackson_state(two, 250.0, (n, 1)) for n in range(60)) == pytest.approx(0.25)


def test_an_overloaded_station_has_no_theory():
    """A queue that grows for ever has no long run."""
    with pytest.raises(ValueError, match="add servers"):
        jackson(TANDEM, 1000.0)


def test_a_tandem_of_exponential_stations_has_the_product_form():
    """Half a million calls: each station's use, share of time inside and mean wait, and independence between stations.

    Bounds: 1 % for the use, 6 % for the mean wait and 3 % for the number inside (about four standard errors
    at 77 % of one server), 0.05 for the correlations of the numbers inside, of 3,500 samples 0.2 s apart.
    """
    at_us, seconds = poisson(RATE, 715, seed=5), 700
    network = CompiledNetwork(TANDEM, Streams(5))
    ones, samples, edges = np.ones_like(at_us), [], np.searchsorted(at_us, np.arange(0, seconds * 5 + 1) * 200_000)
    for n, (start, end) in enumerate(pairwise(edges)):
        network.offer(at_us[start:end], ones[start:end], ones[start:end], (n + 1) * 200_000)
        samples.append(network.inside())
    stations = network.minutes().stations
    for theory, sampled in zip(jackson(TANDEM, RATE), np.array(samples).T, strict=True):
        row = {name: column[:11].sum() for name, column in stations[theory.station].items()}
        assert row["busy_us"] / row["server_us"] == pytest.approx(theory.utilisation, rel=0.01)
        assert row["waited_us"] / row["arrivals"] / 1e6 == pytest.approx(theory.wait_s, rel=0.06)
        assert (row["busy_us"] + row["queue_us"]) / 660e6 == pytest.approx(theory.inside, rel=0.03)
        servers = getattr(TANDEM, theory.station).servers
        assert np.mean(sampled >= servers) == pytest.approx(theory.share_waiting, abs=0.04)
    correlations = np.corrcoef(np.array(samples).T) - np.eye(5)
    assert np.abs(correlations).max() < 0.05


def test_a_full_room_refuses_as_erlang_says():
    """M/M/4/6 at a load of 0.9: 300,000 calls, the share refused within 4 %; without room Erlang B within 3 %."""
    for places, bound in [(2, 0.04), (0, 0.03)]:
        stations = dict.fromkeys(Station, NO_STATION) | {"code_lookup": exponential(4, 6.0, places)}
        network = CompiledNetwork(NetworkParameters(**stations, timeout_ms=None, max_retries=0), Streams(6))
        at_us = poisson(600.0, 500, seed=7)
        network.offer(at_us, np.ones_like(at_us), np.ones_like(at_us), 0)
        network.close()
        calls = {name: column.sum() for name, column in network.minutes().calls.items()}
        assert calls["refused"] / calls["calls"] == pytest.approx(mmck_blocking(4, 3.6, places), rel=bound)
