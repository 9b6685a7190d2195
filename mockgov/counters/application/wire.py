"""What stands on the wire of the application counter: the form as JSON, and how an application is shown."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from typing_extensions import TypedDict  # pydantic cannot read typing's own before Python 3.12

from mockgov.counters.application.contact import Part
from mockgov.counters.application.form import MOST_BRANCHES
from mockgov.counters.application.road import NAMES, onward
from mockgov.counters.body import Strict
from mockgov.counters.reading import wire_moment
from mockgov.onboarding.drawing import MOST_STAFF, NAME_LENGTH, PURPOSE_LENGTH
from mockgov.onboarding.rules import AccessForm, Application, AuthorisedPerson, Branch, Delivery, Entry, Finding
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.kep_address import KepAddress
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.vkn import Vkn
from mockgov.vocabulary.ykn import parse_identity

LETTER_LENGTH = 8_000
"""Characters in a letter on paper (chosen here)."""
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _like(parse: Callable[[str], object]) -> AfterValidator:
    """A text that a word of the vocabulary can be read from."""

    def checked(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(checked)


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH, pattern=PRINTABLE, strict=True)
]
Word = Annotated[str, StringConstraints(max_length=NAME_LENGTH, strict=True)]
Staff = Annotated[int, Field(strict=True, ge=0, le=MOST_STAFF)]
VknText = Annotated[Word, _like(Vkn.parse)]
EmailText = Annotated[Word, _like(EmailAddress.parse), Field(examples=["yetkili@kurum.example"])]
PhoneText = Annotated[Word, _like(Phone.parse), Field(examples=["+905990000000"])]
IdentityText = Annotated[Word, _like(parse_identity)]
KepText = Annotated[Word, _like(KepAddress.parse), Field(examples=["kurum@hs01.kep.tr"])]


class BranchBody(Strict):
    """A place of work; those under the institution's tax number are counted with it."""

    name: Text
    vkn: VknText
    staff: Staff


class PersonBody(Strict):
    """The authorised person, who signs the form and to whom credentials go."""

    identity_number: IdentityText
    firstname: Text
    lastname: Text
    title: Text
    email: EmailText
    phone: PhoneText


class ApplicationBody(Strict):
    """The *Erişim Talep Formu*."""

    vkn: VknText
    institution_name: Text
    kind: InstitutionKind
    province: Annotated[int, Field(strict=True, ge=1, le=81)]
    declared_staff: Staff
    branches: list[BranchBody] = Field([], max_length=MOST_BRANCHES)
    parent: Annotated[str, StringConstraints(max_length=NAME_LENGTH, pattern=PRINTABLE, strict=True)] = ""
    kep_address: KepText | None = None
    person: PersonBody
    purpose: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=PURPOSE_LENGTH, pattern=PRINTABLE, strict=True
        ),
    ]

    def form(self) -> AccessForm:
        """The form that it means."""
        person = self.person
        return AccessForm(
            vkn=Vkn.parse(self.vkn),
            institution_name=self.institution_name,
            kind=self.kind,
            province=self.province,
            declared_staff=self.declared_staff,
            branches=tuple(Branch(name=one.name, vkn=Vkn.parse(one.vkn), staff=one.staff) for one in self.branches),
            parent=self.parent,
            kep_address=None if self.kep_address is None else KepAddress.parse(self.kep_address),
            person=AuthorisedPerson(
                identity_number=parse_identity(person.identity_number).digits,
                firstname=person.firstname,
                lastname=person.lastname,
                title=person.title,
                email=EmailAddress.parse(person.email),
                phone=Phone.parse(person.phone),
            ),
            purpose=self.purpose,
        )


class LetterBody(Strict):
    """A letter with a wet signature, put into the post: this stands for the envelope."""

    sender: Text
    """The name on the envelope."""
    reference: Text
    """The letter's own number and date."""
    text: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=LETTER_LENGTH, pattern=PRINTABLE, strict=True
        ),
    ]


class ContactBody(Strict):
    """Where to write to from now on; `identity_number` is the authorised person's own, as a proof of who asks."""

    identity_number: IdentityText
    email: EmailText | None = None
    phone: PhoneText | None = None


class ResendBody(Strict):
    """What did not arrive: the details of the test environment, the live user name, or the live password."""

    part: Part


class FindingObject(TypedDict):
    """Why something is refused or returned."""

    rule: str
    source: str
    tr: str
    en: str


class EntryObject(BaseModel):
    """A step in an application's history."""

    at: str
    state: str
    by: str
    note: str


class ApplicationObject(BaseModel):
    """An application as its applicant may see it; personal numbers are masked."""

    number: str
    state: str
    state_tr: str
    state_en: str
    next_tr: str
    next_en: str
    findings: list[FindingObject]
    form_url: str
    institution_name: str
    vkn: str
    person: str
    email: str
    phone: str
    test_details: Delivery
    """What became of the mail with the details of the test environment."""
    user_name: Delivery
    """What became of the mail with the live user name."""
    password: Delivery
    """What became of the text message with the live password."""
    due_at: str | None
    history: list[EntryObject]


class OpenedObject(TypedDict):
    """A form that was drawn up; `key` goes into the header `X-Application-Key` from now on."""

    number: str
    key: str
    state: str
    form_url: str
    page_url: str


class PostedObject(TypedDict):
    """A letter that is in the post."""

    number: str
    state: str
    arrives_at: str


def finding_object(finding: Finding) -> FindingObject:
    """A finding as the wire has it."""
    return {"rule": finding.rule, "source": finding.source, "tr": finding.tr, "en": finding.en}


def application_object(application: Application, history: Sequence[Entry], form_url: str) -> ApplicationObject:
    """An application as the wire has it."""
    names, now = NAMES[application.state], onward(application)
    return ApplicationObject(
        number=application.number,
        state=application.state.value,
        state_tr=names[0],
        state_en=names[1],
        next_tr=now[0],
        next_en=now[1],
        findings=[finding_object(one) for one in application.findings],
        form_url=form_url,
        institution_name=application.form.institution_name,
        vkn=application.form.vkn.digits,
        person=application.form.person.name,
        email=application.email.masked,
        phone=application.phone.masked,
        test_details=application.test_details,
        user_name=application.user_name,
        password=application.password,
        due_at=None if application.due_at is None else wire_moment(application.due_at),
        history=[
            EntryObject(at=wire_moment(one.moment), state=one.state.value, by=one.by, note=one.note) for one in history
        ],
    )


def problem_fields(refusal: Any) -> dict[str, Any]:
    """What a refusal adds to its problem: `findings`, where rules of the integration were broken."""
    findings = getattr(refusal, "findings", ())
    return {"findings": [finding_object(one) for one in findings]} if findings else {}
