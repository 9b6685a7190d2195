"""What an uploaded workbook weighs, found out before anybody parses it.

A workbook (ECMA-376) is a zip of XML parts, and a few hundred bytes of it can unfold to gigabytes. Each part is
inflated as a stream, into a bounded room, whatever the archive says of its size; an archive that lies is refused. What
passes through is also walked once, tag by tag, without building anything: how many tags there are, how far the cells of
each sheet reach, where formulas stand. What comes out is a fresh, uncompressed archive with just the parts that were
weighed, so that the parser reads nothing else.
"""

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from mockgov.refusal import Refused

ENTRIES: Final = 200
ROOM: Final = 24 << 20
"""Bytes into which an archive may unfold (chosen here; 10,000 codes unfold to about 1 MB)."""
TAGS: Final = 400_000
"""Tags in all parts together (chosen here; 10,000 codes take some 50,000)."""
CHUNK: Final = 1 << 16
WANTED: Final = (".xml", ".rels")
ENCRYPTED: Final = 1
LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
"""Signature, lengths of name and extra field (APPNOTE.TXT 4.3.7)."""
WORKBOOK: Final = "xl/workbook.xml"
RELATIONS: Final = "xl/_rels/workbook.xml.rels"


class BadWorkbook(Refused):
    """A file that is no workbook, or none that can be read within bounds."""

    key = "badworkbook"


class TooLargeWorkbook(BadWorkbook):
    """A workbook that unfolds to more than is read: too many rows, or a zip bomb."""

    key = "toolargeworkbook"


@dataclass(slots=True)
class Extent:
    """How far the filled cells of a sheet reach."""

    rows: int = 0
    columns: int = 0
    formulas: set[int] = field(default_factory=set)
    """Rows whose first cell has a formula."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """An archive that may be parsed."""

    archive: bytes
    """The same parts, uncompressed, and nothing else."""
    first: Extent
    """Of the first sheet."""


def weigh(upload: bytes) -> Weighed:
    """Measure an upload. Raises `BadWorkbook`."""
    parts = dict(_parts(upload))
    walk = _Walk()
    for name, content in parts.items():
        walk.through(name, content)
    fresh = BytesIO()
    with ZipFile(fresh, "w", ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name), content)
    return Weighed(fresh.getvalue(), walk.first_sheet())


def _parts(upload: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each part that matters."""
    try:
        listed = ZipFile(BytesIO(upload)).infolist()
    except (BadZipFile, ValueError, NotImplementedError, EOFError, OverflowError, struct.error, OSError):
        raise BadWorkbook("This is no .xlsx workbook. Save the list as .xlsx and send it anew.") from None
    if len(listed) > ENTRIES or sum(one.file_size for one in listed) > ROOM:
        raise _too_large()
    names = [one.filename for one in listed]
    if len({name.lower() for name in names}) < len(names):
        raise BadWorkbook("The workbook has two parts of one name. Save the list anew and send that.")
    room = ROOM
    for one in listed:
        if one.flag_bits & ENCRYPTED:
            raise BadWorkbook("The workbook is protected by a password. Send it without one.")
        if one.filename.lower().endswith(WANTED):
            content = _inflated(upload, one, room)
            room -= len(content)
            yield one.filename, content


def _inflated(upload: bytes, entry: ZipInfo, room: int) -> bytes:
    """A part's content, whatever its entry says of it, if it fits into the room that is left."""
    packed = _packed(upload, entry)
    if entry.compress_type == ZIP_STORED:
        content = packed
    elif entry.compress_type == ZIP_DEFLATED:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflate.decompress(packed, room + 1)
        except zlib.error:
            raise _broken() from None
        if len(content) <= room and not inflate.eof:
            raise _broken()
    else:
        raise BadWorkbook("The workbook is packed in an unusual way. Save the list anew as .xlsx and send that.")
    if len(content) > room:
        raise _too_large()
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise _broken()
    return content


