"""Where groups are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.database import Database
from mockgov.groups.rules import Group, Outcome, Run


class GroupStore(Protocol):
    """Keeps groups, their codes in the order of adding, and their runs."""

    def put(self, group: Group) -> Group:
        """Add a group; its number is given by the store."""
        ...

    def update(self, group: Group) -> None:
        """Replace the group of the same number."""
        ...

    def get(self, group_id: int) -> Group | None:
        """The group of that number."""
        ...

    def drop(self, group_id: int) -> None:
        """Forget a group with all that belongs to it."""
        ...

    def of(self, institution_ids: Sequence[int]) -> Sequence[Group]:
        """The groups of institutions, in the order of making."""
        ...

    def count(self, group_id: int) -> int:
        """How many codes a group has."""
        ...

    def codes(self, group_id: int, *, skip: int = 0, limit: int | None = None) -> Sequence[str]:
        """A group's codes, in the order of adding."""
        ...

    def add(self, group_id: int, codes: Sequence[str]) -> None:
        """Add codes that are not in the group."""
        ...

    def remove(self, group_id: int, code: str) -> bool:
        """Take a code out of a group; whether it was there."""
        ...

    def holders(self, codes: Sequence[str]) -> Sequence[tuple[int, str]]:
        """Which institution has which of the codes in a group."""
        ...

    def put_run(self, run: Run, problems: Sequence[Outcome]) -> Run:
        """Add a run, whose number is given by the store; its problem rows take the place of the earlier run's."""
        ...

    def runs(self, group_id: int, *, limit: int = 20) -> Sequence[Run]:
        """A group's runs, newest first."""
        ...

    def problems(self, group_id: int) -> Sequence[Outcome]:
        """The problem rows of the latest run, in the group's order."""
        ...

    def oldest_run_us(self) -> int | None:
        """When the oldest run was."""
        ...

    def drop_runs(self, before_us: int) -> int:
        """Forget the runs before a moment, with their problem rows; how many runs."""
        ...

    def strike(self, codes: Sequence[str]) -> int:
        """Take codes out of every group and of every run's problem rows; how many rows."""
        ...


class InMemoryGroups:
    """The plain twin."""

    def __init__(self) -> None:
        self._groups: dict[int, Group] = {}
        self._codes: dict[int, list[str]] = {}
        self._runs: list[Run] = []
        self._problems: dict[int, Sequence[Outcome]] = {}
        self._made = self._ran = 0

    def put(self, group: Group) -> Group:
        self._made += 1
        self._groups[self._made] = replace(group, group_id=self._made)
        self._codes[self._made] = []
        return self._groups[self._made]

    def update(self, group: Group) -> None:
        self._groups[group.group_id] = group

    def get(self, group_id: int) -> Group | None:
        return self._groups.get(group_id)

    def drop(self, group_id: int) -> None:
        del self._groups[group_id], self._codes[group_id]
        self._runs = [run for run in self._runs if run.group_id != group_id]
        self._problems.pop(group_id, None)

    def of(self, institution_ids: Sequence[int]) -> Sequence[Group]:
        return [group for group in self._groups.values() if group.institution_id in institution_ids]

    def count(self, group_id: int) -> int:
        return len(self._codes[group_id])

    def codes(self, group_id: int, *, skip: int = 0, limit: int | None = None) -> Sequence[str]:
        return self._codes[group_id][skip : None if limit is None else skip + limit]

    def add(self, group_id: int, codes: Sequence[str]) -> None:
        self._codes[group_id].extend(codes)

    def remove(self, group_id: int, code: str) -> bool:
        there = code in self._codes[group_id]
        if there:
            self._codes[group_id].remove(code)
        return there

    def holders(self, codes: Sequence[str]) -> Sequence[tuple[int, str]]:
        having = ((self._groups[number].institution_id, held) for number, held in self._codes.items())
        return [(institution, code) for institution, held in having for code in held if code in codes]

    def put_run(self, run: Run, problems: Sequence[Outcome]) -> Run:
        self._ran += 1
        self._runs.append(replace(run, run_id=self._ran))
        self._problems[run.group_id] = list(problems)
        return self._runs[-1]

    def runs(self, group_id: int, *, limit: int = 20) -> Sequence[Run]:
        return [run for run in reversed(self._runs) if run.group_id == group_id][:limit]

    def problems(self, group_id: int) -> Sequence[Outcome]:
        return self._problems.get(group_id, [])

    def oldest_run_us(self) -> int | None:
        return min((to_us(run.asked_at) for run in self._runs), default=None)

    def drop_runs(self, before_us: int) -> int:
        kept = [run for run in self._runs if to_us(run.asked_at) >= before_us]
        gone, self._runs = len(self._runs) - len(kept), kept
        with_runs = {run.group_id for run in kept}
        self._problems = {group: rows for group, rows in self._problems.items() if group in with_runs}
        return gone

    def strike(self, codes: Sequence[str]) -> int:
        gone = sum(self.remove(group, code) for group in self._groups for code in codes)
        for group, rows in self._problems.items():
            self._problems[group] = [row for row in rows if row.code not in codes]
            gone += len(rows) - len(self._problems[group])
        return gone


