"""`hes verify`: the simulator held against what theory knows exactly."""

from typing import Annotated

import typer

from mockgov.cli import CommandError
from sim.cli.experimenting import loaded

verifying = typer.Typer()


@verifying.command("verify", epilog="Example: hes verify --planted 0.05")
def verify_all(
    seed: Annotated[int, typer.Option(min=0, help="Seed of all replications.")] = 1,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer replications.")] = False,  # noqa: FBT002
    planted: Annotated[
        float, typer.Option(min=-0.5, max=0.5, help="Make a rate of the simulation wrong by this share.")
    ] = 0.0,
    rate: Annotated[str | None, typer.Option(help="Which rate; if left out, the first of each check.")] = None,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Threads; no result hangs on them.")] = 2,
) -> None:
    """Check the engines against exact results of queueing theory and epidemiology.

    Each line is a number that theory knows: the simulator's mean over replications must lie within the error bound.
    An error that is planted must be found: `--planted 0.05` makes a rate wrong by 5 %, and every line should fail.
    """
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    with loaded():
        from sim.verification.checks import UnknownRateError, verify
    try:
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("replications", total=None)
            verdicts = verify(
                seed=seed,
                quick=quick,
                planted=planted,
                rate=rate,
                threads=threads,
                say=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except UnknownRateError as error:
        raise CommandError(str(error)) from None
    table = Table(box=None, pad_edge=False)
    for name in ("check", "theory", "simulated", "bound ±", "runs", "finds 5 %", "verdict"):
        table.add_column(name, justify="left" if name in {"check", "verdict"} else "right", no_wrap=name != "check")
    for one in verdicts:
        numbers = (f"{number:.4g}" for number in (one.theory, one.measured, one.error_bound))
        verdict = "agrees" if one.passed else "differs"
        table.add_row(one.name, *numbers, str(one.replications), f"{one.power:.0%}", verdict)
    Console().print(table)
    if failed := sum(not one.passed for one in verdicts):
        raise CommandError(f"Checks that differ from theory: {failed} of {len(verdicts)}.")
