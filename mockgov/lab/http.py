"""Routes of the lab, under `/_lab`."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from mockgov.clock import TURKEY
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import ends_after_days
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.scope import WORLDS_KEY
from mockgov.credentials.messages import ProvisionAccount
from mockgov.lab.seeding import seed_town
from mockgov.lab.shown import (
    AccountShown,
    AskedShown,
    CitizenShown,
    CodeShown,
    FiledShown,
    FoundedShown,
    IncidenceShown,
    InstitutionShown,
    MessageShown,
    PersonShown,
    ShareShown,
    WorldShown,
    account_shown,
    asked_shown,
    citizen_shown,
    code_shown,
    incidence_shown,
    institution_shown,
    message_shown,
    person_shown,
    share_shown,
    world_shown,
)
from mockgov.lab.wire import (
    Day,
    NewAccount,
    NewCitizen,
    NewCode,
    NewInstitution,
    ReportBody,
    Seeding,
    Sharing,
    Shortening,
)
from mockgov.refusal import Refused
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.vocabulary.foreign_phone import read_line
from mockgov.vocabulary.qr import read_scanned

Number = Annotated[int, Path(ge=1, lt=1 << 62)]
Limit = Annotated[int, Query(ge=1, le=10_000)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


async def worlds_of(request: Request) -> Any:
    """The server's worlds."""
    return request.scope[WORLDS_KEY]


AllWorlds = Annotated[Any, Depends(worlds_of)]


@router.get("/world", summary="This world: name, seed, time, counts")
async def world(ministry: Here) -> WorldShown:
    return world_shown(ministry)


@router.post("/world/seed", status_code=201, summary="Fill this world, while it is empty, with a ready town")
async def seed(body: Seeding, ministry: Here) -> WorldShown:
    if ministry.registry.count():
        raise Refused("This world has people already; make another world.", key="worldnotempty")
    seed_town(ministry, body.people)
    return world_shown(ministry)


@router.get("/people", summary="People by number, with everything a test needs to act as them")
async def people(ministry: Here, after: After = 0, limit: Limit = 100) -> list[CitizenShown]:
    return [citizen_shown(ministry, citizen) for citizen in ministry.registry.citizens(after=after, limit=limit)]


@router.get("/people/{citizen_id}", responses=refusals(404), summary="One person")
async def person(citizen_id: Number, ministry: Here) -> CitizenShown:
    return citizen_shown(ministry, ministry.registry.citizen(citizen_id))


@router.post("/people", status_code=201, summary="Register people, all or none; numbers are minted")
async def register(body: list[NewCitizen], ministry: Here) -> list[PersonShown]:
    made = ministry.registry.register([RegisterCitizen(**one.model_dump()) for one in body])
    return [person_shown(ministry, citizen) for citizen in made]


@router.get("/people/{citizen_id}/askers", summary="Who asked about a person, newest first")
async def askers(citizen_id: Number, ministry: Here, limit: Limit = 100) -> list[AskedShown]:
    return [asked_shown(row) for row in ministry.queries.about(citizen_id, limit=limit)]


@router.put(
    "/people/{citizen_id}/sharing",
    status_code=204,
    responses=refusals(404),
    summary="Let a person share vaccine and test data or not",
)
async def sharing(citizen_id: Number, shares: bool, ministry: Here) -> None:  # noqa: FBT001  a query parameter
    ministry.registry.citizen(citizen_id)
    ministry.risk_index.share_test_data(citizen_id, shares=shares)


@router.post("/codes", status_code=201, responses=refusals(404), summary="Issue codes, all or none")
async def issue(body: list[NewCode], ministry: Here) -> list[CodeShown]:
    known = ministry.registry.provinces_of([one.citizen_id for one in body])
    for one in body:
        if one.citizen_id not in known:
            ministry.registry.citizen(one.citizen_id)
    now = ministry.world.now()
    orders = [
        IssueCode(
            citizen_id=one.citizen_id,
            expires_at=ends_after_days(now, one.days),
            description=one.description or "",
            channel="hes-lab",
        )
        for one in body
    ]
    return [code_shown(code) for code in ministry.codes.issue_many(orders)]


@router.get("/codes/{code}", responses=refusals(404), summary="One code")
async def code(code: str, ministry: Here) -> CodeShown:
    return code_shown(ministry.codes.get(read_scanned(code)))


