"""Months held out: which they are, whether the bands hold them, and what is said of it."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.experiments.axes import Range
from sim.experiments.calibrate import Calibration, CalibrationError, opened
from sim.experiments.observed import Observation, in_miniature, observations
from sim.experiments.posterior import Ensemble, read
from sim.experiments.validation import Validation

MONTHS = {"cases 2021-06": 100.0, "cases 2021-07": 200.0, "cases 2021-08": 400.0, "tests 2021-07": 50.0}
LEVEL = Range(name="level", low=0.0, high=1.0)


def members(numbers: dict[str, float], count: int = 20) -> Ensemble:
    """Members whose numbers lie evenly within a tenth around these, all rising and falling together."""
    runs = tuple({name: value * (0.9 + 0.2 * n / (count - 1)) for name, value in numbers.items()} for n in range(count))
    values = tuple((n / count,) for n in range(count))
    return Ensemble(ranges=(LEVEL,), members=values, seeds=tuple(range(1, count + 1)), numbers=runs)


def validation(**told: float) -> Validation:
    """Fitted to June; what is told replaces what was observed."""
    observed = MONTHS | {name.replace("_", " ", 1).replace("_", "-"): value for name, value in told.items()}
    chosen = [Observation(name=name, value=value, error=0.05) for name, value in observed.items()]
    ensemble = members(MONTHS)
    found = Calibration(
        ensemble=ensemble, before=ensemble, observations=(chosen[0],), mismatches=(9.0, 1.0), failures=()
    )
    return Validation.of(found, None, chosen)


def test_later_months_are_held_out() -> None:
    """Later than all that was fitted; a kind of which nothing was fitted does not count as covered or not."""
    lines = {line["number"]: line for line in validation().rows()}
    assert [name for name, line in lines.items() if line["fitted"]] == ["cases 2021-06"]
    assert [name for name, line in lines.items() if line["held_out"]] == [*list(MONTHS)[1:]]
    assert validation().coverage() == 1.0
    assert validation(cases_2021_07=600.0).coverage() == 0.5


def test_what_is_missed_is_said() -> None:
    """On which side of the band, by how much, how wide the bands are, and whether the peak's month was found."""
    assert validation(cases_2021_07=600.0).sentences() == [
        "Cases, months of the fit: 1 of 1 totals covered.",
        "Cases, months held out: 1 of 2 totals covered, in bands whose upper end is typically 1.3 times the lower.",
        ("The medians are typically off by a factor of 1.7, and at most by 3, too low, in Jul\N{NO-BREAK SPACE}21."),
        (
            "Missed: cases of Jul\N{NO-BREAK SPACE}21 were 600, above the band of 176 to 226; "
            "the median foretold is 200, 0.33 times as many."
        ),
        "Most cases of the months held out were in Jul\N{NO-BREAK SPACE}21; 0% of the members have them there.",
        (
            "Tests, months held out (the fit was shown none of this kind): 1 of 1 totals covered, "
            "in bands whose upper end is typically 1.3 times the lower."
        ),
        "The medians are typically off by a factor of 1.",
    ]
    assert "100% of the members have them there" in validation().sentences()[3]


def nobody(share: float) -> Validation:
    """A model so small that this share of the members has no deaths in July; observed are 1,600, fitted is June."""
    runs = tuple(
        {"deaths 2021-06": 2000.0, "deaths 2021-07": 0.0 if n < 20 * share else 836.0, "deaths 2021-08": 836.0}
        for n in range(20)
    )
    ensemble = Ensemble(ranges=(LEVEL,), members=((0.5,),) * 20, seeds=tuple(range(20)), numbers=runs)
    observed = [
        Observation(name=f"deaths {month}", value=value, error=0.2)
        for month, value in (("2021-06", 2205.0), ("2021-07", 1600.0), ("2021-08", 5378.0))
    ]
    found = Calibration(
        ensemble=ensemble, before=ensemble, observations=(observed[0],), mismatches=(9.0, 1.0), failures=()
    )
    return Validation.of(found, None, observed)


