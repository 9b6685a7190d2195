"""Use-cases about accounts: open, close, sign in, look up, and how much room there is."""

import hmac
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from hashlib import blake2b

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.kep.content import clean_line
from mockgov.kep.messages import (
    AccountClosed,
    AccountOpened,
    AdjustKepAccount,
    KepAccountLocked,
    OpenedKepAccount,
    OpenKepAccount,
)
from mockgov.kep.rules import (
    Account,
    BadAmount,
    BadKepCredentials,
    Fate,
    KepAccountTaken,
    Quota,
    UnknownKepAccount,
    after_failure,
    after_success,
    check_provider,
    fate,
    is_locked,
    mint_password,
)
from mockgov.kep.store import KepStore
from mockgov.streams import Streams
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.turkish import lower_tr

LOCK_AFTER_FAILURES = 5
"""Wrong passwords in a row (chosen here, as at the credentials desk)."""
LOCK_MINUTES = 15
"""How long the door then stays shut (chosen here)."""
REFUSAL = "Address and password do not open a KEP account. Check both; after five wrong ones wait a quarter of an hour."
MAX_AMOUNT = 1_000_000_000
"""Of KiB and of letters: more is a slip of the hand."""


class Accounts:
    """All registered e-mail accounts of one world."""

    def __init__(
        self,
        *,
        store: KepStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        streams: Streams,
        quota_kib: int,
    ) -> None:
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._streams = streams
        self._quota_kib = quota_kib

    def open_account(self, order: OpenKepAccount) -> OpenedKepAccount:
        """Open an account. An address is given once: a closed account's is not given to anybody else.

        Raises `KepAccountTaken`, `UnknownProvider`, `UnknownFate`, `BadAmount`, `InvalidKepAddress`.
        """
        check_provider(order.provider)
        address = KepAddress.parse(f"{order.account}@{order.provider}.kep.tr")
        quota_kib = self._quota_kib if order.quota_kib is None else order.quota_kib
        account = Account(
            address=address,
            institution_id=order.institution_id,
            name=clean_line(order.name),
            opened_at=self._now(),
            password_digest=self._digest(address, self.password(address)),
            quota_kib=_amount(quota_kib),
            credit=_amount(order.credit),
            fate=fate(order.fate),
            wants_packages=order.wants_packages,
        )
        if self._store.account(address) is not None:
            raise KepAccountTaken(f"{address} is in use, or was; choose another name before the at sign.")
        with self._transaction():
            self._store.put_account(account)
            self._tell(AccountOpened(address=address, institution_id=order.institution_id))
        return OpenedKepAccount(address=address, password=self.password(address))

    def close_account(self, address: KepAddress) -> None:
        """Close an account for good: it opens, takes and deposits nothing. Raises `UnknownKepAccount`."""
        account = self.account(address)
        with self._transaction():
            self._store.put_account(replace(account, closed_at=self._now()))
            self._tell(AccountClosed(address=address))

    def adjust(self, order: AdjustKepAccount) -> Account:
        """Change an account's quota, credit, fate or policy. Raises `UnknownKepAccount`, `UnknownFate`, `BadAmount`."""
        account = self.account(order.address)
        if order.quota_kib is not None:
            account = replace(account, quota_kib=_amount(order.quota_kib))
        if order.credit is not None:
            account = replace(account, credit=_amount(order.credit))
        if order.fate is not None:
            account = replace(account, fate=fate(order.fate or None))
        if order.wants_packages is not None:
            account = replace(account, wants_packages=order.wants_packages)
        with self._transaction():
            self._store.put_account(account)
        return account

    def account(self, address: KepAddress) -> Account:
        """The open account of an address. Raises `UnknownKepAccount`."""
        account = self._store.account(address)
        if account is None or account.closed_at is not None:
            raise UnknownKepAccount("No open KEP account has this address. Look it up in the directory.")
        return account

    def accounts(self) -> Sequence[Account]:
        """All accounts, closed ones too, by address: for the lab."""
        return self._store.accounts()

    def directory(self, text: str, *, limit: int = 100) -> Sequence[Account]:
        """Open accounts whose name or address contains a text, in Turkish letters of any case (*DizinSorgula*)."""
        wanted = lower_tr(text.strip())
        found = [one for one in self._store.accounts() if one.closed_at is None]
        return [one for one in found if wanted in lower_tr(one.name) or wanted in one.address.address][:limit]

    def password(self, address: KepAddress) -> str:
        """What the world mints as an account's password; the lab shows it, no counter does."""
        return mint_password(self._streams.draw("kep.password", address.address))

    def is_pair(self, address: KepAddress, password: str) -> bool:
        """Whether the password is the account's, open or not; asking counts for nothing."""
        account = self._store.account(address)
        return account is not None and hmac.compare_digest(account.password_digest, self._digest(address, password))

    def sign_in(self, address: KepAddress, password: str) -> KepAddress:
        """The address, if the password opens it now. Raises `BadKepCredentials`; the fifth in a row locks."""
        account = self._store.account(address)
        matches = account is not None and hmac.compare_digest(account.password_digest, self._digest(address, password))
        if account is None or account.closed_at is not None or is_locked(account, self._now()):
            raise BadKepCredentials(REFUSAL)
        if matches:
            if account != after_success(account):
                self._keep(after_success(account))
            return address
        failed = after_failure(account, self._now(), limit=LOCK_AFTER_FAILURES, minutes=LOCK_MINUTES)
        with self._transaction():
            self._store.put_account(failed)
            if failed.locked_until != account.locked_until:
                self._tell(KepAccountLocked(address=address))
        raise BadKepCredentials(REFUSAL)

    def quota(self, address: KepAddress) -> Quota:
        """An account's room and credit. Raises `UnknownKepAccount`."""
        account = self.account(address)
        return Quota(limit_kib=account.quota_kib, used_bytes=self._store.used_bytes(address), credit=account.credit)

    def free_bytes(self, account: Account) -> int:
        """What still goes into a mailbox; nothing where its fate is to be full."""
        return 0 if account.fate is Fate.MAILBOX_FULL else self._room(account)

    def _room(self, account: Account) -> int:
        return max(0, account.quota_kib * 1024 - self._store.used_bytes(account.address))

    def _keep(self, account: Account) -> None:
        with self._transaction():
            self._store.put_account(account)

    def _digest(self, address: KepAddress, password: str) -> bytes:
        key = self._streams.secret("kep.password-digest", address.address)
        return blake2b(password.encode("utf-8", "surrogatepass"), key=key, digest_size=32).digest()


def _amount(number: int) -> int:
    if not 0 <= number <= MAX_AMOUNT:
        raise BadAmount(f"An account has from 0 to {MAX_AMOUNT} KiB and letters. Choose a number in between.")
    return number
