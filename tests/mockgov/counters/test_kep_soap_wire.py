"""The wire of the SOAP counter: MTOM, faults, and whatever anybody may send."""

from base64 import b64encode
from collections.abc import Iterator

import pytest
import zeep
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from mockgov.counters.kep_session import Kind, Sessions
from mockgov.counters.kep_soap import mtom
from mockgov.counters.kep_soap.contract import OPERATIONS as CONTRACT
from mockgov.counters.kep_soap.contract import TYPES
from mockgov.counters.kep_soap.desk import Desk
from mockgov.counters.kep_soap.envelope import read_call
from mockgov.counters.kep_soap.exchange import answer
from mockgov.counters.kep_soap.signing_in import SigningIn
from tests.mockgov.counters.kep_caller import (
    AXIS,
    NUMBERS_PDF,
    RELATED,
    SOAP,
    XOP,
    XSD,
    Person,
    envelope,
    included,
    multipart,
    parts_of,
    post,
    quota_call,
    schema_of,
    upload,
)
from tests.mockgov.counters.kep_house import MIB, House


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


class TestMtom:
    def test_upload(self, ayse: Person, firma: Person) -> None:
        """A letter comes as a part of its own, byte for byte; the answer is MTOM too."""
        raw = ayse.house.letter(ayse.opened, firma.opened, attachments=(NUMBERS_PDF,))
        got = post(ayse.house, multipart(("kök", upload(ayse, included("m%40x"))), ("m@x", raw)), RELATED)
        assert got.status_code == 200
        assert got.headers["mime-version"] == "1.0"
        ((name, xml),) = parts_of(got)
        assert f'start="{name}"' in got.headers["content-type"]
        (letter,) = etree.fromstring(xml).iter(f"{{{XSD}}}kepId")
        assert firma.call("Indir", kepId=letter.text).ePaket[0]["_value_1"] == raw

    def test_root_by_name(self, ayse: Person, firma: Person) -> None:
        """`start` names the envelope's part, wherever it stands; else it is the first."""
        raw = ayse.house.letter(ayse.opened, firma.opened)
        body = multipart(("mektup", raw), ("zarf", upload(ayse, included("mektup"))))
        assert post(ayse.house, body, f'{RELATED}; start="<zarf>"').status_code == 200
        assert post(ayse.house, body, RELATED).status_code == 500

    def test_base64_part(self, ayse: Person) -> None:
        """A part may be in base64 if it says so."""
        boundary = "sınır".encode().hex()
        whole = multipart(("zarf", upload(ayse, included("m"))))[: -len(boundary) - 4]
        part = (
            f"--{boundary}\r\ncontent-id:<m>\r\nContent-Transfer-Encoding: BASE64\r\n\r\naGVs\r\nbG8=\r\n--{boundary}--"
        )
        got = post(ayse.house, whole + part.encode(), RELATED)
        assert (got.status_code, b">102<" in got.content) == (200, True)

    def test_download(self, ayse: Person, firma: Person) -> None:
        """Whoever takes multipart/related gets the letter as a part, others in base64; both are the same letter."""
        sent = ayse.send(firma, attachments=(NUMBERS_PDF,))
        made = firma.client.create_message(
            firma.client.service, "Indir", param0={"kepHesap": firma.kep_hesap, "kepId": sent.kepId}
        )
        got = post(ayse.house, etree.tostring(made), accept="multipart/related, text/xml")
        (_, xml), (name, letter) = parts_of(got)
        (include,) = etree.fromstring(xml).iter(f"{{{XOP}}}Include")
        assert f"<{include.get('href')[4:]}>" == name
        plain = post(ayse.house, etree.tostring(made))
        assert plain.headers["content-type"] == "text/xml; charset=utf-8"
        assert letter == firma.call("Indir", kepId=sent.kepId).ePaket[0]["_value_1"]

    def test_equal_bytes(self, ayse: Person, firma: Person) -> None:
        """The same question is answered by the same bytes, boundaries too."""
        sent = ayse.send(firma)
        made = firma.client.create_message(
            firma.client.service, "Indir", param0={"kepHesap": firma.kep_hesap, "kepId": sent.kepId}
        )
        first, second = (post(ayse.house, etree.tostring(made), accept="multipart/related") for _ in range(2))
        assert (first.content, first.headers["content-type"]) == (second.content, second.headers["content-type"])

    def test_fault(self, ayse: Person) -> None:
        """To a client that speaks MTOM a fault is MTOM too."""
        got = post(ayse.house, multipart(("zarf", b"<x/>")), RELATED)
        assert got.status_code == 500
        ((_, xml),) = parts_of(got)
        assert b"soapenv:Client" in xml

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b"", RELATED),
            (b"<x/>", RELATED),
            (b"<x/>", "multipart/related"),
            (multipart(("a", b"<x/>"))[:-2], RELATED),
            (multipart(), RELATED),
            (multipart(("a", b"<x/>")).replace(b"\r\n", b"\n"), RELATED),
            (multipart(*[("a", b"")] * 65), RELATED),
            (
                multipart(("a", b"<x/>")).replace(b"Content-Type", b"Content-Transfer-Encoding: quoted-printable\r\nX"),
                RELATED,
            ),
            (multipart(("a", b"!")).replace(b"Content-Type", b"Content-Transfer-Encoding: base64\r\nX"), RELATED),
        ],
    )
    def test_broken(self, ayse: Person, body: bytes, content_type: str) -> None:
        """A multipart body that is none is the client's fault."""
        got = post(ayse.house, body, content_type)
        assert got.status_code == 500
        assert b">badmultipart<" in got.content

    @pytest.mark.parametrize(
        "include",
        [
            included("başka"),
            included("m") + included("m"),
            included("m").replace("cid:", "file:///etc/"),
            included("m").replace("Include", "Exclude"),
            "<b/>",
        ],
    )
    def test_bad_include(self, ayse: Person, include: str) -> None:
        """Only one part that was sent can be included, and nothing from elsewhere."""
        got = post(ayse.house, multipart(("zarf", upload(ayse, include)), ("m", b"x")), RELATED)
        assert got.status_code == 500
        assert b">badinclude<" in got.content


