"""The tripwire: numbers of this world pass, others are refused and masked."""

import io
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from mockgov.refusal import Unminted
from mockgov.tripwire import Tripwire
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


def test_a_letter_about_this_worlds_people_passes(town: Town, wire: Tripwire) -> None:
    wire.check_letter(letter(a=town.mother.identity.digits.encode()))
    wire.check_letter(b"")
    wire.check_letter(letter(a=b"PK\x03\x04broken"))
