"""The world's hierarchy: who certifies whom. Everything is made when it is first asked for.

```
root ─┬─ qualified ── persons' certificates, institutions' seals
      ├─ kep ──────── registered-mail providers' transaction certificates
      └─ time-stamp authority
```

Each of the three authorities has an OCSP responder of its own. A second root, which nobody trusts, has a
subordinate authority for certificates that are wrong on purpose.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mockgov.signature.certificates import Issuer, Wanted, name, self_signed, signed_by
from mockgov.signature.keys import Keys, PrivateKey
from mockgov.signature.rules import LONGEST_NAME, SANDBOX, YEAR, Certificate, CertificateFlaw, Profile, UnknownIssuer

ISSUERS: Final = ("root", "qualified", "kep")
CHARTERS: Final = {
    "qualified": "Nitelikli Elektronik Sertifika SANDBOX",
    "kep": "KEP İşlem Sertifikası SANDBOX",
}
MARK: Final = " (SANDBOX)"
SERVICES: Final = ("provider", "ocsp")
"""Whose certificates can be made to have ended."""
DAY: Final = timedelta(days=1)
STRANGE_BASE: Final = "http://unknown-root.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Somebody who can sign: a private key, its certificate, and the certificates above it but for the root's."""

    key: PrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    hash_name: str

    @property
    def der(self) -> bytes:
        """The certificate's bytes."""
        return self.certificate.public_bytes(Encoding.DER)


