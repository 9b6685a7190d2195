"""The desk at which events become callbacks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from itertools import groupby
from types import MappingProxyType
from typing import Final, Protocol

from mockgov.bus import Tell
from mockgov.callbacks.carrying import Carrier
from mockgov.callbacks.events import written
from mockgov.callbacks.messages import Announce, CallbackDelivered
from mockgov.callbacks.rules import Kind, Subscription
from mockgov.callbacks.service import Callbacks
from mockgov.callbacks.store import SqlCallbacks
from mockgov.clock import Now
from mockgov.codes.service import Codes
from mockgov.credentials.service import Credentials
from mockgov.groups.service import Groups
from mockgov.informing.acquaintance import Acquaintance
from mockgov.kep.messages import EvidenceIssued, LetterDelivered
from mockgov.kep.rules import UnknownKepAccount
from mockgov.kep.service import Kep
from mockgov.onboarding import messages as steps
from mockgov.onboarding.service import Onboarding
from mockgov.queries.service import Queries
from mockgov.registry.rules import UnknownCitizen
from mockgov.registry.service import Registry
from mockgov.risk_index.messages import ReportsFiled
from mockgov.risk_index.service import RiskIndex
from mockgov.sms.messages import AccountNoted
from mockgov.sms.rules import Direction, Message, Notice, NoticeKind
from mockgov.sms.service import Sms
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.risk_status import RiskStatus
from mockgov.world import World

STEPS: Final[Mapping[type[steps.Step], str]] = MappingProxyType(
    {
        steps.FormDrawn: "form-drawn",
        steps.FormSubmitted: "form-submitted",
        steps.LetterReceived: "letter-received",
        steps.EvaluationBegun: "evaluation-begun",
        steps.ApplicationReturned: "returned",
        steps.ApplicationRefused: "refused",
        steps.ApprovedForTest: "approved-for-test",
        steps.TestingBegun: "testing-begun",
        steps.CompletionReported: "completion-reported",
        steps.LiveAccessGranted: "live-access-granted",
        steps.ConfirmationDue: "confirmation-due",
        steps.IntegrationConfirmed: "confirmed",
        steps.AccessRevoked: "access-revoked",
    }
)
"""What the steps of an application are called in callbacks."""
AT_ONCE: Final = 1000
"""Notices that are read in one go."""


class Holders(Protocol):
    """Those whose events are told, and who is asked for what an event does not say; `Ministry` has them all."""

    world: World
    registry: Registry
    codes: Codes
    groups: Groups
    credentials: Credentials
    queries: Queries
    risk_index: RiskIndex
    sms: Sms
    kep: Kep
    onboarding: Onboarding


def informing(
    holders: Holders,
    *,
    carrier: Carrier,
    real_now: Now,
    now: Now,
    tell: Tell,
    transaction: Callable[[], AbstractContextManager[None]],
) -> "Informing":
    """The callbacks of a ministry, and the desk that fills them."""
    world = holders.world
    callbacks = Callbacks(
        store=SqlCallbacks(world.database),
        now=now,
        tell=tell,
        transaction=transaction,
        streams=world.streams,
        carrier=carrier,
        world=world.name,
        real_now=real_now,
    )
    return Informing(holders, callbacks, now=now)


class Informing:
    """What the callbacks of one world tell."""

    def __init__(self, holders: Holders, callbacks: Callbacks, *, now: Now) -> None:
        self.callbacks = callbacks
        self._s = holders
        self._now = now
        self._acquaintance = self._unread()

    # Risk

    def next_due(self) -> datetime | None:
        """When the next isolation begins or ends, if anybody is to be told of it."""
        since = self._seen()
        return None if since is None else self._s.risk_index.next_change(since)

    def run_due(self) -> None:
        """Tell of every status that time has changed since the last time."""
        since = self._seen()
        if since is None:
            return
        wanting, now = self.callbacks.wanting(Kind.RISK_CHANGED), self._now()
        changes = self._s.risk_index.changes(since, now)
        for at, of_moment in groupby(changes, key=lambda change: change.at):
            statuses = {change.citizen_id: change.status for change in of_moment}
            self._tell_of_risk([one for one in wanting if one.seen_at < at], statuses, at)
        self.callbacks.seen(wanting)

    def reports_filed(self, event: ReportsFiled) -> None:
        """Tell of those whose status is another by what has been reported."""
        if event.changed:
            wanting = self.callbacks.wanting(Kind.RISK_CHANGED)
            statuses = self._statuses(event.changed) if wanting else {}
            self._tell_of_risk(wanting, statuses, event.at)

    def forget_askers(self, _: object) -> None:
        """Somebody's data was erased: who has asked is read anew when it is needed."""
        self._acquaintance = self._unread()

    def _unread(self) -> Acquaintance:
        s = self._s
        return Acquaintance(
            registry=s.registry, codes=s.codes, groups=s.groups, credentials=s.credentials, queries=s.queries
        )

    def _seen(self) -> datetime | None:
        """Up to when all have been told of what time has changed; None where nobody is."""
        return min((one.seen_at for one in self.callbacks.wanting(Kind.RISK_CHANGED)), default=None)

    def _statuses(self, citizen_ids: Sequence[int]) -> Mapping[int, RiskStatus]:
        risky = self._s.risk_index.standing_many(citizen_ids)
        return {n: RiskStatus.RISKY if n in risky else RiskStatus.RISKLESS for n in citizen_ids}

    def _tell_of_risk(self, wanting: Sequence[Subscription], statuses: Mapping[int, RiskStatus], at: datetime) -> None:
        institutions = {one.institution_id for one in wanting if one.institution_id is not None}
        if not institutions or not statuses:
            return
        known = self._acquaintance.of(institutions, list(statuses))
        masked = self._s.registry.masked_many(sorted({citizen_id for _, citizen_id, _ in known}))
        for subscription in wanting:
            for institution_id, citizen_id, code in known:
                if institution_id == subscription.institution_id:
                    data = {
                        "hes_code": code,
                        "masked_identity_number": masked[citizen_id].identity_number,
                        "current_health_status": statuses[citizen_id].value,
                    }
                    self._announce(subscription, Kind.RISK_CHANGED, at, data, citizen_id=citizen_id)

    # Text messages

    def sms_noted(self, event: AccountNoted) -> None:
        """Tell of receipts, or of texts, that have come into an account's queue."""
        kind = Kind.SMS_RECEIPT if event.kind is NoticeKind.RECEIPT else Kind.SMS_RECEIVED
        for subscription in self.callbacks.wanting(kind):
            if subscription.sms_account == event.account:
                for _, notices in groupby(self._fresh(subscription, event.kind), key=_whole):
                    self._tell_of_notices(subscription, kind, list(notices))

    def last_notice(self, account: str | None) -> int:
        """The number of the last notice in an account's queue; what waits already is not told."""
        last = 0
        while account is not None and (found := self._s.sms.pending(account, after=last, limit=AT_ONCE)):
            last = found[-1].number
        return last

    def delivered(self, event: CallbackDelivered) -> None:
        """An endpoint that has a receipt or a text need not be told of it by another way."""
        if event.sms_account is not None and event.notices:
            self._s.sms.acknowledge(event.sms_account, event.notices)

    def _fresh(self, subscription: Subscription, kind: NoticeKind) -> Iterable[Notice]:
        account, last = subscription.sms_account or "", subscription.notice
        while found := self._s.sms.pending(account, after=last, limit=AT_ONCE, kind=kind):
            last = found[-1].number
            yield from found

    def _tell_of_notices(self, subscription: Subscription, kind: Kind, notices: Sequence[Notice]) -> None:
        notice, message = notices[0], notices[0].message
        data: dict[str, object] = {"sms_account": notice.account}
        if kind is Kind.SMS_RECEIPT:
            data |= {
                "message_id": message.message_id,
                "reference": message.reference,
                "state": notice.state.value,
                "error": notice.error,
            }
        elif message.direction is Direction.TO_HANDSET:  # it has arrived at a line of the account's
            data |= {"sender": message.sender, "to": message.phone.wire, "text": message.text}
        else:
            data |= {"sender": message.phone.wire, "to": message.to, "text": message.text}
        data["at"] = written(notice.at)
        numbers = tuple(one.number for one in notices)
        whom = self._holder(message) if kind is Kind.SMS_RECEIVED else None
        self._announce(subscription, kind, notice.at, data, citizen_id=whom, notices=numbers)

    def _holder(self, message: Message) -> int | None:
        if isinstance(message.phone, ForeignPhone):
            return None
        with suppress(UnknownCitizen):
            return self._s.registry.by_phone(message.phone).citizen_id
        return None

    # Registered mail

    def evidence_issued(self, event: EvidenceIssued) -> None:
        """Tell a letter's sender of a new piece of evidence."""
        wanting = self.callbacks.wanting(Kind.KEP_RECEIPT)
        if wanting:
            letter = self._s.kep.letter(event.letter_id).letter
            data = {
                "kep_address": letter.sender.address,
                "letter_id": event.letter_id,
                "message_id": letter.message_id,
                "evidence_id": event.evidence_id,
                "evidence_type": event.type.value,
                "positive": event.positive,
            }
            self._tell_owner(wanting, self._mailbox_of(letter.sender), Kind.KEP_RECEIPT, event.at, data)

    def letter_delivered(self, event: LetterDelivered) -> None:
        """Tell a recipient of a letter."""
        wanting = self.callbacks.wanting(Kind.KEP_RECEIVED)
        if wanting:
            letter = self._s.kep.letter(event.letter_id).letter
            data = {
                "kep_address": event.recipient.address,
                "letter_id": event.letter_id,
                "message_id": letter.message_id,
                "sender": event.sender.address,
            }
            self._tell_owner(wanting, self._mailbox_of(event.recipient), Kind.KEP_RECEIVED, self._now(), data)

    # Applications

    def step_taken(self, event: steps.Step) -> None:
        """Tell an institution of a step of its application."""
        wanting = self.callbacks.wanting(Kind.ONBOARDING_STEP)
        if wanting:
            data = {
                "application": event.number,
                "institution_id": event.institution_id,
                "step": STEPS[type(event)],
                "state": self._s.onboarding.application(event.application_id).state.value,
                "rules": [finding.rule for finding in event.findings],
            }
            self._tell_owner(wanting, event.institution_id, Kind.ONBOARDING_STEP, self._now(), data)

    def _mailbox_of(self, address: KepAddress) -> int | None:
        with suppress(UnknownKepAccount):
            return self._s.kep.account(address).institution_id
        return None

    def _tell_owner(
        self,
        wanting: Sequence[Subscription],
        institution_id: int | None,
        kind: Kind,
        at: datetime,
        data: Mapping[str, object],
    ) -> None:
        for subscription in wanting:
            if institution_id is not None and subscription.institution_id == institution_id:
                self._announce(subscription, kind, at, data)

    def _announce(
        self,
        subscription: Subscription,
        kind: Kind,
        at: datetime,
        data: Mapping[str, object],
        *,
        citizen_id: int | None = None,
        notices: tuple[int, ...] = (),
    ) -> None:
        order = Announce(
            subscription=subscription.number, kind=kind, at=at, data=data, citizen_id=citizen_id, notices=notices
        )
        self.callbacks.announce(order)


def _whole(notice: Notice) -> tuple[int, int]:
    """What belongs together: the segments of one text; each receipt stands alone."""
    return notice.message.number, notice.number if notice.kind is NoticeKind.RECEIPT else 0
