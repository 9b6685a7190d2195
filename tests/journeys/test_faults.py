"""Faults as an integrator meets them: the same ones however many ask, again when wanted, and over a restart."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import httpx2
import pytest

from tests.journeys.callers import Institution, expect, register
from tests.journeys.served import Served, hes, serving

CITIZEN = {"firstname": "Ayşe", "lastname": "Öz", "sex": "FEMALE", "birth_date": "1990-01-01", "province": 26}
PEOPLE = 40
TIMES = 3
PLAN = [
    {"kind": "refuse", "share": 0.1, "retry_after_s": 1},
    {"kind": "refuse", "share": 0.1, "status": 429, "stage": "answer"},
    {"kind": "delay", "share": 0.2, "law": "exponential", "mean_ms": 10},
    {"kind": "cut", "share": 0.1, "stage": "counter"},
    {"kind": "cut", "share": 0.1, "reset": True},
    {"kind": "half", "share": 0.1},
    {"kind": "drip", "share": 0.1, "chunk_bytes": 50, "every_ms": 2},
    {"kind": "wrong-type", "share": 0.1},
    {"kind": "misstate", "share": 0.2},
]
Outcome = tuple[int, str, bytes]
"""Status (0: the connection broke), tokens, body."""


class Firm:
    """An institution that asks about everybody, with one client or many."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client
        people = register(client, *(CITIZEN for _ in range(PEOPLE)))
        orders = [{"citizen_id": person["citizen_id"]} for person in people]
        self.codes = [one["hes_code"] for one in expect(client.post("/_lab/codes", json=orders), 201)]
        self.pair = Institution(client, "KURUM").pairs["live"]

    def at(self, client: httpx2.Client) -> "Firm":
        """The same at a fork of its world."""
        made = object.__new__(Firm)
        made.client, made.codes, made.pair = client, self.codes, self.pair
        return made

    def ask(self, code: str, client: httpx2.Client | None = None) -> Outcome:
        """One question, and what came of it."""
        try:
            answer = (client or self.client).post(
                "/services/g2g/saglik/hes/check-hes-code", json={"hes_code": code}, auth=self.pair
            )
        except httpx2.TransportError:
            return 0, "", b""
        return answer.status_code, answer.headers.get("x-hes-fault", ""), answer.content

    def ask_all(self, served: Served, world: str, clients: int) -> Mapping[tuple[str, int], Outcome]:
        """Every code three times; each code's turn is one client's, whoever is free."""
        waiting: SimpleQueue[str] = SimpleQueue()
        for code in self.codes if clients == 1 else reversed(self.codes):
            waiting.put(code)
        found: dict[tuple[str, int], Outcome] = {}
        wrong: list[BaseException] = []

        def work() -> None:
            try:
                with served.client(world) as client:
                    while True:
                        code = waiting.get_nowait()
                        for nth in range(TIMES):
                            found[code, nth] = self.ask(code, client)
            except Empty:
                pass
            except BaseException as error:  # noqa: BLE001  told by the test
                wrong.append(error)

        workers = [threading.Thread(target=work) for _ in range(clients)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert wrong == []
        return found


@pytest.fixture
def firm(client: httpx2.Client) -> Firm:
    return Firm(client)


@pytest.fixture
def forks(served: Served, world: str, firm: Firm) -> Iterator[Sequence[str]]:
    """Two copies of the world with the firm in it and a plan of many faults."""
    expect(firm.client.put("/_lab/faults", json=PLAN))
    names = [f"{world}-{nth}" for nth in range(2)]
    with served.client() as lab:
        for name in names:
            expect(lab.post(f"/_lab/worlds/{world}/fork", json={"to": name}), 201)
        yield names
        for name in names:
            lab.delete(f"/_lab/worlds/{name}")


def strikes(served: Served, world: str) -> list[tuple[str, str]]:
    """What the lab says has been struck, in no order."""
    with served.client(world) as client:
        struck = expect(client.get("/_lab/faults"))["struck"]
    return sorted((one["kind"], one["token"]) for one in struck)


def test_one_client_or_sixty_four(served: Served, firm: Firm, forks: Sequence[str]) -> None:
    """The same hundred and twenty requests meet the very same faults: statuses, tokens, bytes, broken connections."""
    alone = firm.ask_all(served, forks[0], 1)
    crowd = firm.ask_all(served, forks[1], 64)
    assert alone == crowd
    assert len(alone) == PEOPLE * TIMES
    statuses = [status for status, _, _ in alone.values()]
    assert set(statuses) == {0, 200, 429, 503}
    assert 10 < statuses.count(0) < 60
    assert sum(bool(tokens) for _, tokens, _ in alone.values()) > 20
    assert strikes(served, forks[0]) == strikes(served, forks[1])
    assert {kind for kind, _ in strikes(served, forks[0])} == {str(fault["kind"]) for fault in PLAN}


def test_a_fork_goes_on_where_its_world_stood(served: Served, world: str, firm: Firm) -> None:
    """Counting too: what the world would meet next, the fork meets."""
    expect(firm.client.put("/_lab/faults", json=[{"kind": "refuse", "share": 0.5}]))
    code = firm.codes[0]
    before = [firm.ask(code) for _ in range(5)]
    with served.client() as lab, served.client(f"{world}-fork") as client:
        expect(lab.post(f"/_lab/worlds/{world}/fork", json={"to": f"{world}-fork"}), 201)
        fork = firm.at(client)
        assert [fork.ask(code) for _ in range(20)] == [firm.ask(code) for _ in range(20)]
        expect(firm.client.put("/_lab/faults", json=[{"kind": "refuse", "share": 0.5}]))
        assert [firm.ask(code) for _ in range(5)] == before
        expect(firm.client.delete("/_lab/faults"))
        assert expect(client.get("/_lab/faults"))["faults"] == [{"kind": "refuse", "share": 0.5}]
        assert lab.delete(f"/_lab/worlds/{world}-fork").status_code == 204


def test_bursts_in_the_worlds_time(firm: Firm) -> None:
    """A minute in every ten, by the world's clock; whoever waits as long as told is answered."""
    expect(firm.client.put("/_lab/faults", json=[{"kind": "refuse", "on_s": 60, "off_s": 540, "tell_end": True}]))

    def ask() -> httpx2.Response:
        body = {"hes_code": firm.codes[0]}
        return firm.client.post("/services/g2g/saglik/hes/check-hes-code", json=body, auth=firm.pair)

    waits = []
    for _ in range(60):
        answer = ask()
        if answer.status_code == 503:
            waits.append(int(answer.headers["retry-after"]))
            expect(firm.client.post("/_lab/clock", json={"advance_s": waits[-1]}))
            assert ask().status_code == 200
        else:
            assert answer.status_code == 200
            assert "retry-after" not in answer.headers
        expect(firm.client.post("/_lab/clock", json={"advance_s": 30}))
    assert 2 <= len(waits) <= 4
    assert all(1 <= wait <= 60 for wait in waits)


def test_the_plan_outlives_the_server(tmp_path: Path) -> None:
    """After an orderly end with its counts; after a power cut too, and then it counts from the plan's beginning."""
    data = tmp_path / "data"
    with serving(data=data) as served, served.client() as client:
        firm = Firm(client)
        expect(
            client.put("/_lab/faults", json=[{"kind": "refuse", "share": 0.5}, {"kind": "delay", "milliseconds": 1}])
        )
        plan = expect(client.get("/_lab/faults")) | {"struck": []}
        first = [firm.ask(firm.codes[0]) for _ in range(8)]
        expect(client.put("/_lab/faults", json=plan["faults"]))
        assert [firm.ask(firm.codes[0]) for _ in range(4)] == first[:4]
    with Served(data=data) as served, served.client() as client:
        assert expect(client.get("/_lab/faults")) == plan
        assert [firm.at(client).ask(firm.codes[0]) for _ in range(4)] == first[4:]
        served.kill()
    with serving(data=data) as served, served.client() as client:
        assert expect(client.get("/_lab/faults")) == plan
        assert firm.at(client).ask(firm.codes[0])[0] in (200, 503)


def said(*words: str, **changes: str) -> str:
    done = hes(*words, **changes)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def test_by_command(served: Served, world: str, firm: Firm, tmp_path: Path) -> None:
    """Set from a file or by name, shown with the last strikes, replayed, cleared; a wrong plan is one clear line."""
    there = {"HES_URL": served.address}
    file = tmp_path / "plan.toml"
    file.write_text(
        '[[faults]]\nkind = "refuse"\nshare = 0.3\nroute = "check-hes-code"\nuntil = 2022-01-01T00:00:00+03:00\n'
    )
    line = "refuse share=0.3 route=check-hes-code until=2022-01-01T00:00:00+03:00"
    assert said("faults", "set", str(file), "--world", world, **there).splitlines()[1:] == [f"   1  {line}"]
    token = ""
    for code in firm.codes:
        status, token, _ = firm.ask(code)
        if status == 503:
            break
    shown = said("faults", "show", "--world", world, **there)
    assert token
    assert token in shown.splitlines()[2]
    while firm.ask(code)[0] == 503:
        pass
    assert said("replay", token, "--world", world, **there).splitlines() == [
        f"Fault 1 strikes that request again, once: {line}",
        "Make the same request again.",
    ]
    assert firm.ask(code)[:2] == (503, token)
    assert "(flaky-monday)" in said("faults", "set", "flaky-monday", "--world", world, **there)
    assert said("faults", "clear", "--world", world, **there) == "No faults.\n"
    assert said("faults", "show", "--world", world, **there) == "No faults.\n"
    assert "outages" in said("faults", "catalogue", **there)
    for words, says in refused(tmp_path, token):
        done = hes(*words, "--world", world, **there)
        assert (done.returncode, done.stdout) == (1, "")
        assert says in done.stderr
        assert done.stderr.count("\n") == 1


def refused(folder: Path, token: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Commands that cannot be, and what each is told."""
    bad, worse, other = folder / "bad.json", folder / "worse.toml", folder / "plan.yaml"
    bad.write_text('[{"kind": "refuze"}, {"kind": "cut", "shares": 1}]')
    worse.write_text("[[faults\n")
    other.write_text("faults: []\n")
    yield ("faults", "set", str(bad)), "did you mean 'refuse'? fault 2 (cut): it has no field 'shares'; did you mean"
    yield ("faults", "set", str(worse)), "cannot be read"
    yield ("faults", "set", str(other)), "neither .toml nor .json"
    yield ("faults", "set", "flaky"), "did you mean 'flaky-monday'?"
    yield ("replay", "x"), "no replay token"
    yield ("replay", token), "the plan in force is"


def test_whoever_is_not_aimed_at_is_left_alone(firm: Firm) -> None:
    """By institution and by route: another firm, and another question of the same one."""
    other = Institution(firm.client, "BAŞKA")
    body: list[dict[str, Any]] = [{"kind": "refuse", "institution": "KURUM", "route": "check-hes-code"}]
    expect(firm.client.put("/_lab/faults", json=body))
    assert firm.ask(firm.codes[0])[0] == 503
    assert other.status(firm.codes[0]) == "RISKLESS"
    many = firm.client.post(
        "/services/g2g/saglik/hes/check-hes-codes", json=[{"hes_code": firm.codes[0]}], auth=firm.pair
    )
    assert many.status_code == 200
