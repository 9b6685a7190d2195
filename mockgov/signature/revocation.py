"""Who is told that certificates are revoked: lists (RFC 5280) and OCSP (RFC 6960), at the world's time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha1, sha256
from typing import Any, Final

from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from mockgov.clock import to_us
from mockgov.signature.authority import ISSUERS, Authority, Signer
from mockgov.signature.certificates import Issuer
from mockgov.signature.cms import signature_algorithm
from mockgov.signature.der import is_der
from mockgov.signature.encoding import octets, oid, precise, sequence, tagged, value
from mockgov.signature.keys import HASHES, sign
from mockgov.signature.rules import DAY, Certificate, CertificateFlaw
from mockgov.signature.trouble import TROUBLE

REASONS: Final[dict[str, tuple[x509.ReasonFlags, int]]] = {
    "unspecified": (x509.ReasonFlags.unspecified, 0),
    "key-compromise": (x509.ReasonFlags.key_compromise, 1),
    "affiliation-changed": (x509.ReasonFlags.affiliation_changed, 3),
    "superseded": (x509.ReasonFlags.superseded, 4),
    "cessation-of-operation": (x509.ReasonFlags.cessation_of_operation, 5),
    "privilege-withdrawn": (x509.ReasonFlags.privilege_withdrawn, 9),
}
"""By name: the list's flag, and its number in OCSP."""
BASIC: Final = "1.3.6.1.5.5.7.48.1.1"
NONCE: Final = "1.3.6.1.5.5.7.48.1.2"
MALFORMED, UNAUTHORIZED = 1, 6
MOST_QUESTIONS: Final = 100
OCSP_LIFE: Final = timedelta(minutes=10)
DIGESTS: Final[dict[str, Callable[[bytes], Any]]] = {"sha1": sha1, "sha256": sha256}
"""How requests name an issuer: an identifier, not a protection; RFC 6960 has SHA-1, RFC 8954 and OpenSSL both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What the authority knows of the certificates that it issued."""

    revoked: Callable[[], Sequence[Certificate]]
    find: Callable[[str], Certificate | None]


class Revocations:
    """Answers of one world's authorities."""

    def __init__(self, authority: Authority, journal: Journal) -> None:
        self._authority = authority
        self._journal = journal

    def crl(self, which: str, now: datetime) -> bytes:
        """The list of an authority in DER, good for a day. Raises `UnknownIssuer`."""
        issuer = self._authority.issuer(which)
        key_id = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        at = now.replace(microsecond=0)
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(at)
            .next_update(at + DAY)
            .add_extension(x509.CRLNumber(to_us(now)), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id), critical=False)
        )
        for certificate in self._revoked(which):
            builder = builder.add_revoked_certificate(_entry(certificate))
        deterministic = True if isinstance(issuer.key, ec.EllipticCurvePrivateKey) else None
        made = builder.sign(issuer.key, HASHES[issuer.hash_name](), ecdsa_deterministic=deterministic)
        return made.public_bytes(Encoding.DER)

    def ocsp(self, request: bytes, now: datetime) -> bytes:
        """The answer to a request, signed by the responder of the authority that it asks about."""
        try:
            questions, nonce = _read(request)
        except TROUBLE:
            return _refusal(MALFORMED)
        for which in ISSUERS:
            issuer = self._authority.issuer(which)
            if all(_is_about(question, issuer) for question in questions):
                answers = [self._answer(question, which, now) for question in questions]
                return self._response(self._authority.responder(which), answers, nonce, now)
        return _refusal(UNAUTHORIZED)

    def _revoked(self, which: str) -> Iterable[Certificate]:
        if which == "qualified":
            yield from (one for one in self._journal.revoked() if one.flaw is not CertificateFlaw.UNKNOWN_ROOT)

    def _answer(self, question: Any, which: str, now: datetime) -> bytes:
        status = self._status(f"{question['serial_number'].native:x}", which)
        until = tagged(0, _seconds(now + OCSP_LIFE))
        return sequence(question.dump(), status, _seconds(now), until)

    def _status(self, serial: str, which: str) -> bytes:
        known = self._journal.find(serial) if which == "qualified" else None
        if known is None or known.flaw is CertificateFlaw.UNKNOWN_ROOT:
            return value(0x80 if serial in self._authority.serials(which) else 0x82, b"")
        if known.revoked_at is None:
            return value(0x80, b"")
        reason = value(0x0A, bytes([REASONS[known.reason][1]]))
        return tagged(1, _seconds(known.revoked_at) + tagged(0, reason))

    def _response(self, responder: Signer, answers: Sequence[bytes], nonce: bytes | None, now: datetime) -> bytes:
        parts = [
            tagged(1, responder.certificate.subject.public_bytes()),
            _seconds(now),
            sequence(*answers),
        ]
        if nonce is not None:
            parts.append(tagged(1, sequence(sequence(oid(NONCE), octets(octets(nonce))))))
        data = sequence(*parts)
        signed = value(0x03, b"\0" + sign(responder.key, data, responder.hash_name))
        basic = sequence(data, signature_algorithm(responder), signed, tagged(0, sequence(responder.der)))
        return sequence(value(0x0A, b"\0"), tagged(0, sequence(oid(BASIC), octets(basic))))


def _read(request: bytes) -> tuple[Sequence[Any], bytes | None]:
    """The certificates asked about, and the nonce."""
    if not is_der(request):
        raise ValueError("no DER")
    tbs = asn1_ocsp.OCSPRequest.load(request, strict=True)["tbs_request"]
    if tbs["version"].native != "v1":
        raise ValueError("no version 1")
    questions = [one["req_cert"] for one in tbs["request_list"]]
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise ValueError("no questions, or too many")
    for one in questions:
        if one["hash_algorithm"]["algorithm"].native not in DIGESTS or not isinstance(one["serial_number"].native, int):
            raise ValueError("unknown digest")
    found = [one["extn_value"].parsed.native for one in tbs["request_extensions"] if one["extn_id"].native == "nonce"]
    if found and not (isinstance(found[0], bytes) and 1 <= len(found[0]) <= 128):
        raise ValueError("a nonce has 1 to 128 bytes")
    return questions, found[0] if found else None


def _is_about(question: Any, issuer: Issuer) -> bool:
    certificate = issuer.certificate
    hashed = DIGESTS[question["hash_algorithm"]["algorithm"].native]
    key = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)).public_key["public_key"]
    return bool(
        question["issuer_name_hash"].native == hashed(certificate.subject.public_bytes()).digest()
        and question["issuer_key_hash"].native == hashed(bytes(key)).digest()
    )


def _entry(certificate: Certificate) -> x509.RevokedCertificate:
    assert certificate.revoked_at is not None
    builder = (
        x509.RevokedCertificateBuilder()
        .serial_number(int(certificate.serial, 16))
        .revocation_date(certificate.revoked_at.replace(microsecond=0))
    )
    flag = REASONS[certificate.reason][0]
    if flag is not x509.ReasonFlags.unspecified:
        builder = builder.add_extension(x509.CRLReason(flag), critical=False)
    return builder.build()


def _refusal(status: int) -> bytes:
    return sequence(value(0x0A, bytes([status])))


def _seconds(at: datetime) -> bytes:
    """GeneralizedTime in whole seconds, as RFC 6960 wants it."""
    return precise(at.replace(microsecond=0))
