"""Inline SVG that takes its colours and its type from the page around it: paper, axes, notes.

matplotlib draws in stand-in colours, each of which becomes a CSS variable; text stays text, in the page's
font; nothing is left of the machine's own matplotlib settings.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import matplotlib as mpl
import numpy as np
from markupsafe import escape
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report.words import MONTHS, brief

THEME = ("ink", "muted", "grid", "surface", "alert", *(f"series-{n}" for n in range(1, 9)))
"""The page's variables for what a figure may be painted with."""
SENTINELS = {name: f"#0a0b{place:02x}" for place, name in enumerate(THEME)}
"""Colours that stand in for the variables while matplotlib draws."""
SENTINEL = re.compile("#0a0b([0-9a-f]{2})")
INK, MUTED = SENTINELS["ink"], SENTINELS["muted"]
LETTER_PX = 8
"""Width of a bold letter, rather more than less."""
NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
PX_PER_INCH = 72
"""One unit of matplotlib's SVG is a point, and is shown as a CSS pixel."""
ROW_PX = 16
"""Height of a row of labels above a panel."""
TITLE_PX = 28
"""Height of a panel's title and of the air above it."""
TITLE_BELOW_PX = 40
"""The same where another panel is above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A figure's size and margins, in CSS pixels, and how many marks its time axis has room for."""

    name: str
    width: int
    height: int
    left: int
    right: int
    ticks: int

    @property
    def inner(self) -> int:
        """The width between the margins."""
        return self.width - self.left - self.right


WIDE = Shape(name="wide", width=880, height=300, left=52, right=18, ticks=8)
NARROW = Shape(name="narrow", width=350, height=270, left=48, right=12, ticks=4)


def panels(
    shape: Shape, titles: Sequence[str], *, tall: float = 1.0, head: int = 0, foot: int = 27
) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each title, one below the other, `tall` times as high as its shape says.

    `head` pixels are left free between title and panel for `percentile` labels, and `foot` below the last.
    """
    height = round(shape.height * tall)
    figure = Figure(figsize=(shape.width / PX_PER_INCH, height / PX_PER_INCH), dpi=PX_PER_INCH)
    FigureCanvasSVG(figure)
    above = [head + (0 if not title else TITLE_BELOW_PX if place else TITLE_PX) for place, title in enumerate(titles)]
    each = (height - foot - sum(above)) / len(titles)
    figure_panels = []
    top = float(height)
    for title, air in zip(titles, above, strict=True):
        top -= air + each
        figure_panels.append(_panel(figure, shape, title, bottom=top, height=each, head=head))
    return figure, figure_panels


def hours_axis(axes: Axes, shape: Shape, span: int) -> None:
    """Let the panel span `span` hours from midnight."""
    marks = range(0, span + 1, 3 if shape is WIDE else 6)
    axes.set_xticks(marks, [f"{mark:02}:00" for mark in marks])
    axes.set_xlim(0, span)


def days_axis(axes: Axes, shape: Shape, days: Sequence[date]) -> None:
    """Let the panel span the days, one unit each, the first at 0."""
    marks = np.linspace(0, len(days) - 1, min(shape.ticks - 1, len(days))).round().astype(int)
    axes.set_xticks(marks, [f"{days[mark].day} {MONTHS[days[mark].month - 1]}" for mark in marks])
    axes.set_xlim(-0.6, len(days) - 0.4)


def durations_axis(axes: Axes, most: int) -> None:
    """Name the times along an axis of log10 microseconds: at 1, 2 and 5 times powers of ten, or fewer."""
    low, high = axes.get_xlim()
    marks: list[float] = []
    for factors in ((1, 2, 5), (1, 3), (1,)):
        values = [factor * 10.0**power for power in range(10) for factor in factors]
        marks = [value for value in values if low <= np.log10(value) <= high]
        if len(marks) <= most:
            break
    axes.set_xticks(np.log10(marks), [brief(mark) for mark in marks])


def note(axes: Axes, x: float, y: float, words: str) -> None:
    """Words above a point, on the side of it where there is room; the axis must have its limits."""
    low, high = axes.get_xlim()
    share, half = (x - low) / (high - low), len(words) * LETTER_PX / 2 / axes.get_window_extent().width
    side = "left" if share < half else "right" if share > 1 - half else "center"
    axes.annotate(words, (x, y), (0, 5), textcoords="offset points", ha=side, color=INK, fontweight="bold")


def percentile(axes: Axes, shape: Shape, x: float, words: str, *, rows: int) -> None:
    """A line at a percentile up to its label, which stands `rows` rows above the panel."""
    across = axes.get_xaxis_transform()
    top = 1 + rows * ROW_PX / (axes.get_position().height * shape.height)
    axes.plot([x, x], [0, top], color=INK, linewidth=1, transform=across, clip_on=False)
    axes.annotate(words, (x, top), (5, -10), xycoords=across, textcoords="offset points", color=INK)


def inline(paint: Callable[[], Figure], *, name: str, shape: Shape, title: str, words: str) -> str:
    """What `paint` draws, as an SVG element for the inside of a page; `name` is one that no other has.

    `title` and `words` are read out to those who do not see it.
    """
    sink = io.StringIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {"svg.fonttype": "none", "svg.hashsalt": "hes-sandbox", "font.size": 12.0, "text.parse_math": False}
        )
        figure = paint()
        figure.savefig(sink, format="svg", transparent=True, metadata=NO_METADATA)
    width, height = (round(side * PX_PER_INCH) for side in figure.get_size_inches())
    return (
        f'<svg class="{shape.name}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-labelledby="{name}-title {name}-words"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(words)}</desc>{_at_home(sink.getvalue(), name)}</svg>'
    )


def _panel(figure: Figure, shape: Shape, title: str, *, bottom: float, height: float, head: int) -> Axes:
    whole = float(figure.get_size_inches()[1]) * PX_PER_INCH
    axes = figure.add_axes((shape.left / shape.width, bottom / whole, shape.inner / shape.width, height / whole))
    place = (2 - shape.left, 8 + head)
    axes.annotate(title, (0, 1), place, xycoords="axes fraction", textcoords="offset points", color=MUTED)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
    axes.grid(axis="y", color=SENTINELS["grid"], linewidth=1)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, pad=6, labelcolor=MUTED)
    axes.tick_params(axis="x", pad=9)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    return axes


def _at_home(svg: str, name: str) -> str:
    """The inside of matplotlib's SVG: its own style sheet and fonts dropped, its names made this page's."""
    body = svg.partition("</defs>")[2].rpartition("</svg>")[0]
    body = re.sub(r'<(g|text) id="[^"]*"', r"<\1", body)
    body = re.sub(r'( id="|url\(#| xlink:href="#)', rf"\1{name}-", body).replace("xlink:href", "href")
    body = re.sub(r' d="[^"]*"', lambda path: re.sub(r"(\.\d\d)\d+", r"\1", path[0]).replace("\n", ""), body)
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    return SENTINEL.sub(lambda found: f"var(--{THEME[int(found[1], 16)]})", body)
