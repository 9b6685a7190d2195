"""`hes conform`: whether an integration does what it must before it goes live, and the check of a report."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import typer

from mockgov.cli.calling import URL, Address, CommandError, call

conforming = typer.Typer()
EXIT_SHORT: Final = 1
SIGNS: Final = {"passed": "+", "failed": "!", "missing": "?"}
OUTCOMES: Final = {
    "tr": {"passed": "geçti", "failed": "kaldı", "missing": "eksik"},
    "en": {"passed": "passed", "failed": "failed", "missing": "missing"},
}
IN_JOURNAL: Final = {"tr": "günlükte", "en": "exchanges"}
MOST: Final = 3
HOW: Final = (
    "`hes conform USER-NAME` judges what that user has asked of a running ministry; "
    "`hes conform --verify rehearsal/report.json`, without a user name, checks a report that was written by --out."
)
LEVEL: Final = {"tr": "Düzey", "en": "Level"}
AGAIN: Final = {
    "tr": "Kalanlar günlükte durur. Düzeltip yeniden sorduktan sonra yalnızca sonrasını yargılamak için: --after {}",
    "en": "What failed stays in the journal. Put it right, ask again, and judge only what came later: --after {}",
}


class Language(StrEnum):
    """In which language it is told."""

    TR = "tr"
    EN = "en"


@conforming.command(
    epilog="Example: hes conform ANADOLU-GIDA-G2G-HES --out rehearsal · hes conform --verify rehearsal/report.json"
)
def conform(
    asker: Annotated[str | None, typer.Argument(help="A user name or an institution's label.")] = None,
    url: Address = URL,
    after: Annotated[int, typer.Option(min=0, help="Leave out the journal up to this number.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for report.json and report.html.")] = None,
    language: Annotated[Language, typer.Option(help="tr or en.")] = Language.EN,
    level: Annotated[int, typer.Option(min=0, max=MOST, help="The level that is needed; status 1 below it.")] = 0,
    verify: Annotated[Path | None, typer.Option(help="Check this report instead, without a network.")] = None,
) -> None:
    """Hold the journal of a running ministry against what an integration must do, or check a signed report."""
    if (asker is None) == (verify is None):
        both = "Either one or the other: " if verify is not None else ""
        raise CommandError(f"{both}{HOW}")
    if verify is not None:
        _verify(verify, level)
        return
    wanted = urlencode({"asker": asker, "after": after})
    told = call(url, "GET", f"/_lab/conformance?{wanted}")
    for one in told["behaviours"]:
        typer.echo(_line(one, language.value))
    typer.echo(_level(told, language.value))
    failing = [number for one in told["behaviours"] if one["outcome"] == "failed" for number in one["exchanges"]]
    if failing:
        typer.echo(AGAIN[language.value].format(max(failing)))
    if out is not None:
        _write(out, call(url, "POST", f"/_lab/conformance/report?{wanted}&language={language.value}"))
    if told["level"] < level:
        raise typer.Exit(EXIT_SHORT)


def _level(told: Any, language: str) -> str:
    words = told[f"level_{language}"]
    return f"{LEVEL[language]} {words}" if told["level"] else f"{words}."


def _line(one: Any, language: str) -> str:
    title, why, situation = (one[f"{name}_{language}"] for name in ("title", "why", "situation"))
    line = f"{SIGNS[one['outcome']]} {one['level']}  {OUTCOMES[language][one['outcome']]:<8} {one['key']:<22} {title}"
    if one["outcome"] == "missing" and not why:
        return f"{line}\n     {situation}"
    shown = f" ({IN_JOURNAL[language]} {', '.join(map(str, one['exchanges']))})" if one["exchanges"] and why else ""
    return f"{line}\n     {why}{shown}" if why else line


def _write(folder: Path, made: Any) -> None:
    files = {"report.json": made["report"], "report.html": made["page"]}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_bytes(text.encode())
    except OSError as error:
        raise CommandError(f"Cannot write into {folder} ({error.strerror}). Name another folder by --out.") from None
    typer.echo(f"{folder / 'report.json'} (signed) and {folder / 'report.html'}. SANDBOX: no legal force.")


def _verify(file: Path, level: int) -> None:
    from mockgov.conformance.catalogue import LEVEL_WORDS, Level
    from mockgov.conformance.statement import NotVerified, verified

    page = file.with_suffix(".html")
    try:
        statement = verified(file.read_bytes(), page.read_bytes() if page.exists() else None)
    except OSError as error:
        raise CommandError(f"Cannot read {file} ({error.strerror}). Name a report.json that is there.") from None
    except NotVerified as refused:
        raise CommandError(f"{file}: {refused.message}") from None
    beside = f" and {page.name}" if page.exists() else " (no page beside it)"
    words = LEVEL_WORDS[Level(int(statement["level"]))][1]
    words = f"level {words}" if int(statement["level"]) else words[0].lower() + words[1:]
    typer.echo(f"{file.name}{beside}: as signed. {statement['asker']}, {words}.")
    typer.echo(f"World {statement['world']}, seed {statement['seed']}, rules of {statement['regulation']}.")
    counted = statement["transcript"]["exchanges"]
    plural = "" if counted == 1 else "s"
    typer.echo(f"Transcript {statement['transcript']['root']}, {counted} exchange{plural} without the lab's own.")
    if int(statement["level"]) < level:
        raise typer.Exit(EXIT_SHORT)
