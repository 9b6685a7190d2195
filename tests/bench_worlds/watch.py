"""Takes the time of many things of a kind."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Milliseconds that one thing took, of many: the middle, 95 of 100 are under `p95`, the longest."""

    median: float
    p95: float
    worst: float
    worked: float
    """The middle of those for which the processor worked."""


class Watch:
    """Milliseconds that passed, and those for which the processor worked."""

    def __init__(self) -> None:
        self._passed: list[float] = []
        self._worked: list[float] = []

    @contextmanager
    def once(self) -> Iterator[None]:
        """One of them."""
        began, worked = time.perf_counter(), time.process_time()
        yield
        self._passed.append((time.perf_counter() - began) * 1000)
        self._worked.append((time.process_time() - worked) * 1000)

    @property
    def taken(self) -> Taken:
        """What has been measured so far."""
        p95 = quantiles(self._passed, n=20, method="inclusive")[18]
        return Taken(median=median(self._passed), p95=p95, worst=max(self._passed), worked=median(self._worked))


def timed(act: Callable[[int], object], count: int, *, after: Callable[[int], object] = lambda _: None) -> Taken:
    """Do something so many times; what is done `after` each is not measured."""
    watch = Watch()
    for nth in range(count):
        with watch.once():
            act(nth)
        after(nth)
    return watch.taken
