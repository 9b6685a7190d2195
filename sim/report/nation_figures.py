"""The figures of a national run's report, but for the painted tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.report import drawing
from sim.report.drawing import SENTINELS, Shape
from sim.report.figures import Key, Numbers, Plot, plot
from sim.report.nation_words import compact, plain
from sim.report.words import brief, clock, day_name, duration, share
from sim.results.bins import PERCENTILES, percentiles
from sim.results.nation import NationTables, column
from sim.results.nation_summary import daily, histogram, utilisation
from sim.results.tally import HOURS

STATION_COLOURS = ("series-1", "series-2", "series-3", "series-6", "series-7", "series-5", "series-4", "series-8")
LATENCY_COLOURS = dict(zip(PERCENTILES, ("series-3", "series-1", "series-7", "series-2"), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The nation by day, and what other seeds made of the same days."""

    days: tuple[date, ...]
    sums: Mapping[str, Numbers]
    others: tuple[Mapping[str, Numbers], ...]

    @property
    def runs(self) -> int:
        """Seeds that were played."""
        return 1 + len(self.others)

    def band(self, name: str) -> tuple[Numbers, Numbers] | None:
        """The least and the most of all seeds on each day; None of one seed."""
        if not self.others:
            return None
        values = np.stack([sums[name] for sums in (self.sums, *self.others)])
        return values.min(axis=0), values.max(axis=0)


def course(tables: NationTables, others: Sequence[NationTables]) -> Course:
    """The reported days; only seeds that have the same ones can be shown beside it."""
    days, sums = daily(tables)
    beside = [told for other in others for when, told in [daily(other)] if when == days and told.keys() >= sums.keys()]
    return Course(days=tuple(days), sums=sums, others=tuple(beside))


def infections(shown: Course) -> Plot:
    """New infections beside cases and, at noon, the infectious beside the risky."""
    sums, peak = shown.sums, int(shown.sums["new_infections"].argmax())
    has_noon = "risky" in sums and "infectious" in sums

    def paint(shape: Shape) -> Figure:
        titles = ["new on the day", "people"] if has_noon else ["new on the day"]
        figure, panels = drawing.panels(shape, titles, tall=1.6 if has_noon else 1.0)
        _curve(panels[0], shown, "new_infections", "series-2")
        _curve(panels[0], shown, "cases", "series-1", dashed=True)
        if has_noon:
            _curve(panels[1], shown, "infectious", "series-2")
            _curve(panels[1], shown, "risky", "series-1", dashed=True)
        _days(panels, shape, shown.days)
        return figure

    return plot(
        "infections",
        "The epidemic, and what the ministry knew of it",
        f"Curves over {len(shown.days)} days. Most new infections on {day_name(shown.days[peak])}: "
        f"{int(sums['new_infections'][peak]):,}. On the last day {int(sums['new_infections'][-1]):,} new infections"
        + (f" and {int(sums['cases'][-1]):,} cases" if "cases" in sums else "")
        + (f"; {int(sums['infectious'][-1]):,} infectious and {int(sums['risky'][-1]):,} risky." if has_noon else "."),
        [
            Key(label="infections; infectious people", colour="series-2", mark="line"),
            Key(label="reported cases; risky people", colour="series-1", mark="dashes"),
            *([Key(label=f"range of {shown.runs} seeds", colour="muted", mark="wash")] if shown.others else []),
        ],
        paint,
    )


def hospital(shown: Course) -> Plot:
    """Who is in hospital, and who dies."""
    beds, deaths = shown.sums["in_hospital"], shown.sums["deaths"]

    def paint(shape: Shape) -> Figure:
        figure, panels = drawing.panels(shape, ["in hospital", "deaths on the day"], tall=1.35)
        _curve(panels[0], shown, "in_hospital", "series-6")
        _curve(panels[1], shown, "deaths", "series-5")
        _days(panels, shape, shown.days)
        return figure

    keys = [Key(label=f"range of {shown.runs} seeds", colour="muted", mark="wash")] if shown.others else []
    return plot(
        "hospital",
        "Hospital and deaths",
        f"Two curves over {len(shown.days)} days: at most {int(beds.max()):,} people in hospital on "
        f"{day_name(shown.days[int(beds.argmax())])}, and {int(deaths.sum()):,} deaths, at most "
        f"{int(deaths.max()):,} on one day.",
        keys,
        paint,
    )


