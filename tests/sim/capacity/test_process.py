"""The service's story in tiny cases whose every time can be worked out by hand: nothing is drawn."""

import numpy as np
import pytest

from sim.capacity.model import NEVER, CapacityRun, Outcome, draw, wait_percentiles_us
from sim.capacity.parameters import CapacityParameters, TimeKind
from sim.capacity.process import simulate
from sim.streams import RepeatedStreamError, Streams

SERVED, REFUSED, ABANDONED = Outcome.SERVED, Outcome.REFUSED, Outcome.ABANDONED


def play(*arrivals_ms: float, service_ms: float = 10, jitter: float = 0.0, **settings) -> CapacityRun:
    """Every query takes exactly `service_ms`; one server unless told otherwise."""
    parameters = CapacityParameters(
        **{"servers": 1, **settings},
        service_kind=TimeKind.DETERMINISTIC,
        service_mean_ms=service_ms,
        jitter=jitter,
    )
    arrivals_us = np.array([round(at * 1000) for at in arrivals_ms], np.int64)
    return simulate(arrivals_us, parameters, Streams(1))


def told(run: CapacityRun) -> list[tuple]:
    """Each attempt as (query, attempt, arrived, started, departed, outcome), times in milliseconds."""
    columns = (run.query, run.attempt, run.arrived_us, run.started_us, run.departed_us, run.outcome)
    return [
        (
            query,
            attempt,
            arrived / 1000,
            None if started == NEVER else started / 1000,
            departed / 1000,
            outcome,
        )
        for query, attempt, arrived, started, departed, outcome in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]


def test_one_server_takes_one_at_a_time():
    """The second waits for the first; the third finds the server free."""
    assert told(play(0, 4, 25)) == [
        (0, 0, 0, 0, 10, SERVED),
        (1, 0, 4, 10, 20, SERVED),
        (2, 0, 25, 25, 35, SERVED),
    ]


def test_two_servers_take_two():
    """The third waits for whichever server is free first."""
    assert told(play(0, 3, 4, servers=2)) == [
        (0, 0, 0, 0, 10, SERVED),
        (1, 0, 3, 3, 13, SERVED),
        (2, 0, 4, 10, 20, SERVED),
    ]


def test_whoever_arrives_together_is_served_by_number():
    """Three at the same microsecond: 0, 1, 2."""
    assert [started for _, _, _, started, _, _ in told(play(0, 0, 0))] == [0, 10, 20]


def test_a_departure_comes_before_an_arrival():
    """Without a waiting room, arriving in the microsecond of a departure still finds the server free."""
    assert told(play(0, 10, waiting_room=0))[1] == (1, 0, 10, 10, 20, SERVED)


def test_a_microsecond_earlier_is_too_early():
    """Without a waiting room, arriving a microsecond before the departure is refused at once."""
    assert told(play(0, 9.999, waiting_room=0))[1] == (1, 0, 9.999, None, 9.999, REFUSED)


def test_a_full_waiting_room_refuses():
    """One place to wait in: the third has none, the fourth comes when the second has begun."""
    run = play(0, 1, 2, 11, waiting_room=1)
    assert [outcome for *_, outcome in told(run)] == [SERVED, SERVED, REFUSED, SERVED]
    assert run.started_us.tolist() == [0, 10_000, NEVER, 20_000]


def test_a_wait_as_long_as_the_patience_is_served():
    """The turn comes in the very microsecond in which patience runs out."""
    assert told(play(0, 0, timeout_ms=10))[1] == (1, 0, 0, 10, 20, SERVED)


def test_a_microsecond_less_patience_hangs_up():
    """The client leaves when its patience ends, and the server stays free for others."""
    assert told(play(0, 0, 10, timeout_ms=9.999)) == [
        (0, 0, 0, 0, 10, SERVED),
        (1, 0, 0, None, 9.999, ABANDONED),
        (2, 0, 10, 10, 20, SERVED),
    ]


def test_patience_ends_with_the_wait():
    """Being served for longer than the time-out is no reason to hang up."""
    assert told(play(0, timeout_ms=1)) == [(0, 0, 0, 0, 10, SERVED)]


def test_who_will_hang_up_holds_a_place_until_then():
    """One place, held from 1 to 6 ms by a client who leaves in the end; at 6 ms exactly it is still held."""
    run = play(0, 1, 5, 6, 6.001, waiting_room=1, timeout_ms=5)
    assert [outcome for *_, outcome in told(run)] == [SERVED, ABANDONED, REFUSED, REFUSED, SERVED]


def test_pauses_double():
    """Refused at 1 ms, again 4 ms later, again 8 ms after that; 16 ms later the server is free."""
    assert told(play(0, 1, service_ms=15, waiting_room=0, max_retries=3, backoff_ms=4)) == [
        (0, 0, 0, 0, 15, SERVED),
        (1, 0, 1, None, 1, REFUSED),
        (1, 1, 5, None, 5, REFUSED),
        (1, 2, 13, None, 13, REFUSED),
        (1, 3, 29, 29, 44, SERVED),
    ]


def test_pauses_stop_doubling_at_their_limit():
    """Pauses of 1, 2, 4, 4, 4 ms under a limit of 4 ms."""
    run = play(0, 1, service_ms=100, waiting_room=0, max_retries=5, backoff_ms=1, backoff_limit_ms=4)
    assert (np.diff(run.arrived_us[run.query == 1]) / 1000).tolist() == [1, 2, 4, 4, 4]


def test_a_query_is_lost_after_its_last_retry():
    """Two retries are three attempts, and then no more."""
    run = play(0, 1, service_ms=100, waiting_room=0, max_retries=2, backoff_ms=1)
    assert run.attempt[run.query == 1].tolist() == [0, 1, 2]
    assert run.query_outcome.tolist() == [SERVED, REFUSED]


