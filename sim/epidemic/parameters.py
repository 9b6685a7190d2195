"""How an infection passes and runs its course: one frozen value, each field with unit, range and source."""

from dataclasses import dataclass

_RANGES = {
    "household_transmission": (0.0, 1.0),
    "work_transmission": (0.0, 1.0),
    "work_contacts": (0, 1_000),
    "school_transmission": (0.0, 1.0),
    "school_contacts": (0, 1_000),
    "community_transmission": (0.0, 1.0),
    "community_contacts": (0, 1_000),
    "travel_share": (0.0, 1.0),
    "incubation_mean_days": (1.0, 30.0),
    "incubation_stages": (1, 30),
    "presymptomatic_days": (0, 29),
    "infectious_mean_days": (1.0, 60.0),
    "infectious_stages": (1, 60),
    "asymptomatic_share": (0.0, 1.0),
    "asymptomatic_infectiousness": (0.0, 1.0),
    "initial_infected_share": (0.0, 1.0),
    "imported_per_100k_per_day": (0.0, 100_000.0),
    "immune_share": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EpidemicParameters:
    """The four layers in which people meet, the course of an infection, and how the outbreak starts.

    A transmission is the chance that one contact on one day passes the infection on, from somebody who has or
    will have symptoms; 0 switches its layer off. A stay of `mean` days in `stages` goes through that many
    stages, each left on any day with the chance stages / mean: `stages` days at least, and exactly so many if
    the mean is as large; the variance is mean^2 / stages - mean.

    The defaults give a reproduction number of about 1.3 in the default town, a time of slow growth under
    measures. Raises `ValueError` that names every field out of its range, all at once.
    """

    household_transmission: float = 0.027
    """Chance a day, for each infectious member of the household and each susceptible one, 0 to 1. Chosen so
    that an infected person passes it on to 16.6 % of the members: Z. J. Madewell et al., JAMA Netw Open 3
    (2020), e2031756."""

    work_transmission: float = 0.014
    """Chance per contact with an infectious colleague, 0 to 1. Chosen here."""

    work_contacts: int = 5
    """Colleagues, out of the whole workplace, met in a day; 0 to 1,000. Every day is a working day: weekends
    are not modelled. Chosen here."""

    school_transmission: float = 0.007
    """Chance per contact with an infectious pupil of the same school, 0 to 1. Chosen here, half of an
    adult's."""

    school_contacts: int = 8
    """Pupils of the whole school met in a day, 0 to 1,000. Chosen here."""

    community_transmission: float = 0.014
    """Chance per contact with an infectious person anywhere else, 0 to 1. Chosen here."""

    community_contacts: int = 8
    """People of the province met in a day in shops, buses and visits, 0 to 1,000. Chosen here."""

    travel_share: float = 0.02
    """Share of the community's transmission that comes from the country as a whole instead of the home
    province, 0 to 1. Chosen here."""

    incubation_mean_days: float = 5.5
    """Days from infection to symptoms, mean, 1 to 30. S. A. Lauer et al., Ann Intern Med 172 (2020), 577:
    mean 5.5, median 5.1, 97.5 % within 11.5 days."""

    incubation_stages: int = 3
    """Stages of the incubation, 1 to 30, more than `presymptomatic_days`. Three give a standard deviation of
    2.1 days; Lauer et al. have 2.4."""

    presymptomatic_days: int = 2
    """Days for which a person is infectious before the symptoms, 0 to 29. X. He et al., Nat Med 26 (2020),
    672: from 2.3 days before."""

    infectious_mean_days: float = 8.0
    """Days for which a person is infectious, mean, 1 to 60, those before symptoms included. Chosen here, of
    the order of He et al. (infectiousness declines within 7 days of the symptoms)."""

    infectious_stages: int = 4
    """Stages of the infectious time, 1 to 60, more than `presymptomatic_days`. Chosen here."""

    asymptomatic_share: float = 0.3
    """Share of the infected who never have symptoms, 0 to 1. Chosen here, within the range of D.
    Buitrago-Garcia et al., PLoS Med 17 (2020), e1003346."""

    asymptomatic_infectiousness: float = 0.5
    """Transmission from them as a part of that from others, 0 to 1, to 1/1024. Chosen here, ibidem."""

    initial_infected_share: float = 0.005
    """Share of people infected on day 0, 0 to 1. Chosen here; let some days pass before those that count,
    since these infections all begin on one day."""

    imported_per_100k_per_day: float = 1.0
    """Infections brought in from outside the model, per 100,000 susceptible people and day. Chosen here."""

    immune_share: float = 0.15
    """Share of people whom the infection cannot reach from the start, by an earlier infection or a vaccine, 0
    to 1. Chosen here, for early 2021."""

    def __post_init__(self) -> None:
        """Refuse what is out of range or contradicts itself."""
        problems = [
            f"{name} = {getattr(self, name)!r} is outside {low} to {high}"
            for name, (low, high) in _RANGES.items()
            if not low <= getattr(self, name) <= high
        ]
        for name in ("incubation", "infectious"):
            stages, mean = getattr(self, f"{name}_stages"), getattr(self, f"{name}_mean_days")
            if mean < stages:
                problems.append(f"{name}_mean_days = {mean} must be at least {name}_stages = {stages}")
            if stages <= self.presymptomatic_days:
                before = self.presymptomatic_days
                problems.append(f"{name}_stages = {stages} must exceed presymptomatic_days = {before}")
        if problems:
            raise ValueError("; ".join(problems))
