"""Groups of codes: list, make, change, delete; add and take out codes, one by one or from a workbook; query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import HTMLResponse

from mockgov.counters.context import Here
from mockgov.counters.edevlet.access import (
    Visitor,
    check_token,
    institutions_of,
    is_from_elsewhere,
    page_token,
    visitor_if_any,
    visitor_of,
)
from mockgov.counters.edevlet.export import MEDIA_TYPE
from mockgov.counters.edevlet.room import GROUPS, closed, page, page_router, to
from mockgov.counters.edevlet.run import asked_about, tables_of, written
from mockgov.counters.edevlet.words import FAULTS, notice
from mockgov.counters.edevlet.workbook import Fault, RowFault, read_codes
from mockgov.counters.reading import read_code
from mockgov.groups.messages import MakeGroup
from mockgov.groups.rules import Group, UnknownGroup
from mockgov.ministry import Ministry
from mockgov.pages.language import Language, language_of
from mockgov.pages.upload import check_whole
from mockgov.refusal import Refused
from mockgov.registry.rules import Institution
from mockgov.vocabulary.hes_code import HesCode
from mockgov.vocabulary.likeness import likenesses

PAGE_LENGTH: Final = 100
"""Codes of a group on one page."""

router = page_router()


class BadCode(Refused):
    """What was to be added is no HES code."""

    key = "badcode"


class Row(NamedTuple):
    """A group in the list."""

    place: int
    group: Group
    institution: Institution
    codes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request about groups, of a manager."""

    request: Request
    ministry: Ministry
    visitor: Visitor
    institutions: Sequence[Institution]
    place: str

    @property
    def language(self) -> Language:
        """In which the page speaks."""
        return language_of(self.request.query_params)

    @property
    def group(self) -> Group:
        """The group at the place that the address names. Raises `UnknownGroup`."""
        place = int(self.place) if self.place.isascii() and self.place.isdigit() and len(self.place) < 10 else -1
        return self.ministry.groups.at([one.institution_id for one in self.institutions], place)

    def check_meant(self, fields: Mapping[str, Any]) -> None:
        """Raises `UnknownGroup` where a form was sent about another group: one before it in the list has gone since."""
        if fields.get("grup", str(self.group.group_id)) != str(self.group.group_id):
            raise UnknownGroup("The list of groups has changed meanwhile. Go back to it and choose the group again.")

    def institution(self, group: Group) -> Institution:
        """Whose group it is."""
        return next(one for one in self.institutions if one.institution_id == group.institution_id)

    def page(self, template: str, **words: Any) -> HTMLResponse:
        """A page about groups."""
        return page(self.request, self.ministry, template, self.visitor, GROUPS, **words)

    def group_page(self, template: str, group: Group, **words: Any) -> HTMLResponse:
        """A page about one group."""
        said = notice(self.request.query_params.get("bilgi", ""), self.language)
        words = {"said": said, "refused": None} | words
        institution = self.institution(group)
        return self.page(template, group=group, s=int(self.place), institution=institution, **words)

    def to(self, **query: Any) -> Response:
        """See another page about groups."""
        return to(self.request, GROUPS, **query)


@router.get(GROUPS)
async def show(request: Request, ministry: Here, yeni: str = "", i: str = "", s: str = "") -> Response:
    """The list of groups, `?yeni=grup` the form for a new one, `?i=s&s=<n>` the query of one, and the rest."""
    visitor = visitor_if_any(request, ministry)
    if visitor is None:
        return closed(request, ministry, GROUPS)
    institutions = institutions_of(ministry, visitor)
    call = Call(request=request, ministry=ministry, visitor=visitor, institutions=institutions, place=s)
    if yeni == "grup":
        return _group_form(call)
    if i == "s":
        return await _query(call)
    if i in PAGES:
        return PAGES[i](call)
    return _list(call)


