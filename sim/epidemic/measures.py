"""What people do about it: calendar, dated contacts, isolation, and doors that ask; one frozen value."""

from dataclasses import dataclass
from datetime import date

from mockgov.vocabulary.obligation import ABOLISHED, Obligation
from sim.epidemic.ranges import misdated, outside

Dated = tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """How many of the untroubled contacts outside the household take place, by date and by person.

    A dated table holds from each of its dates on, and its first row before that. Levels are chosen here unless
    said otherwise; dates are those of the country's own rules. Raises `ValueError` that names every field out of
    its range, all at once.
    """

    waves: Dated = (
        (date(2020, 1, 1), 1.0),
        (date(2020, 3, 16), 0.7),
        (date(2020, 4, 1), 0.38),
        (date(2020, 5, 1), 0.22),
        (date(2020, 6, 1), 0.5),
        (date(2020, 7, 1), 0.38),
        (date(2020, 8, 1), 0.56),
        (date(2020, 9, 1), 0.5),
        (date(2020, 11, 1), 0.6),
        (date(2020, 12, 1), 0.32),
        (date(2021, 2, 1), 0.48),
        (date(2021, 3, 1), 0.5),
        (date(2021, 4, 1), 0.45),
        (date(2021, 4, 29), 0.12),
        (date(2021, 5, 17), 0.3),
        (date(2021, 6, 1), 0.46),
        (date(2021, 8, 1), 0.5),
        (date(2021, 9, 1), 0.34),
        (date(2021, 12, 1), 0.3),
        (date(2022, 1, 1), 0.55),
        (date(2022, 2, 1), 0.3),
        (date(2022, 3, 1), 0.2),
    )
    """Contacts outside the household as a part of the untroubled ones, 0 to 1. Set here, month by month and roughly, so
    that a million and a half people have some 2.5 infections for each case that the ministry published; what the
    months before 2020-12 had is guessed from deaths. All months were looked at, so a run with these levels foretells
    nothing: `scenarios/calibration.toml` has its own, which were fitted to June 2021 and held against what followed.
    To be fitted anew with whatever else is changed: levels belong to imports, immunity and testing as they are set."""

    schools: Dated = (
        (date(2020, 1, 1), 1.0),
        (date(2020, 3, 16), 0.0),
        (date(2020, 9, 21), 0.2),
        (date(2020, 10, 12), 0.4),
        (date(2020, 11, 20), 0.0),
        (date(2021, 3, 2), 0.5),
        (date(2021, 4, 15), 0.2),
        (date(2021, 4, 29), 0.0),
        (date(2021, 6, 1), 0.4),
        (date(2021, 7, 2), 0.0),
        (date(2021, 9, 6), 1.0),
        (date(2022, 1, 24), 0.0),
        (date(2022, 2, 7), 1.0),
        (date(2022, 6, 17), 0.0),
        (date(2022, 9, 12), 1.0),
    )
    """Contacts at school besides `waves`, 0 to 1: terms, holidays and closures. Dates as far as they are known
    here, levels chosen."""

    work_weekend: float = 0.25
    """Contacts at work on a Saturday, Sunday or public holiday, as a part of a working day's, 0 to 1; schools are
    shut then."""

    transport_weekend: float = 0.4
    """The same of fellow commuters."""

    seasonality: float = 0.1
    """Amplitude of the year's cosine on transmission outside the household, 0 to 1."""

    seasonal_peak: int = 15
    """Day of the year with the most transmission, 1 to 366."""

    borders: Dated = ((date(2020, 1, 1), 1.0),)
    """Imported infections as a part of `imported_per_100k_per_day`, 0 to 1."""

    ill_at_home_share: float = 0.4
    """Share of contacts outside the household that people with symptoms give up by themselves, 0 to 1."""

    isolation_kept: float = 0.6
    """Share of their contacts outside the household that people whom the ministry holds to be risky give up by
    themselves, because they were told to isolate, 0 to 1. It is there without any code asked at a door. The queries of
    a day have their own shares, `demand.risky_stays_away` and `demand.risky_stays_from_work`: of people who turn up at
    no door that asks. Neither follows the other; whoever changes one in a scenario should think of both."""

    doors: tuple[tuple[date, float, float, float, float, float], ...] = (
        (date(2020, 1, 1), 0.0, 0.0, 0.0, 0.0, 0.0),
        (Obligation.TRAIN.since, 0.0, 0.0, 0.0, 0.0, 0.7),
        (Obligation.STAFF.since, 0.4, 0.0, 0.0, 0.0, 0.8),
        (Obligation.MALL.since, 0.5, 0.0, 0.0, 0.8, 0.8),
        (Obligation.CITY_CARD.since, 0.5, 0.0, 0.5, 0.8, 0.8),
        (Obligation.SCHOOL.since, 0.6, 0.3, 0.5, 0.8, 0.9),
        (ABOLISHED, 0.0, 0.0, 0.0, 0.0, 0.0),
    )
    """From each date on, how far the rule that stops a risky code is kept at work, at school, in commuters' buses
    and trains, in malls and whatever else is behind doors there, and in travel between cities, each 0 to 1. The dates
    are those of the first obligation of each kind: trains, staff, malls, city cards, pupils (whose schools learn of it
    by the education ministry's own access), and all are over when the codes are abolished. Doors of shops, offices,
    hotels, guests and examinations that asked before malls did, and campuses after, open no row of their own; the rule
    of the negative test changes nothing but the levels of 2021-09-06. Whether a code is risky is taken from the
    evening before, by the hour of noon: what the ministry learns in the course of a day shuts doors on the next one."""

    mall_share: float = 0.4
    """Share of the contacts in district and province that are behind a door that asks, 0 to 1."""

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        kept = ("work_weekend", "transport_weekend", "seasonality", "ill_at_home_share", "isolation_kept", "mall_share")
        problems = outside(self, dict.fromkeys(kept, (0.0, 1.0)) | {"seasonal_peak": (1, 366)})
        for name in ("waves", "schools", "borders", "doors"):
            problems += misdated(name, getattr(self, name), 1.0)
        if problems:
            raise ValueError("; ".join(problems))
