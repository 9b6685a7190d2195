"""A query, its answer, and the row that is kept of both. Plain tuples: tens of thousands a second pass here."""

from collections.abc import Sequence
from typing import NamedTuple


class Query(NamedTuple):
    """One question about one code."""

    asker: str
    """Who asks: an account's user name, `citizen:<number>` for a person with the app or at e-Devlet, or
    `institution:<number>/citizen:<number>` for a manager who asks for an institution there."""
    purpose: str
    """A `Purpose`."""
    code: str | None
    """Ten clean characters, or None where the text was no HES code."""
    plus: bool = False
    """Whether vaccine, immunity and test are asked too."""
    place: str | None = None
    """Where a visitor was asked: the JSON that the institution sent."""


class Clinical(NamedTuple):
    """What a plus answer adds; None stands for a datum that the person does not share."""

    vaccinated: bool | None
    immune: bool | None
    test_shared: bool
    last_negative_us: int | None


class Answer(NamedTuple):
    """What the ministry says of one code. Either `error` is set, or everything else is."""

    code: str
    error: str | None
    expires_us: int
    """End of the code in microseconds since the epoch; 0 for an unknown code."""
    risky: bool = False
    identity_number: str = ""
    firstname: str = ""
    lastname: str = ""
    clinical: Clinical | None = None
    fault: str = ""
    """The replay token, where a planted fault has turned the status round."""


class Asked(NamedTuple):
    """An audit row."""

    asked_us: int
    asker: str
    purpose: str
    code: str | None
    citizen_id: int | None
    outcome: str
    place: str | None


class Trail(NamedTuple):
    """A page of audit rows, newest first."""

    rows: Sequence[Asked]
    before: int | None
    """What to ask for to read on; None on the last page."""


class Counted(NamedTuple):
    """Questions of one minute that came by the same channel and were answered alike."""

    minute: int
    """Whole minutes since the epoch."""
    channel: str
    """A `Channel`."""
    outcome: str
    questions: int


class Lately(NamedTuple):
    """What has been asked since somebody last looked, in numbers only."""

    counted: Sequence[Counted]
    after: int
    """The number of the youngest row; hand it in to read on."""
    is_whole: bool
    """Whether no row was left out because there were too many."""
