"""Where the register is kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.database import Database
from mockgov.registry.rules import Citizen, Institution, MaskedName
from mockgov.vocabulary.foreign_phone import line_of
from mockgov.vocabulary.id_card import IdCardSerial
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.passport import Passport
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import parse_identity


class RegistryStore(Protocol):
    """Keeps citizens and institutions."""

    def put_citizens(self, citizens: Sequence[Citizen]) -> None:
        """Add new citizens; their numbers are free."""
        ...

    def citizen(self, citizen_id: int) -> Citizen | None:
        """The citizen of that number."""
        ...

    def by_identity(self, identity_number: str) -> Citizen | None:
        """The citizen of that identity number."""
        ...

    def by_phone(self, subscriber: str) -> Citizen | None:
        """The citizen of that phone number (ten digits)."""
        ...

    def by_passport(self, passport: Passport) -> Citizen | None:
        """The holder of that passport."""
        ...

    def children_of(self, citizen_id: int) -> Sequence[Citizen]:
        """Everyone of whom that citizen is a parent, of whatever age, by number."""
        ...

    def citizens(self, *, after: int = 0, limit: int = 100) -> Sequence[Citizen]:
        """Citizens by number, above `after`."""
        ...

    def count_citizens(self) -> int:
        """How many citizens there are; the last one has this number."""
        ...

    def masked_many(self, citizen_ids: Sequence[int]) -> Mapping[int, MaskedName]:
        """What may be shown of each."""
        ...

    def provinces_of(self, citizen_ids: Sequence[int]) -> Mapping[int, int]:
        """Plate of each one's province."""
        ...

    def populations(self) -> Mapping[int, int]:
        """Residents of each province that has any, by plate."""
        ...

    def taken(
        self, *, identities: Sequence[str] = (), phones: Sequence[str] = (), passports: Sequence[str] = ()
    ) -> frozenset[str]:
        """Those of the given numbers that are in use."""
        ...

    def put_death(self, citizen_id: int, day: date) -> None:
        """Note a death that is not noted yet."""

    def died_on(self, citizen_id: int) -> date | None:
        """The day of a citizen's death, if it is noted."""

    def put_institution(self, institution: Institution) -> None:
        """Add a new institution; its number, tax number and label are free."""
        ...

    def institution(self, institution_id: int) -> Institution | None:
        """The institution of that number."""
        ...

    def by_label(self, label: str) -> Institution | None:
        """The institution of that label."""
        ...

    def by_vkn(self, vkn: Vkn) -> Sequence[Institution]:
        """The institutions of that tax number, a head office and its branches, by number."""
        ...

    def institutions(self) -> Sequence[Institution]:
        """All institutions, by number."""
        ...


