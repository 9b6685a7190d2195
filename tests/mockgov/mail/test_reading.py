"""Messages of all kinds, taken apart: from Python's own writer, from odd programs, and broken ones."""

from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockgov.mail.reading import Content, read_message
from mockgov.mail.rules import Attachment


def composed(subject: str = "Entegrasyon tamamlandı", text: str = "Işık Lojistik A.Ş. bitirdi.\n") -> EmailMessage:
    made = EmailMessage()
    made["From"] = "Ayşe Işık <ayse@kurum.example>"
    made["To"] = "hesdestek@saglik.gov.tr"
    made["Subject"] = subject
    made.set_content(text)
    return made


@pytest.mark.parametrize("policy", [SMTP, SMTPUTF8], ids=["ascii", "utf-8"])
def test_what_python_writes(policy: object) -> None:
    """Turkish subject, text and file names, in encoded words or in raw UTF-8."""
    message = composed()
    message.add_attachment(b"%PDF-\x00\xff", maintype="application", subtype="pdf", filename="Sonuç (İş).pdf")
    message.add_attachment("iç metin", filename="not.txt")
    assert read_message(message.as_bytes(policy=policy)) == Content(
        subject="Entegrasyon tamamlandı",
        text="Işık Lojistik A.Ş. bitirdi.\n",
        attachments=(
            Attachment(name="Sonuç (İş).pdf", content_type="application/pdf", data=b"%PDF-\x00\xff"),
            Attachment(name="not.txt", content_type="text/plain", data="iç metin\r\n".encode()),
        ),
    )


def test_plain_text_before_html() -> None:
    """Of alternatives the plain one is the text; what is not shown is a file of the mail."""
    message = composed(text="düz\n")
    message.add_alternative("<p>süslü</p>", subtype="html")
    content = read_message(message.as_bytes())
    assert content.text == "düz\n"
    assert [(one.name, one.content_type) for one in content.attachments] == [("unnamed-1", "text/html")]


def test_html_alone() -> None:
    """Its words, without tags, style and script."""
    raw = (
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<html><head><title>t</title></head><style>p{}</style>"
        b"<p>Bir&amp;iki</p><div>\xc3\xbc\xc3\xa7<br>d\xc3\xb6rt</div><script>x</script></html>"
    )
    assert read_message(raw).text == "Bir&iki\nüç\ndört"


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("=?utf-8?B?xLDFn3llcmk=?=", "İşyeri"),
        ("=?UTF-8?q?=C4=B0=C5=9Fyeri_1?=", "İşyeri 1"),
        ("=?iso-8859-9?Q?=DD=FEyeri?=", "İşyeri"),
        ("=?windows-1254?Q?=DD=FEyeri?=", "İşyeri"),
        ("=?utf-8*tr?Q?a?=", "a"),
        ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?a?=\r\n =?utf-8?Q?b?=", "ab"),
        ("=?utf-8?Q?=C4?= =?utf-8?Q?=B0?=", "İ"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ("x =?utf-8?Q?a?=y", "x ay"),
        ("=?utf-8?Q?a?= =?iso-8859-9?Q?=FE?=", "aş"),
        ("=?nosuch?Q?=C5=9F?=", "ş"),
        ("=?unicode_escape?Q?\\u0041?=", "\\u0041"),
        ("=?utf-8?B?YQ?=", "a"),
        ("=?utf-8?B?a?=", "=?utf-8?B?a?="),
        ("=?utf-8?X?a?=", "=?utf-8?X?a?="),
        ("plain\r\n folded", "plain  folded"),
        ("a\x00b\x1bc", "a b c"),
        ("=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("", ""),
    ],
)
def test_subjects(header: str, subject: str) -> None:
    """One line of text, however it was encoded; what cannot be decoded stands as it came."""
    raw = f"Subject: {header}\r\n\r\n".encode("latin-1")
    assert read_message(raw).subject == subject


def test_undeclared_bytes_are_turkish() -> None:
    """UTF-8 if they are, else as Turkish Windows writes."""
    assert read_message("Subject: ışık\r\n\r\nşu".encode()) == Content(subject="ışık", text="şu")
    assert read_message("Subject: ışık\r\n\r\nşu".encode("cp1254")) == Content(subject="ışık", text="şu")
    declared = "Content-Type: text/plain; charset=iso-8859-9\r\n\r\nşu"
    assert read_message(declared.encode("iso-8859-9")).text == "şu"


@pytest.mark.parametrize(
    ("headers", "is_automatic"),
    [
        ("", False),
        ("Auto-Submitted: no", False),
        ("Auto-Submitted: auto-replied", True),
        ("auto-submitted: Auto-Generated; x=y", True),
        ("Precedence: bulk", True),
        ("Precedence: first-class", False),
    ],
)
def test_machines(headers: str, is_automatic: bool) -> None:
    """What says that nobody has written it is not to be answered (RFC 3834)."""
    assert read_message(f"{headers}\r\n\r\n".lstrip().encode()).is_automatic is is_automatic


