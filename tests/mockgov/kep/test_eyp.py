"""e-Yazışma packages: written the same every time, and read with suspicion."""

import hashlib
import io
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.clock import TURKEY
from mockgov.kep.eyp import (
    BadDocumentNumber,
    BadPackage,
    Body,
    PackageFault,
    Signer,
    document_number,
    read_package,
    write_package,
)
from mockgov.kep.eyp_xml import read_final_metadata, read_metadata
from mockgov.kep.opc import MAX_PARTS, MAX_TOTAL_BYTES
from mockgov.kep.reading import Attachment, clean_line
from tests.mockgov.kep.packages import FORM, LETTER, MINISTRY_BODY, order, package
from tests.mockgov.kep.post import MONDAY, twin_sign_cades

GOOD = package()
SUMMARY_NS = "{urn:dpt:eyazisma:schema:xsd:PaketOzeti-2}"


def parts(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as one:
        return {name: one.read(name) for name in one.namelist()}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as one:
        for name, data in files.items():
            one.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


def fault(raw: bytes) -> str:
    with pytest.raises(BadPackage) as refused:
        read_package(raw)
    assert refused.value.key == "badpackage"
    assert refused.value.message.startswith(f"{refused.value.fault}: ")
    return refused.value.fault.value


def test_what_was_written_is_read() -> None:
    read = read_package(GOOD)
    assert read.document_id == "48ECB045-06C5-43DA-BACE-50BA73A8D129"
    assert read.document_number == "E-24301050-010.07-4711"
    assert read.subject == "HES entegrasyonu erişim talebi"
    assert read.dated == datetime(2021, 10, 4, 9, tzinfo=TURKEY)
    assert read.sender == Body(number="24301050", name="Örnek Kurumu")
    assert read.recipients == (MINISTRY_BODY,)
    assert read.letter == Attachment(name="Ust_Yazi.pdf", content_type="application/pdf", data=LETTER.data)
    assert read.attachments == (
        Attachment(name="Erisim_Talep_Formu.pdf", content_type="application/pdf", data=FORM.data),
    )
    assert read.signers == (Signer(firstname="Ayşe", lastname="Kaya", title="Genel Müdür"),)
    assert read.signature == twin_sign_cades(read.summary)
    assert read.seal == twin_sign_cades(read.final_summary)


def test_parts_are_where_the_format_has_them() -> None:
    assert sorted(parts(GOOD)) == [
        "Ekler/Erisim_Talep_Formu.pdf",
        "Imzalar/ImzaCades.imz",
        "Muhur/MuhurCades.imz",
        "NihaiOzet/NihaiOzet.xml",
        "NihaiOzet/_rels/NihaiOzet.xml.rels",
        "NihaiUstveri/NihaiUstveri.xml",
        "PaketOzeti/PaketOzeti.xml",
        "PaketOzeti/_rels/PaketOzeti.xml.rels",
        "UstYazi/Ust_Yazi.pdf",
        "Ustveri/Ustveri.xml",
        "[Content_Types].xml",
        "_rels/.rels",
        "package/services/metadata/core-properties/48ECB045-06C5-43DA-BACE-50BA73A8D129.psmdcp",
    ]


def test_digests_by_another_parser() -> None:
    """PaketOzeti covers what is signed, NihaiOzet all the rest too; two digests each, SHA-384 and SHA-512."""
    files = parts(GOOD)
    covered = {}
    for name in ("PaketOzeti", "NihaiOzet"):
        root = ET.fromstring(files[f"{name}/{name}.xml"])
        covered[name] = [one.get("URI") for one in root.iter(f"{SUMMARY_NS}Reference")]
        for reference in root.iter(f"{SUMMARY_NS}Reference"):
            data = files[reference.get("URI").removeprefix("/")]
            found = [b64decode(one.text) for one in reference.iter(f"{SUMMARY_NS}DigestValue")]
            assert found == [hashlib.sha384(data).digest(), hashlib.sha512(data).digest()]
    signed = ["/Ustveri/Ustveri.xml", "/UstYazi/Ust_Yazi.pdf", "/Ekler/Erisim_Talep_Formu.pdf"]
    assert covered["PaketOzeti"] == signed
    assert covered["NihaiOzet"] == [
        *signed,
        "/PaketOzeti/PaketOzeti.xml",
        "/Imzalar/ImzaCades.imz",
        "/NihaiUstveri/NihaiUstveri.xml",
        "/package/services/metadata/core-properties/48ECB045-06C5-43DA-BACE-50BA73A8D129.psmdcp",
    ]


def test_the_same_letter_gives_the_same_bytes() -> None:
    """And the zip's dates are the world's."""
    assert package() == GOOD
    with zipfile.ZipFile(io.BytesIO(GOOD)) as one:
        assert {info.date_time for info in one.infolist()} == {(2021, 10, 4, 9, 0, 0)}
    assert "SANDBOX — hukuki geçerliliği yoktur" in parts(GOOD)["Ustveri/Ustveri.xml"].decode()


def test_files_of_one_name_get_names_apart() -> None:
    files = [
        Attachment(name=name, content_type="text/plain", data=b"x") for name in ("Ek.txt", "ek.txt", "../Ek.txt", "")
    ]
    assert [one.name for one in read_package(package(*files)).attachments] == ["Ek.txt", "ek_2.txt", "_Ek.txt", "dosya"]


@pytest.mark.parametrize(
    ("detsis", "plan", "number"), [("2430105", "010", 1), ("24301050", "10", 1), ("24301050", "010", -1), ("", "", 0)]
)
def test_numbers_that_no_letter_has(detsis: str, plan: str, number: int) -> None:
    assert document_number("24301050", "010.07.01", 4711) == "E-24301050-010.07.01-4711"
    with pytest.raises(BadDocumentNumber):
        document_number(detsis, plan, number)


@pytest.mark.parametrize("name", sorted(set(parts(GOOD)) - {"[Content_Types].xml"}))
def test_every_part_is_covered(name: str) -> None:
    """Whatever part is changed by one byte is noticed: by a digest, or because a signature is over other bytes."""
    files = parts(GOOD)
    before = read_package(GOOD)
    data = files[name]
    files[name] = data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]
    try:
        after = read_package(zipped(files))
    except BadPackage:
        return
    assert (after.summary, after.signature, after.final_summary, after.seal) != (
        before.summary,
        before.signature,
        before.final_summary,
        before.seal,
    ) or name.endswith(".rels")


