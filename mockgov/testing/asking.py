"""What a client under test is handed, what it promises, and what it is asked to say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from mockgov.queries.rules import EXPIRED, NOT_FOUND
from mockgov.testing.http import Http
from mockgov.testing.town import Pair
from mockgov.testing.transport import Transport

SUFFIXES: Final = frozenset(
    {
        "check-visitor-hes-code",
        "check-employee-hes-code",
        "check-hes-code",
        "check-hes-codes",
        "check-hes-code-plus",
        "check-hes-codes-plus",
    }
)
"""The corporate service's six operations, each with its purpose."""


class Told(StrEnum):
    """What a client may learn of a code."""

    RISKLESS = "RISKLESS"
    RISKY = "RISKY"
    UNKNOWN = NOT_FOUND
    """No code of the ministry's, or a deleted one."""
    EXPIRED = EXPIRED
    UNAVAILABLE = "unavailable"
    """The ministry gives no answer just now."""
    REFUSED = "badcredentials"
    """The ministry does not know who asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a client makes of an answer. What is None is not compared."""

    told: Told
    name: str | None = None
    """The masked name, as the client shows it."""
    expires_at: datetime | None = None
    """When the code ends, aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How a client means to behave; what it does is held against this."""

    staleness: timedelta = timedelta()
    """How old an answer may be that it gives again. An end that it was told of is never stale."""
    attempts: int = 4
    """Requests for one question while the ministry says 429 or 5xx: no more, and no fewer before it gives up."""
    operations: frozenset[str] = SUFFIXES
    """The operations it uses; another one would ask for another purpose."""
    bulk_limit: int = 500
    """Codes in one call."""
    live: bool = True
    """Whether it asks in the live environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """All that a client needs of the outside."""

    url: str
    transport: Transport
    """For `httpx.Client(transport=…, base_url=url)`."""
    http: Http
    """A plain client, for those who are handed one."""
    base: str
    """The path under which the environment's operations are."""
    credential: Callable[[], Pair]
    """User name and present password, as the mail and the text message brought them; ask again after a 401."""
    now: Callable[[], datetime]
    """The world's time."""
    sleep: Callable[[float], None]
    """Lets the world's time pass by so many seconds."""


Asked = Mapping[str, str | None]
"""The texts of a question, and the code that each means; None for a text that is no code."""


class BadMannersError(AssertionError):
    """A client did on the wire what it must not do; the message begins with the rule."""


class WrongAnswerError(AssertionError):
    """A client said what is not so; the message says what is."""
