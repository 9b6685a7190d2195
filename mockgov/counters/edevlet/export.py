"""Writes the tables of a group's query as a workbook; the same tables give the same bytes."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Final, NamedTuple

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Table(NamedTuple):
    """A sheet of the workbook."""

    name: str
    """At most 31 characters."""
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def workbook(tables: Sequence[Table], *, made_at: datetime) -> bytes:
    """One sheet a table: its title, its head, its rows; every cell is text, so that nothing is taken for a formula."""
    from xlsxwriter import Workbook  # noqa: PLC0415  heavy; wanted with the first export

    written = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(written, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None), "comments": "SANDBOX"})
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            sheet.set_column(0, len(table.head) - 1, 28)
            sheet.write_string(0, 0, table.title, bold)
            for column, words in enumerate(table.head):
                sheet.write_string(1, column, words, bold)
            for nth, row in enumerate(table.rows, 2):
                for column, words in enumerate(row):
                    sheet.write_string(nth, column, words)
    return written.getvalue()
