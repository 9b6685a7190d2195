"""A path that names no world: what a caller carries leads back to the world that made it, at every counter."""

import json
import smtplib
from collections.abc import Iterator, Sequence
from email.message import EmailMessage

import pytest

from mockgov.counters.callers import ENVELOPES
from mockgov.counters.kep_session import Sessions
from mockgov.counters.smpp.pdu import Command, Status
from mockgov.counters.smtp.kep import KepDoor
from mockgov.counters.smtp.mail import SmtpDoor
from mockgov.mail.messages import SendMail
from mockgov.mail.rules import Box, Message
from mockgov.ministry import Ministry
from mockgov.registry.rules import Citizen
from mockgov.sms.messages import OpenSmsAccount
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.kep_address import KepAddress
from tests.doors import Opened
from tests.mockgov.counters.kep_caller import AXIS, XSD, envelope
from tests.mockgov.counters.smpp_gate import bind, gate_of
from tests.mockgov.counters.town import LIVE, TEST, Town, basic

NAME = "ANADOLU-GIDA-G2G-HES"


@pytest.fixture
def town() -> Iterator[Town]:
    """Beside the default world one of another seed, `east`, with people."""
    made = Town()
    made.worlds.make("east", seed=2, people=30)
    yield made
    made.close()


def east(town: Town) -> Ministry:
    return town.worlds.get("east")


def header(ministry: Ministry, name: str = NAME) -> str:
    return basic(name, ministry.credentials.password(name, ministry.credentials.account(name).rotation))


def with_phone(ministry: Ministry) -> Citizen:
    return next(one for one in ministry.registry.citizens() if one.phone)


def test_an_institutions_pair(town: Town) -> None:
    """Its questions are asked where it was provisioned, at both doors, one or many; codes are known there only."""
    code = east(town).codes.of(1)[0].text
    for environment, name in ((LIVE, NAME), (TEST, "ANADOLU-GIDA-TEST")):
        for operation in ("C3", "C4"):
            body = town.body_of(operation, [code])
            answer = town.ask(operation, body, environment=environment, authorization=header(east(town), name))
            assert answer.status_code == 200
    assert (east(town).queries.count(), town.ministry.queries.count()) == (4, 0)
    assert town.ask("C3", {"hes_code": code}).json()["errorKey"] == "hescodenotfound"
    own = town.issue().text
    assert town.ask("C3", {"hes_code": own}, authorization=header(east(town))).json()["errorKey"] == "hescodenotfound"
    assert town.ask("C3", {"hes_code": own}).status_code == 200


def test_the_default_world_comes_first(town: Town) -> None:
    """Whom it knows it serves, copies of it or not."""
    town.worlds.fork("default", "copy")
    code = town.issue().text
    assert town.ask("C3", {"hes_code": code}).status_code == 200
    assert (town.ministry.queries.count(), town.worlds.get("copy").queries.count()) == (1, 0)


def test_a_wrong_password_is_the_default_worlds(town: Town) -> None:
    """It is counted there and nowhere else."""
    for _ in range(6):
        answer = town.ask("C3", {"hes_code": "A1B2345617"}, username=NAME, password="wrong")
        assert (answer.status_code, answer.json()["errorKey"]) == (401, "badcredentials")
    assert east(town).credentials.account(NAME).failures == 0
    answer = town.ask("C3", {"hes_code": "A1B2345617"}, authorization=header(east(town)))
    assert answer.json()["errorKey"] == "hescodenotfound"


