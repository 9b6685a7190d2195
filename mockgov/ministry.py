"""The composition root: builds every service of a world, and says on one page who tells whom.

`Ministry(world)` is cheap; tests make a new one instead of resetting an old one.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TypedDict

from mockgov.agenda import Due
from mockgov.bus import Bus, Tell
from mockgov.callbacks.carrying import Carrier
from mockgov.clock import TURKEY, ManualClock, Now, to_us, wall_clock
from mockgov.codes.service import Codes
from mockgov.codes.store import SqlCodes
from mockgov.correspondence import Answers, Correspondence, Services, official_number
from mockgov.credentials.service import Credentials, Limits
from mockgov.credentials.store import SqlAccounts
from mockgov.custody import data_controller
from mockgov.deeds import Deeds
from mockgov.edevlet.service import Edevlet
from mockgov.edevlet.service import Terms as EdevletTerms
from mockgov.edevlet.store import SqlEdevlet
from mockgov.errands import Errands
from mockgov.family.service import Families
from mockgov.family.store import SqlFamilies
from mockgov.faults.current import own_clock, signs_with_expired
from mockgov.groups.service import Groups
from mockgov.groups.store import SqlGroups
from mockgov.informing import informing
from mockgov.journal.service import Journal
from mockgov.kep.service import Kep
from mockgov.kep.store import SqlKep
from mockgov.mail.rules import is_scriptable
from mockgov.mail.service import Mail, support_address
from mockgov.mail.store import SqlMails
from mockgov.mishaps import Mishaps
from mockgov.onboarding.records import Policy
from mockgov.onboarding.service import Onboarding
from mockgov.onboarding.store import SqlApplications
from mockgov.queries.batch import Batch
from mockgov.queries.messages import Clinical
from mockgov.queries.service import Queries, Sources
from mockgov.queries.store import SqlAudit
from mockgov.reactions import reactions
from mockgov.registry.rules import is_minor
from mockgov.registry.service import Registry
from mockgov.registry.store import SqlRegistry
from mockgov.risk_index.service import NationalStatistics, RiskIndex
from mockgov.risk_index.store import SqlRiskStore
from mockgov.script.service import Script
from mockgov.script.store import SqlScript
from mockgov.settings import Settings
from mockgov.short_number.rules import Limits as TextLimits
from mockgov.short_number.service import ShortNumber
from mockgov.short_number.store import SqlTexts
from mockgov.signature.service import Signature
from mockgov.signature.store import SqlCertificates
from mockgov.signin.service import SignIn, Terms
from mockgov.signin.store import SqlLogins
from mockgov.sms.held import HoldingBack, SqlHeld
from mockgov.sms.service import Sms
from mockgov.sms.store import SqlMessages
from mockgov.texting import Texting
from mockgov.timekeeping import Timekeeping
from mockgov.tripwire.wire import Tripwire
from mockgov.world import DEFAULT, World

ADDRESS = Settings().public_address
"""Where `hes serve` listens by default."""


class Common(TypedDict):
    """What every service is handed."""

    now: Now
    tell: Tell
    transaction: Callable[[], AbstractContextManager[None]]


class Ministry(Timekeeping):
    """All services of one world."""

    def __init__(
        self,
        world: World,
        *,
        address: str = ADDRESS,
        service_document: Callable[[], bytes] | None = None,
        carrier: Carrier | None = None,
    ) -> None:
        """Build everything; `address` is the server's, `service_document` makes the PDF that goes with test access.

        `carrier` carries callbacks; without one they reach nobody outside this process.
        """
        self.world = world
        self.address = address + self._prefix
        self.public_address = world.settings.public_address + self._prefix
        """What certificates and reports say; unlike `address` it stays, whichever server the world is opened in."""
        self.founded_at = world.settings.public_address + _prefix_of(world.origin)
        """The same of where the world began, of which it may be a copy."""
        database, settings = world.database, world.settings
        bus = Bus()
        common: Common = {"now": world.now, "tell": bus.tell, "transaction": database.transaction}
        self.own_clock = own_clock(world.now)
        """The world's time, but for requests for which a fault makes the service's own clock wrong."""
        self.registry = Registry(
            store=SqlRegistry(database), streams=world.streams, phone_prefix=settings.phone_prefix, **common
        )
        officials = (official_number(world.streams),)
        self.tripwire = Tripwire(registry=self.registry, own_prefix=settings.phone_prefix, officials=officials)
        self.journal = Journal(
            size=settings.journal_size, now=world.now, masked=self.tripwire.masked, stands=self._stands_still
        )
        mishaps = Mishaps(world, self.registry)
        self.codes = Codes(store=SqlCodes(database), streams=world.streams, **common)
        self.risk_index = RiskIndex(
            store=SqlRiskStore(database),
            province_of=self.registry.provinces_of,
            populations=self.registry.populations,
            negative_test_hours=settings.negative_test_hours,
            immunity_days=settings.immunity_days,
            keep_days=settings.keep_reports_days,
            before_filing=self._tell_of_time,
            **common,
        )
        self.sms = Sms(
            store=SqlMessages(database),
            streams=world.streams,
            transit_ms=settings.sms_transit_ms,
            per_second=settings.sms_per_second,
            is_known=self.registry.is_phone,
            own_prefix=settings.phone_prefix,
            operator_code=settings.sms_operator_code or None,
            abroad=settings.short_number_abroad,
            kept=self._kept,
            holding=HoldingBack(held=SqlHeld(database), fate=mishaps.of_notice),
            screen=self.tripwire.check,
            **common,
        )
        self.short_number = ShortNumber(
            store=SqlTexts(database),
            streams=world.streams,
            offices=Texting(registry=self.registry, codes=self.codes, sms=self.sms, now=world.now),
            limits=TextLimits(
                codes=settings.short_number_codes,
                texts_a_day=settings.short_number_texts_a_day,
                most_days=settings.short_number_most_days,
            ),
            abroad=settings.short_number_abroad,
            reply_after=timedelta(seconds=settings.short_number_reply_s),
            pages=f"{self.address}/qr/",
            **common,
        )
        self.signin = SignIn(
            store=SqlLogins(database),
            streams=world.streams,
            terms=Terms(
                code_digits=settings.login_code_digits,
                code_minutes=settings.login_code_minutes,
                attempts=settings.login_attempts,
                token_days=settings.token_days,
                short_token_hours=settings.short_token_hours,
                registration=settings.app_registration,
            ),
            **self._by_own_clock(common),
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
        self._join_in(common, service_document)
        self._open_edevlet(common)
        self.informing = informing(self, carrier=carrier or Carrier(), real_now=wall_clock, **common)
        self.callbacks = self.informing.callbacks
        self.callbacks.twister = mishaps.twister(self.callbacks)
        self.kvkk = data_controller(self, **common)
        deeds = Deeds(risk_index=self.risk_index, credentials=self.credentials)
        self.script = Script(store=SqlScript(database), deeds=deeds.by_name, **common)
        by_mail: Sequence[Due] = (self.kep, self.mail, self.sms)
        self._due: Sequence[Due] = (self.script, *by_mail, self.onboarding, self.kvkk, self.informing, self.callbacks)
        bus.take(reactions(self.correspondence, Errands(self), self.informing))
        self.correspondence.open_mailbox()
        self._settled_at = world.now()

    def _join_in(self, common: Common, service_document: Callable[[], bytes] | None) -> None:
        """The services of the road on which an institution joins."""
        world = self.world
        database, settings = world.database, world.settings
        self.signature = Signature(
            store=SqlCertificates(database),
            streams=world.streams,
            founded=settings.start,
            keys=settings.signature_keys,
            base=self.public_address,
            founded_at=self.founded_at,
            has_expired=signs_with_expired,
            **self._by_own_clock(common),
        )
        self.kep = Kep(
            store=SqlKep(database),
            streams=world.streams,
            quota_kib=settings.kep_quota_kib,
            verify_smime=self.signature.verify_smime,
            verify_cades=self.signature.verify_cades,
            verify_seal=self.signature.verify_seal,
            sign_evidence=self.signature.sign_evidence,
            signs_apart=signs_with_expired,
            screen=self.tripwire.check_letter,
            **common,
        )
        answers = Answers(
            registry=self.registry,
            credentials=self.credentials,
            queries=self.queries,
            kep=self.kep,
            signature=self.signature,
            now=world.now,
        )
        self.mail = Mail(
            store=SqlMails(database),
            streams=world.streams,
            sender=support_address(_label_of(self.world.name)),
            screen=self.tripwire.check_letter,
            **common,
        )
        self.onboarding = Onboarding(
            store=SqlApplications(database),
            policy=Policy(
                evaluation=settings.evaluation,
                evaluation_hours=settings.evaluation_hours,
                live_access_hours=settings.live_access_hours,
                confirmation_hours=settings.confirmation_hours,
                wet_letter_days=settings.wet_letter_days,
            ),
            establishment=answers.establishment,
            person=answers.person,
            verify_pades=self.signature.verify_pades,
            verify_cades=self.signature.verify_cades,
            enveloped=self.signature.enveloped,
            has_queried=answers.has_queried,
            has_live_access=answers.has_live_access,
            is_phone=self.registry.is_phone,
            is_mailbox=is_scriptable,
            is_revoked=answers.is_revoked,
            is_anothers=answers.is_anothers,
            **common,
        )
        services = Services(
            registry=self.registry,
            credentials=self.credentials,
            signature=self.signature,
            kep=self.kep,
            mail=self.mail,
            sms=self.sms,
            onboarding=self.onboarding,
        )
        self.correspondence = Correspondence(
            services, now=world.now, streams=world.streams, base=self.address, service_document=service_document
        )

    def _open_edevlet(self, common: Common) -> None:
        """The services behind the state's web counter."""
        world = self.world
        settings = world.settings
        self.groups = Groups(store=SqlGroups(world.database), **common)
        self.edevlet = Edevlet(
            store=SqlEdevlet(world.database),
            streams=world.streams,
            has_password=lambda citizen_id: not is_minor(self.registry.citizen(citizen_id), world.now()),
            terms=EdevletTerms(
                lock_after_failures=settings.edevlet_attempts,
                lock_minutes=settings.edevlet_lock_minutes,
                session_minutes=settings.edevlet_session_minutes,
                queue_s=settings.edevlet_queue_s,
                argon2_memory_kib=settings.argon2_memory_kib,
                argon2_passes=settings.argon2_passes,
            ),
            **common,
        )

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
        self.callbacks.close()
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

    @property
    def _prefix(self) -> str:
        """What stands before a path of this world."""
        return _prefix_of(self.world.name)

    def _tell_of_time(self) -> None:
        self.informing.run_due()

    def _by_own_clock(self, common: Common) -> Common:
        """The same for a service whose own clock shows: in tokens, in signatures."""
        return {**common, "now": self.own_clock}

    def _stands_still(self) -> bool:
        return isinstance(self.world.clock, ManualClock)

    def _kept(self, text: str) -> str:
        return self.short_number.kept(text)


def _label_of(name: str) -> str:
    """How a world is named in addresses; the default one is not."""
    return "" if name == DEFAULT else name


def _prefix_of(name: str) -> str:
    """What stands before a path of a world."""
    return f"/w/{_label_of(name)}" if _label_of(name) else ""
