"""Routes of the lab, under `/_lab`."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Query, Request

from mockgov.clock import TURKEY, from_us
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import Code, ends_after_days
from mockgov.counters.context import Here
from mockgov.counters.reading import wire_moment
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Account, AccountState
from mockgov.lab.seeding import seed_town
from mockgov.lab.wire import (
    ClockMove,
    Day,
    FaultBody,
    Fork,
    NewAccount,
    NewCitizen,
    NewCode,
    NewInstitution,
    NewWorld,
    ReportBody,
    Seeding,
    Sharing,
    Shortening,
)
from mockgov.ministry import Ministry
from mockgov.queries.messages import Asked
from mockgov.refusal import Refused
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import Citizen
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.province import province_of

WORLDS_KEY = "hes.worlds"
Number = Annotated[int, Path(ge=1, lt=1 << 62)]
Limit = Annotated[int, Query(ge=1, le=10_000)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]
FAR = timedelta(days=365 * 80)

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


async def worlds_of(request: Request) -> Any:
    """The server's worlds."""
    return request.scope[WORLDS_KEY]


AllWorlds = Annotated[Any, Depends(worlds_of)]


@router.get("/worlds", summary="The worlds of this server")
async def worlds(worlds: AllWorlds) -> list[dict[str, Any]]:
    return [_world(worlds.get(name)) for name in worlds]


@router.post("/worlds", status_code=201, summary="Make a world, with a seeded town if people are asked for")
async def make_world(body: NewWorld, worlds: AllWorlds) -> dict[str, Any]:
    running = None if body.clock is None else body.clock == "running"
    changes = body.settings | ({} if body.start is None else {"start": body.start.isoformat()})
    made = worlds.make(body.name, seed=body.seed, people=body.people, running=running, changes=changes)
    return _world(made)


@router.post("/worlds/{name}/fork", status_code=201, summary="Copy a world")
async def fork_world(name: str, body: Fork, worlds: AllWorlds) -> dict[str, Any]:
    return _world(worlds.fork(name, body.to))


@router.delete("/worlds/{name}", status_code=204, summary="Drop a world and all that is in it")
async def drop_world(name: str, worlds: AllWorlds) -> None:
    worlds.drop(name)


@router.get("/world", summary="This world: name, seed, time, counts")
async def world(ministry: Here) -> dict[str, Any]:
    return _world(ministry)


@router.post("/world/seed", status_code=201, summary="Fill this world, while it is empty, with a ready town")
async def seed(body: Seeding, ministry: Here) -> dict[str, Any]:
    if ministry.registry.count():
        raise Refused("This world has people already; make another world.", key="worldnotempty")
    seed_town(ministry, body.people)
    return _world(ministry)


@router.post("/clock", summary="Move this world's clock forward; what falls due has happened when this returns")
async def move_clock(body: ClockMove, ministry: Here) -> dict[str, Any]:
    if (body.to is None) == (body.advance_s is None):
        raise Refused("Give either `to` or `advance_s`.", key="clockrefused")
    now = ministry.world.now()
    to = body.to if body.to is not None else now + timedelta(seconds=cast("float", body.advance_s))
    if to - now > FAR:
        raise Refused("A world's clock moves at most 80 years at a time.", key="clockrefused")
    ministry.advance(to)
    return _world(ministry)


@router.get("/people", summary="People by number, with everything a test needs to act as them")
async def people(ministry: Here, after: After = 0, limit: Limit = 100) -> list[dict[str, Any]]:
    return [_citizen(ministry, citizen) for citizen in ministry.registry.citizens(after=after, limit=limit)]


@router.get("/people/{citizen_id}", summary="One person")
async def person(citizen_id: Number, ministry: Here) -> dict[str, Any]:
    return _citizen(ministry, ministry.registry.citizen(citizen_id))


@router.post("/people", status_code=201, summary="Register people, all or none; numbers are minted")
async def register(body: list[NewCitizen], ministry: Here) -> list[dict[str, Any]]:
    made = ministry.registry.register([RegisterCitizen(**one.model_dump()) for one in body])
    return [_person(citizen) for citizen in made]


