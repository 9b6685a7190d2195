"""`hes compare` and `hes sweep`: a scenario's numbers beside those of others."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockgov.cli import CommandError
from sim.cli.outlook import outlook
from sim.cli.scenarios import NO_SIM, command_line, found, kept_as, provenance_of
from sim.cli.workshop import LONGEST_HOURS, OUT, Again, By, Hands, Hours, Runner, Scheduler, Workers, workshop

if TYPE_CHECKING:
    from sim.experiments.compare import Comparison
    from sim.experiments.sweep import Swept
    from sim.scenario import AnyScenario

experimenting = typer.Typer()
SHOWN = 40
"""Rows that a terminal is shown; files and page have all."""
NOTES = 10
"""Cautions that it is shown."""
WIDEST = 1_000
"""Letters in a table's line; a number is never cut, the terminal breaks the line instead."""
POINTS = 64
"""Points that are drawn unless told otherwise."""


class Design(StrEnum):
    """How the points of a sweep are chosen."""

    GRID = "grid"
    LATIN = "latin"
    SOBOL = "sobol"
    SALTELLI = "saltelli"


Seed = Annotated[int, typer.Option(min=0, help="The first seed; replications take those that follow.")]


@experimenting.command("compare", epilog="Example: hes compare isolation_14 isolation_7 --seeds 10")
def compare_two(
    first: Annotated[str, typer.Argument(help="A scenario's name or file.")],
    second: Annotated[str, typer.Argument(help="The scenario to hold against it.")],
    seeds: Annotated[int, typer.Option(min=2, max=10_000, help="Pairs of runs, each with a seed of its own.")] = 10,
    seed: Seed = 1,
    by: By = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    hours: Hours = LONGEST_HOURS,
    again: Again = False,  # noqa: FBT002
    out: Annotated[Path, typer.Option(help="Folder for the comparison's own folder.")] = OUT,
) -> None:
    """Run two scenarios with the same seeds and tell each number's difference, with its confidence interval.

    With the same seed both have the same chance wherever they do not differ, so few pairs tell small differences.
    Begun again in the same folder, with more seeds as well, it makes the runs that are missing.
    """
    (file, one), (other_file, other) = found(first), found(second)
    hands = Hands(by=by, workers=workers, scheduler=scheduler, hours=hours, again=again, out=out)
    with loaded():
        from sim.experiments.compare import compare, tasks_of
        from sim.experiments.page import render_comparison
        from sim.run import numbers
    require_two(one, other, (first, second))
    options = {"seeds": seeds, "seed": seed, **hands.options}
    provenance = provenance_of(file, one.name, seed, "none", command_line(["hes", "compare", first, second], options))
    named = provenance_of(other_file, other.name, seed, "none", "")
    origin = {"second_scenario": named.scenario, "second_scenario_digest": named.scenario_digest}
    folder, told = out / f"compare-{kept_as(file, one)}-{kept_as(other_file, other)}", range(seed, seed + seeds)
    names = (one.name, other.name) if one.name != other.name else (first, second)
    scale, notes = scale_of((one, other)), unlike(one, other, names)
    with hands.at_work(folder, provenance.edition, hands.ask(tasks_of(one, other, told), numbers)) as at_work:
        result = compare(one, other, numbers, at_work, seeds=told, names=names, scale=scale, notes=notes)
    result.write(folder, {**provenance.identity, **origin}, {**provenance.record, **origin})
    keep_page(folder, render_comparison(result, provenance, f"{names[0]} or {names[1]}?", origin=origin))
    show_comparison(result)
    typer.echo(f"Report: {folder / 'report.html'}")
    if not result.differences:
        raise CommandError("There is no number to compare; the report tells why.")