@router.post(GROUPS)
async def act(request: Request, ministry: Here, yeni: str = "", i: str = "", s: str = "") -> Response:
    """What a form of these pages asks for."""
    visitor = visitor_of(request, ministry)
    institutions = institutions_of(ministry, visitor)
    call = Call(request=request, ministry=ministry, visitor=visitor, institutions=institutions, place=s)
    await check_whole(request)
    async with request.form(max_files=1, max_fields=20) as sent:
        fields = check_token(request, sent, page_token(ministry, visitor, GROUPS))
        file = sent.get("dosya")
        fields["dosya"] = await file.read() if isinstance(file, UploadFile) else b""
    if yeni == "grup":
        return _make(call, fields)
    call.check_meant(fields)
    if i == "x":
        return await _upload(call, fields)
    if i not in DOINGS:
        raise UnknownGroup("There is nothing of this kind to be done with a group. Choose in the list of groups.")
    return DOINGS[i](call, fields)


def _list(call: Call) -> Response:
    groups = call.ministry.groups.of([one.institution_id for one in call.institutions])
    rows = [
        Row(place, group, call.institution(group), call.ministry.groups.count(group))
        for place, group in enumerate(groups)
    ]
    said = notice(call.request.query_params.get("bilgi", ""), call.language)
    return call.page("groups.html", rows=rows, said=said, institutions=call.institutions)


def _group_form(call: Call, fields: Mapping[str, Any] | None = None, refused: Refused | None = None) -> Response:
    typed = {name: str((fields or {}).get(name, "")) for name in ("grupAdi", "grupAciklama", "kurum")}
    return call.page(
        "new_group.html",
        typed=typed,
        institutions=call.institutions,
        refused=refused,
        status=200 if refused is None else 400,
    )


def _make(call: Call, fields: Mapping[str, Any]) -> Response:
    chosen = str(fields.get("kurum", "0"))
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 4 and int(chosen) < len(call.institutions)):
        raise UnknownGroup("Choose one of the institutions for which you speak.")
    institution = call.institutions[int(chosen)]
    order = MakeGroup(
        institution_id=institution.institution_id,
        name=str(fields.get("grupAdi", "")),
        description=str(fields.get("grupAciklama", "")),
    )
    try:
        made = call.ministry.groups.make(order)
    except Refused as refused:
        return _group_form(call, fields, refused)
    groups = call.ministry.groups.of([one.institution_id for one in call.institutions])
    return call.to(i="k", s=[one.group_id for one in groups].index(made.group_id), bilgi="grup")


def _one(call: Call, refused: Refused | None = None, typed: Mapping[str, Any] | None = None) -> Response:
    """The group itself: name, description, what can be done with it, its latest queries."""
    group = call.group
    return call.group_page(
        "group.html",
        group,
        name=group.name if typed is None else str(typed.get("grupAdi", "")),
        description=group.description if typed is None else str(typed.get("grupAciklama", "")),
        runs=call.ministry.groups.runs(group),
        refused=refused,
        status=200 if refused is None else 400,
    )


def _change(call: Call, fields: Mapping[str, Any]) -> Response:
    group = call.group
    name, description = str(fields.get("grupAdi", "")), str(fields.get("grupAciklama", ""))
    try:
        call.ministry.groups.change(group, name=name, description=description)
    except Refused as refused:
        return _one(call, refused, fields)
    return call.to(i="g", s=call.place, bilgi="guncellendi")


def _codes(call: Call, refused: Refused | None = None) -> Response:
    """A group's codes, and where to add one."""
    group = call.group
    count = call.ministry.groups.count(group)
    wanted = call.request.query_params.get("sayfa", "")
    last = max(0, count - 1) // PAGE_LENGTH
    nth = min(int(wanted), last) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 0
    codes = call.ministry.groups.codes(group, skip=nth * PAGE_LENGTH, limit=PAGE_LENGTH)
    return call.group_page(
        "group_codes.html",
        group,
        codes=[HesCode(code) for code in codes],
        count=count,
        first=nth * PAGE_LENGTH,
        nth=nth,
        last=last,
        refused=refused,
        status=200 if refused is None else 400,
    )


def _add(call: Call, fields: Mapping[str, Any]) -> Response:
    group = call.group
    code = read_code(str(fields.get("hesKodu", "")), lenient=call.ministry.world.settings.lenient_codes)
    try:
        if code is None or next(likenesses(code), None) is not None:
            raise BadCode("Type the HES code again: ten characters A-Z and 0-9, written XXXX-XXXX-XX.")
        added = call.ministry.groups.add(group, [code])
    except Refused as refused:
        return _codes(call, refused)
    last = max(0, call.ministry.groups.count(group) - 1) // PAGE_LENGTH
    return call.to(i="k", s=call.place, sayfa=last, bilgi="eklendi" if added.added else "vardi")


