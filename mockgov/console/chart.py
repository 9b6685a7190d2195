"""Charts as SVG, made here: stacked columns, one path a series.

The drawing has no words, no sizes and no colours of its own: it fits whatever room it gets, the style sheet colours its
series by class, and what it shows stands beside it as text and in a table.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

HEIGHT: Final = 1000
"""Units from the axis to the upper edge."""
WIDTH: Final = 10
"""Units of a column."""
GAP: Final = 2
"""Units between two columns."""


def ceiling(most: int) -> int:
    """The upper end of an axis: the least of 2, 4, 10, 20, 40, 100, … that is not smaller."""
    power = 1
    while most > 10 * power:
        power *= 10
    return next(factor * power for factor in (2, 4, 10) if most <= factor * power)


def columns(stacks: Sequence[Sequence[int]], title: str) -> Markup:
    """A column for each stack of values, the first value lowest; `title` says in words what is seen."""
    top = ceiling(max((sum(stack) for stack in stacks), default=0))
    series = len(stacks[0]) if stacks else 0
    paths = [""] * series
    for place, stack in enumerate(stacks):
        low = 0
        for nth, value in enumerate(stack):
            if value:
                begin, end = HEIGHT - low * HEIGHT // top, HEIGHT - (low + value) * HEIGHT // top
                paths[nth] += f"M{place * WIDTH + GAP // 2} {begin}V{end}h{WIDTH - GAP}V{begin}z"
            low += value
    drawn = Markup("").join(
        Markup('<path class="series-{}" d="{}"/>').format(nth + 1, path) for nth, path in enumerate(paths) if path
    )
    lines = Markup("").join(
        Markup('<path class="grid" d="M0 {}H{}"/>').format(y, len(stacks) * WIDTH) for y in (0, HEIGHT // 2, HEIGHT)
    )
    return Markup(
        '<svg class="chart" role="img" viewBox="0 0 {} {}" preserveAspectRatio="none"><title>{}</title>{}{}</svg>'
    ).format(len(stacks) * WIDTH, HEIGHT, title, lines, drawn)
