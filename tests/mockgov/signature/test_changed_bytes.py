"""No changed byte goes unnoticed here, and no bytes at all make the check fall over."""

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockgov.signature.rules import SignatureFormat
from mockgov.vocabulary.signed import Verdict
from tests.mockgov.signature.desk import ENTITY, MONDAY, NUMBER, Desk, small_pdf

DOCUMENT = "İşte belge.".encode()
EVIDENCE = b"<?xml version='1.0'?><delil xmlns='urn:delil'><tip>SubmissionAcceptanceRejection</tip></delil>"


@cache
def desk(keys: str = "ec") -> Desk:
    return Desk(keys=keys)


@cache
def signed(form: SignatureFormat, keys: str = "ec") -> bytes:
    document = {SignatureFormat.PADES: small_pdf(), SignatureFormat.SMIME: ENTITY}.get(form, DOCUMENT)
    return desk(keys).signature.sign(desk(keys).issue().serial, document, form)


@cache
def evidence() -> bytes:
    return desk().signature.sign_evidence("hs01", EVIDENCE, MONDAY)


def check(form: SignatureFormat, data: bytes, keys: str = "ec") -> Verdict:
    return desk(keys).signature.verify(form, data, DOCUMENT if form is SignatureFormat.CADES else None)


def changed(data: bytes, at: int, by: int) -> bytes:
    at %= len(data)
    return data[:at] + bytes([data[at] ^ by]) + data[at + 1 :]


POSITIONS, CHANGES = st.integers(0, 1 << 20), st.integers(1, 255)


@pytest.mark.parametrize("keys", ["ec", "rsa"])
@pytest.mark.parametrize("form", [SignatureFormat.CADES, SignatureFormat.CADES_ENVELOPING])
@settings(max_examples=150)
@given(at=POSITIONS, by=CHANGES)
@example(at=842, by=1)
@example(at=2_550, by=1)
@example(at=-1, by=1)
def test_any_byte_of_a_cms(keys: str, form: SignatureFormat, at: int, by: int) -> None:
    """Signed or not, certificates and time-stamp included: every single byte is accounted for."""
    assert check(form, signed(form, keys), keys).counts
    assert not check(form, changed(signed(form, keys), at, by), keys).counts


@settings(max_examples=150)
@given(at=POSITIONS, by=CHANGES)
def test_any_byte_of_a_document(at: int, by: int) -> None:
    signature = signed(SignatureFormat.CADES)
    assert not desk().signature.verify_cades(signature, changed(DOCUMENT, at, by)).counts


@settings(max_examples=150)
@given(at=POSITIONS, by=CHANGES)
def test_any_byte_of_a_pdf(at: int, by: int) -> None:
    """The room that is left for the signature included, and the case of its digits."""
    assert check(SignatureFormat.PADES, signed(SignatureFormat.PADES)).counts
    assert not check(SignatureFormat.PADES, changed(signed(SignatureFormat.PADES), at, by)).counts


@settings(max_examples=150)
@given(at=POSITIONS, by=CHANGES)
def test_any_byte_of_a_signed_part(at: int, by: int) -> None:
    """Of the first part of an S/MIME message; how lines end is no part of it."""
    message = signed(SignatureFormat.SMIME)
    start = message.index(ENTITY)
    at = start + at % len(ENTITY)
    if message[at : at + 1] not in b"\r\n" and bytes([message[at] ^ by]) not in b"\r\n":
        assert not check(SignatureFormat.SMIME, changed(message, at, by)).counts


@settings(max_examples=100)
@given(at=POSITIONS, by=CHANGES)
def test_any_byte_of_the_evidence(at: int, by: int) -> None:
    """Of what it says and of who signed it: the text of every element of the document and of the signature's values."""
    assert desk().signature.verify_evidence(evidence()).counts
    text = evidence()
    for begin, end in ((b"<tip>", b"</tip>"), (b"<ds:SignatureValue>", b"</"), (b"<ds:X509Certificate>", b"</")):
        start = text.index(begin) + len(begin)
        where = start + at % (text.index(end, start) - start)
        other = changed(text, where, by)
        if not other[where : where + 1].isspace():
            assert not desk().signature.verify_evidence(other).counts


@settings(max_examples=150)
@given(data=st.binary(max_size=200))
@example(data=b"%PDF-1.7 /ByteRange [0 1 3 4]<>")
@example(data=b"<a/>")
@example(
    data=b"Content-Type: multipart/signed; boundary=a\n\n--a\n\n--a\nContent-Type: application/pkcs7-signature\n\n--a--"
)
def test_any_bytes(data: bytes) -> None:
    """Nothing that anybody sends is a reason to fall over, nor is it a signature."""
    for form in SignatureFormat:
        assert not check(form, data).counts
    assert not desk().signature.verify_evidence(data).counts
    assert desk().signature.tsa(data)[:1] == b"\x30"
    assert desk().signature.ocsp(data)[:1] == b"\x30"


@settings(max_examples=100)
@given(form=st.sampled_from(SignatureFormat), cut=POSITIONS, more=st.binary(max_size=12), at=POSITIONS)
def test_cut_and_padded(form: SignatureFormat, cut: int, more: bytes, at: int) -> None:
    """Pieces of signatures, with other bytes within and behind; whatever is found, nobody's number is repeated."""
    data = signed(form)
    at %= len(data)
    for other in (data[: cut % len(data)], data[:at] + more + data[at:], data + more, more + data):
        assert NUMBER not in check(form, other).detail
    assert not check(form, data[: cut % len(data)]).counts or form is SignatureFormat.SMIME
