"""The shades of maps: readable, in order, and told apart by everybody, in the light and in the dark."""

import re
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pytest

from sim.report.tiles import SHADES
from tests.sim.report.test_style import CONES, EYES, OKLAB, contrast, linear


def shades(name: str) -> dict[str, np.ndarray]:
    """The shades as linear RGB: the first block of the style sheet is light, the second dark."""
    blocks = re.findall(r":root \{([^}]*--shade[^}]*)\}", (files("sim.report") / "nation.css").read_text("utf-8"))
    colours = re.findall(r"--([\w-]+): #([0-9a-f]{6})", blocks[("light", "dark").index(name)])
    return {key: linear(np.array(list(bytes.fromhex(text))) / 255) for key, text in colours}


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("shade", range(SHADES + 1))
def test_words_on_a_tile_can_be_read(name: str, shade: int) -> None:
    """WCAG 2.2, 1.4.3, level AA: 4.5 to 1."""
    colours = shades(name)
    assert contrast(colours[f"on-{shade}"], colours[f"shade-{shade}"]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_shades_are_in_order(name: str, eye: str) -> None:
    """Lightness alone tells more from less, for every eye: it falls on a light page and rises on a dark one."""
    colours = shades(name)
    seen = [np.clip(EYES[eye] @ colours[f"shade-{n}"], 0, 1) for n in range(1, SHADES + 1)]
    lightness = [float((OKLAB @ np.cbrt(CONES @ colour))[0]) for colour in seen]
    steps = [after - before for before, after in pairwise(lightness)]
    assert all(step <= -0.04 for step in steps) if name == "light" else all(step >= 0.04 for step in steps)
