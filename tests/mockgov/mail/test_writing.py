"""Messages that the ministry writes, read by the standard library's modern parser."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.mail.rules import Attachment, MailRefused, check_attachment, check_subject, check_text
from mockgov.mail.writing import bounce, encoded, message
from mockgov.vocabulary.email_address import EmailAddress

NIGHT = datetime(2021, 10, 4, 22, 30, tzinfo=UTC)
HOME = EmailAddress("hesdestek", "saglik.gov.tr")
AYSE = EmailAddress("ayse.isik", "kurum.example")
FOOT = "\n\n-- \nSANDBOX — hukuki geçerliliği yoktur\n"


def written(subject: str = "Konu", text: str = "metin", *attachments: Attachment) -> bytes:
    return message(
        sender=HOME, to=AYSE, subject=subject, text=text, attachments=attachments, at=NIGHT, token="0123456789abcdef"
    )


def parsed(raw: bytes) -> EmailMessage:
    made = message_from_bytes(raw, policy=policy.default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made


def said(part: EmailMessage) -> str:
    """A part's text."""
    return part.get_payload(decode=True).decode().replace("\r\n", "\n")


def test_a_plain_mail_byte_for_byte() -> None:
    """Dates in Turkey's time, a Turkish subject in encoded words, text in quoted-printable."""
    assert written("Kullanıcı adınız", "Sayın Işık,\nkod: =1").decode("ascii").split("\r\n") == [
        "From: HES Destek SANDBOX <hesdestek@saglik.gov.tr>",
        "To: ayse.isik@kurum.example",
        "Subject: =?utf-8?B?S3VsbGFuxLFjxLEgYWTEsW7EsXo=?=",
        "Date: Tue, 05 Oct 2021 01:30:00 +0300",
        "Message-ID: <0123456789abcdef@saglik.gov.tr>",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Say=C4=B1n I=C5=9F=C4=B1k,",
        "kod: =3D1",
        "",
        "--=20",
        "SANDBOX =E2=80=94 hukuki ge=C3=A7erlili=C4=9Fi yoktur",
        "",
    ]


def test_a_mail_with_files() -> None:
    """Text first, then each file with its name, type and bytes; the same bytes when written again."""
    pdf = Attachment(
        name="HES servis dokümanı (İşyeri).pdf", content_type="application/pdf", data=bytes(range(256)) * 40
    )
    note = Attachment(name='say "hi".txt', content_type="text/plain", data=b"one\n.\n\xff")
    raw = written("Test ortamı", "Ekte.", pdf, note)
    assert raw == written("Test ortamı", "Ekte.", pdf, note)
    made = parsed(raw)
    assert made["subject"] == "Test ortamı"
    assert made.get_content_type() == "multipart/mixed"
    body, first, second = made.iter_parts()
    assert said(body) == "Ekte." + FOOT
    assert (first.get_filename(), first.get_content_type(), first.get_content()) == (
        "HES servis dokümanı (İşyeri).pdf",
        "application/pdf",
        bytes(range(256)) * 40,
    )
    assert (second.get_filename(), second.get_payload(decode=True)) == ('say "hi".txt', b"one\n.\n\xff")
    assert first.get_content_disposition() == second.get_content_disposition() == "attachment"


def test_what_looks_encoded_is_encoded() -> None:
    """A subject is what was meant, also one with the marks of an encoded word, or blanks around it."""
    for subject in ("=?utf-8?Q?x?=", " a ", "", "x" * 60, "x" * 61, "a " * 200, "Ğ" * 300, "🏢" * 125):
        assert parsed(written(subject))["subject"] == subject
    assert encoded("Test ortami") == "Test ortami"


def lines_are_lawful(raw: bytes) -> None:
    """CRLF and ASCII throughout, no line over 78 (RFC 5322, section 2.1.1), no bare CR or LF."""
    assert raw.isascii()
    assert b"\x00" not in raw
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", raw)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


TEXTS = st.text(max_size=300)
FILES = st.lists(
    st.builds(Attachment, name=TEXTS, content_type=st.just("application/pdf"), data=st.binary()), max_size=2
)


@given(subject=TEXTS, text=TEXTS, files=FILES)
@settings(max_examples=300)
def test_anything_is_refused_or_comes_back(subject: str, text: str, files: list[Attachment]) -> None:
    """No subject, text or name gets out of its place: there are as many headers and parts as there should be."""
    try:
        check_subject(subject)
        check_text(text)
        for file in files:
            check_attachment(file)
    except MailRefused:
        return
    raw = written(subject, text, *files)
    lines_are_lawful(raw)
    made = parsed(raw)
    assert made["subject"] == subject
    assert sorted(made.keys()) == sorted(
        {
            *("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "Content-Type"),
            *(() if files else ("Content-Transfer-Encoding",)),
        }
    )
    body, *others = list(made.iter_parts()) if files else [made]
    expected = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + FOOT
    assert said(body) == expected
    assert [(one.get_filename(), one.get_content()) for one in others] == [(file.name, file.data) for file in files]


def test_a_report_of_failure() -> None:
    """A delivery status notification (RFC 3464) that names the recipient, the reply and the message."""
    original = written("Kullanıcı adınız")
    reply = "550 5.1.1 No such mailbox; check the address"
    raw = bounce(home=HOME, to=AYSE, reply=reply, original=original, at=NIGHT, token="feedfeed")
    lines_are_lawful(raw)
    made = parsed(raw)
    assert made.get_content_type() == "multipart/report"
    assert made.get_param("report-type") == "delivery-status"
    assert made["from"] == "mailer-daemon@saglik.gov.tr"
    assert made["auto-submitted"] == "auto-replied"
    human, status, headers = made.iter_parts()
    assert said(human) == f"Your message to ayse.isik@kurum.example could not be delivered:\n\n    {reply}{FOOT}"
    assert status.get_content_type() == "message/delivery-status"
    of_message, of_recipient = status.get_payload()
    assert of_message["Reporting-MTA"] == "dns; saglik.gov.tr"
    assert of_recipient.items() == [
        ("Final-Recipient", "rfc822; ayse.isik@kurum.example"),
        ("Action", "failed"),
        ("Status", "5.1.1"),
        ("Diagnostic-Code", f"smtp; {reply}"),
    ]
    assert headers.get_content_type() == "text/rfc822-headers"
    assert message_from_bytes(headers.get_payload(decode=True), policy=policy.default)["subject"] == "Kullanıcı adınız"


def test_a_report_of_giving_up_is_permanent() -> None:
    """Status 5.4.7, though the last reply was a temporary one."""
    reply = "4.4.7 Given up after 5 days; the last answer was: 451 4.3.0 Later"
    raw = bounce(home=HOME, to=AYSE, reply=reply, original=b"", at=NIGHT, token="feedfeed")
    assert b"\r\nStatus: 5.4.7\r\n" in raw
