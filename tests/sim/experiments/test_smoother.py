"""The smoother against Bayes' rule where that can be worked out."""

import numpy as np
import pytest

from sim.experiments import smoother
from sim.streams import Streams

MEMBERS = 1500


def linear(seed, parameters=4, data=7, steps=4, members=MEMBERS):
    """A linear simulator: the ensemble in the end, and the exact posterior's mean and covariance."""
    streams = Streams(seed)
    matrix = smoother.deviates(streams.stream("g").uniform(np.arange(data)[:, None], np.arange(parameters)[None, :]))
    truth = smoother.deviates(streams.stream("m").uniform(np.arange(parameters)))
    observed = matrix @ truth + smoother.deviates(streams.stream("e").uniform(np.arange(data)))
    ensemble = smoother.prior(members, parameters, streams.stream("prior"))
    noise = streams.stream("noise")
    for step, inflation in enumerate(smoother.inflations(steps)):
        misfit = ensemble @ matrix.T - observed
        ensemble = smoother.updated(ensemble, misfit, inflation, smoother.noise(members, data, step, noise))
    precision = np.eye(parameters) + matrix.T @ matrix
    return ensemble, np.linalg.solve(precision, matrix.T @ observed), np.linalg.inv(precision)


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_a_linear_simulator_the_ensemble_is_the_posterior(seed, steps):
    """Means within a tenth of the posterior's own width, widths within 8 %: whatever the number of steps."""
    ensemble, mean, covariance = linear(seed, steps=steps)
    widths = np.sqrt(np.diag(covariance))
    assert np.abs((ensemble.mean(axis=0) - mean) / widths).max() < 0.1
    assert ensemble.std(axis=0, ddof=1) == pytest.approx(widths, rel=0.08)


def test_a_small_ensemble_keeps_most_of_its_width():
    """Twelve parameters of which three matter, 100 members: those that do not keep their prior width, mostly."""
    streams = Streams(5)
    ensemble = smoother.prior(100, 12, streams.stream("prior"))
    noise = streams.stream("noise")
    for step in range(4):
        misfit = np.repeat(ensemble[:, :3], 10, axis=1) - 0.5
        ensemble = smoother.updated(ensemble, misfit, 4, smoother.noise(100, 30, step, noise))
    widths = ensemble.std(axis=0, ddof=1)
    assert widths[:3] == pytest.approx(11**-0.5, rel=0.25)
    assert widths[3:].min() > 0.8


@pytest.mark.parametrize("steps", [1, 2, 6])
def test_all_steps_together_take_the_data_once(steps):
    """The inverse factors have the sum 1, and fall."""
    factors = smoother.inflations(steps)
    assert sum(1 / factor for factor in factors) == pytest.approx(1)
    assert factors == sorted(factors, reverse=True)


def test_the_prior_is_even_and_fixed():
    """One member in each cell of each parameter; the same for the same seed."""
    drawn = smoother.prior(50, 3, Streams(1).stream("p"))
    assert (np.sort((smoother.places(drawn) * 50).astype(int), axis=0) == np.arange(50)[:, None]).all()
    assert (drawn == smoother.prior(50, 3, Streams(1).stream("p"))).all()


def test_errors_are_standard_normal_and_centred():
    """And others in each step."""
    stream = Streams(1).stream("e")
    first, second = (smoother.noise(2000, 3, step, stream) for step in (0, 1))
    assert first.mean(axis=0) == pytest.approx(0, abs=1e-12)
    assert first.std(axis=0) == pytest.approx(1, rel=0.05)
    assert np.abs(np.corrcoef(np.column_stack([first, second]).T) - np.eye(6)).max() < 0.07


def test_misfits_are_logarithms_in_units_of_their_errors():
    """A tenth too much is one error of 0.0953; what is astray counts no more than 55 times."""
    found = smoother.misfits(np.array([[110.0, 0.0], [100.0, 1e9]]), np.array([100.0, 100.0]), np.array([0.1, 0.5]))
    assert found == pytest.approx(np.array([[0.953102, -8.0], [0.0, 8.0]]), abs=1e-6)


def test_chance_correlations_are_not_believed():
    """A sure one is; one over the root of n counts half; nothing where something never varies."""
    n = 100
    base = np.zeros((n, 3))
    base[0, 0] = base[1, 1] = 1.0
    angle = n**-0.5
    mixed = angle * base[:, 0] + (1 - angle**2) ** 0.5 * base[:, 1]
    found = smoother.believed(base, np.column_stack([base[:, 0], mixed, np.zeros(n)]))
    assert found[0] == pytest.approx([1.0, 0.505, 0.0], abs=0.001)
    assert found[2] == pytest.approx(0.0)
