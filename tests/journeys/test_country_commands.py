"""The commands about the country as a person types them: run, compare, sweep, verify."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mockgov.cli import run
from sim.cli import app
from tests.journeys.served import environment

SMALL = """
question = "What happens in a few days?"
date = 2021-10-02
[nation]
days = 3
warm_up_days = 1
load = [2021-10-04]
[population]
people = 2_000
provinces = ["Bayburt", "Kilis", "Tunceli"]
[epidemic]
initial_infected_share = 0.03
"""
FILES = {
    "small": SMALL,
    "busy": SMALL + "[demand.mall]\nper_person = 2\n",
    "long": SMALL.replace("days = 3", "days = 200").replace("load = [2021-10-04]", "load = [2022-03-07]"),
    "huge": SMALL.replace("2_000", "100_000_000").replace("days = 3", "days = 1_200"),
    "played": 'question = "Does it agree?"\ndate = 2021-10-04\nwarm_up_days = 1\n[population]\npeople = 200\n',
    "wrong": SMALL + "[network]\njiter = 0\nmax_retries = 101\n",
}
PATIENCE_S = 240
"""Loops are compiled on first use, on a busy machine by several at once."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scenarios, and a place for what comes of them."""
    made = tmp_path_factory.mktemp("country")
    for name, text in FILES.items():
        (made / f"{name}.toml").write_text(text, encoding="utf-8")
    return made


class Typed:
    """A command line, and what it printed."""

    def __init__(self, capfd: pytest.CaptureFixture[str], desk: Path) -> None:
        self._capfd, self._desk = capfd, desk

    def __call__(self, line: str, *, out: str = "runs") -> tuple[int, str, str]:
        words = line.format(desk=self._desk).split()
        status = run(app, [*words, *(() if words[0] == "verify" else ("--out", str(self._desk / out)))])
        return (status, *self._capfd.readouterr())


@pytest.fixture
def typed(capfd: pytest.CaptureFixture[str], desk: Path) -> Typed:
    return Typed(capfd, desk)


def results(folder: Path) -> dict[str, Any]:
    """A run's summary, without what the machine had to do with it."""
    summary: dict[str, Any] = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    return summary | {"measured": {}}


def test_the_country_is_followed(typed: Typed, desk: Path) -> None:
    """What it needs is told before it begins; its numbers are printed, its folder has page, tables and a trace."""
    status, said, progress = typed("run {desk}/small.toml --seed 3 --trace --threads 1")
    assert status == 0, progress
    assert progress.startswith("2,000 people, 4 days: about ")
    folder = desk / "runs" / "small-3"
    calls = results(folder)["load"]["calls"]
    assert calls > 500
    assert f" {calls:,} │" in said
    assert said.endswith(f"Report: {folder / 'report.html'}\n")
    assert pq.read_metadata(folder / "trace.parquet").num_rows == calls
    assert "What happens in a few days?" in (folder / "report.html").read_text(encoding="utf-8")
    assert typed("run {desk}/small.toml --seed 3 --threads 2", out="again")[0] == 0
    assert results(desk / "again" / "small-3") == results(folder)


def test_a_run_that_is_stopped_goes_on(desk: Path) -> None:
    """Ctrl-C after a month: one calm line, status 130; the same command goes on, and ends as if nothing had been."""
    line = [sys.executable, "-m", "sim.cli", "run", str(desk / "long.toml"), "--out"]
    stopped = begun([*line, str(desk / "stopped")])
    wait_for(desk / "stopped" / "long-1" / "checkpoint" / "identity.json", stopped)
    stopped.send_signal(signal.SIGINT)
    _, complaint = stopped.communicate(timeout=PATIENCE_S)
    assert stopped.returncode == 130
    assert "Stopped. The same command goes on from the last checkpoint" in complaint
    assert "Traceback" not in complaint
    assert not (desk / "stopped" / "long-1" / "summary.json").exists()
    for place in ("stopped", "whole"):
        done = begun([*line, str(desk / place)])
        said, log = done.communicate(timeout=PATIENCE_S)
        assert said.endswith("report.html\n")
        assert ("going on from 202" in log) is (place == "stopped")  # also in a log, where no bar is drawn
        assert done.returncode == 0
    assert results(desk / "stopped" / "long-1") == results(desk / "whole" / "long-1")
    assert not (desk / "stopped" / "long-1" / "checkpoint").exists()


def begun(line: Sequence[str]) -> "subprocess.Popen[str]":
    """A command as at a terminal: also where the tests run in the background, whose programs ignore Ctrl-C."""
    return subprocess.Popen(
        line,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  before it has threads
    )


def wait_for(file: Path, process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + PATIENCE_S
    while not file.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.002)


def test_two_scenarios_compared(typed: Typed, desk: Path) -> None:
    """With the same seeds: what the change does not touch is the same in each pair, what it does is told."""
    status, said, _ = typed("compare {desk}/small.toml {desk}/busy.toml --seeds 2 --executor serial")
    assert status == 0
    folder = desk / "runs" / "compare-small-busy"
    told = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    rows = {row["number"]: row for row in told["numbers"]}
    assert told["seeds"] == [1, 2]
    assert rows["infections"]["difference"] == rows["samples"]["difference"] == rows["deaths"]["difference"] == 0
    assert rows["infections"]["verdict"] == "too few seeds"
    assert rows["calls"]["difference"] > 0
    assert "Note: There are only 2 pairs" in said
    assert said.endswith(f"Report: {folder / 'report.html'}\n")
    assert "…" not in said.partition("\n… and ")[0]  # no number is cut


