"""The map of tiles: every province once, about where it lies."""

import re

import numpy as np
import pytest

from mockgov.vocabulary.province import PROVINCES
from mockgov.vocabulary.tile_map import COLUMNS, PLACES, ROWS
from sim.report.tiles import SHADES, SHORT, classes, heat_map, province_map, shade_of

BORDERS = {
    1: (31, 33, 38, 46, 51, 80), 2: (21, 27, 44, 46, 63), 3: (15, 20, 26, 32, 42, 43, 64), 4: (13, 25, 36, 49, 65, 76),
    5: (19, 55, 60, 66), 6: (14, 18, 26, 40, 42, 68, 71), 7: (15, 32, 33, 42, 48, 70), 8: (25, 53, 75),
    9: (20, 35, 45, 48), 10: (16, 17, 35, 43, 45), 11: (14, 16, 26, 43, 54), 12: (21, 23, 24, 25, 49, 62),
    13: (49, 56, 65, 72), 14: (18, 26, 54, 67, 78, 81), 15: (20, 32, 48), 16: (41, 43, 54, 77), 17: (22, 59),
    18: (19, 37, 71, 78), 19: (37, 55, 57, 66, 71), 20: (45, 48, 64), 21: (23, 44, 47, 49, 63, 72), 22: (39, 59),
    23: (24, 44, 62), 24: (25, 28, 29, 44, 58, 62, 69), 25: (36, 49, 53, 61, 69, 75), 26: (42, 43),
    27: (31, 46, 63, 79, 80), 28: (29, 52, 58, 61), 29: (61, 69), 30: (65, 73), 31: (80,), 32: (42,), 33: (42, 51, 70),
    34: (39, 41, 59), 35: (45,), 36: (75, 76), 37: (57, 74, 78), 38: (46, 50, 51, 58, 66), 39: (59,),
    40: (50, 66, 68, 71), 41: (54, 77), 42: (51, 68, 70), 43: (45, 64), 44: (46, 58), 45: (64,), 46: (58, 80),
    47: (56, 63, 72, 73), 49: (72,), 50: (51, 66, 68), 51: (68,), 52: (55, 58, 60), 53: (61, 69), 54: (81,),
    55: (57, 60), 56: (65, 72, 73), 58: (60, 66), 60: (66,), 61: (69,), 65: (73,), 66: (71,), 67: (74, 78, 81),
    74: (78,),
}  # fmt: skip
"""Which provinces border on which, each pair once."""
PAIRS = [(plate, other) for plate, others in BORDERS.items() for other in others]


def apart(plate: int, other: int) -> int:
    """Steps of a king on the board from one tile to the other."""
    return max(abs(a - b) for a, b in zip(PLACES[plate], PLACES[other], strict=True))


def test_every_province_has_a_cell_of_its_own() -> None:
    assert sorted(PLACES) == list(range(1, 82))
    assert len(set(PLACES.values())) == 81
    assert {row for row, _ in PLACES.values()} == set(range(ROWS))
    assert {column for _, column in PLACES.values()} == set(range(COLUMNS))


def test_neighbours_are_near() -> None:
    """Four of five that border touch on the map, most others have one tile between them, and none is far."""
    steps = np.array([apart(*pair) for pair in PAIRS])
    assert np.mean(steps == 1) >= 0.8
    assert np.mean(steps <= 2) >= 0.98
    assert steps.max() <= 4


def test_tiles_side_by_side_are_neighbours() -> None:
    """Of tiles that share an edge, most share a border in truth."""
    beside = [
        (plate, other)
        for plate in PLACES
        for other in PLACES
        if plate < other and sum(abs(a - b) for a, b in zip(PLACES[plate], PLACES[other], strict=True)) == 1
    ]
    known = set(PAIRS) | {(other, plate) for plate, other in PAIRS}
    assert np.mean([pair in known for pair in beside]) >= 0.75


@pytest.mark.parametrize(
    ("axis", "plates"),
    [
        (1, (22, 34, 14, 19, 60, 25, 36)),  # Edirne, İstanbul, Bolu, Çorum, Tokat, Erzurum, Kars
        (1, (35, 3, 42, 1, 63, 30)),  # İzmir, Afyon, Konya, Adana, Şanlıurfa, Hakkâri
        (0, (57, 19, 66, 38, 1, 31)),  # Sinop, Çorum, Yozgat, Kayseri, Adana, Hatay
        (0, (39, 34, 16, 45, 48)),  # Kırklareli, İstanbul, Bursa, Manisa, Muğla
        (0, (75, 36, 76, 65, 30)),  # Ardahan, Kars, Iğdır, Van, Hakkâri
    ],
)
def test_directions_are_right(axis: int, plates: tuple[int, ...]) -> None:
    """From west to east, and from north to south."""
    along = [PLACES[plate][axis] for plate in plates]
    assert along == sorted(set(along))


def test_names_fit_their_tiles() -> None:
    """Eight letters at most."""
    assert all(len(SHORT.get(each.plate, each.name)) <= 8 for each in PROVINCES)


def test_a_map_names_every_tile_and_its_value() -> None:
    """For the pointer and for screen readers, wide and narrow."""
    tiles = province_map("part", "A part", {plate: plate / 100 for plate in PLACES}, lambda value: f"{value:.0%}")
    assert tiles.alternative == ("A tile for each of 81 provinces. Highest: Düzce with 81%; lowest: Adana with 1%.")
    for drawing in tiles.drawings:
        assert drawing.count("<title>") == 81
        assert '<g class="tile s3" role="listitem" aria-label="İstanbul: 34%"><title>İstanbul: 34%</title>' in drawing
    assert [shade.words for shade in tiles.shades][:2] == ["1% – 11%", "12% – 23%"]
    assert [shade.number for shade in tiles.shades] == list(range(1, SHADES + 1))


def test_equal_values_have_one_shade() -> None:
    """And a few values are spread over all shades."""
    assert classes([5.0] * 81) == [5.0]
    assert shade_of(5.0, [5.0]) == 1
    edges = classes([1.0, 2.0, 3.0])
    assert [shade_of(value, edges) for value in (1.0, 2.0, 3.0)] == [1, 4, 7]
    assert classes([]) == []


def test_a_heat_map_leaves_nothing_empty_but_what_is() -> None:
    """Hours across on a wide page and down on a narrow one."""
    rows = {"bulk": [9, *[0] * 23], "a <plus>": [0] * 12 + [1] * 12}
    tiles = heat_map("load", "Load", rows, str, "calls")
    assert tiles.alternative == "2 rows by 24 hours. Most in the hour from 00:00 in bulk, with 9 calls."
    for drawing in tiles.drawings:
        assert drawing.count("<title>") == 48
        assert drawing.count("tile s0") == 35
        assert "a &lt;plus&gt;, 23:00: 1 calls" in drawing
        assert "<plus>" not in drawing
    heights = [int(re.search(r'viewBox="0 0 \d+ (\d+)"', drawing)[1]) for drawing in tiles.drawings]
    assert heights == [82, 544]
