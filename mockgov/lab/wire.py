"""Bodies of the lab's routes."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StrictBool, StringConstraints

from mockgov.clock import FASTEST, SLOWEST
from mockgov.counters.body import Strict
from mockgov.credentials.rules import Environment
from mockgov.risk_index.messages import (
    ClinicalReport,
    ContactReport,
    IsolationReport,
    PcrReport,
    Report,
    VaccineReport,
)
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex


def _written(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("write it as a text, such as 2021-10-04T08:00:00+03:00 or 2021-10-04")  # noqa: TRY004  pydantic's
    return value


Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Whole = Annotated[int, Field(strict=True)]
"""A number that is written as one."""
Row = Annotated[Whole, Field(ge=1, lt=1 << 62)]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2200, 1, 1, tzinfo=UTC)),
    BeforeValidator(_written),
]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1)), BeforeValidator(_written)]
"""Within these centuries no date overflows, whatever zone it comes in and whatever is added to it."""


class NewWorld(Strict):
    """A world to be made."""

    name: Text
    seed: Whole = Field(1, ge=0, lt=1 << 63)
    people: Whole = Field(0, ge=0, le=200_000)
    preset: Text | None = None
    """What it is filled with, and which settings it has, by the names of `GET /_lab/presets`."""
    clock: Literal["running", "manual"] | None = None
    """How its time passes; as in the server's other worlds, if not said."""
    start: Moment | None = None
    """Its first moment; as the server's setting, if not said."""
    settings: dict[str, str | Whole] = Field({})
    """What else is to be other than the server's settings, by the names of the README's table."""
    magic: StrictBool | Annotated[list[Text], Field(max_length=100)] = False
    """Scenarios to be put on top, by the names of `GET /_lab/magic`; true: all that the rules of its day allow."""


class Seeding(Strict):
    """How many people a ready town is to have."""

    people: Whole = Field(ge=1, le=200_000)


class Fork(Strict):
    """A fork's name, and in what it is to differ."""

    to: Text
    snapshot: Text | None = None
    """A snapshot of the world's to begin from, and not as it is now."""
    settings: dict[str, str | Whole] = Field({})
    """Settings in which it is to differ, such as `idle_lifetime_s`; not `start`."""


class Keep(Strict):
    """What a snapshot is to be called; the next number, if nothing is said."""

    snapshot: Text | None = None


class PutBack(Strict):
    """The snapshot to go back to."""

    snapshot: Text


class Clue(Strict):
    """What a world is to be found by; one of these, a user name and a KEP address each with its password."""

    username: Text | None = None
    password: Text | None = None
    token: Annotated[str, StringConstraints(min_length=1, max_length=4000)] | None = None
    phone: Text | None = None
    mail: Text | None = None
    kep_address: Text | None = None
    hes_code: Text | None = None


class ClockMove(Strict):
    """What the clock is to do: stand at a moment, go so many seconds on, run (at a factor), or stop."""

    to: Moment | None = None
    advance_s: float | None = Field(None, strict=True, ge=0, le=3_200_000_000, allow_inf_nan=False)
    factor: float | None = Field(None, strict=True, ge=SLOWEST, le=FASTEST, allow_inf_nan=False)
    """Seconds of the world's time in a real second; the clock runs from now on."""
    run: StrictBool | None = None
    """`true` lets it run as fast as real time, or at `factor`; `false` lets it stand."""


class NewCitizen(Strict):
    """A person to be registered; the registry mints numbers."""

    firstname: Text
    lastname: Text
    sex: Sex
    birth_date: Day
    province: Whole = Field(ge=1, le=81)
    has_phone: StrictBool = True
    foreign: StrictBool = False
    temporary: StrictBool = False
    nationality: Text | None = None
    blue_card: StrictBool = False
    parents: list[Whole] = Field([], max_length=2)


class NewCode(Strict):
    """A code to be issued; no days: indefinite."""

    citizen_id: Row
    days: Whole | None = None
    description: Text | None = None


class Shortening(Strict):
    """An earlier end."""

    expires_at: Moment


class Sharing(Strict):
    """A note that an institution has a code."""

    label: Text


class NewInstitution(Strict):
    """An institution to be entered."""

    kind: InstitutionKind
    name: Text
    label: Text
    province: Whole = Field(ge=1, le=81)
    staff_count: Whole = Field(ge=0, le=10_000_000)
    staff: list[Whole] = Field([])
    headquarters: Row | None = None
    """Number of the head office whose tax number a branch shares."""


class NewAccount(Strict):
    """An account to be provisioned."""

    institution_id: Row
    environment: Environment


class ReportBody(Strict):
    """A report of any kind; the fields that a kind does not have stay out."""

    kind: Literal["pcr", "contact", "vaccine", "clinical", "isolation"]
    citizen_id: Row
    at: Moment
    """Sampled, last contact, given, noted, or isolation's begin."""
    positive: StrictBool | None = None
    variant_of_concern: StrictBool = False
    dose: Whole | None = Field(None, ge=0, le=100)
    intensive_care: StrictBool = False
    immunosuppressed: StrictBool = False
    symptom_free_since: Moment | None = None
    ends_at: Moment | None = None

    def report(self) -> Report:
        """The message that it means. Raises ValueError for a missing field."""
        n = self.citizen_id
        if self.kind == "contact":
            return ContactReport(citizen_id=n, last_contact_at=self.at)
        if self.kind == "clinical":
            return ClinicalReport(
                citizen_id=n,
                noted_at=self.at,
                intensive_care=self.intensive_care,
                immunosuppressed=self.immunosuppressed,
                symptom_free_since=self.symptom_free_since,
            )
        if self.kind == "vaccine":
            return VaccineReport(citizen_id=n, given_at=self.at, dose=_needed(self.dose, "dose"))
        if self.kind == "isolation":
            return IsolationReport(citizen_id=n, begins_at=self.at, ends_at=_needed_moment(self.ends_at))
        positive = bool(_needed(self.positive, "positive"))
        return PcrReport(
            citizen_id=n, sampled_at=self.at, positive=positive, variant_of_concern=self.variant_of_concern
        )


def _needed(value: int | None, name: str) -> int:
    if value is None:
        raise ValueError(f"This kind of report needs `{name}`.")
    return value


def _needed_moment(value: datetime | None) -> datetime:
    if value is None:
        raise ValueError("An isolation report needs `ends_at`.")
    return value
