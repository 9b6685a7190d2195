"""What holds in every run, whatever is set."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import given, settings

from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import Outcome
from sim.capacity.network.process import Network
from sim.streams import Streams
from tests.sim.capacity.network.scenarios import rows, scenarios

unhurried = settings(deadline=None, max_examples=60)


def played(scenario, kind=CompiledNetwork):
    parameters, calls, _, seed = scenario
    network = kind(parameters, Streams(seed))
    done = rows(network.offer(*calls, 0), network.close())
    return parameters, calls, done, network


@unhurried
@given(scenarios())
def test_littles_law_is_exact_at_every_station(scenario):
    """Number waiting integrated over time = time waited summed over attempts, to the last microsecond.

    The left side is read off the queues as the story goes, the right side is each attempt's own.
    """
    *_, network = played(scenario, Network)
    for station in network.minutes().stations.values():
        assert station["queue_us"].sum() == station["waited_us"].sum()


@unhurried
@given(scenarios())
def test_littles_law_is_exact_in_all(scenario):
    """Numbers at all stations integrated over time = time inside summed over attempts: they are never between."""
    *_, network = played(scenario, Network)
    minutes = network.minutes()
    inside_us = sum(station["queue_us"].sum() + station["busy_us"].sum() for station in minutes.stations.values())
    assert inside_us == minutes.calls["sojourn_us"].sum()


@unhurried
@given(scenarios())
def test_every_call_ends_exactly_once(scenario):
    """Each has a row, in the order of ending, not before it arrived, within its attempts; and tables say the same."""
    parameters, (at_us, _, _), done, network = played(scenario)
    assert sorted(call for call, *_ in done) == list(range(at_us.size))
    assert [ended_us for _, ended_us, *_ in done] == sorted(ended_us for _, ended_us, *_ in done)
    for call, ended_us, outcome, attempts in done:
        assert ended_us >= at_us[call]
        assert 1 <= attempts <= parameters.max_retries + 1
        assert attempts == 1 or outcome is not Outcome.ANSWERED or ended_us > at_us[call]
    totals = {name: column.sum() for name, column in network.minutes().calls.items()}
    assert totals["calls"] == at_us.size
    assert totals["attempts"] == sum(attempts for *_, attempts in done)
    assert totals["attempts"] == sum(totals[outcome.name.lower()] for outcome in Outcome)
    assert totals["answered"] == sum(outcome == Outcome.ANSWERED for *_, outcome, _ in done)
    assert totals["lost"] == at_us.size - totals["answered"]


@unhurried
@given(scenarios())
def test_work_is_neither_lost_nor_made(scenario):
    """What comes to a station is refused, shed, served or leaves the queue; what is served goes on or leaves."""
    parameters, _, _, network = played(scenario)
    minutes = network.minutes()
    stations = [{name: column.sum() for name, column in row.items()} for row in minutes.stations.values()]
    refused = sum(station["refused"] for station in stations)
    shed = sum(station["shed"] for station in stations)
    calls = {name: column.sum() for name, column in minutes.calls.items()}
    assert stations[0]["arrivals"] == calls["attempts"] - calls["limited"]
    if parameters.timeout_us is None:
        assert (refused, shed) == (calls["refused"], calls["shed"])
    for station in stations:
        accepted = station["arrivals"] - station["refused"] - station["shed"]
        assert station["served"] == accepted or (parameters.drops_abandoned and station["served"] < accepted)
        assert station["busy_us"] >= station["wasted_us"] >= 0
        assert station["served"] >= station["wasted"]
    for before, after in pairwise(stations):
        gone = before["wasted"] if parameters.drops_abandoned else 0
        assert after["arrivals"] == before["served"] - gone


@unhurried
@given(scenarios())
def test_there_is_never_more_inside_than_fits(scenario):
    """Rooms and servers bound what waits and what is served, minute by minute."""
    parameters, _, _, network = played(scenario)
    for (_, room), row in zip(parameters.stations, network.minutes().stations.values(), strict=True):
        most = room.servers_at_most or room.servers
        if room.waiting_room is not None:
            assert row["longest_queue"].max(initial=0) <= room.waiting_room
        assert np.all(row["busy_us"] <= 60_000_000 * most * 2)  # lost servers finish what they have
        if not parameters.outages:
            assert np.all(row["busy_us"] <= row["server_us"])


@unhurried
@given(scenarios())
def test_patient_clients_lose_nothing(scenario):
    """Without limits, time-outs, breakers and full rooms every call is answered at its first attempt."""
    parameters, calls, cuts, seed = scenario
    rooms = {name: replace(room, waiting_room=None) for name, room in parameters.stations}
    patient = replace(parameters, **rooms, timeout_ms=None, rate_limit_per_s=None, breaker_failures=None)
    _, _, done, _ = played((patient, calls, cuts, seed))
    assert all((outcome, attempts) == (Outcome.ANSWERED, 1) for _, _, outcome, attempts in done)
