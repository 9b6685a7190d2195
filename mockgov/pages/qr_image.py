"""QR images (ISO/IEC 18004) for pages and downloads: dark on white, with the quiet zone that scanners want."""

from base64 import b64encode
from io import BytesIO
from typing import Any, Final

from markupsafe import Markup

QUIET: Final = 4
"""Modules of white around the image (ISO/IEC 18004, 9.1)."""
PIXELS: Final = 8
"""Width of a module in a PNG."""


def svg(text: str) -> bytes:
    """The image of a text as a drawing that fits any size."""
    return _written(text, kind="svg", scale=4, svgclass=None, lineclass=None, omitsize=True)


def png(text: str) -> bytes:
    """The image of a text as pixels."""
    return _written(text, kind="png", scale=PIXELS)


def inline(text: str, title: str) -> Markup:
    """The drawing as a part of a page, with a title for who cannot see it."""
    drawing = _made(text).svg_inline(
        omitsize=True, border=QUIET, svgclass="qr", lineclass=None, dark="black", light="white", title=title
    )
    return Markup(drawing.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704  segno escapes the title


def data_uri(text: str) -> str:
    """The drawing as an address that a page can show without asking for anything."""
    return f"data:image/svg+xml;base64,{b64encode(svg(text)).decode()}"


def _written(text: str, **options: Any) -> bytes:
    file = BytesIO()
    _made(text).save(file, border=QUIET, light="white", dark="black", **options)
    return file.getvalue()


def _made(text: str) -> Any:
    import segno  # noqa: PLC0415  wanted by few

    return segno.make(text, error="m", micro=False)
