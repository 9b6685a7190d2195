"""Puts magic people and institutions into a world, by the same commands as everybody else."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from mockgov.clock import TURKEY
from mockgov.codes.messages import IssueCode
from mockgov.codes.rules import INDEFINITE
from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import Environment, username
from mockgov.deeds import REPORT, ROTATE, written
from mockgov.kep.messages import OpenKepAccount
from mockgov.magic.era import check
from mockgov.magic.roles import Body, CodeFate, Role
from mockgov.magic.scenario import NotInThisTime, Scenario
from mockgov.magic.stage import Props
from mockgov.magic.table import SCENARIOS, wanted
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import Citizen, Institution
from mockgov.script.messages import CastPart, WriteLine
from mockgov.signature.messages import IssueCertificate
from mockgov.sms.fates import Fate
from mockgov.vocabulary.passport import Passport

PROVINCE = 26
"""Eskişehir, as in the ready town."""
LIFE = timedelta(days=7)
"""How long a code that is over has lived."""


def cast(ministry: Ministry, names: Sequence[str] | None = None) -> Sequence[str]:
    """Put scenarios into a world, all or none: the named ones, or every one that the day's rules allow.

    A part that somebody plays already stays as it is. The names of the new ones come back. Raises `UnknownScenario`,
    and `NotInThisTime` for a named one that cannot be what it says.
    """
    now = ministry.world.now()
    chosen = wanted(tuple(SCENARIOS) if names is None else names)
    known = ministry.script.parts()
    new: list[Scenario] = []
    for scenario in chosen:
        if scenario.name in known:
            continue
        try:
            check(scenario, now)
        except NotInThisTime:
            if names is not None:
                raise
        else:
            new.append(scenario)
    with ministry.world.database.transaction():
        for scenario in new:
            plays = scenario.plays
            props = (
                _person(ministry, scenario.name, plays) if isinstance(plays, Role) else _body(ministry, scenario, plays)
            )
            ministry.script.cast(CastPart(scenario=scenario.name, props=msgspec.json.encode(props).decode()))
    return [scenario.name for scenario in new]


def _person(ministry: Ministry, name: str, role: Role) -> Props:
    people = _registered(ministry, name, role)
    citizen = people[0]
    code = _code(ministry, name, citizen, role.code)
    now = ministry.world.now()
    ministry.risk_index.file([told.makes(citizen.citizen_id, now) for told in role.told if not told.after])
    for told in role.told:
        if told.after:
            what = written(told.makes(citizen.citizen_id, now))
            ministry.script.write(WriteLine(due_at=now + told.after, deed=REPORT, what=what))
    if not role.shares:
        ministry.risk_index.share_test_data(citizen.citizen_id, shares=False)
    codes = [code]
    if citizen.phone is not None:
        if role.handset is not None:
            ministry.sms.script(citizen.phone, Fate(kind=role.handset))
        for _ in range(role.texts):
            ministry.sms.from_handset(citizen.phone, "2023", request_text(citizen))
        codes += [one.text for one in ministry.codes.of(citizen.citizen_id) if one.text != code]
    if role.dead:
        ministry.registry.record_death(citizen.citizen_id)
    return Props(people=tuple(one.citizen_id for one in people), codes=tuple(codes))


def _registered(ministry: Ministry, name: str, role: Role) -> Sequence[Citizen]:
    """The person, and whoever is registered before them."""
    parents = () if role.parent is None else _registered(ministry, f"{name}/parent", role.parent)
    today = ministry.world.now().astimezone(TURKEY).date()
    order = RegisterCitizen(
        firstname=role.firstname,
        lastname=role.lastname,
        sex=role.sex,
        birth_date=date(today.year - role.age, 1, 1),
        province=PROVINCE,
        has_phone=role.has_phone,
        foreign=role.foreign,
        temporary=role.temporary,
        nationality=role.nationality,
        blue_card=role.blue_card,
        parents=[one.citizen_id for one in parents],
        minted_as=f"magic/{name}",
    )
    return [*ministry.registry.register([order]), *parents]


def _code(ministry: Ministry, name: str, citizen: Citizen, fate: CodeFate) -> str:
    now = ministry.world.now()
    ends = INDEFINITE if fate.ends_in is None else now + fate.ends_in
    order = IssueCode(
        citizen_id=citizen.citizen_id,
        expires_at=ends,
        channel="hes-edevlet",
        made_at=ends - LIFE if ends <= now else None,
        minted_as=f"magic/{name}",
    )
    code = ministry.codes.issue(order)
    if fate.deleted:
        ministry.codes.delete(code)
    return code.text


def _body(ministry: Ministry, scenario: Scenario, body: Body) -> Props:
    name = scenario.name
    (manager,) = _registered(ministry, f"{name}/manager", body.manager)
    made = ministry.registry.found(
        RegisterInstitution(
            kind=body.kind,
            name=body.name,
            label=body.label,
            province=PROVINCE,
            staff_count=body.staff,
            staff=[manager.citizen_id],
            minted_as=f"magic/{name}",
        )
    )
    mailbox = ministry.kep.open_account(
        OpenKepAccount(
            institution_id=made.institution_id,
            name=body.name,
            account=f"magic-{name}",
            provider="hs02",
            quota_kib=body.kep_quota_kib,
            credit=body.kep_credit,
            fate=body.kep_fate,
            wants_packages=body.kep_wants_packages,
        )
    )
    accounts, passwords = _accounts(ministry, made, body)
    return Props(
        people=(manager.citizen_id,),
        institution=made.institution_id,
        accounts=accounts,
        passwords=passwords,
        serial=_certificate(ministry, manager, body),
        kep=mailbox.address.address,
    )


def _accounts(ministry: Ministry, made: Institution, body: Body) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """User names and passwords of an institution, after what befalls them at once."""
    issued = ministry.credentials.provision_many(
        [
            ProvisionAccount(institution_id=made.institution_id, label=made.label, environment=environment)
            for environment in body.accounts
        ]
    )
    live = username(made.label, Environment.LIVE)
    if body.locked:
        ministry.credentials.lock(live, INDEFINITE)
    if body.revoked:
        ministry.credentials.revoke(live)
    if body.new_password_in is not None:
        due_at = ministry.world.now() + body.new_password_in
        ministry.script.write(WriteLine(due_at=due_at, deed=ROTATE, what=live))
    return tuple(one.account.username for one in issued), tuple(one.password for one in issued)


def _certificate(ministry: Ministry, manager: Citizen, body: Body) -> str | None:
    if body.certificate is None:
        return None
    order = IssueCertificate(
        identity_number=manager.identity.digits,
        firstname=manager.firstname,
        lastname=manager.lastname,
        flaw=body.certificate,
    )
    return ministry.signature.issue(order).serial


def request_text(citizen: Citizen, days: int = 30) -> str:
    """What the person texts to 2023 for a code: with the passport, the birth year or the card's last four digits."""
    year = citizen.birth_date.year
    passport: Passport | None = citizen.passport
    if passport is not None and getattr(citizen.identity, "temporary", False):
        return f"HES {passport.nationality} {passport.number} {year} {citizen.lastname} {days}"
    proof = year if citizen.blue_card or passport is not None else citizen.id_card.last_four
    return f"HES {citizen.identity.digits} {proof} {days}"
