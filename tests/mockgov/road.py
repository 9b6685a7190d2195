"""The whole onboarding road inside one ministry: real signatures, letters, mail and text messages; no sockets."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from mockgov.codes.messages import IssueCode
from mockgov.credentials.rules import AccountState, Environment
from mockgov.database import Database
from mockgov.kep.content import Attachment
from mockgov.kep.messages import DepositLetter, OpenKepAccount, Submission
from mockgov.kep.writing import plain_letter, signed_letter
from mockgov.mail.messages import ReceiveMail
from mockgov.ministry import Ministry
from mockgov.onboarding.letters import authorisation_letter, plain
from mockgov.onboarding.messages import DrawForm, PostLetter, SubmitForm
from mockgov.onboarding.rules import AccessForm, Application, AuthorisedPerson
from mockgov.queries.messages import Query
from mockgov.registry.messages import RegisterCitizen, RegisterInstitution
from mockgov.registry.rules import Citizen, Institution
from mockgov.settings import Settings
from mockgov.signature.messages import IssueCertificate
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.person import Sex
from mockgov.world import make_world

QUICK = {"argon2_memory_kib": 8, "argon2_passes": 1}
"""Settings with which passwords cost nothing."""
MINISTRY_KEP = KepAddress(account="sb", provider="hs01")
SUPPORT = EmailAddress.parse("hesdestek@saglik.gov.tr")
DAY = timedelta(days=1)


def quick_ministry(database: Database | None = None, **settings: Any) -> Ministry:
    """An empty world's ministry at its usual Monday morning."""
    return Ministry(make_world(settings=Settings(**QUICK | settings), database=database))


