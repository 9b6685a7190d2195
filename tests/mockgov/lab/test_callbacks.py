"""The lab's routes for callbacks, and the server's own carrier."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from tests.endpoint import Called, Endpoint, verified
from tests.mockgov.counters.town import QUICK, Town

STEPS = {"events": ["onboarding.step"], "institution_id": 1}


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as made:
        yield made


def call(town: Town, method: str, path: str, body: object = None, status: int = 200) -> Any:
    answer = town.client.request(method, f"/_lab/{path}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def subscribe(town: Town, url: str, **fields: Any) -> Any:
    return call(town, "POST", "callbacks", {"url": url} | (fields or STEPS), 201)


def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_callback_as_it_is_shown(town: Town) -> None:
    """With its keys; the same in the list, alone, and to nobody else."""
    shown = subscribe(town, "http://127.0.0.1:9000/hook", events=["risk.changed", "kep.receipt"], institution_id=1)
    secret, key = shown.pop("secret"), shown.pop("public_key")
    assert shown == {
        "callback_id": 1,
        "url": "http://127.0.0.1:9000/hook",
        "events": ["risk.changed", "kep.receipt"],
        "institution_id": 1,
        "sms_account": None,
        "timestamps": "world",
        "state": "active",
        "disabled_because": None,
        "failing_since": None,
        "made_at": "2021-10-04T05:00:00.000Z",
        "told": 0,
    }
    assert (secret[:6], key[:5]) == ("whsec_", "whpk_")
    again = shown | {"secret": secret, "public_key": key}
    assert (call(town, "GET", "callbacks"), call(town, "GET", "callbacks/1")) == ([again], again)
    other = subscribe(town, "http://127.0.0.1:9000/hook")
    assert other["secret"] != secret
    assert call(town, "DELETE", "callbacks/1", status=204) is None
    assert [one["callback_id"] for one in call(town, "GET", "callbacks")] == [2]


@pytest.mark.parametrize(
    ("body", "status", "key"),
    [
        ({"url": "ftp://127.0.0.1/"} | STEPS, 400, "badcallback"),
        ({"url": "http://10.0.0.1/"} | STEPS, 400, "addressnotallowed"),
        ({"url": "http://nobody.invalid/hook"} | STEPS, 400, "addressnotallowed"),
        ({"url": "http://127.0.0.1/", "events": ["onboarding.step"]}, 400, "badcallback"),
        ({"url": "http://127.0.0.1/", "events": ["sms.receipt"]}, 400, "badcallback"),
        ({"url": "http://127.0.0.1/", "events": ["ping"], "institution_id": 1}, 400, "constraintviolation"),
        ({"url": "http://127.0.0.1/", "events": [], "institution_id": 1}, 400, "constraintviolation"),
        ({"url": "http://127.0.0.1/"} | STEPS | {"institution_id": 99}, 404, "institutionnotfound"),
        ({"url": "http://127.0.0.1/", "events": ["sms.receipt"], "sms_account": "X"}, 404, "smsaccountnotfound"),
    ],
)
def test_what_cannot_be_subscribed(town: Town, body: object, status: int, key: str) -> None:
    assert call(town, "POST", "callbacks", body, status)["errorKey"] == key
    assert call(town, "GET", "callbacks") == []


def test_a_ping_arrives_and_stands_in_the_outbox(town: Town, endpoint: Endpoint) -> None:
    """The answer tells what became of it."""
    made = subscribe(town, endpoint.url)
    sent = call(town, "POST", "callbacks/1/ping", status=201)
    (called,) = endpoint.calls
    assert verified(made["secret"], called.headers, called.body) == {
        "type": "ping",
        "timestamp": "2021-10-04T05:00:00.000Z",
        "data": {"subscription": 1},
    }
    assert sent == {
        "delivery_id": 1,
        "webhook_id": called.id,
        "event": "ping",
        "copy": 0,
        "happened_at": "2021-10-04T05:00:00.000Z",
        "state": "delivered",
        "due_at": None,
        "done_at": "2021-10-04T05:00:00.000Z",
        "body": called.body.decode(),
        "attempts": [{"nth": 1, "at": "2021-10-04T05:00:00.000Z", "status": 204, "trouble": None}],
    }
    assert call(town, "GET", "callbacks/1/deliveries") == [sent]
    assert call(town, "GET", "callbacks/1/deliveries?after=1") == []
    assert call(town, "GET", "callbacks/1/deliveries/1") == sent


def test_a_failure_is_replayed_by_hand(town: Town, endpoint: Endpoint) -> None:
    """Under the same id; a clock that stands still tries nothing by itself."""
    subscribe(town, endpoint.url)
    endpoint.answer = lambda _: 500
    failed = call(town, "POST", "callbacks/1/ping", status=201)
    assert (failed["state"], failed["attempts"][0]["status"]) == ("waiting", 500)
    endpoint.answer = lambda _: 200
    done = call(town, "POST", "callbacks/1/deliveries/1/replay")
    assert (done["state"], len(done["attempts"]), done["webhook_id"]) == ("delivered", 2, failed["webhook_id"])
    assert [called.id for called in endpoint.calls] == [done["webhook_id"]] * 2
    assert call(town, "POST", "callbacks/1/deliveries/9/replay", status=404)["errorKey"] == "deliverynotfound"


def test_off_and_on(town: Town, endpoint: Endpoint) -> None:
    """A disabled one sends nothing, not even by hand; 410 disables."""
    subscribe(town, endpoint.url)
    assert call(town, "POST", "callbacks/1/disable")["disabled_because"] == "by-hand"
    assert call(town, "POST", "callbacks/1/ping", status=409)["errorKey"] == "callbackdisabled"
    assert call(town, "POST", "callbacks/1/enable")["state"] == "active"
    endpoint.answer = lambda _: 410
    assert call(town, "POST", "callbacks/1/ping", status=201)["state"] == "failed"
    shown = call(town, "GET", "callbacks/1")
    assert (shown["state"], shown["disabled_because"]) == ("disabled", "gone")
    assert call(town, "POST", "callbacks/1/deliveries/1/replay", status=409)["errorKey"] == "callbackdisabled"


def test_keys_change(town: Town, endpoint: Endpoint) -> None:
    old = subscribe(town, endpoint.url)
    new = call(town, "POST", "callbacks/1/rotate")
    assert (new["secret"] != old["secret"], new["public_key"] != old["public_key"]) == (True, True)
    call(town, "POST", "callbacks/1/ping", status=201)
    (called,) = endpoint.calls
    assert verified(old["secret"], called.headers, called.body) == verified(new["secret"], called.headers, called.body)


@pytest.mark.parametrize("path", ["", "/ping", "/rotate", "/enable", "/disable", "/deliveries", "/deliveries/1"])
def test_nobody_has_this_number(town: Town, path: str) -> None:
    method = "POST" if path in ("/ping", "/rotate", "/enable", "/disable") else "GET"
    assert call(town, method, f"callbacks/7{path}", status=404)["errorKey"] == "callbacknotfound"


def report(town: Town, citizen_id: int) -> None:
    body = [{"kind": "pcr", "citizen_id": citizen_id, "at": "2021-10-04T04:00:00Z", "positive": True}]
    call(town, "POST", "reports", body, 201)


def test_a_clock_that_stands_still_does_not_hold_callbacks_up(town: Town, endpoint: Endpoint) -> None:
    """What happens now is told now, after the request that brought it about."""
    subscribe(town, endpoint.url, events=["risk.changed"], institution_id=1)
    code = town.issue(days=30).text
    assert town.ask("C3", {"hes_code": code}).json()["current_health_status"] == "RISKLESS"
    report(town, town.mother.citizen_id)
    until(lambda: endpoint.calls)
    assert endpoint.calls[0].data["current_health_status"] == "RISKY"


def test_who_is_called_may_ask_the_ministry_meanwhile(town: Town, endpoint: Endpoint) -> None:
    """Also while a clock is being moved: the answer is that of the very moment."""
    subscribe(town, endpoint.url, events=["risk.changed"], institution_id=1)
    code = town.issue(days=30).text
    asked: list[tuple[str, str, str]] = []

    def asking(called: Called) -> int:
        now = call(town, "GET", "world")["now"]
        answer = town.ask("C3", {"hes_code": code}).json()["current_health_status"]
        asked.append((now[:16], called.data["current_health_status"], answer))
        return 200

    endpoint.answer = asking
    town.ask("C3", {"hes_code": code})
    report(town, town.mother.citizen_id)
    call(town, "POST", "clock", {"advance_s": 20 * 86_400})
    assert asked == [("2021-10-04T05:00", "RISKY", "RISKY"), ("2021-10-18T21:00", "RISKLESS", "RISKLESS")]


def test_moving_the_clock_waits_for_every_attempt(town: Town, endpoint: Endpoint) -> None:
    """Ten attempts of a dead endpoint, each at its own moment, are over when the call returns."""
    subscribe(town, endpoint.url)
    endpoint.answer = lambda _: 503
    call(town, "POST", "callbacks/1/ping", status=201)
    call(town, "POST", "clock", {"advance_s": 5 * 86_400})
    (found,) = call(town, "GET", "callbacks/1/deliveries")
    assert (found["state"], len(found["attempts"]), len(endpoint.calls)) == ("failed", 10, 10)
    stamps = [int(called.headers["webhook-timestamp"]) for called in endpoint.calls]
    assert stamps == sorted(set(stamps))
    assert 75 * 3600 < stamps[-1] - stamps[0] < 84 * 3600


def test_no_world_says_where_its_server_calls(town: Town) -> None:
    """Neither networks nor time-outs can be a world's own."""
    for setting, value in (("callback_networks", "0.0.0.0/0"), ("callback_timeout_s", 60)):
        body = {"name": "open", "settings": {setting: value}}
        refused = call(town, "POST", "worlds", body, 400)
        assert (refused["errorKey"], "are the server's" in refused["title"]) == ("worldrefused", True)


