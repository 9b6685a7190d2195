"""The doors for mail, letters and text messages honour a plan of faults too, each in its own words."""

import smtplib
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import zeep

from mockgov.counters.smpp.pdu import Command, Pdu, Status
from mockgov.counters.smtp.kep import KepDoor
from mockgov.counters.smtp.mail import SmtpDoor
from mockgov.faults import Delay, Fault, Refuse
from mockgov.faults.kinds import ClockSkew, Cut, Disorder, Drip, Duplicate, ExpiredCertificate, Greylist, Half, Stage
from mockgov.kep.messages import OpenKepAccount
from mockgov.settings import Settings
from mockgov.vocabulary.signed import Flaw
from mockgov.worlds import Worlds
from tests.doors import Opened
from tests.mockgov.counters.kep_caller import Person, post, quota_call
from tests.mockgov.counters.kep_house import House
from tests.mockgov.counters.smpp_gate import TO, Gate, gate_of
from tests.mockgov.counters.test_smpp_pdu import submit_sm
from tests.mockgov.counters.test_smtp import BEGIN, HELLO, MINISTRY, SENDER, Wire, composed

MAIL = BEGIN + b"Subject: x\r\n\r\nx\r\n.\r\n"


@pytest.fixture
def worlds() -> Iterator[Worlds]:
    made = Worlds(settings=Settings(argon2_memory_kib=8, argon2_passes=1))
    made.make("default")
    yield made
    made.close()


@pytest.fixture
def opened(worlds: Worlds) -> Iterator[Opened]:
    with Opened(SmtpDoor(), worlds) as made:
        yield made


def plan(opened: Opened, *faults: Fault) -> None:
    opened.run(lambda: opened.worlds.get("default").world.faults.replace(faults))


def greeted(opened: Opened) -> Wire:
    wire = Wire(opened)
    wire.answer()
    wire.ask(HELLO)
    return wire


def mails(opened: Opened) -> int:
    """How many have come to the ministry."""
    mail = opened.worlds.get("default").mail
    return opened.run(lambda: len(mail.inbox(mail.sender)))


def said(wire: Wire) -> list[str]:
    """Three answers: to MAIL, RCPT and DATA; a refused recipient has none to the message."""
    wire.send(MAIL.partition(b"DATA")[0])
    answers = [wire.answer(), wire.answer()]
    if answers[1].startswith("250"):
        wire.send(b"DATA\r\n")
        wire.answer()
        wire.send(b"Subject: x\r\n\r\nx\r\n.\r\n")
        answers.append(wire.answer())
    return answers


