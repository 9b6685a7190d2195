"""A nation's run: the same whatever the threads, the pieces of a day, or where it was broken off."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from sim.nation import follow as following
from sim.nation import headlines as told
from sim.nation.headlines import Scale, headlines, is_count, numbers_of, scale_words
from sim.nation.load import pass_through
from sim.nation.recorded import Means, alone, record
from sim.population.cache import DiskFullError
from sim.results.folder import Summary
from sim.results.nation import read_nation
from sim.results.nation_summary import headline_of
from sim.results.nation_writer import NationWriter
from sim.results.table import ResultError
from sim.results.tally import DOORS
from sim.scenario import NationScenario, parse
from tests.sim.nation.small import provenance, recorded, small

TABLES = ("epidemic", "load", "latency", "doors", "doors_by_day", "sources", "service", "stations", "provinces")


def same(one: Path, other: Path) -> None:
    for name in TABLES:
        left, right = (pq.read_table(folder / f"{name}.parquet") for folder in (one, other))
        assert left.replace_schema_metadata(None).equals(right.replace_schema_metadata(None)), name


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("whole") / "run"
    return folder, recorded(folder, small())


def test_what_a_run_leaves(whole: tuple[Path, Summary]) -> None:
    """Tables by day, province and minute; the warm-up is there and not reported; one day has queries."""
    folder, summary = whole
    result = read_nation(folder)
    days = result.tables.epidemic.group_by("date").aggregate([("reported", "max"), ("new_infections", "sum")])
    assert [(row["date"].isoformat(), row["reported_max"]) for row in days.to_pylist()] == [
        ("2021-09-30", False),
        ("2021-10-01", False),
        *((f"2021-10-0{day}", True) for day in range(2, 6)),
    ]
    assert summary["epidemic"]["infections"] > 0
    assert set(result.tables.load) == {date(2021, 10, 4)}
    assert summary["load"]["calls"] == pq.read_table(folder / "service.parquet")["calls"].to_numpy().sum() > 500
    assert sorted(path.name for path in folder.iterdir() if path.name not in {"cache", "parts"}) == sorted(
        [*(f"{name}.parquet" for name in TABLES), "provenance.json", "summary.json"]
    )


def test_a_booking_is_at_no_door(whole: tuple[Path, Summary]) -> None:
    """Every answered single call is at a door, but for the bookings of journeys, and for codes that are made."""
    tables, load = read_nation(whole[0]).tables, whole[1]["load"]
    doors = sum(int(tables.doors[name].to_numpy().sum()) for name in DOORS)
    single = sum(row["answered_calls"] for channel, row in load["by_channel"].items() if "bulk" not in channel)
    booked = load["by_source"]["booking"]["answered_calls"]
    assert booked > 20
    made = load["by_source"]["makings"]["answered_calls"]
    assert sum(load["codes_made"].values()) == made > 10
    assert load["by_source"]["makings"]["risky"] == 0
    assert doors == single - booked - made
    assert tables.doors_by_day["stopped"].to_numpy().sum() == tables.doors["stopped_infectious"].to_numpy().sum()


def test_two_threads_do_what_one_does(whole: tuple[Path, Summary], tmp_path: Path) -> None:
    recorded(tmp_path / "run", small(), threads=2)
    same(whole[0], tmp_path / "run")


def test_another_seed_is_another_run(whole: tuple[Path, Summary], tmp_path: Path) -> None:
    assert recorded(tmp_path / "run", small(), seed=8)["load"] != whole[1]["load"]


@pytest.mark.parametrize("minutes", [1, 7, 1_440])
def test_no_result_hangs_on_the_pieces_of_a_day(
    whole: tuple[Path, Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    monkeypatch.setattr(
        following, "pass_through", lambda *words, **named: pass_through(*words, chunk_minutes=minutes, **named)
    )
    recorded(tmp_path / "run", small())
    same(whole[0], tmp_path / "run")


class PullThePlugError(Exception):
    """The run is broken off."""


@pytest.mark.parametrize("at", [3, 4, 5])
def test_half_a_run_resumed_is_the_whole_run(
    whole: tuple[Path, Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Broken off in the evening of a day, or in the middle of its queries, it goes on from its last checkpoint."""
    told: list[str] = []

    def epidemic_day(
        self: NationWriter, day: date, totals: Mapping[str, NDArray[np.int64]], *, reported: bool = True
    ) -> None:
        write(self, day, totals, reported=reported)
        if day.day == at:
            raise PullThePlugError

    write = NationWriter.epidemic_day
    means = Means(folder=tmp_path / "run", cache=tmp_path / "cache", checkpoint_days=2)
    with monkeypatch.context() as broken:
        broken.setattr(NationWriter, "epidemic_day", epidemic_day)
        with pytest.raises(PullThePlugError):
            record(small(), 7, provenance(), means)
    summary = record(small(), 7, provenance(), means, note=told.append)
    assert any(word.startswith("going on from 2021-10-0") for word in told)
    same(whole[0], tmp_path / "run")
    assert summary | {"measured": {}} == whole[1] | {"measured": {}}
    assert not (tmp_path / "run" / "checkpoint").exists()


