"""Letters as they come: charsets, wrappings, attachments, and hostile bytes."""

import io
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from mockgov.kep.opc import BadPackage
from mockgov.kep.reading import (
    Attachment,
    UnreadableLetter,
    UnreadablePdf,
    clean_line,
    clean_text,
    pdf_text,
    read_content,
    read_head,
    read_letter,
)
from tests.mockgov.kep.packages import package
from tests.mockgov.kep.post import COMPANY, MINISTRY, OTHER, letter

TURKISH = "Şişli'de ığüöç İI, 1 ₺"


def message(*lines: bytes) -> bytes:
    return b"\r\n".join([b"From: cinar@hs01.kep.tr", b"To: sb@hs01.kep.tr", *lines])


def test_a_head() -> None:
    head = read_head(
        b'from: =?utf-8?q?=C3=87=C4=B1nar?= <a@hs01.kep.tr>\r\nTO: B@hs01.kep.tr,\r\n "x, y" <c@hs02.kep.tr>\r\n'
        b"Cc: b@hs01.kep.tr\r\nBcc: d@hs01.kep.tr\r\nTo: e@hs01.kep.tr\r\nMessage-ID:  <1@x>\r\n"
        b"Subject: =?iso-8859-9?q?Eri=FEim?=\r\n =?utf-8?b?IMSwc3RlxJ9p?=\r\n\r\n"
    )
    assert head.senders == ("a@hs01.kep.tr",)
    assert head.recipients == tuple(
        f"{name}" for name in ("b@hs01.kep.tr", "c@hs02.kep.tr", "e@hs01.kep.tr", "d@hs01.kep.tr")
    )
    assert head.subject == "Erişim İsteği"
    assert head.message_id == "<1@x>"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Erişim isteği".encode(), "Erişim isteği"),
        ("Erişim isteği".encode("iso-8859-9"), "Erişim isteği"),
        (b"=?windows-1254?b?RXJp/mlt?=", "Erişim"),
        (b"=?no-such-charset?q?abc=41?=", "abcA"),
        (b"=?utf-8?q?=FE?=", "ş"),
        (b"a\0b\tc", "a b c"),
        (b"", ""),
    ],
)
def test_subjects_in_any_charset(subject: bytes, expected: str) -> None:
    assert read_head(message(b"Subject: " + subject, b"", b"")).subject == expected


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-9", "windows-1254"])
def test_texts_in_any_charset(charset: str) -> None:
    text = "Şişli'de ığüöç İI"
    raw = message(f"Content-Type: text/plain; charset={charset}".encode(), b"", text.encode(charset))
    assert read_content(raw).text == text


def test_a_wrong_charset_is_got_round() -> None:
    """Named wrongly, or not at all: UTF-8 where it is that, else Latin-5."""
    for head, body in [
        (b"charset=us-ascii", TURKISH.encode()),
        (b"charset=klingon", TURKISH.encode()),
        (b"x=y", TURKISH.encode()),
    ]:
        assert read_content(message(b"Content-Type: text/plain; " + head, b"", body)).text == TURKISH
    assert read_content(message(b"Content-Type: text/plain; charset=utf-8", b"", b"\xfe\xfd\xf0")).text == "şığ"


def test_a_page_without_a_plain_text_is_stripped() -> None:
    html = message(b"Content-Type: text/html; charset=utf-8", b"", "<p>Say\u0131n &amp; <b>yetkili</b></p>".encode())
    assert read_content(html).text == "Sayın & yetkili"


def test_attachments_of_all_kinds() -> None:
    """Named in RFC 2231 or 2047, with a path or none, a message within a message."""
    inner = EmailMessage(policy=SMTP)
    inner["Subject"] = "inner"
    inner.set_content("inner text")
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = COMPANY.address, MINISTRY.address, "x"
    made.set_content(TURKISH)
    made.add_attachment(b"1", maintype="application", subtype="pdf", filename="Yazı ığ.pdf")
    made.add_attachment(b"2", maintype="image", subtype="png", filename="C:\\gizli\\..\\a/b.png")
    made.add_attachment(b"3", maintype="application", subtype="octet-stream")
    made.add_attachment(inner)
    made.add_attachment("dördüncü", filename="not.txt")
    content = read_content(made.as_bytes())
    assert content.text.strip() == TURKISH
    assert [(one.name, one.content_type) for one in content.attachments] == [
        ("Yazı ığ.pdf", "application/pdf"),
        ("b.png", "image/png"),
        ("ek-4", "application/octet-stream"),
        ("ek-5", "message/rfc822"),
        ("not.txt", "text/plain"),
    ]
    assert [one.data for one in content.attachments[:3]] == [b"1", b"2", b"3"]
    assert b"inner text" in content.attachments[3].data


