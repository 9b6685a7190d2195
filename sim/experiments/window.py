"""Which months a calibration compares: whole ones only, of the scenario and of what was published.

Half a month of a model against a whole one of the country would be fitted as if half of the sick were missing. So a
month counts if the scenario has every day of it on which something was published: all of them, and of March 2020
those from the 11th, the day of the first case. A month that is asked for and cannot be compared is refused; one that
nobody asked for is left out, with a sentence that says why.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sim.experiments.observed import FIRST_CASE, MONTHS
from sim.experiments.words import month_name

EARLIEST, LATEST = MONTHS[0].month, MONTHS[-1].month
USUAL_LAST = "2021-06"
"""The last month that is fitted unless another is named: what follows is held against what is foretold."""
WRITTEN = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
RULE = "only whole months are compared"


class WindowError(ValueError):
    """Months that cannot be compared; the message names the rule and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Months, both included: those of the fit, and to where it is run on."""

    first: str
    until: str
    ahead: str | None
    begins: date
    """The scenario's first day."""
    left_out: tuple[str, ...] = ()
    """Why months of the scenario are not among them, a sentence each."""

    @property
    def days(self) -> int:
        """Days from the scenario's first to the end of the fit."""
        return (last_day(self.until) - self.begins).days + 1

    @property
    def days_ahead(self) -> int:
        """Days to the end of all that is run."""
        return (last_day(self.last) - self.begins).days + 1

    @property
    def last(self) -> str:
        """The last month of all."""
        return self.ahead or self.until

    @classmethod
    def of(
        cls, begins: date, days: int, *, first: str | None = None, until: str | None = None, ahead: str | None = None
    ) -> "Window":
        """The months of a scenario, by its first day and its length, as asked for or as they are usual.

        Raises:
            WindowError: if a month is none, was not published, is not whole in the scenario, or out of order.
        """
        ends = begins + timedelta(days=days - 1)
        for option, month in (("--from", first), ("--until", until), ("--predict-until", ahead)):
            if month is not None:
                _check(option, month, begins, ends)
        whole = [row.month for row in MONTHS if not _cut(row.month, begins, ends)]
        if not whole:
            raise WindowError(
                f"The scenario has no whole month that was published, {EARLIEST} to {LATEST}, and {RULE}: it goes from "
                f"{begins} to {ends}. Set its date to the first of a month, and nation.days to 31 or more."
            )
        usual = [month for month in whole if month <= USUAL_LAST] or whole
        start, end = first or whole[0], until or usual[-1]
        if end < start:
            raise WindowError(f"--from {start} is after --until {end}: give the earlier month first.")
        if ahead is not None and ahead <= end:
            raise WindowError(f"--predict-until {ahead} is not after --until {end}: give a later month.")
        beside = [_before(start)] * (first is None) + [_after(end)] * (until is None)
        touched = [month for month in beside if f"{begins:%Y-%m}" <= month <= f"{ends:%Y-%m}" and month <= LATEST]
        left_out = tuple(_left_out(month, why) for month in touched if (why := _cut(month, begins, ends)))
        return cls(first=start, until=end, ahead=ahead, begins=begins, left_out=left_out)


def last_day(month: str) -> date:
    """The last day of a month such as 2021-06."""
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _before(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01') - timedelta(days=1):%Y-%m}"


def _after(month: str) -> str:
    return f"{last_day(month) + timedelta(days=1):%Y-%m}"


def _check(option: str, month: str, begins: date, ends: date) -> None:
    if not WRITTEN.fullmatch(month):
        raise WindowError(f"{option} {month!r} is no month: write the year and two digits, as in {USUAL_LAST}.")
    if not EARLIEST <= month <= LATEST:
        raise WindowError(f"{option} {month}: monthly totals are known from {EARLIEST} to {LATEST}; name one of these.")
    if why := _cut(month, begins, ends):
        raise WindowError(f"{option} {month}: {why}, and {RULE}. {_instead(month, begins, ends)}")


def _cut(month: str, begins: date, ends: date) -> str:
    """Why a month is not whole in the scenario; empty if it is."""
    first, last = max(date.fromisoformat(f"{month}-01"), FIRST_CASE), last_day(month)
    if begins > last:
        return f"the scenario begins later, on {begins}"
    if begins > first:
        return f"the scenario begins within it, on {begins}"
    if ends < date.fromisoformat(f"{month}-01"):
        return f"the scenario ends before, on {ends}"
    return f"the scenario ends within it, on {ends}" if ends < last else ""


def _instead(month: str, begins: date, ends: date) -> str:
    """What to do about a month that is not whole."""
    if begins > max(date.fromisoformat(f"{month}-01"), FIRST_CASE):
        return "Name a later month, or set the scenario's date earlier."
    needed, has = ((day - begins).days + 1 for day in (last_day(month), ends))
    return f"Name an earlier month, or set the scenario's nation.days to {needed:,} at least; it is {has:,}."


def _left_out(month: str, why: str) -> str:
    return f"{month_name(month)} is left out: {why}, and {RULE}."
