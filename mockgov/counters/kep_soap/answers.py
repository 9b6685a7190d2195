"""The shapes of answers: a success, parallel lists, a refusal."""

from typing import Any

from mockgov.counters.kep_soap.contract import OPERATIONS, TYPES, Values
from mockgov.counters.kep_soap.durum import SUCCESS_TEXT, Durum


def fine(**fields: str) -> Values:
    """A success with what else it says."""
    return {"durum": int(Durum.SUCCESS), "hataaciklama": SUCCESS_TEXT, **fields}


def lists(length: int, columns: Values) -> Values:
    """Parallel lists. One that found nothing says so by a single success, so that no client meets an empty answer."""
    rows = max(length, 1)
    return {"durum": [int(Durum.SUCCESS)] * rows, "hataaciklama": [SUCCESS_TEXT] * rows, **columns}


def refused(operation: str, durum: int, text: str) -> Any:
    """The answer to a refusal, in the shape of the operation's answers."""
    gives = OPERATIONS[operation].gives
    if gives.kind not in TYPES:
        return [] if gives.many else None
    if gives.kind == "kontorSonuc":
        return {"cins": text}
    told: dict[str, Any] = {"durum": durum, "hataaciklama": text}
    return {
        field.name: [told[field.name]] if field.many else told[field.name]
        for field in TYPES[gives.kind]
        if field.name in told
    }
