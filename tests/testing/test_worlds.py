"""A world for each test: fresh, quick, fixed by its order, and the same whatever carries the requests."""

import asyncio
import time
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from mockgov.testing.order import Order, OrderError
from mockgov.testing.sandbox import Sandbox
from mockgov.testing.templates import templates
from mockgov.vocabulary.hes_code import HesCode

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
CHECK = "/services/g2g/saglik/hes/check-hes-code"
SERVED = pytest.mark.hes(server=True)
BOTH = pytest.mark.parametrize("server", [False, True], ids=["in-process", "server"])


def test_a_world_has_people_institutions_and_a_clock_that_stands(world, ministry, clock, ministry_url) -> None:
    """As the marker's defaults say."""
    assert (len(world.people), ministry.world.seed, clock.now()) == (50, 1, MONDAY)
    assert ministry_url == "http://ministry.invalid"
    assert world.ministry is ministry


@pytest.mark.hes(seed=3, people=7, start="2021-03-01T08:00:00+03:00", settings={"bulk_limit": 3})
def test_a_marker_orders_another(world, clock) -> None:
    """Seed, people, first moment, settings."""
    assert (len(world.people), world.ministry.world.seed) == (7, 3)
    assert clock.now() == datetime(2021, 3, 1, 5, tzinfo=UTC)
    pair = world.pair()
    body = [{"hes_code": world.code().text} for _ in range(4)]
    answer = world.http.post(pair.base + "check-hes-codes", json=body, auth=pair.auth)
    assert (answer.status, answer.json()["errorKey"]) == (400, "toomanyhescodes")


@pytest.mark.hes(people=0)
@pytest.mark.parametrize("_nth", range(3))
def test_what_one_test_does_no_other_sees(world, _nth) -> None:
    """Each finds an empty world, and the same first code."""
    assert len(world.people) == 0
    assert world.code(world.register()) == HesCode("D9Y5794715")


@pytest.mark.hes(people=5)
@BOTH
def test_equal_orders_give_equal_worlds_however_they_are_reached(server: bool) -> None:
    """People, codes and passwords; in process and behind a port."""
    order = Order(seed=9, people=5)
    with templates().sandbox(order) as one, templates(server=server).sandbox(order) as other:
        assert one.people == other.people
        assert one.pair().password == other.pair().password
        assert one.code() == other.code()
        assert one.url != other.url or not server


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sead": 1}, "leave out sead"),
        ({"start": "yesterday"}, "start must be a moment"),
        ({"start": "2021-03-01T08:00:00"}, "time zone"),
        ({"people": -1, "seed": -1}, "seed must be 0 or more and below 2\\^63, not -1; people must be 0 to 200000"),
    ],
)
def test_an_impossible_order_is_refused(given, said) -> None:
    """With what to write instead."""
    with pytest.raises(OrderError, match=said):
        Order.read(given)


def test_unknown_settings_are_refused() -> None:
    """When the world is made, by the settings themselves."""
    with pytest.raises(OrderError, match="bulk_limt is not a setting"):
        templates().sandbox(Order(settings={"bulk_limt": 3}))


@pytest.mark.hes(people=5)
def test_a_label_of_nobodys_opens_nothing(world: Sandbox) -> None:
    """It is told with the known ones, and nothing is made; `institution` makes one, and the kit's own is there."""
    before = world.run(world.ministry.registry.institutions)
    with pytest.raises(
        LookupError, match=r"'NOBODY'; there are ÇINAR-LOJİSTİK, .*world\.institution\('NOBODY'\) makes one"
    ):
        world.pair("NOBODY")
    assert world.run(world.ministry.registry.institutions) == before
    world.institution("NOBODY")
    assert world.pair("NOBODY").username == "NOBODY-G2G-HES"
    assert world.pair().username == "ÇINAR-LOJİSTİK-G2G-HES"
    assert world.pair(before[0].label).username.startswith(before[0].label)


@pytest.mark.hes(people=5)
def test_the_clock_says_what_it_takes(world: Sandbox) -> None:
    """An aware datetime or ISO text with a zone; whatever else is refused with words, and the clock stands still."""
    assert world.clock.to("2021-10-05T08:00:00+03:00") == datetime(2021, 10, 5, 5, tzinfo=UTC)
    assert world.clock.to("2021-10-05T06:00:00Z") == datetime(2021, 10, 5, 6, tzinfo=UTC)
    for wrong, kind in (
        ("x", ValueError),
        ("2021-10-06T08:00:00", ValueError),
        (datetime(2021, 10, 6), ValueError),  # noqa: DTZ001  without a zone on purpose
        (date(2021, 10, 6), TypeError),
        (5, TypeError),
        (None, TypeError),
    ):
        with pytest.raises(kind, match="takes an aware datetime, or ISO text with its zone such as"):
            world.clock.to(wrong)
    with pytest.raises(TypeError, match="takes a timedelta, or days="):
        world.clock.advance("x")
    assert world.clock.now() == datetime(2021, 10, 5, 6, tzinfo=UTC)


