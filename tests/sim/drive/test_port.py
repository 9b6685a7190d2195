"""What a ministry must do for the country, whichever port it is met through."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mockgov.risk_index.messages import PcrReport
from mockgov.vocabulary.person import Sex
from mockgov.worlds import Worlds
from sim.demand.parameters import Channel, Spoiled
from sim.drive.in_process import in_process
from sim.drive.oracle import Oracle, wrong_fields
from sim.drive.over_http import over_http
from sim.drive.port import Call, MinistryPort, Person, Reply, Residents, Settlement, SmallOffice
from sim.drive.stub import StubMinistry
from tests.serving import Serving

OPENS = datetime(2021, 10, 3, 21, tzinfo=UTC)
MORNING = OPENS + timedelta(hours=8)
PHONE = {"sex": Sex.FEMALE, "province": 26, "has_phone": True}
MOTHER = Person(firstname="AYŞE NUR", lastname="ÖZ", birth_date=date(1985, 5, 1), **PHONE)
CHILD = Person(firstname="CAN", lastname="ÖZ", birth_date=date(2010, 5, 1), **PHONE | {"has_phone": False}, parent=0)
GRANDMOTHER = Person(firstname="ZEHRA", lastname="ÖZ", birth_date=date(1950, 5, 1), **PHONE | {"has_phone": False})
STRANGER = Person(firstname="IŞIL", lastname="ÇAĞ", birth_date=date(1990, 5, 1), **PHONE)
PEOPLE = (MOTHER, CHILD, GRANDMOTHER, STRANGER)
FAMILY = Settlement(
    world="family",
    seed=3,
    settings={"argon2_memory_kib": 64, "argon2_passes": 1},
    people=PEOPLE,
    offices=(),
    had_before=(1,),
    deleted=(2,),
    days_left=(7, 0, 1, 0),
    app_users=(0,),
    visitors=(0, 3),
    small_offices=(SmallOffice(manager=3, name="Dükkân", province=26, staff_count=4),),
    begins_at=OPENS - timedelta(hours=9),
    ended_at=OPENS - timedelta(hours=3),
    opens_at=OPENS,
)
Story = Callable[[MinistryPort, Residents, Oracle], Awaitable[None]]


@pytest.fixture(params=["stub", "in-process", "http"])
def tell(request: pytest.FixtureRequest) -> Iterator[Callable[[Story], None]]:
    """Let something happen in the family's world, through each port in turn."""

    def told(story: Story, url: str = "") -> None:
        async def run() -> None:
            ports: dict[str, Callable[[], MinistryPort]] = {
                "stub": StubMinistry,
                "in-process": in_process,
                "http": lambda: over_http(url),
            }
            ministry = ports[request.param]()
            try:
                residents = await ministry.settle(FAMILY)
                await ministry.stand_at(MORNING)
                await story(ministry, residents, Oracle(PEOPLE, residents))
            finally:
                await ministry.close()

        asyncio.run(run())

    if request.param != "http":
        yield told
        return
    worlds = Worlds()
    worlds.make("default")
    with Serving(worlds) as server:
        yield lambda story: told(story, server.url)


def right(reply: Reply, *expected: Any) -> None:
    """Each code's answer is as the oracle has it."""
    assert (reply.status, len(reply.told)) == (200, len(expected)), reply
    assert [wrong_fields(one, told) for one, told in zip(expected, reply.told, strict=True)] == [()] * len(expected)


def test_a_code_from_before_lasts_as_long_as_its_way_gave_it(tell: Callable[[Story], None]) -> None:
    """So many days from the midnight with which the day begins, or without end."""

    async def story(ministry: MinistryPort, residents: Residents, _: Oracle) -> None:
        ends = [code.expires for code in residents.code]
        if isinstance(ministry, StubMinistry):  # it keeps no days
            return
        assert ends[0] == "2021-10-10T21:00:00.000Z"
        assert ends[2] == "2021-10-04T21:00:00.000Z"
        assert ends[1] == ends[3] == "2070-12-30T13:00:00.000Z"

    tell(story)


def test_one_code_on_e_devlets_page(tell: Callable[[Story], None]) -> None:
    """Good, of somebody risky, expired, deleted, of nobody: as the oracle has it."""

    async def story(ministry: MinistryPort, residents: Residents, oracle: Oracle) -> None:
        report = PcrReport(citizen_id=4, sampled_at=MORNING - timedelta(hours=50), positive=False)
        positive = PcrReport(citizen_id=1, sampled_at=MORNING - timedelta(hours=20), positive=True)
        await ministry.file([report, positive])
        oracle.learn([report, positive])
        for person, spoiled, text in (
            (0, Spoiled.NONE, residents.code[0].text),
            (3, Spoiled.NONE, residents.code[3].text),
            (1, Spoiled.EXPIRED, residents.expired[1].text),
            (2, Spoiled.DELETED, residents.deleted[2].text),
            (1, Spoiled.MISTYPED, "A0A0000019"),
        ):
            reply = await ministry.ask(Call(Channel.EDEVLET, 3, (text,)))
            right(reply, oracle.expected(person, Channel.EDEVLET, spoiled, MORNING))

    tell(story)


