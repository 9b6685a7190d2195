"""`hes journal` and `hes explain` against a running ministry."""

import json
from pathlib import Path

from tests.journeys.served import Served, hes


def run(served: Served, *words: str, status: int = 0) -> str:
    done = hes(*words, "--url", served.address)
    assert done.returncode == status, done.stderr
    return done.stdout


def test_listing_asserting_exporting_explaining(served: Served, tmp_path: Path) -> None:
    """What was asked a moment ago, from four sides."""
    with served.client() as client:
        client.delete("/_lab/journal")
        assert run(served, "journal") == ""
        assert "The journal is empty" in hes("journal", "--operation", "C3", "--url", served.address).stderr
        code = next(codes[0]["hes_code"] for one in client.get("/_lab/people").json() if (codes := one["codes"]))
    run(served, "check", code)
    assert code in run(served, "journal", "--code", code)
    nothing = hes("journal", "--operation", "C1", "--url", served.address)
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "Nothing in the journal matches" in nothing.stderr
    strange = hes("journal", "assert", "--purpose", "visitr", "--never", "--url", served.address)
    assert (strange.returncode, strange.stdout) == (1, "")
    assert "Did you mean visitor?" in strange.stderr
    asked = ("journal", "assert", "--operation", "C3", "--code", code)
    assert "it holds" in run(served, *asked, "--exactly", "1")
    missed = run(served, *asked, "--purpose", "visitor", status=1)
    assert "purpose was single, not visitor" in missed
    file = tmp_path / "run.har"
    run(served, "journal", "har", str(file))
    assert json.loads(file.read_text(encoding="utf-8"))["log"]["version"] == "1.2"
    with served.client() as client:
        listed = client.get("/_lab/journal", params={"limit": 10_000}).json()
        client.post("/_lab/accounts/NOBODY/rotate")
    root, said = run(served, "journal", "root").rstrip().split("  ")
    assert len(root) == 64
    last = listed[0]["number"]
    counted = f"{len(listed)} exchange{'s' * (len(listed) > 1)} of "
    assert said.startswith(counted)
    assert said.endswith(f"to {last + 1}; 1 of the lab's own not counted (hes journal --protocol lab)")
    explained = run(served, "explain", "--code", code, "--language", "tr")
    assert "code.issued: Kod " in explained
