"""What stands in a certificate of each profile, and how it is signed (RFC 5280; ETSI EN 319 412-2 and -5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from mockgov.signature.encoding import oid, sequence
from mockgov.signature.keys import HASHES, PrivateKey, PublicKey
from mockgov.signature.rules import SANDBOX, Profile

ARC: Final = "2.999.5070"
"""Below the arc that ITU-T X.660 keeps for examples; 5070 is the number of the law on electronic signatures."""
POLICIES: Final = {
    Profile.QUALIFIED: f"{ARC}.1.1",
    Profile.PLAIN: f"{ARC}.1.2",
    Profile.SEAL: f"{ARC}.1.3",
    Profile.KEP: f"{ARC}.1.4",
    Profile.TIME_STAMP: f"{ARC}.1.5",
    Profile.OCSP: f"{ARC}.1.6",
}
QC_STATEMENTS: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
QC_COMPLIANCE: Final = "0.4.0.1862.1.1"
QC_SSCD: Final = "0.4.0.1862.1.4"
QC_TYPE: Final = "0.4.0.1862.1.6"
QC_TYPE_SIGNATURE: Final = "0.4.0.1862.1.6.1"
QC_TYPE_SEAL: Final = "0.4.0.1862.1.6.2"

SIGNING: Final = frozenset({"digital_signature", "content_commitment"})
USAGES: Final = {
    Profile.ROOT: frozenset({"key_cert_sign", "crl_sign"}),
    Profile.AUTHORITY: frozenset({"key_cert_sign", "crl_sign"}),
    Profile.QUALIFIED: SIGNING,
    Profile.PLAIN: frozenset({"digital_signature"}),
    Profile.SEAL: SIGNING,
    Profile.KEP: SIGNING,
    Profile.TIME_STAMP: SIGNING,
    Profile.OCSP: frozenset({"digital_signature"}),
}
PURPOSES: Final = {
    Profile.QUALIFIED: (ExtendedKeyUsageOID.EMAIL_PROTECTION,),
    Profile.PLAIN: (ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION),
    Profile.KEP: (ExtendedKeyUsageOID.EMAIL_PROTECTION,),
    Profile.TIME_STAMP: (ExtendedKeyUsageOID.TIME_STAMPING,),
    Profile.OCSP: (ExtendedKeyUsageOID.OCSP_SIGNING,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An authority that signs certificates and lists of revoked ones."""

    name: str
    """What it goes by in URLs: `root`, `qualified`, `kep`."""
    key: PrivateKey
    certificate: x509.Certificate
    hash_name: str
    base: str
    """Where its certificate, its list and its OCSP responder are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A certificate to be made."""

    profile: Profile
    subject: x509.Name
    public_key: PublicKey
    serial: int
    not_before: datetime
    not_after: datetime


def name(**parts: str) -> x509.Name:
    """C=TR and the given parts, in order: `common_name`, `organisation`, `serial_number`."""
    oids = {
        "common_name": NameOID.COMMON_NAME,
        "organisation": NameOID.ORGANIZATION_NAME,
        "serial_number": NameOID.SERIAL_NUMBER,
    }
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, "TR")]
    attributes += [x509.NameAttribute(oids[part], value) for part, value in parts.items()]
    return x509.Name(attributes)


def subject_text(certificate: x509.Certificate) -> str:
    """The subject's common name."""
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def signed_by(issuer: Issuer, wanted: Wanted) -> x509.Certificate:
    """The certificate, issued."""
    builder = _builder(wanted, issuer.certificate.subject)
    key_id = issuer.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id), critical=False
    )
    for extension, critical in _extensions(issuer, wanted.profile):
        builder = builder.add_extension(extension, critical=critical)
    return _sign(builder, issuer.key, issuer.hash_name)


def self_signed(wanted: Wanted, key: PrivateKey, hash_name: str) -> x509.Certificate:
    """A root certificate."""
    basic = x509.BasicConstraints(ca=True, path_length=None)
    return _sign(_builder(wanted, wanted.subject).add_extension(basic, critical=True), key, hash_name)


def _builder(wanted: Wanted, issuer: x509.Name) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(wanted.subject)
        .issuer_name(issuer)
        .public_key(wanted.public_key)
        .serial_number(wanted.serial)
        .not_valid_before(wanted.not_before)
        .not_valid_after(wanted.not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(wanted.public_key), critical=False)
        .add_extension(_usage(USAGES[wanted.profile]), critical=True)
    )


def _extensions(issuer: Issuer, profile: Profile) -> Iterable[tuple[x509.ExtensionType, bool]]:
    if profile is Profile.AUTHORITY:
        yield x509.BasicConstraints(ca=True, path_length=0), True
    yield _policies(profile), False
    if profile in PURPOSES:
        yield x509.ExtendedKeyUsage(PURPOSES[profile]), profile in {Profile.TIME_STAMP, Profile.OCSP}
    if profile is Profile.OCSP:
        yield x509.OCSPNoCheck(), False
        return
    yield _access(issuer), False
    yield x509.CRLDistributionPoints([_point(f"{issuer.base}/pki/{issuer.name}.crl")]), False
    if profile is Profile.QUALIFIED:
        yield _statements(QC_TYPE_SIGNATURE), False
    if profile is Profile.SEAL:
        yield _statements(QC_TYPE_SEAL), False


def _policies(profile: Profile) -> x509.CertificatePolicies:
    notice = x509.UserNotice(None, SANDBOX)
    oid = x509.ObjectIdentifier(POLICIES.get(profile, "2.5.29.32.0"))
    return x509.CertificatePolicies([x509.PolicyInformation(oid, [notice])])


def _access(issuer: Issuer) -> x509.AuthorityInformationAccess:
    def at(method: x509.ObjectIdentifier, path: str) -> x509.AccessDescription:
        return x509.AccessDescription(method, x509.UniformResourceIdentifier(f"{issuer.base}/pki/{path}"))

    return x509.AuthorityInformationAccess(
        [
            at(AuthorityInformationAccessOID.OCSP, "ocsp"),
            at(AuthorityInformationAccessOID.CA_ISSUERS, f"{issuer.name}.crt"),
        ]
    )


def _point(url: str) -> x509.DistributionPoint:
    return x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)


def _statements(kind: str) -> x509.UnrecognizedExtension:
    """QcStatements: made under the law, key in a secure device, for signatures or seals (EN 319 412-5)."""
    stated = [sequence(oid(one)) for one in (QC_COMPLIANCE, QC_SSCD)]
    stated.append(sequence(oid(QC_TYPE), sequence(oid(kind))))
    return x509.UnrecognizedExtension(QC_STATEMENTS, sequence(*stated))


def _usage(wanted: frozenset[str]) -> x509.KeyUsage:
    known = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{one: one in wanted for one in known})


def _sign(builder: x509.CertificateBuilder, key: PrivateKey, hash_name: str) -> x509.Certificate:
    deterministic = True if isinstance(key, ec.EllipticCurvePrivateKey) else None
    return builder.sign(key, HASHES[hash_name](), ecdsa_deterministic=deterministic)
