"""The tripwire: numbers of this world pass, others are refused and masked."""

import io
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from asn1crypto import cms, core, x509
from hypothesis import given
from hypothesis import strategies as st

from mockgov.paper import Paper
from mockgov.refusal import Unminted
from mockgov.tripwire.letters import texts
from mockgov.tripwire.structures import values
from mockgov.tripwire.wire import Tripwire
from mockgov.vocabulary.likeness import Kind, likenesses
from mockgov.vocabulary.tckn import check_digits
from tests.mockgov.counters.town import Town

STRANGER = "10000000146"


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


@pytest.fixture
def wire(town: Town) -> Tripwire:
    return town.ministry.tripwire


def test_the_worlds_own_numbers_pass(town: Town, wire: Tripwire) -> None:
    """Identity numbers, phones, passports of its people; numbers that nobody can have; tax numbers."""
    vkn = town.ministry.registry.institution(1).vkn.digits
    passport = town.stranger.passport
    assert passport is not None
    for text in (
        f"{town.mother.identity.digits}",
        f"{town.mother.phone.e164} {town.mother.phone.subscriber}",
        passport.text,
        "GBR TST000001",
        "+905990000000",
        "+99912345678",
        vkn,
    ):
        wire.check(text)
        assert wire.masked(text) == text


@pytest.mark.parametrize("text", [STRANGER, "0532 123 45 67", "+4915112345678", "DEU C01X00T47", "U12345678"])
def test_others_are_refused_and_not_repeated(wire: Tripwire, text: str) -> None:
    """The refusal names what it is and where, and what to do."""
    with pytest.raises(Unminted) as refused:
        wire.check(f"see {text} there", where="`label`")
    assert refused.value.key == "unmintedidentifier"
    assert "`label`" in refused.value.message
    assert "/_lab/people" in refused.value.message
    assert not any(part in refused.value.message for part in text.split())
    assert text not in wire.masked(f"see {text} there")


def test_what_only_looks_like_a_number_passes_but_is_masked(wire: Tripwire) -> None:
    wire.check("order 12345678901")
    assert wire.masked("order 12345678901") == "order ********901"


def letter(**parts: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "x"
    message.set_content("Merhaba")
    for name, content in parts.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def archive(name: str, content: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return into.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        letter().replace(b"Merhaba", STRANGER.encode()),
        letter().replace(b"Subject: x", b"Subject: " + STRANGER.encode()),
        letter().replace(b"Subject: x", b"Subject: =?utf-8?b?" + b64encode(STRANGER.encode()) + b"?="),
        letter(a=STRANGER.encode()),
        letter(a=archive("sheet.xml", f"<v>{STRANGER}</v>".encode())),
        letter(a=archive(f"{STRANGER}.txt", b"")),
        letter(a=archive("inner.zip", archive("x", STRANGER.encode()))),
        STRANGER.encode(),
    ],
)
def test_letters_are_looked_through(wire: Tripwire, raw: bytes) -> None:
    """Head, text, attachments in base64, archives in archives."""
    with pytest.raises(Unminted):
        wire.check_letter(raw)


def opaque(content: bytes) -> bytes:
    """A message that encloses its content, as a signed one does (RFC 5652)."""
    return cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": [],
                    "signer_infos": [],
                    "encap_content_info": {"content_type": "data", "content": content},
                }
            ),
        }
    ).dump()


@pytest.mark.parametrize(
    "content",
    [
        x509.Name.build({"serial_number": STRANGER, "common_name": "Ege"}).dump(),
        x509.Name.build({"common_name": f"Ege {STRANGER}"}).dump(),
        opaque(letter(a=STRANGER.encode())),
        opaque(STRANGER.encode()),
        b"\x30\x80\x24\x80\x04\x06100000\x04\x0500146\0\0\0\0",
        b"\x30\x18\x1e\x16" + STRANGER.encode("utf-16-be"),
        b"\x30 " + STRANGER.encode(),
    ],
)
def test_signatures_are_opened(wire: Tripwire, content: bytes) -> None:
    """Names in certificates, enclosed letters, strings in pieces; what is broken is looked at as it is."""
    with pytest.raises(Unminted):
        wire.check_letter(letter(a=content))


def test_a_pdf_is_read(wire: Tripwire) -> None:
    """Its pages' text is in compressed streams."""
    for number, passes in ((STRANGER, False), ("12345678901", True)):
        paper = Paper("Yazı", at=datetime(2021, 10, 4, tzinfo=UTC))
        paper.text(f"Kişi: {number}.")
        with nullcontext() if passes else pytest.raises(Unminted):
            wire.check_letter(letter(a=paper.bytes()))


def test_no_number_is_made_of_a_value_and_the_next_ones_tag() -> None:
    """A person's number that begins with 905, and a tax number with 05, look like phones with a digit more."""
    for number in ("905123456", "0512345678"):
        whole = number + check_digits(number) if len(number) == 9 else number
        inner = x509.Name.build({"serial_number": whole, "common_name": "Ege"}).dump()
        assert whole.encode() + b"1" in inner or whole.encode() + b"0" in inner
        found = [one for text, is_text in texts(letter(a=inner)) for one in likenesses(text, grouped=is_text)]
        assert {one.kind for one in found} <= {Kind.IDENTITY}
        assert {one.value for one in found} <= {whole}


@given(st.binary(max_size=200))
def test_any_bytes_may_come(raw: bytes) -> None:
    """What is no structure is none, and nothing is lost of what is."""
    for content in (raw, b"\x30" + raw, b"\x30" + bytes([len(raw) % 128]) + raw):
        values(content)
    der = core.SequenceOf([core.OctetString(raw)], spec=core.OctetString).dump()
    assert b"".join(values(der) or ()) == raw or raw[:1] == b"\x30"


def test_a_letter_about_this_worlds_people_passes(town: Town, wire: Tripwire) -> None:
    wire.check_letter(letter(a=town.mother.identity.digits.encode()))
    wire.check_letter(b"")
    wire.check_letter(letter(a=b"PK\x03\x04broken"))
