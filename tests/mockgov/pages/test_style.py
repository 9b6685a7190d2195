"""The style sheet can be read by everybody: contrast in light and dark, nothing fetched from elsewhere."""

import re
from pathlib import Path

import pytest

import mockgov.pages

STYLE = (Path(mockgov.pages.__file__).parent / "style.css").read_text(encoding="utf-8")
GROUNDS = ("ground", "sheet", "sunk")
INKS = ("ink", "soft", "mark", "good", "bad", "wait")
PALE = [("mark", "mark-pale"), ("good", "good-pale"), ("bad", "bad-pale"), ("wait", "wait-pale")]
PAIRS = [
    *((ink, ground) for ground in GROUNDS for ink in INKS),
    *PALE,
    *(("ink", pale) for _, pale in PALE),
    *(("soft", pale) for _, pale in PALE),
    ("on-mark", "mark"),
    ("on-tape", "tape"),
]
"""Inks and the grounds that they stand on."""
EDGES = [("edge", "ground"), ("edge", "sheet"), ("focus", "ground"), ("focus", "sheet")]
"""Borders of controls and the focus ring."""


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))


LIGHT, DARK = (
    colours(block) for block in re.match(r".*?:root \{(.*?)\n\}.*?:root \{(.*?)\n  \}", STYLE, re.DOTALL).groups()
)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_of_contrast() -> None:
    """Black on white is 21 to 1, and a grey that WCAG's own tools call 4.54."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_can_be_read_on_its_ground(scheme: dict[str, str]) -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text (1.4.3), 3 to 1 for borders of controls and the focus ring (1.4.11)."""
    assert {pair for pair in PAIRS if contrast(scheme[pair[0]], scheme[pair[1]]) < 4.5} == set()
    assert {pair for pair in EDGES if contrast(scheme[pair[0]], scheme[pair[1]]) < 3} == set()


def test_dark_has_every_colour_that_light_has() -> None:
    assert set(DARK) == set(LIGHT)
    assert len(LIGHT) == 19
    used = set(re.findall(r"var\(--([a-z-]+)\)", STYLE))
    assert used <= set(LIGHT)


def test_nothing_is_fetched() -> None:
    """No font, picture or sheet comes from anywhere."""
    assert not re.search(r"url\(|@import|@font-face", STYLE)
