"""Use-cases of callbacks: subscribe, announce, take what is due, keep what became of it."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from mockgov.bus import Tell
from mockgov.callbacks.carrying import Carrier, Envelope, Receiver
from mockgov.callbacks.destination import read_url
from mockgov.callbacks.events import body_of
from mockgov.callbacks.messages import (
    Announce,
    CallbackDelivered,
    CallbackDisabled,
    CallbackFailed,
    CallbackSubscribed,
    Subscribe,
)
from mockgov.callbacks.rules import (
    BOTH_KEYS,
    SUBSCRIPTIONS_LIMIT,
    Attempt,
    BadSubscription,
    Delivery,
    Kind,
    Off,
    Outcome,
    State,
    Subscription,
    SubscriptionOff,
    UnknownDelivery,
    UnknownSubscription,
    after,
    after_attempt,
    again,
    check_kinds,
    given_up,
    taken,
)
from mockgov.callbacks.signing import SECRET_BYTES, Keys, signatures
from mockgov.callbacks.store import CallbackStore
from mockgov.callbacks.twists import Occasion, Twister, straight
from mockgov.clock import Now
from mockgov.streams import Streams

AT_ONCE = 500
"""Deliveries that are taken, or marked, in one go."""


class Callbacks:
    """Subscriptions and outbox of one world."""

    def __init__(
        self,
        *,
        store: CallbackStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        streams: Streams,
        carrier: Carrier,
        world: str,
        real_now: Now,
    ) -> None:
        """`real_now` is asked for the timestamps of subscriptions that want real time, and for nothing else."""
        self._store = store
        self._now = now
        self._tell = tell
        self._transaction = transaction
        self._streams = streams
        self._carrier = carrier
        self._world = world
        self._real_now = real_now
        self._out: set[int] = set()
        """Deliveries that are with the carrier."""
        self._receivers: dict[str, Receiver] = {}
        self._is_closed = False
        self._is_stirred = True
        """Whether there may be something to take: at first, after a restart, there may."""
        self.twister: Twister = straight
        """How deliveries are bent: whoever plans faults sets it."""

    # Subscriptions

    async def vet(self, url: str) -> None:
        """Look an address up before it is subscribed. Raises `BadSubscription`, `AddressNotAllowed`."""
        if read_url(url).origin not in self._receivers:
            await self._carrier.vet(url)

    def subscribe(self, order: Subscribe) -> Subscription:
        """Have an address told of events. Raises `BadSubscription`, `AddressNotAllowed`."""
        check_kinds(order.kinds, order.institution_id, order.sms_account)
        if read_url(order.url).origin not in self._receivers:
            self._carrier.check(order.url)
        if len(self._store.subscriptions()) >= SUBSCRIPTIONS_LIMIT:
            raise BadSubscription(f"A world has at most {SUBSCRIPTIONS_LIMIT} callbacks; delete one first.")
        now = self._now()
        with self._transaction():
            made = self._store.subscribe(
                Subscription(
                    number=0,
                    url=order.url,
                    kinds=order.kinds - {Kind.PING},
                    institution_id=order.institution_id,
                    sms_account=order.sms_account,
                    real_time=order.real_time,
                    made_at=now,
                    seen_at=now,
                    notice=order.notice,
                )
            )
            self._tell(CallbackSubscribed(number=made.number))
        return made

    def subscription(self, number: int) -> Subscription:
        """A subscription. Raises `UnknownSubscription`."""
        found = self._store.subscription(number)
        if found is None:
            raise UnknownSubscription("There is no such callback in this world; GET /_lab/callbacks lists them.")
        return found

    def subscriptions(self) -> Sequence[Subscription]:
        """All subscriptions, by number."""
        return self._store.subscriptions()

    def drop(self, number: int) -> None:
        """Forget a subscription and everything that was sent to it. Raises `UnknownSubscription`."""
        self.subscription(number)
        with self._transaction():
            self._store.drop(number)

    def disable(self, number: int, why: Off = Off.BY_HAND) -> Subscription:
        """Tell an address of nothing any more; what waits for it has failed. Raises `UnknownSubscription`."""
        found = self.subscription(number)
        if found.off is not None:
            return found
        with self._transaction():
            self._store.change(off := replace(found, off=why))
            now = self._now()
            self._store.put([given_up(one, now) for one in self._store.waiting(number)])
            self._tell(CallbackDisabled(number=number, why=why))
        return off

    def enable(self, number: int, *, notice: int) -> Subscription:
        """Tell it of what happens from now on. Raises `UnknownSubscription`."""
        found = self.subscription(number)
        if found.off is None:
            return found
        with self._transaction():
            self._store.change(on := replace(found, off=None, failing_since=None, seen_at=self._now(), notice=notice))
        return on

    def rotate(self, number: int) -> Subscription:
        """New keys; the old ones sign too for a day. Raises `UnknownSubscription`."""
        found = self.subscription(number)
        with self._transaction():
            self._store.change(new := replace(found, rotation=found.rotation + 1, rotated_at=self._now()))
        return new

    def keys(self, subscription: Subscription, *, rotation: int | None = None) -> Keys:
        """The keys of a subscription, or its earlier ones."""
        key = subscription.number, subscription.rotation if rotation is None else rotation
        return Keys(
            secret=self._streams.secret("callbacks.secret", *key, size=SECRET_BYTES),
            seed=self._streams.secret("callbacks.key", *key, size=SECRET_BYTES),
        )

    # What happens

    def wanting(self, kind: Kind) -> Sequence[Subscription]:
        """The subscriptions that are to be told of a kind; quickly none where nobody has subscribed."""
        if not self._store.any_on():
            return ()
        return [one for one in self._store.subscriptions() if one.off is None and kind in one.kinds]

    def seen(self, subscriptions: Sequence[Subscription]) -> None:
        """Note that what time has brought up to now has been told to these."""
        now = self._now()
        for one in subscriptions:
            if one.seen_at < now and (found := self._store.subscription(one.number)) is not None:
                self._store.change(replace(found, seen_at=now))

    def announce(self, order: Announce) -> Sequence[Delivery]:
        """Put a message into the outbox, as often as it is to be delivered. Raises `UnknownSubscription`."""
        subscription = self.subscription(order.subscription)
        nth, now = subscription.told, self._now()
        body = body_of(order.kind, order.at, order.data)
        twist = self.twister(Occasion(subscription.number, order.kind, nth, body.decode()))
        first = Delivery(
            number=0,
            subscription=subscription.number,
            kind=order.kind,
            at=order.at,
            body=body,
            nth=nth,
            due_at=now + twist.late,
            citizen_id=order.citizen_id,
            notices=order.notices,
            skew_s=twist.skew_s,
            forged=twist.forged,
        )
        with self._transaction():
            notice = max(subscription.notice, *order.notices, 0)
            self._store.change(replace(subscription, told=nth + 1, notice=notice))
            made = [
                self._store.add(replace(first, copy=copy, due_at=now + twist.late + copy * twist.apart))
                for copy in range(twist.copies)
            ]
        self._stir()
        return made

    def ping(self, number: int) -> Delivery:
        """Send a message that only says that callbacks arrive. Raises `UnknownSubscription`, `SubscriptionOff`."""
        self._check_on(self.subscription(number))
        order = Announce(subscription=number, kind=Kind.PING, at=self._now(), data={"subscription": number})
        return self.announce(order)[0]

    # What falls due, and leaves: `Callbacks` is the `Outbox` of `carrying`

    def next_due(self) -> datetime | None:
        """When something is to be sent next."""
        return self._store.next_due()

    def run_due(self) -> None:
        """Mark what is due as under way; whoever moves the clock, or the server's carrier, takes it from there."""
        now, marked = self._now(), False
        while due := self._store.due(now, limit=AT_ONCE):
            marked = True
            with self._transaction():
                self._store.put([taken(one, now) for one in due])
        if marked:
            self._stir()

    def take(self) -> Sequence[Envelope]:
        """What is to be sent now, and is with nobody yet."""
        if self._is_closed or not self._is_stirred:
            return ()
        self.run_due()
        underway = [one for one in self._store.underway(limit=AT_ONCE + len(self._out)) if one.number not in self._out]
        if not underway:
            self._is_stirred = bool(self._out)
            return ()
        subscriptions = {one.number: one for one in self._store.subscriptions()}
        self._out.update(one.number for one in underway)
        return [self._envelope(one, subscriptions[one.subscription]) for one in underway]

    def record(self, outcomes: Sequence[tuple[int, Outcome]]) -> None:
        """Keep what became of deliveries that were taken; of one that is gone by now nothing is kept."""
        if self._is_closed:
            return
        with self._transaction():
            for number, outcome in outcomes:
                delivery = self._store.get(number)
                if delivery is not None and delivery.taken_at is not None:
                    self._record(delivery, delivery.taken_at, outcome)
        self._out.difference_update(number for number, _ in outcomes)

    def release(self, numbers: Sequence[int]) -> None:
        """Deliveries come back that could not be sent for reasons of ours; they are taken again."""
        self._is_stirred = True
        self._out.difference_update(numbers)

    def carry(self) -> None:
        """Send what is under way, and wait for it."""
        self._carrier.carry(self)

    async def settle(self) -> None:
        """The same on an event loop, which goes on meanwhile."""
        await self._carrier.move(self, ())

    async def move(self, steps: Iterable[object]) -> None:
        """Take the steps of a clock on an event loop, sending what each has set under way before the next."""
        await self._carrier.move(self, steps)

    def mount(self, origin: str, receiver: Receiver) -> None:
        """Let a receiver in this process take what goes to an origin, `http://client.test`, in place of a network."""
        self._receivers[read_url(origin).origin] = receiver

    def receiver(self, url: str) -> Receiver | None:
        """Who takes it in this process."""
        return self._receivers.get(read_url(url).origin) if self._receivers else None

    # The outbox, to be read

    def deliveries(self, number: int, *, after: int = 0, limit: int = 100) -> Sequence[Delivery]:
        """What was, or is to be, delivered to a subscription. Raises `UnknownSubscription`."""
        return self._store.of(self.subscription(number).number, after=after, limit=limit)

    def delivery(self, number: int, delivery: int) -> Delivery:
        """One of them. Raises `UnknownSubscription`, `UnknownDelivery`."""
        subscription, found = self.subscription(number), self._store.get(delivery)
        if found is None or found.subscription != subscription.number:
            raise UnknownDelivery("The callback has no such delivery; its list is under /deliveries.")
        return found

    def attempts(self, delivery: Delivery) -> Sequence[Attempt]:
        """What became of each try."""
        return self._store.attempts(delivery.number)

    def message_id(self, delivery: Delivery) -> str:
        """The `webhook-id`: the same for every attempt and copy."""
        key = delivery.subscription, delivery.nth
        return f"msg_{self._streams.secret('callbacks.message', *key, size=16).hex()}"

    def replay(self, number: int, delivery: int) -> Delivery:
        """Send it once more, now. Raises `UnknownDelivery`, `SubscriptionOff`, `IllegalTransition`."""
        found = self.delivery(number, delivery)
        self._check_on(self.subscription(number))
        with self._transaction():
            self._store.put([renewed := again(found, self._now())])
        self._stir()
        return renewed

    # Erasure

    def oldest_done(self) -> datetime | None:
        """When the first of the ended deliveries that are kept ended."""
        return self._store.oldest_done()

    def drop_done(self, before: datetime) -> int:
        """Erase the deliveries that ended before a moment; how many."""
        with self._transaction():
            return self._store.erase(done_before=before)

    def held(self, citizen_id: int) -> int:
        """How many deliveries are kept about a citizen."""
        return self._store.count(citizen_id)

    def forget(self, citizen_id: int) -> int:
        """Erase what was, or is to be, told of a citizen; how many deliveries."""
        with self._transaction():
            return self._store.erase(citizen_id=citizen_id)

    def close(self) -> None:
        """Send no more; what is with the carrier leaves no trace."""
        self._is_closed = True

    def _stir(self) -> None:
        self._is_stirred = True
        self._carrier.wake(self)

    def _check_on(self, subscription: Subscription) -> None:
        if subscription.off is not None:
            raise SubscriptionOff(f"The callback is disabled ({subscription.off}). Put it right, then POST …/enable.")

    def _record(self, delivery: Delivery, at: datetime, outcome: Outcome) -> None:
        subscription = self.subscription(delivery.subscription)
        if subscription.off is None:
            known, (subscription, why) = subscription, after_attempt(subscription, at, outcome)
            if subscription != known:
                self._store.change(subscription)
            if why is not None:
                subscription = self.disable(subscription.number, why)
        number, key = delivery.number, (delivery.nth, delivery.copy, delivery.tried)
        draw = self._streams.draw("callbacks.jitter", delivery.subscription, *key)
        changed = after(delivery, outcome, draw, off=subscription.off is not None)
        self._store.put([changed])
        tried = Attempt(delivery=number, nth=changed.attempts, at=at, status=outcome.status, trouble=outcome.trouble)
        self._store.note([tried])
        if changed.state is State.DELIVERED:
            self._tell(
                CallbackDelivered(
                    subscription=subscription.number,
                    delivery=number,
                    sms_account=subscription.sms_account,
                    notices=delivery.notices,
                )
            )
        elif changed.state is State.FAILED:
            self._tell(CallbackFailed(subscription=subscription.number, delivery=number))

    def _envelope(self, delivery: Delivery, subscription: Subscription) -> Envelope:
        at = self._real_now() if subscription.real_time else delivery.taken_at
        assert at is not None
        timestamp = int(at.timestamp()) + delivery.skew_s
        message_id = self.message_id(delivery)
        body = b"" if delivery.forged else delivery.body
        return Envelope(
            delivery=delivery.number,
            subscription=subscription.number,
            url=subscription.url,
            headers={
                "content-type": "application/json",
                "user-agent": "HES-Sandbox",
                "webhook-id": message_id,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": signatures(self._signing(subscription, delivery), message_id, timestamp, body),
                "x-hes-world": self._world,
            },
            body=delivery.body,
        )

    def _signing(self, subscription: Subscription, delivery: Delivery) -> Sequence[Keys]:
        """The keys that sign now: the newest first."""
        rotated_at, at = subscription.rotated_at, delivery.taken_at
        keys = [self.keys(subscription)]
        if rotated_at is not None and at is not None and at < rotated_at + BOTH_KEYS:
            keys.append(self.keys(subscription, rotation=subscription.rotation - 1))
        return keys
