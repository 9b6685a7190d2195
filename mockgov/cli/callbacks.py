"""`hes callbacks`: whom a running ministry calls back, and what became of it."""

from typing import Annotated, Any
from urllib.parse import quote

import typer

from mockgov.cli.calling import URL, Address, CommandError, call

WHY = {
    "gone": "disabled: its address answered 410 Gone",
    "failing": "disabled: deliveries failed for five days; put it right, then hes callbacks enable",
    "by-hand": "disabled by hand",
}
callbacks = typer.Typer(no_args_is_help=True, help="Have your own address called when something happens.")
World = Annotated[str | None, typer.Option(help="A world of the ministry; the default one if not said.")]
Number = Annotated[int, typer.Argument(min=1, help="The callback's number.")]
DeliveryNumber = Annotated[int, typer.Argument(min=1, help="The delivery's number.")]


@callbacks.command("list", epilog="Example: hes callbacks list --world tuesday")
def list_callbacks(url: Address = URL, world: World = None) -> None:
    """List who is called back about what."""
    found = call(url, "GET", _path(world))
    for one in found:
        typer.echo(_line(one))
    if not found:
        typer.echo(
            "Nobody is called back yet: hes callbacks add ADDRESS --event risk.changed --institution 1", err=True
        )


@callbacks.command(
    "add", epilog="Example: hes callbacks add http://127.0.0.1:9000/hook --event risk.changed --institution 1"
)
def add(
    address: Annotated[str, typer.Argument(help="Where to call: http or https, in a network that is allowed.")],
    event: Annotated[
        list[str],
        typer.Option(
            help="risk.changed, sms.receipt, sms.received, kep.receipt, kep.received or onboarding.step; repeatable."
        ),
    ],
    institution: Annotated[int | None, typer.Option(min=1, help="Whose codes, letters and applications.")] = None,
    sms_account: Annotated[str | None, typer.Option(help="Whose text messages: an account of the gateway.")] = None,
    real_time: Annotated[  # noqa: FBT002
        bool, typer.Option("--real-time", help="Sign with real time, for receivers that compare it with theirs.")
    ] = False,
    url: Address = URL,
    world: World = None,
) -> None:
    """Have an address called from now on; prints the keys to verify with."""
    body = {
        "url": address,
        "events": event,
        "institution_id": institution,
        "sms_account": sms_account,
        "timestamps": "real" if real_time else "world",
    }
    made = call(url, "POST", _path(world), body)
    typer.echo(_line(made))
    typer.echo(f"      secret      {made['secret']}\n      public key  {made['public_key']}")


@callbacks.command("deliveries", epilog="Example: hes callbacks deliveries 1 --limit 20")
def deliveries(
    number: Number,
    url: Address = URL,
    world: World = None,
    after: Annotated[int, typer.Option(min=0, help="Only those behind this one.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 100,
) -> None:
    """List what was told, and what became of each try."""
    for one in call(url, "GET", f"{_path(world, number)}/deliveries?after={after}&limit={limit}"):
        _show(one)


@callbacks.command("ping", epilog="Example: hes callbacks ping 1")
def ping(number: Number, url: Address = URL, world: World = None) -> None:
    """Send a message that only says that callbacks arrive."""
    _sent(call(url, "POST", f"{_path(world, number)}/ping"))


@callbacks.command("replay", epilog="Example: hes callbacks replay 1 17")
def replay(number: Number, delivery: DeliveryNumber, url: Address = URL, world: World = None) -> None:
    """Send a delivery once more, now."""
    _sent(call(url, "POST", f"{_path(world, number)}/deliveries/{delivery}/replay"))


@callbacks.command("enable", epilog="Example: hes callbacks enable 1")
def enable(number: Number, url: Address = URL, world: World = None) -> None:
    """Call an address again that was disabled."""
    typer.echo(_line(call(url, "POST", f"{_path(world, number)}/enable")))


@callbacks.command("disable", epilog="Example: hes callbacks disable 1")
def disable(number: Number, url: Address = URL, world: World = None) -> None:
    """Call an address no more, until it is enabled."""
    typer.echo(_line(call(url, "POST", f"{_path(world, number)}/disable")))


@callbacks.command("rotate", epilog="Example: hes callbacks rotate 1")
def rotate(number: Number, url: Address = URL, world: World = None) -> None:
    """New keys; the old ones sign too for a day of the world's time."""
    made = call(url, "POST", f"{_path(world, number)}/rotate")
    typer.echo(f"secret      {made['secret']}\npublic key  {made['public_key']}")


@callbacks.command("remove", epilog="Example: hes callbacks remove 1")
def remove(number: Number, url: Address = URL, world: World = None) -> None:
    """End a callback, and forget what was sent."""
    call(url, "DELETE", _path(world, number))
    typer.echo(f"Callback {number} is gone.")


def _path(world: str | None, number: int | None = None) -> str:
    place = "" if world is None else f"/w/{quote(world, safe='')}"
    return f"{place}/_lab/callbacks" + ("" if number is None else f"/{number}")


def _line(one: Any) -> str:
    whose = [f"institution {one['institution_id']}"] if one["institution_id"] else []
    whose += [one["sms_account"]] if one["sms_account"] else []
    state = WHY.get(one["disabled_because"], one["state"])
    if one["failing_since"] and one["disabled_because"] != "gone":
        state += f"; nothing has arrived since {one['failing_since']}"
    return f"{one['callback_id']:>4}  {one['url']}  {', '.join(one['events'])}  ({'; '.join([*whose, state])})"


def _show(one: Any) -> None:
    due = f", due {one['due_at']}" if one["due_at"] else ""
    typer.echo(f"{one['delivery_id']:>6}  {one['event']:<16} {one['happened_at']}  {one['state']}{due}")
    for attempt in one["attempts"]:
        typer.echo(f"        {attempt['nth']:>2}  {attempt['at']}  {attempt['status'] or attempt['trouble']}")


def _sent(one: Any) -> None:
    _show(one)
    if one["state"] not in ("delivered", "waiting", "underway") or (one["attempts"] and one["state"] == "waiting"):
        raise CommandError("It did not arrive: look at the endpoint, then replay it.")
