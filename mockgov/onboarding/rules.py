"""What an application is, and how it lives. Everything that moves an application lives here. Pure.

DRAWN --(signed form)--> SUBMITTED --(official letter)--> LETTER_RECEIVED --(office opens)--> UNDER_EVALUATION
UNDER_EVALUATION --> APPROVED_FOR_TEST | REFUSED | RETURNED;   RETURNED --> DRAWN | SUBMITTED | LETTER_RECEIVED
APPROVED_FOR_TEST --(mail arrives)--> TESTING --(notice)--> COMPLETION_REPORTED --> LIVE --(letter)--> CONFIRMED
REVOKED is reached from every state that has access to anything.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from mockgov.clock import TURKEY
from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.turkish import lower_tr
from mockgov.vocabulary.vkn import Vkn

SOURCE: Final = "HES Kurumsal Entegrasyon, sürüm 1.2"
"""The document whose rules these are (facts section 6)."""


class State(StrEnum):
    """Where an application stands."""

    DRAWN = "drawn"
    """The form is written; nobody has signed it."""
    SUBMITTED = "submitted"
    """The signed form is in; the official letter is awaited."""
    LETTER_RECEIVED = "letter-received"
    """The letter is in; the office has not opened it yet."""
    UNDER_EVALUATION = "under-evaluation"
    RETURNED = "returned"
    """Sent back with reasons; what they name can be put right."""
    REFUSED = "refused"
    APPROVED_FOR_TEST = "approved-for-test"
    """Test access exists; its details are on their way by e-mail."""
    TESTING = "testing"
    COMPLETION_REPORTED = "completion-reported"
    LIVE = "live"
    CONFIRMED = "confirmed"
    """The official letter that ends the road has arrived."""
    REVOKED = "revoked"


TRANSITIONS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.DRAWN: frozenset({State.DRAWN, State.SUBMITTED}),
        State.SUBMITTED: frozenset({State.LETTER_RECEIVED}),
        State.LETTER_RECEIVED: frozenset({State.UNDER_EVALUATION}),
        State.UNDER_EVALUATION: frozenset({State.RETURNED, State.REFUSED, State.APPROVED_FOR_TEST}),
        State.RETURNED: frozenset({State.DRAWN, State.SUBMITTED, State.LETTER_RECEIVED}),
        State.REFUSED: frozenset(),
        State.APPROVED_FOR_TEST: frozenset({State.TESTING, State.REVOKED}),
        State.TESTING: frozenset({State.COMPLETION_REPORTED, State.REVOKED}),
        State.COMPLETION_REPORTED: frozenset({State.LIVE, State.REVOKED}),
        State.LIVE: frozenset({State.CONFIRMED, State.REVOKED}),
        State.CONFIRMED: frozenset({State.REVOKED}),
        State.REVOKED: frozenset(),
    }
)

WITH_ACCESS: Final = frozenset(state for state, onward in TRANSITIONS.items() if State.REVOKED in onward)
"""States in which the institution has an account of some kind."""
WITH_LIVE_ACCESS: Final = frozenset({State.LIVE, State.CONFIRMED})
OVER: Final = frozenset(state for state, onward in TRANSITIONS.items() if not onward)
"""States after which only a new application helps."""

RESTING: Final = OVER | {State.DRAWN, State.SUBMITTED, State.RETURNED}
"""States in which nobody has access and the ministry owes nothing: if nothing comes, the application is erased."""


class LetterChannel(StrEnum):
    """The two roads of the official letter."""

    KEP = "kep"
    """Registered e-mail with an electronic signature."""
    WET = "wet"
    """Paper with a wet signature, by post."""


class Decision(StrEnum):
    """What an evaluation may end in."""

    APPROVE = "approve"
    RETURN = "return"
    REFUSE = "refuse"


class SignatureForm(StrEnum):
    """How the form was signed."""

    PADES = "pades"
    """Inside the PDF."""
    CADES_DETACHED = "cades-detached"
    """In a file beside the PDF."""
    CADES_ENVELOPING = "cades-enveloping"
    """Around the PDF."""


class Delivery(StrEnum):
    """How it went with a message to the authorised person."""

    NOT_SENT = "not-sent"
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class DetailsPart(StrEnum):
    """The two halves of live access, which travel apart (facts section 6, step 6)."""

    USER_NAME = "user-name"
    """By e-mail."""
    PASSWORD = "password"  # noqa: S105  a word, no password
    """By text message."""


class IllegalTransition(Refused):
    """The application's state does not allow it."""

    key = "illegaltransition"


class UnknownApplication(Refused):
    """No application has that number."""

    key = "applicationnotfound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Why something is refused or returned, and what to do now."""

    rule: str
    """A stable key such as `letter.authorised`."""
    source: str
    """Where the rule stands."""
    tr: str
    en: str
    correctable: bool = True
    """Whether the same application can be put right; else it is refused for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule as data: its words have places for what was found."""

    source: str
    tr: str
    en: str
    correctable: bool = True


class NotAuthorisedPerson(Refused):
    """Somebody else asks in the authorised person's name."""

    key = "notauthorisedperson"


class ReasonMissing(Refused):
    """Nothing is returned, refused or revoked without a reason."""

    key = "reasonmissing"


