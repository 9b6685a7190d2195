"""Step 1: forms are drawn, drawn anew, signed and handed in; what cannot be is refused by rule and changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from mockgov.onboarding.drawing import RULES
from mockgov.onboarding.messages import DrawForm, FormDrawn, FormSubmitted, RedrawForm, SubmitForm
from mockgov.onboarding.reading import digest, pdf_text
from mockgov.onboarding.rules import (
    AccessForm,
    Branch,
    IllegalTransition,
    RefusedByRule,
    SignatureForm,
    State,
    UnknownApplication,
)
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.signed import Flaw, Verdict
from tests.mockgov.onboarding.office import (
    BRANCH_FIRM,
    CINAR,
    MONDAY,
    STRANGER,
    SUKRU,
    UNKNOWN_VKN,
    Office,
    access_form,
    person,
)


@pytest.fixture
def office() -> Office:
    return Office()


def refused_rules(refused: pytest.ExceptionInfo[RefusedByRule]) -> Sequence[str]:
    assert refused.value.key == refused.value.findings[0].rule
    return [finding.rule for finding in refused.value.findings]


class TestDraw:
    def test_a_form_opens_an_application(self, office: Office) -> None:
        application = office.draw()
        assert (application.number, application.state) == ("ETF-2021-000001", State.DRAWN)
        assert (application.institution_id, application.opened_at, application.drawn_at) == (7, MONDAY, MONDAY)
        assert office.told == [FormDrawn.of(application)]
        assert office.service.by_number(" etf-2021-000001 ") == application
        assert office.service.applications() == [application]
        assert office.service.applications_of(CINAR) == [application]

    def test_the_pdf_is_drawn_once_and_kept(self, office: Office) -> None:
        """What is signed later is what was drawn at that moment."""
        office.draw()
        drawn = office.service.form_pdf(1)
        office.pass_time(timedelta(days=3))
        assert office.service.form_pdf(1) == drawn
        assert "04.10.2021 09.00" in pdf_text(drawn)
        assert office.service.signed_form(1) is None

    def test_an_institution_that_may_not_integrate_may_still_ask(self, office: Office) -> None:
        """The answer is the evaluation's; the counter can see it beforehand."""
        application = office.draw(declared_staff=120)
        assert application.state is State.DRAWN
        assert [finding.rule for finding in office.service.assess(1)] == ["eligibility.staff"]

    @pytest.mark.parametrize(
        ("changes", "rules"),
        [
            ({"vkn": UNKNOWN_VKN}, ["form.institution-unknown"]),
            ({"branches": (Branch(name="x", vkn=UNKNOWN_VKN, staff=1),)}, ["form.branch-unknown"]),
            ({"person": person(firstname="SUKRU")}, ["form.person-name"]),
            ({"person": person(SUKRU, lastname="ISIK")}, ["form.person-name"]),
            ({"person": replace(person(), identity_number=STRANGER)}, ["form.person-unknown"]),
            ({"person": replace(person(), identity_number="1")}, ["form.person-unknown"]),
            ({"person": person(phone=Phone("5990000009"))}, ["form.phone-unknown"]),
            ({"institution_name": "  "}, ["form.field"]),
            ({"institution_name": "x" * 201}, ["form.field"]),
            ({"institution_name": "a\x00b"}, ["form.field"]),
            ({"institution_name": "\ud800"}, ["form.field"]),
            ({"province": 0}, ["form.field"]),
            ({"province": 82}, ["form.field"]),
            ({"declared_staff": -1}, ["form.field"]),
            ({"declared_staff": 10_000_001}, ["form.field"]),
            ({"branches": (Branch(name="", vkn=CINAR, staff=-1),)}, ["form.field", "form.field"]),
            ({"branches": (Branch(name="x", vkn=CINAR, staff=1),) * 1001}, ["form.field"]),
            ({"parent": "x" * 201}, ["form.field"]),
            ({"purpose": ""}, ["form.field"]),
            ({"purpose": "\ud800"}, ["form.field"]),
            ({"person": person(title="")}, ["form.field"]),
        ],
    )
    def test_what_no_form_is_drawn_for(self, office: Office, changes: dict[str, object], rules: list[str]) -> None:
        """Numbers of nobody, other people's names, fields out of bounds: refused, and nothing is kept."""
        with pytest.raises(RefusedByRule) as refused:
            office.draw(**changes)
        assert refused_rules(refused) == rules
        assert office.service.applications() == []
        assert office.told == []

    def test_no_refusal_repeats_a_number(self, office: Office) -> None:
        wrong = replace(person(), identity_number=STRANGER, phone=Phone("5990000009"))
        with pytest.raises(RefusedByRule) as refused:
            office.draw(person=wrong, vkn=UNKNOWN_VKN)
        for finding in refused.value.findings:
            for number in (STRANGER, "5990000009", UNKNOWN_VKN.digits):
                assert number not in finding.tr + finding.en

    def test_every_rule_says_its_source_in_both_languages(self) -> None:
        assert all(rule.source and rule.tr and rule.en for rule in RULES.values())

    def test_names_may_be_typed_in_any_turkish_case(self, office: Office) -> None:
        typed = person(SUKRU, firstname="Şükrü  Can", lastname="ışık")
        assert office.draw(person=typed).form.person.name == "Şükrü  Can ışık"

    def test_one_open_application_a_tax_number(self, office: Office) -> None:
        office.draw()
        with pytest.raises(RefusedByRule, match="ETF-2021-000001") as refused:
            office.draw()
        assert refused_rules(refused) == ["application.open"]
        other = office.draw(vkn=BRANCH_FIRM, institution_name="ÇINAR DEPO LTD.")
        assert other.number == "ETF-2021-000002"

    def test_after_a_refusal_there_may_be_another(self, office: Office) -> None:
        office.approved(declared_staff=120)
        assert office.again(office.service.application(1)).state is State.REFUSED
        assert office.draw().number == "ETF-2021-000002"

    def test_whoever_is_live_needs_no_other(self, office: Office) -> None:
        """By an application, or in whatever other way."""
        office.live()
        with pytest.raises(RefusedByRule, match="rotated instead") as refused:
            office.draw()
        assert refused_rules(refused) == ["application.live"]
        office.live_elsewhere.add(8)
        with pytest.raises(RefusedByRule) as refused:
            office.draw(vkn=BRANCH_FIRM)
        assert refused_rules(refused) == ["application.live"]

    def test_no_application_of_that_number(self, office: Office) -> None:
        office.draw()
        for call in (office.service.application, office.service.history, office.service.form_pdf):
            with pytest.raises(UnknownApplication):
                call(2)
        for number in ("ETF-2020-000001", "ETF-2021-000002", "1", ""):
            with pytest.raises(UnknownApplication):
                office.service.by_number(number)


