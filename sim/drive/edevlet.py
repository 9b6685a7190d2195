"""Somebody at e-Devlet: reads its pages and sends their forms, as a browser without scripts does."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from lxml import html
from xlsxwriter import Workbook

from sim.drive.oracle import EXPIRED, NOT_FOUND
from sim.drive.port import TIME_OUT, Call, Reply, Told
from sim.drive.transport import Answer, Transport

SIGN_IN = "/Giris/gir"
QUERY = "/saglik-bakanligi-hes-kodu-sorgulama"
CODES = "/saglik-bakanligi-hes-kodu-uretme-ve-listeleme"
GROUPS = "/saglik-bakanligi-toplu-hes-kodu-sorgulama"
FORM = "application/x-www-form-urlencoded"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOUNDARY = "----hes-list-0b1f7c"
WRITTEN_AT = datetime(2020, 9, 1)  # noqa: DTZ001  a file's own moments have no zone
"""When each list says it was made, whatever the machine's clock says."""
SESSION = timedelta(minutes=50)
"""After so long one signs in again; a session lasts an hour unless it is set otherwise."""
LOOKS = 5
"""How often a result is looked for while the query is in the queue."""
STATUS = {"Riskli Değil": "RISKLESS", "Riskli": "RISKY"}
SAID = {"Evet": True, "Hayır": False, "Paylaşılmıyor": None}
STATES = {"Süresi dolmuş": EXPIRED, "Silinmiş": NOT_FOUND}
"""What the table of invalid codes says of one."""
TERMS = {
    "Adı Soyadı": "masked_name",
    "T.C. Kimlik Numarası": "masked_identity_number",
    "Geçerlilik Zamanı": "valid_until",
    "Risk Durumu": "current_health_status",
    "Aşılı": "is_vaccinated",
    "Geçirilmiş Hastalık": "is_immune",
    "Son 48 Saatte Negatif Test": "is_tested",
}
"""The terms of a result that are checked, and what they are called here."""


class Unreadable(Exception):  # noqa: N818  it says what a page is
    """A page is not as it should be."""


