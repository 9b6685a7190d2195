"""The page of months on the onboarding road: its words and numbers, ready for `road.html`."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sim.provenance import Provenance
from sim.report import road_figures as figures
from sim.report.figures import Plot
from sim.report.page import Row, grouped, style, template
from sim.report.words import day_name, kind_name, office_time
from sim.results.folder import Summary
from sim.results.road import DESKS, RoadTables

DESK_WORDS = {
    "letters": "registers letters, and confirms at the end",
    "evaluation": "approves, returns or refuses",
    "access": "defines users, of the test environment and live",
    "support": "answers questions, checks completion notices",
}
RULE_WORDS = {
    "letter.authorised": "does not say that the person is authorised",
    "form.signer": "somebody else signed the form",
    "form.signature": "the form's signature does not count",
    "letter.form": "the signed form is not attached",
    "eligibility.staff": "too few staff declared",
    "eligibility.provincial": "uses its ministry's access",
    "eligibility.school": "served by the education ministry's access",
}


def render_road(tables: RoadTables, summary: Summary, provenance: Provenance, question: str) -> str:
    """The whole page as HTML: `summary` is what `sim.results.summarise_road` says of these tables."""
    return template("road.html", office=office_time, kind=kind_name, day=_day, days=_days, hours=_hours).render(
        style=style(),
        name=provenance.scenario.replace("_", " ").replace("-", " ").capitalize(),
        headline=_headline(summary),
        question=question,
        summary=summary,
        plots=_plots(tables, summary),
        kinds=list(_kinds(summary)),
        desks=[{"desk": desk, "words": DESK_WORDS[desk], **summary["desks"][desk]} for desk in _used(summary)],
        compared=list(_compared(summary)),
        live_kinds=[kind for kind in figures.KINDS if summary["by_kind"].get(kind, {}).get("live")],
        rules=RULE_WORDS,
        parameters=grouped(summary["facts"]),
        provenance=provenance.record,
    )


def _headline(summary: Summary) -> str:
    """The answer in a line."""
    half = summary["until_live"]["days"]["p50"]
    if half is None:
        return f"{summary['institutions']:,} institutions, none live"
    return f"{summary['until_live']['live']:,} institutions live, half of them within {half:.0f} days"


def _plots(tables: RoadTables, summary: Summary) -> dict[str, Plot]:
    """The figures for which there is something to show."""
    if not summary["institutions"]:
        return {}
    shown = figures.span(tables)
    drawn = [
        figures.live(tables.institutions, shown),
        figures.backlog(tables.desks, shown),
        figures.waiting(tables.desks, shown),
    ]
    if summary["until_live"]["live"]:
        weeks = [{"week": week, **row} for week, row in summary["by_week"].items()]
        drawn += [figures.until_live(tables.institutions), figures.by_week(weeks)]
    return {plot.name.replace("-", "_"): plot for plot in drawn}


def _kinds(summary: Summary) -> Iterator[Row]:
    """A row for each kind, those that may go live first, and the sum."""
    first = [kind for kind in figures.KINDS if kind in summary["by_kind"]]
    for kind in [*first, *(kind for kind in summary["by_kind"] if kind not in first)]:
        yield {"kind": kind, **summary["by_kind"][kind]}
    sums = {name: sum(row[name] for row in summary["by_kind"].values()) for name in ("begun", "returned", "refused")}
    yield {"kind": "all", **sums, **summary["until_live"]}


def _used(summary: Summary) -> list[str]:
    return [desk for desk in DESKS if summary["desks"][desk]]


def _compared(summary: Summary) -> Iterator[Row]:
    """Each change beside the run as it was set: what it saves half of the institutions, and the desks."""
    rows: list[Mapping[str, Any]] = summary["what_if"]
    for row in rows:
        waited = sum(row["waited_us"].values())
        saved = [_saved(rows[0]["days"][point], row["days"][point]) for point in ("p50", "p90")]
        yield {**row, "waited": waited, "half_saved": saved[0], "most_saved": saved[1], "is_base": row is rows[0]}


def _saved(before: float | None, after: float | None) -> str:
    """A difference in days, with its sign."""
    if before is None or after is None:
        return "–"
    change = round(after - before, 1)
    return f"{change:+.1f}" if change else "±0"


def _day(text: str) -> str:
    return day_name(date.fromisoformat(text))


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _hours(us: float) -> str:
    """Office time in hours, for a column in which numbers are compared."""
    return f"{us / 3_600_000_000:,.1f} h"