def test_a_list_at_e_devlet(tell: Callable[[Story], None]) -> None:
    """Riskless codes are counted, problem rows name the others."""

    async def story(ministry: MinistryPort, residents: Residents, oracle: Oracle) -> None:
        report = PcrReport(citizen_id=3, sampled_at=MORNING - timedelta(hours=20), positive=True)
        await ministry.file([report])
        oracle.learn([report])
        codes = (residents.code[0].text, residents.code[2].text, residents.expired[1].text, "A0A0000019")
        reply = await ministry.ask(Call(Channel.EDEVLET_BULK, 3, codes))
        kinds = (Spoiled.NONE, Spoiled.NONE, Spoiled.EXPIRED, Spoiled.MISTYPED)
        expected = [
            oracle.expected(person, Channel.EDEVLET_BULK, kind, MORNING)
            for person, kind in zip((0, 2, 1, 1), kinds, strict=True)
        ]
        assert [one.get("current_health_status") or one["errorKey"] for one in expected] == [
            *("RISKLESS", "RISKY", "hescodehasbeenexpired", "hescodenotfound")
        ]
        right(reply, *expected)

    tell(story)


@pytest.mark.parametrize(
    ("channel", "asker", "person", "days", "ends"),
    [
        (Channel.MAKE_APP, 0, 0, 30, "2021-11-02T21:00:00.000Z"),
        (Channel.MAKE_APP, 0, 1, 0, "2070-12-30T13:00:00.000Z"),
        (Channel.MAKE_SMS, 0, 0, 180, "2022-04-02T05:00:00.000Z"),
        (Channel.MAKE_SMS, 0, 2, 0, "2070-12-30T13:00:00.000Z"),
        (Channel.MAKE_EDEVLET, 3, 3, 0, "2070-12-30T13:00:00.000Z"),
        (Channel.MAKE_EDEVLET, 0, 1, 90, "2022-01-01T21:00:00.000Z"),
    ],
)
def test_a_code_is_made_and_answers(
    tell: Callable[[Story], None], channel: Channel, asker: int, person: int, days: int, ends: str
) -> None:
    """For oneself, for a child, for somebody of the household: good for a query once it has come, to its end."""

    async def story(ministry: MinistryPort, residents: Residents, oracle: Oracle) -> None:
        call = Call(channel, asker, (), person, days)
        sent = await ministry.ask(call)
        assert (sent.status, sent.told) == (200, ())
        later = MORNING + timedelta(minutes=1)
        await ministry.stand_at(later)
        made = await ministry.collect(call)
        assert made.status == 200
        (told,) = made.told
        code, old = told["hes_code"], residents.code[person].text
        assert code not in (old, "")
        assert oracle.end_of(call, MORNING) == ends
        assert told.get("expiration_date", ends) == ends
        oracle.hold(person, residents.code[person]._replace(text=code, expires=ends))
        for text in (code, old)[: 1 if isinstance(ministry, StubMinistry) else 2]:
            reply = await ministry.ask(Call(Channel.PERSON if asker == 0 else Channel.EDEVLET, asker, (text,)))
            assert reply.told[0]["current_health_status"] == "RISKLESS"
            if text == code:
                right(
                    reply,
                    oracle.expected(person, Channel.PERSON if asker == 0 else Channel.EDEVLET, Spoiled.NONE, later),
                )

    tell(story)


def test_two_texts_from_one_telephone(tell: Callable[[Story], None]) -> None:
    """Each reply goes to whom its text was about, in the order of asking."""

    async def story(ministry: MinistryPort, _: Residents, __: Oracle) -> None:
        calls = [Call(Channel.MAKE_SMS, 0, (), person, 30) for person in (0, 2)]
        for call in calls:
            await ministry.ask(call)
        await ministry.stand_at(MORNING + timedelta(minutes=5))
        codes = [(await ministry.collect(call)).told[0]["hes_code"] for call in calls]
        names = [(await ministry.ask(Call(Channel.PERSON, 0, (code,)))).told[0]["masked_firstname"] for code in codes]
        assert names == ["AY**** NU****", "ZE****"]

    tell(story)
