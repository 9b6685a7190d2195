"""Refusing at once: a station's circuit breaker, an institution's rate limit, an asker's retry budget."""

from collections import defaultdict
from dataclasses import dataclass, field

from sim.capacity.network.model import SECOND_US
from sim.capacity.network.parameters import NetworkParameters


@dataclass(slots=True, kw_only=True)
class Breaker:
    """Closed, it lets everybody in and counts failures; open, nobody; half open, a few probes.

    Every time it turns, a new generation begins, and what happens to attempts let in before no longer counts.
    Nygard, "Release it!", 2007.
    """

    limit: int  # 0: there is none
    window_us: int
    open_us: int
    probes: int
    generation: int = 0
    is_open: bool = False
    is_half_open: bool = False
    until_us: int = 0
    window: int = 0
    failures: int = 0
    probes_left: int = 0
    probes_served: int = 0

    def lets_in(self, now_us: int) -> bool:
        """Whether an attempt may enter; after its time an open breaker becomes half open by that."""
        if self.is_open and now_us >= self.until_us:
            self.is_open, self.is_half_open = False, True
            self.probes_left, self.probes_served = self.probes, 0
            self.generation += 1
        if self.is_half_open and self.probes_left:
            self.probes_left -= 1
            return True
        return not self.is_open and not self.is_half_open

    def has_served(self, generation: int) -> None:
        """The station served an attempt let in under this generation."""
        if self.is_half_open and generation == self.generation:
            self.probes_served += 1
            if self.probes_served == self.probes:
                self.is_half_open, self.failures = False, 0
                self.generation += 1

    def has_failed(self, generation: int, now_us: int) -> None:
        """An attempt let in under this generation was refused by the room, or its client hung up here."""
        if not self.limit or generation != self.generation:
            return
        if now_us // self.window_us != self.window:
            self.window, self.failures = now_us // self.window_us, 0
        self.failures += 1
        if self.is_half_open or self.failures >= self.limit:
            self.is_open, self.is_half_open = True, False
            self.until_us = now_us + self.open_us
            self.failures = 0
            self.generation += 1


@dataclass(slots=True)
class Askers:
    """What the gateway and the clients remember of each asker: how much it has asked, how often again.

    The rate limit is the generic cell rate algorithm (ITU-T I.371): attempts, each as long as the rate allows,
    are laid end to end on a line of time; one that would reach more than a burst into the future is refused.
    Lengths are in microseconds times the rate, so that they are whole.
    """

    parameters: NetworkParameters
    reached: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    budget: dict[int, int] = field(default_factory=dict)  # in hundredths of a retry

    def is_within_limit(self, asker: int, now_us: int) -> bool:
        """Whether the rate limit accepts an attempt now; it then counts. Asker -1 has no limit."""
        rate = self.parameters.rate_limit_per_s
        if rate is None or asker < 0:
            return True
        reached = max(self.reached[asker], now_us * rate) + SECOND_US
        if reached - now_us * rate > self.parameters.rate_burst * SECOND_US:
            return False
        self.reached[asker] = reached
        return True

    def has_called(self, asker: int) -> None:
        """A fresh call adds to the budget of its asker; all calls of asker -1 share one."""
        most = 100 * self.parameters.retry_budget_burst
        earned = self.parameters.retry_budget_percent or 0
        self.budget[asker] = min(most, self.budget.get(asker, most) + earned)

    def may_retry(self, asker: int) -> bool:
        """Whether the budget allows a retry; it is then spent."""
        if self.parameters.retry_budget_percent is None:
            return True
        if self.budget[asker] < 100:
            return False
        self.budget[asker] -= 100
        return True
