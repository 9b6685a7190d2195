"""The SOAP counter of registered e-mail, over a real server; zeep is the client, MTOM is written by hand."""

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

import pytest
import zeep
from lxml import etree
from zeep.exceptions import Fault

from mockgov.counters.kep_soap.contract import OPERATIONS as CONTRACT
from mockgov.counters.kep_soap.desk import kep_id
from mockgov.counters.kep_soap.durum import REASONS, Durum
from mockgov.kep.grounds import Reason
from mockgov.kep.reading import Attachment
from tests.mockgov.counters.kep_caller import (
    AXIS,
    NUMBERS_PDF,
    XSD,
    Person,
    post,
    schema_of,
)
from tests.mockgov.counters.kep_house import House

OPERATIONS = {
    "Giris",
    "GuvenliGiris",
    "Yukle",
    "Indir",
    "PaketSorgula",
    "PaketDelilSorgula",
    "PaketDelilIndir",
    "AlindiOnay",
    "PaketSil",
    "DizinSorgula",
    "KotaSorgula",
    "KontorSorgula",
    "RehberTuzelKisiSorgula",
}


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One server; each test opens accounts of its own."""
    with House() as served:
        yield served


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[zeep.Client]:
    """A client made from the WSDL that the server gives."""
    with zeep.Client(f"{house.url}/kep/soap?wsdl") as made:
        yield made


@pytest.fixture(scope="module")
def grammar(house: House, tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema:
    """The schema of the WSDL, as libxml2 reads it."""
    return schema_of(house, tmp_path_factory.mktemp("schemas"))


@pytest.fixture
def ayse(house: House, client: zeep.Client) -> Person:
    return Person(house, client, house.account("Ayşe Yılmaz"))


@pytest.fixture
def firma(house: House, client: zeep.Client) -> Person:
    return Person(house, client, house.account())


class TestContract:
    def test_operations(self, client: zeep.Client) -> None:
        """The WSDL names the operations, the service and the port as the real one does."""
        (service,) = client.wsdl.services.values()
        assert service.name == "eyServis"
        assert set(service.ports) == {"eyServisSOAPport_http"}
        assert set(service.ports["eyServisSOAPport_http"].binding._operations) == OPERATIONS

    def test_namespaces(self, client: zeep.Client) -> None:
        """Operations are in Axis2's namespace, what is in them in its `xsd`."""
        made = client.create_message(client.service, "KotaSorgula", param0={"kepHesap": "a"})
        (call,) = made[0]
        assert call.tag == f"{{{AXIS}}}KotaSorgula"
        assert call[0].tag == f"{{{AXIS}}}param0"
        assert call[0][0].tag == f"{{{XSD}}}kepHesap"

    def test_action(self, client: zeep.Client) -> None:
        """Actions are URNs."""
        (service,) = client.wsdl.services.values()
        binding = service.ports["eyServisSOAPport_http"].binding
        assert binding.get("PaketSorgula").soapaction == "urn:PaketSorgula"

    @pytest.mark.parametrize("path", ["/kep/soap", "/w/other/kep/soap", "/KepEYazismaV1.1/KepEYazismaCOREWSDL.php"])
    def test_address(self, house: House, path: str) -> None:
        """The WSDL leads back to where it was fetched: the same world, the same path."""
        got = house.http.get(f"{path}?wsdl")
        assert got.headers["content-type"] == "text/xml; charset=utf-8"
        (address,) = etree.fromstring(got.content).iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")
        assert address.get("location") == f"{house.url}{path}"

    @pytest.mark.parametrize("password", [None, "yanlış"])
    def test_answers_fit(self, ayse: Person, grammar: etree.XMLSchema, password: str | None) -> None:
        """Every answer, good or refused, is valid by the WSDL's schema, as libxml2 reads it."""
        letter = {"kepId": ayse.send(ayse, attachments=(NUMBERS_PDF,)).kepId}
        kep_hesap = ayse.kep_hesap | ({"parola": password} if password else {})
        sent = {
            "Giris": {"girisTur": "EIMZA"},
            "Yukle": {"ePaket": {"_value_1": b"x"}},
            "Indir": {"ePart": "ORGMATTACH", **letter},
            "PaketDelilSorgula": letter,
            "PaketDelilIndir": {"delilId": ayse.call("PaketDelilSorgula", **letter).delilId[0]},
            "AlindiOnay": letter,
            "PaketSil": letter,
        }
        for name in CONTRACT:
            is_account = CONTRACT[name].takes == "eyKepHesapGirisP"
            values = kep_hesap if is_account else {"kepHesap": kep_hesap, **sent.get(name, {})}
            made = ayse.client.create_message(ayse.client.service, name, param0=values)
            got = post(ayse.house, etree.tostring(made))
            assert got.status_code == 200
            (inside,) = etree.fromstring(got.content)[0]
            assert inside.tag == f"{{{AXIS}}}{name}Response"
            grammar.assertValid(inside)

    def test_hostile_host(self, house: House) -> None:
        """What a client says it came to cannot break the document."""
        got = house.http.get("/kep/soap?WSDL", headers={"host": "a'&b\"<c>"})
        assert got.status_code == 200
        assert etree.fromstring(got.content).tag == "{http://schemas.xmlsoap.org/wsdl/}definitions"

    def test_no_wsdl_asked(self, house: House) -> None:
        """A GET for anything else says where the WSDL is."""
        got = house.http.get("/kep/soap")
        assert got.status_code == 404
        assert "/kep/soap?wsdl" in got.json()["detail"]

    def test_not_in_the_openapi(self, house: House) -> None:
        """SOAP is described by its WSDL only."""
        paths = house.http.get("/openapi.json").json()["paths"]
        assert not [path for path in paths if "soap" in path.lower()]

    def test_durum(self) -> None:
        """Every reason of a refused letter has a number of its own, and none is that of a rule."""
        assert set(REASONS) == set(Reason)
        numbers = [*REASONS.values(), *Durum]
        assert len(numbers) == len(set(numbers))

    def test_start(self) -> None:
        """Whoever only imports the routes, as every start of the server does, does not wait for lxml."""
        code = "import sys, mockgov.counters.kep_soap.http; sys.exit('lxml' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestSignIn:
    def test_base(self, ayse: Person) -> None:
        """Address and password give a session."""
        got = ayse.call("Giris", girisTur="BASE")
        assert (got.durum, got.hataaciklama, got.eMetin) == ("0", None, None)
        assert got.eGuvenlikId

    def test_session_in_place_of_the_password(self, ayse: Person) -> None:
        """`sifre` takes a session where `parola` is left out."""
        kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": ayse.session()}
        assert ayse.client.service.DizinSorgula(param0=kep_hesap) == ["INBOX", "INBOX.Sent"]

    @pytest.mark.parametrize(
        "change",
        [
            {"parola": "yanlış"},
            {"sifre": "başka"},
            {"kepHesap": "yok@hs01.kep.tr"},
            {"kepHesap": "adres değil"},
            {"kepHesap": None},
        ],
    )
    def test_wrong_password(self, ayse: Person, change: dict[str, str]) -> None:
        """What opens nothing is told by `durum` 1, not by a fault; which of the two is wrong stays unsaid."""
        got = ayse.call("Giris", kepHesap=ayse.kep_hesap | change, girisTur="BASE")
        assert got.durum == "1"
        assert got.hataaciklama == "KEP Hesabı, Şifre veya Parola Yanlış. Bilgileri denetleyiniz."
        assert got.eGuvenlikId is None

    @pytest.mark.parametrize("token", ["", "x", "x.y", "ş.ş", "a" * 2_000, "c2Vzc2lvbg.c2Vzc2lvbg", "....", "=.="])
    def test_forged_session(self, ayse: Person, token: str) -> None:
        """Only what the world signed is a session."""
        kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": token}
        got = ayse.call("PaketSorgula", kepHesap=kep_hesap)
        assert got.durum == [2]
        assert got.hataaciklama == ["Oturum geçersiz veya süresi dolmuş. Yeniden giriş yapınız."]

    def test_changed_session(self, ayse: Person) -> None:
        """A session with any one letter changed is none."""
        token = ayse.session()
        for at in range(0, len(token), 7):
            other = "A" if token[at] != "A" else "B"
            kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": token[:at] + other + token[at + 1 :]}
            assert ayse.call("PaketSorgula", kepHesap=kep_hesap).durum == [2]

    def test_expired_session(self, ayse: Person) -> None:
        """A session lasts half an hour of the world's time."""
        kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": ayse.session()}
        ayse.house.advance(minutes=29, seconds=59)
        assert ayse.call("PaketSorgula", kepHesap=kep_hesap).durum == [0]
        ayse.house.advance(seconds=1)
        assert ayse.call("PaketSorgula", kepHesap=kep_hesap).durum == [2]

    def test_somebody_elses_session(self, ayse: Person, firma: Person) -> None:
        """A session opens its own account only."""
        kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": firma.session()}
        assert ayse.call("PaketSorgula", kepHesap=kep_hesap).durum == [1]
        assert ayse.call("Indir", kepSiraNo=1, eGuvenlikId=firma.session()).durum == 2

    def test_closed_account(self, ayse: Person) -> None:
        """A session ends with its account."""
        kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": ayse.session()}
        ayse.house.ministry.kep.close_account(ayse.opened.address)
        assert ayse.call("PaketSorgula", kepHesap=kep_hesap).durum == [1]

    def test_unknown_way(self, ayse: Person) -> None:
        """A value outside the enumeration is a fault of the client."""
        with pytest.raises(Fault, match="girisTur is one of BASE, OTP, EIMZA"):
            ayse.call("Giris", girisTur="PARMAK")


