"""A caller of the SOAP counter: zeep for what it can, bytes by hand for the rest."""

from email import message_from_bytes
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import zeep
from lxml import etree

from mockgov.kep.messages import OpenedKepAccount
from mockgov.kep.reading import Attachment
from tests.mockgov.counters.kep_house import House

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
AXIS = "http://ws.apache.org/axis2"
XSD = "http://ws.apache.org/axis2/xsd"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
XOP = "http://www.w3.org/2004/08/xop/include"
NUMBERS_PDF = Attachment(name="sayılar.pdf", content_type="application/pdf", data=bytes(range(256)))


class Person(NamedTuple):
    """Somebody with an account, at the SOAP counter."""

    house: House
    client: zeep.Client
    opened: OpenedKepAccount

    @property
    def kep_hesap(self) -> dict[str, str]:
        return {"kepHesap": self.opened.address.address, "parola": self.opened.password}

    def call(self, operation: str, **parameters: Any) -> Any:
        """What the operation returns."""
        parameters.setdefault("kepHesap", self.kep_hesap)
        return self.client.service[operation](param0=parameters)

    def session(self) -> str:
        return str(self.call("Giris", girisTur="BASE").eGuvenlikId)

    def send(self, *recipients: "Person", **letter: Any) -> Any:
        """Upload a letter."""
        raw = self.house.letter(self.opened, *(one.opened for one in recipients), **letter)
        return self.call("Yukle", ePaket={"_value_1": raw}, ePaketTur="Standart")


def envelope(inside: str, *, head: str = "", soap: str = SOAP) -> bytes:
    return f"<e:Envelope xmlns:e='{soap}'>{head}<e:Body>{inside}</e:Body></e:Envelope>".encode()


def quota_call(person: Person, password: str | None = None) -> bytes:
    """The smallest call, by hand."""
    parola = person.opened.password if password is None else password
    inside = f"<kepHesap>{person.opened.address}</kepHesap><parola>{parola}</parola>"
    return envelope(f"<a:KotaSorgula xmlns:a='{AXIS}'><a:param0 xmlns='{XSD}'>{inside}</a:param0></a:KotaSorgula>")


def post(house: House, body: bytes, content_type: str = "text/xml; charset=utf-8", **headers: str) -> httpx2.Response:
    return house.http.post("/kep/soap", content=body, headers={"content-type": content_type, **headers})


def upload(person: Person, include: str) -> bytes:
    """An upload by hand; the package is what is included."""
    inside = (
        f"<kepHesap xmlns='{XSD}'><kepHesap>{person.opened.address}</kepHesap>"
        f"<parola>{person.opened.password}</parola></kepHesap><ePaket xmlns='{XSD}'>{include}</ePaket>"
    )
    return envelope(f"<a:Yukle xmlns:a='{AXIS}'><a:param0>{inside}</a:param0></a:Yukle>")


def included(name: str) -> str:
    return f"<x:Include xmlns:x='{XOP}' href='cid:{name}'/>"


def multipart(*parts: tuple[str, bytes], boundary: str = "sınır".encode().hex()) -> bytes:
    """A multipart body of (content id, content)."""
    written = [
        f"--{boundary}\r\nContent-Type: application/octet-stream\r\nContent-ID: <{name}>\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, data in parts
    ]
    return b"".join(written) + f"--{boundary}--".encode()


RELATED = f'multipart/related; type="application/xop+xml"; boundary="{"sınır".encode().hex()}"'


def parts_of(got: httpx2.Response) -> list[tuple[str, bytes]]:
    """(Content-ID, content) of an MTOM answer, read by the standard library."""
    head = f"content-type: {got.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(head + got.content)
    assert not message.defects
    return [(part["content-id"], part.get_payload(decode=True)) for part in message.get_payload()]


def schema_of(house: House, folder: Path) -> etree.XMLSchema:
    """The schemas of the WSDL, a file each, so that they find one another."""
    schemas = list(etree.fromstring(house.http.get("/kep/soap?wsdl").content).iter(f"{{{SCHEMA}}}schema"))
    files = {schema.get("targetNamespace"): f"{nth}.xsd" for nth, schema in enumerate(schemas)}
    for schema in schemas:
        for imported in schema.iter(f"{{{SCHEMA}}}import"):
            imported.set("schemaLocation", files[imported.get("namespace")])
        (folder / files[schema.get("targetNamespace")]).write_bytes(etree.tostring(schema))
    return etree.XMLSchema(etree.parse(folder / files[AXIS]))
