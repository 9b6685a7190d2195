"""An integrator who is called back, over real sockets: a turnstile that keeps its list of codes by being told."""

import re
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
from standardwebhooks import Webhook

from tests.endpoint import Called, Endpoint, verified
from tests.journeys.callers import Handset, Institution, expect, register
from tests.journeys.served import Served, hes, serving

DAY_S = 86_400
PERSON = {"firstname": "Ayşe", "lastname": "Işık", "sex": "FEMALE", "birth_date": "1980-02-29", "province": 26}


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as made:
        yield made


def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def subscribe(client: httpx2.Client, endpoint: Endpoint, **fields: object) -> dict[str, object]:
    return expect(client.post("/_lab/callbacks", json={"url": endpoint.url} | fields), 201)


def test_a_turnstile_that_is_told(client: httpx2.Client, endpoint: Endpoint) -> None:
    """It asks once, and opens and shuts by what it is told; a lost call is made up for, and every one is signed."""
    (person,) = register(client, PERSON)
    citizen, firm = Handset(client, person), Institution(client, "TURNIKE")
    citizen.sign_in()
    code = citizen.make_code()["hes_code"].replace("-", "")
    institution = expect(client.get("/_lab/institutions"))[-1]["institution_id"]
    made = subscribe(client, endpoint, events=["risk.changed"], institution_id=institution)
    opens = {code: firm.status(code) == "RISKLESS"}
    assert opens == {code: True}

    def told(called: Called) -> int:
        said = verified(str(made["secret"]), called.headers, called.body)
        if len(endpoint.calls) == 1:
            return 503
        assert firm.status(code) == said["data"]["current_health_status"]
        opens[said["data"]["hes_code"]] = said["data"]["current_health_status"] == "RISKLESS"
        return 200

    endpoint.answer = told
    report = {"kind": "pcr", "citizen_id": person["citizen_id"], "at": "2021-10-04T04:00:00Z", "positive": True}
    expect(client.post("/_lab/reports", json=[report]), 201)
    until(lambda: len(endpoint.calls) == 1)
    assert opens == {code: True}
    expect(client.post("/_lab/clock", json={"advance_s": 6}))
    assert opens == {code: False}
    expect(client.post("/_lab/clock", json={"advance_s": 20 * DAY_S}))
    assert len(endpoint.calls) in (2, 3)
    first, second = expect(client.get("/_lab/callbacks/1/deliveries"))[:2]
    assert [one["status"] for one in first["attempts"]] == [503, 200]
    assert first["webhook_id"] == endpoint.calls[0].id == endpoint.calls[1].id != second["webhook_id"]


def test_an_endpoint_that_hangs_delays_nobody_else(endpoint: Endpoint) -> None:
    """While it is waited for, the server answers others; then it counts as timed out."""
    with serving(HES_CALLBACK_TIMEOUT_S="1") as own, own.client() as client, own.client() as other:
        Institution(client, "KAPI")
        subscribe(client, endpoint, events=["onboarding.step"], institution_id=1)
        answered: list[int] = []

        def hanging(_: Called) -> int:
            answered.append(other.get("/_lab/world").status_code)
            time.sleep(2)
            return 200

        endpoint.answer = hanging
        sent = expect(client.post("/_lab/callbacks/1/ping"), 201)
    assert sent["attempts"] == [{"nth": 1, "at": "2021-10-04T05:00:00.000Z", "status": None, "trouble": "timed-out"}]
    assert answered == [200]


def test_a_running_clock_calls_by_itself(endpoint: Endpoint) -> None:
    """Real time's own libraries verify what says that it is of real time; a retry comes five seconds later."""
    with serving("--clock", "running") as own, own.client() as client:
        Institution(client, "KAPI")
        made = subscribe(client, endpoint, events=["onboarding.step"], institution_id=1, timestamps="real")
        endpoint.answer = lambda _: 200 if len(endpoint.calls) > 1 else 500
        expect(client.post("/_lab/callbacks/1/ping"), 201)
        until(lambda: len(endpoint.calls) == 2)
        for called in endpoint.calls:
            assert Webhook(str(made["secret"])).verify(called.body, dict(called.headers))["type"] == "ping"
        until(lambda: expect(client.get("/_lab/callbacks/1/deliveries"))[0]["state"] == "delivered")


