# ruff: noqa: D103  a route's name and address say what it is
"""The scripts that some pages of the console have: files of this package, told to be kept for good by their version."""

from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response

FOLDER: Final = Path(__file__).parent / "vendored"
HTMX_FILE: Final = "htmx-2.0.11.min.js"
SSE_FILE: Final = "htmx-ext-sse-2.2.4.min.js"
STATIC: Final = "/console/static"
HTMX: Final = f"{STATIC}/{HTMX_FILE}"
SSE: Final = f"{STATIC}/{SSE_FILE}"
LIVE: Final = f"{STATIC}/live.js"
"""The console's own few lines, which run between the two."""
KEPT: Final = {"cache-control": "public, max-age=31536000, immutable", "x-content-type-options": "nosniff"}

router = APIRouter(include_in_schema=False)


@router.get(HTMX)
async def htmx() -> Response:
    return Response(_file(HTMX_FILE), media_type="text/javascript", headers=KEPT)


@router.get(SSE)
async def sse() -> Response:
    return Response(_file(SSE_FILE), media_type="text/javascript", headers=KEPT)


@router.get(LIVE)
async def live() -> Response:
    headers = {"cache-control": "no-cache", "x-content-type-options": "nosniff"}
    return Response((FOLDER.parent / "live.js").read_bytes(), media_type="text/javascript", headers=headers)


@cache
def _file(name: str) -> bytes:
    return (FOLDER / name).read_bytes()
