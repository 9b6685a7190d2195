"""The five figures of a report about the onboarding road."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report import drawing
from sim.report.drawing import SENTINELS, Shape
from sim.report.figures import Key, Numbers, Plot, numbers, plot
from sim.report.words import day_name, kind_name, office_time
from sim.results.road import DAY_US, DESKS, NEVER, RoadTables

KINDS = ("MINISTRY", "PUBLIC_BODY", "WORKPLACE", "GOVERNORSHIP", "PROVINCIAL_HEALTH_DIRECTORATE")
"""Those that may go live, in the order in which they are shown."""
KIND_COLOURS = dict(zip(KINDS, ("series-5", "series-3", "series-2", "series-1", "series-7"), strict=True))
DESK_COLOURS = dict(zip(DESKS, ("series-3", "series-2", "series-7", "series-1"), strict=True))
WORKING_DAY_US = 28_800_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that figures show: from the first to the last on which anything happened."""

    days: tuple[date, ...]

    @property
    def weeks(self) -> range:
        """The first day of each week."""
        return range(0, len(self.days), 7)


def span(tables: RoadTables) -> Span:
    """From the first day to the end of the week in which the last thing happened."""
    desks = tables.desks
    used = numbers(desks["arrived"]) + numbers(desks["done"]) + numbers(desks["backlog"]) > 0
    begun = numbers(tables.institutions["begun_us"]) // DAY_US
    last = int(max(numbers(desks["day"])[used].max(initial=0), begun.max(initial=0)))
    first = desks["date"][0].as_py()
    return Span(days=tuple(first + timedelta(days=day) for day in range(-(-(last + 1) // 7) * 7)))


def until_live(institutions: pa.Table) -> Plot:
    """Of those that went live, the share that was within so many days, by kind."""
    live, begun = numbers(institutions["live_us"]), numbers(institutions["begun_us"])
    kind = numbers(institutions["kind"])
    days = {name: np.sort((live - begun)[(kind == name) & (live != NEVER)] / DAY_US) for name in KINDS}
    days = {name: values for name, values in days.items() if values.size}
    longest = max((float(values[-1]) for values in days.values()), default=1.0)
    medians = {name: float(values[(values.size + 1) // 2 - 1]) for name, values in days.items()}

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["live within so many days"], foot=44)
        for name, values in days.items():
            steps = np.concatenate([[0.0], values, [longest]])
            shares = np.concatenate([[0.0], np.arange(1, values.size + 1) / values.size, [1.0]])
            axes.step(steps, shares, where="post", color=SENTINELS[KIND_COLOURS[name]], linewidth=2)
        axes.set(xlim=(0, longest), ylim=(0, 1.02))
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2.5, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda part, _: f"{part:.0%}"))
        axes.xaxis.set_major_locator(MaxNLocator(shape.ticks, integer=True))
        axes.set_xlabel("calendar days from the beginning", color=SENTINELS["muted"])
        return figure

    return plot(
        "until-live",
        "Time until live, by kind",
        "A rising line for each kind: the share of those that went live which were live within so many calendar days. "
        + ", ".join(f"{kind_name(name)}: half within {medians[name]:.0f} days" for name in days)
        + ".",
        [Key(label=kind_name(name), colour=KIND_COLOURS[name], mark="line") for name in days],
        paint,
    )


def by_week(weeks: Sequence[Any]) -> Plot:
    """How long those that began in a week took: half of them, and nine of ten."""
    shown = [row for row in weeks if row["live"]]
    first = [date.fromisoformat(row["week"]) for row in shown]
    half, most = ([row["days"][point] for row in shown] for point in ("p50", "p90"))

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["calendar days until live"])
        at = np.arange(len(shown))
        axes.bar(at, half, width=0.84, color=SENTINELS["series-1"], linewidth=0)
        edges = np.arange(len(shown) + 1) - 0.5
        axes.stairs(most, edges, baseline=None, color=SENTINELS["series-2"], linestyle="--", linewidth=2)
        axes.set_ylim(0, max(most, default=1) * 1.1)
        drawing.days_axis(axes, shape, first)
        return figure

    slowest = max(shown, key=lambda row: row["days"]["p50"])
    return plot(
        "by-week",
        "Time until live, by week of the beginning",
        f"A bar and a dashed step a week over {len(shown)} weeks: the days within which half, and 90 of 100, of those "
        f"that began in it were live. The slowest is the week of {day_name(date.fromisoformat(slowest['week']))} with "
        f"{slowest['days']['p50']:.0f} days for half.",
        [
            Key(label="half are live within", colour="series-1"),
            Key(label="90 of 100 within", colour="series-2", mark="dashes"),
        ],
        paint,
    )


def live(institutions: pa.Table, shown: Span) -> Plot:
    """How many have begun, been approved, and gone live, day by day."""
    curves = {
        "began": ("series-5", _until(institutions, "begun_us", shown)),
        "test access": ("series-7", _until(institutions, "test_access_us", shown)),
        "live": ("series-1", _until(institutions, "live_us", shown)),
    }
    end = {name: int(values[-1]) for name, (_, values) in curves.items()}

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["institutions so far"])
        at = np.arange(len(shown.days))
        for name, (colour, values) in curves.items():
            axes.plot(at, values, "--" if name == "began" else "-", color=SENTINELS[colour], linewidth=2)
        axes.set_ylim(0, max(1, *end.values()) * 1.06)
        drawing.days_axis(axes, shape, shown.days)
        return figure

    return plot(
        "live",
        "Institutions on the road and live",
        f"Three rising lines from {day_name(shown.days[0])} to {day_name(shown.days[-1])}. At the end "
        + ", ".join(f"{name}: {count:,}" for name, count in end.items())
        + ".",
        [
            Key(label=name, colour=colour, mark="dashes" if name == "began" else "line")
            for name, (colour, _) in curves.items()
        ],
        paint,
    )


def backlog(desks: pa.Table, shown: Span) -> Plot:
    """What waits or is in work at each desk at midnight."""
    lines = {desk: _of(desks, desk, "backlog")[: len(shown.days)] for desk in DESKS}
    peak_desk = max(lines, key=lambda desk: int(lines[desk].max()))
    peak = int(lines[peak_desk].argmax())
    words = f"{int(lines[peak_desk][peak]):,}"

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["waiting or in work at midnight"])
        for desk, values in lines.items():
            axes.plot(np.arange(values.size), values, color=SENTINELS[DESK_COLOURS[desk]], linewidth=2)
        axes.set_ylim(0, max(1, int(lines[peak_desk][peak])) * 1.12)
        drawing.days_axis(axes, shape, shown.days)
        drawing.note(axes, peak, int(lines[peak_desk][peak]), words)
        return figure

    return plot(
        "backlog",
        "Backlog by desk",
        f"A line for each desk, day by day. The highest is {words} at {peak_desk} on {day_name(shown.days[peak])}. "
        + ", ".join(f"{desk}: at most {int(values.max()):,}" for desk, values in lines.items())
        + ".",
        [Key(label=desk, colour=DESK_COLOURS[desk], mark="line") for desk in DESKS],
        paint,
    )


def waiting(desks: pa.Table, shown: Span) -> Plot:
    """The mean wait for a clerk of the pieces begun in each week, in working days."""
    lines = {desk: _weekly_wait(desks, desk, shown) / WORKING_DAY_US for desk in DESKS}
    longest = {desk: float(values.max(initial=0)) for desk, values in lines.items()}

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["mean wait, in working days"])
        edges = np.array([*shown.weeks, len(shown.days)]) - 0.5
        for desk, values in lines.items():
            axes.stairs(values, edges, baseline=None, color=SENTINELS[DESK_COLOURS[desk]], linewidth=2)
        axes.set_ylim(0, max(longest.values()) * 1.12 or 1)
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda days, _: f"{days:g}"))
        drawing.days_axis(axes, shape, shown.days)
        return figure

    return plot(
        "waiting",
        "Waiting for a clerk, by desk",
        "A stepped line for each desk, week by week: the mean wait, in office time, of the pieces of work begun in it. "
        + ", ".join(f"{desk}: at most {office_time(days * WORKING_DAY_US)}" for desk, days in longest.items())
        + ".",
        [Key(label=desk, colour=DESK_COLOURS[desk], mark="line") for desk in DESKS],
        paint,
    )


def _until(institutions: pa.Table, column: str, shown: Span) -> Numbers:
    """How many had this moment by the end of each day."""
    moments = numbers(institutions[column])
    ends = (np.arange(len(shown.days), dtype=np.int64) + 1) * DAY_US
    return np.searchsorted(np.sort(moments[moments != NEVER]), ends)


def _of(desks: pa.Table, desk: str, name: str) -> Numbers:
    """A column of one desk."""
    column: Numbers = numbers(desks[name])[numbers(desks["desk"]) == desk]
    return column


def _weekly_wait(desks: pa.Table, desk: str, shown: Span) -> Numbers:
    waited, begun = (
        np.add.reduceat(_of(desks, desk, name)[: len(shown.days)], shown.weeks) for name in ("waited_us", "begun")
    )
    return np.divide(waited, np.maximum(begun, 1))
