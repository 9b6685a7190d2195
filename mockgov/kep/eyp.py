"""The e-Yazışma package, EYP 2.0: the state's official letter as a zip of a PDF, metadata, digests and signatures.

The signature is CAdES over `PaketOzeti.xml`, which has two digests of each part that is signed; the institution's seal
is CAdES over `NihaiOzet.xml`, which covers those parts, the digests, the signature and the final metadata.
"""

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from mockgov.kep import eyp_xml
from mockgov.kep.content import Attachment, clean_line
from mockgov.kep.eyp_xml import Body, Signer
from mockgov.kep.opc import BadPackage, PackageFault, Part, Relationship, read_parts, read_relationships, write_parts
from mockgov.refusal import Refused

__all__ = ["BadPackage", "Body", "EypPackage", "NewPackage", "PackageFault", "Signer", "read_package", "write_package"]

LETTERS = "UstYazi/"
ATTACHMENTS = "Ekler/"
METADATA = "Ustveri/Ustveri.xml"
FINAL_METADATA = "NihaiUstveri/NihaiUstveri.xml"
SUMMARY = "PaketOzeti/PaketOzeti.xml"
FINAL_SUMMARY = "NihaiOzet/NihaiOzet.xml"
SIGNATURE = "Imzalar/ImzaCades.imz"
SEAL = "Muhur/MuhurCades.imz"
REQUIRED = (METADATA, FINAL_METADATA, SUMMARY, FINAL_SUMMARY, SIGNATURE, SEAL)

MAX_STEM = 80
"""Letters of a file's name that its part keeps (chosen here)."""
_RELATION = "http://eyazisma.dpt/iliskiler/"
_CORE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_XML, _BINARY = "application/xml", "application/octet-stream"
_NUMBER = re.compile(r"E-[0-9]{8}-[0-9]{3}(?:\.[0-9]{2}){0,3}(?:\[[^\]]{1,40}\])?-[0-9]{1,10}")
_ASCII = str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosuCGIOSU")


