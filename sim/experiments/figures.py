"""The figures of experiments: differences, responses, effects, parameters, and months beside what was observed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from sim.experiments.compare import Comparison, Difference
from sim.experiments.files import Line
from sim.experiments.posterior import Ensemble
from sim.experiments.sensitivity import Effect
from sim.experiments.sweep import Swept
from sim.experiments.words import brief_number, month_name, signed_share, slug
from sim.report import drawing
from sim.report.drawing import INK, SENTINELS, Shape
from sim.report.figures import Key, Plot, plot

ROW_PX = 30
"""Height of a row of a figure that lists things."""
LABEL_SHARE = 0.38
"""Of a figure's width, for the names of what it lists."""
SERIES = ("series-1", "series-2", "series-3", "series-7", "series-5", "series-6", "series-4", "series-8")
MEASURES = {"total": "total", "first": "first order", "prcc": "partial rank correlation", "spearman": "Spearman"}
MOST_SERIES = len(SERIES)
ASIDE = 0.008
"""Of an axis, by which the dots of two lines at one value stand apart."""


def differences(found: Comparison) -> Plot | None:
    """Each number's difference as a share of A, with its interval; None if no number has one."""
    shown = [one for one in found.differences if one.share is not None and one.low is not None]
    if not shown:
        return None

    def ends(one: Difference) -> tuple[float, float]:
        low, high = (one.low or 0.0) / one.first, (one.high or 0.0) / one.first
        return min(low, high), max(low, high)

    def paint(shape: Shape) -> Figure:
        figure, axes = _listed(shape, [one.number for one in shown])
        for place, one in enumerate(shown):
            colour = SENTINELS["series-1"] if one.verdict in {"higher", "lower"} else INK
            axes.plot(ends(one), (place, place), color=colour, linewidth=2.5)
            axes.plot([one.share or 0.0], [place], "o", color=colour, markersize=6)
        axes.axvline(0, color=SENTINELS["muted"], linewidth=1)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda part, _: signed_share(part)))
        return figure

    first, second = found.names
    told = [f"{one.number} {signed_share(one.share or 0)} ({one.verdict})" for one in shown]
    return plot(
        "differences",
        f"{second} against {first}",
        f"A dot and its {found.level:.0%} interval for each number, as a share of {first}'s mean: {', '.join(told)}.",
        [
            Key(label="differs", colour="series-1", mark="line"),
            Key(label="not told apart, or equal", colour="ink", mark="line"),
        ],
        paint,
    )


def response(swept: Swept, number: str, parameter: str) -> Plot:
    """A number's mean at each point over one parameter, with its interval; in a grid a line for each other value."""
    lines = [line for line in swept.summary([number]) if line["mean"] is not None]
    others = [name for name in swept.plan.names if name != parameter] if swept.plan.design == "grid" else []
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(", ".join(str(line[name]) for name in others), []).append(line)
    values = list(dict.fromkeys(line[parameter] for line in lines))
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    names = list(groups)[:MOST_SERIES]
    joined = swept.plan.design == "grid" and is_number
    apart = ASIDE * (float(max(values) - min(values)) if is_number else len(values) - 1.0) if len(names) > 1 else 0.0

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, [number], foot=44)
        for name, series in zip(names, SERIES, strict=False):
            group, colour = groups[name], SENTINELS[series]
            aside = (names.index(name) - (len(names) - 1) / 2) * apart
            at = [aside + (line[parameter] if is_number else values.index(line[parameter])) for line in group]
            axes.plot(at, [line["mean"] for line in group], "o-" if joined else "o", color=colour, markersize=4)
            for x, line in zip(at, group, strict=True):
                if line["low"] is not None:
                    axes.plot([x, x], [line["low"], line["high"]], color=colour, linewidth=1.5)
        if not is_number:
            axes.set_xticks(range(len(values)), list(map(str, values)))
        elif len(values) <= shape.ticks:
            axes.set_xticks(values, [f"{value:g}" for value in values])
        else:
            axes.xaxis.set_major_locator(MaxNLocator(shape.ticks))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: brief_number(value)))
        axes.set_xlabel(parameter, color=SENTINELS["muted"])
        return figure

    means = [line["mean"] for line in lines]
    left_out = f" {len(groups) - len(names)} more lines are in the table." if len(groups) > len(names) else ""
    return plot(
        slug(f"response {number} {parameter}"),
        f"{number} by {parameter}",
        f"A dot for each of {len(lines)} points, with its 95% interval: from {brief_number(min(means, default=0))} to "
        f"{brief_number(max(means, default=0))}.{left_out}",
        [
            Key(label=f"{', '.join(others)}: {name}", colour=series, mark="line")
            for name, series in zip(names, SERIES, strict=False)
            if name
        ],
        paint,
    )


