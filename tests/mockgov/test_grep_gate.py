"""The grep gate: numbers of living people's, planted in every entrance, are found nowhere afterwards.

Every route of the OpenAPI, the pages, SMTP, SMPP, SOAP, text messages and spreadsheets are told made-up numbers that
this world has not minted; then its database file, journal, HAR, logs, fork and answers are searched for them.
"""

import io
import json
import logging
import smtplib
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from xlsxwriter import Workbook

from mockgov.counters.corporate.wire import OPERATIONS
from mockgov.counters.smpp.door import SmppDoor
from mockgov.counters.smpp.pdu import Command, Status
from mockgov.counters.smtp.kep import KepDoor
from mockgov.counters.smtp.mail import SmtpDoor
from mockgov.journal.messages import Search
from mockgov.registry.messages import RegisterInstitution
from mockgov.sms.messages import OpenSmsAccount
from mockgov.streams import Streams
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.tckn import Tckn
from tests.doors import Opened
from tests.edevlet import GROUPS, Visitor, workbook
from tests.mockgov.counters.esme import Esme
from tests.mockgov.counters.joined import KEP
from tests.mockgov.counters.route import Route
from tests.mockgov.counters.routes import ROUTES
from tests.mockgov.counters.smpp_gate import Raw, bind
from tests.mockgov.counters.town import BASES, LABEL, SUFFIXES, Town, basic

