"""Tables painted in shades: a tile for each province roughly where it lies, or for each hour and channel.

Shades are classes of about equally many tiles, seven at most, so one province that is far from the others does not make
these look alike. Every tile has its words, which a browser shows when it is pointed at and reads out.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from markupsafe import Markup, escape

from mockgov.vocabulary.province import PROVINCES
from mockgov.vocabulary.tile_map import COLUMNS, PLACES
from sim.report.drawing import NARROW, WIDE, Shape

SHADES = 7
SHORT = {
    3: "Afyon",
    10: "B.kesir",
    17: "Ç.kale",
    21: "D.bakır",
    26: "E.şehir",
    27: "G.antep",
    29: "G.hane",
    37: "K.monu",
    39: "K.lareli",
    46: "K.maraş",
    63: "Ş.urfa",
    67: "Z.guldak",
    71: "K.kale",
}
"""Names that are too long for a tile."""
NAMES = {each.plate: each.name for each in PROVINCES}
GAP_PX = 2
LONG = 7
"""Letters above which a word on a tile is written smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """An entry of a legend: a class, and the values in it."""

    number: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """A painted table ready for the page: its two drawings and its words."""

    name: str
    title: str
    alternative: str
    shades: tuple[Shade, ...]
    drawings: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tile:
    row: int
    column: int
    label: str
    value: str
    words: str
    shade: int


def province_map(name: str, title: str, values: Mapping[int, float], say: Callable[[float], str]) -> Tiles:
    """A map of the provinces: a value for each plate, and how it is said."""
    edges = classes(values.values())
    highest, lowest = (choose(values, key=lambda plate: values[plate]) for choose in (max, min))

    def paint(shape: Shape) -> Markup:
        is_wide = shape is WIDE
        tiles = [
            _Tile(
                row=PLACES[plate][0],
                column=PLACES[plate][1],
                label=SHORT.get(plate, NAMES[plate]) if is_wide else f"{plate:02}",
                value=say(value) if is_wide else "",
                words=f"{NAMES[plate]}: {say(value)}",
                shade=shade_of(value, edges),
            )
            for plate, value in sorted(values.items(), key=lambda item: PLACES[item[0]])
        ]
        size = (shape.width / COLUMNS, 46.0 if is_wide else 28.0)
        return _svg(shape, name, (title, _alternative()), tiles, size=size)

    def _alternative() -> str:
        return (
            f"A tile for each of {len(values)} provinces. Highest: {NAMES[highest]} with {say(values[highest])}; "
            f"lowest: {NAMES[lowest]} with {say(values[lowest])}."
        )

    return _tiles(name, title, _alternative(), _legend(edges, values.values(), say), paint)


def heat_map(name: str, title: str, rows: Mapping[str, Sequence[int]], say: Callable[[float], str], unit: str) -> Tiles:
    """Hours across and a row for each name; in the narrow shape hours go down. Where there is nothing, nothing is."""
    hours = len(next(iter(rows.values())))
    some = [value for row in rows.values() for value in row if value]
    edges = classes(some)
    peak = max(((row, hour) for row in rows for hour in range(hours)), key=lambda place: rows[place[0]][place[1]])
    words = (
        f"{len(rows)} rows by {hours} hours. Most in the hour from {peak[1]:02}:00 in {peak[0]}, with "
        f"{rows[peak[0]][peak[1]]:,} {unit}."
    )

    def paint(shape: Shape) -> Markup:
        is_wide = shape is WIDE
        tiles = []
        for place, (row, values) in enumerate(rows.items()):
            for hour, value in enumerate(values):
                across, down = (hour, place) if is_wide else (place, hour)
                told = f"{row}, {hour:02}:00: {value:,} {unit}"
                text = say(value) if value else ""
                shade = shade_of(value, edges) if value else 0
                tiles.append(_Tile(row=down, column=across, label="", value=text, words=told, shade=shade))
        left, top = (96, 22) if is_wide else (30, 64)
        heads = [f"{hour:02}" for hour in range(hours)]
        over, beside = (heads, list(rows)) if is_wide else (list(rows), heads)
        right = 0 if is_wide else 18  # for the last slanted name
        size = ((shape.width - left - right) / len(over), 30.0 if is_wide else 20.0)
        names = _names(over, beside, (left, top), size, slanted=not is_wide)
        return _svg(shape, name, (title, words), tiles, size=size, origin=(left, top), names=names)

    return _tiles(name, title, words, _legend(edges, some, say), paint)


