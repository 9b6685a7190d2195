"""How pages of experiments say numbers and months."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sim.report.words import MONTHS


def brief_number(value: float) -> str:
    """A number for the marks of an axis: 0.25, 1,200, 35k, 1.2M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / min(size, 1e3 if letter == 'k' else size):.3g}{letter}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def cell(value: Any) -> str:
    """A value for a table: numbers to four digits, or whole from a thousand on."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{Decimal(f'{value:.4g}'):f}"  # 0.00001, not 1e-05
    return str(value)


def signed_share(part: float) -> str:
    """A change in percent, with its sign: +5%, −12%, +0.35%."""
    if part == 0:
        return "0%"
    return f"{part * 100:+.2g}%".replace("-", "−") if abs(part) < 0.1 else f"{part * 100:+,.0f}%".replace("-", "−")


def chance(p: float | None) -> str:
    """A p-value to two digits, and no more zeros than anybody reads."""
    return "–" if p is None else "under 0.001" if p < 0.001 else f"{p:.2g}"


def month_name(month: str) -> str:
    """A month such as 2021-07 as Jul 21."""
    year, _, number = month.partition("-")
    is_month = number.isdecimal() and 1 <= int(number) <= 12
    return f"{MONTHS[int(number) - 1]}\N{NO-BREAK SPACE}{year[2:]}" if is_month else month


def leading(numbers: Sequence[str], most: int) -> tuple[str, ...]:
    """The numbers that are shown unless some are chosen: those of the whole time before those of single months."""
    return tuple(sorted(numbers, key=lambda name: bool(re.search(r"\d{4}-\d{2}$", name)))[:most])


def last_words(names: Sequence[str]) -> tuple[str, ...]:
    """Dotted names by what stands behind the last dot, as words; a whole name where two would be the same."""
    short = [name.rpartition(".")[2] for name in names]
    return tuple(
        one.replace("_", " ") if short.count(one) == 1 and not one.isdecimal() else name
        for one, name in zip(short, names, strict=True)
    )


def slug(text: str) -> str:
    """A name for an element of a page: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
