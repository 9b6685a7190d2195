"""Provenance: enough to play a run again, and nothing of the moment where runs are compared."""

import platform
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

import mockgov
import sim
from sim.provenance import Provenance, describe, digest_of_sources

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
        "sources",
        "version",
    ]
    assert early.record["made_at"] == "2026-11-23T09:30:00+03:00"
    assert early.record["command"] == "hes run a.toml"


def test_its_edition_is_the_version_and_the_code():
    """What was computed by a version that was changed since is another edition's."""
    told = replace(describe_monday(), version="0.1.0", sources="0123456789abcdef" * 4)
    assert told.edition == "0.1.0+0123456789ab"


def test_the_digest_of_sources_is_over_all_modules_with_their_names(tmp_path):
    """The digest is SHA-256 over each module's name and content with their lengths, in the order of names."""
    (tmp_path / "one" / "part").mkdir(parents=True)
    (tmp_path / "one" / "part" / "b.py").write_bytes(b"x = 1\n")
    (tmp_path / "one" / "a.py").write_bytes(b"")
    (tmp_path / "one" / "page.html").write_bytes(b"<p>")
    by_hand = sha256(b"8 one/a.py 0 " + b"13 one/part/b.py 6 x = 1\n").hexdigest()
    assert digest_of_sources(tmp_path / "one") == by_hand


def test_a_changed_module_changes_the_identity(tmp_path):
    """One byte of one module, or its name."""
    package = tmp_path / "one"
    package.mkdir()
    module = package / "a.py"
    module.write_bytes(b"x = 1\n")
    before = digest_of_sources.__wrapped__(package)
    module.write_bytes(b"x = 2\n")
    changed = digest_of_sources.__wrapped__(package)
    module.rename(package / "b.py")
    assert len({before, changed, digest_of_sources.__wrapped__(package)}) == 3


def test_a_run_knows_the_sources_of_simulator_and_ministry():
    """The modules of both packages are in the digest."""
    told = describe_monday().sources
    packages = [Path(sim.__file__).parent, Path(mockgov.__file__).parent]
    assert told == digest_of_sources(*packages) != digest_of_sources(packages[0])


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