@experimenting.command(
    "sweep", epilog="Example: hes sweep laboratory_delay --vary reporting.laboratory_mean_hours=6,12,24,48"
)
def sweep_one(
    scenario: Annotated[str, typer.Argument(help="A scenario's name or file.")],
    vary: Annotated[
        list[str],
        typer.Option(help="name=1,2,3 or name=low:high[:log], by a dotted name; give one for each parameter."),
    ],
    design: Annotated[Design, typer.Option(help="grid: all combinations; the others draw points in ranges.")] = (
        Design.GRID
    ),
    points: Annotated[
        int | None, typer.Option(min=2, max=100_000, help=f"Points, but for a grid; {POINTS} unless told otherwise.")
    ] = None,
    replications: Annotated[int, typer.Option(min=1, max=10_000, help="Seeds at each point, the same at all.")] = 3,
    seed: Seed = 1,
    by: By = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    hours: Hours = LONGEST_HOURS,
    number: Annotated[list[str] | None, typer.Option(help="A number to show; repeat it. All are kept.")] = None,
    again: Again = False,  # noqa: FBT002
    plan_only: Annotated[bool, typer.Option("--plan", help="Show points, time and memory, and run nothing.")] = False,  # noqa: FBT002
    out: Annotated[Path, typer.Option(help="Folder for the sweep's own folder.")] = OUT,
) -> None:
    """Run a scenario at many points of its parameters. Begun again in the same folder, it makes what is missing."""
    file, base = found(scenario)
    hands = Hands(by=by, workers=workers, scheduler=scheduler, hours=hours, again=again, out=out)
    with loaded():
        from sim.experiments.axes import read_axes
        from sim.experiments.page import render_sweep
        from sim.experiments.plan import plan
        from sim.experiments.sweep import sweep, tasks_of
        from sim.run import numbers
    if design is Design.GRID and points is not None:
        raise CommandError("A grid has all combinations of its values: leave --points out, or choose a --design.")
    axes = read_axes(vary, base)
    planned = plan(axes, design.value, points=points or POINTS, replications=replications, seed=seed)
    tasks = tasks_of(base, planned)
    if plan_only:
        show(planned.rows(), None)
        typer.echo(outlook(tasks, len(tasks), hands.at_once, hours=None, elsewhere=scheduler is not None))
        return
    chosen = list(dict.fromkeys(number or ()))
    options = {"vary": vary, "design": design.value, "points": points, "replications": replications, "seed": seed}
    command = command_line(["hes", "sweep", scenario], {**options, "number": chosen, **hands.options})
    provenance, folder = provenance_of(file, base.name, seed, "none", command), out / f"sweep-{kept_as(file, base)}"
    with hands.at_work(folder, provenance.edition, hands.ask(tasks, numbers, chosen)) as at_work:
        swept = sweep(base, planned, numbers, at_work, scale=scale_of([task.scenario for task in tasks]))
    swept.write(folder, provenance.identity, provenance.record)
    had = [name for name in chosen if name in swept.numbers]
    keep_page(folder, render_sweep(swept, provenance, base.question, had))
    show_sweep(swept, had)
    typer.echo(f"Report: {folder / 'report.html'}")
    if not swept.numbers:
        raise CommandError("All runs failed; once the cause is gone, --again tries them once more.")
    if absent := [name for name in chosen if name not in swept.numbers]:
        raise CommandError(f"No run had the number {absent[0]!r}; there are {', '.join(swept.numbers)}.")


@contextmanager
def loaded() -> Iterator[None]:
    """Imports of what an installation may lack. Raises `CommandError`."""
    try:
        yield
    except ImportError as error:
        raise CommandError(NO_SIM.format(extras="sim,sweep", name=error.name)) from None


def require_two(one: "AnyScenario", other: "AnyScenario", given: tuple[str, str]) -> None:
    """Refuse scenarios that cannot be compared, or need not be. Raises `CommandError`."""
    from sim.scenario import digest

    if type(one) is not type(other):
        raise CommandError(f"{one.name} and {other.name} are scenarios of different kinds; compare two of one kind.")
    if digest(one) == digest(other):
        raise CommandError(
            f"{given[0]} and {given[1]} set the same, so every number would be equal; change something in one of them."
        )


