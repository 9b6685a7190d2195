"""The lab's clock: read, set, advanced, run at a factor, stopped; everything due has happened when it answers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mockgov.clock import from_us
from tests.mockgov.counters.town import Town

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)


class Real:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    made.real = Real()
    made.ministry.world.real_now = made.real
    yield made
    made.close()


def move(town: Town, status: int = 200, **body: object) -> Any:
    answer = town.client.post("/_lab/clock", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


def read(town: Town) -> Any:
    return town.client.get("/_lab/clock").json()


def test_reading(town: Town) -> None:
    """World, time, how it runs, and when something happens next by itself."""
    shown = {"world": "default", "now": "2021-10-04T05:00:00.000Z", "clock": "manual", "factor": 0.0, "next_due": None}
    assert read(town) | {"next_due": None} == shown
    order = {"to": "2023", "text": "HES"}
    town.client.post(f"/_lab/people/{town.mother.citizen_id}/sms", json=order)
    assert read(town)["next_due"] == "2021-10-04T05:00:08.000Z"


def test_running_at_a_factor(town: Town) -> None:
    """`factor` alone lets it run; `run` stops it where it is."""
    assert move(town, factor=60)["factor"] == 60
    town.real.now += timedelta(minutes=2)
    assert (read(town)["now"], read(town)["clock"]) == ("2021-10-04T07:00:00.000Z", "running")
    assert move(town, run=False)["factor"] == 0
    town.real.now += timedelta(days=2)
    assert read(town)["now"] == "2021-10-04T07:00:00.000Z"
    assert move(town, run=True)["factor"] == 1
    town.real.now += timedelta(minutes=2)
    assert read(town)["now"] == "2021-10-04T07:02:00.000Z"
    assert move(town, run=True, factor=0.5)["factor"] == 0.5
    assert move(town, advance_s=60)["now"] == "2021-10-04T07:03:00.000Z"
    assert read(town)["clock"] == "running"


def test_whoever_asks_finds_everything_done(town: Town) -> None:
    """Under a hurrying clock too, what has fallen due has happened before a request is answered, each at its time."""
    order = {"to": "2023", "text": f"HES {town.mother.identity.digits} {town.mother.identity.digits[-4:]}"}
    town.client.post(f"/_lab/people/{town.mother.citizen_id}/sms", json=order)
    move(town, factor=3600)
    town.real.now += timedelta(seconds=1)
    assert len(town.client.get("/_lab/sms", params={"phone": town.mother.phone.e164}).json()) == 1
    delivered = town.ministry.world.database.raw.execute("SELECT done_us FROM sms_message WHERE sender = '2023'")
    assert [from_us(us) for (us,) in delivered] == [MONDAY + timedelta(seconds=8)]
    assert read(town)["now"] == "2021-10-04T06:00:00.000Z"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": "2021-10-06T00:00:00Z", "run": True},
        {"advance_s": 1, "factor": 2},
        {"run": False, "factor": 2},
        {"factor": 0},
        {"factor": 1e9},
        {"factor": "60"},
        {"run": 1},
        {"to": "2021-10-04T00:00:00Z"},
    ],
)
def test_what_no_clock_does(town: Town, body: dict[str, object]) -> None:
    """One thing at a time, never back; the clock stands where it stood."""
    assert move(town, 400, **body)["status"] == 400
    assert (read(town)["now"], read(town)["clock"]) == ("2021-10-04T05:00:00.000Z", "manual")


@pytest.mark.parametrize("kind", [None, "application/x-www-form-urlencoded", "text/plain"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "clock", b'{"advance_s": 60}'),
        ("POST", "worlds", b'{"name": "x"}'),
        ("PUT", "faults", b'[{"kind": "refuse"}]'),
        ("POST", "callbacks", b"{"),
    ],
)
def test_a_body_that_is_not_said_to_be_json(town: Town, kind: str | None, method: str, path: str, body: bytes) -> None:
    """As `curl -d` sends it: every route of the lab says which header to send, and does nothing."""
    headers = {} if kind is None else {"content-type": kind}
    answer = town.client.request(method, f"/_lab/{path}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["errorKey"]) == (400, "notjson")
    assert "-H 'content-type: application/json'" in answer.json()["title"]
    assert (read(town)["now"], list(town.worlds)) == ("2021-10-04T05:00:00.000Z", ["default"])


@pytest.mark.parametrize("factor", ["NaN", "Infinity", "-Infinity", "-1", "0", "1e999"])
def test_a_factor_that_no_clock_can_have(town: Town, factor: str) -> None:
    """The field is named, with what it may be."""
    headers = {"content-type": "application/json"}
    answer = town.client.post("/_lab/clock", content=f'{{"factor": {factor}}}', headers=headers)
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith(
        ("body.factor: Input should be a finite number", "body.factor: Input should be greater than or equal to 0.001")
    )
    assert read(town)["clock"] == "manual"
