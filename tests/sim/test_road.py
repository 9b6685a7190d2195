"""Months on the onboarding road from scenario to folder: what is asked, what is counted, and what the command says."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from mockgov.cli import CommandError
from sim.admissions.parameters import AdmissionsParameters, DeskName, Surge
from sim.cli import app
from sim.results import ResultError, RoadResult, RoadTables, read, read_road, summarise_road, write
from sim.results.road import DESKS, NEVER, STEPS, comparison, until_live
from sim.run import admit, what_if
from tests.sim.road import PROVENANCE, TEXT, result, small_road

DAY_US = 86_400_000_000


@pytest.fixture(scope="module")
def run() -> RoadResult:
    return result(small_road())


# By hand


def institution(label: str, **changes: object) -> dict[str, object]:
    plain = {
        "institution": label,
        "kind": "WORKPLACE",
        "channel": "kep",
        "staff": 900,
        "branch_staff": 0,
        "week": date(2020, 10, 5),
        "begun_us": 0,
        **{f"{step}_us": NEVER for step in (*STEPS, "ended")},
        "outcome": "under way",
        "letters": 1,
        "returns": "",
        "refusals": 0,
        "rule": "",
        "questions": 0,
        "notices": 0,
    }
    return plain | changes


def tables(*rows: dict[str, object]) -> RoadTables:
    columns = {name: [row[name] for row in rows] for name in institution("")}
    day = {"day": [0, 0, 1, 1], "date": [date(2020, 10, 5)] * 2 + [date(2020, 10, 6)] * 2}
    desks = {
        **day,
        "desk": ["letters", "evaluation"] * 2,
        "clerks": [1, 2, 1, 2],
        "arrived": [3, 2, 0, 1],
        "begun": [3, 1, 0, 2],
        "done": [3, 0, 0, 3],
        "backlog": [0, 2, 0, 0],
        "open_us": [100] * 4,
        "busy_us": [50, 190, 0, 100],
        "utilisation": [0.5, 0.95, 0.0, 0.5],
        "waited_us": [9, 10, 0, 80],
        "longest_wait_us": [5, 10, 0, 60],
    }
    return RoadTables.of(institutions=columns, desks=desks)


def test_a_summary_by_hand():
    """Four institutions: three go live after 10, 20 and 40 days, one is refused."""
    made = tables(
        institution("a", live_us=10 * DAY_US, outcome="confirmed", returns="letter.form,form.signer", letters=3),
        institution("b", begun_us=7 * DAY_US, week=date(2020, 10, 12), live_us=27 * DAY_US, outcome="confirmed"),
        institution(
            "c", live_us=40 * DAY_US, outcome="live", kind="GOVERNORSHIP", channel="wet", returns="letter.form"
        ),
        institution("d", outcome="refused", refusals=1, rule="eligibility.staff"),
    )
    summary = summarise_road(made, {"scenario": "x", "seed": 1, "admissions.kep": 3}, measured={"real_seconds": 2.0})
    assert (summary["institutions"], summary["letters"]) == (4, 6)
    assert summary["outcomes"] == {"confirmed": 2, "live": 1, "refused": 1}
    assert summary["until_live"] == {"live": 3, "days": {"p50": 20.0, "p90": 40.0, "max": 40.0}}
    assert summary["by_kind"]["WORKPLACE"] == {
        "begun": 3,
        "returned": 1,
        "refused": 1,
        "live": 2,
        "days": {"p50": 10.0, "p90": 20.0, "max": 20.0},
    }
    assert {week: row["live"] for week, row in summary["by_week"].items()} == {"2020-10-05": 2, "2020-10-12": 1}
    assert summary["by_channel"]["wet"]["days"]["max"] == 40.0
    assert summary["returned"] == {"form.signer": 1, "letter.form": 2}
    assert summary["refused"] == {"eligibility.staff": 1}
    assert summary["bottleneck"] == "evaluation"
    assert summary["desks"]["support"] is None
    assert summary["desks"]["letters"]["utilisation"] == 0.5  # its second day had no work any more
    assert summary["desks"]["evaluation"] == {
        "pieces": 3,
        "clerks_most": 2,
        "waited_us": 90,
        "mean_wait_us": 30,
        "longest_wait_us": 60,
        "backlog_peak": 2,
        "backlog_peak_date": "2020-10-05",
        "utilisation": 0.725,
        "full_days": 1,
    }
    assert summary["measured"] == {"real_seconds": 2.0}
    assert comparison("n", "w", made)["half_by_kind"] == {"GOVERNORSHIP": 40.0, "WORKPLACE": 10.0}


def test_nobody_live():
    """Then there are no days to tell, and an idle ministry has no bottleneck."""
    assert until_live([institution("a")]) == {"live": 0, "days": {"p50": None, "p90": None, "max": None}}
    nobody = result(replace(small_road(), admissions=AdmissionsParameters(weeks_after=1)))
    assert (nobody.summary["institutions"], nobody.summary["bottleneck"]) == (0, None)


def test_tables_that_do_not_fit_are_refused():
    with pytest.raises(ResultError, match="columns missing or unknown: week"):
        RoadTables.of(institutions={name: [] for name in institution("") if name != "week"}, desks={})
    with pytest.raises(ResultError, match="desks: the columns are"):
        RoadTables(institutions=tables(institution("a")).institutions, desks=pa.table({"day": [1]}))
    with pytest.raises(ResultError, match="the facts lack seed"):
        summarise_road(tables(institution("a")), {"scenario": "x"})


# A small road


def test_the_run_answers_its_questions(run):
    """Who went live and when, what is refused, which desk is narrow, and what each change would have brought."""
    summary = run.summary
    assert summary["bottleneck"] == "evaluation"
    assert (
        sum(summary["outcomes"].values())
        == summary["institutions"]
        == sum(row["begun"] for row in summary["by_kind"].values())
    )
    assert [summary["by_kind"][kind]["live"] for kind in ("SCHOOL", "PROVINCIAL_ORGANISATION")] == [0, 0]
    assert [row["name"] for row in summary["what_if"]] == [
        "as_set",
        *(f"one_more_{desk}" for desk in DESKS),
        "all_kep",
        "none_returned",
        "no_priority",
        "surge",
    ]
    base, *_ = summary["what_if"]
    assert base["days"] == summary["until_live"]["days"]
    by_name = {row["name"]: row for row in summary["what_if"]}
    assert by_name["one_more_evaluation"]["waited_us"]["evaluation"] < base["waited_us"]["evaluation"] / 2
    assert by_name["one_more_evaluation"]["days"]["p50"] < base["days"]["p50"]
    assert by_name["no_priority"]["half_by_kind"]["GOVERNORSHIP"] > base["half_by_kind"]["GOVERNORSHIP"]


def test_the_tables_agree_with_each_other(run):
    """Every letter is registered once and evaluated once; every live institution is confirmed by the letters' desk."""
    rows, days = run.tables.institutions.to_pylist(), run.tables.desks.to_pylist()
    arrived = {desk: sum(row["arrived"] for row in days if row["desk"] == desk) for desk in DESKS}
    letters, live = sum(row["letters"] for row in rows), sum(row["live_us"] != NEVER for row in rows)
    assert arrived["evaluation"] == letters
    assert arrived["letters"] == letters + live
    assert arrived["access"] == sum(row["test_access_us"] != NEVER for row in rows) + live
    assert arrived["support"] == sum(row["questions"] + row["notices"] for row in rows)
    assert len(days) == 4 * 7 * 23


