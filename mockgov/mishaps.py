"""What faults make of what is told later: receipts of text messages, and callbacks.

What is drawn on is what is told, not the order in which it came about: the same plan strikes the same things with one
client or with sixty-four.
"""

from datetime import timedelta

from mockgov.callbacks.rules import Subscription
from mockgov.callbacks.service import Callbacks
from mockgov.callbacks.twists import STRAIGHT, Occasion, Twist, Twister
from mockgov.faults.kinds import Channel
from mockgov.registry.rules import UnknownInstitution
from mockgov.registry.service import Registry
from mockgov.sms.rules import Notice
from mockgov.world import World


class Mishaps:
    """What goes wrong on purpose in one world."""

    def __init__(self, world: World, registry: Registry) -> None:
        self._world = world
        self._registry = registry

    def of_notice(self, notice: Notice) -> tuple[int, int]:
        """How many further copies there are of a receipt, and for how many seconds it is held back."""
        faults = self._world.faults
        if not faults.faults:
            return 0, 0
        message = notice.message
        about = f"{message.phone.subscriber} {notice.state} {message.reference} {message.text}"
        visit = faults.told(Channel.SMS, notice.account, about)
        return visit.copies, visit.hold_s

    def twister(self, callbacks: Callbacks) -> Twister:
        """What bends the deliveries of callbacks."""

        def bent(occasion: Occasion) -> Twist:
            faults = self._world.faults
            if not faults.faults:
                return STRAIGHT
            asker = self._called(callbacks.subscription(occasion.subscription))
            visit = faults.told(Channel.CALLBACK, asker, f"{occasion.kind} {occasion.about}")
            return Twist(late=timedelta(seconds=visit.hold_s), copies=1 + visit.copies, skew_s=visit.skew_s)

        return bent

    def _called(self, subscription: Subscription) -> str:
        """Who is called back: an institution's label, an account of the gateway, or nobody in particular."""
        if subscription.institution_id is None:
            return subscription.sms_account or ""
        try:
            return self._registry.institution(subscription.institution_id).label
        except UnknownInstitution:
            return ""
