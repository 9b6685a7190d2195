"""A network of one station that notices who has hung up is the single queue of `sim.capacity.process`."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.capacity.model import Outcome as QueueOutcome
from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import Outcome
from sim.capacity.network.parameters import NetworkParameters, Patience, Station, StationParameters
from sim.capacity.network.process import Network
from sim.capacity.parameters import CapacityParameters, TimeKind
from sim.capacity.process import simulate
from sim.streams import Streams
from tests.sim.capacity.network.scenarios import rows

ENDS = {
    QueueOutcome.SERVED: Outcome.ANSWERED,
    QueueOutcome.REFUSED: Outcome.REFUSED,
    QueueOutcome.ABANDONED: Outcome.TIMED_OUT,
}
NO_STATION = StationParameters(servers=0)


class SharedStreams(Streams):
    """The single queue's chance under the network's names."""

    def stream(self, purpose):
        return super().stream(purpose.replace("/network/", "/"))


shared = {
    "service_kind": st.sampled_from([TimeKind.DETERMINISTIC, TimeKind.UNIFORM]),
    "service_mean_ms": st.integers(2, 12).map(lambda us: us / 1000),
    "waiting_room": st.none() | st.integers(0, 3),
}
of_clients = {
    "timeout_ms": st.none() | st.integers(10, 20).map(lambda us: us / 1000),
    "max_retries": st.integers(0, 3),
    "backoff_ms": st.integers(0, 8).map(lambda us: us / 1000),
    "backoff_limit_ms": st.integers(0, 20).map(lambda us: us / 1000),
    "jitter": st.sampled_from([0.0, 0.5, 1.0]),
}


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.integers(0, 30), max_size=40).map(sorted),
    st.integers(1, 3),
    st.fixed_dictionaries(shared),
    st.fixed_dictionaries(of_clients),
    st.integers(0, 2**32),
    st.sampled_from([Network, CompiledNetwork]),
)
def test_one_station_is_the_single_queue(arrivals, servers, service, clients, seed, engine):
    """Every call ends at the same microsecond, in the same way, after as many attempts."""
    at_us = np.array(arrivals, np.int64)
    run = simulate(at_us, CapacityParameters(servers=servers, **service, **clients), Streams(seed))
    stations = dict.fromkeys(Station, NO_STATION) | {Station.GATEWAY: StationParameters(servers=servers, **service)}
    parameters = NetworkParameters(**stations, **clients, timeout_covers=Patience.WAIT, drops_abandoned=True)
    network = engine(parameters, SharedStreams(seed))
    done = rows(network.offer(at_us, np.zeros_like(at_us), np.ones_like(at_us), 0), network.close())
    last = np.flatnonzero(np.diff(run.query, append=-1))
    expected = zip(
        run.query[last].tolist(),
        run.departed_us[last].tolist(),
        [ENDS[QueueOutcome(outcome)] for outcome in run.outcome[last].tolist()],
        (run.attempt[last] + 1).tolist(),
        strict=True,
    )
    assert sorted(done) == list(expected)
    minutes = network.minutes()
    assert minutes.calls["attempts"].sum() == run.query.size
    assert minutes.stations[Station.GATEWAY]["wasted"].sum() == 0
    busy_us = minutes.stations[Station.GATEWAY]["busy_us"].sum()
    assert busy_us == (run.departed_us - run.started_us)[run.served].sum()
