# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""Routes of the lab to pick any person, see them, and act as them."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import TURKEY
from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.lab.handsets import SentShown, sent_shown
from mockgov.lab.http import After, Number
from mockgov.lab.shown import CodeShown, code_shown
from mockgov.lab.wire import Text
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen, age_on, is_minor
from mockgov.sms.rules import SHORT_NUMBER
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.province import province_of
from mockgov.vocabulary.risk_status import RiskStatus
from mockgov.vocabulary.turkish import has_part

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])
Age = Annotated[int | None, Query(ge=0, le=150)]
Limit = Annotated[int, Query(ge=1, le=1000)]
Part = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
AT_ONCE = 1000


class FromPerson(Strict):
    """A message that somebody types on their phone."""

    text: Annotated[str, StringConstraints(max_length=40_000, pattern=r"^[^\x00]*$")]
    to: Text = SHORT_NUMBER


class NoPhone(Refused):
    """Somebody without a line of their own."""

    key = "nophone"


class PersonLine(TypedDict):
    """A person in a list."""

    citizen_id: int
    firstname: str
    lastname: str
    age: int
    province: int
    has_phone: bool
    health_status: str


class Relative(TypedDict):
    """Somebody of the household."""

    citizen_id: int
    relation: str
    firstname: str
    lastname: str
    age: int


class Channels(TypedDict):
    """By which fronts the person can be met."""

    sms: bool
    app: bool
    edevlet: bool


class PersonCard(PersonLine):
    """All that it takes to act as a person; numbers are masked unless asked for."""

    sex: str
    birth_date: str
    died_on: str | None
    province_name: str
    identity_number: str
    id_card: str
    phone: str | None
    channels: Channels
    isolated_until: str | None
    codes: list[CodeShown]
    family: list[Relative]


@router.get("/people/find", summary="Pick people: by name, province, status, age, phone")
async def find(
    ministry: Here,
    name: Part = None,
    province: Annotated[int | None, Query(ge=1, le=81)] = None,
    risk: RiskStatus | None = None,
    min_age: Age = None,
    max_age: Age = None,
    has_phone: bool | None = None,  # noqa: FBT001  a query parameter
    after: After = 0,
    limit: Limit = 20,
) -> list[PersonLine]:
    found: list[PersonLine] = []
    for page in _pages(ministry, after):
        for line in _lines(ministry, page):
            fits = (
                (name is None or has_part(f"{line['firstname']} {line['lastname']}", name))
                and province in (None, line["province"])
                and (risk is None or line["health_status"] == risk.value)
                and (min_age is None or line["age"] >= min_age)
                and (max_age is None or line["age"] <= max_age)
                and has_phone in (None, line["has_phone"])
            )
            if fits:
                found.append(line)
                if len(found) == limit:
                    return found
    return found


@router.get(
    "/people/{citizen_id}/card",
    responses=refusals(404),
    summary="A person with phone, channels, status, codes and family; numbers masked unless asked for",
)
async def card(citizen_id: Number, ministry: Here, unmask: bool = False) -> PersonCard:  # noqa: FBT001, FBT002  a query parameter
    citizen = ministry.registry.citizen(citizen_id)
    isolation = ministry.isolation_of(citizen_id)
    phone, masked, died = citizen.phone, not unmask, ministry.registry.died_on(citizen_id)
    return {
        **_lines(ministry, [citizen])[0],
        "sex": citizen.sex.value,
        "birth_date": f"{citizen.birth_date.year}-**-**" if masked else citizen.birth_date.isoformat(),
        "died_on": None if died is None else died.isoformat(),
        "province_name": province_of(citizen.province).name,
        "identity_number": citizen.identity.masked if masked else citizen.identity.digits,
        "id_card": citizen.id_card.masked if masked else citizen.id_card.text,
        "phone": None if phone is None else phone.masked if masked else phone.wire,
        "channels": {
            "sms": phone is not None and died is None,
            "app": phone is not None and died is None,
            "edevlet": died is None and not is_minor(citizen, ministry.world.now()),
        },
        "isolated_until": None if isolation is None else wire_moment(isolation[1]),
        "codes": [code_shown(code) for code in ministry.codes.of(citizen_id)],
        "family": list(_family(ministry, citizen)),
    }


@router.post(
    "/people/{citizen_id}/sms",
    status_code=201,
    responses=refusals(404),
    summary="Send a message from a person's phone, to 2023 unless said otherwise",
)
async def send(citizen_id: Number, body: FromPerson, ministry: Here) -> SentShown:
    return sent_shown(ministry.sms.from_handset(_phone(ministry, citizen_id), body.to, body.text))


def _phone(ministry: Ministry, citizen_id: int) -> Phone:
    phone = ministry.registry.citizen(citizen_id).phone
    if phone is None:
        raise NoPhone(
            f"Person {citizen_id} has no phone; take another, such as one of /_lab/people/find?has_phone=true."
        )
    return phone


def _pages(ministry: Ministry, after: int) -> Iterator[Sequence[Citizen]]:
    while page := ministry.registry.citizens(after=after, limit=AT_ONCE):
        yield page
        after = page[-1].citizen_id


def _lines(ministry: Ministry, citizens: Sequence[Citizen]) -> list[PersonLine]:
    risky = ministry.risky_now([citizen.citizen_id for citizen in citizens])
    return [
        {
            "citizen_id": citizen.citizen_id,
            "firstname": citizen.firstname,
            "lastname": citizen.lastname,
            "age": _age(ministry, citizen),
            "province": citizen.province,
            "has_phone": citizen.phone is not None,
            "health_status": (RiskStatus.RISKY if citizen.citizen_id in risky else RiskStatus.RISKLESS).value,
        }
        for citizen in citizens
    ]


def _family(ministry: Ministry, citizen: Citizen) -> Iterator[Relative]:
    """Parents, then children under 18 for whom the person acts."""
    for parent in citizen.parents:
        yield _relative(ministry, "parent", ministry.registry.citizen(parent))
    for child in ministry.registry.children_of(citizen):
        yield _relative(ministry, "child", child)


def _relative(ministry: Ministry, relation: str, citizen: Citizen) -> Relative:
    return {
        "citizen_id": citizen.citizen_id,
        "relation": relation,
        "firstname": citizen.firstname,
        "lastname": citizen.lastname,
        "age": _age(ministry, citizen),
    }


def _age(ministry: Ministry, citizen: Citizen) -> int:
    return age_on(citizen.birth_date, ministry.world.now().astimezone(TURKEY).date())
