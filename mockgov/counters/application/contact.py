"""What became of what was sent to the authorised person; another address, and a second try, for what did not arrive."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from mockgov.counters.application.form import ADVICE, EMPTY, Texts, Words
from mockgov.ministry import Ministry
from mockgov.onboarding.messages import CorrectContact
from mockgov.onboarding.rules import WITH_ACCESS, WITH_LIVE_ACCESS, Application, Delivery, State
from mockgov.refusal import Refused
from mockgov.vocabulary.email_address import EmailAddress
from mockgov.vocabulary.errors import InvalidWord
from mockgov.vocabulary.phone import Phone
from mockgov.vocabulary.ykn import parse_identity

CONTACT_FIELDS: Final = ("identity_number", "email", "phone")
IN_TEST: Final = (State.APPROVED_FOR_TEST, State.TESTING)
NOTHING_NEW: Final = "Give another e-mail address, another phone, or both."


class Part(StrEnum):
    """What is sent to the authorised person."""

    TEST = "test"
    """The details of the test environment, by e-mail."""
    USER_NAME = "user-name"
    """The live user name, by e-mail."""
    PASSWORD = "password"  # noqa: S105  a word, no password
    """The live password, by text message."""


class NothingNew(Refused):
    """A correction that corrects nothing."""

    key = "contactmissing"


class UnknownPart(Refused):
    """Something that is not sent here."""

    key = "unknownpart"


PARTS: Final[Mapping[Part, Words]] = {
    Part.TEST: ("Test ortamı bilgileri (e-posta)", "Details of the test environment (e-mail)"),
    Part.USER_NAME: ("Canlı ortam kullanıcı adı (e-posta)", "Live user name (e-mail)"),
    Part.PASSWORD: ("Canlı ortam parolası (SMS)", "Live password (text message)"),
}
DELIVERIES: Final[Mapping[Delivery, Words]] = {
    Delivery.NOT_SENT: ("henüz gönderilmedi", "not sent yet"),
    Delivery.PENDING: ("yolda", "on its way"),
    Delivery.DELIVERED: ("ulaştı", "arrived"),
    Delivery.FAILED: ("ulaşmadı", "did not arrive"),
}


class Sent(NamedTuple):
    """One thing that was sent, as the page lists it."""

    part: Part
    words: Words
    became: Delivery
    became_words: Words


def sent(application: Application) -> Sequence[Sent]:
    """What belongs to the step that the application is at, each of which can be sent again."""
    if application.state in IN_TEST:
        return [_sent(Part.TEST, application.test_details)]
    if application.state in WITH_LIVE_ACCESS:
        return [_sent(Part.USER_NAME, application.user_name), _sent(Part.PASSWORD, application.password)]
    return []


def may_correct(application: Application) -> bool:
    """Whether there is somebody to write to."""
    return application.state in WITH_ACCESS


def send_again(ministry: Ministry, application: Application, part: Part) -> Application:
    """Have a part sent once more. Raises `IllegalTransition` where it is not this step's."""
    onboarding = ministry.onboarding
    again = {
        Part.TEST: onboarding.resend_test_details,
        Part.USER_NAME: onboarding.resend_user_name,
        Part.PASSWORD: onboarding.resend_password,
    }
    return again[part](application.application_id)


def part_of(text: str) -> Part:
    """The part of a name. Raises `UnknownPart`."""
    try:
        return Part(text)
    except ValueError:
        raise UnknownPart(f"What can be sent again is {', '.join(Part)}.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A correction as somebody filled it in."""

    values: Texts
    wrong: Mapping[str, Words]
    order: CorrectContact | None
    """None while anything is wrong."""


def read_correction(fields: Mapping[str, object], application: Application) -> Corrected:
    """The correction that was filled in, or everything that is wrong with it."""
    values = Texts({name: text.strip() for name in CONTACT_FIELDS if isinstance(text := fields.get(name), str)})
    wrong: dict[str, Words] = {}
    parsers = {"identity_number": parse_identity, "email": EmailAddress.parse, "phone": Phone.parse}
    for name, parse in parsers.items():
        try:
            if values[name]:
                parse(values[name])
        except InvalidWord as word:
            wrong[name] = (ADVICE[word.rule], word.advice)
    if not values["identity_number"]:
        wrong["identity_number"] = EMPTY["identity_number"]
    if not values["email"] and not values["phone"]:
        wrong["email"] = ("Yeni bir e-posta adresi, yeni bir telefon veya ikisini yazın.", NOTHING_NEW)
    order = None
    if not wrong:
        order = correction(
            application, values["identity_number"], email=values["email"] or None, phone=values["phone"] or None
        )
    return Corrected(values=values, wrong=wrong, order=order)


def correction(application: Application, identity: str, *, email: str | None, phone: str | None) -> CorrectContact:
    """The order to write elsewhere from now on. Raises `InvalidWord`, and `NothingNew` if nothing is given."""
    if email is None and phone is None:
        raise NothingNew(NOTHING_NEW)
    return CorrectContact(
        application_id=application.application_id,
        identity_number=parse_identity(identity).digits,
        email=None if email is None else EmailAddress.parse(email),
        phone=None if phone is None else Phone.parse(phone),
    )


def _sent(part: Part, became: Delivery) -> Sent:
    return Sent(part, PARTS[part], became, DELIVERIES[became])