class InMemoryRegistry:
    """The plain twin."""

    def __init__(self) -> None:
        self._citizens: dict[int, Citizen] = {}
        self._institutions: dict[int, Institution] = {}
        self._deaths: dict[int, date] = {}

    def put_citizens(self, citizens: Sequence[Citizen]) -> None:
        self._citizens.update({citizen.citizen_id: citizen for citizen in citizens})

    def citizen(self, citizen_id: int) -> Citizen | None:
        return self._citizens.get(citizen_id)

    def by_identity(self, identity_number: str) -> Citizen | None:
        return next((c for c in self._citizens.values() if c.identity.digits == identity_number), None)

    def by_phone(self, subscriber: str) -> Citizen | None:
        return next((c for c in self._citizens.values() if c.phone and c.phone.subscriber == subscriber), None)

    def by_passport(self, passport: Passport) -> Citizen | None:
        return next((c for c in self._citizens.values() if c.passport == passport), None)

    def children_of(self, citizen_id: int) -> Sequence[Citizen]:
        return [citizen for _, citizen in sorted(self._citizens.items()) if citizen_id in citizen.parents]

    def citizens(self, *, after: int = 0, limit: int = 100) -> Sequence[Citizen]:
        return [self._citizens[n] for n in sorted(self._citizens) if n > after][:limit]

    def count_citizens(self) -> int:
        return len(self._citizens)

    def masked_many(self, citizen_ids: Sequence[int]) -> Mapping[int, MaskedName]:
        return {
            n: MaskedName(c.identity.masked, c.masked_firstname, c.masked_lastname)
            for n in citizen_ids
            if (c := self._citizens.get(n))
        }

    def provinces_of(self, citizen_ids: Sequence[int]) -> Mapping[int, int]:
        return {n: self._citizens[n].province for n in citizen_ids if n in self._citizens}

    def populations(self) -> Mapping[int, int]:
        return Counter(citizen.province for citizen in self._citizens.values())

    def taken(
        self, *, identities: Sequence[str] = (), phones: Sequence[str] = (), passports: Sequence[str] = ()
    ) -> frozenset[str]:
        used = {c.identity.digits for c in self._citizens.values()}
        lines = {c.phone.subscriber for c in self._citizens.values() if c.phone}
        papers = {c.passport.text for c in self._citizens.values() if c.passport}
        return frozenset(used & set(identities) | lines & set(phones) | papers & set(passports))

    def put_death(self, citizen_id: int, day: date) -> None:
        self._deaths[citizen_id] = day

    def died_on(self, citizen_id: int) -> date | None:
        return self._deaths.get(citizen_id)

    def put_institution(self, institution: Institution) -> None:
        self._institutions[institution.institution_id] = institution

    def institution(self, institution_id: int) -> Institution | None:
        return self._institutions.get(institution_id)

    def by_label(self, label: str) -> Institution | None:
        return next((i for i in self._institutions.values() if i.label == label), None)

    def by_vkn(self, vkn: Vkn) -> Sequence[Institution]:
        return [i for _, i in sorted(self._institutions.items()) if i.vkn == vkn]

    def institutions(self) -> Sequence[Institution]:
        return list(self._institutions.values())


METADATA = sa.MetaData()
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")

CITIZEN = sa.Table(
    "citizen",
    METADATA,
    sa.Column("citizen_id", _ID, primary_key=True, autoincrement=False),
    sa.Column("identity", sa.String(11), nullable=False, unique=True),
    sa.Column("firstname", sa.Text, nullable=False),
    sa.Column("lastname", sa.Text, nullable=False),
    sa.Column("sex", sa.String(6), nullable=False),
    sa.Column("birth_date", sa.String(10), nullable=False),
    sa.Column("province", sa.SmallInteger, nullable=False),
    sa.Column("phone", sa.String(16), unique=True),
    sa.Column("id_card", sa.String(9), nullable=False),
    sa.Column("parents", sa.JSON, nullable=False),
    sa.Column("masked_identity", sa.String(11), nullable=False),
    sa.Column("masked_firstname", sa.Text, nullable=False),
    sa.Column("masked_lastname", sa.Text, nullable=False),
    sa.Column("blue_card", sa.Boolean, nullable=False),
    sa.Column("passport", sa.String(13), unique=True),
)
PARENT = sa.Table(
    "parent",
    METADATA,
    sa.Column("parent_id", _ID, primary_key=True, autoincrement=False),
    sa.Column("child_id", _ID, primary_key=True, autoincrement=False),
)
DEATH = sa.Table(
    "death", METADATA, sa.Column("citizen_id", _ID, primary_key=True), sa.Column("day", sa.String(10), nullable=False)
)
INSTITUTION = sa.Table(
    "institution",
    METADATA,
    sa.Column("institution_id", _ID, primary_key=True, autoincrement=False),
    sa.Column("vkn", sa.String(10), nullable=False, index=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False, unique=True),
    sa.Column("province", sa.SmallInteger, nullable=False),
    sa.Column("staff_count", sa.Integer, nullable=False),
    sa.Column("staff", sa.JSON, nullable=False),
    sa.Column("headquarters", _ID),
)


