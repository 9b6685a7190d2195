"""What a form must be like before it is written down: whole, about this world's people, and the institution's only one.

A number that the world has not minted may be a real person's or company's: it is refused here, before it is kept.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from mockgov.onboarding.rules import (
    SOURCE,
    WITH_LIVE_ACCESS,
    AccessForm,
    Application,
    Establishment,
    Finding,
    PersonFacts,
    Rule,
    finding,
    is_over,
    same_name,
)
from mockgov.vocabulary.province import PROVINCES
from mockgov.vocabulary.vkn import Vkn

SANDBOX: Final = "HES Sandbox, kişisel veri kuralı / rule on personal data"

MOST_STAFF: Final = 10_000_000
MOST_BRANCHES: Final = 1000
NAME_LENGTH: Final = 200
PURPOSE_LENGTH: Final = 2000
"""Bounds of a form's fields (chosen here)."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "form.field": Rule(
            source=f"{SOURCE}, adım 1",
            tr="“{field}” alanı boş, çok uzun ya da sınırların dışında. Düzeltip yeniden gönderin.",
            en="The field “{field}” is empty, too long or out of bounds. Correct it and send the form again.",
        ),
        "form.institution-unknown": Rule(
            source=SANDBOX,
            tr="Bu vergi numarası bu sandbox dünyasında verilmemiş; gerçek bir kurumun numarası olabileceği için "
            "saklanmaz. Dünyanın kurumlarından birinin numarasını kullanın.",
            en="This world has not minted this tax number; it may be a real institution's, so it is not kept. Use "
            "the number of one of the world's institutions.",
        ),
        "form.branch-unknown": Rule(
            source=SANDBOX,
            tr="Şubelerden birinin vergi numarası bu sandbox dünyasında verilmemiş. Dünyanın kurumlarından birinin "
            "numarasını kullanın.",
            en="This world has not minted the tax number of one of the branches. Use the number of one of the "
            "world's institutions.",
        ),
        "form.person-unknown": Rule(
            source=SANDBOX,
            tr="Bu kimlik numarası bu sandbox dünyasında verilmemiş; gerçek bir kişinin numarası olabileceği için "
            "saklanmaz. Dünyanın kişilerinden birini seçin.",
            en="This world has not minted this identity number; it may be a real person's, so it is not kept. "
            "Choose one of the world's people.",
        ),
        "form.person-name": Rule(
            source=f"{SOURCE}, adım 1",
            tr="Yetkili kişinin adı ve soyadı, nüfus kaydındakiyle aynı değil. Kimlikteki gibi yazın.",
            en="The authorised person's name is not the one in the population register. Type it as on the ID card.",
        ),
        "form.phone-unknown": Rule(
            source=SANDBOX,
            tr="Bu telefon numarası bu sandbox dünyasında verilmemiş. Dünyanın telefonlarından birini kullanın.",
            en="This world has not minted this phone number. Use one of the world's phones.",
        ),
        "form.stranger": Rule(
            source=SANDBOX,
            tr="“{field}” alanında bu sandbox dünyasında verilmemiş bir kimlik ya da telefon numarası var; gerçek bir "
            "kişinin olabileceği için saklanmaz. Numarayı silip yeniden gönderin.",
            en="The field “{field}” has an identity or phone number that this world has not minted; it may be a real "
            "person's, so it is not kept. Take it out and send the form again.",
        ),
        "form.email-script": Rule(
            source="HES Sandbox, senaryo adresleri / scripted addresses",
            tr="E-posta adresindeki +hes- etiketi bilinen bir senaryo değil. Etiketi kaldırın ya da /docs altındaki "
            "listeden birini seçin.",
            en="The +hes- label in the e-mail address scripts nothing. Leave it out, or take one of the list under "
            "/docs.",
        ),
        "form.other-institution": Rule(
            source=f"{SOURCE}, adım 1",
            tr="Bir başvurunun vergi numarası değiştirilemez. Öbür kurum için ayrı bir başvuru açın.",
            en="An application keeps its tax number. Open another application for the other institution.",
        ),
        "application.open": Rule(
            source=f"{SOURCE}, adım 1",
            tr="Bu vergi numarasının açık bir başvurusu var: {number}. O başvuruyla devam edin.",
            en="This tax number has an open application: {number}. Go on with that one.",
        ),
        "application.live": Rule(
            source=f"{SOURCE}, adım 6",
            tr="Bu kurumun canlı erişimi var. Yeni başvuru açmayın; parolanızı yeniletin.",
            en="This institution has live access. Open no new application; have the password rotated instead.",
        ),
    }
)


