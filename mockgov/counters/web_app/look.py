# ruff: noqa: D103  a route's name and address say what it is
"""What there is to look at: who asked, one's isolation, the country's figures and map."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request, Response

from mockgov.counters.context import Here
from mockgov.counters.mobile_app.account import account_of
from mockgov.counters.mobile_app.askers import asked_about
from mockgov.counters.mobile_app.country import last_days, last_week
from mockgov.counters.mobile_app.own_codes import shares_health_data
from mockgov.counters.web_app.session import BASE, ROUTE, Form, Holder, page, to
from mockgov.counters.web_app.tiles import tile_map, told
from mockgov.pages.language import language_of
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.province import PROVINCES

router = APIRouter(route_class=ROUTE)
DAYS: Final = 14


@router.get(f"{BASE}/sorgular")
async def asked(request: Request, citizen: Holder, ministry: Here) -> Response:
    found, shares = asked_about(ministry, citizen), shares_health_data(ministry, citizen)
    return page(request, ministry, citizen, "asked.html", here="/sorgular", found=found, shares=shares, dashed=_dashed)


@router.post(f"{BASE}/sorgular/izin")
async def decide(request: Request, citizen: Holder, fields: Form, ministry: Here) -> Response:
    ministry.risk_index.share_test_data(citizen.citizen_id, shares="shares" in fields)
    return to(request, f"{BASE}/sorgular", tamam="izin")


@router.get(f"{BASE}/izolasyon")
async def isolation(request: Request, citizen: Holder, ministry: Here) -> Response:
    interval = ministry.risk_index.status(citizen.citizen_id).interval
    account = account_of(ministry, citizen)
    return page(request, ministry, citizen, "isolation.html", here="/izolasyon", interval=interval, account=account)


@router.get(f"{BASE}/turkiye")
async def country(request: Request, citizen: Holder, ministry: Here) -> Response:
    language = language_of(request.query_params)
    monday, weeks = last_week(ministry)
    known = {week.plate: week for week in weeks}
    days = last_days(ministry, DAYS)
    return page(
        request,
        ministry,
        citizen,
        "country.html",
        here="/turkiye",
        days=days,
        latest=days[-1],
        week=(monday, monday + timedelta(days=6)),
        map=tile_map(weeks, language),
        provinces=[(one, told(known[one.plate], language)) for one in PROVINCES if one.plate in known],
    )


def _dashed(code: str) -> str:
    return HesCode(code).dashed