def test_a_run_that_breaks_off_while_summing_up_is_not_lost(
    whole: tuple[Path, Summary], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk at the end costs the days since the last checkpoint, not all."""
    told: list[str] = []
    means = Means(folder=tmp_path / "run", cache=tmp_path / "cache", checkpoint_days=2)
    with monkeypatch.context() as broken:
        broken.setattr(NationWriter, "finish", lambda *_, **__: pytest.fail("no space left"))
        with pytest.raises(pytest.fail.Exception):
            record(small(), 7, provenance(), means)
    record(small(), 7, provenance(), means, note=told.append)
    assert any(line.startswith("going on from 2021-10-04, where") for line in told)
    same(whole[0], tmp_path / "run")


def test_two_runs_never_write_into_one_folder(tmp_path: Path) -> None:
    """The second is refused at once, and may run when the first has ended."""
    means = Means(folder=tmp_path / "run", cache=tmp_path / "cache")
    with alone(tmp_path / "run"), pytest.raises(ResultError, match=r"another run is writing .*run just now; wait"):
        record(small(), 7, provenance(), means)
    assert list((tmp_path / "run").iterdir()) == []
    record(small(), 7, provenance(), means)


def test_a_run_begun_anew_forgets_the_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    means = Means(folder=tmp_path / "run", cache=tmp_path / "cache", checkpoint_days=2)
    with monkeypatch.context() as broken:
        broken.setattr(NationWriter, "end_day", lambda *_: pytest.fail("broken off"))
        with pytest.raises(pytest.fail.Exception):
            record(small(), 7, provenance(), means)
    fresh = Means(folder=tmp_path / "run", cache=tmp_path / "cache", fresh=True)
    record(small(), 7, provenance(), fresh, note=told.append)
    assert not any(word.startswith("going on") for word in told)


def test_the_numbers_of_a_run(whole: tuple[Path, Summary]) -> None:
    """For experiments: the same numbers as the summary's, and nothing is left on disk."""
    numbers = headlines(small(), 7)
    assert numbers["calls"] == whole[1]["load"]["calls"]
    assert numbers["infections 2021-10"] == whole[1]["months"]["2021-10"]["infections"]


def test_months_are_told_for_the_whole_country() -> None:
    """A run of a hundredth of the country tells a hundred times its cases; one of named provinces does not."""
    text = "[nation]\ndays = 3\n[population]\npeople = 8_361\n[epidemic]\ninitial_infected_share = 0.02\n"
    scenario = parse(f'question = "?"\ndate = 2021-10-01\n{text}', name="tiny")
    assert isinstance(scenario, NationScenario)
    numbers = headlines(scenario, 1)
    assert numbers["infections 2021-10"] == pytest.approx(numbers["infections"] * 83_614_362 / 8_361)


def tiny(people: int = 8_361, more: str = "") -> NationScenario:
    text = f"[nation]\ndays = 3\n{more}[population]\npeople = {people}\n[epidemic]\ninitial_infected_share = 0.02\n"
    scenario = parse(f'question = "?"\ndate = 2021-10-01\n{text}', name="tiny")
    assert isinstance(scenario, NationScenario)
    return scenario


def test_an_experiments_numbers_are_in_one_scale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Totals are the sums of their months, both of the whole country; shares are as they are; nothing stands twice."""
    monkeypatch.setenv("HES_CACHE", str(tmp_path))
    numbers, plain = numbers_of(tiny(), 1), headlines(tiny(), 1)
    for name in ("infections", "cases", "samples", "deaths"):
        assert numbers[name] == numbers[f"{name} 2021-10"] == plain[name] * (83_614_362 / 8_361)
    assert numbers["ever infected share"] == plain["ever infected share"]
    assert numbers["peak day"] == plain["peak day"]
    assert not [name for name in numbers if name.startswith("tests")]
    assert set(plain) - set(numbers) == {"tests 2021-10"}


def test_counts_are_told_from_shares_and_times(whole: tuple[Path, Summary]) -> None:
    """Each number of a run with queries, by its name."""
    no_counts = {name for name in headline_of(whole[1]) if not is_count(name)}
    assert {name for name in no_counts if not name.endswith((" ms", " peak utilisation"))} == {
        *("ever infected share", "ever infected before share", "answered calls share", "attempts per call"),
        *("peak day", "precision at noon", "recall at noon", "busiest minute", "doors precision", "doors recall"),
    }
    assert not is_count("down after outage 2021-10-04 min")
    assert is_count("busiest minute calls")


def test_the_scale_is_told_in_a_sentence() -> None:
    """Of the whole country, of some provinces, of a part, and of several parts."""
    whole, province = Scale(people=83_614_362, country=83_614_362), Scale(people=3_000, country=3_000)
    parts = [Scale(people=people, country=83_614_362) for people in (100_000, 300_000, 200_000)]
    assert scale_words([whole]) == "83,614,362 people are followed, the whole country; counts are theirs."
    assert scale_words([province]) == "3,000 people are followed; counts are theirs."
    assert "100,000 people are followed, and each stands for 836.1 of the country's" in scale_words(parts[:1])
    assert scale_words(parts).startswith("100,000 to 300,000 people are followed, and each stands for 278.7 to 836.1")
    assert "before the service as it is set" not in scale_words(parts)
    assert "before the service as it is set" in scale_words([Scale(people=9, country=83_614_362, asks=True)])
    assert scale_words([]) == ""


def test_an_experiments_population_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another point with the same people and seed finds it, and has the numbers it would have had."""
    monkeypatch.setenv("HES_CACHE", str(tmp_path))
    first = numbers_of(tiny(), 1)
    monkeypatch.setattr("sim.population.cache.build", lambda *_, **__: pytest.fail("made again"))
    assert numbers_of(tiny(), 1) == first
    monkeypatch.undo()
    monkeypatch.setenv("HES_CACHE", str(tmp_path / "full"))
    monkeypatch.setattr(told, "cached", full)
    assert numbers_of(tiny(), 1) == first


def full(*_: object, **__: object) -> None:
    raise DiskFullError(Path(), 2, 1)