TCKN = Tckn.mint(Streams(77).draw("stranger")).digits
PHONE = "5329876541"
PASSPORT = "C01X07T47"
PLANTED = (TCKN, f"+90{PHONE}", f"0{PHONE}", f"DEU {PASSPORT}", "U98765431", "+4915198765432")
NEEDLES = (TCKN, PHONE, PASSPORT, "U98765431", "15198765432")
"""What must be nowhere, however it was written."""


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(data=tmp_path)
    made.code = made.issue()
    made.token = made.sign_in()["id_token"]
    assert made.joined.kep_password
    yield made
    made.close()


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """Everything that anybody logs, at whatever level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(lambda record: not record.name.startswith(("httpx", "httpcore")))  # the test's own client
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def leaks(town: Town, tmp_path: Path, log: io.StringIO) -> dict[str, list[str]]:
    """Where which needle is found."""
    town.worlds.fork("default", "leakproof")
    checkpoint = town.ministry.world.database.raw
    assert checkpoint is not None
    checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    haystacks = {str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    journal = town.ministry.journal
    haystacks["journal"] = "\n".join(map(repr, journal.search(Search(), limit=10**6))).encode()
    haystacks["har"] = town.client.get("/_lab/journal.har").content
    haystacks["log"] = log.getvalue().encode()
    haystacks["explanations"] = b"".join(
        town.client.get(f"/_lab/explain?exchange={one}").content for one in range(journal.first, journal.last + 1, 5)
    )
    found = {name: [near for needle in NEEDLES for near in _near(needle, hay)] for name, hay in haystacks.items()}
    return {name: near for name, near in found.items() if near}


def _near(needle: str, hay: bytes) -> Iterator[bytes]:
    """What stands around a needle, where it is found in one of its writings."""
    for one in (needle.encode(), needle.encode("utf-16-le"), b64encode(needle.encode())[:12]):
        at = hay.find(one)
        if at >= 0:
            yield hay[max(0, at - 120) : at + 60]


def spoilt(body: Any, planted: str) -> Iterator[Any]:
    """The same body with a number in place of each text, one at a time, and within it; and in a field too many."""
    if isinstance(body, dict):
        for name, value in body.items():
            for other in spoilt(value, planted):
                yield body | {name: other}
        yield body | {"note": planted}
        yield body | {planted: 1}
    elif isinstance(body, list):
        for other in spoilt(body[0], planted) if body else ():
            yield [other]
        yield [planted]
    elif isinstance(body, str):
        yield planted
        yield f"{body} {planted}"


AT_ONCE = 8
SPARED = sorted(
    (route for route in ROUTES if (route.method, route.path) != ("DELETE", "/_lab/journal")),
    key=lambda route: route.method == "DELETE",
)
"""Every route but the one that would wipe the traces."""


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, len(SPARED), AT_ONCE))
def test_no_route_keeps_a_strangers_number(town: Town, tmp_path: Path, log: io.StringIO, first: int) -> None:
    """In whichever field, path, query or head it comes, whatever is answered; nor is it sent back."""
    planted = cycle(PLANTED)
    for route in SPARED[first : first + AT_ONCE]:
        answers = list(knocks(town, route, planted))
        if not route.path.startswith(ECHOING):
            for answer in answers:
                assert not any(needle in answer.text for needle in NEEDLES), (answer.request.url, answer.text[:300])
    assert leaks(town, tmp_path, log) == {}


def knocks(town: Town, route: Route, planted: Iterator[str]) -> Iterator[Any]:
    """What a route answers to numbers in every place; each place twice, with different numbers."""
    url, headers = route.url(town), route.headers(town)

    def ask(method: str, where: str, **fields: Any) -> Any:
        return town.client.request(method, where, **{"headers": headers} | fields)

    if route.body is not None:
        for at in range(len(list(spoilt(route.body, "")))):
            for _ in range(2):
                yield ask(route.method, url, json=list(spoilt(route.body, next(planted)))[at])
        yield ask(route.method, url, content=f'{{"x": "{next(planted)}"'.encode())
    if route.raw:
        for _ in range(2):
            raw = headers | {"content-type": route.raw}
            yield ask(route.method, url, content=letter(next(planted)), headers=raw)
            yield ask(route.method, url, content=next(planted).encode(), headers=raw)
    for number in PLANTED:
        odd = headers | {"x-odd": number, "user-agent": number, "cookie": f"a={number}", "referer": f"/{number}"}
        yield ask("GET", f"{url}?{urlencode({'q': number, 'asker': number, number: number})}", headers=odd)
        if "{" in route.path:
            path = route.path.partition("{")[0] + quote(number, safe="") + route.path.rpartition("}")[2]
            yield ask(route.method, path, json=route.body)
    yield ask(route.method, url, json=route.body, headers={"authorization": f"Bearer {next(planted)}"})
    pair = basic(next(planted), next(planted))
    yield ask(route.method, url, json=route.body, headers={"authorization": pair, "x-application-key": next(planted)})


ECHOING = ("/_lab/sign", "/_lab/kep/packages", "/pki/ocsp", "/_lab/verify")
"""Routes that hand back the bytes of a document that they are given, and keep nothing of it."""


def glued(planted: str) -> str:
    """A number as a part of a word; one abroad cannot be known without its plus, and stays out."""
    return "x" if planted.startswith("+49") else planted.replace(" ", "").replace("+", "")


def letter(planted: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = KEP, "sb@hs01.kep.tr", f"Konu {planted}"
    message.set_content(f"Kişi: {planted}", cte="base64")
    message.add_attachment(planted.encode(), maintype="application", subtype="octet-stream", filename="x.bin")
    return message.as_bytes()


@pytest.mark.parametrize("environment", list(BASES))
def test_codes_that_are_peoples_numbers(town: Town, tmp_path: Path, log: io.StringIO, environment: Any) -> None:
    """An identity number, a phone, a passport where a code belongs, at every operation of the corporate counter."""
    codes = [*PLANTED, PHONE, f"90{PHONE}", f"{TCKN[:3]} {TCKN[3:]}", f"DEU{PASSPORT[:7]}", "DEU 1234567", TCKN[:10]]
    for name in SUFFIXES:
        for code in codes:
            town.ask(name, town.body_of(name, [code]), environment=environment)
            town.ask(name, town.body_of(name, [town.code.text, code]), environment=environment)
    assert leaks(town, tmp_path, log) == {}
    trail = town.ministry.queries.by(f"{LABEL}-G2G-HES", limit=10_000)
    assert {row.code for row in trail} <= {None, town.code.text}


def test_places_of_visitors(town: Town, tmp_path: Path, log: io.StringIO) -> None:
    """Refused, and nothing is asked."""
    for planted in PLANTED:
        for field in ("city", "district", "explicit_address"):
            place = {"city": "a", "district": "b", "explicit_address": "c"} | {field: f"x {planted}"}
            answer = town.ask("C1", {"hes_code": town.code.text} | place)
            assert (answer.status_code, answer.json()["errorKey"]) == (400, "unmintedidentifier")
    assert town.ministry.queries.count() == 0
    assert leaks(town, tmp_path, log) == {}
    assert len(OPERATIONS) == 6


PAGES = (
    ("/Giris/gir", ("tridField", "egpField", "devam", "actionName", "currentPageToken")),
    ("/uygulama/giris", ("phone", "telefon", "token")),
    ("/saglik-bakanligi-hes-kodu-sorgulama", ("hes_kodu", "token")),
    ("/kurumsal-entegrasyon/basvuru", ("vkn", "institution_name", "identity_number", "phone", "purpose", "token")),
    ("/console/desk/ETF-2021-000001", ("statement", "reasons", "words", "token")),
    ("/telefon/{phone}", ("to", "text", "token")),
)


@pytest.mark.parametrize(("path", "names"), PAGES)
def test_pages(town: Town, tmp_path: Path, log: io.StringIO, path: str, names: Sequence[str]) -> None:
    """Forms, sent as such or with files."""
    url = path.replace("{phone}", town.mother.phone.e164)
    for planted in PLANTED:
        for name in names:
            for answer in (
                town.client.post(url, data=dict.fromkeys(names, "x") | {name: planted}),
                town.client.post(url, data=dict.fromkeys(names, "x") | {name: planted}, files={"f": (planted, b"x")}),
                town.client.get(url, params={name: planted}),
                town.client.get(f"{path.partition('{')[0]}/{quote(planted)}"),
            ):
                if not path.startswith("/telefon"):
                    assert not any(needle in answer.text for needle in NEEDLES), (name, answer.text[-500:])
    assert leaks(town, tmp_path, log) == {}


def test_workbooks(town: Town, tmp_path: Path, log: io.StringIO) -> None:
    """In cells, headers, names of sheets and files, properties, and in what is no workbook; in names of groups too."""
    order = RegisterInstitution(
        kind=InstitutionKind.WORKPLACE,
        name="Dükkân (sandbox)",
        label="DUKKAN",
        province=26,
        staff_count=12,
        staff=[town.mother.citizen_id],
    )
    town.ministry.registry.found(order)
    manager = Visitor(town.client)
    password = town.ministry.edevlet.password(town.mother.citizen_id)
    assert manager.sign_in(town.mother.identity.digits, password).status_code == 302
    manager.make_group("Ekip")
    for planted in PLANTED:
        digits = int(glued(planted)) if glued(planted).isdigit() else 7
        pages = [
            manager.upload(workbook(planted, town.code.text, f"={planted}", digits, glued(planted)[:10])),
            manager.upload(workbook(town.code.text, header=planted)),
            manager.upload(workbook(town.code.text), name=f"{planted}.xlsx"),
            manager.upload(titled(planted)),
            manager.upload(planted.encode(), name=f"{planted}.csv"),
            manager.make_group(planted),
            manager.make_group(f"Ekip {planted}", planted),
            manager.send(f"{GROUPS}?i=k&s=0", hesKodu=planted),
            manager.send(f"{GROUPS}?i=d&s=0", grupAdi=planted, grupAciklama=planted),
            manager.get(f"{GROUPS}?i=s&s=0"),
            manager.get(GROUPS),
        ]
        for page in pages:
            assert not any(needle in page.answer.text for needle in NEEDLES), page.answer.text[-2_000:]
    assert manager.upload(workbook(town.code.text)).result
    assert leaks(town, tmp_path, log) == {}


def titled(planted: str) -> bytes:
    """A good workbook, with a number in its properties, a comment and a second sheet's name."""
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"title": planted, "author": planted})
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "HES KODU")
        sheet.write_string(1, 0, "A0A0000010")
        sheet.write_string(1, 1, planted)
        sheet.write_comment(1, 0, planted)
        book.add_worksheet(planted[:31]).write_string(0, 0, planted)
    return written.getvalue()


