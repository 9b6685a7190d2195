# ruff: noqa: D103  a route's name and address say what it is
"""People: look for somebody, see them with numbers masked or not, and act for and upon them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from mockgov.clock import from_us
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import ends_after_days
from mockgov.console.finding import Wanted, age_of, find
from mockgov.console.frame import BASE, FRAME, ROUTE, Form, text, to
from mockgov.console.words import BAD_NUMBER, REASONS, REPORTS, in_words, report_words
from mockgov.counters.context import Here
from mockgov.counters.mobile_app.askers import OUTCOMES, PURPOSES, asker_words
from mockgov.ministry import Ministry
from mockgov.pages.language import Language, language_of
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen, is_minor
from mockgov.risk_index.messages import ContactReport, IsolationReport, PcrReport, Report, VaccineReport
from mockgov.vocabulary.province import PROVINCES, province_of
from mockgov.vocabulary.qr import read_scanned

PEOPLE: Final = f"{BASE}/people"
CHANNEL: Final = "hes-console"
"""Under which name codes are made here."""
ASKED: Final = 50
"""Questions that a person's page lists."""
LONGEST_ISOLATION: Final = 60
"""Days of an isolation ordered here (chosen here)."""

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]
router = APIRouter(include_in_schema=False, route_class=ROUTE)


class BadEntry(Refused):
    """A field of a form that cannot be taken."""

    key = "badentry"


@router.get(PEOPLE)
async def people(
    request: Request,
    ministry: Here,
    name: Annotated[str, Query(max_length=200)] = "",
    province: str = "",
    risk: str = "",
    least: str = "",
    most: str = "",
    after: After = 0,
) -> Response:
    wanted = Wanted(
        name.replace("\x00", ""),
        _whole(province, 1, len(PROVINCES)),
        {"risky": True, "riskless": False}.get(risk),
        _whole(least, 0, 150),
        _whole(most, 0, 150),
    )
    found = find(ministry, wanted, after=after)
    asked = {"name": name, "province": province, "risk": risk, "least": least, "most": most}
    return FRAME.page(
        request,
        "people.html",
        hits=found.hits,
        more=found.after,
        asked={key: value for key, value in asked.items() if value},
        wanted=asked,
        provinces=[("", language_of(request.query_params).say("Bütün iller", "All provinces"))]
        + [(str(one.plate), one.name) for one in PROVINCES],
        province_of=lambda plate: province_of(plate).name,
    )


@router.get(f"{PEOPLE}/{{citizen_id}}")
async def person(citizen_id: Number, request: Request, ministry: Here, unmask: bool = False) -> Response:  # noqa: FBT001, FBT002  a query parameter
    return _shown(request, ministry, ministry.registry.citizen(citizen_id), unmask=unmask)


@router.post(f"{PEOPLE}/{{citizen_id}}/reports")
async def report(citizen_id: Number, request: Request, ministry: Here, fields: Form) -> Response:
    citizen = ministry.registry.citizen(citizen_id)
    try:
        ministry.risk_index.file([_report(ministry, citizen_id, fields)])
    except Refused as refused:
        return _shown(request, ministry, citizen, refused=refused)
    return to(request, f"{PEOPLE}/{citizen_id}", done="report")


@router.post(f"{PEOPLE}/{{citizen_id}}/codes")
async def issue(citizen_id: Number, request: Request, ministry: Here, fields: Form) -> Response:
    citizen = ministry.registry.citizen(citizen_id)
    try:
        days = _needed_whole(fields.get("days"), 1, 3650) if text(fields, "days") else None
        ends = ends_after_days(ministry.world.now(), days)
        label = text(fields, "label", 100)
        ministry.codes.issue(IssueCode(citizen_id=citizen_id, expires_at=ends, description=label, channel=CHANNEL))
    except Refused as refused:
        return _shown(request, ministry, citizen, refused=refused)
    return to(request, f"{PEOPLE}/{citizen_id}", done="code")


@router.post(f"{PEOPLE}/{{citizen_id}}/codes/delete")
async def delete(citizen_id: Number, request: Request, ministry: Here, fields: Form) -> Response:
    citizen = ministry.registry.citizen(citizen_id)
    try:
        ministry.codes.delete(ministry.codes.owned(read_scanned(text(fields, "code")), [citizen_id]))
    except Refused as refused:
        return _shown(request, ministry, citizen, refused=refused)
    return to(request, f"{PEOPLE}/{citizen_id}", done="deleted")


