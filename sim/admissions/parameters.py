"""What there is to set about the onboarding road: who applies when, what goes wrong, and who works at which desk."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import cache
from math import isfinite

from mockgov.settings import Settings
from mockgov.vocabulary.institution import InstitutionKind
from sim import tables
from sim.tables import Table

WORKING_DAY_MINUTES = 480
"""Office time of a whole working day (`mockgov.working_time.WORKING_DAY`)."""


class DeskName(StrEnum):
    """The ministry's desks on the road, in the order in which an application meets them."""

    LETTERS = "letters"
    """Registers incoming letters (*evrak kayıt*), and writes the letter that confirms a finished integration."""
    EVALUATION = "evaluation"
    """Compares form, letter and certificate with the rules: approves, returns or refuses."""
    ACCESS = "access"
    """Defines users, first of the test environment, then the live ones."""
    SUPPORT = "support"
    """Answers questions about the test integration (*hesdestek*), and checks completion notices."""


class Flaw(StrEnum):
    """Why a letter is returned, by the ministry's own rules (`mockgov.onboarding.consistency`)."""

    NO_STATEMENT = "letter.authorised"
    """It does not say that the person is authorised."""
    WRONG_SIGNER = "form.signer"
    """Somebody else than the authorised person signed the form."""
    CERTIFICATE = "form.signature"
    """The form's signature does not count: certificate expired, revoked, or of the wrong kind."""
    MISSING_ATTACHMENT = "letter.form"
    """The signed form is not attached."""


def _outside(value: object, **highest: float) -> Iterator[str]:
    """A sentence for each field that does not lie between 0 and its highest."""
    for name, high in highest.items():
        given = getattr(value, name)
        if not (isfinite(given) and 0 <= given <= high):
            yield f"{name} = {given!r} is outside 0 to {high:,g}"


def _misfit(name: str, value: "Minutes | Days", second: float) -> Iterator[str]:
    """A sentence if no table holds the time in whole milliseconds; from a second on one always does."""
    if 0 < (mean := getattr(value, name)) < second and 0 < value.cv2 <= 4:
        try:
            _ = value.table
        except ValueError:
            yield f"{name} = {mean!r} is too short for its spread, in whole milliseconds"


