"""Where issued certificates are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.signature.rules import Certificate, CertificateFlaw, Profile


class CertificateStore(Protocol):
    """Keeps certificates."""

    def put(self, certificate: Certificate) -> None:
        """Add a certificate or replace the one of the same serial number."""
        ...

    def get(self, serial: str) -> Certificate | None:
        """The certificate of a serial number in lower-case hexadecimal."""
        ...

    def held_by(self, identity_number: str) -> Sequence[Certificate]:
        """The certificates of one person, oldest first."""
        ...

    def revoked(self) -> Sequence[Certificate]:
        """All that have been revoked, oldest first."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...


class InMemoryCertificates:
    """The plain twin."""

    def __init__(self) -> None:
        self._certificates: dict[str, Certificate] = {}

    def put(self, certificate: Certificate) -> None:
        self._certificates[certificate.serial] = certificate

    def get(self, serial: str) -> Certificate | None:
        return self._certificates.get(serial)

    def held_by(self, identity_number: str) -> Sequence[Certificate]:
        return [one for one in self._sorted() if one.identity_number == identity_number]

    def revoked(self) -> Sequence[Certificate]:
        return [one for one in self._sorted() if one.revoked_at is not None]

    def count(self) -> int:
        return len(self._certificates)

    def _sorted(self) -> Sequence[Certificate]:
        return sorted(self._certificates.values(), key=lambda one: one.number)


METADATA = sa.MetaData()
CERTIFICATE = sa.Table(
    "certificate",
    METADATA,
    sa.Column("serial", sa.String(40), primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("identity_number", sa.String(11), nullable=False, index=True),
    sa.Column("subject_number", sa.String(11), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("profile", sa.String(12), nullable=False),
    sa.Column("not_before_us", sa.BigInteger, nullable=False),
    sa.Column("not_after_us", sa.BigInteger, nullable=False),
    sa.Column("flaw", sa.String(16)),
    sa.Column("der", sa.LargeBinary, nullable=False),
    sa.Column("issued_us", sa.BigInteger, nullable=False),
    sa.Column("revoked_us", sa.BigInteger, index=True),
    sa.Column("reason", sa.Text, nullable=False),
)


class SqlCertificates:
    """Certificates in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, certificate: Certificate) -> None:
        row = _row(certificate)
        changed = CERTIFICATE.update().where(CERTIFICATE.c.serial == certificate.serial).values(**row)
        if not self._database.connection.execute(changed).rowcount:
            self._database.connection.execute(CERTIFICATE.insert(), row)

    def get(self, serial: str) -> Certificate | None:
        found = self._all(sa.select(CERTIFICATE).where(CERTIFICATE.c.serial == serial))
        return found[0] if found else None

    def held_by(self, identity_number: str) -> Sequence[Certificate]:
        return self._all(sa.select(CERTIFICATE).where(CERTIFICATE.c.identity_number == identity_number))

    def revoked(self) -> Sequence[Certificate]:
        return self._all(sa.select(CERTIFICATE).where(CERTIFICATE.c.revoked_us.is_not(None)))

    def count(self) -> int:
        found = self._database.connection.execute(sa.select(sa.func.count()).select_from(CERTIFICATE))
        return int(found.scalar_one())

    def _all(self, wanted: sa.Select[Any]) -> Sequence[Certificate]:
        rows = self._database.connection.execute(wanted.order_by(CERTIFICATE.c.number)).mappings()
        return [_certificate(row) for row in rows]


def _row(certificate: Certificate) -> dict[str, Any]:
    return {
        "serial": certificate.serial,
        "number": certificate.number,
        "identity_number": certificate.identity_number,
        "subject_number": certificate.subject_number,
        "name": certificate.name,
        "profile": certificate.profile.value,
        "not_before_us": to_us(certificate.not_before),
        "not_after_us": to_us(certificate.not_after),
        "flaw": None if certificate.flaw is None else certificate.flaw.value,
        "der": certificate.der,
        "issued_us": to_us(certificate.issued_at),
        "revoked_us": None if certificate.revoked_at is None else to_us(certificate.revoked_at),
        "reason": certificate.reason,
    }


def _certificate(row: sa.RowMapping) -> Certificate:
    return Certificate(
        serial=row["serial"],
        number=row["number"],
        identity_number=row["identity_number"],
        subject_number=row["subject_number"],
        name=row["name"],
        profile=Profile(row["profile"]),
        not_before=from_us(row["not_before_us"]),
        not_after=from_us(row["not_after_us"]),
        flaw=None if row["flaw"] is None else CertificateFlaw(row["flaw"]),
        der=bytes(row["der"]),
        issued_at=from_us(row["issued_us"]),
        revoked_at=None if row["revoked_us"] is None else from_us(row["revoked_us"]),
        reason=row["reason"],
    )
