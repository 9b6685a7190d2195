"""From the first SMS to the last answer about a code."""

import httpx2
import pytest

from tests.journeys.callers import Handset, Institution, expect, register

MOTHER = {"firstname": "Ayşe Nur", "lastname": "Yılmaz", "sex": "FEMALE", "birth_date": "1985-02-28", "province": 26}
CHILD = {"firstname": "Can", "lastname": "Yılmaz", "sex": "MALE", "birth_date": "2012-06-01", "province": 26}
PURPOSES = ("visitor", "employee", "single", "bulk", "single-plus", "bulk-plus")
INDEFINITE = "2070-12-30T13:00:00.000Z"


@pytest.fixture
def mother(client: httpx2.Client) -> Handset:
    """The citizen of these journeys, with a child who has no phone."""
    made, _ = register(client, MOTHER, CHILD | {"has_phone": False, "parents": [-1]})
    return Handset(client, made)


def child_of(mother: Handset) -> dict[str, object]:
    return expect(mother.client.get(f"/_lab/people/{mother.person['citizen_id'] + 1}"))


def test_signing_in(mother: Handset) -> None:
    """A login code comes by SMS and is traded for a token, which opens the account; the same code does not again."""
    login_code = mother.ask_for_login_code()
    entered = expect(mother.enter(login_code))
    assert (entered["firstname"], entered["lastname"]) == ("AYŞE NUR", "YILMAZ")
    assert (entered["phone"], entered["healthStatus"]) == (mother.person["phone"], "RISKLESS")
    mother.token = entered["id_token"]
    tokens = {"id_token", "refresh_token"}
    assert expect(mother.account()) == {name: value for name, value in entered.items() if name not in tokens}
    again = expect(mother.enter(login_code), 401)
    assert again["errorKey"] == "wronglogincode"


def test_a_code_from_its_making_to_its_deletion(mother: Handset, client: httpx2.Client) -> None:
    """A code is made for a child, asked through every operation of both doors, seen by the holder, and deleted."""
    mother.sign_in()
    own = mother.make_code(description="Okul")
    childs = mother.make_code(child_tckn=str(child_of(mother)["identity_number"]))
    assert [code["hes_code"] for code in mother.codes()] == [own["hes_code"], childs["hes_code"]]
    assert (own["description"], own["expiration_date"], childs["masked_firstname"]) == ("Okul", INDEFINITE, "CA****")

    firm = Institution(client, "ÇINAR-LOJİSTİK")
    number = str(child_of(mother)["identity_number"])
    single = {
        "expiration_date": INDEFINITE,
        "current_health_status": "RISKLESS",
        "masked_identity_number": "********" + number[-3:],
        "masked_firstname": "CA****",
        "masked_lastname": "YI**** ",
    }
    plus = single | {
        "is_vaccinated": False,
        "is_immune": False,
        "is_test_data_shared": True,
        "last_negative_test_date": None,
    }
    code = childs["hes_code"]
    wrong = "A0A0000010"
    for door in ("live", "test"):
        for operation in ("C1", "C2", "C3"):
            assert expect(firm.ask(operation, code, door=door)) == single
        assert expect(firm.ask("C5", code, door=door)) == plus
        for operation, answer in (("C4", single), ("C6", plus)):
            assert expect(firm.ask(operation, code, wrong, door=door)) == {
                "success_map": {code: answer},
                "unsuccess_map": {wrong: "hescodenotfound"},
            }

    asked = expect(client.get(f"/_lab/people/{child_of(mother)['citizen_id']}/askers"))
    assert len(asked) == 12
    assert {(row["asker"], row["purpose"]) for row in asked} == {
        (name, purpose) for name in ("ÇINAR-LOJİSTİK-G2G-HES", "ÇINAR-LOJİSTİK-TEST") for purpose in PURPOSES
    }
    assert {(row["code"], row["outcome"], row["asked_at"]) for row in asked} == {
        (code, "RISKLESS", "2021-10-04T05:00:00.000Z")
    }
    assert [row["asker"] for row in asked[:6]] == ["ÇINAR-LOJİSTİK-TEST"] * 6
    assert "Odunpazarı" in next(row["place"] for row in asked if row["purpose"] == "visitor")
    assert mother.askers() == []

    assert client.delete(f"/_lab/codes/{code}").status_code == 204
    assert expect(firm.ask("C3", code), 400)["errorKey"] == "hescodenotfound"
    assert expect(firm.ask("C6", code, own["hes_code"]))["unsuccess_map"] == {code: "hescodenotfound"}
    assert expect(mother.check(code), 400)["errorKey"] == "hescodenotfound"
    assert [left["hes_code"] for left in mother.codes()] == [own["hes_code"]]


def test_a_pair_opens_its_own_door_only(mother: Handset, client: httpx2.Client) -> None:
    """Test and live accounts differ; a refused query leaves no trace about the holder."""
    mother.sign_in()
    code = mother.make_code()["hes_code"]
    firm = Institution(client, "KURUM")
    for door, pair in (("live", firm.pairs["test"]), ("test", firm.pairs["live"]), ("live", ("KURUM-G2G-HES", "x"))):
        assert expect(firm.ask("C3", code, door=door, pair=pair), 401)["errorKey"] == "badcredentials"
    assert mother.askers() == []


def test_one_citizen_checks_another(mother: Handset, client: httpx2.Client) -> None:
    """Somebody with the application reads a neighbour's code, and the neighbour sees that."""
    (neighbour,) = register(client, MOTHER | {"firstname": "Şule", "lastname": "Öz"})
    mother.sign_in()
    code = mother.make_code()["hes_code"]
    reader = Handset(client, neighbour)
    reader.sign_in()
    assert expect(reader.check(f"{code[:4]}-{code[4:8]}-{code[8:]}"))["masked_firstname"] == "AY**** NU****"
    (row,) = mother.askers()
    assert (row["asker"], row["purpose"]) == (f"citizen:{neighbour['citizen_id']}", "person")
