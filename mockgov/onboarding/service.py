"""Use-cases of onboarding, steps 1 to 3 and 5: form, letter, evaluation, completion; and what falls due by itself."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.onboarding import consistency, drawing, eligibility, form, reading
from mockgov.onboarding.examination import Examiner
from mockgov.onboarding.intake import Intake
from mockgov.onboarding.messages import (
    ApplicationRefused,
    ApplicationReturned,
    ApprovedForTest,
    CompletionRefused,
    CompletionReported,
    ConfirmationDue,
    DrawForm,
    Evaluate,
    EvaluationBegun,
    FormDrawn,
    FormSubmitted,
    IntegrationConfirmed,
    LiveAccessGranted,
    RedrawForm,
    ReportCompletion,
    Step,
    SubmitForm,
)
from mockgov.onboarding.records import APPLICANT, MINISTRY, RULES, Policy, in_office_time
from mockgov.onboarding.rules import (
    AccessForm,
    Application,
    Decision,
    Delivery,
    Establishment,
    Finding,
    PersonFacts,
    ReasonMissing,
    RefusedByRule,
    State,
    Submission,
    application_numbers,
    decision_on,
    finding,
    move,
)
from mockgov.onboarding.store import ApplicationStore, DocumentKind, Key
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.signed import Verdict
from mockgov.vocabulary.vkn import Vkn
from mockgov.working_time import after_working_days

Outcome = tuple[State, type[Step], str]

OUTCOMES: Mapping[Decision, Outcome] = MappingProxyType(
    {
        Decision.APPROVE: (State.APPROVED_FOR_TEST, ApprovedForTest, "Approved for the test environment."),
        Decision.RETURN: (State.RETURNED, ApplicationReturned, "Returned; see the findings."),
        Decision.REFUSE: (State.REFUSED, ApplicationRefused, "Refused; see the findings."),
    }
)
"""Where a decision leads, what it tells, and how the history puts it."""


class Onboarding(Intake):
    """All applications of one world."""

    def __init__(
        self,
        *,
        store: ApplicationStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        policy: Policy,
        establishment: Callable[[Vkn], Establishment | None],
        person: Callable[[str], PersonFacts | None],
        verify_pades: Callable[[bytes], Verdict],
        verify_cades: Callable[[bytes, bytes | None], Verdict],
        enveloped: Callable[[bytes], bytes],
        has_queried: Callable[[int], bool],
        has_live_access: Callable[[int], bool] = lambda _institution_id: False,
        is_phone: Callable[[Phone], bool] = lambda _phone: True,
        is_mailbox: Callable[[EmailAddress], bool] = lambda _email: True,
        is_revoked: Callable[[str], bool] = lambda _serial: False,
        is_anothers: Callable[[KepAddress, Vkn], bool] = lambda _address, _vkn: False,
    ) -> None:
        """The last five, which ask about the rest of the world, may be left out."""
        super().__init__(
            store=store,
            now=now,
            tell=tell,
            transaction=transaction,
            policy=policy,
            establishment=establishment,
            is_phone=is_phone,
            is_mailbox=is_mailbox,
            person=person,
        )
        self._examiner = Examiner(verify_pades=verify_pades, verify_cades=verify_cades, enveloped=enveloped)
        self._has_queried = has_queried
        self._has_live_access = has_live_access
        self._is_revoked = is_revoked
        self._is_anothers = is_anothers

    # Step 1: the form

    def draw(self, order: DrawForm) -> Application:
        """Write a form and open an application. Raises `RefusedByRule` and keeps nothing of it then."""
        known = self._checked(order.form)
        others = self.applications_of(order.form.vkn)
        if blocked := drawing.check_free(others, live=self._has_live_access(known.institution_id)):
            raise RefusedByRule(*blocked)
        now = self._now()
        opened = Application(
            application_id=0,
            institution_id=known.institution_id,
            opened_at=now,
            form=order.form,
            drawn_at=now,
            email=order.form.person.email,
            phone=order.form.person.phone,
        )
        with self._transaction():
            application = self._store.add(opened)
            self._write(application)
            self._step(application, FormDrawn, by=APPLICANT, note="The form was drawn.")
        return self.application(application.application_id)

    def redraw(self, order: RedrawForm) -> Application:
        """Write an application's form anew, not signed yet. Raises `RefusedByRule`, `IllegalTransition`."""
        application = self.application(order.application_id)
        drawn = move(application, State.DRAWN)
        self._checked(order.form)
        if order.form.vkn != application.form.vkn:
            raise RefusedByRule(finding(drawing.RULES, "form.other-institution"))
        drawn = replace(
            drawn,
            form=order.form,
            drawn_at=self._now(),
            revision=application.revision + 1,
            email=order.form.person.email,
            phone=order.form.person.phone,
            submission=None,
            letter=None,
        )
        with self._transaction():
            self._write(drawn)
            self._step(drawn, FormDrawn, by=APPLICANT, note="The form was drawn anew.")
        return self.application(order.application_id)

    def submit(self, order: SubmitForm) -> Application:
        """Hand in the signed form. Raises `RefusedByRule` for a bad signature, `IllegalTransition`."""
        application = self.application(order.application_id)
        submitted = move(application, State.SUBMITTED)
        drawn = self._document(application, DocumentKind.DRAWN)
        examined = self._examiner.examine(order.signed, order.document, drawn)
        found = consistency.check_signature(examined.verdict, application.form)
        if examined.verdict.counts and not examined.belongs:
            found = (finding(consistency.RULES, "form.document"),)
        if found:
            raise RefusedByRule(*found)
        submission = Submission(
            form=examined.form,
            digest=reading.digest(order.signed),
            certificate=examined.verdict.serial,
            submitted_at=self._now(),
        )
        with self._transaction():
            self._store.put_document(application.application_id, DocumentKind.SIGNED, order.signed)
            submitted = replace(submitted, submission=submission, letter=None)
            self._step(
                submitted, FormSubmitted, by=APPLICANT, note=f"The form was handed in, signed ({examined.form})."
            )
        return self.application(order.application_id)

    # Step 3: evaluation

    def assess(self, application_id: int) -> tuple[Finding, ...]:
        """What stands against an application at this moment; nothing if it may be approved once the letter is in."""
        application = self.application(application_id)
        found = list(eligibility.judge(application.form))
        known = self._establishment(application.form.vkn)
        if known is None:
            found.append(finding(drawing.RULES, "form.institution-unknown"))
        else:
            address = application.form.kep_address
            anothers = address is not None and self._is_anothers(address, application.form.vkn)
            found += consistency.check_register(application.form, known, address_is_anothers=anothers)
        if application.submission is not None:
            signed = self._document(application, DocumentKind.SIGNED)
            drawn = self._document(application, DocumentKind.DRAWN)
            verdict = self._examiner.again(application.submission.form, signed, drawn)
            revoked = self._is_revoked(application.submission.certificate)
            found += consistency.check_again(verdict, application.form, revoked=revoked)
        return (*found, *(application.letter.findings if application.letter else ()))

    def evaluate(self, order: Evaluate) -> Application:
        """Decide at the desk, at once. An officer returns and refuses freely, and approves what the rules allow.

        Raises `RefusedByRule` for what the rules forbid, `ReasonMissing`, `IllegalTransition`.
        """
        application = self.application(order.application_id)
        waiting = application.state is not State.UNDER_EVALUATION
        if waiting:
            move(application, State.UNDER_EVALUATION)
        found = self.assess(order.application_id)
        if order.decision is not Decision.APPROVE:
            found = _reasons(tuple(map(self._blotted, order.reasons)), found)
        elif found:
            raise RefusedByRule(*found)
        with self._transaction():
            if waiting:
                self._begin(application, by=self._blotted(order.officer))
            officer = self._blotted(order.officer)
            self._decide(self.application(order.application_id), order.decision, found, by=officer)
        return self.application(order.application_id)

    # Step 5: the test integration is finished

    def report_completion(self, order: ReportCompletion) -> Application | None:
        """Take in a completion notice: the application that it moved on, or None. No notice is ever an error."""
        words = f"{order.subject}\n{order.text}"
        named = self._named(application_numbers(words))
        meant = named or self._testing_of(order)
        with self._transaction():
            if meant is None:
                self._refuse_notice(order, None, (finding(consistency.RULES, "completion.number"),))
                return None
            found = consistency.check_completion(
                meant, order.sender, named=named is not None, queried=self._has_queried(meant.institution_id)
            )
            if found:
                self._refuse_notice(order, meant, found)
                return None
            due_at = in_office_time(self._now(), timedelta(hours=self._policy.live_access_hours))
            reported = move(meant, State.COMPLETION_REPORTED, due_at=due_at)
            self._step(reported, CompletionReported, by=APPLICANT, note="The test integration was reported finished.")
        self.run_due()
        return self.application(meant.application_id)

    # What falls due

    def run_due(self) -> None:
        """Do everything due at or before now: letters in the post arrive, the office moves applications on."""
        while (due_at := self.next_due()) is not None and due_at <= self._now():
            with self._transaction():
                posted = self._store.first_posted()
                if posted is not None and posted.arrives_at == due_at:
                    self._arrive(posted)
                elif (application := self._store.first_due()) is not None:
                    self._proceed(application)

    def _proceed(self, application: Application) -> None:
        match application.state:
            case State.LETTER_RECEIVED:
                self._begin(application, by=MINISTRY)
            case State.UNDER_EVALUATION:
                found = self.assess(application.application_id)
                self._decide(application, decision_on(found), found, by=RULES)
            case State.COMPLETION_REPORTED:
                self._go_live(application)
            case State.LIVE if application.confirmation_sent_at is None:
                self._confirm(application)
            case State.LIVE:
                confirmed = move(application, State.CONFIRMED)
                self._step(confirmed, IntegrationConfirmed, by=MINISTRY, note="The confirming letter has arrived.")
            case _:
                raise AssertionError(f"Nothing falls due for an application that is {application.state}.")

    def _begin(self, application: Application, *, by: str) -> None:
        assert application.letter is not None
        hours = timedelta(hours=self._policy.evaluation_hours)
        due_at = in_office_time(application.letter.received_at, hours) if self._policy.evaluation == "rules" else None
        begun = move(application, State.UNDER_EVALUATION, due_at=due_at)
        self._step(begun, EvaluationBegun, by=by, note="The evaluation began.")

    def _decide(self, application: Application, decision: Decision, findings: tuple[Finding, ...], *, by: str) -> None:
        state, event, note = OUTCOMES[decision]
        decided = replace(move(application, state), findings=findings)
        if decision is Decision.APPROVE:
            decided = replace(decided, test_details=Delivery.PENDING, test_details_sent=1)
        self._step(decided, event, by=by, note=note, findings=findings)

    def _go_live(self, application: Application) -> None:
        due_at = in_office_time(self._now(), timedelta(hours=self._policy.confirmation_hours))
        live = move(application, State.LIVE, due_at=due_at)
        live = replace(live, user_name=Delivery.PENDING, user_name_sent=1, password=Delivery.PENDING, password_sent=1)
        self._step(live, LiveAccessGranted, by=MINISTRY, note="Live access was granted.")

    def _confirm(self, application: Application) -> None:
        """Send the confirming letter: KEP tells when it has arrived, the post takes its days."""
        now = self._now()
        by_post = application.form.kep_address is None
        due_at = after_working_days(now, self._policy.wet_letter_days) if by_post else None
        sent = replace(application, confirmation_sent_at=now, due_at=due_at)
        self._step(sent, ConfirmationDue, by=MINISTRY, note="The confirming letter was sent.")

    # Forms and notices

    def _checked(self, form: AccessForm) -> Establishment:
        """What the register says of a form's institution. Raises `RefusedByRule` for a form that cannot be kept."""
        found = drawing.check_fields(form)
        found += drawing.check_minted(form, establishment=self._establishment, person=self._person)
        if not self._is_phone(form.person.phone):
            found += (finding(drawing.RULES, "form.phone-unknown"),)
        if not self._is_mailbox(form.person.email):
            found += (finding(drawing.RULES, "form.email-script"),)
        if not found:
            found = drawing.check_texts(form, self._blotted)
        if found:
            raise RefusedByRule(*found)
        known = self._establishment(form.vkn)
        assert known is not None
        return known

    def _write(self, application: Application) -> None:
        drawn = form.draw(
            application.form, number=application.number, revision=application.revision, at=application.drawn_at
        )
        self._store.put_document(application.application_id, DocumentKind.DRAWN, drawn)

    def _testing_of(self, order: ReportCompletion) -> Application | None:
        found = self._store.matching(Key.EMAIL, order.sender.folded)
        return next((application for application in found if application.state is State.TESTING), None)

    def _refuse_notice(self, order: ReportCompletion, meant: Application | None, findings: tuple[Finding, ...]) -> None:
        number = None
        if meant is not None:
            number = meant.application_id
            self._note(meant, by=APPLICANT, note="A completion notice did not count.", findings=findings)
        self._tell(CompletionRefused(application_id=number, email=order.sender, findings=findings))


def _reasons(reasons: tuple[str, ...], found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """An officer's reasons as findings: a rule key means the finding of that rule, anything else is their own words."""
    texts = [text for text in (reason.strip() for reason in reasons) if text]
    if not texts:
        raise ReasonMissing("Give at least one reason: a rule that was broken, or your own words.")
    by_rule = {finding.rule: finding for finding in found}
    return tuple(by_rule.get(text) or finding(consistency.RULES, "desk.reason", reason=text) for text in texts)
