"""How careful an integration is: with dates, letters and repeated questions. Pure; exchanges are in their order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from mockgov.conformance.catalogue import Told
from mockgov.conformance.situations import MISSING, Seen, count, failed, first, passed, read, rounds
from mockgov.journal.messages import Exchange

AHEAD: Final = timedelta(hours=3)
"""By how much Turkish time is ahead of UTC."""
AGAIN: Final = timedelta(minutes=10)
"""Within which an answer is still good (chosen here)."""
ENOUGH: Final = 10
TURKISH: Final = frozenset("İıŞşĞğÇçÖöÜü")
SPOILT: Final = (
    "\ufffd",
    "Ä°",
    "Ä±",
    "ÅŸ",
    "Åž",
    "ÄŸ",
    "Äž",
    "Ã§",
    "Ã‡",
    "Ã¶",
    "Ã–",
    "Ã¼",
    "Ãœ",
    "i\u0307",
    "Ä\xb0",
    "Å\x9f",
    "Ä\x9f",
)
"""What becomes of Turkish letters that are read in another encoding, or folded by another language's rules."""


def utc_dates(seen: Seen) -> Told:
    """A code is still asked about in the last three hours before its end."""
    return first(seen, _late)


def _late(one: Exchange) -> bool:
    body = read(one.response.body) if one.status == 200 else None
    told: Sequence[object] = [body, *(body.get("success_map") or {}).values()] if isinstance(body, dict) else ()
    return any(timedelta(0) < end - one.at <= AHEAD for end in map(_end, told) if end is not None)


def _end(answer: object) -> datetime | None:
    text = answer.get("expiration_date") if isinstance(answer, dict) else None
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def turkish_letters(seen: Seen) -> Told:
    """Letters arrive as they were written."""
    for one in seen:
        if any(spoilt in one.request.body for spoilt in SPOILT):
            tr, en = "Türkçe harfler bozuk geldi; gövdeyi UTF-8 gönderin.", "Turkish letters came spoilt; send UTF-8."
            return failed(tr, en, one)
    return first(seen, lambda one: one.status == 200 and _has_turkish(one))


def _has_turkish(one: Exchange) -> bool:
    body = read(one.request.body)
    values = body.values() if isinstance(body, dict) else ()
    return any(TURKISH & set(value) for value in values if isinstance(value, str))


def not_asked_again(seen: Seen) -> Told:
    """What was answered is remembered; nobody stands in a list twice."""
    asked: dict[str, Exchange] = {}
    for one in rounds(seen):
        if count(one) > len(one.subjects):
            tr, en = "Bir kod aynı listede iki kez var.", "A code stands in the same list twice."
            return failed(tr, en, one)
        for code in one.subjects:
            before = asked.get(code)
            if before is not None and one.at - before.at <= AGAIN:
                tr, en = "Yanıtlanan bir kod yeniden soruldu.", "A code that had been answered was asked again."
                return failed(tr, en, before, one)
            asked[code] = one
    return passed(*list(asked.values())[:1]) if len(asked) >= ENOUGH else MISSING