def effects(found: Sequence[Effect], number: str) -> Plot:
    """Each parameter's effect on a number, in both measures, the largest first."""
    own = [one for one in found if one.number == number]
    measures = [name for name in MEASURES if any(one.measure == name for one in own)]
    leading = [one for one in own if one.measure == measures[0]]
    order = [one.parameter for one in sorted(leading, key=lambda one: -abs(one.value))]
    colours = dict(zip(measures, SERIES, strict=False))

    def paint(shape: Shape) -> Figure:
        figure, axes = _listed(shape, order)
        for one in own:
            place = order.index(one.parameter) + (-0.14 if one.measure == measures[0] else 0.14)
            colour = SENTINELS[colours[one.measure]]
            axes.plot([one.low, one.high], [place, place], color=colour, linewidth=2.5)
            axes.plot([one.value], [place], "o", color=colour, markersize=6)
        axes.axvline(0, color=SENTINELS["muted"], linewidth=1)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        return figure

    told = [f"{one.parameter} {one.value:.2f}" for one in sorted(leading, key=lambda one: order.index(one.parameter))]
    return plot(
        slug(f"effects {number}"),
        f"What moves {number}",
        f"A dot with its 95% band for each parameter. {MEASURES[measures[0]].capitalize()}: {', '.join(told)}.",
        [Key(label=MEASURES[name], colour=colours[name], mark="line") for name in measures],
        paint,
    )


def parameters(ensemble: Ensemble) -> Plot:
    """Each parameter's mean and 90% band in its range."""
    lines = ensemble.parameters()

    def paint(shape: Shape) -> Figure:
        figure, axes = _listed(shape, [line["parameter"] for line in lines])
        for place, (one, line) in enumerate(zip(ensemble.ranges, lines, strict=True)):
            axes.plot([0, 1], [place, place], color=SENTINELS["grid"], linewidth=6)
            band = [one.place(line[end]) for end in ("low", "high")]
            axes.plot(band, [place, place], color=SENTINELS["series-1"], linewidth=6, alpha=0.6)
            axes.plot([one.place(line["mean"])], [place], "o", color=INK, markersize=6)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([0, 1], ["lowest", "highest"])
        return figure

    told = [
        f"{line['parameter']} {line['mean']:.4g}, between {line['low']:.4g} and {line['high']:.4g}" for line in lines
    ]
    return plot(
        "parameters",
        "Fitted parameters in their ranges",
        f"A dot at the mean and a bar over 90% of the members: {'; '.join(told)}.",
        [Key(label="90% of the members", colour="series-1"), Key(label="range", colour="grid")],
        paint,
    )


def months(kind: str, lines: Sequence[Line]) -> Plot | None:
    """Months of one kind of number beside what was observed, on a logarithmic axis; None if there are none.

    `lines` are `Validation.rows` of the kind.
    """
    if not lines:
        return None
    at = np.arange(len(lines))
    column = {
        name: np.maximum([line[name] for line in lines], 0.5)
        for name in ("observed", "median", "low", "high", "wide_low", "wide_high")
    }
    was_used = np.array([line["fitted"] for line in lines])

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, [f"{kind} in the month"])
        blue = SENTINELS["series-1"]
        axes.fill_between(at, column["wide_low"], column["wide_high"], color=blue, alpha=0.14, linewidth=0)
        axes.fill_between(at, column["low"], column["high"], color=blue, alpha=0.3, linewidth=0)
        axes.plot(at, column["median"], color=blue, linewidth=2)
        for chosen, fill in ((was_used, SENTINELS["series-2"]), (~was_used, SENTINELS["surface"])):
            axes.plot(
                at[chosen],
                column["observed"][chosen],
                "o",
                color=fill,
                markeredgecolor=SENTINELS["series-2"],
                markeredgewidth=2,
                markersize=6,
            )
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 3.0), numticks=8))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: brief_number(value)))
        axes.yaxis.set_minor_locator(NullLocator())
        marks = range(0, len(lines), -(-len(lines) // (shape.ticks + 2)))
        axes.set_xticks(marks, [month_name(lines[mark]["month"]) for mark in marks])
        axes.set_xlim(-0.5, len(lines) - 0.5)
        return figure

    held = sum(line["covered"] for line in lines)
    return plot(
        slug(f"months {kind}"),
        f"{kind.capitalize()} by month, as modelled and as observed",
        f"A line with two bands over {len(lines)} months, and a dot at what was observed. The wider band, which allows "
        f"for the error of observation, holds {held} of {len(lines)}.",
        [
            Key(label="median of the members", colour="series-1", mark="line"),
            Key(label="90% of the members; wider: with the error of observation", colour="series-1"),
            Key(label="observed; hollow: not used in the fit", colour="series-2"),
        ],
        paint,
    )


def _listed(shape: Shape, names: Sequence[str]) -> tuple[Figure, Axes]:
    """A panel with a row for each name, the first on top."""
    left = round(shape.width * LABEL_SHARE)
    most = max(10, int(left / 6.6))
    shape = replace(shape, height=ROW_PX * len(names) + 40, left=left)
    figure, (axes,) = drawing.panels(shape, [""], foot=30)
    cut = [name if len(name) <= most else f"…{name[1 - most :]}" for name in names]
    axes.set_yticks(range(len(names)), cut, color=INK)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(4 if shape.name == "wide" else 3))
    return figure, axes
