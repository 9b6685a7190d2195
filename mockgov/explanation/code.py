"""What became of a code, and what of a text makes it none."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Final

from mockgov.clock import TURKEY
from mockgov.codes.rules import INDEFINITE, Code, CodeState, state_at
from mockgov.codes.service import Codes
from mockgov.explanation.chain import Check, Step
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.hes_code import LETTERS, HesCode, compact

ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
FORM: Final = (
    ("code.length", r".{10}", "on karakter", "ten characters"),
    ("code.characters", r"[A-Z0-9]*", "yalnızca A-Z ve 0-9", "A-Z and 0-9 only"),
    ("code.form", r"[A-Z][0-9][A-Z][0-9]{7}", "harf, rakam, harf, yedi rakam", "letter, digit, letter, seven digits"),
    ("code.letters", rf"[{LETTERS}].[{LETTERS}].*", f"harfler {LETTERS} içinden", f"letters out of {LETTERS}"),
    ("code.ninth", r".{8}1.*", "dokuzuncu karakter 1", "the ninth character a 1"),
)
"""What every code of this world fits, in the order of looking."""
NEAR: Final = 3
"""Codes that differ little from the one asked for, at most."""


def checks(text: str) -> list[Check]:
    """How a text stands to the form of a code, up to the first thing that is wrong."""
    bare = re.sub(r"[a-z]", lambda letter: letter[0].upper(), re.sub(r"[\s-]", "", text))  # ASCII alone, as codes are
    found: list[Check] = []
    for rule, pattern, tr, en in FORM:
        passed = re.fullmatch(pattern, bare) is not None
        found.append(Check(rule=rule, passed=passed, tr=f"HES kodu: {tr}.", en=f"A HES code has {en}."))
        if not passed:
            break
    return found


def became(
    codes: Codes, text: str, at: datetime, died_on: Callable[[int], date | None]
) -> tuple[str, list[Step], Code | None]:
    """A word for how a code stands at a moment, why, and the code if there ever was one.

    `died_on` knows the day of a citizen's death.
    """
    try:
        code = codes.ever(HesCode(compact(text)))
    except InvalidWord:
        code = None
    if code is None or code.created_at > at:
        return "unknown", [_unknown(codes, text, code)], None
    state = state_at(code, at)
    steps = [_made(code)]
    if state is CodeState.DELETED and code.deleted_at is not None:
        steps = [*_deleted(codes, code, code.deleted_at, died_on), *steps]
    elif state is CodeState.EXPIRED:
        when = _said(code.expires_at)
        steps.insert(
            0,
            Step(
                rule="code.expired",
                tr=f"Kodun süresi {when} anında doldu.",
                en=f"The code expired at {when}.",
                facts={"expires_at": code.expires_at.isoformat(), "asked_at": at.isoformat()},
            ),
        )
    return state.value, steps, code


def _deleted(codes: Codes, code: Code, deleted_at: datetime, died_on: Callable[[int], date | None]) -> Iterator[Step]:
    when, facts = _said(deleted_at), {"deleted_at": deleted_at.isoformat()}
    died = _ended_with(codes, code, deleted_at, died_on)
    if died is not None:
        yield Step(
            rule="code.ended-by-death",
            tr=f"Kod {when} anında, sahibinin ölümüyle sona erdi; silinmiş kod gibi artık bulunamaz.",
            en=f"The code ended at {when} with its holder's death, and like a deleted one is not found any more.",
            facts=facts,
        )
        yield death(died)
    elif code.citizen_id:
        yield Step(
            rule="code.deleted",
            tr=f"Kod {when} anında sahibi tarafından silindi; silinen kod bulunamaz.",
            en=f"The code was deleted by its holder at {when}, and a deleted code is not found.",
            facts=facts,
        )
    else:
        yield Step(
            rule="code.deleted",
            tr=f"Kod {when} anında silindi; silinen kod bulunamaz.",
            en=f"The code was deleted at {when}, and a deleted code is not found.",
            facts=facts,
        )


def _ended_with(codes: Codes, code: Code, deleted_at: datetime, died_on: Callable[[int], date | None]) -> date | None:
    """The day of the holder's death, if that is what ended the code: the last deletion of any code, on that day."""
    died = died_on(code.citizen_id) if code.citizen_id else None
    if died is None or died != deleted_at.astimezone(TURKEY).date():
        return None
    others = [codes.ever(HesCode(text)) for text in codes.ever_of(code.citizen_id)]
    last = max(one.deleted_at for one in others if one is not None and one.deleted_at is not None)
    return died if deleted_at == last else None


def death(day: date) -> Step:
    """Somebody has died."""
    return Step(
        rule="person.died",
        tr=f"Kişinin {day.isoformat()} günü öldüğü nüfusa işlendi; ölümle bütün kodları ve oturumları sona erdi.",
        en=f"The person's death on {day.isoformat()} was entered; all their codes and sessions ended with it.",
        facts={"died_on": day.isoformat()},
    )


def another_of(codes: Codes, code: Code, at: datetime) -> Code | None:
    """A code of the same holder that is good at a moment, if there is one."""
    if not code.citizen_id:
        return None
    good = [one for one in codes.of(code.citizen_id) if state_at(one, at) is CodeState.ACTIVE and one.created_at <= at]
    return good[-1] if good else None


def near(codes: Codes, text: str) -> Sequence[str]:
    """Codes of this world that one mistake in typing makes of another: a wrong character, or two changed about."""
    try:
        clean = compact(text)
    except InvalidWord:
        return []
    return sorted(codes.find_many(list(dict.fromkeys(_slips(clean)))))[:NEAR]


def _slips(clean: str) -> Iterator[str]:
    for at in range(len(clean)):
        for letter in ALPHABET:
            if letter != clean[at]:
                yield clean[:at] + letter + clean[at + 1 :]
    for at, (one, other) in enumerate(pairwise(clean)):
        if one != other:
            yield clean[:at] + other + one + clean[at + 2 :]


def _unknown(codes: Codes, text: str, later: Code | None) -> Step:
    if later is not None:
        when = _said(later.created_at)
        return Step(
            rule="code.not-yet",
            tr=f"Kod o anda yoktu; {when} anında oluşturuldu.",
            en=f"There was no such code then; it was made at {when}.",
            facts={"created_at": later.created_at.isoformat()},
        )
    close = near(codes, text)
    tr = "Bu dünyada böyle bir kod hiç olmadı."
    en = "There has never been such a code in this world."
    if close:
        listed = ", ".join(HesCode(one).dashed for one in close)
        tr += f" Tek yazım hatası uzaklığındakiler: {listed}."
        en += f" One slip of the finger away: {listed}."
    return Step(rule="code.unknown", tr=tr, en=en, facts={"near": list(close)})


def _made(code: Code) -> Step:
    end = "süresiz" if code.expires_at == INDEFINITE else _said(code.expires_at)
    end_en = "without end" if code.expires_at == INDEFINITE else f"until {_said(code.expires_at)}"
    holder = code.citizen_id or None
    made = _said(code.created_at)
    return Step(
        rule="code.issued",
        tr=f"Kod {made} anında {holder or '(silinmiş)'} numaralı kişi için oluşturuldu; geçerlilik: {end}.",
        en=f"The code was made at {made} for person {holder or '(erased)'}, {end_en}.",
        facts={
            "citizen_id": holder,
            "created_at": code.created_at.isoformat(),
            "expires_at": code.expires_at.isoformat(),
            "channel": code.created_by,
        },
    )


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(TURKEY):%Y-%m-%d %H:%M}"