class RefusedByRule(Refused):
    """A command broke rules of the integration; `key` is the first one's, `findings` has them all."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(" ".join(finding.en for finding in findings), key=findings[0].rule)
        self.findings = findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    """What the register of institutions says of a tax number."""

    institution_id: int
    name: str
    kind: InstitutionKind
    label: str
    staff: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """What the population register says of an identity number."""

    citizen_id: int
    firstname: str
    lastname: str
    phone: Phone | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A place of work that an institution lists."""

    name: str
    vkn: Vkn
    staff: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorisedPerson:
    """Who speaks for the institution in all seven steps."""

    identity_number: str = field(repr=False)
    """TCKN (or YKN), eleven digits."""
    firstname: str
    lastname: str
    title: str
    email: EmailAddress
    phone: Phone

    @property
    def name(self) -> str:
        """First name and surname as typed."""
        return f"{self.firstname} {self.lastname}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessForm:
    """What is typed into the *Erişim Talep Formu*."""

    vkn: Vkn
    institution_name: str
    kind: InstitutionKind
    province: int
    """Plate of the head office's province."""
    declared_staff: int
    """Staff of the head office; those of the branches come on top."""
    branches: tuple[Branch, ...] = ()
    parent: str = ""
    """The ministry that a provincial organisation or an affiliate belongs to."""
    kep_address: KepAddress | None = None
    """Where the institution's registered e-mail comes from; None for those that write on paper."""
    person: AuthorisedPerson
    purpose: str
    """What the codes are asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A signed form that was taken in."""

    form: SignatureForm
    digest: str
    """SHA-256 of the submitted bytes, in hexadecimal."""
    certificate: str
    """The signer's certificate serial number."""
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is kept of the official letter; its words stay with those who carried it."""

    channel: LetterChannel
    sender: str
    reference: str
    """The letter's own number with its carrier, such as the KEP letter's."""
    received_at: datetime
    findings: tuple[Finding, ...] = ()
    """Where it does not fit the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An institution's way to live access."""

    application_id: int
    institution_id: int
    opened_at: datetime
    form: AccessForm
    drawn_at: datetime
    """The moment that the form's PDF bears."""
    revision: int = 1
    """How often the form was written."""
    state: State = State.DRAWN
    email: EmailAddress
    """Where the authorised person is written to now; the form's until corrected."""
    phone: Phone
    submission: Submission | None = None
    letter: Letter | None = None
    findings: tuple[Finding, ...] = ()
    """Why it was returned, refused or revoked the last time."""
    test_details: Delivery = Delivery.NOT_SENT
    user_name: Delivery = Delivery.NOT_SENT
    password: Delivery = Delivery.NOT_SENT
    test_details_sent: int = 0
    user_name_sent: int = 0
    password_sent: int = 0
    """How often each was sent: each time the earlier password is void, so only what became of the last one counts."""
    confirmation_sent_at: datetime | None = None
    """When the ministry sent its confirming letter."""
    due_at: datetime | None = None
    """When the next step happens by itself; None while somebody else has to move."""

    @property
    def number(self) -> str:
        """The application number that letters and notices name."""
        return application_number(self.opened_at, self.application_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One step in an application's history."""

    application_id: int
    moment: datetime
    state: State
    """Where the application stood after the step."""
    by: str
    """Who took the step: `applicant`, `rules`, `post`, or an officer by name."""
    note: str
    """What happened, in one English sentence without personal numbers."""
    findings: tuple[Finding, ...] = ()


NUMBER: Final = re.compile(r"\bETF[\s/–-]?(\d{4})[\s/–-](\d{6,9})\b", re.IGNORECASE | re.ASCII)
"""An application number as people write it."""


def application_number(opened_at: datetime, application_id: int) -> str:
    """`ETF-2021-000001`: the form's initials, the Turkish year, and the running number."""
    return f"ETF-{opened_at.astimezone(TURKEY).year}-{application_id:06d}"


def application_numbers(text: str) -> tuple[str, ...]:
    """The application numbers in a text as they are written properly, in order, each once."""
    return tuple(dict.fromkeys(f"ETF-{found[1]}-{found[2]}" for found in NUMBER.finditer(text)))


def running_number(number: str) -> int:
    """The running number at the end of an application number."""
    return int(number.rpartition("-")[2])


def is_over(application: Application) -> bool:
    """Whether a new application is the only way on."""
    return application.state in OVER


def move(application: Application, to: State, *, due_at: datetime | None = None) -> Application:
    """The application in its next state, due as given. Raises `IllegalTransition` and changes nothing."""
    if to not in TRANSITIONS[application.state]:
        raise IllegalTransition(
            f"Application {application.number} is {application.state}, which does not lead to {to}; "
            f"see its history for what is awaited."
        )
    return replace(application, state=to, due_at=due_at)


def finding(rules: Mapping[str, Rule], key: str, **found: object) -> Finding:
    """The finding that a rule was broken, its words filled with what was found."""
    rule = rules[key]
    return Finding(
        rule=key,
        source=rule.source,
        tr=rule.tr.format(**found),
        en=rule.en.format(**found),
        correctable=rule.correctable,
    )


def decision_on(findings: tuple[Finding, ...]) -> Decision:
    """What the rules make of what was found: nothing approves, anything final refuses, the rest returns."""
    if not findings:
        return Decision.APPROVE
    return Decision.RETURN if all(found.correctable for found in findings) else Decision.REFUSE


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: Turkish case and the width of blanks do not count."""
    return folded(one) == folded(other)


def folded(text: str) -> str:
    """Turkish small letters, with single blanks."""
    return lower_tr(" ".join(text.split()))
