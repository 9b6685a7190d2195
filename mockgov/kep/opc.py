"""Open Packaging Conventions (ECMA-376 part 2): a zip of named parts, read with suspicion and written always the same.

What a hostile package tries is refused by name: bombs, paths that leave the folder, parts of one name, encryption,
XML with a document type.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from mockgov.clock import TURKEY
from mockgov.refusal import Refused

CONTENT_TYPES = "[Content_Types].xml"
RELATIONSHIPS = "_rels/.rels"
TYPES_NS = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS_NS = "http://schemas.openxmlformats.org/package/2006/relationships"
RELS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"

MAX_PARTS = 1_000
MAX_PART_BYTES = 50 * 1024 * 1024
MAX_TOTAL_BYTES = 100 * 1024 * 1024
"""Unpacked: four times what a letter may weigh (chosen here, as are the two above)."""
MAX_XML_BYTES = 5 * 1024 * 1024
MAX_NAME = 255
_CHUNK = 1 << 16

_NAME = re.compile(r"[A-Za-z0-9_.~%!$&'()+,;=@\[\] -]+(?:/[A-Za-z0-9_.~%!$&'()+,;=@\[\] -]+)*")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    LookupError,
    ValueError,
)
"""What the standard library raises for a zip that is none."""


class PackageFault(StrEnum):
    """What is wrong with a package."""

    NOT_A_ZIP = "not-a-zip"
    ENCRYPTED = "encrypted"
    BAD_NAME = "bad-name"
    DOUBLE_PART = "double-part"
    TOO_MANY_PARTS = "too-many-parts"
    TOO_LARGE = "too-large"
    BAD_XML = "bad-xml"
    MISSING_PART = "missing-part"
    UNCOVERED_PART = "uncovered-part"
    WEAK_DIGEST = "weak-digest"
    WRONG_DIGEST = "wrong-digest"


class BadPackage(Refused):
    """A package that cannot be taken; `fault` names the rule."""

    key = "badpackage"

    def __init__(self, fault: PackageFault, message: str) -> None:
        super().__init__(f"{fault}: {message}")
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One named part."""

    name: str
    """Its path in the zip, without a slash in front."""
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """That a part, or the package (`source` empty), refers to another."""

    source: str
    type: str
    target: str
    """A part's name."""


def write_parts(parts: Sequence[Part], relationships: Sequence[Relationship], at: datetime) -> bytes:
    """A package of the parts. Nothing is deflated, so that the bytes depend on no library's version."""
    files = [Part(name=CONTENT_TYPES, content_type="", data=_content_types(parts))]
    for source in dict.fromkeys(one.source for one in relationships):
        mine = [one for one in relationships if one.source == source]
        files.append(Part(name=relationships_of(source), content_type=RELS_TYPE, data=_relationships(mine)))
    local = at.astimezone(TURKEY)
    moment = (max(local.year, 1980), local.month, local.day, local.hour, local.minute, local.second)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as package:
        for part in (*files, *parts):
            info = zipfile.ZipInfo(part.name, moment)
            info.create_system = 3  # else it depends on the machine
            package.writestr(info, part.data)
    return made.getvalue()


def relationships_of(source: str) -> str:
    """The name of the part that keeps a part's relationships."""
    folder, slash, name = source.rpartition("/")
    return f"{folder}{slash}_rels/{name}.rels"


