"""The enumerations, whose spelling and order others rely on."""

from mockgov.vocabulary.institution import InstitutionKind
from mockgov.vocabulary.person import Sex
from mockgov.vocabulary.risk_status import RiskStatus


def test_statuses_are_spelt_as_on_the_wire():
    """Two statuses, and no reason."""
    assert [str(status) for status in RiskStatus] == ["RISKLESS", "RISKY"]


def test_sexes_are_spelt_as_on_the_wire():
    """The mobile service's `gender` field."""
    assert [str(sex) for sex in Sex] == ["MALE", "FEMALE"]


def test_the_order_of_institution_kinds_is_part_of_their_meaning():
    """The simulator stores a kind as its place in this list."""
    assert [str(kind) for kind in InstitutionKind] == [
        "MINISTRY",
        "PUBLIC_BODY",
        "WORKPLACE",
        "GOVERNORSHIP",
        "PROVINCIAL_HEALTH_DIRECTORATE",
        "PROVINCIAL_ORGANISATION",
        "SCHOOL",
    ]
