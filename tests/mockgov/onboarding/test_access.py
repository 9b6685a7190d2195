"""Steps 4 to 7: details on their way, the completion notice, live access, the confirming letter; false declarations."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.onboarding.messages import (
    AccessRevoked,
    CompletionRefused,
    CompletionReported,
    ConfirmationDue,
    CorrectContact,
    DeclareFalse,
    DetailsRequested,
    IntegrationConfirmed,
    LiveAccessGranted,
    PasswordRequested,
    TestingBegun,
    UserNameRequested,
)
from mockgov.onboarding.rules import (
    Application,
    Delivery,
    DetailsPart,
    IllegalTransition,
    NotAuthorisedPerson,
    ReasonMissing,
    RefusedByRule,
    State,
)
from mockgov.onboarding.service import Onboarding
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.phone import Phone
from tests.mockgov.onboarding.office import AYSE, BRANCH_FIRM, CINAR, EMAIL, PHONE, POLICY, SUKRU, Office

OTHER_EMAIL = EmailAddress.parse("yeni@cinar.example")
OTHER_PHONE = Phone("5990000002")
USER_NAME, PASSWORD = DetailsPart.USER_NAME, DetailsPart.PASSWORD
Road = Callable[[Office], Application]


@pytest.fixture
def office() -> Office:
    return Office()


class TestDetailsOfTestAccess:
    def test_testing_begins_when_they_arrive(self, office: Office) -> None:
        office.approved()
        testing = office.service.test_details_delivered(1)
        assert (testing.state, testing.test_details) == (State.TESTING, Delivery.DELIVERED)
        assert office.told[-1] == TestingBegun.of(testing)

    def test_a_mail_that_comes_back_is_sent_again(self, office: Office) -> None:
        """To another address if the authorised person gives one."""
        office.approved()
        bounced = office.service.test_details_failed(1, "550 5.1.1 no such mailbox")
        assert (bounced.state, bounced.test_details) == (State.APPROVED_FOR_TEST, Delivery.FAILED)
        assert office.service.history(1)[-1].note.endswith("550 5.1.1 no such mailbox")
        office.service.correct_contact(CorrectContact(application_id=1, identity_number=AYSE, email=OTHER_EMAIL))
        pending = office.service.resend_test_details(1)
        assert pending.test_details is Delivery.PENDING
        (event,) = office.happened(DetailsRequested)
        assert event.email == OTHER_EMAIL
        assert office.service.test_details_delivered(1).state is State.TESTING

    def test_a_second_copy_changes_nothing_more(self, office: Office) -> None:
        office.testing()
        office.service.resend_test_details(1)
        assert office.service.test_details_delivered(1).state is State.TESTING
        assert len(office.happened(TestingBegun)) == 1


class TestContact:
    def test_only_the_authorised_person_changes_it(self, office: Office) -> None:
        before = office.testing()
        with pytest.raises(NotAuthorisedPerson):
            office.service.correct_contact(CorrectContact(application_id=1, identity_number=SUKRU, email=OTHER_EMAIL))
        assert office.again(before) == before

    def test_either_or_both(self, office: Office) -> None:
        office.testing()
        order = CorrectContact(application_id=1, identity_number=AYSE, phone=OTHER_PHONE)
        changed = office.service.correct_contact(order)
        assert (changed.email, changed.phone) == (EMAIL, OTHER_PHONE)
        changed = office.service.correct_contact(replace(order, phone=None, email=OTHER_EMAIL))
        assert (changed.email, changed.phone) == (OTHER_EMAIL, OTHER_PHONE)
        assert changed.form.person.email == EMAIL

    def test_a_phone_of_nobody(self, office: Office) -> None:
        before = office.testing()
        with pytest.raises(RefusedByRule) as refused:
            office.service.correct_contact(
                CorrectContact(application_id=1, identity_number=AYSE, phone=Phone("5990000009"))
            )
        assert refused.value.key == "form.phone-unknown"
        assert office.again(before) == before


class TestCompletion:
    def refused(self, office: Office) -> list[str]:
        event = office.happened(CompletionRefused)[-1]
        return [finding.rule for finding in event.findings]

    def test_a_good_notice(self, office: Office) -> None:
        """Sixteen office hours later, two working days, there is live access."""
        reported = office.reported()
        assert reported.state is State.COMPLETION_REPORTED
        assert office.told[-1] == CompletionReported.of(reported)
        assert office.service.next_due() == datetime(2021, 10, 13, 6, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("changes", "rules"),
        [
            ({"sender": OTHER_EMAIL}, ["completion.sender"]),
            ({"subject": "Bitti"}, ["completion.number"]),
            ({"subject": "ETF-2021-000099"}, ["completion.number"]),
            ({"subject": "ETF-2021-000099", "sender": OTHER_EMAIL}, ["completion.number"]),
        ],
    )
    def test_notices_that_do_not_count(self, office: Office, changes: dict[str, object], rules: list[str]) -> None:
        before = office.testing()
        office.queried.add(7)
        notice = office.notice(before, **changes)
        assert office.service.report_completion(notice) is None
        assert self.refused(office) == rules
        assert office.happened(CompletionRefused)[-1].email == notice.sender
        assert office.again(before) == before

    def test_at_least_one_query_in_the_test_environment(self, office: Office) -> None:
        before = office.testing()
        office.queried.add(8)
        assert office.service.report_completion(office.notice(before)) is None
        assert self.refused(office) == ["completion.no-query"]
        assert office.service.history(1)[-1].findings[0].rule == "completion.no-query"
        office.queried.add(7)
        reported = office.service.report_completion(office.notice(before))
        assert reported is not None
        assert reported.state is State.COMPLETION_REPORTED

    def test_everything_that_is_wrong_is_said_at_once(self, office: Office) -> None:
        before = office.testing()
        office.service.report_completion(office.notice(before, sender=OTHER_EMAIL))
        assert self.refused(office) == ["completion.sender", "completion.no-query"]

    def test_the_number_may_stand_anywhere_and_the_address_in_any_case(self, office: Office) -> None:
        before = office.testing()
        office.queried.add(7)
        sender = EmailAddress.parse("AYSE.YILDIZ@cinar.example")
        notice = office.notice(before, sender=sender, subject="Bitti", text="Başvuru:\netf-2021-000001.")
        assert office.service.report_completion(notice) is not None

    def test_the_address_is_the_corrected_one(self, office: Office) -> None:
        before = office.testing()
        office.queried.add(7)
        office.service.correct_contact(CorrectContact(application_id=1, identity_number=AYSE, email=OTHER_EMAIL))
        office.service.report_completion(office.notice(before))
        assert self.refused(office) == ["completion.sender"]
        assert office.service.report_completion(office.notice(before, sender=OTHER_EMAIL)) is not None

    @pytest.mark.parametrize("road", [Office.draw, Office.lettered, Office.approved, Office.reported, Office.live])
    def test_only_in_the_test_phase(self, office: Office, road: Road) -> None:
        before = road(office)
        office.queried.add(7)
        assert office.service.report_completion(office.notice(before)) is None
        assert self.refused(office) == ["completion.not-awaited"]
        assert office.again(before) == before


class TestLiveAccess:
    def test_it_is_granted_when_it_falls_due(self, office: Office) -> None:
        office.reported()
        office.pass_time(timedelta(days=2) - timedelta(microseconds=1))
        assert office.happened(LiveAccessGranted) == []
        office.pass_time(timedelta(microseconds=1))
        live = office.service.application(1)
        assert (live.state, live.user_name, live.password) == (State.LIVE, Delivery.PENDING, Delivery.PENDING)
        assert office.happened(LiveAccessGranted) == [LiveAccessGranted.of(live)]
        assert (live.email, live.phone) == (EMAIL, PHONE)

    def test_the_two_halves_arrive_apart(self, office: Office) -> None:
        office.live()
        half = office.service.live_details_delivered(1, USER_NAME)
        assert (half.user_name, half.password) == (Delivery.DELIVERED, Delivery.PENDING)
        whole = office.service.live_details_delivered(1, PASSWORD)
        assert (whole.user_name, whole.password) == (Delivery.DELIVERED, Delivery.DELIVERED)

    def test_a_password_that_did_not_arrive_is_made_anew_and_sent_again(self, office: Office) -> None:
        office.live()
        failed = office.service.live_details_failed(1, PASSWORD, "UNDELIV")
        assert (failed.state, failed.password) == (State.LIVE, Delivery.FAILED)
        office.service.correct_contact(CorrectContact(application_id=1, identity_number=AYSE, phone=OTHER_PHONE))
        again = office.service.resend_password(1)
        assert again.password is Delivery.PENDING
        assert [event.phone for event in office.happened(PasswordRequested)] == [OTHER_PHONE]
        assert office.service.live_details_delivered(1, PASSWORD).password is Delivery.DELIVERED

    def test_a_user_name_that_came_back_is_sent_again(self, office: Office) -> None:
        office.live()
        office.service.live_details_failed(1, USER_NAME, "550")
        assert office.service.resend_user_name(1).user_name is Delivery.PENDING
        assert len(office.happened(UserNameRequested)) == 1


class TestConfirmation:
    def test_the_letter_is_sent_after_its_time_and_confirms_when_it_arrives(self, office: Office) -> None:
        """Thirty-two office hours after live access, by KEP; four working days from Wednesday."""
        office.live()
        assert office.service.next_due() == datetime(2021, 10, 19, 6, tzinfo=UTC)
        with pytest.raises(IllegalTransition):
            office.service.integration_confirmed(1)
        with pytest.raises(IllegalTransition):
            office.service.resend_confirmation(1)
        office.pass_time(timedelta(days=5))
        sent = office.service.application(1)
        assert (sent.state, sent.confirmation_sent_at) == (State.LIVE, datetime(2021, 10, 19, 6, tzinfo=UTC))
        assert office.happened(ConfirmationDue) == [ConfirmationDue.of(sent)]
        confirmed = office.service.integration_confirmed(1)
        assert confirmed.state is State.CONFIRMED
        assert office.told[-1] == IntegrationConfirmed.of(confirmed)
        assert office.service.integration_confirmed(1) == confirmed
        assert office.service.next_due() is None

    def test_without_registered_mail_it_goes_by_post(self, office: Office) -> None:
        application = office.submitted(kep_address=None)
        office.service.post_letter(office.wet(application))
        office.pass_time(timedelta(days=14))
        office.service.test_details_delivered(1)
        office.queried.add(7)
        office.service.report_completion(office.notice(application))
        office.pass_time(timedelta(days=10))
        (event,) = office.happened(ConfirmationDue)
        assert event.kep_address is None
        assert office.again(application).state is State.LIVE
        office.pass_time(timedelta(days=5))
        assert office.again(application).state is State.CONFIRMED

    def test_a_letter_that_could_not_be_delivered_is_sent_again(self, office: Office) -> None:
        office.live()
        office.pass_time(timedelta(days=7))
        assert office.service.confirmation_failed(1, "over quota").state is State.LIVE
        assert office.service.resend_confirmation(1).state is State.LIVE
        assert len(office.happened(ConfirmationDue)) == 2
        assert office.service.integration_confirmed(1).state is State.CONFIRMED


class TestFalseDeclaration:
    def declare(self, office: Office, statement: str = "Çalışan sayısı 120.") -> Application:
        return office.service.declare_false(
            DeclareFalse(application_id=1, statement=statement, officer="Müfettiş Can Ak")
        )

    @pytest.mark.parametrize("road", [Office.approved, Office.testing, Office.reported, Office.live])
    def test_access_ends_at_once(self, office: Office, road: Road) -> None:
        road(office)
        revoked = self.declare(office)
        assert revoked.state is State.REVOKED
        assert [finding.rule for finding in revoked.findings] == ["declaration.false"]
        assert "Çalışan sayısı 120." in revoked.findings[0].tr
        assert office.told[-1] == AccessRevoked.of(revoked, revoked.findings)
        assert office.service.next_due() is None
        office.pass_time(timedelta(days=90))
        assert office.service.application(1) == revoked

    @pytest.mark.parametrize("road", [Office.draw, Office.submitted, Office.lettered])
    def test_before_an_approval_there_is_nothing_to_revoke(self, office: Office, road: Road) -> None:
        before = road(office)
        with pytest.raises(IllegalTransition):
            self.declare(office)
        assert office.again(before) == before

    def test_once_and_with_a_statement(self, office: Office) -> None:
        before = office.live()
        with pytest.raises(ReasonMissing):
            self.declare(office, "  ")
        assert office.again(before) == before
        self.declare(office)
        with pytest.raises(IllegalTransition):
            self.declare(office)

    def test_an_honest_application_may_follow(self, office: Office) -> None:
        office.live()
        self.declare(office)
        assert office.draw().number == "ETF-2021-000002"

    def test_messages_that_arrive_after_the_end_change_nothing(self, office: Office) -> None:
        """A receipt on its way when access ended is no error."""
        office.live()
        revoked = self.declare(office)
        service = office.service
        for late in (
            service.test_details_delivered(1),
            service.test_details_failed(1, "x"),
            service.live_details_delivered(1, PASSWORD),
            service.live_details_failed(1, USER_NAME, "x"),
            service.integration_confirmed(1),
            service.confirmation_failed(1, "x"),
        ):
            assert late == revoked

    def test_an_audit_holds_declarations_against_the_register(self, office: Office) -> None:
        """Who would not have been let in loses access; exaggeration that changes nothing stays."""
        office.live()
        office.testing(vkn=BRANCH_FIRM, institution_name="ÇINAR DEPO LTD.", declared_staff=520)
        office.establishments[CINAR] = replace(office.establishments[CINAR], staff=600)
        (revoked,) = office.service.audit_declarations()
        assert (revoked.application_id, revoked.state) == (2, State.REVOKED)
        assert [finding.rule for finding in revoked.findings] == ["declaration.false", "eligibility.staff"]
        assert office.service.application(1).state is State.LIVE
        assert office.service.history(2)[-1].by == "denetim"
        assert office.service.audit_declarations("Memur") == []
        del office.establishments[CINAR]
        assert office.service.audit_declarations() == []

    def test_an_audit_reaches_every_page(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("mockgov.onboarding.records._PAGE", 1)
        self.test_an_audit_holds_declarations_against_the_register(office)


ONLY_IN: list[tuple[Callable[[Onboarding], Application], tuple[Road, ...]]] = [
    (
        lambda service: service.test_details_delivered(1),
        (Office.draw, Office.submitted, Office.lettered),
    ),
    (
        lambda service: service.test_details_failed(1, "x"),
        (Office.draw, Office.submitted, Office.lettered),
    ),
    (
        lambda service: service.resend_test_details(1),
        (Office.draw, Office.submitted, Office.lettered, Office.reported, Office.live),
    ),
    (
        lambda service: service.correct_contact(CorrectContact(application_id=1, identity_number=AYSE)),
        (Office.draw, Office.submitted, Office.lettered),
    ),
    (
        lambda service: service.live_details_delivered(1, PASSWORD),
        (Office.draw, Office.lettered, Office.approved, Office.testing, Office.reported),
    ),
    (
        lambda service: service.live_details_failed(1, PASSWORD, "x"),
        (Office.draw, Office.lettered, Office.approved, Office.testing, Office.reported),
    ),
    (lambda service: service.resend_password(1), (Office.draw, Office.testing, Office.reported)),
    (lambda service: service.resend_user_name(1), (Office.draw, Office.testing, Office.reported)),
    (lambda service: service.resend_confirmation(1), (Office.draw, Office.testing, Office.reported)),
    (lambda service: service.integration_confirmed(1), (Office.draw, Office.testing, Office.reported)),
    (lambda service: service.confirmation_failed(1, "x"), (Office.draw, Office.testing, Office.reported)),
]


@pytest.mark.parametrize(("command", "roads"), ONLY_IN)
def test_illegal_commands_change_nothing(command: Callable[[Onboarding], Application], roads: tuple[Road, ...]) -> None:
    for road in roads:
        office = Office()
        before = road(office)
        told, history = list(office.told), office.service.history(1)
        with pytest.raises(IllegalTransition):
            command(office.service)
        assert (office.again(before), office.told, office.service.history(1)) == (before, told, history)


def test_everything_at_once_when_nothing_takes_time() -> None:
    """With no hours at all, the whole road is walked within two commands of one office morning."""
    policy = replace(POLICY, evaluation_hours=0, live_access_hours=0, confirmation_hours=0)
    office = Office(policy=policy)
    assert office.lettered().state is State.APPROVED_FOR_TEST
    office.service.test_details_delivered(1)
    office.queried.add(7)
    office.service.report_completion(office.notice(office.service.application(1)))
    application = office.service.application(1)
    assert application.state is State.LIVE
    assert application.confirmation_sent_at == office.clock.now()
