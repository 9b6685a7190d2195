"""What was observed of the epidemic: monthly totals that Turkey's health ministry published, and their errors.

- *patients*: people with symptoms and a positive test, called so from 2020-07-29. Up to 2020-07-28 the only number
  of the sick, and close to all positives; the total of July 2020 is of both kinds. After 2021-07 not published.
- *cases*: all positives, symptomatic or not; published from 2020-11-25/26 only.
- *tests*: PCR tests, all months. *deaths*: deaths with a positive test, all months.

Two kinds of totals are left out unless they are asked for. Those of a part of their month: the cases of 2020-11 (its
last five days) and the patients of 2021-07. And the patients of every month of which all positives are known: their
share of the cases fell from 18 % in 2020-12 to 5 % in 2021-04, which no one meaning of the word explains.

A model of fewer people than the country has chance of its own: a month with 591 deaths has 7 of them among a million.
`in_miniature` adds that to the errors with which a fit is made, and leaves the errors of observation as they are.

The errors are relative (standard deviations of the logarithm) and chosen here: no source tells them. They have to
cover what the ministry counted otherwise than the model does, and what the model does otherwise than the country.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import sqrt
from typing import Literal, NamedTuple, TypeAlias, get_args

Kind: TypeAlias = Literal["patients", "cases", "tests", "deaths"]
KINDS: tuple[Kind, ...] = get_args(Kind)
ERRORS: dict[Kind, float] = {"patients": 0.30, "cases": 0.15, "tests": 0.10, "deaths": 0.20}
"""Chosen here; see above. Patients were defined thrice."""

FIRST_CASE = date(2020, 3, 11)
"""The day of the first case that was published, and the first of the totals of its month."""


class Month(NamedTuple):
    """The totals of a month; None where none was published."""

    month: str
    patients: int | None
    cases: int | None
    tests: int
    deaths: int


MONTHS = (
    Month("2020-03", 13_531, None, 84_400, 215),  # from the first case on, 11 March
    Month("2020-04", 106_673, None, 941_215, 2_960),
    Month("2020-05", 43_738, None, 1_005_577, 1_366),
    Month("2020-06", 35_964, None, 1_342_456, 591),
    Month("2020-07", 30_967, None, 1_419_173, 560),
    Month("2020-08", 39_260, None, 2_337_669, 679),
    Month("2020-09", 48_530, None, 3_241_769, 1_825),
    Month("2020-10", 56_704, None, 3_621_553, 2_057),
    Month("2020-11", 125_498, 149_580, 4_590_478, 3_494),  # cases: the last five days
    Month("2020-12", 142_973, 777_004, 5_912_275, 7_135),
    Month("2021-01", 30_707, 268_811, 5_126_855, 5_112),
    Month("2021-02", 17_940, 224_125, 3_543_594, 2_576),
    Month("2021-03", 29_192, 615_594, 5_403_041, 2_968),
    Month("2021-04", 75_744, 1_503_409, 8_683_942, 8_594),
    Month("2021-05", 41_802, 428_813, 6_877_310, 7_396),
    Month("2021-06", 15_277, 176_248, 6_647_666, 2_205),
    Month("2021-07", 1_805, 301_393, 7_081_876, 1_600),  # patients: the first days
    Month("2021-08", None, 661_286, 8_568_614, 5_378),
    Month("2021-09", None, 765_739, 9_872_289, 7_344),
    Month("2021-10", None, 878_918, 10_986_445, 6_557),
    Month("2021-11", None, 762_600, 10_716_229, 6_231),
    Month("2021-12", None, 686_962, 11_012_724, 5_519),
    Month("2022-01", None, 2_137_332, 12_613_097, 5_055),
    Month("2022-02", None, 2_469_574, 12_504_520, 7_029),
    Month("2022-03", None, 771_104, 9_965_891, 3_588),
    Month("2022-04", None, 171_533, 5_247_263, 738),
    Month("2022-05", None, 40_654, 3_848_900, 194),
)
INCOMPLETE = frozenset({("cases", "2020-11"), ("patients", "2021-07")})
"""Totals of a part of their month."""
SUPERSEDED = frozenset(
    ("patients", row.month) for row in MONTHS if row.cases is not None and ("cases", row.month) not in INCOMPLETE
)
"""Totals of patients where all positives are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A number that was observed, under the name that a headline gives it: "cases 2021-07"."""

    name: str
    value: float
    """Above 0."""
    error: float
    """Standard deviation of its logarithm: 0.15 is about 15 %."""
    chance: float = 0.0
    """The same of a model's own chance, if it has fewer people than were observed."""
    least: float = 0.5
    """What a simulated 0 counts as."""

    def __post_init__(self) -> None:
        """Refuse what has no logarithm, and certainty."""
        if not (self.value > 0 and self.error > 0):
            raise ValueError(f"{self.name}: an observation and its error must be above 0")

    @property
    def kind(self) -> str:
        """What was counted: the name's first word."""
        return self.name.partition(" ")[0]

    @property
    def month(self) -> str:
        """When: the rest of the name."""
        return self.name.partition(" ")[2]


def observations(
    kinds: Sequence[Kind] = ("patients", "cases", "deaths"),
    first: str = "2020-03",
    last: str = "2022-05",
    *,
    all_of_them: bool = False,
) -> tuple[Observation, ...]:
    """The totals of these kinds from one month to another, both included; or those that are left out as well.

    Raises:
        ValueError: for an unknown kind.
    """
    if odd := [kind for kind in kinds if kind not in KINDS]:
        raise ValueError(f"nothing was observed of {', '.join(map(repr, odd))}; there are {', '.join(KINDS)}")
    return tuple(one for one in _all(kinds, all_of_them=all_of_them) if first <= one.month <= last)


def left_out(kinds: Sequence[Kind], first: str, last: str) -> tuple[str, ...]:
    """Why some of the months from one to another have no total of these kinds to be compared, a sentence each."""
    told = []
    if "cases" in kinds and first < "2020-12":
        told.append("Cases before December 2020 are left out: they were published from 25 November 2020 on only.")
    if "patients" in kinds and last > "2020-11":
        told.append(
            "Patients after November 2020 are left out: from then on all positives are known, as cases, and the share "
            "of patients in them fell as no one meaning of the word explains."
        )
    return tuple(told)


def in_miniature(chosen: Sequence[Observation], scale: float) -> tuple[Observation, ...]:
    """The same observations, for a model in which each person stands for `scale` people: counts are Poisson's."""
    return tuple(replace(one, chance=sqrt(scale / one.value), least=max(scale, 1.0) / 2) for one in chosen)


def _all(kinds: Sequence[Kind], *, all_of_them: bool) -> Iterator[Observation]:
    for kind in kinds:
        for row in MONTHS:
            value: int | None = getattr(row, kind)
            if value is not None and (all_of_them or (kind, row.month) not in INCOMPLETE | SUPERSEDED):
                yield Observation(name=f"{kind} {row.month}", value=value, error=ERRORS[kind])
