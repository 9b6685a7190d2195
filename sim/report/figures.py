"""The five figures of a day's report: what each shows, and the sentence that says so to those who do not see it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from sim.report import drawing
from sim.report.drawing import INK, NARROW, SENTINELS, WIDE, Shape
from sim.report.words import answer_name, brief, clock, day_name, duration, share
from sim.results import CHANNELS, HOUR_US, MADE, PROPER_ANSWERS, calls, latencies

LABEL_PX = 104
"""Room to the right of a percentile's line for its label."""

Numbers: TypeAlias = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An entry of a figure's legend: the mark is a block, a wash (what is painted pale), a line or dashes."""

    label: str
    colour: str
    mark: str = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A figure ready for the page: its two drawings and its words."""

    name: str
    title: str
    alternative: str
    keys: tuple[Key, ...]
    drawings: tuple[str, ...]
    """SVG, of the wide and the narrow shape."""


BARS = (
    *((name, (name,), f"series-{nth + 1}") for nth, name in enumerate(CHANNELS[:8])),
    ("at e-Devlet", ("edevlet", "edevlet-bulk"), "muted"),
    ("codes made", ("make-app", "make-sms", "make-edevlet"), "ink"),
)
"""What is stacked for each hour: its name, its channels, its colour."""


def hours(queries: pa.Table) -> Plot:
    """Codes asked in each hour of the day, stacked by channel."""
    hour, channel = numbers(queries["at_us"]) // HOUR_US, numbers(queries["channel"])
    span = max(24, int(hour.max(initial=0)) + 1)
    stack = {
        name: np.bincount(hour[np.isin(channel, parts)], minlength=span)
        for name, parts, _ in BARS
        if np.any(np.isin(channel, parts))
    }
    colours = {name: colour for name, _, colour in BARS}
    total = np.sum(list(stack.values()), axis=0) if stack else np.zeros(span, np.int64)
    peak = int(total.argmax())

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["codes asked in the hour"])
        base = np.zeros(span, np.int64)
        for name, counts in stack.items():
            axes.bar(
                np.arange(span) + 0.5,
                counts,
                width=0.84,
                bottom=base,
                color=SENTINELS[colours[name]],
                edgecolor=SENTINELS["surface"],
                linewidth=0.6,
            )
            base = base + counts
        drawing.hours_axis(axes, shape, span)
        drawing.note(axes, peak + 0.5, int(total[peak]), f"{int(total[peak]):,}")
        axes.set_ylim(0, max(1, total[peak]) * 1.1)
        return figure

    return plot(
        "hours",
        "Codes asked, by hour and channel",
        f"Stacked bars, one an hour. {queries.num_rows:,} codes in all; the busiest hour begins at "
        f"{clock(peak * 60)} with {int(total[peak]):,}. "
        + ", ".join(f"{name}: {int(counts.sum()):,}" for name, counts in stack.items())
        + ".",
        [Key(label=name, colour=colours[name]) for name in stack],
        paint,
    )


def latency(queries: pa.Table) -> Plot:
    """How the latency of HTTP calls is distributed, on a logarithmic axis, with its percentiles."""
    us = np.maximum(numbers(calls(queries)["latency_us"]), 1)
    points = latencies(us) or {"max": 1}
    longest = points.pop("max")
    words = {name: f"{name.replace('_', '.')} {duration(value)}" for name, value in points.items()}

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["HTTP calls"], head=len(points) * drawing.ROW_PX)
        low, high = np.log10(us.min(initial=longest)) - 0.05, np.log10(longest) + 0.05
        for value in points.values():  # every label stands to the right of its line
            high = max(high, low + (np.log10(value) - low) / (1 - LABEL_PX / shape.inner))
        counts, edges = np.histogram(np.log10(us), bins=shape.inner // 7, range=(low, high))
        axes.stairs(counts, edges, fill=True, color=SENTINELS["series-1"], linewidth=0)
        axes.set_xlim(low, high)
        axes.set_ylim(0, max(1, counts.max(initial=0)) * 1.04)
        for row, (name, value) in enumerate(points.items()):
            drawing.percentile(axes, shape, float(np.log10(value)), words[name], rows=len(points) - row)
        drawing.durations_axis(axes, shape.ticks)
        return figure

    return plot(
        "latency",
        "Latency of the HTTP calls",
        f"A histogram over a logarithmic time axis of {us.size:,} calls: {', '.join(words.values())}, "
        f"longest {duration(longest)}.",
        [],
        paint,
    )


def answers(queries: pa.Table) -> Plot:
    """How often each answer came."""
    counted = {row["values"]: row["counts"] for row in queries["answered"].value_counts().to_pylist()}
    failures = sorted(set(counted) - set(PROPER_ANSWERS), key=lambda name: (-counted[name], name))
    shown = [name for name in PROPER_ANSWERS if name != MADE or name in counted]
    rows = [(name, int(counted.get(name, 0))) for name in (*shown, *failures)]
    colours = dict(zip(PROPER_ANSWERS, ("series-1", "series-2", "muted", "muted", "series-4"), strict=True))
    total = max(1, queries.num_rows)

    def paint(shape: Shape) -> Figure:
        shape = replace(shape, height=34 * len(rows) + 12, left=122, right=112)
        figure, (axes,) = drawing.panels(shape, [""], foot=4)
        for place, (name, count) in enumerate(rows):
            axes.barh(place, count, height=0.62, color=SENTINELS[colours.get(name, "alert")], linewidth=0)
            words = f"{count:,} · {share(count / total)}"
            axes.annotate(words, (count, place), (7, 0), textcoords="offset points", va="center", color=INK)
        axes.set_yticks(range(len(rows)), [answer_name(name) for name, _ in rows], color=INK)
        axes.set(ylim=(len(rows) - 0.5, -0.5), xlim=(0, max(1, *(count for _, count in rows))), xticks=[])
        axes.grid(visible=False)
        axes.spines["bottom"].set_visible(False)
        return figure

    return plot(
        "answers",
        "Answers by status",
        "Bars: " + ", ".join(f"{answer_name(name)} {count:,}" for name, count in rows) + ".",
        [],
        paint,
    )


def epidemic(days: pa.Table) -> Plot:
    """The epidemic up to the day played: how it was, and what the ministry believed."""
    rows = days.to_pylist()
    at = np.arange(len(rows))
    last = rows[-1]
    truth, belief = SENTINELS["series-2"], SENTINELS["series-1"]

    def paint(shape: Shape) -> Figure:
        figure, (people, events) = drawing.panels(shape, ["people that day", "new that day"], tall=1.55)
        edges = np.arange(len(rows) + 1) - 0.5
        people.fill_between(at, numbers(days["infectious"]), color=truth, alpha=0.16, linewidth=0)
        people.plot(at, numbers(days["exposed"]), color=SENTINELS["series-7"], linewidth=2)
        people.plot(at, numbers(days["infectious"]), color=truth, linewidth=2)
        people.plot(at, numbers(days["believed_risky"]), "--", color=belief, linewidth=2)
        events.stairs(numbers(days["new_infections"]), edges, fill=True, color=truth, alpha=0.16, linewidth=0)
        events.stairs(numbers(days["new_infections"]), edges, baseline=None, color=truth, linewidth=2)
        events.plot(at, numbers(days["reported_cases"]), "--", color=belief, linewidth=2)
        for axes in (people, events):
            axes.set_ylim(bottom=0)
            drawing.days_axis(axes, shape, days["date"].to_pylist())
        people.tick_params(labelbottom=False)
        return figure

    return plot(
        "epidemic",
        "The epidemic, and what the ministry knew of it",
        f"Two panels over {len(rows)} days to {day_name(last['date'])}. On the last day {last['infectious']:,} people "
        f"are infectious and {last['exposed']:,} exposed, and the ministry believes {last['believed_risky']:,} to be "
        f"risky. That day {last['new_infections']:,} are infected and {last['reported_cases']:,} cases reported.",
        [
            Key(label="infectious; new infections", colour="series-2", mark="line"),
            Key(label="exposed", colour="series-7", mark="line"),
            Key(label="believed risky; reported cases", colour="series-1", mark="dashes"),
        ],
        paint,
    )


def utilisation(minutes: pa.Table) -> Plot:
    """The modelled service over the day: how busy, and the longest wait, minute by minute."""
    at = numbers(minutes["minute"]) / 60
    busy, wait = numbers(minutes["utilisation"]), numbers(minutes["longest_wait_us"])
    peak, worst = int(busy.argmax()), int(wait.argmax())
    peak_words = f"{share(busy[peak])} at {clock(int(minutes['minute'][peak].as_py()))}"
    worst_words = f"{duration(wait[worst])} at {clock(int(minutes['minute'][worst].as_py()))}"
    waited = f"Longest wait for a turn: {worst_words}" if wait[worst] else "Nobody waited for a turn"
    titles = ["servers busy", "longest wait for a turn"] if wait[worst] else ["servers busy"]

    def paint(shape: Shape) -> Figure:
        figure, panels = drawing.panels(shape, titles, tall=1.55 if wait[worst] else 1.0)
        for axes, values, colour in zip(panels, (busy, wait), ("series-4", "series-6"), strict=False):
            axes.fill_between(at, values, color=SENTINELS[colour], alpha=0.28, linewidth=0)
            axes.plot(at, values, color=SENTINELS[colour], linewidth=1)
            axes.set_ylim(0, float(values.max()) * 1.2 or 1)
            axes.yaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda us, _: brief(us)))
            drawing.hours_axis(axes, shape, max(24, int(np.ceil(at.max()))))
            axes.tick_params(labelbottom=axes is panels[-1])
        panels[0].yaxis.set_major_formatter(FuncFormatter(lambda part, _: f"{part * 100:.3g}%"))
        drawing.note(panels[0], at[peak], busy[peak], peak_words)
        if wait[worst]:
            drawing.note(panels[1], at[worst], wait[worst], worst_words)
        return figure

    return plot(
        "utilisation",
        "The service as modelled, minute by minute",
        f"Over the day. Highest share of busy servers: {peak_words}. {waited}. "
        f"{int(pc.sum(minutes['refused']).as_py()):,} refused, "
        f"{int(pc.sum(minutes['abandoned']).as_py()):,} gave up.",
        [],
        paint,
    )


def numbers(values: Any) -> Numbers:
    """A column as an array."""
    return np.asarray(values.to_numpy())


def plot(name: str, title: str, alternative: str, keys: Sequence[Key], paint: Callable[[Shape], Figure]) -> Plot:
    """A figure in both shapes; `paint` draws it in one."""
    drawings = tuple(
        drawing.inline(partial(paint, shape), name=f"{name}-{shape.name}", shape=shape, title=title, words=alternative)
        for shape in (WIDE, NARROW)
    )
    return Plot(name=name, title=title, alternative=alternative, keys=tuple(keys), drawings=drawings)