@router.delete("/codes/{code}", status_code=204, responses=refusals(404), summary="Delete a code")
async def deletecode_shown(code: str, ministry: Here) -> None:
    ministry.codes.delete(ministry.codes.get(read_scanned(code)))


@router.post("/codes/{code}/shorten", responses=refusals(404), summary="Let a code end earlier")
async def shorten(code: str, body: Shortening, ministry: Here) -> CodeShown:
    return code_shown(ministry.codes.shorten(ministry.codes.get(read_scanned(code)), body.expires_at))


@router.post(
    "/codes/{code}/shares", status_code=201, responses=refusals(404), summary="Note that an institution has a code"
)
async def share(code: str, body: Sharing, ministry: Here) -> ShareShown:
    made = ministry.codes.share(ministry.codes.get(read_scanned(code)), body.label)
    return share_shown(made)


@router.get(
    "/codes/{code}/shares", responses=refusals(404), summary="Which institutions have a code, by its holder's notes"
)
async def shares(code: str, ministry: Here) -> list[ShareShown]:
    found = ministry.codes.shares_of(ministry.codes.get(read_scanned(code)))
    return [share_shown(made) for made in found]


@router.post(
    "/reports",
    status_code=201,
    responses=refusals(404),
    summary="File PCR, contact, vaccine, clinical and isolation reports",
)
async def file_reports(body: list[ReportBody], ministry: Here) -> FiledShown:
    known = ministry.registry.provinces_of([one.citizen_id for one in body])
    for one in body:
        if one.citizen_id not in known:
            ministry.registry.citizen(one.citizen_id)
    try:
        reports = [one.report() for one in body]
    except ValueError as error:
        raise Refused(str(error), key="badreport") from None
    ministry.risk_index.file(reports)
    return {"filed": len(reports)}


@router.get("/incidence", summary="Cases per 100,000 by province in the week from a Monday")
async def incidence(ministry: Here, week_start: Day | None = None) -> list[IncidenceShown]:
    today = ministry.world.now().astimezone(TURKEY).date()
    rows = ministry.risk_index.incidence(week_start or today - timedelta(days=today.weekday()))
    return [incidence_shown(row) for row in rows]


@router.get("/institutions", summary="Institutions")
async def institutions(ministry: Here) -> list[InstitutionShown]:
    return [institution_shown(made) for made in ministry.registry.institutions()]


@router.post("/institutions", status_code=201, summary="Enter an institution; its tax number is minted")
async def found_institution(body: NewInstitution, ministry: Here) -> FoundedShown:
    made = ministry.registry.found(RegisterInstitution(**body.model_dump()))
    return {"institution_id": made.institution_id, "vkn": made.vkn.digits, "label": made.label}


@router.get("/accounts", summary="Accounts with their passwords, which only a sandbox would show")
async def accounts(ministry: Here) -> list[AccountShown]:
    return [account_shown(ministry, account) for account in ministry.credentials.accounts()]


@router.post("/accounts", status_code=201, responses=refusals(404, 409), summary="Provision accounts, all or none")
async def provision(body: list[NewAccount], ministry: Here) -> list[AccountShown]:
    orders = [
        ProvisionAccount(
            institution_id=one.institution_id,
            label=ministry.registry.institution(one.institution_id).label,
            environment=one.environment,
        )
        for one in body
    ]
    return [account_shown(ministry, issued.account) for issued in ministry.credentials.provision_many(orders)]


@router.post("/accounts/{username}/rotate", responses=refusals(404), summary="Give an account a new password")
async def rotate(username: str, ministry: Here) -> AccountShown:
    return account_shown(ministry, ministry.credentials.rotate(username).account)


@router.post("/accounts/{username}/revoke", responses=refusals(404), summary="Close an account for good")
async def revoke(username: str, ministry: Here) -> AccountShown:
    ministry.credentials.revoke(username)
    return account_shown(ministry, ministry.credentials.account(username))


@router.get("/sms", summary="Text messages, newest first, of one phone or of all")
async def sms(ministry: Here, phone: str | None = None, limit: Limit = 100) -> list[MessageShown]:
    to = None if phone is None else read_line(phone)
    return [message_shown(message) for message in ministry.sms.inbox(to, limit=limit)]


@router.get("/queries", summary="The audit trail of one asker, newest first")
async def queries(asker: str, ministry: Here, limit: Limit = 100) -> list[AskedShown]:
    if "\x00" in asker:
        raise Refused("An asker's name has no NUL.", key="badasker")
    return [asked_shown(row) for row in ministry.queries.by(asker, limit=limit)]