def test_nobody_is_no_factor_of_anybody() -> None:
    """A median of 0 is told as such, and not among the factors; nor does a member without deaths know their peak."""
    july, august = "Jul\N{NO-BREAK SPACE}21", "Aug\N{NO-BREAK SPACE}21"
    assert nobody(1.0).sentences() == [
        "Deaths, months of the fit: 1 of 1 totals covered.",
        (
            f"Half of the members or more have no deaths at all in {july} (observed 1,600): "
            "a model of more people would tell."
        ),
        "Deaths, months held out: 0 of 2 totals covered, in bands of which half or more begin at 0.",
        f"The medians that are not 0 are typically off by a factor of 6.4, and at most by 6.4, too low, in {august}.",
        f"Missed: deaths of {july} were 1,600, above the band of 0 to 0; the median foretold is 0.",
        (
            f"Missed: deaths of {august} were 5,378, above the band of 624 to 1,120; "
            "the median foretold is 836, 0.16 times as many."
        ),
        f"Most deaths of the months held out were in {august}; 100% of the members have them there.",
    ]
    assert nobody(1.0).rows()[1]["off"] is None
    assert not any("no deaths at all" in sentence for sentence in nobody(0.4).sentences())


def test_members_without_any_have_no_peak() -> None:
    """Were all months empty, none of them would be the worst, though the first is no less than the others."""
    empty = Ensemble(
        ranges=(LEVEL,), members=((0.5,),) * 20, seeds=tuple(range(20)), numbers=(dict.fromkeys(MONTHS, 0.0),) * 20
    )
    told = [Observation(name=name, value=value, error=0.05) for name, value in MONTHS.items() if name[:5] == "cases"]
    falling = [told[0], Observation(name="cases 2021-07", value=900.0, error=0.05), told[2]]
    found = Calibration(ensemble=empty, before=empty, observations=(told[0],), mismatches=(9.0,), failures=())
    said = Validation.of(found, None, falling).sentences()
    assert said[-1].endswith("; 0% of the members have them there.")
    assert not any("factor" in sentence for sentence in said)


def test_it_is_kept(tmp_path: Path) -> None:
    """As members, as rows, and as a table for a text in which a miss stands out."""
    made = validation(cases_2021_08=50.0)
    made.write(tmp_path, {"seed": 1})
    assert read(tmp_path / "predicted.parquet") == made.ensemble
    assert pq.read_table(tmp_path / "validation.parquet").to_pylist() == made.rows()
    text = (tmp_path / "validation.md").read_text()
    assert "| 2021-06 | 100 | 100 | 91 to 109 | 88 to 113 | yes | yes |" in text
    assert "| 2021-08 | 50 | 400 | 364 to 436 | 352 to 453 | held out | **no** |" in text


def test_what_nothing_informs_is_drawn_from_its_whole_range() -> None:
    """Evenly, by the seed, and beside what was fitted, which stays."""
    ensemble = members(MONTHS)
    wide = opened(ensemble, [Range(name="later", low=2.0, high=4.0)], seed=5)
    drawn = sorted(member[1] for member in wide.members)
    assert all(2 + n * 0.1 <= value <= 2.1 + n * 0.1 for n, value in enumerate(drawn))
    assert [member[:1] for member in wide.members] == list(ensemble.members)
    assert (wide.seeds, wide.names) == (ensemble.seeds, ("level", "later"))
    assert opened(ensemble, [], seed=5) == ensemble
    assert opened(ensemble, [Range(name="later", low=2.0, high=4.0)], seed=6).members != wide.members
    with pytest.raises(CalibrationError, match="level: what is fitted cannot be drawn as well"):
        opened(ensemble, [LEVEL])


def test_a_miniature_has_chance_of_its_own() -> None:
    """A hundredth of a country with 400 deaths has 4, give or take 2; an empty month counts as half a death."""
    (deaths,) = in_miniature([Observation(name="deaths 2021-07", value=400.0, error=0.2)], 100.0)
    assert (deaths.chance, deaths.least, deaths.error) == (0.5, 50.0, 0.2)
    assert in_miniature(observations(["cases"]), 1.0)[0].chance < 0.01
