"""The composition root: builds every service of a world, and says on one page who tells whom.

`Ministry(world)` is cheap; tests make a new one instead of resetting an old one.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TypedDict

from mockgov.agenda import Due, next_due, run_due
from mockgov.bus import Bus, Reactions, Tell
from mockgov.clock import TURKEY, Now, forward, to_us
from mockgov.codes.messages import CodeDeleted, CodeExpired, CodeIssued, CodeShared, CodeShortened
from mockgov.codes.service import Codes
from mockgov.codes.store import SqlCodes
from mockgov.credentials.messages import AccountLocked, AccountProvisioned, AccountRevoked, PasswordRotated
from mockgov.credentials.service import Credentials, Limits
from mockgov.credentials.store import SqlAccounts
from mockgov.family.messages import MemberInvited
from mockgov.family.service import Families
from mockgov.family.store import SqlFamilies
from mockgov.queries.batch import Batch
from mockgov.queries.messages import Clinical
from mockgov.queries.service import Queries, Sources
from mockgov.queries.store import SqlAudit
from mockgov.registry.messages import CitizensRegistered, InstitutionRegistered
from mockgov.registry.service import Registry
from mockgov.registry.store import SqlRegistry
from mockgov.risk_index.messages import ReportsFiled
from mockgov.risk_index.service import NationalStatistics, RiskIndex
from mockgov.risk_index.store import SqlRiskStore
from mockgov.signin.messages import CitizenSignedIn, LoginCodeSent
from mockgov.signin.service import SignIn, Terms
from mockgov.signin.store import SqlLogins
from mockgov.sms.messages import SendText, TextSent
from mockgov.sms.service import Sms
from mockgov.sms.store import SqlMessages
from mockgov.world import World


class Common(TypedDict):
    """What every service is handed."""

    now: Now
    tell: Tell
    transaction: Callable[[], AbstractContextManager[None]]


class Ministry:
    """All services of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        database, settings = world.database, world.settings
        bus = Bus(self._reactions())
        common: Common = {"now": world.now, "tell": bus.tell, "transaction": database.transaction}
        self.registry = Registry(
            store=SqlRegistry(database), streams=world.streams, phone_prefix=settings.phone_prefix, **common
        )
        self.codes = Codes(store=SqlCodes(database), streams=world.streams, **common)
        self.risk_index = RiskIndex(
            store=SqlRiskStore(database),
            province_of=self.registry.provinces_of,
            populations=self.registry.populations,
            negative_test_hours=settings.negative_test_hours,
            immunity_days=settings.immunity_days,
            **common,
        )
        self.sms = Sms(store=SqlMessages(database), **common)
        self.signin = SignIn(
            store=SqlLogins(database),
            streams=world.streams,
            terms=Terms(
                code_digits=settings.login_code_digits,
                code_minutes=settings.login_code_minutes,
                attempts=settings.login_attempts,
                token_days=settings.token_days,
                short_token_hours=settings.short_token_hours,
            ),
            **common,
        )
        self.families = Families(store=SqlFamilies(database), **common)
        self.credentials = Credentials(
            store=SqlAccounts(database),
            streams=world.streams,
            limits=Limits(
                lock_after_failures=settings.lock_after_failures,
                lock_minutes=settings.lock_minutes,
                remember_s=settings.remember_credential_s,
                argon2_memory_kib=settings.argon2_memory_kib,
                argon2_passes=settings.argon2_passes,
            ),
            **common,
        )
        self.queries = Queries(
            store=SqlAudit(database),
            now=world.now,
            faults=world.faults,
            sources=Sources(
                codes=self.codes.find_many,
                people=self.registry.masked_many,
                risky=self.risky_now,
                clinical=self._clinical,
            ),
        )
        self.batch = Batch(self.queries)
        self._due: Sequence[Due] = ()
        self._settled_at = world.now()

    def _reactions(self) -> Reactions:
        """Who is told of what. An event without a reaction stands here too."""
        return {
            LoginCodeSent: [self._text_login_code],
            CitizensRegistered: [],
            InstitutionRegistered: [],
            CodeIssued: [],
            CodeShared: [],
            CodeShortened: [],
            CodeDeleted: [],
            CodeExpired: [],
            ReportsFiled: [],
            TextSent: [],
            CitizenSignedIn: [],
            MemberInvited: [],
            AccountProvisioned: [],
            PasswordRotated: [],
            AccountLocked: [],
            AccountRevoked: [],
        }

    def advance(self, to: datetime) -> None:
        """Move the clock forward; whatever falls due happens, in order, before this returns."""
        to = forward(self.world.now(), to)
        while (moment := next_due(self._due)) is not None and moment <= to:
            self._step(moment)
        self._step(to)

    def settle(self) -> None:
        """Let everything happen that has fallen due since the last time."""
        now = self.world.now()
        self.codes.tell_expired(self._settled_at, now)
        self._settled_at = now
        run_due(self._due, now)

    def _step(self, moment: datetime) -> None:
        """Go to a moment and do what is due then; both are written down together."""
        with self.world.database.transaction():
            self.world.clock.catch_up_to(moment)
            self.settle()
            self.world.keep_clock()

    def risky_now(self, citizen_ids: Sequence[int]) -> frozenset[int]:
        """Those of the people who are risky at this moment."""
        return frozenset(self.risk_index.standing_many(citizen_ids))

    def isolation_of(self, citizen_id: int) -> tuple[datetime, datetime] | None:
        """Begin and end of the isolation that a citizen is in now, if any."""
        interval = self.risk_index.status(citizen_id).interval
        return None if interval is None else (interval.begins_at, interval.ends_at)

    def national_statistics(self) -> NationalStatistics:
        """The figures of today, a Turkish calendar day."""
        return self.risk_index.national_statistics(self.world.now().astimezone(TURKEY).date())

    def close(self) -> None:
        """Give the database back."""
        self.batch.close()
        self.queries.store.close()
        self.world.close()

    def _clinical(self, citizen_ids: Sequence[int]) -> Mapping[int, Clinical]:
        return {
            citizen_id: Clinical(
                known.vaccinated,
                known.immune,
                known.shares_test_data,
                None if known.last_negative_test_at is None else to_us(known.last_negative_test_at),
            )
            for citizen_id, known in self.risk_index.clinical_many(citizen_ids).items()
        }

    def _text_login_code(self, event: LoginCodeSent) -> None:
        text = f"Hayat Eve Sığar giriş kodunuz: {event.code} (SANDBOX)"
        self.sms.send(SendText(phone=event.phone, text=text))
