"""`hes compare` and `hes sweep` as a user meets them: small countries, and mistakes."""

import json
import os
import re
import shlex
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import Result
from typer.testing import CliRunner

from mockgov.cli import CommandError, run
from sim.cli import app
from sim.cli.outlook import needs_of_all, outlook
from sim.cli.scenarios import command_line
from sim.experiments.tasks import Task
from sim.nation.needs import GIB
from sim.results.folder import STAMP
from sim.scenario import NationScenario, load

TEXT = """
question = "How many days?"
date = 2021-02-22
[nation]
days = 9
[population]
people = 8_000
[reporting]
upload_every_hours = 24
isolation_days = 14
[epidemic]
past_infected_share = 0.0
initial_infected_share = 0.02
"""
SERIAL = ("--executor", "serial")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a user works: two files, and a cache of populations."""
    monkeypatch.setenv("HES_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two weeks.toml").write_text(TEXT)
    (tmp_path / "one.toml").write_text(TEXT.replace("= 14", "= 7"))
    return tmp_path


def hes(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def refusal(said: Result) -> str:
    """What a user reads of it: `main` shows it as it is."""
    assert isinstance(said.exception, CommandError | ValueError), said.exception
    return str(said.exception)


def people(count: int) -> NationScenario:
    """A country of so many people, on disk beside the others."""
    file = Path(f"{count}.toml")
    file.write_text(TEXT.replace("8_000", str(count)))
    made = load(file)
    assert isinstance(made, NationScenario)
    return made


def test_a_comparison_tells_its_scale_and_how_to_play_it_again(place: Path) -> None:
    """The command holds files and all options; both scenarios' digests stand in every file; one number once."""
    words = ["compare", "two weeks.toml", "one.toml", "--seeds", "2", "--seed", "4", *SERIAL, "--hours", "1"]
    said = hes(*words)
    assert said.exit_code == 0, said.output
    assert "4 runs to make, 1 at once: about 0." in said.output
    assert "8,000 people are followed, and each stands for 10,452 of the country's 83,614,362" in said.output
    assert "verdict" in said.output
    assert "tests" not in said.output
    folder = place / "runs" / "compare-two weeks-one"
    told = json.loads((folder / "comparison.json").read_text())
    assert shlex.split(told["provenance"]["command"]) == ["hes", *words]
    digests = {told["provenance"][name] for name in ("scenario_digest", "second_scenario_digest")}
    assert len(digests) == 2
    stamp = json.loads(pq.read_schema(folder / "comparison.parquet").metadata[STAMP])
    assert digests <= set(stamp.values())
    page = (folder / "report.html").read_text()
    assert all(digest in page for digest in digests)
    assert "8,000 people are followed" in page
    assert "hes compare &#39;two weeks.toml&#39; one.toml --seeds 2 --seed 4 --executor serial --hours 1" in page
    total, month = ({one["number"]: one for one in told["numbers"]}[name] for name in ("samples", "samples 2021-02"))
    assert total["first"] > month["first"] > 0


def test_more_seeds_make_only_the_new_ones(place: Path) -> None:
    """What was finished stays on record, and is said to be."""
    assert hes("compare", "two weeks.toml", "one.toml", "--seeds", "2", *SERIAL).exit_code == 0
    journal = place / "runs" / "compare-two weeks-one" / "runs.jsonl"
    before = journal.read_text()
    said = hes("compare", "two weeks.toml", "one.toml", "--seeds", "3", *SERIAL)
    assert "4 of 6 runs are on record, 2 runs to make" in said.output
    assert journal.read_text().startswith(before)
    assert len(journal.read_text().splitlines()) == 6
    assert "All 6 runs are on record" in hes("compare", "two weeks.toml", "one.toml", "--seeds", "3", *SERIAL).output


def test_scenarios_that_are_alike_but_for_their_names_are_refused(place: Path) -> None:
    """Every number would be equal; other days are compared, with a caution."""
    (place / "copy.toml").write_text(TEXT.replace("How many", "What about"))
    assert "set the same" in refusal(hes("compare", "two weeks.toml", "copy.toml", *SERIAL))
    (place / "longer.toml").write_text(TEXT.replace("days = 9", "days = 11"))
    said = hes("compare", "two weeks.toml", "longer.toml", "--seeds", "2", *SERIAL)
    assert "two weeks 9 days from 2021-02-22 and longer 11 days from 2021-02-22" in " ".join(said.output.split())
    people(9_000)
    said = hes("compare", "two weeks.toml", "9000.toml", "--seeds", "2", *SERIAL)
    assert "They do not follow the same people" in said.output
    assert "8,000 or 9,000 people are followed, and each stands for 9,290 or 10,452" in said.output
    assert "the same days" not in said.output


def test_a_sweep_keeps_its_whole_command(place: Path) -> None:
    """Each parameter, number and option; chosen numbers are all that page and terminal show."""
    words = ["sweep", "one.toml", "--vary", "reporting.laboratory_mean_hours=6,48", "--vary", "population.people=8000"]
    words += ["--replications", "2", "--seed", "3", "--number", "cases", "--number", "peak day", *SERIAL]
    said = hes(*words)
    assert said.exit_code == 0, said.output
    told = json.loads((place / "runs" / "sweep-one" / "sweep.json").read_text())
    again = shlex.split(told["provenance"]["command"])
    assert again[:3] == ["hes", "sweep", "one.toml"]
    assert sorted([*again[3:], "--design", "grid"]) == sorted([*words[2:], "--design", "grid", "--design", "grid"])
    assert "8,000 people are followed" in told["scale"]
    assert "only 2 seeds" in told["cautions"][0]
    assert "peak day" in said.output
    assert "deaths" not in said.output


