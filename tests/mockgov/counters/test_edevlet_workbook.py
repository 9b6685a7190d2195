"""Uploaded workbooks: right counts and errors by row, in bounded time and memory; bombs and lies are refused."""

import struct
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.counters.edevlet.archive import ROOM, TAGS, BadWorkbook, TooLargeWorkbook, weigh
from mockgov.counters.edevlet.export import Table
from mockgov.counters.edevlet.export import workbook as exported
from mockgov.counters.edevlet.workbook import CodeList, Fault, RowFault, read_codes
from tests.edevlet import codes, workbook
from tests.journeys.served import ROOT

ONE, TWO = "A0A0000010", "B1B1000011"
LONG = "İşçi Ğüçlü " * 95_000
"""A text of more than a megabyte."""
SHEET = "xl/worksheets/sheet1.xml"
SECONDS = 2.0


def parts_of(archive: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(parts: dict[str, bytes], how: int = ZIP_DEFLATED) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", how) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def with_sheet(sheet: str | bytes, **others: bytes) -> bytes:
    """A workbook whose sheet is this XML."""
    body = sheet if isinstance(sheet, bytes) else sheet.encode()
    return packed(parts_of(workbook()) | {SHEET: body} | others)


def rows(xml: str, after: str = "") -> str:
    head = '<c r="A1" t="inlineStr"><is><t>HES KODU</t></is></c>'
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f'<worksheet {space}><sheetData><row r="1">{head}</row>{xml}</sheetData>{after}</worksheet>'


def cell(at: str, text: str) -> str:
    """A cell with a text, or with a formula."""
    if text.startswith("="):
        return f'<c r="{at}"><f>{text[1:]}</f><v>1</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


# What a list says


def test_a_list_is_read_in_its_order() -> None:
    """Case and blanks around are put right; a repeated code counts once; blank rows between are counted."""
    found = read_codes(workbook(TWO, f" {ONE.lower()} ", None, "", TWO, ONE))
    assert found == CodeList(codes=[TWO, ONE], doubled=2, blank=2, faults=[])


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("A0A0-0000-10", Fault.DASHES),
        ("A0A0 0000 10", Fault.DASHES),
        ("=A2", Fault.FORMULA),
        ("12345678901", Fault.LONG),
        ("x" * 30_000, Fault.LONG),
        ("KOD", Fault.NO_CODE),
        ("Çiğdem Öz1", Fault.NO_CODE),
        ("A0A000001İ", Fault.NO_CODE),
        (7, Fault.NO_CODE),
        (1.5, Fault.NO_CODE),
        (True, Fault.NO_CODE),
    ],
)
def test_a_row_that_is_no_code_is_named_with_what_is_wrong(value: object, fault: Fault) -> None:
    """By the number that the spreadsheet shows; the rows around it are taken."""
    found = read_codes(workbook(ONE, value, TWO))
    assert (found.codes, found.faults) == ([ONE, TWO], [RowFault(3, fault)])


def test_ten_digits_are_a_code_even_where_the_spreadsheet_made_a_number_of_them() -> None:
    assert read_codes(workbook(1_234_567_890)).codes == ["1234567890"]


def test_a_date_is_no_code() -> None:
    body = rows('<row r="2"><c r="A2" t="d"><v>2021-10-04T00:00:00</v></c></row>')
    assert [one.row for one in read_codes(with_sheet(body)).faults] == [2]


def test_merged_cells_have_one_code_and_faults_below_it() -> None:
    """Merging to the end of the sheet names the rows that are there, not a million."""
    merged = '<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="A6:A1048576"/></mergeCells>'
    body = rows("".join(f'<row r="{n}">{cell(f"A{n}", f"A0A000001{n}")}</row>' for n in (2, 5, 6, 8)), merged)
    found = read_codes(with_sheet(body))
    assert found.codes == ["A0A0000012", "A0A0000015", "A0A0000016", "A0A0000018"]
    assert found.faults == [RowFault(3, Fault.MERGED), RowFault(4, Fault.MERGED), RowFault(7, Fault.MERGED)]


def test_only_the_first_column_of_the_first_sheet_is_read() -> None:
    body = rows(f'<row r="2">{cell("A2", ONE)}{cell("B2", TWO)}</row><row r="3">{cell("C3", TWO)}</row>')
    assert read_codes(with_sheet(body)) == CodeList(codes=[ONE], doubled=0, blank=1, faults=[])