def test_soap(town: Town, tmp_path: Path, log: io.StringIO) -> None:
    """In every place of an envelope, in letters, and in what is no envelope."""
    password = town.joined.kep_password
    for planted in PLANTED:
        for inside in (
            f"<Giris><kepHesap><kepHesap>{planted}</kepHesap><tcno>{planted}</tcno></kepHesap></Giris>",
            f"<_{glued(planted)}/>",
            (
                f"<Yukle><kepHesap><kepHesap>{KEP}</kepHesap><parola>{password}</parola></kepHesap>"
                f"<ePaket>{b64encode(letter(planted)).decode()}</ePaket></Yukle>"
            ),
            (
                f"<RehberTuzelKisiSorgula><kepHesap><kepHesap>{KEP}</kepHesap><parola>{password}</parola></kepHesap>"
                f"<unvan>{planted}</unvan></RehberTuzelKisiSorgula>"
            ),
        ):
            body = (
                '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
                + inside
                + "</s:Body></s:Envelope>"
            )
            town.client.post("/kep/soap", content=body.encode(), headers={"content-type": "text/xml"})
        town.client.post("/kep/soap", content=planted.encode(), headers={"content-type": "text/xml"})
    assert leaks(town, tmp_path, log) == {}


def test_text_messages(town: Town, tmp_path: Path, log: io.StringIO) -> None:
    """From phones and from an account's lines, to 2023 and to phones, and as receipts' references."""
    account = town.ministry.sms.open_account(OpenSmsAccount(label="LEAK", senders=("LEAK",), number="5002"))
    password = town.ministry.sms.password(account.system_id)
    headers = {"authorization": basic(account.system_id, password)}
    phone = town.mother.phone.e164
    for planted in PLANTED:
        for to in ("2023", "5002", planted):
            for text in (f"HES {planted} 1234 30", planted, f"hes {planted} 1980 Schmidt"):
                town.client.post(f"/_lab/handsets/{quote(phone)}/send", json={"to": to, "text": text})
                town.client.post(f"/_lab/handsets/{quote(planted)}/send", json={"to": to, "text": text})
        for body in (
            {"from": "LEAK", "to": phone, "text": planted},
            {"from": "LEAK", "to": planted, "text": "x"},
            {"from": planted, "to": phone, "text": "x"},
            {"from": "LEAK", "to": phone, "text": "x", "reference": planted},
        ):
            town.client.post("/sms/api/messages", json=body, headers=headers)
            town.client.post("/sms/api/messages/bulk", json={"messages": [body]}, headers=headers)
    town.advance(seconds=600)
    assert leaks(town, tmp_path, log) == {}


