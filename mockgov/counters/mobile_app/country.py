# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""The country's figures: M10, the days before, and the provinces' risk map. All but M10 chosen here."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import TURKEY
from mockgov.counters.context import Here
from mockgov.counters.mobile_app.access import SignedIn
from mockgov.counters.openapi import refusals
from mockgov.ministry import Ministry
from mockgov.risk_index.service import ColourClass, Incidence, NationalStatistics
from mockgov.vocabulary.province import PROVINCES

router = APIRouter()
STATISTICS = "/services/statisticservice/api"
MOST_DAYS: Final = 28
LEVELS: Final = {
    ColourClass.LOW: ("LOW", "Düşük", "Low"),
    ColourClass.MEDIUM: ("MEDIUM", "Orta", "Medium"),
    ColourClass.HIGH: ("HIGH", "Yüksek", "High"),
    ColourClass.VERY_HIGH: ("VERY_HIGH", "Çok Yüksek", "Very high"),
}
"""The wire's word of each of the map's four colours, and its name in Turkish and English."""


class StatisticsObject(TypedDict):
    """M10: a day's figures."""

    date: str
    dailyTests: int
    dailyCases: int
    totalTests: int
    totalCases: int


class ProvinceObject(TypedDict):
    """A province's week; the last four are null where nobody of this world lives there."""

    plate: int
    province: str
    cases: int | None
    casesPer100k: float | None
    riskLevel: str | None
    colour: str | None


class RiskMapObject(TypedDict):
    """The last week that is over, from Monday to Sunday."""

    weekBeginDate: str
    weekEndDate: str
    provinces: list[ProvinceObject]


@router.get(
    f"{STATISTICS}/latest-generic-statistics", responses=refusals(401, 403), summary="M10: the national daily figures"
)
async def statistics(citizen: SignedIn, ministry: Here) -> StatisticsObject:  # noqa: ARG001  any signed-in citizen
    return _statistics_object(ministry.national_statistics())


@router.get(
    f"{STATISTICS}/daily-generic-statistics",
    responses=refusals(401, 403),
    summary="The figures of the last days, oldest first (chosen here)",
)
async def daily(
    citizen: SignedIn,  # noqa: ARG001  the same
    ministry: Here,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 14,
) -> list[StatisticsObject]:
    return [_statistics_object(day) for day in last_days(ministry, days)]


@router.get(
    f"{STATISTICS}/province-risk-map",
    responses=refusals(401, 403),
    summary="Weekly cases per 100,000 by province, with the map's four colours (chosen here)",
)
async def risk_map(citizen: SignedIn, ministry: Here) -> RiskMapObject:  # noqa: ARG001  the same
    monday, weeks = last_week(ministry)
    found = {week.plate: week for week in weeks}
    return {
        "weekBeginDate": monday.isoformat(),
        "weekEndDate": (monday + timedelta(days=6)).isoformat(),
        "provinces": [_province_object(one.plate, one.name, found.get(one.plate)) for one in PROVINCES],
    }


def today(ministry: Ministry) -> date:
    """The day in Turkey."""
    return ministry.world.now().astimezone(TURKEY).date()


def last_days(ministry: Ministry, days: int) -> Sequence[NationalStatistics]:
    """The national figures of so many days up to today, oldest first."""
    last = today(ministry)
    return [ministry.risk_index.national_statistics(last - timedelta(days=ago)) for ago in reversed(range(days))]


def last_week(ministry: Ministry) -> tuple[date, Sequence[Incidence]]:
    """The Monday of the last week that is over, and each province that has residents."""
    day = today(ministry)
    monday = day - timedelta(days=day.weekday() + 7)
    return monday, ministry.risk_index.incidence(monday)


def _statistics_object(figures: NationalStatistics) -> StatisticsObject:
    return {
        "date": figures.day.isoformat(),
        "dailyTests": figures.tests,
        "dailyCases": figures.cases,
        "totalTests": figures.total_tests,
        "totalCases": figures.total_cases,
    }


def _province_object(plate: int, name: str, week: Incidence | None) -> ProvinceObject:
    return {
        "plate": plate,
        "province": name,
        "cases": None if week is None else week.cases,
        "casesPer100k": None if week is None else round(week.per_100k, 2),
        "riskLevel": None if week is None else LEVELS[week.colour][0],
        "colour": None if week is None else week.colour.value,
    }
