"""What a made-up population is made to measure: the census tables, and one frozen value with the rest."""

from dataclasses import dataclass
from datetime import date

from mockgov.vocabulary.province import InvalidProvince, parse_province

AGES = (
    (0, 9, 13_419_270),
    (10, 19, 13_595_150),
    (20, 29, 13_174_164),
    (30, 39, 12_774_732),
    (40, 49, 11_446_581),
    (50, 59, 8_908_423),
    (60, 69, 6_192_391),
    (70, 79, 3_353_577),
    (80, 100, 1_474_778),
)
"""First age, last age and people, 2020 (United Nations' estimate, 84.34 M). Nobody here is older than 100."""

HOUSEHOLDS_2018 = (
    *(0.1607, 0.2114, 0.1994, 0.2019, 0.1090, 0.0533),
    *(0.0248, 0.0154, 0.0095, 0.0059, 0.0037, 0.0023, 0.0014, 0.0009, 0.0004),
)
"""Share of households with 1, 2, … 15 people: TÜİK, 2018, when the mean was 3.41. Published to 6; the 6.43 %
with 7 or more are spread out here geometrically, with the ratio 0.62 that gives the published mean."""

MALE_SHARE = 0.501
"""Men among all people (TÜİK, 2020)."""

NATIONAL_MINISTRIES = 17
"""Ministries in the country, about; they sit in Ankara."""

ANKARA = 6
"""Its plate."""

SEAT_STAFF = 5
"""Staff from which a public workplace can be a governor's or a directorate's seat. Chosen here."""

# Who lives in a household of 0 (unused), 1, 2, 3, 4, 5, 6 or more people; chosen here. Only the order of the
# ages that follow from it counts: the ages themselves come from the census.
YOUNG_HEAD_SHARE = (0.0, 0.35, 0.25, 0.65, 0.90, 0.90, 0.70)
YOUNG_HEAD_AGES = ((0, 0), (20, 40), (22, 38), (24, 45), (28, 50), (30, 52), (30, 52))
OLD_HEAD_AGES = ((0, 0), (50, 90), (48, 85), (45, 75), (50, 70), (50, 70), (50, 75))
PARTNER_SHARE = (0.0, 0.0, 0.75, 0.88, 0.90, 0.90, 0.90)
ELDER_SHARE = (0.0, 0.0, 0.0, 0.05, 0.15, 0.35, 0.50)
# Years older than the head of the household, from and to.
PARTNER_GAP = (-6, 6)
ELDER_GAP = (20, 35)
CHILD_GAP = (-42, -20)

EMPLOYMENT_BY_AGE = ((15, 0), (5, 5), (5, 10), (30, 14), (5, 7), (5, 4), (5, 2), (31, 0))
"""So many years of age, counted from 0, and their relative chance of being an employee. Chosen here."""

EMPLOYMENT_BY_SEX = (23, 10)
"""The same for men and women, in the ratio of their employment rates, 59.8 % and 26.3 % (TÜİK, 2020)."""

_RANGES = {
    "people": (100, 100_000_000),
    "household_mean": (2.0, 6.0),
    "own_surname_share": (0.0, 1.0),
    "employed_share": (0.0, 0.5),
    "public_share": (0.0, 1.0),
    "private_workplace_mean": (1.0, 10_000.0),
    "public_workplace_mean": (1.0, 10_000.0),
    "integration_threshold": (1, 1_000_000),
    "integrated_at_least": (0, 10_000),
    "enrolled_share": (0.0, 1.0),
    "school_mean": (1.0, 10_000.0),
    "adult_phone_share": (0.0, 1.0),
    "child_phone_share": (0.0, 1.0),
    "app_share": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationParameters:
    """The measurements of a town, or of the country in miniature.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    people: int = 20_000
    """People, 100 to 100,000,000; the reference is meant for 1,000 to 200,000. The country had 83,614,362
    on 31 December 2020 (TÜİK, address-based register)."""

    provinces: tuple[str, ...] = ()
    """The provinces to people, by name or plate, in proportion to their populations of 2020
    (`mockgov.vocabulary.province`). Empty: all 81, the whole country in miniature."""

    counted_on: date = date(2021, 3, 1)
    """The day on which everybody has the `age` given to them. The facts are of 31 December 2020; any date may
    stand here, the ages stay the same and the birth dates move."""

    household_mean: float = 3.3
    """People per household, mean, 2.0 to 6.0. TÜİK, "İstatistiklerle Aile 2020": 3.30."""

    own_surname_share: float = 0.05
    """Share of people, heads of household apart, whose surname is not the household's (a mother-in-law, a
    lodger), 0 to 1. Chosen here."""

    employed_share: float = 0.277
    """Employees of a workplace among people aged 15 to 69, 0 to 0.5. From the facts: 14.47 M insured with
    private and 1.94 M with public employers (December 2023) over 59.3 M people of that age. The
    self-employed, most farmers and civil servants outside that insurance have no workplace here."""

    public_share: float = 0.118
    """Employees of public workplaces among all employees, 0 to 1. From the facts: 1.94 M of 16.41 M."""

    private_workplace_mean: float = 6.79
    """Employees per private workplace, mean, 1 to 10,000. From the facts: 14.47 M in 2,132,463."""

    public_workplace_mean: float = 41.5
    """Employees per public workplace, mean, 1 to 10,000. From the facts: 1.94 M in 46,660."""

    integration_threshold: int = 500
    """Staff from which a public body or a workplace may query by machine (integration rules, version 1.2).
    Ministries, governorships and provincial health directorates need no number."""

    integrated_at_least: int = 4
    """Public bodies and workplaces that query by machine whatever their size, the largest first: a miniature
    has few or none above the threshold, and would have no corporate callers. 0 keeps to the rule. Chosen
    here."""

    enrolled_share: float = 0.95
    """Share of people aged 6 to 17 who go to school, 0 to 1. Chosen here, of the order of the education
    ministry's net enrolment rates of 2020/21."""

    school_mean: float = 270.0
    """Pupils per school, mean, 1 to 10,000; a province's schools are nearly equal. Chosen here, of the order
    of the education ministry's 18 M pupils in under 70,000 schools."""

    adult_phone_share: float = 0.97
    """Share of people aged 18 and over with a mobile phone number of their own, 0 to 1. Chosen here."""

    child_phone_share: float = 0.4
    """The same for people aged 10 to 17; younger children have none. Chosen here."""

    app_share: float = 0.6
    """Share of phone owners aged 15 and over who use the mobile application, 0 to 1. Chosen here: no official
    total of its users was found."""

    def __post_init__(self) -> None:
        """Refuse measurements that no town could have."""
        problems = [
            f"{name} = {getattr(self, name)!r} is outside {low} to {high}"
            for name, (low, high) in _RANGES.items()
            if not low <= getattr(self, name) <= high
        ]
        problems += _misnamed(self.provinces)
        if problems:
            raise ValueError("; ".join(problems))


def _misnamed(provinces: tuple[str, ...]) -> list[str]:
    problems: list[str] = []
    plates: list[int] = []
    for name in provinces:
        try:
            plates.append(parse_province(name).plate)
        except InvalidProvince:
            problems.append(f"provinces: {name!r} is none; give a province by its Turkish name or its plate")
    if len(set(plates)) != len(plates):
        problems.append(f"provinces = {provinces!r} names a province twice; name each once")
    return problems
