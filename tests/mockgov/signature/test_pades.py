"""Signed PDFs, with pyHanko's validator, which has a context of its own, as the other opinion."""

import asyncio
from datetime import datetime
from io import BytesIO

import pytest
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from mockgov.signature.rules import CertificateFlaw, NotSignable
from mockgov.vocabulary.signed import Flaw
from tests.mockgov.signature.desk import DAY, HOUR, NUMBER, Desk, small_pdf


@pytest.fixture
def desk() -> Desk:
    return Desk()


def validated(desk: Desk, pdf: bytes, moment: datetime, which: int = -1) -> PdfSignatureStatus:
    root = asn1_x509.Certificate.load(desk.signature.authority_certificate("root"))

    def context(at: datetime) -> ValidationContext:
        return ValidationContext(trust_roots=[root], moment=at, allow_fetching=False, revocation_mode="soft-fail")

    signature = PdfFileReader(BytesIO(pdf)).embedded_signatures[which]
    return asyncio.run(
        async_validate_pdf_signature(
            signature, signer_validation_context=context(moment), ts_validation_context=context(desk.clock.now())
        )
    )


@pytest.mark.parametrize("keys", ["ec", "rsa"])
def test_pyhanko_agrees(keys: str, caplog: pytest.LogCaptureFixture) -> None:
    """Valid, trusted, covering the whole file and time-stamped at the world's date; expired at a later one."""
    desk = Desk(keys=keys)
    made = desk.issue()
    desk.advance(HOUR)
    pdf = desk.signature.sign_pades(made.serial, small_pdf())
    status = validated(desk, pdf, desk.clock.now())
    assert status.bottom_line, status.pretty_print_details()
    assert (status.intact, status.valid, status.trusted, status.coverage.name) == (True, True, True, "ENTIRE_FILE")
    assert status.timestamp_validity.timestamp == desk.clock.now()
    assert status.timestamp_validity.trusted
    assert status.signing_cert.subject.native["serial_number"] == NUMBER
    assert not caplog.records
    later = validated(desk, pdf, made.not_after + DAY)
    assert (later.valid, later.trusted) == (True, False)
    assert "end-entity certificate expired 2022-10-04 05:00:00Z" in caplog.text


def test_signed_twice(desk: Desk) -> None:
    """A second signature covers the first; both stay valid for pyHanko, and the last is the one judged here."""
    first, second = desk.issue(), desk.issue(CertificateFlaw.EXPIRED)
    once = desk.signature.sign_pades(first.serial, small_pdf())
    twice = desk.signature.sign_pades(second.serial, once)
    assert twice.startswith(once)
    assert [one.field_name for one in PdfFileReader(BytesIO(twice)).embedded_signatures] == ["Imza1", "Imza2"]
    assert validated(desk, twice, desk.clock.now(), 0).intact
    assert desk.signature.verify_pades(once).serial == first.serial
    said = desk.signature.verify_pades(twice)
    assert (said.flaw, said.serial) == (Flaw.EXPIRED, second.serial)


def test_nothing_may_be_appended(desk: Desk) -> None:
    """Not even a blank line, nor another revision."""
    pdf = desk.signature.sign_pades(desk.issue().serial, small_pdf())
    assert desk.signature.verify_pades(pdf).counts
    for more in (b"\n", b" ", pdf, b"%%EOF"):
        assert desk.signature.verify_pades(pdf + more).flaw is Flaw.TAMPERED
    assert desk.signature.verify_pades(pdf[:-1]).flaw is Flaw.TAMPERED


@pytest.mark.parametrize("bad", [b"", b"x", b"%PDF-1.7\n%%EOF", small_pdf()[:400]])
def test_what_is_no_pdf(desk: Desk, bad: bytes) -> None:
    with pytest.raises(NotSignable):
        desk.signature.sign_pades(desk.issue().serial, bad)


def test_the_document_stays_as_it_was(desk: Desk) -> None:
    """The signature is a revision behind the document, and says that it is a sandbox's."""
    pdf = desk.signature.sign_pades(desk.issue().serial, small_pdf())
    assert pdf.startswith(small_pdf())
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    assert signature.sig_object["/Reason"] == "SANDBOX — hukuki geçerliliği yoktur"
    assert signature.sig_object["/Name"] == "AYŞE NUR IŞIK"
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_object["/M"] == "D:20211004080000+03'00'"