class TestRedraw:
    def redraw(self, office: Office, form: AccessForm) -> None:
        office.service.redraw(RedrawForm(application_id=1, form=form))

    def test_a_form_is_written_anew_before_it_is_signed(self, office: Office) -> None:
        office.draw()
        first = office.service.form_pdf(1)
        office.pass_time(timedelta(hours=1))
        self.redraw(office, access_form(declared_staff=700))
        application = office.service.application(1)
        assert (application.revision, application.form.declared_staff, application.state) == (2, 700, State.DRAWN)
        assert application.drawn_at == MONDAY + timedelta(hours=1)
        assert office.service.form_pdf(1) != first
        assert "ETF-2021-000001 / 2" in pdf_text(office.service.form_pdf(1))

    def test_after_a_return_everything_starts_over(self, office: Office) -> None:
        """The signature and the letter were about another form."""
        office.approved(kind=InstitutionKind.MINISTRY)
        self.redraw(office, access_form())
        application = office.service.application(1)
        assert (application.state, application.submission, application.letter) == (State.DRAWN, None, None)
        assert office.service.signed_form(1) is None

    def test_the_form_signed_before_does_not_fit_the_new_one(self, office: Office) -> None:
        application = office.approved(kind=InstitutionKind.MINISTRY)
        old = office.service.signed_form(1)
        assert old is not None
        self.redraw(office, access_form())
        with pytest.raises(RefusedByRule) as refused:
            office.service.submit(SubmitForm(application_id=application.application_id, signed=old))
        assert refused_rules(refused) == ["form.document"]

    @pytest.mark.parametrize("road", [Office.submitted, Office.lettered, Office.testing, Office.live])
    def test_never_while_it_is_on_its_way(self, office: Office, road: object) -> None:
        before = road(office)
        with pytest.raises(IllegalTransition):
            self.redraw(office, access_form())
        assert office.again(before) == before

    def test_the_tax_number_stays(self, office: Office) -> None:
        before = office.draw()
        with pytest.raises(RefusedByRule) as refused:
            self.redraw(office, access_form(vkn=BRANCH_FIRM))
        assert refused_rules(refused) == ["form.other-institution"]
        assert office.again(before) == before

    def test_the_new_form_is_looked_at_like_the_first(self, office: Office) -> None:
        before = office.draw()
        with pytest.raises(RefusedByRule):
            self.redraw(office, access_form(province=99))
        assert office.again(before) == before


