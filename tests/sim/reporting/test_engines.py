"""The readable and the compiled desk: equal to the last bit, with any number of threads, and when interrupted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.reporting import kernel, rulings
from sim.reporting.kernel import CompiledDesk
from sim.reporting.parameters import ReportingParameters
from sim.reporting.process import Desk
from sim.streams import Streams
from tests.sim.reporting.made import ENGINES, AnyDesk, Epidemic, Town, random_epidemic, random_town, rows, same

CHANGES = [date(2020, 12, 7), date(2021, 6, 3), date(2021, 9, 17), date(2022, 1, 5), date(2022, 3, 2)]


@st.composite
def parameters(draw: st.DrawFn) -> ReportingParameters:
    """Testing and tracing of any kind, quick and slow, with many false positives among them."""
    day = date(2020, 3, 11)
    return ReportingParameters(
        tested=((day, draw(st.sampled_from([0.2, 1.0]))), (date(2021, 9, 20), 0.6)),
        sample_mean_days=draw(st.sampled_from([0.5, 2.0])),
        false_positive_share=draw(st.sampled_from([0.0, 0.02, 0.3])),
        opening_hour=draw(st.sampled_from([0, 8])),
        closing_hour=draw(st.sampled_from([9, 24])),
        laboratory_mean_hours=draw(st.sampled_from([1.0, 16.0, 60.0])),
        upload_every_hours=draw(st.sampled_from([1, 4, 24])),
        work_contacts=draw(st.sampled_from([0, 4, 20])),
        tracing_mean_hours=draw(st.sampled_from([0.5, 10.0, 60.0])),
        tracing_capacity=draw(st.sampled_from([0.0, 300.0, 3_000.0, 100_000.0])),
        tracing_gives_up_days=draw(st.sampled_from([0, 2, 9])),
        delay_cv2=draw(st.sampled_from([0.0, 0.5, 4.0])),
        contact_tested_share=draw(st.sampled_from([0.0, 0.6, 1.0])),
        screened=((day, draw(st.sampled_from([0.0, 2_000.0, 20_000.0]))),),
        positive_rest_days=draw(st.sampled_from([30, 60])),
        isolation_days=draw(st.sampled_from([0, 0, 7, 21])),
        quarantine_days=draw(st.sampled_from([0, 0, 5, 21])),
    )


class Scene:
    """A town, its outbreak and all that a desk needs besides."""

    def __init__(self, seed: int, people: int, days: int, starts_on: date, parameters: ReportingParameters) -> None:
        chance = Streams(seed).stream("made")
        given = (starts_on - timedelta(days=220), starts_on + timedelta(days=20))
        self.seed, self.days, self.starts_on, self.parameters = seed, days, starts_on, parameters
        self.town: Town = random_town(chance, people, vaccinated=given)
        self.outbreak: Epidemic = random_epidemic(chance, people, days, 0.5)

    def desk(self, engine: type[AnyDesk], *, threads: int = 1) -> AnyDesk:
        streams = Streams(self.seed)
        return engine(self.town, self.parameters, streams, self.starts_on, self.days, threads=threads, keep_log=True)

    def equal_days(self, one: AnyDesk, other: AnyDesk, days: range) -> Iterator[bool]:
        """Let both do the same days, and compare all that there is to see after each."""
        for day in days:
            infected_on, new = self.outbreak.infected_on(day), self.outbreak.new(day)
            yield same(one.day(day, infected_on, new), other.day(day, infected_on, new)) and seen(one) == seen(other)


def seen(desk: AnyDesk) -> tuple[object, ...]:
    """What is to be seen of a desk at the end of a day."""
    columns = (*desk.standing, desk.hours_to_risky)
    gaps = sorted(tuple(int(number) for number in gap) for gap in desk.gaps)
    return (*(column.tobytes() for column in columns), gaps)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 90), st.sampled_from(CHANGES), st.integers(0, 30), parameters())
def test_both_engines_are_equal(
    seed: int, people: int, change: date, before: int, parameters: ReportingParameters
) -> None:
    """Log, columns, gaps, counts and delays, through a change of the rules."""
    scene = Scene(seed, people, 40, change - timedelta(days=before), parameters)
    one, other = scene.desk(Desk), scene.desk(CompiledDesk)
    assert all(scene.equal_days(one, other, range(40)))
    assert rows(one.log()) == rows(other.log())


def test_nothing_that_matters_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a year, with a table of records that is always full, old ones are dropped and nothing changes."""
    parameters = ReportingParameters(
        screened=((date(2020, 3, 11), 3_000.0),), false_positive_share=0.05, tracing_capacity=5_000.0
    )
    scene = Scene(5, 120, 330, date(2021, 6, 1), parameters)
    one, other = scene.desk(Desk), scene.desk(CompiledDesk)
    assert isinstance(other, CompiledDesk)
    forgot = []

    def compact(*arguments: object) -> int:
        left = int(kernel_compact(*arguments))
        forgot.append(other.rows - left)
        return left

    kernel_compact = kernel.compact
    monkeypatch.setattr(kernel, "compact", compact)
    assert all(scene.equal_days(one, other, range(330)))
    assert sum(forgot) > len(other.log()) // 3
    assert len(forgot) > 3


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_nothing(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread and several, however few people there are to be shared."""
    monkeypatch.setattr(rulings, "FEW", 0)
    monkeypatch.setattr(kernel, "FEW", 0)
    scene = Scene(8, 400, 40, date(2021, 9, 1), ReportingParameters(screened=((date(2020, 3, 11), 5_000.0),)))
    one, other = scene.desk(CompiledDesk), scene.desk(CompiledDesk, threads=threads)
    assert all(scene.equal_days(one, other, range(40)))
    assert rows(one.log()) == rows(other.log())


@pytest.mark.parametrize("engine", ENGINES)
def test_half_a_run_resumed_equals_the_whole(engine: type[AnyDesk]) -> None:
    """What a desk remembers at a day's end is all that the following days hang on."""
    parameters = ReportingParameters(
        screened=((date(2020, 3, 11), 3_000.0),), false_positive_share=0.05, tracing_capacity=1_500.0
    )
    scene = Scene(4, 150, 50, date(2021, 12, 10), parameters)
    whole, half, resumed = scene.desk(engine), scene.desk(engine), scene.desk(engine)
    assert all(scene.equal_days(whole, half, range(27)))
    assert whole.log().filed_us.size > 100
    resumed.restore({name: column.copy() for name, column in half.state().items()})
    assert seen(resumed) == seen(whole)
    assert all(scene.equal_days(whole, resumed, range(27, 50)))
    assert rows(whole.log()) == rows(resumed.log())


def test_a_seed_is_a_town_of_its_own() -> None:
    """Another seed gives another log."""
    scene = Scene(1, 60, 20, date(2021, 10, 4), ReportingParameters(screened=((date(2020, 3, 11), 9_000.0),)))
    one = scene.desk(CompiledDesk)
    scene.seed = 2
    other = scene.desk(CompiledDesk)
    assert not all(scene.equal_days(one, other, range(20)))


def test_other_people_s_tests_change_nothing() -> None:
    """Chance is keyed by person and day: who is screened besides does not move the sample of anybody else."""
    few = ReportingParameters(screened=((date(2020, 3, 11), 0.0),), contact_tested_share=0.0)
    scene = Scene(3, 400, 30, date(2021, 10, 4), few)
    one = scene.desk(CompiledDesk)
    scene.parameters = replace(few, screened=((date(2020, 3, 11), 500.0),))
    other = scene.desk(CompiledDesk)
    assert not all([*scene.equal_days(one, other, range(30))])
    before, after = ({row for row in rows(desk.log()) if row[0] == 0} for desk in (one, other))
    assert len(after - before) > 30
    assert {row[2] for row in before - after} <= {row[2] for row in after - before}
    assert len(before - after) < len(before) / 10