def test_two_worlds_that_know_a_caller(town: Town) -> None:
    """The refusal says what to do; when one of them is dropped, or has another password, there is no doubt any more."""
    code = {"hes_code": east(town).codes.of(1)[0].text}
    pair = header(east(town))
    assert town.ask("C3", code, authorization=pair).status_code == 200
    town.worlds.fork("east", "west")
    for _ in range(2):
        answer = town.ask("C3", code, authorization=pair)
        assert (answer.status_code, answer.json()["errorKey"]) == (421, "ambiguousworld")
        assert "east, west" in answer.json()["detail"]
        assert "Put /w/<name> before the path" in answer.json()["detail"]
    assert town.ask("C3", code, world="/w/west", authorization=pair).status_code == 200
    town.worlds.get("west").credentials.rotate(NAME)
    assert town.ask("C3", code, authorization=pair).status_code == 200
    assert town.ask("C3", code, authorization=header(town.worlds.get("west"))).status_code == 200
    assert (east(town).queries.count(), town.worlds.get("west").queries.count()) == (2, 3)
    town.worlds.get("east").credentials.rotate(NAME)
    assert town.ask("C3", code, authorization=header(east(town))).status_code == 421
    town.worlds.drop("west")
    assert town.ask("C3", code, authorization=header(east(town))).status_code == 200
    assert town.ask("C3", code, authorization=pair).status_code == 401


def test_the_controls_are_of_the_world_they_name(town: Town) -> None:
    """Whoever sends a token with everything moves the default world's clock without a name, and no other."""
    citizen = with_phone(east(town))
    town.client.post("/api/send-code-to-login", json={"phone": citizen.phone.e164})
    password = "".join(filter(str.isdigit, east(town).sms.inbox(citizen.phone)[0].text))[:6]
    body = {"phone": citizen.phone.e164, "password": password, "rememberMe": True}
    bearer = {
        "authorization": "Bearer " + town.client.post("/api/authenticate-with-code", json=body).json()["id_token"]
    }
    assert town.client.get("/_lab/clock", headers=bearer).json()["world"] == "default"
    assert town.client.get("/w/east/_lab/clock", headers=bearer).json()["world"] == "east"
    town.worlds.fork("east", "west")
    assert town.client.get("/_lab/world", headers=bearer).status_code == 200
    assert town.client.get("/docs", headers=bearer).status_code == 200


