# ruff: noqa: D103  a route says its piece in `summary`, which the OpenAPI shows
"""Routes of the lab for certificates and signatures: everybody's pen, and pens that are wrong on purpose."""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.lab.wire import Row, Text
from mockgov.ministry import Ministry
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen
from mockgov.signature.messages import IssueCertificate, RevokeCertificate
from mockgov.signature.rules import BROKEN, REASONS, TAMPERED, Certificate, CertificateFlaw, SignatureFormat
from mockgov.vocabulary.signed import Verdict

router = APIRouter(prefix="/_lab", tags=["Lab (the sandbox's own controls)"])
Serial = Annotated[str, Path(max_length=64)]
Base64 = Annotated[str, StringConstraints(max_length=1 << 26)]
PASSWORD = "sandbox"  # noqa: S105  stated on purpose: nothing that it guards is worth anything


class BadDocument(Refused):
    """What was sent is not in base64, or is missing."""

    key = "baddocument"


class WantedCertificate(Strict):
    """Whose certificate, and how it is to be wrong."""

    citizen_id: Row
    flaw: CertificateFlaw | None = None


class Revocation(Strict):
    """Why it is revoked (RFC 5280)."""

    reason: Text = Field(examples=sorted(REASONS))


class ToSign(Strict):
    """A document, and who signs it: a person, with a good certificate of theirs or a new one, or a certificate."""

    document_base64: Base64
    format: SignatureFormat
    citizen_id: Row | None = None
    serial: Text | None = None
    broken: Text | None = None
    """A name from GET /_lab/sign/broken; a certificate's flaw needs `citizen_id`, since it needs a new one."""


class ToVerify(Strict):
    """A signature, and the document if it is not inside."""

    signature_base64: Base64
    format: SignatureFormat
    document_base64: Base64 | None = None


class CertificateShown(TypedDict):
    """A certificate, without its key."""

    serial: str
    identity_number: str
    subject_number: str
    name: str
    profile: str
    flaw: str | None
    not_before: str
    not_after: str
    issued_at: str
    revoked_at: str | None
    reason: str
    pem: str


class IssuedShown(CertificateShown):
    """A certificate with its key, as software takes it in."""

    pkcs12_base64: str
    password: str


class SignedShown(TypedDict):
    """A signature; for pades and smime it is the signed document."""

    signature_base64: str
    serial: str
    format: str


class BrokenShown(TypedDict):
    """A way to sign wrong."""

    name: str
    explanation: str
    explanation_tr: str
    verdict: str | None


class VerdictShown(TypedDict):
    """What the check of a signature says."""

    counts: bool
    flaw: str | None
    detail: str
    identity_number: str
    name: str
    serial: str
    signed_at: str | None


@router.post(
    "/certificates", status_code=201, responses=refusals(404), summary="Issue a certificate, good or wrong on purpose"
)
async def issue(body: WantedCertificate, ministry: Here) -> IssuedShown:
    made = ministry.signature.issue(_order(ministry, ministry.registry.citizen(body.citizen_id), body.flaw))
    packed = ministry.signature.pkcs12(made.serial, PASSWORD)
    return {**certificate_shown(made), "pkcs12_base64": b64encode(packed).decode(), "password": PASSWORD}


@router.get("/certificates", responses=refusals(404), summary="A person's certificates, oldest first")
async def certificates(citizen_id: Annotated[int, Query(ge=1, lt=1 << 62)], ministry: Here) -> list[CertificateShown]:
    number = ministry.registry.citizen(citizen_id).identity.digits
    return [certificate_shown(one) for one in ministry.signature.certificates_of(number)]


@router.post("/certificates/{serial}/revoke", responses=refusals(404), summary="Revoke a certificate from now on")
async def revoke(serial: Serial, body: Revocation, ministry: Here) -> CertificateShown:
    reason = body.reason
    return certificate_shown(ministry.signature.revoke(RevokeCertificate(serial=serial, reason=reason)))


