"""A ready world: a town of synthetic people with codes, institutions with accounts, and some reports.

Everything is drawn from the world's streams, so seed and number of people fix every name, code and password, on
every machine. Shares are round numbers chosen here; the simulator makes towns that follow the census.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from mockgov.clock import TURKEY
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE, ends_after_days
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Environment
from mockgov.kep.messages import OpenKepAccount
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import Citizen, age_on
from mockgov.risk_index.messages import ContactReport, PcrReport, Report, VaccineReport
from mockgov.vocabulary.chance import Draw, pick
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.names import given_name, surname
from mockgov.vocabulary.person import Sex

PROVINCE: Final = 26
"""Eskişehir, a town of middling size."""

INSTITUTIONS: Final = (
    (InstitutionKind.WORKPLACE, "Anadolu Gıda Sanayi A.Ş. (sandbox)", "ANADOLU-GIDA", 640, "anadolu-gida"),
    (InstitutionKind.WORKPLACE, "Çınar Lojistik A.Ş. (sandbox)", "ÇINAR-LOJİSTİK", 1_250, "cinar-lojistik"),
    (InstitutionKind.GOVERNORSHIP, "Eskişehir Valiliği (sandbox)", "ESKISEHIR-VALILIGI", 3_100, "eskisehir"),
)
"""Kind, name, label, staff, and the account of registered e-mail (with provider hs02)."""
NEWCOMER: Final = (InstitutionKind.WORKPLACE, "Porsuk Seramik A.Ş. (sandbox)", "PORSUK-SERAMIK", 720, "porsuk-seramik")
"""One that may integrate and has not yet: for whoever wants to try the application form."""
SHOP: Final = ("Köprübaşı Kırtasiye (sandbox)", "KOPRUBASI-KIRTASIYE", 12)
"""Name, label and staff of one that is too small to integrate: its manager, the first adult, asks at e-Devlet."""

PER_MILLE: Final = 1000
BLUE_CARDS = 4
"""Of a thousand adults without a foreigner's number: holders of a blue card."""
POSITIVE, CONTACT, TESTED, VACCINATED = 10, 15, 30, 620
"""Of a thousand: positive in the last ten days, contact, negative in the last two days, two doses."""


def seed_town(ministry: Ministry, people: int) -> None:
    """Fill an empty world, all or nothing."""
    with ministry.world.database.transaction():
        citizens = _people(ministry, people)
        _codes(ministry, citizens)
        _institutions(ministry, citizens)
        _reports(ministry, citizens)


def _people(ministry: Ministry, people: int) -> Sequence[Citizen]:
    today = ministry.world.now().astimezone(TURKEY).date()
    orders: list[RegisterCitizen] = []
    household = 0
    while len(orders) < people:
        draw = ministry.world.streams.draw("lab.household", household)
        orders.extend(_household(draw, first=len(orders), room=people - len(orders), today=today))
        household += 1
    for nth, order in enumerate(orders):
        if not order.foreign and not order.parents:
            draw = ministry.world.streams.draw("lab.card", nth)
            orders[nth] = replace(order, blue_card=draw(PER_MILLE) < BLUE_CARDS)
    return ministry.registry.register(orders)


def _household(draw: Draw, *, first: int, room: int, today: date) -> list[RegisterCitizen]:
    """One or two adults of one surname and up to three children of theirs."""
    family = surname(draw)
    adults = min(room, 1 + draw(2))
    sexes = [pick(draw, (Sex.FEMALE, Sex.MALE))]
    sexes.append(Sex.MALE if sexes[0] is Sex.FEMALE else Sex.FEMALE)
    made = [_person(draw, family, sexes[nth], today, 22 + draw(50)) for nth in range(adults)]
    parents = tuple(-(first + nth + 1) for nth in range(adults))
    for _ in range(min(room - adults, (0, 0, 1, 2, 3)[draw(5)])):
        sex = pick(draw, (Sex.FEMALE, Sex.MALE))
        made.append(_person(draw, family, sex, today, draw(18), parents))
    return made