class TestSecureSignIn:
    @pytest.mark.parametrize("detached", [True, False])
    def test_signed(self, ayse: Person, detached: bool) -> None:
        """A text, signed by the person of `tcno`, beside the text or around it, opens a session."""
        asked = ayse.call("Giris", girisTur="EIMZA")
        assert asked.durum == "0"
        assert "hukuki geçerliliği yoktur" in asked.eMetin
        got = self.answer(ayse, asked.eGuvenlikId, ayse.house.sign(asked.eMetin.encode(), detached=detached))
        assert (got.durum, got.hataaciklama) == ("0", None)
        kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": got.eGuvenlikId}
        assert ayse.call("PaketSorgula", kepHesap=kep_hesap).durum == [0]

    def test_challenge_is_no_session(self, ayse: Person) -> None:
        """The text's own id opens nothing, and a session cannot be signed."""
        asked = ayse.call("Giris", girisTur="EIMZA")
        kep_hesap = {"kepHesap": ayse.opened.address.address, "sifre": asked.eGuvenlikId}
        assert ayse.call("PaketSorgula", kepHesap=kep_hesap).durum == [2]
        assert self.answer(ayse, ayse.session(), b"x").durum == "2"

    def test_another_text(self, ayse: Person) -> None:
        """A signature upon anything else does not count."""
        asked = ayse.call("Giris", girisTur="EIMZA")
        for signature in (ayse.house.sign(b"x", detached=True), ayse.house.sign(b"x", detached=False), b"x"):
            assert self.answer(ayse, asked.eGuvenlikId, signature).durum == "7"
        assert self.answer(ayse, asked.eGuvenlikId, b"").durum == "3"

    def test_another_person(self, ayse: Person) -> None:
        """The certificate must be that of `tcno`."""
        asked = ayse.call("Giris", girisTur="EIMZA")
        got = self.answer(ayse, asked.eGuvenlikId, ayse.house.sign(asked.eMetin.encode(), detached=True), tcno="")
        assert got.durum == "7"
        assert got.eGuvenlikId is None

    def test_another_account(self, ayse: Person, firma: Person) -> None:
        """The text is for one account."""
        asked = firma.call("Giris", girisTur="EIMZA")
        assert self.answer(ayse, asked.eGuvenlikId, ayse.house.sign(asked.eMetin.encode(), detached=True)).durum == "2"

    def test_too_late(self, ayse: Person) -> None:
        """The text may be signed for five minutes."""
        asked = ayse.call("Giris", girisTur="EIMZA")
        ayse.house.advance(minutes=5)
        assert self.answer(ayse, asked.eGuvenlikId, ayse.house.sign(asked.eMetin.encode(), detached=True)).durum == "2"

    @staticmethod
    def answer(person: Person, challenge: str, signature: bytes, tcno: str | None = None) -> Any:
        tcno = person.house.signer.identity.digits if tcno is None else tcno
        return person.call(
            "GuvenliGiris",
            kepHesap=person.kep_hesap | {"tcno": tcno},
            girisTur="EIMZA",
            eCadesBes={"_value_1": signature},
            eGuvenlikId=challenge,
        )


