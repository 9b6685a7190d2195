"""`hes clock`: how a span of time is written."""

import pytest

from mockgov.cli.calling import CommandError
from mockgov.cli.clock import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90s", 90), ("15m", 900), ("36h", 129_600), ("2d", 172_800), ("1w", 604_800), ("1d12h", 129_600), ("500ms", 0.5)],
)
def test_spans(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "2", "d", "2 d", "-2d", "2y", "1d,2h", "٢d"])
def test_what_is_no_span(text: str) -> None:
    """The refusal shows how to write one."""
    with pytest.raises(CommandError, match="write something like 90s"):
        seconds(text)
