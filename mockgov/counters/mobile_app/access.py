"""Who is signed in, and for whom they may act."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from mockgov.counters.context import Here, known_as_citizen
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen, UnknownCitizen, may_act_for
from mockgov.signin.rules import BadToken
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.phone import Phone

CHANNEL = "hes-mobile"
NO_TOKEN = "Send `Authorization: Bearer <id_token>`, with the token that authenticate-with-code gave."  # noqa: S105


async def signed_in(
    sent: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False, bearerFormat="JWT"))],
    ministry: Here,
    request: Request,
) -> Citizen:
    """The citizen whose token the request carries. Raises `BadToken`."""
    if sent is None:
        raise BadToken(NO_TOKEN)
    return ministry.registry.citizen(known_as_citizen(request, ministry.signin.bearer(sent.credentials.strip())))


Newcomer = Annotated[Citizen, Depends(signed_in)]
"""Somebody with a token, registered or not."""


async def registered(citizen: Newcomer, ministry: Here) -> Citizen:
    """The citizen of the token, if registered. Raises `BadToken`, `NotRegistered`."""
    ministry.signin.require_registered(citizen.citizen_id)
    return citizen


SignedIn = Annotated[Citizen, Depends(registered)]
"""Somebody with a token who has registered."""


def read_phone(text: str) -> Phone:
    """The phone, or the refusal of an unknown one: what is no phone number is nobody's."""
    try:
        return Phone.parse(text)
    except InvalidWord as word:
        raise UnknownCitizen(str(word)) from None


def holder_of(ministry: Ministry, citizen: Citizen, child_tckn: str | None) -> Citizen:
    """The citizen, or the child of theirs that is named. Raises `UnknownCitizen`."""
    if not child_tckn:
        return citizen
    child = ministry.registry.by_identity(child_tckn)
    if not may_act_for(citizen, child, ministry.world.now()):
        raise UnknownCitizen("You may make codes for yourself and your own children under 18 only.")
    return child