class Visitor:
    """Somebody with a password, and a session that is opened when it is needed."""

    def __init__(self, transport: Transport, prefix: str, identity_number: str, password: str) -> None:
        self._transport, self._prefix = transport, prefix
        self._identity_number, self._password = identity_number, password
        self._cookie = ""
        self._since: datetime | None = None
        self._tokens: dict[str, str] = {}
        self._has_group = False
        self._one_at_a_time = asyncio.Lock()

    async def ask(self, call: Call, at: datetime) -> Reply:
        """A single query, answered when its turn has come."""
        async with self._one_at_a_time:
            try:
                await self._enter(at)
                sent = await self._send(f"{QUERY}?submit", QUERY, hes_kodu=call.codes[0])
                for _ in range(LOOKS):
                    page = await self._page(f"{QUERY}?sonuc=Goster")
                    if not page.find_class("waitContainer"):
                        return Reply(200, (_result(page),))
            except Unreadable:
                return Reply(500, ())
            return Reply(TIME_OUT if sent.status == 302 else sent.status, ())

    async def ask_with_list(self, call: Call, at: datetime) -> Reply:
        """Make a group if there is none, upload a workbook of the codes, and query the group."""
        async with self._one_at_a_time:
            try:
                await self._enter(at)
                if not self._has_group:
                    await self._send(f"{GROUPS}?yeni=grup", GROUPS, grupAdi="Personel", grupAciklama="")
                    self._has_group = True
                await self._upload(call.codes)
                page = await self._page(f"{GROUPS}?i=s&s=0")
                return Reply(200, _problems(page, call.codes))
            except Unreadable:
                return Reply(500, ())

    async def make_code(self, place: int, last_day: str, at: datetime) -> Reply:
        """Make a code for oneself (0) or for a child (from 1); without end if there is no last day."""
        async with self._one_at_a_time:
            try:
                await self._enter(at)
                before = await self._codes()
                length = {"sure": "sureli", "bitis": last_day} if last_day else {"sure": "suresiz", "bitis": ""}
                await self._send(f"{CODES}?yeni=kod", CODES, kime=str(place), aciklama="", **length)
                new = [code for code in await self._codes() if code not in before]
            except Unreadable:
                return Reply(500, ())
            return Reply(200, tuple({"hes_code": code} for code in new))

    async def _enter(self, at: datetime) -> None:
        if self._since is not None and at - self._since < SESSION:
            return
        self._cookie, self._since = "", None  # the door of who is signed in still leads on at once
        page = await self._page(SIGN_IN)
        inputs = page.forms[0].iter("input")
        fields = {one.get("name"): one.get("value") for one in inputs if one.get("type") == "hidden"}
        fields |= {"tridField": self._identity_number, "egpField": self._password, "actionName": "giris"}
        answer = await self._post(SIGN_IN, urlencode(fields).encode(), FORM)
        if answer.status != 302 or not answer.cookie:
            raise Unreadable(SIGN_IN)
        self._cookie, self._since = answer.cookie.partition(";")[0], at
        self._tokens = {}

    async def _codes(self) -> list[str]:
        page = await self._page(CODES)
        return [_words(cell).replace("-", "") for cell in page.xpath("//table/tbody/tr/td[1]")]

    async def _upload(self, codes: Sequence[str]) -> None:
        token = await self._token(GROUPS)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
        file = f'{head}dosya"; filename="liste.xlsx"\r\nContent-Type: {XLSX}\r\n\r\n'
        body = f'{head}token"\r\n\r\n{token}\r\n{file}'.encode() + workbook(codes) + f"\r\n--{BOUNDARY}--\r\n".encode()
        answer = await self._post(f"{GROUPS}?i=x&s=0", body, f"multipart/form-data; boundary={BOUNDARY}")
        if answer.status != 200:
            raise Unreadable(GROUPS)

    async def _send(self, path: str, service: str, **fields: str) -> Answer:
        """Send a form with the token of its service's pages."""
        fields["token"] = await self._token(service)
        answer = await self._post(path, urlencode(fields).encode(), FORM)
        if answer.status != 302:
            raise Unreadable(path)
        return answer

    async def _token(self, service: str) -> str:
        if service not in self._tokens:
            page = await self._page(service)
            self._tokens[service] = str(page.xpath("string(//body/@data-token)"))
        return self._tokens[service]

    async def _page(self, path: str) -> Any:
        headers = {"Cookie": self._cookie} if self._cookie else {}
        answer = await self._transport.send("GET", self._prefix + path, headers, b"")
        if answer.status != 200:
            raise Unreadable(path)
        return html.fromstring(answer.body.decode())

    async def _post(self, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Content-Type": kind, **({"Cookie": self._cookie} if self._cookie else {})}
        return await self._transport.send("POST", self._prefix + path, headers, body)


def workbook(codes: Sequence[str]) -> bytes:
    """A sheet whose first cell says HES KODU, with a code in each row below; the same codes give the same bytes."""
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": WRITTEN_AT})
        sheet = book.add_worksheet()
        for row, text in enumerate(("HES KODU", *codes)):
            sheet.write_string(row, 0, text)
    return written.getvalue()


def _result(page: Any) -> Told:
    if page.find_class("warningContainer"):
        return {"errorKey": NOT_FOUND}
    terms, values = ([_words(one) for one in page.xpath(f"//dl[@class='compact']/{tag}")] for tag in ("dt", "dd"))
    read: Mapping[str, str] = dict(zip(terms, values, strict=False))
    if missing := TERMS.keys() - read.keys():
        raise Unreadable(", ".join(sorted(missing)))
    told: dict[str, Any] = {name: read[term] for term, name in TERMS.items()}
    told["current_health_status"] = STATUS.get(told["current_health_status"], "?")
    return told | {name: SAID.get(told[name], "?") for name in ("is_vaccinated", "is_immune", "is_tested")}


def _problems(page: Any, codes: Sequence[str]) -> tuple[Told, ...]:
    """What is said of each code: the problem rows name some, all others are riskless."""
    if _words(page.get_element_by_id("asked")).replace(".", "").replace(",", "") != str(len(codes)):
        raise Unreadable("asked")
    said: dict[str, Told] = {}
    for table in page.xpath("//table[@summary]"):
        invalid = table.get("summary").startswith("Geçersiz")
        for row in table.xpath("./tbody/tr"):
            code, second, third = (_words(cell) for cell in row.xpath("./td"))
            risky = {"current_health_status": STATUS.get(third, "?"), "masked_identity_number": second}
            said[code.replace("-", "")] = {"errorKey": STATES.get(second, "?")} if invalid else risky
    return tuple(said.get(code, {"current_health_status": "RISKLESS"}) for code in codes)


def _words(element: Any) -> str:
    return " ".join(element.text_content().split())
