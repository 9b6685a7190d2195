"""How an integration meets each situation: ordinary answers, lists, refusals. Pure; exchanges are in their order."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from mockgov.conformance.catalogue import Outcome, Told, Words
from mockgov.journal.messages import Exchange

MANY: Final = 500
"""Codes in one call, at most (facts C4, C6)."""
LISTS: Final = ("C4", "C6")
BUSY: Final = frozenset({429, 502, 503, 504})
SOON: Final = timedelta(minutes=1)
PATIENCE: Final = 5
"""Further exchanges, or wrong passwords in a row, after which it is too late for what was to come (chosen here)."""
FIELDS: Final = frozenset({"hes_code", "city", "district", "explicit_address", "location", "latitude", "longitude"})
UNMINTED: Final = "unmintedidentifier"
PLACE: Final = ("city", "district", "explicit_address")
_CODES = re.compile(r'"hes_code"')

PASSED, MISSING = Outcome.PASSED, Told(Outcome.MISSING)
Seen = Sequence[Exchange]


def failed(tr: str, en: str, *shown: Exchange) -> Told:
    """What went wrong, and where it can be seen."""
    return Told(Outcome.FAILED, tuple(one.number for one in shown), Words(tr, en))


def passed(*shown: Exchange) -> Told:
    """Where it can be seen."""
    return Told(PASSED, tuple(one.number for one in shown))


def waiting(tr: str, en: str, *shown: Exchange) -> Told:
    """The situation has come up, but what must follow has not."""
    return Told(Outcome.MISSING, tuple(one.number for one in shown), Words(tr, en))


def first(seen: Seen, fits: Callable[[Exchange], bool]) -> Told:
    """Passed once an exchange fits."""
    found = next((one for one in seen if fits(one)), None)
    return MISSING if found is None else passed(found)


def read(text: str) -> Any:
    """A body's JSON; None for what is none, or was cut."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def told_risk(one: Exchange, status: str) -> bool:
    """Whether an answer tells a status of somebody."""
    return one.status == 200 and f'"current_health_status":"{status}"' in one.response.body.replace(" ", "")


def riskless(seen: Seen) -> Told:
    """Somebody was riskless."""
    return first(seen, lambda one: told_risk(one, "RISKLESS"))


def risky(seen: Seen) -> Told:
    """Somebody was risky."""
    return first(seen, lambda one: told_risk(one, "RISKY"))


def refused_with(seen: Seen, key: str) -> Told:
    """A code was refused so, by itself or in a list."""
    return first(seen, lambda one: one.refusal == key or (one.status == 200 and f'"{key}"' in one.response.body))


def expired(seen: Seen) -> Told:
    """A code's time was over."""
    return refused_with(seen, "hescodehasbeenexpired")


def unknown(seen: Seen) -> Told:
    """A code was nobody's."""
    return refused_with(seen, "hescodenotfound")


def purpose_given(seen: Seen) -> Told:
    """C1 with a whole place, or C2, is in use."""
    for one in seen:
        if one.operation != "C1":
            continue
        body = read(one.request.body)
        if isinstance(body, dict) and not all(str(body.get(field, "")).strip() for field in PLACE):
            tr, en = "C1'de yer eksik: city, district ve explicit_address doldurun.", "C1 lacks its place: fill in"
            return failed(tr, f"{en} city, district and explicit_address.", one)
    return first(seen, lambda one: one.operation in {"C1", "C2"} and one.status == 200)


def masked_data_only(seen: Seen) -> Told:
    """Nothing but codes and places is sent, and nothing in addresses."""
    for one in seen:
        if "?" in one.path:
            tr, en = "Adreste sorgu var; veriyi gövdede gönderin.", "There is a query string; send data in the body."
            return failed(tr, en, one)
        if one.refusal == UNMINTED:
            tr = "Bu dünyanın vermediği bir numara gönderildi; yalnızca HES kodu gönderin."
            return failed(tr, "A number was sent that this world has not minted; send HES codes only.", one)
        if extra := sorted(_fields(read(one.request.body)) - FIELDS):
            names = ", ".join(extra[:3])
            tr, en = f"Fazla alan gönderildi: {names}.", f"Fields were sent that nobody asked for: {names}."
            return failed(tr, en, one)
    return first(seen, lambda one: one.status == 200)


def _fields(body: Any) -> set[str]:
    if isinstance(body, dict):
        return {str(key) for key in body}.union(*(_fields(value) for value in body.values()))
    return set().union(*(_fields(value) for value in body)) if isinstance(body, list) else set()


def count(one: Exchange) -> int:
    """Codes that a call has, repeated ones too."""
    return max(len(_CODES.findall(one.request.body)), len(one.subjects))


def bulk_of_500(seen: Seen) -> Told:
    """A full list was answered."""
    return first(seen, lambda one: one.operation in LISTS and one.status == 200 and len(one.subjects) == MANY)