@router.get("/people/{citizen_id}/askers", summary="Who asked about a person, newest first")
async def askers(citizen_id: Number, ministry: Here, limit: Limit = 100) -> list[dict[str, Any]]:
    return [_asked(row) for row in ministry.queries.about(citizen_id, limit=limit)]


@router.put("/people/{citizen_id}/sharing", status_code=204, summary="Let a person share vaccine and test data or not")
async def sharing(citizen_id: Number, shares: bool, ministry: Here) -> None:  # noqa: FBT001  a query parameter
    ministry.registry.citizen(citizen_id)
    ministry.risk_index.share_test_data(citizen_id, shares=shares)


@router.post("/codes", status_code=201, summary="Issue codes, all or none")
async def issue(body: list[NewCode], ministry: Here) -> list[dict[str, Any]]:
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
    return [_code(code) for code in ministry.codes.issue_many(orders)]


@router.get("/codes/{code}", summary="One code")
async def code(code: str, ministry: Here) -> dict[str, Any]:
    return _code(ministry.codes.get(HesCode.parse(code)))


@router.delete("/codes/{code}", status_code=204, summary="Delete a code")
async def delete_code(code: str, ministry: Here) -> None:
    ministry.codes.delete(ministry.codes.get(HesCode.parse(code)))


@router.post("/codes/{code}/shorten", summary="Let a code end earlier")
async def shorten(code: str, body: Shortening, ministry: Here) -> dict[str, Any]:
    return _code(ministry.codes.shorten(ministry.codes.get(HesCode.parse(code)), body.expires_at))


@router.post("/codes/{code}/shares", status_code=201, summary="Note that an institution has a code")
async def share(code: str, body: Sharing, ministry: Here) -> dict[str, Any]:
    made = ministry.codes.share(ministry.codes.get(HesCode.parse(code)), body.label)
    return {"label": made.label, "shared_at": wire_moment(made.shared_at)}


@router.get("/codes/{code}/shares", summary="Which institutions have a code, by its holder's notes")
async def shares(code: str, ministry: Here) -> list[dict[str, Any]]:
    found = ministry.codes.shares_of(ministry.codes.get(HesCode.parse(code)))
    return [{"label": made.label, "shared_at": wire_moment(made.shared_at)} for made in found]


@router.post("/reports", status_code=201, summary="File PCR, contact, vaccine, clinical and isolation reports")
async def file_reports(body: list[ReportBody], ministry: Here) -> dict[str, int]:
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
async def incidence(ministry: Here, week_start: Day | None = None) -> list[dict[str, Any]]:
    today = ministry.world.now().astimezone(TURKEY).date()
    rows = ministry.risk_index.incidence(week_start or today - timedelta(days=today.weekday()))
    return [
        {
            "plate": row.plate,
            "province": province_of(row.plate).name,
            "cases": row.cases,
            "residents": row.population,
            "per_100k": round(row.per_100k, 2),
            "colour": row.colour.value,
        }
        for row in rows
    ]


@router.get("/institutions", summary="Institutions")
async def institutions(ministry: Here) -> list[dict[str, Any]]:
    return [
        {
            "institution_id": made.institution_id,
            "vkn": made.vkn.digits,
            "kind": made.kind.value,
            "name": made.name,
            "label": made.label,
            "province": made.province,
            "staff_count": made.staff_count,
            "staff_known": len(made.staff),
        }
        for made in ministry.registry.institutions()
    ]


@router.post("/institutions", status_code=201, summary="Enter an institution; its tax number is minted")
async def found_institution(body: NewInstitution, ministry: Here) -> dict[str, Any]:
    made = ministry.registry.found(RegisterInstitution(**body.model_dump()))
    return {"institution_id": made.institution_id, "vkn": made.vkn.digits, "label": made.label}


@router.get("/accounts", summary="Accounts with their passwords, which only a sandbox would show")
async def accounts(ministry: Here) -> list[dict[str, Any]]:
    return [_account(ministry, account) for account in ministry.credentials.accounts()]


@router.post("/accounts", status_code=201, summary="Provision accounts, all or none")
async def provision(body: list[NewAccount], ministry: Here) -> list[dict[str, Any]]:
    orders = [
        ProvisionAccount(
            institution_id=one.institution_id,
            label=ministry.registry.institution(one.institution_id).label,
            environment=one.environment,
        )
        for one in body
    ]
    return [_account(ministry, issued.account) for issued in ministry.credentials.provision_many(orders)]


