"""Which parameter moves a number, and by how much.

For a `saltelli` design, shares of the variance (Sobol indices), from f at the points of A, B and AB_j (A with column
j of B), and V the variance over A and B together:

    first order  S_j = mean( f(B) (f(AB_j) - f(A)) ) / V              A. Saltelli and others, CPC 181 (2010) 259-270
    total        T_j = mean( (f(A) - f(AB_j))^2 ) / 2V                M. J. W. Jansen, CPC 117 (1999) 35-43

with f centred first, which changes neither in the limit and both for the better before it. Their bands are the 2.5
and 97.5 percentiles over resampled points, by keyed chance. For other sampled designs, rank correlations: Spearman's,
and the partial one, in which the other parameters' share is taken out of both (PRCC; S. Marino and others, J. Theor.
Biol. 254 (2008) 178-196), with Fisher's interval.
"""

from dataclasses import dataclass
from math import atanh, sqrt, tanh
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from sim.streams import Stream

Numbers = NDArray[np.float64]
RESAMPLED = 200
NORMAL_975 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One parameter's effect on one number, with its 95 % band."""

    number: str
    parameter: str
    measure: str
    """first, total, spearman or prcc."""
    value: float
    low: float
    high: float


def variance_shares(values: Numbers, stream: Stream) -> list[tuple[Numbers, Numbers]]:
    """First-order and total indices by parameter, each as value, low, high; `values` are f at A, B, AB_1, … by row.

    All are 0 if nothing varies.
    """
    n = values.shape[1]
    picks = stream.below(n, np.arange(n)[None, :], np.arange(RESAMPLED)[:, None])
    point = _shares(values)
    drawn = np.array([_shares(values[:, pick]) for pick in picks])
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    stacked = np.stack([point, low, high], axis=-1)
    return [(first, total) for first, total in stacked]


def rank_correlations(inputs: Numbers, output: Numbers) -> list[tuple[Numbers, Numbers]]:
    """Spearman's and the partial rank correlation by parameter, each as value, low, high; a point a row."""
    n, parameters = inputs.shape
    ranks = rankdata(inputs, axis=0)
    target = rankdata(output)
    found = []
    for column in range(parameters):
        others = np.column_stack([np.ones(n), np.delete(ranks, column, axis=1)])
        own, rest = (_residual(others, values) for values in (ranks[:, column], target))
        spearman = _correlation(ranks[:, column], target)
        partial = _correlation(own, rest)
        found.append((_fisher(spearman, n), _fisher(partial, n - (parameters - 1))))
    return found


def places(values: tuple[Any, ...]) -> Numbers:
    """A parameter's values as numbers; what is none is told by its place in sorted order."""
    if all(isinstance(value, int | float) for value in values):
        return np.asarray(values, np.float64)
    order = {value: place for place, value in enumerate(sorted({repr(value) for value in values}))}
    return np.array([order[repr(value)] for value in values], np.float64)


def _shares(values: Numbers) -> Numbers:
    first, second, mixed = values[0], values[1], values[2:]
    middle = np.concatenate([first, second]).mean()
    variance = np.concatenate([first, second]).var()
    if not variance:
        return np.zeros((mixed.shape[0], 2))
    first, second, mixed = first - middle, second - middle, mixed - middle
    own = (second * (mixed - first)).mean(axis=1) / variance
    total = ((first - mixed) ** 2).mean(axis=1) / 2 / variance
    return np.column_stack([own, total])


def _residual(others: Numbers, values: Numbers) -> Numbers:
    fitted = others @ np.linalg.lstsq(others, values, rcond=None)[0]
    return np.asarray(values - fitted)


def _correlation(one: Numbers, other: Numbers) -> float:
    one, other = one - one.mean(), other - other.mean()
    length = sqrt(float(one @ one) * float(other @ other))
    smallest = 1e-9 * one.size**2  # ranks' residuals of rounding
    return float(np.clip(one @ other / length, -1, 1)) if length > smallest else 0.0


def _fisher(correlation: float, n: int) -> Numbers:
    """A correlation with its interval from n points."""
    if n <= 3 or abs(correlation) >= 1 - 1e-12:
        return np.array([correlation, correlation if n > 3 else -1.0, correlation if n > 3 else 1.0])
    half = NORMAL_975 / sqrt(n - 3)
    return np.array([correlation, tanh(atanh(correlation) - half), tanh(atanh(correlation) + half)])
