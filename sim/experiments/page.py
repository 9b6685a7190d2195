"""One self-contained HTML page for a comparison, a sweep or a calibration, in the look of a run's report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sim.experiments import figures
from sim.experiments.calibrate import Calibration
from sim.experiments.compare import FEW, Comparison
from sim.experiments.sweep import Swept
from sim.experiments.validation import TITLES, Validation
from sim.experiments.words import cell, chance, last_words, leading, month_name, signed_share, slug
from sim.provenance import Provenance
from sim.report.figures import Plot
from sim.report.page import number as with_commas
from sim.report.page import style, template, text_of

TEMPLATE = "experiment.html"
MOST_ROWS = 200
"""Rows of a table on a page; the rest is in the Parquet file."""
MOST_SAMPLED = 24
"""The same for the points of a sampled design, of which a single one says little."""
MOST_NUMBERS = 6
"""Headline numbers that a sweep's page shows unless some are chosen."""

PAIRED = (
    "Both scenarios ran on the same seeds, and each draw of chance is keyed by what it is for. So a pair shares its "
    "luck, and its difference is the change's own but for what the change makes of that luck."
)
TESTED = (
    "Share: of the first scenario's mean. p: how likely a difference at least so large would be if there were none "
    "(paired t test). With many numbers some fall under 0.05 by chance: of 20 that do not differ, about one. Saved: "
    "how many times as many independent runs the same interval would take."
)
VERDICTS = (
    "Verdict: higher or lower if the interval, Student's t over pairs, leaves out 0; not told apart if it holds 0, "
    "which does not mean that there is no difference; equal if each of five pairs or more has the same number twice."
)
SWEPT = (
    "All points ran on the same seeds, so two points differ by their parameters and what follows from them. Intervals "
    "are Student's t over replications, at 95%; of a number that is below 0 in no run, they are cut off at 0."
)
SHARES = (
    "First order: the share of the outcome's variance that goes with a parameter alone. Total: with it and all that "
    "it does together with others. Bands are by resampling of points."
)
RANKS = (
    "Spearman: how far the outcome rises with a parameter, by ranks, from −1 to 1. Partial: the same after the other "
    "parameters' shares are taken out of both. Both see only what rises or falls throughout."
)
SMOOTHED = (
    "Members drawn from the ranges were run and moved towards the observed totals in steps (an ensemble smoother, "
    "ES-MDA); the last ensemble's own runs are shown. Bands hold 90% of the members; the wider ones allow for the "
    "error that is stated for what was observed."
)
DRAWN = (
    "The months of the fit say nothing about some parameters of later ones. Each member has drawn these from the whole "
    "of their ranges, so they are as uncertain in what is foretold as they were before."
)
LEARNT = (
    "Learnt: how much narrower the members are than their range; 0% is nothing. A band tells what the model leaves "
    "open, not what it leaves out: months outside the band show that. Before 25 November 2020 only people with "
    "symptoms were published, so cases begin later."
)
KEPT = (
    "The file fitted.toml beside this page is the whole scenario with each fitted parameter at its mean, for hes run "
    "and hes compare. It makes one run, without the bands: those are of the members, in posterior.parquet."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table on the page."""

    title: str
    numeric: bool = True
    whole: bool = False
    """Whether its words stay on one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A table on the page; the first column names the row."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page."""

    title: str
    words: tuple[str, ...] = ()
    plots: tuple[tuple[Plot, str], ...] = ()
    tables: tuple[Shown, ...] = ()

    @property
    def id(self) -> str:
        """Its name in the page."""
        return f"about-{slug(self.title)}"


def render_comparison(
    found: Comparison, provenance: Provenance, question: str = "", *, origin: Mapping[str, Any] | None = None
) -> str:
    """The page of a comparison; `origin` is what else is to be told of where it comes from."""
    first, second = found.names
    differs = [one for one in found.differences if one.verdict in {"higher", "lower"}]
    reductions = sorted(one.reduction for one in found.differences if one.reduction is not None)
    few = f"too few seeds to tell: {FEW} at least"
    rows = tuple(
        (
            one.number, one.verdict, cell(one.first), cell(one.second), cell(one.difference),
            f"{cell(one.low)} to {cell(one.high)}", "–" if one.share is None else signed_share(one.share),
            chance(one.p), *(_of_pairs(one.pairs, value) for value in (one.correlation, one.reduction)),
        )
        for one in found.differences
    )  # fmt: skip
    level = f"{found.level:.0%} interval"
    titles = (first, second, "Difference", level, "Share", "p", "Correlation", "Saved")
    columns = (*(Column(title=title, numeric=False, whole=True) for title in ("Number", "Verdict")), *_numeric(titles))
    caption = f"{second} minus {first}, as a share of {first}, with its {level} (Student's t over pairs)."
    drawn = figures.differences(found)
    section = Section(
        title="Differences",
        words=(found.scale,) if found.scale else (),
        plots=((drawn, caption),) if drawn else (),
        tables=(Shown(name=f"Every number: means over {len(found.seeds)} pairs", columns=columns, rows=rows),),
    )
    saved = f"{cell(float(f'{reductions[len(reductions) // 2]:.2g}'))}×" if reductions else "–"
    return _page(
        name=f"{second} against {first}",
        headline=f"{len(differs)} of {len(found.differences)} numbers differ",
        question=question or f"What differs between {first} and {second}, apart from luck?",
        tiles=[
            ("pairs", with_commas(len(found.seeds)), "each on one seed"),
            ("numbers that differ", with_commas(len(differs)), f"of {len(found.differences)}"),
            ("runs saved by pairing", saved, few if len(found.seeds) < FEW else "for half of them"),
        ],
        sections=[section],
        cautions=found.cautions,
        reading=[PAIRED, VERDICTS, TESTED],
        provenance=provenance,
        origin=origin,
    )


def render_sweep(swept: Swept, provenance: Provenance, question: str = "", numbers: Sequence[str] = ()) -> str:
    """The page of a sweep: of the numbers chosen, or the first few."""
    plan = swept.plan
    shown = tuple(numbers) or leading(swept.numbers, MOST_NUMBERS)
    sections = [Section(title="What is shown", words=_what_is_shown(swept, shown))]
    sections += [_answers(swept, name) for name in shown]
    if swept.failures:
        rows = [[*(str(line[name]) for name in (*plan.names, "seed", "failure"))] for line in swept.failures]
        columns = (*_columns((*plan.names, "seed")), Column(title="why", numeric=False))
        table = _cut("Failed runs", columns, rows)
        sections.append(Section(title="What failed", tables=(table,)))
    return _page(
        name=f"{provenance.scenario.replace('_', ' ').replace('-', ' ').capitalize()}: a sweep",
        headline=f"{len(plan.points):,} points, {len(swept.runs):,} runs",
        question=question or f"How do {', '.join(plan.names)} move the outcome?",
        tiles=[
            ("points", with_commas(len(plan.points)), f"{plan.design} over {len(plan.names)} parameters"),
            ("runs", with_commas(len(swept.runs)), f"{plan.replications} at each point"),
            ("failed", with_commas(len(swept.failures)), "told below" if swept.failures else "none"),
        ],
        sections=sections,
        cautions=swept.cautions,
        reading=[SWEPT, *_on_effects(plan.design)],
        provenance=provenance,
    )


def render_calibration(
    found: Calibration,
    provenance: Provenance,
    *,
    fragment: str,
    outcome: Validation,
    question: str = "",
    notes: Sequence[str] = (),
) -> str:
    """The page of a calibration, with the members' runs beside what was observed, beyond the fit too if they go there.

    `fragment` is the TOML that sets the means: `Ensemble.toml`. `notes` are sentences on what was left out, and why.
    """
    inside, outside = found.ensemble.coverage(found.observations), outcome.coverage()
    told = ("parameter", "range_low", "range_high", "mean", "low", "high")
    lines = found.ensemble.parameters()
    rows = tuple((*(cell(line[name]) for name in told), f"{line['narrowed']:.0%}") for line in lines)
    columns = _columns(("Parameter", "Range from", "to", "Mean", "Band from", "to", "Learnt"))
    table = Shown(name="Parameters", columns=columns, rows=rows)
    caption = "Where in its range each parameter was found: the bar holds 90% of the members."
    drawn = outcome.ensemble.ranges[len(found.ensemble.ranges) :]
    open_rows = tuple((one.name, cell(one.low), cell(one.high)) for one in drawn)
    left_open = Shown(name="Drawn from the whole range", columns=_columns(("Parameter", "from", "to")), rows=open_rows)
    parameters = Section(
        title="Parameters",
        words=(DRAWN,) if drawn else (),
        plots=((figures.parameters(found.ensemble), caption),),
        tables=(table, left_open) if drawn else (table,),
    )
    told_of = (_span(outcome), *(" ".join(outcome.sentences(kind)) for kind in outcome.kinds))
    fits = Section(title="What it fits and what it misses", words=told_of)
    sections = [fits, *(_months(kind, outcome) for kind in outcome.kinds), parameters]
    return _page(
        name=f"{provenance.scenario.replace('_', ' ').replace('-', ' ').capitalize()}: a calibration",
        headline=f"{len(found.ensemble.ranges)} parameters fitted to {len(found.observations)} totals",
        question=question or "Which parameters make the model's monthly totals those that were observed?",
        tiles=[
            ("parameters", str(len(found.ensemble.ranges)), f"{len(found.ensemble.seeds)} members"),
            ("distance before", cell(round(found.mismatches[0], 1)), "errors, squared, on average"),
            ("distance after", cell(round(found.mismatches[-1], 2)), "1 is as near as errors are large"),
            ("covered in the fit", _share(inside), "of the totals; 90% should be"),
            ("covered beyond it", _share(outside), "of later totals; mind how wide the bands are"),
        ],
        sections=[section for section in sections if section.plots or section.words],
        cautions=[*notes, *found.failures[:MOST_ROWS]],
        reading=[SMOOTHED, LEARNT, KEPT],
        provenance=provenance,
        fragment=fragment,
    )


def _what_is_shown(swept: Swept, shown: Sequence[str]) -> tuple[str, ...]:
    """For whom counts stand, and which numbers are on the page."""
    words = [swept.scale] if swept.scale else []
    if left_out := [name for name in swept.numbers if name not in shown]:
        words.append(
            f"{len(shown)} of {len(swept.numbers)} numbers are on this page; sweep.parquet and points.parquet have "
            f"all. To see others here, give the command again with --number, from: {', '.join(left_out)}."
        )
    else:
        words.append(f"All {len(shown)} numbers are on this page.")
    return tuple(words)


def _of_pairs(pairs: int, value: float | None) -> str:
    """What takes some pairs to tell."""
    return "too few seeds" if pairs < FEW else "–" if value is None else cell(float(f"{value:.3g}"))


def _answers(swept: Swept, number: str) -> Section:
    """What a sweep says of one number."""
    own = [effect for effect in swept.effects if effect.number == number]
    lines = swept.summary([number])
    told = [line for line in lines if line["mean"] is not None]
    plots = []
    if own:
        plots.append((figures.effects(own, number), "A dot is the estimate, the bar its 95% band."))
    if told:
        caption = "Dots are means over replications, bars their 95% intervals."
        plots.append((figures.response(swept, number, _leading(swept, number)), caption))
    rows = [
        [*(cell(line[name]) for name in swept.plan.names), *(cell(line[name]) for name in ("mean", "low", "high", "n"))]
        for line in lines
    ]
    titles = (*last_words(swept.plan.names), "Mean", "from", "to", "Runs")
    most = MOST_ROWS if swept.plan.design == "grid" else MOST_SAMPLED
    return Section(title=number, plots=tuple(plots), tables=(_cut("By point", _columns(titles), rows, most),))


def _leading(swept: Swept, number: str) -> str:
    """The parameter that moves a number most; the first if that is not known."""
    own = [effect for effect in swept.effects if effect.number == number and effect.measure in {"total", "prcc"}]
    return max(own, key=lambda effect: abs(effect.value)).parameter if own else swept.plan.names[0]


def _months(kind: str, outcome: Validation) -> Section:
    lines = outcome.rows(kind)
    drawn = figures.months(kind, lines)
    told = zip(lines, outcome.months(kind), strict=True)
    rows = tuple((month_name(line["month"]), *cells) for line, (_, *cells) in told)
    table = Shown(name=f"{kind.capitalize()} by month", columns=_columns(TITLES), rows=rows)
    caption = "Hollow dots were not shown to the fit. Note the logarithmic scale, at the foot of which 0 is drawn."
    return Section(title=kind.capitalize(), plots=((drawn, caption),) if drawn else (), tables=(table,))


def _span(outcome: Validation) -> str:
    """Which months were fitted, and which foretold."""
    fitted, held = ([line["month"] for line in outcome.rows() if line[name]] for name in ("fitted", "held_out"))
    shown = f"Fitted are totals of {month_name(min(fitted))} to {month_name(max(fitted))}"
    return f"{shown}; {month_name(min(held))} to {month_name(max(held))} are foretold." if held else f"{shown}."


def _on_effects(design: str) -> list[str]:
    return {"saltelli": [SHARES], "latin": [RANKS], "sobol": [RANKS]}.get(design, [])


def _columns(titles: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(title=title, numeric=place > 0) for place, title in enumerate(titles))


def _numeric(titles: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(title=title) for title in titles)


def _cut(name: str, columns: tuple[Column, ...], rows: Sequence[Sequence[str]], most: int = MOST_ROWS) -> Shown:
    left_out = len(rows) - most
    words = f"{left_out:,} more rows are in sweep.parquet and points.parquet." if left_out > 0 else ""
    return Shown(name=name, columns=columns, rows=tuple(map(tuple, rows[:most])), left_out=words)


def _share(part: float | None) -> str:
    return "–" if part is None else f"{part:.0%}"


def _page(
    *,
    tiles: Sequence[tuple[str, str, str]],
    provenance: Provenance,
    fragment: str = "",
    origin: Mapping[str, Any] | None = None,
    **told: Any,
) -> str:
    return template(TEMPLATE, found=_text_of).render(
        style=style(),
        tiles=[dict(zip(("label", "value", "beside"), tile, strict=True)) for tile in tiles],
        provenance={**provenance.record, **(origin or {})},
        fragment=fragment,
        zip=zip,
        **told,
    )


def _text_of(name: str) -> str:
    """A template: this package's own, or one of the report's."""
    return (files(__package__) / name).read_text("utf-8") if name == TEMPLATE else text_of(name)