def test_smpp(town: Town, tmp_path: Path, log: io.StringIO) -> None:
    """In names that bind, in addresses on either side, in texts of three encodings, in parts and beside the text."""
    account = town.ministry.sms.open_account(OpenSmsAccount(label="LEAK", senders=("LEAK",), number="5002"))
    password = town.ministry.sms.password(account.system_id)
    to = town.mother.phone.e164
    with Opened(SmppDoor(), town.worlds) as opened:
        for planted in PLANTED:
            word = glued(planted)[:15]
            for names in (
                (password, word),
                (word, account.system_id),
                (word, word),
                (password, account.system_id, word),
            ):
                with Raw(opened) as raw:
                    raw.send(Command.BIND_TRANSCEIVER, bind(*names))
                    raw.read()
            with Esme(opened, account.system_id, password) as esme:
                sent = [
                    esme.send(to, f"HES {planted}".encode(), source_addr="LEAK"),
                    esme.send(to, f"HES {planted}".encode("utf-16-be"), source_addr="LEAK", data_coding=8),
                    esme.send(to, planted.encode("latin-1"), source_addr="LEAK", data_coding=3),
                    esme.send(to, b"", source_addr="LEAK", message_payload=planted.encode()),
                    *(
                        esme.send(to, bytes([5, 0, 3, 7, 2, part]) + half, source_addr="LEAK", esm_class=0x40)
                        for part, half in enumerate((planted[:6].encode(), planted[6:].encode()), start=1)
                    ),
                    esme.send(planted.replace(" ", "").lstrip("+")[:20], b"x", source_addr="LEAK"),
                    esme.send(word, b"x", source_addr="LEAK", dest_addr_ton=0),
                    esme.send(to, b"x", source_addr=word, source_addr_ton=1),
                    esme.send(to, b"x", source_addr=word),
                    esme.send(to, b"x", source_addr="LEAK", service_type=word[:5]),
                ]
                assert esme.send(to, source_addr="LEAK").status == Status.ROK
                if planted != "+4915198765432":  # nothing tells it from a name, as a sender without its plus
                    assert all(one.status != Status.ROK for one in (*sent[:4], *sent[6:10])), (planted, sent)
            with Raw(opened) as raw:
                raw.send(0x99, planted.encode())
                raw.read()
        opened.run(lambda: town.ministry.advance(town.ministry.world.now() + timedelta(minutes=10)))
    for page in (f"/_lab/handsets/{to}", f"/telefon/{to}", "/_lab/sms?limit=100"):
        text = town.client.get(page).text
        assert not any(needle in text for needle in NEEDLES), (page, text)
    assert opened.unhandled == []
    assert leaks(town, tmp_path, log) == {}


