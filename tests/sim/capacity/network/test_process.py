"""Each rule of the network in a case worked out by hand, in both engines; times in milliseconds."""

import numpy as np
import pytest

from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import Outcome
from sim.capacity.network.parameters import NetworkParameters, Station, StationParameters
from sim.capacity.network.process import Network
from sim.capacity.parameters import TimeKind
from sim.streams import Streams

ANSWERED, REFUSED, TIMED_OUT, LIMITED, SHED = Outcome
NO_STATION = StationParameters(servers=0)
GATEWAY, AUDIT = Station.GATEWAY, Station.AUDIT

pytestmark = pytest.mark.parametrize("engine", [Network, CompiledNetwork])


def room(ms=10.0, servers=1, **settings):
    values = {"service_kind": TimeKind.DETERMINISTIC, "service_mean_ms": ms, "waiting_room": None}
    return StationParameters(servers=servers, **(values | settings))


def play(engine, arrivals_ms, rooms, *, asker=0, codes=1, **settings):
    """Rows of (call, ended in ms, outcome, attempts), and the network."""
    values = dict.fromkeys(Station, NO_STATION) | {"timeout_ms": None, "max_retries": 0, "jitter": 0.0}
    network = engine(NetworkParameters(**(values | rooms | settings)), Streams(1))
    at_us = np.array([round(ms * 1000) for ms in arrivals_ms], np.int64)
    parts = network.offer(at_us, np.full_like(at_us, asker), np.full_like(at_us, codes), 0), network.close()
    rows = [row for done in parts for row in zip(*(column.tolist() for column in done), strict=True)]
    return [(call, ended_us / 1000, outcome, attempts) for call, ended_us, outcome, attempts in rows], network


def station(network, name=GATEWAY):
    return {column: values.sum() for column, values in network.minutes().stations[name].items()}


def test_stations_one_after_another(engine):
    """10 ms at the gateway, 5 ms at the audit; the second call waits for the first at the gateway alone."""
    done, network = play(engine, [0, 4], {"gateway": room(10), "audit": room(5)})
    assert done == [(0, 15, ANSWERED, 1), (1, 25, ANSWERED, 1)]
    assert station(network)["waited_us"] == 6_000
    assert station(network, AUDIT)["waited_us"] == 0
    assert (station(network)["busy_us"], station(network, AUDIT)["busy_us"]) == (20_000, 10_000)


def test_the_room_behind_is_full(engine):
    """Two pass the gateway together; the audit has one server and no room, so one has worked for nothing."""
    rooms = {"gateway": room(10, 2), "audit": room(5, waiting_room=0)}
    done, network = play(engine, [0, 0], rooms)
    assert done == [(1, 10, REFUSED, 1), (0, 15, ANSWERED, 1)]
    assert station(network, AUDIT)["refused"] == 1


def test_a_bulk_call_takes_longer(engine):
    """500 codes: 10 ms and 499 times 100 us."""
    done, _ = play(engine, [0], {"code_lookup": room(10, per_code_us=100)}, codes=500)
    assert done == [(0, 59.9, ANSWERED, 1)]


@pytest.mark.parametrize(("hit_rate", "ended"), [(0.0, 10), (1.0, 2)])
def test_a_cache(engine, hit_rate, ended):
    """Whoever finds it in the cache takes the hit's time."""
    done, _ = play(engine, [0], {"risk_lookup": room(10, hit_rate=hit_rate, hit_mean_ms=2.0)})
    assert done == [(0, ended, ANSWERED, 1)]


def test_a_cache_by_chance(engine):
    """Of 4,000 calls with a hit rate of 0.3, 1,200 hit, give or take four standard deviations (116)."""
    done, network = play(engine, [0] * 4_000, {"risk_lookup": room(10, 4_000, hit_rate=0.3, hit_mean_ms=2.0)})
    hits = sum(ended == 2 for _, ended, *_ in done)
    assert abs(hits - 1_200) < 116
    assert station(network, Station.RISK_LOOKUP)["busy_us"] == 2_000 * hits + 10_000 * (4_000 - hits)


def test_work_for_nobody(engine):
    """Both hang up after 12 ms: the first during its second service, the second while it waits; all is done."""
    rooms = {"gateway": room(10), "audit": room(5)}
    done, network = play(engine, [0, 0], rooms, timeout_ms=12.0)
    assert done == [(0, 12, TIMED_OUT, 1), (1, 12, TIMED_OUT, 1)]
    assert (station(network)["wasted"], station(network, AUDIT)["wasted"]) == (1, 2)
    assert station(network, AUDIT)["wasted_us"] == 10_000
    assert network.minutes().calls["sojourn_us"].sum() == 15_000 + 25_000


