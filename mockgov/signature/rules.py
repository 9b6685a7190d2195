"""What a certificate is, how it lives, and the ways to be wrong on purpose. Pure.

GOOD --(revoke)--> REVOKED;   expired is not a state but a moment: it follows from the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.refusal import Refused
from mockgov.vocabulary.signed import Flaw
from mockgov.vocabulary.turkish import upper_tr

SANDBOX: Final = "SANDBOX — hukuki geçerliliği yoktur"
LONGEST_NAME: Final = 64
"""Bytes of a common name in UTF-8, where a Turkish letter has two (X.520 has characters, libraries count bytes)."""
YEAR: Final = timedelta(days=365)
DAY: Final = timedelta(days=1)


class Profile(StrEnum):
    """What a certificate is for."""

    ROOT = "root"
    AUTHORITY = "authority"
    """A subordinate certificate authority."""
    QUALIFIED = "qualified"
    """A person's *nitelikli elektronik sertifika*: the only one that signs as a hand does."""
    PLAIN = "plain"
    """A person's, for signing in and mail, and no qualified one."""
    SEAL = "seal"
    """An institution's *elektronik mühür*."""
    KEP = "kep"
    """A registered-mail provider's *işlem sertifikası*."""
    TIME_STAMP = "time-stamp"
    OCSP = "ocsp"


class CertificateState(StrEnum):
    """Where a certificate stands."""

    GOOD = "good"
    REVOKED = "revoked"


TRANSITIONS: Mapping[CertificateState, frozenset[CertificateState]] = MappingProxyType(
    {CertificateState.GOOD: frozenset({CertificateState.REVOKED}), CertificateState.REVOKED: frozenset()}
)


class CertificateFlaw(StrEnum):
    """How a certificate can be issued wrong on purpose."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    REVOKED = "revoked"
    WRONG_TCKN = "wrong-tckn"
    UNKNOWN_ROOT = "unknown-root"
    WRONG_KIND = "wrong-kind"


REASONS: Final = (
    "unspecified",
    "key-compromise",
    "affiliation-changed",
    "superseded",
    "cessation-of-operation",
    "privilege-withdrawn",
)
"""Why a certificate may be revoked (RFC 5280, 5.3.1), for good."""


TAMPERED: Final = "tampered"
"""The one flaw that is the document's, not the certificate's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A way to sign wrong, for whoever wants to see that it is noticed."""

    en: str
    tr: str
    verdict: Flaw | None
    """What the check says; None: the signature is good, and only a look at who signed notices."""


BROKEN: Final[Mapping[str, Broken]] = MappingProxyType(
    {
        CertificateFlaw.EXPIRED.value: Broken(
            en="The certificate's year ended the day before.",
            tr="Sertifikanın süresi bir gün önce dolmuştur.",
            verdict=Flaw.EXPIRED,
        ),
        CertificateFlaw.NOT_YET_VALID.value: Broken(
            en="The certificate's year begins tomorrow.",
            tr="Sertifika yarından itibaren geçerlidir.",
            verdict=Flaw.NOT_YET_VALID,
        ),
        CertificateFlaw.REVOKED.value: Broken(
            en="The certificate was revoked as soon as it was issued.",
            tr="Sertifika verilir verilmez iptal edilmiştir.",
            verdict=Flaw.REVOKED,
        ),
        CertificateFlaw.WRONG_TCKN.value: Broken(
            en="The certificate carries somebody else's identity number.",
            tr="Sertifikada başka bir kişinin kimlik numarası yazılıdır.",
            verdict=None,
        ),
        CertificateFlaw.UNKNOWN_ROOT.value: Broken(
            en="The certificate comes from an authority that nobody trusts.",
            tr="Sertifika, güvenilmeyen bir kökten verilmiştir.",
            verdict=Flaw.UNKNOWN_ROOT,
        ),
        CertificateFlaw.WRONG_KIND.value: Broken(
            en="The certificate is a person's, but no qualified one.",
            tr="Sertifika kişiye aittir, ancak nitelikli elektronik sertifika değildir.",
            verdict=Flaw.WRONG_KIND,
        ),
        TAMPERED: Broken(
            en="One character of the document was changed after it was signed.",
            tr="Belgenin bir karakteri imzadan sonra değiştirilmiştir.",
            verdict=Flaw.TAMPERED,
        ),
    }
)
"""Every name that signing wrong knows, with what it means."""


class SignatureFormat(StrEnum):
    """How a signature and its document are packed."""

    CADES = "cades"
    """CMS without the document (detached)."""
    CADES_ENVELOPING = "cades-enveloping"
    """CMS with the document inside."""
    PADES = "pades"
    """Within a PDF."""
    SMIME = "smime"
    """`multipart/signed`."""


class UnknownCertificate(Refused):
    """No certificate has that serial number."""

    key = "certificatenotfound"


class UnknownIssuer(Refused):
    """No authority goes by that name."""

    key = "issuernotfound"


class IllegalTransition(Refused):
    """The certificate's state does not allow it."""

    key = "illegaltransition"


