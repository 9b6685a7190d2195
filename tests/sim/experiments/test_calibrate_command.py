"""`hes calibrate` as a user meets it: a small country, a few members, and mistakes."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from mockgov.cli import CommandError
from sim.cli import app
from sim.experiments.changing import changed, value_of
from sim.experiments.journal import Journal
from sim.experiments.posterior import read
from sim.scenario import load

TEXT = """
question = "What fits the spring of 2020?"
date = 2020-03-11
[nation]
days = 82
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
    assert "Cases before December 2020 are left out" in page
    assert "for hes run and hes compare" in page
    assert "Fitted are totals of Mar\N{NO-BREAK SPACE}20 to Apr\N{NO-BREAK SPACE}20; " in page
    assert "A person of the model stands for 55,743 of the country" in page
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
        (("--fit", "epidemic.measures.waves.1=0.1:0.5"), "is a list of 2: name a number in it by its place from 0"),
        (("--fit", "epidemic.measures=0.1:0.5"), "epidemic.measures is a table: name a number in it, as in epidemic."),
        (("--fit", "date=0.1:0.5"), "date is 2020-03-11, no number: only numbers are fitted"),
        (("--fit", "nation.days=10:20"), "nation.days is not fitted: it says for how long, or whom"),
        (("--fit", "population.people=1000:2000"), "population.people is not fitted"),
        (("--fit", "epidemic.initial_infected_share=0.1:2"), "is outside 0.0 to 1.0"),
        (("--draw", "reporting.tested.0.1=0.1:0.2"), "reporting.tested.0.1 is varied twice"),
        (("--from", "2020-02"), "--from 2020-02: monthly totals are known from 2020-03 to 2022-05; name one of these."),
        (("--until", "June"), "--until 'June' is no month: write the year and two digits, as in 2021-06."),
        (("--until", "2020-13"), "--until '2020-13' is no month"),
        (("--until", "2020-4"), "--until '2020-4' is no month"),
        (("--until", "2020-06"), "--until 2020-06: the scenario ends before, on 2020-05-31, and only whole months"),
        (("--predict-until", "2022-06"), "--predict-until 2022-06: monthly totals are known from 2020-03 to 2022-05"),
        (("--predict-until", "2020-04"), "--predict-until 2020-04 is not after --until 2020-04"),
        (("--from", "2020-05"), "--from 2020-05 is after --until 2020-04: give the earlier month first."),
        (("--to", "births"), "nothing was observed of 'births'; there are patients, cases, tests, deaths"),
        (("--to", "cases"), "Nothing was published of cases from 2020-03 to 2020-04 that can be fitted"),
    ],
)
def test_a_mistake_is_told_in_a_sentence_before_anything_runs(
    tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    """By the name that is wrong, with what to do."""
    assert told in refusal(hes(tmp_path, *FEW, "--predict-until", "2020-05", *words))
    assert not list(tmp_path.rglob("runs.jsonl"))


def test_the_terminal_has_words_and_thousands(done: tuple[Path, Result]) -> None:
    """No True and no False, no number of six digits in a row, shares in percent."""
    _, said = done
    assert "106,673" in said.stdout
    assert not [word for word in ("True", "False", "106673", "1e-05", "e-0") if word in said.stdout]
    assert " held out " in said.stdout
    assert "Note: Cases before December 2020 are left out" in said.stdout


def test_before_it_begins_it_says_how_much_there_is_to_run(done: tuple[Path, Result]) -> None:
    """Runs, people, days; and one bar for all of it."""
    _, said = done
    assert "Fitting 2020-03 to 2020-04: 20 runs of 1,500 people over 51 days, then 10 over 82 days" in said.stderr
    assert "compile the model" in said.stderr
    assert "30/30" in said.stderr


def test_the_fitted_scenario_is_one_that_runs(done: tuple[Path, Result]) -> None:
    """Read, it is the scenario at the members' means; it says where it comes from; run and compare take it."""
    folder, _ = done
    file = folder / "runs" / "calibrate-spring" / "fitted.toml"
    members = read(file.with_name("posterior.parquet"))
    fitted, base = load(file), load(folder / "spring.toml")
    assert fitted == changed(base, {**members.means(), "name": "fitted"})
    assert value_of(fitted, "epidemic.initial_infected_share") != value_of(base, "epidemic.initial_infected_share")
    text = file.read_text()
    assert "All else is as in the scenario spring" in text
    assert "\n#     hes calibrate " in text
    assert "],  # fitted, 90 %: " in text
    words = ("--seed", "3", "--out", str(folder / "runs"))
    run = CliRunner().invoke(app, ["run", str(file), *words], env={"HES_CACHE": str(folder / "cache")})
    assert run.exit_code == 0, run.output
    assert (folder / "runs" / "fitted-3" / "report.html").is_file()
    both = ("compare", str(folder / "spring.toml"), str(file), "--seeds", "2", "--executor", "serial")
    compared = CliRunner().invoke(app, [*both, "--out", str(folder / "runs")])
    assert compared.exit_code == 0, compared.output


def test_half_a_month_is_not_compared(tmp_path: Path) -> None:
    """A scenario from 20 March to 10 May 2020 is held against April alone; it says so; asked for, May is refused."""
    text = TEXT.replace("2020-03-11", "2020-03-20").replace("days = 82", "days = 52")
    said = hes(tmp_path, *FEW[:-2], text=text)
    assert said.exit_code == 0, said.output
    made = tmp_path / "runs" / "calibrate-spring"
    assert set(json.loads((made / "calibration.json").read_text())["observations"]) == {
        "patients 2020-04",
        "deaths 2020-04",
    }
    for told in (said.output, (made / "report.html").read_text()):
        assert "Mar\N{NO-BREAK SPACE}20 is left out: the scenario begins within it, on 2020-03-20" in told
        assert "May\N{NO-BREAK SPACE}20 is left out: the scenario ends within it, on 2020-05-10" in told
    refused = refusal(hes(tmp_path, *FEW, "--until", "2020-05", text=text))
    assert refused == (
        "--until 2020-05: the scenario ends within it, on 2020-05-10, and only whole months are compared. "
        "Name an earlier month, or set the scenario's nation.days to 73 at least; it is 52."
    )


def test_a_few_provinces_are_not_the_country(tmp_path: Path) -> None:
    """What was published is the whole country's."""
    text = TEXT.replace("people = 1_500", 'people = 1_500\nprovinces = ["06", "34"]')
    assert "spring follows 2 of the 81 provinces" in refusal(hes(tmp_path, *FEW, text=text))


def test_what_is_drawn_needs_a_prediction(tmp_path: Path) -> None:
    """Or it would be ignored; what the file draws and the command fits is fitted."""
    assert refusal(hes(tmp_path, *FEW, "--draw", "epidemic.measures.isolation_kept=0.2:0.9")) == (
        "--draw is for what is foretold: add --predict-until, or leave it out."
    )
    said = hes(tmp_path, *FEW, "--predict-until", "2020-05", "--fit", "epidemic.measures.isolation_kept=0.2:0.9")
    assert said.exit_code == 0, said.output


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    """Before anything runs, by its name, with the option that names another."""
    (tmp_path / "runs").write_text("a file")
    said = refusal(hes(tmp_path, *FEW))
    assert said.startswith("The results cannot be kept, ")
    assert said.endswith("Name a folder for them with --out.")


def test_what_does_not_fit_into_memory_does_not_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs side by side need twice as much as one; it says what to change."""
    monkeypatch.setattr("sim.nation.needs.free_bytes", lambda: 600_000_000)
    told = refusal(hes(tmp_path, *FEW, "--executor", "processes", "--workers", "2"))
    assert told.startswith("2 of these runs at once need about 0.7 GiB of memory and 0.6 GiB are free: give fewer")
    assert not (tmp_path / "runs").exists()
    assert hes(tmp_path, *FEW).exit_code == 0


def test_the_help_names_the_table() -> None:
    """Brackets in it are words, not markup."""
    assert "[calibration]" in " ".join(CliRunner().invoke(app, ["calibrate", "--help"]).output.split())


def test_only_the_country_can_be_fitted(tmp_path: Path) -> None:
    """A day that is played is another kind of scenario; a country without ranges needs some."""
    day = hes(tmp_path, *FEW, text='question = "A day?"\ndate = 2021-10-04\n', name="day")
    assert refusal(day) == "day does not follow the country; calibrate a scenario with a table [nation]."
    plain = hes(tmp_path, *FEW, text=TEXT.partition("[calibration]")[0])
    assert refusal(plain).startswith("There is nothing to fit: give --fit name=low:high")
