"""Judges signatures: who signed, under which root, and whether the certificate was good at the moment that counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from mockgov.clock import Now
from mockgov.signature.authority import Authority
from mockgov.signature.certificates import POLICIES
from mockgov.signature.cms import TST_INFO
from mockgov.signature.encoding import oid
from mockgov.signature.keys import digest
from mockgov.signature.reading import Flawed, Read, prove, read_signature
from mockgov.signature.rules import Certificate, Profile
from mockgov.signature.trouble import TROUBLE
from mockgov.vocabulary.signed import Flaw, Verdict

DEEPEST: Final = 5
NAMED: Final = {oid: profile for profile, oid in POLICIES.items()}

Accepted = frozenset[Profile]
PERSONS: Final[Accepted] = frozenset({Profile.QUALIFIED})
SEALS: Final[Accepted] = frozenset({Profile.SEAL})
PROVIDERS: Final[Accepted] = frozenset({Profile.KEP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That data were signed with a certificate, proved by somebody who has read both."""

    certificate: x509.Certificate
    included: tuple[x509.Certificate, ...]
    value: bytes
    """What a time-stamp would stamp."""
    token: bytes | None
    claimed_at: datetime | None


class Judge:
    """The world's own check. `issued` looks a certificate up by its serial number."""

    def __init__(self, authority: Authority, issued: Callable[[str], Certificate | None], now: Now) -> None:
        self._authority = authority
        self._issued = issued
        self._now = now

    def check(
        self,
        signature: bytes,
        document: bytes | None,
        accepted: Accepted = PERSONS,
        *,
        needs_certificate_attribute: bool = True,
    ) -> Verdict:
        """The verdict upon a CMS; never raises."""
        try:
            read = read_signature(signature)
        except Flawed as found:
            return Verdict(flaw=found.flaw, detail=found.detail)
        try:
            prove(read, document, needs_certificate_attribute=needs_certificate_attribute)
        except Flawed as found:
            return replace(_who(read.certificate), flaw=found.flaw, detail=found.detail, signed_at=_claimed(read))
        proof = Proof(
            certificate=read.certificate,
            included=read.included,
            value=read.value,
            token=read.token,
            claimed_at=_claimed(read),
        )
        return self.judge(proof, accepted)

    def judge(self, proof: Proof, accepted: Accepted) -> Verdict:
        """The verdict upon what is proved to be signed; never raises."""
        who = replace(_who(proof.certificate), signed_at=proof.claimed_at)
        try:
            stamped_at = None if proof.token is None else self._stamped_at(proof.token, proof.value)
            who = replace(who, signed_at=stamped_at or proof.claimed_at)
            path = self._path(proof)
            moment = stamped_at or self._now()
            self._check_trust(path)
            _check_validity(path, moment)
            self._check_revocation(proof.certificate, moment)
            _check_kind(proof.certificate, accepted)
        except Flawed as found:
            return replace(who, flaw=found.flaw, detail=found.detail)
        except TROUBLE:
            return replace(who, flaw=Flaw.UNREADABLE, detail="A certificate has parts that cannot be read.")
        return replace(who, flaw=None, detail="The signature is good.")

    def _stamped_at(self, token: bytes, value: bytes) -> datetime:
        """When the world's authority stamped the value. Raises `Flawed`."""
        try:
            read = read_signature(token)
            info = tsp.TSTInfo.load(prove(read, None, needs_certificate_attribute=True), strict=True)
            imprint = info["message_imprint"]
            fits = imprint["hashed_message"].native == digest(value, imprint["hash_algorithm"]["algorithm"].native)
            moment = info["gen_time"].native
        except Flawed as found:
            raise Flawed(Flaw.TAMPERED, f"The time-stamp is broken: {found.detail}") from None
        except TROUBLE:
            raise Flawed(Flaw.TAMPERED, "The time-stamp cannot be read.") from None
        stamper = self._authority.time_stamper.der
        known = {stamper, *self._authority.above}
        if read.kind != oid(TST_INFO) or not fits or read.token is not None:
            raise Flawed(Flaw.TAMPERED, "The time-stamp is upon something else.")
        if read.der != stamper or any(one.public_bytes(Encoding.DER) not in known for one in read.included):
            raise Flawed(Flaw.UNKNOWN_ROOT, "The time-stamp is not of this world's authority; ask for one at /pki/tsa.")
        if moment > self._now():
            raise Flawed(Flaw.NOT_YET_VALID, "The time-stamp lies in the future.")
        assert isinstance(moment, datetime)
        return moment

    def _path(self, proof: Proof) -> Sequence[x509.Certificate]:
        """From the signer's certificate upwards as far as it goes. Raises `Flawed` if others are included."""
        path = [proof.certificate]
        pool = [*proof.included, *self._authority.above.values()]
        while len(path) < DEEPEST and not _issued_by(path[-1], path[-1]):
            above = next((one for one in pool if one not in path and _issued_by(path[-1], one)), None)
            if above is None:
                break
            path.append(above)
        if any(one not in path for one in proof.included):
            raise Flawed(Flaw.TAMPERED, "A certificate is included that has nothing to do with the signer's.")
        return path

    def _check_trust(self, path: Sequence[x509.Certificate]) -> None:
        if path[-1] != self._authority.root:
            raise Flawed(Flaw.UNKNOWN_ROOT, "The certificate was not issued under this world's root.")

    def _check_revocation(self, certificate: x509.Certificate, moment: datetime) -> None:
        if _profile(certificate) not in {Profile.QUALIFIED, Profile.PLAIN}:
            return
        issued = self._issued(f"{certificate.serial_number:x}")
        if issued is None or issued.der != certificate.public_bytes(Encoding.DER):
            raise Flawed(Flaw.UNKNOWN_ROOT, "This world's authority has not issued the certificate.")
        if issued.revoked_at is not None and issued.revoked_at <= moment:
            raise Flawed(Flaw.REVOKED, "The certificate had been revoked.")


