"""What the check of an electronic signature says: it counts, or which of its flaws it has.

Law 5070 gives a *secure* electronic signature, made with a qualified certificate, the force of a handwritten one
(articles 4 and 5). The sandbox's own authority issues the certificates; nothing it signs has legal force.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self


class Flaw(StrEnum):
    """Why a signature does not count. The order is the order in which the checks are made."""

    MISSING = "missing"
    """Nothing is signed."""
    UNREADABLE = "unreadable"
    """What stands for the signature is none."""
    TAMPERED = "tampered"
    """Document and signature do not belong together, or one of them was changed."""
    UNKNOWN_ROOT = "unknown-root"
    """The certificate was not issued under this world's root."""
    NOT_YET_VALID = "not-yet-valid"
    """The certificate was not valid yet when the signature was made."""
    EXPIRED = "expired"
    """The certificate was not valid any more."""
    REVOKED = "revoked"
    """The certificate had been revoked."""
    WRONG_KIND = "wrong-kind"
    """The certificate is a good one for something else: no qualified one of a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome of a check. Who signed is told where a certificate could be read at all."""

    flaw: Flaw | None
    """None if the signature counts."""
    detail: str = ""
    """What was found, in one English sentence; never a person's number."""
    identity_number: str = ""
    """The signer's TCKN or YKN, from the certificate's subject `serialNumber`; empty if there is none."""
    name: str = ""
    """The certificate's common name."""
    serial: str = ""
    """The certificate's serial number in lower-case hexadecimal."""
    signed_at: datetime | None = None
    """The time-stamp's moment if there is one, else the moment the signer claims."""

    @property
    def counts(self) -> bool:
        """Whether the signature is as good as a handwritten one, in this sandbox."""
        return self.flaw is None

    @classmethod
    def missing(cls) -> Self:
        """The verdict upon what nobody signed."""
        return cls(flaw=Flaw.MISSING, detail="There is no signature.")
