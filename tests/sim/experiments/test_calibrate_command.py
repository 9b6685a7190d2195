"""`hes calibrate` as a user meets it: a small country, a few members, and mistakes."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from mockgov.cli import CommandError
from sim.cli import app
from sim.experiments.journal import Journal
from sim.experiments.posterior import read

TEXT = """
question = "What fits the spring of 2020?"
date = 2020-03-11
[nation]
days = 30
[population]
people = 1_500
[reporting]
upload_every_hours = 24
[epidemic]
past_infected_share = 0.0
[calibration]
fit = ["epidemic.initial_infected_share=0.001:0.05:log", "reporting.tested.0.1=0.1:0.9"]
draw = ["epidemic.measures.isolation_kept=0.2:0.9"]
"""
FEW = ("--executor", "serial", "--members", "10", "--steps", "1", "--until", "2020-04")


def hes(folder: Path, *words: str, text: str = TEXT, name: str = "spring") -> Result:
    file = folder / f"{name}.toml"
    file.write_text(text)
    return CliRunner().invoke(app, ["calibrate", str(file), "--out", str(folder / "runs"), *words])


def refusal(said: Result) -> str:
    """What a user reads of it: `main` shows it as it is."""
    assert isinstance(said.exception, CommandError), said.exception
    return str(said.exception)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A calibration with a month beyond it."""
    folder = tmp_path_factory.mktemp("calibrated")
    return folder, hes(folder, *FEW, "--predict-until", "2020-05")


def test_a_calibration_leaves_all_that_is_told_of_it(done: tuple[Path, Result]) -> None:
    """Members, months, a fragment of TOML, a page; the terminal says what fits and what was held out."""
    folder, said = done
    assert said.exit_code == 0, said.output
    made = folder / "runs" / "calibrate-spring"
    assert {path.name for path in made.iterdir()} >= {
        *("prior.parquet", "posterior.parquet", "predicted.parquet", "fitted.parquet", "validation.parquet"),
        *("fitted.toml", "calibration.json", "validation.md", "report.html"),
    }
    assert read(made / "posterior.parquet").names == ("epidemic.initial_infected_share", "reporting.tested.0.1")
    assert read(made / "predicted.parquet").names[2:] == ("epidemic.measures.isolation_kept",)
    observed = json.loads((made / "calibration.json").read_text())["observations"]
    assert set(observed) == {"patients 2020-03", "patients 2020-04", "deaths 2020-03", "deaths 2020-04"}
    assert "Patients, months held out: " in said.output
    page = (made / "report.html").read_text()
    assert "2 parameters fitted to 4 totals" in page
    assert "What it fits and what it misses" in page
    assert "epidemic.measures.isolation_kept" in page
    assert "| 2020-05 | 43,738 |" in (made / "validation.md").read_text()


def test_begun_again_it_runs_only_what_is_missing(done: tuple[Path, Result]) -> None:
    """30 runs are on record; the same command makes none, one without a prediction needs none either."""
    folder, said = done
    made = folder / "runs" / "calibrate-spring"
    assert len(Journal(made).rows()) == 30
    assert hes(folder, *FEW, "--predict-until", "2020-05").output == said.output
    assert hes(folder, *FEW).exit_code == 0
    assert len(Journal(made).rows()) == 30


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--fit", "epidemic.initial_infected_shar=0.1:0.2"), "did you mean initial_infected_share?"),
        (("--fit", "epidemic.initial_infected_share=0.1"), "give a range, low:high"),
        (("--fit", "epidemic.initial_infected_share=0.1:2"), "is outside 0.0 to 1.0"),
        (("--draw", "reporting.tested.0.1=0.1:0.2"), "reporting.tested.0.1 is varied twice"),
        (("--from", "2020-02"), "2020-02 is before the scenario begins, on 2020-03-11"),
        (("--until", "2020-02"), "2020-02 is over before the scenario begins on 2020-03-11"),
        (("--until", "June"), "'June' is no month; write one as 2021-06"),
        (("--predict-until", "2020-04"), "--predict-until 2020-04 is not after --until 2020-04"),
        (("--to", "births"), "nothing was observed of births; there are patients, cases, tests, deaths"),
        (("--to", "cases"), "Nothing was published of cases from 2020-03 to 2020-04 that can be fitted"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_before_anything_runs(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    """By the name that is wrong, with what to do."""
    assert told in refusal(hes(tmp_path, *FEW, "--predict-until", "2020-05", *words))
    assert not list(tmp_path.rglob("runs.jsonl"))


def test_only_the_country_can_be_fitted(tmp_path: Path) -> None:
    """A day that is played is another kind of scenario; a country without ranges needs some."""
    day = hes(tmp_path, *FEW, text='question = "A day?"\ndate = 2021-10-04\n', name="day")
    assert refusal(day) == "day does not follow the country; calibrate a scenario with a table [nation]."
    plain = hes(tmp_path, *FEW, text=TEXT.partition("[calibration]")[0])
    assert refusal(plain).startswith("There is nothing to fit: give --fit name=low:high")