def laughs(depth: int = 12) -> bytes:
    """A billion laughs."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, depth))
    return f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]>'.encode() + envelope(f"&a{depth - 1};")


FAULTS = {
    "nothing": (b"", "Client", "notxml"),
    "text": (b"merhaba", "Client", "notxml"),
    "json": (b'{"a": 1}', "Client", "notxml"),
    "half an envelope": (envelope("<a/>")[:-3], "Client", "notxml"),
    "bytes that are no text": (b"\xff\xfe\x00\x00", "Client", "notxml"),
    "too deep": (envelope("<a>" * 10_000 + "</a>" * 10_000), "Client", "notxml"),
    "no envelope": (b"<x/>", "Client", "noenvelope"),
    "SOAP 1.2": (envelope("<a/>", soap="http://www.w3.org/2003/05/soap-envelope"), "VersionMismatch", "noenvelope"),
    "no body": (f"<e:Envelope xmlns:e='{SOAP}'/>".encode(), "Client", "nobody"),
    "empty body": (envelope(""), "Client", "nobody"),
    "two operations": (envelope("<a/><b/>"), "Client", "nobody"),
    "unknown operation": (envelope(f"<CikisYap xmlns='{AXIS}'/>"), "Client", "unknownoperation"),
    "operation of no namespace": (envelope("<Giris/>"), "Client", "unknownoperation"),
    "unknown parameter": (envelope(f"<Giris xmlns='{AXIS}'><param1/></Giris>"), "Client", "unknownelement"),
    "unknown element": (envelope(f"<Giris xmlns='{AXIS}'><param0><x/></param0></Giris>"), "Client", "unknownelement"),
    "element twice": (
        envelope(f"<a:KotaSorgula xmlns:a='{AXIS}'><a:param0 xmlns='{XSD}'><tcno/><tcno/></a:param0></a:KotaSorgula>"),
        "Client",
        "repeatedelement",
    ),
    "element in a text": (
        envelope(
            f"<a:KotaSorgula xmlns:a='{AXIS}'><a:param0 xmlns='{XSD}'><tcno><b/></tcno></a:param0></a:KotaSorgula>"
        ),
        "Client",
        "unknownelement",
    ),
    "header that must be understood": (
        envelope("<a/>", head=f"<e:Header><x e:mustUnderstand='1' xmlns:e='{SOAP}'/></e:Header>"),
        "MustUnderstand",
        "header",
    ),
    "document type": (b"<!DOCTYPE x>" + envelope("<a/>"), "Client", "doctype"),
    "external entity": (
        b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]>" + envelope("&f;"),
        "Client",
        "doctype",
    ),
    "processing instruction": (envelope("<?php x ?>"), "Client", "instruction"),
}

VALUES = {
    "number": "<kepSiraNo>1.5</kepSiraNo>",
    "number too large": "<kepSiraNo>2147483648</kepSiraNo>",
    "number in Arabic digits": "<kepSiraNo>١</kepSiraNo>",
    "enumeration": "<ePart>HEPSI</ePart>",
}
MOMENTS = ["dün", "2021-10-04", "2021-13-01T00:00:00", "0001-01-01T00:00:00+03:00", "2021-10-04T24:00:01", "2021-W01-1"]


class TestFaults:
    @pytest.mark.parametrize("name", FAULTS)
    def test_no_call(self, house: House, name: str) -> None:
        """What is no call is a Fault with HTTP 500 (SOAP 1.1, section 6.2), and says what is wrong."""
        body, code, key = FAULTS[name]
        got = post(house, body)
        assert got.status_code == 500
        assert got.headers["content-type"] == "text/xml; charset=utf-8"
        (fault,) = etree.fromstring(got.content).iter(f"{{{SOAP}}}Fault")
        assert fault.findtext("faultcode") == f"soapenv:{code}"
        assert fault.findtext("faultstring")
        assert fault.findtext(f"detail/{{{XSD}}}hata") == key

    def test_laughs(self, house: House) -> None:
        """Entities are not expanded, whatever they would grow to."""
        for depth in (2, 12):
            got = post(house, laughs(depth))
            assert got.status_code == 500
            assert b"haha" not in got.content

    def test_huge(self, house: House) -> None:
        """A body over the server's limit is not read to its end."""
        assert post(house, b" " * (36 * MIB + 1)).status_code == 413

    @pytest.mark.parametrize("name", VALUES)
    def test_value(self, house: House, name: str) -> None:
        got = post(
            house, envelope(f"<a:Indir xmlns:a='{AXIS}'><a:param0 xmlns='{XSD}'>{VALUES[name]}</a:param0></a:Indir>")
        )
        assert (got.status_code, b">badvalue<" in got.content) == (500, True)

    @pytest.mark.parametrize("text", MOMENTS)
    def test_moment(self, house: House, text: str) -> None:
        inside = f"<a:param0 xmlns='{XSD}'><ilktarih>{text}</ilktarih></a:param0>"
        got = post(house, envelope(f"<a:PaketSorgula xmlns:a='{AXIS}'>{inside}</a:PaketSorgula>"))
        assert (got.status_code, b">badvalue<" in got.content) == (500, True)

    def test_base64(self, ayse: Person) -> None:
        assert b">badvalue<" in post(ayse.house, upload(ayse, "ç!")).content

    @pytest.mark.parametrize("charset", ["utf-8", "iso-8859-9", "utf-16"])
    def test_charset(self, ayse: Person, charset: str) -> None:
        """The Content-Type's character set counts; Turkish letters come through in each."""
        body = quota_call(ayse, "ğüşıöç").decode().encode(charset)
        got = post(ayse.house, body, f"text/xml; charset={charset}")
        assert (got.status_code, b'nil="true"' in got.content) == (200, True)
        assert (
            b">10240<"
            in post(ayse.house, quota_call(ayse).decode().encode(charset), f"text/xml;charset={charset}").content
        )

    def test_long_letter(self) -> None:
        """A letter in base64 may be as long as a letter may be."""
        package = b"\xab" * (25 * MIB)
        inside = f"<a:param0 xmlns='{XSD}'><ePaket>{b64encode(package).decode()}</ePaket></a:param0>"
        call = read_call(envelope(f"<a:Yukle xmlns:a='{AXIS}'>{inside}</a:Yukle>"), None, {})
        assert call.values["ePaket"].data == package

    def test_unknown_charset(self, ayse: Person) -> None:
        assert b">charset<" in post(ayse.house, quota_call(ayse), "text/xml; charset=klingon").content

    def test_no_parameter(self, house: House) -> None:
        """An empty call is refused by a rule, since every element may be left out."""
        got = post(house, envelope(f"<Giris xmlns='{AXIS}'/>"))
        assert (got.status_code, b">1<" in got.content) == (200, True)

    def test_harmless_header(self, ayse: Person) -> None:
        """A header that need not be understood is passed over."""
        body = quota_call(ayse).replace(b"<e:Body>", b"<e:Header><x/></e:Header><e:Body>")
        assert b">10240<" in post(ayse.house, body).content