def test_a_hang_up_is_retried_too():
    """Patience of 3 ms from 1 ms on, a pause of 7 ms, and the second attempt is served."""
    assert told(play(0, 1, timeout_ms=3, max_retries=1, backoff_ms=7))[1:] == [
        (1, 0, 1, None, 4, ABANDONED),
        (1, 1, 11, 11, 21, SERVED),
    ]


def test_a_retry_comes_a_microsecond_later_at_the_least():
    """No pause at all still lets time pass: refused at 5, 6, 7, 8, 9 µs, served at 10 µs."""
    run = play(0, 0.005, service_ms=0.010, waiting_room=0, max_retries=100, backoff_ms=0)
    assert run.arrived_us.tolist() == [0, 5, 6, 7, 8, 9, 10]
    assert run.outcome.tolist() == [SERVED, *[REFUSED] * 5, SERVED]


def test_a_fresh_query_comes_before_a_retry():
    """At 10 ms the server is freed, query 2 arrives, query 1 returns: 2 is served, 1 refused again."""
    run = play(0, 5, 10, waiting_room=0, max_retries=1, backoff_ms=5)
    assert run.query_outcome.tolist() == [SERVED, REFUSED, SERVED]


def test_a_retry_comes_before_a_hang_up():
    """At 6 ms query 2 returns and the patience of query 1 ends: the one place is still held, 2 is refused."""
    run = play(0, 1, 2, waiting_room=1, timeout_ms=5, max_retries=1, backoff_ms=4)
    assert told(run)[1:] == [
        (1, 0, 1, None, 6, ABANDONED),
        (1, 1, 10, 10, 20, SERVED),
        (2, 0, 2, None, 2, REFUSED),
        (2, 1, 6, None, 6, REFUSED),
    ]


def test_retries_come_by_number():
    """Two return in the same microsecond; the lower number is served."""
    run = play(0, 5, 5, waiting_room=0, max_retries=1, backoff_ms=5)
    assert run.query_outcome.tolist() == [SERVED, SERVED, REFUSED]


def test_nobody_asks():
    """An empty morning is a run with empty columns."""
    run = play()
    assert told(run) == []
    assert run.query_outcome.size == 0
    assert wait_percentiles_us(run) == (0, 0, 0)


def test_the_number_inside_is_told_as_it_changes():
    """Up at 0 and 4 ms, down at 10 and 20 ms."""
    run = play(0, 4)
    assert list(zip(run.changed_us.tolist(), run.inside.tolist(), strict=True)) == [
        (0, 1),
        (4_000, 2),
        (10_000, 1),
        (20_000, 0),
    ]


def test_pauses_are_drawn_between_their_bounds():
    """With half of it drawn, a first pause of 8 ms is anything from 4 to 8 ms; with no jitter it is 8 ms."""
    crowd = [0.0] * 400
    settings = {"service_ms": 1000, "waiting_room": 0, "max_retries": 1, "backoff_ms": 8}
    drawn = play(*crowd, jitter=0.5, **settings).arrived_us[2::2]
    assert drawn.min() >= 4_000
    assert drawn.max() <= 8_000
    assert len(set(drawn.tolist())) > 300
    assert set(play(*crowd, jitter=0.0, **settings).arrived_us[2::2].tolist()) == {8_000}


def test_chance_belongs_to_the_query():
    """A narrower waiting room changes who is served, never how long a given attempt's service takes."""
    arrivals_us = np.arange(0, 3_000_000, 10_000)
    wide = simulate(arrivals_us, CapacityParameters(), Streams(3))
    narrow = simulate(arrivals_us, CapacityParameters(waiting_room=2, max_retries=2), Streams(3))
    first = narrow.served & (narrow.attempt == 0)
    assert 0 < first.sum() < 300
    took = (wide.departed_us - wide.started_us)[narrow.query[first]]
    assert np.array_equal((narrow.departed_us - narrow.started_us)[first], took)


def test_the_draws_are_the_streams_words():
    """Service of query 7, attempt 2: the table at the word of capacity/service, entity 7, step 2."""
    parameters = CapacityParameters(service_kind=TimeKind.EXPONENTIAL, timeout_ms=100, max_retries=2)
    word = Streams(5).stream("capacity/service").word(7, 2)
    assert draw(parameters, 10, Streams(5)).service_us(2)[7] == parameters.service.at(word)


def test_a_run_takes_its_streams_for_itself():
    """Two runs on one set of streams would share their chance unknowingly; the second is refused."""
    streams = Streams(1)
    simulate(np.array([0]), CapacityParameters(), streams)
    with pytest.raises(RepeatedStreamError, match="capacity/service"):
        simulate(np.array([0]), CapacityParameters(), streams)


def test_a_recorded_run_stays_as_it_was():
    """The checksum of a busy quarter of a minute is a literal: if it moves, results move."""
    parameters = CapacityParameters(waiting_room=20, timeout_ms=300, max_retries=4)
    run = simulate(np.arange(0, 15_000_000, 9_000), parameters, Streams(2021))
    assert run.checksum == "892ba748ccc1ccbb8e42c5fe0e1f9d93"


@pytest.mark.parametrize(
    ("arrivals_us", "complaint"),
    [
        (np.array([3, 2]), "ascend"),
        (np.array([-1, 2]), "ascend from 0"),
        (np.array([0.5]), "whole microseconds"),
        (np.array([[1], [2]]), "column"),
    ],
)
def test_arrivals_that_make_no_sense_are_refused(arrivals_us, complaint):
    """The error says what to do."""
    with pytest.raises(ValueError, match=complaint):
        simulate(arrivals_us, CapacityParameters(), Streams(1))