def test_every_world_has_its_own(town: Town, endpoint: Endpoint) -> None:
    """Another world's subscription has other keys and says from where it calls."""
    call(town, "POST", "worlds", {"name": "other", "seed": 2, "people": 5}, 201)
    mine = subscribe(town, endpoint.url)
    answer = town.client.post("/w/other/_lab/callbacks", json={"url": endpoint.url} | STEPS)
    assert answer.json()["secret"] != mine["secret"]
    town.client.post("/w/other/_lab/callbacks/1/ping")
    assert [called.headers["x-hes-world"] for called in endpoint.calls] == ["other"]


def test_a_dropped_world_calls_nobody(town: Town, endpoint: Endpoint) -> None:
    """Even if it was being called back about at that moment."""
    call(town, "POST", "worlds", {"name": "other", "people": 5}, 201)
    town.client.post("/w/other/_lab/callbacks", json={"url": endpoint.url} | STEPS)

    def dropping(_: Called) -> int:
        call(town, "DELETE", "worlds/other", status=204)
        return 200

    endpoint.answer = dropping
    town.worlds.get("other").callbacks.ping(1)
    until(lambda: "other" not in town.worlds and len(endpoint.calls) == 1)


@pytest.mark.parametrize("gone", ["dropped", "restored"])
@pytest.mark.parametrize("path", ["clock", "callbacks/1/ping"])
def test_whoever_waits_for_a_world_that_goes_is_told(town: Town, endpoint: Endpoint, gone: str, path: str) -> None:
    """While its clock is moved, or a callback is on its way: it is refused, and nothing breaks."""
    call(town, "POST", "worlds", {"name": "other", "people": 5}, 201)
    call(town, "POST", "worlds/other/snapshots", {"snapshot": "kept"}, 201)
    town.client.post("/w/other/_lab/callbacks", json={"url": endpoint.url} | STEPS)

    def going(_: Called) -> int:
        if gone == "dropped":
            call(town, "DELETE", "worlds/other", status=204)
        else:
            call(town, "POST", "worlds/other/restore", {"snapshot": "kept"})
        return 200

    endpoint.answer = going
    if path == "clock":
        town.worlds.get("other").callbacks.ping(1)
    answer = town.client.post(f"/w/other/_lab/{path}", json={"advance_s": 60} if path == "clock" else None)
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "worldrefused"), answer.text