def _person(draw: Draw, family: str, sex: Sex, today: date, age: int, parents: Sequence[int] = ()) -> RegisterCitizen:
    return RegisterCitizen(
        firstname=given_name(draw, sex),
        lastname=family,
        sex=sex,
        birth_date=today - timedelta(days=age * 365 + age // 4 + 1 + draw(300)),
        province=PROVINCE,
        has_phone=age >= 12,
        foreign=not parents and draw(PER_MILLE) < 16,
        parents=parents,
    )


def _codes(ministry: Ministry, citizens: Sequence[Citizen]) -> None:
    """One code for everybody: four in five indefinite, the others for a week or a month."""
    now = ministry.world.now()
    ends = (INDEFINITE, INDEFINITE, INDEFINITE, INDEFINITE, ends_after_days(now, 7), ends_after_days(now, 30))
    draw = ministry.world.streams.draw("lab.codes")
    orders = [
        IssueCode(citizen_id=citizen.citizen_id, expires_at=pick(draw, ends), channel="hes-edevlet")
        for citizen in citizens
    ]
    ministry.codes.issue_many(orders)


def _institutions(ministry: Ministry, citizens: Sequence[Citizen]) -> None:
    today = ministry.world.now().astimezone(TURKEY).date()
    adults = [c.citizen_id for c in citizens if 18 <= age_on(c.birth_date, today) < 65]
    orders: list[ProvisionAccount] = []
    for nth, (kind, name, label, staff_count, account) in enumerate((*INSTITUTIONS, NEWCOMER)):
        staff = adults[nth :: len(INSTITUTIONS)][:staff_count] if nth < len(INSTITUTIONS) else []
        order = RegisterInstitution(
            kind=kind, name=name, label=label, province=PROVINCE, staff_count=staff_count, staff=staff
        )
        made = ministry.registry.found(order)
        mailbox = OpenKepAccount(institution_id=made.institution_id, name=name, account=account, provider="hs02")
        ministry.kep.open_account(mailbox)
        if nth < len(INSTITUTIONS):
            orders.extend(
                ProvisionAccount(institution_id=made.institution_id, label=label, environment=environment)
                for environment in Environment
            )
    ministry.credentials.provision_many(orders)
    name, label, staff_count = SHOP
    shop = RegisterInstitution(
        kind=InstitutionKind.WORKPLACE,
        name=name,
        label=label,
        province=PROVINCE,
        staff_count=staff_count,
        staff=adults[:staff_count],
    )
    ministry.registry.found(shop)


def _reports(ministry: Ministry, citizens: Sequence[Citizen]) -> None:
    now = ministry.world.now()
    reports: list[Report] = []
    for citizen in citizens:
        draw = ministry.world.streams.draw("lab.reports", citizen.citizen_id)
        reports.extend(_history(citizen, draw, now))
    ministry.risk_index.file(reports)


def _history(citizen: Citizen, draw: Draw, now: datetime) -> list[Report]:
    n = citizen.citizen_id
    reports: list[Report] = []
    if age_on(citizen.birth_date, now.date()) >= 18 and draw(PER_MILLE) < VACCINATED:
        second = now - timedelta(days=20 + draw(120))
        reports.append(VaccineReport(citizen_id=n, given_at=second - timedelta(days=28), dose=1))
        reports.append(VaccineReport(citizen_id=n, given_at=second, dose=2))
    fate = draw(PER_MILLE)
    if fate < POSITIVE:
        reports.append(PcrReport(citizen_id=n, sampled_at=now - timedelta(hours=6 + draw(200)), positive=True))
    elif fate < POSITIVE + CONTACT:
        reports.append(ContactReport(citizen_id=n, last_contact_at=now - timedelta(hours=6 + draw(200))))
    elif fate < POSITIVE + CONTACT + TESTED:
        reports.append(PcrReport(citizen_id=n, sampled_at=now - timedelta(hours=3 + draw(45)), positive=False))
    return reports
