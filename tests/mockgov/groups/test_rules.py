"""Names, counts and which rows are shown."""

from datetime import UTC, datetime

import pytest

from mockgov.groups.rules import (
    BadGroup,
    Kind,
    Outcome,
    Run,
    checked_description,
    checked_name,
    counted,
    problems,
)

OUTCOMES = [
    Outcome("A0A0000010", Kind.RISKLESS, "********123", 7),
    Outcome("A0A0000011", Kind.RISKY, "********456", 7),
    Outcome("A0A0000012", Kind.EXPIRED, "", 1),
    Outcome("A0A0000013", Kind.NOT_FOUND),
    Outcome("A0A0000014", Kind.RISKLESS, "********789", 7),
]


def test_a_name_is_kept_without_needless_blanks() -> None:
    assert checked_name("  5-A \t sınıfı ") == "5-A sınıfı"
    assert checked_name("x" * 100) == "x" * 100
    assert checked_description(" açıklama \n") == "açıklama"


@pytest.mark.parametrize("text", ["", " ", "x" * 101, "a\x00b"])
def test_an_impossible_name(text: str) -> None:
    with pytest.raises(BadGroup, match="1 to 100 characters"):
        checked_name(text)


@pytest.mark.parametrize("text", ["x" * 501, "a\x00b"])
def test_an_impossible_description(text: str) -> None:
    with pytest.raises(BadGroup, match="at most 500 characters"):
        checked_description(text)


def test_riskless_codes_are_only_counted() -> None:
    """The problem rows are shown, in the group's order."""
    assert counted(OUTCOMES) == {Kind.RISKLESS: 2, Kind.RISKY: 1, Kind.EXPIRED: 1, Kind.NOT_FOUND: 1}
    assert problems(OUTCOMES) == OUTCOMES[1:4]
    assert counted([]) == dict.fromkeys(Kind, 0)


def test_a_run_adds_up() -> None:
    at = datetime(2021, 10, 4, tzinfo=UTC)
    run = Run(run_id=1, group_id=1, asked_by=1, asked_at=at, riskless=4, risky=3, expired=2, not_found=1)
    assert (run.invalid, run.asked) == (3, 10)
