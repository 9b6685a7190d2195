"""How the ministry comes to know of infections: one frozen value, each field with unit, range and source."""

from dataclasses import dataclass, field
from datetime import date

_RANGES = {
    "symptomatic_tested_share": (0.0, 1.0),
    "sample_mean_days": (0.01, 30.0),
    "false_positive_share": (0.0, 1.0),
    "opening_hour": (0, 23),
    "closing_hour": (1, 24),
    "laboratory_mean_hours": (0.1, 240.0),
    "uploads_per_hour": (1, 60),
    "household_named_share": (0.0, 1.0),
    "work_contacts": (0, 100),
    "work_named_share": (0.0, 1.0),
    "tracing_mean_hours": (0.1, 240.0),
    "delay_cv2": (0.0, 4.0),
    "contact_tested_share": (0.0, 1.0),
    "screened_per_100k_per_day": (0.0, 100_000.0),
    "positive_rest_days": (0, 365),
    "second_dose_days": (1, 365),
    "third_dose_days": (1, 1_000),
}
_CAMPAIGN_SHARES = ("first", "second", "third")


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """How far an age group is vaccinated in the end. First doses are given evenly between two dates.

    Raises `ValueError` that names every field that is out of range, all at once.
    """

    begins: date
    """First day of first doses."""
    ends: date
    """Last day of first doses."""
    first: float
    """Share of the group that has a first dose by then, 0 to 1."""
    second: float
    """Share that will have a second one, 0 to `first`."""
    third: float
    """Share that will have a booster, 0 to `second`."""

    def __post_init__(self) -> None:
        """Refuse shares that are none, and a dose before the one it builds on."""
        problems = [
            f"{name} = {getattr(self, name)!r} is outside 0 to {high}"
            for name, high in zip(_CAMPAIGN_SHARES, (1.0, self.first, self.second), strict=True)
            if not 0.0 <= getattr(self, name) <= high
        ]
        if self.ends < self.begins:
            problems.append(f"ends = {self.ends} lies before begins = {self.begins}")
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingParameters:
    """Testing, laboratories, contact tracing and vaccination, as far as the ministry's records go.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    symptomatic_tested_share: float = 0.6
    """Share of those with symptoms who give a sample because of them, 0 to 1. Chosen here."""

    sample_mean_days: float = 2.0
    """Days from the first symptoms to the sample, mean of a log-normal, 0.01 to 30. Chosen here."""

    sensitivity: tuple[float, ...] = (
        *(0.0, 0.0, 0.05, 0.13, 0.33, 0.62, 0.74, 0.78, 0.80, 0.79, 0.77),
        *(0.74, 0.70, 0.66, 0.61, 0.56, 0.50, 0.45, 0.41, 0.37, 0.34, 0.34),
    )
    """Chance that a sample is found positive 0, 1, 2, … days after the infection, each 0 to 1; 0 after the last. L.
    M. Kucirka et al., Ann Intern Med 173 (2020), 262: 0 on day 1, 33 % on day 4, 62 % on day 5, 80 % on day 8,
    34 % on day 21; the days in between are read off here."""

    false_positive_share: float = 0.0005
    """Chance that the sample of somebody who is not infected is found positive, 0 to 1. Chosen here."""

    opening_hour: int = 8
    """Hour of the Turkish day at which sampling begins, 0 to 23. Samples are dated to the full hour. Chosen here."""

    closing_hour: int = 20
    """Hour at which it ends, above `opening_hour`, to 24. Chosen here."""

    laboratory_mean_hours: float = 16.0
    """Hours from the sample to the result, mean of a log-normal, 0.1 to 240. Chosen here."""

    uploads_per_hour: int = 1
    """Batches of records that reach the ministry in an hour, at even distances from the full hour on; 1 to 60, a
    divisor of 60. Chosen here."""

    household_named_share: float = 0.9
    """Share of a case's household that is recorded as contacts, 0 to 1. Chosen here."""

    work_contacts: int = 4
    """Colleagues with whom a case was in contact on the day before the sample, 0 to 100. Chosen here: with the
    household, about the 4.5 contacts per confirmed case of spring 2020."""

    work_named_share: float = 0.5
    """Share of them who are recorded as contacts, 0 to 1. Chosen here."""

    tracing_mean_hours: float = 10.0
    """Hours from a case's record to those of its contacts, mean of a log-normal, 0.1 to 240. Chosen here."""

    delay_cv2: float = 0.5
    """Squared coefficient of variation of these three delays, 0 (each as long as its mean) to 4. Chosen here."""

    contact_tested_share: float = 0.6
    """Share of recorded contacts who give a sample on the day on which the rules ask for it, or on the day after
    they are told, if that is later; 0 to 1. Chosen here."""

    screened_per_100k_per_day: float = 200.0
    """Samples without a reason in the disease (before a journey, an operation, at work) per 100,000 people and
    day, 0 to 100,000. Chosen here, of the order of the 424 tests of all kinds in October 2021 (country facts)."""

    positive_rest_days: int = 30
    """Days after a positive sample for which a person gives no other, 0 to 365. Chosen here."""

    second_dose_days: int = 28
    """Days from the first to the second dose, 1 to 365: the interval of CoronaVac in Turkey in spring 2021."""

    third_dose_days: int = 150
    """Days from the second dose to a booster, 1 to 1,000; none before `third_doses_from`. Chosen here."""

    third_doses_from: date = date(2021, 7, 1)
    """First day of boosters: the ministry's announcement of that week."""

    elderly: Campaign = field(
        default_factory=lambda: Campaign(
            begins=date(2021, 2, 11), ends=date(2021, 5, 31), first=0.92, second=0.88, third=0.65
        )
    )
    """People aged 65 or over. This and the next three: turns by age as announced, shares chosen here, of the order
    of the ministry's published totals of October 2021 (88 % of adults once, 76 % twice)."""

    older: Campaign = field(
        default_factory=lambda: Campaign(
            begins=date(2021, 4, 1), ends=date(2021, 7, 15), first=0.92, second=0.85, third=0.35
        )
    )
    """People aged 50 to 64."""

    adults: Campaign = field(
        default_factory=lambda: Campaign(
            begins=date(2021, 6, 4), ends=date(2021, 9, 30), first=0.86, second=0.74, third=0.15
        )
    )
    """People aged 18 to 49."""

    adolescents: Campaign = field(
        default_factory=lambda: Campaign(
            begins=date(2021, 8, 18), ends=date(2021, 12, 31), first=0.45, second=0.35, third=0.0
        )
    )
    """People aged 12 to 17; younger children are not vaccinated."""

    @property
    def hours_open(self) -> int:
        """Hours of a day in which samples are taken and doses given."""
        return self.closing_hour - self.opening_hour

    def __post_init__(self) -> None:
        """Refuse what is out of range or contradicts itself."""
        problems = [
            f"{name} = {getattr(self, name)!r} is outside {low} to {high}"
            for name, (low, high) in _RANGES.items()
            if not low <= getattr(self, name) <= high
        ]
        if not self.sensitivity or not all(0.0 <= share <= 1.0 for share in self.sensitivity):
            problems.append("sensitivity must be shares from 0 to 1, one at least")
        if self.opening_hour >= self.closing_hour:
            problems.append(f"closing_hour = {self.closing_hour} must be above opening_hour = {self.opening_hour}")
        if self.uploads_per_hour >= 1 and 60 % self.uploads_per_hour:
            problems.append(f"uploads_per_hour = {self.uploads_per_hour} must be a divisor of 60")
        if problems:
            raise ValueError("; ".join(problems))