def test_cells_without_a_reference_follow_one_another() -> None:
    """As ECMA-376 allows (18.3.1.4, `r` is optional)."""
    plain = f'<row><c t="inlineStr"><is><t>{ONE}</t></is></c></row><row><c><f>A1</f><v>1</v></c></row>'
    found = read_codes(with_sheet(rows(plain)))
    assert (found.codes, found.faults) == ([ONE], [RowFault(3, Fault.FORMULA)])


@pytest.mark.parametrize("header", ["", None, "HES", "hes kodu", "HES KODU:", "KOD", 7])
def test_another_header_is_refused(header: object) -> None:
    with pytest.raises(BadWorkbook, match="A1 does not say HES KODU"):
        read_codes(workbook(ONE, header=header))


def test_blanks_around_the_header_do_no_harm() -> None:
    assert read_codes(workbook(ONE, header=" HES KODU ")).codes == [ONE]


# Bounds


def test_ten_thousand_rows_with_everything_wrong_are_read_in_time() -> None:
    """Duplicates, blanks, formulas, dashes, Turkish text and cells of a megabyte: right counts, under two seconds."""
    values: list[object] = [*codes(9_000), *codes(500)]
    for _ in range(100):
        values += [None, "=A2", "A0A0-0000-10", "Çiğdem Öz"]
    values += ["A1B2345617"] * 98
    large = rows("".join(f'<row r="{n}">{cell(f"A{n}", text)}</row>' for n, text in numbered([*values, LONG, LONG])))
    body = with_sheet(large)
    assert len(body) < 1 << 20
    begun = time.perf_counter()
    found = read_codes(body)
    assert time.perf_counter() - begun < SECONDS
    assert (len(found.codes), found.doubled, found.blank) == (9_001, 597, 100)
    kinds = [one.fault for one in found.faults]
    assert {kind: kinds.count(kind) for kind in Fault} == {
        Fault.DASHES: 100,
        Fault.FORMULA: 100,
        Fault.MERGED: 0,
        Fault.LONG: 2,
        Fault.NO_CODE: 100,
    }
    assert found.faults[-1] == RowFault(10_001, Fault.LONG)


def numbered(values: list[object]) -> list[tuple[int, str]]:
    """Row and text of what is no blank; a formula stays one."""
    return [(row, str(value)) for row, value in enumerate(values, 2) if value is not None]


def test_ten_thousand_rows_are_taken_and_one_more_is_not() -> None:
    assert len(read_codes(workbook(*codes(10_000))).codes) == 10_000
    with pytest.raises(TooLargeWorkbook, match="more than 10000 rows"):
        read_codes(workbook(*codes(10_001)))


@pytest.mark.parametrize("at", ["A1048576", "XFD1048576", "A99999999", "XFD10001"])
def test_a_cell_far_away_is_no_reason_for_a_large_room(at: str) -> None:
    """The parser would make room for every cell between."""
    row = at.lstrip("AXFD")
    with pytest.raises(TooLargeWorkbook):
        read_codes(with_sheet(rows(f'<row r="{row}">{cell(at, ONE)}</row>')))


def test_styled_empty_cells_below_are_not_rows() -> None:
    body = rows(f'<row r="2">{cell("A2", ONE)}</row><row r="900000"><c r="A900000" s="0"/></row>')
    assert read_codes(with_sheet(body)).codes == [ONE]


def bomb(size: int) -> bytes:
    """A sheet that unfolds to so many bytes."""
    return with_sheet(rows(f'<row r="2">{cell("A2", "x" * size)}</row>'))


def with_size(archive: bytes, name: str, told: int) -> bytes:
    """The archive, with another size told of one of its parts: in its own header and in the directory."""
    with ZipFile(BytesIO(archive)) as opened:
        at = opened.getinfo(name).header_offset
    body = bytearray(archive)
    struct.pack_into("<I", body, at + 22, told)
    entry = body.index(name.encode(), at + 100) - 46
    assert body[entry : entry + 4] == b"PK\x01\x02"
    struct.pack_into("<I", body, entry + 24, told)
    return bytes(body)


