"""An institution on its way: an application, a registered letter, a mail, a certificate, accounts."""

from functools import cached_property

from mockgov.callbacks.messages import Subscribe
from mockgov.callbacks.rules import Delivery, Kind, Subscription
from mockgov.counters.application.access import follow_up_key
from mockgov.kep.messages import DepositLetter, OpenKepAccount
from mockgov.mail.messages import SendMail
from mockgov.mail.rules import Attachment
from mockgov.onboarding.messages import DrawForm
from mockgov.onboarding.rules import AccessForm, Application, AuthorisedPerson
from mockgov.registry.messages import RegisterInstitution
from mockgov.registry.rules import Institution
from mockgov.signature.messages import IssueCertificate
from mockgov.sms.messages import OpenSmsAccount
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from tests.mockgov.counters.town import Town, basic

KEP = "yeni@hs02.kep.tr"
MAILBOX = EmailAddress.parse("ayse@yeni.example")


class Joined:
    """What a route may be about, each made when it is first asked for."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.ministry = town.ministry

    @cached_property
    def institution(self) -> Institution:
        order = RegisterInstitution(
            kind=InstitutionKind.WORKPLACE, name="Yeni A.Ş.", label="YENİ", province=26, staff_count=640
        )
        return self.ministry.registry.found(order)

    @cached_property
    def form(self) -> AccessForm:
        mother = self.town.mother
        return AccessForm(
            vkn=self.institution.vkn,
            institution_name=self.institution.name,
            kind=self.institution.kind,
            province=26,
            declared_staff=640,
            kep_address=KepAddress.parse(KEP),
            person=AuthorisedPerson(
                identity_number=mother.identity.digits,
                firstname=mother.firstname,
                lastname=mother.lastname,
                title="Müdür",
                email=MAILBOX,
                phone=mother.phone,
            ),
            purpose="Kapıda sorgu",
        )

    @cached_property
    def application(self) -> Application:
        return self.ministry.onboarding.draw(DrawForm(form=self.form))

    @property
    def key(self) -> str:
        return follow_up_key(self.ministry, self.application)

    @cached_property
    def kep_password(self) -> str:
        order = OpenKepAccount(institution_id=None, name="Yeni A.Ş.", account="yeni", provider="hs02")
        return self.ministry.kep.open_account(order).password

    @cached_property
    def kep_token(self) -> str:
        body = {"address": KEP, "password": self.kep_password}
        return str(self.town.client.post("/kep/api/sessions", json=body).json()["token"])

    @cached_property
    def letter_id(self) -> int:
        assert self.kep_password
        order = DepositLetter(sender=KepAddress.parse(KEP), message=f"From: {KEP}\r\nTo: {KEP}\r\n\r\nx\r\n".encode())
        return self.ministry.kep.deposit(order).letter.letter_id

    @cached_property
    def mail_number(self) -> int:
        files = (Attachment(name="x.pdf", content_type="application/pdf", data=b"%PDF-"),)
        return self.ministry.mail.send(SendMail(to=MAILBOX, subject="x", text="x", attachments=files)).number

    @cached_property
    def serial(self) -> str:
        mother = self.town.mother
        order = IssueCertificate(
            identity_number=mother.identity.digits, firstname=mother.firstname, lastname=mother.lastname
        )
        return self.ministry.signature.issue(order).serial

    @cached_property
    def callback(self) -> Subscription:
        """One whose address nobody listens at."""
        kinds = frozenset({Kind.ONBOARDING_STEP})
        return self.ministry.callbacks.subscribe(Subscribe(url="http://127.0.0.1:9/", kinds=kinds, institution_id=1))

    @cached_property
    def delivery(self) -> Delivery:
        return self.ministry.callbacks.ping(self.callback.number)

    @cached_property
    def sms_account(self) -> str:
        """The header that opens the gateway's account."""
        account = self.ministry.sms.open_account(OpenSmsAccount(label="YENI", senders=("YENI",)))
        return basic(account.system_id, self.ministry.sms.password(account.system_id))


def body_of(form: AccessForm) -> dict[str, object]:
    """The form as the counter's JSON has it."""
    person = form.person
    return {
        "vkn": form.vkn.digits,
        "institution_name": form.institution_name,
        "kind": form.kind.value,
        "province": form.province,
        "declared_staff": form.declared_staff,
        "branches": [],
        "parent": "",
        "kep_address": KEP,
        "person": {
            "identity_number": person.identity_number,
            "firstname": person.firstname,
            "lastname": person.lastname,
            "title": person.title,
            "email": person.email.address,
            "phone": person.phone.e164,
        },
        "purpose": form.purpose,
    }
