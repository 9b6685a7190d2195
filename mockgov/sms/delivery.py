"""Messages on their way: carries out what is due, notes receipts, and tells what became of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from mockgov.bus import Tell
from mockgov.clock import to_us
from mockgov.sms.fates import ORDINARY, Fate, Reason, befall, magic_fate
from mockgov.sms.held import HeldNotice, HoldingBack
from mockgov.sms.messages import AccountNoted, TextDelivered, TextFailed, TextSent
from mockgov.sms.rules import Message, Notice, NoticeKind, State, StrangersNumber, move
from mockgov.sms.store import MessageStore
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.phone import UNALLOCATED_PREFIX, Phone

AT_ONCE = 500
"""Messages taken from the store at a time."""


@dataclass(slots=True)
class Outcome:
    """What has become of some messages."""

    messages: list[Message]
    """As they are now, in the order in which they were given."""
    told: list[tuple[int, State, datetime, int]] = field(default_factory=list)
    """What is to be told, in order: place in `messages`, state, moment, error."""


class Delivery:
    """Carries messages on until nothing of them is due."""

    def __init__(
        self,
        *,
        store: MessageStore,
        tell: Tell,
        transit: timedelta,
        is_known: Callable[[Phone], bool] | None,
        own_prefix: str = UNALLOCATED_PREFIX,
        holding: HoldingBack | None = None,
    ) -> None:
        self._holding = HoldingBack() if holding is None else holding
        self.noted: set[str] = set()
        """Accounts whose queues have grown; for whoever calls their watchers to empty."""
        self._store = store
        self._tell = tell
        self._transit = transit
        self._is_known = is_known
        self._own_prefixes = (own_prefix, UNALLOCATED_PREFIX)

    def fate(self, phone: Phone) -> Fate:
        """How a phone takes messages: as scripted, else as its number says, else as they come."""
        scripted = self._store.fates([phone]).get(phone)
        return self._by_number(phone) if scripted is None else scripted

    def check(self, phone: Phone) -> None:
        """Raises `StrangersNumber` for a phone of nobody's in this world whose number a real person may have."""
        if (
            isinstance(phone, ForeignPhone)
            or phone.subscriber.startswith(self._own_prefixes)
            or (self._is_known is not None and self._is_known(phone))
        ):
            return
        own = f"+90 {self._own_prefixes[0]}"
        raise StrangersNumber(
            f"Nobody in this world has this number, and a real person may; nothing was kept. Use a number that begins "
            f"with {own}, or the phone of one of this world's people."
        )

    def take(self, messages: Sequence[Message], now: datetime) -> Sequence[Message]:
        """Enter new messages into the journal, and carry them as far as they come by now."""
        outcome = self._carry(messages, now)
        added = self._store.add(outcome.messages)
        for message in added:
            self._tell(TextSent(number=message.number))
        self._tell_of(added, outcome)
        return added

    def run(self, now: datetime) -> None:
        """Carry out everything that is due, in order of due moment, then of number."""
        while due := self._store.due(now, limit=AT_ONCE):
            last = due[-1].due_at if len(due) == AT_ONCE else None
            outcome = self._carry(due, now if last is None else last)
            self._store.change(outcome.messages)
            self._tell_of(outcome.messages, outcome)
        self._release(now)

    def next_due(self) -> datetime | None:
        """When something happens to a message, or a receipt that was held back is told."""
        moments = (self._store.next_due(), self._holding.held.next_due())
        return min((moment for moment in moments if moment is not None), default=None)

    def end(self, message: Message, state: State, at: datetime) -> Message:
        """Bring a message to an end from outside. Raises `MessageOver`."""
        ended = move(message, state, at)
        self._store.change([ended])
        self._tell_of([ended], Outcome([ended], [(0, state, at, 0)]))
        return ended

    def _carry(self, messages: Sequence[Message], until: datetime) -> Outcome:
        scripted = self._store.fates({message.phone for message in messages})
        outcome = Outcome(list(messages))
        line = [(to_us(m.due_at), m.number, nth) for nth, m in enumerate(messages) if m.due_at and m.due_at <= until]
        heapify(line)
        until_us = to_us(until)
        while line:
            _, number, nth = heappop(line)
            before = outcome.messages[nth]
            fate = scripted.get(before.phone) or self._by_number(before.phone)
            after = outcome.messages[nth] = befall(before, fate, self._transit)
            if after.state.is_final:
                outcome.told.append((nth, after.state, after.done_at or until, after.error))
            elif after.tried and not before.tried:
                outcome.told.append((nth, after.state, before.due_at or until, after.error))
            if after.due_at is not None and (due_us := to_us(after.due_at)) <= until_us:
                heappush(line, (due_us, number, nth))
        return outcome

    def note(self, notices: Sequence[Notice]) -> None:
        """Put notices into their accounts' queues; receipts that a fault strikes more than once, or later."""
        prompt: list[Notice] = []
        held: list[HeldNotice] = []
        for notice in notices:
            copies, hold_s = self._holding.fate(notice) if notice.kind is NoticeKind.RECEIPT else (0, 0)
            if hold_s:
                held += [_held(notice, timedelta(seconds=hold_s))] * (1 + copies)
            else:
                prompt += [notice] * (1 + copies)
        self._holding.held.hold(held)
        self._put(prompt)

    def _put(self, notices: Sequence[Notice]) -> None:
        self._store.note(notices)
        self.noted.update(notice.account for notice in notices)
        for account, kind in dict.fromkeys((notice.account, notice.kind) for notice in notices):
            self._tell(AccountNoted(account=account, kind=kind))

    def _release(self, now: datetime) -> None:
        """Tell what was held back until now, but for what has been erased meanwhile."""
        self._put(
            [
                Notice(
                    number=0,
                    account=one.account,
                    kind=one.kind,
                    at=one.at,
                    message=message,
                    state=one.state,
                    error=one.error,
                    part=one.part,
                )
                for one in self._holding.held.release(now)
                if (message := self._store.get(one.message)) is not None
            ]
        )

    def _tell_of(self, messages: Sequence[Message], outcome: Outcome) -> None:
        self.note(
            [
                Notice(
                    number=0,
                    account=account,
                    kind=NoticeKind.RECEIPT,
                    at=at,
                    message=messages[nth],
                    state=state,
                    error=error,
                )
                for nth, state, at, error in outcome.told
                if (account := messages[nth].account) is not None and messages[nth].receipts.wants(state)
            ]
        )
        self._note_arrivals([(messages[nth], at) for nth, state, at, _ in outcome.told if state is State.DELIVERED])
        for nth, state, _, error in outcome.told:
            if state.is_final:
                self._tell(_event(messages[nth], state, error))

    def _note_arrivals(self, arrived: Sequence[tuple[Message, datetime]]) -> None:
        """What has arrived at an account's line, the account has too."""
        lines = self._store.lines({message.phone for message, _ in arrived})
        self.note(
            [
                Notice(
                    number=0,
                    account=lines[message.phone],
                    kind=NoticeKind.INCOMING,
                    at=at,
                    message=message,
                    state=message.state,
                    part=part,
                )
                for message, at in arrived
                if message.phone in lines
                for part in range(message.part_count if message.segment is None else 1)
            ]
        )

    def _by_number(self, phone: Phone) -> Fate:
        fate = magic_fate(phone)
        if fate is None or self._is_known is None or self._is_known(phone):
            return ORDINARY
        return fate


def _held(notice: Notice, hold: timedelta) -> HeldNotice:
    return HeldNotice(
        due_at=notice.at + hold,
        account=notice.account,
        kind=notice.kind,
        at=notice.at,
        message=notice.message.number,
        state=notice.state,
        error=notice.error,
        part=notice.part,
    )


def again(messages: Iterable[Message], now: datetime) -> Sequence[Message]:
    """Those of the messages that have been tried in vain, to be tried again now."""
    return [replace(message, due_at=now) for message in messages if message.tried and message.expires_at > now]


def _event(message: Message, state: State, error: int) -> TextDelivered | TextFailed:
    reference = "" if message.account is not None else message.reference  # an account's own is nobody else's
    if state is State.DELIVERED:
        return TextDelivered(number=message.number, phone=message.phone, reference=reference)
    reason = f"{state}: {Reason(error).words}" if error else str(state)
    return TextFailed(number=message.number, phone=message.phone, reason=reason, reference=reference)
