"""Lab routes that let somebody act as a person at e-Devlet."""

from fastapi import APIRouter
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.lab.http import Number

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])


class EdevletShown(TypedDict):
    """What one signs in with, and for whom one speaks."""

    identity_number: str
    password: str | None
    """The minted one; null for a minor, and for who has chosen another, of which only a hash is kept."""
    manages: list[str]
    """Labels of institutions."""


@router.get(
    "/people/{citizen_id}/edevlet",
    responses=refusals(404),
    summary="A person's e-Devlet password, and whom they manage",
)
async def edevlet(citizen_id: Number, ministry: Here) -> EdevletShown:
    """With this one signs in under `/Giris/gir`."""
    citizen = ministry.registry.citizen(citizen_id)
    return {
        "identity_number": citizen.identity.digits,
        "password": ministry.edevlet.password(citizen_id),
        "manages": [one.label for one in ministry.registry.managed_by(citizen_id)],
    }