def test_numbers_that_no_run_will_have_are_refused_first(place: Path) -> None:
    """With the nearest; nothing has been run."""
    said = hes("sweep", "one.toml", "--vary", "nation.days=5,9", "--number", "cases", "--number", "deats", *SERIAL)
    assert refusal(said) == "There is no number 'deats'; did you mean 'deaths'?"
    assert (place / "runs" / "sweep-one" / "runs.jsonl").read_text() == ""
    said = hes("sweep", "one.toml", "--vary", "nation.days=5,9", "--number", "cases 2021-03", *SERIAL)
    assert said.exit_code == 0, said.output  # only the longer one sees March


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--scheduler", "tcp://127.0.0.1:9", "--executor", "serial"], "--scheduler goes with --executor dask"),
        (["--scheduler", "tcp://127.0.0.1:9", "--executor", "processes"], "--scheduler goes with --executor dask"),
        (["--scheduler", "tcp://127.0.0.1:9", "--workers", "4"], "a scheduler has its own workers"),
        (["--executor", "serial", "--workers", "4"], "makes one run at a time"),
    ],
)
def test_options_without_effect_are_refused(place: Path, words: list[str], reason: str) -> None:
    """Rather than left unheard."""
    assert reason in refusal(hes("compare", "two weeks.toml", "one.toml", *words))
    assert reason in refusal(hes("sweep", "one.toml", "--vary", "nation.days=5,9", *words))
    assert not (place / "runs").exists()


def test_designs_and_points_that_do_not_go_together_are_refused(place: Path) -> None:
    """A grid draws no points, and what is drawn needs a range."""
    del place
    vary = ["sweep", "one.toml", "--vary", "nation.days=5,9"]
    assert "leave --points out" in refusal(hes(*vary, "--points", "8"))
    assert "nothing but listed values" in refusal(hes(*vary, "--design", "sobol"))


def test_what_could_not_finish_is_refused_before_it_begins(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By memory of all runs at once, and by time of all together; the plan tells both and refuses nothing."""
    people(83_000_000)
    two = ["compare", "83000000.toml", "one.toml"]
    told = refusal(hes(*two, "--hours", "0.01"))
    assert "20 runs to make; fewer seeds or points take less time" in told
    assert "--workers 1" not in told
    monkeypatch.setattr("sim.nation.needs.free_bytes", lambda: 5 * GIB)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    told = refusal(hes(*two, "--hours", "1000"))
    assert re.search(r"needs about 6\.\d GiB of memory and 5\.0 GiB are free", told)
    assert re.search(r"2 runs at once; one alone needs 3\.\d GiB and .*: try --workers 1", told)
    assert "take less time" not in told
    assert not list((place / "runs").rglob("report.html"))
    said = hes("sweep", "83000000.toml", "--vary", "nation.days=5,9", "--plan")
    assert said.exit_code == 0
    assert "6 runs to make, 2 at once: about 6." in said.output


def test_an_outlook_tells_of_disk_and_of_other_machines(place: Path) -> None:
    """Populations of distinct people and seeds count once; elsewhere nobody knows how many run at once."""
    del place
    large = people(83_000_000)
    told = outlook([Task(large, seed) for seed in (1, 2, 2)], 3, 1, hours=None)
    assert "Their 2 populations are kept for later runs, at most 3.7 GiB of disk" in told
    few, many = (needs_of_all([Task(large, seed) for seed in range(99)], count) for count in (1, 50))
    assert many.bytes == 50 * few.bytes
    assert many.seconds == pytest.approx(few.seconds / min(50, os.cpu_count() or 1))
    assert "for one worker alone" in outlook([Task(large, 1)], 1, 8, hours=0.0, elsewhere=True)
    assert outlook([], 4, 2, hours=0.0) == "All 4 runs are on record; nothing is run."


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(place: Path) -> None:
    """With the option that chooses another."""
    (place / "file").touch()
    said = hes("compare", "two weeks.toml", "one.toml", *SERIAL, "--out", "file")
    assert "file is no folder, so file/compare-two weeks-one cannot be one; choose another with --out." in refusal(said)


def test_a_sampled_sweep_shows_what_moves_its_numbers(place: Path) -> None:
    """Not a line for each point; and how many numbers are left out."""
    del place
    vary = ["--vary", "epidemic.measures.isolation_kept=0.1:0.9", "--design", "latin", "--points", "8"]
    said = hes("sweep", "one.toml", *vary, "--replications", "1", *SERIAL)
    assert said.exit_code == 0, said.output
    assert "spearman" in said.output
    assert "6 of " in said.output
    assert "one seed at each point" in said.output


def test_a_folder_has_one_experiment_at_a_time(place: Path) -> None:
    """A second one is told so, and loses nothing of the first."""
    from sim.nation.recorded import alone  # noqa: PLC0415

    with alone(place / "runs" / "compare-two weeks-one"):
        assert "another run is writing" in refusal(hes("compare", "two weeks.toml", "one.toml", *SERIAL))


def test_a_command_line_can_be_typed_again() -> None:
    """Words with blanks are quoted, lists repeated, what was not given is left out."""
    options = {"vary": ["a=1,2", "b=x y"], "points": None, "again": True, "plan": False, "seed": 3}
    told = command_line(["hes", "sweep", "my file.toml"], options)
    assert told == "hes sweep 'my file.toml' --vary a=1,2 --vary 'b=x y' --again --seed 3"


def test_a_mistyped_option_points_to_the_commands_own_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Not to that of all commands."""
    assert run(app, ["compare", "isolation_14", "isolation_7", "--seeds", "1"]) == 2
    assert "Try `hes compare --help`." in capsys.readouterr().err
    assert run(app, ["compair"]) == 2
    assert "Try `hes --help`." in capsys.readouterr().err