class TestMail:
    def test_greylisting(self, opened: Opened) -> None:
        """451 at first, by pair, and once more when replayed; taken after five minutes of the world's."""
        plan(opened, Greylist())
        world = opened.worlds.get("default")
        with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
            for minutes in (0, 4):
                opened.run(lambda by=minutes: world.advance(world.world.now() + timedelta(minutes=by)))
                with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                    client.sendmail(SENDER, MINISTRY, composed().as_bytes())
                code, text = refused.value.recipients[MINISTRY]
                assert code == 451
                assert text.startswith(b"4.7.1 Greylisted; try again in 300 seconds (X-HES-Fault: hes1.1.")
            opened.run(lambda: world.advance(world.world.now() + timedelta(minutes=1)))
            assert client.sendmail(SENDER, MINISTRY, composed().as_bytes()) == {}
            with pytest.raises(smtplib.SMTPRecipientsRefused):
                client.sendmail("can@kurum.example", MINISTRY, composed().as_bytes())
            token = text.decode().rpartition("X-HES-Fault: ")[2].rstrip(")")
            opened.run(lambda: world.world.faults.replay(token))
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.sendmail(SENDER, MINISTRY, composed().as_bytes())
            assert refused.value.recipients[MINISTRY] == (451, text)
            assert client.sendmail(SENDER, MINISTRY, composed().as_bytes()) == {}
        assert mails(opened) == 2

    def test_refusals(self, opened: Opened) -> None:
        """Not now, or too fast; at the counter nothing is taken, after the work the mail is there all the same."""
        plan(opened, Refuse(status=429, route=("DATA",)))
        with greeted(opened) as wire:
            assert said(wire)[2].startswith("451 4.7.1 Too much at a time; try again later (X-HES-Fault: hes1.1.")
        assert mails(opened) == 0
        plan(opened, Refuse(stage=Stage.ANSWER, route=("DATA",)))
        with greeted(opened) as wire:
            assert said(wire)[2].startswith("451 4.3.2 Not taking mail just now")
        assert mails(opened) == 1
        plan(opened, Refuse(route=("RCPT",)))
        with greeted(opened) as wire:
            assert [answer[:3] for answer in said(wire)] == ["250", "451"]

    @pytest.mark.parametrize(
        ("fault", "begins", "ends", "most"),
        [
            (Cut(route=("DATA",)), b"", b"", 0),
            (Half(fraction=0.1, route=("DATA",)), b"250 2.0.0 ", b"", 20),
            (Drip(chunk_bytes=60, every_ms=20, route=("DATA",)), b"250 2.0.0 Taken", b"\n", 400),
        ],
    )
    def test_a_cut_half_and_dripped_answer(
        self, opened: Opened, fault: Fault, begins: bytes, ends: bytes, most: int
    ) -> None:
        """Nothing, the beginning of a line, or all of it bit by bit; the mail is taken each time."""
        plan(opened, fault)
        with greeted(opened) as wire:
            wire.send(BEGIN)
            assert [wire.answer()[:3] for _ in range(3)] == ["250", "250", "354"]
            begin = time.monotonic()
            wire.send(b"Subject: x\r\n\r\nx\r\n.\r\n")
            answer = wire.answer().encode() + b"\n" if isinstance(fault, Drip) else wire.rest()
            assert time.monotonic() - begin >= (0.02 if isinstance(fault, Drip) else 0)
        assert answer.startswith(begins)
        assert answer.endswith(ends)
        assert len(answer) <= most
        assert mails(opened) == 1

    def test_a_late_answer(self, opened: Opened) -> None:
        plan(opened, Delay(milliseconds=80, route=("RCPT",)))
        with greeted(opened) as wire:
            begin = time.monotonic()
            assert [answer[:3] for answer in said(wire)] == ["250", "250", "250"]
            assert time.monotonic() - begin >= 0.08

    def test_mail_for_nobody_is_nobodys(self, opened: Opened) -> None:
        """Addresses that lead to no world are refused as ever, and strike nothing."""
        plan(opened, Cut())
        with greeted(opened) as wire:
            wire.send(b"MAIL FROM:<a@b.example>\r\nRCPT TO:<x@y.example>\r\n")
            assert [wire.answer()[:3] for _ in range(2)] == ["250", "550"]


def test_letters_by_smtp(worlds: Worlds) -> None:
    """The door for letters puts off too, and loses answers; the letter is with the provider all the same."""
    ministry = worlds.get("default")
    box = ministry.kep.open_account(OpenKepAccount(institution_id=None, name="Çınar", account="cinar"))
    address = box.address.address
    with Opened(KepDoor(), worlds) as opened:
        plan(opened, Refuse(route=("RCPT",), institution=(address,)))
        with smtplib.SMTP(opened.host, opened.port, timeout=20) as client:
            client.login(address, box.password)
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.sendmail(address, address, b"x")
            assert refused.value.recipients[address][0] == 451
            plan(opened, Cut(route=("DATA",)))
            with pytest.raises(smtplib.SMTPServerDisconnected):
                client.sendmail(address, address, b"Subject: x\r\n\r\nx")
        assert opened.run(lambda: len(ministry.kep.letters())) == 1


@pytest.fixture
def gate() -> Iterator[Gate]:
    with gate_of() as made:
        yield made


def smpp_plan(gate: Gate, *faults: Fault) -> None:
    gate.run(lambda: gate.ministry.world.faults.replace(faults))


