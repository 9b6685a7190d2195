"""One application as an officer looks at it: what form, signature, letter and registers say, side by side."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from mockgov.clock import TURKEY
from mockgov.counters.application.kinds import NAMES
from mockgov.counters.application.shown import masked
from mockgov.ministry import Ministry
from mockgov.onboarding.eligibility import counted_staff
from mockgov.onboarding.rules import AccessForm, Application, Entry, LetterChannel, SignatureForm, State, same_name
from mockgov.pages.language import Language
from mockgov.refusal import Refused
from mockgov.registry.rules import Citizen, Institution
from mockgov.signature.rules import Certificate
from mockgov.vocabulary.province import province_of
from mockgov.vocabulary.signed import Verdict
from mockgov.working_time import working_days_between

ELEVEN_DIGITS: Final = re.compile(r"(?<!\d)\d{11}(?!\d)", re.ASCII)
NOTHING: Final = ""
"""A cell about which that source says nothing."""


WHO: Final = {
    "applicant": ("Başvuran", "Applicant"),
    "rules": ("Kurallar", "The rules"),
    "ministry": ("Bakanlık", "The ministry"),
}
"""Who takes steps in a history, beside officers by name."""


FINISHED: Final = frozenset({State.CONFIRMED, State.REFUSED, State.REVOKED})
"""States of an application about which nothing is to be done any more."""


class Row(NamedTuple):
    """One fact, as each source has it."""

    label: str
    form: str
    certificate: str
    letter: str
    register: str
    differs: bool
    """Whether a source contradicts the form."""


class Account(NamedTuple):
    """An account of the institution."""

    username: str
    environment: str
    state: str


class LetterRead(NamedTuple):
    """An official letter as the officer reads it; identity numbers are masked."""

    subject: str
    text: str
    files: Sequence[str]
    """Names of what is attached; a package is opened."""


def waiting_days(history: Sequence[Entry], now: datetime) -> int | None:
    """Working days since the application came into its present state; None where nothing is waited for any more."""
    if history[-1].state in FINISHED:
        return None
    since = history[-1].moment
    for entry in reversed(history):
        if entry.state is not history[-1].state:
            break
        since = entry.moment
    return working_days_between(since.astimezone(TURKEY).date(), now.astimezone(TURKEY).date())


def who(by: str, language: Language) -> str:
    """Who took a step; officers go by their own names."""
    return language.say(*WHO.get(by, (by, by)))


def certificate_of(ministry: Ministry, application: Application) -> Certificate | None:
    """The certificate that the form was signed with, as the authority keeps it."""
    if application.submission is None:
        return None
    try:
        return ministry.signature.certificate(application.submission.certificate)
    except Refused:
        return None


def verdict_of(ministry: Ministry, application: Application) -> Verdict:
    """What a check of the form's signature says at this moment."""
    number, submission = application.application_id, application.submission
    signed = ministry.onboarding.signed_form(number)
    if submission is None or signed is None:
        return Verdict.missing()
    if submission.form is SignatureForm.PADES:
        return ministry.signature.verify_pades(signed)
    beside = ministry.onboarding.form_pdf(number) if submission.form is SignatureForm.CADES_DETACHED else None
    return ministry.signature.verify_cades(signed, beside)


def accounts_of(ministry: Ministry, application: Application) -> Sequence[Account]:
    """The accounts of the institution, in both environments."""
    return [
        Account(one.username, one.environment.value, one.state.value)
        for one in ministry.credentials.accounts()
        if one.institution_id == application.institution_id
    ]


