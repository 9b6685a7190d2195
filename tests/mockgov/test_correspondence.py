"""What the ministry writes on the onboarding road, and what it makes of what it gets: one world, all services real."""

from datetime import timedelta

import pytest

from mockgov.credentials.messages import ProvisionAccount
from mockgov.credentials.rules import BadCredentials, Environment, IllegalTransition
from mockgov.kep.messages import AdjustKepAccount, DepositLetter, Submission
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.mail.messages import ReceiveMail
from mockgov.ministry import Ministry
from mockgov.onboarding.messages import CorrectContact, DeclareFalse, Evaluate
from mockgov.onboarding.rules import Application, Decision, Delivery
from mockgov.registry.messages import RegisterInstitution
from mockgov.sms.fates import read_fate
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from tests.mockgov.road import DAY, MINISTRY_KEP, SUPPORT, Firm, firm, quick_ministry

SANDBOX = "SANDBOX — hukuki geçerliliği yoktur"
NUMBER = "ETF-2021-000001"


@pytest.fixture
def ministry() -> Ministry:
    return quick_ministry()


def declare_false(of: Firm, statement: str = "Çalışan sayısı gerçeğe aykırı.") -> Application:
    order = DeclareFalse(application_id=of.application_id, statement=statement, officer="denetçi")
    return of.ministry.onboarding.declare_false(order)


def in_the_name_of_the_ministry(by: Firm, to: KepAddress, message_id: str, subject: str = "Yazı") -> Submission:
    """A letter from the ministry's own account, whose password the lab shows; anybody's certificate signs it."""
    ministry = by.ministry
    message = plain_letter(MINISTRY_KEP, [to], subject, "Sahte yazı", (), ministry.world.now(), message_id)
    signed = signed_letter(message, lambda entity: ministry.signature.sign_smime(by.certificate, entity))
    return ministry.kep.deposit(DepositLetter(sender=MINISTRY_KEP, message=signed))


def test_what_is_written_on_the_road(ministry: Ministry) -> None:
    """Four mails, one text message and one letter, each where it belongs and each marked as a sandbox's."""
    applicant = firm(ministry).to_confirmed()
    assert applicant.subjects == [
        f"{NUMBER} sayılı başvurunuz alındı",
        f"{NUMBER}: test ortamı bilgileri",
        f"{NUMBER}: canlı ortam kullanıcı adı",
        f"{NUMBER}: entegrasyonunuz tamamlandı",
    ]
    mails = [ministry.mail.content(one.number) for one in reversed(ministry.mail.outbox())]
    assert all(SANDBOX in mail.text for mail in mails)
    issued = {one.username: ministry.credentials.password(one.username, 0) for one in ministry.credentials.accounts()}
    assert list(issued) == ["CINAR-1-G2G-HES", "CINAR-1-TEST"]
    assert issued["CINAR-1-TEST"] in mails[1].text
    assert "CINAR-1-G2G-HES" in mails[2].text
    assert not any(issued["CINAR-1-G2G-HES"] in mail.text for mail in mails)
    assert applicant.texts == [f"HES canlı ortam parolanız: {issued['CINAR-1-G2G-HES']} Başvuru: {NUMBER} (SANDBOX)"]
    (letter,) = ministry.kep.inbox(applicant.address)
    content = ministry.kep.content(letter.letter.letter_id)
    assert content.subject == f"HES kurumsal entegrasyonunun tamamlanması ({NUMBER})"
    assert [one.name for one in content.attachments] == ["yazi.pdf"]
    assert SANDBOX in content.text


def test_what_those_are_told_who_have_something_to_put_right(ministry: Ministry) -> None:
    """The mail says what and by which rule, in two languages."""
    applicant = firm(ministry)
    applicant.draw()
    applicant.submit()
    applicant.write(authorises=False)
    applicant.wait(7 * DAY)
    assert applicant.state == "returned"
    mail = ministry.mail.content(ministry.mail.outbox()[0].number)
    assert "[letter.authorised; kaynak:" in mail.text
    assert "[letter.authorised; source:" in mail.text


def test_those_who_may_not_integrate_are_told_where_to_go(ministry: Ministry) -> None:
    applicant = firm(ministry, staff_count=499).to_test()
    assert (applicant.state, applicant.subjects[-1]) == ("refused", f"{NUMBER} sayılı başvurunuz reddedildi")
    assert applicant.open_accounts == []