class Authority:
    """The certificate authority of one world. `founded` is the world's first moment, `base` the counter's address.

    Persons' certificates name `base`, those of authorities and services `founded_at`, where the world began: a copy of
    a world has the same ones. Lists and answers are signed by the same keys at both.
    While `has_expired`, providers and responders have certificates that ended the day before that moment.
    """

    def __init__(
        self,
        keys: Keys,
        founded: datetime,
        base: str,
        founded_at: str,
        has_expired: Callable[[], bool] = lambda: False,
    ) -> None:
        self._has_expired = has_expired
        self.keys = keys
        self._founded = founded.replace(microsecond=0)
        self._base = base.rstrip("/")
        self._founded_at = founded_at.rstrip("/")
        self._signers: dict[tuple[str, ...], Signer] = {}
        self._issuers: dict[str, Issuer] = {}

    @cached_property
    def tag(self) -> str:
        """Eight characters that tell the authorities of two worlds apart."""
        return f"{self.keys.serial('tag') & 0xFFFFFFFF:08X}"

    def issuer(self, which: str) -> Issuer:
        """One of `ISSUERS`. Raises `UnknownIssuer`."""
        if which not in ISSUERS:
            raise UnknownIssuer(
                f"There is no such authority; known are {', '.join(ISSUERS)}, and tsa, which issues nothing."
            )
        return self._issuer(which)

    @cached_property
    def root(self) -> x509.Certificate:
        """The certificate that everything is trusted for."""
        return self.issuer("root").certificate

    @cached_property
    def above(self) -> dict[bytes, x509.Certificate]:
        """The certificates of all authorities, by their bytes."""
        return {one.certificate.public_bytes(Encoding.DER): one.certificate for one in map(self.issuer, ISSUERS)}

    @property
    def time_stamper(self) -> Signer:
        """The time-stamp authority."""
        subject = name(organisation=SANDBOX, common_name=f"Zaman Damgası SANDBOX {self.tag}")
        return self._signer("root", Profile.TIME_STAMP, subject, "time-stamp")

    def responder(self, which: str) -> Signer:
        """The OCSP responder of an authority."""
        subject = name(organisation=SANDBOX, common_name=f"OCSP {which} SANDBOX {self.tag}")
        return self._signer(which, Profile.OCSP, subject, "ocsp", which)

    def provider(self, provider: str) -> Signer:
        """A registered-mail provider with its transaction certificate."""
        subject = name(organisation=f"KEP Hizmet Sağlayıcısı {provider} (SANDBOX)", common_name=f"KEPHS {provider}")
        return self._signer("kep", Profile.KEP, subject, "provider", provider)

    def sealer(self, institution: str) -> Signer:
        """An institution with its seal; long names are cut."""
        shown = f"{_cut(institution, LONGEST_NAME - len(MARK))}{MARK}"
        subject = name(organisation=shown, common_name=shown)
        return self._signer("qualified", Profile.SEAL, subject, "seal", institution)

    def serials(self, which: str) -> frozenset[str]:
        """Serial numbers of what an authority has issued to other authorities, providers and responders."""
        roles = {
            "root": (("root",), ("qualified",), ("kep",), ("time-stamp",), ("ocsp", "root")),
            "qualified": (("ocsp", "qualified"),),
            "kep": (("ocsp", "kep"),),
        }[which]
        made = tuple(role for role in self._signers if role[0] == {"qualified": "seal", "kep": "provider"}.get(which))
        return frozenset(f"{self.keys.serial(*role):x}" for role in (*roles, *made))

    def person(self, certificate: Certificate) -> Signer:
        """The person who holds an issued certificate."""
        role = self._role(certificate.number)
        issuer = self._issuer("strange" if certificate.flaw is CertificateFlaw.UNKNOWN_ROOT else "qualified")
        return Signer(
            key=self.keys(*role),
            certificate=x509.load_der_x509_certificate(certificate.der),
            chain=(issuer.certificate,),
            hash_name=self.keys.hash_name,
        )

    def issue(self, number: int, draft: Callable[[str], Certificate]) -> Certificate:
        """The `number`-th certificate for a person; `draft` is handed the serial number."""
        role = self._role(number)
        serial = self.keys.serial(*role)
        made = draft(f"{serial:x}")
        issuer = self._issuer("strange" if made.flaw is CertificateFlaw.UNKNOWN_ROOT else "qualified")
        wanted = Wanted(
            profile=made.profile,
            subject=name(common_name=made.name, serial_number=made.subject_number),
            public_key=self.keys(*role).public_key(),
            serial=serial,
            not_before=made.not_before,
            not_after=made.not_after,
        )
        if issuer.base == self._founded_at:
            issuer = replace(issuer, base=self._base)
        return replace(made, der=signed_by(issuer, wanted).public_bytes(Encoding.DER))

    @staticmethod
    def _role(number: int) -> tuple[str, ...]:
        return "person", str(number)

    def _issuer(self, which: str) -> Issuer:
        if which not in self._issuers:
            make = self._root if which in {"root", "strange-root"} else self._subordinate
            self._issuers[which] = make(which)
        return self._issuers[which]

    def _root(self, which: str) -> Issuer:
        title = "Kök Sertifika SANDBOX" if which == "root" else "Güvenilmeyen Kök SANDBOX"
        key = self.keys(which)
        wanted = Wanted(
            profile=Profile.ROOT,
            subject=name(organisation=SANDBOX, common_name=f"{title} {self.tag}"),
            public_key=key.public_key(),
            serial=self.keys.serial(which),
            not_before=self._founded - 5 * YEAR,
            not_after=self._founded + 15 * YEAR,
        )
        certificate = self_signed(wanted, key, self.keys.hash_name)
        return self._as_issuer(which, key, certificate)

    def _subordinate(self, which: str) -> Issuer:
        title = CHARTERS.get(which, "Güvenilmeyen Sertifika SANDBOX")
        key = self.keys(which)
        wanted = Wanted(
            profile=Profile.AUTHORITY,
            subject=name(organisation=SANDBOX, common_name=f"{title} {self.tag}"),
            public_key=key.public_key(),
            serial=self.keys.serial(which),
            not_before=self._founded - 4 * YEAR,
            not_after=self._founded + 14 * YEAR,
        )
        above = self._issuer("strange-root" if which == "strange" else "root")
        return self._as_issuer(which, key, signed_by(above, wanted))

    def _as_issuer(self, which: str, key: PrivateKey, certificate: x509.Certificate) -> Issuer:
        base = STRANGE_BASE if which.startswith("strange") else self._founded_at
        return Issuer(name=which, key=key, certificate=certificate, hash_name=self.keys.hash_name, base=base)

    def _signer(self, which: str, profile: Profile, subject: x509.Name, *role: str) -> Signer:
        has_expired = role[0] in SERVICES and self._has_expired()
        if has_expired:
            role = (*role, "expired")
        if role not in self._signers:
            issuer = self.issuer(which)
            key = self.keys(*role)
            wanted = Wanted(
                profile=profile,
                subject=subject,
                public_key=key.public_key(),
                serial=self.keys.serial(*role),
                not_before=self._founded - 3 * YEAR,
                not_after=self._founded - DAY if has_expired else self._founded + 13 * YEAR,
            )
            self._signers[role] = Signer(
                key=key,
                certificate=signed_by(issuer, wanted),
                chain=() if which == "root" else (issuer.certificate,),
                hash_name=self.keys.hash_name,
            )
        return self._signers[role]


def _cut(text: str, most: int) -> str:
    """As much of the text as fits into so many bytes of UTF-8."""
    return text.encode()[:most].decode(errors="ignore")
