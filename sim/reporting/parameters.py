"""How the ministry comes to know of infections: one frozen value, each field with unit, range and source."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

_RANGES = {
    "sample_mean_days": (0.01, 10.0),
    "false_positive_share": (0.0, 1.0),
    "opening_hour": (0, 23),
    "closing_hour": (1, 24),
    "laboratory_mean_hours": (0.1, 120.0),
    "upload_every_hours": (1, 24),
    "household_named_share": (0.0, 1.0),
    "work_contacts": (0, 100),
    "work_named_share": (0.0, 1.0),
    "tracing_mean_hours": (0.1, 120.0),
    "tracing_capacity": (0.0, 100_000.0),
    "tracing_gives_up_days": (0, 30),
    "delay_cv2": (0.0, 4.0),
    "contact_tested_share": (0.0, 1.0),
    "positive_rest_days": (30, 365),
    "isolation_days": (0, 21),
    "quarantine_days": (0, 21),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingParameters:
    """Testing, laboratories and contact tracing, as far as the ministry's records go.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    tested: tuple[tuple[date, float], ...] = ((date(2020, 3, 11), 0.6),)
    """Share of those with symptoms who give a sample because of them, 0 to 1, by the day of the first symptoms: each
    share holds from its date on, the first one before it too. Chosen here."""

    sample_mean_days: float = 2.0
    """Days from the first symptoms to the sample, mean of a log-normal, 0.01 to 10. Chosen here."""

    sensitivity: tuple[float, ...] = (
        *(0.0, 0.0, 0.05, 0.13, 0.33, 0.62, 0.74, 0.78, 0.80, 0.79, 0.77),
        *(0.74, 0.70, 0.66, 0.61, 0.56, 0.50, 0.45, 0.41, 0.37, 0.34, 0.34),
    )
    """Chance that a sample is found positive 0, 1, 2, … days after the infection, each 0 to 1; after the last it is
    `false_positive_share`. L. M. Kucirka et al., Ann Intern Med 173 (2020), 262: 0 on day 1, 33 % on day 4, 62 % on
    day 5, 80 % on day 8, 34 % on day 21; the days in between are read off here."""

    false_positive_share: float = 0.0005
    """Chance that the sample of somebody who is not infected is found positive, 0 to 1. Chosen here."""

    opening_hour: int = 8
    """Hour of the Turkish day at which sampling begins, 0 to 23. Samples are dated to the full hour. Chosen here."""

    closing_hour: int = 20
    """Hour at which it ends, above `opening_hour`, to 24. Chosen here."""

    laboratory_mean_hours: float = 16.0
    """Hours from the sample to the result, mean of a log-normal, 0.1 to 120. Chosen here."""

    upload_every_hours: int = 1
    """Hours between two uploads to the ministry, counted from midnight; 1 to 24, a divisor of 24. Chosen here."""

    household_named_share: float = 0.9
    """Share of a case's household that is recorded as contacts, 0 to 1. Chosen here."""

    work_contacts: int = 4
    """Colleagues, or fellow pupils, with whom a case was in contact on the day before the sample, 0 to 100. Chosen
    here: with the household, about the 4.5 contacts per confirmed case of spring 2020."""

    work_named_share: float = 0.5
    """Share of them who are recorded as contacts, 0 to 1. Chosen here."""

    tracing_mean_hours: float = 10.0
    """Hours from the moment at which a team takes up a case to the records of its contacts, mean of a log-normal, 0.1
    to 120. Chosen here."""

    tracing_capacity: float = 60.0
    """Cases that the teams of a province take up, per 100,000 people and day, 0 to 100,000; the others wait, the first
    filed being the first taken up. Chosen here, of the order of April 2021, which had 60 (country facts)."""

    tracing_gives_up_days: int = 3
    """Days for which a case waits for a team; after them it is not traced; 0 to 30. Chosen here."""

    delay_cv2: float = 0.5
    """Squared coefficient of variation of these three delays, 0 (each as long as its mean) to 4. Chosen here."""

    contact_tested_share: float = 0.6
    """Share of recorded contacts who give a sample on the day on which the rules ask for it, or on the day after
    they are told, if that is later; 0 to 1. Chosen here."""

    screened: tuple[tuple[date, float], ...] = (
        (date(2020, 3, 11), 10.0),
        (date(2020, 6, 1), 50.0),
        (date(2020, 9, 1), 100.0),
        (date(2021, 4, 1), 200.0),
    )
    """Samples without a reason in the disease (before a journey, an operation, at work) per 100,000 people and day, 0
    to 100,000, each from its date on, the first one before it too. Chosen here, of the order of half of all tests:
    424 a day in October 2021 (country facts)."""

    positive_rest_days: int = 30
    """Days after a positive sample for which a person gives no other, 30 to 365. Chosen here."""

    isolation_days: int = 0
    """Days that a case is isolated, 1 to 21, instead of what the regulation of the day says; 0: as it says."""

    quarantine_days: int = 0
    """Days that a contact is isolated, 1 to 21, instead of what the regulation of the day says; 0: as it says."""

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
        problems += [*_dated("tested", self.tested, 1.0), *_dated("screened", self.screened, 100_000.0)]
        problems += [
            f"sensitivity has {share!r} in place {place}, which is outside 0 to 1"
            for place, share in enumerate(self.sensitivity, 1)
            if not 0.0 <= share <= 1.0
        ]
        if not self.sensitivity:
            problems.append("sensitivity must have one share at least")
        if self.opening_hour >= self.closing_hour:
            problems.append(f"closing_hour = {self.closing_hour} must be above opening_hour = {self.opening_hour}")
        if self.upload_every_hours >= 1 and 24 % self.upload_every_hours:
            problems.append(f"upload_every_hours = {self.upload_every_hours} must be a divisor of 24")
        if problems:
            raise ValueError("; ".join(problems))


def _dated(name: str, values: tuple[tuple[date, float], ...], highest: float) -> list[str]:
    """What is wrong with values that hold from their dates on."""
    problems = [
        f"{name} has {value!r} in row {row}, from {day} on, which is outside 0 to {highest}"
        for row, (day, value) in enumerate(values, 1)
        if not 0.0 <= value <= highest
    ]
    problems += [
        f"{name} has {late} in row {row}, which is not after {early}: dates must be in ascending order, each once"
        for row, ((early, _), (late, _)) in enumerate(pairwise(values), 2)
        if early >= late
    ]
    return problems if values else [f"{name} must have one date at least"]
