"""Step 3: the letter is evaluated, by the rules after some office time or by an officer at the desk."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.onboarding.messages import (
    ApplicationRefused,
    ApplicationReturned,
    ApprovedForTest,
    Evaluate,
    EvaluationBegun,
)
from mockgov.onboarding.rules import (
    Application,
    Branch,
    Decision,
    Delivery,
    IllegalTransition,
    ReasonMissing,
    RefusedByRule,
    State,
)
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.signed import Flaw
from tests.mockgov.onboarding.office import BRANCH_FIRM, CINAR, POLICY, Office

DESK = replace(POLICY, evaluation="desk")
MONDAY_NIGHT = datetime(2021, 10, 4, 19, tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def desk() -> Office:
    return Office(policy=DESK)


def rules_of(application: Application) -> list[str]:
    return [finding.rule for finding in application.findings]


def decide(office: Office, decision: Decision, *reasons: str) -> Application:
    return office.service.evaluate(
        Evaluate(application_id=1, decision=decision, reasons=reasons, officer="Memur Işıl Ak")
    )


class TestByTheRules:
    def test_forty_office_hours(self, office: Office) -> None:
        """From Monday 09:00, five working days, to the minute."""
        application = office.lettered()
        assert application.state is State.UNDER_EVALUATION
        assert office.service.next_due() == datetime(2021, 10, 11, 6, tzinfo=UTC)
        office.pass_time(timedelta(days=7) - timedelta(microseconds=1))
        assert office.again(application).state is State.UNDER_EVALUATION
        office.pass_time(timedelta(microseconds=1))
        approved = office.again(application)
        assert (approved.state, approved.test_details, approved.findings) == (
            State.APPROVED_FOR_TEST,
            Delivery.PENDING,
            (),
        )
        assert office.told[-1] == ApprovedForTest.of(approved)
        assert office.service.next_due() is None

    def test_a_letter_at_night_waits_for_the_morning(self) -> None:
        office = Office(start=MONDAY_NIGHT)
        application = office.lettered()
        assert (application.state, office.happened(EvaluationBegun)) == (State.LETTER_RECEIVED, [])
        assert office.service.next_due() == datetime(2021, 10, 5, 5, 30, tzinfo=UTC)
        office.pass_time(timedelta(hours=10, minutes=30))
        assert office.again(application).state is State.UNDER_EVALUATION
        assert len(office.happened(EvaluationBegun)) == 1
        assert office.service.next_due() == datetime(2021, 10, 11, 14, 30, tzinfo=UTC)

    def test_holidays_do_not_count(self) -> None:
        """29 October 2021 is a Friday and a holiday, and the afternoon before is free."""
        office = Office(start=datetime(2021, 10, 28, 5, 30, tzinfo=UTC), policy=replace(POLICY, evaluation_hours=8))
        office.lettered()
        assert office.service.next_due() == datetime(2021, 11, 1, 9, 30, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("changes", "rules"),
        [
            ({"declared_staff": 499}, ["eligibility.staff"]),
            (
                {"declared_staff": 300, "branches": (Branch(name="Depo", vkn=BRANCH_FIRM, staff=300),)},
                ["eligibility.staff", "eligibility.branch"],
            ),
            ({"kind": InstitutionKind.SCHOOL}, ["eligibility.school", "institution.kind"]),
            ({"kind": InstitutionKind.PROVINCIAL_ORGANISATION}, ["eligibility.provincial", "institution.kind"]),
        ],
    )
    def test_what_cannot_be_put_right_is_refused(
        self, office: Office, changes: dict[str, object], rules: list[str]
    ) -> None:
        refused = office.approved(**changes)
        assert (refused.state, rules_of(refused)) == (State.REFUSED, rules)
        assert office.told[-1] == ApplicationRefused.of(refused, refused.findings)

    @pytest.mark.parametrize(
        ("changes", "rules"),
        [
            ({"kind": InstitutionKind.MINISTRY}, ["institution.kind"]),
            ({"institution_name": "ÇINAR HOLDİNG A.Ş."}, ["institution.name"]),
            ({"branches": (Branch(name="Depo", vkn=BRANCH_FIRM, staff=1),)}, ["eligibility.branch"]),
        ],
    )
    def test_what_can_be_put_right_is_returned(
        self, office: Office, changes: dict[str, object], rules: list[str]
    ) -> None:
        returned = office.approved(**changes)
        assert (returned.state, rules_of(returned)) == (State.RETURNED, rules)
        assert office.told[-1] == ApplicationReturned.of(returned, returned.findings)
        assert office.service.history(1)[-1].findings == returned.findings

    def test_branches_under_one_tax_number_are_summed(self, office: Office) -> None:
        branches = (Branch(name="Gebze", vkn=CINAR, staff=150), Branch(name="Pendik", vkn=CINAR, staff=150))
        assert office.approved(declared_staff=200, branches=branches).state is State.APPROVED_FOR_TEST

    @pytest.mark.parametrize("flaw", [Flaw.REVOKED, Flaw.EXPIRED])
    def test_the_forms_signature_is_checked_again(self, office: Office, flaw: Flaw) -> None:
        """A certificate revoked between the steps; the next signature brings the application on."""
        application = office.lettered()
        office.certificates["c0"].flaw = flaw
        office.pass_time(timedelta(days=7))
        returned = office.again(application)
        assert (returned.state, rules_of(returned)) == (State.RETURNED, ["form.signature"])
        office.certificates["c0"].flaw = None
        office.submit(returned)
        office.service.receive_letter(office.kep(returned))
        office.pass_time(timedelta(days=7))
        assert office.again(application).state is State.APPROVED_FOR_TEST

    def test_a_certificate_revoked_after_a_time_stamped_signature(self, office: Office) -> None:
        """The signature still counts; the office wants another one all the same, with another certificate."""
        application = office.lettered()
        office.revoked_since.add("c0")
        office.pass_time(timedelta(days=7))
        returned = office.again(application)
        assert (returned.state, rules_of(returned)) == (State.RETURNED, ["form.certificate"])
        office.certificates["c3"] = office.certificates["c0"]
        office.submit(returned, serial="c3")
        office.service.receive_letter(office.kep(returned))
        office.pass_time(timedelta(days=7))
        assert office.again(application).state is State.APPROVED_FOR_TEST

    def test_a_certificate_that_turns_out_to_be_somebody_elses(self, office: Office) -> None:
        application = office.lettered()
        office.certificates["c0"].identity_number = office.certificates["c1"].identity_number
        office.pass_time(timedelta(days=7))
        assert rules_of(office.again(application)) == ["form.signer"]

    def test_a_returned_letter_is_sent_again(self, office: Office) -> None:
        """The form stays as it is; a better letter is enough."""
        application = office.submitted()
        office.service.receive_letter(office.kep(application, attachments=()))
        office.pass_time(timedelta(days=7))
        returned = office.again(application)
        assert (returned.state, rules_of(returned)) == (State.RETURNED, ["letter.form"])
        office.service.receive_letter(office.kep(application))
        office.pass_time(timedelta(days=7))
        approved = office.again(application)
        assert (approved.state, approved.findings) == (State.APPROVED_FOR_TEST, ())

    def test_an_institution_that_leaves_the_register(self, office: Office) -> None:
        application = office.lettered()
        del office.establishments[CINAR]
        office.pass_time(timedelta(days=7))
        assert rules_of(office.again(application)) == ["form.institution-unknown"]

    def test_no_time_at_all(self) -> None:
        """With zero hours a letter in office hours is decided by the command that brings it."""
        office = Office(policy=replace(POLICY, evaluation_hours=0))
        assert office.lettered().state is State.APPROVED_FOR_TEST


class TestAtTheDesk:
    def test_nothing_happens_by_itself(self, desk: Office) -> None:
        application = desk.lettered()
        assert desk.service.next_due() is None
        desk.pass_time(timedelta(days=90))
        assert desk.again(application).state is State.UNDER_EVALUATION

    def test_an_officer_approves(self, desk: Office) -> None:
        desk.lettered()
        approved = decide(desk, Decision.APPROVE)
        assert approved.state is State.APPROVED_FOR_TEST
        assert desk.service.history(1)[-1].by == "Memur Işıl Ak"
        assert desk.told[-1] == ApprovedForTest.of(approved)

    def test_an_officer_approves_only_what_the_rules_allow(self, desk: Office) -> None:
        """Whatever stands against it comes back, and nothing has changed, the hour of the evaluation included."""
        before = desk.lettered(declared_staff=120, kind=InstitutionKind.PUBLIC_BODY)
        told, history = list(desk.told), desk.service.history(1)
        with pytest.raises(RefusedByRule) as refused:
            decide(desk, Decision.APPROVE)
        assert [finding.rule for finding in refused.value.findings] == ["eligibility.staff", "institution.kind"]
        assert (desk.again(before), desk.told, desk.service.history(1)) == (before, told, history)

    def test_reasons_may_be_rules_or_words(self, desk: Office) -> None:
        desk.lettered(kind=InstitutionKind.MINISTRY)
        returned = decide(desk, Decision.RETURN, "institution.kind", " Telefonla görüşüldü. ", "")
        assert rules_of(returned) == ["institution.kind", "desk.reason"]
        assert returned.findings[0].tr.startswith("Beyan edilen kurum türü (MINISTRY)")
        assert (returned.findings[1].tr, returned.findings[1].en) == ("Telefonla görüşüldü.",) * 2

    def test_an_officer_may_refuse_what_the_rules_would_let_pass(self, desk: Office) -> None:
        desk.lettered()
        refused = decide(desk, Decision.REFUSE, "Kurum faaliyetini durdurmuş {0}.")
        assert refused.state is State.REFUSED
        assert desk.told[-1] == ApplicationRefused.of(refused, refused.findings)
        assert refused.findings[0].tr == "Kurum faaliyetini durdurmuş {0}."

    @pytest.mark.parametrize("decision", [Decision.RETURN, Decision.REFUSE])
    def test_nothing_without_a_reason(self, desk: Office, decision: Decision) -> None:
        before = desk.lettered()
        for reasons in ((), ("", "  ")):
            with pytest.raises(ReasonMissing):
                decide(desk, decision, *reasons)
        assert desk.again(before) == before

    def test_an_officer_may_begin_before_the_office_opens(self) -> None:
        office = Office(policy=DESK, start=MONDAY_NIGHT)
        assert office.lettered().state is State.LETTER_RECEIVED
        assert decide(office, Decision.APPROVE).state is State.APPROVED_FOR_TEST
        assert [entry.by for entry in office.service.history(1)][-2:] == ["Memur Işıl Ak"] * 2
        assert office.service.next_due() is None

    def test_an_officer_may_come_before_the_rules(self, office: Office) -> None:
        office.lettered()
        assert decide(office, Decision.APPROVE).state is State.APPROVED_FOR_TEST
        assert office.service.next_due() is None

    @pytest.mark.parametrize(
        "road", [Office.draw, Office.submitted, Office.approved, Office.testing, Office.reported, Office.live]
    )
    @pytest.mark.parametrize("decision", list(Decision))
    def test_only_what_lies_on_the_desk(self, office: Office, road: object, decision: Decision) -> None:
        before = road(office)
        with pytest.raises(IllegalTransition):
            decide(office, decision, "x")
        assert office.again(before) == before