@pytest.mark.parametrize("name", sorted(set(parts(GOOD)) - {"Ekler/Erisim_Talep_Formu.pdf"}))
def test_no_part_may_be_missing(name: str) -> None:
    files = parts(GOOD)
    del files[name]
    if name.endswith("xml.rels"):
        read_package(zipped(files))
    else:
        assert fault(zipped(files)) == "missing-part"


def replaced(name: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    def make() -> bytes:
        files = parts(GOOD)
        assert old in files[name]
        return zipped(files | {name: files[name].replace(old, new)})

    return make


def added(name: str, data: bytes = b"x") -> Callable[[], bytes]:
    return lambda: zipped(parts(GOOD) | {name: data})


def _doubled() -> bytes:
    made = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(made, "a") as one:
        one.writestr("UstYazi/Ust_Yazi.pdf", b"another")
    return made.getvalue()


def _encrypted() -> bytes:
    """The flag bit set in both headers of the first entry."""
    data = bytearray(GOOD)
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _lying() -> bytes:
    """A bomb: 200 MiB of zeros in a part that says it has ten bytes."""
    bomb = zipped(parts(GOOD) | {"Ekler/b.bin": bytes(200 * 1024 * 1024)}, zipfile.ZIP_DEFLATED)
    return bomb.replace((200 * 1024 * 1024).to_bytes(4, "little"), (10).to_bytes(4, "little"))


DTD = b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: b"", "not-a-zip"),
        (lambda: b"%PDF-1.4", "not-a-zip"),
        (lambda: GOOD[: len(GOOD) // 2], "not-a-zip"),
        (lambda: zipped({}), "missing-part"),
        (lambda: zipped(parts(GOOD), zipfile.ZIP_BZIP2), "not-a-zip"),
        (_encrypted, "encrypted"),
        (_doubled, "double-part"),
        (added("ustyazi/UST_YAZI.PDF"), "double-part"),
        (added("../evil.pdf"), "bad-name"),
        (added("Ekler/../../evil.pdf"), "bad-name"),
        (added("/etc/passwd"), "bad-name"),
        (added("Ekler\\evil.pdf"), "bad-name"),
        (added("Ekler//evil.pdf"), "bad-name"),
        (added("Ekler/ğ.pdf"), "bad-name"),
        (added("C:evil"), "bad-name"),
        (added("Ekler/" + "x" * 300), "bad-name"),
        (lambda: zipped({f"a{n}": b"" for n in range(MAX_PARTS + 1)}), "too-many-parts"),
        (lambda: zipped({"a": bytes(MAX_TOTAL_BYTES + 1)}, zipfile.ZIP_DEFLATED), "too-large"),
        (lambda: zipped({"a": bytes(60 * 1024 * 1024)}, zipfile.ZIP_DEFLATED), "too-large"),
        (_lying, "not-a-zip"),
        (added("Ekler/sahte.pdf"), "uncovered-part"),
        (added("baska.txt"), "uncovered-part"),
        (added("UstYazi/iki.pdf"), "missing-part"),
        (added("Ustveri/_rels/gizli.exe"), "uncovered-part"),
        (replaced("PaketOzeti/PaketOzeti.xml", b"xmlenc#sha512", b"xmlenc#sha256"), "weak-digest"),
        (replaced("PaketOzeti/PaketOzeti.xml", b"xmldsig-more#sha384", b"xmldsig#sha1"), "weak-digest"),
        (replaced("PaketOzeti/PaketOzeti.xml", b"/Ekler/E", b"/Ekler/F"), "missing-part"),
        (replaced("PaketOzeti/PaketOzeti.xml", b"<PaketOzeti", DTD + b"<PaketOzeti"), "bad-xml"),
        (replaced("PaketOzeti/PaketOzeti.xml", b"</PaketOzeti>", b"</PaketOzet>"), "bad-xml"),
        (replaced("PaketOzeti/PaketOzeti.xml", b"<PaketOzeti", b" " * (6 << 20) + b"<PaketOzeti"), "too-large"),
        (replaced("UstYazi/Ust_Yazi.pdf", b"letter", b"LETTER"), "wrong-digest"),
        (replaced("NihaiUstveri/NihaiUstveri.xml", b"4711", b"4712"), "wrong-digest"),
        (replaced("_rels/.rels", b"/UstYazi/", b"/YokYazi/"), "missing-part"),
    ],
)
def test_hostile_packages_are_refused_by_name(make: Callable[[], bytes], expected: str) -> None:
    assert fault(make()) == expected
    assert PackageFault(expected)


