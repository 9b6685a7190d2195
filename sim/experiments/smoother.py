"""An ensemble that learns: ES-MDA, the mathematics.

The ensemble smoother with multiple data assimilation (A. A. Emerick, A. C. Reynolds, Computers & Geosciences 55
(2013) 3-15) moves an ensemble of parameters m_j, drawn from the prior, towards the data in a few steps. Each step
runs the simulator once for each member, d_j = g(m_j), and takes the data with their errors made larger by a:

    m_j <- m_j + C_md (C_dd + a C_e)^-1 (d_obs + sqrt(a) e_j - d_j),      e_j ~ N(0, C_e),  sum of 1/a = 1

C_md and C_dd are the ensemble's covariances. With a linear g and many members the result is the posterior exactly;
otherwise it is an approximation by linear steps, which needs no derivative and bears noise. Data are logarithms in
units of their errors, so C_e is the identity; parameters are normal deviates, Phi(m) being the place in the range.

An ensemble of n has chance correlations of about 1/sqrt(n) between parameters and data that have nothing to do with
one another; each would narrow a band. So C_md is multiplied by r^2 / (r^2 + (1 - r^2)^2 / n) with r its correlations:
about 1 for those that stand out of chance, a half at 1/sqrt(n), about 0 below (chosen here, in the manner of
correlation-based localisation).
"""

from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sim.experiments.designs import latin
from sim.streams import Stream

Numbers = NDArray[np.float64]
FARTHEST = 4.0
"""A simulated number counts as exp(4) = 55 times too large or small at most: one member gone astray must not lead."""
LEAST = 0.5
"""What a simulated 0 counts as: a count below 1 has no logarithm to speak of."""
FALL = 0.7
"""Of the errors' inflation, from step to step."""
EDGE = 2.0**-40
"""A place in a range is so far from its ends at least, or its normal deviate would be infinite."""


def prior(members: int, parameters: int, stream: Stream) -> Numbers:
    """Normal deviates, a member a row: a Latin hypercube, so that each parameter's prior is met evenly."""
    return deviates(latin(parameters, members, stream))


def deviates(places: Numbers) -> Numbers:
    """The standard normal deviate below which a share of all lies."""
    within = np.clip(places, EDGE, 1 - EDGE)
    return np.asarray(np.vectorize(NormalDist().inv_cdf, otypes=[np.float64])(within))


def places(found: Numbers) -> Numbers:
    """Where deviates lie in their ranges, from 0 to 1: the normal distribution function."""
    return np.asarray(np.vectorize(NormalDist().cdf, otypes=[np.float64])(found))


def noise(members: int, data: int, step: int, stream: Stream) -> Numbers:
    """The errors e_j of a step, a member a row, each datum's mean being 0 exactly."""
    drawn = deviates(stream.uniform(np.arange(members)[:, None], step, np.arange(data)[None, :]))
    return np.asarray(drawn - drawn.mean(axis=0))


def inflations(steps: int) -> list[float]:
    """The factor a of each step: the first, from far away, are cautious, and each next is 0.7 of the one before.

    Falling factors are in Emerick and Reynolds' paper, too; this row of them is chosen here.
    """
    falling = [FALL**step for step in range(steps)]
    whole = sum(1 / factor for factor in falling)
    return [factor * whole for factor in falling]


def misfits(simulated: Numbers, observed: Numbers, errors: Numbers) -> Numbers:
    """How far simulated numbers are from observed ones, as logarithms in units of the errors."""
    ratio = np.log(np.maximum(simulated, LEAST)) - np.array([log(value) for value in observed])
    return np.asarray(np.clip(ratio, -FARTHEST, FARTHEST) / errors)


def updated(members: Numbers, misfit: Numbers, inflation: float, errors: Numbers) -> Numbers:
    """One step for all members: `inflation` is a, `misfit` d_j - d_obs, `errors` e_j, both in units of C_e."""
    n = len(members)
    parameters, data = members - members.mean(axis=0), misfit - misfit.mean(axis=0)
    joint = parameters.T @ data / (n - 1)
    covariance = data.T @ data / (n - 1)
    joint = joint * believed(parameters, data)
    gain = np.linalg.solve(covariance + inflation * np.eye(covariance.shape[0]), joint.T).T
    return np.asarray(members + (inflation**0.5 * errors - misfit) @ gain.T)


def believed(parameters: Numbers, data: Numbers) -> Numbers:
    """How far each correlation of centred columns stands out of chance, from 0 to 1."""
    lengths = np.outer(np.linalg.norm(parameters, axis=0), np.linalg.norm(data, axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        square = np.where(lengths > 0, (parameters.T @ data / lengths) ** 2, 0.0)
    return np.asarray(square / np.maximum(square + (1 - square) ** 2 / len(parameters), EDGE))
