"""Use-cases of the gateway: messages and the queues of accounts. The accounts themselves are in `opening`."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from mockgov.bus import Tell
from mockgov.clock import Now, from_us, to_us
from mockgov.refusal import Refused
from mockgov.sms.accounts import QueueFull, SenderRefused, SmsAccount, check_sender, take
from mockgov.sms.delivery import Delivery, again
from mockgov.sms.encoding import Segment
from mockgov.sms.fates import Fate
from mockgov.sms.handset import Received, assemble
from mockgov.sms.held import HoldingBack
from mockgov.sms.messages import SendText, SubmitFromLine, SubmitText, TextReceived
from mockgov.sms.opening import Opening
from mockgov.sms.pieces import Pieces
from mockgov.sms.rules import (
    SHORT_NUMBER,
    BadSchedule,
    BadText,
    Direction,
    Message,
    Notice,
    NoticeKind,
    State,
    UnknownMessage,
    UnknownNumber,
    cut,
    expires,
    incoming,
    marked,
    scheduled,
    with_operator_code,
    written_forms,
)
from mockgov.sms.store import MessageStore
from mockgov.streams import Streams
from mockgov.vocabulary.foreign_phone import ForeignPhone
from mockgov.vocabulary.phone import UNALLOCATED_PREFIX, Phone

QUEUE_LIMIT = 100_000
"""Messages, and again receipts, of one account that may wait (chosen here)."""


class Sms(Opening):
    """The gateway of one world: one journal for the ministry's own messages and for every account's."""

    def __init__(
        self,
        *,
        store: MessageStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        streams: Streams,
        is_known: Callable[[Phone], bool] | None = None,
        own_prefix: str = UNALLOCATED_PREFIX,
        transit_ms: int = 0,
        per_second: int = 10_000,
        operator_code: str | None = None,
        abroad: str | None = None,
        kept: Callable[[str], str] = str,
        screen: Callable[[str], None] = lambda _: None,
        queue_limit: int = QUEUE_LIMIT,
        holding: HoldingBack | None = None,
    ) -> None:
        """Whose phone `is_known` is no magic number; without the callable no number is one.

        The phones of accounts' messages are known or begin with `own_prefix`, with which this world mints. `abroad` is
        the ministry's number for foreign lines; `kept` says how a text to the ministry stands in the journal;
        `screen` raises `Unminted` for any other text with a number that may be a living person's.
        """
        super().__init__(store=store, now=now, streams=streams)
        self._transaction = transaction
        self._tell = tell
        self._per_second = per_second
        self._operator_code = operator_code
        self._abroad = abroad
        self._kept = kept
        self._screen = screen
        self._pieces = Pieces()
        self._queue_limit = queue_limit
        self._watchers: dict[str, list[Callable[[], None]]] = {}
        transit = timedelta(milliseconds=transit_ms)
        self._delivery = Delivery(
            store=store, tell=tell, transit=transit, is_known=is_known, own_prefix=own_prefix, holding=holding
        )

    def send(self, order: SendText) -> Message:
        """Send a message from the ministry's short number, or another of its own. Raises `BadText`."""
        segments = cut(order.text)
        with self._command():
            now = self._now()
            begins_at = scheduled(order.after, now)
            message = Message(
                number=0,
                sent_at=now,
                sender=order.sender,
                phone=order.phone,
                text=order.text,
                encoding=segments[0].encoding,
                part_count=len(segments),
                reference=order.reference,
                state=State.ACCEPTED,
                scheduled_at=begins_at,
                expires_at=expires(None, now, begins_at),
                due_at=begins_at,
            )
            return self._delivery.take([message], now)[0]

    def submit(self, system_id: str, order: SubmitText | SubmitFromLine) -> Message:
        """Take one message of an account's. Raises whatever refuses it."""
        (result,) = self.submit_many(system_id, [order])
        if isinstance(result, Refused):
            raise result
        return result

    def submit_many(self, system_id: str, orders: Sequence[SubmitText | SubmitFromLine]) -> Sequence[Message | Refused]:
        """Take messages of an account's, in one transaction; for each what it has become, or why it is refused.

        Raises `UnknownSmsAccount`.
        """
        results: list[Message | Refused] = []
        with self._command():
            now = self._now()
            account = before = self.account(system_id)
            room = self._queue_limit - self._store.queued(system_id, most=self._queue_limit)
            fresh: list[Message] = []
            places: list[int] = []

            def enter() -> None:
                for place, message in zip(places, self._delivery.take(fresh, now), strict=True):
                    results[place] = message
                fresh.clear()
                places.clear()

            for place, order in enumerate(orders):
                try:
                    if isinstance(order, SubmitFromLine):
                        results.append(self._from_line(account, order))
                        continue
                    message = self._composed(account, order, now)
                    if room <= 0:
                        raise QueueFull("Too many messages or receipts of the account wait; take receipts first.")
                    busy_until_us = take(account.busy_until_us, to_us(now), self._per_second)
                except Refused as refusal:
                    results.append(refusal)
                    continue
                account = replace(account, busy_until_us=busy_until_us)
                room -= 1
                results.append(message)
                if order.replace:
                    enter()
                    old = self._replaceable(message)
                    if old is not None:
                        results[place] = self._replace(old, message, now)
                        continue
                fresh.append(message)
                places.append(place)
            enter()
            if account.busy_until_us > before.busy_until_us:
                self._store.put_account(account)
        return results

    def message(self, system_id: str, message_id: int) -> Message:
        """A message that an account has submitted. Raises `UnknownMessage`."""
        found = self._store.get(message_id)
        if found is None or found.account != system_id or found.direction is not Direction.TO_HANDSET:
            raise UnknownMessage(
                "The account has no message of this message_id; take the one that the gateway answered."
            )
        return found

    def cancel(self, system_id: str, message_id: int) -> Message:
        """Take a message back. Raises `UnknownMessage`, `MessageOver`."""
        with self._command():
            return self._delivery.end(self.message(system_id, message_id), State.DELETED, self._now())

    def cancel_all(self, system_id: str, *, sender: str, phone: Phone, service_type: str) -> Sequence[Message]:
        """Take back whatever of an account waits for a phone under a sender; `service_type` "" is any."""
        with self._command():
            waiting = self._store.waiting(account=system_id, phone=phone, limit=self._queue_limit)
            mine = [m for m in waiting if m.sender == sender and service_type in ("", m.service_type)]
            return [self._delivery.end(message, State.DELETED, self._now()) for message in mine]

    def from_handset(self, phone: Phone, to: str, text: str) -> Message:
        """Send a message from a phone to a number. Raises `BadText`, `StrangersNumber`, `UnknownNumber`."""
        segments = cut(text)
        self._delivery.check(phone)
        with self._command():
            account = self._reached_at(to)
            if account is None:
                to = self._own_number(phone, to)
            else:
                self._screen(text)
            now = self._now()
            (message,) = self._store.add(
                [
                    Message(
                        number=0,
                        sent_at=now,
                        sender="",
                        phone=phone,
                        text=text if account is not None else self._kept(text),
                        direction=Direction.FROM_HANDSET,
                        to=to,
                        account=None if account is None else account.system_id,
                        encoding=segments[0].encoding,
                        part_count=len(segments),
                        scheduled_at=now,
                        expires_at=now,
                        done_at=now,
                    )
                ]
            )
            if account is not None:
                self._delivery.note([incoming(message, account.system_id, part) for part in range(len(segments))])
            else:
                self._tell(TextReceived(phone=phone, to=to, text=text))
        return message

    def script(self, phone: Phone, fate: Fate | None) -> Fate:
        """Decide how a phone takes messages from now on; None: as its number says.

        What it has not taken so far is tried again at once. The fate that it now has is returned. Raises
        `StrangersNumber`.
        """
        self._delivery.check(phone)
        with self._command():
            self._store.put_fate(phone, fate)
            waiting = self._store.waiting(phone=phone, limit=self._queue_limit)
            self._store.change(again(waiting, self._now()))
            self._delivery.run(self._now())
        return self._delivery.fate(phone)

    def fate(self, phone: Phone) -> Fate:
        """How a phone takes messages."""
        return self._delivery.fate(phone)

    def inbox(self, phone: Phone | None = None, *, limit: int = 100) -> Sequence[Message]:
        """Messages that have arrived at a phone, or at all, newest first."""
        return self._store.inbox(phone, limit=limit)

    def received(self, phone: Phone, *, limit: int = 1000) -> Sequence[Received]:
        """What a handset shows, oldest first: texts put together from their segments."""
        return assemble(self._store.inbox(phone, limit=limit))

    def sent_from(self, phone: Phone, *, limit: int = 100) -> Sequence[Message]:
        """What a handset has sent, newest first."""
        return self._store.sent_from(phone, limit=limit)

    def pending(
        self, system_id: str, *, after: int = 0, limit: int = 100, kind: NoticeKind | None = None
    ) -> Sequence[Notice]:
        """What an account has yet to acknowledge, in order, from the number after `after` on."""
        return self._store.pending(system_id, after=after, limit=limit, kind=kind)

    def acknowledge(self, system_id: str, numbers: Collection[int]) -> int:
        """Note that an account has got what it was told; how much of it was still waiting."""
        with self._transaction():
            return self._store.acknowledge(system_id, numbers)

    def watch(self, system_id: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called whenever an account's queue has grown, until what is returned is called.

        It is called after the command; if that is part of a larger one, look into the queue when that is over too.
        """
        watchers = self._watchers.setdefault(system_id, [])
        watchers.append(callback)

        def unwatch() -> None:
            if callback in watchers:
                watchers.remove(callback)

        return unwatch

    def oldest_over(self) -> datetime | None:
        """When the oldest of the messages that have come to their end was sent."""
        sent_us = self._store.oldest_over_us()
        return None if sent_us is None else from_us(sent_us)

    def drop_sent(self, before: datetime) -> int:
        """Erase the messages that were sent before a moment and have come to their end; how many."""
        with self._transaction():
            return self._store.drop(sent_before_us=to_us(before))

    def forget(self, phone: Phone) -> int:
        """Erase what the ministry and a phone have written to one another, but for what is on its way; how many."""
        with self._transaction():
            return self._store.drop(phone=phone)

    def next_due(self) -> datetime | None:
        """When something happens to a message by itself next, or None."""
        return self._delivery.next_due()

    def run_due(self) -> None:
        """Carry out everything that is due."""
        due_at = self._delivery.next_due()
        if due_at is not None and due_at <= self._now():
            with self._command():
                """What is due is run first by every command."""

    def _own_number(self, phone: Phone, to: str) -> str:
        """Which number of the ministry's is meant. Raises `UnknownNumber`."""
        written = re.sub(r"[ ()-]", "", to)
        if self._abroad is not None and written in written_forms(self._abroad):
            return self._abroad
        if written != SHORT_NUMBER:
            raise UnknownNumber("Nobody is reached at this number; the ministry's is 2023.")
        if isinstance(phone, ForeignPhone):
            raise UnknownNumber(f"2023 is not reached from abroad; send the text to {self._abroad or 'nobody'}.")
        return SHORT_NUMBER

    def _from_line(self, account: SmsAccount, order: SubmitFromLine) -> Message:
        """Send from one of an account's lines. Raises whatever refuses it."""
        if self._store.lines([order.line]).get(order.line) != account.system_id:
            raise SenderRefused("This line is none of the account's; POST /_lab/sms-accounts opens one with `lines`.")
        if order.schedule is not None:
            raise BadSchedule("A line sends at once; leave the delay out.")
        if order.segment is not None and order.segment.place is not None:
            raise BadText("A text from a line comes whole: as one segment, or in message_payload.")
        return self.from_handset(order.line, order.to, order.text)

    def check_line(self, line: Phone) -> None:
        """Raises `StrangersNumber` for a line that may be a real person's."""
        self._delivery.check(line)

    def _composed(self, account: SmsAccount, order: SubmitText, now: datetime) -> Message:
        check_sender(account, order.sender)
        self._delivery.check(order.phone)
        self._screen(f"{order.text}\n{order.reference}\n{order.service_type}")
        if order.segment is not None:
            self._pieces.check((order.sender, order.phone), order.segment, self._screen)
        text, segments = self._cut(order)
        begins_at = scheduled(order.schedule, now)
        return Message(
            number=0,
            sent_at=now,
            sender=order.sender,
            phone=order.phone,
            text=text,
            account=account.system_id,
            encoding=segments[0].encoding,
            part_count=len(segments),
            segment=segments[0] if order.segment is not None and len(segments) == 1 else None,
            receipts=order.receipts,
            reference=order.reference,
            service_type=order.service_type,
            state=State.ACCEPTED,
            scheduled_at=begins_at,
            expires_at=expires(order.validity, now, begins_at),
            due_at=begins_at,
        )

    def _cut(self, order: SubmitText) -> tuple[str, Sequence[Segment]]:
        """The text as sent, and its segments. Raises `BadText`."""
        if order.segment is None:
            text = with_operator_code(order.text, self._operator_code)
            return text, cut(text)
        try:
            segment = marked(order.segment, self._operator_code)
        except BadText:
            if order.segment.place is not None:
                raise
            return self._cut(replace(order, segment=None))
        return segment.text.replace("\x00", "\ufffd"), (segment,)

    def _replaceable(self, message: Message) -> Message | None:
        waiting = self._store.waiting(account=message.account, phone=message.phone, limit=self._queue_limit)
        same = [m for m in waiting if (m.sender, m.service_type) == (message.sender, message.service_type)]
        return same[-1] if same else None

    def _replace(self, old: Message, new: Message, now: datetime) -> Message:
        """Let a waiting message say something else; it keeps its number and its state."""
        due_at = new.due_at if old.state is State.ACCEPTED else min(old.due_at or now, new.expires_at)
        changed = replace(new, number=old.number, state=old.state, tried=old.tried, error=old.error, due_at=due_at)
        self._store.change([changed])
        self._delivery.run(now)
        return self._store.get(old.number) or changed

    @contextmanager
    def _command(self) -> Iterator[None]:
        """A transaction in which everything that is due comes first; watchers hear of it afterwards."""
        with self._transaction():
            due_at = self._delivery.next_due()
            if due_at is not None and due_at <= (now := self._now()):
                self._delivery.run(now)
            yield
        noted = sorted(self._delivery.noted)  # those of a failed command too: looking once too often does no harm
        self._delivery.noted.clear()
        for system_id in noted:
            for callback in list(self._watchers.get(system_id, ())):
                callback()
