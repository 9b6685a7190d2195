"""`hes journal`: what a running ministry and its visitors have said to one another; `hes explain`: why."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import typer

from mockgov.cli.calling import URL, Address, call

journal = typer.Typer(
    help="The journal of a running ministry: list, show, export, assert, sum up.", invoke_without_command=True
)
explaining = typer.Typer()

EXIT_DIFFERENT: Final = 1
NOTHING_ASKED: Final = "The journal is empty: nothing has been asked yet, or not since it was cleared."
NOTHING_MATCHES: Final = "Nothing in the journal matches; ask for less, or see all of it with `hes journal`."
SOURCE: Final = {"tr": "kaynak", "en": "source"}
"""Before a source, which stands in the language of the text that it names."""
Protocol = Annotated[str | None, typer.Option(help="http, kep_soap, smtp, kep_smtp, smpp, sms or lab.")]
Operation = Annotated[str | None, typer.Option(help="C1 to C6, a route's template, or a protocol's verb.")]
Asker = Annotated[str | None, typer.Option(help="A user name, an institution's label, citizen:NUMBER.")]
Code = Annotated[str | None, typer.Option(help="A HES code that was asked about.")]
Purpose = Annotated[
    str | None, typer.Option(help="visitor, employee, single, single-plus, bulk, bulk-plus, person or person-plus.")
]
Status = Annotated[int | None, typer.Option(help="The protocol's own status.")]
RefusalKey = Annotated[str | None, typer.Option("--refusal", help="An error key, any, or none.")]
Text = Annotated[str | None, typer.Option(help="Somewhere in path, head or body.")]
Count = Annotated[int | None, typer.Option(min=0)]


class Language(StrEnum):
    """In which language it is told."""

    TR = "tr"
    EN = "en"


@journal.callback(epilog="Example: hes journal --operation C3 --refusal any")
def listing(
    context: typer.Context,
    url: Address = URL,
    protocol: Protocol = None,
    operation: Operation = None,
    asker: Asker = None,
    code: Code = None,
    purpose: Purpose = None,
    status: Status = None,
    refusal: RefusalKey = None,
    text: Text = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, newest first.")] = 20,
) -> None:
    """List exchanges, newest first."""
    if context.invoked_subcommand is not None:
        return
    wanted = _wanted(protocol, operation, asker, code, purpose, status, refusal, text)
    found = call(url, "GET", f"/_lab/journal?{urlencode(wanted | {'limit': limit})}")
    for one in found:
        typer.echo(_line(one))
    if not found:
        is_empty = not wanted or not call(url, "GET", "/_lab/journal?limit=1")
        typer.echo(NOTHING_ASKED if is_empty else NOTHING_MATCHES, err=True)


@journal.command("show", epilog="Example: hes journal show 17")
def show(number: Annotated[int, typer.Argument(min=1, help="Its number.")], url: Address = URL) -> None:
    """Show one exchange with heads and bodies."""
    typer.echo(json.dumps(call(url, "GET", f"/_lab/journal/{number}"), ensure_ascii=False, indent=2))


@journal.command("har", epilog="Example: hes journal har run.har")
def har(
    file: Annotated[Path, typer.Argument(help="Where to write it.")],
    url: Address = URL,
    protocol: Protocol = None,
    asker: Asker = None,
) -> None:
    """Write the journal into a HAR 1.2 file, which browsers' tools open."""
    wanted = _wanted(protocol, None, asker, None, None, None, None, None)
    log = call(url, "GET", f"/_lab/journal.har?{urlencode(wanted)}")
    file.write_text(json.dumps(log, ensure_ascii=False), encoding="utf-8")
    typer.echo(f"{_exchanges(len(log['log']['entries']))} in {file}.")


@journal.command("root", epilog="Example: hes journal root --after 120")
def root(
    url: Address = URL, after: Annotated[int, typer.Option(min=0, help="Leave out up to this number.")] = 0
) -> None:
    """Sum all exchanges but the lab's own up in one digest, the same whoever was served first."""
    told = call(url, "GET", f"/_lab/journal/root?after={after}")
    typer.echo(f"{told['root']}  {_counted(told)}")


