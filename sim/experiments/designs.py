"""Where to look in a space of d parameters: points of the unit cube, the same for the same seed on every machine.

- `latin`: Latin hypercube; each parameter's n values fall into n equal cells, one in each, in keyed order
  (M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21 (1979) 239-245).
- `sobol`: Sobol's sequence with Joe and Kuo's direction numbers, as `scipy.stats.qmc` has it, under a digital
  shift: each coordinate's bits are exclusive-ored with a keyed word, which keeps the net's evenness
  (P. L'Ecuyer, C. Lemieux, "Recent advances in randomized quasi-Monte Carlo methods", 2002).
- `saltelli`: n (d + 2) points for variance-based indices: matrices A and B, and A with one column of B at a time
  (A. Saltelli and others, Computer Physics Communications 181 (2010) 259-270).
"""

from math import ceil, log2

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.streams import Stream

Places = NDArray[np.float64]
"""Points of the unit cube, one a row."""
BITS = 30
"""Of a coordinate of Sobol's sequence."""


def latin(dimensions: int, n: int, stream: Stream) -> Places:
    """A Latin hypercube of n points, each anywhere in its cell."""
    points, axes = np.arange(n)[:, None], np.arange(dimensions)[None, :]
    order = np.argsort(stream.words(points, axes, 0), axis=0, kind="stable")
    return np.asarray((order + stream.uniform(points, axes, 1)) / n)


def sobol(dimensions: int, n: int, stream: Stream) -> Places:
    """The first n points of Sobol's sequence, shifted; powers of two are the most even."""
    sequence = qmc.Sobol(dimensions, scramble=False, bits=BITS, rng=0)
    whole = sequence.random_base2(ceil(log2(n)) if n > 1 else 0)[:n]
    shift = stream.words(np.arange(dimensions)) >> np.uint64(64 - BITS)
    shifted = np.rint(whole * 2.0**BITS).astype(np.uint64) ^ shift[None, :]
    return np.asarray((shifted.astype(np.float64) + 0.5) / 2.0**BITS)


def saltelli(dimensions: int, n: int, stream: Stream) -> Places:
    """A, then B, then A with column 1 of B, with column 2, …: blocks of n points each."""
    both = sobol(2 * dimensions, n, stream)
    first, second = both[:, :dimensions], both[:, dimensions:]
    mixed = []
    for column in range(dimensions):
        block = first.copy()
        block[:, column] = second[:, column]
        mixed.append(block)
    return np.concatenate([first, second, *mixed])
