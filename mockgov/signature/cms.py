"""Signed data of the Cryptographic Message Syntax (RFC 5652), with the signed attributes of CAdES (EN 319 122-1).

Signed are: content type, message digest, the signing certificate (ESS version 2, RFC 5035), the algorithms
themselves (RFC 6211: else an algorithm's name could be exchanged for its twin), and the signing time where it is
wanted. Included are the signer's certificate and those above it, never the root's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from mockgov.signature.authority import Signer
from mockgov.signature.encoding import NULL, contents_of, integer, moment, octets, oid, sequence, set_of, tagged
from mockgov.signature.keys import digest, sign
from mockgov.signature.packing import der

DATA: Final = "1.2.840.113549.1.7.1"
SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
SIGNING_TIME: Final = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
ALGORITHM_PROTECTION: Final = "1.2.840.113549.1.9.52"
TIME_STAMP_TOKEN: Final = "1.2.840.113549.1.9.16.2.14"  # noqa: S105  an identifier
DIGESTS: Final = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
ECDSA: Final = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
RSA: Final = {"sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is signed. `kind` is the content type's identifier."""

    data: bytes
    enclosed: bool
    """Whether the data stand in the signature, or apart from it."""
    kind: str = DATA


def signed_data(
    signer: Signer,
    content: Content,
    *,
    signing_time: datetime | None,
    stamp: Callable[[bytes], bytes] | None = None,
    certificates: bool = True,
) -> bytes:
    """The signature in DER; `stamp` makes a time-stamp token upon the signature's value.

    Without `certificates` whoever reads it must have them.
    """
    attributes = _attributes(signer, content, signing_time)
    signed = sign(signer.key, attributes, signer.hash_name)
    info = [
        integer(1),
        sequence(signer.certificate.issuer.public_bytes(), integer(signer.certificate.serial_number)),
        digest_algorithm(signer.hash_name),
        tagged(0, contents_of(attributes)),
        signature_algorithm(signer),
        octets(signed),
    ]
    if stamp is not None:
        info.append(tagged(1, _attribute(TIME_STAMP_TOKEN, stamp(signed))))
    encapsulated = [oid(content.kind)]
    if content.enclosed:
        encapsulated.append(tagged(0, octets(content.data)))
    included = sorted(der(one) for one in (signer.certificate, *signer.chain)) if certificates else []
    data = sequence(
        integer(1 if content.kind == DATA else 3),
        set_of(digest_algorithm(signer.hash_name)),
        sequence(*encapsulated),
        tagged(0, b"".join(included)) if included else b"",
        set_of(sequence(*info)),
    )
    return sequence(oid(SIGNED_DATA), tagged(0, data))


def digest_algorithm(hash_name: str) -> bytes:
    """The identifier of a digest, parameters absent (RFC 5754)."""
    return sequence(oid(DIGESTS[hash_name]))


def signature_algorithm(signer: Signer) -> bytes:
    """The identifier of the algorithm that a signer signs by."""
    if isinstance(signer.key, ec.EllipticCurvePrivateKey):
        return sequence(oid(ECDSA[signer.hash_name]))
    return sequence(oid(RSA[signer.hash_name]), NULL)


def _attributes(signer: Signer, content: Content, signing_time: datetime | None) -> bytes:
    certificate = signer.certificate
    by_name = tagged(4, certificate.issuer.public_bytes())
    named = [
        *([] if signer.hash_name == "sha256" else [digest_algorithm(signer.hash_name)]),  # the default stays out
        octets(digest(signer.der, signer.hash_name)),
        sequence(sequence(by_name), integer(certificate.serial_number)),
    ]
    protected = sequence(digest_algorithm(signer.hash_name), tagged(1, contents_of(signature_algorithm(signer))))
    found = [
        _attribute(CONTENT_TYPE, oid(content.kind)),
        _attribute(MESSAGE_DIGEST, octets(digest(content.data, signer.hash_name))),
        _attribute(SIGNING_CERTIFICATE_V2, sequence(sequence(sequence(*named)))),
        _attribute(ALGORITHM_PROTECTION, protected),
    ]
    if signing_time is not None:
        found.append(_attribute(SIGNING_TIME, moment(signing_time)))
    return set_of(*found)


def _attribute(kind: str, only: bytes) -> bytes:
    return sequence(oid(kind), set_of(only))