def test_a_citizens_phone_and_token(town: Town) -> None:
    """Signing in, and everything after, happens where the phone is somebody's; nowhere else."""
    citizen = with_phone(east(town))
    sent = town.client.post("/api/send-code-to-login", json={"phone": citizen.phone.e164})
    assert sent.status_code == 201
    (message,) = east(town).sms.inbox(citizen.phone)
    assert town.ministry.sms.inbox() == []
    password = "".join(filter(str.isdigit, message.text))[:6]
    body = {"phone": citizen.phone.e164, "password": password, "rememberMe": True}
    token = town.client.post("/api/authenticate-with-code", json=body).json()["id_token"]
    bearer = {"authorization": f"Bearer {token}"}
    made = town.client.post("/services/hescodeproxy/api/hes-codes-tr", json={}, headers=bearer)
    assert made.json()["hes_code"] in [code.text for code in east(town).codes.of(citizen.citizen_id)]
    town.worlds.fork("east", "west")
    assert town.client.get("/api/account-with-token", headers=bearer).status_code == 421
    assert town.client.post("/api/send-code-to-login", json=body | {"phone": citizen.phone.e164}).status_code == 421
    assert town.client.get("/w/west/api/account-with-token", headers=bearer).status_code == 200
    assert town.client.get("/api/account-with-token", headers=town.bearer()).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"phone": 7}', b'{"phone": "x"}', b"[" * 100_000, b"\xff" * 70_000]
)
def test_bodies_that_lead_nowhere(town: Town, body: bytes) -> None:
    """They are refused as they are where there is one world."""
    headers = {"content-type": "application/json"}
    answer = town.client.post("/api/send-code-to-login", content=body, headers=headers)
    alone = town.client.post("/w/default/api/send-code-to-login", content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (alone.status_code, alone.json())
    assert 400 <= answer.status_code < 500
    huge = town.client.post("/api/send-code-to-login", content=b" " * 2_000_000, headers=headers)
    assert huge.status_code == 413


def test_an_account_of_the_sms_gateway(town: Town) -> None:
    """Over HTTP Basic."""
    made = east(town).sms.open_account(OpenSmsAccount(label="DOGU", senders=("DOGU",)))
    pair = basic(made.system_id, east(town).sms.password(made.system_id))
    body = {"to": with_phone(east(town)).phone.e164, "text": "x", "from": "DOGU"}
    answer = town.client.get("/sms/api/receipts", headers={"authorization": pair})
    assert answer.status_code == 200, body
    assert town.client.get("/sms/api/receipts", headers={"authorization": basic("DOGU", "wrong")}).status_code == 401
    town.worlds.fork("east", "west")
    assert town.client.get("/sms/api/receipts", headers={"authorization": pair}).status_code == 421


def test_an_account_of_registered_mail(town: Town) -> None:
    """Signing in with a password, and the session."""
    address = KepAddress(account="anadolu-gida", provider="hs02")
    body = {"address": address.address, "password": east(town).kep.password(address)}
    session = town.client.post("/kep/api/sessions", json=body)
    assert session.status_code == 201
    bearer = {"authorization": f"Bearer {session.json()['token']}"}
    assert town.client.get("/kep/api/letters", headers=bearer).status_code == 200
    assert town.client.post("/kep/api/sessions", json=body | {"password": "wrong"}).status_code == 401
    assert Sessions(streams=east(town).world.streams, now=east(town).world.now).holder(session.json()["token"])
    town.worlds.fork("east", "west")
    assert town.client.get("/kep/api/letters", headers=bearer).status_code == 421


@pytest.mark.parametrize("path", ENVELOPES)
def test_an_account_of_registered_mail_in_an_envelope(town: Town, path: str) -> None:
    """By its password or its session, at both paths, also before an attachment longer than what is looked into."""
    address = KepAddress(account="anadolu-gida", provider="hs02")
    ministry = east(town)

    def quota(*, parola: str = "", sifre: str = "", more: str = "") -> str:
        told = f"<x:kepHesap>{address}</x:kepHesap><x:parola>{parola}</x:parola><x:sifre>{sifre}</x:sifre>"
        inside = f"<a:KotaSorgula xmlns:a='{AXIS}'><a:param0 xmlns:x='{XSD}'>{told}</a:param0></a:KotaSorgula>"
        body = envelope(inside + f"<!--{more}-->")
        return town.client.post(path, content=body, headers={"content-type": "text/xml; charset=utf-8"}).text

    password = ministry.kep.password(address)
    session = Sessions(streams=ministry.world.streams, now=ministry.world.now).open(address).token
    for answer in (quota(parola=password), quota(sifre=session), quota(parola=password, more="x" * 200_000)):
        assert "KotaSorgulaResponse" in answer, answer
        assert 'xsi:nil="true"' not in answer
    assert 'xsi:nil="true"' in quota(parola="wrong")
    assert 'xsi:nil="true"' in quota()
    town.worlds.fork("east", "west")
    assert json.loads(quota(parola=password))["errorKey"] == "ambiguousworld"


def test_an_applications_key(town: Town) -> None:
    """Read where it was drawn up."""
    joined = town.joined
    number, key = joined.application.number, joined.key
    town.worlds.fork("default", "copy")
    town.worlds.restore("default", town.worlds.snapshot("default"))
    path, headers = f"/kurumsal-entegrasyon/api/applications/{number}", {"x-application-key": key}
    assert town.client.get(path, headers=headers).status_code == 200
    assert town.client.get(path, headers={"x-application-key": "0" * 32}).status_code == 401


def test_finding(town: Town) -> None:
    """The lab names all the worlds that know a thing, and takes one thing at a time."""

    def found(**clue: str) -> object:
        return town.client.post("/_lab/worlds/find", json=clue).json()

    citizen = with_phone(east(town))
    address = KepAddress(account="anadolu-gida", provider="hs02")
    sms = east(town).sms.open_account(OpenSmsAccount(label="DOGU", senders=("DOGU",)))
    to = EmailAddress.parse("ayse@kurum.example")
    east(town).mail.send(SendMail(to=to, subject="x", text="x"))
    clues = [
        {"phone": citizen.phone.e164},
        {"hes_code": east(town).codes.of(1)[0].text},
        {"username": NAME, "password": east(town).credentials.password(NAME, 0)},
        {"username": "DOGU", "password": east(town).sms.password(sms.system_id)},
        {"kep_address": address.address, "password": east(town).kep.password(address)},
        {"mail": "AYSE@kurum.example"},
    ]
    for clue in clues:
        assert found(**clue) == ["east"], clue
    assert found(token=town.sign_in()["id_token"]) == ["default"]
    assert found(phone="+905990000000") == []
    assert found(username=NAME, password="wrong") == []
    town.worlds.fork("east", "west")
    assert found(**clues[0]) == ["east", "west"]
    for bad in ({}, clues[0] | clues[1], {"username": NAME}, {"phone": "1", "password": "x"}):
        answer = town.client.post("/_lab/worlds/find", json=bad)
        assert (answer.status_code, answer.json()["errorKey"]) == (400, "badclue")


def test_binding_to_the_gateway() -> None:
    """An SMPP client that names no world is let into the one that has its account."""
    with gate_of() as gate:
        other = gate.run(lambda: gate.worlds.make("east", seed=2))
        gate.run(lambda: other.sms.open_account(OpenSmsAccount(label="DOGU", senders=("DOGU",))))
        password = other.sms.password("DOGU")

        def bound(password: str, system_type: str = "") -> Status:
            with gate.raw() as raw:
                return raw.ask(Command.BIND_TRANSCEIVER, bind(password, "DOGU", system_type))[1]

        assert bound(password) is Status.ROK
        assert bound("wrong") is Status.RINVSYSID
        gate.run(lambda: gate.worlds.fork("east", "west"))
        assert bound(password) is Status.RINVSYSTYP
        assert bound(password, "west") is Status.ROK
        assert bound(password, "nowhere") is Status.RINVSYSTYP


def test_writing_to_the_ministry(town: Town) -> None:
    """Whoever it has written to from a world is answered there; strangers are the default world's."""
    sender = EmailAddress.parse("ayse@kurum.example")
    east(town).mail.send(SendMail(to=sender, subject="x", text="x"))
    seen: dict[str, list[str]] = {}
    with Opened(SmtpDoor(), town.worlds) as opened:
        for who, world in (("ayse@kurum.example", "east"), ("can@kurum.example", "default")):
            send_mail(opened, who, "hesdestek@saglik.gov.tr")
            came = {name: [str(mail.sender) for mail in received(town, name)] for name in ("default", "east")}
            assert came == {"default": [], "east": []} | seen | {world: [str(EmailAddress.parse(who))]}
            seen = came
        opened.run(lambda: town.worlds.fork("east", "west"))
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="worlds know this caller"):
            send_mail(opened, "ayse@kurum.example", "hesdestek@saglik.gov.tr")
        send_mail(opened, "ayse@kurum.example", "hesdestek+west@saglik.gov.tr")


def test_signing_in_to_write_a_registered_letter(town: Town) -> None:
    """The pair leads to its world; in doubt the refusal says how to name one."""
    address = KepAddress(account="anadolu-gida", provider="hs02")
    password = east(town).kep.password(address)
    with Opened(KepDoor(), town.worlds) as opened:

        def signed_in(user: str) -> int:
            with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
                try:
                    return client.login(user, password)[0]
                except smtplib.SMTPAuthenticationError as refused:
                    return refused.smtp_code

        assert signed_in(address.address) == 235
        opened.run(lambda: town.worlds.fork("east", "west"))
        assert signed_in(address.address) == 535
        assert signed_in(f"west/{address.address}") == 235


def received(town: Town, name: str) -> Sequence[Message]:
    """What has come to the ministry of a world."""
    return [mail for mail in town.worlds.get(name).mail.inbox() if mail.box is Box.IN]


def send_mail(opened: Opened, sender: str, to: str) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "x"
    message.set_content("x")
    with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
        client.send_message(message)
