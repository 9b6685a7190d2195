"""Reads CMS signatures from anywhere, and proves that document, attributes and certificate belong together.

Nothing here trusts anybody yet. Whatever a byte could be changed into without a difference is refused: what is not
DER, versions and algorithms that do not fit one another, attributes that nobody has signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from mockgov.signature.cms import (
    ALGORITHM_PROTECTION,
    CONTENT_TYPE,
    DATA,
    DIGESTS,
    ECDSA,
    MESSAGE_DIGEST,
    RSA,
    SIGNED_DATA,
    SIGNING_CERTIFICATE_V2,
    SIGNING_TIME,
    TIME_STAMP_TOKEN,
)
from mockgov.signature.der import INTEGER, OBJECT, SEQUENCE, SET, is_der
from mockgov.signature.encoding import NULL, contents_of, integer, octets, oid, parts_of, sequence
from mockgov.signature.keys import HASHES, digest
from mockgov.signature.trouble import TROUBLE
from mockgov.vocabulary.signed import Flaw

OCTETS, BY_KEY, INSIDE, UNSIGNED = 0x04, 0x80, 0xA0, 0xA1
RSA_PLAIN: Final = "1.2.840.113549.1.1.1"
"""RSA without a digest's name, as OpenSSL writes it into a CMS."""
SIGNER: Final = [SEQUENCE, INSIDE, SEQUENCE, OCTETS]
"""Tags of a signer's parts: digest algorithm, signed attributes, signature algorithm, value."""


class Flawed(Exception):  # noqa: N818  a finding about somebody's signature, not a malfunction
    """A flaw was found."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        super().__init__(detail)
        self.flaw = flaw
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A signature that could be read; nothing is proved yet."""

    kind: bytes
    """The content type's identifier, encoded."""
    content: bytes | None
    """The document inside, if it is inside."""
    included: tuple[x509.Certificate, ...]
    certificate: x509.Certificate
    """The signer's."""
    hash_name: str
    attributes: dict[bytes, bytes]
    """The signed ones by encoded type, each with its single value."""
    signed: bytes
    """The signed attributes as they were signed."""
    value: bytes
    token: bytes | None
    """The time-stamp token, if there is one."""
    algorithms: tuple[bytes, bytes]
    """The encodings of digest and signature algorithm."""

    @property
    def claimed_at(self) -> datetime | None:
        """When the signer says it was."""
        claimed = self.attributes.get(oid(SIGNING_TIME))
        if claimed is None:
            return None
        moment = cms.Time.load(claimed, strict=True).native
        return moment if isinstance(moment, datetime) else None

    @property
    def der(self) -> bytes:
        """The signer's certificate's bytes."""
        return self.certificate.public_bytes(Encoding.DER)


def read_signature(signature: bytes) -> Read:
    """Take a signature apart. Raises `Flawed`."""
    if not signature:
        raise Flawed(Flaw.MISSING, "There is no signature.")
    if not is_der(signature):
        raise Flawed(Flaw.UNREADABLE, "The signature is no CMS in DER; BER must be encoded anew.")
    try:
        return _read(signature)
    except Flawed:
        raise
    except TROUBLE:
        raise Flawed(Flaw.UNREADABLE, "The signature is no signed CMS that can be read.") from None


def prove(read: Read, document: bytes | None, *, needs_certificate_attribute: bool) -> bytes:
    """The document, proved to be what the signer's certificate signed. Raises `Flawed`."""
    try:
        return _prove(read, document, needs_certificate_attribute=needs_certificate_attribute)
    except Flawed:
        raise
    except InvalidSignature:
        raise Flawed(Flaw.TAMPERED, "The signature's value does not fit the certificate's key.") from None
    except TROUBLE:
        raise Flawed(Flaw.UNREADABLE, "The signature has parts that cannot be read.") from None


def verify_with(certificate: x509.Certificate, value: bytes, data: bytes, hash_name: str) -> None:
    """Raises `InvalidSignature`."""
    key = certificate.public_key()
    algorithm = HASHES[hash_name]()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, data, ec.ECDSA(algorithm))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(value, data, padding.PKCS1v15(), algorithm)
    else:
        raise UnsupportedAlgorithm("RSA and elliptic curves are read")


def load_certificate(der: bytes) -> x509.Certificate:
    """The certificate, read strictly: what its issuer has not signed has no room for anything. Raises `Flawed`."""
    _demand(is_der(der) and der[0] == SEQUENCE, "A certificate is not in DER.")
    tbs, _, signature = parts_of(der)
    number = [one for one in parts_of(tbs) if one[0] == INTEGER][0]  # noqa: RUF015  an IndexError is expected
    _demand(number[2] < 0x80 and number != b"\x02\x01\x00", "A certificate has no positive serial number.")
    _demand(contents_of(signature)[:1] == b"\0", "A certificate's signature has unused bits.")
    return x509.load_der_x509_certificate(der)


def _read(signature: bytes) -> Read:
    outer = parts_of(signature)
    _demand(outer[0] == oid(SIGNED_DATA) and _tags(outer) == [OBJECT, INSIDE], "The CMS signs nothing.")
    (data,) = parts_of(outer[1], INSIDE)
    fields = parts_of(data)
    _demand(_tags(fields) == [INTEGER, SET, SEQUENCE, INSIDE, SET], "The CMS has other parts than a signature's.")
    version, digests, encapsulated, certificates, infos = fields
    _demand(len(parts_of(infos, SET)) == 1, "A signature has exactly one signer here.")
    (info,) = parts_of(infos, SET)
    kind, content = _content(encapsulated)
    included = tuple(load_certificate(one) for one in parts_of(certificates, INSIDE))
    read = _signer_info(info, kind, content, included)
    _demand(parts_of(digests, SET) == [read.algorithms[0]], "The digest algorithms do not fit.")
    by_key = parts_of(info)[1][0] == BY_KEY
    _demand(version == integer(1 if kind == oid(DATA) and not by_key else 3), "The version does not fit.")
    return read