class TestEndOfAccess:
    """What a false declaration takes away, and what may come after."""

    @pytest.mark.parametrize("reached", ["to_test", "to_live", "to_confirmed"])
    def test_all_accounts_are_closed(self, ministry: Ministry, reached: str) -> None:
        applicant = getattr(firm(ministry), reached)()
        assert applicant.open_accounts
        declare_false(applicant)
        assert applicant.open_accounts == []
        assert applicant.subjects[-1] == f"{NUMBER}: erişiminiz iptal edildi"
        applicant.wait(60 * DAY)
        assert (applicant.state, applicant.open_accounts) == ("revoked", [])

    def test_those_of_branches_too(self, ministry: Ministry) -> None:
        """Access belongs to the tax number."""
        applicant = firm(ministry).to_live()
        entry = {"kind": InstitutionKind.WORKPLACE, "name": "Şube", "label": "SUBE", "province": 34, "staff_count": 9}
        head = applicant.institution.institution_id
        branch = ministry.registry.found(RegisterInstitution(**entry, headquarters=head))
        other = firm(ministry, 2).institution.institution_id
        for number, label in ((branch.institution_id, "SUBE"), (other, "CINAR-2")):
            order = ProvisionAccount(institution_id=number, label=label, environment=Environment.LIVE)
            ministry.credentials.provision(order)
        declare_false(applicant)
        still_open = [one.username for one in ministry.credentials.accounts() if one.state == "active"]
        assert still_open == ["CINAR-2-G2G-HES"]

    @pytest.mark.parametrize("statement", ["a\x00b", "yarım \ud800", "{x} % {}", "ş" * 3_000_000])
    def test_whatever_the_statement_says(self, ministry: Ministry, statement: str) -> None:
        """What cannot be mailed ends access all the same."""
        applicant = firm(ministry).to_test()
        declare_false(applicant, statement)
        assert (applicant.state, applicant.open_accounts) == ("revoked", [])
        is_told = applicant.subjects[-1] == f"{NUMBER}: erişiminiz iptal edildi"
        assert is_told or applicant.notes[-1].startswith("A mail could not be written: ")

    def test_a_new_application_begins_at_the_beginning(self, ministry: Ministry) -> None:
        """New names, new passwords, and a new query in the test environment; the old pairs stay shut."""
        applicant = firm(ministry).to_confirmed()
        declare_false(applicant)
        applicant.to_letter()
        applicant.wait(14 * DAY)
        assert applicant.application.number == "ETF-2021-000002"
        assert applicant.open_accounts == ["CINAR-1-2-TEST"]
        applicant.report()
        assert (applicant.state, applicant.subjects[-1]) == (
            "testing",
            "Test entegrasyonu bildiriminiz işleme alınmadı",
        )
        applicant.query()
        applicant.report()
        applicant.wait(4 * DAY)
        assert (applicant.state, applicant.open_accounts) == ("live", ["CINAR-1-2-TEST", "CINAR-1-2-G2G-HES"])
        old = ministry.credentials.password("CINAR-1-G2G-HES", 0)
        with pytest.raises(BadCredentials):
            ministry.credentials.check("CINAR-1-G2G-HES", old, Environment.LIVE)

    def test_late_news_of_a_revoked_application_changes_nothing(self, ministry: Ministry) -> None:
        """Its text message and its confirming letter arrive when a new application is under way."""
        applicant = firm(ministry).to_test()
        applicant.query()
        applicant.report()
        ministry.sms.script(applicant.citizen.phone, read_fate("phone-off"))
        applicant.wait(4 * DAY)
        assert (applicant.state, applicant.application.password) == ("live", Delivery.PENDING)
        declare_false(applicant)
        applicant.to_test()
        ministry.sms.script(applicant.citizen.phone, read_fate("delivered"))
        applicant.wait(30 * DAY)
        assert applicant.state == "testing"
        assert ministry.onboarding.application(1).state == "revoked"
        assert applicant.open_accounts == ["CINAR-1-2-TEST"]