class SqlRegistry:
    """The register in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put_citizens(self, citizens: Sequence[Citizen]) -> None:
        if not citizens:
            return
        connection = self._database.connection
        connection.execute(CITIZEN.insert(), [_citizen_row(citizen) for citizen in citizens])
        parents = [
            {"parent_id": parent, "child_id": citizen.citizen_id} for citizen in citizens for parent in citizen.parents
        ]
        if parents:
            connection.execute(PARENT.insert(), parents)

    def citizen(self, citizen_id: int) -> Citizen | None:
        return self._one(CITIZEN.c.citizen_id == citizen_id)

    def by_identity(self, identity_number: str) -> Citizen | None:
        return self._one(CITIZEN.c.identity == identity_number)

    def by_phone(self, subscriber: str) -> Citizen | None:
        return self._one(CITIZEN.c.phone == subscriber)

    def by_passport(self, passport: Passport) -> Citizen | None:
        return self._one(CITIZEN.c.passport == passport.text)

    def children_of(self, citizen_id: int) -> Sequence[Citizen]:
        joined = CITIZEN.join(PARENT, PARENT.c.child_id == CITIZEN.c.citizen_id)
        found = sa.select(CITIZEN).select_from(joined).where(PARENT.c.parent_id == citizen_id)
        rows = self._database.connection.execute(found.order_by(CITIZEN.c.citizen_id)).mappings()
        return [_citizen(row) for row in rows]

    def citizens(self, *, after: int = 0, limit: int = 100) -> Sequence[Citizen]:
        found = sa.select(CITIZEN).where(CITIZEN.c.citizen_id > after)
        rows = self._database.connection.execute(found.order_by(CITIZEN.c.citizen_id).limit(limit)).mappings()
        return [_citizen(row) for row in rows]

    def count_citizens(self) -> int:
        count = self._database.connection.scalar(sa.select(sa.func.max(CITIZEN.c.citizen_id)))
        return int(count or 0)

    def masked_many(self, citizen_ids: Sequence[int]) -> Mapping[int, MaskedName]:
        raw = self._database.raw
        if raw is None:
            c = CITIZEN.c
            found = sa.select(c.citizen_id, c.masked_identity, c.masked_firstname, c.masked_lastname)
            wanted = c.citizen_id == sa.any_(sa.literal(list(citizen_ids), sa.ARRAY(sa.BigInteger)))
            rows = self._database.connection.execute(found.where(wanted))
            return {row[0]: MaskedName(*row[1:]) for row in rows}
        sql = (
            "SELECT citizen_id, masked_identity, masked_firstname, masked_lastname"
            " FROM json_each(?) JOIN citizen ON citizen_id = value"
        )
        return {n: MaskedName(i, f, s) for n, i, f, s in raw.execute(sql, (json.dumps(list(citizen_ids)),))}

    def provinces_of(self, citizen_ids: Sequence[int]) -> Mapping[int, int]:
        found: dict[int, int] = {}
        for begin in range(0, len(citizen_ids), 10_000):
            part = citizen_ids[begin : begin + 10_000]
            chosen = sa.select(CITIZEN.c.citizen_id, CITIZEN.c.province).where(CITIZEN.c.citizen_id.in_(part))
            found.update({row[0]: row[1] for row in self._database.connection.execute(chosen)})
        return found

    def populations(self) -> Mapping[int, int]:
        counted = sa.select(CITIZEN.c.province, sa.func.count()).group_by(CITIZEN.c.province)
        return {row[0]: row[1] for row in self._database.connection.execute(counted)}

    def taken(
        self, *, identities: Sequence[str] = (), phones: Sequence[str] = (), passports: Sequence[str] = ()
    ) -> frozenset[str]:
        used: set[str] = set()
        c = CITIZEN.c
        for column, numbers in ((c.identity, identities), (c.phone, phones), (c.passport, passports)):
            for begin in range(0, len(numbers), 10_000):
                found = sa.select(column).where(column.in_(numbers[begin : begin + 10_000]))
                used.update(self._database.connection.scalars(found))
        return frozenset(used)

    def put_death(self, citizen_id: int, day: date) -> None:
        self._database.connection.execute(DEATH.insert(), {"citizen_id": citizen_id, "day": day.isoformat()})

    def died_on(self, citizen_id: int) -> date | None:
        day = self._database.connection.scalar(sa.select(DEATH.c.day).where(DEATH.c.citizen_id == citizen_id))
        return None if day is None else date.fromisoformat(day)

    def put_institution(self, institution: Institution) -> None:
        row = {
            "institution_id": institution.institution_id,
            "vkn": institution.vkn.digits,
            "kind": institution.kind.value,
            "name": institution.name,
            "label": institution.label,
            "province": institution.province,
            "staff_count": institution.staff_count,
            "staff": list(institution.staff),
            "headquarters": institution.headquarters,
        }
        self._database.connection.execute(INSTITUTION.insert(), row)

    def institution(self, institution_id: int) -> Institution | None:
        return self._one_institution(INSTITUTION.c.institution_id == institution_id)

    def by_label(self, label: str) -> Institution | None:
        return self._one_institution(INSTITUTION.c.label == label)

    def by_vkn(self, vkn: Vkn) -> Sequence[Institution]:
        return self._institutions(sa.select(INSTITUTION).where(INSTITUTION.c.vkn == vkn.digits))

    def institutions(self) -> Sequence[Institution]:
        return self._institutions(sa.select(INSTITUTION))

    def _institutions(self, found: sa.Select[Any]) -> Sequence[Institution]:
        rows = self._database.connection.execute(found.order_by(INSTITUTION.c.institution_id)).mappings()
        return [_institution(row) for row in rows]

    def _one(self, where: sa.ColumnElement[bool]) -> Citizen | None:
        row = self._database.connection.execute(sa.select(CITIZEN).where(where)).mappings().first()
        return None if row is None else _citizen(row)

    def _one_institution(self, where: sa.ColumnElement[bool]) -> Institution | None:
        row = self._database.connection.execute(sa.select(INSTITUTION).where(where)).mappings().first()
        return None if row is None else _institution(row)


def _citizen_row(citizen: Citizen) -> dict[str, Any]:
    return {
        "citizen_id": citizen.citizen_id,
        "identity": citizen.identity.digits,
        "firstname": citizen.firstname,
        "lastname": citizen.lastname,
        "sex": citizen.sex.value,
        "birth_date": citizen.birth_date.isoformat(),
        "province": citizen.province,
        "phone": citizen.phone.subscriber if citizen.phone else None,
        "id_card": citizen.id_card.text,
        "parents": list(citizen.parents),
        "masked_identity": citizen.identity.masked,
        "masked_firstname": citizen.masked_firstname,
        "masked_lastname": citizen.masked_lastname,
        "blue_card": citizen.blue_card,
        "passport": citizen.passport.text if citizen.passport else None,
    }


def _citizen(row: Mapping[str, Any] | sa.RowMapping) -> Citizen:
    return Citizen(
        citizen_id=row["citizen_id"],
        identity=parse_identity(row["identity"]),
        firstname=row["firstname"],
        lastname=row["lastname"],
        sex=Sex(row["sex"]),
        birth_date=date.fromisoformat(row["birth_date"]),
        province=row["province"],
        phone=line_of(row["phone"]) if row["phone"] else None,
        id_card=IdCardSerial(row["id_card"]),
        parents=tuple(row["parents"]),
        blue_card=bool(row["blue_card"]),
        passport=Passport.parse(row["passport"]) if row["passport"] else None,
    )


def _institution(row: Mapping[str, Any] | sa.RowMapping) -> Institution:
    made = Institution(
        institution_id=row["institution_id"],
        vkn=Vkn(row["vkn"]),
        kind=InstitutionKind(row["kind"]),
        name=row["name"],
        label=row["label"],
        province=row["province"],
        staff_count=row["staff_count"],
        headquarters=row["headquarters"],
    )
    return replace(made, staff=tuple(row["staff"]))