def test_entities_are_not_expanded() -> None:
    """A package whose relationships laugh a billion times is refused in no time."""
    laughs = b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a0 'ha'>"
    for n in range(1, 30):
        laughs += b"<!ENTITY a%d '&a%d;&a%d;'>" % (n, n - 1, n - 1)
    assert fault(zipped(parts(GOOD) | {"_rels/.rels": laughs + b"]><l>&a29;</l>"})) == "bad-xml"


@settings(max_examples=150)
@given(st.binary(max_size=300), st.integers(0, len(GOOD)), st.integers(0, 300))
def test_no_bytes_fail_otherwise(noise: bytes, at: int, length: int) -> None:
    """A package with a stretch of it replaced is read, or refused as bad: never anything else."""
    try:
        read_package(GOOD[:at] + noise + GOOD[at + length :])
    except BadPackage:
        return


@settings(max_examples=100)
@given(st.sampled_from(sorted(parts(GOOD))), st.binary(max_size=60), st.integers(0, 3000), st.booleans())
def test_no_part_fails_otherwise(name: str, noise: bytes, at: int, deflated: bool) -> None:
    """The same within a part of a zip that is in order."""
    files = parts(GOOD)
    files[name] = files[name][:at] + noise + files[name][at + len(noise) :]
    method = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    try:
        read = read_package(zipped(files, method))
    except BadPackage:
        return
    assert read.letter.data == LETTER.data
    assert zlib.crc32(read.attachments[0].data) == zlib.crc32(FORM.data)