def unlike(one: "AnyScenario", other: "AnyScenario", names: tuple[str, str]) -> list[str]:
    """What makes numbers of two scenarios differ before any rule does: which days are followed, and which people."""
    from sim.scenario import NationScenario

    if not (isinstance(one, NationScenario) and isinstance(other, NationScenario)):
        return []
    notes, both = [], (one, other)
    spans = [(each.date, each.nation.days) for each in both]
    if spans[0] != spans[1]:
        told = [f"{name} {days} days from {begins}" for name, (begins, days) in zip(names, spans, strict=True)]
        notes.append(f"They do not follow the same days: {' and '.join(told)}. So totals differ by that alone.")
    if one.population != other.population:
        notes.append("They do not follow the same people, so a pair shares less of its luck, and intervals are wider.")
    return notes


def scale_of(scenarios: "Sequence[AnyScenario]") -> str:
    """For whom counts stand, in a sentence; empty unless the country is followed."""
    from sim.nation.headlines import scale_words, stands_for
    from sim.scenario import NationScenario

    return scale_words([stands_for(one) for one in scenarios if isinstance(one, NationScenario)])


def show_comparison(result: "Comparison") -> None:
    """Scale, numbers and cautions on the terminal."""
    if result.scale:
        typer.echo(result.scale)
    (first, second), level = result.names, f"{result.level:.0%}"
    titles = {"first": first, "second": second, "low": f"{level} from", "high": f"{level} to"}
    show(result.rows(), ("number", "verdict", "first", "second", "difference", "low", "high"), titles)
    for caution in result.cautions[:NOTES]:
        typer.echo(f"Note: {caution}")
    if len(result.cautions) > NOTES:
        typer.echo(f"… and {len(result.cautions) - NOTES} more notes, in the report.")


def show_sweep(swept: "Swept", numbers: Sequence[str]) -> None:
    """Scale, what moves the numbers or else their means by point, cautions and failures on the terminal."""
    from sim.experiments.page import MOST_NUMBERS
    from sim.experiments.words import leading

    if swept.scale:
        typer.echo(swept.scale)
    shown = numbers or leading(swept.numbers, MOST_NUMBERS)
    titles = {"low": "95% from", "high": "95% to", "n": "runs"}
    if effects := [asdict(effect) for effect in swept.effects if effect.number in shown]:
        show(effects, ("number", "measure", "parameter", "value", "low", "high"), titles)
    else:
        show(swept.summary(shown), None, titles)
    if len(shown) < len(swept.numbers):
        typer.echo(f"{len(shown)} of {len(swept.numbers)} numbers; the folder has all, and --number chooses others.")
    for caution in swept.cautions:
        typer.echo(f"Note: {caution}")
    for failure in swept.failures[:NOTES]:
        typer.echo("Failed: " + ", ".join(f"{name} {value}" for name, value in failure.items()))
    if len(swept.failures) > NOTES:
        typer.echo(f"… and {len(swept.failures) - NOTES} more that failed, in the folder.")


def keep_page(folder: Path, page: str) -> None:
    """Put a page into a folder, whole or not at all."""
    from sim.results import appearing

    with appearing(folder / "report.html") as unfinished:
        unfinished.write_text(page, encoding="utf-8")


def show(rows: Sequence[Any], columns: Sequence[str] | None, titles: Mapping[str, str] | None = None) -> None:
    """Rows as a table on the terminal, the first of them if they are many; `titles` of columns instead of names."""
    from rich.console import Console
    from rich.table import Table

    if not rows:
        typer.echo("There is nothing to show.")
        return
    names = columns or list(rows[0])
    table = Table()
    for name in names:
        said = (titles or {}).get(name) or (name if "." in name else name.replace("_", " "))
        is_text = isinstance(rows[0][name], str)
        table.add_column(said, justify="left" if is_text else "right", no_wrap=True)
    for row in rows[:SHOWN]:
        table.add_row(*(_cell(row[name]) for name in names))
    widest = Console(width=WIDEST).measure(table).maximum
    Console(width=max(Console().width, widest)).print(table, soft_wrap=True)
    if len(rows) > SHOWN:
        typer.echo(f"… and {len(rows) - SHOWN} more, in the folder.")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.4g}"
    return str(value)


__all__ = [
    "Again", "By", "Runner", "Scheduler", "Seed", "Workers", "experimenting", "keep_page", "loaded", "show", "workshop",
]  # fmt: skip
