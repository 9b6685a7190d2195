"""A desk of the onboarding road against queueing theory: open all day, with Poisson arrivals and exponential work."""

import numpy as np
import pytest
import simpy

from sim import tables
from sim.admissions.model import Hours, Order, Task
from sim.admissions.parameters import DeskName
from sim.admissions.process import Desk, Moment, handle
from sim.admissions.record import littles_law
from sim.capacity.model import mmc_wait, pollaczek_khinchine
from sim.streams import Streams

ALWAYS = Hours([(0, 10**15)])
MEAN_US = 1_000_000
PIECES, SEEDS = 6_000, 12


def mean_wait_us(seed: int, clerks: int, load: float, cv2: float) -> float:
    """The mean wait of the pieces of one run, without its first tenth."""
    streams, numbers = Streams(seed), np.arange(PIECES)
    gap = tables.exponential(round(MEAN_US / (clerks * load)))
    arrivals = np.cumsum(gap.sample(streams.stream("gap").words(numbers))).tolist()
    work = tables.exponential(MEAN_US) if cv2 == 1 else tables.lognormal(MEAN_US, cv2)
    lengths = work.sample(streams.stream("work").words(numbers)).tolist()
    env = simpy.Environment()
    desk = Desk(env=env, hours=ALWAYS, clerks=lambda _: clerks)

    def come(number: int):
        yield Moment(env, arrivals[number], Order.STEP.of(number))
        yield from handle(desk, number, Task.EVALUATE, lengths[number])

    for number in range(PIECES):
        env.process(come(number))
    env.run()
    record = desk.record(DeskName.EVALUATION)
    law = littles_law(record)
    assert law.inside_integral == law.sojourn_sum
    return float((record.column("started_us") - record.column("arrived_us"))[PIECES // 10 :].mean())


@pytest.mark.parametrize(("clerks", "load"), [(1, 0.6), (3, 0.8), (8, 0.85)])
def test_the_mean_wait_is_that_of_erlang_c(clerks, load):
    """Within four standard errors over independent runs, of which the error is told by their spread."""
    waits = [mean_wait_us(seed, clerks, load, 1.0) for seed in range(SEEDS)]
    expected = mmc_wait(clerks * load / MEAN_US, 1 / MEAN_US, clerks)
    assert abs(np.mean(waits) - expected) <= 4 * np.std(waits, ddof=1) / SEEDS**0.5
    assert np.mean(waits) == pytest.approx(expected, rel=0.15)


def test_uneven_work_waits_as_pollaczek_and_khinchine_say():
    """One clerk, log-normal work with a squared coefficient of variation of 0.5."""
    waits = [mean_wait_us(seed, 1, 0.7, 0.5) for seed in range(SEEDS)]
    expected = pollaczek_khinchine(0.7 / MEAN_US, MEAN_US, 0.5)
    assert abs(np.mean(waits) - expected) <= 4 * np.std(waits, ddof=1) / SEEDS**0.5
