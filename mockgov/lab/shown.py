"""What the lab's routes answer: a person, a code, a world and the rest, with nothing masked."""

from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import from_us
from mockgov.codes.rules import Code, Share
from mockgov.counters.reading import wire_moment
from mockgov.credentials.rules import Account, AccountState
from mockgov.ministry import Ministry
from mockgov.queries.messages import Asked
from mockgov.registry.rules import Citizen, Institution
from mockgov.risk_index.service import Incidence
from mockgov.sms.rules import Message
from mockgov.vocabulary.province import province_of


class WorldShown(TypedDict):
    """A world."""

    name: str
    seed: int
    now: str
    clock: str
    people: int
    institutions: int
    queries: int


class PersonShown(TypedDict):
    """A person as registered."""

    citizen_id: int
    identity_number: str
    id_card: str
    phone: str | None
    firstname: str
    lastname: str
    sex: str
    birth_date: str
    province: int
    parents: list[int]
    blue_card: bool
    passport: str | None
    died_on: str | None


class CodeShown(TypedDict):
    """A HES code."""

    citizen_id: int
    hes_code: str
    created_at: str
    expires_at: str
    description: str
    created_by: str
    qr: str


class CitizenShown(PersonShown):
    """A person with status and codes."""

    health_status: str
    codes: list[CodeShown]


class ShareShown(TypedDict):
    """A holder's note that an institution has a code."""

    label: str
    shared_at: str


class AskedShown(TypedDict):
    """A row of the audit trail."""

    asked_at: str
    asker: str
    purpose: str
    code: str | None
    citizen_id: int | None
    outcome: str
    place: str | None


class FiledShown(TypedDict):
    """How many reports were taken."""

    filed: int


class IncidenceShown(TypedDict):
    """A province's week."""

    plate: int
    province: str
    cases: int
    residents: int
    per_100k: float
    colour: str


class FoundedShown(TypedDict):
    """A new institution."""

    institution_id: int
    vkn: str
    label: str


class InstitutionShown(FoundedShown):
    """An institution."""

    kind: str
    name: str
    province: int
    staff_count: int
    staff_known: int
    headquarters: int | None


class AccountShown(TypedDict):
    """An account with its password."""

    username: str
    environment: str
    institution_id: int
    state: str
    password: str | None
    locked_until: str | None


class MessageShown(TypedDict):
    """A text message."""

    sent_at: str
    sender: str
    phone: str
    text: str


def world_shown(ministry: Ministry) -> WorldShown:
    """A world: name, seed, time, counts."""
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


def person_shown(ministry: Ministry, citizen: Citizen) -> PersonShown:
    """A person as registered."""
    died = ministry.registry.died_on(citizen.citizen_id)
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
        "blue_card": citizen.blue_card,
        "passport": citizen.passport.text if citizen.passport else None,
        "died_on": None if died is None else died.isoformat(),
    }


def citizen_shown(ministry: Ministry, citizen: Citizen) -> CitizenShown:
    """A person with status and codes."""
    risky = bool(ministry.risky_now([citizen.citizen_id]))
    codes = [code_shown(code) for code in ministry.codes.of(citizen.citizen_id)]
    return {**person_shown(ministry, citizen), "health_status": "RISKY" if risky else "RISKLESS", "codes": codes}


def code_shown(code: Code) -> CodeShown:
    """A HES code."""
    return {
        "citizen_id": code.citizen_id,
        "hes_code": code.text,
        "created_at": wire_moment(code.created_at),
        "expires_at": wire_moment(code.expires_at),
        "description": code.description,
        "created_by": code.created_by,
        "qr": f"{code.qr_token}|{code.text}",
    }


def share_shown(share: Share) -> ShareShown:
    """A holder's note that an institution has a code."""
    return {"label": share.label, "shared_at": wire_moment(share.shared_at)}


def asked_shown(row: Asked) -> AskedShown:
    """A row of the audit trail."""
    return {
        "asked_at": wire_moment(from_us(row.asked_us)),
        "asker": row.asker,
        "purpose": row.purpose,
        "code": row.code,
        "citizen_id": row.citizen_id,
        "outcome": row.outcome,
        "place": row.place,
    }


def incidence_shown(row: Incidence) -> IncidenceShown:
    """A province's week."""
    return {
        "plate": row.plate,
        "province": province_of(row.plate).name,
        "cases": row.cases,
        "residents": row.population,
        "per_100k": round(row.per_100k, 2),
        "colour": row.colour.value,
    }


def institution_shown(made: Institution) -> InstitutionShown:
    """An institution."""
    return {
        "institution_id": made.institution_id,
        "vkn": made.vkn.digits,
        "kind": made.kind.value,
        "name": made.name,
        "label": made.label,
        "province": made.province,
        "staff_count": made.staff_count,
        "staff_known": len(made.staff),
        "headquarters": made.headquarters,
    }


def account_shown(ministry: Ministry, account: Account) -> AccountShown:
    """An account with its password."""
    is_open = account.state is AccountState.ACTIVE
    return {
        "username": account.username,
        "environment": account.environment.value,
        "institution_id": account.institution_id,
        "state": account.state.value,
        "password": ministry.credentials.password(account.username, account.rotation) if is_open else None,
        "locked_until": None if account.locked_until is None else wire_moment(account.locked_until),
    }


def message_shown(message: Message) -> MessageShown:
    """A text message."""
    return {
        "sent_at": wire_moment(message.sent_at),
        "sender": message.sender,
        "phone": message.phone.wire,
        "text": message.text,
    }
