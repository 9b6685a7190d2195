"""A run that could not finish says so before it begins."""

import resource
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.nation.needs import GIB, NeedsError, _group_limits, free_bytes, needs_of, require, spoken
from tests.sim.nation.small import small


def test_the_nation_with_a_days_queries_stays_within_six_gibibytes() -> None:
    needs = needs_of(small("").__class__(name="n", question="How?", date=small().date))
    assert 2 * GIB < needs.bytes < 6 * GIB
    assert 30 < needs.seconds < 1_000


def test_more_people_days_and_queries_need_more() -> None:
    few = needs_of(small())
    more = small()
    people = needs_of(replace(more, population=replace(more.population, people=3_000_000)))
    days = needs_of(replace(more, nation=replace(more.nation, days=400)))
    quiet = needs_of(replace(more, nation=replace(more.nation, load=())))
    assert people.bytes > few.bytes > quiet.bytes
    assert days.seconds > few.seconds > quiet.seconds
    assert days.bytes == few.bytes


def test_what_fits_is_let_through() -> None:
    require(needs_of(small()), free_bytes=8 * GIB, hours=1)


def test_what_does_not_fit_is_refused_with_what_would_help() -> None:
    """Memory and time at once, each with what is needed, what there is, and the keys to change."""
    needs = needs_of(small())
    with pytest.raises(NeedsError) as refused:
        require(needs, free_bytes=GIB // 10, hours=0)
    said = str(refused.value)
    assert "GiB of memory and 0.1 GiB are free; set population.people lower" in said
    assert "may take 1 s; set nation.days" in said
    assert "--hours" in said


def test_what_does_not_fit_onto_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the folder, what it needs and what is free; a trace and a checkpoint need more."""
    scenario = small()
    few, traced = needs_of(scenario), needs_of(scenario, trace=True)
    longer = needs_of(replace(scenario, nation=replace(scenario.nation, days=200)))
    assert few.disk < traced.disk < longer.disk + traced.disk - few.disk
    assert needs_of(scenario, runs=3).disk == 3 * few.disk
    require(few, free_bytes=8 * GIB, hours=1, folder=tmp_path / "not" / "yet")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=few.disk))
    require(few, free_bytes=8 * GIB, hours=1, folder=tmp_path)
    with pytest.raises(NeedsError, match=rf"needs about 0\.01 GB in {tmp_path}, where 0\.01 GB are free; make room"):
        require(traced, free_bytes=8 * GIB, hours=1, folder=tmp_path)


def test_free_memory_is_told() -> None:
    assert GIB // 100 < free_bytes() < 1 << 50


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59, "59 s"), (150, "2.5 minutes"), (7_200, "2.0 hours"), (3e5, "3.5 days")]
)
def test_times_are_told_in_the_unit_that_fits(seconds: float, words: str) -> None:
    assert spoken(seconds) == words


def test_the_limits_of_a_process_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses less those in use; a limit that is passed leaves nothing, none at all leaves what the system has."""
    limits = {resource.RLIMIT_AS: (resource.RLIM_INFINITY,) * 2, resource.RLIMIT_DATA: (resource.RLIM_INFINITY,) * 2}
    monkeypatch.setattr(resource, "getrlimit", limits.__getitem__)
    unlimited = free_bytes()
    limits[resource.RLIMIT_AS] = (1 << 50, 1 << 50)
    assert free_bytes() <= unlimited < 1 << 50
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    limits[resource.RLIMIT_AS] = (used + (64 << 20), 1 << 50)
    assert 32 << 20 < free_bytes() < 96 << 20
    limits[resource.RLIMIT_DATA] = (1, 1)
    assert free_bytes() == 0


GROUPS = {
    "2, in a group": ("0::/user/mine", "user/mine/memory.max", "user/mine/memory.current"),
    "2, around it": ("0::/user/mine", "user/memory.max", "user/memory.current"),
    "2, a container's": ("0::/host/path", "memory.max", "memory.current"),
    "1": (
        "4:cpu,memory:/mine\n3:cpu:/",
        "memory/mine/memory.limit_in_bytes",
        "memory/mine/memory.usage_in_bytes",
    ),
}


@pytest.mark.parametrize("group", GROUPS)
def test_the_limits_of_control_groups_count(group: str, tmp_path: Path) -> None:
    """Of either version, of the group itself and of those around it."""
    line, most, current = GROUPS[group]
    (tmp_path / "cgroup").write_text(line + "\n", encoding="ascii")
    for name, number in ((most, 5_000), (current, 2_000)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"{number}\n", encoding="ascii")
    assert list(_group_limits(tmp_path / "cgroup", tmp_path)) == [3_000]
    (tmp_path / most).write_text("max\n", encoding="ascii")
    assert list(_group_limits(tmp_path / "cgroup", tmp_path)) == []
    assert list(_group_limits(tmp_path / "none", tmp_path)) == []
