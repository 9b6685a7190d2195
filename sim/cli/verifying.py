"""`hes verify`: the simulator held against what theory knows exactly."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from mockgov.cli import CommandError
from sim.cli.experimenting import loaded

if TYPE_CHECKING:
    from rich.console import Console

    from sim.verification.verdict import Check, Verdict

verifying = typer.Typer()
WIDE = 78
"""Columns from which a line has room for the numbers; below it has how far off they are, as a part of the bound."""


@verifying.command("verify", epilog="Example: hes verify erlang --long")
def verify_all(
    names: Annotated[
        list[str] | None, typer.Argument(help="Checks by name or a part of it; if left out, all.", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all replications.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer replications.")] = False,  # noqa: FBT002
    long: Annotated[bool, typer.Option("--long", help="What each check is about, and its power.")] = False,  # noqa: FBT002
    listed: Annotated[bool, typer.Option("--list", help="Name the checks and their rates; run nothing.")] = False,  # noqa: FBT002
    planted: Annotated[
        float, typer.Option(min=-0.5, max=0.5, help="Make a rate of the simulation wrong by this share.")
    ] = 0.0,
    rate: Annotated[str | None, typer.Option(help="Which rate; if left out, the first of each check.")] = None,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads; no result hangs on them.")] = 2,
) -> None:
    """Check the engines against exact results of queueing theory and epidemiology.

    Each line is a number that theory knows: the simulator's mean over replications must lie within the error bound.
    An error that is planted must be found: `--planted 0.05` makes a rate wrong by 5 %, and every line should fail.
    Ends with 1 if a check differs from theory.
    """
    from rich.console import Console
    from rich.progress import Progress

    with loaded():
        from sim.verification.checks import UnknownCheckError, UnknownRateError, checks, picked, verify
    console = Console(highlight=False)
    try:
        chosen = picked(tuple(names or ()))
        if listed:
            for check in chosen:
                console.print(check.name, style="bold", markup=False)
                console.print(f"  {'; '.join(check.rates)}", markup=False, soft_wrap=True)
            return
        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("replications", total=None)
            verdicts = verify(
                seed=seed,
                quick=quick,
                planted=planted,
                rate=rate,
                names=tuple(check.name for check in chosen),
                threads=threads,
                say=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except (UnknownCheckError, UnknownRateError) as error:
        raise CommandError(str(error)) from None
    _show(console, verdicts)
    if long:
        _tell(console, {check.name: check for check in chosen}, verdicts)
    console.print(f"\n{_chances(verdicts, len(checks()), planted)}", markup=False)
    if failed := sum(not one.passed for one in verdicts):
        raise CommandError(f"Checks that differ from theory: {failed} of {len(verdicts)}.")


def _show(console: "Console", verdicts: "Sequence[Verdict]") -> None:
    """A line each."""
    from rich.table import Table

    wide = console.width >= WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("check", *(("theory", "found", "bound ±") if wide else ("off",)), "verdict"):
        is_number = name not in {"check", "verdict"}
        table.add_column(name, justify="right" if is_number else "left", no_wrap=True, overflow="ellipsis")
    for one in verdicts:
        if wide:
            numbers = [f"{number:.4g}" for number in (one.theory, one.measured)] + [f"{one.error_bound:.2g}"]
        else:
            numbers = [f"{abs(one.measured - one.theory) / one.error_bound:.2f}"]
        table.add_row(one.name, *numbers, "agrees" if one.passed else "[bold red]differs[/]")
    console.print(table)
    if not wide:
        console.print("off: distance from theory, where 1 is the error bound", markup=False)


def _tell(console: "Console", checks: "dict[str, Check]", verdicts: "Sequence[Verdict]") -> None:
    """What each line is about."""
    from rich.padding import Padding
    from rich.text import Text

    for one in verdicts:
        check = checks[one.name]
        console.print(f"\n{one.name}", style="bold", markup=False)
        for line in (
            f"{check.what}: {one.theory:.6g} by theory, {one.measured:.6g} found, bound {one.error_bound:.3g}",
            f"rates: {'; '.join(check.rates)}",
            f"an error of 5 % is noticed with a chance of {_share(one.power)} or more; least in: {one.weakest}",
            f"source: {check.source}",
        ):
            console.print(Padding(Text(line), (0, 0, 0, 2)))


def _chances(verdicts: "Sequence[Verdict]", in_all: int, planted: float) -> str:
    """How sure all this is, of false alarms and of errors that slip through."""
    from sim.verification.verdict import FALSE_ALARM, confidence

    told = (
        f"{verdicts[0].replications} replications each. Each bound holds with a confidence of "
        f"{100 * confidence(in_all):.3f} %, so that of {in_all} checks of an honest simulator any fails in at most "
        f"{100 * FALSE_ALARM:g} % of runs; another seed tells."
    )
    if planted:
        return told + f" A rate is {100 * planted:+g} % off in each check: all should differ."
    least = _share(min(one.power for one in verdicts))
    return told + f" An error of 5 % in any rate of theirs would have been noticed with a chance of {least} or more."


def _share(chance: float) -> str:
    """Never rounded up to certainty."""
    return "99.9 %" if chance > 0.999 else f"{int(chance * 1000) / 10:g} %"
