"""Turkish working time: which days offices work, when they are open, and when so many working hours have passed.

Holidays are those of law 2429 (national and religious ones; half of 28 October and of the eve of each religious
feast are free from 13:00); the dates of the feasts are the Diyanet's calendar for each year. Extra days that the
cabinet adds to a feast ("köprü") are left out. Office hours of the civil service: 08:30 to 12:30 and 13:30 to 17:30,
Monday to Friday (the usual hours of Ankara's offices, circular 2020; chosen here for the whole country).

All arguments and results are aware moments; days are Turkish calendar days. Years outside `YEARS` have no known
religious feasts: a question about them is answered with the national days alone.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from mockgov.clock import TURKEY

HOURS: Final = ((time(8, 30), time(12, 30)), (time(13, 30), time(17, 30)))
"""Office hours of a whole working day: eight hours."""
MORNING: Final = HOURS[:1]
"""Office hours of the eve of a feast."""
WORKING_DAY: Final = timedelta(hours=8)

NATIONAL: Final = {
    (1, 1): "Yılbaşı",
    (4, 23): "Ulusal Egemenlik ve Çocuk Bayramı",
    (5, 1): "Emek ve Dayanışma Günü",
    (5, 19): "Atatürk'ü Anma, Gençlik ve Spor Bayramı",
    (7, 15): "Demokrasi ve Millî Birlik Günü",
    (8, 30): "Zafer Bayramı",
    (10, 29): "Cumhuriyet Bayramı",
}
"""Law 2429, articles 1 and 2: month and day."""

RAMAZAN: Final = {
    2020: date(2020, 5, 24),
    2021: date(2021, 5, 13),
    2022: date(2022, 5, 2),
    2023: date(2023, 4, 21),
    2024: date(2024, 4, 10),
    2025: date(2025, 3, 30),
    2026: date(2026, 3, 20),
}
"""First of three days; the eve is free from 13:00."""

KURBAN: Final = {
    2020: date(2020, 7, 31),
    2021: date(2021, 7, 20),
    2022: date(2022, 7, 9),
    2023: date(2023, 6, 28),
    2024: date(2024, 6, 16),
    2025: date(2025, 6, 6),
    2026: date(2026, 5, 27),
}
"""First of four days; the eve is free from 13:00."""

YEARS: Final = range(2020, 2027)


def holiday(day: date) -> str | None:
    """The name of the holiday that takes the whole day, or None."""
    if (day.month, day.day) in NATIONAL:
        return NATIONAL[day.month, day.day]
    for name, feasts, length in (("Ramazan Bayramı", RAMAZAN, 3), ("Kurban Bayramı", KURBAN, 4)):
        first = feasts.get(day.year)
        if first is not None and first <= day < first + timedelta(days=length):
            return name
    return None


def eve(day: date) -> str | None:
    """The name of the feast whose eve makes the afternoon free, or None."""
    if (day.month, day.day) == (10, 28):
        return "Cumhuriyet Bayramı arifesi"
    tomorrow = day + timedelta(days=1)
    if RAMAZAN.get(tomorrow.year) == tomorrow:
        return "Ramazan Bayramı arifesi"
    if KURBAN.get(tomorrow.year) == tomorrow:
        return "Kurban Bayramı arifesi"
    return None


def is_working_day(day: date) -> bool:
    """Whether offices open on that day at all."""
    return day.weekday() < 5 and holiday(day) is None


def open_hours(day: date) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of a day in which offices are open, as aware moments, in order."""
    if not is_working_day(day):
        return
    for begin, end in HOURS if eve(day) is None else MORNING:
        yield datetime.combine(day, begin, TURKEY), datetime.combine(day, end, TURKEY)


def is_open(moment: datetime) -> bool:
    """Whether offices are open at that moment; the last moment of a stretch is not."""
    return any(begin <= moment < end for begin, end in open_hours(moment.astimezone(TURKEY).date()))


def after_working_time(moment: datetime, length: timedelta) -> datetime:
    """When `length` of office time has passed since `moment`, in the zone of `moment`.

    No time at all is over at once in office hours, and else when the next office opens. Raises ValueError for a
    negative length.
    """
    if length < timedelta(0):
        raise ValueError(f"Working time runs forward only; {length} is negative.")
    left = length
    day = moment.astimezone(TURKEY).date()
    while True:
        for begin, end in open_hours(day):
            begin = max(begin, moment)  # noqa: PLW2901  the part that is still to come
            if begin >= end:
                continue
            if begin + left < end or (left and begin + left == end):
                return (begin + left).astimezone(moment.tzinfo)
            left -= end - begin
        day += timedelta(days=1)


def after_working_days(moment: datetime, days: int) -> datetime:
    """When the `days`-th working day after that of `moment` begins to be open, in the zone of `moment`."""
    day = moment.astimezone(TURKEY).date()
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return after_working_time(max(moment, datetime.combine(day, time(0), TURKEY)), timedelta(0)).astimezone(
        moment.tzinfo
    )


def working_days_between(first: date, last: date) -> int:
    """Working days after `first`, up to `last` with it; 0 if `last` is not later."""
    return sum(is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def working_time_between(begin: datetime, end: datetime) -> timedelta:
    """How long offices were open between two moments; nothing if `end` is not later."""
    total = timedelta(0)
    day, last = begin.astimezone(TURKEY).date(), end.astimezone(TURKEY).date()
    while day <= last:
        for opens, closes in open_hours(day):
            total += max(timedelta(0), min(closes, end) - max(opens, begin))
        day += timedelta(days=1)
    return total
