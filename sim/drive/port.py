"""What the country needs of a ministry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol, TypeAlias

from mockgov.risk_index.messages import Report
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex
from sim.demand.parameters import Channel

Told: TypeAlias = Mapping[str, Any]
"""What a ministry says of one code: the wire's fields, or `errorKey` and what comes with it."""

TIME_OUT = 0
"""Status of a call that got no answer in time, or none at all."""


class DriveError(RuntimeError):
    """The ministry cannot be met as the run needs it; the message says what it answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who moves into the ministry's world."""

    firstname: str
    lastname: str
    sex: Sex
    birth_date: date
    province: int
    has_phone: bool
    parent: int = -1
    """Number of a parent, who comes before; -1 for nobody, or for a grown-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallOffice:
    """A workplace without an account, whose manager asks with a list at e-Devlet."""

    manager: int
    """Number of the person."""
    name: str
    province: int
    staff_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """An institution that gets a live account."""

    label: str
    name: str
    kind: InstitutionKind
    province: int
    staff_count: int
    place: Mapping[str, str]
    """`city`, `district` and `explicit_address` of its door."""


class IssuedCode(NamedTuple):
    """A code that somebody holds."""

    text: str
    expires: str
    """Its end as the wire writes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """What the ministry gave the people, by their number in the population."""

    identity: Sequence[str]
    code: Sequence[IssuedCode]
    expired: Mapping[int, IssuedCode]
    """Codes that have ended by the day played."""
    deleted: Mapping[int, IssuedCode]
    """Codes that their holders have deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """Everything that has to be there before a day is played."""

    world: str
    """Name of the world to be made for it."""
    seed: int
    settings: Mapping[str, Any]
    """The ministry's settings that are not its defaults."""
    people: Sequence[Person]
    offices: Sequence[Office]
    had_before: Sequence[int]
    """People who show a code that has expired."""
    deleted: Sequence[int]
    """People who show a code that they have deleted."""
    days_left: Sequence[int]
    """For how many days from `opens_at` each person's code is good still; 0: without end."""
    app_users: Sequence[int]
    """People who check others or make codes with the app, and so sign in."""
    visitors: Sequence[int]
    """People who go to e-Devlet."""
    small_offices: Sequence[SmallOffice]
    begins_at: datetime
    """When the world begins, on the eve of the day played."""
    ended_at: datetime
    """When the expired codes ended, later on the eve."""
    opens_at: datetime
    """The midnight with which the day played begins."""


class Call(NamedTuple):
    """One request: its channel, who asks (an office or a person, by the channel), and the codes.

    Where a code is made there is none yet: `person` is for whom, `days` how long it is to last, 0 without end.
    """

    channel: Channel
    asker: int
    codes: tuple[str, ...]
    person: int = -1
    days: int = 0


class Reply(NamedTuple):
    """What came back: HTTP status (`TIME_OUT` for none), and what is said of each code, in order.

    Of a code that was made: `hes_code`, and its end where the counter tells it.
    """

    status: int
    told: tuple[Told, ...]


class MinistryPort(Protocol):
    """A ministry that can be met."""

    async def settle(self, settlement: Settlement) -> Residents:
        """Make a world with these people, codes and accounts, its clock at `opens_at`. Raises `DriveError`."""
        ...

    async def stand_at(self, moment: datetime) -> None:
        """Move the world's clock. Raises `DriveError`."""
        ...

    async def file(self, reports: Sequence[Report]) -> None:
        """Let the case-tracking module learn; `citizen_id` is the person's number plus one. Raises `DriveError`."""
        ...

    async def ask(self, call: Call) -> Reply:
        """Ask; never raises for what the ministry does."""
        ...

    async def collect(self, call: Call) -> Reply:
        """The code that a call has made, once the replies to a text have had their time.

        Never raises for what the ministry does. Texts of one telephone are collected in the order of asking.
        """
        ...

    async def audited(self) -> int:
        """How many queries the ministry has on record."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...
