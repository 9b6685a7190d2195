"""`hes magic`: magic people and institutions of a running ministry."""

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer

from mockgov.cli.calling import URL, Address, CommandError, call

magic = typer.Typer()


@magic.command(
    "magic",
    epilog="Example: hes magic · hes magic always-risky deceased · hes magic --all --world tuesday",
)
def show(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Scenarios to put into the world and to show.")] = None,
    url: Address = URL,
    world: Annotated[str | None, typer.Option(help="A world; the default one, if not said.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Put all of them in that the day's rules allow.")] = False,  # noqa: FBT002
) -> None:
    """List magic people and institutions with what they answer, or put them into a world and show who plays them."""
    path = f"{'' if world is None else '/w/' + quote(world, safe='')}/_lab/magic"
    if scenarios and everything:
        raise CommandError("Give either names or --all, not both.")
    if scenarios or everything:
        shown = call(url, "POST", path, {"scenarios": None if everything else scenarios})
        lines = [line for one in shown for line in _played(one)]
    else:
        lines = [line for one in call(url, "GET", path) for line in _listed(one)]
    for line in lines:
        typer.echo(line)


def _listed(one: Any) -> Iterator[str]:
    """A scenario in a line, and what tells it."""
    part = one["played"]
    yield f"{one['name']:<34} {one['meaning']}{'' if part is None else '  ' + _handle(part)}"


def _played(one: Any) -> Iterator[str]:
    """Who plays a scenario, and what each channel answers."""
    yield from _listed(one)
    for person in one["played"]["people"]:
        phone = person["phone"] or "no phone"
        passport = f"  {person['passport']}" if person["passport"] else ""
        died = f"  died {person['died_on']}" if person["died_on"] else ""
        yield (
            f"    {person['citizen_id']}  {person['firstname']} {person['lastname']}  {person['identity_number']}"
            f"  {person['id_card']}  {person['birth_date']}{died}  {phone}{passport}"
        )
    for account in one["played"]["accounts"]:
        yield f"    {account['username']}  {account['password'] or '-'}  {account['state']}"
    for says in one["says"]:
        told = ", ".join(f"{name} {_word(value)}" for name, value in says["shows"].items())
        when = "" if says["when"] == "now" else f" {says['when']}"
        yield f"    {says['channel']}{when}: {says['status']} {told}".rstrip()


def _handle(part: Any) -> str:
    """What one would type: the code, or the institution's label."""
    if part["institution"] is not None:
        return f"[{part['institution']['label']}]"
    return f"[{part['codes'][0]}]"


def _word(value: Any) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
