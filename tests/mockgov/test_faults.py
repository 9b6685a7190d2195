"""Misbehaviour on purpose: the same plan strikes the same requests, whoever else asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.faults import Delay, Fault, FaultError, FaultPlan, Misstate, Refuse
from mockgov.streams import Streams

HALF = (Refuse(share=0.5), Delay(share=0.5, milliseconds=10), Misstate(share=0.5))


def plan(*faults: Fault, seed: int = 1) -> FaultPlan:
    return FaultPlan(Streams(seed), faults)


def struck(faults: FaultPlan, requests: list[tuple[str, str]]) -> dict[tuple[str, str, int], tuple[Fault, ...]]:
    """What struck each logical request: asker, code, and how often that pair had come before."""
    seen: dict[tuple[str, str], int] = {}
    result = {}
    for asker, code in requests:
        nth = seen.get((asker, code), 0)
        seen[asker, code] = nth + 1
        result[asker, code, nth] = faults.strike("answer", asker, code)
    return result


def test_no_plan_strikes_nobody() -> None:
    assert not plan()
    assert plan().strike("answer", "A", "x") == ()


def test_share_0_and_1() -> None:
    """Never, and always."""
    faults = plan(Refuse(share=0), Misstate(share=1))
    assert faults
    assert all(faults.strike("answer", "A", str(n)) == (Misstate(share=1),) for n in range(100))


def test_a_share_of_requests_is_struck() -> None:
    """A tenth of ten thousand, six standard deviations allowed."""
    faults = plan(Misstate(share=0.1))
    assert abs(sum(bool(faults.strike("answer", "A", str(n))) for n in range(10_000)) - 1000) < 180


@given(st.permutations([(asker, code) for asker in "AB" for code in "xyz" for _ in range(3)]))
def test_the_order_of_requests_changes_nothing(requests: list[tuple[str, str]]) -> None:
    """One client or sixty-four, each asker's nth question about a code meets the same faults."""
    assert struck(plan(*HALF), requests) == struck(plan(*HALF), sorted(requests))


def test_stages_and_repetitions_are_struck_apart() -> None:
    """The same request again is another draw, and so is the same request at another stage."""
    faults = plan(Misstate(share=0.5))
    again = [bool(faults.strike("answer", "A", "x")) for _ in range(64)]
    assert 0 < sum(again) < 64
    assert [bool(plan(Misstate(share=0.5)).strike(stage, "A", "x")) for stage in "abcdefgh"] != [again[0]] * 8


def test_another_seed_strikes_others() -> None:
    requests = [("A", str(n)) for n in range(64)]
    assert struck(plan(*HALF), requests) == struck(plan(*HALF), requests)
    assert struck(plan(*HALF), requests) != struck(plan(*HALF, seed=2), requests)


def test_replacing_starts_over() -> None:
    faults = plan(*HALF)
    first = [faults.strike("answer", "A", "x") for _ in range(10)]
    faults.replace(HALF)
    assert [faults.strike("answer", "A", "x") for _ in range(10)] == first
    faults.replace(())
    assert not faults


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Misstate(share=-0.1), "must lie between 0 and 1"),
        (Misstate(share=1.1), "must lie between 0 and 1"),
        (Misstate(share=float("nan")), "must lie between 0 and 1"),
        (Refuse(share=1, status=200), "200 is no refusal; choose among 429, 500, 501"),
        (Refuse(share=1, status=430), "430 is no refusal"),
        (Refuse(share=1, status=599), "599 is no refusal"),
        (Refuse(share=1, retry_after_s=-1), "retry_after_s must be 0 or more"),
        (Delay(share=1, milliseconds=-1), "A delay must be 0 or more"),
    ],
)
def test_impossible_faults(fault: Fault, says: str) -> None:
    """A fault that cannot be is refused, and the plan in force stays."""
    faults = plan(*HALF)
    with pytest.raises(FaultError, match=says):
        faults.replace((Misstate(share=1), fault))
    assert faults.faults == HALF
    with pytest.raises(FaultError, match=says):
        plan(fault)
