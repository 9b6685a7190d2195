"""The QR image of a code, as an SVG that stands within a page."""

from markupsafe import Markup

from mockgov.codes.rules import Code

QUIET_MODULES = 4
"""The blank margin that a reader needs (ISO/IEC 18004)."""


def qr_svg(code: Code, title: str) -> Markup:
    """`<token>|<code>` in black on white, with a title for who cannot see it."""
    import segno  # noqa: PLC0415  wanted by few

    made = segno.make(f"{code.qr_token}|{code.text}", error="m", micro=False)
    image = made.svg_inline(
        omitsize=True, border=QUIET_MODULES, svgclass="qr", lineclass=None, dark="#000", light="#fff", title=title
    )
    return Markup(image.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704  segno escapes the title