def test_a_service_that_notices(engine):
    """The same, but the second leaves the gateway as soon as it is served, 8 ms after its client."""
    rooms = {"gateway": room(10), "audit": room(5)}
    _, network = play(engine, [0, 0, 0], rooms, timeout_ms=12.0, drops_abandoned=True)
    assert (station(network)["served"], station(network, AUDIT)["served"]) == (2, 1)
    assert station(network)["waited_us"] == 10_000 + 12_000  # the third gives up its place
    assert network.minutes().calls["sojourn_us"].sum() == 15_000 + 20_000 + 12_000


def test_an_answer_in_the_last_moment(engine):
    """A service that ends in the microsecond of the time-out is an answer."""
    assert play(engine, [0], {"gateway": room(10)}, timeout_ms=10.0)[0] == [(0, 10, ANSWERED, 1)]


def test_who_hangs_up_asks_again(engine):
    """After 15 ms, a pause of 5 and one of 10 ms; abandoned work holds the server until 30 ms."""
    done, network = play(engine, [0, 0], {"gateway": room(15)}, timeout_ms=15.0, max_retries=2, backoff_ms=5)
    assert done == [(0, 15, ANSWERED, 1), (1, 60, ANSWERED, 3)]
    assert (station(network)["served"], station(network)["wasted"]) == (4, 2)


def test_hanging_up_together(engine):
    """Call 1 begins at 25 ms, before the retry of call 0 in the same microsecond, and so hangs up before it."""
    done, _ = play(
        engine, [0, 25], {"gateway": room(1000)}, timeout_ms=20.0, max_retries=1, backoff_ms=5,
        retry_budget_percent=0, retry_budget_burst=1,
    )  # fmt: skip
    assert done == [(1, 45, TIMED_OUT, 1), (0, 45, TIMED_OUT, 2)]


def test_the_rate_limit(engine):
    """100 a second in bursts of 2: two at once, then one every 10 ms; a refusal costs nothing."""
    at = [0, 0, 0, 9, 10, 11, 19, 20]
    done, network = play(engine, at, {"gateway": room(0.1, 9)}, rate_limit_per_s=100, rate_burst=2)
    refused = sorted(call for call, _, outcome, _ in done if outcome == LIMITED)
    assert refused == [2, 3, 5, 6]
    assert station(network)["arrivals"] == 4


def test_nobodys_institution_has_no_limit(engine):
    """Asker -1 stands for all who ask for themselves."""
    done, _ = play(engine, [0] * 9, {"gateway": room(1, 9)}, asker=-1, rate_limit_per_s=1, rate_burst=1)
    assert {outcome for _, _, outcome, _ in done} == {ANSWERED}


def test_the_retry_budget(engine):
    """One retry saved up, and half a one for each call: of four calls refused, every second may ask again."""
    done, _ = play(
        engine, [0, 1, 2, 3, 4], {"gateway": room(1000, waiting_room=0)},
        max_retries=1, backoff_ms=0.5, retry_budget_percent=50, retry_budget_burst=1,
    )  # fmt: skip
    assert [(call, attempts) for call, _, _, attempts in done] == [(1, 2), (2, 1), (3, 2), (4, 1), (0, 1)]


def test_the_breaker(engine):
    """Two refusals open it; after 20 ms one probe is let in, is served, and closes it."""
    rooms = {"gateway": room(10, waiting_room=0)}
    settings = {"breaker_failures": 2, "breaker_open_ms": 20.0, "breaker_probes": 1, "breaker_window_ms": 1000.0}
    done, _ = play(engine, [0, 1, 2, 3, 12, 21, 22, 23, 32, 33], rooms, **settings)
    outcomes = [outcome for *_, outcome, _ in sorted(done)]
    assert outcomes == [ANSWERED, REFUSED, REFUSED, SHED, SHED, SHED, ANSWERED, SHED, ANSWERED, REFUSED]


