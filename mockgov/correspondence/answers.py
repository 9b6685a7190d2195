"""What the rest of the ministry knows about an institution and its people, as onboarding asks for it."""

from collections.abc import Sequence

from mockgov.clock import Now
from mockgov.credentials.rules import Account, AccountState, Environment
from mockgov.credentials.service import Credentials
from mockgov.kep.rules import UnknownKepAccount
from mockgov.kep.service import Kep
from mockgov.onboarding.rules import Establishment, PersonFacts
from mockgov.queries.service import Queries
from mockgov.registry.rules import UnknownCitizen
from mockgov.registry.service import Registry
from mockgov.signature.service import Signature
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.vkn import Vkn


class Answers:
    """Answers to onboarding's questions, of one world; none of them changes anything."""

    def __init__(
        self,
        *,
        registry: Registry,
        credentials: Credentials,
        queries: Queries,
        kep: Kep,
        signature: Signature,
        now: Now,
    ) -> None:
        self._registry = registry
        self._credentials = credentials
        self._queries = queries
        self._kep = kep
        self._signature = signature
        self._now = now

    def establishment(self, vkn: Vkn) -> Establishment | None:
        """A tax number as the register has it, branches taken together."""
        found = self._registry.establishments(vkn)
        if not found:
            return None
        head = found[0]
        return Establishment(
            institution_id=head.institution_id,
            name=head.name,
            kind=head.kind,
            label=head.label,
            staff=sum(one.staff_count for one in found),
        )

    def person(self, identity_number: str) -> PersonFacts | None:
        """Who has an identity number, if anybody of the register."""
        try:
            found = self._registry.by_identity(identity_number)
        except UnknownCitizen:
            return None
        return PersonFacts(
            citizen_id=found.citizen_id, firstname=found.firstname, lastname=found.lastname, phone=found.phone
        )

    def is_revoked(self, serial: str) -> bool:
        """Whether a certificate of this world is revoked by now."""
        revoked_at = self._signature.certificate(serial).revoked_at
        return revoked_at is not None and revoked_at <= self._now()

    def is_anothers(self, address: KepAddress, vkn: Vkn) -> bool:
        """Whether a registered address is held by an institution of another tax number."""
        try:
            holder = self._kep.account(address).institution_id
        except UnknownKepAccount:
            return False
        mine = {one.institution_id for one in self._registry.establishments(vkn)}
        return holder is not None and holder not in mine

    def has_queried(self, institution_id: int) -> bool:
        """Whether an institution has asked anything in the test environment, by an account that is still open."""
        accounts = self._open_accounts(institution_id, Environment.TEST)
        return any(self._queries.has_asked(account.username) for account in accounts)

    def has_live_access(self, institution_id: int) -> bool:
        """Whether an institution has an open account in the live environment."""
        return bool(self._open_accounts(institution_id, Environment.LIVE))

    def _open_accounts(self, institution_id: int, environment: Environment) -> Sequence[Account]:
        return [
            account
            for account in self._credentials.accounts_of(institution_id)
            if account.environment is environment and account.state is AccountState.ACTIVE
        ]