class BadDocumentNumber(Refused):
    """A text that is no number of an official letter."""

    key = "baddocumentnumber"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPackage:
    """What an official letter is made from."""

    document_id: str
    """*Belge kimliği*: a UUID in capitals; names the letter for ever."""
    document_number: str
    """As `document_number` writes it; a company's as it likes."""
    subject: str
    sender: Body
    recipients: tuple[Body, ...]
    letter: Attachment
    """The letter itself (*üst yazı*), a PDF."""
    attachments: tuple[Attachment, ...] = ()
    signers: tuple[Signer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EypPackage:
    """A package that was read: every digest is right, and every part is covered. Signatures are not checked here."""

    document_id: str
    document_number: str
    subject: str
    dated: datetime
    sender: Body
    recipients: tuple[Body, ...]
    letter: Attachment
    attachments: tuple[Attachment, ...]
    signers: tuple[Signer, ...]
    summary: bytes
    """What `signature` is over."""
    signature: bytes
    final_summary: bytes
    """What `seal` is over."""
    seal: bytes


def document_number(detsis: str, file_plan: str, sequence: int) -> str:
    """`E-<DETSİS>-<file plan>-<number>`, such as `E-24301050-010.07-4711`. Raises `BadDocumentNumber`."""
    number = f"E-{detsis}-{file_plan}-{sequence}"
    if not _NUMBER.fullmatch(number):
        raise BadDocumentNumber("Give a DETSİS number of eight digits, a file plan such as 010.07.01, and a number.")
    return number


def write_package(
    order: NewPackage, *, at: datetime, sign: Callable[[bytes], bytes], seal: Callable[[bytes], bytes]
) -> bytes:
    """A package, signed and sealed: both callables make a detached CAdES signature over the bytes they are given.

    The same order, moment and signatures give the same bytes. Raises `BadDocumentNumber`.
    """
    if not (_NUMBER.fullmatch(order.document_number) if order.sender.is_public else clean_line(order.document_number)):
        raise BadDocumentNumber("Number the letter as document_number does; a company numbers as it likes.")
    letter = _part(LETTERS, order.letter, (), "pdf")
    attached: list[Part] = []
    for one in order.attachments:
        attached.append(_part(ATTACHMENTS, one, [part.name for part in attached]))
    files = [part.name.partition("/")[2] for part in attached]
    named = list(zip(order.attachments, files, strict=True))
    metadata = eyp_xml.metadata(order.document_id, order.subject, order.sender, order.recipients, letter.name, named)
    signed = [Part(name=METADATA, content_type=_XML, data=metadata), letter, *attached]
    summary = Part(name=SUMMARY, content_type=_XML, data=_summary("PaketOzeti", order.document_id, signed))
    core_name = f"package/services/metadata/core-properties/{order.document_id}.psmdcp"
    core = eyp_xml.core(order.document_id, order.subject, order.sender, at)
    final = [
        summary,
        Part(name=SIGNATURE, content_type=_BINARY, data=sign(summary.data)),
        Part(
            name=FINAL_METADATA,
            content_type=_XML,
            data=eyp_xml.final_metadata(at, order.document_number, order.signers),
        ),
        Part(name=core_name, content_type=_CORE_TYPE, data=core),
    ]
    last = Part(name=FINAL_SUMMARY, content_type=_XML, data=_summary("NihaiOzet", order.document_id, [*signed, *final]))
    sealed = Part(name=SEAL, content_type=_BINARY, data=seal(last.data))
    relations = _relations(letter.name, [part.name for part in attached], core_name)
    return write_parts([*signed, *final, last, sealed], relations, at)


def read_package(raw: bytes) -> EypPackage:
    """A package, its digests checked. Raises `BadPackage`, which names the rule that it breaks."""
    parts = read_parts(raw)
    for name in REQUIRED:
        if name not in parts:
            raise BadPackage(PackageFault.MISSING_PART, f"{name} must be in it.")
    read_relationships(parts)
    letters = [name for name in parts if name.startswith(LETTERS) and name.lower().endswith(".pdf")]
    if len(letters) != 1:
        raise BadPackage(PackageFault.MISSING_PART, f"There must be exactly one PDF under {LETTERS}.")
    signed = _checked(parts, SUMMARY)
    covered = _checked(parts, FINAL_SUMMARY) | signed
    attached = [name for name in parts if name.startswith(ATTACHMENTS) and "/_rels/" not in name]
    _covers(signed, [METADATA, *letters, *attached])
    _covers(covered, [name for name in parts if not _is_plumbing(name)])
    ustveri, nihai = eyp_xml.read_metadata(parts[METADATA]), eyp_xml.read_final_metadata(parts[FINAL_METADATA])
    return EypPackage(
        document_id=ustveri.document_id,
        document_number=nihai.document_number,
        subject=ustveri.subject,
        dated=nihai.dated,
        sender=ustveri.sender,
        recipients=ustveri.recipients,
        letter=_attachment(letters[0], parts),
        attachments=tuple(_attachment(name, parts) for name in attached),
        signers=nihai.signers,
        summary=parts[SUMMARY],
        signature=parts[SIGNATURE],
        final_summary=parts[FINAL_SUMMARY],
        seal=parts[SEAL],
    )


def _part(folder: str, file: Attachment, taken: Sequence[str], extension: str = "") -> Part:
    """A file as a part; its name in ASCII, with the extension wanted, made different where another has it."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", clean_line(file.name).translate(_ASCII)).strip(".") or "dosya"
    stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
    stem, ending = stem[:MAX_STEM], ending[:MAX_STEM]
    if extension and ending.lower() != extension:
        stem, dot, ending = f"{stem}{dot}{ending}", ".", extension
    lowered, tries, whole = {one.lower() for one in taken}, 1, f"{folder}{stem}{dot}{ending}"
    while whole.lower() in lowered:
        tries += 1
        whole = f"{folder}{stem}_{tries}{dot}{ending}"
    return Part(name=whole, content_type=file.content_type, data=file.data)


def _summary(kind: str, document_id: str, parts: Sequence[Part]) -> bytes:
    digests = [(f"/{part.name}", _digests(part.data)) for part in parts]
    return eyp_xml.summary(kind, document_id, digests)


def _digests(data: bytes) -> Mapping[str, bytes]:
    return {uri: hashlib.new(name, data).digest() for uri, name in eyp_xml.WRITTEN_DIGESTS.items()}


def _relations(letter: str, attached: Sequence[str], core: str) -> list[Relationship]:
    root = [
        ("ustveri", METADATA),
        ("ustyazi", letter),
        *(("ek", name) for name in attached),
        ("paketozeti", SUMMARY),
        ("nihaiustveri", FINAL_METADATA),
        ("nihaiozet", FINAL_SUMMARY),
    ]
    return [
        *(Relationship(source="", type=_RELATION + kind, target=name) for kind, name in root),
        Relationship(source="", type=_CORE_RELATION, target=core),
        Relationship(source=SUMMARY, type=f"{_RELATION}imzacades", target=SIGNATURE),
        Relationship(source=FINAL_SUMMARY, type=f"{_RELATION}muhurcades", target=SEAL),
    ]


def _checked(parts: Mapping[str, bytes], name: str) -> frozenset[str]:
    """The parts that a summary covers, each with at least two right digests, SHA-512 one of them."""
    covered: set[str] = set()
    for target, digests in eyp_xml.read_summary(parts[name], name):
        part = parts.get(target)
        if part is None:
            raise BadPackage(PackageFault.MISSING_PART, f"{name} covers a part that is not there.")
        known = {eyp_xml.KNOWN_DIGESTS[uri]: value for uri, value in digests if uri in eyp_xml.KNOWN_DIGESTS}
        if "sha512" not in known or len(known) < 2:
            raise BadPackage(PackageFault.WEAK_DIGEST, f"{name} must have SHA-512 and another digest of each part.")
        for algorithm, value in known.items():
            if not compare_digest(hashlib.new(algorithm, part).digest(), _decoded(value)):
                raise BadPackage(PackageFault.WRONG_DIGEST, f"A digest in {name} is not that of its part.")
        covered.add(target)
    return frozenset(covered)


def _decoded(value: str) -> bytes:
    try:
        return b64decode("".join(value.split()), validate=True)
    except ValueError:
        return b""


def _covers(covered: frozenset[str], names: Sequence[str]) -> None:
    if not covered.issuperset(names):
        raise BadPackage(PackageFault.UNCOVERED_PART, "A part is covered by no digest; what is in must be signed.")


def _is_plumbing(name: str) -> bool:
    """Whether a part is the package's own: nothing that anybody reads as part of the letter."""
    return name in {"[Content_Types].xml", FINAL_SUMMARY, SEAL} or (
        name.endswith(".rels") and f"/{name}".rpartition("/")[0].endswith("/_rels")
    )


def _attachment(name: str, parts: Mapping[str, bytes]) -> Attachment:
    kind = "application/pdf" if name.lower().endswith(".pdf") else _BINARY
    return Attachment(name=name.rpartition("/")[2], content_type=kind, data=parts[name])
