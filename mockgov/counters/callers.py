"""Who is calling, for a path that names no world: what a caller carries leads back to the world that made it.

A user name with its password, a token, a key, a phone number: each becomes a question that can be put to any
ministry. Asking leaves no trace: no wrong password is counted, and nothing is written.
"""

import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from types import MappingProxyType
from typing import Any, Final

from mockgov.counters.application.access import opened
from mockgov.counters.corporate.basic import read_basic
from mockgov.counters.kep_session import Sessions
from mockgov.counters.problem import problem
from mockgov.credentials.rules import Environment
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone

Knows = Callable[[Ministry], bool]
"""Whether a ministry knows the caller."""

APPLICATION: Final = re.compile(r"/kurumsal-entegrasyon/api/applications/([^/]+)(/.*)?")
OWN_PATHS: Final = ("/_lab/", "/console", "/docs", "/openapi.json")
BODY_LIMIT: Final = 65_536
"""Bytes of a body that is looked into. Of these routes only envelopes are longer, and begin with whose they are."""
ENVELOPES: Final = ("/kep/soap", "/KepEYazismaV1.1/KepEYazismaCOREWSDL.php")
ACCOUNT: Final = re.compile(rb"<(?:[\w.-]+:)?(kepHesap|parola|sifre)(?:\s[^<>]*)?>([^<>]*)</")
"""An element of text that says whose an envelope is."""


def pair(header: bytes, environment: Environment) -> Knows:
    """An institution's user name and password, as HTTP Basic."""
    pairs = read_basic(header)
    return lambda ministry: any(ministry.credentials.is_pair(name, word, environment) for name, word in pairs)


def sms_pair(system_id: str, password: str) -> Knows:
    """An account of the SMS gateway."""
    return lambda ministry: _opens(lambda: ministry.sms.sign_in(system_id, password))


def sms_header(header: bytes) -> Knows:
    """The same as HTTP Basic."""
    pairs = read_basic(header)
    return lambda ministry: any(sms_pair(name, word)(ministry) for name, word in pairs)


def token(text: str) -> Knows:
    """The token of somebody signed in to the application."""
    return lambda ministry: _opens(lambda: ministry.signin.bearer(text))


def phone(text: str) -> Knows:
    """A citizen's phone."""
    return lambda ministry: _opens(lambda: ministry.registry.by_phone(Phone.parse(text)))


def kep_session(text: str) -> Knows:
    """The token of an account of registered mail."""
    return lambda ministry: _opens(
        lambda: ministry.kep.account(Sessions(streams=ministry.world.streams, now=ministry.world.now).holder(text))
    )


def kep_password(address: str, password: str) -> Knows:
    """An account of registered mail, with its password."""
    return lambda ministry: _opens(lambda: _asked_kep(ministry, address, password))


def application_key(number: str, key: str) -> Knows:
    """An application, with its key."""
    return lambda ministry: _opens(lambda: opened(ministry, number, key))


def code(sought: HesCode) -> Knows:
    """A code that is not deleted."""
    return lambda ministry: _opens(lambda: ministry.codes.get(sought))


def correspondent(address: EmailAddress | None) -> Knows:
    """Somebody to whom the ministry has written."""
    return lambda ministry: address is not None and ministry.mail.has_written(address)


def misdirected(refusal: Refused) -> tuple[int, bytes]:
    """Status (RFC 9110, 15.5.20) and body for a caller whom more than one world knows."""
    title = "Çağıranı birden çok dünya tanıyor."
    return 421, problem(421, refusal.key, title, detail=refusal.message, entity="world")


def is_by_caller(path: str) -> bool:
    """Whether a path leads to its caller's world; the sandbox's own controls and pages are of the world they name."""
    return not path.startswith(OWN_PATHS)


def by_headers(path: str, headers: Mapping[bytes, bytes]) -> Knows | None:
    """What the head of a request tells of its caller, if anything."""
    application = APPLICATION.fullmatch(path)
    if application is not None and b"x-application-key" in headers:
        return application_key(application[1], headers[b"x-application-key"].decode("latin-1"))
    header = headers.get(b"authorization", b"")
    scheme, _, carried = header.strip().partition(b" ")
    if scheme.lower() == b"basic":
        return sms_header(header) if path.startswith("/sms/") else None
    if scheme.lower() == b"bearer":
        text = carried.strip().decode("latin-1")
        return kep_session(text) if path.startswith("/kep/") else token(text)
    return None


def tells_in_body(path: str) -> bool:
    """Whether callers of a path say who they are in the body."""
    return path in BY_BODY or path in ENVELOPES


def by_body(path: str, body: bytes) -> Knows | None:
    """What the body of a request tells of its caller, if anything; only for the paths that `tells_in_body` names."""
    if path in ENVELOPES:
        return _by_envelope(body)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    texts = [fields.get(name) for name in BY_BODY[path][1]] if isinstance(fields, dict) else [None]
    return BY_BODY[path][0](*texts) if all(isinstance(text, str) for text in texts) else None


BY_BODY: Final[Mapping[str, tuple[Callable[..., Knows], tuple[str, ...]]]] = MappingProxyType(
    {
        "/api/send-code-to-login": (phone, ("phone",)),
        "/api/authenticate-with-code": (phone, ("phone",)),
        "/kep/api/sessions": (kep_password, ("address", "password")),
    }
)
"""Routes whose callers say who they are in the body, and the fields in which they do."""


def _by_envelope(body: bytes) -> Knows | None:
    """The account of registered mail that an envelope names, with its password or a session."""
    told = {name: unescape(text.decode("utf-8", "replace")).strip() for name, text in reversed(ACCOUNT.findall(body))}
    address, password, session = told.get(b"kepHesap", ""), told.get(b"parola", ""), told.get(b"sifre", "")
    if password:
        return kep_password(address, password)
    return kep_session(session) if session else None


def _asked_kep(ministry: Ministry, address: str, password: str) -> None:
    if not ministry.kep.is_pair(KepAddress.parse(address), password):
        raise Refused("no such pair")


def _opens(ask: Callable[[], Any]) -> bool:
    try:
        ask()
    except (Refused, InvalidWord):
        return False
    return True
