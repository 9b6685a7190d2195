"""Who is at the counter: the session's cookie, the page tokens, and for which institutions somebody speaks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from mockgov.counters.context import known_as_citizen
from mockgov.edevlet.rules import NoSession, Session
from mockgov.ministry import Ministry
from mockgov.pages.guard import FIELD, check_form
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen, Institution

COOKIE: Final = "edevlet_oturum"
"""The cookie that carries the session's token (chosen here)."""
THRESHOLD: Final = 500
"""Staff from which an institution integrates in place of asking here (facts sections 3 and 6)."""


class NotManager(Refused):
    """Somebody who speaks for no institution that may query groups here."""

    key = "notmanager"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    citizen: Citizen
    session: Session

    @property
    def name(self) -> str:
        """As the page greets its owner; nobody else sees it."""
        return f"{self.citizen.firstname} {self.citizen.lastname}"


def visitor_of(request: Request, ministry: Ministry) -> Visitor:
    """Whose session the request carries. Raises `NoSession`."""
    session = ministry.edevlet.session(request.cookies.get(COOKIE, ""))
    return Visitor(ministry.registry.citizen(known_as_citizen(request, session.citizen_id)), session)


def visitor_if_any(request: Request, ministry: Ministry) -> Visitor | None:
    """The same, or None."""
    try:
        return visitor_of(request, ministry)
    except NoSession:
        return None


def let_in(request: Request, answer: Response, token: str) -> None:
    """Hand the session's token to the browser: for this world's pages, out of scripts' and other sites' reach."""
    answer.set_cookie(
        COOKIE,
        token,
        path=_path(request),
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def let_out(request: Request, answer: Response) -> None:
    """Take the cookie back."""
    answer.delete_cookie(COOKIE, path=_path(request), httponly=True, samesite="lax")


def page_token(ministry: Ministry, visitor: Visitor, page: str) -> str:
    """What the forms of a page carry in this session."""
    return ministry.edevlet.page_token(visitor.session, page)


def check_token(request: Request, fields: FormData, token: str, *, field: str = "token") -> dict[str, Any]:
    """The fields of a form that this page sent out in this session. Raises `ForeignForm`."""
    check_form(request.headers, {FIELD: fields.get(field)}, token)
    return dict(fields)


def is_from_elsewhere(request: Request) -> bool:
    """Whether a browser says that a link of another site was followed (W3C Fetch Metadata)."""
    return request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def institutions_of(ministry: Ministry, visitor: Visitor) -> Sequence[Institution]:
    """The institutions for which somebody may query groups here, by number. Raises `NotManager`."""
    managed = ministry.registry.managed_by(visitor.citizen.citizen_id)
    if not managed:
        raise NotManager("You speak for no institution. Its manager signs in and queries its groups.")
    small = [one for one in managed if _staff(ministry, one) < THRESHOLD]
    if not small:
        raise NotManager(f"From {THRESHOLD} staff on, an institution queries by machine: see Kurumsal Entegrasyon.")
    return small


def asker_of(institution: Institution, visitor: Visitor) -> str:
    """How the trail names a manager who asks for an institution."""
    return f"institution:{institution.institution_id}/citizen:{visitor.citizen.citizen_id}"


def _staff(ministry: Ministry, institution: Institution) -> int:
    """The staff of everybody under the institution's tax number."""
    return sum(one.staff_count for one in ministry.registry.establishments(institution.vkn))


def _path(request: Request) -> str:
    return f"{request.scope.get('root_path', '')}/"
