"""The colours: readable by everybody, in the light and in the dark."""

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

from sim.report.drawing import THEME

# Machado, Oliveira and Fernandes 2009, table 1, severity 1, on linear RGB.
EYES = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
}
# Ottosson 2020: linear sRGB to cone responses, and their cube roots to Oklab.
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def theme(name: str) -> dict[str, np.ndarray]:
    """The theme's colours as linear RGB, read from the style sheet: the first block is light, the second dark."""
    blocks = re.findall(r":root \{([^}]*--page[^}]*)\}", (files("sim.report") / "style.css").read_text("utf-8"))
    colours = re.findall(r"--([\w-]+): #([0-9a-f]{6})", blocks[("light", "dark").index(name)])
    return {key: linear(np.array(list(bytes.fromhex(text))) / 255) for key, text in colours}


def linear(rgb: np.ndarray) -> np.ndarray:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """WCAG 2.2's contrast ratio."""
    dark, light = sorted(float(colour @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_both_themes_have_every_colour_of_a_figure(name):
    assert set(THEME) <= theme(name).keys()


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "page"),
        ("ink", "surface"),
        ("muted", "page"),
        ("muted", "surface"),
        ("ink", "good-wash"),
        ("ink", "alert-wash"),
        ("good", "good-wash"),
        ("alert", "alert-wash"),
        ("alert", "surface"),
    ],
)
def test_text_can_be_read(name, text, ground):
    """WCAG 2.2, 1.4.3, level AA: 4.5 to 1."""
    colours = theme(name)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("series", range(1, 9))
def test_series_stand_out_from_the_ground(name, series):
    """WCAG 2.2, 1.4.11: 3 to 1."""
    colours = theme(name)
    assert contrast(colours[f"series-{series}"], colours["surface"]) >= 3


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_series_can_be_told_apart(name, eye):
    """By whoever sees no red or no green as well: at least 0.1 in Oklab between any two."""
    colours = theme(name)
    seen = [np.clip(EYES[eye] @ colours[f"series-{series}"], 0, 1) for series in range(1, 9)]
    places = [OKLAB @ np.cbrt(CONES @ colour) for colour in seen]
    assert min(np.linalg.norm(one - other) for one, other in combinations(places, 2)) >= 0.1
