"""The page of a national run: its words and numbers, ready for `nation.html`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import numpy as np
from markupsafe import Markup

from sim.provenance import Provenance
from sim.report import nation_figures as figures
from sim.report.figures import Numbers, Plot
from sim.report.nation_parameters import shown as parameters_shown
from sim.report.nation_words import (
    busiest,
    caveats,
    compact,
    happened,
    held_down,
    many,
    plain,
    surprising,
)
from sim.report.page import Row, style, template, text_of
from sim.report.tiles import NAMES, Tiles, heat_map, province_map
from sim.report.words import clock, day_name, share
from sim.results.folder import Summary
from sim.results.nation import NationResult, NationTables, column
from sim.results.tally import HOURS, PLATES

WEEK = 7
PER = 100_000
PROPER = {"hes": "HES", "monday": "Monday", "sunday": "Sunday"}
"""Words of scenarios' names that are not written small."""


def render_nation(
    result: NationResult, summary: Summary, provenance: Provenance, question: str, *, bands: Sequence[NationResult] = ()
) -> str:
    """The whole page as HTML; `bands` are the same scenario's results with other seeds.

    `summary` is what `sim.results.nation_summary.summarise_nation` says of the result. What a run does not have is left
    out: one of a single day has no curves, one without queries no service.
    """
    tables = result.tables
    shown = figures.course(tables, [other.tables for other in bands])
    provinces = _provinces(tables)
    plots = _plots(tables, summary, shown)
    has_bands = shown.runs > 1 and "infections" in plots
    spans = {"week": _days(tables, WEEK), "run": _days(tables, len(shown.days))}
    titles = {name: title.format(**spans) for name, (title, _) in _MAPS.items()}
    maps = [
        province_map(name, titles[name], {row["plate"]: row[name] for row in provinces}, say)
        for name, (_, say) in _MAPS.items()
        if all(row[name] is not None for row in provinces)
    ]
    infected = {row["name"]: (row["infections"], row["people"]) for row in provinces if row["infections"] is not None}
    load = summary["load"]
    return template(
        "nation.html", many=many, compact=compact, plain=plain, day=_day, held_down=held_down, rate=_rate
    ).render(
        style=style() + Markup(text_of("nation.css")),  # noqa: S704 - our own file
        name=_title(provenance.scenario),
        headline=_headline(summary),
        question=question,
        summary=summary,
        happened=list(happened(summary)),
        surprising=list(surprising(summary, infected)),
        caveats=caveats(summary, shown.runs if has_bands else 1 + len(bands), has_bands=has_bands),
        maps=maps,
        map_names=list(_MAPS),
        map_heads=titles,
        provinces=[{**row, "said": _said(row)} for row in provinces],
        plots=plots,
        heat=_heat(tables) if load else None,
        channels=[name for name in next(iter(tables.load.values())).channels if name in load["by_channel"]]
        if load
        else [],
        sources=sorted(load["by_source"], key=lambda name: -load["by_source"][name]["calls"]) if load else [],
        stations=list(dict.fromkeys(column(tables.stations, "station").tolist())),
        days=list(_load_days(tables)),
        noon=_noon(tables, summary),
        busiest=busiest(summary["stations"]) if summary["stations"] else None,
        runs=shown.runs,
        parameters_shown=parameters_shown(summary["facts"]),
        months=list(_months(summary)),
        provenance=provenance.record,
    )


def _headline(summary: Summary) -> str:
    """The answer in a line."""
    told = []
    if (epidemic := summary["epidemic"]) and epidemic.get("infections") is not None:
        told.append(f"{many(epidemic['infections'])} infections, {many(epidemic.get('cases') or 0)} cases reported")
    if load := summary["load"]:
        told.append(f"{many(load['codes'])} codes asked, {share(load['answered_calls_share'])} of the calls answered")
    return "; ".join(told) or "Nothing happened"


_MAPS: Mapping[str, tuple[str, Callable[[float], str]]] = {
    "attack": ("Infections per 100,000 in {run}", lambda value: f"{value:,.0f}"),
    "cases": ("Reported cases per 100,000 in {week}", lambda value: f"{value:,.0f}"),
    "calls": ("Codes asked per person in a day", lambda value: f"{value:.2f}" if value < 10 else f"{value:.0f}"),
    "stopped": ("Stopped at doors, of 1,000 who showed a code", lambda value: f"{value:.1f}"),
}
"""What the maps show, and how a value is said."""


def _provinces(tables: NationTables) -> list[Row]:
    """A row for each province in which people live, by plate; None for what the run does not tell."""
    people = tables.people
    epidemic = _of_last_days(tables)
    codes = np.sum([day.by_province[..., 1].sum(axis=(1, 2)) for day in tables.load.values()], axis=0)
    stopped, met = _at_doors(tables)
    rows = []
    for plate in np.flatnonzero(people).tolist():
        new, cases = (None if values is None else int(values[plate]) for values in epidemic)
        each = PER / people[plate]
        rows.append(
            {
                "plate": plate,
                "name": NAMES[plate],
                "people": int(people[plate]),
                "infections": new,
                "attack": None if new is None else new * each,
                "cases": None if cases is None else cases * each,
                "calls": float(codes[plate] / people[plate] / len(tables.load)) if tables.load else None,
                "stopped": 1000 * stopped[plate] / max(met[plate], 1) if met.any() else None,
            }
        )
    return rows