@dataclass
class Firm:
    """An institution with an authorised person and a registered address, on its way."""

    ministry: Ministry
    institution: Institution
    citizen: Citizen
    address: KepAddress
    certificate: str
    application_id: int = 0
    changes: dict[str, Any] = field(default_factory=dict)
    """What the form says otherwise than usual."""

    @property
    def email(self) -> EmailAddress:
        return self.changes.get("email") or EmailAddress.parse(
            f"yetkili{self.institution.institution_id}@firma.example"
        )

    @property
    def application(self) -> Application:
        return self.ministry.onboarding.application(self.application_id)

    @property
    def state(self) -> str:
        return self.application.state.value

    @property
    def rules(self) -> list[str]:
        return [finding.rule for finding in self.application.findings]

    def form(self, **changes: Any) -> AccessForm:
        person = AuthorisedPerson(
            identity_number=self.citizen.identity.digits,
            firstname=self.citizen.firstname,
            lastname=self.citizen.lastname,
            title="Bilgi İşlem Müdürü",
            email=self.email,
            phone=self.citizen.phone,
        )
        others = {name: value for name, value in self.changes.items() if name != "email"}
        return replace(
            AccessForm(
                vkn=self.institution.vkn,
                institution_name=self.institution.name,
                kind=self.institution.kind,
                province=self.institution.province,
                declared_staff=self.institution.staff_count,
                kep_address=self.address,
                person=person,
                purpose="Çalışanların günlük sorgusu",
            ),
            **others | changes,
        )

    def draw(self, **changes: Any) -> Application:
        self.changes |= changes
        drawn = self.ministry.onboarding.draw(DrawForm(form=self.form()))
        self.application_id = drawn.application_id
        return drawn

    def submit(self, serial: str = "") -> Application:
        signed = self.ministry.signature.sign_pades(
            serial or self.certificate, self.ministry.onboarding.form_pdf(self.application_id)
        )
        return self.ministry.onboarding.submit(SubmitForm(application_id=self.application_id, signed=signed))

    def letter_text(self, **changes: Any) -> str:
        return plain(
            authorisation_letter(
                self.application.form,
                application_number=self.application.number,
                letter_number="E-1",
                at=self.ministry.world.now(),
                signatory="GENEL MÜDÜR",
                **changes,
            )
        )

    def deposit(
        self,
        text: str,
        files: Sequence[Attachment] = (),
        *,
        sender: KepAddress | None = None,
        to: KepAddress = MINISTRY_KEP,
        subject: str = "Başvuru",
    ) -> Submission:
        """Send a registered letter that is signed with the person's certificate."""
        sender = sender or self.address
        now = self.ministry.world.now()
        message = plain_letter(sender, [to], subject, text, files, now, f"{now.timestamp()}@x.kep.tr")
        signed = signed_letter(message, lambda entity: self.ministry.signature.sign_smime(self.certificate, entity))
        return self.ministry.kep.deposit(DepositLetter(sender=sender, message=signed))

    def write(self, **changes: Any) -> Submission:
        """Step 2 by registered mail; the ministry has it a few minutes later."""
        form = self.ministry.onboarding.signed_form(self.application_id)
        assert form is not None
        enclosed = Attachment(name="form.pdf", content_type="application/pdf", data=form)
        return self.deposit(self.letter_text(**changes), [enclosed])

    def post(self) -> None:
        """Step 2 on paper."""
        self.ministry.onboarding.post_letter(PostLetter(sender="Firma", reference="1", text=self.letter_text()))

    def query(self) -> None:
        """Ask something in the test environment."""
        account = next(one for one in self.accounts(Environment.TEST) if one.state is AccountState.ACTIVE)
        order = IssueCode(citizen_id=self.citizen.citizen_id, expires_at=self.ministry.world.now() + DAY)
        code = self.ministry.codes.issue_many([order])[0].text
        self.ministry.queries.answer([Query(account.username, "single", code)])

    def report(self, text: str = "", *, sender: EmailAddress | None = None, head: str = "", to: str = "") -> None:
        """Step 5."""
        text = text or f"{self.application.number} testlerimiz bitti."
        message = f"Subject: Test\r\n{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
        recipient = EmailAddress.parse(to) if to else SUPPORT
        order = ReceiveMail(sender=sender or self.application.email, recipients=(recipient,), message=message)
        self.ministry.mail.receive(order)

    def accounts(self, environment: Environment) -> list[Any]:
        known = self.ministry.credentials.accounts()
        mine = self.institution.institution_id
        return [one for one in known if (one.institution_id, one.environment) == (mine, environment)]

    @property
    def open_accounts(self) -> list[str]:
        """User names that open something now."""
        return [one.username for env in Environment for one in self.accounts(env) if one.state is AccountState.ACTIVE]

    @property
    def notes(self) -> list[str]:
        return [entry.note for entry in self.ministry.onboarding.history(self.application_id)]

    @property
    def subjects(self) -> list[str]:
        """What the ministry has mailed to the person, oldest first."""
        return [one.subject for one in reversed(self.ministry.mail.outbox(self.email))]

    @property
    def texts(self) -> list[str]:
        """What the person's phone has got, oldest first."""
        assert self.citizen.phone is not None
        return [one.text for one in reversed(self.ministry.sms.inbox(self.citizen.phone))]

    def to_letter(self, **changes: Any) -> "Firm":
        self.draw(**changes)
        self.submit()
        self.write()
        self.wait(timedelta(minutes=5))
        return self

    def to_test(self, **changes: Any) -> "Firm":
        self.to_letter(**changes)
        self.wait(7 * DAY)
        return self

    def to_live(self, **changes: Any) -> "Firm":
        self.to_test(**changes)
        self.query()
        self.report()
        self.wait(4 * DAY)
        return self

    def to_confirmed(self, **changes: Any) -> "Firm":
        self.to_live(**changes)
        self.wait(8 * DAY)
        return self

    def wait(self, length: timedelta) -> None:
        self.ministry.advance(self.ministry.world.now() + length)


def firm(ministry: Ministry, nth: int = 1, **institution: Any) -> Firm:
    """An institution that may integrate, not drawn yet."""
    entry: dict[str, Any] = {
        "kind": InstitutionKind.WORKPLACE,
        "name": f"Çınar {nth} A.Ş.",
        "label": f"CINAR-{nth}",
        "province": 6,
        "staff_count": 640,
    }
    founded = ministry.registry.found(RegisterInstitution(**entry | institution))
    person = RegisterCitizen(firstname="Şükrü", lastname="Işık", sex=Sex.MALE, birth_date=date(1980, 1, 2), province=6)
    (citizen,) = ministry.registry.register([person])
    account = OpenKepAccount(
        institution_id=founded.institution_id, name=founded.name, account=f"cinar{nth}", provider="hs02"
    )
    address = ministry.kep.open_account(account).address
    order = IssueCertificate(
        identity_number=citizen.identity.digits, firstname=citizen.firstname, lastname=citizen.lastname
    )
    return Firm(ministry, founded, citizen, address, ministry.signature.issue(order).serial)
