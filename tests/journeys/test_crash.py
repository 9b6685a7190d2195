"""What is left when the server is killed: every answer's audit row, whole worlds, and no half of anything."""

import socket
import sqlite3
import threading
import time
from base64 import b64encode
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import Any, BinaryIO

import httpx2
import pytest

from tests.journeys.callers import BASES, BULK, OPERATIONS, Handset, expect
from tests.journeys.served import PATIENCE_S, Served, serving

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
        self.refused: list[bytes] = []
        self._address = address.removeprefix("http://").split(":")
        self._operation, self._ahead = operation, ahead
        self._groups = [codes[:BULK_CODES]] if operation in BULK else [[code] for code in codes]
        basic = b64encode(":".join(pair).encode()).decode()
        self._head = (
            f"POST {BASES['live']}{OPERATIONS[operation]} HTTP/1.1\r\nhost: hes\r\nauthorization: Basic {basic}\r\n"
        )

    def run(self) -> None:
        """Ask, read, count."""
        host, port = self._address
        under_way: deque[list[Row]] = deque()
        with (
            socket.create_connection((host, int(port)), PATIENCE_S) as line,
            line.makefile("rb") as answers,
        ):
            for rows, request in self._questions():
                try:
                    self.sent.update(rows)
                    line.sendall(request)
                    under_way.append(rows)
                    if len(under_way) == self._ahead:
                        status = read_answer(answers)
                        if status != b"HTTP/1.1 200 OK":
                            self.refused.append(status)
                        self.answered.update(under_way.popleft())
                except (ConnectionError, EOFError):
                    return

    def _questions(self) -> Iterator[tuple[list[Row], bytes]]:
        for group in cycle(self._groups):
            bodies = [f'{{"hes_code": "{code}"}}' for code in group]
            body = f"[{','.join(bodies)}]" if self._operation in BULK else bodies[0]
            rows = [(PURPOSE[self._operation], code) for code in group]
            yield rows, f"{self._head}content-length: {len(body)}\r\n\r\n{body}".encode()


def read_answer(answers: BinaryIO) -> bytes:
    """Status line of the next answer, once all of it is there. Raises EOFError at the end."""
    status, length = answers.readline(), 0
    while (line := answers.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if not line or len(answers.read(length)) < length:
        raise EOFError
    return status.rstrip()


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
        rows = database.execute("SELECT asked_us, asker, purpose, code, citizen_id, outcome, place FROM asked").fetchall()
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
    for _ in range(3):
        with Served(people=PEOPLE, data=tmp_path) as served:
            people = everybody(served)
            holders = {code["hes_code"]: person["citizen_id"] for person in people for code in person["codes"]}
            for total, now in zip((sent, answered), load(served, list(holders)), strict=True):
                total.update(now)
        assert file.with_name(file.name + "-wal").stat().st_size > 0
        with Served(people=PEOPLE, data=tmp_path) as served:
            kept = audit(file, holders)
            assert {row: (answered[row], kept[row]) for row in answered if kept[row] < answered[row]} == {}
            assert {row: (sent[row], kept[row]) for row in kept if kept[row] > sent[row]} == {}
            for bulk in ("bulk", "bulk-plus"):
                assert len({count for (purpose, _), count in kept.items() if purpose == bulk}) == 1
            assert everybody(served) == people
            use(served, people[0])
            assert served.stop() == (0, "")
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
        time.sleep(0.4)
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
