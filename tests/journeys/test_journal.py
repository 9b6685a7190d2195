"""`hes journal` and `hes explain` against a running ministry."""

import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.journeys.callers import expect
from tests.journeys.served import Served, hes


class Room:
    """A world of people and its journal, by command."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self.client = served.client("journal")

    def say(self, *words: str) -> CompletedProcess[str]:
        return hes(*words, "--url", f"{self._served.address}/w/journal")

    def run(self, *words: str, status: int = 0) -> str:
        done = self.say(*words)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def room(served: Served) -> Iterator[Room]:
    made = Room(served)
    with served.client() as lab, made.client:
        expect(lab.post("/_lab/worlds", json={"name": "journal", "seed": 5, "people": 20}), 201)
        yield made
        expect(lab.delete("/_lab/worlds/journal"), 204)


def test_listing_asserting_exporting_explaining(room: Room, tmp_path: Path) -> None:
    """What was asked a moment ago, from four sides."""
    assert room.run("journal") == ""
    assert "The journal is empty" in room.say("journal", "--operation", "C3").stderr
    people = expect(room.client.get("/_lab/people"))
    code = next(codes[0]["hes_code"] for one in people if (codes := one["codes"]))
    room.run("check", code)
    assert code in room.run("journal", "--code", code)
    nothing = room.say("journal", "--operation", "C1")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert "Nothing in the journal matches" in nothing.stderr
    strange = room.say("journal", "assert", "--purpose", "visitr", "--never")
    assert (strange.returncode, strange.stdout) == (1, "")
    assert "Did you mean visitor?" in strange.stderr
    asked = ("journal", "assert", "--operation", "C3", "--code", code)
    assert "it holds" in room.run(*asked, "--exactly", "1")
    missed = room.run(*asked, "--purpose", "visitor", status=1)
    assert "purpose was single, not visitor" in missed
    file = tmp_path / "run.har"
    room.run("journal", "har", str(file))
    assert json.loads(file.read_text(encoding="utf-8"))["log"]["version"] == "1.2"
    explained = room.run("explain", "--code", code, "--language", "tr")
    assert "code.issued: Kod " in explained


def test_the_root_says_what_it_counts(room: Room) -> None:
    """And how many of the lab's own exchanges it leaves out."""
    room.client.post("/api/send-code-to-login", json={"phone": "x"})
    room.client.post("/_lab/accounts/NOBODY/rotate")
    root, said = room.run("journal", "root").rstrip().split("  ")
    assert len(root) == 64
    assert said == "1 exchange of the numbers 1 to 2; 1 of the lab's own not counted (hes journal --protocol lab)"