class BadOrder(Refused):
    """A certificate that cannot be issued as asked for."""

    key = "badcertificateorder"


class NotSignable(Refused):
    """A document that cannot be signed in the format asked for."""

    key = "notsignable"


class NotEnveloping(Refused):
    """What should carry a signed document carries none that can be read."""

    key = "notenveloping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that the authority issued to a person."""

    serial: str
    """Lower-case hexadecimal."""
    number: int
    """Counts the world's issued certificates from 1."""
    identity_number: str
    """TCKN or YKN of the person who holds it."""
    subject_number: str
    """The number that stands in it: another person's under `CertificateFlaw.WRONG_TCKN`."""
    name: str
    """Its common name: given names and surname in Turkish capitals."""
    profile: Profile
    not_before: datetime
    not_after: datetime
    flaw: CertificateFlaw | None
    der: bytes
    issued_at: datetime
    revoked_at: datetime | None = None
    reason: str = ""
    """Why it was revoked."""

    @property
    def state(self) -> CertificateState:
        """Good, or revoked; whether the clock has gone past it, only a moment can tell."""
        return CertificateState.GOOD if self.revoked_at is None else CertificateState.REVOKED


def revoke(certificate: Certificate, at: datetime, reason: str) -> Certificate:
    """The certificate, revoked. Raises `IllegalTransition` and changes nothing."""
    if CertificateState.REVOKED not in TRANSITIONS[certificate.state]:
        raise IllegalTransition("This certificate is revoked already; issue a new one.")
    return replace(certificate, revoked_at=at, reason=reason)


def validity(flaw: CertificateFlaw | None, now: datetime) -> tuple[datetime, datetime]:
    """From when to when a certificate issued now is good, in whole seconds: a year, unless its flaw says else."""
    start = now.replace(microsecond=0)
    if flaw is CertificateFlaw.EXPIRED:
        start -= YEAR + DAY
    if flaw is CertificateFlaw.NOT_YET_VALID:
        start += DAY
    return start, start + YEAR


def subject_name(firstname: str, lastname: str) -> str:
    """The common name: both in Turkish capitals."""
    return " ".join(upper_tr(f"{firstname} {lastname}").split())


def spoilt(document: bytes) -> bytes:
    """The document with its last letter or digit changed into another; with its last byte, if it has neither.

    Raises `NotSignable` for an empty one.
    """
    for at in range(len(document) - 1, -1, -1):
        letter = document[at : at + 1]
        if letter.isalnum():
            other = letter.swapcase() if letter.isalpha() else b"%d" % ((int(letter) + 1) % 10)
            return document[:at] + other + document[at + 1 :]
    if not document:
        raise NotSignable("An empty document has nothing that could be tampered with.")
    return document[:-1] + bytes([document[-1] ^ 1])