@pytest.fixture(scope="module")
def desk(house: House) -> tuple[Desk, bytes, bytes]:
    """A desk without a server, a good call and a good MTOM body."""
    ministry = house.ministry
    sessions = Sessions(streams=ministry.world.streams, now=ministry.world.now)
    person = Person(house, None, house.account())  # type: ignore[arg-type]  it calls nothing
    signing_in = SigningIn(
        kep=ministry.kep,
        sessions=sessions,
        verify=ministry.signature.verify_cades,
        enveloped=ministry.signature.enveloped,
        text=lambda *_: False,
    )
    made = Desk(kep=ministry.kep, signing_in=signing_in, faults=ministry.world.faults)
    letter = house.letter(person.opened, person.opened)
    return made, quota_call(person), multipart(("zarf", upload(person, included("m"))), ("m", letter))


def is_answer(status: int, body: bytes, content_type: str) -> bool:
    """Whether it is an answer or a fault, well-formed."""
    sent = mtom.read(body, content_type)
    (inside,) = etree.fromstring(sent.envelope)[0]
    return status == (500 if inside.tag == f"{{{SOAP}}}Fault" else 200)


WORDS = ["INBOX", "inbox.sent", "EIMZA", "OTP", "ALL", "ORGMATTACH", "EYazisma", "eA==", "="]
NUMBERS = [
    "0",
    "1",
    "-1",
    "2147483647",
    "EYWS00000001.kep.sandbox.invalid",
    "<EYWS999999999999999999.kep.sandbox.invalid>",
]
DATES = ["2021-10-04T00:00:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00", "2021-02-30T00:00:00Z"]
TEXTS = st.sampled_from([*WORDS, *NUMBERS, *DATES]) | st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=30
)


