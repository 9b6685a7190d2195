"""Lab routes of applications: look at any of them, decide at once, say something again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from mockgov.counters.application.access import follow_up_key
from mockgov.counters.application.wire import FindingObject, finding_object
from mockgov.counters.body import Strict
from mockgov.counters.context import Here
from mockgov.counters.openapi import refusals
from mockgov.counters.reading import wire_moment
from mockgov.lab.wire import Text
from mockgov.ministry import Ministry
from mockgov.onboarding.messages import DeclareFalse, Evaluate
from mockgov.onboarding.rules import Application, Decision, Entry, State

LAB_OFFICER = "lab"
Number = Annotated[str, Path(max_length=40)]
Limit = Annotated[int, Query(ge=1, le=1_000)]
After = Annotated[int, Query(ge=0, lt=1 << 62)]

router = APIRouter(prefix="/_lab/applications", tags=["Lab (the sandbox's own controls)"])


class Judgement(Strict):
    """A decision at the evaluation desk."""

    decision: Decision
    reasons: list[Text] = Field([], max_length=50)
    """Rule keys of what was found, or words of one's own; needed to return or refuse."""
    officer: Text = LAB_OFFICER


class Falsehood(Strict):
    """What in a form is false."""

    statement: Text
    officer: Text = LAB_OFFICER


class StepShown(BaseModel):
    """A step in an application's history."""

    at: str
    state: str
    by: str
    note: str
    findings: list[FindingObject]


class PersonOfForm(BaseModel):
    """The authorised person, with nothing masked."""

    identity_number: str
    firstname: str
    lastname: str
    title: str
    email: str
    phone: str


class SummaryShown(BaseModel):
    """An application in a list."""

    application_id: int
    number: str
    key: str
    institution_id: int
    institution_name: str
    vkn: str
    state: str
    due_at: str | None


class ApplicationShown(SummaryShown):
    """An application with everything that a test needs to go on with it."""

    kind: str
    declared_staff: int
    kep_address: str | None
    person: PersonOfForm
    signed: str | None
    certificate: str | None
    letter: str | None
    findings: list[FindingObject]
    assessed: list[FindingObject]
    test_details: str
    user_name: str
    password: str
    history: list[StepShown]


@router.get("", summary="Applications by number, in one state or in any")
async def applications(
    ministry: Here, state: State | None = None, after: After = 0, limit: Limit = 100
) -> list[SummaryShown]:
    """List them with the key that opens each at the counter."""
    found = ministry.onboarding.applications(state, after=after, limit=limit)
    return [_summary(ministry, one) for one in found]


@router.post("/audit", summary="Hold every form with access against the registers; false ones lose it at once")
async def audit(ministry: Here) -> list[SummaryShown]:
    """Name the applications whose access has ended."""
    return [_summary(ministry, one) for one in ministry.onboarding.audit_declarations(LAB_OFFICER)]


@router.get("/{number}", responses=refusals(404), summary="One application, with what stands against it now")
async def application(number: Number, ministry: Here) -> ApplicationShown:
    """Show everything, nothing masked."""
    return _shown(ministry, ministry.onboarding.by_number(number))


@router.post("/{number}/evaluate", responses=refusals(404), summary="Approve, return or refuse, as an officer would")
async def evaluate(number: Number, body: Judgement, ministry: Here) -> ApplicationShown:
    """Decide at once, before the rules do."""
    order = Evaluate(
        application_id=ministry.onboarding.by_number(number).application_id,
        decision=body.decision,
        reasons=tuple(body.reasons),
        officer=body.officer,
    )
    return _shown(ministry, ministry.onboarding.evaluate(order))


@router.post("/{number}/declare-false", responses=refusals(404), summary="The form was false: all access ends at once")
async def declare_false(number: Number, body: Falsehood, ministry: Here) -> ApplicationShown:
    """Revoke test and live access."""
    order = DeclareFalse(
        application_id=ministry.onboarding.by_number(number).application_id,
        statement=body.statement,
        officer=body.officer,
    )
    return _shown(ministry, ministry.onboarding.declare_false(order))


@router.post(
    "/{number}/resend-test-details", responses=refusals(404), summary="Mail the details of test access once more"
)
async def resend_test_details(number: Number, ministry: Here) -> ApplicationShown:
    """For a mail that bounced or was lost."""
    found = ministry.onboarding.by_number(number)
    return _shown(ministry, ministry.onboarding.resend_test_details(found.application_id))


@router.post("/{number}/resend-user-name", responses=refusals(404), summary="Mail the live user name once more")
async def resend_user_name(number: Number, ministry: Here) -> ApplicationShown:
    """For a mail that bounced or was lost."""
    found = ministry.onboarding.by_number(number)
    return _shown(ministry, ministry.onboarding.resend_user_name(found.application_id))


@router.post("/{number}/resend-password", responses=refusals(404), summary="A new live password, by SMS")
async def resend_password(number: Number, ministry: Here) -> ApplicationShown:
    """For a message that did not arrive; the old password opens nothing any more."""
    found = ministry.onboarding.by_number(number)
    return _shown(ministry, ministry.onboarding.resend_password(found.application_id))


def _summary(ministry: Ministry, one: Application) -> SummaryShown:
    return SummaryShown(
        application_id=one.application_id,
        number=one.number,
        key=follow_up_key(ministry, one),
        institution_id=one.institution_id,
        institution_name=one.form.institution_name,
        vkn=one.form.vkn.digits,
        state=one.state.value,
        due_at=None if one.due_at is None else wire_moment(one.due_at),
    )


def _shown(ministry: Ministry, one: Application) -> ApplicationShown:
    form, person, number = one.form, one.form.person, one.application_id
    return ApplicationShown(
        **_summary(ministry, one).model_dump(),
        kind=form.kind.value,
        declared_staff=form.declared_staff,
        kep_address=form.kep_address.address if form.kep_address else None,
        person=PersonOfForm(
            identity_number=person.identity_number,
            firstname=person.firstname,
            lastname=person.lastname,
            title=person.title,
            email=one.email.address,
            phone=one.phone.wire,
        ),
        signed=one.submission.form.value if one.submission else None,
        certificate=one.submission.certificate if one.submission else None,
        letter=one.letter.channel.value if one.letter else None,
        findings=[finding_object(each) for each in one.findings],
        assessed=[finding_object(each) for each in ministry.onboarding.assess(number)],
        test_details=one.test_details.value,
        user_name=one.user_name.value,
        password=one.password.value,
        history=[_step(entry) for entry in ministry.onboarding.history(number)],
    )


def _step(entry: Entry) -> StepShown:
    return StepShown(
        at=wire_moment(entry.moment),
        state=entry.state.value,
        by=entry.by,
        note=entry.note,
        findings=[finding_object(one) for one in entry.findings],
    )
