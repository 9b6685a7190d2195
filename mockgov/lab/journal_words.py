"""The words by which exchanges are searched: all that a field can hold, and the nearest to one that none holds.

A search for a word that nothing can have would find nothing, and an assertion of it would hold for ever.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from starlette.routing import compile_path

from mockgov.counters.corporate.wire import OPERATIONS
from mockgov.counters.exchange import NOWHERE
from mockgov.counters.kep_soap.contract import OPERATIONS as SOAP_OPERATIONS
from mockgov.counters.smpp.pdu import Command, Status
from mockgov.counters.smtp.noting import COMMANDS
from mockgov.credentials.rules import LIVE_BASE, TEST_BASE
from mockgov.explanation.refusals import table
from mockgov.journal.messages import Search
from mockgov.journal.rules import ANY, NONE, PROTOCOLS
from mockgov.journal.service import Journal
from mockgov.kep.grounds import Reason as LetterReason
from mockgov.lab.faults import paths
from mockgov.listening import TO_HANDSET, TO_MINISTRY
from mockgov.queries.rules import Purpose
from mockgov.refusal import Refused
from mockgov.sms.fates import Reason
from mockgov.sms.rules import State

LIST: Final = "GET /_lab/journal/words"
FEW: Final = 10
"""Words up to which all are told at once."""
_METHOD = re.compile(r"^[A-Z]+ (?=/)", re.IGNORECASE)
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
"""A status of mail (RFC 3463), which stands for the reason where there is no other."""

Words = Mapping[str, Collection[str]]


class UnknownSearchWord(Refused):
    """A word that no exchange can have in that field."""

    key = "unknownsearchword"


def known(routes: Iterable[Any]) -> dict[str, list[str]]:
    """All words by field; `routes` are those of the application."""
    return {
        "protocol": list(PROTOCOLS),
        "operation": list(dict.fromkeys(_operations(routes))),
        "purpose": list(Purpose),
        "refusal": list(dict.fromkeys(_refusals())),
    }


def check(search: Search, journal: Journal, words: Callable[[], Words]) -> None:
    """Raises `UnknownSearchWord`, all of them at once, for words that are neither known nor in the journal."""
    asked = {name: getattr(search, name) for name in ("protocol", "operation", "purpose", "refusal")}
    if not any(asked.values()):
        return
    lists = words()
    strange = {
        name: word
        for name, word in asked.items()
        if word is not None and not FITS[name](word, lists[name]) and not _held(journal, name, word)
    }
    if strange:
        told = " ".join(_told(name, word, lists[name]) for name, word in strange.items())
        raise UnknownSearchWord(f"{told} {LIST} lists all words.")


def _operations(routes: Iterable[Any]) -> Iterator[str]:
    yield from (operation.name for operation in OPERATIONS)
    yield from (base + operation.suffix for base in (LIVE_BASE, TEST_BASE) for operation in OPERATIONS)
    yield from sorted(set(paths(routes)))
    yield from SOAP_OPERATIONS
    yield from COMMANDS
    yield from (command.name.lower() for command in Command)
    yield from (TO_MINISTRY, TO_HANDSET, NOWHERE, "unreadable")


def _refusals() -> Iterator[str]:
    yield from (ANY, NONE)
    yield from table()
    yield from LetterReason
    yield from (status.name.lower() for status in Status if status is not Status.ROK)
    yield from (reason.words for reason in Reason)
    yield from State


def _is_operation(word: str, names: Collection[str]) -> bool:
    """By name, template with or without its method, or a path that a template takes; case does not matter."""
    bare = _METHOD.sub("", word)
    if bare.casefold() in {name.casefold() for name in names}:
        return True
    return bare.startswith("/") and any(
        compile_path(name)[0].match(bare) is not None for name in names if name.startswith("/") and "{" in name
    )


FITS: Final[Mapping[str, Callable[[str, Collection[str]], bool]]] = {
    "protocol": lambda word, names: word in names,
    "operation": _is_operation,
    "purpose": lambda word, names: word in names,
    "refusal": lambda word, names: word in names or _ENHANCED.fullmatch(word) is not None,
}
"""Whether a word is one that a field can hold."""


def _held(journal: Journal, name: str, word: str) -> bool:
    """Whether the journal has such an exchange, known or not: what is there can be asked for."""
    meant: dict[str, Any] = {name: word}
    return bool(journal.search(Search(**meant), limit=1))


def _told(name: str, word: str, names: Collection[str]) -> str:
    folded = {one.casefold(): one for one in names}
    near = get_close_matches(_METHOD.sub("", word).casefold(), folded, n=1, cutoff=0.6)
    said = f"No exchange can have this `{name}`."
    if near:
        return f"{said} Did you mean {folded[near[0]]}?"
    if name == "operation":
        return f"{said} Write C1 to C6, a route's template or path, or a protocol's verb."
    return f"{said} Write one of {', '.join(names)}." if len(names) <= FEW else said
