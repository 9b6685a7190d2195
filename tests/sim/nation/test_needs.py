"""A run that could not finish says so before it begins."""

from dataclasses import replace

import pytest

from sim.nation.needs import GIB, NeedsError, free_bytes, needs_of, require, spoken
from tests.sim.nation.small import small


def test_the_nation_with_a_days_queries_stays_within_six_gibibytes() -> None:
    needs = needs_of(small("").__class__(name="n", question="How?", date=small().date))
    assert 2 * GIB < needs.bytes < 6 * GIB
    assert 30 < needs.seconds < 1_000


def test_more_people_days_and_queries_need_more() -> None:
    few = needs_of(small())
    more = small()
    people = needs_of(replace(more, population=replace(more.population, people=3_000_000)))
    days = needs_of(replace(more, nation=replace(more.nation, days=400)))
    quiet = needs_of(replace(more, nation=replace(more.nation, load=())))
    assert people.bytes > few.bytes > quiet.bytes
    assert days.seconds > few.seconds > quiet.seconds
    assert days.bytes == few.bytes


def test_what_fits_is_let_through() -> None:
    require(needs_of(small()), free_bytes=8 * GIB, hours=1)


def test_what_does_not_fit_is_refused_with_what_would_help() -> None:
    """Memory and time at once, each with what is needed, what there is, and the keys to change."""
    needs = needs_of(small())
    with pytest.raises(NeedsError) as refused:
        require(needs, free_bytes=GIB // 10, hours=0)
    said = str(refused.value)
    assert "GiB of memory and 0.1 GiB are free; set population.people lower" in said
    assert "may take 1 s; set nation.days" in said
    assert "--hours" in said


def test_free_memory_is_told() -> None:
    assert GIB // 100 < free_bytes() < 1 << 50


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (150, "2.5 minutes"), (7_200, "2.0 hours"), (3e5, "3.5 days")]
)
def test_times_are_told_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert spoken(seconds) == words