def test_what_if_is_one_change_at_a_time():
    plain = AdmissionsParameters()
    changed = {name: parameters for name, _, parameters in what_if(plain)}
    assert changed["one_more_access"].access.clerks == plain.access.clerks + 1
    assert changed["one_more_access"].evaluation == plain.evaluation
    assert (changed["all_kep"].kep_public, changed["all_kep"].kep_workplaces) == (1.0, 1.0)
    assert changed["no_priority"].first_in_line == ()
    assert changed["surge"].surge.clerks == 5
    lent = replace(plain, first_in_line=(), surge=Surge(clerks=2, desk=DeskName.ACCESS))
    assert [name for name, *_ in what_if(lent)][-1] == "no_surge"


def test_same_seed_same_bytes(tmp_path, run):
    """Table by table, on disk; and another seed gives others."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        made = result(small_road())
        write(folder, made.tables, made.summary, made.provenance)
    one, two = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert one == two
    assert set(one) == {"institutions.parquet", "desks.parquet", "summary.json", "provenance.json"}
    assert result(small_road(), 8).tables.institutions != run.tables.institutions


def test_a_folder_gives_back_what_was_put_into_it(tmp_path, run):
    """And tells the two kinds of runs apart."""
    write(tmp_path, run.tables, run.summary, run.provenance)
    back = read_road(tmp_path)
    assert (back.summary, back.provenance) == (run.summary, PROVENANCE)
    assert back.tables.named == run.tables.named
    with pytest.raises(ResultError, match="is of another kind of run: it has no queries"):
        read(tmp_path)


def test_facts_are_the_parameters():
    facts = admit(small_road(), 1).facts
    assert (facts["admissions.evaluation.clerks"], facts["admissions.post.mean_days"]) == (1, 3)
    assert facts["admissions.surge.begins"] == "2020-11-09"


# The command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small_road.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_hes_run(tmp_path, file):
    """No ministry is met; the folder is complete, and the page is one file."""
    said = CliRunner().invoke(app, ["run", str(file), "--seed", "7", "--out", str(tmp_path / "runs")])
    assert said.exit_code == 0
    assert "The bottleneck is evaluation" in said.stdout
    folder = tmp_path / "runs" / "small_road-7"
    kept = read_road(folder)
    assert kept.provenance.command == f"hes run {file} --seed 7 --out {tmp_path / 'runs'}"
    assert kept.provenance.drive == "none"
    assert json.loads((folder / "summary.json").read_text())["seed"] == 7
    assert "How long until an institution is live, when &lt;few&gt; come?" in (folder / "report.html").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--url", "http://127.0.0.1:1"], "leave out --url"),
        (["--drive", "stub"], "leave out --drive"),
        (["--drive", "http", "--compression", "5"], "leave out --drive and --compression"),
    ],
)
def test_options_about_a_ministry_make_no_sense(tmp_path, file, words, named):
    """They are refused with the reason, and nothing is run or written."""
    said = CliRunner().invoke(app, ["run", str(file), "--out", str(tmp_path / "runs"), *words])
    assert isinstance(said.exception, CommandError)
    assert "meets no ministry" in str(said.exception)
    assert named in str(said.exception)
    assert not (tmp_path / "runs").exists()