def test_what_was_not_sent_before_a_power_cut_is_sent_after_it(endpoint: Endpoint, tmp_path: object) -> None:
    """At least once: a server that dies while an endpoint thinks calls it again when it is back, with the same id."""
    with Served(data=tmp_path) as first, first.client() as client:  # type: ignore[arg-type]
        Institution(client, "KAPI")
        subscribe(client, endpoint, events=["onboarding.step"], institution_id=1)
        endpoint.answer = lambda _: first.kill() or 200  # type: ignore[func-returns-value]
        with pytest.raises(httpx2.HTTPError):
            client.post("/_lab/callbacks/1/ping")
    endpoint.answer = lambda _: 200
    with serving(data=tmp_path) as second, second.client() as client:  # type: ignore[arg-type]
        until(lambda: expect(client.get("/_lab/callbacks/1/deliveries"))[0]["state"] == "delivered")
    assert endpoint.calls[0].id == endpoint.calls[-1].id
    assert len(endpoint.calls) >= 2


def test_a_server_may_be_told_to_call_nobody(endpoint: Endpoint) -> None:
    """Or others: the setting is the server's, and names networks."""
    with serving(HES_CALLBACK_NETWORKS="10.0.0.0/8") as own, own.client() as client:
        Institution(client, "KAPI")
        body = {"url": endpoint.url, "events": ["onboarding.step"], "institution_id": 1}
        refused = expect(client.post("/_lab/callbacks", json=body), 400)
        assert refused["errorKey"] == "addressnotallowed"
        body["url"] = endpoint.url.replace("127.0.0.1", "localhost")
        refused = expect(client.post("/_lab/callbacks", json=body), 400)
        assert refused["title"].startswith("The host of the address lies elsewhere.")
        assert "HES_CALLBACK_NETWORKS" in refused["title"]
    assert endpoint.calls == []
    wrong = hes("serve", "--port", "0", HES_CALLBACK_NETWORKS="10.0.0.1/8")
    assert "callback_networks must be networks such as 127.0.0.0/8,::1/128" in wrong.stderr


def test_the_commands(served: Served, world: str, endpoint: Endpoint) -> None:
    """Add, ping, look, break, replay, rotate, remove; each says what happened, or what to do."""
    there = ("--url", served.address, "--world", world)
    with served.client(world) as client:
        Institution(client, "KAPI")
    empty = hes("callbacks", "list", *there)
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "hes callbacks add" in empty.stderr
    added = hes("callbacks", "add", endpoint.url, "--event", "risk.changed", "--institution", "1", *there)
    assert added.returncode == 0, added.stderr
    line = r"^ +1  http://127\.0\.0\.1:\d+/hook\?from=hes  risk\.changed  \(institution 1; active\)$"
    assert re.search(line, added.stdout, re.MULTILINE)
    assert "whsec_" in added.stdout
    assert "whpk_" in added.stdout
    pinged = hes("callbacks", "ping", "1", *there)
    assert (pinged.returncode, "delivered" in pinged.stdout) == (0, True)
    endpoint.answer = lambda _: 410
    gone = hes("callbacks", "ping", "1", *there)
    assert (gone.returncode, "look at the endpoint" in gone.stderr) == (1, True)
    listed = hes("callbacks", "list", *there)
    assert "disabled: its address answered 410 Gone" in listed.stdout
    refused = hes("callbacks", "replay", "1", "2", *there)
    assert (refused.returncode, "callbackdisabled" in refused.stderr) == (1, True)
    assert "active" in hes("callbacks", "enable", "1", *there).stdout
    endpoint.answer = lambda _: 200
    assert hes("callbacks", "replay", "1", "2", *there).returncode == 0
    outbox = hes("callbacks", "deliveries", "1", *there)
    assert [line.split()[-1] for line in outbox.stdout.splitlines()] == ["delivered", "204", "delivered", "410", "200"]
    assert "whsec_" in hes("callbacks", "rotate", "1", *there).stdout
    assert "disabled by hand" in hes("callbacks", "disable", "1", *there).stdout
    assert hes("callbacks", "remove", "1", *there).stdout == "Callback 1 is gone.\n"
    missing = hes("callbacks", "deliveries", "1", *there)
    assert (missing.returncode, "callbacknotfound" in missing.stderr) == (1, True)
    wrong = hes("callbacks", "add", "ftp://x", "--event", "risk.changed", "--institution", "1", *there)
    assert (wrong.returncode, "http or https" in wrong.stderr) == (1, True)
