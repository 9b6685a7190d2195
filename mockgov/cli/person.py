"""`hes person`: pick anybody of a running ministry, see them, and act as them."""

from typing import Annotated, Any
from urllib.parse import urlencode

import typer

from mockgov.cli.acting import AppDeed, act_in_app, edevlet_password, send_text
from mockgov.cli.calling import URL, Address, CommandError, call

person = typer.Typer()
ACTS = "sms TEXT | app codes | app new [DAYS] | app check CODE | app who-asked | edevlet password"
NUMBER_WANTED = "Give a person's number, or look for one with --find, --province, --risk, --min-age or --max-age."


@person.command(
    "person",
    epilog=(
        "Example: hes person 13 --unmask · hes person --find yılmaz --province 26 · "
        'hes person 13 sms "HES <TCKN> <last 4 of the card> 30" · hes person 13 app new 7 · '
        "hes person 13 app check A1B2-3456-17 · hes person 13 app who-asked · hes person 13 edevlet password"
    ),
)
def show(
    number: Annotated[int | None, typer.Argument(help="Whom: the registry's number, from 1.", min=1)] = None,
    act: Annotated[list[str] | None, typer.Argument(help=f"What to do as that person: {ACTS}.")] = None,
    url: Address = URL,
    unmask: Annotated[bool, typer.Option("--unmask", help="Show numbers in full.")] = False,  # noqa: FBT002
    find: Annotated[str | None, typer.Option(metavar="NAME", help="Look for people by a part of their name.")] = None,
    province: Annotated[int | None, typer.Option(min=1, max=81, help="… by plate of the province.")] = None,
    risk: Annotated[str | None, typer.Option(metavar="risky|riskless", help="… by status today.")] = None,
    min_age: Annotated[int | None, typer.Option(min=0, max=150, help="… of this age at least.")] = None,
    max_age: Annotated[int | None, typer.Option(min=0, max=150, help="… of this age at most.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 20,
    to: Annotated[str, typer.Option(help="sms: the number to write to.")] = "2023",
    wait: Annotated[int, typer.Option(min=0, max=600, help="sms: seconds to wait for what comes back.")] = 30,
    advance: Annotated[bool, typer.Option("--advance", help="sms: move a clock on that stands still.")] = False,  # noqa: FBT002
) -> None:
    """Show one person of a running ministry, or act as them: text from their phone, use their application."""
    wanted = {"name": find, "province": province, "risk": _risk(risk), "min_age": min_age, "max_age": max_age}
    looked_for = {name: value for name, value in wanted.items() if value is not None}
    if number is None:
        if not looked_for:
            raise CommandError(NUMBER_WANTED)
        _list(call(url, "GET", f"/_lab/people/find?{urlencode(looked_for | {'limit': limit})}"))
        return
    if looked_for:
        raise CommandError("Give either a person's number or what to look for, not both.")
    match act or []:
        case []:
            _show(call(url, "GET", f"/_lab/people/{number}/card?unmask={str(unmask).lower()}"))
        case ["sms", text]:
            for line in send_text(url, number, text, to=to, wait_s=wait, advance=advance):
                typer.echo(line)
        case ["app", deed, *more] if deed in list(AppDeed) and len(more) <= 1:
            for line in act_in_app(url, number, AppDeed(deed), *more):
                typer.echo(line)
        case ["edevlet", "password"]:
            typer.echo(edevlet_password(url, number))
        case _:
            raise CommandError(f"That is nothing that a person does here. Write one of: {ACTS}.")


def _risk(text: str | None) -> str | None:
    if text is not None and text.upper() not in ("RISKY", "RISKLESS"):
        raise CommandError("--risk is risky or riskless.")
    return None if text is None else text.upper()


def _list(found: Any) -> None:
    if not found:
        typer.echo("Nobody is like that; ask for less.", err=True)
    for one in found:
        phone = "phone" if one["has_phone"] else "-"
        name = f"{one['firstname']} {one['lastname']}"
        typer.echo(
            f"{one['citizen_id']:>8}  {name:<32} {one['age']:>3} years  {one['province']:>2}  {phone:<5}  "
            f"{one['health_status']}"
        )


def _show(card: Any) -> None:
    typer.echo(
        f"{card['citizen_id']}  {card['firstname']} {card['lastname']}, {card['age']} years, {card['sex'].lower()}"
    )
    typer.echo(f"  province         {card['province']:02d} {card['province_name']}")
    typer.echo(f"  born             {card['birth_date']}")
    if card["died_on"]:
        typer.echo(f"  died             {card['died_on']}")
    typer.echo(f"  identity number  {card['identity_number']}")
    typer.echo(f"  identity card    {card['id_card']}")
    typer.echo(f"  phone            {card['phone'] or 'none'}")
    typer.echo(
        f"  channels         {', '.join(name for name, is_open in card['channels'].items() if is_open) or 'none'}"
    )
    until = f" until {card['isolated_until']}" if card["isolated_until"] else ""
    typer.echo(f"  status today     {card['health_status']}{until}")
    for title, lines in (("codes", _codes(card)), ("family", _family(card))):
        for nth, line in enumerate(lines or ["none"]):
            typer.echo(f"  {'' if nth else title:<16} {line}")


def _codes(card: Any) -> list[str]:
    return [
        code_line(code["hes_code"], code["expires_at"], code["description"], code["created_by"])
        for code in card["codes"]
    ]


def _family(card: Any) -> list[str]:
    return [
        f"{one['citizen_id']}  {one['relation']}: {one['firstname']} {one['lastname']}, {one['age']}"
        for one in card["family"]
    ]


def code_line(code: str, ends: str, label: str, channel: str) -> str:
    """A code in one line."""
    shown = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    return f"{shown}  until {ends}  {channel}" + (f"  “{label}”" if label else "")
