"""Who may integrate, by the four classes, the threshold and the tax number; and what the others are told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockgov.onboarding.eligibility import LEAST_STAFF, RULES, counted_staff, judge, judge_register, judge_staff
from mockgov.onboarding.rules import Branch, Establishment
from mockgov.vocabulary.institution import InstitutionKind
from tests.mockgov.onboarding.office import BRANCH_FIRM, CINAR, access_form

K = InstitutionKind


def branch(staff: int, vkn: object = CINAR, name: str = "Gebze") -> Branch:
    return Branch(name=name, vkn=vkn, staff=staff)


@pytest.mark.parametrize(
    ("kind", "staff", "rules"),
    [
        (K.MINISTRY, 0, []),
        (K.GOVERNORSHIP, 12, []),
        (K.PROVINCIAL_HEALTH_DIRECTORATE, 3, []),
        (K.PUBLIC_BODY, 499, ["eligibility.staff"]),
        (K.PUBLIC_BODY, 500, []),
        (K.WORKPLACE, 499, ["eligibility.staff"]),
        (K.WORKPLACE, 500, []),
        (K.PROVINCIAL_ORGANISATION, 90_000, ["eligibility.provincial"]),
        (K.SCHOOL, 90_000, ["eligibility.school"]),
    ],
)
def test_each_kind(kind: InstitutionKind, staff: int, rules: list[str]) -> None:
    found = judge(access_form(kind=kind, declared_staff=staff))
    assert [finding.rule for finding in found] == rules
    assert [finding.rule for finding in judge_staff(kind, staff)] == rules
    assert not any(finding.correctable for finding in found)


def test_branches_under_one_tax_number_add_up() -> None:
    """300 at the head office and 200 in two branches make 500."""
    form = access_form(declared_staff=300, branches=(branch(150), branch(50)))
    assert counted_staff(form) == 500
    assert judge(form) == ()


def test_a_branch_with_another_tax_number_does_not_count() -> None:
    """It is a finding of its own beside the staff that is missing."""
    form = access_form(declared_staff=300, branches=(branch(199), branch(400, BRANCH_FIRM, "Depo")))
    assert counted_staff(form) == 499
    short, stranger = judge(form)
    assert (short.rule, short.correctable) == ("eligibility.staff", False)
    assert (stranger.rule, stranger.correctable) == ("eligibility.branch", True)
    assert "“Depo”" in stranger.tr
    assert "“Depo”" in stranger.en


def test_enough_staff_without_the_strange_branch_still_has_it_taken_off() -> None:
    form = access_form(declared_staff=500, branches=(branch(1, BRANCH_FIRM),))
    assert [finding.rule for finding in judge(form)] == ["eligibility.branch"]


def test_the_small_are_told_where_to_ask() -> None:
    (found,) = judge(access_form(declared_staff=120))
    assert found.source == "HES Kurumsal Entegrasyon, sürüm 1.2, kapsam (2) ve (3)"
    assert "120" in found.tr
    assert "500" in found.tr
    assert "Hayat Eve Sığar uygulamasının karekod ve kod sorgulama ekranından" in found.tr
    assert "e-Devlet'in tekli ve toplu" in found.tr
    assert "QR and code screen" in found.en
    assert "e-Devlet's single and bulk queries" in found.en


def test_provincial_units_are_sent_to_their_ministry() -> None:
    (found,) = judge(access_form(kind=K.PROVINCIAL_ORGANISATION, parent="Tarım ve Orman Bakanlığı"))
    assert "Tarım ve Orman Bakanlığı merkez teşkilatına başvurun" in found.tr
    assert "central organisation of Tarım ve Orman Bakanlığı" in found.en
    (unnamed,) = judge(access_form(kind=K.PROVINCIAL_ORGANISATION))
    assert "your ministry" in unnamed.en


def test_schools_are_told_of_their_own_integration() -> None:
    (found,) = judge(access_form(kind=K.SCHOOL))
    assert "Millî Eğitim Bakanlığının entegrasyonu vardır" in found.tr
    assert "its schools need no integration of their own" in found.en


def test_every_rule_names_its_source_in_both_languages() -> None:
    for rule in RULES.values():
        assert rule.source.startswith("HES Kurumsal Entegrasyon, sürüm 1.2")
        assert rule.tr
        assert rule.en


def test_what_the_register_would_have_said() -> None:
    """The declaration is held against registered staff and kind."""
    form = access_form(declared_staff=9000)
    small = Establishment(institution_id=1, name="x", kind=K.WORKPLACE, label="x", staff=499)
    assert [finding.rule for finding in judge_register(form, small)] == ["eligibility.staff"]
    school = Establishment(institution_id=1, name="x", kind=K.SCHOOL, label="x", staff=9000)
    assert [finding.rule for finding in judge_register(form, school)] == ["eligibility.school"]
    big = Establishment(institution_id=1, name="x", kind=K.WORKPLACE, label="x", staff=500)
    assert judge_register(form, big) == ()


@settings(max_examples=200)
@given(
    st.sampled_from(list(K)),
    st.integers(0, 700),
    st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=4),
)
def test_against_the_rules_in_one_line(kind: InstitutionKind, staff: int, branches: list[tuple[int, bool]]) -> None:
    """An institution is let in if its class is listed and its own people suffice; strange branches are always named."""
    listed = tuple(branch(count, CINAR if own else BRANCH_FIRM) for count, own in branches)
    found = judge(access_form(kind=kind, declared_staff=staff, branches=listed))
    own = staff + sum(count for count, mine in branches if mine)
    may = kind in LEAST_STAFF and (kind not in {K.WORKPLACE, K.PUBLIC_BODY} or own >= 500)
    assert all(finding.correctable for finding in found) is may
    assert sum(finding.rule == "eligibility.branch" for finding in found) == sum(not mine for _, mine in branches)
