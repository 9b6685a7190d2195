"""Plans as text: everything that is wrong is told at once, with the name that was perhaps meant."""

import json
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.faults import FaultError, Refuse
from mockgov.faults.catalogue import CATALOGUE, ready
from mockgov.faults.kinds import KINDS, Channel, Cut, Delay, Fault, Law, Stage
from mockgov.faults.written import Known, digest, plain, read_faults

KNOWN = Known(
    routes=("/services/g2g/saglik/hes/check-hes-code", "/api/things/{number}", "Yukle"),
    institutions=("KURUM", "ÇINAR"),
)
TOML = """
[[faults]]
kind = "delay"
law = "lognormal"
median_ms = 150
p95_ms = 900
channel = ["http", "smtp"]
institution = "KURUM"
since = 2021-10-04T08:00:00+03:00

[[faults]]
kind = "refuse"
share = 0.25
on_s = 60
off_s = 540
tell_end = true
"""


def told(*faults: Any, known: Known | None = None) -> list[str]:
    """What is wrong with a plan."""
    with pytest.raises(FaultError) as refused:
        read_faults(list(faults), known)
    return list(refused.value.mistakes)


def test_a_plan_from_toml() -> None:
    """Every field in its type; one word stands for a list of one."""
    assert read_faults(tomllib.loads(TOML)["faults"], KNOWN) == (
        Delay(
            law=Law.LOGNORMAL,
            median_ms=150,
            p95_ms=900,
            channel=(Channel.HTTP, Channel.SMTP),
            institution=("KURUM",),
            since=datetime(2021, 10, 4, 5, tzinfo=UTC),
        ),
        Refuse(share=0.25, on_s=60, off_s=540, tell_end=True),
    )


def test_every_mistake_is_told_at_once() -> None:
    """Unknown kinds, fields and words with the nearest known name, wrong types, and what cannot be."""
    assert told(
        {"kind": "refus", "share": 1},
        {"share": 1},
        "refuse",
        {"kind": "delay", "millisecond": 5, "law": "uniformly", "share": "half", "stage": "receipt"},
        {"kind": "cut", "reset": 1, "share": True, "since": "yesterday"},
        {"kind": "refuse", "share": 2, "status": 200, "channel": ["sms", "smtp"]},
        {"kind": "half", "fraction": 1.5},
    ) == [
        "fault 1: there is no kind 'refus'; did you mean 'refuse'?",
        f"fault 2: `kind` is missing; there are {', '.join(KINDS)}",
        "fault 3: a fault is an object with a `kind`",
        "fault 4 (delay): it has no field 'millisecond'; did you mean 'milliseconds'?",
        "fault 4 (delay): `law` is one of constant, uniform, exponential, lognormal; did you mean 'uniform'?",
        "fault 4 (delay): `share` is a number, such as 0.25",
        "fault 5 (cut): `reset` is true or false",
        "fault 5 (cut): `share` is a number, such as 0.25",
        "fault 5 (cut): `since` is a moment, such as '2021-10-04T08:00:00+03:00'",
        "fault 6 (refuse): `share` must lie between 0 and 1",
        "fault 6 (refuse): a refuse strikes on http, kep_smtp, kep_soap, smpp, smtp, not on sms",
        "fault 6 (refuse): 200 is no refusal; choose among 429, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511",
        "fault 7 (half): `fraction` must lie between 0 and 1, and be less than 1",
    ]


def test_whom_nobody_knows() -> None:
    """A route or a name that is not there would never be struck: it is refused, with the nearest that is."""
    assert told(
        {"kind": "cut", "route": ["check-hes-cod", "/api/things/*", "yukle"], "institution": ["KURUN", "K*"]},
        known=KNOWN,
    ) == [
        "fault 1 (cut): nothing here has the route 'check-hes-cod'; did you mean 'check-hes-code'?",
        "fault 1 (cut): nothing here has the route 'yukle'; did you mean 'Yukle'?",
        "fault 1 (cut): nobody here is called 'KURUN'; did you mean 'KURUM'?",
    ]


@pytest.mark.parametrize("body", [None, 1, "x", {"kind": "cut"}])
def test_what_is_no_list(body: object) -> None:
    with pytest.raises(FaultError, match="a plan is a list of faults"):
        read_faults(body)


def test_a_plan_has_an_end() -> None:
    """A hundred faults; and at most twenty mistakes are told in words."""
    assert told(*[{"kind": "cut"}] * 101) == ["a plan has at most 100 faults; this one has 101"]
    with pytest.raises(FaultError, match="And 80 mistakes more") as refused:
        read_faults([{"kind": "x"}] * 100)
    assert len(refused.value.mistakes) == 100


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), st.lists))
def test_whatever_stands_in_a_field(value: object) -> None:
    """It is a fault or a mistake, and never anything else."""
    for name in ("share", "stage", "channel", "route", "since", "on_s", "status", "tell_end"):
        mistakes: Sequence[str] = ()
        try:
            (fault,) = read_faults([{"kind": "refuse", name: value}])
        except FaultError as refused:
            mistakes = refused.mistakes
        else:
            assert list(fault.mistakes()) == []
        assert all(mistake.startswith("fault 1 (refuse)") for mistake in mistakes)


@pytest.mark.parametrize("name", CATALOGUE)
def test_ready_plans_can_be_written_and_read(name: str) -> None:
    """Through JSON and back they are what they were, digest and all; and nothing is wrong with them."""
    faults = ready(name)
    back = read_faults(json.loads(json.dumps([plain(fault) for fault in faults])))
    assert back == faults
    assert digest(back) == digest(faults)
    assert CATALOGUE[name].meaning.endswith(".")
    assert CATALOGUE[name].teaches.endswith(".")


def test_every_kind_is_in_the_catalogue() -> None:
    """So that each can be tried without writing anything; no two plans are the same."""
    assert {fault.kind for one in CATALOGUE.values() for fault in one.faults} == set(KINDS)
    assert len({digest(one.faults) for one in CATALOGUE.values()}) == len(CATALOGUE)


def test_a_plan_of_the_catalogue_that_is_not_there() -> None:
    with pytest.raises(FaultError, match=r"there is no ready plan 'flaky-munday'; did you mean 'flaky-monday'\?"):
        ready("flaky-munday")


def test_a_digest_names_what_is_in_a_plan() -> None:
    """Another share, order, or aim is another plan; what stands at its default may be said or not."""
    some: list[tuple[Fault, ...]] = [(), (Cut(),), (Cut(share=0.5),), (Cut(), Refuse()), (Refuse(), Cut())]
    assert len({digest(faults) for faults in some}) == 5
    assert digest((Cut(stage=None, share=1),)) == digest((Cut(),))
    assert digest((Cut(stage=Stage.COUNTER),)) != digest((Cut(),))
