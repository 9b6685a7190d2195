"""`hes sign`: sign a file with a test certificate of a running ministry."""

from base64 import b64decode, b64encode
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from mockgov.cli.calling import URL, Address, CommandError, call

signing = typer.Typer()


class Format(StrEnum):
    """How a file is signed."""

    PADES = "pades"
    """Inside the PDF."""
    CADES = "cades"
    """In a file beside it."""
    CADES_ENVELOPING = "cades-enveloping"
    """Around it."""
    SMIME = "smime"
    """As a MIME entity."""


ENDINGS = {
    Format.PADES: ".signed.pdf",
    Format.CADES: ".p7s",
    Format.CADES_ENVELOPING: ".p7m",
    Format.SMIME: ".eml",
}


@signing.command(epilog="Example: hes sign form.pdf --citizen 17 --broken expired")
def sign(
    file: Annotated[Path | None, typer.Argument(help="What to sign: a PDF, or any file.")] = None,
    url: Address = URL,
    citizen: Annotated[int | None, typer.Option(min=1, help="Who signs, by number; see /_lab/people.")] = None,
    certificate: Annotated[str | None, typer.Option(help="The certificate to sign with, by serial number.")] = None,
    form: Annotated[
        Format | None, typer.Option("--format", help="pades for a PDF, cades for the rest, if not said.")
    ] = None,
    broken: Annotated[str | None, typer.Option(help="A certificate or signature wrong on purpose, by name.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the result goes; beside the file if not said.")] = None,
    list_broken: Annotated[bool, typer.Option("--list-broken", help="List what --broken takes.")] = False,  # noqa: FBT002
) -> None:
    """Sign a file with a test certificate; the signature is worth nothing outside this sandbox."""
    if list_broken:
        for one in call(url, "GET", "/_lab/sign/broken"):
            typer.echo(f"{one['name']:<18} {one['explanation']}")
        return
    if file is None or (citizen is None) == (certificate is None):
        raise CommandError("Say what to sign and who signs: hes sign FILE --citizen NUMBER, or --certificate SERIAL.")
    document = _read(file)
    chosen = form or (Format.PADES if document.startswith(b"%PDF-") else Format.CADES)
    who: dict[str, Any] = {"citizen_id": citizen} if certificate is None else {"serial": certificate}
    body = who | {"document_base64": b64encode(document).decode(), "format": chosen.value}
    signed = call(url, "POST", "/_lab/sign", body if broken is None else body | {"broken": broken})
    to = out or file.with_name((file.stem if chosen is Format.PADES else file.name) + ENDINGS[chosen])
    to.write_bytes(b64decode(signed["signature_base64"]))
    typer.echo(f"{to}: signed ({chosen.value}) with certificate {signed['serial']}. SANDBOX: no legal force.")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"Cannot read {file} ({error.strerror}). Name a file that is there.") from None
