"""How often people do something, and at which hours: a frozen value, and the checks of hours and weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How often people go on an errand, and when.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    per_person: float
    """Errands a day, for each person of the errand's ages where it is asked for; 0 to 10. On a day of weight
    1."""
    hours: tuple[float, ...]
    """Weight of each hour of the day, from 0-1 to 23-24: 24 numbers from 0, not all 0. Turkish time."""
    week: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    """Weight of each day, Monday to Sunday, 0 to 10; `per_person` is multiplied by it."""

    def __post_init__(self) -> None:
        """Refuse what is no day or week."""
        problems = list(self._out_of_range())
        if problems:
            raise ValueError("; ".join(problems))

    def _out_of_range(self) -> Iterator[str]:
        if not 0 <= self.per_person <= 10:
            yield f"per_person = {self.per_person!r} is outside 0 to 10"
        yield from hours_problem("hours", self.hours)
        yield from week_problem("week", self.week)


def hours_from(first: int, *weights: int) -> tuple[float, ...]:
    """Weights from hour `first` on, none in all other hours."""
    return (0.0,) * first + tuple(map(float, weights)) + (0.0,) * (24 - first - len(weights))


def hours_problem(name: str, hours: tuple[float, ...]) -> Iterator[str]:
    """What is wrong with the weights of a day's hours, in a sentence that begins with their name."""
    if len(hours) != 24 or not all(0 <= weight <= 1e6 for weight in hours) or not fsum(hours):
        yield f"{name} = {hours!r} must be 24 weights from 0 to 1,000,000, one for each hour, and not all 0"


def week_problem(name: str, week: tuple[float, ...]) -> Iterator[str]:
    """What is wrong with the weights of a week's days, in a sentence that begins with their name."""
    if len(week) != 7 or not all(0 <= weight <= 10 for weight in week):
        yield f"{name} = {week!r} must be seven weights from 0 to 10, Monday to Sunday"