def test_a_signed_letter_is_unwrapped() -> None:
    attachment = Attachment(name="Form.pdf", content_type="application/pdf", data=bytes(range(256)))
    content = read_letter(letter(COMPANY, MINISTRY, OTHER, text=TURKISH, attachments=(attachment,)))
    assert content.subject == "Erişim talebi"
    assert content.text == f"{TURKISH}\n\nSANDBOX — hukuki geçerliliği yoktur\n"
    assert content.attachments == (attachment,)
    assert content.eyp is None
    assert content.files == content.attachments


@pytest.fixture(scope="module")
def signer() -> pkcs7.PKCS7SignatureBuilder:
    """A real signer by another library."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "SANDBOX")])
    begin = datetime(2021, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=9000))
        .sign(key, hashes.SHA256())
    )
    return pkcs7.PKCS7SignatureBuilder().set_data(_entity()).add_signer(made, key, hashes.SHA256())


def _entity() -> bytes:
    inner = EmailMessage(policy=SMTP)
    inner.set_content(TURKISH, cte="base64")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    del inner["MIME-Version"]
    return inner.as_bytes()


def test_real_signatures_are_unwrapped_too(signer: pkcs7.PKCS7SignatureBuilder) -> None:
    """Multipart/signed and opaque signed-data as the cryptography library makes them, and one within the other."""
    detached = signer.sign(serialization.Encoding.SMIME, [pkcs7.PKCS7Options.DetachedSignature])
    opaque = signer.sign(serialization.Encoding.SMIME, [])
    head = b"From: cinar@hs01.kep.tr\r\nTo: sb@hs01.kep.tr\r\nSubject: x\r\n"
    for entity in (detached, opaque):
        content = read_content(head + entity)
        assert content.text.strip() == TURKISH
        assert [(one.name, one.data) for one in content.attachments] == [("a.pdf", b"%PDF")]


def test_a_package_is_read() -> None:
    attachment = Attachment(name="belge.eyp", content_type="application/eyazisma", data=package())
    read = read_letter(letter(COMPANY, MINISTRY, attachments=(attachment,)))
    assert read.eyp is not None
    assert [one.name for one in read.attachments] == ["belge.eyp"]
    assert [one.name for one in read.files] == ["Ust_Yazi.pdf", "Erisim_Talep_Formu.pdf"]
    with pytest.raises(BadPackage):
        read_letter(letter(COMPANY, MINISTRY, attachments=(Attachment(name="a.eyp", content_type="x/y", data=b"no"),)))


def _nested(depth: int) -> bytes:
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth))
    return message(opening + b"\r\nx")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"no head",
        _nested(3_000),
        message(b"Content-Type: application/pkcs7-mime; smime-type=signed-data", b"", b"AAAA"),
        message(b"Content-Type: application/pkcs7-mime", b"Content-Transfer-Encoding: base64", b"", b"MIAGCSqGSIb3"),
        message(b"Content-Type: multipart/mixed; boundary=b", b"", *[b"--b\r\n\r\nx"] * 1_002, b"--b--"),
        message(b"Content-Type: multipart/mixed; boundary=b", b"", b"--b\n\n" * 4_000_000),
        message(b"Subject: " + b"x" * 70_000, b"", b""),
    ],
)
def test_what_cannot_be_read(raw: bytes) -> None:
    with pytest.raises(UnreadableLetter) as refused:
        read_content(raw)
    assert refused.value.key == "kepletterunreadable"


@settings(max_examples=300)
@given(st.binary(max_size=200), st.integers(0, 900), st.integers(0, 60))
def test_no_bytes_fail_otherwise(noise: bytes, at: int, length: int) -> None:
    """A stretch of a letter replaced by noise: read, or refused, and what is read fits into a database."""
    good = letter(COMPANY, MINISTRY, attachments=(Attachment(name="a", content_type="a/b", data=b"c"),))
    raw = good[:at] + noise + good[at + length :]
    try:
        head, content = read_head(raw), read_content(raw)
    except UnreadableLetter:
        return
    for text in (head.subject, head.message_id, content.text, *(one.name for one in content.attachments)):
        text.encode()
        assert "\0" not in text


@settings(max_examples=200)
@given(st.text())
def test_cleaning_keeps_what_can_be_kept(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
    assert "\n" not in clean_line(text)


def test_the_text_of_a_pdf() -> None:
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(72, 720, "Yetkili kisi")
    canvas.showPage()
    canvas.drawString(72, 720, "ikinci sayfa")
    canvas.save()
    assert pdf_text(made.getvalue()).split() == ["Yetkili", "kisi", "ikinci", "sayfa"]
    for noise in (b"", b"%PDF-1.4", made.getvalue()[:200]):
        with pytest.raises(UnreadablePdf):
            pdf_text(noise)
