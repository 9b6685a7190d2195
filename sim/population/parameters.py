"""What a made-up population is made to measure: frozen values, each field with meaning, range and source."""

from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from mockgov.vocabulary.province import PROVINCES, InvalidProvince, parse_province
from mockgov.vocabulary.turkish import lower_tr

EARLIEST_DOSE = date(2020, 1, 2)
LATEST_DOSE = date(2079, 12, 31)
EARLIEST_COUNT = date(2000, 1, 1)

_RANGES = {
    "people": (100, 100_000_000),
    "household_mean": (2.0, 6.0),
    "own_surname_share": (0.0, 1.0),
    "employed_share": (0.0, 0.5),
    "public_share": (0.0, 1.0),
    "private_workplace_mean": (1.0, 10_000.0),
    "public_workplace_mean": (1.0, 10_000.0),
    "other_district_share": (0.0, 1.0),
    "other_province_share": (0.0, 1.0),
    "integration_threshold": (1, 1_000_000),
    "integrated_at_least": (0, 10_000),
    "enrolled_share": (0.0, 1.0),
    "school_mean": (1.0, 10_000.0),
    "adult_phone_share": (0.0, 1.0),
    "child_phone_share": (0.0, 1.0),
    "app_share": (0.0, 1.0),
}
_DOSE_RANGES = {
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
    """First day of first doses, from 2 January 2020."""
    ends: date
    """Last day of first doses, to 2079."""
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
        if self.begins < EARLIEST_DOSE:
            problems.append(f"begins = {self.begins} lies before {EARLIEST_DOSE}")
        if self.ends < self.begins:
            problems.append(f"ends = {self.ends} lies before begins = {self.begins}")
        if self.ends > LATEST_DOSE:
            problems.append(f"ends = {self.ends} lies after {LATEST_DOSE}")
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class VaccinationParameters:
    """Who is vaccinated, how often and when: turns by age, as announced in 2021.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    second_dose_days: int = 28
    """Days from the first to the second dose, 1 to 365: the interval of CoronaVac in Turkey in spring 2021."""

    third_dose_days: int = 150
    """Days from the second dose to a booster, 1 to 1,000; none before `third_doses_from`. Chosen here."""

    third_doses_from: date = date(2021, 7, 1)
    """First day of boosters: the ministry's announcement of that week. Who is due already has it within 60 days."""

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

    def __post_init__(self) -> None:
        """Refuse what no campaign could be."""
        problems = _outside(self, _DOSE_RANGES)
        if not EARLIEST_DOSE <= self.third_doses_from <= LATEST_DOSE:
            problems.append(f"third_doses_from = {self.third_doses_from} is outside {EARLIEST_DOSE} to {LATEST_DOSE}")
        if problems:
            raise ValueError("; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationParameters:
    """The measurements of a town, or of the country in miniature or in full.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    people: int = 20_000
    """People, 100 to 100,000,000. The country had 83,614,362 on 31 December 2020 (TÜİK, address-based register)."""

    provinces: tuple[str, ...] = ()
    """The provinces to people, by name or plate, in proportion to their populations of 2020
    (`mockgov.vocabulary.province`). Empty: all 81, the whole country, in miniature if `people` are fewer."""

    counted_on: date = date(2021, 3, 1)
    """The day on which everybody has the `age` given to them. The facts are of 31 December 2020; any date from
    2000 to 2079 may stand here, the ages stay the same and the birth dates move."""

    household_mean: float = 3.3
    """People per household in the whole country, mean, 2.0 to 6.0. TÜİK, "İstatistiklerle Aile 2020": 3.30. A young
    province has larger households than an old one."""

    own_surname_share: float = 0.05
    """Share of people, heads of household apart, whose surname is not the household's (a mother-in-law, a
    lodger), 0 to 1. Chosen here."""

    employed_share: float = 0.279
    """Employees of a workplace among people aged 15 to 69, 0 to 0.5; in every province alike. From the facts: 14.47 M
    insured with private and 1.94 M with public employers (December 2023) over the 58.8 M people of that age that the
    age table gives a country of 83.6 M. The self-employed, most farmers and civil servants outside that insurance
    have no workplace here."""

    public_share: float = 0.118
    """Employees of public workplaces among all employees, 0 to 1. From the facts: 1.94 M of 16.41 M."""

    private_workplace_mean: float = 6.79
    """Employees per private workplace, mean, 1 to 10,000. From the facts: 14.47 M in 2,132,463."""

    public_workplace_mean: float = 41.5
    """Employees per public workplace, mean, 1 to 10,000. From the facts: 1.94 M in 46,660."""

    other_district_share: float = 0.25
    """Employees who work in another district of their own province, 0 to 1. Chosen here."""

    other_province_share: float = 0.02
    """Employees who work in one of the six nearest provinces of the town, 0 to 1; with `other_district_share` at most
    1. Chosen here."""

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
    """Pupils per school, mean, 1 to 10,000; a district's schools of one stage are nearly equal. Chosen here, of the
    order of the education ministry's 18 M pupils in under 70,000 schools."""

    adult_phone_share: float = 0.97
    """Share of people aged 18 and over with a mobile phone number of their own, 0 to 1. Chosen here."""

    child_phone_share: float = 0.4
    """The same for people aged 10 to 17; younger children have none. Chosen here."""

    app_share: float = 0.6
    """Share of phone owners aged 15 and over who use the mobile application, 0 to 1. Chosen here: no official
    total of its users was found."""

    vaccination: VaccinationParameters = field(default_factory=VaccinationParameters)
    """Who is vaccinated, and when."""

    def __post_init__(self) -> None:
        """Refuse measurements that no town could have."""
        problems = _outside(self, _RANGES)
        if self.other_district_share + self.other_province_share > 1:
            problems.append(
                f"other_province_share = {self.other_province_share!r} and other_district_share = "
                f"{self.other_district_share!r} are more than 1 together"
            )
        if not EARLIEST_COUNT <= self.counted_on <= LATEST_DOSE:
            problems.append(f"counted_on = {self.counted_on} is outside {EARLIEST_COUNT} to {LATEST_DOSE}")
        problems += _misnamed(self.provinces)
        if problems:
            raise ValueError("; ".join(problems))


def _outside(parameters: object, ranges: dict[str, tuple[int, int]] | dict[str, tuple[float, float]]) -> list[str]:
    return [
        f"{name} = {getattr(parameters, name)!r} is outside {low} to {high}"
        for name, (low, high) in ranges.items()
        if not low <= getattr(parameters, name) <= high
    ]


def _misnamed(provinces: tuple[str, ...]) -> list[str]:
    problems: list[str] = []
    plates: set[int] = set()
    for name in provinces:
        try:
            plate = parse_province(name).plate
        except InvalidProvince:
            problems.append(f"provinces: {name!r} is none; {_meant(name)}")
        else:
            if plate in plates:
                problems.append(f"provinces names a province twice, {name!r}; name each once")
            plates.add(plate)
    return problems


def _meant(name: str) -> str:
    """What was probably meant by a name that no province has."""
    by_letters = {_plain(province.name): province.name for province in PROVINCES}
    near = get_close_matches(_plain(name.strip()), by_letters, n=1)
    return f"did you mean {by_letters[near[0]]}?" if near else "give a province by its Turkish name or its plate"


def _plain(name: str) -> str:
    """In small letters, without the marks that a foreign keyboard lacks."""
    return lower_tr(name).translate(str.maketrans("çğıöşüâî", "cgiosuai"))
