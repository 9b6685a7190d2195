"""The plugin as an integrator has it: its own process, its own suite, in one worker or several."""

import json
import re
from pathlib import Path

import pytest

from tests.testing.suites import run_suite

CHECK = """
import pytest

def check(world, http, code):
    pair = world.pair()
    return http.post(pair.base + "check-hes-code", json={"hes_code": code.text}, auth=pair.auth)
"""
FAILING = (
    CHECK
    + """
@pytest.mark.hes(seed=3, people=9, start="2021-03-01T08:00:00+03:00")
def test_a_door(world, http, clock):
    code = world.code()
    clock.advance(days=8)
    check(world, http, code)
    http.get(f"/_lab/codes/{code.text}")
    assert check(world, http, code).status == 200
"""
)
MANY = (
    CHECK
    + """
import json, os

@pytest.mark.parametrize("nth", range(12))
@pytest.mark.hes(people=5)
def test_a_door(world, http, clock, nth):
    from mockgov.faults import Refuse
    world.plan(Refuse(share=0.5))
    seen = [check(world, http, world.code()).status for _ in range(8)]
    with open(os.environ["SEEN"], "a") as kept:
        kept.write(json.dumps([nth, seen, world.pair().password, world.people[0].firstname]) + "\\n")
"""
)


def test_a_failure_tells_which_world_it_was(tmp_path: Path) -> None:
    """Seed, clock, what makes it again, and what was asked; no whole code and no password."""
    run = run_suite(tmp_path, FAILING)
    assert run.returncode == 1
    told = run.stdout.partition("HES world")[2]
    assert '@pytest.mark.hes(seed=3, people=9, start="2021-03-01T08:00:00+03:00")' in told
    assert "2021-03-01 08:00:00 in Turkey, moved to 2021-03-09 08:00:00 in Turkey" in told
    assert re.search(r"http POST /services/g2g/saglik/hes/check-hes-code by \S+ -> 400 hescodehasbeenexpired", told)
    assert not re.search(r"[A-Z]\d[A-Z]\d{7}", told)


WRONG = {
    "seed='x', server=1": "seed must be 0 or more and below 2^63, not 'x'; server must be True or False",
    "sed=3": "leave out sed",
    "3": "takes keywords only",
    "settings={'bulk': 1}": "bulk is not a setting",
    "people=10**9": "people must be 0 to 200000",
    "start='2021-03-01'": "start must be a moment with a time zone",
}


def test_a_wrong_marker_says_what_is_wrong(tmp_path: Path) -> None:
    """Each, without a traceback."""
    tests = [f"@pytest.mark.hes({marker})\ndef test_{nth}(world): pass\n" for nth, marker in enumerate(WRONG)]
    run = run_suite(tmp_path, "import pytest\n" + "".join(tests))
    assert run.returncode == 1
    assert [said for said in WRONG.values() if said not in run.stdout] == []
    assert "templates.py" not in run.stdout


def test_a_suite_that_wants_no_world_pays_for_none(tmp_path: Path) -> None:
    """Nothing of the ministry is imported."""
    source = (
        "import sys\ndef test_a(): assert not [m for m in sys.modules if m.startswith(('mockgov.m', 'sqlalchemy'))]\n"
    )
    run = run_suite(tmp_path, source)
    assert run.returncode == 0, run.stdout


@pytest.mark.slow
def test_the_same_with_several_workers_or_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds, passwords, and which requests a fault strikes."""
    seen = {}
    for options in ((), ("-p", "xdist", "-n", "2")):
        kept = tmp_path / f"seen{len(seen)}"
        monkeypatch.setenv("SEEN", str(kept))
        run = run_suite(tmp_path, MANY, *options)
        assert run.returncode == 0, run.stdout
        seen[options] = sorted(json.loads(line) for line in kept.read_text().splitlines())
    first, other = seen.values()
    assert len(first) == 12
    assert other == first
    assert len({tuple(statuses) for _, statuses, *_ in first}) == 1
    assert {200, 503} == set(first[0][1])