def _refuse(problems: Iterator[str] | list[str]) -> None:
    if found := list(problems):
        raise ValueError("; ".join(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """How much office time a piece of work takes.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    mean_minutes: float
    """Mean. Unit: minutes of office time. Range: 0 to 28,800."""
    cv2: float = 0.5
    """Squared coefficient of variation: 0 always the mean, 0.25 steady, 1 like the exponential. No unit.
    Range: 0 to 4. The shape is log-normal, as in L. Brown et al., JASA 100 (2005) 36-50."""

    def __post_init__(self) -> None:
        """Refuse what is no length of work, or too short to be told in milliseconds."""
        _refuse([*_outside(self, mean_minutes=28_800, cv2=4), *_misfit("mean_minutes", self, 1 / 60)])

    @property
    def table(self) -> Table:
        """Times in whole milliseconds: in microseconds, months would leave a table's 64 bits."""
        return _times(round(self.mean_minutes * 60_000), self.cv2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How long an institution takes over one of its own steps.

    Raises `ValueError` that names every field out of its range, all at once.
    """

    mean_days: float
    """Mean. Unit: working days of eight hours. Range: 0 to 60."""
    cv2: float = 0.5
    """As in `Minutes`."""

    def __post_init__(self) -> None:
        """Refuse what is no length of time, or too short to be told in milliseconds."""
        _refuse([*_outside(self, mean_days=60, cv2=4), *_misfit("mean_days", self, 1 / 480 / 60)])

    @property
    def table(self) -> Table:
        """Times in whole milliseconds of office time."""
        return _times(round(self.mean_days * WORKING_DAY_MINUTES * 60_000), self.cv2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applications:
    """How many institutions of each kind are expected to begin, week by week from the scenario's date.

    Unit: institutions a week. Range: 0 to 5,000, for at most 104 weeks; weeks left out have none. A scenario's
    business, so the defaults are empty. Raises `ValueError` that names every field out of its range, all at once.
    """

    ministry: tuple[float, ...] = ()
    public_body: tuple[float, ...] = ()
    workplace: tuple[float, ...] = ()
    governorship: tuple[float, ...] = ()
    provincial_health_directorate: tuple[float, ...] = ()
    provincial_organisation: tuple[float, ...] = ()
    school: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse weeks that are none."""
        _refuse(
            f"{item.name} = {list(weeks)} must be at most 104 numbers from 0 to 5,000"
            for item in fields(self)
            for weeks in [getattr(self, item.name)]
            if len(weeks) > 104 or not all(0 <= expected <= 5_000 for expected in weeks)
        )

    def of(self, kind: InstitutionKind) -> tuple[float, ...]:
        """The weeks of one kind."""
        weeks: tuple[float, ...] = getattr(self, kind.value.lower())
        return weeks

    @property
    def weeks(self) -> int:
        """Weeks until the last one in which anybody is expected."""
        return max(len(getattr(self, item.name)) for item in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """How often first letters are returned for one reason, and what putting it right takes."""

    share: float
    """Share of first letters. No unit. Range: 0 to 1; those of all reasons together at most 1. Chosen here."""
    correction: Days
    """Until the institution has put it right and its new letter is ready. Chosen here."""

    def __post_init__(self) -> None:
        """Refuse what is no share."""
        _refuse(_outside(self, share=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskParameters:
    """Who works at a desk. Raises `ValueError` that names every field out of its range, all at once."""

    clerks: int
    """Clerks from the first day on. Unit: persons. Range: 0 to 1,000. Chosen here."""
    later: tuple[tuple[date, int], ...] = ()
    """Staff calendar: from each of these days on, so many instead; days ascending. A clerk who is no longer counted
    still finishes the piece begun. Range as `clerks`."""

    def __post_init__(self) -> None:
        """Refuse what is no staff calendar."""
        problems = list(_outside(self, clerks=1_000))
        if [day for day, _ in self.later] != sorted({day for day, _ in self.later}):
            problems.append("later: its days must ascend")
        if not all(0 <= clerks <= 1_000 for _, clerks in self.later):
            problems.append("later: clerks must lie between 0 and 1,000")
        _refuse(problems)

    def on(self, day: date) -> int:
        """Clerks on duty on a day."""
        return [self.clerks, *(clerks for begins, clerks in self.later if begins <= day)][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """Clerks lent to one desk for a while. Raises `ValueError` that names every field out of its range, all at once."""

    clerks: int = 0
    """Unit: persons. Range: 0 to 1,000; 0: no surge team."""
    desk: DeskName = DeskName.EVALUATION
    """Where they help."""
    begins: date = date(2020, 11, 9)
    """Their first day. Chosen here."""
    weeks: int = 4
    """For how long. Unit: weeks. Range: 0 to 104. Chosen here."""

    def __post_init__(self) -> None:
        """Refuse what is no surge team."""
        _refuse(_outside(self, clerks=1_000, weeks=104))

    def on(self, desk: DeskName, day: date) -> int:
        """Clerks whom the team adds to a desk on a day."""
        return self.clerks if desk is self.desk and 0 <= (day - self.begins).days < 7 * self.weeks else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdmissionsParameters:
    """The onboarding road.

    How many clerks there were, how long they took and how often letters were returned was never published; where
    nothing else is said, a value is chosen here: what a general directorate of a ministry might have had.

    Raises:
        ValueError: on construction, naming every field that is out of range at once.
    """

    applications: Applications = field(default_factory=Applications)
    """Who begins when."""
    counted: tuple[InstitutionKind, ...] = (
        InstitutionKind.MINISTRY,
        InstitutionKind.GOVERNORSHIP,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
    )
    """Kinds whose number is known, so that exactly the sum of their weeks applies; of the others about so many."""
    weeks_after: int = 26
    """The run ends so many weeks after the last week of applications; who is not done by then is under way.
    Unit: weeks. Range: 1 to 104."""

    # The institution

    form: Minutes = Minutes(mean_minutes=120)
    """Filling in the form, with what has to be asked for in the house."""
    signature_at_hand: float = 0.6
    """Share of authorised persons who have a qualified e-signature already. No unit. Range: 0 to 1."""
    signature: Days = Days(mean_days=4)
    """Until the others have theirs: bought from a certificate provider, identified in person, delivered."""
    letter: Days = Days(mean_days=2, cv2=1.0)
    """Writing the official letter and having it signed."""
    kep_public: float = 0.95
    """Share of public institutions whose letters go by KEP, the rest on paper. No unit. Range: 0 to 1."""
    kep_workplaces: float = 0.75
    """The same of workplaces. A KEP address is a duty of joint-stock companies (Commercial Code 6102, 18/3)."""
    kep: Minutes = Minutes(mean_minutes=30, cv2=1.0)
    """From the signed letter until KEP has delivered it."""
    post: Days = Days(mean_days=Settings().wet_letter_days, cv2=0.25)
    """The same for paper. Source of the mean: the mock ministry's own setting `wet_letter_days`."""
    integration: Days = Days(mean_days=10, cv2=0.8)
    """Work on the test integration, without waiting for answers."""
    another_question: float = 0.45
    """Chance of a question to the ministry during it, and of each further one, up to eight. Range: 0 to 1."""
    incomplete: float = 0.2
    """Chance that a completion notice is turned down, each time. No unit. Range: 0 to 0.9."""
    rework: Days = Days(mean_days=2)
    """Until the next one then."""

    # Letters that are returned, applications that are refused

    no_statement: Defect = Defect(share=0.10, correction=Days(mean_days=2))
    wrong_signer: Defect = Defect(share=0.07, correction=Days(mean_days=3))
    certificate: Defect = Defect(share=0.06, correction=Days(mean_days=5))
    missing_attachment: Defect = Defect(share=0.09, correction=Days(mean_days=1))
    again: float = 0.35
    """A corrected letter is returned with these shares times this. No unit. Range: 0 to 1."""
    gives_up: float = 0.03
    """Chance that an institution gives up when its letter is returned. No unit. Range: 0 to 1."""
    small_workplaces: float = 0.18
    """Share of applying workplaces with too few staff. No unit. Range: 0 to 1."""
    small_public_bodies: float = 0.15
    """The same of public bodies."""
    branches: float = 0.12
    """Share of the other workplaces that reach the number with all their branches only. No unit. Range: 0 to 1."""
    branches_declared: float = 0.5
    """Share of these that declare all branches at once; the rest learn of it from the refusal, and apply anew."""

    # The ministry

    first_in_line: tuple[InstitutionKind, ...] = (
        InstitutionKind.GOVERNORSHIP,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE,
    )
    """Kinds that every desk takes first; empty: nobody."""
    letters: DeskParameters = DeskParameters(clerks=2)
    evaluation: DeskParameters = DeskParameters(clerks=5)
    access: DeskParameters = DeskParameters(clerks=4)
    support: DeskParameters = DeskParameters(clerks=5)
    surge: Surge = Surge()
    registering_kep: Minutes = Minutes(mean_minutes=6)
    """A letter that came by KEP."""
    registering_wet: Minutes = Minutes(mean_minutes=15)
    """A letter on paper: opened, scanned."""
    evaluating: Minutes = Minutes(mean_minutes=60)
    """Form, letter, certificate, number of staff; asking colleagues."""
    evaluating_again: Minutes = Minutes(mean_minutes=30)
    """The same of a corrected letter."""
    test_access: Minutes = Minutes(mean_minutes=25)
    """A user of the test environment, and the e-mail with the service document."""
    answering: Minutes = Minutes(mean_minutes=50, cv2=1.0)
    """A question about the test integration."""
    checking: Minutes = Minutes(mean_minutes=40)
    """A completion notice."""
    live_access: Minutes = Minutes(mean_minutes=30)
    """The live pair: user name by e-mail, password by SMS."""
    confirming: Minutes = Minutes(mean_minutes=15)
    """The official letter at the end."""

    def __post_init__(self) -> None:
        """Refuse what cannot be run."""
        _refuse(self._out_of_range())

    def desk(self, name: DeskName) -> DeskParameters:
        """Who works at a desk."""
        desk: DeskParameters = getattr(self, name.value)
        return desk

    def on_duty(self, name: DeskName, day: date) -> int:
        """Clerks at a desk on a day, with the surge team."""
        return self.desk(name).on(day) + self.surge.on(name, day)

    def defect(self, flaw: Flaw) -> Defect:
        """How often letters have a flaw, and what putting it right takes."""
        defect: Defect = getattr(self, flaw.name.lower())
        return defect

    def _out_of_range(self) -> Iterator[str]:
        yield from _outside(self, **dict.fromkeys(SHARES, 1.0), incomplete=0.9)
        if not 1 <= self.weeks_after <= 104:
            yield f"weeks_after = {self.weeks_after!r} is outside 1 to 104"
        if sum(self.defect(flaw).share for flaw in Flaw) > 1:
            yield "no_statement and the other reasons: their shares together are over 1"


SHARES = (
    "signature_at_hand",
    "kep_public",
    "kep_workplaces",
    "another_question",
    "again",
    "gives_up",
    "small_workplaces",
    "small_public_bodies",
    "branches",
    "branches_declared",
)
"""Fields that are parts of one."""


@cache
def _times(mean_ms: int, cv2: float) -> Table:
    if mean_ms == 0 or cv2 == 0:
        return tables.deterministic(mean_ms)
    return tables.lognormal(mean_ms, cv2)