class TestShortMessages:
    @pytest.mark.parametrize(
        ("fault", "status", "kept"),
        [
            (Refuse(status=429), Status.RTHROTTLED, 0),
            (Refuse(), Status.RSYSERR, 0),
            (Refuse(stage=Stage.ANSWER), Status.RSYSERR, 1),
        ],
    )
    def test_refusals(self, gate: Gate, fault: Fault, status: Status, kept: int) -> None:
        """Throttled, or a system error; after the work the message is on its way."""
        smpp_plan(gate, fault)
        with gate.raw() as raw:
            raw.bind(gate)
            assert raw.ask(Command.SUBMIT_SM, submit_sm(), sequence=7) == (0x8000_0004, status, 7)
        assert len(gate.journal()) == kept

    @pytest.mark.parametrize(("stage", "kept"), [(Stage.COUNTER, 0), (Stage.ANSWER, 1)])
    def test_a_cut(self, gate: Gate, stage: Stage, kept: int) -> None:
        smpp_plan(gate, Cut(stage=stage, route=("submit_sm",)))
        with gate.raw() as raw:
            raw.bind(gate)
            raw.send(Command.SUBMIT_SM, submit_sm())
            assert raw.is_closed()
        assert len(gate.journal()) == kept

    def test_half_a_pdu_and_a_dripped_one(self, gate: Gate) -> None:
        """The first octets and the end; or all of them, with other answers before and behind, not between."""
        smpp_plan(gate, Half(route=("submit_sm",), fraction=0.5))
        with gate.raw() as raw:
            raw.bind(gate)
            raw.send(Command.SUBMIT_SM, submit_sm())
            octets = b""
            while data := raw.socket.recv(100):
                octets += data
        whole = Pdu(0x8000_0004, 0, 1, b"0000000001\0").written
        assert octets == whole[: len(whole) // 2]
        smpp_plan(gate, Drip(route=("submit_sm",), chunk_bytes=5, every_ms=10))
        with gate.raw() as raw:
            raw.bind(gate)
            begin = time.monotonic()
            raw.send(Command.SUBMIT_SM, submit_sm(), sequence=2)
            raw.send(Command.SUBMIT_SM, submit_sm(), sequence=3)
            time.sleep(0.02)
            raw.send(Command.ENQUIRE_LINK, sequence=4)
            answers = [raw.read() for _ in range(3)]
            assert sorted(answer.sequence for answer in answers) == [2, 3, 4]
            assert {answer.status for answer in answers} == {Status.ROK}
            assert time.monotonic() - begin >= 0.1

    @pytest.mark.parametrize("stage", [Stage.COUNTER, Stage.ANSWER])
    def test_a_late_answer_comes_behind_later_ones(self, gate: Gate, stage: Stage) -> None:
        smpp_plan(gate, Delay(milliseconds=80, stage=stage, route=("submit_sm",)))
        with gate.raw() as raw:
            raw.bind(gate)
            raw.send(Command.SUBMIT_SM, submit_sm(), sequence=2)
            raw.send(Command.ENQUIRE_LINK, sequence=3)
            assert [raw.read().sequence for _ in range(2)] == [3, 2]

    def test_receipts_come_twice_and_late(self, gate: Gate) -> None:
        """Struck by what they are about: twice at once, or behind those that came after."""
        smpp_plan(gate, Duplicate(copies=2))
        with gate.esme() as esme:
            esme.send(TO)
            esme.wait_for(3)
            assert len(set(esme.receipts)) == 1
            assert esme.is_quiet()
        smpp_plan(gate, Disorder(hold_s=30, share=0.5))
        with gate.esme() as esme:
            sent = [esme.send(TO, f"m{n}".encode()).message_id for n in range(8)]
            prompt = len(gate.pending()) or 8
            assert prompt > 0
            gate.advance(timedelta(seconds=31))
            esme.wait_for(8)
            order = [receipt[3:13].decode() for receipt in esme.receipts]
            assert sorted(order) == sorted(sent)
            assert order != sent


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with House() as served:
        yield served


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[zeep.Client]:
    with zeep.Client(f"{house.url}/kep/soap?wsdl") as made:
        yield made


@pytest.fixture(autouse=True)
def healed(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "house" in request.fixturenames:
        request.getfixturevalue("house").ministry.world.faults.replace(())


class TestLetters:
    @pytest.fixture
    def ayse(self, house: House, client: zeep.Client) -> Person:
        return Person(house, client, house.account("Ayşe Yılmaz (sandbox)"))

    def test_a_soap_fault(self, house: House, ayse: Person) -> None:
        """503 with a Fault of the server, in XML; aimed by the operation's name and by the account."""
        address = ayse.opened.address.address
        house.ministry.world.faults.replace((Refuse(route=("KotaSorgula",), institution=(address,), retry_after_s=3),))
        answer = post(house, quota_call(ayse))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
        assert answer.headers["content-type"] == "text/xml; charset=utf-8"
        assert b"<faultcode>soapenv:Server</faultcode>" in answer.content
        other = Person(house, ayse.client, house.account())
        assert post(house, quota_call(other)).status_code == 200

    def test_an_answer_that_is_lost(self, house: House, ayse: Person) -> None:
        """The letter is deposited, and nobody hears of it."""
        house.ministry.world.faults.replace((Cut(route=("Yukle",)),))
        before = len(house.ministry.kep.letters(limit=10_000))
        with pytest.raises(Exception, match=r"(?i)disconnect|abort|reset|closed"):
            ayse.send(ayse)
        assert len(house.ministry.kep.letters(limit=10_000)) == before + 1

    def test_evidence_twice_and_out_of_order(self, house: House, ayse: Person) -> None:
        """By SOAP and by HTTP alike, the same list each time; nothing is missing."""
        far = Person(house, ayse.client, house.account("Uzak (sandbox)", provider="hs02"))
        ayse.send(far)
        house.advance(minutes=30)
        number = house.ministry.kep.sent(ayse.opened.address)[0].letter.letter_id
        plain = [one.evidence_id for one in house.ministry.kep.evidence_of(number)]

        def listed() -> list[int]:
            found = ayse.call("PaketDelilSorgula", kepSiraNo=number, dizin="INBOX.Sent")
            return [int(one) for one in found.delilId]

        assert listed() == plain
        assert len(plain) >= 3
        house.ministry.world.faults.replace((Duplicate(share=0.5), Disorder(share=0.5)))
        struck = listed()
        assert struck == listed()
        assert set(struck) == set(plain)
        assert struck != plain
        token = house.http.post(
            "/kep/api/sessions", json={"address": ayse.opened.address.address, "password": ayse.opened.password}
        ).json()["token"]
        answer = house.http.get(f"/kep/api/letters/{number}/evidence", headers={"authorization": f"Bearer {token}"})
        assert [one["evidence_id"] for one in answer.json()] == struck
        assert answer.headers["x-hes-fault"].startswith("hes1.")

    def test_evidence_signed_with_an_expired_certificate(self, house: House, ayse: Person) -> None:
        """Whoever checks it finds that out; the archive is not touched, and the next reader gets good evidence."""
        ayse.send(ayse)
        number = house.ministry.kep.sent(ayse.opened.address)[0].letter.letter_id
        evidence = house.ministry.kep.evidence_of(number)[0].evidence_id

        def read() -> bytes:
            return bytes(ayse.call("PaketDelilIndir", delilId=str(evidence)).eDelil["_value_1"])

        signature = house.ministry.signature
        house.ministry.world.faults.replace((ExpiredCertificate(),))
        bad = read()
        assert bad == read()
        assert signature.verify_evidence(bad).flaw is not None
        house.ministry.world.faults.replace(())
        good = read()
        assert signature.verify_evidence(good).flaw is None
        assert good != bad
        house.ministry.world.faults.replace((ExpiredCertificate(),))
        assert read() == bad
        assert Flaw.EXPIRED is signature.verify_evidence(bad).flaw

    def test_a_session_of_a_wrong_clock(self, house: House, ayse: Person) -> None:
        """What a slow clock issues is over before its time; what a fast one reads, too."""
        sign_in = {"address": ayse.opened.address.address, "password": ayse.opened.password}
        moments = []
        for faults in ((), (ClockSkew(seconds=3600),), (ClockSkew(seconds=-3600),)):
            house.ministry.world.faults.replace(faults)
            moments.append(house.http.post("/kep/api/sessions", json=sign_in).json()["expires_at"])
        assert len(set(moments)) == 3
        house.ministry.world.faults.replace(())
        token = house.http.post("/kep/api/sessions", json=sign_in).json()["token"]
        head = {"authorization": f"Bearer {token}"}
        assert house.http.get("/kep/api/quota", headers=head).status_code == 200
        house.ministry.world.faults.replace((ClockSkew(seconds=3600),))
        assert house.http.get("/kep/api/quota", headers=head).status_code == 401
