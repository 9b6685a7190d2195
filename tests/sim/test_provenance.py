"""Provenance: enough to play a run again, and nothing of the moment where runs are compared."""

import platform
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from sim.provenance import Provenance, describe

MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=3)))


def describe_monday(**changes) -> Provenance:
    return describe(
        **{"scenario": "monday_morning", "content": b"people = 20000\n", "seed": 7, "drive": "stub"} | changes
    )


def test_it_names_what_was_run():
    """Scenario with its digest (sha256sum of the file), seed, drive, Python, NumPy and machine."""
    told = describe_monday()
    assert told.scenario == "monday_morning"
    assert told.scenario_digest == "d3708e8e19050e7d0af29d488867490e655436045014dfe4a7714657112f91c7"
    assert (told.seed, told.drive) == (7, "stub")
    assert (told.python, told.numpy) == (platform.python_version(), np.__version__)
    assert told.platform == f"{platform.system()} {platform.machine()}"
    assert told.version
    assert told.processors >= 1


def test_its_identity_knows_no_moment():
    """Two runs of the same thing have one identity, whenever and however they were started."""
    early = describe_monday(made_at=MOMENT, command="hes run a.toml")
    late = describe_monday(made_at=MOMENT + timedelta(days=1), command="hes run ./a.toml")
    assert early.identity == late.identity
    assert sorted(early.identity) == [
        "drive",
        "numpy",
        "platform",
        "processors",
        "python",
        "scenario",
        "scenario_digest",
        "seed",
        "version",
    ]
    assert early.record["made_at"] == "2026-11-23T09:30:00+03:00"
    assert early.record["command"] == "hes run a.toml"


@pytest.mark.parametrize("change", [{"seed": 8}, {"content": b"people = 20001\n"}, {"drive": "http"}])
def test_another_run_has_another_identity(change):
    assert describe_monday(**change).identity != describe_monday().identity


@pytest.mark.parametrize("made_at", [None, MOMENT, datetime(2021, 3, 1, tzinfo=UTC)])
def test_its_record_gives_it_back(made_at):
    told = describe_monday(made_at=made_at)
    assert Provenance.from_record(told.record) == told


def test_a_record_of_another_version_is_refused_by_name():
    record = describe_monday().record
    del record["drive"]
    with pytest.raises(ValueError, match="another version: fields missing or unknown: colour, drive"):
        Provenance.from_record(record | {"colour": "blue"})


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="pass an aware datetime"):
        replace(describe_monday(), made_at=MOMENT.replace(tzinfo=None))
