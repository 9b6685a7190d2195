"""How people come by their codes: by which way, for how long, at which hours. One frozen value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sim.demand.habit import hours_from, hours_problem

Lives = tuple[tuple[int, float], ...]
"""Days for which a code is made, each with its weight; 0 days: without end."""
LIVES_AT_MOST = 8
EARLIEST, LATEST = date(2020, 1, 1), date(2079, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class MakingParameters:
    """Who makes codes where, how long they last, and when.

    Whoever uses the application makes them there. Nobody published how many codes were made, by which way or for how
    long: all is chosen here unless a source stands beside it. Raises `ValueError` that names every field out of its
    range, all at once.
    """

    app_from: date = date(2020, 5, 20)
    """First day of codes from the application. From the facts: the application began to give codes on that day."""
    sms_from: date = date(2020, 5, 20)
    """First day of texts to 2023. Chosen here: the application's; the facts have no day for it."""
    edevlet_from: date = date(2020, 5, 20)
    """First day of codes from e-Devlet. Chosen here: the application's; the facts have no day for it."""
    first_days: int = 365
    """Days from a way's first one within which people make their first code, all equally likely; 1 to 1,000.
    Chosen here."""
    youngest: int = 6
    """Years of age from which people have codes, 0 to 100. Chosen here: nobody under 6 is asked anywhere."""
    sms_share: float = 0.5
    """Share of people from 20 years with a phone and without the application who text 2023, 0 to 1; the others go to
    e-Devlet. Chosen here."""
    household_share: float = 0.6
    """Share of people from 20 years without a phone for whom the head of the household texts 2023, 0 to 1; the others
    go to e-Devlet. Chosen here."""

    app_lives: Lives = ((30, 1.0), (90, 2.0), (180, 2.0), (365, 2.0), (0, 5.0))
    """How long codes from the application last: pairs of days, 2 to 900, or 0 for a code without end, and a weight;
    1 to 8 of them. Each person keeps to one. From the facts: a chosen period, or none; the weights are chosen here."""
    sms_lives: Lives = ((30, 1.0), (180, 1.0), (365, 6.0), (0, 4.0))
    """The same for texts to 2023. From the facts: any number of days, a year if none is said, or `süresiz`."""
    edevlet_lives: Lives = ((30, 1.0), (90, 1.0), (180, 1.0), (365, 2.0), (0, 7.0))
    """The same for e-Devlet. From the facts: up to a chosen day, or `süresiz`."""

    app_hours: tuple[float, ...] = hours_from(6, 2, 6, 9, 8, 7, 6, 7, 6, 6, 6, 6, 7, 8, 8, 8, 7, 5, 2)
    """Weight of each hour of the day for the application, from 0-1 to 23-24: 24 numbers from 0, not all 0."""
    sms_hours: tuple[float, ...] = hours_from(7, 3, 7, 9, 9, 8, 7, 6, 6, 6, 6, 6, 6, 5, 4, 3, 1)
    """The same for texts to 2023."""
    edevlet_hours: tuple[float, ...] = hours_from(8, 5, 9, 10, 9, 6, 8, 8, 7, 5, 5, 6, 7, 7, 6, 2)
    """The same for e-Devlet."""

    def __post_init__(self) -> None:
        """Refuse what no country could do, all at once."""
        if problems := list(self._out_of_range()):
            raise ValueError("; ".join(problems))

    @property
    def ways(self) -> tuple[tuple[date, Lives, tuple[float, ...]], ...]:
        """First day, lives and hours of application, texts and e-Devlet, in this order."""
        return (
            (self.app_from, self.app_lives, self.app_hours),
            (self.sms_from, self.sms_lives, self.sms_hours),
            (self.edevlet_from, self.edevlet_lives, self.edevlet_hours),
        )

    def _out_of_range(self) -> Iterator[str]:
        for name, low, high in (
            ("first_days", 1, 1_000),
            ("youngest", 0, 100),
            ("sms_share", 0, 1),
            ("household_share", 0, 1),
        ):
            if not low <= (value := getattr(self, name)) <= high:
                yield f"{name} = {value!r} is outside {low} to {high}"
        for way in ("app", "sms", "edevlet"):
            if not EARLIEST <= (since := getattr(self, f"{way}_from")) <= LATEST:
                yield f"{way}_from = {since} is outside {EARLIEST} to {LATEST}"
            lives: Lives = getattr(self, f"{way}_lives")
            fit = all((days == 0 or 2 <= days <= 900) and 0 <= weight <= 1e6 for days, weight in lives)
            if not fit or not 1 <= len(lives) <= LIVES_AT_MOST or not sum(weight for _, weight in lives) > 0:
                yield (
                    f"{way}_lives = {lives!r} must be 1 to {LIVES_AT_MOST} pairs of days, 2 to 900 or 0 for no end, "
                    "and a weight from 0, not all 0"
                )
            yield from hours_problem(f"{way}_hours", getattr(self, f"{way}_hours"))
