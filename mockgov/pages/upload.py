"""Files that a form sends."""

from typing import Final

from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from mockgov.refusal import Refused

MULTIPART: Final = b"multipart/form-data"


class CutOff(Refused):
    """An upload that broke off."""

    key = "cutoff"


async def check_whole(request: Request) -> None:
    """Raises `CutOff` for a multipart body without its end, whose file the framework would leave open."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind == MULTIPART and b"--" + options.get(b"boundary", b"") + b"--" not in await request.body():
        raise CutOff("The file did not arrive whole. Load the page again and send it anew.")
