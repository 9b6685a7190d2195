"""What stands on the wire of the data controller's counter. Field names chosen here."""

from typing import Annotated

from pydantic import Field, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.clock import from_us
from mockgov.counters.body import Strict
from mockgov.counters.mobile_app.askers import PURPOSES, asker_words
from mockgov.counters.reading import wire_moment
from mockgov.kvkk.holding import Holding
from mockgov.kvkk.notices import Notice
from mockgov.kvkk.rules import Request, Right
from mockgov.ministry import Ministry
from mockgov.pages.language import Language
from mockgov.queries.messages import Asked

Identity = Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00]*$")]
Words = Annotated[str, StringConstraints(max_length=10_000)]


class AskedBody(Strict):
    """Which page of which list; nothing: the first page of one's own."""

    child_tckn: Identity | None = None
    limit: int = Field(50, ge=1, le=500, strict=True)
    before: int | None = Field(None, ge=1, lt=1 << 62, strict=True)


class RequestBody(Strict):
    """An application."""

    right: Right
    text: Words = ""
    child_tckn: Identity | None = None


class AskedObject(TypedDict):
    """Who asked, when, what for."""

    date: str
    asker: str
    purpose: str
    purpose_text: str
    hes_code: str | None
    answer: str
    place: str | None


class AskedPage(TypedDict):
    """A page; `before` asks for the next one, null is the last."""

    rows: list[AskedObject]
    before: int | None


class NoticeLine(TypedDict):
    """A notice in a list."""

    front: str
    version: float
    in_force_from: str
    title: str


class SectionObject(TypedDict):
    """A part of a notice."""

    part: str
    heading: str
    text: str


class NoticeObject(NoticeLine):
    """A notice."""

    sections: list[SectionObject]


class HoldingObject(TypedDict):
    """A line of the inventory."""

    table: str
    data: str
    whose: list[str]
    purpose: str
    ground: str
    kept_days: int | None
    kept: str


class RequestObject(TypedDict):
    """An application and its answer."""

    number: int
    reference: str
    right: str
    text: str
    for_child: bool
    state: str
    lodged: str
    answer_by: str
    answered: str | None
    answer: str | None


def asked_object(ministry: Ministry, row: Asked, language: Language) -> AskedObject:
    """A question as its holder may see it."""
    return {
        "date": wire_moment(from_us(row.asked_us)),
        "asker": language.say(*asker_words(ministry, row.asker)),
        "purpose": row.purpose,
        "purpose_text": language.say(*PURPOSES.get(row.purpose, (row.purpose, row.purpose))),
        "hes_code": row.code,
        "answer": row.outcome,
        "place": row.place,
    }


def notice_line(notice: Notice, language: Language) -> NoticeLine:
    """A notice in a list."""
    return {
        "front": notice.front.value,
        "version": notice.version,
        "in_force_from": notice.in_force_from.isoformat(),
        "title": language.say(notice.title_tr, notice.title_en),
    }


def notice_object(notice: Notice, language: Language) -> NoticeObject:
    """A notice in one language."""
    return {
        **notice_line(notice, language),
        "sections": [
            {
                "part": section.part.value,
                "heading": language.say(section.heading_tr, section.heading_en),
                "text": language.say(section.tr, section.en),
            }
            for section in notice.sections
        ],
    }


def holding_object(holding: Holding, days: int | None, language: Language) -> HoldingObject:
    """A line of the inventory in one language."""
    return {
        "table": holding.table,
        "data": language.say(holding.data_tr, holding.data_en),
        "whose": [one.value for one in holding.whose],
        "purpose": language.say(holding.purpose_tr, holding.purpose_en),
        "ground": holding.ground.value,
        "kept_days": days,
        "kept": holding.kept,
    }


def request_object(request: Request, language: Language) -> RequestObject:
    """An application in one language."""
    return {
        "number": request.number,
        "reference": request.reference,
        "right": request.right.value,
        "text": request.text,
        "for_child": request.citizen_id != request.lodged_by,
        "state": request.state.value,
        "lodged": wire_moment(request.lodged_at),
        "answer_by": wire_moment(request.answer_by),
        "answered": None if request.answered_at is None else wire_moment(request.answered_at),
        "answer": None if request.answer is None else language.say(request.answer.tr, request.answer.en),
    }