def test_a_company_is_a_legal_person_and_numbers_as_it_likes() -> None:
    """By its tax number; a public body keeps to the state's numbers."""
    company = replace(order(), sender=Body(number="1234567890", name="ÇINAR A.Ş."), document_number="2021/41")
    raw = write_package(company, at=MONDAY, sign=twin_sign_cades, seal=twin_sign_cades)
    read = read_package(raw)
    assert read.sender == company.sender
    assert read.document_number == "2021/41"
    assert b'<tipler:TuzelSahis><tipler:Id schemeID="VKN">1234567890</tipler:Id>' in parts(raw)["Ustveri/Ustveri.xml"]
    for wrong in (replace(order(), document_number="2021/41"), replace(company, document_number=" ")):
        with pytest.raises(BadDocumentNumber):
            write_package(wrong, at=MONDAY, sign=twin_sign_cades, seal=twin_sign_cades)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=300), st.binary(max_size=50)), max_size=4), st.text(max_size=300), st.text())
def test_whatever_is_put_in_comes_out(files: list[tuple[str, bytes]], name: str, subject: str) -> None:
    """Files of any names, as long as one likes, in their order; text as it fits on a line."""
    wanted = replace(
        order(),
        subject=subject,
        letter=Attachment(name=name, content_type="application/pdf", data=b"%PDF"),
        attachments=tuple(Attachment(name=one, content_type="x/y", data=data) for one, data in files),
    )
    read = read_package(write_package(wanted, at=MONDAY, sign=twin_sign_cades, seal=twin_sign_cades))
    assert read.letter.data == b"%PDF"
    assert [one.data for one in read.attachments] == [data for _, data in files]
    assert read.subject == clean_line(subject)


TYPES = b"urn:dpt:eyazisma:schema:xsd:Tipler-2"


@pytest.mark.parametrize(
    "inside",
    [
        b"",
        b"<Tarih>2021-10-04</Tarih>",
        b"<Tarih>tomorrow</Tarih><BelgeNo>1</BelgeNo>",
        b"<BelgeNo>1</BelgeNo>",
        b"<Tarih>2021-10-04</Tarih><BelgeNo>1</BelgeNo><Imzalayan/>",
    ],
)
def test_final_metadata_must_have_date_number_and_names(inside: bytes) -> None:
    with pytest.raises(BadPackage) as refused:
        read_final_metadata(b"<n xmlns='%s'>%s</n>" % (TYPES, inside))
    assert refused.value.fault is PackageFault.BAD_XML


def test_a_date_without_a_zone_is_turkish() -> None:
    read = read_final_metadata(b"<n xmlns='%s'><Tarih>2021-10-04</Tarih><BelgeNo>1</BelgeNo></n>" % TYPES)
    assert read.dated == datetime(2021, 10, 4, tzinfo=TURKEY)


def test_metadata_must_say_whose_and_to_whom() -> None:
    """A person may be either; their name is what is there."""
    with pytest.raises(BadPackage):
        read_metadata(b"<u/>")
    person = b"<GercekSahis><Kisi><IlkAdi>Ali </IlkAdi><Soyadi>Kaya</Soyadi></Kisi></GercekSahis>"
    read = read_metadata(
        b"<u xmlns='%s'><DagitimListesi><Dagitim>%s</Dagitim></DagitimListesi><Olusturan>%s</Olusturan></u>"
        % (TYPES, person, person)
    )
    assert read.sender == Body(number="", name="Ali Kaya")
    assert read.recipients == (read.sender,)


def test_a_digest_that_is_no_base64_is_wrong() -> None:
    files = parts(GOOD)
    name = "PaketOzeti/PaketOzeti.xml"
    files[name] = files[name].replace(b"DigestValue>", b"DigestValue>!", 1)
    assert fault(zipped(files)) == "wrong-digest"
