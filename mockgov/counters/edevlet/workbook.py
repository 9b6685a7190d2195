"""Reads the codes of an uploaded workbook: cell A1 says `HES KODU`, one code a row below, without dashes.

Every row is either a code, blank, or a fault that says what is wrong with it. Nothing that is no code is repeated or
kept: it may be a person's number. Only the first column of the first sheet is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from itertools import accumulate
from typing import Any, Final, NamedTuple

from mockgov.counters.edevlet.archive import BadWorkbook, TooLargeWorkbook, weigh
from mockgov.vocabulary.likeness import likenesses

HEADER: Final = "HES KODU"
ROWS: Final = 10_000
"""Rows below the header (chosen here)."""
CELLS: Final = 400_000
"""Cells in the rectangle that the filled ones span: as many as the parser makes room for."""
LENGTH: Final = 10
DAMAGED: Final = "The workbook is damaged. Save the list anew as .xlsx and send that."
_CODE: Final = re.compile(r"[A-Za-z0-9]{10}")


class Fault(StrEnum):
    """What is wrong with a row."""

    DASHES = "dashes"
    FORMULA = "formula"
    MERGED = "merged"
    LONG = "long"
    NO_CODE = "no-code"


class RowFault(NamedTuple):
    """A row that is no code."""

    row: int
    """As the spreadsheet numbers it: the header is row 1."""
    fault: Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """What a workbook says."""

    codes: Sequence[str]
    """Ten clean characters each, every one once, in the order of the rows."""
    doubled: int
    """Rows that repeat a code of an earlier row."""
    blank: int
    """Rows without anything, up to the last one with something."""
    faults: Sequence[RowFault]


def read_codes(upload: bytes) -> CodeList:
    """The codes of an uploaded workbook. Raises `BadWorkbook`."""
    weighed = weigh(upload)
    extent = weighed.first
    if extent.rows > ROWS + 1:
        raise TooLargeWorkbook(f"The list has more than {ROWS} rows. Send it in parts.")
    if extent.rows * extent.columns > CELLS:
        raise TooLargeWorkbook("Cells are filled far to the right of the codes. Send the codes alone.")
    cells, merged = _first_column(weighed.archive)
    if not cells or not isinstance(cells[0], str) or cells[0].strip() != HEADER:
        raise BadWorkbook(f"Cell A1 does not say {HEADER}. Write it there, and the codes below it.")
    return _sorted_out(cells, merged, extent.formulas)


def _first_column(archive: bytes) -> tuple[list[Any], set[int]]:
    """The values of column A from row 1 on, and the rows that a merged cell of it covers."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  heavy; wanted with the first upload

    try:
        sheet = CalamineWorkbook.from_filelike(BytesIO(archive)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=ROWS + 1)
        ranges = sheet.merged_cell_ranges or []
    except (CalamineError, ValueError, OSError):
        raise BadWorkbook(DAMAGED) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the parser is written in Rust; its panics are no `Exception`
            raise BadWorkbook(DAMAGED) from None
        raise
    return [row[0] if row else "" for row in rows], _covered(ranges, len(rows))


def _covered(ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]], rows: int) -> set[int]:
    """The rows, from 1, whose first cell a merged one above it covers; however many ranges there are, and how long."""
    steps = [0] * (rows + 1)
    for (top, left), (bottom, _) in ranges:
        if left == 0 and top < bottom and top + 1 < rows:
            steps[top + 1] += 1
            steps[min(bottom + 1, rows)] -= 1
    return {row + 1 for row, depth in enumerate(accumulate(steps[:rows])) if depth > 0}


def _sorted_out(cells: Sequence[Any], merged: set[int], formulas: set[int]) -> CodeList:
    codes: dict[str, None] = {}
    faults: list[RowFault] = []
    doubled = blank = 0
    for row, value in enumerate(cells[1:], 2):
        if row in formulas:
            faults.append(RowFault(row, Fault.FORMULA))
            continue
        text = _text(value)
        if not text:
            if row in merged:
                faults.append(RowFault(row, Fault.MERGED))
            else:
                blank += 1
        elif not _CODE.fullmatch(text) or next(likenesses(text.upper()), None) is not None:
            faults.append(RowFault(row, _fault(text)))
        elif (code := text.upper()) in codes:
            doubled += 1
        else:
            codes[code] = None
    return CodeList(codes=list(codes), doubled=doubled, blank=blank, faults=faults)


def _text(value: Any) -> str:
    """What a cell says; a whole number without its decimal point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _fault(text: str) -> Fault:
    if _CODE.fullmatch(text.replace("-", "").replace(" ", "")):
        return Fault.DASHES
    return Fault.LONG if len(text) > LENGTH else Fault.NO_CODE