def _packed(upload: bytes, entry: ZipInfo) -> bytes:
    at = entry.header_offset
    head = upload[at : at + LOCAL_HEADER.size] if at >= 0 else b""
    if len(head) < LOCAL_HEADER.size or head[:4] != b"PK\x03\x04":
        raise _broken()
    _, name, extra = LOCAL_HEADER.unpack(head)
    begin = at + LOCAL_HEADER.size + name + extra
    packed = upload[begin : begin + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise _broken()
    return packed


class _Walk:
    """Goes through all parts tag by tag."""

    def __init__(self) -> None:
        self._tags = 0
        self._extents: dict[str, Extent] = {}
        self._sheets: list[str] = []
        """Relation of each sheet, in the workbook's order."""
        self._targets: dict[str, str] = {}

    def through(self, name: str, content: bytes) -> None:
        """One part. Raises `BadWorkbook`."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = _refuse_doctype
        opens: Callable[[str, Mapping[str, str]], None] = self.counted
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            extent = self._extents.setdefault(name, Extent())
            opens = _Sheet(self, extent).opens
        elif name == WORKBOOK:
            opens = self._workbook
        elif name == RELATIONS:
            opens = self._relations
        parser.StartElementHandler = opens
        try:
            for at in range(0, len(content), CHUNK):
                parser.Parse(content[at : at + CHUNK], False)
            parser.Parse(b"", True)
        except (expat.ExpatError, ValueError, LookupError):
            raise _broken() from None

    def first_sheet(self) -> Extent:
        """How far the first sheet reaches. Raises `BadWorkbook` for a workbook without one."""
        target = self._targets.get(self._sheets[0], "") if self._sheets else ""
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path not in self._extents:
            raise BadWorkbook("The workbook has no sheet to read. Save the list anew as .xlsx and send that.")
        return self._extents[path]

    def counted(self, _name: str, _attributes: Mapping[str, str]) -> None:
        """One tag more. Raises `TooLargeWorkbook` for one too many."""
        self._tags += 1
        if self._tags > TAGS:
            raise _too_large()

    def _workbook(self, name: str, attributes: Mapping[str, str]) -> None:
        self.counted(name, attributes)
        if _local(name) == "sheet":
            self._sheets.append(next((value for key, value in attributes.items() if key.endswith(":id")), ""))

    def _relations(self, name: str, attributes: Mapping[str, str]) -> None:
        self.counted(name, attributes)
        if _local(name) == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Sheet:
    """Where the cells of one sheet stand; a row or cell without a reference follows the one before it."""

    def __init__(self, walk: _Walk, extent: Extent) -> None:
        self._walk = walk
        self._extent = extent
        self._row = 0
        self._cell = (0, 0)
        """Row and column of the latest cell, from 1."""

    def opens(self, name: str, attributes: Mapping[str, str]) -> None:
        """A tag begins."""
        self._walk.counted(name, attributes)
        local = _local(name)
        if local == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._cell = (self._row, 0)
        elif local == "c":
            reference = attributes.get("r")
            self._cell = _place(reference) if reference else (self._cell[0], self._cell[1] + 1)
        elif local in ("v", "is", "f"):
            row, column = self._cell
            self._extent.rows = max(self._extent.rows, row)
            self._extent.columns = max(self._extent.columns, column)
            if local == "f" and column == 1:
                self._extent.formulas.add(row)


def _place(reference: str) -> tuple[int, int]:
    """Row and column of `AB12`. Raises `ValueError`."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z" or len(letters) > 3:
            raise ValueError(reference)
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]), column


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_doctype(*_: object) -> None:
    raise BadWorkbook("The workbook declares a document type, which none needs. Save the list anew and send that.")


def _too_large() -> TooLargeWorkbook:
    return TooLargeWorkbook(
        f"The workbook unfolds to more than {ROOM >> 20} MiB or {TAGS} cells and tags. Send the codes alone, in parts."
    )


def _broken() -> BadWorkbook:
    return BadWorkbook("The workbook is damaged. Save the list anew as .xlsx and send that.")
