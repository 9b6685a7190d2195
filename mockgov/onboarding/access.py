"""Steps 4 to 7: details on their way, the completion notice, live access, the confirming letter, and the end of access.

What is sent is the ministry's business (`messages`); here is kept what became of it.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from mockgov.bus import Tell
from mockgov.clock import Now
from mockgov.onboarding import consistency, drawing, eligibility, reading
from mockgov.onboarding.messages import (
    AccessRevoked,
    ConfirmationDue,
    CorrectContact,
    DeclareFalse,
    DetailsRequested,
    IntegrationConfirmed,
    PasswordRequested,
    Step,
    TestingBegun,
    UserNameRequested,
)
from mockgov.onboarding.records import APPLICANT, MINISTRY, Policy, Records, kept
from mockgov.onboarding.rules import (
    WITH_ACCESS,
    WITH_LIVE_ACCESS,
    Application,
    Delivery,
    DetailsPart,
    Establishment,
    Finding,
    IllegalTransition,
    NotAuthorisedPerson,
    PersonFacts,
    ReasonMissing,
    RefusedByRule,
    State,
    finding,
    move,
)
from mockgov.onboarding.store import ApplicationStore
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.vkn import Vkn

IN_TEST = frozenset({State.APPROVED_FOR_TEST, State.TESTING})
TEN_DIGITS = 10
AUDIT = "denetim"
"""Who takes the steps of an audit."""


class Access(Records):
    """What comes after an approval. What became of a message is taken in at any time, and forgotten after the end."""

    def __init__(
        self,
        *,
        store: ApplicationStore,
        now: Now,
        tell: Tell,
        transaction: Callable[[], AbstractContextManager[None]],
        policy: Policy,
        establishment: Callable[[Vkn], Establishment | None],
        is_phone: Callable[[Phone], bool],
        is_mailbox: Callable[[EmailAddress], bool],
        person: Callable[[str], PersonFacts | None],
    ) -> None:
        super().__init__(store=store, now=now, tell=tell, transaction=transaction, policy=policy)
        self._establishment = establishment
        self._person = person
        self._is_phone = is_phone
        self._is_mailbox = is_mailbox

    # Step 4: details of test access

    def test_details_delivered(self, application_id: int, *, nth: int | None = None) -> Application:
        """The mail with the details of test access has arrived: testing begins.

        `nth`, here and below, says which one of several; None is the last. Only the last one counts.
        """
        application = self.application(application_id)
        if not self._heard(application, WITH_ACCESS) or _is_late(nth, application.test_details_sent):
            return application
        arrived = replace(application, test_details=Delivery.DELIVERED)
        with self._transaction():
            if application.state is State.APPROVED_FOR_TEST:
                arrived = move(arrived, State.TESTING)
                self._step(arrived, TestingBegun, by=MINISTRY, note="The details of test access have arrived.")
            else:
                self._note(arrived, by=MINISTRY, note="The details of test access have arrived once more.")
        return self.application(application_id)

    def test_details_failed(self, application_id: int, reason: str, *, nth: int | None = None) -> Application:
        """The mail with the details of test access came back; the application waits where it is."""
        application = self.application(application_id)
        if self._heard(application, WITH_ACCESS) and not _is_late(nth, application.test_details_sent):
            failed = replace(application, test_details=Delivery.FAILED)
            self._noted(failed, f"The details of test access came back: {kept(reason)}")
        return self.application(application_id)

    def resend_test_details(self, application_id: int) -> Application:
        """Have the details of test access sent once more. Raises `IllegalTransition`."""
        application = self._in(application_id, IN_TEST)
        sent = application.test_details_sent + 1
        pending = replace(application, test_details=Delivery.PENDING, test_details_sent=sent)
        return self._asked(pending, DetailsRequested, "The details of test access were asked for once more.")

    def correct_contact(self, order: CorrectContact) -> Application:
        """Write to another address or phone from now on.

        Raises `NotAuthorisedPerson`, `RefusedByRule` for a phone of nobody, `IllegalTransition`.
        """
        application = self._in(order.application_id, WITH_ACCESS)
        if order.identity_number != application.form.person.identity_number:
            raise NotAuthorisedPerson("Only the form's authorised person changes the contact; give their own number.")
        if order.phone is not None and not self._is_phone(order.phone):
            raise RefusedByRule(finding(drawing.RULES, "form.phone-unknown"))
        if order.email is not None and not self._is_mailbox(order.email):
            raise RefusedByRule(finding(drawing.RULES, "form.email-script"))
        if order.email is not None and self._blotted(order.email.address) != order.email.address:
            raise RefusedByRule(finding(drawing.RULES, "form.stranger", field="person.email"))
        corrected = replace(application, email=order.email or application.email, phone=order.phone or application.phone)
        with self._transaction():
            self._note(corrected, by=APPLICANT, note="The authorised person gave another contact.")
        return self.application(order.application_id)

    # Step 6: details of live access

    def live_details_delivered(self, application_id: int, part: DetailsPart, *, nth: int | None = None) -> Application:
        """The user name or the password has arrived."""
        note = f"The {part} of live access has arrived."
        return self._live_details(application_id, part, Delivery.DELIVERED, note, nth)

    def live_details_failed(
        self, application_id: int, part: DetailsPart, reason: str, *, nth: int | None = None
    ) -> Application:
        """The user name or the password did not arrive; it can be sent again."""
        note = f"The {part} of live access did not arrive: {kept(reason)}"
        return self._live_details(application_id, part, Delivery.FAILED, note, nth)

    def resend_user_name(self, application_id: int) -> Application:
        """Have the live user name sent once more. Raises `IllegalTransition`."""
        application = self._in(application_id, WITH_LIVE_ACCESS)
        sent = application.user_name_sent + 1
        pending = replace(application, user_name=Delivery.PENDING, user_name_sent=sent)
        return self._asked(pending, UserNameRequested, "The live user name was asked for once more.")

    def resend_password(self, application_id: int) -> Application:
        """Have a new live password made and sent. Raises `IllegalTransition`."""
        application = self._in(application_id, WITH_LIVE_ACCESS)
        sent = application.password_sent + 1
        pending = replace(application, password=Delivery.PENDING, password_sent=sent)
        return self._asked(pending, PasswordRequested, "A new live password was asked for.")

    # Step 7: the confirming letter

    def integration_confirmed(self, application_id: int) -> Application:
        """The confirming letter has arrived. Raises `IllegalTransition` before it was sent."""
        application = self.application(application_id)
        if application.state is State.CONFIRMED or not self._heard(application, WITH_ACCESS):
            return application
        confirmed = move(application, State.CONFIRMED)
        if application.confirmation_sent_at is None:
            raise IllegalTransition(f"No confirming letter was sent for {application.number} yet; let time pass.")
        with self._transaction():
            self._step(confirmed, IntegrationConfirmed, by=MINISTRY, note="The confirming letter has arrived.")
        return self.application(application_id)

    def confirmation_failed(self, application_id: int, reason: str) -> Application:
        """The confirming letter could not be delivered; it can be sent again."""
        application = self.application(application_id)
        if self._heard(application, WITH_LIVE_ACCESS):
            self._noted(application, f"The confirming letter could not be delivered: {kept(reason)}")
        return self.application(application_id)

    def resend_confirmation(self, application_id: int) -> Application:
        """Have the confirming letter sent once more. Raises `IllegalTransition`."""
        application = self._in(application_id, frozenset({State.LIVE}))
        if application.confirmation_sent_at is None:
            raise IllegalTransition(f"No confirming letter was sent for {application.number} yet; let time pass.")
        return self._asked(application, ConfirmationDue, "The confirming letter was asked for once more.")

    def not_told(self, application_id: int, reason: str) -> None:
        """The ministry could not write to the authorised person; the application goes on."""
        self._noted(self.application(application_id), f"A mail could not be written: {kept(reason)}")

    # The end of access

    def declare_false(self, order: DeclareFalse) -> Application:
        """End all access at once, since the form's declaration is false. Raises `IllegalTransition`."""
        statement = self._blotted(order.statement).strip()
        if not statement:
            raise ReasonMissing("Say what is false about the declaration.")
        application = self.application(order.application_id)
        found = finding(consistency.RULES, "declaration.false", statement=statement)
        with self._transaction():
            self._revoke(application, (found,), by=self._blotted(order.officer))
        return self.application(order.application_id)

    def audit_declarations(self, officer: str = AUDIT) -> Sequence[Application]:
        """Hold every declaration with access against the register, and end the access of the false ones."""
        revoked = []
        with self._transaction():
            for application in list(self._all(WITH_ACCESS)):
                known = self._establishment(application.form.vkn)
                against = () if known is None else eligibility.judge_register(application.form, known)
                if against:
                    statement = "sicil kaydı formu doğrulamıyor / the register does not bear the form out."
                    false = finding(consistency.RULES, "declaration.false", statement=statement)
                    self._revoke(application, (false, *against), by=kept(officer))
                    revoked.append(application.application_id)
        return [self.application(application_id) for application_id in revoked]

    def _blotted(self, text: str) -> str:
        """A text as it is kept: without numbers that this world has not minted."""
        return reading.redacted(kept(text), self._is_known)

    def _is_known(self, number: str) -> bool:
        """Whether an identity number, or the ten digits of a phone or a tax number, is of this world."""
        if len(number) > TEN_DIGITS:
            return self._person(number) is not None
        if self._is_phone(Phone(number)):
            return True
        try:
            return self._establishment(Vkn.parse(number)) is not None
        except InvalidWord:
            return False

    def _revoke(self, application: Application, findings: tuple[Finding, ...], *, by: str) -> None:
        ended = replace(move(application, State.REVOKED), findings=findings)
        self._step(ended, AccessRevoked, by=by, note="Test and live access were revoked.", findings=findings)

    def _live_details(
        self, application_id: int, part: DetailsPart, became: Delivery, note: str, nth: int | None
    ) -> Application:
        application = self.application(application_id)
        is_name = part is DetailsPart.USER_NAME
        sent = application.user_name_sent if is_name else application.password_sent
        if self._heard(application, WITH_LIVE_ACCESS) and not _is_late(nth, sent):
            changed = replace(application, user_name=became) if is_name else replace(application, password=became)
            self._noted(changed, note)
        return self.application(application_id)

    def _heard(self, application: Application, states: frozenset[State]) -> bool:
        """Whether news of a message still matters. Raises `IllegalTransition` if none can have been sent."""
        if application.state is State.REVOKED:
            return False
        self._in(application.application_id, states)
        return True

    def _in(self, application_id: int, states: frozenset[State]) -> Application:
        application = self.application(application_id)
        if application.state not in states:
            raise IllegalTransition(
                f"Application {application.number} is {application.state}; this is done only while it is "
                f"{' or '.join(sorted(states))}."
            )
        return application

    def _noted(self, application: Application, note: str) -> None:
        with self._transaction():
            self._note(application, by=MINISTRY, note=note)

    def _asked(self, application: Application, event: type[Step], note: str) -> Application:
        with self._transaction():
            self._step(application, event, by=APPLICANT, note=note)
        return self.application(application.application_id)


def _is_late(nth: int | None, sent: int) -> bool:
    """Whether news is of one that was sent before the last one."""
    return nth is not None and nth < sent