def nested() -> bytes:
    """One packed stream that many entries of the directory share (a bomb that grows with the square)."""
    content = b"<x>" + b"a" * (ROOM // 20) + b"</x>"
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/a00.xml", content)
        first = archive.infolist()[0]
        for nth in range(1, 50):
            info = ZipInfo(f"xl/a{nth:02d}.xml")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type", "flag_bits"):
                setattr(info, name, getattr(first, name))
            archive.filelist.append(info)
            archive.NameToInfo[info.filename] = info
    return written.getvalue()


def many_tags() -> bytes:
    return with_sheet(rows("<row/>" * (TAGS + 1)))


@pytest.mark.parametrize(
    "made",
    [
        lambda: bomb(ROOM),
        lambda: bomb(200 << 20),
        lambda: with_size(bomb(ROOM), SHEET, 1000),
        lambda: with_size(bomb(1000), SHEET, 0xFFFFFFF0),
        nested,
        many_tags,
    ],
    ids=["just too large", "200 MiB", "says it is small", "says it is large", "shared", "tags"],
)
def test_a_bomb_is_refused_quickly(made: Callable[[], bytes]) -> None:
    """Whatever it says of its size."""
    body = made()
    begun = time.perf_counter()
    with pytest.raises(BadWorkbook):
        read_codes(body)
    assert time.perf_counter() - begun < SECONDS


MEASURE = """
import sys
from pathlib import Path
from mockgov.counters.edevlet.workbook import BadWorkbook, read_codes
from python_calamine import CalamineWorkbook
def peak():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
body = Path(sys.argv[1]).read_bytes()
before = peak()
try:
    read_codes(body)
except BadWorkbook as refused:
    pass
print(peak() - before)
"""
"""Prints by how many KiB the process has grown at most (proc(5); what getrusage tells begins with its parent's)."""


@pytest.mark.parametrize(
    "made",
    [
        lambda: bomb(500 << 20),
        lambda: bomb(ROOM - (1 << 20)),
        nested,
        lambda: with_sheet(rows("".join(f'<row r="{n}">{cell(f"A{n}", "x" * 2300)}</row>' for n in range(2, 10_001)))),
        lambda: with_sheet(rows("<row/>" * (TAGS - 10))),
    ],
    ids=["bomb", "fills the room", "shared", "long cells", "tags"],
)
def test_memory_stays_bounded(tmp_path: Path, made: Callable[[], bytes]) -> None:
    """Less than 200 MiB more than before, whatever comes, in a process of its own."""
    (tmp_path / "liste.xlsx").write_bytes(made())
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "liste.xlsx")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60)
    assert int(ran.stdout) < 200 << 10


# What is no workbook


def test_a_workbook_is_weighed_and_packed_anew() -> None:
    """What the parser gets is uncompressed, has no part that was not weighed, and says the same."""
    parts = parts_of(workbook(ONE)) | {"xl/media/image1.png": b"\x89PNG", "evil.bin": b"x"}
    weighed = weigh(packed(parts))
    fresh = parts_of(weighed.archive)
    assert fresh == {name: body for name, body in parts.items() if name.endswith((".xml", ".rels"))}
    assert (weighed.first.rows, weighed.first.columns) == (2, 1)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (lambda: b"", "no .xlsx workbook"),
        (lambda: b"PK\x05\x06" + bytes(18), "no sheet to read"),
        (lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "no .xlsx workbook"),
        (lambda: packed({"x.txt": b"x"}), "no sheet to read"),
        (lambda: workbook(ONE)[:-30], "no .xlsx workbook"),
        (lambda: packed(parts_of(workbook(ONE)) | {"XL/WORKBOOK.XML": b"<x/>"}), "two parts of one name"),
        (lambda: packed({f"{n}.xml": b"<x/>" for n in range(300)}), "unfolds to more"),
        (lambda: with_sheet("<worksheet>"), "damaged"),
        (lambda: with_sheet("no xml"), "damaged"),
        (lambda: with_sheet(b"\xff\xfe\x00"), "damaged"),
        (lambda: with_sheet(rows('<row r="x"/>')), "damaged"),
        (lambda: with_sheet(rows('<row r="2"><c r="2A"><v>1</v></c></row>')), "damaged"),
        (lambda: with_sheet('<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'), "document type"),
        (lambda: with_sheet(rows(""), **{"xl/_rels/workbook.xml.rels": b"<Relationships/>"}), "no sheet to read"),
    ],
)
def test_what_is_no_workbook_is_refused_with_advice(made: Callable[[], bytes], says: str) -> None:
    with pytest.raises(BadWorkbook, match=says):
        read_codes(made())