class TestSignInBySms:
    def test_code(self, ayse: Person) -> None:
        """A code goes to the phone of `tcno`; sent back, it opens a session."""
        citizen = ayse.house.citizen()
        kep_hesap = ayse.kep_hesap | {"tcno": citizen.identity.digits}
        asked = ayse.call("Giris", kepHesap=kep_hesap, girisTur="OTP")
        assert (asked.durum, asked.eMetin) == ("0", None)
        text = ayse.house.ministry.sms.inbox(citizen.phone)[0].text
        assert text.endswith("(SANDBOX)")
        (code,) = re.findall(r"\b[0-9]{6}\b", text)
        for wrong in (None, "", code[:-1], code[:-1] + str((int(code[-1]) + 1) % 10)):
            assert self.answer(ayse, asked.eGuvenlikId, wrong).durum == "7"
        got = self.answer(ayse, asked.eGuvenlikId, f" {code}")
        assert got.durum == "0"
        assert ayse.call("Indir", kepSiraNo=1, eGuvenlikId=got.eGuvenlikId).durum == 4
        ayse.house.advance(minutes=5)
        assert self.answer(ayse, asked.eGuvenlikId, code).durum == "2"

    @pytest.mark.parametrize("tcno", [None, "", "x", "10000000146"])
    def test_nobody(self, ayse: Person, tcno: str | None) -> None:
        """Nothing goes out to whom this world does not know."""
        got = ayse.call("Giris", kepHesap=ayse.kep_hesap | {"tcno": tcno}, girisTur="OTP")
        assert (got.durum, got.eGuvenlikId) == ("3", None)

    @staticmethod
    def answer(person: Person, challenge: str, code: str | None) -> Any:
        return person.call("GuvenliGiris", girisTur="OTP", smsKey=code, eGuvenlikId=challenge)