@journal.command("assert", epilog="Example: hes journal assert --operation C1 --purpose visitor --exactly 1")
def assert_asked(
    url: Address = URL,
    protocol: Protocol = None,
    operation: Operation = None,
    asker: Asker = None,
    code: Code = None,
    purpose: Purpose = None,
    status: Status = None,
    refusal: RefusalKey = None,
    text: Text = None,
    exactly: Count = None,
    at_least: Count = None,
    at_most: Count = None,
    never: Annotated[bool, typer.Option("--never", help="Not once.")] = False,  # noqa: FBT002
    after: Annotated[int, typer.Option(min=0, help="Only exchanges with a greater number.")] = 0,
) -> None:
    """Say whether something was asked as often as expected; status 1, with what came nearest, if not."""
    body = {
        "where": _wanted(protocol, operation, asker, code, purpose, status, refusal, text),
        "exactly": exactly,
        "at_least": at_least,
        "at_most": at_most,
        "never": never,
        "after": after,
    }
    finding = call(url, "POST", "/_lab/journal/assert", {k: v for k, v in body.items() if v is not None})
    typer.echo(finding["en"])
    for one in finding["matches"]:
        typer.echo(f"  {_line(one)}")
    for miss in finding["nearest"]:
        typer.echo(f"  nearly: {_line(miss['exchange'])}")
        for differs in miss["differs"]:
            typer.echo(f"          {differs['field']} was {differs['was'] or 'empty'}, not {differs['wanted']}")
    if not finding["holds"]:
        raise typer.Exit(EXIT_DIFFERENT)


@explaining.command(epilog="Example: hes explain --exchange 17 --language tr · hes explain --code A1B2-3456-17")
def explain(
    url: Address = URL,
    exchange: Annotated[int | None, typer.Option(min=1, help="An exchange of the journal.")] = None,
    code: Code = None,
    citizen: Annotated[int | None, typer.Option(min=1, help="A person's number.")] = None,
    language: Annotated[Language, typer.Option(help="tr or en.")] = Language.EN,
) -> None:
    """Say why something was refused, or why somebody is risky, and what would have passed."""
    wanted = {"exchange": exchange, "code": code, "citizen": citizen}
    told = call(url, "GET", f"/_lab/explain?{urlencode({k: v for k, v in wanted.items() if v is not None})}")
    for line in _explained(told, language.value):
        typer.echo(line)


def _explained(told: Any, language: str) -> Iterator[str]:
    yield f"{told['verdict']}: {told[language]}"
    for step in told["chain"]:
        source = f" [{SOURCE[language]}: {step['source']}]" if step["source"] else ""
        yield f"  {step['rule']}: {step[language]}{source}"
    for check in told["checks"]:
        yield f"  {'+' if check['passed'] else '-'} {check['rule']}: {check[language]}"
    nearest = told["nearest"]
    if nearest is not None:
        request = " ".join(part for part in (nearest["method"], nearest["path"]) if part)
        body = "" if nearest["body"] is None else json.dumps(nearest["body"], ensure_ascii=False)
        yield f"  > {' '.join(part for part in (nearest[language], request, body) if part)}"


def _counted(told: Any) -> str:
    """What a root is made of, and what is left out of it."""
    first, last = told["first"], told["last"]
    said = _exchanges(told["exchanges"])
    if last >= first:
        said += f" of number {first}" if first == last else f" of the numbers {first} to {last}"
    if told["lab"]:
        said += f"; {told['lab']} of the lab's own not counted (hes journal --protocol lab)"
    return said if told["complete"] else f"{said}; incomplete: the journal has let earlier ones go"


def _exchanges(count: int) -> str:
    return f"{count} exchange" if count == 1 else f"{count} exchanges"


def _wanted(*values: str | int | None) -> dict[str, str | int]:
    names = ("protocol", "operation", "asker", "code", "purpose", "status", "refusal", "text")
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _line(one: Any) -> str:
    what = f"{one['protocol']} {one['operation']}"
    end = " ".join(part for part in (one["refusal"], one["cause"], one["fault"]) if part)
    codes = ",".join(one["subjects"][:3]) + ("…" if len(one["subjects"]) > 3 else "")
    asker = one["asker"] or "-"
    return f"{one['number']:>6}  {one['at']}  {what:<28} {asker:<24} {codes:<12} {one['status']} {end}".rstrip()
