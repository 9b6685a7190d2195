"""S/MIME (RFC 8551): a MIME entity and a detached CMS upon it, side by side in `multipart/signed` (RFC 1847)."""

import re
from base64 import b64decode, encodebytes
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from mockgov.signature.authority import Signer
from mockgov.signature.cades import sign_cades
from mockgov.signature.cms import Content
from mockgov.signature.reading import Flawed
from mockgov.signature.rules import NotSignable
from mockgov.signature.timestamping import TimeStamps
from mockgov.vocabulary.signed import Flaw

MICALG: Final = {"sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512"}
CRLF: Final = b"\r\n"
MULTIPART: Final = re.compile(rb"\s*multipart/signed\s*;", re.IGNORECASE)
OPAQUE: Final = re.compile(rb"\s*application/(x-)?pkcs7-mime\b", re.IGNORECASE)
PART: Final = re.compile(rb"\s*application/(x-)?pkcs7-signature\b", re.IGNORECASE)
FIELD: Final = re.compile(rb"[!-9;-~]+[ \t]*:")
"""How a header field begins (RFC 5322, section 2.2, and the blanks of section 4.5)."""
BOUNDARY: Final = re.compile(rb";\s*boundary\s*=\s*(?:\"([^\"\r\n]{1,70})\"|([^\s;\"]{1,70}))", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedEntity:
    """What an S/MIME entity says is signed."""

    signature: bytes
    document: bytes | None
    """The first part with its headers, in canonical lines; None if it is inside the signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """What is to be signed, in canonical lines."""

    outer: tuple[bytes, ...]
    """Fields of a message that stay in front of the signed entity: From, To, Subject and the like."""
    document: bytes
    """The MIME entity that the signature is upon."""


def divide(message: bytes) -> Divided:
    """A whole message (RFC 5322) into its own fields and the MIME entity in it; a bare entity is all of it.

    Raises `NotSignable` for what is neither.
    """
    document = canonical(message)
    if document.startswith(CRLF):
        return Divided(outer=(), document=document)
    head, blank, body = document.partition(CRLF + CRLF)
    fields = re.split(rb"\r\n(?![ \t])", head.removesuffix(CRLF))
    if not all(FIELD.match(field) for field in fields):
        raise NotSignable(
            "This is no MIME: send a whole message (.eml: From, To, Subject, an empty line, the text) or a MIME entity "
            "that begins with Content-Type. For a PDF there is the format pades, for any other file cades."
        )
    outer = [field for field in fields if not field.lower().startswith((b"content-", b"mime-version"))]
    if not outer:
        return Divided(outer=(), document=document)
    inner = [field for field in fields if field.lower().startswith(b"content-")]
    return Divided(outer=tuple(outer), document=CRLF.join((*inner, b"", body if blank else b"")))


def sign_smime(signer: Signer, message: bytes, stamps: TimeStamps, at: datetime) -> bytes:
    """The signed message or entity, lines ending in CR LF; the boundary follows from what is signed.

    A message keeps its own fields in front; its content is signed. Raises `NotSignable`.
    """
    divided = divide(message)
    signature = sign_cades(signer, Content(data=divided.document, enclosed=False), stamps, at)
    boundary = b"hes-" + blake2b(signature, digest_size=16).hexdigest().encode()
    micalg = MICALG[signer.hash_name].encode()
    head = (
        *divided.outer,
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";',
        b' micalg=%s; boundary="%s"' % (micalg, boundary),
        b"",
        b"This is a message signed with S/MIME.",
        b"--" + boundary,
    )
    tail = (
        b"--" + boundary,
        b'Content-Type: application/pkcs7-signature; name="smime.p7s"',
        b"Content-Transfer-Encoding: base64",
        b'Content-Disposition: attachment; filename="smime.p7s"',
        b"",
        encodebytes(signature).strip().replace(b"\n", CRLF),
        b"--" + boundary + b"--",
        b"",
    )
    return CRLF.join((*head, divided.document, *tail))


def canonical(text: bytes) -> bytes:
    """The same with every line ending in CR LF."""
    return re.sub(rb"\r\n|\r|\n", CRLF, text)


def read_smime(entity: bytes) -> SignedEntity:
    """Take an S/MIME entity, or a whole message that is one, apart. Raises `Flawed`."""
    headers, body = _split(canonical(entity))
    kind = headers.get(b"content-type", b"")
    if OPAQUE.match(kind):
        return SignedEntity(signature=_base64(headers, body), document=None)
    if not MULTIPART.match(kind):
        raise Flawed(Flaw.MISSING, "The message is not signed: it is neither multipart/signed nor signed-data.")
    found = BOUNDARY.search(kind)
    if found is None:
        raise Flawed(Flaw.UNREADABLE, "The signed message names no boundary.")
    delimiter = CRLF + b"--" + (found[1] or found[2])
    parts = re.split(re.escape(delimiter) + rb"[ \t]*(?=\r\n|--)", CRLF + body)
    if len(parts) != 4 or not parts[3].startswith(b"--"):
        raise Flawed(Flaw.UNREADABLE, "A signed message has exactly two parts.")
    inner, last = _split(parts[2].removeprefix(CRLF))
    if not PART.match(inner.get(b"content-type", b"")):
        raise Flawed(Flaw.UNREADABLE, "The second part of the signed message is no PKCS #7 signature.")
    return SignedEntity(signature=_base64(inner, last), document=parts[1].removeprefix(CRLF))


def _split(entity: bytes) -> tuple[dict[bytes, bytes], bytes]:
    """Headers by small name, unfolded, the first of each; and the body."""
    if entity.startswith(CRLF):
        return {}, entity[2:]
    head, _, body = entity.partition(CRLF + CRLF)
    headers: dict[bytes, bytes] = {}
    for line in re.sub(rb"\r\n[ \t]+", b" ", head).split(CRLF):
        name, _, value = line.partition(b":")
        headers.setdefault(name.strip().lower(), value)
    return headers, body


def _base64(headers: dict[bytes, bytes], body: bytes) -> bytes:
    if headers.get(b"content-transfer-encoding", b"").strip().lower() != b"base64":
        raise Flawed(Flaw.UNREADABLE, "The signature is not in base64.")
    try:
        return b64decode(b"".join(body.split()), validate=True)
    except Base64Error:
        raise Flawed(Flaw.UNREADABLE, "The signature is not in base64.") from None