class TestLetters:
    def test_road(self, ayse: Person, firma: Person) -> None:
        """A letter is uploaded, found, downloaded, confirmed; each step leaves evidence; then it is deleted."""
        raw = ayse.house.letter(ayse.opened, firma.opened, subject="İzin talebi")
        sent = ayse.call("Yukle", ePaket={"_value_1": raw}, ePaketTur="Standart")
        assert (sent.durum, sent.hataaciklama) == (0, None)
        found = firma.call("PaketSorgula", dizin="INBOX")
        assert (found.kepId, found.konu, found.tur) == ([sent.kepId], ["İzin talebi"], ["standart"])
        assert found.fromKep == [ayse.opened.address.address]
        got = firma.call("Indir", kepId=sent.kepId, ePart="ALL", eGuvenlikId=firma.session())
        assert (got.durum, got.ePaket[0]["_value_1"]) == (0, raw)
        assert firma.call("AlindiOnay", kepId=sent.kepId).durum == 0
        evidence = ayse.call("PaketDelilSorgula", kepId=sent.kepId, dizin="INBOX.Sent")
        assert evidence.delilTurId == [10, 40, 50, 70]
        assert evidence.kephs == ["hs01"] * 4
        assert evidence.tarih[0] == ayse.house.ministry.world.now()
        for person, folder in ((firma, "INBOX"), (ayse, "INBOX.Sent")):
            assert person.call("PaketSil", kepId=sent.kepId, dizin=folder).durum == 0
            assert person.call("PaketSorgula", dizin=folder).kepId == []
        assert ayse.call("PaketDelilSorgula", kepId=sent.kepId).delilTurId == [10, 40, 50, 70]

    def test_evidence(self, ayse: Person, firma: Person) -> None:
        """Evidence comes as the provider signed it, with a name; the same bytes each time."""
        ayse.send(firma)
        (letter,) = ayse.call("PaketSorgula", dizin="INBOX.Sent").kepSiraNo
        number = ayse.call("PaketDelilSorgula", kepSiraNo=letter).delilId[0]
        got = ayse.call("PaketDelilIndir", delilId=number)
        assert (got.durum, got.hataaciklama) == (0, None)
        ministry = ayse.house.ministry
        assert got.eDelil["_value_1"] == ministry.kep.evidence(int(number))
        assert ministry.signature.verify_evidence(got.eDelil["_value_1"]).counts
        assert (got.eDelil["contentType"], got.eDelil["fileName"]) == ("application/xml", f"Delil-{number}.xml")

    @pytest.mark.parametrize("number", ["", "x", "-1", "999999", "9" * 30, "١"])
    def test_unknown_evidence(self, ayse: Person, number: str) -> None:
        """What is no evidence of one's own is told by `durum` 4."""
        got = ayse.call("PaketDelilIndir", delilId=number)
        assert (got.durum, got.eDelil) == (4, None)

    def test_somebody_elses(self, ayse: Person, firma: Person, house: House, client: zeep.Client) -> None:
        """Nobody reads other people's letters or evidence, nor learns that they are there."""
        sent = ayse.send(firma)
        number = ayse.call("PaketDelilSorgula", kepId=sent.kepId).delilId[0]
        third = Person(house, client, house.account())
        assert third.call("Indir", kepId=sent.kepId).durum == 4
        assert third.call("PaketDelilSorgula", kepId=sent.kepId).durum == [4]
        assert third.call("PaketDelilIndir", delilId=number).durum == 4
        assert third.call("AlindiOnay", kepId=sent.kepId).durum == 4
        assert third.call("PaketSil", kepId=sent.kepId).durum == 4
        assert (
            third.call("Indir", kepId=sent.kepId).hataaciklama == third.call("Indir", kepId=kep_id(10**9)).hataaciklama
        )

    def test_other_provider(self, ayse: Person, house: House, client: zeep.Client) -> None:
        """A letter to the other provider arrives when its transit is over, with evidence of both."""
        uzak = Person(house, client, house.account(provider="hs02"))
        sent = ayse.send(uzak)
        assert uzak.call("PaketSorgula").kepId == []
        house.advance(minutes=5)
        assert uzak.call("PaketSorgula").kepId == [sent.kepId]
        evidence = ayse.call("PaketDelilSorgula", kepId=sent.kepId)
        assert (evidence.delilTurId, evidence.kephs) == ([10, 20, 40], ["hs01", "hs02", "hs02"])

    def test_refused(self, ayse: Person, firma: Person) -> None:
        """A letter that the provider refuses has a reason, and evidence of the refusal."""
        got = ayse.send(firma, signed=False)
        assert got.durum == 109
        assert got.hataaciklama == "İleti imzalanmamış; nitelikli elektronik sertifika ile S/MIME imzalayınız."
        assert ayse.call("PaketDelilSorgula", kepId=got.kepId).delilTurId == [11]
        assert firma.call("PaketSorgula").kepId == []

    def test_garbage(self, ayse: Person) -> None:
        """What is no message is refused with evidence too; nothing at all is not even that."""
        got = ayse.call("Yukle", ePaket={"_value_1": b"\xff\x00"})
        assert got.durum == 102
        assert ayse.call("PaketDelilSorgula", kepId=got.kepId).delilTurId == [11]
        assert ayse.call("Yukle", ePaket={"_value_1": b""}).durum == 3
        assert ayse.call("Yukle").durum == 3

    def test_kind(self, ayse: Person, firma: Person) -> None:
        """A kind that the letter is not of is not deposited."""
        raw = ayse.house.letter(ayse.opened, firma.opened)
        assert ayse.call("Yukle", ePaket={"_value_1": raw}, ePaketTur="EYazisma").durum == 8
        assert ayse.call("Yukle", ePaket={"_value_1": raw}, ePaketTur="ETEbligat").durum == 6
        assert ayse.call("PaketSorgula", dizin="INBOX.Sent").kepId == []

    def test_attachments(self, ayse: Person, firma: Person) -> None:
        """ORGMATTACH gives the attachments, each with its name and kind."""
        sent = ayse.send(
            firma, attachments=(NUMBERS_PDF, Attachment(name="b.txt", content_type="text/plain", data=b"b"))
        )
        got = firma.call("Indir", kepId=sent.kepId, ePart="ORGMATTACH").ePaket
        assert [(one["fileName"], one["contentType"]) for one in got] == [
            ("sayılar.pdf", "application/pdf"),
            ("b.txt", "text/plain"),
        ]
        assert got[0]["_value_1"] == bytes(range(256))

    def test_sender_reads_what_was_sent(self, ayse: Person, firma: Person) -> None:
        """A sender's own copy lies in INBOX.Sent only, and reading it is no download."""
        sent = ayse.send(firma)
        assert ayse.call("Indir", kepId=sent.kepId).durum == 4
        assert ayse.call("Indir", kepId=sent.kepId, dizin="INBOX.Sent").durum == 0
        assert firma.call("Indir", kepId=sent.kepId, dizin="INBOX.Sent").durum == 4
        assert ayse.call("PaketDelilSorgula", kepId=sent.kepId).delilTurId == [10, 40]

    def test_receipt_before_download(self, ayse: Person, firma: Person) -> None:
        """A letter is confirmed after it was downloaded."""
        got = firma.call("AlindiOnay", kepId=ayse.send(firma).kepId)
        assert (got.durum, got.hataaciklama) == (5, "Paketin durumu bu işleme uygun değil. Önce paketi indiriniz.")

    def test_names_of_a_letter(self, ayse: Person, firma: Person) -> None:
        """A letter is found by its number, its `kepId` with or without brackets, and its Message-ID."""
        sent = ayse.send(firma)
        found = firma.call("PaketSorgula")
        for name in (
            {"kepSiraNo": found.kepSiraNo[0]},
            {"kepId": sent.kepId.strip("<>")},
            {"kepId": found.OrgMesajId[0]},
        ):
            assert firma.call("Indir", **name).durum == 0
        for name, durum in (({}, 3), ({"kepId": "x\ty"}, 4), ({"kepSiraNo": -5}, 4), ({"kepId": "EYWS1"}, 4)):
            assert firma.call("Indir", **name).durum == durum

    def test_folder(self, ayse: Person) -> None:
        """Folders are named in any case; an unknown one is told."""
        assert ayse.call("PaketSorgula", dizin="inbox.SENT").durum == [0]
        assert ayse.call("PaketSorgula", dizin="ÇÖP").durum == [3]

    def test_span(self, ayse: Person, firma: Person) -> None:
        """A span of time takes both its ends; a moment without a zone is Turkey's."""
        sent = ayse.send(firma)
        at = ayse.house.ministry.world.now()
        here = at.astimezone(UTC).replace(tzinfo=None) + timedelta(hours=3)
        second = timedelta(seconds=1)
        assert firma.call("PaketSorgula", ilktarih=at, sontarih=at).kepId == [sent.kepId]
        assert firma.call("PaketSorgula", ilktarih=here, sontarih=here).kepId == [sent.kepId]
        assert firma.call("PaketSorgula", ilktarih=at + second).kepId == []
        assert firma.call("PaketSorgula", sontarih=at - second).kepId == []
        assert firma.call("PaketSorgula", ilktarih=at, sontarih=at - second).durum == [3]