@router.post("/sign", responses=refusals(404), summary="Sign a document in a person's place")
async def sign(body: ToSign, ministry: Here) -> SignedShown:
    document = _bytes(body.document_base64)
    if body.broken is not None and body.broken not in BROKEN:
        raise Refused(f"A signature can be broken as {', '.join(BROKEN)}.", key="unknownbreakage")
    flaw = CertificateFlaw(body.broken) if body.broken not in {None, TAMPERED} else None
    serial = _serial(ministry, body, flaw)
    made = ministry.signature.sign(serial, document, body.format, tampered=body.broken == TAMPERED)
    return {"signature_base64": b64encode(made).decode(), "serial": serial, "format": body.format.value}


@router.get("/sign/broken", summary="The ways to sign wrong, with what the check says of each")
async def broken() -> list[BrokenShown]:
    return [
        {
            "name": name,
            "explanation": one.en,
            "explanation_tr": one.tr,
            "verdict": None if one.verdict is None else one.verdict.value,
        }
        for name, one in BROKEN.items()
    ]


@router.post("/verify", summary="Check a signature as the ministry does")
async def verify(body: ToVerify, ministry: Here) -> VerdictShown:
    document = None if body.document_base64 is None else _bytes(body.document_base64)
    return verdict_shown(ministry.signature.verify(body.format, _bytes(body.signature_base64), document))


def certificate_shown(certificate: Certificate) -> CertificateShown:
    """A certificate as the lab answers it, nothing masked."""
    lines = b64encode(certificate.der).decode()
    wrapped = "\n".join(lines[at : at + 64] for at in range(0, len(lines), 64))
    return {
        "serial": certificate.serial,
        "identity_number": certificate.identity_number,
        "subject_number": certificate.subject_number,
        "name": certificate.name,
        "profile": certificate.profile.value,
        "flaw": None if certificate.flaw is None else certificate.flaw.value,
        "not_before": wire_moment(certificate.not_before),
        "not_after": wire_moment(certificate.not_after),
        "issued_at": wire_moment(certificate.issued_at),
        "revoked_at": None if certificate.revoked_at is None else wire_moment(certificate.revoked_at),
        "reason": certificate.reason,
        "pem": f"-----BEGIN CERTIFICATE-----\n{wrapped}\n-----END CERTIFICATE-----\n",
    }


def verdict_shown(verdict: Verdict) -> VerdictShown:
    """A verdict as the lab answers it."""
    return {
        "counts": verdict.counts,
        "flaw": None if verdict.flaw is None else verdict.flaw.value,
        "detail": verdict.detail,
        "identity_number": verdict.identity_number,
        "name": verdict.name,
        "serial": verdict.serial,
        "signed_at": None if verdict.signed_at is None else wire_moment(verdict.signed_at),
    }


def _serial(ministry: Ministry, body: ToSign, flaw: CertificateFlaw | None) -> str:
    """The certificate to sign with: the one named, else a person's last good one, else a new one."""
    if (body.citizen_id is None) == (body.serial is None):
        raise Refused("Say who signs: either `citizen_id` or `serial`.", key="badsigner")
    if body.serial is not None:
        if flaw is not None:
            raise Refused("A wrong certificate is issued for a person: give `citizen_id`.", key="badsigner")
        return ministry.signature.certificate(body.serial).serial
    assert body.citizen_id is not None
    citizen = ministry.registry.citizen(body.citizen_id)
    return ministry.signature.certificate_for(_order(ministry, citizen, flaw)).serial


def _order(ministry: Ministry, citizen: Citizen, flaw: CertificateFlaw | None) -> IssueCertificate:
    other = None
    if flaw is CertificateFlaw.WRONG_TCKN:
        people = ministry.registry.citizens(limit=2)
        other = next((one.identity.digits for one in people if one.citizen_id != citizen.citizen_id), None)
    return IssueCertificate(
        identity_number=citizen.identity.digits,
        firstname=citizen.firstname,
        lastname=citizen.lastname,
        flaw=flaw,
        other_number=other,
    )


def _bytes(text: str) -> bytes:
    try:
        return b64decode("".join(text.split()), validate=True)
    except (Base64Error, ValueError):
        raise BadDocument("Send the bytes in base64, with the ordinary alphabet and padding.") from None
