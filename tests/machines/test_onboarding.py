"""The whole road of onboarding, walked in any order by honest and dishonest applicants, against a plain model.

The model knows no states and no findings. Of each application it remembers in a few words what was really put in: what
the form declared, whose good certificate signed it, whether the last letter was right, whether a good notice came, and
whether access was taken away. From that alone it says who may have access; whatever was done in whatever order, nobody
else has it, and what is refused has changed nothing.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockgov.database import Database, sqlite
from mockgov.onboarding.messages import (
    AccessRevoked,
    ApplicationRefused,
    ApplicationReturned,
    ApprovedForTest,
    CorrectContact,
    DeclareFalse,
    DrawForm,
    Evaluate,
    IntegrationConfirmed,
    LiveAccessGranted,
    RedrawForm,
    Step,
    SubmitForm,
)
from mockgov.onboarding.rules import (
    AccessForm,
    Application,
    Branch,
    Decision,
    DetailsPart,
    Establishment,
    LetterChannel,
    SignatureForm,
)
from mockgov.onboarding.store import DocumentKind, SqlApplications
from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.signed import Flaw, Verdict
from tests.mockgov.onboarding.office import (
    BRANCH_FIRM,
    CINAR,
    KEP,
    OTHER_KEP,
    PEOPLE,
    POLICY,
    UNKNOWN_VKN,
    Office,
    access_form,
    person,
    vkn,
)

MINISTRY, SCHOOL = vkn("ministry"), vkn("school")
K = InstitutionKind
REGISTER = {
    CINAR: (K.WORKPLACE, "Çınar Lojistik A.Ş."),
    BRANCH_FIRM: (K.PUBLIC_BODY, "ÇINAR DEPO LTD."),
    MINISTRY: (K.MINISTRY, "ÖRNEK BAKANLIĞI"),
    SCHOOL: (K.SCHOOL, "ÇINARLI OKULU"),
}
ANY = st.integers(0, 10**6)
MOSTLY = st.sampled_from([True, True, True, True, False])
OTHER_EMAIL = EmailAddress.parse("baskasi@elsewhere.example")
ROADS = ["kep", "kep", "wet", "post"]
TRICKS = ["signer", "bare", "cut", "other", "foreign", "nothing", "beside"]
SLIPS_IN = (
    dict.fromkeys(TRICKS, "drawn")
    | dict.fromkeys(["sender", "counts", "attached", "authorises", "number", "name"], "submitted")
    | {"certificate": "under-evaluation"}
    | dict.fromkeys(["query", "address", "unnamed"], "testing")
)
"""What may be done wrong, and in which state of an application."""
SLIPS = ["", *SLIPS_IN]
PACE = st.sampled_from([timedelta(hours=1), timedelta(hours=13), timedelta(days=2), timedelta(days=9)])


@dataclass
class Truth:
    """All that the model remembers of an application."""

    form: AccessForm
    signed_by: str | None = None
    """The certificate whose good signature lies on the form as it now is."""
    letter_right: bool = False
    approved: bool = False
    noticed: bool = False
    revoked: bool = False


class Machine(RuleBasedStateMachine):
    """The office and the model side by side."""

    @initialize(
        sql=st.booleans(),
        desk=st.booleans(),
        steps=st.integers(3, 12),
        road=st.sampled_from(ROADS),
        slip=st.sampled_from(SLIPS),
    )
    def open(self, *, sql: bool, desk: bool, steps: int, road: str, slip: str) -> None:
        """The first applicant goes far, with a slip perhaps; the others find them there."""
        self.database: Database | None = sqlite() if sql else None
        self.office = Office(
            policy=replace(POLICY, evaluation="desk" if desk else "rules"),
            store=SqlApplications(self.database) if self.database else None,
            transaction=self.database.transaction if self.database else nullcontext,
        )
        self.desk = desk
        self.truths: dict[int, Truth] = {}
        self.posted: list[tuple[datetime, int, str]] = []
        self.staff = {CINAR: 612, BRANCH_FIRM: 90, MINISTRY: 0, SCHOOL: 40}
        self.keep_register()
        self.service = self.office.service
        self.service._tell = self.hear
        self.service._write = self.write
        self.draw(access_form(institution_name="Çınar Lojistik A.Ş."))
        self.go_on(0, steps, road, slip)

    def teardown(self) -> None:
        if getattr(self, "database", None):
            self.database.close()

    def write(self, application: Application) -> None:
        """A form that is quickly drawn: real paper is looked at elsewhere, here it only has to be signed."""
        words = f"%PDF {application.number} {application.revision} {application.form}"
        self.office.store.put_document(application.application_id, DocumentKind.DRAWN, words.encode())

    def keep_register(self) -> None:
        self.office.establishments.clear()
        for nth, (number, (kind, name)) in enumerate(REGISTER.items(), start=1):
            self.office.establishments[number] = Establishment(
                institution_id=nth, name=name, kind=kind, label=f"L{nth}", staff=self.staff[number]
            )

    # What the model says

    def is_entitled(self, form: AccessForm) -> bool:
        """Whether the institution may integrate by what it declares, and declares what the register knows."""
        kind, name = REGISTER[form.vkn]
        own = form.declared_staff + sum(branch.staff for branch in form.branches if branch.vkn == form.vkn)
        fits = {
            K.MINISTRY: True,
            K.GOVERNORSHIP: True,
            K.PROVINCIAL_HEALTH_DIRECTORATE: True,
            K.WORKPLACE: own >= 500,
            K.PUBLIC_BODY: own >= 500,
        }
        strange = any(branch.vkn != form.vkn for branch in form.branches)
        return fits.get(form.kind, False) and form.kind is kind and not strange and form.institution_name == name

    def is_signed(self, truth: Truth) -> bool:
        if truth.signed_by is None:
            return False
        certificate = self.office.certificates[truth.signed_by]
        return certificate.flaw is None and certificate.identity_number == truth.form.person.identity_number

    def may_be_approved(self, truth: Truth) -> bool:
        return self.is_entitled(truth.form) and self.is_signed(truth) and truth.letter_right

    def hear(self, event: object) -> None:
        """Every event is judged at the moment at which it is told."""
        self.office.told.append(event)
        if not isinstance(event, Step):
            return
        truth = self.truths.get(event.application_id)
        if isinstance(event, ApprovedForTest):
            assert self.may_be_approved(truth)
            truth.approved = True
        if isinstance(event, ApplicationReturned | ApplicationRefused) and not self.desk:
            assert not self.may_be_approved(truth) or any(f.rule == "desk.reason" for f in event.findings)
        if isinstance(event, LiveAccessGranted):
            assert truth.approved
            assert truth.noticed
            assert not truth.revoked
        if isinstance(event, IntegrationConfirmed):
            assert truth.noticed
            assert not truth.revoked
        if isinstance(event, AccessRevoked):
            assert truth.approved
            truth.revoked = True

    # Ways of doing something

    def pick(self, any_number: int) -> Application:
        return self.service.application(sorted(self.truths)[any_number % len(self.truths)])

    def try_to(self, command: Callable[[], Application]) -> Application | None:
        """The application after a command, or None if it was refused; then nothing has changed."""
        before = self.everything()
        try:
            return command()
        except Refused:
            assert self.everything() == before
            return None

    def everything(self) -> object:
        applications = self.service.applications(limit=1000)
        return (
            applications,
            [self.service.history(application.application_id) for application in applications],
            len(self.office.told),
            self.service.next_due(),
        )

    # What may happen

    forms = st.builds(
        lambda number, kind, name, staff, own, strange, who: access_form(
            vkn=number,
            kind=REGISTER[number][0] if kind is None else kind,
            institution_name=REGISTER[number][1] if name else "BAŞKA BİR AD",
            declared_staff=staff,
            branches=tuple(
                Branch(name="Şube", vkn=at, staff=count)
                for at, count in ((number, own), (CINAR if number != CINAR else SCHOOL, strange))
                if count
            ),
            person=person(PEOPLE[who][0]),
        ),
        number=st.sampled_from([CINAR, CINAR, MINISTRY, MINISTRY, BRANCH_FIRM, SCHOOL]),
        kind=st.sampled_from([None] * 12 + list(K)),
        name=st.sampled_from([True] * 9 + [False]),
        staff=st.sampled_from([612, 500, 612, 499, 400]),
        own=st.sampled_from([0, 0, 1, 100]),
        strange=st.sampled_from([0] * 9 + [700]),
        who=st.integers(0, 1),
    )

    @rule(form=forms)
    def draw(self, form: AccessForm) -> None:
        """Anybody of this world may draw a form, unless theirs is on its way or has arrived."""
        others = [truth for truth in self.truths.values() if truth.form.vkn == form.vkn]
        made = self.try_to(lambda: self.service.draw(DrawForm(form=form)))
        if made is None:
            assert others
        else:
            assert not any(truth.approved and not truth.revoked for truth in others)
            assert made.application_id not in self.truths
            self.truths[made.application_id] = Truth(form)

    @rule(form=forms, steps=st.integers(1, 12), road=st.sampled_from(ROADS), slip=st.sampled_from(SLIPS), good=MOSTLY)
    def come_so_far(self, form: AccessForm, steps: int, road: str, slip: str, *, good: bool) -> None:
        """An applicant draws a form, mostly one that may be approved, and goes some steps, with a slip perhaps."""
        own = {CINAR: 612, MINISTRY: 10}.get(form.vkn)
        if good and own is not None:
            kind, name = REGISTER[form.vkn]
            form = replace(form, kind=kind, institution_name=name, declared_staff=own, branches=())
        self.draw(form)
        if self.truths:
            self.go_on(len(self.truths) - 1, steps, road, slip)

    @rule(form=forms)
    def draw_for_nobody(self, form: AccessForm) -> None:
        assert self.try_to(lambda: self.service.draw(DrawForm(form=replace(form, vkn=UNKNOWN_VKN)))) is None

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, form=forms)
    def redraw(self, any_number: int, form: AccessForm) -> None:
        application = self.pick(any_number)
        number = application.application_id
        form = replace(form, vkn=application.form.vkn, branches=application.form.branches)
        if self.try_to(lambda: self.service.redraw(RedrawForm(application_id=number, form=form))) is not None:
            assert not self.truths[number].approved
            self.truths[number] = Truth(form)

    @precondition(lambda self: self.truths)
    @rule(
        any_number=ANY,
        honest=MOSTLY,
        serial=st.sampled_from(["c0", "c1", "c9"]),
        form=st.sampled_from(SignatureForm),
        trick=st.sampled_from(["", *TRICKS]),
    )
    def submit(self, any_number: int, *, honest: bool, serial: str, form: SignatureForm, trick: str) -> None:
        """A form signed rightly, or by another, or not at all, or something else signed, or changed afterwards."""
        application = self.pick(any_number)
        number, truth = application.application_id, self.truths[application.application_id]
        own = next(f"c{nth}" for nth, known in enumerate(PEOPLE) if known[0] == truth.form.person.identity_number)
        serial, trick = (own, "") if honest else ("c2" if trick == "signer" else serial, trick)
        drawn = self.service.form_pdf(number)
        document = {"other": drawn + b"\n%other\n", "foreign": b"%PDF a foreign form\n"}.get(trick, drawn)
        signed = self.office.sign(document, serial, form)
        signed = {"bare": drawn, "cut": signed[:-7], "nothing": b""}.get(trick, signed)
        order = SubmitForm(application_id=number, signed=signed, document=b"else" if trick == "beside" else None)
        right = not trick or (trick == "beside" and form is not SignatureForm.CADES_DETACHED)
        right = right or (trick == "other" and form is SignatureForm.PADES)  # a comment that no page shows
        after = self.try_to(lambda: self.service.submit(order))
        if after is not None:
            assert right
            self.truths[number] = replace(truth, signed_by=serial, letter_right=False)
            assert self.is_signed(self.truths[number])

    @precondition(lambda self: self.truths)
    @rule(
        any_number=ANY,
        road=st.sampled_from(ROADS),
        whole=MOSTLY,
        sender=MOSTLY,
        counts=MOSTLY,
        attached=MOSTLY,
        whom=st.sampled_from(["", "number", "name", "both"]),
        authorises=MOSTLY,
    )
    def letter(
        self,
        any_number: int,
        *,
        road: str,
        whole: bool,
        sender: bool,
        counts: bool,
        attached: bool,
        whom: str,
        authorises: bool,
    ) -> None:
        """An official letter by either road, right or wrong in any way."""
        if whole:
            sender = counts = attached = authorises = True
            whom = ""
        application = self.pick(any_number)
        number = application.application_id
        right_one, wrong_one = application.form.person, person(PEOPLE[2][0])
        about = wrong_one if whom in {"name", "both"} else right_one
        if whom in {"number", "name"}:
            number_of = wrong_one if whom == "number" else right_one
            about = replace(about, identity_number=number_of.identity_number)
        text = "\n".join(self.office.letter(application, person=about, authorises=authorises).paragraphs)
        says = authorises and not whom
        if road == "post":
            letter = self.service.post_letter(self.office.wet(application, text=text))
            self.posted.append((letter.arrives_at, number, right_one.identity_number if says else ""))
            return
        order = self.office.kep(
            application,
            channel=LetterChannel.KEP if road == "kep" else LetterChannel.WET,
            text=text,
            sender=KEP.address if sender else OTHER_KEP.address,
            signature=Verdict(flaw=None if counts else Flaw.EXPIRED),
            **({} if attached else {"attachments": ()}),
        )
        right = says and (road == "wet" or (sender and counts and attached))
        remembered = self.truths[number].letter_right
        self.truths[number].letter_right = right  # it may be judged before the call returns
        if self.service.receive_letter(order) is None:
            self.truths[number].letter_right = remembered

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, decision=st.sampled_from(Decision), reason=st.sampled_from(["", "Görüldü.", "letter.form"]))
    def evaluate(self, any_number: int, decision: Decision, reason: str) -> None:
        """An officer decides; `hear` sees to it that they approve only what the model allows."""
        application = self.pick(any_number)
        number, truth = application.application_id, self.truths[application.application_id]
        reasons = ("Görüldü.", reason) if reason else ()
        order = Evaluate(application_id=number, decision=decision, reasons=reasons, officer="Memur")
        if self.try_to(lambda: self.service.evaluate(order)) is None and application.state == "under-evaluation":
            assert not reason if decision is not Decision.APPROVE else not self.may_be_approved(truth)

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, arrives=MOSTLY, again=st.booleans())
    def mail_of_test_details(self, any_number: int, *, arrives: bool, again: bool) -> None:
        number = self.pick(any_number).application_id
        if arrives:
            self.try_to(lambda: self.service.test_details_delivered(number))
        else:
            self.try_to(lambda: self.service.test_details_failed(number, "550"))
        if again:
            self.try_to(lambda: self.service.resend_test_details(number))

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, queried=MOSTLY, own_address=MOSTLY, named=MOSTLY)
    def notice(self, any_number: int, *, queried: bool, own_address: bool, named: bool) -> None:
        """A completion notice counts from the right address, with the number, after a query."""
        application = self.pick(any_number)
        institution = application.institution_id
        if queried:
            self.office.queried.add(institution)
        changes = {} if own_address else {"sender": OTHER_EMAIL}
        changes |= {} if named else {"subject": "Bitti"}
        taken = self.service.report_completion(self.office.notice(application, **changes))
        if taken is not None:
            assert institution in self.office.queried
            assert named
            assert own_address
            assert taken.application_id == application.application_id
            self.truths[taken.application_id].noticed = True

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, part=st.sampled_from(DetailsPart), arrives=st.booleans(), again=st.booleans())
    def live_details(self, any_number: int, part: DetailsPart, *, arrives: bool, again: bool) -> None:
        number, service = self.pick(any_number).application_id, self.service
        if arrives:
            self.try_to(lambda: service.live_details_delivered(number, part))
        else:
            self.try_to(lambda: service.live_details_failed(number, part, "UNDELIV"))
        if again:
            self.try_to(lambda: service.resend_password(number))
            self.try_to(lambda: service.resend_user_name(number))

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, arrives=st.booleans())
    def confirming_letter(self, any_number: int, *, arrives: bool) -> None:
        number = self.pick(any_number).application_id
        if arrives:
            self.try_to(lambda: self.service.integration_confirmed(number))
        else:
            self.try_to(lambda: self.service.resend_confirmation(number))

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, who=st.integers(0, 2))
    def contact(self, any_number: int, who: int) -> None:
        """Nobody but the authorised person is heard."""
        application = self.pick(any_number)
        order = CorrectContact(
            application_id=application.application_id, identity_number=PEOPLE[who][0], email=application.email
        )
        if self.try_to(lambda: self.service.correct_contact(order)) is not None:
            assert PEOPLE[who][0] == application.form.person.identity_number

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, statement=st.sampled_from(["", "Çalışan sayısı yanlış."]))
    def declare_false(self, any_number: int, statement: str) -> None:
        number = self.pick(any_number).application_id
        order = DeclareFalse(application_id=number, statement=statement, officer="Müfettiş")
        if self.try_to(lambda: self.service.declare_false(order)) is not None:
            assert self.truths[number].revoked

    @rule()
    def audit(self) -> None:
        """Whoever has access and would not have been let in by the register's staff loses it; nobody else does."""
        had = {number for number, truth in self.truths.items() if truth.approved and not truth.revoked}
        revoked = {application.application_id for application in self.service.audit_declarations()}
        small = {
            number
            for number in had
            if REGISTER[self.truths[number].form.vkn][0] in {K.WORKPLACE, K.PUBLIC_BODY}
            and self.staff[self.truths[number].form.vkn] < 500
        }
        assert revoked == small

    @rule(staff=st.sampled_from([120, 612]))
    def staff_changes(self, staff: int) -> None:
        self.staff[CINAR] = staff
        self.keep_register()

    @rule(serial=st.sampled_from(["c0", "c1"]), flaw=st.sampled_from([None, None, Flaw.REVOKED, Flaw.EXPIRED]))
    def certificate_changes(self, serial: str, flaw: Flaw | None) -> None:
        self.office.certificates[serial].flaw = flaw

    @precondition(lambda self: self.truths)
    @rule(any_number=ANY, steps=st.integers(2, 9), road=st.sampled_from(ROADS), slip=st.sampled_from(SLIPS))
    def go_on(self, any_number: int, steps: int, road: str, slip: str) -> None:
        """An applicant and an office that do the next right thing, but for one slip, made once."""
        for _ in range(steps):
            stage = self.pick(any_number).state.value
            match stage:
                case "drawn":
                    trick = slip if slip in TRICKS else ""
                    form = SignatureForm.CADES_DETACHED if trick == "beside" else SignatureForm.PADES
                    self.submit(any_number, honest=not trick, serial="c0", form=form, trick=trick)
                case "submitted" | "returned":
                    right = {flag: flag != slip for flag in ("sender", "counts", "attached", "authorises")}
                    whom = slip if slip in {"number", "name"} else ""
                    self.letter(any_number, road=road, whole=False, whom=whom, **right)
                    if road == "post":
                        self.advance(timedelta(days=5))
                case "under-evaluation" if slip == "certificate":
                    signer = self.truths[self.pick(any_number).application_id].signed_by
                    self.office.certificates[signer].flaw = Flaw.REVOKED
                    self.decide(any_number)
                    self.office.certificates[signer].flaw = None
                case "under-evaluation":
                    self.decide(any_number)
                case "approved-for-test":
                    self.mail_of_test_details(any_number, arrives=True, again=False)
                case "testing":
                    right = {"queried": slip != "query", "own_address": slip != "address", "named": slip != "unnamed"}
                    self.notice(any_number, **right)
                case "live":
                    self.advance(timedelta(days=7))
                    self.confirming_letter(any_number, arrives=True)
                case _:
                    self.advance(timedelta(days=9))
            slip = "" if SLIPS_IN.get(slip) == stage else slip

    def decide(self, any_number: int) -> None:
        if self.desk:
            self.evaluate(any_number, Decision.APPROVE, "")
            self.evaluate(any_number, Decision.RETURN, "letter.form")
        self.advance(timedelta(days=9))

    @rule(length=PACE)
    def advance(self, length: timedelta) -> None:
        """Time passes from due moment to due moment; a letter in the post is judged when it arrives."""
        end = self.office.clock.now() + length
        while (due_at := self.service.next_due()) is not None and due_at <= end:
            self.office.clock.move_to(due_at)
            self.judge_posted(due_at)
            self.service.run_due()
            assert self.service.next_due() is None or self.service.next_due() > due_at
        self.office.clock.move_to(end)
        for number in self.truths:
            assert self.service.history(number)[-1].state is self.service.application(number).state

    def judge_posted(self, now: datetime) -> None:
        """Of the letters to an application that arrive together, the first is the one that counts."""
        placed = set()
        for _, number, named in [letter for letter in self.posted if letter[0] == now]:
            if number not in placed and self.service.application(number).state in {"submitted", "returned"}:
                placed.add(number)
                self.truths[number].letter_right = named == self.truths[number].form.person.identity_number
        self.posted = [letter for letter in self.posted if letter[0] > now]

    @rule()
    def let_everything_settle(self) -> None:
        """Under the rules no application is left lying; at the desk, none that waits for the office to do its part."""
        self.advance(timedelta(days=60))
        assert self.service.next_due() is None
        waiting = {application.state.value for application in self.service.applications(limit=1000)}
        assert not waiting & {"letter-received", "completion-reported"}
        assert self.desk or "under-evaluation" not in waiting

    # What always holds

    @invariant()
    def access_is_for_the_entitled(self) -> None:
        for application in self.service.applications(limit=1000) if hasattr(self, "service") else ():
            truth = self.truths[application.application_id]
            stage = application.state.value
            has_access = stage in {"approved-for-test", "testing", "completion-reported", "live", "confirmed"}
            assert has_access == (truth.approved and not truth.revoked)
            assert (stage == "revoked") == truth.revoked
            if stage in {"completion-reported", "live", "confirmed"}:
                assert truth.noticed

    @invariant()
    def one_application_on_its_way_for_each_tax_number(self) -> None:
        if hasattr(self, "service"):
            going = [
                application.form.vkn
                for application in self.service.applications(limit=1000)
                if application.state.value not in {"refused", "revoked"}
            ]
            assert len(going) == len(set(going))


@pytest.mark.parametrize("desk", [False, True], ids=["rules", "desk"])
@pytest.mark.parametrize("road", ["kep", "wet", "post"])
@pytest.mark.parametrize("slip", SLIPS)
def test_one_slip_on_the_whole_way(slip: str, road: str, *, desk: bool) -> None:
    """Whatever is done wrong once stops the applicant there; after it was put right, the road leads to its end."""
    machine = Machine()
    machine.open(sql=False, desk=desk, steps=16, road=road, slip=slip)
    machine.access_is_for_the_entitled()
    assert machine.service.application(1).state.value == "confirmed"
    machine.teardown()


TestOnboarding = Machine.TestCase
TestOnboarding.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
