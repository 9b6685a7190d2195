"""What the ministry keeps of people, and how it lets go of it: the data controller, wired to all services.

Each line of `shelves` is something that is kept for a setting's days; each of `forget` something that goes when a
person asks for erasure. The tables are those of `kvkk.inventory`, which a test holds against the database.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from mockgov.bus import Tell
from mockgov.callbacks.service import Callbacks
from mockgov.clock import Now
from mockgov.codes.service import Codes
from mockgov.edevlet.service import Edevlet
from mockgov.family.service import Families
from mockgov.groups.service import Groups
from mockgov.kvkk.retention import Shelf
from mockgov.kvkk.service import Desks, Kvkk
from mockgov.kvkk.store import SqlRequests
from mockgov.onboarding.service import Onboarding
from mockgov.queries.service import Queries
from mockgov.registry.service import Registry
from mockgov.risk_index.service import RiskIndex
from mockgov.settings import Settings
from mockgov.short_number.service import ShortNumber
from mockgov.signin.service import SignIn
from mockgov.sms.service import Sms
from mockgov.world import World

PERIODS = (
    "keep_queries_days",
    "keep_codes_days",
    "keep_reports_days",
    "keep_texts_days",
    "keep_login_codes_days",
    "keep_forms_days",
    "keep_requests_days",
    "keep_callbacks_days",
)


class Holders(Protocol):
    """The services that hold something about people; `Ministry` has them all."""

    world: World
    registry: Registry
    codes: Codes
    queries: Queries
    risk_index: RiskIndex
    signin: SignIn
    families: Families
    sms: Sms
    short_number: ShortNumber
    edevlet: Edevlet
    groups: Groups
    onboarding: Onboarding
    callbacks: Callbacks


def data_controller(
    holders: Holders, *, now: Now, tell: Tell, transaction: Callable[[], AbstractContextManager[None]]
) -> Kvkk:
    """The data controller of a ministry, who lets go of what all the others hold."""
    custody, settings = Custody(holders), holders.world.settings
    return Kvkk(
        store=SqlRequests(holders.world.database),
        now=now,
        tell=tell,
        transaction=transaction,
        answer_days=settings.kvkk_answer_days,
        keep_requests_days=settings.keep_requests_days,
        periods=custody.periods(settings),
        desks=custody.desks(settings),
    )


class Custody:
    """What each service holds, and how it lets go of it."""

    def __init__(self, holders: Holders) -> None:
        self.now = holders.world.now
        self._database = holders.world.database
        self.registry = holders.registry
        self.codes = holders.codes
        self.queries = holders.queries
        self.risk_index = holders.risk_index
        self.signin = holders.signin
        self.families = holders.families
        self.sms = holders.sms
        self.short_number = holders.short_number
        self.edevlet = holders.edevlet
        self.groups = holders.groups
        self.onboarding = holders.onboarding
        self.callbacks = holders.callbacks

    def periods(self, settings: Settings) -> Mapping[str, int]:
        """The days of each setting; reports stay longer than set where the rules look back further."""
        days: dict[str, int] = {name: getattr(settings, name) for name in PERIODS}
        return days | {"keep_reports_days": self.risk_index.keep_days}

    def desks(self, settings: Settings) -> Desks:
        """Whom the data controller asks, and who erases."""
        days = self.periods(settings)
        return Desks(
            shelves=[
                Shelf(
                    name="asked",
                    days=days["keep_queries_days"],
                    oldest=self.queries.oldest,
                    erase=self.queries.erase_before,
                ),
                Shelf(
                    name="code",
                    days=days["keep_codes_days"],
                    oldest=self.codes.oldest_end,
                    erase=self.codes.forget_ended,
                ),
                Shelf(
                    name="risk_report",
                    days=days["keep_reports_days"],
                    oldest=self.risk_index.oldest_file,
                    erase=self.risk_index.clear_files,
                ),
                Shelf(
                    name="sms_message",
                    days=days["keep_texts_days"],
                    oldest=self.sms.oldest_over,
                    erase=self.sms.drop_sent,
                ),
                Shelf(
                    name="short_number_text",
                    days=days["keep_texts_days"],
                    oldest=self.short_number.oldest_over,
                    erase=self.short_number.drop_over,
                ),
                Shelf(
                    name="edevlet_session",
                    days=days["keep_login_codes_days"],
                    oldest=self.edevlet.oldest_end,
                    erase=self.edevlet.drop_ended,
                ),
                Shelf(
                    name="code_group_run",
                    days=days["keep_queries_days"],
                    oldest=self.groups.oldest_run,
                    erase=self.groups.drop_runs,
                ),
                Shelf(
                    name="login_code",
                    days=days["keep_login_codes_days"],
                    oldest=self.signin.oldest_end,
                    erase=self.signin.strike_ended,
                ),
                Shelf(
                    name="application",
                    days=days["keep_forms_days"],
                    oldest=self.onboarding.oldest_rest,
                    erase=self.onboarding.drop_resting,
                ),
                Shelf(
                    name="callback_delivery",
                    days=days["keep_callbacks_days"],
                    oldest=self.callbacks.oldest_done,
                    erase=self.callbacks.drop_done,
                ),
            ],
            forget={  # in this order: the first two need to know the holder's codes
                "short_number_text": self._forget_short_number,
                "code_group_member": lambda citizen_id: self.groups.strike(self.codes.ever_of(citizen_id)),
                "code": self.codes.forget_holder,
                "app_user": self.signin.forget,
                "family_member": self.families.forget,
                "sms_message": self._forget_texts,
                "edevlet_login": self.edevlet.forget,
                "callback_delivery": self.callbacks.forget,
            },
            held=self.held,
            bound_until=self._bound_until,
            token=lambda: self._database.changes,
        )

    def held(self, citizen_id: int) -> Mapping[str, int]:
        """How many rows of the main tables are about a citizen."""
        citizen = self.registry.citizen(citizen_id)
        phone = citizen.phone
        texts = 0 if phone is None else len(self.sms.inbox(phone, limit=10_000))
        texts += 0 if phone is None else len(self.sms.sent_from(phone, limit=10_000))
        return {
            "citizen": 1,
            "parent": len(citizen.parents),
            "code": len(self.codes.of(citizen_id)),
            "asked": len(self.queries.about(citizen_id, limit=10_000)),
            "risk_report": len(self.risk_index.history(citizen_id).reports),
            "family_member": self.families.held(citizen_id),
            "sms_message": texts,
            "short_number_text": 0 if phone is None else len(self.short_number.of(phone, limit=10_000)),
            "app_registration": int(self.signin.has_registered(citizen_id)),
            "edevlet_login": int(self.edevlet.is_known(citizen_id)),
            "callback_delivery": self.callbacks.held(citizen_id),
        }

    def _forget_short_number(self, citizen_id: int) -> int:
        phone = self.registry.citizen(citizen_id).phone
        return self.short_number.forget(phone, self.codes.ever_of(citizen_id))

    def _forget_texts(self, citizen_id: int) -> int:
        phone = self.registry.citizen(citizen_id).phone
        return 0 if phone is None else self.sms.forget(phone)

    def _bound_until(self, citizen_id: int) -> datetime | None:
        """The end of an isolation in force, or ordered ahead: so long the data has its purpose."""
        ends = [one.ends_at for one in self.risk_index.history(citizen_id).timeline]
        last = max(ends, default=None)
        return last if last is not None and last > self.now() else None
