"""The ministry's rules as data: one row for each regulation, with its day and where it is told.

A day counts from the positive sample or the last contact, which is day 0, in the Turkish calendar. A regulation says
everything; what a later text left as it was is said again. Lengths are those of the product's fact sheet; the days of
2020-12-07 and 2022-01-05, and the three months of a booster, come from the announcements named in the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

IMMUNITY_DAYS = 180
"""COVID-19 "in the last six months", in days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long an isolation lasts, in days after day 0, and how a negative PCR shortens it."""

    days: int
    test_from_day: int | None = None
    """First day on which a negative sample counts; None: no test shortens the isolation."""
    ends_from_day: int = 0
    """The day with which it ends at the earliest, however early the sample."""
    symptom_free_days: int = 0
    """Days without symptoms before the sample, to which a clinical note of the episode must testify."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Whom a contact does not make risky at once: by a vaccine, or by a disease overcome."""

    doses: int
    """The dose that protects, or any later one …"""
    dose_after_days: int = 0
    """… from so many days after it …"""
    dose_lasts_days: int | None = None
    """… until so many days after it; None: for good."""
    disease_days: int
    """Days for which a positive PCR before the contact protects."""
    test_day: int | None = None
    """The day on which a PCR is asked for: without a negative one the contact is risky from the next day on.
    None: no test is asked for, and a contact means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """One state of the ministry's rules; it governs the isolations that begin while it is in force."""

    name: str
    in_force_from: date
    positive: Term | None = None
    """None: a positive test isolates nobody."""
    severe: Term | None = None
    """For intensive care and the immunosuppressed; None: as `positive`."""
    variant: Term | None = None
    """For variants of concern; None: as `positive`."""
    exempted: Term | None = None
    """For the exempted contact whose test on the day asked for is positive; None: as `positive`."""
    contact: Term | None = None
    """None: a contact isolates nobody."""
    exemption: Exemption | None = None
    source: str


_OF_JUNE_2021 = Regulation(
    name="2021-06-03",
    in_force_from=date(2021, 6, 3),
    positive=Term(days=14, test_from_day=10, symptom_free_days=3),
    severe=Term(days=20),
    variant=Term(days=20, test_from_day=14),
    contact=Term(days=14, test_from_day=10),
    source="Guide to contact tracing, update announced on 28 May and applied from 3 June 2021",
)

REGULATIONS = (
    Regulation(
        name="2020-03-11",
        in_force_from=date(2020, 3, 11),
        positive=Term(days=14),
        contact=Term(days=14),
        source="Guide to contact tracing, first editions; in force since the country's first case",
    ),
    Regulation(
        name="2020-12-07",
        in_force_from=date(2020, 12, 7),
        positive=Term(days=14),
        contact=Term(days=10, test_from_day=5, ends_from_day=7),
        source="Guide, update of 7 December 2020; Hürriyet Daily News and Duvar, 8 December 2020",
    ),
    _OF_JUNE_2021,
    replace(
        _OF_JUNE_2021,
        name="2021-09-17",
        in_force_from=date(2021, 9, 17),
        exempted=Term(days=9),
        exemption=Exemption(doses=2, dose_after_days=14, disease_days=IMMUNITY_DAYS, test_day=5),
        source="Guide, update reported on 17 and 18 September 2021",
    ),
    Regulation(
        name="2022-01-05",
        in_force_from=date(2022, 1, 5),
        positive=Term(days=7, test_from_day=5),
        severe=Term(days=20),
        contact=Term(days=7, test_from_day=5),
        exemption=Exemption(doses=3, dose_lasts_days=90, disease_days=90),
        source="Statement after the Science Board's meeting of 5 January 2022",
    ),
    Regulation(
        name="2022-03-02",
        in_force_from=date(2022, 3, 2),
        source="Statement after the Science Board's meeting of 2 March 2022: no institution may ask for a code",
    ),
)
"""The ministry's rules, in the order of their days."""

NO_REGULATION = Regulation(name="none", in_force_from=date.min, source="before the first regulation")


def in_force(day: date, regulations: Sequence[Regulation] = REGULATIONS) -> Regulation:
    """The regulation of a Turkish day; `regulations` come in the order of their days."""
    return next((row for row in reversed(regulations) if row.in_force_from <= day), NO_REGULATION)
