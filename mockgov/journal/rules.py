"""Which exchange is meant, and how far another is from it. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mockgov.journal.messages import Difference, Exchange, Search
from mockgov.refusal import Refused

MOST_BYTES: Final = 128 << 20
"""Bytes of bodies that a journal keeps; then the oldest exchanges go (chosen here)."""
BODY_LIMIT: Final = 32 << 10
"""Bytes of one body that are kept (chosen here)."""
ANY, NONE = "any", "none"
PROTOCOLS: Final = ("http", "kep_soap", "smtp", "kep_smtp", "smpp", "sms", "lab")
_SEPARATORS = re.compile(r"[\s-]")


class UnknownExchange(Refused):
    """No exchange of that number, or not any more."""

    key = "exchangenotfound"


class BadAssertion(Refused):
    """An assertion that says nothing, or contradicts itself."""

    key = "badassertion"


def clean(code: str) -> str:
    """A code as exchanges have it."""
    return _SEPARATORS.sub("", code).upper()


def differences(exchange: Exchange, search: Search) -> Iterator[Difference]:
    """Every field in which an exchange is not what is meant."""
    for name, fits in FITS.items():
        wanted = getattr(search, name)
        if wanted is not None and not fits(exchange, wanted):
            yield Difference(name, str(wanted), WAS[name](exchange))


def is_meant(exchange: Exchange, search: Search) -> bool:
    """Whether an exchange is one of those that are meant."""
    return next(differences(exchange, search), None) is None


def _named(was: str, wanted: str) -> bool:
    """A value, or whether there is any."""
    if wanted == ANY:
        return bool(was)
    return not was if wanted == NONE else was == wanted


def _operation(exchange: Exchange, wanted: str) -> bool:
    """By its name, its template, or its path; case does not matter."""
    names = (exchange.operation, f"{exchange.method} {exchange.operation}", exchange.path.partition("?")[0])
    return wanted.casefold() in [name.casefold() for name in names]


def _asker(exchange: Exchange, wanted: str) -> bool:
    """The user name, or the label that it is made from."""
    return exchange.asker == wanted or exchange.asker.startswith((f"{wanted}-G2G-", f"{wanted}-TEST"))


def _text(exchange: Exchange, wanted: str) -> bool:
    where = [exchange.path, exchange.request.body, exchange.response.body]
    where += [f"{name}: {value}" for part in (exchange.request, exchange.response) for name, value in part.head]
    folded = wanted.casefold()
    return any(folded in each.casefold() for each in where)


FITS: Final[Mapping[str, Callable[..., bool]]] = MappingProxyType(
    {
        "protocol": lambda exchange, wanted: exchange.protocol == wanted,
        "operation": _operation,
        "method": lambda exchange, wanted: exchange.method == wanted.upper(),
        "asker": _asker,
        "code": lambda exchange, wanted: clean(wanted) in exchange.subjects,
        "purpose": lambda exchange, wanted: exchange.purpose == wanted,
        "status": lambda exchange, wanted: exchange.status == wanted,
        "refusal": lambda exchange, wanted: _named(exchange.refusal, wanted),
        "fault": lambda exchange, wanted: _named(exchange.fault, wanted),
        "since": lambda exchange, wanted: exchange.at >= wanted,
        "until": lambda exchange, wanted: exchange.at < wanted,
        "text": _text,
    }
)
"""How each field of a search is held against an exchange."""
WAS: Final[Mapping[str, Callable[[Exchange], str]]] = MappingProxyType(
    {
        "protocol": lambda exchange: exchange.protocol,
        "operation": lambda exchange: exchange.operation,
        "method": lambda exchange: exchange.method,
        "asker": lambda exchange: exchange.asker,
        "code": lambda exchange: ", ".join(exchange.subjects[:5]),
        "purpose": lambda exchange: exchange.purpose,
        "status": lambda exchange: str(exchange.status),
        "refusal": lambda exchange: exchange.refusal or NONE,
        "fault": lambda exchange: exchange.fault or NONE,
        "since": lambda exchange: exchange.at.isoformat(),
        "until": lambda exchange: exchange.at.isoformat(),
        "text": lambda _: "…",
    }
)
"""What an exchange has there."""
