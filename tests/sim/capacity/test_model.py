"""Formulas against published and exactly computed values; measures of a run worked out by hand."""

import numpy as np
import pytest

from sim.capacity.model import (
    CapacityRun,
    Order,
    Outcome,
    busy_us,
    erlang_a_abandonment,
    erlang_b,
    erlang_c,
    inside_at,
    littles_law,
    mmc_wait,
    mmck_blocking,
    pollaczek_khinchine,
    summarise,
    utilisation,
    wait_percentiles_us,
)

# One server, in seconds: served 0-10; waited 4-10, served until 30; refused at 5, hung up 6-9; served 70-90.
SECOND = 1_000_000
RUN = CapacityRun(
    servers=1,
    query=np.array([0, 1, 2, 2, 3]),
    attempt=np.array([0, 0, 0, 1, 0], np.int32),
    arrived_us=np.array([0, 4, 5, 6, 70]) * SECOND,
    started_us=np.array([0, 10 * SECOND, -1, -1, 70 * SECOND]),
    departed_us=np.array([10, 30, 5, 9, 90]) * SECOND,
    outcome=np.array([0, 0, 1, 2, 0], np.uint8),
    changed_us=np.array([0, 4, 6, 9, 10, 30, 70, 90]) * SECOND,
    inside=np.array([1, 2, 3, 2, 1, 0, 1, 0]),
)


@pytest.mark.parametrize(
    ("servers", "offered", "exact"),
    [(10, 5, 0.0183845703), (30, 25, 0.0526031722), (100, 84.1, 0.0100717051), (1, 1, 0.5), (0, 3, 1.0)],
)
def test_erlang_b(servers, offered, exact):
    """100 lines carry 84.1 erlangs at 1 % loss, as the printed tables say."""
    assert erlang_b(servers, offered) == pytest.approx(exact, abs=5e-11)


def test_erlang_c_of_one_server_is_its_load():
    """With one server a query waits exactly when the server is busy."""
    assert erlang_c(1, 0.7) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("load", "servers", "exact"),
    [(0.5, 1, 1.0), (0.9, 1, 9.0), (0.85, 8, 0.4771407775), (0.95, 64, 0.1837534162)],
)
def test_mean_wait_of_identical_servers(load, servers, exact):
    """In mean service times: one server at 90 % makes one wait nine of them, 64 at 95 % less than a fifth."""
    assert mmc_wait(load * servers, 1.0, servers) == pytest.approx(exact, abs=5e-11)


@pytest.mark.parametrize(("cv2", "exact"), [(0.0, 2.0), (1 / 3, 8 / 3), (1.0, 4.0), (4.0, 10.0)])
def test_mean_wait_by_shape(cv2, exact):
    """At 80 % load, twice the mean service time without spread, ten times with cv² = 4."""
    assert pollaczek_khinchine(0.8, 1.0, cv2) == pytest.approx(exact, abs=5e-11)


def test_one_server_is_both_formulas():
    """M/M/1 is Erlang C with one server and Pollaczek-Khinchine with cv² = 1."""
    assert mmc_wait(0.8, 1.0, 1) == pytest.approx(pollaczek_khinchine(0.8, 1.0, 1.0))


def test_a_waiting_room_bridges_loss_and_delay():
    """M/M/c/c is Erlang B; M/M/1/3 at load 1 refuses a quarter; ever more room refuses ever fewer."""
    assert mmck_blocking(10, 5.0, 0) == erlang_b(10, 5.0)
    assert mmck_blocking(1, 1.0, 2) == pytest.approx(1 / 4)
    assert mmck_blocking(2, 1.0, 1) == pytest.approx(1 / 11)
    assert mmck_blocking(8, 6.8, 1000) < 1e-60


def test_erlang_a():
    """20 servers, 22 erlangs, patience of two service times: 12.21 % hang up."""
    assert erlang_a_abandonment(22.0, 1.0, 20, 0.5) == pytest.approx(0.1221349518, abs=5e-11)


@pytest.mark.parametrize("formula", [lambda: erlang_c(2, 2.0), lambda: pollaczek_khinchine(1.0, 1.1, 0.0)])
def test_an_overloaded_service_has_no_mean_wait(formula):
    """At a load of 1 and more the queue grows for ever; the error says to add servers."""
    with pytest.raises(ValueError, match="below 1: the queue would grow for ever; add servers"):
        formula()


def test_events_of_a_microsecond_have_one_order():
    """Departures, arrivals by query, retries by query and attempt, patience; all after SimPy's own events."""
    shuffled = [
        Order.EXPIRY.of(0, 0),
        Order.RETRY.of(2, 1),
        Order.RETRY.of(1, 2),
        Order.RETRY.of(1, 1),
        Order.ARRIVAL.of(9, 0),
        Order.ARRIVAL.of(3, 0),
        Order.DEPARTURE.of(50, 7),
    ]
    assert sorted(shuffled) == shuffled[::-1]
    assert min(shuffled) > 1


def test_utilisation_by_minute():
    """Busy for 30 s of the first minute and 20 s of the second."""
    assert busy_us(RUN).tolist() == [30 * SECOND, 20 * SECOND]
    assert utilisation(RUN).tolist() == [0.5, pytest.approx(1 / 3)]
    assert busy_us(RUN, 25 * SECOND).tolist() == [25 * SECOND, 5 * SECOND, 5 * SECOND, 15 * SECOND]


def test_waits_are_those_of_the_served():
    """Waits of 0, 6 and 0 s; percentiles are waits that occurred."""
    assert RUN.waits_us.tolist() == [0, 6 * SECOND, 0]
    assert wait_percentiles_us(RUN, (0.5, 2 / 3, 0.7, 1.0)) == (0, 0, 6 * SECOND, 6 * SECOND)


def test_queries_end_as_their_last_attempt():
    """Query 2 was refused, then hung up."""
    assert RUN.query_outcome.tolist() == [Outcome.SERVED, Outcome.SERVED, Outcome.ABANDONED, Outcome.SERVED]


def test_littles_law_by_hand():
    """4 + 4 + 9 + 2 + 20 + 20 inside over time; sojourns of 10, 26, 0, 3 and 20 s."""
    assert littles_law(RUN) == (59 * SECOND, 59 * SECOND)


def test_littles_law_needs_a_closed_horizon():
    """A run that ends with somebody inside is refused."""
    fields = {name: getattr(RUN, name) for name in RUN.__slots__}
    fields["inside"] = np.array([1, 2, 3, 2, 1, 0, 1, 1])
    with pytest.raises(ValueError, match="closed horizon"):
        littles_law(CapacityRun(**fields))


def test_number_inside_at_instants():
    """Before the start, at a change, between changes, after the end."""
    instants = np.array([-1, 0, 5, 9, 29, 30, 100]) * SECOND
    assert inside_at(RUN, instants).tolist() == [0, 1, 2, 2, 1, 0, 0]


def test_headline_numbers():
    """Four queries in five attempts, one lost."""
    summary = summarise(RUN)
    assert (summary.queries, summary.lost, summary.attempts) == (4, 1, 5)
    assert (summary.refused, summary.abandoned) == (1, 1)
    assert (summary.wait_mean_us, summary.wait_p50_us, summary.wait_p99_us) == (2 * SECOND, 0, 6 * SECOND)
    assert summary.utilisation_peak == 0.5
