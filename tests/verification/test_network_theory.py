"""The formulas that the network's limits are held against, by themselves: worked cases, other ways there."""

from math import exp

import numpy as np
import pytest
from scipy.integrate import quad

from sim.capacity.model import erlang_a_abandonment, erlang_b
from sim.verification.insistence import deterministic_patience, limited, refused_with_retries


def test_one_impatient_client_at_a_time():
    """M/M/1+D by hand, for one arrival in a service time: J = d + 1, so (1 + 0 J) / (1 + J)."""
    assert deterministic_patience(1.0, 1, 1.0) == pytest.approx(1 / 3)
    assert deterministic_patience(1.0, 1, 0.5) == pytest.approx(0.4)


@pytest.mark.parametrize(("load", "servers"), [(1.6, 2), (8.4, 8), (3.0, 5)])
def test_no_patience_is_erlang_b_and_much_is_nobody(load, servers):
    """The two ends."""
    assert deterministic_patience(load, servers, 0.0) == pytest.approx(erlang_b(servers, load))
    stable = min(load, servers - 1)
    assert deterministic_patience(stable, servers, 60.0) == pytest.approx(0, abs=1e-12)


def test_the_general_formula_has_erlang_a_in_it():
    """The same integral with exponential patience of two service times, by quadrature, is Palm's."""
    load, servers, leave = 22.0, 20, 0.5
    integral, _ = quad(lambda x: exp(load * (1 - exp(-leave * x)) / leave - servers * x), 0, np.inf)
    empty = 1 / erlang_b(servers - 1, load)
    found = (1 + (load - servers) * integral) / (empty + load * integral)
    assert found == pytest.approx(erlang_a_abandonment(load, 1.0, servers, leave), rel=1e-9)


def test_retries_make_refusals():
    """Without any it is Erlang B; with them the attempts refused are those that Erlang B has for all attempts."""
    assert refused_with_retries(7.5, 10, 0) == pytest.approx(erlang_b(10, 7.5))
    refused = refused_with_retries(7.5, 10, 2)
    assert refused == pytest.approx(erlang_b(10, 7.5 * (1 + refused + refused**2)))
    assert refused > erlang_b(10, 7.5)


def test_a_bucket_of_one_is_a_server_without_a_room():
    """Erlang B for one server, load / (1 + load); and a deep one lets nearly everybody in."""
    assert limited(0.9, 1) == pytest.approx(0.9 / 1.9)
    assert limited(0.5, 20) < 1e-6