def _of_last_days(tables: NationTables) -> tuple[Numbers | None, Numbers | None]:
    """By plate: infections of the days reported, and the cases of the last week, the warm-up's days included."""
    rows = tables.epidemic
    if not rows.num_rows:
        return None, None
    when, plate = column(rows, "date"), column(rows, "province")
    reported = np.asarray(column(rows, "reported"), np.bool_)
    week = when > when.max() - np.timedelta64(WEEK, "D")
    return tuple(
        np.bincount(plate[chosen], column(rows, name)[chosen], minlength=PLATES) if name in rows.schema.names else None
        for name, chosen in (("new_infections", reported), ("cases", week))
    )  # type: ignore[return-value]


def _days(tables: NationTables, most: int) -> str:
    """The last days, as many as that or as far as the run goes back."""
    days = min(np.unique(column(tables.epidemic, "date")).size, most)
    return "a day" if days == 1 else f"the last {days} days"


def _at_doors(tables: NationTables) -> tuple[Numbers, Numbers]:
    """By plate: who was stopped at a door, and who showed a code that is one."""
    rows, plate = tables.doors, column(tables.doors, "province")
    names = ("stopped_infectious", "stopped_not", "passed_infectious", "passed_not")
    counts = [np.bincount(plate, column(rows, name), minlength=PLATES) for name in names]
    return counts[0] + counts[1], np.sum(counts, axis=0)


def _said(row: Row) -> dict[str, str]:
    return {name: "–" if row[name] is None else say(row[name]) for name, (_, say) in _MAPS.items()}


def _plots(tables: NationTables, summary: Summary, shown: figures.Course) -> dict[str, Plot]:
    """The figures for which there is something to show."""
    drawn = []
    if len(shown.days) > 1 and "new_infections" in shown.sums:
        drawn.append(figures.infections(shown))
        if {"in_hospital", "deaths"} <= shown.sums.keys():
            drawn.append(figures.hospital(shown))
    if (load := summary["load"]) and load["latency_us"]:
        drawn.append(figures.latency(tables, load["answer"]))
    if (day := _day_shown(summary)) and (column(tables.service, "date") == np.datetime64(day)).any():
        outages = sorted(
            {(row["from_minute"], row["until_minute"]) for row in summary["outages"] if row["date"] == day.isoformat()}
        )
        drawn.append(figures.retries(tables, day, outages))
        if (column(tables.stations, "date") == np.datetime64(day)).any():
            drawn.append(figures.stations(tables, day, outages))
    if summary["doors"] and summary["doors"]["stopped_infectious"] + summary["doors"]["passed_infectious"]:
        drawn.append(figures.by_delay(tables))
    return {plot.name.replace("-", "_"): plot for plot in drawn}


def _day_shown(summary: Summary) -> date | None:
    """The day whose minutes are shown: that of the longest storm, or else the one with the busiest minute."""
    if not summary["load"]:
        return None
    storms = sorted(summary["storms"], key=lambda row: -row["down_minutes"])
    return date.fromisoformat(storms[0]["date"] if storms else summary["load"]["busiest"]["date"])


def _heat(tables: NationTables) -> Tiles:
    """Calls by hour and channel, of all days with load."""
    loads = list(tables.load.values())
    by_minute = np.sum([load.of("calls").sum(axis=2) for load in loads], axis=0)  # minute, channel
    by_hour = by_minute.reshape(HOURS, 60, -1).sum(axis=1)
    rows = {plain(name): by_hour[:, n].tolist() for n, name in enumerate(loads[0].channels) if by_hour[:, n].any()}
    return heat_map("load", "Calls by hour and channel", rows, compact, "calls")


def _load_days(tables: NationTables) -> Iterator[Row]:
    """A row for each day with load."""
    for day, load in tables.load.items():
        calls, begun = load.of("calls"), load.of("calls").sum(axis=(1, 2))
        yield {
            "day": day_name(day),
            "calls": int(calls.sum()),
            "codes": int(load.of("codes").sum()),
            "answered": float(calls[:, :, 0].sum() / max(calls.sum(), 1)),
            "attempts": float(load.of("attempts").sum() / max(calls.sum(), 1)),
            "busiest": f"{clock(int(begun.argmax()))}, {int(begun.max()):,}",
        }


def _months(summary: Summary) -> Iterator[Row]:
    """A row for each month, and of one that is not whole which of its days it has."""
    for month, row in summary["months"].items():
        part = summary["partial_months"].get(month)
        days = (date.fromisoformat(part[end]).day for end in ("first", "last")) if part else ()
        yield {"month": month, "days": "–".join(map(str, dict.fromkeys(days))), **row}


def _noon(tables: NationTables, summary: Summary) -> Row | None:
    """The status of everybody at noon against the truth, on an average day."""
    noon = (summary["epidemic"] or {}).get("noon")
    if not noon:
        return None
    days, people = summary["epidemic"]["days"], int(tables.people.sum())
    right, missed = noon["infectious_risky"] / days, noon["infectious_riskless"] / days
    wrongly = noon["risky"] / days - right
    return {**noon, "right": right, "missed": missed, "wrongly": wrongly, "free": people - right - missed - wrongly}


def _title(name: str) -> str:
    """A scenario's name as a heading."""
    words = name.replace("_", " ").replace("-", " ").split()
    first, *rest = (PROPER.get(word, word) for word in words)
    return " ".join((first if first.isupper() else first.capitalize(), *rest))


def _rate(value: float | None) -> str:
    return "–" if value is None else share(value)


def _day(text: str) -> str:
    return day_name(date.fromisoformat(text))
