"""The manners of sessions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How long a session waits, and how much it leaves open; seconds are the loop's, not the world's."""

    window: int = 50
    """deliver_sm that a client may leave unanswered."""
    idle_s: float = 30.0
    """Silence after which the client is asked whether it is there."""
    answer_s: float = 10.0
    """How long its answer may take."""
    bind_s: float = 10.0
    """How long a connection may stay without a bind."""