def read_parts(raw: bytes) -> Mapping[str, bytes]:
    """The parts of a package by name, in the order in which they lie in it. Raises `BadPackage`."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            entries = [info for info in package.infolist() if not info.is_dir()]
            _check(entries)
            left = MAX_TOTAL_BYTES
            parts: dict[str, bytes] = {}
            for info in entries:
                parts[info.filename] = _unpacked(package, info, min(left, MAX_PART_BYTES))
                left -= len(parts[info.filename])
    except _ZIP_ERRORS as error:
        raise BadPackage(PackageFault.NOT_A_ZIP, "The package is no zip that can be read; make it again.") from error
    if CONTENT_TYPES not in parts or RELATIONSHIPS not in parts:
        raise BadPackage(PackageFault.MISSING_PART, f"{CONTENT_TYPES} and {RELATIONSHIPS} must be in it.")
    return parts


def read_relationships(parts: Mapping[str, bytes], source: str = "") -> Sequence[Relationship]:
    """What a part, or the package, refers to. Raises `BadPackage`, also where a target is not there."""
    name = relationships_of(source)
    if name not in parts:
        return ()
    found = []
    for one in parse_xml(parts[name], name).iter(f"{{{RELS_NS}}}Relationship"):
        target = (one.get("Target") or "").removeprefix("/")
        if target not in parts:
            raise BadPackage(PackageFault.MISSING_PART, f"{name} refers to a part that is not there.")
        found.append(Relationship(source=source, type=one.get("Type") or "", target=target))
    return found


def parse_xml(data: bytes, name: str) -> "etree._Element":
    """An XML part's root; no entities, no network, no document type. Raises `BadPackage`."""
    if len(data) > MAX_XML_BYTES:
        raise BadPackage(PackageFault.TOO_LARGE, f"{name} is larger than {MAX_XML_BYTES} bytes.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadPackage(PackageFault.BAD_XML, f"{name} is no well-formed XML; make the package again.") from error
    if root.getroottree().docinfo.doctype:
        raise BadPackage(PackageFault.BAD_XML, f"{name} has a document type; leave it out.")
    return root


def xml_bytes(root: "etree._Element") -> bytes:
    """An XML part, UTF-8 with its declaration."""
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return written


def _check(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_PARTS:
        raise BadPackage(PackageFault.TOO_MANY_PARTS, f"{len(entries)} parts; {MAX_PARTS} are allowed.")
    names = [info.filename for info in entries]
    for info in entries:
        steps = info.filename.split("/")
        if not _NAME.fullmatch(info.filename) or len(info.filename) > MAX_NAME or {".", ".."} & set(steps):
            raise BadPackage(PackageFault.BAD_NAME, "A part's name leaves the package or has letters outside ASCII.")
        if info.flag_bits & 1:
            raise BadPackage(PackageFault.ENCRYPTED, "The package is encrypted; send it in the open.")
        if info.compress_type not in _METHODS:
            raise BadPackage(PackageFault.NOT_A_ZIP, "Parts may be stored or deflated, nothing else.")
    if len({name.lower() for name in names}) != len(names):
        raise BadPackage(PackageFault.DOUBLE_PART, "Two parts have one name.")
    if sum(info.file_size for info in entries) > MAX_TOTAL_BYTES:
        raise BadPackage(PackageFault.TOO_LARGE, f"Unpacked it has more than {MAX_TOTAL_BYTES} bytes.")


def _unpacked(package: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """A part's bytes; never more than the limit, whatever the zip says of its size."""
    data = bytearray()
    with package.open(info) as part:
        while chunk := part.read(_CHUNK):
            data += chunk
            if len(data) > limit:
                raise BadPackage(PackageFault.TOO_LARGE, "Unpacked it has more bytes than a package may have.")
    return bytes(data)


def _content_types(parts: Sequence[Part]) -> bytes:
    root = etree.Element(f"{{{TYPES_NS}}}Types", nsmap={None: TYPES_NS})
    etree.SubElement(root, f"{{{TYPES_NS}}}Default", Extension="rels", ContentType=RELS_TYPE)
    for part in parts:
        attributes = {"PartName": f"/{part.name}", "ContentType": part.content_type}
        etree.SubElement(root, f"{{{TYPES_NS}}}Override", attributes)
    return xml_bytes(root)


def _relationships(mine: Sequence[Relationship]) -> bytes:
    root = etree.Element(f"{{{RELS_NS}}}Relationships", nsmap={None: RELS_NS})
    for nth, one in enumerate(mine, 1):
        attributes = {"Type": one.type, "Target": f"/{one.target}", "Id": f"Id{nth}"}
        etree.SubElement(root, f"{{{RELS_NS}}}Relationship", attributes)
    return xml_bytes(root)