@pytest.mark.hes(people=5)
def test_every_verb_shows_on_the_wire(world: Sandbox) -> None:
    """Issue, report, shorten, delete, rotate, faults: each is seen by the next question."""
    world.institution("İĞDIR-BELEDİYESİ")
    pair, holder = world.pair("İĞDIR-BELEDİYESİ"), world.register("Işıl", "Çiğdem")
    code = world.code(holder, days=7)

    def ask() -> object:
        answer = world.http.post(CHECK, json={"hes_code": code.dashed}, auth=pair.auth)
        return answer.json().get("current_health_status") or answer.json()["errorKey"]

    assert ask() == "RISKLESS"
    world.positive(holder)
    assert ask() == "RISKY"
    world.clock.advance(days=6, hours=23)
    assert ask() == "RISKY"
    world.shorten(code, world.clock.now() + timedelta(minutes=5))
    world.clock.advance(minutes=5)
    assert ask() == "hescodehasbeenexpired"
    world.delete(code)
    assert ask() == "hescodenotfound"
    newer = world.rotate(pair)
    assert ask() == "badcredentials"
    pair = newer
    assert ask() == "hescodenotfound"


@SERVED
def test_a_server_answers_any_client(world, ministry_url, ministry_transport, clock) -> None:
    """On loopback, under the world's own path; the clock moves on the server's thread."""
    assert ministry_transport is None
    assert ministry_url.startswith("http://127.0.0.1:")
    pair, code = world.pair(), world.code(days=1)
    with httpx2.Client(base_url=ministry_url, auth=pair.auth, trust_env=False) as client:
        assert client.post(CHECK, json={"hes_code": code.text}).status_code == 200
        clock.advance(days=1)
        assert client.post(CHECK, json={"hes_code": code.text}).json()["errorKey"] == "hescodehasbeenexpired"
    assert world.http.get("/_lab/world").json()["now"] == "2021-10-05T05:00:00.000Z"


@BOTH
def test_httpx_sync_and_async_and_the_plain_client_get_the_same(server: bool) -> None:
    """Status, headers that matter, body; on the hot routes and on the framework's."""
    with templates(server=server).sandbox(Order(people=3)) as world:
        pair, code = world.pair(), world.code()
        with httpx2.Client(transport=world.transport, base_url=world.url, trust_env=False) as client:
            hot = client.post(CHECK, json={"hes_code": code.text}, auth=pair.auth)
            cold = client.get("/_lab/world", params={"a": "ğ"})

        async def awaited() -> list[httpx2.Response]:
            async with httpx2.AsyncClient(transport=world.transport, base_url=world.url, trust_env=False) as client:
                asked = [client.post(CHECK, json={"hes_code": code.text}, auth=pair.auth) for _ in range(5)]
                return [*await asyncio.gather(*asked), await client.get("/_lab/world")]

        *many, world_seen = asyncio.run(awaited())
        plain = world.http.post(CHECK, json={"hes_code": code.text}, auth=pair.auth)
        assert {one.text for one in many} == {hot.text} == {plain.text}
        assert (hot.status_code, plain.status, hot.headers["content-type"]) == (200, 200, "application/json")
        assert plain.headers["content-type"] == "application/json"
        assert world_seen.json() == cold.json() | {"queries": 6}
        assert world.http.get("/nowhere").status == 404


def test_a_blocking_client_may_be_used_from_a_running_loop(world) -> None:
    """It is answered on a thread beside the loop."""
    pair, code = world.pair(), world.code()

    async def inside() -> int:
        return world.http.post(CHECK, json={"hes_code": code.text}, auth=pair.auth).status

    assert asyncio.run(inside()) == 200


def test_phones_and_registered_mailboxes(world, handset, kep_inbox) -> None:
    """A login code arrives on a phone, a code comes back from 2023, and a mailbox opens with its password."""
    citizen = world.adult()
    phone = handset(citizen)
    assert world.http.post("/api/send-code-to-login", json={"phone": citizen.phone.e164}).status == 201
    body = {"phone": citizen.phone.e164, "password": phone.login_code(), "rememberMe": False}
    assert world.http.post("/api/authenticate-with-code", json=body).status == 200
    phone.send(f"HES {citizen.identity.digits} {citizen.id_card.last_four} 7")
    world.clock.advance(seconds=30)
    (made,) = phone.codes()
    assert made in world.codes(citizen)
    assert phone.senders[-1] == "2023"
    mailbox = kep_inbox("anadolu-gida@hs02.kep.tr")
    assert mailbox.letters == []
    session = {"address": mailbox.address.address, "password": mailbox.password}
    assert world.http.post("/kep/api/sessions", json=session).status == 201


def test_a_fresh_world_takes_under_twenty_milliseconds() -> None:
    """Of the processor, the best of some: other work does not count. `make bench-worlds` tells more."""
    order = Order(people=50)
    templates().sandbox(order).close()

    def one() -> float:
        began = time.process_time()
        with templates().sandbox(order):
            return time.process_time() - began

    assert min(one() for _ in range(10)) < 0.020
