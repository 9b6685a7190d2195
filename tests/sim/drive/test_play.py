"""The player: open loop, and standing still only where the truth moves."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from time import perf_counter

import pytest

from mockgov.risk_index.messages import PcrReport, Report
from sim.demand.parameters import Channel
from sim.drive.play import Due, Step, Wallet, play
from sim.drive.port import Call, Reply, Residents, Settlement

MIDNIGHT = datetime(2021, 10, 3, 21, tzinfo=UTC)


class SlowFirst:
    """A ministry that notes when each call reaches it, and takes its time over the code SLOW."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, float]] = []
        self.log: list[str] = []

    async def settle(self, settlement: Settlement) -> Residents:
        raise AssertionError(settlement)

    async def stand_at(self, moment: datetime) -> None:
        self.log.append(f"clock {moment:%H:%M}")

    async def file(self, reports: Sequence[Report]) -> None:
        self.log.append(f"filed {len(reports)}")

    async def ask(self, call: Call) -> Reply:
        self.heard.append((call.codes[0], perf_counter()))
        await asyncio.sleep(0.3 if call.codes[0] == "SLOW" else 0)
        self.log.append(call.codes[0])
        return Reply(200, ({"hes_code": call.codes[0]},))

    async def audited(self) -> int:
        return len(self.heard)

    async def close(self) -> None:
        pass


def due(at_ms: int, code: str) -> Due:
    return Due(at_ms * 1000, Call(Channel.SINGLE, 0, (code,)))


def step(minutes: int, *calls: Due, filed: Sequence[Report] = ()) -> Step:
    return Step(at=MIDNIGHT + timedelta(minutes=minutes), filed=filed, calls=calls)


def test_a_late_answer_delays_no_later_call() -> None:
    """Five calls 10 ms apart leave 10 ms apart, though the first is answered after 300 ms."""
    ministry = SlowFirst()
    calls = (due(0, "SLOW"), *(due(10 * n, f"C{n}") for n in range(1, 5)))
    asyncio.run(play(ministry, [step(0, *calls)], compression=1))
    first = ministry.heard[0][1]
    assert [code for code, _ in ministry.heard] == ["SLOW", "C1", "C2", "C3", "C4"]
    assert ministry.heard[4][1] - first < 0.2


def test_latency_counts_from_the_moment_the_call_should_have_left() -> None:
    """A call behind a moving clock is sent late, and the wait counts as its latency."""
    ministry = SlowFirst()
    steps = [step(0, due(0, "SLOW")), step(1, due(50, "NEXT"))]
    told = asyncio.run(play(ministry, steps, compression=1))
    assert told[1][0].latency_us == pytest.approx(250_000, abs=60_000)


def test_everything_is_answered_before_the_truth_moves() -> None:
    """The clock moves and reports are filed only between the answers of one step and the calls of the next."""
    ministry = SlowFirst()
    report = PcrReport(citizen_id=1, sampled_at=MIDNIGHT, positive=True)
    asyncio.run(
        play(ministry, [step(0, due(0, "SLOW"), due(1, "A")), step(5, due(2, "B"), filed=[report])], compression=1)
    )
    assert ministry.log == ["clock 21:00", "A", "SLOW", "clock 21:05", "filed 1", "B"]


@pytest.mark.parametrize("compression", [0, 1_000])
def test_answers_come_back_in_the_order_of_the_calls(compression: float) -> None:
    """Whichever answer is first, the rows keep the order of asking."""
    told = asyncio.run(play(SlowFirst(), [step(0, due(0, "SLOW"), due(1, "A"))], compression=compression))
    assert [played.reply.told[0]["hes_code"] for played in told[0]] == ["SLOW", "A"]


class Maker(SlowFirst):
    """A ministry that makes the code NEW."""

    async def collect(self, call: Call) -> Reply:
        self.log.append(f"collected for {call.person}")
        return Reply(200, ({"hes_code": "NEW"},))


@pytest.mark.parametrize("compression", [0, 10_000])
def test_a_code_that_was_made_is_shown_once_it_is_collected(compression: float) -> None:
    """Until then the old one; the call that made it is told it in the end. Others' codes in a list stay as they are."""
    wallet = Wallet(code="OLD")

    def shown(at_ms: int) -> Due:
        call = Call(Channel.BULK, 0, ("A", "OLD", "C"))
        return Due(at_ms * 1000, call, ((1, wallet),))

    class Listening(Maker):
        async def ask(self, call: Call) -> Reply:
            if call.codes:
                self.log.append("+".join(call.codes))
            return Reply(200, ())

    ministry = Listening()
    making = Due(1000, Call(Channel.MAKE_APP, 4, (), 4, 30), ((0, wallet),))
    steps = [
        step(0, making, shown(2)),
        step(1, shown(3)),
        Step(at=MIDNIGHT + timedelta(minutes=5), filed=(), calls=[shown(4)], collects=((0, 0),)),
    ]
    told = asyncio.run(play(ministry, steps, compression=compression))
    assert [line for line in ministry.log if not line.startswith("clock")] == [
        *("A+OLD+C", "A+OLD+C", "collected for 4", "A+NEW+C")
    ]
    assert told[0][0].reply.told == ({"hes_code": "NEW"},)


def test_a_refused_making_leaves_the_old_code() -> None:
    """Nothing is collected of a call that failed, and its holder goes on with the code from before."""

    class Refusing(Maker):
        async def ask(self, call: Call) -> Reply:
            self.log.append("+".join(call.codes))
            return Reply(400 if call.channel.makes else 200, ())

    ministry, wallet = Refusing(), Wallet(code="OLD")
    making = Due(1000, Call(Channel.MAKE_SMS, 4, (), 4, 30), ((0, wallet),))
    last = Due(2000, Call(Channel.SINGLE, 0, ("OLD",)), ((0, wallet),))
    steps = [step(0, making), Step(at=MIDNIGHT + timedelta(minutes=5), filed=(), calls=[last], collects=((0, 0),))]
    told = asyncio.run(play(ministry, steps, compression=0))
    assert ministry.log[-1] == "OLD"
    assert told[0][0].reply == Reply(400, ())


def test_progress_counts_every_call() -> None:
    seen: list[int] = []
    asyncio.run(play(SlowFirst(), [step(0, due(0, "A"), due(0, "B"))], compression=0, progress=seen.append))
    assert sum(seen) == 2
