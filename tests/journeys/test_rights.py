"""A holder's rights, from the first question to the answer of the data controller, over real HTTP on a kept world."""

import httpx2

from tests.journeys.callers import Handset, Institution, expect, move_clock, register

KVKK = "/services/kvkkservice/api/"
PERSON = {"firstname": "Elif", "lastname": "Çelik", "sex": "FEMALE", "birth_date": "1991-05-05", "province": 26}


def test_from_a_question_to_erasure(client: httpx2.Client) -> None:
    """She reads the notice, sees who asked, shortens, deletes, applies for erasure, and is answered in time."""
    (person,) = register(client, PERSON)
    phone, firm = Handset(client, person), Institution(client, "ÇINAR")
    phone.sign_in()
    notice = expect(client.get(f"{KVKK}clarification-texts/mobile"))
    assert notice["version"] == expect(phone.account())["clarificationTextVersion"]

    short, long, other = (phone.make_code()["hes_code"] for _ in range(3))
    for code in (short, long, other):
        assert firm.status(code) == "RISKLESS"
    asked = expect(client.post(f"{KVKK}who-asked", json={"limit": 2}, headers=phone.bearer))
    assert [(row["asker"], row["hes_code"]) for row in asked["rows"]] == [
        ("ÇINAR A.Ş. (sandbox)", other),
        ("ÇINAR A.Ş. (sandbox)", long),
    ]
    rest = expect(client.post(f"{KVKK}who-asked", json={"before": asked["before"]}, headers=phone.bearer))
    assert [row["hes_code"] for row in rest["rows"]] == [short]

    expect(client.post(f"/_lab/codes/{short}/shorten", json={"expires_at": "2021-10-04T06:00:00Z"}))
    assert client.delete(f"/_lab/codes/{long}").status_code == 204
    move_clock(client, "2021-10-04T06:00:00Z")
    maps = expect(firm.ask("C4", short, long, other))
    assert maps["unsuccess_map"] == {short: "hescodehasbeenexpired", long: "hescodenotfound"}
    assert set(maps["success_map"]) == {other}

    made = expect(client.post(f"{KVKK}requests", json={"right": "erasure"}, headers=phone.bearer), 201)
    assert made["answer_by"] == "2021-11-03T06:00:00.000Z"
    move_clock(client, "2021-10-14T06:00:00Z")
    assert phone.account().status_code == 401
    for code in (short, long, other):
        assert firm.ask("C3", code).json()["errorKey"] == "hescodenotfound"
    phone.sign_in()
    (answered,) = expect(client.get(f"{KVKK}requests", headers=phone.bearer))
    assert (answered["state"], answered["answered"]) == ("granted", "2021-10-14T06:00:00.000Z")
    assert phone.codes() == []
    assert len(expect(client.post(f"{KVKK}who-asked", json={}, headers=phone.bearer))["rows"]) == 5


def test_what_is_kept_goes_when_the_clock_passes_its_end(client: httpx2.Client) -> None:
    """Who asked two years ago is told no more; the number of questions stays."""
    (person,) = register(client, PERSON)
    phone, firm = Handset(client, person), Institution(client, "ÇINAR")
    phone.sign_in()
    code = phone.make_code()["hes_code"]
    assert firm.status(code) == "RISKLESS"
    move_clock(client, "2023-10-04T20:59:59Z")
    assert len(phone.askers()) == 1
    move_clock(client, "2023-10-04T21:00:00Z")
    assert phone.askers() == []
    assert expect(client.get("/_lab/world"))["queries"] == 1
    assert firm.status(code) == "RISKLESS"
