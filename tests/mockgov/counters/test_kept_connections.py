"""Connections that are used again and again: the same head with another body, and what changes in between."""

import json
import time
from itertools import pairwise
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mockgov.counters.gate import BULK, CHECK, Gate, kind
from tests.mockgov.counters.town import LABEL, basic
from tests.serving import Wire, request


def test_the_same_head_again(gate: Gate) -> None:
    """Another body under the same head is another question, whole or in pieces, good or not."""
    good = [json.dumps({"hes_code": code}).encode() for code in gate.codes]
    unknown = b'{"hes_code": "A1B2345617"}'
    broken = b"{" + b" " * (len(good[0]) - 1)
    assert {len(body) for body in (*good, unknown, broken)} == {len(good[0])}
    with gate.connect() as wire:
        for body, status in [(one, 200) for one in good] + [(unknown, 400), (broken, 400), (good[0], 200)]:
            wire.send(gate.hot(body))
            assert wire.answer().status == status
        whole = gate.hot(good[1])
        wire.send(whole[:-4], whole[-4:])
        wire.send(whole + whole[:-4], whole[-4:] + whole)
        wire.send(gate.hot(good[0] + b" ") + gate.cold() + whole)
        assert [kind(wire.answer()) for _ in range(7)] == ["RISKLESS"] * 5 + ["default", "RISKLESS"]


@given(
    order=st.lists(
        st.sampled_from(["good", "other", "unknown", "broken", "bulk", "cold", "wrong", "again"]), max_size=12
    ),
    cuts=st.lists(st.integers(0, 5000), max_size=8),
)
@settings(max_examples=60)
def test_any_requests_in_any_pieces(gate: Gate, order: list[str], cuts: list[int]) -> None:
    """Whatever was asked in whatever packets: as many answers, in order, each as if it had been asked alone."""
    ways = {
        "good": (gate.hot(), 200),
        "other": (gate.hot({"hes_code": gate.codes[1]}), 200),
        "unknown": (gate.hot({"hes_code": "A1B2345617"}), 400),
        "broken": (gate.hot(b"{"), 400),
        "bulk": (gate.hot([{"hes_code": gate.codes[0]}], BULK), 200),
        "cold": (gate.cold(), 200),
        "wrong": (gate.hot(authorization="Basic !"), 401),
        "again": (gate.hot(path="/w/default" + CHECK), 200),
    }
    sent = b"".join(ways[name][0] for name in order)
    places = [0, *sorted(cut % (len(sent) + 1) for cut in cuts), len(sent)]
    with gate.connect() as wire:
        for begin, end in pairwise(places):
            wire.send(sent[begin:end])
            time.sleep(0.001)
        assert [wire.answer().status for _ in order] == [ways[name][1] for name in order]


def test_a_body_that_looks_like_a_request(gate: Gate) -> None:
    """Is a body; what follows it is the next request, and nobody is answered for a request never sent."""
    inner = gate.hot()
    with gate.connect() as wire:
        for _ in range(3):
            wire.send(gate.hot(inner))
            assert wire.answer().status == 400
        wire.send(gate.hot())
        assert kind(wire.answer()) == "RISKLESS"


def test_a_kept_connection_keeps_no_rights(own_gate: Gate) -> None:
    """A new password, a revocation, a lock, a fault: all count from the next request on an open connection."""
    lab, name = own_gate.town, f"{LABEL}-G2G-HES"

    def control(method: str, path: str, body: object = None) -> object:
        with own_gate.connect() as other:
            other.send(request(method, path, b"" if body is None else json.dumps(body).encode()))
            return json.loads(other.answer().body)

    def asked(wire: Wire, **headers: str) -> int:
        wire.send(own_gate.hot(**headers))
        return wire.answer().status

    with own_gate.connect() as wire:
        assert [asked(wire) for _ in range(3)] == [200] * 3
        control("PUT", "/_lab/faults", [{"kind": "refuse", "share": 1, "status": 503}])
        assert asked(wire) == 503
        control("PUT", "/_lab/faults", [{"kind": "misstate", "share": 1}])
        wire.send(own_gate.hot())
        assert kind(wire.answer()) == "RISKY"
        control("PUT", "/_lab/faults", [])
        assert [asked(wire) for _ in range(3)] == [200] * 3
        account = control("POST", f"/_lab/accounts/{quote(name)}/rotate")
        assert [asked(wire) for _ in range(3)] == [401] * 3
        fresh = {"authorization": basic(name, account["password"])}
        assert [asked(wire, **fresh) for _ in range(3)] == [200] * 3
        assert [asked(wire, authorization=basic(name, "wrong")) for _ in range(5)] == [401] * 5
        assert [asked(wire, **fresh) for _ in range(2)] == [401] * 2
        control("POST", "/_lab/clock", {"advance_s": 900})
        assert [asked(wire, **fresh) for _ in range(3)] == [200] * 3
        control("POST", f"/_lab/accounts/{quote(name)}/revoke")
        assert [asked(wire, **fresh) for _ in range(2)] == [401] * 2
    assert lab.ministry.queries.count() == 13


def test_a_kept_connection_meets_the_world_that_is_there(own_gate: Gate) -> None:
    """A world dropped and made anew under its name is another world, also for a connection that knew the old one."""

    def make(seed: int) -> tuple[bytes, str]:
        with own_gate.connect() as other:
            body = json.dumps({"name": "short", "seed": seed, "people": 5}).encode()
            other.send(request("POST", "/_lab/worlds", body) + request("GET", "/w/short/_lab/accounts"))
            assert other.answer().status == 201
            account = json.loads(other.answer().body)[0]
            other.send(request("GET", "/w/short/_lab/people"))
            code = json.loads(other.answer().body)[0]["codes"][0]["hes_code"]
        header = {"authorization": basic(account["username"], account["password"])}
        return request("POST", "/w/short" + CHECK, json.dumps({"hes_code": code}).encode(), header), code

    with own_gate.connect() as wire, own_gate.connect() as control:
        statuses = []
        for seed in (2, 3):
            sent, _ = make(seed)
            for _ in range(3):
                wire.send(sent)
                statuses.append(wire.answer().status)
            control.send(request("DELETE", "/_lab/worlds/short"))
            assert control.answer().status == 204
            wire.send(sent)
            statuses.append(wire.answer().status)
        old, _ = make(2)
        wire.send(old)
        statuses.append(wire.answer().status)
        assert statuses == [200, 200, 200, 404] * 2 + [200]