def _issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if certificate.issuer.public_bytes() != issuer.subject.public_bytes():
        return False
    try:
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
        certificate.verify_directly_issued_by(issuer)
    except TROUBLE:
        return False
    return constraints.ca


def _check_validity(path: Sequence[x509.Certificate], moment: datetime) -> None:
    if any(moment < one.not_valid_before_utc for one in path):
        raise Flawed(Flaw.NOT_YET_VALID, "The certificate was not valid yet when it was signed with.")
    if any(moment > one.not_valid_after_utc for one in path):
        raise Flawed(Flaw.EXPIRED, "The certificate was not valid any more when it was signed with.")


def _check_kind(certificate: x509.Certificate, accepted: Accepted) -> None:
    if _profile(certificate) not in accepted:
        wanted = " or ".join(sorted(profile.value for profile in accepted))
        raise Flawed(Flaw.WRONG_KIND, f"The certificate is a good one, but not of the kind wanted here: {wanted}.")


def _profile(certificate: x509.Certificate) -> Profile | None:
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    return next(
        (
            NAMED[one.policy_identifier.dotted_string]
            for one in policies
            if one.policy_identifier.dotted_string in NAMED
        ),
        None,
    )


def _who(certificate: x509.Certificate) -> Verdict:
    return Verdict(
        flaw=Flaw.UNREADABLE,
        identity_number=_part(certificate, NameOID.SERIAL_NUMBER),
        name=_part(certificate, NameOID.COMMON_NAME),
        serial=f"{certificate.serial_number:x}",
    )


def _part(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    try:
        found = certificate.subject.get_attributes_for_oid(oid)
    except TROUBLE:
        return ""
    return str(found[0].value) if found else ""


def _claimed(read: Read) -> datetime | None:
    try:
        return read.claimed_at
    except TROUBLE:
        return None
