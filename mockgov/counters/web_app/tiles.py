"""The provinces' risk map as an SVG of tiles, each with its plate and its colour class."""

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup, escape

from mockgov.counters.mobile_app.country import LEVELS
from mockgov.pages.language import Language
from mockgov.risk_index.service import Incidence
from mockgov.vocabulary.province import PROVINCES
from mockgov.vocabulary.tile_map import COLUMNS, PLACES, ROWS

SIDE, GAP = 40, 3
NO_DATA = ("Bu dünyada oturan yok", "Nobody of this world lives there")


def tile_map(weeks: Sequence[Incidence], language: Language) -> Markup:
    """A tile for each province; what is on it is said to who cannot see it, and shown to who points at it."""
    known = {week.plate: week for week in weeks}
    width, height = COLUMNS * SIDE - GAP, ROWS * SIDE - GAP
    label = language.say("İllere göre risk haritası", "Risk map by province")
    tiles = "".join(_tiles(known, language))
    head = f'<svg class="tile-map" viewBox="0 0 {width} {height}" role="list" aria-label="{escape(label)}">'
    return Markup(f"{head}{tiles}</svg>")  # noqa: S704  escaped


def told(week: Incidence | None, language: Language) -> str:
    """A province's week in words."""
    if week is None:
        return language.say(*NO_DATA)
    _, turkish, english = LEVELS[week.colour]
    figure = written(week.per_100k, language)
    return language.say(f"100.000 kişide {figure} vaka, {turkish}", f"{figure} cases per 100,000, {english.lower()}")


def written(per_100k: float, language: Language) -> str:
    """An incidence with one digit behind the language's sign: `35,2`."""
    whole, tenth = divmod(round(per_100k * 10), 10)
    return f"{language.number(whole)}{language.say(',', '.')}{tenth}"


def _tiles(known: Mapping[int, Incidence], language: Language) -> Iterator[str]:
    names = {province.plate: province.name for province in PROVINCES}
    for plate, (row, column) in sorted(PLACES.items(), key=lambda place: place[1]):
        week = known.get(plate)
        kind = "none" if week is None else LEVELS[week.colour][0].lower().replace("_", "-")
        words = escape(f"{names[plate]}: {told(week, language)}")
        x, y, side = column * SIDE, row * SIDE, SIDE - GAP
        yield (
            f'<g class="tile {kind}" role="listitem" aria-label="{words}"><title>{words}</title>'
            f'<rect x="{x}" y="{y}" width="{side}" height="{side}" rx="4"/>'
            f'<text x="{x + side / 2}" y="{y + side / 2 + 6}" text-anchor="middle" aria-hidden="true">{plate:02}</text>'
            "</g>"
        )