class TestSubmit:
    @pytest.mark.parametrize("form", list(SignatureForm))
    def test_every_form_of_signature_is_taken(self, office: Office, form: SignatureForm) -> None:
        application = office.draw()
        signed = office.submit(application, form=form)
        submitted = office.again(application)
        assert submitted.state is State.SUBMITTED
        assert submitted.submission is not None
        assert (submitted.submission.form, submitted.submission.certificate) == (form, "c0")
        assert (submitted.submission.digest, submitted.submission.submitted_at) == (digest(signed), MONDAY)
        assert office.told[-1] == FormSubmitted.of(submitted)
        assert office.service.signed_form(1) == signed

    def test_a_detached_signature_may_bring_its_document(self, office: Office) -> None:
        office.draw()
        drawn = office.service.form_pdf(1)
        signed = office.sign(drawn, form=SignatureForm.CADES_DETACHED)
        submitted = office.service.submit(SubmitForm(application_id=1, signed=signed, document=drawn))
        assert submitted.submission is not None
        assert submitted.submission.form is SignatureForm.CADES_DETACHED

    @pytest.mark.parametrize("form", list(SignatureForm))
    @pytest.mark.parametrize(
        ("flaw", "words"),
        [
            (Flaw.UNKNOWN_ROOT, "its certificate comes from no known root"),
            (Flaw.NOT_YET_VALID, "its certificate was not valid yet"),
            (Flaw.EXPIRED, "its certificate had expired"),
            (Flaw.REVOKED, "its certificate is revoked"),
            (Flaw.WRONG_KIND, "its certificate is no qualified one of a person"),
        ],
    )
    def test_a_flawed_certificate(self, office: Office, form: SignatureForm, flaw: Flaw, words: str) -> None:
        """Refused at once, by rule and flaw, in whatever form it came; the form can be signed again."""
        before = office.draw()
        office.certificates["c0"].flaw = flaw
        with pytest.raises(RefusedByRule) as refused:
            office.submit(before, form=form)
        assert refused_rules(refused) == ["form.signature"]
        assert words in refused.value.message
        assert "5070 sayılı" in refused.value.findings[0].source
        assert office.again(before) == before
        office.certificates["c0"].flaw = None
        office.submit(before, form=form)
        assert office.again(before).state is State.SUBMITTED

    def test_what_is_not_signed_at_all(self, office: Office) -> None:
        office.draw()
        for signed, words in (
            (b"", "there is none"),
            (office.service.form_pdf(1), "there is none"),
            (b"scan", "it cannot be read"),
        ):
            with pytest.raises(RefusedByRule, match=words):
                office.service.submit(SubmitForm(application_id=1, signed=signed))

    @pytest.mark.parametrize("form", list(SignatureForm))
    def test_a_changed_document(self, office: Office, form: SignatureForm) -> None:
        before = office.draw()
        signed = bytearray(office.sign(office.service.form_pdf(1), form=form))
        place = signed.index(b"|") + 5 if form is SignatureForm.CADES_DETACHED else len(signed) // 2
        signed[place] ^= 1
        with pytest.raises(RefusedByRule, match="changed after signing") as refused:
            office.service.submit(SubmitForm(application_id=1, signed=bytes(signed)))
        assert refused_rules(refused) == ["form.signature"]
        assert office.again(before) == before

    @pytest.mark.parametrize("form", list(SignatureForm))
    def test_another_document_with_a_good_signature(self, office: Office, form: SignatureForm) -> None:
        """The form of another application will not do, however well it is signed."""
        before = office.draw()
        office.draw(vkn=BRANCH_FIRM, institution_name="ÇINAR DEPO LTD.")
        other = office.service.form_pdf(2)
        beside = other if form is SignatureForm.CADES_DETACHED else None
        signed = office.sign(other, form=form)
        with pytest.raises(RefusedByRule) as refused:
            office.service.submit(SubmitForm(application_id=1, signed=signed, document=beside))
        assert refused_rules(refused) == ["form.document"]
        assert office.again(before) == before

    def test_a_revision_that_changes_the_page(self, office: Office) -> None:
        """A PDF can be amended behind its end; a page that says something else is another document."""
        office.draw()
        amended = b"%PDF" + office.service.form_pdf(1)[4:] + b"\n1 0 obj\n<<>>\nendobj\ntrailer\n<</Root 1 0 R>>\n"
        with pytest.raises(RefusedByRule) as refused:
            office.service.submit(SubmitForm(application_id=1, signed=office.sign(amended + b"startxref\n0\n%%EOF\n")))
        assert refused_rules(refused) == ["form.document"]

    @pytest.mark.parametrize("form", list(SignatureForm))
    def test_somebody_elses_signature(self, office: Office, form: SignatureForm) -> None:
        before = office.draw()
        with pytest.raises(RefusedByRule) as refused:
            office.submit(before, serial="c1", form=form)
        assert refused_rules(refused) == ["form.signer"]
        assert office.again(before) == before

    @pytest.mark.parametrize("road", [Office.submitted, Office.lettered, Office.testing, Office.reported, Office.live])
    def test_once(self, office: Office, road: object) -> None:
        before = road(office)
        with pytest.raises(IllegalTransition):
            office.submit(before)
        assert office.again(before) == before

    def test_a_returned_form_can_be_signed_again(self, office: Office) -> None:
        application = office.lettered()
        office.certificates["c0"].flaw = Flaw.REVOKED
        office.pass_time(timedelta(days=7))
        assert office.again(application).state is State.RETURNED
        office.certificates["c0"].flaw = None
        office.submit(application)
        again = office.again(application)
        assert (again.state, again.letter) == (State.SUBMITTED, None)


def test_an_examination_without_any_bytes_is_a_missing_signature(office: Office) -> None:
    assert Verdict.missing().flaw is Flaw.MISSING
    office.draw()
    with pytest.raises(UnknownApplication):
        office.service.submit(SubmitForm(application_id=9, signed=b""))


def test_draw_form_is_a_command_like_any_other(office: Office) -> None:
    assert office.service.draw(DrawForm(form=access_form())).state is State.DRAWN
