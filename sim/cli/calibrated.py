"""What `hes calibrate` says on the terminal: parameters, months, and what is to be said of them."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mockgov.cli import CommandError

if TYPE_CHECKING:
    from sim.experiments.calibrate import Calibration
    from sim.experiments.validation import Validation
    from sim.experiments.window import Window
    from sim.scenario import NationScenario

PARAMETERS = ("parameter", "range from", "to", "mean", "90% of members", "learnt")
MONTHS = ("month", "observed", "median", "90% of members", "with error", "fitted", "covered")
WIDEST = 1_000
"""Letters in a table's line; no number is cut, the terminal breaks the line instead."""
FAILURES = 5
"""Members that failed of which a terminal is told."""


def announce(base: "NationScenario", window: "Window", members: int, steps: int) -> None:
    """How much there is to run, before it begins."""
    fitting = f"{members * (steps + 1):,} runs of {base.population.people:,} people over {window.days:,} days"
    more = f", then {members:,} over {window.days_ahead:,} days" if window.ahead else ""
    typer.echo(f"Fitting {window.first} to {window.until}: {fitting}{more}, less what is on record.", err=True)
    typer.echo("On a new installation the first runs compile the model, for a minute or two.", err=True)


def require_memory(longest: "NationScenario", at_once: int) -> None:
    """Refuse runs that do not fit into memory side by side. Raises `CommandError`."""
    from sim.nation.needs import GIB, free_bytes, needs_of

    needed, free = at_once * needs_of(longest).bytes, free_bytes()
    if needed > free:
        raise CommandError(
            f"{at_once} of these runs at once need about {needed / GIB:.1f} GiB of memory and {free / GIB:.1f} GiB "
            "are free: give fewer --workers, or set population.people lower (totals are scaled to the country)."
        )


def show_calibration(found: "Calibration", outcome: "Validation", notes: Sequence[str], folder: Path) -> None:
    """Tables, sentences, and where everything is."""
    _table(PARAMETERS, list(_parameters(found)))
    for kind in outcome.kinds:
        if months := outcome.months(kind):
            typer.echo(f"{kind.capitalize()} of the whole country:")
            _table(MONTHS, months)
    before, after = found.mismatches[0], found.mismatches[-1]
    typer.echo(
        f"Mean squared distance from the totals fitted, in units of their errors: {before:,.1f} before the fit, "
        f"{after:,.1f} after it; 1 is as near as the errors are large. A model of few people has large ones."
    )
    for sentence in outcome.sentences():
        typer.echo(sentence)
    for note in notes:
        typer.echo(f"Note: {note}")
    for failure in found.failures[:FAILURES]:
        typer.echo(f"Left out, {failure}")
    if len(found.failures) > FAILURES:
        typer.echo(f"… and {len(found.failures) - FAILURES:,} more that failed, in the report.")
    typer.echo(f"The scenario with the means: {folder / 'fitted.toml'} (hes run takes it)")
    typer.echo(f"Report: {folder / 'report.html'}")


def _parameters(found: "Calibration") -> Iterator[tuple[str, ...]]:
    from sim.experiments.words import cell

    for line in found.rows():
        low, high, mean = (cell(line[name]) for name in ("range_low", "range_high", "mean"))
        band = f"{cell(line['low'])} to {cell(line['high'])}"
        yield line["parameter"], low, high, mean, band, f"{line['narrowed']:.0%}"


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Words and numbers, the first column to the left."""
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for place, title in enumerate(titles):
        table.add_column(title, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    widest = Console(width=WIDEST).measure(table).maximum
    Console(width=max(Console().width, widest)).print(table, soft_wrap=True)
