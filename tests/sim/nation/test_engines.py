"""Whether a run has to wait for the compiler is known before it begins."""

from types import SimpleNamespace

import pytest

from sim.nation import engines, recorded
from tests.sim.nation.small import provenance, small


def kept(overloads: object) -> SimpleNamespace:
    """A compiled loop, with what is on disk of it."""

    def load() -> object:
        if isinstance(overloads, Exception):
            raise overloads
        return overloads

    return SimpleNamespace(_cache=SimpleNamespace(_cache_file=SimpleNamespace(_load_index=load)))


@pytest.mark.parametrize(
    ("loops", "compiled"),
    [
        ([kept({"signature": 1}), kept({"signature": 2})], True),
        ([kept({"signature": 1}), kept({})], False),
        ([kept({"signature": 1}), kept(ValueError("half a file"))], False),
        ([lambda: None], True),
    ],
    ids=["both", "one is stale", "one is damaged", "plain Python"],
)
def test_all_loops_have_to_be_there(loops: list[object], compiled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_loops", lambda **_: loops)
    assert engines.are_compiled(queries=True) is compiled


def test_after_a_run_they_are_there_and_before_it_is_said(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line if they are not, none if they are."""
    for compiled, lines in ((False, [engines.COMPILING]), (True, [])):
        monkeypatch.setattr(recorded, "are_compiled", lambda *, queries, told=compiled: told and queries)
        folder, noted = tmp_path_factory.mktemp("run"), []
        means = recorded.Means(folder=folder / "run", cache=folder / "cache")
        recorded.record(small(), 7, provenance(), means, note=noted.append)
        assert noted == lines
    monkeypatch.undo()
    assert engines.are_compiled(queries=True)
