"""What time does to codes, tokens and people; it is the world's, and moves when told to."""

import httpx2
import pytest

from tests.journeys.callers import Handset, Institution, expect, move_clock, register

CITIZEN = {"firstname": "Ayşe", "lastname": "Öz", "sex": "FEMALE", "birth_date": "1990-01-01", "province": 26}


@pytest.fixture
def citizen(client: httpx2.Client) -> Handset:
    """A citizen who has signed in at 08:00 on Monday, 4 October 2021."""
    (made,) = register(client, CITIZEN)
    handset = Handset(client, made)
    handset.sign_in()
    return handset


def test_a_code_expires(citizen: Handset, client: httpx2.Client) -> None:
    """A code to the end of Wednesday answers until midnight in Turkey, and says from then on when it ended."""
    code = citizen.make_code(expiration_date="2021-10-06")["hes_code"]
    firm = Institution(client, "KURUM")
    move_clock(client, "2021-10-06T23:59:59.999+03:00")
    assert firm.status(code) == "RISKLESS"
    move_clock(client, "2021-10-07T00:00:00+03:00")
    refused = expect(firm.ask("C3", code), 400)
    assert refused["errorKey"] == "hescodehasbeenexpired"
    assert refused["expiration_date"] == "2021-10-06T21:00:00.000Z"
    assert expect(firm.ask("C4", code)) == {"success_map": {}, "unsuccess_map": {code: "hescodehasbeenexpired"}}
    assert [kept["hes_code"] for kept in citizen.codes()] == [code]


def test_a_shortened_code_expires_earlier(citizen: Handset, client: httpx2.Client) -> None:
    """The holder gives an indefinite code an end."""
    code = citizen.make_code()["hes_code"]
    firm = Institution(client, "KURUM")
    expect(client.post(f"/_lab/codes/{code}/shorten", json={"expires_at": "2021-10-04T09:00:00+03:00"}))
    assert firm.status(code) == "RISKLESS"
    expect(client.post("/_lab/clock", json={"advance_s": 3600}))
    assert expect(firm.ask("C3", code), 400)["errorKey"] == "hescodehasbeenexpired"


def test_a_token_lives_a_month(citizen: Handset, client: httpx2.Client) -> None:
    """Thirty days to the second, and a fresh sign-in helps."""
    move_clock(client, "2021-11-03T07:59:59+03:00")
    expect(citizen.account())
    move_clock(client, "2021-11-03T08:00:00+03:00")
    assert expect(citizen.account(), 401)["errorKey"] == "unauthorized"
    citizen.sign_in()
    expect(citizen.account())


def test_a_token_that_is_not_remembered_lives_a_day(citizen: Handset, client: httpx2.Client) -> None:
    """Twenty-four hours without `rememberMe`."""
    citizen.sign_in(remember_me=False)
    move_clock(client, "2021-10-05T07:59:59+03:00")
    expect(citizen.account())
    move_clock(client, "2021-10-05T08:00:00+03:00")
    expect(citizen.account(), 401)


def test_a_login_code_lives_three_minutes(citizen: Handset, client: httpx2.Client) -> None:
    """Whoever is slower asks for another one."""
    login_code = citizen.ask_for_login_code()
    expect(client.post("/_lab/clock", json={"advance_s": 180}))
    assert expect(citizen.enter(login_code), 401)["errorKey"] == "wronglogincode"
    citizen.sign_in()


def test_a_positive_test_and_the_end_of_isolation(citizen: Handset, client: httpx2.Client) -> None:
    """A report makes a person RISKY for the very next query; the midnight of the fourteenth day makes them RISKLESS."""
    code = citizen.make_code()["hes_code"]
    firm = Institution(client, "KURUM")
    assert firm.status(code) == "RISKLESS"
    sampled = {"kind": "pcr", "citizen_id": citizen.person["citizen_id"], "at": "2021-10-04T05:00:00Z"}
    expect(client.post("/_lab/reports", json=[sampled | {"positive": True}]), 201)
    assert firm.status(code) == "RISKY"
    account = expect(citizen.account())
    assert (account["healthStatus"], account["isolationEndDate"]) == ("RISKY", "2021-10-19")
    move_clock(client, "2021-10-18T23:59:59.999+03:00")
    assert firm.status(code) == "RISKY"
    move_clock(client, "2021-10-19T00:00:00+03:00")
    assert firm.status(code) == "RISKLESS"
    assert expect(citizen.account())["healthStatus"] == "RISKLESS"
    assert [row["outcome"] for row in citizen.askers()] == ["RISKLESS", "RISKY", "RISKY", "RISKLESS"]


def test_a_locked_account_opens_again(citizen: Handset, client: httpx2.Client) -> None:
    """Five wrong passwords shut the door for fifteen minutes of the world's time, also for the right one."""
    code = citizen.make_code()["hes_code"]
    firm = Institution(client, "KURUM")
    for _ in range(5):
        expect(firm.ask("C3", code, pair=(firm.pairs["live"][0], "wrong")), 401)
    expect(firm.ask("C3", code), 401)
    expect(client.post("/_lab/clock", json={"advance_s": 15 * 60}))
    assert firm.status(code) == "RISKLESS"
