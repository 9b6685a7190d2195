"""How an infection passes and runs its course: one frozen value, each field with unit, range and source."""

from dataclasses import dataclass, field

from sim.epidemic.biology import Illness, Immunity, Variants
from sim.epidemic.measures import Measures
from sim.epidemic.ranges import outside

EFFECTIVE_CONTACTS = 50.0
"""Most effective contacts a day in a layer: transmission times contacts times the strongest variant's factor."""

_RANGES = {
    "household_transmission": (0.0, 1.0),
    "work_transmission": (0.0, 1.0),
    "work_contacts": (0, 1_000),
    "school_transmission": (0.0, 1.0),
    "school_contacts": (0, 1_000),
    "transport_transmission": (0.0, 1.0),
    "transport_contacts": (0, 1_000),
    "community_transmission": (0.0, 1.0),
    "community_contacts": (0, 1_000),
    "province_share": (0.0, 1.0),
    "travel_share": (0.0, 1.0),
    "dispersion": (0.0, 100.0),
    "incubation_mean_days": (1.0, 20.0),
    "incubation_stages": (1, 20),
    "presymptomatic_days": (0, 19),
    "infectious_mean_days": (1.0, 30.0),
    "infectious_stages": (1, 30),
    "asymptomatic_infectiousness": (0.0, 1.0),
    "initial_infected_share": (0.0, 1.0),
    "initial_days": (1, 60),
    "past_infected_share": (0.0, 1.0),
    "past_from_days": (2, 1_000),
    "past_until_days": (1, 999),
    "imported_per_100k_per_day": (0.0, 1_000.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EpidemicParameters:
    """The layers in which people meet, the course of an infection, and how the epidemic stands on day 0.

    A transmission is the chance that one contact on one day passes the wild type on, from somebody who has or
    will have symptoms, to a fully susceptible adult; 0 switches its layer off. Contacts are those of a working
    day without an epidemic; `measures` says how many of them there are on a day. A group with fewer others than
    contacts is met once each.

    A stay of `mean` days in `stages` goes through that many stages, each left on any day with the chance
    stages / mean: `stages` days at least, and exactly so many if the mean is as large; the variance is mean^2 /
    stages - mean.

    The defaults give a reproduction number of about 1.2 in the default town in March 2021, under the measures of
    the time and if half of those with symptoms come to be held risky; of 2.8 without an epidemic or any
    measure. Raises `ValueError` that names every field out of its range, all at once.
    """

    household_transmission: float = 0.027
    """Chance a day, for each infectious member of the household and each susceptible one, 0 to 1. Chosen so
    that the infected, 30 % of them without symptoms, pass it on to 16.6 % of the members: Z. J. Madewell et al.,
    JAMA Netw Open 3 (2020), e2031756."""

    work_transmission: float = 0.035
    """Chance per contact with an infectious colleague, 0 to 1. Chosen here."""

    work_contacts: int = 8
    """Colleagues of the same workplace met on a working day, 0 to 1,000. Chosen here."""

    school_transmission: float = 0.028
    """Chance per contact with an infectious pupil of the same school, 0 to 1. Chosen here."""

    school_contacts: int = 10
    """Pupils of the same school met on a school day, 0 to 1,000. Chosen here."""

    transport_transmission: float = 0.014
    """Chance per contact with an infectious fellow commuter, 0 to 1. Chosen here."""

    transport_contacts: int = 5
    """People with a workplace or school in the same district met on the way, 0 to 1,000. Chosen here."""

    community_transmission: float = 0.035
    """Chance per contact with an infectious person anywhere else, 0 to 1. Chosen here."""

    community_contacts: int = 8
    """People met in a day in shops, offices and visits, 0 to 1,000. Chosen here."""

    province_share: float = 0.15
    """Share of them who live anywhere in the home province, instead of the home district, 0 to 1. Chosen here."""

    travel_share: float = 0.02
    """Share of them who live anywhere in the country, 0 to 1; with `province_share` at most 1. Chosen here."""

    dispersion: float = 0.4
    """Shape of the gamma distribution of people's infectiousness outside the household, 0.1 to 100: the smaller,
    the more unequal; 0 for all alike. It is cut into 16 equally likely classes. Chosen here; A. Endo et al., Wellcome
    Open Res 5 (2020), 67, have 0.1 for the number of people infected, which chance makes more unequal still."""

    incubation_mean_days: float = 5.5
    """Days from infection to symptoms, mean, 1 to 20. S. A. Lauer et al., Ann Intern Med 172 (2020), 577:
    mean 5.5, median 5.1, 97.5 % within 11.5 days."""

    incubation_stages: int = 3
    """Stages of the incubation, 1 to 20, more than `presymptomatic_days`. Three give a standard deviation of
    2.1 days; Lauer et al. have 2.4."""

    presymptomatic_days: int = 2
    """Days for which a person is infectious before the symptoms, 0 to 19. X. He et al., Nat Med 26 (2020),
    672: from 2.3 days before."""

    infectious_mean_days: float = 8.0
    """Days for which a person is infectious, mean, 1 to 30, those before symptoms included. Chosen here, of
    the order of He et al. (infectiousness declines within 7 days of the symptoms)."""

    infectious_stages: int = 4
    """Stages of the infectious time, 1 to 30, more than `presymptomatic_days`. Chosen here."""

    asymptomatic_infectiousness: float = 0.5
    """Transmission from people without symptoms as a part of that from others, 0 to 1. Chosen here, within the
    range of D. Buitrago-Garcia et al., PLoS Med 17 (2020), e1003346."""

    initial_infected_share: float = 0.004
    """Share of people infected in the `initial_days` before day 0, 0 to 1. Chosen here."""

    initial_days: int = 14
    """Days over which these infections are spread evenly, 1 to 60, so that day 0 finds people at every stage."""

    past_infected_share: float = 0.12
    """Share of people infected earlier, and recovered by day 0, 0 to 1; less those whom it would still protect from
    an initial infection of theirs. Chosen here, for early 2021."""

    past_from_days: int = 330
    """These infections are spread evenly over days from so long before day 0, 2 to 1,000, …"""

    past_until_days: int = 30
    """… to so long before it, 1 to 999, less than `past_from_days`. Chosen here."""

    imported_per_100k_per_day: float = 1.0
    """People who come infected from outside the model, per 100,000 and day, 0 to 1,000, if all were as susceptible as
    can be: less those whom age, an infection or doses protect, and those whom `measures.borders` stops. Chosen here."""

    illness: Illness = field(default_factory=Illness)
    """What an infection does to people of different ages."""

    variants: Variants = field(default_factory=Variants)
    """Which variants there are, and when they come."""

    immunity: Immunity = field(default_factory=Immunity)
    """What infections and doses protect from."""

    measures: Measures = field(default_factory=Measures)
    """Calendar, dated contacts, isolation, and doors that ask."""

    def __post_init__(self) -> None:
        """Refuse what is out of range or contradicts itself."""
        problems = outside(self, _RANGES) + self._contradictions()
        strongest = max(self.variants.transmissibility, default=0.0)
        for layer in ("work", "school", "transport", "community"):
            contacts = getattr(self, f"{layer}_contacts")
            if getattr(self, f"{layer}_transmission") * contacts * strongest > EFFECTIVE_CONTACTS:
                limit = f"{EFFECTIVE_CONTACTS:g} infections a day from one person"
                problems.append(f"{layer}_contacts = {contacts} would be over {limit}, with the strongest variant")
        rows = [*self.immunity.infection, *self.immunity.doses]
        count = len(self.variants.names)
        if len(self.immunity.infection) != count or any(len(row) != count for row in rows):
            problems.append(f"immunity needs a row and a column for each variant, {count} of each")
        if problems:
            raise ValueError("; ".join(problems))

    def _contradictions(self) -> list[str]:
        problems = []
        for name in ("incubation", "infectious"):
            stages, mean = getattr(self, f"{name}_stages"), getattr(self, f"{name}_mean_days")
            if mean < stages:
                problems.append(f"{name}_mean_days = {mean} must be at least {name}_stages = {stages}")
            if stages <= self.presymptomatic_days:
                before = self.presymptomatic_days
                problems.append(f"{name}_stages = {stages} must exceed presymptomatic_days = {before}")
        if self.province_share + self.travel_share > 1:
            problems.append(f"travel_share = {self.travel_share} and province_share together must not exceed 1")
        if self.past_until_days >= self.past_from_days:
            problems.append(f"past_until_days = {self.past_until_days} must be below past_from_days")
        if 0 < self.dispersion < 0.1:
            problems.append(f"dispersion = {self.dispersion} is outside 0.1 to 100, and not 0 for all alike")
        return problems