class TestMutations:
    @settings(max_examples=200)
    @given(data=st.data())
    def test_bodies(self, desk: tuple[Desk, bytes, bytes], data: st.DataObject) -> None:
        """However a call is spoilt, it gets an answer or a Fault, and nothing else."""
        with_parts = data.draw(st.booleans())
        body = bytearray(desk[2] if with_parts else desk[1])
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(body)))
            until = data.draw(st.integers(at, min(len(body), at + 30)))
            body[at:until] = data.draw(
                st.binary(max_size=8) | st.sampled_from([b"<!--", b"]]>", b"&a;", b"\r\n\r\n", b"<"])
            )
        content_type = RELATED if with_parts else "text/xml"
        got = answer(desk[0], bytes(body), content_type=content_type, accept="")
        assert is_answer(got.status, got.body, got.content_type)

    @settings(max_examples=300)
    @given(data=st.data())
    def test_values(self, desk: tuple[Desk, bytes, bytes], grammar: etree.XMLSchema, data: st.DataObject) -> None:
        """A well-formed call with any value in any of its elements gets one too; an answer fits the schema."""
        operation = data.draw(st.sampled_from(list(CONTRACT.values())))
        account = etree.fromstring(desk[1])[0][0][0]
        root = etree.Element(f"{{{SOAP}}}Envelope")
        call = etree.SubElement(etree.SubElement(root, f"{{{SOAP}}}Body"), f"{{{AXIS}}}{operation.name}")
        parameter = etree.SubElement(call, f"{{{AXIS}}}param0")
        for field in TYPES[operation.takes]:
            if field.name == "kepHesap" and field.kind in TYPES:
                parameter.append(account)
                account.tag = f"{{{XSD}}}kepHesap"
            elif operation.takes == "eyKepHesapGirisP" or data.draw(st.booleans()):
                etree.SubElement(parameter, f"{{{XSD}}}{field.name}").text = data.draw(TEXTS)
        accept = data.draw(st.sampled_from(["", RELATED]))
        got = answer(desk[0], etree.tostring(root), content_type="text/xml", accept=accept)
        assert is_answer(got.status, got.body, got.content_type)
        if got.status == 200 and not accept:
            grammar.assertValid(etree.fromstring(got.body)[0][0])

    @settings(max_examples=200)
    @given(
        content_type=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=40)
        | st.from_regex(
            r"multipart/related; ?(boundary|start|type)\*?[0-9]?\*?=.{0,12}(; ?boundary=.{0,9})?", fullmatch=True
        )
    )
    def test_content_types(self, desk: tuple[Desk, bytes, bytes], content_type: str) -> None:
        """Nor does any Content-Type bring it down."""
        got = answer(desk[0], desk[2], content_type=content_type, accept="")
        assert is_answer(got.status, got.body, got.content_type)

    @settings(max_examples=100)
    @given(token=st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,30}\.[A-Za-z0-9_-]{0,40}", fullmatch=True))
    def test_tokens(self, house: House, token: str) -> None:
        """No invented token is anybody's."""
        sessions = Sessions(streams=house.ministry.world.streams, now=house.ministry.world.now)
        with pytest.raises(Exception, match="Sign in again") as refusal:
            sessions.holder(token, Kind.SESSION)
        assert refusal.type.__name__ == "BadSession"