def classes(values: Iterable[float]) -> list[float]:
    """The lowest value of each class: of about equally many values each, and each with another value."""
    ordered = np.sort(np.array(list(values), np.float64))
    if not ordered.size:
        return []
    starts = [ordered[ordered.size * shade // SHADES] for shade in range(SHADES)]
    return [float(start) for start in dict.fromkeys(starts)]


def shade_of(value: float, edges: Sequence[float]) -> int:
    """The class of a value, from 1; fewer classes than `SHADES` are spread over all shades."""
    place = int(np.searchsorted(edges, value, side="right"))
    return 1 + round((max(place, 1) - 1) * (SHADES - 1) / max(len(edges) - 1, 1))


def _legend(edges: Sequence[float], values: Iterable[float], say: Callable[[float], str]) -> list[Shade]:
    if not edges:
        return []
    ordered = sorted(values)
    last = [max(value for value in ordered if value < end) for _, end in pairwise(edges)] + [ordered[-1]]
    said = [(say(first), say(end)) for first, end in zip(edges, last, strict=True)]
    return [
        Shade(number=shade_of(first, edges), words=low if low == high else f"{low} – {high}")
        for first, (low, high) in zip(edges, said, strict=True)
    ]


def _tiles(name: str, title: str, words: str, shades: list[Shade], paint: Callable[[Shape], Markup]) -> Tiles:
    drawings = tuple(paint(shape) for shape in (WIDE, NARROW))
    return Tiles(name=name, title=title, alternative=words, shades=tuple(shades), drawings=drawings)


def _names(
    over: Sequence[str],
    beside: Sequence[str],
    origin: tuple[int, int],
    size: tuple[float, float],
    *,
    slanted: bool,
) -> str:
    """The names of columns and rows."""
    left, top = origin
    texts = []
    for place, words in enumerate(over):
        x, over_it = left + (place + 0.5) * size[0], top - 7
        turn = f' transform="rotate(-50 {x:.1f} {over_it})" text-anchor="start"' if slanted else ' text-anchor="middle"'
        texts.append(f'<text class="name" x="{x:.1f}" y="{over_it}"{turn}>{escape(words)}</text>')
    for place, words in enumerate(beside):
        y = top + (place + 0.5) * size[1] + 4
        texts.append(f'<text class="name" x="{left - 7}" y="{y:.1f}" text-anchor="end">{escape(words)}</text>')
    return "".join(texts)


def _svg(
    shape: Shape,
    name: str,
    title: tuple[str, str],
    tiles: Sequence[_Tile],
    *,
    size: tuple[float, float],
    origin: tuple[int, int] = (0, 0),
    names: str = "",
) -> Markup:
    height = origin[1] + size[1] * (1 + max(tile.row for tile in tiles))
    ids = f"{name}-{shape.name}"
    head = (
        f'<svg class="{shape.name} tiles-{shape.name}" viewBox="0 0 {shape.width} {height:.0f}" role="list" '
        f'aria-labelledby="{ids}-title {ids}-words"><title id="{ids}-title">{escape(title[0])}</title>'
        f'<desc id="{ids}-words">{escape(title[1])}</desc>{names}'
    )
    return Markup(head + "".join(_tile(tile, size, origin) for tile in tiles) + "</svg>")  # noqa: S704 - escaped


def _tile(tile: _Tile, size: tuple[float, float], origin: tuple[int, int]) -> str:
    x, y = origin[0] + tile.column * size[0], origin[1] + tile.row * size[1]
    wide, high = size[0] - GAP_PX, size[1] - GAP_PX
    middle = x + wide / 2
    lines = [line for line in (("label", tile.label), ("value", tile.value)) if line[1]]
    texts = "".join(
        f'<text class="{kind}{" long" if len(text) > LONG else ""}" x="{middle:.1f}" '
        f'y="{y + high / 2 + 4 + (place - (len(lines) - 1) / 2) * 15:.1f}" text-anchor="middle">{escape(text)}</text>'
        for place, (kind, text) in enumerate(lines)
    )
    return (
        f'<g class="tile s{tile.shade}" role="listitem" aria-label="{escape(tile.words)}">'
        f"<title>{escape(tile.words)}</title>"
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{high:.1f}" rx="3"/>{texts}</g>'
    )