def _upload_form(call: Call, refused: Refused | None = None) -> Response:
    return call.group_page("upload.html", call.group, refused=refused, status=200 if refused is None else 400)


async def _upload(call: Call, fields: Mapping[str, Any]) -> Response:
    group = call.group
    try:
        found = await run_in_threadpool(read_codes, fields["dosya"])
        added = call.ministry.groups.add(group, found.codes)
    except Refused as refused:
        return _upload_form(call, refused)
    return call.group_page(
        "uploaded.html",
        group,
        found=found,
        added=added,
        wrong=len(found.faults),
        faults=_by_stretches(found.faults, call.language),
        count=call.ministry.groups.count(group),
    )


def _by_stretches(faults: Sequence[RowFault], language: Language) -> list[tuple[str, str]]:
    """Rows and what is wrong with them; rows that follow one another with the same fault stand together."""
    lines: list[tuple[str, str]] = []
    stretches = groupby(enumerate(faults), lambda one: (one[1].row - one[0], one[1].fault))
    for (_, fault), stretch in stretches:
        rows = [one.row for _, one in stretch]
        lines.append((f"{rows[0]}" if len(rows) == 1 else f"{rows[0]}–{rows[-1]}", language.say(*FAULTS[Fault(fault)])))
    return lines


def _take_out_form(call: Call) -> Response:
    wanted = read_code(call.request.query_params.get("k", ""), lenient=False)
    if wanted is None or wanted not in call.ministry.groups.codes(call.group):
        return call.to(i="k", s=call.place)
    return call.group_page("take_out.html", call.group, code=HesCode(wanted))


def _take_out(call: Call, fields: Mapping[str, Any]) -> Response:
    code = read_code(str(fields.get("hesKodu", "")), lenient=False) or ""
    call.ministry.groups.remove(call.group, code)
    return call.to(i="k", s=call.place, bilgi="cikarildi")


def _drop_form(call: Call) -> Response:
    return call.group_page("drop_group.html", call.group, count=call.ministry.groups.count(call.group))


def _drop(call: Call, fields: Mapping[str, Any]) -> Response:
    group = call.group
    if fields.get("onay") != "evet":
        return call.to(i="d", s=call.place)
    call.ministry.groups.drop(group)
    return call.to(bilgi="grupsilindi")


async def _query(call: Call) -> Response:
    """Ask about the whole group, and show the problem rows."""
    group = call.group
    if is_from_elsewhere(call.request):
        return call.to(i="g", s=call.place)
    if not call.ministry.groups.count(group):
        return call.to(i="k", s=call.place)
    run = await asked_about(call.ministry, call.visitor, call.institution(group), group)
    tables = tables_of(call.ministry.groups.problems(group), call.language)
    return call.group_page("group_result.html", group, run=run, tables=tables)


def _export(call: Call) -> Response:
    """The tables of the latest query as a workbook."""
    group = call.group
    runs = call.ministry.groups.runs(group, limit=1)
    if not runs:
        return call.to(i="g", s=call.place)
    body = written(tables_of(call.ministry.groups.problems(group), call.language, empty=True), runs[0])
    kept = {"content-disposition": 'attachment; filename="hes-kodu-listesi.xlsx"', "cache-control": "no-store"}
    return Response(body, media_type=MEDIA_TYPE, headers=kept)


PAGES: Final[Mapping[str, Callable[[Call], Response]]] = {
    "g": _one,
    "k": _codes,
    "x": _upload_form,
    "ks": _take_out_form,
    "d": _drop_form,
    "e": _export,
}
"""What `?i=` shows; `s` queries."""
DOINGS: Final[Mapping[str, Callable[[Call, Mapping[str, Any]], Response]]] = {
    "g": _change,
    "k": _add,
    "ks": _take_out,
    "d": _drop,
}
"""What a form posted to `?i=` does; `x` uploads."""