def latency(tables: NationTables, status: str) -> Plot:
    """Percentiles of the answered calls by the hour in which they began, on a logarithmic axis."""
    hours = [percentiles(histogram(tables, status, hour=hour)) for hour in range(HOURS)]
    lines = {name: np.array([np.nan if told is None else told[name] for told in hours]) for name in PERCENTILES}
    worst = int(np.nanargmax(lines["p99"]))

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["from asking to the answer, retries included"], tall=1.1)
        for name, values in lines.items():
            edges = np.arange(HOURS + 1)
            axes.stairs(np.log10(np.maximum(values, 1)), edges, baseline=None, color=_colour(name), linewidth=2)
        low, high = axes.get_ylim()
        marks = [m for p in range(10) for m in (10.0**p, 3 * 10.0**p) if low <= np.log10(m) <= high]
        axes.set_yticks([float(np.log10(mark)) for mark in marks], [brief(mark) for mark in marks])
        drawing.hours_axis(axes, shape, HOURS)
        return figure

    return plot(
        "latency",
        "Latency by hour",
        "A stepped line for each percentile, hour by hour. The slowest hour begins at "
        f"{clock(worst * 60)}: " + ", ".join(f"{_name(name)} {duration(lines[name][worst])}" for name in lines) + ".",
        [Key(label=_name(name), colour=LATENCY_COLOURS[name], mark="line") for name in lines],
        paint,
    )


def stations(tables: NationTables, day: date, outages: Sequence[tuple[int, int]]) -> Plot:
    """How busy each station is, minute by minute."""
    rows = tables.stations
    chosen = column(rows, "date") == np.datetime64(day)
    names = column(rows, "station")
    lines = {}
    for name in dict.fromkeys(names[chosen].tolist()):
        where = chosen & (names == name)
        lines[name] = utilisation({each: column(rows, each)[where] for each in ("busy_us", "server_us")})[:1440]
    colours = dict(zip(lines, STATION_COLOURS, strict=False))

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["servers in use"], tall=1.1)
        _shade(axes, outages)
        for name, values in lines.items():
            axes.plot(np.arange(values.size) / 60, values, color=SENTINELS[colours[name]], linewidth=1.4)
        axes.set_ylim(0, 1.05)
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2.5, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda part, _: f"{part:.0%}"))
        drawing.hours_axis(axes, shape, HOURS)
        return figure

    return plot(
        "stations",
        f"The service's stations on {day_name(day)}",
        "A line for each station, minute by minute: the share of its servers in use. "
        + ", ".join(f"{plain(name)}: at most {share(min(1.0, float(use.max())))}" for name, use in lines.items())
        + ".",
        [Key(label=plain(name), colour=colours[name], mark="line") for name in lines] + _outage_key(outages),
        paint,
    )


def retries(tables: NationTables, day: date, outages: Sequence[tuple[int, int]]) -> Plot:
    """Fresh demand, all attempts, and those answered, minute by minute: load and goodput."""
    rows = tables.service
    chosen = column(rows, "date") == np.datetime64(day)
    told = {name: column(rows, name)[chosen][:1440] for name in ("calls", "attempts", "answered")}
    marks = {"calls": ("series-7", 1.6), "attempts": ("series-2", 1.2), "answered": ("series-4", 1.6)}
    words = {"calls": "fresh calls", "attempts": "attempts, retries included", "answered": "attempts answered"}
    top = int(told["attempts"].argmax())

    def paint(shape: Shape) -> Figure:
        figure, (axes,) = drawing.panels(shape, ["in the minute"], tall=1.2)
        _shade(axes, outages)
        at = np.arange(told["calls"].size) / 60
        axes.fill_between(at, told["answered"], color=SENTINELS["series-4"], alpha=0.16, linewidth=0)
        for name in ("attempts", "answered", "calls"):
            colour, width = marks[name]
            axes.plot(at, told[name], color=SENTINELS[colour], linewidth=width)
        axes.set_ylim(0, max(1, int(told["attempts"].max())) * 1.08)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: compact(count)))
        drawing.hours_axis(axes, shape, HOURS)
        return figure

    return plot(
        "retries",
        f"Demand, attempts and answers on {day_name(day)}",
        f"Three lines, minute by minute. Over the day {int(told['calls'].sum()):,} fresh calls, "
        f"{int(told['attempts'].sum()):,} attempts and {int(told['answered'].sum()):,} answers; most attempts at "
        f"{clock(top)} with {int(told['attempts'][top]):,}.",
        [Key(label=words[name], colour=marks[name][0], mark="line") for name in marks] + _outage_key(outages),
        paint,
    )


