"""An institution's accounts, as the onboarding road opens, finds and closes them."""

from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import (
    Account,
    AccountState,
    Environment,
    IllegalTransition,
    UnknownAccount,
    username,
)
from mockgov.credentials.service import Credentials, Issued
from mockgov.registry.service import Registry


class Accounts:
    """Accounts of the institutions of one world."""

    def __init__(self, registry: Registry, credentials: Credentials) -> None:
        self._registry = registry
        self._credentials = credentials

    def open(self, institution_id: int, environment: Environment) -> Issued:
        """A new account of the institution, or its open one with a new password."""
        label, account = self._place(institution_id, environment)
        if account is not None:
            return self._credentials.rotate(account.username)
        order = ProvisionAccount(institution_id=institution_id, label=label, environment=environment)
        return self._credentials.provision(order)

    def live_name(self, institution_id: int) -> str:
        """User name of the institution's live account. Raises `IllegalTransition` where somebody has closed it."""
        _, account = self._place(institution_id, Environment.LIVE)
        if account is not None:
            return account.username
        raise IllegalTransition(
            "The institution's live account was closed at the credentials desk, and asking again does not open it. "
            "Provision another one under /_lab/accounts."
        )

    def _place(self, institution_id: int, environment: Environment) -> tuple[str, Account | None]:
        """The institution's open account, or None and the first label that is free: its own, else with a number."""
        mine = {
            account.username: account
            for account in self._credentials.accounts_of(institution_id)
            if account.environment is environment and account.state is AccountState.ACTIVE
        }
        label = self._registry.institution(institution_id).label
        candidate, nth = label, 1
        while self._is_taken(name := username(candidate, environment)):
            if name in mine:
                return candidate, mine[name]
            nth += 1
            candidate = f"{label}-{nth}"
        return candidate, next(iter(mine.values()), None)

    def _is_taken(self, name: str) -> bool:
        """Whether an account has that user name, open or closed, whosever it is."""
        try:
            self._credentials.account(name)
        except UnknownAccount:
            return False
        return True

    def close_all(self, institution_id: int) -> None:
        """Close every account under the institution's tax number, branches' too."""
        vkn = self._registry.institution(institution_id).vkn
        for place in self._registry.establishments(vkn):
            for account in self._credentials.accounts_of(place.institution_id):
                if account.state is AccountState.ACTIVE:
                    self._credentials.revoke(account.username)
