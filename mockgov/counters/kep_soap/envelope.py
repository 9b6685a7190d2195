"""SOAP 1.1 envelopes, read and written by the contract. XML comes from strangers: no DTD, no entity, no network."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from mockgov.clock import TURKEY
from mockgov.counters.kep_soap.contract import (
    BINARY,
    DECIMAL,
    ENUMERATIONS,
    INT,
    MOMENT,
    OPERATIONS,
    SERVICE_NS,
    STRING,
    TYPES,
    TYPES_NS,
    XMIME_NS,
    Binary,
    Field,
    Operation,
    Values,
)
from mockgov.counters.kep_soap.mtom import Part

SOAP_NS: Final = "http://schemas.xmlsoap.org/soap/envelope/"
XOP_NS: Final = "http://www.w3.org/2004/08/xop/include"
XSI_NS: Final = "http://www.w3.org/2001/XMLSchema-instance"
PREFIXES: Final = {"soapenv": SOAP_NS, "ns": SERVICE_NS, "ax": TYPES_NS, "xmime": XMIME_NS}
NIL: Final = f"{{{XSI_NS}}}nil"
INCLUDE: Final = f"{{{XOP_NS}}}Include"

_INT = re.compile(r"[+-]?[0-9]{1,10}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})?")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Fault(Exception):  # noqa: N818  the name of SOAP 1.1, section 4.4
    """What cannot be answered: the message is wrong (`Client`), or the service is down (`Server`)."""

    def __init__(self, message: str, *, code: str = "Client", key: str = "unreadable") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, read."""

    operation: Operation
    values: Values


def read_call(envelope: bytes, charset: str | None, parts: Mapping[str, bytes]) -> Call:
    """The operation that an envelope asks for, and with what. Raises `Fault`."""
    root = _parsed(envelope, charset)
    if root.tag != f"{{{SOAP_NS}}}Envelope":
        version = str(root.tag).endswith("}Envelope")
        text = f"Send a SOAP 1.1 envelope: <Envelope xmlns='{SOAP_NS}'>."
        raise Fault(text, code="VersionMismatch" if version else "Client", key="noenvelope")
    _look_at_headers(root)
    bodies = root.findall(f"{{{SOAP_NS}}}Body")
    entries = list(bodies[0]) if len(bodies) == 1 else []
    if len(entries) != 1:
        raise Fault("An envelope has one Body with one operation in it.", key="nobody")
    name = etree.QName(entries[0])
    operation = OPERATIONS.get(name.localname) if name.namespace == SERVICE_NS else None
    if operation is None:
        raise Fault(f"There is no such operation; those of {SERVICE_NS} are listed at ?wsdl.", key="unknownoperation")
    parameters = list(entries[0])
    if [parameter.tag for parameter in parameters] not in ([], [f"{{{SERVICE_NS}}}param0"]):
        raise Fault(f"{operation.name} has one element, param0, of {SERVICE_NS}.", key="unknownelement")
    values = _read_type(parameters[0], operation.takes, parts) if parameters else None
    return Call(operation=operation, values=values or {})


def write_answer(operation: Operation, result: Any, *, mtom: bool) -> tuple[bytes, list[Part]]:
    """The envelope of an answer; with MTOM its binary contents are left out and come beside it."""
    envelope = etree.Element(f"{{{SOAP_NS}}}Envelope", nsmap=PREFIXES)
    body = etree.SubElement(envelope, f"{{{SOAP_NS}}}Body")
    response = etree.SubElement(body, f"{{{SERVICE_NS}}}{operation.name}Response")
    parts: list[Part] = []
    _write_field(response, SERVICE_NS, operation.gives, result, parts if mtom else None)
    return _bytes(envelope), parts


def write_fault(fault: Fault) -> bytes:
    """The envelope of a fault, with the rule's key in its detail."""
    envelope = etree.Element(f"{{{SOAP_NS}}}Envelope", nsmap=PREFIXES)
    body = etree.SubElement(envelope, f"{{{SOAP_NS}}}Body")
    written = etree.SubElement(body, f"{{{SOAP_NS}}}Fault")
    etree.SubElement(written, "faultcode").text = f"soapenv:{fault.code}"
    etree.SubElement(written, "faultstring").text = _clean(fault.message)
    detail = etree.SubElement(written, "detail")
    etree.SubElement(detail, f"{{{TYPES_NS}}}hata").text = fault.key
    return _bytes(envelope)


class _Watch:
    """Reads a document without keeping it, and ends where a SOAP message must not go on (SOAP 1.1, section 3)."""

    refusal: Fault | None = None

    def doctype(self, *_: str | None) -> None:
        """Refuse it before any of its entities is read."""
        self._refuse("A SOAP message has no document type declaration (SOAP 1.1, section 3); leave it out.", "doctype")

    def pi(self, *_: str | None) -> None:
        """Refuse a processing instruction."""
        self._refuse("A SOAP message has no processing instructions (SOAP 1.1, section 3).", "instruction")

    def close(self) -> None:
        """Nothing was kept."""

    def _refuse(self, message: str, key: str) -> None:
        self.refusal = Fault(message, key=key)
        raise self.refusal


def _parsed(envelope: bytes, charset: str | None) -> etree._Element:
    """The tree of a document without a document type, and so without entities; a letter in base64 may be long."""
    watch = _Watch()
    safely: dict[str, Any] = {"encoding": charset, "resolve_entities": False, "no_network": True, "huge_tree": True}
    try:
        etree.fromstring(envelope, etree.XMLParser(target=watch, **safely))
        return etree.fromstring(envelope, etree.XMLParser(remove_comments=True, **safely))
    except LookupError:
        raise Fault("The character set of the Content-Type is unknown; send UTF-8.", key="charset") from None
    except (etree.XMLSyntaxError, ValueError, Fault):
        raise watch.refusal or Fault(
            "The body is no well-formed XML; send a SOAP 1.1 envelope, as ?wsdl describes.", key="notxml"
        ) from None


