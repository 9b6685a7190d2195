"""Letters that are written: by another library's reading, and signed without a byte out of place."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given
from hypothesis import strategies as st

from mockgov.kep.reading import Attachment, read_content, read_head, read_letter
from mockgov.kep.writing import letter_with_package, plain_letter, signed_letter
from tests.mockgov.kep.packages import package
from tests.mockgov.kep.post import COMPANY, MINISTRY, MONDAY, OTHER, letter, twin_sign, twin_verify_smime

ATTACHMENT = Attachment(name="Erişim Talep Formu.pdf", content_type="application/pdf", data=b"%PDF\n\r\n\0\xff")


def test_a_letter_by_another_reader() -> None:
    raw = plain_letter(COMPANY, [MINISTRY, OTHER], "Erişim\n talebi", "Sayın yetkili,", [ATTACHMENT], MONDAY, "<1@x>")
    read = message_from_bytes(raw, policy=default)
    assert read["From"] == "cinar@hs01.kep.tr"
    assert read["To"] == "sb@hs01.kep.tr, nar@hs02.kep.tr"
    assert read["Subject"] == "Erişim talebi"
    assert read["Date"] == "Mon, 04 Oct 2021 09:00:00 +0300"
    assert read["Message-ID"] == "<1@x>"
    assert read.get_body().get_content().split("\r\n") == [
        "Sayın yetkili,",
        "",
        "SANDBOX — hukuki geçerliliği yoktur",
        "",
    ]
    assert [(one.get_filename(), one.get_content()) for one in read.iter_attachments()] == [
        (ATTACHMENT.name, ATTACHMENT.data)
    ]


def test_the_same_arguments_give_the_same_bytes() -> None:
    """Boundaries come from the content, and every line ends in CRLF."""
    one, two = (letter(COMPANY, MINISTRY, attachments=(ATTACHMENT,)) for _ in range(2))
    assert one == two
    assert one.count(b"\n") == one.count(b"\r\n")
    assert b"=_hes_" in one
    assert letter(COMPANY, MINISTRY, text="x", attachments=(ATTACHMENT,)) != one


def test_signing_takes_the_content_and_leaves_the_head() -> None:
    """What is signed begins with its content type; who and when stay outside, each field once."""
    signed: list[bytes] = []

    def sign(entity: bytes) -> bytes:
        signed.append(entity)
        return b"MIME-Version: 1.0\r\n" + twin_sign(entity)

    raw = signed_letter(plain_letter(COMPANY, [MINISTRY], "x" * 200, "y", [], MONDAY, "1@x"), sign)
    assert signed[0].startswith(b"Content-Type: text/plain")
    head = raw.partition(b"\r\n\r\n")[0].lower()
    for name in (b"from:", b"to:", b"subject:", b"message-id:", b"mime-version:", b"content-type:"):
        assert head.count(b"\r\n" + name) + head.startswith(name) == 1
    assert twin_verify_smime(raw).counts
    assert read_head(raw).subject == "x" * 200


def test_a_letter_with_a_package() -> None:
    raw = letter_with_package(COMPANY, [MINISTRY], "Yazı", package(), MONDAY, "1@x")
    assert read_letter(raw).eyp.document_number == "E-24301050-010.07-4711"
    assert b"application/eyazisma" in raw


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300), st.binary(max_size=300))
def test_any_text_and_file_come_back(text: str, data: bytes) -> None:
    raw = letter(COMPANY, MINISTRY, text=text, attachments=(Attachment(name="a", content_type="x/y", data=data),))
    content = read_content(raw)
    assert twin_verify_smime(raw).counts
    assert content.attachments[0].data == data
    assert "SANDBOX" in content.text


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_finds_a_signed_letter_in_order(tmp_path: Path) -> None:
    """A real S/MIME signature by the cryptography library, in a letter of ours, checked by OpenSSL."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "SANDBOX")])
    begin = datetime(2021, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=9000))
        .sign(key, hashes.SHA256())
    )

    def sign(entity: bytes) -> bytes:
        builder = pkcs7.PKCS7SignatureBuilder().set_data(entity).add_signer(certificate, key, hashes.SHA256())
        return builder.sign(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature])

    message = plain_letter(COMPANY, [MINISTRY], "Erişim", "Yazımız", [ATTACHMENT], MONDAY, "1@x")
    mail = tmp_path / "mail.eml"
    check = ["openssl", "cms", "-verify", "-noverify", "-in", str(mail), "-out", str(tmp_path / "out")]
    mail.write_bytes(signed_letter(message, sign))
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    mail.write_bytes(signed_letter(message, sign).replace(b"JVBERgoNCgD/", b"JVBERgoNCgD+"))
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0