def check_fields(form: AccessForm) -> tuple[Finding, ...]:
    """One finding for each field that nobody could have meant."""
    person = form.person
    wrong = [
        name
        for name, good in (
            ("institution_name", _is_name(form.institution_name)),
            ("province", 1 <= form.province <= len(PROVINCES)),
            ("declared_staff", _is_staff(form.declared_staff)),
            ("branches", len(form.branches) <= MOST_BRANCHES),
            ("branches.name", all(_is_name(branch.name) for branch in form.branches)),
            ("branches.staff", all(_is_staff(branch.staff) for branch in form.branches)),
            ("parent", not form.parent or _is_name(form.parent)),
            ("person.firstname", _is_name(person.firstname)),
            ("person.lastname", _is_name(person.lastname)),
            ("person.title", _is_name(person.title)),
            ("purpose", 1 <= len(form.purpose.strip()) <= PURPOSE_LENGTH and _is_prose(form.purpose)),
        )
        if not good
    ]
    return tuple(finding(RULES, "form.field", field=name) for name in wrong)


def check_minted(
    form: AccessForm,
    *,
    establishment: Callable[[Vkn], Establishment | None],
    person: Callable[[str], PersonFacts | None],
) -> tuple[Finding, ...]:
    """Whether everybody on the form exists in this world, and the person under that name."""
    found = []
    if establishment(form.vkn) is None:
        found.append(finding(RULES, "form.institution-unknown"))
    if any(branch.vkn != form.vkn and establishment(branch.vkn) is None for branch in form.branches):
        found.append(finding(RULES, "form.branch-unknown"))
    known = person(form.person.identity_number)
    if known is None:
        found.append(finding(RULES, "form.person-unknown"))
    elif not (same_name(known.firstname, form.person.firstname) and same_name(known.lastname, form.person.lastname)):
        found.append(finding(RULES, "form.person-name"))
    return tuple(found)


def check_texts(form: AccessForm, blotted: Callable[[str], str]) -> tuple[Finding, ...]:
    """One finding for each text in which numbers stand that are nobody's here; `blotted` takes them out."""
    texts = (
        ("institution_name", form.institution_name),
        ("parent", form.parent),
        ("branches.name", "\n".join(branch.name for branch in form.branches)),
        ("person.title", form.person.title),
        ("person.email", form.person.email.address),
        ("purpose", form.purpose),
    )
    return tuple(finding(RULES, "form.stranger", field=name) for name, text in texts if blotted(text) != text)


def check_free(others: Sequence[Application], *, live: bool) -> tuple[Finding, ...]:
    """Whether a tax number may open an application beside those that it has had."""
    for other in others:
        if other.state in WITH_LIVE_ACCESS:
            return (finding(RULES, "application.live"),)
        if not is_over(other):
            return (finding(RULES, "application.open", number=other.number),)
    return (finding(RULES, "application.live"),) if live else ()


def _is_name(text: str) -> bool:
    return 1 <= len(text.strip()) <= NAME_LENGTH and text.isprintable()


def _is_prose(text: str) -> bool:
    return "".join(text.split()).isprintable()


def _is_staff(count: int) -> bool:
    return 0 <= count <= MOST_STAFF