class TestSayingItAgain:
    """Mails and messages that are sent once more."""

    def test_test_details(self, ministry: Ministry) -> None:
        """To the corrected address, with a new password; what came back stays in the history."""
        applicant = firm(ministry).to_test(email=EmailAddress.parse("x+bounce@firma.example"))
        assert (applicant.state, applicant.application.test_details) == ("approved-for-test", Delivery.FAILED)
        corrected = EmailAddress.parse("yetkili@firma.example")
        number = applicant.citizen.identity.digits
        ministry.onboarding.correct_contact(CorrectContact(application_id=1, identity_number=number, email=corrected))
        ministry.onboarding.resend_test_details(1)
        assert applicant.state == "testing"
        (mail,) = ministry.mail.inbox(corrected)
        second = ministry.credentials.password("CINAR-1-TEST", 1)
        assert second in ministry.mail.content(mail.number).text
        assert ministry.credentials.check("CINAR-1-TEST", second, Environment.TEST)

    def test_an_earlier_mail_that_comes_back_late(self, ministry: Ministry) -> None:
        """Only what became of the last one counts."""
        applicant = firm(ministry).to_test(email=EmailAddress.parse("x+deferred@firma.example"))
        assert applicant.application.test_details is Delivery.PENDING
        order = CorrectContact(
            application_id=1,
            identity_number=applicant.citizen.identity.digits,
            email=EmailAddress.parse("yetkili@firma.example"),
        )
        ministry.onboarding.correct_contact(order)
        ministry.onboarding.resend_test_details(1)
        applicant.wait(10 * DAY)
        assert (applicant.state, applicant.application.test_details) == ("testing", Delivery.DELIVERED)

    def test_an_earlier_mail_that_arrives_late(self, ministry: Ministry) -> None:
        """Its password is void: it does not begin the tests."""
        applicant = firm(ministry)
        applicant.to_letter(email=EmailAddress.parse("x+late@firma.example"))
        order = Evaluate(application_id=1, decision=Decision.APPROVE, officer="memur")
        ministry.onboarding.evaluate(order)
        number = applicant.citizen.identity.digits
        nobody = EmailAddress.parse("x+bounce@firma.example")
        ministry.onboarding.correct_contact(CorrectContact(application_id=1, identity_number=number, email=nobody))
        ministry.onboarding.resend_test_details(1)
        applicant.wait(DAY)
        assert (applicant.state, applicant.application.test_details) == ("approved-for-test", Delivery.FAILED)

    def test_an_earlier_text_message_that_expires(self, ministry: Ministry) -> None:
        applicant = firm(ministry).to_test()
        applicant.query()
        applicant.report()
        ministry.sms.script(applicant.citizen.phone, read_fate("phone-off"))
        applicant.wait(4 * DAY)
        (neighbour,) = [firm(ministry, 2).citizen]
        number = applicant.citizen.identity.digits
        order = CorrectContact(application_id=1, identity_number=number, phone=neighbour.phone)
        ministry.onboarding.correct_contact(order)
        ministry.onboarding.resend_password(1)
        assert applicant.application.password is Delivery.DELIVERED
        applicant.wait(5 * DAY)
        assert applicant.application.password is Delivery.DELIVERED
        second = ministry.credentials.password("CINAR-1-G2G-HES", 1)
        assert second in ministry.sms.inbox(neighbour.phone)[0].text
        assert ministry.credentials.check("CINAR-1-G2G-HES", second, Environment.LIVE)

    def test_the_live_user_name(self, ministry: Ministry) -> None:
        """The password stays as it is."""
        applicant = firm(ministry).to_live()
        ministry.onboarding.resend_user_name(1)
        assert applicant.subjects[-2:] == [f"{NUMBER}: canlı ortam kullanıcı adı"] * 2
        first = ministry.credentials.password("CINAR-1-G2G-HES", 0)
        assert ministry.credentials.check("CINAR-1-G2G-HES", first, Environment.LIVE)

    @pytest.mark.parametrize("which", ["resend_user_name", "resend_password"])
    def test_asking_again_does_not_open_what_the_desk_has_closed(self, ministry: Ministry, which: str) -> None:
        """Refused in words; once another account is provisioned it is that one."""
        applicant = firm(ministry).to_live()
        ministry.credentials.revoke("CINAR-1-G2G-HES")
        before = applicant.application
        with pytest.raises(IllegalTransition, match="was closed at the credentials desk"):
            getattr(ministry.onboarding, which)(1)
        assert (applicant.application, applicant.open_accounts) == (before, ["CINAR-1-TEST"])
        head = applicant.institution.institution_id
        order = ProvisionAccount(institution_id=head, label="YENI", environment=Environment.LIVE)
        ministry.credentials.provision(order)
        getattr(ministry.onboarding, which)(1)
        assert applicant.open_accounts == ["CINAR-1-TEST", "YENI-G2G-HES"]

    def test_the_granted_account_and_no_other(self, ministry: Ministry) -> None:
        """A second live account, opened by hand, keeps its password."""
        applicant = firm(ministry).to_live()
        head = applicant.institution.institution_id
        order = ProvisionAccount(institution_id=head, label="AAA", environment=Environment.LIVE)
        other = ministry.credentials.provision(order)
        ministry.onboarding.resend_password(1)
        assert ministry.credentials.check("AAA-G2G-HES", other.password, Environment.LIVE)
        assert ministry.credentials.password("CINAR-1-G2G-HES", 1) in applicant.texts[-1]

    def test_a_confirming_letter_that_got_lost(self, ministry: Ministry) -> None:
        applicant = firm(ministry).to_live()
        ministry.kep.adjust(AdjustKepAccount(address=applicant.address, fate="mailbox-full"))
        applicant.wait(10 * DAY)
        assert applicant.state == "live"
        assert applicant.notes[-1] == "The confirming letter could not be delivered: recipient-over-quota"
        ministry.kep.adjust(AdjustKepAccount(address=applicant.address, fate=""))
        ministry.onboarding.resend_confirmation(1)
        applicant.wait(timedelta(minutes=3))
        assert applicant.state == "confirmed"


