"""Paper: PDF documents in Turkish, each page stamped as a sandbox's.

A document is a function of its words and of one moment: the same ones give the same bytes, so that a PDF can be signed,
sent and drawn again for comparison. The font, Bitstream Vera, has every Turkish letter and is embedded; signs that it
lacks show as an empty box. Any text may be put in: what would be mark-up is shown as typed, and control characters
become blanks.

The library behind it takes a moment to load: import this module where a document is made, not at start-up.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import md5
from io import BytesIO
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, Preformatted, SimpleDocTemplate, Spacer, Table

from mockgov.clock import TURKEY

STAMP: Final = "SANDBOX — hukuki geçerliliği yoktur"
"""Stands at the head and the foot of every page."""

registerFont(TTFont("Vera", "Vera.ttf"))
registerFont(TTFont("VeraBd", "VeraBd.ttf"))
registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="Vera", boldItalic="VeraBd")

_MARGIN: Final = 20 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN
_LABEL_WIDTH: Final = 55 * mm
_CODE_COLUMNS: Final = 88
_RED, _GREY, _PALE = HexColor("#b00020"), HexColor("#666666"), HexColor("#f2f2f2")

_TEXT: Final = ParagraphStyle("text", fontName="Vera", fontSize=9.5, leading=13.5, spaceAfter=6)
_CELL: Final = ParagraphStyle("cell", parent=_TEXT, spaceAfter=0, fontSize=9, leading=12)
_LABEL: Final = ParagraphStyle("label", parent=_CELL, textColor=_GREY)
_TITLE: Final = ParagraphStyle("title", parent=_TEXT, fontName="VeraBd", fontSize=14, leading=18, spaceAfter=8)
_HEADING: Final = ParagraphStyle("heading", parent=_TITLE, fontSize=10.5, leading=14, spaceBefore=8, spaceAfter=4)
_CENTERED: Final = ParagraphStyle("centered", parent=_TEXT, alignment=TA_CENTER, spaceAfter=0)
_RIGHT: Final = ParagraphStyle("right", parent=_TEXT, alignment=TA_RIGHT, spaceAfter=0)
_CODE: Final = ParagraphStyle(
    "code", parent=_TEXT, fontSize=7.5, leading=10, backColor=_PALE, borderPadding=4, spaceBefore=6, spaceAfter=10
)


class Paper:
    """A document under way: put in headings, texts and tables from top to bottom, then take its bytes."""

    def __init__(self, title: str, *, at: datetime, reference: str = "", titled: bool = True) -> None:
        """`at` is the moment that the file gives as its making; `reference` stands at the foot of each page.

        An official letter begins otherwise than with its title: `titled` False keeps that out of the text.
        """
        self._title = _shown(title)
        self._at = at.astimezone(TURKEY)
        self._reference = _shown(reference)
        self._story: list[Callable[[], list[Any]]] = []  # recipes: what has been laid out once cannot be again
        if titled:
            self._paragraph(title, _TITLE)

    def heading(self, text: str) -> None:
        """A heading over what follows."""
        self._paragraph(text, _HEADING)

    def text(self, text: str) -> None:
        """A paragraph; a line feed in it begins a new line."""
        self._paragraph(text, _TEXT)

    def centered(self, *lines: str) -> None:
        """Lines in the middle of the page, as a letter's head has them."""
        self._lines(lines, _CENTERED)

    def right(self, *lines: str) -> None:
        """Lines at the right margin, as a letter's date and signature stand; never parted by the end of a page."""
        self._lines(lines, _RIGHT)

    def table(self, rows: Sequence[tuple[str, str]]) -> None:
        """Labels and what stands for each of them; nothing is drawn for no rows."""
        if rows:
            kept = tuple(rows)
            self._story.append(lambda: [_table(kept), Spacer(0, 8)])

    def code(self, text: str) -> None:
        """Lines as they are, blanks kept, such as an example of a request; a line too long goes on in the next."""
        kept = _shown(text.expandtabs(4)).rstrip("\n")
        self._story.append(lambda: [Preformatted(kept, _CODE, maxLineLength=_CODE_COLUMNS, splitChars=" ,")])

    def bytes(self) -> bytes:
        """The document as a PDF; asked again, it is the same."""
        made = BytesIO()
        pages = SimpleDocTemplate(
            made,
            pagesize=A4,
            leftMargin=_MARGIN - 6,
            rightMargin=_MARGIN - 6,
            topMargin=24 * mm,
            bottomMargin=22 * mm,
            title=self._title,
            author="HES Sandbox",
            subject=STAMP,
            creator="HES Sandbox",
            lang="tr-TR",
        )
        story = [piece for recipe in self._story for piece in recipe()] or [Spacer(0, 0)]
        pages.build(story, onFirstPage=self._stamp, onLaterPages=self._stamp, canvasmaker=self._canvas())
        return made.getvalue()

    def _paragraph(self, text: str, style: ParagraphStyle) -> None:
        self._story.append(lambda: [Paragraph(_markup(text), style)])

    def _lines(self, lines: Sequence[str], style: ParagraphStyle) -> None:
        marked = [_markup(line) or "&nbsp;" for line in lines]
        self._story.append(lambda: [KeepTogether([Paragraph(line, style) for line in marked]), Spacer(0, 6)])

    def _canvas(self) -> Callable[..., Canvas]:
        stamp = TimeStamp(1)
        stamp.lt, stamp.YMDhms = self._at.timetuple(), tuple(self._at.timetuple())[:6]
        stamp.t, stamp.tzname, stamp.dhh, stamp.dmm = self._at.timestamp(), "TRT", 3, 0

        def make(*args: Any, **options: Any) -> Canvas:
            canvas = Canvas(*args, **options | {"invariant": 1, "pageCompression": 1})
            document = canvas._doc  # noqa: SLF001  the library offers no other way to say when
            document._timeStamp = stamp  # noqa: SLF001  the same
            document.signature = md5(repr(stamp.t).encode(), usedforsecurity=False)
            return canvas

        return make

    def _stamp(self, canvas: Canvas, _pages: SimpleDocTemplate) -> None:
        width, height = A4
        canvas.saveState()
        canvas.setStrokeColor(_RED)
        canvas.setFillColor(_RED)
        canvas.setFont("VeraBd", 9)
        canvas.rect(_MARGIN, height - 17 * mm, _WIDTH, 7 * mm)
        canvas.drawCentredString(width / 2, height - 14.7 * mm, STAMP)
        canvas.setFont("Vera", 7)
        canvas.drawCentredString(width / 2, 10 * mm, STAMP)
        canvas.setFillColor(_GREY)
        canvas.drawString(_MARGIN, 14 * mm, self._reference)
        canvas.drawRightString(width - _MARGIN, 14 * mm, f"Sayfa {canvas.getPageNumber()}")
        canvas.restoreState()


def _table(rows: Sequence[tuple[str, str]]) -> Table:
    cells = [[Paragraph(_markup(label), _LABEL), Paragraph(_markup(value), _CELL)] for label, value in rows]
    table = Table(cells, colWidths=[_LABEL_WIDTH, _WIDTH - _LABEL_WIDTH], splitInRow=1)
    table.setStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, _GREY)])
    return table


def _shown(text: str) -> str:
    """The text without signs that no page can show."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)


def _markup(text: str) -> str:
    return escape(_shown(text)).replace("\n", "<br/>")
