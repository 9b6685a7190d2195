"""Commands that the certificate authority takes, and the events that it tells."""

from dataclasses import dataclass

from mockgov.signature.rules import CertificateFlaw, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueCertificate:
    """Issue a person's qualified certificate, or one that is wrong on purpose."""

    identity_number: str
    """TCKN or YKN of the person, minted by the world."""
    firstname: str
    lastname: str
    flaw: CertificateFlaw | None = None
    other_number: str | None = None
    """For `CertificateFlaw.WRONG_TCKN`: the minted number of somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeCertificate:
    """Revoke a certificate from now on."""

    serial: str
    reason: str = "unspecified"
    """One of `rules.REASONS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued:
    """A certificate was issued."""

    serial: str
    profile: Profile
    flaw: CertificateFlaw | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRevoked:
    """A certificate was revoked."""

    serial: str
    reason: str