class TestLetters:
    """Registered letters that come, and the ministry's own."""

    def test_one_that_fits_nowhere_is_answered(self, ministry: Ministry) -> None:
        applicant = firm(ministry)
        sent = applicant.deposit("Sayın yetkili, ETF-2021-000042 sayılı başvurumuz hakkında.")
        applicant.wait(timedelta(minutes=10))
        (answer,) = ministry.kep.inbox(applicant.address)
        content = ministry.kep.content(answer.letter.letter_id)
        assert content.subject == "Resmî yazınız bir başvuruyla eşleşmedi"
        assert f"{sent.letter.letter_id} sayılı yazınız" in content.text
        assert "letter.number" in content.text

    def test_one_on_paper_is_not(self, ministry: Ministry) -> None:
        applicant = firm(ministry)
        applicant.draw(kep_address=None)
        applicant.post()
        applicant.wait(10 * DAY)
        assert applicant.state == "drawn"
        assert ministry.kep.letters() == []

    def test_what_the_ministry_writes_to_itself_is_not_answered(self, ministry: Ministry) -> None:
        """Else it would answer its own answers for ever."""
        applicant = firm(ministry)
        assert in_the_name_of_the_ministry(applicant, MINISTRY_KEP, "1@x").accepted
        applicant.wait(DAY)
        assert len(ministry.kep.letters()) == 1

    @pytest.mark.parametrize("name", ["etf-2021-000099.confirmation@x", f"{NUMBER}.confirmation@x", NUMBER, "1@x"])
    @pytest.mark.parametrize("reached", ["draw", "to_test", "to_live"])
    def test_a_letter_in_the_ministrys_name_confirms_nothing(self, ministry: Ministry, reached: str, name: str) -> None:
        """Whatever it names, and wherever it goes: the world goes on."""
        applicant = firm(ministry)
        getattr(applicant, reached)()
        state = applicant.state
        nobody = KepAddress.parse("kimse@hs02.kep.tr")
        for to in (applicant.address, firm(ministry, 2).address, nobody):
            in_the_name_of_the_ministry(applicant, to, name, subject=f"{NUMBER} ETF-2021-000099")
        applicant.wait(timedelta(hours=1))
        assert applicant.state == state

    def test_nor_after_the_real_one_was_lost(self, ministry: Ministry) -> None:
        applicant = firm(ministry).to_live()
        ministry.kep.adjust(AdjustKepAccount(address=applicant.address, fate="mailbox-full"))
        applicant.wait(10 * DAY)
        ministry.kep.adjust(AdjustKepAccount(address=applicant.address, fate=""))
        in_the_name_of_the_ministry(applicant, applicant.address, f"{NUMBER.lower()}.confirmation@hs01.kep.tr")
        applicant.wait(DAY)
        assert applicant.state == "live"

    def test_an_institution_that_takes_packages_only(self, ministry: Ministry) -> None:
        """It sends the confirming letter back; the history says so."""
        applicant = firm(ministry).to_live()
        ministry.kep.adjust(AdjustKepAccount(address=applicant.address, wants_packages=True))
        applicant.wait(10 * DAY)
        assert applicant.state == "live"
        assert applicant.notes[-1] == "The confirming letter could not be delivered: not-a-package"

    def test_a_closed_mailbox_stops_nobody(self, ministry: Ministry) -> None:
        """Without its own registered address the ministry confirms nothing, and answers nothing; all else goes on."""
        applicant, other = firm(ministry).to_live(), firm(ministry, 2)
        other.deposit("Bir yazı")
        ministry.kep.close_account(MINISTRY_KEP)
        applicant.wait(10 * DAY)
        assert (applicant.state, applicant.notes[-1]) == (
            "live",
            "The confirming letter could not be delivered: the ministry's own mailbox is closed",
        )

    def test_a_closed_mailbox_with_an_answer_owed(self, ministry: Ministry) -> None:
        """It closes between a letter's arrival by post and the answer: nothing is owed, nothing breaks."""
        applicant = firm(ministry)
        applicant.deposit("Bir yazı")
        ministry.kep.adjust(AdjustKepAccount(address=MINISTRY_KEP, credit=0))
        applicant.wait(DAY)
        assert ministry.kep.inbox(applicant.address) == []

    def test_a_mailbox_that_nobody_opens(self, ministry: Ministry) -> None:
        """The letter lies there unread, and its application waits."""
        ministry.kep.adjust(AdjustKepAccount(address=MINISTRY_KEP, fate="never-downloads"))
        applicant = firm(ministry).to_letter()
        applicant.wait(30 * DAY)
        assert applicant.state == "submitted"
        ministry.kep.adjust(AdjustKepAccount(address=MINISTRY_KEP, fate=""))
        applicant.write()
        applicant.wait(timedelta(minutes=5))
        assert applicant.state == "letter-received"

    def test_many_at_one_moment(self, ministry: Ministry) -> None:
        """However many letters arrive at once, each is opened and answered once."""
        applicant = firm(ministry)
        for _ in range(130):
            applicant.deposit("Bir yazı")
        applicant.wait(timedelta(minutes=10))
        subjects = [one.letter.subject for one in ministry.kep.inbox(applicant.address, limit=1000)]
        assert subjects == ["Resmî yazınız bir başvuruyla eşleşmedi"] * 130


