"""What is left when the server is killed: every answer's audit row, whole worlds, and no half of anything."""

import json
import sqlite3
import threading
import time
from base64 import b64encode
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.journeys.callers import BASES, BULK, OPERATIONS, Handset, expect
from tests.journeys.served import PATIENCE_S, Served, serving
from tests.serving import Answer, Wire, request

Row = tuple[str, str]
"""Purpose and code of a query."""

PURPOSE = {"C3": "single", "C4": "bulk", "C5": "single-plus", "C6": "bulk-plus"}
CALLERS = (("C3", 1), ("C3", 1), ("C3", 1), ("C3", 8), ("C5", 1), ("C5", 8), ("C4", 2), ("C6", 2))
"""Who loads the server: an operation each, and how many questions are under way at a time."""

LOAD_S = 1.0
PEOPLE = 200
BULK_CODES = 40


class Caller(threading.Thread):
    """Somebody on a raw socket who asks as fast as answers come, until the server is gone."""

    def __init__(self, address: str, pair: Sequence[str], operation: str, codes: Sequence[str], *, ahead: int) -> None:
        super().__init__()
        self.sent: Counter[Row] = Counter()
        self.answered: Counter[Row] = Counter()
        self.refused: list[Answer] = []
        self._port = int(address.rpartition(":")[2])
        self._operation, self._ahead = operation, ahead
        self._groups = [codes[:BULK_CODES]] if operation in BULK else [[code] for code in codes]
        self._headers = {"authorization": "Basic " + b64encode(":".join(pair).encode()).decode()}

    def run(self) -> None:
        """Ask, read, count."""
        under_way: deque[list[Row]] = deque()
        with Wire(self._port) as wire, suppress(ConnectionError, EOFError):
            for rows, question in self._questions():
                self.sent.update(rows)
                wire.send(question)
                under_way.append(rows)
                if len(under_way) == self._ahead:
                    answer = wire.answer()
                    if answer.status != 200:
                        self.refused.append(answer)
                    self.answered.update(under_way.popleft())

    def _questions(self) -> Iterator[tuple[list[Row], bytes]]:
        path = BASES["live"] + OPERATIONS[self._operation]
        for group in cycle(self._groups):
            codes = [{"hes_code": code} for code in group]
            body = json.dumps(codes if self._operation in BULK else codes[0]).encode()
            rows = [(PURPOSE[self._operation], code) for code in group]
            yield rows, request("POST", path, body, self._headers)


def load(served: Served, codes: Sequence[str]) -> tuple[Counter[Row], Counter[Row]]:
    """Let all callers ask, kill the server under them; what was sent, and what was answered."""
    with served.client() as lab:
        accounts = expect(lab.get("/_lab/accounts"))
    pair = next((one["username"], one["password"]) for one in accounts if one["environment"] == "live")
    callers = [Caller(served.address, pair, operation, codes, ahead=ahead) for operation, ahead in CALLERS]
    for caller in callers:
        caller.start()
    time.sleep(LOAD_S)
    served.kill()
    for caller in callers:
        caller.join(PATIENCE_S)
    assert [caller.refused for caller in callers] == [[]] * len(CALLERS)
    assert all(caller.answered for caller in callers)
    return sum((c.sent for c in callers), Counter()), sum((c.answered for c in callers), Counter())


def audit(file: Path, holders: Mapping[str, int]) -> Counter[Row]:
    """Rows for each purpose and code, in a file that must be sound and each of whose rows must be whole."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = database.execute(
            "SELECT asked_us, asker, purpose, code, citizen_id, outcome, place FROM asked"
        ).fetchall()
    kept: Counter[Row] = Counter()
    for asked_us, asker, purpose, code, citizen_id, outcome, place in rows:
        assert (asked_us, asker, place) == (1_633_323_600_000_000, "ANADOLU-GIDA-G2G-HES", None)
        assert citizen_id == holders[code]
        assert outcome in ("RISKLESS", "RISKY")
        kept[purpose, code] += 1
    return kept


def test_every_answer_has_its_row_when_the_server_is_killed(tmp_path: Path) -> None:
    """Killed three times under load, it has lost no row of an answer that arrived and invented none."""
    sent: Counter[Row] = Counter()
    answered: Counter[Row] = Counter()
    file = tmp_path / "default" / "ministry.sqlite"
    for deaths in range(4):
        with Served(people=PEOPLE, data=tmp_path) as served:
            people = everybody(served)
            holders = {code["hes_code"]: person["citizen_id"] for person in people for code in person["codes"]}
            kept = audit(file, holders)
            assert {row: (answered[row], kept[row]) for row in answered if kept[row] < answered[row]} == {}
            assert {row: (sent[row], kept[row]) for row in kept if kept[row] > sent[row]} == {}
            for bulk in ("bulk", "bulk-plus"):
                assert len({count for (purpose, _), count in kept.items() if purpose == bulk}) == min(deaths, 1)
            use(served, people[0])
            if deaths == 3:
                assert served.stop() == (0, "")
                break
            for total, now in zip((sent, answered), load(served, list(holders)), strict=True):
                total.update(now)
        assert file.with_name(file.name + "-wal").stat().st_size > 0
    assert answered.total() > 1_000


def everybody(served: Served) -> Sequence[dict[str, Any]]:
    """The people of the default world with their codes and statuses."""
    with served.client() as lab:
        return expect(lab.get("/_lab/people", params={"limit": PEOPLE}))


def use(served: Served, person: Mapping[str, Any]) -> None:
    """A world that was killed is an ordinary one: its people sign in, and it can be forked."""
    with served.client() as client:
        Handset(client, person).sign_in()
        fork = expect(client.post("/_lab/worlds/default/fork", json={"to": "copy"}), 201)
        assert fork | {"name": "default"} == expect(client.get("/_lab/world"))
        assert client.delete("/_lab/worlds/copy").status_code == 204


def test_a_world_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Killed while it makes a world of 20,000 people, the server knows none of that name, and makes it anew."""
    order = {"name": "town", "people": 20_000}
    with Served(data=tmp_path) as served:
        making = threading.Thread(target=broken_off, args=(served, order))
        making.start()
        unfinished = tmp_path / ".town.making" / "ministry.sqlite"
        end = time.monotonic() + PATIENCE_S
        while not unfinished.exists() and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(0.2)
        assert unfinished.exists()
        served.kill()
        making.join(PATIENCE_S)
    with serving(data=tmp_path) as again, again.client() as lab:
        assert [world["name"] for world in expect(lab.get("/_lab/worlds"))] == ["default"]
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "default"]
        assert expect(lab.post("/_lab/worlds", json=order), 201)["people"] == 20_000
        assert expect(lab.get("/w/town/_lab/people/20000"))["codes"] != []


def broken_off(served: Served, order: Mapping[str, object]) -> None:
    """Ask for a world, and never hear of it."""
    with served.client() as lab, pytest.raises(httpx2.TransportError):
        lab.post("/_lab/worlds", json=order)
