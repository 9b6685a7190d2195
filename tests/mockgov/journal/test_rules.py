"""Which exchange is meant, what comes nearest, and how a transcript is summed up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.journal.asserting import bounds, found
from mockgov.journal.messages import Exchange, Part, Search
from mockgov.journal.rules import BadAssertion, differences, is_meant
from mockgov.journal.transcript import leaf, root_of

AT = datetime(2021, 10, 4, 5, tzinfo=UTC)
ONE = Exchange(
    number=7,
    at=AT,
    protocol="http",
    operation="C3",
    method="POST",
    path="/services/g2g/saglik/hes/check-hes-code",
    asker="ÇINAR-G2G-HES",
    subjects=("A1B2345617",),
    purpose="single",
    status=400,
    refusal="hescodenotfound",
    cause="",
    fault="",
    request=Part(head=(("content-type", "application/json"),), body='{"hes_code":"A1B2345617"}', size=25),
    response=Part(body='{"errorKey":"hescodenotfound","title":"Bulunamadı"}'),
)


@pytest.mark.parametrize(
    "search",
    [
        Search(),
        Search(protocol="http", operation="c3", method="post"),
        Search(operation="/services/g2g/saglik/hes/check-hes-code"),
        Search(asker="ÇINAR"),
        Search(asker="ÇINAR-G2G-HES"),
        Search(code="a1b2-3456-17"),
        Search(status=400, refusal="any", fault="none"),
        Search(refusal="hescodenotfound"),
        Search(since=AT, until=AT + timedelta(seconds=1)),
        Search(text="bulunamadı"),
        Search(text="APPLICATION/json"),
    ],
)
def test_what_is_meant(search: Search) -> None:
    assert is_meant(ONE, search)


@pytest.mark.parametrize(
    ("search", "field"),
    [
        (Search(protocol="smtp"), "protocol"),
        (Search(operation="C1"), "operation"),
        (Search(asker="ÇINA"), "asker"),
        (Search(code="A1B2345618"), "code"),
        (Search(purpose="visitor"), "purpose"),
        (Search(status=200), "status"),
        (Search(refusal="none"), "refusal"),
        (Search(fault="any"), "fault"),
        (Search(since=AT + timedelta(microseconds=1)), "since"),
        (Search(until=AT), "until"),
        (Search(text="zebra"), "text"),
    ],
)
def test_what_is_not(search: Search, field: str) -> None:
    """And what differs is told by name, with what was there."""
    (differs,) = differences(ONE, search)
    assert differs.field == field
    assert differs.was


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        ({}, (1, None)),
        ({"exactly": 1}, (1, 1)),
        ({"at_least": 2}, (2, None)),
        ({"at_most": 2}, (0, 2)),
        ({"at_least": 1, "at_most": 3}, (1, 3)),
        ({"never": True}, (0, 0)),
    ],
)
def test_bounds(wanted: dict[str, int], allowed: tuple[int, int | None]) -> None:
    assert bounds(**{"exactly": None, "at_least": None, "at_most": None, "never": False} | wanted) == allowed


@pytest.mark.parametrize(
    "wanted", [{"exactly": 1, "at_least": 1}, {"at_least": 3, "at_most": 2}, {"never": True, "exactly": 1}]
)
def test_contradictions_are_refused(wanted: dict[str, int]) -> None:
    with pytest.raises(BadAssertion):
        bounds(**{"exactly": None, "at_least": None, "at_most": None, "never": False} | wanted)


def test_the_nearest_misses_differ_least() -> None:
    """Told only where nothing matches; those with fewer differences first."""
    far = replace(ONE, number=1, operation="C1", status=200, purpose="visitor")
    near = replace(ONE, number=2, status=200)
    finding = found([far, near], Search(operation="C3", status=400, purpose="single"), 1, None)
    assert not finding.holds
    assert [miss.exchange.number for miss in finding.nearest] == [2, 1]
    assert [one.field for one in finding.nearest[0].differences] == ["status"]
    held = found([far, near, ONE], Search(operation="C3", status=400), 1, 1)
    assert (held.holds, held.count, held.nearest) == (True, 1, ())


def test_never_holds_where_nothing_matches() -> None:
    assert found([ONE], Search(operation="C6"), 0, 0).holds
    assert not found([ONE], Search(operation="C3"), 0, 0).holds


def test_the_root_of_few() -> None:
    """As RFC 6962, section 2.1, has it."""
    a, b, c = (sha256(bytes([n])).digest() for n in range(3))
    first, second, third = sorted((a, b, c))
    assert root_of([]) == sha256(b"").hexdigest()
    assert root_of([a]) == a.hex()
    pair = sha256(b"\x01" + first + second).digest()
    assert root_of([c, a, b]) == sha256(b"\x01" + pair + third).hexdigest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40), st.randoms(use_true_random=False))
def test_the_root_knows_no_order(leaves: Sequence[bytes], chance: object) -> None:
    mixed = list(leaves)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert root_of(mixed) == root_of(leaves)


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True), st.data())
def test_any_other_leaf_is_another_root(leaves: list[bytes], data: st.DataObject) -> None:
    """Changed, left out or doubled."""
    at = data.draw(st.integers(0, len(leaves) - 1))
    flipped = bytes([leaves[at][0] ^ 1]) + leaves[at][1:]
    root = root_of(leaves)
    assert root_of([*leaves[:at], flipped, *leaves[at + 1 :]]) != root
    assert root_of([*leaves[:at], *leaves[at + 1 :]]) != root
    assert root_of([*leaves, leaves[at]]) != root


def test_a_leaf_is_what_was_said_and_not_when_it_was_served() -> None:
    """Numbers of exchanges and running numbers of services do not count, nor spaces in JSON; words do."""
    same = replace(ONE, number=99, request=Part(body='{ "hes_code": "A1B2345617" }'), cause="x")
    assert leaf(same, with_moment=True) == leaf(ONE, with_moment=True)
    later = replace(ONE, at=AT + timedelta(seconds=1))
    assert leaf(later, with_moment=False) == leaf(ONE, with_moment=False)
    assert leaf(later, with_moment=True) != leaf(ONE, with_moment=True)
    sent = [replace(ONE, response=Part(body=f'{{"message_id":"{n}","parts":1}}')) for n in (1, 2)]
    assert leaf(sent[0], with_moment=True) == leaf(sent[1], with_moment=True)
    other = replace(ONE, response=Part(body='{"errorKey":"hescodenotfound","title":"Başka"}'))
    assert leaf(other, with_moment=True) != leaf(ONE, with_moment=True)