class TestNotices:
    """Mail that comes to the support desk."""

    @pytest.mark.parametrize("head", ["Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n"])
    def test_machines_are_not_answered(self, ministry: Ministry, head: str) -> None:
        """An auto-reply that quotes the application number is no completion notice."""
        applicant = firm(ministry).to_test()
        applicant.query()
        applicant.report(head=head)
        assert (applicant.state, len(applicant.subjects)) == ("testing", 2)

    @pytest.mark.parametrize("to", ["", "hesdestek+hes-late@saglik.gov.tr"])
    def test_whom_no_answer_can_reach(self, ministry: Ministry, to: str) -> None:
        """A sender whose label scripts nothing stays unanswered; the mail is taken, and the world goes on."""
        applicant = firm(ministry).to_test()
        applicant.report("Bitti.", sender=EmailAddress.parse("x+hes-nothing@firma.example"), to=to)
        applicant.wait(DAY)
        assert applicant.state == "testing"
        assert len(ministry.mail.inbox(SUPPORT)) == 1

    def test_a_notice_in_the_desks_own_name_ends(self, ministry: Ministry) -> None:
        """Its answer goes into the desk's own inbox, and is not answered again."""
        applicant = firm(ministry).to_test()
        applicant.report("Bitti.", sender=SUPPORT)
        applicant.wait(DAY)
        assert len(ministry.mail.outbox(SUPPORT)) == 1

    def test_mail_between_others_is_none_of_the_desks_business(self, ministry: Ministry) -> None:
        applicant = firm(ministry).to_test()
        applicant.query()
        message = f"Subject: Test\r\n\r\n{NUMBER} testlerimiz bitti.\r\n".encode()
        friend = EmailAddress.parse("arkadas@baska.example")
        ministry.mail.receive(ReceiveMail(sender=applicant.email, recipients=(friend,), message=message))
        assert (applicant.state, len(applicant.subjects)) == ("testing", 2)
