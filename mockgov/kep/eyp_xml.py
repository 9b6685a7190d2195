"""The XML parts of an e-Yazışma package: metadata and digests, written and read.

Namespaces, names and order of elements are those of the EYP 2.0 schemas, as public readers of the format have them;
of the optional elements those are written that an official letter needs.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

from mockgov.clock import TURKEY
from mockgov.kep.content import Attachment, clean_line
from mockgov.kep.opc import BadPackage, PackageFault, parse_xml, xml_bytes
from mockgov.kep.rules import SANDBOX

_SCHEMA = "urn:dpt:eyazisma:schema:xsd:"
USTVERI, NIHAI_USTVERI = f"{_SCHEMA}Ustveri-2", f"{_SCHEMA}NihaiUstveri-2"
TYPES, SUMMARY = f"{_SCHEMA}Tipler-2", f"{_SCHEMA}PaketOzeti-2"
VERIFICATION = "urn:hes-sandbox:hukuki-gecerliligi-yoktur"
"""Where an official letter says at which address it is verified."""
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _DCTERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

KNOWN_DIGESTS: Mapping[str, str] = MappingProxyType(
    {
        "http://www.w3.org/2001/04/xmlenc#sha256": "sha256",
        "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
        "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
    }
)
"""Digest methods that are understood, as hashlib names them."""
WRITTEN_DIGESTS: Mapping[str, str] = MappingProxyType(
    {uri: name for uri, name in KNOWN_DIGESTS.items() if name in {"sha384", "sha512"}}
)
"""Digest methods that are written (facts, section 7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A public body, by its eight-digit number in the state's register (*DETSİS*), or a company, by its tax number."""

    number: str
    name: str

    @property
    def is_public(self) -> bool:
        """Whether the number is one of *DETSİS*."""
        return len(self.number) == 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signed, as the letter shows it."""

    firstname: str
    lastname: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ustveri:
    """What is in the metadata."""

    document_id: str
    subject: str
    sender: Body
    recipients: tuple[Body, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NihaiUstveri:
    """What is in the final metadata."""

    dated: datetime
    document_number: str
    signers: tuple[Signer, ...]


def metadata(
    document_id: str,
    subject: str,
    sender: Body,
    recipients: Sequence[Body],
    letter: str,
    attached: Sequence[tuple[Attachment, str]],
) -> bytes:
    """`Ustveri.xml`: what the letter is about, whose and to whom, and what comes with it."""
    root = etree.Element(f"{{{USTVERI}}}UstVeri", nsmap={None: USTVERI, "tipler": TYPES})
    root.append(etree.Comment(f" {SANDBOX} "))
    _add(root, "BelgeId", document_id)
    _add(root, "Konu", subject)
    _add(root, "GuvenlikKodu", "YOK")
    _add(root, "MimeTuru", "application/pdf")
    everybody = _add(root, "DagitimListesi")
    for one in recipients:
        way = _add(everybody, "Dagitim")
        _body(way, one)
        _add(way, "Ivedilik", "NRM")
        _add(way, "DagitimTuru", "GRG")
    if attached:
        files = _add(root, "Ekler")
        for nth, (file, name) in enumerate(attached, 1):
            _attached(_add(files, "Ek"), nth, file, name, str(uuid5(NAMESPACE_OID, f"{document_id}/{nth}")).upper())
    _add(root, "Dil", "tur")
    _body(_add(root, "Olusturan"), sender)
    _add(root, "DosyaAdi", letter.rpartition("/")[2])
    _add(_add(root, "DogrulamaBilgisi"), "DogrulamaAdresi", VERIFICATION)
    return xml_bytes(root)


def final_metadata(at: datetime, number: str, signers: Sequence[Signer]) -> bytes:
    """`NihaiUstveri.xml`: date, number and signers, known when the letter is signed."""
    root = etree.Element(f"{{{NIHAI_USTVERI}}}NihaiUstVeri", nsmap={None: NIHAI_USTVERI, "tipler": TYPES})
    _add(root, "Tarih", at.astimezone(TURKEY).isoformat(timespec="seconds"))
    _add(root, "BelgeNo", number)
    everybody = _add(root, "BelgeImzalar")
    for one in signers:
        signer = _add(_add(everybody, "Imza"), "Imzalayan")
        person = _add(signer, "Kisi")
        _add(person, "IlkAdi", one.firstname)
        _add(person, "Soyadi", one.lastname)
        _add(signer, "Gorev", one.title)
    return xml_bytes(root)


def core(document_id: str, subject: str, sender: Body, at: datetime) -> bytes:
    """The package's own properties, as every OPC package has them."""
    names = {"cp": _CORE, "dc": _DC, "dcterms": _DCTERMS, "xsi": _XSI}
    root = etree.Element(f"{{{_CORE}}}coreProperties", nsmap=names)
    etree.SubElement(root, f"{{{_DC}}}identifier").text = clean_line(document_id)
    etree.SubElement(root, f"{{{_DC}}}subject").text = clean_line(subject)
    etree.SubElement(root, f"{{{_DC}}}creator").text = clean_line(f"{sender.name}/{sender.number}")
    created = etree.SubElement(root, f"{{{_DCTERMS}}}created", {f"{{{_XSI}}}type": "dcterms:W3CDTF"})
    created.text = at.astimezone(TURKEY).isoformat(timespec="seconds")
    etree.SubElement(root, f"{{{_CORE}}}category").text = "RESMIYAZISMA"
    etree.SubElement(root, f"{{{_CORE}}}contentType").text = "application/eyazisma"
    etree.SubElement(root, f"{{{_CORE}}}version").text = "2.0"
    etree.SubElement(root, f"{{{_CORE}}}contentStatus").text = SANDBOX
    return xml_bytes(root)


def summary(kind: str, document_id: str, digests: Sequence[tuple[str, Mapping[str, bytes]]]) -> bytes:
    """`PaketOzeti.xml` or `NihaiOzet.xml`: (a part's URI, its digests by method) of each part that it covers."""
    own = f"{_SCHEMA}{kind}-2"
    root = etree.Element(f"{{{own}}}{kind}", Id=clean_line(document_id), nsmap={None: own, "ozet": SUMMARY})
    for uri, values in digests:
        reference = etree.SubElement(root, f"{{{SUMMARY}}}Reference", URI=uri)
        for method, value in values.items():
            item = etree.SubElement(reference, f"{{{SUMMARY}}}DigestItem")
            etree.SubElement(item, f"{{{SUMMARY}}}DigestMethod", Algorithm=method)
            etree.SubElement(item, f"{{{SUMMARY}}}DigestValue").text = b64encode(value).decode()
    return xml_bytes(root)


def read_summary(data: bytes, name: str) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """(A part's name, its digests as (method, Base64)) of each part that is covered. Raises `BadPackage`."""
    found = []
    for reference in parse_xml(data, name).iter(f"{{{SUMMARY}}}Reference"):
        digests = [
            (item.findtext(f"{{{SUMMARY}}}DigestValue") or "", item.find(f"{{{SUMMARY}}}DigestMethod"))
            for item in reference.iter(f"{{{SUMMARY}}}DigestItem")
        ]
        values = [(method.get("Algorithm") or "", value) for value, method in digests if method is not None]
        found.append(((reference.get("URI") or "").removeprefix("/"), values))
    return found


def read_metadata(data: bytes) -> Ustveri:
    """What `Ustveri.xml` says. Raises `BadPackage`."""
    root = parse_xml(data, "Ustveri.xml")
    everybody = root.find(f"{{{TYPES}}}DagitimListesi")
    author = root.find(f"{{{TYPES}}}Olusturan")
    if everybody is None or author is None:
        raise BadPackage(PackageFault.BAD_XML, "Ustveri.xml must say to whom the letter goes, and whose it is.")
    return Ustveri(
        document_id=_said(root, "BelgeId"),
        subject=_said(root, "Konu"),
        sender=_read_body(author),
        recipients=tuple(_read_body(way) for way in everybody.iter(f"{{{TYPES}}}Dagitim")),
    )


def read_final_metadata(data: bytes) -> NihaiUstveri:
    """What `NihaiUstveri.xml` says. Raises `BadPackage`."""
    root = parse_xml(data, "NihaiUstveri.xml")
    try:
        dated = datetime.fromisoformat(_said(root, "Tarih"))
    except ValueError as error:
        raise BadPackage(PackageFault.BAD_XML, "NihaiUstveri.xml must have a date.") from error
    signers = tuple(_read_signer(one) for one in root.iter(f"{{{TYPES}}}Imzalayan"))
    if not _said(root, "BelgeNo"):
        raise BadPackage(PackageFault.BAD_XML, "NihaiUstveri.xml must have the letter's number.")
    return NihaiUstveri(
        dated=dated if dated.tzinfo else dated.replace(tzinfo=TURKEY),
        document_number=_said(root, "BelgeNo"),
        signers=signers,
    )


def _add(parent: "etree._Element", name: str, text: str | None = None) -> "etree._Element":
    child = etree.SubElement(parent, f"{{{TYPES}}}{name}")
    child.text = None if text is None else clean_line(text)
    return child


def _attached(parent: "etree._Element", nth: int, file: Attachment, name: str, identity: str) -> None:
    _add(parent, "Id").attrib.update({"Value": identity, "EYazismaIdMi": "false"})
    _add(parent, "Tur", "DED")
    _add(parent, "DosyaAdi", name)
    _add(parent, "MimeTuru", file.content_type)
    _add(parent, "Ad", file.name)
    _add(parent, "SiraNo", str(nth))
    _add(parent, "ImzaliMi", "true")


def _body(parent: "etree._Element", body: Body) -> None:
    if body.is_public:
        one = _add(parent, "KurumKurulus")
        _add(one, "KKK", body.number)
    else:
        one = _add(parent, "TuzelSahis")
        _add(one, "Id", body.number).set("schemeID", "VKN")
    _add(one, "Adi", body.name)


def _read_body(parent: "etree._Element") -> Body:
    for kind, number in (("KurumKurulus", "KKK"), ("TuzelSahis", "Id")):
        one = parent.find(f"{{{TYPES}}}{kind}")
        if one is not None:
            return Body(number=_said(one, number), name=_said(one, "Adi"))
    return Body(number="", name=clean_line(" ".join(str(text) for text in parent.itertext())))


def _read_signer(signer: "etree._Element") -> Signer:
    person = signer.find(f"{{{TYPES}}}Kisi")
    if person is None:
        raise BadPackage(PackageFault.BAD_XML, "NihaiUstveri.xml must name each signer.")
    return Signer(firstname=_said(person, "IlkAdi"), lastname=_said(person, "Soyadi"), title=_said(signer, "Gorev"))


def _said(parent: "etree._Element", name: str) -> str:
    return clean_line(parent.findtext(f"{{{TYPES}}}{name}") or "")