def _content(encapsulated: bytes) -> tuple[bytes, bytes | None]:
    kind, *rest = parts_of(encapsulated)
    if not rest:
        return kind, None
    (wrapped,) = rest
    (content,) = parts_of(wrapped, INSIDE)
    _demand(content[0] == OCTETS, "The content is no octets.")
    return kind, contents_of(content)


def _signer_info(info: bytes, kind: bytes, content: bytes | None, included: tuple[x509.Certificate, ...]) -> Read:
    fields = parts_of(info)
    _demand(_tags(fields[2:]) in (SIGNER, [*SIGNER, UNSIGNED]), "The signer has other parts than it should have.")
    version, signer, digest_algorithm, attributes, algorithm, value = fields[:6]
    _demand(version == integer(3 if signer[0] == BY_KEY else 1), "The signer's version does not fit.")
    hash_name = _known(digest_algorithm, {oid(one): name for name, one in DIGESTS.items()})
    named = {oid(one): name for table in (ECDSA, RSA) for name, one in table.items()} | {oid(RSA_PLAIN): hash_name}
    _demand(_known(algorithm, named) == hash_name, "The signature's algorithm does not fit the digest's.")
    return Read(
        kind=kind,
        content=content,
        included=included,
        certificate=_signer(included, signer),
        hash_name=hash_name,
        attributes=_attributes(attributes),
        signed=bytes([SET]) + attributes[1:],
        value=contents_of(value),
        token=_token(fields[6]) if len(fields) == 7 else None,
        algorithms=(digest_algorithm, algorithm),
    )


def _known(algorithm: bytes, names: Mapping[bytes, str]) -> str:
    name, *parameters = parts_of(algorithm)
    _demand(name in names, "SHA-256, SHA-384 and SHA-512 count, under ECDSA or RSA (PKCS #1 v1.5).")
    _demand(parameters in ([], [NULL]), "An algorithm has parameters that it cannot have.")
    return names[name]


def _signer(included: tuple[x509.Certificate, ...], signer: bytes) -> x509.Certificate:
    for one in included:
        if signer[0] == BY_KEY:
            identifier = one.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
            found = identifier == contents_of(signer)
        else:
            found = signer == sequence(one.issuer.public_bytes(), integer(one.serial_number))
        if found:
            return one
    raise Flawed(Flaw.UNREADABLE, "The signer's certificate is not included.")


def _attributes(signed: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for one in parts_of(signed, INSIDE):
        kind, values = parts_of(one)
        (value,) = parts_of(values, SET)
        _demand(kind not in found, "A signed attribute stands there twice.")
        found[kind] = value
    return found


def _token(unsigned: bytes) -> bytes:
    _demand(len(parts_of(unsigned, UNSIGNED)) == 1, "There are unsigned attributes other than a time-stamp.")
    kind, values = parts_of(parts_of(unsigned, UNSIGNED)[0])
    _demand(kind == oid(TIME_STAMP_TOKEN), "There are unsigned attributes other than a time-stamp.")
    (token,) = parts_of(values, SET)
    return token


def _tags(fields: Sequence[bytes]) -> list[int]:
    return [one[0] for one in fields]


def _prove(read: Read, document: bytes | None, *, needs_certificate_attribute: bool) -> bytes:
    if read.content is None and document is None:
        raise Flawed(Flaw.UNREADABLE, "The document is neither inside the signature nor beside it.")
    if read.content is not None and document is not None and read.content != document:
        raise Flawed(Flaw.TAMPERED, "The document is not the one inside the signature.")
    data = read.content if read.content is not None else document
    assert data is not None
    attributes = read.attributes
    _match(attributes.get(oid(CONTENT_TYPE)) == read.kind, "the content's type")
    if attributes.get(oid(MESSAGE_DIGEST)) != octets(digest(data, read.hash_name)):
        raise Flawed(Flaw.TAMPERED, "The document is not the one that was signed.")
    if oid(SIGNING_CERTIFICATE_V2) in attributes:
        _check_certificate_attribute(read)
    else:
        _demand(not needs_certificate_attribute, "The signed attributes do not name the certificate; CAdES does.")
    if oid(ALGORITHM_PROTECTION) in attributes:
        protected = [contents_of(one) for one in parts_of(attributes[oid(ALGORITHM_PROTECTION)])]
        _match(protected == [contents_of(one) for one in read.algorithms], "the algorithms")
    verify_with(read.certificate, read.value, read.signed, read.hash_name)
    return data


def _check_certificate_attribute(read: Read) -> None:
    first = parts_of(parts_of(parts_of(read.attributes[oid(SIGNING_CERTIFICATE_V2)])[0])[0])
    hash_name = "sha256"
    if first[0][0] == SEQUENCE:
        hash_name = _known(first.pop(0), {oid(one): name for name, one in DIGESTS.items()})
    _match(first[0] == octets(digest(read.der, hash_name)), "the certificate")


def _match(fits: bool, what: str) -> None:  # noqa: FBT001  reads as an assertion
    if not fits:
        raise Flawed(Flaw.TAMPERED, f"What was signed about {what} is not what stands there.")


def _demand(fits: bool, otherwise: str) -> None:  # noqa: FBT001  reads as an assertion
    if not fits:
        raise Flawed(Flaw.UNREADABLE, otherwise)
