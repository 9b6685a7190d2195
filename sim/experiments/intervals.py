"""A mean over replications, and how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its confidence interval; None where there are too few values to say."""

    n: int
    mean: float | None
    sd: float | None
    """Standard deviation of single values."""
    low: float | None
    high: float | None
    p: float | None
    """Probability of a mean at least so far from 0 if it were 0 in truth (two-sided Student t test)."""


def interval(values: Sequence[float] | NDArray[np.float64], level: float = LEVEL) -> Interval:
    """Student's t interval for the mean of independent values, of which two at least are needed."""
    column = np.asarray(values, np.float64)
    n = column.size
    if n == 0:
        return Interval(n=0, mean=None, sd=None, low=None, high=None, p=None)
    mean = float(column.mean())
    if n == 1:
        return Interval(n=1, mean=mean, sd=None, low=None, high=None, p=None)
    sd = float(column.std(ddof=1))
    error = sd / sqrt(n)
    half = float(stdtrit(n - 1, 0.5 + level / 2)) * error
    t = abs(mean) / error if error else (inf if mean else 0.0)
    p = float(2 * stdtr(n - 1, -t))
    return Interval(n=n, mean=mean, sd=sd, low=mean - half, high=mean + half, p=p)
