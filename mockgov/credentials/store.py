"""Where accounts are kept: a Protocol, a plain twin, and one for SQLite and PostgreSQL."""

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from mockgov.clock import from_us, to_us
from mockgov.credentials.rules import Account, AccountState, Environment
from mockgov.database import Database


class AccountStore(Protocol):
    """Keeps accounts."""

    def put(self, account: Account) -> None:
        """Add a new account or replace the one of the same user name."""
        ...

    def get(self, username: str) -> Account | None:
        """The account of that user name, exactly as written."""
        ...

    def all(self) -> Sequence[Account]:
        """All accounts, by user name."""
        ...

    def of(self, institution_id: int) -> Sequence[Account]:
        """An institution's accounts, by user name."""
        ...


class InMemoryAccounts:
    """The plain twin."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def put(self, account: Account) -> None:
        self._accounts[account.username] = account

    def get(self, username: str) -> Account | None:
        return self._accounts.get(username)

    def all(self) -> Sequence[Account]:
        return [self._accounts[name] for name in sorted(self._accounts)]

    def of(self, institution_id: int) -> Sequence[Account]:
        return [account for account in self.all() if account.institution_id == institution_id]


METADATA = sa.MetaData()
ACCOUNT = sa.Table(
    "account",
    METADATA,
    sa.Column("username", sa.Text, primary_key=True),
    sa.Column("environment", sa.String(4), nullable=False),
    sa.Column("institution_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("rotation", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("locked_until_us", sa.BigInteger),
)


class SqlAccounts:
    """Accounts in SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.create(METADATA)

    def put(self, account: Account) -> None:
        row = _row(account)
        changed = ACCOUNT.update().where(ACCOUNT.c.username == account.username).values(**row)
        if not self._database.connection.execute(changed).rowcount:
            self._database.connection.execute(ACCOUNT.insert(), row)

    def get(self, username: str) -> Account | None:
        found = sa.select(ACCOUNT).where(ACCOUNT.c.username == username)
        row = self._database.connection.execute(found).mappings().first()
        return None if row is None else _account(row)

    def all(self) -> Sequence[Account]:
        return self._read(sa.select(ACCOUNT))

    def of(self, institution_id: int) -> Sequence[Account]:
        return self._read(sa.select(ACCOUNT).where(ACCOUNT.c.institution_id == institution_id))

    def _read(self, sought: sa.Select[Any]) -> Sequence[Account]:
        rows = self._database.connection.execute(sought).mappings()
        return sorted((_account(row) for row in rows), key=lambda account: account.username)


def _row(account: Account) -> dict[str, Any]:
    return {
        "username": account.username,
        "environment": account.environment.value,
        "institution_id": account.institution_id,
        "password_hash": account.password_hash,
        "rotation": account.rotation,
        "state": account.state.value,
        "failures": account.failures,
        "locked_until_us": None if account.locked_until is None else to_us(account.locked_until),
    }


def _account(row: sa.RowMapping) -> Account:
    return Account(
        username=row["username"],
        environment=Environment(row["environment"]),
        institution_id=row["institution_id"],
        password_hash=row["password_hash"],
        rotation=row["rotation"],
        state=AccountState(row["state"]),
        failures=row["failures"],
        locked_until=None if row["locked_until_us"] is None else from_us(row["locked_until_us"]),
    )
