"""A check of the simulator against an exact result, and what came of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import sqrt
from typing import TypeAlias

import numpy as np
from scipy import stats

from sim.compiled import in_threads
from sim.streams import Streams

FALSE_ALARM = 0.01
"""The chance that an honest simulator fails any check at all in a run of all of them, at most."""
QUICK, THOROUGH = 24, 80
"""Replications."""
PLANTED = 0.05
"""The error in a rate, too high or too low, that a check is to notice."""

Rates: TypeAlias = Mapping[str, float]
"""By how much the simulated rates are too high, as factors; 1 for those that are not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A number that theory knows exactly, and how the simulator comes by it."""

    name: str
    what: str
    """The number, in words, with its unit."""
    source: str
    """Who found the formula."""
    rates: tuple[str, ...]
    """The rates that it hangs on: in each of them an error of 5 % must be noticed."""
    exact: Callable[[Rates], float]
    """What theory says for these rates."""
    measure: Callable[[Rates, Streams], float]
    """What one replication finds for these rates."""
    bias: float = 0.0
    """By how much the mean of infinitely many replications may lie off the formula, in the number's unit: theory is
    of an endless service or an infinite town."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of a check."""

    name: str
    theory: float
    measured: float
    """The mean of the replications."""
    error_bound: float
    """Half the width of Student's interval over the replications, and the check's bias."""
    replications: int
    power: float
    """The chance, from 0 to 1, that an error of 5 % either way would have been noticed, where it shows least."""
    weakest: str
    """The rate in which it shows least."""

    @property
    def passed(self) -> bool:
        """Whether the exact value lies within the error bound."""
        return abs(self.measured - self.theory) <= self.error_bound


def judge(
    checks: Sequence[Check],
    *,
    seed: int,
    replications: int,
    off: Sequence[Rates],
    in_all: int,
    threads: int,
    say: Callable[[int, int], None],
) -> list[Verdict]:
    """Replicate each check, with its own rates off, and compare: each as one of `in_all` that share `FALSE_ALARM`.

    Every replication draws from streams of its own, keyed by seed, check and replication, so neither threads nor the
    choice of checks change a number. `say` hears how many replications are done, and of how many.
    """
    work = [(place, nth) for nth in range(replications) for place in range(len(checks))]
    found = np.empty((len(checks), replications))
    done: list[int] = []

    def some(thread: int) -> None:
        for place, nth in work[thread::threads]:
            check = checks[place]
            found[place, nth] = check.measure(off[place], _streams(seed, check.name, nth))
            done.append(place)
            say(len(done), len(work))

    in_threads(threads, some)
    return [_verdict(check, found[place], confidence(in_all)) for place, check in enumerate(checks)]


def confidence(in_all: int) -> float:
    """Of each interval, so that `in_all` of them hold the truth together but for `FALSE_ALARM`.

    Bonferroni's inequality: chances of a false alarm add up at most, however the checks hang together.
    """
    return 1 - FALSE_ALARM / in_all


def _verdict(check: Check, found: np.ndarray[tuple[int], np.dtype[np.float64]], held: float) -> Verdict:
    theory, count = check.exact({}), found.size
    error = float(found.std(ddof=1)) / sqrt(count)
    half = float(stats.t.ppf((1 + held) / 2, count - 1)) * error + check.bias
    shift, weakest = min(
        (abs(check.exact({rate: 1 + sign * PLANTED}) - theory), rate) for rate in check.rates for sign in (1, -1)
    )
    power = float(stats.norm.cdf((shift - half) / error)) if error else float(shift > half)
    return Verdict(
        name=check.name,
        theory=theory,
        measured=float(found.mean()),
        error_bound=half,
        replications=count,
        power=power,
        weakest=weakest,
    )


def _streams(seed: int, name: str, replication: int) -> Streams:
    digest = blake2b(f"{seed}/{name}/{replication}".encode(), digest_size=8).digest()
    return Streams(int.from_bytes(digest, "little"))
