"""Who falls how ill, which variants there are, and what protects: three frozen values inside the parameters."""

from dataclasses import dataclass
from datetime import date

from sim.epidemic.ranges import misdated, outside

DECADES = 9
"""Ages in the tables: 0 to 9, 10 to 19, … 70 to 79, 80 and over."""

VARIANTS = 8
"""At most; three bits of a person's column hold one."""

ByAge = tuple[float, ...]
ByVariant = tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Illness:
    """What an infection does to people of different ages, each table by decades of age (`DECADES` entries).

    Raises `ValueError` that names every field out of its range, all at once.
    """

    susceptibility: ByAge = (0.5, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
    """Chance of catching it from the same contact, as a part of an adult's, 0 to 1. About half below 20: N. G.
    Davies et al., Nat Med 26 (2020), 1205."""

    asymptomatic: ByAge = (0.45, 0.4, 0.3, 0.28, 0.25, 0.22, 0.2, 0.2, 0.2)
    """Share of infections that never have symptoms, 0 to 1. Falling with age as in Davies et al.; the level, 0.3
    on average, is chosen here within the range of D. Buitrago-Garcia et al., PLoS Med 17 (2020), e1003346."""

    hospital: ByAge = (0.001, 0.003, 0.012, 0.032, 0.049, 0.102, 0.166, 0.243, 0.273)
    """Share of those with symptoms who are taken to hospital, wild type and unprotected, 0 to 1. N. M. Ferguson
    et al., Report 9, Imperial College London, 16 March 2020, table 1."""

    death: ByAge = (0.03, 0.03, 0.038, 0.038, 0.046, 0.088, 0.2, 0.31, 0.51)
    """Share of those in hospital who die there, 0 to 1. From the same table: deaths of the infected, divided by
    the two thirds with symptoms and by the share in hospital."""

    hospital_after_mean_days: float = 6.0
    """Days from symptoms to hospital, mean, 1 to 20. Chosen here."""

    hospital_after_stages: int = 2
    """Stages of that time, 1 to 20."""

    hospital_mean_days: float = 9.0
    """Days in hospital, mean, 1 to 30; whoever dies, dies at their end. Chosen here."""

    hospital_stages: int = 2
    """Stages of that time, 1 to 30."""

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        shares = dict.fromkeys(("susceptibility", "asymptomatic", "hospital", "death"), (0.0, 1.0))
        days = {"hospital_after_mean_days": (1.0, 20.0), "hospital_mean_days": (1.0, 30.0)}
        stages = {"hospital_after_stages": (1, 20), "hospital_stages": (1, 30)}
        problems = outside(self, shares | days | stages)
        problems += [
            f"{name} needs {DECADES} entries, a decade of age each"
            for name in shares
            if len(getattr(self, name)) != DECADES
        ]
        for time in ("hospital_after", "hospital"):
            mean, least = getattr(self, f"{time}_mean_days"), getattr(self, f"{time}_stages")
            if mean < least:
                problems.append(f"{time}_mean_days = {mean} must be at least {time}_stages = {least}")
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """Which variants there are, and when they come. Every table by variant has an entry for each name.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    names: tuple[str, ...] = ("wild type", "Alpha", "Delta", "Omicron")
    """One to eight."""

    transmissibility: ByVariant = (1.0, 1.5, 1.9, 2.4)
    """Transmission as a multiple of the wild type's, 0 to 10. Alpha: 43 to 90 % more, N. G. Davies et al., Science
    372 (2021), eabg3055. The others are orders of magnitude, chosen here."""

    severity: ByVariant = (1.0, 1.4, 1.6, 0.35)
    """Share taken to hospital as a multiple of the wild type's, 0 to 10. Orders of magnitude, chosen here."""

    shares: tuple[tuple[date, tuple[float, ...]], ...] = (
        (date(2020, 1, 1), (1.0, 0.0, 0.0, 0.0)),
        (date(2020, 12, 1), (0.9, 0.1, 0.0, 0.0)),
        (date(2021, 2, 1), (0.6, 0.4, 0.0, 0.0)),
        (date(2021, 3, 1), (0.35, 0.65, 0.0, 0.0)),
        (date(2021, 4, 1), (0.1, 0.9, 0.0, 0.0)),
        (date(2021, 5, 15), (0.0, 0.9, 0.1, 0.0)),
        (date(2021, 6, 15), (0.0, 0.5, 0.5, 0.0)),
        (date(2021, 7, 15), (0.0, 0.05, 0.95, 0.0)),
        (date(2021, 8, 15), (0.0, 0.0, 1.0, 0.0)),
        (date(2021, 12, 1), (0.0, 0.0, 0.95, 0.05)),
        (date(2021, 12, 20), (0.0, 0.0, 0.5, 0.5)),
        (date(2022, 1, 10), (0.0, 0.0, 0.05, 0.95)),
    )
    """From each date on, the variants' shares among imported infections, and among those before day 0; in any
    scale. Orders of magnitude, chosen here."""

    def __post_init__(self) -> None:
        """Refuse what is out of range, and tables of another length than the names."""
        problems = outside(self, {"transmissibility": (0.0, 10.0), "severity": (0.0, 10.0)})
        if not 1 <= len(self.names) <= VARIANTS:
            problems.append(f"names has {len(self.names)} variants, which is outside 1 to {VARIANTS}")
        problems += [
            f"{name} needs an entry for each of names, {len(self.names)}"
            for name in ("transmissibility", "severity")
            if len(getattr(self, name)) != len(self.names)
        ]
        problems += misdated("shares", self.shares, 1e6)
        if any(len(row) != len(self.names) or not sum(row) > 0 for _, row in self.shares):
            problems.append("shares needs in each row an entry for each of names, one at least above 0")
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Immunity:
    """What an earlier infection and doses of vaccine protect from. A protection is 1 minus the relative risk.

    Protection halves every so many days, in weekly steps, and does not hold fully in the first two weeks after a
    dose. That of an infection and that of doses act independently. All values are orders of magnitude, chosen
    here; a dose stands for the mixture of inactivated and mRNA vaccines that the country gave.
    Raises `ValueError` that names every field out of its range, all at once.
    """

    infection: tuple[tuple[float, ...], ...] = (
        (0.9, 0.85, 0.75, 0.35),
        (0.85, 0.9, 0.8, 0.35),
        (0.85, 0.85, 0.9, 0.4),
        (0.6, 0.6, 0.6, 0.85),
    )
    """Protection right after an infection, 0 to 1: a row for the variant of the last infection, a column for the
    variant met."""

    infection_half_life_days: float = 400.0
    """Days in which it halves, 7 to 10,000."""

    reinfection_after_days: int = 90
    """Days for which an infection protects fully, 30 to 365; until recovery, if that is later."""

    doses: tuple[tuple[float, ...], ...] = (
        (0.3, 0.3, 0.2, 0.05),
        (0.65, 0.6, 0.5, 0.15),
        (0.8, 0.8, 0.75, 0.4),
    )
    """Protection from infection two weeks after one, two and three doses, 0 to 1: a row each, a column for the
    variant met."""

    doses_half_life_days: float = 200.0
    """Days in which it halves, 7 to 10,000."""

    severity_after_infection: float = 0.3
    """Share taken to hospital at a reinfection, as a part of that at a first one, 0 to 1."""

    severity_after_doses: tuple[float, ...] = (0.7, 0.3, 0.15)
    """The same after one, two and three doses, without waning."""

    def __post_init__(self) -> None:
        """Refuse what is out of range."""
        days = dict.fromkeys(("infection_half_life_days", "doses_half_life_days"), (7.0, 10_000.0))
        parts = dict.fromkeys(("severity_after_infection", "severity_after_doses"), (0.0, 1.0))
        problems = outside(self, days | parts | {"reinfection_after_days": (30, 365)})
        for name in ("infection", "doses"):
            problems += [
                f"{name} has {entry!r} in row {row}, place {place}, which is outside 0 to 1"
                for row, entries in enumerate(getattr(self, name), 1)
                for place, entry in enumerate(entries, 1)
                if not 0 <= entry <= 1
            ]
        problems += [
            f"{name} needs three entries, for one, two and three doses"
            for name in ("doses", "severity_after_doses")
            if len(getattr(self, name)) != 3
        ]
        if problems:
            raise ValueError("; ".join(problems))