def test_two_who_move_the_clock_on_at_once(town: Town, endpoint: Endpoint) -> None:
    """One span comes after the other, and neither is past when its turn comes."""
    subscribe(town, endpoint.url)
    second = ThreadPoolExecutor(1)
    moved: list[Future[Any]] = []

    def moving(_: Called) -> int:
        moved.append(second.submit(call, town, "POST", "clock", {"advance_s": 60}))
        time.sleep(0.2)
        return 200

    endpoint.answer = moving
    town.ministry.callbacks.ping(1)
    assert call(town, "POST", "clock", {"advance_s": 3600})["now"].startswith("2021-10-04T06:00:00")
    assert moved[0].result()["now"].startswith("2021-10-04T06:01:00")
    second.shutdown()


def test_nothing_is_followed_and_nothing_of_an_answer_is_kept(town: Town, endpoint: Endpoint) -> None:
    """But its status."""
    subscribe(town, endpoint.url)
    with Endpoint() as other:
        endpoint.answer = lambda _: (307, {"location": other.url, "x-secret": "gizli"})
        sent = call(town, "POST", "callbacks/1/ping", status=201)
    assert (other.calls, sent["attempts"][0]["status"], "gizli" in str(sent)) == ([], 307, False)


def test_who_moves_the_clock_while_being_called_waits_for_itself(endpoint: Endpoint) -> None:
    """The call times out and counts as failed; the clock moves after it."""
    impatient = Town(replace(QUICK, callback_timeout_s=1))
    moved: list[str] = []

    def moving(_: Called) -> int:
        moved.append(call(impatient, "POST", "clock", {"advance_s": 1})["now"])
        return 200

    subscribe(impatient, endpoint.url)
    endpoint.answer = moving
    sent = call(impatient, "POST", "callbacks/1/ping", status=201)
    assert sent["attempts"][0]["trouble"] == "timed-out"
    until(lambda: moved)
    assert moved[0].startswith("2021-10-04T05:00:01")
    impatient.close()
