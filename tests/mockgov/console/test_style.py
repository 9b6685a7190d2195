"""The console's own sheet: series can be told from their ground, and nothing is fetched."""

import re
from itertools import combinations
from pathlib import Path

import pytest

import mockgov.console
from tests.mockgov.pages.test_style import DARK, LIGHT, contrast

STYLE = (Path(mockgov.console.__file__).parent / "console.css").read_text(encoding="utf-8")
SERIES = [
    dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for block in re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
]


@pytest.mark.parametrize(("scheme", "series"), [(LIGHT, SERIES[0]), (DARK, SERIES[1])], ids=["light", "dark"])
def test_every_series_stands_out(scheme: dict[str, str], series: dict[str, str]) -> None:
    """3 to 1 from the sheet (WCAG 2.2, 1.4.11), and no two of one chart are one colour."""
    assert len(series) == 8
    for colour in series.values():
        assert contrast(colour, scheme["sheet"]) >= 3
    for chart in ("outcome", "channel"):
        colours = [colour for name, colour in series.items() if name.startswith(chart)]
        assert all(one != other for one, other in combinations(colours, 2))


def test_nothing_is_fetched_and_every_colour_is_known() -> None:
    """No font, picture or sheet comes from anywhere."""
    assert not re.search(r"url\(|@import|@font-face", STYLE)
    assert set(re.findall(r"var\(--([a-z-]+)\)", STYLE)) <= set(LIGHT) | set(SERIES[0])