def test_a_laughing_document_is_refused() -> None:
    """Entities that unfold are not even declared."""
    entities = '<!ENTITY a "' + "x" * 1000 + '">' + "".join(f'<!ENTITY a{n} "&a;&a;&a;">' for n in range(50))
    with pytest.raises(BadWorkbook, match="document type"):
        read_codes(with_sheet(f"<!DOCTYPE x [{entities}]>" + rows("")))


def test_a_protected_workbook_is_told_so() -> None:
    body = bytearray(workbook(ONE))
    at = body.index(b"PK\x01\x02")
    body[at + 8] |= 1
    with pytest.raises(BadWorkbook, match="protected by a password"):
        read_codes(bytes(body))


def test_a_part_whose_digest_is_wrong_is_damaged() -> None:
    body = bytearray(packed(parts_of(workbook(ONE)), ZIP_STORED))
    at = body.index(b"<worksheet")
    body[at + 1 : at + 2] = b"v"
    with pytest.raises(BadWorkbook, match="damaged"):
        read_codes(bytes(body))


GOOD = workbook(ONE, TWO, None, "=A2", "A0A0-0000-10")


@given(st.data())
@settings(max_examples=150)
def test_a_mutilated_workbook_is_read_or_refused(data: st.DataObject) -> None:
    """Bytes changed, cut out or put in anywhere: never anything but a list or a refusal."""
    body = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body) - 1))
        cut = data.draw(st.integers(0, 8))
        body[at : at + cut] = data.draw(st.binary(max_size=8))
    try:
        found = read_codes(bytes(body))
    except BadWorkbook:
        return
    assert set(found.codes) <= {ONE, TWO} or len(found.codes) <= 5


TAGS_OF_SHEETS = ("row", "c", "v", "f", "is", "t", "mergeCell", "mergeCells", "sheetData", "dimension", "x:c")
VALUES = ("1", "2", "A2", "A3", "A1:A5", "B2", "-1", "0", "A0", "s", "str", "b", "e", "n", "99", "inlineStr", "")


@given(
    st.recursive(
        st.sampled_from(["", ONE, "1", "1e400", "NaN", "&#65;", "TRUE"]),
        lambda inner: st.builds(
            lambda tag, keys, values, body: (
                f"<{tag} "
                + " ".join(f'{key}="{value}"' for key, value in dict(zip(keys, values, strict=False)).items())
                + f">{''.join(body)}</{tag}>"
            ),
            st.sampled_from(TAGS_OF_SHEETS),
            st.lists(st.sampled_from(["r", "t", "s", "ref", "spans"]), max_size=3),
            st.lists(st.sampled_from(VALUES), max_size=3),
            st.lists(inner, max_size=4),
        ),
        max_leaves=20,
    )
)
@settings(max_examples=150)
def test_any_sheet_is_read_or_refused(xml: str) -> None:
    """Tags of a sheet in any order, with any attributes: a list or a refusal, and no code that nobody wrote."""
    try:
        found = read_codes(with_sheet(rows(xml)))
    except BadWorkbook:
        return
    assert all(len(code) == 10 for code in found.codes)


def test_a_parser_that_breaks_down_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its own language calls a panic arrives as no ordinary exception; any other of that kind goes its way."""

    class PanicException(BaseException):
        """A panic."""

    for kind, expected in ((PanicException, BadWorkbook), (KeyboardInterrupt, KeyboardInterrupt)):

        def panic(_: object, kind: type[BaseException] = kind) -> None:
            raise kind

        monkeypatch.setattr(
            "python_calamine.CalamineWorkbook", type("Broken", (), {"from_filelike": staticmethod(panic)})
        )
        with pytest.raises(expected):
            read_codes(GOOD)


# What is written


def test_nothing_that_is_exported_becomes_a_formula() -> None:
    """A text that begins with = stays a text; the same table gives the same bytes."""
    table = Table("Liste", "=1+1", ["=A1", "HES KODU"], [["=HYPERLINK(1)", "http://x.example"], ["00", "1"]])
    made = exported([table], made_at=datetime(2021, 10, 4, 5, tzinfo=UTC))
    sheet = parts_of(made)["xl/worksheets/sheet1.xml"].decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()
    assert made == exported([table], made_at=datetime(2021, 10, 4, 5, tzinfo=UTC))
    assert date(2021, 10, 4).isoformat() in parts_of(made)["docProps/core.xml"].decode()