def by_delay(tables: NationTables) -> Plot:
    """The infectious at doors by days since their infection: what share was stopped."""
    rows = tables.doors_by_day
    days = column(rows, "days")
    stopped, passed = (np.bincount(days, column(rows, name)).astype(np.int64) for name in ("stopped", "passed"))
    met = stopped + passed
    shares = stopped / np.maximum(met, 1)
    first = int(np.flatnonzero(met)[0])
    last = int(np.flatnonzero(met)[-1]) + 1
    at = np.arange(first, last)

    def paint(shape: Shape) -> Figure:
        figure, (part, count) = drawing.panels(
            shape, ["share stopped", "infectious people at doors, by days since their infection"], tall=1.45
        )
        part.bar(at, shares[first:last], width=0.82, color=SENTINELS["series-1"], linewidth=0)
        part.set_ylim(0, max(0.05, float(shares.max())) * 1.12)
        part.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        part.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
        count.bar(at, stopped[first:last], width=0.82, color=SENTINELS["series-1"], linewidth=0)
        count.bar(
            at, passed[first:last], width=0.82, bottom=stopped[first:last], color=SENTINELS["series-2"], linewidth=0
        )
        for axes in (part, count):
            axes.set_xlim(first - 0.6, last - 0.4)
            axes.xaxis.set_major_locator(MaxNLocator(shape.ticks, integer=True))
        part.tick_params(labelbottom=False)
        count.yaxis.set_major_formatter(FuncFormatter(lambda value, _: compact(value)))
        return figure

    best = int(np.argmax(np.where(met >= max(1, met.max() // 20), shares, -1)))
    return plot(
        "by-delay",
        "The infectious at doors, by days since their infection",
        f"Two rows of bars by days since infection, {first} to {last - 1}. Of {int(met.sum()):,} infectious people who "
        f"came to a door, {int(stopped.sum()):,} were stopped; the highest share is {share(float(shares[best]))} on "
        f"day {best}.",
        [Key(label="stopped", colour="series-1"), Key(label="let through", colour="series-2")],
        paint,
    )


def _curve(axes: Axes, shown: Course, name: str, colour: str, *, dashed: bool = False) -> None:
    """A column by day, with its band; none if the run does not have it."""
    if name not in shown.sums:
        return
    at = np.arange(len(shown.days))
    if (band := shown.band(name)) is not None:
        axes.fill_between(at, *band, color=SENTINELS[colour], alpha=0.22, linewidth=0)
    axes.plot(at, shown.sums[name], "--" if dashed else "-", color=SENTINELS[colour], linewidth=2)


def _days(panels: Sequence[Axes], shape: Shape, days: Sequence[date]) -> None:
    for axes in panels:
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: compact(count)))
        drawing.days_axis(axes, shape, days)
        axes.tick_params(labelbottom=axes is panels[-1])


def _shade(axes: Axes, outages: Sequence[tuple[int, int]]) -> None:
    for first, until in outages:
        axes.axvspan(first / 60, until / 60, color=SENTINELS["alert"], alpha=0.18, linewidth=0)


def _outage_key(outages: Sequence[Any]) -> list[Key]:
    return [Key(label="scheduled outage", colour="alert", mark="wash")] if outages else []


def _colour(name: str) -> str:
    return SENTINELS[LATENCY_COLOURS[name]]


def _name(percentile: str) -> str:
    return percentile.replace("_", ".")
