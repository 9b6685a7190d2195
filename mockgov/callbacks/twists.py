"""How a delivery is bent on purpose: late, doubled, with a wrong clock or a wrong signature. Pure.

Whoever plans faults hands the service a `Twister`; it is asked once for each message of each subscription, with what
names the message the same way in every run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from mockgov.callbacks.rules import Kind

MOST_COPIES: Final = 100
"""Deliveries of one message (chosen here)."""


class Occasion(NamedTuple):
    """One message to one subscription."""

    subscription: int
    """The subscription's number."""
    kind: Kind
    nth: int
    """How many messages the subscription has had before, from 0."""
    about: str = ""
    """What the message says, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Twist:
    """What is bent about a message's deliveries."""

    late: timedelta = timedelta(0)
    """How much later the first attempt is: later ones overtake it."""
    copies: int = 1
    """How often it is delivered, each with the same `webhook-id`."""
    apart: timedelta = timedelta(seconds=1)
    """From one copy to the next."""
    skew_s: int = 0
    """Seconds by which `webhook-timestamp` is ahead, or behind if negative; the signature is over it."""
    forged: bool = False
    """Whether the signature is one that no key makes."""

    def __post_init__(self) -> None:
        if self.late < timedelta(0) or self.apart < timedelta(0) or not 1 <= self.copies <= MOST_COPIES:
            raise ValueError(f"A callback comes later, not earlier, and 1 to {MOST_COPIES} times.")


STRAIGHT: Final = Twist()

Twister = Callable[[Occasion], Twist]
"""Decides how a message is bent."""


def straight(_: Occasion) -> Twist:
    """Nothing is bent."""
    return STRAIGHT
