"""Use-cases of the credentials desk."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from hmac import compare_digest

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import VerifyMismatchError
from argon2.low_level import Type, hash_secret

from mockgov.bus import Tell
from mockgov.clock import Now, to_us
from mockgov.credentials.messages import (
    AccountLocked,
    AccountProvisioned,
    AccountRevoked,
    PasswordRotated,
    ProvisionAccount,
)
from mockgov.credentials.rules import (
    Account,
    AccountState,
    AccountTaken,
    BadCredentials,
    Environment,
    UnknownAccount,
    after_failure,
    after_success,
    check_rotatable,
    is_locked,
    is_officers_lock,
    mint_password,
    revoke,
    username,
)
from mockgov.credentials.store import AccountStore
from mockgov.streams import Streams

REFUSAL = (
    "User name and password do not open this environment. Use the pair that was issued for it; test pairs work "
    "under the test base address only, live pairs under the live one."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How doors are guarded; see `mockgov.settings.Settings` for meaning and source."""

    lock_after_failures: int
    lock_minutes: int
    remember_s: int
    argon2_memory_kib: int
    argon2_passes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A password, shown this once, and its account."""

    account: Account
    password: str


class Credentials:
    """All accounts of one world."""

    def __init__(
        self,
        *,
        store: AccountStore,
        now: Now,
        streams: Streams,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        limits: Limits,
    ) -> None:
        self._store = store
        self._now = now
        self._streams = streams
        self._tell = tell
        self._transaction = transaction
        self._limits = limits
        self._digest_key = streams.secret("credentials.remember")
        self._remembered: dict[bytes, tuple[str, int]] = {}
        self._decoy = ""
        self.changes = 0
        """How often accounts were made or changed, since this object was."""

    def provision(self, order: ProvisionAccount) -> Issued:
        """Make an account and its password. Raises `AccountTaken`."""
        return self.provision_many([order])[0]

    def provision_many(self, orders: Sequence[ProvisionAccount]) -> Sequence[Issued]:
        """Make accounts, all or none, their passwords hashed side by side. Raises `AccountTaken`."""
        names = [username(order.label, order.environment) for order in orders]
        for nth, name in enumerate(names):
            known = self._store.get(name)
            if known is not None and known.state is AccountState.REVOKED:
                raise AccountTaken(f"{name} was revoked, and stays so; provision an account with another label.")
            if known is not None or name in names[:nth]:
                raise AccountTaken(f"{name} exists already; rotate its password instead.")
        passwords = [self.password(name, 0) for name in names]
        with ThreadPoolExecutor() as pool:
            hashes = list(pool.map(self._hash, names, [0] * len(names), passwords))
        accounts = [
            Account(
                username=name,
                environment=order.environment,
                institution_id=order.institution_id,
                password_hash=hashed,
            )
            for name, order, hashed in zip(names, orders, hashes, strict=True)
        ]
        self.changes += 1
        with self._transaction():
            for account in accounts:
                self._store.put(account)
                self._tell(AccountProvisioned(username=account.username, institution_id=account.institution_id))
        return [Issued(account=account, password=word) for account, word in zip(accounts, passwords, strict=True)]

    def rotate(self, name: str) -> Issued:
        """Give an account a new password; the old one fails from the next call on.

        Raises `UnknownAccount`, `IllegalTransition` for a revoked one.
        """
        account = self.account(name)
        check_rotatable(account)
        rotation = account.rotation + 1
        password = self.password(name, rotation)
        hashed = self._hash(name, rotation, password)
        account = replace(account, password_hash=hashed, rotation=rotation, failures=0, locked_until=None)
        self._change(account, PasswordRotated(username=name))
        return Issued(account=account, password=password)

    def revoke(self, name: str) -> None:
        """Close an account for good. Raises `UnknownAccount`, `IllegalTransition`."""
        self._change(revoke(self.account(name)), AccountRevoked(username=name))

    def lock(self, name: str, until: datetime) -> Account:
        """Keep an account shut until a moment, whatever the password; a new password opens it before.

        Raises `UnknownAccount`, `IllegalTransition` for a revoked one.
        """
        account = self.account(name)
        check_rotatable(account)
        locked = replace(account, failures=0, locked_until=until)
        self._change(locked, AccountLocked(username=name))
        return locked

    def account(self, name: str) -> Account:
        """The account of a user name. Raises `UnknownAccount`."""
        account = self._store.get(name)
        if account is None:
            raise UnknownAccount("No account has this user name; see the list of accounts under /_lab/accounts.")
        return account

    def accounts(self) -> Sequence[Account]:
        """All accounts, by user name."""
        return self._store.all()

    def accounts_of(self, institution_id: int) -> Sequence[Account]:
        """An institution's accounts, by user name."""
        return self._store.of(institution_id)

    def password(self, name: str, rotation: int) -> str:
        """What the world mints as the password of a user name; the lab shows it, no counter does."""
        return mint_password(self._streams.draw("credentials.password", name, rotation))

    def is_pair(self, name: str, password: str, environment: Environment) -> bool:
        """Whether this world minted the password for the account; asking hashes nothing and counts for nothing."""
        account = self._store.get(name)
        if account is None or account.environment is not environment:
            return False
        minted = self.password(name, account.rotation)
        return compare_digest(minted.encode(), password.encode("utf-8", "surrogatepass"))

    def check(self, name: str, password: str, environment: Environment) -> Account:
        """The account, if name and password open the environment now. Raises `BadCredentials`."""
        account = self.candidate(name, environment)
        return self.conclude(account, matches=self.matches(account, password))

    def obstacle(self, name: str, environment: Environment) -> str:
        """What stands between a user name and an environment whatever the password; empty for nothing.

        For the sandbox's own journal alone: no counter tells it.
        """
        account = self._store.get(name)
        if account is None:
            return "unknown-user"
        if account.environment is not environment:
            return "other-environment"
        if account.state is AccountState.REVOKED:
            return "revoked"
        now = self._now()
        if is_officers_lock(account, now, minutes=self._limits.lock_minutes):
            return "locked-by-officer"
        return "locked" if is_locked(account, now) else ""

    def candidate(self, name: str, environment: Environment) -> Account | None:
        """The account whose password is worth hashing, or None."""
        account = self._store.get(name)
        if account is None or account.environment is not environment or account.state is AccountState.REVOKED:
            return None
        return None if is_locked(account, self._now()) else account

    def matches(self, account: Account | None, password: str) -> bool:
        """Whether the password is the account's; takes as long for no account. Safe on a worker thread."""
        hashed = self._decoy_hash() if account is None else account.password_hash
        try:
            PasswordHasher.from_parameters(extract_parameters(hashed)).verify(hashed, password.encode())
        except VerifyMismatchError:
            return False
        return account is not None

    def conclude(self, account: Account | None, *, matches: bool) -> Account:
        """Count the attempt. Raises `BadCredentials` for a wrong one and for an account changed meanwhile."""
        current = self._store.get(account.username) if account else None
        if account is None or current is None or current.password_hash != account.password_hash:
            raise BadCredentials(REFUSAL)
        if current.state is AccountState.REVOKED or is_locked(current, self._now()):
            raise BadCredentials(REFUSAL)
        if matches:
            if current != after_success(current):
                self._store_quietly(after_success(current))
            return current
        limits = self._limits
        failed = after_failure(current, self._now(), limit=limits.lock_after_failures, minutes=limits.lock_minutes)
        self._forget(current.username)
        with self._transaction():
            self._store.put(failed)
            if failed.locked_until is not None:
                self._tell(AccountLocked(username=current.username))
        raise BadCredentials(REFUSAL)

    def remember(self, environment: Environment, credential: bytes, account: Account) -> None:
        """Let the same credential in without hashing, for a short time."""
        until = to_us(self._now()) + self._limits.remember_s * 1_000_000
        self._remembered[self.digest(environment, credential)] = (account.username, until)

    def recall(self, environment: Environment, credential: bytes) -> str | None:
        """The user name that a credential opened the environment for a short while ago, or None."""
        return self.recall_digest(self.digest(environment, credential))

    def recall_digest(self, digest: bytes) -> str | None:
        """The same for a credential of which only the `digest` is at hand."""
        known = self._remembered.get(digest)
        if known is None:
            return None
        if known[1] <= to_us(self._now()):
            del self._remembered[digest]
            return None
        return known[0]

    def digest(self, environment: Environment, credential: bytes) -> bytes:
        """What stands for a credential in memory; only this world can make it, and nobody can undo it."""
        return blake2b(credential, digest_size=16, key=self._digest_key, person=environment.encode()).digest()

    def _change(self, account: Account, event: object) -> None:
        with self._transaction():
            self._store.put(account)
            self._tell(event)
        self.changes += 1
        self._forget(account.username)

    def _store_quietly(self, account: Account) -> None:
        with self._transaction():
            self._store.put(account)

    def _forget(self, name: str) -> None:
        self._remembered = {digest: known for digest, known in self._remembered.items() if known[0] != name}

    def _hash(self, name: str, rotation: int, password: str) -> str:
        salt = self._streams.secret("credentials.salt", name, rotation, size=16)
        passes, memory = self._limits.argon2_passes, self._limits.argon2_memory_kib
        return hash_secret(password.encode(), salt, passes, memory, 1, 32, Type.ID).decode()

    def _decoy_hash(self) -> str:
        if not self._decoy:
            self._decoy = self._hash("", -1, "")
        return self._decoy
