"""`hes calibrate`: which values of a scenario's parameters fit what was observed, and what they foretell."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from mockgov.cli import CommandError
from sim.cli.experimenting import (
    Again,
    By,
    Runner,
    Scheduler,
    Seed,
    Workers,
    keep_page,
    loaded,
    show,
    workshop,
)
from sim.cli.scenarios import found, provenance_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiments.calibrate import Calibration
    from sim.experiments.observed import Kind, Observation
    from sim.experiments.validation import Validation
    from sim.scenario import NationScenario

calibrating = typer.Typer()
Varied = list[str] | None
BANDS = ("low", "high", "wide_low", "wide_high")


@calibrating.command("calibrate", epilog="Example: hes calibrate calibration --predict-until 2022-02")
def calibrate_one(
    scenario: Annotated[str, typer.Argument(help="A scenario of the country, by name or file.")],
    fit: Annotated[
        Varied,
        typer.Option(
            help="name=low:high[:log], by a dotted name; give one for each parameter. "
            "Without any: those in the scenario's table [calibration]."
        ),
    ] = None,
    draw: Annotated[
        Varied, typer.Option(help="The same of what the fitted months say nothing about: drawn for the prediction.")
    ] = None,
    to: Annotated[str, typer.Option(help="What to fit: of cases, patients, deaths, tests.")] = "patients,cases,deaths",
    first: Annotated[str, typer.Option("--from", help="First month that is fitted.")] = "2020-03",
    until: Annotated[str, typer.Option(help="Last month that is fitted.")] = "2021-06",
    predict_until: Annotated[str | None, typer.Option(help="Run the fitted ones on, to the end of this month.")] = None,
    members: Annotated[int, typer.Option(min=10, max=10_000, help="Members of the ensemble.")] = 100,
    steps: Annotated[int, typer.Option(min=1, max=20, help="Steps of the smoother; each runs all members.")] = 6,
    seed: Seed = 1,
    by: By = Runner.PROCESSES,
    workers: Workers = 2,
    scheduler: Scheduler = None,
    again: Again = False,  # noqa: FBT002
    out: Annotated[Path, typer.Option(help="Folder for the calibration's own folder.")] = Path("runs"),
) -> None:
    """Fit parameters to the monthly totals that were published, and tell the bands of what fits.

    With a later month to predict, its totals are shown beside what the fitted ones foretold without having seen them.
    Begun again in the same folder, it makes the runs that are missing.
    """
    file, base = found(scenario)
    with loaded():
        from sim.experiments.axes import read_ranges
        from sim.experiments.calibrate import CalibrationError, calibrate, opened, predict
        from sim.experiments.changing import changed
        from sim.experiments.observed import KINDS, in_miniature
        from sim.experiments.page import render_calibration
        from sim.experiments.validation import Validation
        from sim.nation.headlines import scale_of
        from sim.run import headlines
        from sim.scenario import NationScenario
    if not isinstance(base, NationScenario):
        raise CommandError(f"{base.name} does not follow the country; calibrate a scenario with a table [nation].")
    given: dict[str, Varied] = {"fit": fit, "draw": draw}
    fit, draw = fit or list(base.calibration.fit), draw or list(base.calibration.draw)
    if not fit:
        raise CommandError("There is nothing to fit: give --fit name=low:high, or a table [calibration] in the file.")
    days, days_ahead = _days(base.date, until), _days(base.date, predict_until or until)
    if predict_until is not None and days_ahead <= days:
        raise CommandError(f"--predict-until {predict_until} is not after --until {until}.")
    folder = out / f"calibrate-{base.name}"
    options = {"to": to, "from": first, "until": until, "predict-until": predict_until}
    sizes = {"members": members, "steps": steps, "seed": seed}
    provenance = provenance_of(file, base.name, seed, "none", _command(scenario, {**options, **sizes}, given))
    kinds = tuple(kind.strip() for kind in to.split(","))
    try:
        fitted = changed(base, {"nation.days": days})
        longer = changed(base, {"nation.days": days_ahead})
        ranges = read_ranges([*fit, *draw], base)
        seen = _observed(kinds, base, first, until)
        with workshop(folder, by, workers, scheduler, provenance.edition, again=again) as at_work:
            told = in_miniature(seen, scale_of(base))
            chosen = ranges[: len(fit)]
            result = calibrate(fitted, chosen, told, headlines, at_work, members=members, steps=steps, seed=seed)
            ahead = None
            if predict_until is not None:
                ahead = predict(opened(result.ensemble, ranges[len(fit) :], seed), longer, headlines, at_work)
    except (CalibrationError, ValueError) as error:
        raise CommandError(str(error)) from None
    shown = _observed(KINDS, base, first, predict_until or until)
    outcome = Validation.of(result, ahead, shown)
    result.write(folder, base, provenance.identity)
    outcome.write(folder, provenance.identity)
    about = {"fragment": result.ensemble.toml(base), "question": base.question}
    keep_page(folder, render_calibration(result, provenance, outcome=outcome, **about))
    _show(result, outcome)
    typer.echo(f"Report: {folder / 'report.html'}")


def _show(result: "Calibration", outcome: "Validation") -> None:
    """Parameters, months, and what is to be said of them, on the terminal."""
    show(result.rows(), None)
    for kind in outcome.kinds:
        typer.echo(f"{kind.capitalize()}:")
        show(outcome.rows(kind), ("month", "observed", "median", *BANDS, "covered", "fitted", "held_out"))
    for sentence in outcome.sentences():
        typer.echo(sentence)


def _observed(kinds: tuple[str, ...], base: "NationScenario", first: str, last: str) -> "tuple[Observation, ...]":
    """What was observed of months from the scenario's first one on."""
    from sim.experiments.observed import observations

    begins = f"{base.date:%Y-%m}"
    if first < begins:
        raise CommandError(f"{first} is before the scenario begins, on {base.date}.")
    if not (told := observations(cast("Sequence[Kind]", kinds), first=first, last=last)):
        raise CommandError(f"Nothing was published of {', '.join(kinds)} from {first} to {last} that can be fitted.")
    return told


def _command(scenario: str, options: dict[str, object], given: dict[str, Varied]) -> str:
    """The command line that does it again: what was given or has a default, by the options' names."""
    told = [f"--{name} {value}" for name, value in options.items() if value is not None]
    told += [f"--{name} {text}" for name, texts in given.items() for text in texts or ()]
    return " ".join(["hes calibrate", scenario, *told])


def _days(begins: date, month: str) -> int:
    """Days from the first one to the end of a month."""
    try:
        year, number = map(int, month.split("-"))
        after = date(year + number // 12, number % 12 + 1, 1)
    except ValueError:
        raise CommandError(f"{month!r} is no month; write one as 2021-06.") from None
    if after <= begins:
        raise CommandError(f"{month} is over before the scenario begins on {begins}.")
    return (after - begins).days