def test_a_probe_that_fails(engine):
    """A probe whose client hangs up opens the breaker for another 20 ms."""
    rooms = {"gateway": room(10)}
    settings = {"breaker_failures": 1, "breaker_open_ms": 20.0, "breaker_probes": 2, "breaker_window_ms": 1000.0}
    done, _ = play(engine, [0, 6, 25, 26, 31, 51, 52, 63], rooms, timeout_ms=5.0, **settings)
    outcomes = [outcome for *_, outcome, _ in sorted(done)]
    assert outcomes == [TIMED_OUT, SHED, TIMED_OUT, TIMED_OUT, SHED, TIMED_OUT, TIMED_OUT, SHED]


def test_failures_are_counted_by_window(engine):
    """Two refusals in two windows do not add up."""
    rooms = {"gateway": room(100, waiting_room=0)}
    settings = {"breaker_failures": 2, "breaker_window_ms": 10.0}
    done, _ = play(engine, [0, 9, 11, 12, 13], rooms, **settings)
    assert [outcome for *_, outcome, _ in sorted(done)] == [ANSWERED, REFUSED, REFUSED, REFUSED, SHED]


def test_an_outage(engine):
    """One of two servers is lost from 5 to 40 ms: who is served is served, nobody begins there until 40 ms."""
    outages = ((GATEWAY, 0.005, 0.040, 1),)
    done, network = play(engine, [0, 0, 1, 2, 3], {"gateway": room(20, 2)}, outages=outages)
    assert [ended for _, ended, *_ in done] == [20, 20, 40, 60, 60]
    assert station(network)["server_us"] == 2 * 5_000 + 35_000 + 2 * 20_000


def test_all_servers_lost(engine):
    """More lost than there are: calls wait for the end of it."""
    done, _ = play(engine, [1], {"gateway": room(20, 2)}, outages=((GATEWAY, 0.0, 0.05, 9),))
    assert done == [(0, 70, ANSWERED, 1)]


def test_a_slow_node(engine):
    """Services that begin while it is slow take half as long again, to their end."""
    slow = ((GATEWAY, 0.005, 0.015, 150),)
    done, _ = play(engine, [0, 10, 26], {"gateway": room(10)}, slow=slow)
    assert [ended for _, ended, *_ in done] == [10, 25, 36]


def test_autoscaling(engine):
    """One server is busy all of the first 10 ms: at a target of 50 % two are wanted, the second works from 14 ms.

    Later both are idle, and one of them goes.
    """
    done, network = play(
        engine, [0, 0, 0, 40], {"gateway": room(10, servers_at_least=1, servers_at_most=4)},
        scaling_period_s=0.01, scaling_target_percent=50, scaling_delay_s=0.004,
    )  # fmt: skip
    assert [ended for _, ended, *_ in done] == [10, 20, 24, 50]
    # at 10 ms: 10/10 busy, 2 wanted; at 20: 10 + 6, 4 wanted (3.2); at 24: 4 work; at 30: 4 busy, 1 wanted, 3 go
    assert station(network)["server_us"] == 14_000 + 2 * 10_000 + 4 * 6_000 + 20_000


def test_departures_then_changes_of_the_clock(engine):
    """At 10 ms a server is freed before a call arrives there, and that before a retry."""
    done, _ = play(engine, [0, 5, 10], {"gateway": room(10, waiting_room=0)}, max_retries=1, backoff_ms=5)
    assert done == [(0, 10, ANSWERED, 1), (1, 10, REFUSED, 2), (2, 20, ANSWERED, 1)]


def test_nobody_asks(engine):
    """An empty morning has one empty minute."""
    done, network = play(engine, [], {"gateway": room()})
    assert done == []
    assert network.minutes().calls["calls"].tolist() == [0]


def test_the_present_minute_is_told_as_it_stands(engine):
    """At 60.5 s a service of two seconds that began at 59 s has been busy 1 s of the first minute and 0.5 s since."""
    values = dict.fromkeys(Station, NO_STATION) | {"gateway": room(2_000)}
    network = engine(NetworkParameters(**values), Streams(1))
    at_us, one = np.array([59_000_000, 59_500_000]), np.ones(2, np.int64)
    network.offer(at_us, one, one, 60_500_000)
    row = network.minutes().stations[GATEWAY]
    assert row["busy_us"].tolist() == [1_000_000, 500_000]
    assert row["queue_us"].tolist() == [500_000, 500_000]
    assert row["longest_queue"].tolist() == [1, 1]
    assert row["server_us"].tolist() == [60_000_000, 500_000]
    assert network.inside() == (2,)
