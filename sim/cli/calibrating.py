"""`hes calibrate`: which values of a scenario's parameters fit what was observed, and what they foretell."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from mockgov.cli import CommandError
from sim.cli.experimenting import Seed, keep_page, loaded
from sim.cli.scenarios import command_line, found, kept_as, provenance_of
from sim.cli.workshop import WORKERS, Again, By, Runner, Scheduler, Workers, workshop

calibrating = typer.Typer()
Varied = list[str] | None
Month = str | None


@calibrating.command("calibrate", epilog="Example: hes calibrate calibration --predict-until 2022-02")
def calibrate_one(
    scenario: Annotated[str, typer.Argument(help="A scenario of the country, by name or file.")],
    fit: Annotated[
        Varied,
        typer.Option(
            help="name=low:high[:log], by a dotted name; give one for each parameter. "
            "Without any: those in the scenario's table \\[calibration]."
        ),
    ] = None,
    draw: Annotated[
        Varied, typer.Option(help="The same of what the fitted months say nothing about: drawn for the prediction.")
    ] = None,
    to: Annotated[str, typer.Option(help="What to fit: of cases, patients, deaths, tests.")] = "patients,cases,deaths",
    first: Annotated[
        Month, typer.Option("--from", help="First month that is fitted. Without it: the scenario's first whole one.")
    ] = None,
    until: Annotated[
        Month, typer.Option(help="Last month that is fitted. Without it: 2021-06, or the scenario's last whole one.")
    ] = None,
    predict_until: Annotated[Month, typer.Option(help="Run the fitted ones on, to the end of this month.")] = None,
    members: Annotated[int, typer.Option(min=10, max=10_000, help="Members of the ensemble.")] = 100,
    steps: Annotated[int, typer.Option(min=1, max=20, help="Steps of the smoother; each runs all members.")] = 6,
    seed: Seed = 1,
    by: By = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    again: Again = False,  # noqa: FBT002
    out: Annotated[Path, typer.Option(help="Folder for the calibration's own folder.")] = Path("runs"),
) -> None:
    """Fit parameters to the monthly totals that were published, and tell the bands of what fits.

    Only whole months are compared, of the scenario and of what was published: 2020-03 to 2022-05. With a later month
    to predict, its totals are shown beside what the fitted ones foretold without having seen them. Begun again in the
    same folder, it makes the runs that are missing. The folder's fitted.toml is the scenario with the fitted values.
    """
    file, base = found(scenario)
    with loaded():
        from sim.cli.calibrated import announce, require_memory, show_calibration
        from sim.experiments.calibrate import calibrate, counted, opened, predict
        from sim.experiments.fittable import Asked, Fittable
        from sim.experiments.observed import KINDS, observations
        from sim.experiments.page import render_calibration
        from sim.experiments.validation import Validation
        from sim.run import headlines
    folder = out / f"calibrate-{kept_as(file, base)}"
    with _mistakes():
        if draw and predict_until is None:
            raise CommandError("--draw is for what is foretold: add --predict-until, or leave it out.")
        asked = Asked(first=first, until=until, ahead=predict_until)
        planned = Fittable.of(base, base.name, asked, to, fit or (), draw or ())
    window, country = planned.window, planned.scenario
    options = {
        "to": ",".join(planned.kinds),
        "from": window.first,
        "until": window.until,
        "predict-until": window.ahead,
    }
    sizes = {"members": members, "steps": steps, "seed": seed}
    command = command_line(["hes", "calibrate", scenario], {**options, **sizes, "fit": fit, "draw": draw})
    provenance = provenance_of(file, base.name, seed, "none", command)
    if scheduler is None:
        require_memory(planned.until(window.days_ahead), 1 if by is Runner.SERIAL else workers or WORKERS)
    with _mistakes(folder):
        announce(country, window, members, steps)
    with _mistakes(), workshop(folder, by, workers, scheduler, provenance.edition, again=again) as at_work:
        fitted, ahead, made = planned.until(window.days), None, members * (steps + 1)
        sizes |= {"to_follow": members if window.ahead else 0}
        result = calibrate(fitted, planned.fit, planned.totals, headlines, at_work, **sizes)
        if window.ahead is not None:
            going_on, longer = opened(result.ensemble, planned.draw, seed), planned.until(window.days_ahead)
            ahead = predict(going_on, longer, headlines, counted(at_work, made, made + members))
    outcome = Validation.of(result, ahead, observations(KINDS, first=window.first, last=window.last))
    notes = planned.notes(members)
    with _mistakes(folder):
        result.write(folder, country, provenance.identity, command)
        outcome.write(folder, provenance.identity)
        about = {"fragment": result.ensemble.toml(base), "question": base.question}
        keep_page(folder, render_calibration(result, provenance, outcome=outcome, notes=notes, **about))
    show_calibration(result, outcome, notes, folder)


@contextmanager
def _mistakes(folder: Path | None = None) -> Iterator[None]:
    """What is wrong as one error, and a folder that cannot be written to. Raises `CommandError`."""
    from sim.experiments.calibrate import CalibrationError

    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        yield
    except (CalibrationError, ValueError) as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        why = f"{error.filename or folder}: {error.strerror}"
        raise CommandError(f"The results cannot be kept, {why}. Name a folder for them with --out.") from None