def test_a_sweep_is_planned_made_and_made_larger(typed: Typed, desk: Path) -> None:
    """A plan runs nothing; a larger sweep in the same folder makes what is missing; all are in its tables."""
    line = "sweep {desk}/small.toml --executor serial --replications 1 --vary epidemic.work_contacts="
    folder = desk / "runs" / "sweep-small"
    status, said, _ = typed(line + "0,8 --plan")
    assert status == 0
    assert [row.split()[1::2] for row in said.splitlines() if row.startswith("│")] == [["0", "0"], ["1", "8"]]
    assert not folder.exists()
    for values, points in (("0,8", 2), ("0,8,30", 3)):
        status, said, _ = typed(line + values + " --number infections")
        assert status == 0
        assert said.count("│ infections │") == points
        assert pq.read_table(folder / "sweep.parquet")["epidemic.work_contacts"].to_pylist() == [0, 8, 30][:points]
        assert len((folder / "runs.jsonl").read_text(encoding="utf-8").splitlines()) == points
        assert (folder / "report.html").exists()
    status, said, _ = typed(line + "0,8")  # without --number: as many as fit a terminal
    assert status == 0
    assert said.count("│ infections │") == 0
    assert "│ infections " in said


def test_the_engines_against_theory(typed: Typed) -> None:
    """What agrees is said so; an error that is planted is found, and is the command's status."""
    status, said, _ = typed("verify --quick --rate patience")
    assert status == 0
    assert said.count("agrees") == 1
    status, said, complaint = typed("verify --quick --rate patience --planted 0.05")
    assert status == 1
    assert said.count("differs") == 1
    assert complaint.splitlines()[-1] == "Error: Checks that differ from theory: 1 of 1."


MISTAKES = {
    "a ministry for the country": (
        "run {desk}/small.toml --drive stub --compression 0",
        "small follows the country; it meets no ministry, so leave out --drive and --compression.",
    ),
    "a trace of a played day": (
        "run {desk}/played.toml --trace --threads 2",
        "played is a day played against a ministry, so leave out --threads and --trace.",
    ),
    "a trace of the road": (
        "run autumn_2020 --trace",
        "autumn_2020 follows institutions on the onboarding road; it meets no ministry, so leave out --trace.",
    ),
    "too long": (
        "run {desk}/huge.toml --hours 0.01",
        "may take 36 s; set nation.days or population.people lower, name fewer days in nation.load",
    ),
    "all at once": (
        "run {desk}/wrong.toml",
        (
            "wrong.toml has 2 mistakes:\n"
            "  line 14: network.jiter is unknown; did you mean jitter?\n"
            "  line 15: network.max_retries = 101 must lie between 0 and 100"
        ),
    ),
    "no threads": ("run {desk}/small.toml --threads 0", "--threads"),
    "no such scenario": ("compare {desk}/small.toml monday_mornin", "did you mean monday_morning?"),
    "another kind": (
        "compare {desk}/small.toml {desk}/played.toml",
        "small and played are scenarios of different kinds; compare two of one kind.",
    ),
    "one pair": ("compare {desk}/small.toml {desk}/busy.toml --seeds 1", "--seeds"),
    "nothing varied": ("sweep {desk}/small.toml", "Missing option '--vary'"),
    "unknown parameter": (
        "sweep {desk}/small.toml --vary epidemic.work_contact=1,2",
        "epidemic.work_contact is unknown; did you mean work_contacts?",
    ),
    "out of range": (
        "sweep {desk}/small.toml --vary epidemic.work_contacts=8,1_001",
        "epidemic.work_contacts = 1001 is outside 0 to 1000",
    ),
    "backwards": (
        "sweep {desk}/small.toml --design latin --vary epidemic.work_contacts=8:2",
        "epidemic.work_contacts: a range goes from a lower to a higher number",
    ),
    "a grid of a range": (
        "sweep {desk}/small.toml --vary epidemic.work_contacts=0:8",
        "epidemic.work_contacts: a grid has values, as in name=1,2,3",
    ),
    "unknown rate": ("verify --rate arrival", "no check hangs on 'arrival'; did you mean 'arrivals'?"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_before_anything_runs(mistake: str, typed: Typed, desk: Path) -> None:
    """On stderr, with what to do, a status that is not 0, and nothing left behind."""
    line, message = MISTAKES[mistake]
    status, said, complaint = typed(line, out="none")
    assert status in (1, 2)
    assert said == ""
    assert "Error: " in complaint
    assert message in complaint
    assert "Traceback" not in complaint
    assert not (desk / "none").exists()


def test_a_run_that_does_not_fit_says_so(typed: Typed, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with a gibibyte, with what would help, before anything is made."""
    monkeypatch.setattr("sim.nation.needs.free_bytes", lambda: 1 << 30)
    status, _, complaint = typed("run {desk}/huge.toml --hours 100", out="none")
    assert status == 1
    assert "GiB of memory and 1.0 GiB are free; set population.people lower" in complaint
    assert not (desk / "none").exists()


def test_a_number_that_there_is_not(typed: Typed) -> None:
    """The runs are kept and shown; the nearest name is told."""
    line = "sweep {desk}/small.toml --executor serial --replications 1 --vary epidemic.work_contacts=8,9"
    status, _, complaint = typed(f"{line} --number casez")
    assert status == 1
    assert complaint.endswith("Error: There is no number 'casez'; did you mean 'cases'?\n")