@router.post("/accounts/{username}/rotate", summary="Give an account a new password")
async def rotate(username: str, ministry: Here) -> dict[str, Any]:
    return _account(ministry, ministry.credentials.rotate(username).account)


@router.post("/accounts/{username}/revoke", summary="Close an account for good")
async def revoke(username: str, ministry: Here) -> dict[str, Any]:
    ministry.credentials.revoke(username)
    return _account(ministry, ministry.credentials.account(username))


@router.get("/sms", summary="Text messages, newest first, of one phone or of all")
async def sms(ministry: Here, phone: str | None = None, limit: Limit = 100) -> list[dict[str, Any]]:
    to = None if phone is None else Phone.parse(phone)
    return [
        {
            "sent_at": wire_moment(message.sent_at),
            "sender": message.sender,
            "phone": message.phone.wire,
            "text": message.text,
        }
        for message in ministry.sms.inbox(to, limit=limit)
    ]


@router.get("/queries", summary="The audit trail of one asker, newest first")
async def queries(asker: str, ministry: Here, limit: Limit = 100) -> list[dict[str, Any]]:
    if "\x00" in asker:
        raise Refused("An asker's name has no NUL.", key="badasker")
    return [_asked(row) for row in ministry.queries.by(asker, limit=limit)]


@router.get("/faults", summary="The fault plan")
async def faults(ministry: Here) -> list[str]:
    return [repr(fault) for fault in ministry.world.faults.faults]


@router.put("/faults", summary="Take another fault plan; an empty list heals everything")
async def set_faults(body: list[FaultBody], ministry: Here) -> list[str]:
    ministry.world.faults.replace(tuple(one.fault() for one in body))
    return [repr(fault) for fault in ministry.world.faults.faults]


def _world(ministry: Ministry) -> dict[str, Any]:
    world = ministry.world
    return {
        "name": world.name,
        "seed": world.seed,
        "now": wire_moment(world.now()),
        "clock": world.clock.kind,
        "people": ministry.registry.count(),
        "institutions": len(ministry.registry.institutions()),
        "queries": ministry.queries.count(),
    }


def _person(citizen: Citizen) -> dict[str, Any]:
    return {
        "citizen_id": citizen.citizen_id,
        "identity_number": citizen.identity.digits,
        "id_card": citizen.id_card.text,
        "phone": citizen.phone.wire if citizen.phone else None,
        "firstname": citizen.firstname,
        "lastname": citizen.lastname,
        "sex": citizen.sex.value,
        "birth_date": citizen.birth_date.isoformat(),
        "province": citizen.province,
        "parents": list(citizen.parents),
    }


def _citizen(ministry: Ministry, citizen: Citizen) -> dict[str, Any]:
    status = "RISKY" if ministry.risky_now([citizen.citizen_id]) else "RISKLESS"
    codes: Sequence[Code] = ministry.codes.of(citizen.citizen_id)
    return _person(citizen) | {"health_status": status, "codes": [_code(code) for code in codes]}


def _code(code: Code) -> dict[str, Any]:
    return {
        "citizen_id": code.citizen_id,
        "hes_code": code.text,
        "created_at": wire_moment(code.created_at),
        "expires_at": wire_moment(code.expires_at),
        "description": code.description,
        "created_by": code.created_by,
        "qr": f"{code.qr_token}|{code.text}",
    }


def _asked(row: Asked) -> dict[str, Any]:
    return {
        "asked_at": wire_moment(from_us(row.asked_us)),
        "asker": row.asker,
        "purpose": row.purpose,
        "code": row.code,
        "citizen_id": row.citizen_id,
        "outcome": row.outcome,
        "place": row.place,
    }


def _account(ministry: Ministry, account: Account) -> dict[str, Any]:
    is_open = account.state is AccountState.ACTIVE
    return {
        "username": account.username,
        "environment": account.environment.value,
        "institution_id": account.institution_id,
        "state": account.state.value,
        "password": ministry.credentials.password(account.username, account.rotation) if is_open else None,
        "locked_until": None if account.locked_until is None else wire_moment(account.locked_until),
    }