def compared(ministry: Ministry, application: Application, language: Language) -> Sequence[Row]:
    """Every fact of the form beside what the other sources say of it."""
    form, say = application.form, language.say
    institution = ministry.registry.institution(application.institution_id)
    person = _person(ministry, form)
    certificate = certificate_of(ministry, application)
    told = _Letter(application, language)
    return [
        *_institution_rows(form, institution, language),
        Row(
            say("Yetkili kişi", "Authorised person"),
            form.person.name,
            NOTHING if certificate is None else certificate.name,
            told.of("letter.person-name"),
            NOTHING if person is None else f"{person.firstname} {person.lastname}",
            told.lacks("letter.person-name")
            or _differs(form.person.name, certificate, lambda held: held.name)
            or (person is not None and not same_name(form.person.name, f"{person.firstname} {person.lastname}")),
        ),
        Row(
            say("Kimlik numarası", "Identity number"),
            masked(form.person.identity_number),
            NOTHING if certificate is None else masked(certificate.subject_number),
            told.of("letter.person-number"),
            NOTHING if person is None else person.identity.masked,
            told.lacks("letter.person-number")
            or _differs(form.person.identity_number, certificate, lambda held: held.subject_number),
        ),
        Row(
            say("Yetki", "Authority"),
            say("beyan edildi", "declared"),
            NOTHING,
            told.of("letter.authorised"),
            NOTHING,
            told.lacks("letter.authorised"),
        ),
        Row(
            say("Gönderen", "Sender"),
            form.kep_address.address if form.kep_address else say("ıslak imza", "wet signature"),
            NOTHING,
            NOTHING if application.letter is None else application.letter.sender,
            NOTHING,
            told.lacks("letter.sender"),
        ),
    ]


class _Letter:
    """What the letter says, as far as it is kept: where it does not fit the form."""

    def __init__(self, application: Application, language: Language) -> None:
        self._letter = application.letter
        self._broken = frozenset(one.rule for one in application.letter.findings) if application.letter else frozenset()
        self._language = language

    def lacks(self, rule: str) -> bool:
        """Whether the letter breaks a rule."""
        return rule in self._broken

    def of(self, rule: str) -> str:
        """Whether the letter says what the rule wants, in words."""
        if self._letter is None:
            return NOTHING
        if self.lacks(rule):
            return self._language.say("yok", "not given")
        return self._language.say("uygun", "as it should be")


def letter_read(ministry: Ministry, application: Application) -> LetterRead | None:
    """What a registered letter says; None for one on paper, whose words are not kept, or one that is gone."""
    letter = application.letter
    if letter is None or letter.channel is not LetterChannel.KEP or not letter.reference.isdecimal():
        return None
    try:
        content = ministry.kep.content(int(letter.reference))
    except Refused:
        return None
    return LetterRead(
        unnumbered(content.subject), unnumbered(content.text), [unnumbered(one.name) for one in content.files]
    )


def unnumbered(text: str) -> str:
    """A text whose identity numbers are masked, be they of this world or not."""
    return ELEVEN_DIGITS.sub(lambda found: masked(found[0]), text)


def channel(letter_channel: LetterChannel, language: Language) -> str:
    """The letter's road in words."""
    return "KEP" if letter_channel is LetterChannel.KEP else language.say("ıslak imza, posta", "wet signature, by post")


def _institution_rows(form: AccessForm, known: Institution, language: Language) -> Sequence[Row]:
    say = language.say
    staff = counted_staff(form)
    rows = (
        (say("Kurum adı", "Name"), form.institution_name, known.name, same_name(form.institution_name, known.name)),
        (say("Vergi kimlik numarası", "Tax number"), form.vkn.digits, known.vkn.digits, form.vkn == known.vkn),
        (say("Türü", "Kind"), say(*NAMES[form.kind]), say(*NAMES[known.kind]), form.kind is known.kind),
        (
            say("Hesaba katılan çalışan", "Staff that count"),
            language.number(staff),
            language.number(known.staff_count),
            staff <= known.staff_count,
        ),
        (
            say("İl", "Province"),
            province_of(form.province).name,
            province_of(known.province).name,
            form.province == known.province,
        ),
    )
    return [Row(label, told, NOTHING, NOTHING, entered, not fits) for label, told, entered, fits in rows]


def _differs(told: str, certificate: Certificate | None, of: Callable[[Certificate], str]) -> bool:
    return certificate is not None and not same_name(told, of(certificate))


def _person(ministry: Ministry, form: AccessForm) -> Citizen | None:
    try:
        return ministry.registry.by_identity(form.person.identity_number)
    except Refused:
        return None
