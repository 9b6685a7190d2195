"""The oracle: what it expects of each kind of code, and which differences it sees."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mockgov.risk_index.messages import PcrReport, VaccineReport
from mockgov.vocabulary.person import Sex
from sim.demand.parameters import Channel, Spoiled
from sim.drive.oracle import Oracle, verdict, wire_moment, wrong_fields
from sim.drive.port import IssuedCode, Person, Residents

NOON = datetime(2021, 10, 4, 9, tzinfo=UTC)
AYSE = Person(
    firstname="AYŞE NUR", lastname="ÖZ", sex=Sex.FEMALE, birth_date=date(1990, 5, 1), province=26, has_phone=True
)
CODE = IssuedCode("A1B2345610", "2070-12-30T13:00:00.000Z")
OLD = IssuedCode("D1B2345610", "2021-08-20T21:00:00.000Z")


@pytest.fixture
def oracle() -> Oracle:
    residents = Residents(identity=["10000000078"], code=[CODE], expired={0: OLD}, deleted={})
    return Oracle([AYSE], residents)


def test_a_good_code_is_expected_field_by_field(oracle: Oracle) -> None:
    assert oracle.expected(0, Channel.EMPLOYEE, Spoiled.NONE, NOON) == {
        "expiration_date": "2070-12-30T13:00:00.000Z",
        "current_health_status": "RISKLESS",
        "masked_identity_number": "********078",
        "masked_firstname": "AY**** NU****",
        "masked_lastname": "ÖZ**** ",
    }


def test_a_positive_test_makes_the_person_risky_for_fourteen_days(oracle: Oracle) -> None:
    oracle.learn([PcrReport(citizen_id=1, sampled_at=NOON, positive=True)])
    assert oracle.risky(0, NOON + timedelta(days=13))
    assert not oracle.risky(0, NOON + timedelta(days=15))
    assert oracle.count_risky(NOON) == 1


def test_a_plus_answer_tells_vaccine_immunity_and_test(oracle: Oracle) -> None:
    oracle.learn(
        [
            VaccineReport(citizen_id=1, given_at=NOON - timedelta(days=60), dose=1),
            VaccineReport(citizen_id=1, given_at=NOON - timedelta(days=30), dose=2),
            PcrReport(citizen_id=1, sampled_at=NOON - timedelta(hours=71), positive=False),
        ]
    )
    told = oracle.expected(0, Channel.PLUS, Spoiled.NONE, NOON)
    assert told["is_vaccinated"] is True
    assert told["is_immune"] is False
    assert told["last_negative_test_date"] == "2021-10-01T10:00:00.000Z"
    assert oracle.expected(0, Channel.PLUS, Spoiled.NONE, NOON + timedelta(hours=1))["last_negative_test_date"] is None


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        (Spoiled.MISTYPED, {"errorKey": "hescodenotfound"}),
        (Spoiled.DELETED, {"errorKey": "hescodenotfound"}),
        (Spoiled.EXPIRED, {"errorKey": "hescodehasbeenexpired", "expiration_date": "2021-08-20T21:00:00.000Z"}),
    ],
)
def test_a_spoiled_code_has_its_error(oracle: Oracle, spoiled: Spoiled, told: dict[str, str]) -> None:
    assert oracle.expected(0, Channel.SINGLE, spoiled, NOON) == told


def test_every_kind_of_difference_is_seen(oracle: Oracle) -> None:
    """Another value, another type, a field too many, a field missing, an error for an answer."""
    wanted = oracle.expected(0, Channel.SINGLE, Spoiled.NONE, NOON)
    assert wrong_fields(wanted, dict(wanted)) == ()
    assert wrong_fields(wanted, {**wanted, "current_health_status": "RISKY"}) == ("current_health_status",)
    assert wrong_fields(wanted, {**wanted, "masked_lastname": "ÖZ****"}) == ("masked_lastname",)
    assert wrong_fields(wanted, {**wanted, "extra": None}) == ("extra",)
    assert wrong_fields({"is_immune": False}, {"is_immune": 0}) == ("is_immune",)
    assert "expiration_date" in wrong_fields(wanted, {"errorKey": "hescodenotfound"})
    assert wrong_fields({"errorKey": "hescodenotfound"}, wanted) == ("errorKey",)
    assert wrong_fields({"errorKey": "hescodenotfound"}, {"errorKey": "hescodenotfound", "title": "…"}) == ()


def test_an_answer_in_one_word() -> None:
    assert verdict({"current_health_status": "RISKY"}) == "RISKY"
    assert verdict({"errorKey": "hescodenotfound"}) == "hescodenotfound"
    assert wire_moment(datetime(2021, 8, 9, 11, 51, 30, 597_999, UTC)) == "2021-08-09T11:51:30.597Z"