def test_a_message_in_the_message() -> None:
    """Is one file."""
    outer = composed()
    outer.add_attachment(composed("İç", "iç\n"))
    (inner,) = read_message(outer.as_bytes()).attachments
    assert inner.content_type == "message/rfc822"
    assert read_message(inner.data) == Content(subject="İç", text="iç\n")


def test_names_lead_nowhere() -> None:
    """No path stays in the name of a file, no line end, and every file has a name."""
    raw = (
        b'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: a/b; name="../../etc/x"\r\n\r\n1\r\n'
        b'--b\r\nContent-Disposition: attachment; filename="..\\\\y\r\n z"\r\n\r\n2\r\n'
        b"--b\r\nContent-Disposition: attachment\r\n\r\n3\r\n--b--\r\n"
    )
    names = [one.name for one in read_message(raw).attachments]
    assert names == [".._.._etc_x", ".._y  z", "unnamed-3"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00",
        b"\r\n",
        b"Subject",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\nno part",
        b"Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\nx",
        b"Content-Transfer-Encoding: base64\r\n\r\n====",
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 x\r\n#",
        b"Content-Type: text/plain; charset=idna\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=\xff\r\n\r\n\xff",
        b"Content-Type: text/plain; charset*=utf-8''%FF\r\n\r\nx",
        b"Content-Type: text/plain; name*0*=x; name*zz=y; name*=nosuch''%FF\r\n\r\nx",
        b"Content-Disposition: attachment; filename*=\xff''\xff\r\n\r\n",
        b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n",
        b": x\r\n\r\n",
    ],
)
def test_broken_messages_are_read(raw: bytes) -> None:
    """As far as can be."""
    read_message(raw)


def test_a_broken_multipart_is_its_text() -> None:
    """Parts that are not there hide nothing."""
    assert read_message(b"Content-Type: multipart/mixed; boundary=b\r\n\r\nmetin").text == "metin"


def test_a_bomb_is_not_taken_apart() -> None:
    """Parts, headers, nested messages or boundaries by the thousand: the text is the message as it came."""
    parts = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 100_000
    headers = b"a: b\r\n" * 100_000 + b"\r\n"
    nested = b"Content-Type: message/rfc822\r\n\r\n" * 5_000
    levels = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * 100 + b"-\r\n" * 1_000_000
    for raw in (parts, headers, nested, levels):
        content = read_message(raw)
        assert not content.is_readable
        assert content.text == raw.decode().replace("\r\n", "\n")


SEED = composed()
SEED.add_attachment(b"%PDF-\x00\xff", maintype="application", subtype="pdf", filename="Sonuç (İş).pdf")
SEED.add_attachment(composed("İç", "iç\n"))
ODD = (
    b"Subject: =?utf-8?B?xLDFn3llcmk=?=\r\nContent-Type: text/plain; charset=utf-8; name*0*=utf-8''a%FF; name*1=b\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\nContent-Disposition: inline\r\n\r\n=C5=9F=\r\n"
)
PIECES = st.sampled_from(
    [
        *(
            b"\r\n",
            b"\n",
            b"\r",
            b"\x00",
            b"\xff",
            b"\r\n\r\n",
            b"--",
            b"=?",
            b"?=",
            b'"',
            b";",
            b"*",
            b"=",
            b"''",
            b"%",
        ),
        *(b"Content-Type: multipart/mixed; boundary=\r\n", b"Content-Type: message/partial\r\n", b"charset=utf-7"),
        *(b"Content-Type: message/delivery-status\r\n", b"Content-Transfer-Encoding: uuencode\r\n", b"charset=hex"),
    ]
)


@given(
    seed=st.sampled_from([SEED.as_bytes(policy=SMTP), ODD]),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 60), PIECES | st.binary(max_size=8)), max_size=8),
)
@example(seed=b"", changes=[])
@settings(max_examples=500)
def test_any_bytes_are_read(seed: bytes, changes: list[tuple[int, int, bytes]]) -> None:
    """Whatever is cut out of a message and put in, reading it never raises, and yields what a database can keep."""
    raw = seed
    for at, cut, piece in changes:
        raw = raw[:at] + piece + raw[at + cut :]
    content = read_message(raw)
    texts = (content.subject, content.text, *(one.name + one.content_type for one in content.attachments))
    for text in texts:
        assert "\x00" not in text
        text.encode()
    assert "\n" not in content.subject + "".join(one.name + one.content_type for one in content.attachments)
    assert all(one.name for one in content.attachments)


@given(st.binary(max_size=200))
def test_any_noise_is_read(raw: bytes) -> None:
    """The same for bytes that never were a message."""
    read_message(raw)
