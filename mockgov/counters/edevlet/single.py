"""One code: typed or scanned, put into the queue, answered on a page of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from fastapi import Request, Response

from mockgov.clock import TURKEY, from_us, to_us
from mockgov.counters.context import Here
from mockgov.counters.edevlet.access import Visitor, check_token, page_token, visitor_if_any, visitor_of
from mockgov.counters.edevlet.room import QUERY, Busy, closed, page, page_router, to
from mockgov.counters.reading import read_code
from mockgov.edevlet.rules import Inquiry
from mockgov.ministry import Ministry
from mockgov.pages.language import Language, language_of
from mockgov.queries.messages import Answer, Clinical, Query
from mockgov.queries.rules import Purpose
from mockgov.vocabulary.hes_code import HesCode, is_published
from mockgov.world import DEFAULT

TERMS: Final = (
    ("Adı Soyadı", "Name"),
    ("T.C. Kimlik Numarası", "Identity number"),
    ("HES Kodu", "HES code"),
    ("Geçerlilik Zamanı", "Valid until"),
    ("Risk Durumu", "Risk status"),
    ("Aşılı", "Vaccinated"),
    ("Geçirilmiş Hastalık", "Past disease"),
    ("Son 48 Saatte Negatif Test", "Negative test in the last 48 hours"),
)
"""The terms of a result, in their order (facts section 3)."""
RISKLESS: Final = ("Riskli Değil", "Not risky")
RISKY: Final = ("Riskli", "Risky")
SAID: Final[Mapping[bool | None, tuple[str, str]]] = {
    True: ("Evet", "Yes"),
    False: ("Hayır", "No"),
    None: ("Paylaşılmıyor", "Not shared"),
}
"""What the last three terms say (wording chosen here)."""
NEGATIVE_US: Final = 48 * 3_600_000_000
"""The 48 hours that the last term names."""
ASK_AGAIN_S: Final = "2"
"""After how many seconds of real time the page of a waiting query loads itself again (chosen here)."""

router = page_router()


@router.get(QUERY)
async def show(request: Request, ministry: Here, sonuc: str = "") -> Response:
    """The form, or with `?sonuc=Goster` how the latest query stands."""
    visitor = visitor_if_any(request, ministry)
    if visitor is None:
        return closed(request, ministry, QUERY)
    inquiry = ministry.edevlet.inquiry(visitor.session) if sonuc == "Goster" else None
    if inquiry is None:
        return page(request, ministry, "query.html", visitor, QUERY)
    if ministry.edevlet.is_queued(inquiry):
        world = ministry.world
        named = "" if world.name == DEFAULT else f" --world {world.name}"
        still = f"hes clock --advance {world.settings.edevlet_queue_s}s{named}" if not world.factor else ""
        waiting = page(request, ministry, "queue.html", visitor, QUERY, still=still)
        waiting.headers["refresh"] = ASK_AGAIN_S
        return waiting
    answer = await _answer(ministry, visitor, inquiry)
    lines = [] if answer.error else _lines(answer, inquiry.asked_at, language_of(request.query_params))
    return page(request, ministry, "result.html", visitor, QUERY, lines=lines, risky=answer.risky)


@router.post(QUERY)
async def ask(request: Request, ministry: Here) -> Response:
    """Put the query into the queue."""
    visitor = visitor_of(request, ministry)
    async with request.form(max_files=0, max_fields=20) as sent:
        fields = check_token(request, sent, page_token(ministry, visitor, QUERY))
    code = read_code(str(fields.get("hes_kodu", "")), lenient=ministry.world.settings.lenient_codes)
    ministry.edevlet.ask(visitor.session, code if code and is_published(code) else None)
    return to(request, QUERY, sonuc="Goster")


async def _answer(ministry: Ministry, visitor: Visitor, inquiry: Inquiry) -> Answer:
    """What is answered; it is looked up, and stands in the trail, once."""
    if inquiry.answer is not None:
        return msgspec.json.decode(inquiry.answer, type=Answer)
    query = Query(f"citizen:{visitor.citizen.citizen_id}", Purpose.PERSON_PLUS, inquiry.code, plus=True)
    try:
        answer = (await ministry.batch.ask([query]))[0]
    except Exception as error:
        raise Busy("The question could not be kept, and is not answered; ask again later.") from error
    ministry.edevlet.keep_answer(inquiry, msgspec.json.encode(answer).decode())
    return answer


def _lines(answer: Answer, at: datetime, language: Language) -> list[tuple[str, str]]:
    assert answer.clinical is not None
    values = (
        f"{answer.firstname} {answer.lastname}".strip(),
        answer.identity_number,
        HesCode(answer.code).dashed,
        f"{from_us(answer.expires_us).astimezone(TURKEY):%d/%m/%Y %H:%M}",
        language.say(*(RISKY if answer.risky else RISKLESS)),
        *_shared(answer.clinical, at, language),
    )
    return [(language.say(*term), value) for term, value in zip(TERMS, values, strict=True)]


def _shared(clinical: Clinical, at: datetime, language: Language) -> tuple[str, str, str]:
    """Vaccinated, past disease, negative test; what the holder does not share is not told."""
    vaccinated, immune, test_shared, negative_us = clinical
    fresh = negative_us is not None and negative_us > to_us(at) - NEGATIVE_US
    known = (vaccinated, immune, fresh if test_shared else None)
    first, second, third = (language.say(*SAID[one]) for one in known)
    return first, second, third
