"""Step 2: official letters by both roads, what they must say and bear, and those that fit nowhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.onboarding import letters
from mockgov.onboarding.messages import LetterNotPlaced, LetterReceived, ReceiveLetter
from mockgov.onboarding.rules import Application, LetterChannel, SignatureForm, State
from mockgov.onboarding.service import Onboarding
from mockgov.vocabulary.signed import Flaw, Verdict
from tests.mockgov.onboarding.office import (
    AYSE,
    BRANCH_FIRM,
    KEP,
    MONDAY,
    OTHER_KEP,
    POLICY,
    STRANGER,
    SUKRU,
    Office,
    person,
)

COMMERCIAL = {"vkn": BRANCH_FIRM, "institution_name": "ÇINAR DEPO LTD."}


@pytest.fixture
def office() -> Office:
    return Office()


def rules_of(application: Application | None) -> list[str]:
    assert application is not None
    assert application.letter is not None
    return [finding.rule for finding in application.letter.findings]


class TestByKep:
    def test_a_good_letter(self, office: Office) -> None:
        application = office.submitted()
        taken = office.service.receive_letter(office.kep(application))
        assert taken is not None
        assert taken.letter is not None
        assert (taken.letter.channel, taken.letter.sender, taken.letter.reference, taken.letter.received_at) == (
            LetterChannel.KEP,
            KEP.address,
            "KEP-1",
            MONDAY,
        )
        assert rules_of(taken) == []
        assert [event.number for event in office.happened(LetterReceived)] == ["ETF-2021-000001"]

    @pytest.mark.parametrize(
        ("flaw", "rules"),
        [
            ({"sender": OTHER_KEP.address}, ["letter.sender"]),
            ({"signature": Verdict.missing()}, ["letter.signature"]),
            ({"signature": Verdict(flaw=Flaw.REVOKED)}, ["letter.signature"]),
            ({"attachments": ()}, ["letter.form"]),
            ({"attachments": (("form.pdf", b"%PDF something else"),)}, ["letter.form"]),
        ],
    )
    def test_what_comes_with_the_letter(self, office: Office, flaw: dict[str, object], rules: list[str]) -> None:
        application = office.submitted()
        assert rules_of(office.service.receive_letter(office.kep(application, **flaw))) == rules

    def test_case_of_the_address_does_not_matter(self, office: Office) -> None:
        application = office.submitted()
        letter = office.kep(application, sender=" CINARLOJISTIK@HS01.KEP.TR ")
        assert rules_of(office.service.receive_letter(letter)) == []

    def test_a_form_without_an_address_cannot_come_by_kep(self, office: Office) -> None:
        application = office.submitted(kep_address=None)
        assert rules_of(office.service.receive_letter(office.kep(application))) == ["letter.sender"]

    @pytest.mark.parametrize("place", [0, 100, -1])
    def test_the_attached_form_is_the_submitted_one_byte_by_byte(self, office: Office, place: int) -> None:
        application = office.submitted()
        signed = bytearray(office.service.signed_form(1) or b"")
        signed[place] ^= 1
        letter = office.kep(application, attachments=(("form.pdf", bytes(signed)),))
        assert rules_of(office.service.receive_letter(letter)) == ["letter.form"]

    def test_a_detached_signature_comes_with_its_form(self, office: Office) -> None:
        """A signature beside nothing is no signed form."""
        application = office.draw()
        signed = office.submit(application, form=SignatureForm.CADES_DETACHED)
        alone = office.kep(application, attachments=(("form.p7s", signed),))
        assert rules_of(office.service.receive_letter(alone)) == ["letter.form"]
        office.pass_time(timedelta(days=7))
        both = office.kep(application, attachments=(("a.p7s", signed), ("a.pdf", office.service.form_pdf(1))))
        assert rules_of(office.service.receive_letter(both)) == []

    @pytest.mark.parametrize("form", [SignatureForm.PADES, SignatureForm.CADES_ENVELOPING])
    def test_a_signature_that_holds_its_form_comes_alone(self, office: Office, form: SignatureForm) -> None:
        application = office.draw()
        signed = office.submit(application, form=form)
        letter = office.kep(application, attachments=(("form", signed),))
        assert rules_of(office.service.receive_letter(letter)) == []


class TestWords:
    """What the letter must say, on either road."""

    def said(self, office: Office, text: str, channel: LetterChannel) -> list[str]:
        application = office.submitted()
        return rules_of(office.service.receive_letter(office.kep(application, channel=channel, text=text)))

    @pytest.mark.parametrize("channel", list(LetterChannel))
    @pytest.mark.parametrize(
        ("text", "rules"),
        [
            (f"ETF-2021-000001: {AYSE} ayşe yıldız yetkilidir", []),
            (f"ETF-2021-000001: {AYSE} Ayşe Yıldız", ["letter.authorised"]),
            (f"ETF-2021-000001: {AYSE} Ayşe Yıldız yetkili değildir", ["letter.authorised"]),
            (f"ETF-2021-000001: {AYSE} Ayşe Yıldırım yetkilidir", ["letter.person-name"]),
            (f"ETF-2021-000001: {AYSE} AYSE YILDIZ yetkilidir", ["letter.person-name"]),
            (f"ETF-2021-000001: {SUKRU} Ayşe Yıldız yetkilidir", ["letter.person-number"]),
            ("ETF-2021-000001: Ayşe Yıldız yetkilidir", ["letter.person-number"]),
            (
                f"ETF-2021-000001: {SUKRU} Şükrü Can Işık yetkilidir",
                ["letter.person-number", "letter.person-name"],
            ),
            ("ETF-2021-000001", ["letter.person-number", "letter.person-name", "letter.authorised"]),
        ],
    )
    def test_number_name_and_authority(
        self, office: Office, text: str, rules: list[str], channel: LetterChannel
    ) -> None:
        assert self.said(office, text, channel) == rules

    def test_a_letter_that_is_a_pdf(self, office: Office) -> None:
        """The mail says nothing; the official letter is attached to it."""
        application = office.submitted()
        letter = letters.pdf(office.letter(application))
        signed = office.service.signed_form(1) or b""
        order = office.kep(application, text="Ekte.", attachments=(("yazi.pdf", letter), ("form.pdf", signed)))
        assert rules_of(office.service.receive_letter(order)) == []

    def test_the_forms_own_words_are_not_the_letters(self, office: Office) -> None:
        """The attached form names the person and a beyan; the letter has to do so itself."""
        application = office.submitted()
        taken = office.service.receive_letter(office.kep(application, text="Form ektedir, yetkilidir."))
        assert rules_of(taken) == ["letter.person-number", "letter.person-name"]


class TestWhichApplication:
    def test_by_enclosure_or_sender_if_it_names_none(self, office: Office) -> None:
        """By KEP the letter need not name the number: the form or the sender tells."""
        application = office.submitted()
        text = f"{AYSE} Ayşe Yıldız yetkilidir"
        taken = office.service.receive_letter(office.kep(application, text=text, sender=OTHER_KEP.address))
        assert rules_of(taken) == ["letter.sender"]
        office.pass_time(timedelta(days=7))
        taken = office.service.receive_letter(office.kep(application, text=text, attachments=()))
        assert rules_of(taken) == ["letter.form"]

    def test_of_a_senders_applications_the_one_that_waits(self, office: Office) -> None:
        office.approved(declared_staff=10)
        waiting = office.submitted()
        letter = office.kep(waiting, text="yetkilidir", attachments=())
        assert (office.service.receive_letter(letter) or waiting).application_id == 2
        assert office.again(waiting).state is State.UNDER_EVALUATION

    def test_the_number_it_names_comes_before_its_enclosure(self, office: Office) -> None:
        office.submitted()
        other = office.submitted(**COMMERCIAL)
        first = office.kep(office.service.application(1))
        taken = office.service.receive_letter(replace(first, text=first.text.replace("000001", "000002")))
        assert taken is not None
        assert taken.application_id == other.application_id
        assert rules_of(taken) == ["letter.form"]

    @pytest.mark.parametrize("named", ["", "ETF-2021-000009", "ETF-2020-000001"])
    def test_a_letter_that_names_none_and_bears_none(self, office: Office, named: str) -> None:
        """It is answered, changes nothing, and is no error."""
        before = office.submitted()
        letter = office.kep(before, text=named, attachments=(), sender=OTHER_KEP.address)
        assert office.service.receive_letter(letter) is None
        (event,) = office.happened(LetterNotPlaced)
        assert (event.application_id, event.reference, event.sender) == (None, "KEP-1", OTHER_KEP.address)
        assert [finding.rule for finding in event.findings] == ["letter.number"]
        assert office.again(before) == before

    @pytest.mark.parametrize(
        "road", [Office.draw, Office.lettered, Office.approved, Office.testing, Office.reported, Office.live]
    )
    def test_a_letter_that_nobody_awaits(self, office: Office, road: object) -> None:
        before = road(office)
        assert office.service.receive_letter(office.kep(before)) is None
        (event,) = office.happened(LetterNotPlaced)
        assert [finding.rule for finding in event.findings] == ["letter.not-awaited"]
        assert event.application_id == 1
        assert office.again(before) == before


class TestByPost:
    def test_three_working_days(self, office: Office) -> None:
        """Posted on Monday, it is there on Thursday when the office opens."""
        application = office.submitted()
        posted = office.service.post_letter(office.wet(application))
        assert posted.arrives_at == datetime(2021, 10, 7, 5, 30, tzinfo=UTC)
        assert office.service.next_due() == posted.arrives_at
        office.pass_time(timedelta(days=3) - timedelta(minutes=31))
        assert office.again(application).state is State.SUBMITTED
        office.pass_time(timedelta(minutes=1))
        arrived = office.again(application)
        assert arrived.state is State.UNDER_EVALUATION
        assert arrived.letter is not None
        assert (arrived.letter.channel, arrived.letter.received_at) == (LetterChannel.WET, posted.arrives_at)
        assert rules_of(arrived) == []

    def test_over_a_week_end(self) -> None:
        """Posted on Friday evening, it arrives on Wednesday."""
        office = Office(start=datetime(2021, 10, 8, 16, tzinfo=UTC))
        posted = office.service.post_letter(office.wet(office.submitted()))
        assert posted.arrives_at == datetime(2021, 10, 13, 5, 30, tzinfo=UTC)

    def test_paper_needs_neither_address_nor_signature_nor_enclosure(self, office: Office) -> None:
        application = office.submitted(kep_address=None)
        office.service.post_letter(office.wet(application))
        office.pass_time(timedelta(days=14))
        assert office.again(application).state is State.APPROVED_FOR_TEST

    def test_paper_must_name_the_application(self, office: Office) -> None:
        application = office.submitted()
        office.service.post_letter(office.wet(application, text=f"{AYSE} Ayşe Yıldız yetkilidir"))
        office.pass_time(timedelta(days=7))
        (event,) = office.happened(LetterNotPlaced)
        assert (event.channel, event.reference) == (LetterChannel.WET, "RR-1")
        assert [finding.rule for finding in event.findings] == ["letter.number"]
        assert office.again(application) == application

    def test_a_scan_is_read(self, office: Office) -> None:
        application = office.submitted()
        scan = letters.pdf(office.letter(application))
        office.service.post_letter(office.wet(application, text="", attachments=(("tarama.pdf", scan),)))
        office.pass_time(timedelta(days=4))
        assert rules_of(office.again(application)) == []

    def test_a_letter_that_overtakes_the_form(self, office: Office) -> None:
        """What counts is where the application stands when the letter arrives."""
        application = office.draw()
        office.service.post_letter(office.wet(application))
        office.pass_time(timedelta(days=1))
        office.submit(application)
        office.pass_time(timedelta(days=3))
        assert rules_of(office.again(application)) == []

    def test_two_letters_at_once_are_taken_in_the_order_of_posting(self, office: Office) -> None:
        first, second = office.submitted(), office.submitted(**COMMERCIAL)
        for application in (second, first):
            office.service.post_letter(office.wet(application))
        office.pass_time(timedelta(days=4))
        assert [event.application_id for event in office.happened(LetterReceived)] == [2, 1]

    def test_numbers_of_nobody_are_not_kept_in_the_post(self, office: Office) -> None:
        application = office.submitted()
        posted = office.service.post_letter(office.wet(application, text=f"ETF-2021-000001 {STRANGER} {AYSE} \ud800"))
        assert posted.text == f"ETF-2021-000001 *********** {AYSE} ?"

    def test_no_days_at_all_in_the_post(self) -> None:
        """In office hours a letter is there at once, and the command itself takes it in."""
        office = Office(policy=replace(POLICY, wet_letter_days=0))
        application = office.submitted()
        office.service.post_letter(office.wet(application))
        assert office.again(application).state is State.UNDER_EVALUATION


def test_strange_texts_are_kept_as_they_can_be(office: Office) -> None:
    order: ReceiveLetter = office.kep(office.submitted(), reference="\ud800")
    taken = office.service.receive_letter(order)
    assert taken is not None
    assert taken.letter is not None
    assert taken.letter.reference == "?"
    assert isinstance(office.service, Onboarding)


def test_the_person_named_is_the_forms_whoever_signs_the_letter(office: Office) -> None:
    """The letter's own signature may be anybody's of the institution."""
    application = office.submitted(person=person())
    order = office.kep(application, signature=Verdict(flaw=None, identity_number=SUKRU))
    assert rules_of(office.service.receive_letter(order)) == []