AT_ONCE = 500
"""Codes in one IN list."""
_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
METADATA = sa.MetaData()
GROUP = sa.Table(
    "code_group",
    METADATA,
    sa.Column("group_id", _NUMBER, primary_key=True),
    sa.Column("institution_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("made_us", sa.BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
MEMBER = sa.Table(
    "code_group_member",
    METADATA,
    sa.Column("number", _NUMBER, primary_key=True),
    sa.Column("group_id", sa.BigInteger, nullable=False),
    sa.Column("code", sa.String(10), nullable=False, index=True),
    sa.UniqueConstraint("group_id", "code"),
)
RUN = sa.Table(
    "code_group_run",
    METADATA,
    sa.Column("run_id", _NUMBER, primary_key=True),
    sa.Column("group_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("asked_by", sa.BigInteger, nullable=False),
    sa.Column("asked_us", sa.BigInteger, nullable=False, index=True),
    sa.Column("riskless", sa.Integer, nullable=False),
    sa.Column("risky", sa.Integer, nullable=False),
    sa.Column("expired", sa.Integer, nullable=False),
    sa.Column("not_found", sa.Integer, nullable=False),
    sqlite_autoincrement=True,
)
PROBLEM = sa.Table(
    "code_group_problem",
    METADATA,
    sa.Column("number", _NUMBER, primary_key=True),
    sa.Column("group_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("code", sa.String(10), nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("identity_number", sa.Text, nullable=False),
    sa.Column("expires_us", sa.BigInteger, nullable=False),
)
_SHOWN = [PROBLEM.c[name] for name in Outcome._fields]


class SqlGroups:
    """Groups in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, group: Group) -> Group:
        made = self._database.connection.execute(GROUP.insert().returning(GROUP.c.group_id), _group_row(group))
        return replace(group, group_id=made.scalar_one())

    def update(self, group: Group) -> None:
        which = GROUP.c.group_id == group.group_id
        self._database.connection.execute(GROUP.update().where(which).values(**_group_row(group)))

    def get(self, group_id: int) -> Group | None:
        found = sa.select(GROUP).where(GROUP.c.group_id == group_id)
        row = self._database.connection.execute(found).mappings().first()
        return None if row is None else _group(row)

    def drop(self, group_id: int) -> None:
        for table in (PROBLEM, RUN, MEMBER, GROUP):
            self._database.connection.execute(table.delete().where(table.c.group_id == group_id))

    def of(self, institution_ids: Sequence[int]) -> Sequence[Group]:
        found = sa.select(GROUP).where(GROUP.c.institution_id.in_(institution_ids)).order_by(GROUP.c.group_id)
        return [_group(row) for row in self._database.connection.execute(found).mappings()]

    def count(self, group_id: int) -> int:
        counted = sa.select(sa.func.count()).select_from(MEMBER).where(MEMBER.c.group_id == group_id)
        return self._database.connection.scalar(counted) or 0

    def codes(self, group_id: int, *, skip: int = 0, limit: int | None = None) -> Sequence[str]:
        found = sa.select(MEMBER.c.code).where(MEMBER.c.group_id == group_id).order_by(MEMBER.c.number)
        return list(self._database.connection.scalars(found.offset(skip).limit(limit)))

    def add(self, group_id: int, codes: Sequence[str]) -> None:
        if codes:
            rows = [{"group_id": group_id, "code": code} for code in codes]
            self._database.connection.execute(MEMBER.insert(), rows)

    def remove(self, group_id: int, code: str) -> bool:
        which = sa.and_(MEMBER.c.group_id == group_id, MEMBER.c.code == code)
        return bool(self._database.connection.execute(MEMBER.delete().where(which)).rowcount)

    def holders(self, codes: Sequence[str]) -> Sequence[tuple[int, str]]:
        held = sa.select(GROUP.c.institution_id, MEMBER.c.code).join(MEMBER, MEMBER.c.group_id == GROUP.c.group_id)
        found: list[tuple[int, str]] = []
        for at in range(0, len(codes), AT_ONCE):
            some = held.where(MEMBER.c.code.in_(codes[at : at + AT_ONCE])).order_by(MEMBER.c.number)
            found += [(row[0], row[1]) for row in self._database.connection.execute(some)]
        return found

    def put_run(self, run: Run, problems: Sequence[Outcome]) -> Run:
        row = {
            "group_id": run.group_id,
            "asked_by": run.asked_by,
            "asked_us": to_us(run.asked_at),
            "riskless": run.riskless,
            "risky": run.risky,
            "expired": run.expired,
            "not_found": run.not_found,
        }
        made = self._database.connection.execute(RUN.insert().returning(RUN.c.run_id), row)
        number = made.scalar_one()
        self._database.connection.execute(PROBLEM.delete().where(PROBLEM.c.group_id == run.group_id))
        rows = [{"group_id": run.group_id, **outcome._asdict()} for outcome in problems]
        if rows:
            self._database.connection.execute(PROBLEM.insert(), rows)
        return replace(run, run_id=number)

    def runs(self, group_id: int, *, limit: int = 20) -> Sequence[Run]:
        found = sa.select(RUN).where(RUN.c.group_id == group_id).order_by(RUN.c.run_id.desc()).limit(limit)
        return [
            Run(
                run_id=row["run_id"],
                group_id=row["group_id"],
                asked_by=row["asked_by"],
                asked_at=from_us(row["asked_us"]),
                riskless=row["riskless"],
                risky=row["risky"],
                expired=row["expired"],
                not_found=row["not_found"],
            )
            for row in self._database.connection.execute(found).mappings()
        ]

    def problems(self, group_id: int) -> Sequence[Outcome]:
        found = sa.select(*_SHOWN).where(PROBLEM.c.group_id == group_id).order_by(PROBLEM.c.number)
        return [Outcome(*row) for row in self._database.connection.execute(found)]

    def oldest_run_us(self) -> int | None:
        return self._database.value("SELECT min(asked_us) FROM code_group_run")

    def drop_runs(self, before_us: int) -> int:
        gone = self._database.connection.execute(RUN.delete().where(RUN.c.asked_us < before_us)).rowcount
        with_runs = sa.select(RUN.c.group_id)
        self._database.connection.execute(PROBLEM.delete().where(PROBLEM.c.group_id.not_in(with_runs)))
        return gone

    def strike(self, codes: Sequence[str]) -> int:
        return sum(
            self._database.connection.execute(table.delete().where(table.c.code.in_(codes[at : at + AT_ONCE]))).rowcount
            for table in (MEMBER, PROBLEM)
            for at in range(0, len(codes), AT_ONCE)
        )


def _group(row: sa.RowMapping) -> Group:
    return Group(
        group_id=row["group_id"],
        institution_id=row["institution_id"],
        name=row["name"],
        description=row["description"],
        made_at=from_us(row["made_us"]),
    )


def _group_row(group: Group) -> dict[str, object]:
    return {
        "institution_id": group.institution_id,
        "name": group.name,
        "description": group.description,
        "made_us": to_us(group.made_at),
    }