def _look_at_headers(root: etree._Element) -> None:
    """This counter understands no header; one that must be understood is refused (SOAP 1.1, section 4.2.3)."""
    for header in root.findall(f"{{{SOAP_NS}}}Header"):
        if any(block.get(f"{{{SOAP_NS}}}mustUnderstand") == "1" for block in header):
            raise Fault("A header that must be understood is not: send none.", code="MustUnderstand", key="header")


def _read_type(element: etree._Element, kind: str, parts: Mapping[str, bytes]) -> Values | None:
    if element.get(NIL) in {"true", "1"}:
        return None
    fields = {field.name: field for field in TYPES[kind]}
    values: dict[str, Any] = {}
    for child in element:
        name = etree.QName(child)
        field = fields.get(name.localname) if name.namespace == TYPES_NS else None
        if field is None:
            raise Fault(f"{kind} has the elements {', '.join(fields)} of {TYPES_NS} only.", key="unknownelement")
        if field.name in values:
            raise Fault(f"{kind} has one {field.name}.", key="repeatedelement")
        values[field.name] = _read_field(child, field, parts)
    return values


def _read_field(element: etree._Element, field: Field, parts: Mapping[str, bytes]) -> Any:
    if field.kind in TYPES:
        return _read_type(element, field.kind, parts)
    if element.get(NIL) in {"true", "1"}:
        return None
    if field.kind == BINARY:
        return _read_binary(element, field, parts)
    if len(element):
        raise Fault(f"{field.name} has text only, no elements.", key="unknownelement")
    text = element.text or ""
    return text if field.kind == STRING else _read_text(text.strip(), field)


def _read_text(text: str, field: Field) -> Any:
    if not text:
        return None
    if field.kind in ENUMERATIONS:
        if text not in ENUMERATIONS[field.kind]:
            raise Fault(f"{field.name} is one of {', '.join(ENUMERATIONS[field.kind])}.", key="badvalue")
        return text
    try:
        return READ[field.kind](text)
    except (ValueError, OverflowError):
        raise Fault(f"{field.name} is no xs:{field.kind}.", key="badvalue") from None


def _read_binary(element: etree._Element, field: Field, parts: Mapping[str, bytes]) -> Binary:
    content_type = element.get(f"{{{XMIME_NS}}}contentType", "application/octet-stream")
    name = element.get(f"{{{XMIME_NS}}}fileName", "")
    if len(element) == 0:
        try:
            data = base64.b64decode("".join((element.text or "").split()), validate=True)
        except (binascii.Error, ValueError):
            raise Fault(f"{field.name} is not in base64.", key="badvalue") from None
        return Binary(data=data, content_type=content_type, file_name=name)
    href = element[0].get("href", "")
    if len(element) != 1 or element[0].tag != INCLUDE or not href.startswith("cid:"):
        raise Fault(f"{field.name} has base64 text, or one xop:Include with href='cid:…'.", key="badinclude")
    found = parts.get(unquote(href.removeprefix("cid:")))
    if found is None:
        raise Fault(f"{field.name} refers to a part that was not sent.", key="badinclude")
    return Binary(data=found, content_type=content_type, file_name=name)


def _int(text: str) -> int:
    if _INT.fullmatch(text) is None or not -(1 << 31) <= int(text) < 1 << 31:
        raise ValueError(text)
    return int(text)


def _moment(text: str) -> datetime:
    """A moment in UTC; without a zone it is Turkey's time."""
    if _MOMENT.fullmatch(text) is None:
        raise ValueError(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=TURKEY)).astimezone(UTC)


READ: Final[Mapping[str, Callable[[str], Any]]] = {INT: _int, MOMENT: _moment, DECIMAL: Decimal}


def _write_field(parent: etree._Element, namespace: str, field: Field, value: Any, parts: list[Part] | None) -> None:
    if field.many:
        for one in value or ():
            _write_one(parent, namespace, field, one, parts)
    elif value is not None or namespace == SERVICE_NS:
        _write_one(parent, namespace, field, value, parts)


def _write_one(parent: etree._Element, namespace: str, field: Field, value: Any, parts: list[Part] | None) -> None:
    element = etree.SubElement(parent, f"{{{namespace}}}{field.name}")
    if value is None:
        element.set(NIL, "true")
    elif field.kind in TYPES:
        for inner in TYPES[field.kind]:
            _write_field(element, TYPES_NS, inner, value.get(inner.name), parts)
    elif field.kind == BINARY:
        _write_binary(element, value, parts)
    elif field.kind == MOMENT:
        element.text = value.astimezone(TURKEY).isoformat(timespec="milliseconds")
    else:
        element.text = _clean(str(value))


def _write_binary(element: etree._Element, value: Binary, parts: list[Part] | None) -> None:
    element.set(f"{{{XMIME_NS}}}contentType", _clean(value.content_type))
    if value.file_name:
        element.set(f"{{{XMIME_NS}}}fileName", _clean(value.file_name))
    if parts is None:
        element.text = base64.b64encode(value.data).decode()
        return
    part = Part(
        content_id=f"{len(parts) + 1}.part@kep.sandbox.invalid",
        content_type="application/octet-stream",
        data=value.data,
    )
    parts.append(part)
    etree.SubElement(element, INCLUDE, nsmap={"xop": XOP_NS}).set("href", f"cid:{part.content_id}")


def _clean(text: str) -> str:
    """The text without what XML 1.0 cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _bytes(envelope: etree._Element) -> bytes:
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))