@pytest.mark.parametrize("door", [SmtpDoor, KepDoor])
def test_mail(town: Town, tmp_path: Path, log: io.StringIO, door: type[SmtpDoor] | type[KepDoor]) -> None:
    """In envelopes, names of users, heads, texts and attachments."""
    password = town.joined.kep_password
    with Opened(door(), town.worlds) as opened:
        for planted in PLANTED:
            word = glued(planted)
            for sender, to, content in (
                (f"{word}@kurum.example", "hesdestek@saglik.gov.tr", b"Subject: x\r\n\r\nx\r\n"),
                ("a@kurum.example", f"{word}@saglik.gov.tr", b"Subject: x\r\n\r\nx\r\n"),
                (KEP if door is KepDoor else "a@kurum.example", "hesdestek@saglik.gov.tr", letter(planted)),
                (KEP if door is KepDoor else "a@kurum.example", f"{word}@hs01.kep.tr", letter("x")),
            ):
                with smtplib.SMTP(opened.host, opened.port, local_hostname="test", timeout=20) as client:
                    client.ehlo(f"host-{word}")
                    if door is KepDoor:
                        client.docmd("AUTH", "PLAIN " + b64encode(f"\0{word}\0{word}".encode()).decode())
                        client.login(KEP, password)
                    client.mail(sender)
                    client.rcpt(to)
                    if client.docmd("DATA")[0] == 354:
                        client.send(content + b"\r\n.\r\n")
                        client.getreply()
                    client.docmd(f"X{word}")
    assert opened.unhandled == []
    assert leaks(town, tmp_path, log) == {}


def test_the_gate_finds_what_there_is(town: Town, tmp_path: Path, log: io.StringIO) -> None:
    """A minted number is kept: the search would have found the others."""
    minted = town.mother.identity.digits
    found = [path for path in tmp_path.rglob("*.sqlite") if minted.encode() in path.read_bytes()]
    town.client.post("/_lab/codes/x/shares", json={"label": minted})
    assert found or any(minted.encode() in path.read_bytes() for path in tmp_path.rglob("*-wal"))
    assert minted in json.dumps(
        [town.client.get("/_lab/journal/1").json(), town.client.get("/_lab/journal.har").json()]
    )
    logging.getLogger("anything").debug(minted)
    assert minted in log.getvalue()
