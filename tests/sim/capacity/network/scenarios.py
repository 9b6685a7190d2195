"""Random small networks full of ties, and calls for them."""

import numpy as np
from hypothesis import strategies as st

from sim.capacity.network.model import Minutes
from sim.capacity.network.parameters import NetworkParameters, Patience, Station, StationParameters
from sim.capacity.parameters import TimeKind

UNITS_US = (1, 1_000, 7_000_000)
"""The coarse clock on which nearly everything happens together: a tick; the longest fills minutes and more."""


@st.composite
def rooms(draw, unit_us: int, *, may_be_absent: bool = True) -> StationParameters:
    """One station, with service times of a few ticks."""
    servers = draw(st.integers(0 if may_be_absent else 1, 4))
    scaled = servers > 0 and draw(st.booleans())
    return StationParameters(
        servers=servers,
        service_kind=draw(st.sampled_from([TimeKind.DETERMINISTIC] * 3 + [TimeKind.UNIFORM])),
        service_mean_ms=draw(st.integers(1, 12)) * unit_us / 1000,
        per_code_us=draw(st.sampled_from([0, 1])),
        waiting_room=draw(st.none() | st.integers(0, 6)),
        hit_rate=draw(st.sampled_from([0.0, 0.5, 1.0])),
        hit_mean_ms=draw(st.integers(1, 3)) * unit_us / 1000,
        servers_at_least=draw(st.integers(1, servers)) if scaled else None,
        servers_at_most=draw(st.integers(servers, 7)) if scaled else None,
    )


@st.composite
def networks(draw, **fixed) -> NetworkParameters:
    """Anything that can be set, in ticks of one of the units."""
    unit_us = draw(st.sampled_from(UNITS_US))
    ticks_ms = lambda low, high: draw(st.integers(low, high)) * unit_us / 1000  # noqa: E731

    def spells(numbers: st.SearchStrategy[int]) -> tuple[tuple[Station, float, float, int], ...]:
        rows = []
        for _ in range(draw(st.integers(0, 3))):
            start, length = draw(st.integers(0, 60)), draw(st.integers(1, 40))
            moments = (start * unit_us / 1e6, (start + length) * unit_us / 1e6)
            rows.append((draw(st.sampled_from(Station)), *moments, draw(numbers)))
        return tuple(rows)

    values = {
        **{name: draw(rooms(unit_us, may_be_absent=name != "code_lookup")) for name in Station},
        "timeout_ms": draw(st.none() | st.integers(1, 40).map(lambda ticks: ticks * unit_us / 1000)),
        "timeout_covers": draw(st.sampled_from(Patience)),
        "drops_abandoned": draw(st.booleans()),
        "max_retries": draw(st.integers(0, 4)),
        "backoff_ms": ticks_ms(0, 8),
        "backoff_limit_ms": ticks_ms(0, 20),
        "jitter": draw(st.sampled_from([0.0, 0.0, 0.5, 1.0])),
        "retry_budget_percent": draw(st.none() | st.integers(0, 150)),
        "retry_budget_burst": draw(st.integers(1, 4)),
        "rate_limit_per_s": draw(st.none() | st.just(max(1, 200_000 // unit_us))),
        "rate_burst": draw(st.integers(1, 6)),
        "breaker_failures": draw(st.none() | st.integers(1, 8)),
        "breaker_window_ms": ticks_ms(1, 30),
        "breaker_open_ms": ticks_ms(1, 20),
        "breaker_probes": draw(st.integers(1, 4)),
        "outages": spells(st.integers(1, 5)),
        "slow": spells(st.sampled_from([50, 150, 300])),
        "scaling_period_s": draw(st.integers(1, 30)) * unit_us / 1e6,
        "scaling_target_percent": draw(st.sampled_from([20, 60, 100])),
        "scaling_delay_s": draw(st.integers(0, 70)) * unit_us / 1e6,
    }
    return NetworkParameters(**(values | fixed)), unit_us


@st.composite
def scenarios(draw, most: int = 120, **fixed):
    """Parameters, the three columns of calls, times at which to cut the run, and a seed."""
    parameters, unit_us = draw(networks(**fixed))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    calls = draw(st.integers(0, most))
    at_us = np.sort(rng.integers(0, max(1, draw(st.integers(1, 2 * most))), calls)) * unit_us
    asker = rng.integers(-1, draw(st.integers(0, 4)), calls)
    codes = np.where(rng.random(calls) < 0.2, rng.integers(1, 501, calls), 1)
    cuts = sorted(draw(st.lists(st.integers(0, 2 * most), max_size=6)))
    return parameters, (at_us, asker, codes), [cut * unit_us for cut in cuts], draw(st.integers(0, 2**32))


def told(minutes: Minutes) -> dict[str, list[int]]:
    """A run's tables in one dictionary of lists."""
    calls = {name: column.tolist() for name, column in minutes.calls.items()}
    for station, columns in minutes.stations.items():
        calls |= {f"{station} {name}": column.tolist() for name, column in columns.items()}
    return calls


def rows(*done) -> list[tuple[int, ...]]:
    """All rows of several `Done`, in order."""
    return [row for one in done for row in zip(*(column.tolist() for column in one), strict=True)]