def over_the_limit(seen: Seen) -> Told:
    """More than 500 codes got their answers, whether divided at once or after a refusal."""
    lists = [one for one in seen if one.operation in LISTS]
    late: Exchange | None = None
    refused: tuple[Exchange, int] | None = None
    for at, one in enumerate(lists):
        if one.refusal == "toomanyhescodes":
            got = [later for later in lists[at + 1 :] if later.status == 200]
            left = _unanswered(one, got)
            if not left:
                return passed(one, *got[:2])
            refused = one, left
            late = one if len(lists) - at > PATIENCE else late
        elif one.status == 200 and len(one.subjects) == MANY:
            follows = next((later for later in lists[at + 1 :] if later.at - one.at <= SOON), None)
            if follows is not None and follows.status == 200 and not set(follows.subjects) & set(one.subjects):
                return passed(one, follows)
    if late is not None:
        tr = "Reddedilen uzun liste bölünüp sorulmadı."
        return failed(tr, "The long list that was refused was not divided and asked again.", late)
    if refused is not None:
        one, left = refused
        tr = f"{count(one)} kodluk liste reddedildi; şimdi en çok {MANY} kodluk listelere bölünüp sorulmalı"
        en = f"A list of {count(one)} codes was refused; it now has to be divided into lists of at most {MANY}"
        return waiting(f"{tr} ({left} kod yanıt bekliyor).", f"{en} and asked ({left} codes have no answer yet).", one)
    return MISSING


def _unanswered(one: Exchange, later: Seen) -> int:
    """How many codes of a refused list have no answer in later ones; of unreadable codes only the number is known."""
    if one.subjects:
        return len(set(one.subjects) - {code for other in later for code in other.subjects})
    return max(0, count(one) - sum(map(count, later)))


def unsuccessful_told(seen: Seen) -> Told:
    """Nobody asks at once again about what a list told to be bad."""
    shown = None
    for at, one in enumerate(seen):
        body = read(one.response.body) if one.operation in LISTS and one.status == 200 else None
        bad = set(body.get("unsuccess_map") or {}) if isinstance(body, dict) else set()
        if not bad:
            continue
        shown = shown or one
        for later in seen[at + 1 :]:
            if later.at - one.at <= SOON and bad & set(later.subjects):
                tr = "unsuccess_map içindeki kod hemen yeniden soruldu; yanıtın iki bölümünü de okuyun."
                return failed(tr, "A code in unsuccess_map was asked again at once; read both maps.", one, later)
    return MISSING if shown is None else passed(shown)


def same(one: Exchange, other: Exchange) -> bool:
    """Whether one request repeats the other."""
    return one.operation == other.operation and one.request.body == other.request.body


def retried(seen: Seen, *, stands: bool) -> Told:
    """What could not be answered is asked again, and not before `Retry-After`; `stands`: the clock does not run."""
    shown: list[Exchange] = []
    for at, one in enumerate(seen):
        if one.status not in BUSY:
            continue
        again = next((later for later in seen[at + 1 :] if same(later, one)), None)
        if again is None:
            if len(seen) - at > PATIENCE:
                tr, en = "Yanıtlanamayan istek yeniden denenmedi.", "A request that could not be answered was dropped."
                return failed(tr, en, one)
            continue
        wait = next((value for name, value in one.response.head if name == "retry-after"), "")
        if not stands and wait.isdigit() and again.at - one.at < timedelta(seconds=int(wait)):
            tr, en = "Retry-After beklenmeden yeniden denendi.", "It was tried again before Retry-After."
            return failed(tr, en, one, again)
        shown += [one, again]
    return passed(*shown[:4]) if shown else MISSING


def not_repeated(seen: Seen) -> Told:
    """What is wrong by itself is not sent again as it is."""
    shown = None
    for at, one in enumerate(seen):
        if one.status != 400:
            continue
        shown = shown or one
        again = next((later for later in seen[at + 1 : at + 1 + PATIENCE] if same(later, one)), None)
        if again is not None and again.at - one.at <= SOON:
            tr, en = "400 alan istek aynen yinelendi; yanıtı değişmez.", "What got a 400 was repeated; it stays a 400."
            return failed(tr, en, one, again)
    return MISSING if shown is None else passed(shown)


def renewed(seen: Seen, rotations: Sequence[int]) -> Told:
    """After the password was renewed the old one is given up, and the new one opens the door.

    `rotations`: the numbers of the exchanges by which the account got new passwords.
    """
    wrong: list[Exchange] = []
    had = False
    shown: Told = MISSING
    for one in seen:
        if one.status == 401 and had:
            wrong.append(one)
        elif one.status == 200:
            if wrong and any(number < wrong[-1].number for number in rotations):
                shown = passed(wrong[0], one)
            wrong, had = [], True
        if len(wrong) >= PATIENCE:
            tr = "Eski parolayla art arda denendi; hesap kilitlenir. Yeni parolayı verin."
            return failed(tr, "The old password was tried again and again, which locks the account.", *wrong)
    return shown


def rounds(seen: Seen) -> Iterator[Exchange]:
    """The exchanges that were answered about somebody."""
    return (one for one in seen if one.status == 200)
