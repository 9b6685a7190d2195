"""Whom a scenario takes, as data: a person with what befalls them, an institution with its papers. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from mockgov.codes.rules import INDEFINITE
from mockgov.credentials.rules import Environment
from mockgov.kep.rules import CREDIT
from mockgov.risk_index.messages import ContactReport, IsolationReport, PcrReport, Report, VaccineReport
from mockgov.signature.rules import CertificateFlaw
from mockgov.sms.fates import FateKind
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that is reported of somebody."""

    makes: Callable[[int, datetime], Report]
    """(citizen, moment of casting) → the report."""
    after: timedelta = timedelta(0)
    """How long after the casting it reaches the ministry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFate:
    """What becomes of a code."""

    ends_in: timedelta | None = None
    """From the casting to its end; negative for one that is over; None: without end."""
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A person."""

    firstname: str
    lastname: str
    sex: Sex = Sex.FEMALE
    age: int = 40
    has_phone: bool = True
    foreign: bool = False
    temporary: bool = False
    nationality: str | None = None
    blue_card: bool = False
    parent: "Role | None" = None
    """Registered first; the person is their child."""
    told: tuple[Told, ...] = ()
    code: CodeFate = CodeFate()
    shares: bool = True
    """Whether plus answers tell of vaccine, immunity and tests."""
    dead: bool = False
    handset: FateKind | None = None
    texts: int = 0
    """Codes that the person has asked of 2023 already."""

    def is_told(self, *told: Told) -> "Role":
        """The same person with reports."""
        return replace(self, told=self.told + told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An institution; its manager is a person of its own."""

    name: str
    label: str
    """The user names are built on it."""
    staff: int = 640
    kind: InstitutionKind = InstitutionKind.WORKPLACE
    accounts: tuple[Environment, ...] = (Environment.TEST, Environment.LIVE)
    locked: bool = False
    revoked: bool = False
    new_password_in: timedelta | None = None
    """When the live account's password changes."""
    certificate: CertificateFlaw | None = None
    """What is wrong with the manager's certificate; none is issued beforehand if nothing is."""
    kep_quota_kib: int | None = None
    kep_credit: int = CREDIT
    kep_fate: str | None = None
    kep_wants_packages: bool = False
    manager: Role = Role(firstname="Deniz", lastname="Yetkili")


def sampled(*, hours_ago: int, positive: bool, after: timedelta = timedelta(0)) -> Told:
    """A PCR."""
    return Told(
        makes=lambda n, at: PcrReport(citizen_id=n, sampled_at=at - hours_ago * HOUR, positive=positive), after=after
    )


def in_contact(*, hours_ago: int) -> Told:
    """A close contact with a case."""
    return Told(makes=lambda n, at: ContactReport(citizen_id=n, last_contact_at=at - hours_ago * HOUR))


def dosed(dose: int, *, days_ago: int) -> Told:
    """A dose of the vaccine."""
    return Told(makes=lambda n, at: VaccineReport(citizen_id=n, given_at=at - days_ago * DAY, dose=dose))


def isolated(until: Callable[[datetime], datetime] = lambda _: INDEFINITE) -> Told:
    """An isolation that an authority has ordered since yesterday."""
    return Told(makes=lambda n, at: IsolationReport(citizen_id=n, begins_at=at - DAY, ends_at=until(at)))
