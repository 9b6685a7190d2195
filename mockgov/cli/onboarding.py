"""`hes onboard`: walk the seven steps of corporate onboarding against a running ministry."""

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockgov.cli.calling import URL, Address, CommandError
from mockgov.cli.integrator import Refusal
from mockgov.cli.mishaps import MISHAPS

if TYPE_CHECKING:
    from mockgov.cli.walk import Step, Walk

onboarding = typer.Typer()

DONE = "done"


@onboarding.command("onboard", epilog="Example: hes onboard --break letter-without-authority")
def onboard(
    url: Address = URL,
    world: Annotated[str | None, typer.Option(help="A world of the ministry; the default one if not said.")] = None,
    wet: Annotated[bool, typer.Option("--wet", help="Send the letter on paper, with a wet signature.")] = False,  # noqa: FBT002
    pause: Annotated[bool, typer.Option("--pause", help="Stop before each step, to do it by hand.")] = False,  # noqa: FBT002
    broken: Annotated[
        str | None, typer.Option("--break", help="Walk into a refusal, by name; see --list-breaks.")
    ] = None,
    list_breaks: Annotated[bool, typer.Option("--list-breaks", help="List what --break takes.")] = False,  # noqa: FBT002
) -> None:
    """Walk the seven steps of onboarding as an institution's integrator would, over the real protocols.

    A new institution is made up for each walk. The world's clock is moved over the days that offices take.
    """
    if list_breaks:
        for name, mishap in MISHAPS.items():
            typer.echo(f"{name:<26} {mishap.says} [{mishap.rule}]")
        return
    if broken is not None and broken not in MISHAPS:
        raise CommandError(f"There is no way to break called {broken}. Choose one of: {', '.join(MISHAPS)}.")
    if wet and broken is not None and MISHAPS[broken].by_kep:
        raise CommandError(f"{broken} is about a registered letter; leave out --wet.")
    from mockgov.cli.applicant import Applicant
    from mockgov.cli.integrator import Integrator
    from mockgov.cli.walk import Walk

    place, _, named = url.rstrip("/").partition("/w/")
    applicant = Applicant(Integrator(place, world or named or None), broken, wet)
    walk = Walk(applicant)
    typer.secho("The applicant", bold=True)
    for line in applicant.make_up():
        typer.echo(f"   {line}")
    try:
        for step in walk.steps():
            typer.secho(f"{step.number}  {step.title}", bold=True)
            by_hand = pause and _done_by_hand(walk, step)
            acted = iter(()) if by_hand or step.act is None else step.act()
            for line in chain(acted, step.look()):
                typer.echo(f"   {line}")
    except Refusal as refusal:
        _refused(refusal.rule, refusal.words, broken)
        return
    if broken is not None and broken != "phone-off":
        raise CommandError(f"{broken} was to be refused with {MISHAPS[broken].rule}, and was not.")
    typer.secho("The institution is live. SANDBOX: nothing of this has legal force.", fg="green")


def _done_by_hand(walk: "Walk", step: "Step") -> bool:
    """Wait for the person; whether they have done the step themselves."""
    typer.echo(f"   By hand: {step.by_hand}.")
    while True:
        answer = typer.prompt("   Press Enter and hes does it, or do it and type done", default="", show_default=False)
        if not answer.strip():
            return False
        if answer.strip().lower() != DONE:
            typer.echo("   Enter alone, or the word done.")
        elif step.number > 1 or _taken_over(walk):
            return True


def _taken_over(walk: "Walk") -> bool:
    """Ask which application a person has made by hand; False if it cannot be gone on with."""
    number, key = typer.prompt("   Application number"), typer.prompt("   Its follow-up key")
    signed = Path(typer.prompt("   The signed form's file"))
    try:
        walk.take_over(number.strip(), key.strip(), signed.read_bytes())
    except OSError as error:
        typer.echo(f"   Cannot read {signed} ({error.strerror}). Name the file that was handed in.")
        return False
    except (CommandError, Refusal) as error:
        typer.echo(f"   {error}")
        return False
    return True


def _refused(rule: str, words: str, broken: str | None) -> None:
    """Tell of a refusal, and whether it is the one that was asked for. Raises `CommandError`."""
    for line in words.splitlines():
        typer.echo(f"   {line}")
    wanted = None if broken is None else MISHAPS[broken].rule
    if wanted is None:
        raise CommandError(f"The ministry refused: {rule}.")
    if wanted not in f"{rule} {words}":
        raise CommandError(f"{broken} was to be refused with {wanted}, but it was {rule}.")
    typer.secho(f"Refused as it should be, by {wanted}.", fg="yellow")
