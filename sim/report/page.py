"""The page of a run: its words and numbers, ready for `template.html`."""

from collections.abc import Callable, Iterator, Mapping
from importlib.resources import files
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, FunctionLoader, StrictUndefined, Template
from markupsafe import Markup

from sim.provenance import Provenance
from sim.report import figures
from sim.report.figures import Plot
from sim.report.words import answer_name, clock, day_name, duration, share
from sim.results import HOUR_US, MINUTE_US, Summary, Tables, headline, wrong

FIRST_WRONG = 20
"""How many wrong answers the page shows."""
DRIVES = {
    "http": "over HTTP",
    "in-process": "in process, without a network between",
    "stub": "in the shape of a stub, which knows all answers",
}
CHANNEL_WORDS = {
    "employee": "an employer asks about its staff",
    "visitor": "a door asks about a visitor, and says where",
    "single": "an institution asks about one code",
    "plus": "the same, with vaccine, immunity and test",
    "bulk": "up to 500 codes in one call",
    "bulk-plus": "the same, with vaccine, immunity and test",
    "person": "a person asks with the mobile application",
    "person-plus": "the same, with eligibility",
    "edevlet": "a person asks on e-Devlet's pages",
    "edevlet-bulk": "a small workplace's list there",
    "make-app": "a code made in the application",
    "make-sms": "a code made by a text to 2023",
    "make-edevlet": "a code made on e-Devlet's pages",
}
TOTALS = {"queries": "queries", "calls": "calls", "risky": "risky_answers", "wrong": "wrong"}
"""Where a summary has the sums of the channels' columns."""
Row: TypeAlias = dict[str, Any]


def template(name: str, *, found: Callable[[str], str] | None = None, **filters: Callable[..., str]) -> Template:
    """A page's template, with the filters of all pages and its own; `found` where templates are not of this package."""
    loader = FunctionLoader(found or text_of)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(number=number, duration=duration, clock=clock, share=share, svg=Markup, **filters)
    return environment.get_template(name)


def text_of(name: str) -> str:
    """A file of this package."""
    return (files(__package__) / name).read_text("utf-8")


def style() -> Markup:
    """The style sheet."""
    return Markup(text_of("style.css"))  # noqa: S704 - our own file


def render(tables: Tables, summary: Summary, provenance: Provenance) -> str:
    """The whole page as HTML: `summary` is what `sim.results.summarise` says of these tables."""
    return template("template.html").render(
        style=style(),
        name=provenance.scenario.replace("_", " ").replace("-", " ").capitalize(),
        headline=headline(summary),
        summary=summary,
        day=_day_played(tables.epidemic),
        drive=DRIVES.get(provenance.drive, provenance.drive),
        pace=_pace(tables.queries, summary["measured"]["real_seconds"]),
        plots=_plots(tables),
        channels=list(_channels(summary)),
        failures=_first_wrong(tables.queries),
        slowest=list(_slowest(tables.capacity, summary)),
        parameters=grouped(summary["facts"]),
        provenance=provenance.record,
    )


def _plots(tables: Tables) -> dict[str, Plot]:
    """The figures for which there is something to show."""
    drawn = []
    if tables.queries.num_rows:
        drawn += [figures.hours(tables.queries), figures.answers(tables.queries), figures.latency(tables.queries)]
    if tables.epidemic.num_rows:
        drawn.append(figures.epidemic(tables.epidemic))
    if tables.capacity.num_rows:
        drawn.append(figures.utilisation(tables.capacity))
    return {plot.name: plot for plot in drawn}


def _channels(summary: Summary) -> Iterator[Row]:
    latency = summary["measured"]["latency_us"]
    for channel, words in CHANNEL_WORDS.items():
        if channel in summary["by_channel"]:
            row = {"channel": channel, "words": words, **summary["by_channel"][channel]}
            yield {**row, "latency": latency["by_channel"][channel]}
    total = {name: summary[key] for name, key in TOTALS.items()}
    yield {"channel": "all", "words": "", **total, "latency": latency["all"]}


def _first_wrong(queries: pa.Table) -> list[Row]:
    """The earliest wrong answers, in words."""
    rows = queries.filter(wrong(queries)).sort_by([("at_us", "ascending"), ("call", "ascending")])
    return [
        {
            **row,
            "moment": f"{clock(row['at_us'] // MINUTE_US)}:{row['at_us'] // 1_000_000 % 60:02}",
            "fields": row["wrong_fields"].replace(",", ", ") or "answer",
            "expected": answer_name(row["expected"]),
            "answered": answer_name(row["answered"]),
        }
        for row in rows.slice(0, FIRST_WRONG).to_pylist()
    ]


def _slowest(capacity: pa.Table, summary: Summary) -> Iterator[Row]:
    """The slowest minutes, each with what the model says of it."""
    busy = dict(zip(capacity["minute"].to_pylist(), capacity["utilisation"].to_pylist(), strict=True))
    for row in summary["measured"]["slowest_minutes"]:
        yield {**row, "utilisation": busy.get(row["minute"])}


def _day_played(epidemic: pa.Table) -> str | None:
    return day_name(epidemic["date"][-1].as_py()) if epidemic.num_rows else None


def _pace(queries: pa.Table, real_seconds: float | None) -> Row | None:
    """How much of the day was played in how much real time, and how many times faster than life that is."""
    if not real_seconds or not queries.num_rows:
        return None
    ends = pc.min_max(queries["at_us"]).as_py()
    hours = (ends["max"] - ends["min"]) / HOUR_US
    times = hours * 3600 / real_seconds
    faster = {"times": number(float(f"{times:.2g}")), "minute_us": MINUTE_US / times} if times > 2 else {"times": None}
    return {"hours": hours, "seconds": real_seconds, **faster}


def grouped(facts: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Facts by the part of their name before the first dot: `population.people` is people, of the population."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, value in sorted(facts.items()):
        part, dot, rest = name.partition(".")
        shown = number(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
        groups.setdefault(part if dot else "", []).append(((rest if dot else name).replace("_", " "), shown))
    return groups


def number(value: float) -> str:
    """A number with commas, and no decimals where it is whole."""
    return f"{value:,}".removesuffix(".0")