@router.post(f"{PEOPLE}/{{citizen_id}}/sharing")
async def sharing(citizen_id: Number, request: Request, ministry: Here, fields: Form) -> Response:
    ministry.registry.citizen(citizen_id)
    ministry.risk_index.share_test_data(citizen_id, shares=text(fields, "shares") == "yes")
    return to(request, f"{PEOPLE}/{citizen_id}", done="sharing")


def _shown(
    request: Request,
    ministry: Ministry,
    citizen: Citizen,
    *,
    unmask: bool = False,
    refused: Refused | None = None,
) -> Response:
    language = language_of(request.query_params)
    number = citizen.citizen_id
    history = ministry.risk_index.history(number)
    return FRAME.page(
        request,
        "person.html",
        status=200 if refused is None else 400,
        path=f"{PEOPLE}/{number}",
        here=f"{PEOPLE}/{number}",
        one=citizen,
        age=age_of(ministry, citizen),
        died=ministry.registry.died_on(number),
        province=province_of(citizen.province).name,
        unmasked=unmask,
        standing=ministry.risk_index.status(number),
        clinical=ministry.risk_index.clinical_many([number])[number],
        reasons=REASONS,
        timeline=history.timeline,
        reports=[report_words(one, language) for one in reversed(history.reports)],
        kinds=[(name, language.say(*words)) for name, words in REPORTS.items()],
        codes=ministry.codes.of(number),
        family=_family(ministry, citizen, language),
        manages=ministry.registry.managed_by(number),
        password=None if is_minor(citizen, ministry.world.now()) else ministry.edevlet.password(number),
        adult=not is_minor(citizen, ministry.world.now()),
        asked=_asked(ministry, number, language),
        done=request.query_params.get("done", ""),
        refused=None if refused is None else in_words(refused, language),
    )


def _family(ministry: Ministry, citizen: Citizen, language: Language) -> Sequence[tuple[str, Citizen]]:
    parents = [(language.say("Anne veya baba", "Parent"), ministry.registry.citizen(one)) for one in citizen.parents]
    children = [(language.say("Çocuk", "Child"), one) for one in ministry.registry.children_of(citizen)]
    return [*parents, *children]


def _asked(ministry: Ministry, citizen_id: int, language: Language) -> Sequence[Mapping[str, Any]]:
    return [
        {
            "at": from_us(row.asked_us),
            "asker": language.say(*asker_words(ministry, row.asker)),
            "purpose": language.say(*PURPOSES.get(row.purpose, (row.purpose, row.purpose))),
            "outcome": row.outcome,
            "answer": language.say(*OUTCOMES.get(row.outcome, (row.outcome, row.outcome))),
        }
        for row in ministry.queries.about(citizen_id, limit=ASKED)
    ]


def _report(ministry: Ministry, citizen_id: int, fields: Form) -> Report:
    """The report that a form asks for. Raises `BadEntry`, `ReportRefused`."""
    kind = text(fields, "kind")
    if kind not in REPORTS:
        raise BadEntry("Choose a kind of report from the list.")
    at = ministry.world.now() - timedelta(hours=_needed_whole(fields.get("hours_ago") or "0", 0, 24 * 400))
    if kind in ("positive", "variant", "negative"):
        positive, variant = kind != "negative", kind == "variant"
        return PcrReport(citizen_id=citizen_id, sampled_at=at, positive=positive, variant_of_concern=variant)
    if kind == "contact":
        return ContactReport(citizen_id=citizen_id, last_contact_at=at)
    if kind == "isolation":
        days = _needed_whole(fields.get("days") or "10", 1, LONGEST_ISOLATION)
        return IsolationReport(citizen_id=citizen_id, begins_at=at, ends_at=at + timedelta(days=days))
    return VaccineReport(citizen_id=citizen_id, given_at=at, dose=int(kind.removeprefix("dose-")))


def _whole(value: object, least: int, most: int) -> int | None:
    """A whole number within bounds; None for anything else."""
    if not (isinstance(value, str) and value.isascii() and value.strip().isdigit() and len(value) <= 9):
        return None
    number = int(value)
    return number if least <= number <= most else None


def _needed_whole(value: object, least: int, most: int) -> int:
    number = _whole(value, least, most)
    if number is None:
        raise BadEntry(BAD_NUMBER.format(least, most))
    return number