class TestAccount:
    def test_folders(self, ayse: Person) -> None:
        assert ayse.client.service.DizinSorgula(param0=ayse.kep_hesap) == ["INBOX", "INBOX.Sent"]

    def test_quota(self, ayse: Person, firma: Person) -> None:
        """The room that is left in KiB; a letter takes of it."""
        assert ayse.client.service.KotaSorgula(param0=ayse.kep_hesap) == 10_240
        raw = ayse.house.letter(ayse.opened, firma.opened)
        assert ayse.call("Yukle", ePaket={"_value_1": raw}).durum == 0
        assert ayse.client.service.KotaSorgula(param0=ayse.kep_hesap) == 10_240 - -(-len(raw) // 1024)

    def test_credit(self, ayse: Person, firma: Person) -> None:
        """Each letter costs one."""
        got = ayse.client.service.KontorSorgula(param0=ayse.kep_hesap)
        assert (got.cins, got.miktar) == ("Kontör", Decimal(1000))
        ayse.send(firma)
        assert ayse.client.service.KontorSorgula(param0=ayse.kep_hesap).miktar == 999

    def test_refused(self, ayse: Person) -> None:
        """These three have no `durum`: they answer nil, no folder, or a text in `cins`."""
        wrong = ayse.kep_hesap | {"parola": "yanlış"}
        assert ayse.client.service.KotaSorgula(param0=wrong) is None
        assert not ayse.client.service.DizinSorgula(param0=wrong)
        assert "Şifre veya Parola Yanlış" in ayse.client.service.KontorSorgula(param0=wrong).cins

    def test_directory(self, ayse: Person, house: House, client: zeep.Client) -> None:
        """Found by a part of the name, in Turkish letters of any case."""
        isik = Person(house, client, house.account("İstanbul Işık Ltd. (sandbox)"))
        got = ayse.call("RehberTuzelKisiSorgula", unvan="istanbul ışık")
        assert got.kepHesap == [isik.opened.address.address]
        assert got.unvan == ["İstanbul Işık Ltd. (sandbox)"]
