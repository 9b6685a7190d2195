"""Two engines, one contract: the story and the compiled network agree in every row and every minute."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.capacity.network.kernel import CompiledNetwork
from sim.capacity.network.model import lanes
from sim.capacity.network.parameters import NetworkParameters, Station, StationParameters
from sim.capacity.network.process import Network
from sim.capacity.parameters import TimeKind
from sim.streams import Streams
from tests.sim.capacity.network.scenarios import rows, scenarios, told

unhurried = settings(deadline=None)


def in_pieces(network, calls, cuts, *, early=False):
    """Offer the calls up to each cut with it, or all of them with the first one; then close."""
    at_us, asker, codes = calls
    edges = [0] + [at_us.size if early else int(np.searchsorted(at_us, cut)) for cut in cuts] + [at_us.size]
    told_us = [*cuts, cuts[-1] if cuts else 0]
    pieces = [
        network.offer(at_us[start:end], asker[start:end], codes[start:end], until_us)
        for start, end, until_us in zip(edges[:-1], edges[1:], told_us, strict=True)
    ]
    return rows(*pieces, network.close())


@settings(unhurried, max_examples=100)
@given(scenarios(), st.booleans())
def test_the_engines_agree(scenario, early):
    """Calls in the order of their ending, all tables and who is inside, whatever is set and however it is cut."""
    parameters, calls, cuts, seed = scenario
    story, compiled = (kind(parameters, Streams(seed)) for kind in (Network, CompiledNetwork))
    assert in_pieces(story, calls, cuts, early=early) == in_pieces(compiled, calls, cuts, early=not early)
    assert told(story.minutes()) == told(compiled.minutes())
    assert story.inside() == compiled.inside() == (0,) * len(parameters.stations)


@settings(unhurried, max_examples=40)
@given(scenarios(most=60))
def test_the_engines_agree_at_any_moment(scenario):
    """Between two chunks the present minute is told as it stands, and who is inside."""
    parameters, calls, cuts, seed = scenario
    story, compiled = (kind(parameters, Streams(seed)) for kind in (Network, CompiledNetwork))
    nobody = np.zeros(0, np.int64)
    for network in (story, compiled):
        network.offer(*calls, 0)
    for cut in cuts:
        assert rows(story.offer(nobody, nobody, nobody, cut)) == rows(compiled.offer(nobody, nobody, nobody, cut))
        assert told(story.minutes()) == told(compiled.minutes())
        assert story.inside() == compiled.inside()


@settings(unhurried, max_examples=5)
@given(scenarios(most=1_500), st.integers(0, 2**32))
def test_the_engines_agree_on_thousands(scenario, seed):
    """As many calls as a town has in a quarter of an hour, thousands of them at the same moments."""
    parameters, calls, _, _ = scenario
    story, compiled = (kind(parameters, Streams(seed)) for kind in (Network, CompiledNetwork))
    assert in_pieces(story, calls, []) == in_pieces(compiled, calls, [])
    assert told(story.minutes()) == told(compiled.minutes())


@settings(unhurried, max_examples=40)
@given(scenarios())
def test_a_resumed_run_is_the_whole_run(scenario):
    """Half a run, its state carried over to a fresh network, and the other half."""
    parameters, calls, cuts, seed = scenario
    whole, half, rest = (CompiledNetwork(parameters, Streams(seed)) for _ in range(3))
    until_us = min([*cuts[:1], int(calls[0][-1])]) if calls[0].size else 0  # not after the whole run's end
    expected = rows(whole.offer(*calls, 0), whole.close())
    first = rows(half.offer(*calls, until_us))
    state = half.state()
    half.close()
    rest.restore(state)
    assert first + rows(rest.close()) == expected
    assert told(rest.minutes()) == told(whole.minutes()) == told(half.minutes())


def test_a_long_queue_and_a_long_day():
    """Slots and minutes grow as they are needed: 5,000 calls wait at once, over two hours."""
    slow = StationParameters(servers=1, service_kind=TimeKind.DETERMINISTIC, service_mean_ms=1_500.0, waiting_room=None)
    none = StationParameters(servers=0)
    parameters = NetworkParameters(
        gateway=slow, authentication=none, code_lookup=none, risk_lookup=none, audit=none, timeout_ms=None
    )
    calls = np.zeros(5_000, np.int64), np.zeros(5_000, np.int64), np.ones(5_000, np.int64)
    network = CompiledNetwork(parameters, Streams(1))
    network.offer(*calls, 1)
    done = network.close()
    assert done.call.tolist() == list(range(5_000))
    assert done.ended_us.tolist() == [1_500_000 * (n + 1) for n in range(5_000)]
    minutes = network.minutes().stations[Station.GATEWAY]
    assert minutes["served"].tolist() == [39, *[40] * 124, 1]
    assert minutes["longest_queue"][0] == 4_999


def test_an_attempts_words_are_the_streams():
    """Even lanes are `Stream.word` of (call, attempt, lane / 2); odd ones are the other half of their block."""
    stream = Streams(7).stream("capacity/network/service")
    words = lanes(stream, 2**33 + 5, 3)
    assert words[::2] == [stream.word(2**33 + 5, 3, block) for block in range(4)]
    assert len(set(words)) == 8


def test_a_recorded_run_stays_as_it_was():
    """Totals of a busy quarter of a minute are literals: if they move, results move."""
    parameters = NetworkParameters(
        timeout_ms=150.0, backoff_ms=20.0, breaker_failures=400, rate_limit_per_s=450, rate_burst=20,
    )  # fmt: skip
    at_us = np.arange(0, 15_000_000, 175)
    network = CompiledNetwork(parameters, Streams(2021))
    network.offer(at_us, at_us // 175 % 16 - 1, 1 + at_us // 175 % 3, 0)
    done = network.close()
    totals = {name: int(column.sum()) for name, column in network.minutes().calls.items()}
    assert totals == RECORDED
    assert int(done.ended_us.sum()) == RECORDED_ENDS


RECORDED = {
    "calls": 85_715,
    "attempts": 153_460,
    "answered": 52_572,
    "refused": 0,
    "timed_out": 2_653,
    "limited": 54_042,
    "shed": 44_193,
    "lost": 33_143,
    "sojourn_us": 3_200_863_116,
}
RECORDED_ENDS = 647_468_344_460


@pytest.mark.parametrize("kind", [Network, CompiledNetwork])
@pytest.mark.parametrize(
    ("calls", "complaint"),
    [
        (([3, 2], [0, 0], [1, 1]), "ascend"),
        (([4], [0], [1]), "from 5 or later"),
        (([5.5], [0], [1]), "whole numbers"),
        (([5, 6], [0], [1]), "equally long"),
        (([5], [-2], [1]), "asker must lie between -1"),
        (([5], [0], [0]), "codes must lie between 1 and 500"),
        (([5], [0], [501]), "codes must lie between 1 and 500"),
    ],
)
def test_calls_that_make_no_sense_are_refused(kind, calls, complaint):
    """The error says what to do, in both engines."""
    network = kind(NetworkParameters(), Streams(1))
    nobody = np.zeros(0, np.int64)
    network.offer(nobody, nobody, nobody, 5)
    with pytest.raises(ValueError, match=complaint):
        network.offer(*map(np.array, calls), 10)
