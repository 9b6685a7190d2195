"""Who may integrate: the four classes and the threshold as data, with what the others are told. Pure.

Source: HES Kurumsal Entegrasyon, version 1.2 (facts section 6). An institution answers for what its form declares; the
same rules, asked again with the register's figures, show whether a declaration was false.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mockgov.onboarding.rules import SOURCE, AccessForm, Establishment, Finding, Rule, finding
from mockgov.vocabulary.institution import InstitutionKind

THRESHOLD: Final = 500
"""Staff from which a public body or a workplace integrates."""

LEAST_STAFF: Final[Mapping[InstitutionKind, int]] = MappingProxyType(
    {
        InstitutionKind.MINISTRY: 0,
        InstitutionKind.PUBLIC_BODY: THRESHOLD,
        InstitutionKind.WORKPLACE: THRESHOLD,
        InstitutionKind.GOVERNORSHIP: 0,
        InstitutionKind.PROVINCIAL_HEALTH_DIRECTORATE: 0,
    }
)
"""The classes that may integrate, and with how many staff. Kinds that are not here use somebody else's access."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "eligibility.staff": Rule(
            source=f"{SOURCE}, kapsam (2) ve (3)",
            tr="Aynı vergi numarası altında {counted} çalışan sayıldı; entegrasyon en az {least} çalışanla yapılır. "
            "HES kodlarını Hayat Eve Sığar uygulamasının karekod ve kod sorgulama ekranından ya da e-Devlet'in tekli "
            "ve toplu HES kodu sorgulama hizmetlerinden sorgulayın.",
            en="{counted} staff count under the one tax number; integration takes at least {least}. Query codes on the "
            "QR and code screen of the Hayat Eve Sığar app, or with e-Devlet's single and bulk queries.",
            correctable=False,
        ),
        "eligibility.branch": Rule(
            source=f"{SOURCE}, kapsam (3)",
            tr="“{branch}” şubesinin vergi numarası kurumunkinden farklıdır, çalışanları sayılmaz. Formu yalnızca aynı "
            "vergi numarasına bağlı şubelerle yeniden düzenleyin.",
            en="The branch “{branch}” has another tax number, so its staff do not count. Write the form anew with "
            "branches under your own tax number only.",
        ),
        "eligibility.provincial": Rule(
            source=f"{SOURCE}, kapsam (1)",
            tr="Taşra teşkilatları ve bağlı kuruluşlar bakanlıklarının entegrasyonunu kullanır. {parent} merkez "
            "teşkilatına başvurun.",
            en="Provincial organisations and affiliates use their ministry's own integration. Ask the central "
            "organisation of {parent}.",
            correctable=False,
        ),
        "eligibility.school": Rule(
            source=f"{SOURCE}, kapsam (1)",
            tr="Millî Eğitim Bakanlığının entegrasyonu vardır, okullar ayrıca entegrasyon yapmaz. Sorgulamayı "
            "bakanlığınızın sisteminden yapın.",
            en="The education ministry is integrated, so its schools need no integration of their own. Query codes "
            "in your ministry's system.",
            correctable=False,
        ),
    }
)


def counted_staff(form: AccessForm) -> int:
    """Declared staff of the head office and of the branches under the same tax number."""
    return form.declared_staff + sum(branch.staff for branch in form.branches if branch.vkn == form.vkn)


def judge(form: AccessForm) -> tuple[Finding, ...]:
    """What stands against an institution, by what its form declares; nothing if it may integrate."""
    strangers = tuple(
        finding(RULES, "eligibility.branch", branch=branch.name) for branch in form.branches if branch.vkn != form.vkn
    )
    return (*judge_staff(form.kind, counted_staff(form), parent=form.parent), *strangers)


def judge_staff(kind: InstitutionKind, staff: int, *, parent: str = "") -> tuple[Finding, ...]:
    """What stands against a kind of institution with so many staff."""
    if kind is InstitutionKind.SCHOOL:
        return (finding(RULES, "eligibility.school"),)
    if kind not in LEAST_STAFF:
        return (finding(RULES, "eligibility.provincial", parent=parent or "bağlı olunan bakanlık / your ministry"),)
    if staff < LEAST_STAFF[kind]:
        return (finding(RULES, "eligibility.staff", counted=staff, least=LEAST_STAFF[kind]),)
    return ()


def judge_register(form: AccessForm, known: Establishment) -> tuple[Finding, ...]:
    """What would have stood against an institution by what the register says: a false declaration hid it."""
    return judge_staff(known.kind, known.staff, parent=form.parent)
