"""Use-cases about accounts: open, look up, sign in."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from hmac import compare_digest

from mockgov.clock import Now
from mockgov.sms.accounts import (
    SmsAccount,
    SmsAccountTaken,
    UnknownSmsAccount,
    WrongSmsPassword,
    check_number,
    check_senders,
    mint_password,
    system_id_of,
)
from mockgov.sms.messages import OpenSmsAccount
from mockgov.sms.rules import SHORT_NUMBER
from mockgov.sms.store import MessageStore
from mockgov.streams import Streams
from mockgov.vocabulary.phone import Phone


class Opening(ABC):
    """All accounts of the gateway of one world."""

    def __init__(self, *, store: MessageStore, now: Now, streams: Streams) -> None:
        self._store = store
        self._now = now
        self._streams = streams

    def open_account(self, order: OpenSmsAccount) -> SmsAccount:
        """Make an account. Raises `BadSmsAccount`, `SmsAccountTaken`, `StrangersNumber`."""
        system_id = system_id_of(order.label)
        check_senders(order.senders)
        for line in order.lines:
            self.check_line(line)
        if order.number is not None:
            check_number(order.number)
        with self._command():
            if self._store.account(system_id) is not None:
                raise SmsAccountTaken(f"There is an account {system_id} already; choose another label.")
            if order.number is not None and (order.number == SHORT_NUMBER or self._reached_at(order.number)):
                raise SmsAccountTaken("The number is somebody else's; choose another one.")
            if self._store.lines(order.lines):
                raise SmsAccountTaken("One of the lines is another account's; leave it out.")
            account = SmsAccount(
                system_id=system_id,
                label=order.label,
                senders=tuple(dict.fromkeys(order.senders)),
                number=order.number,
                opened_at=self._now(),
            )
            self._store.put_account(account)
            self._store.put_lines(system_id, order.lines)
        return account

    def account(self, system_id: str) -> SmsAccount:
        """An account. Raises `UnknownSmsAccount`."""
        account = self._store.account(system_id)
        if account is None:
            raise UnknownSmsAccount("The gateway has no such account; POST /_lab/sms-accounts opens one.")
        return account

    def accounts(self) -> Sequence[SmsAccount]:
        """All accounts, by system_id."""
        return self._store.accounts()

    def lines(self, system_id: str) -> Sequence[Phone]:
        """The lines of an account, by number."""
        return self._store.lines_of(system_id)

    def password(self, system_id: str) -> str:
        """What the world mints as an account's password; the lab shows it, no counter does."""
        return mint_password(self._streams.draw("sms.password", system_id))

    def sign_in(self, system_id: str, password: str) -> SmsAccount:
        """The account that the pair opens. Raises `UnknownSmsAccount`, `WrongSmsPassword`."""
        account = self.account(system_id)
        if not compare_digest(self.password(system_id).encode(), password.encode("utf-8", "surrogatepass")):
            raise WrongSmsPassword("The password is another one; GET /_lab/sms-accounts shows it.")
        return account

    def _reached_at(self, number: str) -> SmsAccount | None:
        return next((account for account in self._store.accounts() if account.number == number), None)

    @abstractmethod
    def check_line(self, line: Phone) -> None:
        """Raises `StrangersNumber` for a line that may be a real person's."""

    @abstractmethod
    def _command(self) -> AbstractContextManager[None]:
        """A transaction in which everything that is due comes first."""
