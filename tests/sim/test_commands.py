"""`hes run` on machines as they are: full disks, little memory, narrow terminals, files in the way."""

import errno
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.console import Console

from mockgov.cli import CommandError, run
from sim.cli import app, obstacles
from sim.cli.terminal import bar, table
from tests.sim.nation.small import TEXT

FIRST = """
question = "How long?"
date = 2020-08-31
[admissions]
weeks_after = 1
[admissions.applications]
school = [1]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small nation's file."""
    path = tmp_path / "small.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


def complaint(capfd: pytest.CaptureFixture[str], *words: object) -> str:
    """What a command says that must fail: one error, and nothing on stdout."""
    assert run(app, [str(word) for word in words]) == 1
    said, complained = capfd.readouterr()
    assert said == ""
    assert "Traceback" not in complained
    return complained.splitlines()[-1]


def test_no_time_is_not_twelve_hours(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said = complaint(capfd, "run", small, "--out", small.parent / "runs", "--hours", 0)
    assert said == "Error: --hours 0 allows nothing; give more, or leave it out for 12."
    assert not (small.parent / "runs").exists()


def test_a_pace_is_a_number(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    said = complaint(capfd, "run", small, "--compression", "inf")
    assert said == "Error: --compression inf is no pace; give a number, or 0 for as fast as it goes."


def test_a_file_in_the_place_of_the_folder(small: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Of the folder itself and of one around it, before anything is run."""
    for out in (small, small / "runs"):
        said = complaint(capfd, "run", small, "--out", out)
        assert said == f"Error: {small} is no folder, so {out} cannot be one; choose another with --out."


def test_a_folder_that_cannot_be_written(
    small: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is run."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    said = complaint(capfd, "run", small, "--out", small.parent / "runs")
    assert said == f"Error: Nothing can be written in {small.parent}; choose another folder with --out."


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (MemoryError(), "The memory was used up. Set population.people lower"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "The system has no more memory to give."),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            r"The disk of .* is full: \d+\.\d\d GB are free. Make room, or",
        ),
        (
            OSError(errno.EROFS, "Read-only file system", "/x/y"),
            "Nothing can be written at /x/y: Read-only file system.",
        ),
        (
            FileExistsError(errno.EEXIST, "File exists", "/x/y"),
            "/x/y is in the way: File exists. Choose another folder",
        ),
    ],
)
def test_what_stands_in_the_way_of_a_run_says_what_to_do(error: Exception, message: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=message), obstacles.told(tmp_path / "runs"):
        raise error


def test_other_errors_are_not_touched(tmp_path: Path) -> None:
    with pytest.raises(ConnectionRefusedError), obstacles.told(tmp_path):
        raise ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused")


def test_memory_that_runs_out_during_a_run(
    small: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a line, not a traceback."""

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sim.nation.recorded.follow", fail)
    said = complaint(capfd, "run", small, "--out", small.parent / "runs")
    assert said.startswith("Error: The memory was used up.")


def on_a_terminal(words: Sequence[object], **variables: str) -> bytes:
    """What a command shows on a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", **variables}
    command = [sys.executable, "-m", "sim.cli", *map(str, words)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = bytearray()
        while True:
            try:
                piece = os.read(ours, 4_096)
            except OSError:  # how a terminal ends
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert process.returncode in (0, 1)
    return bytes(shown)


def test_no_color_is_no_escape_code_at_all(tmp_path: Path) -> None:
    """Neither colours nor bold letters nor bars that move, in tables, helps and errors; without it there are some."""
    path = tmp_path / "first.toml"
    path.write_text(FIRST, encoding="utf-8")
    for words in (["run", path, "--out", tmp_path], ["run", "--help"], ["run", "nothing"]):
        assert b"\x1b" not in on_a_terminal(words, NO_COLOR="1")
    assert b"\x1b" in on_a_terminal(["run", "nothing"])


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_number_is_cut_on_any_terminal(
    width: int, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names break between words, a bar gives way."""
    monkeypatch.setenv("COLUMNS", str(width))
    rows = table("A title", "kind", "begun", "returned", "refused", "live", "half, days", "90 %")
    rows.add_row("provincial health directorate", "1,801", "454", "325", "1,461", "31.1", "54.0")
    Console().print(rows)
    with bar("{task.percentage:>3.0f} %", "0:00:01", "left", "0:00:59") as shown:
        shown.add_task("2021-10-04, queries", total=1, completed=1)
    said, progress = capfd.readouterr()
    assert "…" not in said + progress
    assert all(f" {number} " in said for number in ("1,801", "454", "325", "1,461", "31.1"))
    assert all(word in said for word in ("provincial", "health", "directorate"))
    assert max(map(len, (said + progress).splitlines())) <= width
    assert "100 % 0:00:01 left 0:00:59" in progress
    assert ("━" in progress) is (width >= 80)


SILENT = """
[network]
max_retries = 0
timeout_ms = 1
[network.gateway]
service_mean_ms = 3_600_000
service_kind = "deterministic"
"""


def test_a_service_that_answers_nobody(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The run has a report all the same."""
    path = tmp_path / "silent.toml"
    path.write_text(TEXT + SILENT, encoding="utf-8")
    assert run(app, ["run", str(path), "--out", str(tmp_path)]) == 0
    assert re.search(r"answered calls share +│ +0 │", capfd.readouterr().out)
    assert " of the calls were answered; of the others," in (tmp_path / "silent-1" / "report.html").read_text("utf-8")


def test_a_broken_file_does_not_hide_the_others(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list goes on, and says which cannot be run."""
    (tmp_path / "first.toml").write_text(FIRST, encoding="utf-8")
    (tmp_path / "broken.toml").write_text(FIRST + "scool = [1]", encoding="utf-8")
    monkeypatch.setattr("sim.cli.scenarios.FOLDERS", (tmp_path,))
    assert run(app, ["list"]) == 0
    said, complained = capfd.readouterr()
    assert said.split(maxsplit=1) == ["first", "How long?\n"]
    assert complained.split(maxsplit=1) == ["broken", "cannot be run: broken.toml has 1 mistake\n"]
