"""How a report says times, dates and answers."""

from datetime import date

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ANSWER_NAMES = {
    "RISKLESS": "riskless",
    "RISKY": "risky",
    "hescodenotfound": "code not found",
    "hescodehasbeenexpired": "code expired",
    "MADE": "code made",
    "time-out": "no answer in time",
}
UNITS = (("s", 1_000_000), ("ms", 1000), ("µs", 1))
"""Names and lengths in microseconds."""


def duration(us: float) -> str:
    """A time in microseconds as people say it, to three digits: 850 µs, 3.20 ms, 1.50 s, 2 min 5 s."""
    if us >= 59_950_000:
        minutes, seconds = divmod(round(us / 1_000_000), 60)
        return f"{minutes} min {seconds} s" if seconds else f"{minutes} min"
    unit, size = next(((unit, size) for unit, size in UNITS if us >= size * 0.9995), UNITS[-1])
    value = us / size
    digits = 0 if unit == "µs" or value >= 99.95 else 1 if value >= 9.995 else 2
    return f"{value:.{digits}f} {unit}"


def brief(us: float) -> str:
    """The same for the marks of an axis, without zeros at its end: 0, 1 ms, 1.5 s."""
    if us == 0:
        return "0"
    number, _, unit = duration(us).partition(" ")
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {unit}"


def clock(minute: int) -> str:
    """A minute of the day as 08:59; the day after goes on as 24:01."""
    return f"{minute // 60:02}:{minute % 60:02}"


def day_name(day: date) -> str:
    """A date as 3 May 2021, whatever the machine's language."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def answer_name(answered: str) -> str:
    """An answer in plain words: a proper one, or an HTTP status."""
    return ANSWER_NAMES.get(answered, f"HTTP {answered}" if answered.isdigit() else answered)


def share(value: float) -> str:
    """A part of one as a percentage, to a tenth; nothing and all are told from almost nothing and almost all."""
    if value in {0, 1}:
        return f"{value:.0%}"
    return "under 0.1%" if value < 0.0005 else "over 99.9%" if value >= 0.9995 else f"{value:.1%}"


def office_time(us: float) -> str:
    """Office time as people say it: 12 min, 2.1 h, 3.4 or 1,200 working days, each of eight hours."""
    minutes = us / 60_000_000
    if minutes < 59.5:
        return f"{minutes:.0f} min"
    if minutes < 480:
        return f"{minutes / 60:.1f} h"
    days = minutes / 480
    return f"{days:.1f} working days" if days < 99.95 else f"{days:,.0f} working days"


def kind_name(kind: str) -> str:
    """A kind of institution in plain words."""
    return kind.lower().replace("_", " ")
