"""Bodies of the lab's routes."""

from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StrictBool, StringConstraints

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
    """A fork's name."""

    to: Text


class ClockMove(Strict):
    """Where the clock is to stand: a moment, or so many seconds on."""

    to: Moment | None = None
    advance_s: float | None = Field(None, strict=True, ge=0, le=3_200_000_000)


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
