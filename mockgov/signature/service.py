"""Use-cases of the certificate authority. What weighs something is imported when it is first needed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.signature.messages import CertificateIssued, CertificateRevoked, IssueCertificate, RevokeCertificate
from mockgov.signature.rules import (
    LONGEST_NAME,
    REASONS,
    BadOrder,
    Certificate,
    CertificateFlaw,
    Profile,
    SignatureFormat,
    UnknownCertificate,
    revoke,
    spoilt,
    subject_name,
    validity,
)
from mockgov.signature.store import CertificateStore
from mockgov.streams import Streams
from mockgov.vocabulary.signed import Flaw, Verdict

if TYPE_CHECKING:
    from mockgov.signature.authority import Authority, Signer
    from mockgov.signature.revocation import Revocations
    from mockgov.signature.timestamping import TimeStamps
    from mockgov.signature.verification import Judge


class Signature:
    """The test certificate authority of one world, and everybody's pen.

    `founded` is the world's first moment; `keys` is `ec` (P-384, SHA-384) or `rsa` (2048 bits, SHA-256); `base` is the
    address at which integrators reach the counter, as certificates name it. `founded_at` is the one where the world
    began, of which it may be a copy: the authorities keep their certificates, so that what was signed before is good.
    """

    def __init__(
        self,
        *,
        store: CertificateStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        streams: Streams,
        founded: datetime,
        keys: str = "ec",
        base: str = "http://127.0.0.1:8080",
        founded_at: str = "",
        has_expired: Callable[[], bool] = lambda: False,
    ) -> None:
        """`has_expired` says whether the services' own certificates have ended for what is done now."""
        self._has_expired = has_expired
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._streams = streams
        self._founded = founded
        self._kind = keys
        self._base = base
        self._founded_at = founded_at or base

    def issue(self, order: IssueCertificate) -> Certificate:
        """Issue a person's certificate. Raises `BadOrder`."""
        number = order.identity_number
        if order.flaw is CertificateFlaw.WRONG_TCKN:
            if order.other_number in {None, order.identity_number}:
                raise BadOrder("Say whose number the certificate is to carry: that of somebody else of this world.")
            number = order.other_number or ""
        name = subject_name(order.firstname, order.lastname)
        if not 1 <= len(name.encode()) <= LONGEST_NAME:
            raise BadOrder(f"A certificate's common name has 1 to {LONGEST_NAME} bytes; give a shorter name.")
        now = self._now()
        not_before, not_after = validity(order.flaw, now)
        with self._transaction():
            nth = self._store.count() + 1

            def draft(serial: str) -> Certificate:
                return Certificate(
                    serial=serial,
                    number=nth,
                    identity_number=order.identity_number,
                    subject_number=number,
                    name=name,
                    profile=Profile.PLAIN if order.flaw is CertificateFlaw.WRONG_KIND else Profile.QUALIFIED,
                    not_before=not_before,
                    not_after=not_after,
                    flaw=order.flaw,
                    der=b"",
                    issued_at=now,
                )

            issued = self._authority.issue(nth, draft)
            self._store.put(issued)
            self._tell(CertificateIssued(serial=issued.serial, profile=issued.profile, flaw=issued.flaw))
            if order.flaw is CertificateFlaw.REVOKED:
                issued = self.revoke(RevokeCertificate(serial=issued.serial, reason="key-compromise"))
        return issued

    def revoke(self, order: RevokeCertificate) -> Certificate:
        """Revoke a certificate from now on. Raises `UnknownCertificate`, `IllegalTransition`, `BadOrder`."""
        if order.reason not in REASONS:
            raise BadOrder(f"A reason is one of {', '.join(REASONS)}.")
        with self._transaction():
            revoked = revoke(self.certificate(order.serial), self._now(), order.reason)
            self._store.put(revoked)
            self._tell(CertificateRevoked(serial=revoked.serial, reason=order.reason))
        return revoked

    def certificate(self, serial: str) -> Certificate:
        """The certificate of a serial number, in hexadecimal. Raises `UnknownCertificate`."""
        found = self._store.get(serial.strip().lower())
        if found is None:
            raise UnknownCertificate("This world has not issued such a certificate; see GET /_lab/certificates.")
        return found

    def certificates_of(self, identity_number: str) -> Sequence[Certificate]:
        """The certificates that a person holds, oldest first."""
        return self._store.held_by(identity_number)

    def certificate_for(self, order: IssueCertificate) -> Certificate:
        """A person's last good qualified certificate; a new one if there is none, or if the order wants a wrong one."""
        now = self._now()
        for held in () if order.flaw else reversed(self.certificates_of(order.identity_number)):
            if held.flaw is None and held.revoked_at is None and held.not_before <= now < held.not_after:
                return held
        return self.issue(order)

    def pkcs12(self, serial: str, password: str) -> bytes:
        """Private key, certificate and chain for an integrator's own software. Raises `UnknownCertificate`.

        Never the same bytes twice: the container draws its salts from the machine. What is inside is the same.
        """
        from mockgov.signature.packing import pkcs12  # noqa: PLC0415  heavy; wanted by few

        certificate = self.certificate(serial)
        return pkcs12(self._authority.person(certificate), certificate.name, password)

    def sign_cades(self, serial: str, document: bytes, *, detached: bool = True) -> bytes:
        """A CAdES signature with a time-stamp, in DER. Raises `UnknownCertificate`."""
        from mockgov.signature.cades import sign_cades  # noqa: PLC0415  heavy; wanted by few
        from mockgov.signature.cms import Content  # noqa: PLC0415  the same

        content = Content(data=document, enclosed=not detached)
        return sign_cades(self._signer(serial), content, self._stamps, self._now())

    def sign_pades(self, serial: str, pdf: bytes) -> bytes:
        """The PDF, signed. Raises `UnknownCertificate`, `NotSignable`."""
        from mockgov.signature.pades import sign_pades  # noqa: PLC0415  heavy; wanted by few

        return sign_pades(self._signer(serial), pdf, self._stamps, self._now())

    def sign_smime(self, serial: str, mime_entity: bytes) -> bytes:
        """A `multipart/signed` entity around the given one; a whole message keeps its own fields in front.

        Raises `UnknownCertificate`, `NotSignable`.
        """
        from mockgov.signature.smime import sign_smime  # noqa: PLC0415  heavy; wanted by few

        return sign_smime(self._signer(serial), mime_entity, self._stamps, self._now())

    def sign(self, serial: str, document: bytes, form: SignatureFormat, *, tampered: bool = False) -> bytes:
        """A signature in any format. `tampered`: the document is another one than was signed.

        Raises `UnknownCertificate`, `NotSignable`.
        """
        if form is SignatureFormat.CADES:
            return self.sign_cades(serial, spoilt(document) if tampered else document)
        if form is SignatureFormat.CADES_ENVELOPING:
            made, inside = self.sign_cades(serial, document, detached=False), document
        elif form is SignatureFormat.SMIME:
            from mockgov.signature.smime import divide  # noqa: PLC0415  heavy; wanted by few

            made, inside = self.sign_smime(serial, document), divide(document).document
        else:
            made, inside = self.sign_pades(serial, document), b"/Adobe.PPKLite"
        return made.replace(inside, spoilt(inside), 1) if tampered else made

    def seal(self, name: str, document: bytes, *, detached: bool = True) -> bytes:
        """A CAdES signature with the seal of the institution of that name."""
        from mockgov.signature.cades import sign_cades  # noqa: PLC0415  heavy; wanted by few
        from mockgov.signature.cms import Content  # noqa: PLC0415  the same

        content = Content(data=document, enclosed=not detached)
        return sign_cades(self._authority.sealer(name), content, self._stamps, self._now())

    def sign_evidence(self, provider: str, xml: bytes, at: datetime) -> bytes:
        """The XML with an enveloped XAdES signature of a registered-mail provider, time-stamped at a moment.

        A function of its arguments and the world: signed late, the bytes are the same. Raises `NotSignable`.
        """
        from mockgov.signature.xades import sign_evidence  # noqa: PLC0415  heavy; wanted by few

        return sign_evidence(self._authority.provider(provider), xml, self._stamps, at)

    def verify_cades(self, signature: bytes, document: bytes | None) -> Verdict:
        """Whether a person's CAdES signature counts; the document is None where it is inside. Never raises."""
        return self._judge.check(signature, document)

    def verify_seal(self, signature: bytes, document: bytes | None) -> Verdict:
        """Whether an institution's seal upon a document counts. Never raises."""
        from mockgov.signature.verification import SEALS  # noqa: PLC0415  heavy; wanted by few

        return self._judge.check(signature, document, SEALS)

    def verify_pades(self, pdf: bytes) -> Verdict:
        """Whether a person's signature of a whole PDF counts. Never raises."""
        from mockgov.signature.covering import covering  # noqa: PLC0415  heavy; wanted by few
        from mockgov.signature.reading import Flawed  # noqa: PLC0415  the same

        try:
            found = covering(pdf)
        except Flawed as flawed:
            return Verdict(flaw=flawed.flaw, detail=flawed.detail)
        return self._judge.check(found.signature, found.covered)

    def verify_smime(self, entity: bytes) -> Verdict:
        """Whether a person's signature of a MIME entity, or of a whole message, counts. Never raises."""
        from mockgov.signature.reading import Flawed  # noqa: PLC0415  heavy; wanted by few
        from mockgov.signature.smime import read_smime  # noqa: PLC0415  the same

        try:
            found = read_smime(entity)
        except Flawed as flawed:
            return Verdict(flaw=flawed.flaw, detail=flawed.detail)
        return self._judge.check(found.signature, found.document, needs_certificate_attribute=False)

    def verify_evidence(self, xml: bytes) -> Verdict:
        """Whether a registered-mail provider's signature upon evidence counts. Never raises."""
        from mockgov.signature.reading import Flawed  # noqa: PLC0415  heavy; wanted by few
        from mockgov.signature.verification import PROVIDERS  # noqa: PLC0415  the same
        from mockgov.signature.xades import prove_evidence  # noqa: PLC0415  the same

        try:
            proof = prove_evidence(xml)
        except Flawed as flawed:
            return Verdict(flaw=flawed.flaw, detail=flawed.detail)
        return self._judge.judge(proof, PROVIDERS)

    def verify(self, form: SignatureFormat, signature: bytes, document: bytes | None) -> Verdict:
        """The verdict in any format. Never raises."""
        if form is SignatureFormat.PADES:
            return self.verify_pades(signature)
        if form is SignatureFormat.SMIME:
            return self.verify_smime(signature)
        if form is SignatureFormat.CADES and document is None:
            return Verdict(flaw=Flaw.UNREADABLE, detail="A detached signature is checked with its document beside it.")
        return self.verify_cades(signature, document)

    def enveloped(self, signature: bytes) -> bytes:
        """The document inside an enveloping CMS, whatever its signature is worth. Raises `NotEnveloping`."""
        from mockgov.signature.cades import enveloped  # noqa: PLC0415  heavy; wanted by few

        return enveloped(signature)

    def authority_certificate(self, which: str) -> bytes:
        """The certificate of `root`, `qualified`, `kep` or `tsa` in DER. Raises `UnknownIssuer`."""
        from mockgov.signature.packing import der  # noqa: PLC0415  heavy; wanted by few

        authority = self._authority
        return der(authority.time_stamper.certificate if which == "tsa" else authority.issuer(which).certificate)

    def chain(self) -> bytes:
        """The certificates of all authorities in PEM, the root's first."""
        from mockgov.signature.packing import pem  # noqa: PLC0415  heavy; wanted by few

        authority = self._authority
        return b"".join(map(pem, [*authority.above.values(), authority.time_stamper.certificate]))

    def crl(self, issuer: str) -> bytes:
        """An authority's list of revoked certificates in DER, good for a day. Raises `UnknownIssuer`."""
        return self._revocations.crl(issuer, self._now())

    def ocsp(self, request: bytes) -> bytes:
        """The answer to an OCSP request (RFC 6960), errors included."""
        return self._revocations.ocsp(request, self._now())

    def tsa(self, request: bytes) -> bytes:
        """The answer to a time-stamp request (RFC 3161), rejections included."""
        return self._stamps.response(request, self._now())

    def _signer(self, serial: str) -> "Signer":
        return self._authority.person(self.certificate(serial))

    @cached_property
    def _authority(self) -> "Authority":
        from mockgov.signature.authority import Authority  # noqa: PLC0415  heavy; wanted by few
        from mockgov.signature.keys import Keys  # noqa: PLC0415  the same

        keys = Keys(self._streams, self._kind)
        return Authority(keys, self._founded, self._base, self._founded_at, self._has_expired)

    @cached_property
    def _stamps(self) -> "TimeStamps":
        from mockgov.signature.timestamping import TimeStamps  # noqa: PLC0415  heavy; wanted by few

        return TimeStamps(self._authority)

    @cached_property
    def _judge(self) -> "Judge":
        from mockgov.signature.verification import Judge  # noqa: PLC0415  heavy; wanted by few

        return Judge(self._authority, self._store.get, self._now)

    @cached_property
    def _revocations(self) -> "Revocations":
        from mockgov.signature.revocation import Journal, Revocations  # noqa: PLC0415  heavy; wanted by few

        return Revocations(self._authority, Journal(revoked=self._store.revoked, find=self._store.get))
