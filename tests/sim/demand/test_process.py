"""The day as it happens is the day as it was planned."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.demand import model
from sim.demand.habit import Habit
from sim.demand.parameters import DemandParameters
from sim.demand.process import live
from sim.streams import Streams

COLUMNS = ("at_us", "person", "asker", "channel", "call", "spoiled", "province", "source")
DAYS = st.dates(date(2020, 5, 1), date(2022, 3, 10))


def agree(settled, parameters, seed, day):
    planned, lived = (
        tell(settled.people, settled.callers, parameters, Streams(seed), day) for tell in (model.plan, live)
    )
    assert [name for name in COLUMNS if not np.array_equal(getattr(planned, name), getattr(lived, name))] == []
    assert [getattr(planned, name).dtype for name in COLUMNS] == [getattr(lived, name).dtype for name in COLUMNS]
    return planned.at_us.size


@settings(max_examples=25)
@given(day=DAYS, seed=st.integers(0, 2**32), gap=st.integers(1, 600), presence=st.floats(0, 1))
def test_both_tell_the_same_day(village, day, seed, gap, presence):
    """In every column, on any day, whatever is set."""
    agree(village, DemandParameters(bulk_gap_s=gap, presence=presence), seed, day)


@pytest.mark.parametrize("where", ["town", "country"])
def test_both_tell_the_same_large_day(where, request):
    """A town's Monday, and the country's in miniature."""
    assert agree(request.getfixturevalue(where), DemandParameters(), 1, date(2021, 10, 4)) > 10_000


def test_ties_go_by_rank(village, monkeypatch):
    """With hours of ten microseconds nearly all queries tie, and both still agree."""
    for module in ("arrivals", "process"):
        monkeypatch.setattr(f"sim.demand.{module}.HOUR_US", 10)
    crowd = Habit(per_person=3.0, hours=(1.0,) * 24)
    parameters = replace(DemandParameters(), mall=crowd, shop=crowd, hotel=crowd, coach=crowd)
    assert agree(village, parameters, 1, date(2021, 10, 4)) > 5_000
