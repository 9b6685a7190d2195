"""The same plan strikes the same logical requests, whoever else asks; and once more when it is told to."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockgov.clock import ManualClock
from mockgov.faults import Delay, Fault, FaultError, FaultPlan, Misstate, Refuse
from mockgov.faults.kinds import Channel, ClockSkew, Cut, Disorder, Drip, Duplicate, Greylist, Half, Stage
from mockgov.faults.plan import NOTHING, REMEMBERED
from mockgov.faults.token import BadReplay
from mockgov.streams import Streams

HALF = (Refuse(share=0.5), Delay(share=0.5, milliseconds=10), Cut(share=0.5))
MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
HTTP = Channel.HTTP


def plan(*faults: Fault, seed: int = 1, clock: ManualClock | None = None) -> FaultPlan:
    return FaultPlan(Streams(seed), faults, now=(clock or ManualClock(MONDAY)).now)


def ask(faults: FaultPlan, asker: str = "A", about: str = "x", *, route: str = "/check") -> tuple[str, ...]:
    """Kinds of what strikes a request."""
    return tuple(strike.fault.kind for strike in faults.visit(HTTP, route, asker, about).strikes)


def struck(faults: FaultPlan, requests: Sequence[tuple[str, str]]) -> dict[tuple[str, str, int], str]:
    """The tokens of each logical request: asker, subject, and how often that pair had come before."""
    seen: dict[tuple[str, str], int] = {}
    result = {}
    for asker, about in requests:
        nth = seen.get((asker, about), 0)
        seen[asker, about] = nth + 1
        result[asker, about, nth] = faults.visit(HTTP, "/check", asker, about).tokens()
    return result


def test_no_plan_strikes_nobody() -> None:
    faults = plan()
    assert not faults
    assert faults.visit(HTTP, "/check", "A", "x") is NOTHING
    assert faults.told(Channel.SMS, "A", "x") is NOTHING
    assert faults.greylisted("A", "x") is NOTHING
    assert faults.misstated("A", "x") == ""
    assert (len(faults.struck), dict(faults.counts)) == (0, {})


def test_share_0_and_1() -> None:
    """Never, and always."""
    faults = plan(Refuse(share=0), Cut(share=1))
    assert faults
    assert all(ask(faults, about=str(n)) == ("cut",) for n in range(100))


def test_a_share_of_requests_is_struck() -> None:
    """A tenth of ten thousand, six standard deviations allowed."""
    faults = plan(Refuse(share=0.1))
    assert abs(sum(bool(ask(faults, about=str(n))) for n in range(10_000)) - 1000) < 180


@given(st.permutations([(asker, about) for asker in "AB" for about in "xyz" for _ in range(3)]))
def test_the_order_of_requests_changes_nothing(requests: list[tuple[str, str]]) -> None:
    """One client or sixty-four, each asker's nth question about a subject meets the same faults, by the same tokens."""
    assert struck(plan(*HALF), requests) == struck(plan(*HALF), sorted(requests))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_greater_share_strikes_the_same_and_more(one: float, other: float) -> None:
    """Whoever turns a plan up sees every fault again that there was."""
    fewer, more = sorted((one, other))
    subjects = [str(n) for n in range(40)]
    few, many = plan(Refuse(share=fewer)), plan(Refuse(share=more))
    assert {s for s in subjects if ask(few, about=s)} <= {s for s in subjects if ask(many, about=s)}


def test_what_is_another_request() -> None:
    """Another asker, subject, route, channel or repetition is another draw; the same at another world, too."""
    requests = [
        *((HTTP, "/check", "A", str(n)) for n in range(30)),
        *((HTTP, "/check", f"A{n}", "x") for n in range(30)),
        *((HTTP, f"/{n}", "A", "x") for n in range(30)),
        *((HTTP, "/check", "A", "again") for _ in range(30)),
    ]
    faults = plan(Refuse(share=0.5))
    hit = [bool(faults.visit(*request).strikes) for request in requests]
    for begin in range(0, 120, 30):
        assert 5 < sum(hit[begin : begin + 30]) < 25
    other = plan(Refuse(share=0.5), seed=2)
    assert hit != [bool(other.visit(*request).strikes) for request in requests]
    again = plan(Refuse(share=0.5))
    assert hit != [bool(again.visit(Channel.KEP_SOAP, *request[1:]).strikes) for request in requests]


def test_whom_a_fault_is_aimed_at() -> None:
    """By route, by institution, by channel; what is aimed elsewhere is not struck."""
    faults = plan(Refuse(route=("check-*",), institution=("KURUM",)), Cut(channel=(Channel.SMPP,)))
    assert ask(faults, "KURUM-G2G-HES", route="/services/check-hes-code") == ("refuse",)
    assert ask(faults, "KURUM-TEST", route="/services/check-hes-code") == ("refuse",)
    assert ask(faults, "KURUMSAL-TEST", route="/services/check-hes-code") == ()
    assert ask(faults, "KURUM-TEST", route="/services/account") == ()
    assert [one.fault.kind for one in faults.visit(Channel.SMPP, "submit_sm", "x", b"").strikes] == ["cut"]


def test_a_window_of_the_worlds_time() -> None:
    """From its begin on, until just before its end, in whatever zone it is written."""
    clock = ManualClock(MONDAY)
    fault = Refuse(since=MONDAY + timedelta(hours=1), until=datetime.fromisoformat("2021-10-04T10:00:00+03:00"))
    faults = plan(fault, clock=clock)
    seen = []
    for minutes in (0, 59, 1, 59, 1):
        clock.move_to(clock.now() + timedelta(minutes=minutes))
        seen.append(bool(ask(faults)))
    assert seen == [False, False, True, True, False]


def test_bursts_are_the_worlds_own() -> None:
    """60 seconds in every 600 somewhere, the same for everybody; and the end is told."""
    clock = ManualClock(MONDAY)
    faults = plan(Refuse(on_s=60, off_s=540, tell_end=True), clock=clock)
    ends = []
    for _ in range(3600):
        strikes = faults.visit(HTTP, "/check", "A", "x").strikes
        ends.append(strikes[0].left_s if strikes else 0)
        clock.move_to(clock.now() + timedelta(seconds=1))
    assert [sum(bool(end) for end in ends[at : at + 600]) for at in range(0, 3600, 600)] == [60] * 6
    begins = [at % 600 for at in range(1, 3600) if ends[at] and not ends[at - 1]]
    assert len(set(begins)) > 1
    for at in range(1, 3600):
        if ends[at - 1] > 1:
            assert ends[at] == ends[at - 1] - 1
    faults.visit(HTTP, "/check", "A", "x")
    assert 60 in ends


def test_what_is_told_later_is_struck_the_same_however_often_it_is_asked_about() -> None:
    """Receipts and evidence are not counted: a list looks the same every time."""
    faults = plan(Duplicate(share=0.5, copies=2), Disorder(share=0.5, hold_s=7), Refuse())
    told = [faults.told(Channel.SMS, "A", str(n)) for n in range(50)]
    assert [(one.copies, one.hold_s) for one in told] == [
        (one.copies, one.hold_s) for one in (faults.told(Channel.SMS, "A", str(n)) for n in range(50))
    ]
    assert {(one.copies, one.hold_s) for one in told} == {(0, 0), (2, 0), (0, 7), (2, 7)}
    assert dict(faults.counts) == {}


def test_pairs_and_codes_are_drawn_apart() -> None:
    """Greylisting strikes pairs of addresses, misstatements codes, and neither a request."""
    faults = plan(Greylist(share=0.5), Misstate(share=0.5))
    assert ask(faults) == ()
    pairs = [bool(faults.greylisted("a@b.tr", str(n)).strikes) for n in range(40)]
    assert pairs == [bool(faults.greylisted("a@b.tr", str(n)).strikes) for n in range(40)]
    assert 0 < sum(pairs) < 40
    again = [bool(faults.misstated("A", "A1B2345610")) for _ in range(40)]
    assert 0 < sum(again) < 40


def test_a_token_names_the_strike_and_nobody() -> None:
    """Seed, plan, fault, stage, digests, nth, seal: asker and subject cannot be read out of it."""
    faults = plan(Delay(share=0, milliseconds=1), Refuse(), seed=7)
    for nth in range(2):
        token = faults.visit(HTTP, "/check/A1B2345610", "KURUM-TEST", '{"hes_code": "A1B2345610"}').tokens()
        assert re.fullmatch(
            rf"hes1\.7\.{faults.digest}\.2\.counter\.[0-9a-f]{{8}}\.[0-9a-f]{{24}}\.{nth}\.[0-9a-f]{{8}}", token
        )
    assert [(one.kind, one.channel, one.stage, one.token) for one in faults.struck][1:] == [
        ("refuse", "http", "counter", token)
    ]


def test_a_replay_strikes_the_same_request_once_more() -> None:
    """The same fault, the same delay, whatever the share and the hour; then all goes on as if nothing had been."""
    clock = ManualClock(MONDAY)
    fault = Delay(share=0.2, law="exponential", mean_ms=400, until=MONDAY + timedelta(hours=1))
    faults, untouched = plan(fault, clock=clock), plan(fault, clock=clock)
    visits = [faults.visit(HTTP, "/check", "A", "x") for _ in range(40)]
    first = next(visit for visit in visits if visit.strikes)
    clock.move_to(MONDAY + timedelta(hours=2))
    assert not any(ask(faults) for _ in range(10))
    assert faults.replay(first.tokens()) == [(1, fault)]
    assert ask(faults, about="y") == ask(faults, "B") == ()
    again = faults.visit(HTTP, "/check", "A", "x")
    assert (again.tokens(), again.course(Stage.COUNTER)) == (first.tokens(), first.course(Stage.COUNTER))
    assert ask(faults) == ()
    for _ in range(50):
        untouched.visit(HTTP, "/check", "A", "x")
    for asker, about in (("A", "y"), ("B", "x"), ("A", "x")):
        untouched.visit(HTTP, "/check", asker, about)
    assert faults.counts == untouched.counts


def test_a_replay_of_everything_that_struck_an_answer() -> None:
    """An X-HES-Fault with several tokens is replayed as a whole, tokens of a misstated code with it."""
    faults = plan(Half(share=0.5), Drip(share=0.5), Misstate(share=0.5))
    visits = ((n, faults.visit(HTTP, "/check", "A", str(n))) for n in range(100))
    about, visit = next((n, visit) for n, visit in visits if len(visit.strikes) == 2)
    code, wrong = next((n, token) for n in range(100) if (token := faults.misstated("A", f"code{n}")))
    assert [number for number, _ in faults.replay(f"{visit.tokens()}, {wrong}")] == [1, 2, 3]
    assert faults.visit(HTTP, "/check", "A", str(about)).tokens() == visit.tokens()
    assert faults.misstated("A", f"code{code}") == wrong


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda token: token[:-1], "no replay token"),
        (lambda token: "x" + token, "no replay token"),
        (lambda _: "", "no replay token"),
        (lambda token: token.replace(".counter.", ".cellar."), "no replay token"),
        (lambda token: token.replace("hes1.1.", "hes1.2."), "seed 2; this one has 1"),
        (lambda token: token[:-1] + ("0" if token[-1] != "0" else "1"), "mistyped"),
        (lambda token: token.replace(".0.", ".1."), "mistyped"),
        (lambda _: plan(Cut()).visit(HTTP, "/check", "A", "x").tokens(), "the plan in force is"),
    ],
)
def test_tokens_that_cannot_be_replayed(spoil: object, says: str) -> None:
    """Cut off, mistyped, of another world, of another plan: each is refused for what it is, and nothing is changed."""
    faults = plan(Refuse(share=0.5))
    token = next(found for n in range(50) if (found := faults.visit(HTTP, "/check", "A", str(n)).tokens()))
    with pytest.raises(BadReplay, match=says):
        faults.replay(spoil(token))
    with pytest.raises(BadReplay, match=says):
        faults.replay(f"{token},{spoil(token)}")
    assert faults._again == {}


def test_replacing_starts_over() -> None:
    faults = plan(*HALF)
    first = [ask(faults) for _ in range(10)]
    faults.replace(HALF)
    assert [ask(faults) for _ in range(10)] == first
    faults.replace(())
    assert not faults


def test_what_is_counted_is_bounded() -> None:
    """Beyond so many logical requests that of longest ago counts from none again, and only that one."""
    faults = plan(Refuse(share=0))
    for n in range(REMEMBERED + 1):
        faults.visit(HTTP, "/check", "A", str(n))
    assert len(faults.counts) == REMEMBERED == 65_536
    faults.visit(HTTP, "/check", "A", "1")
    faults.visit(HTTP, "/check", "A", "0")
    assert len(faults.counts) == REMEMBERED
    assert sorted(faults.counts.values())[-2:] == [1, 2]


def test_replays_and_strikes_that_are_kept_are_bounded() -> None:
    """A thousand replays may wait; two hundred strikes are told."""
    faults = plan(Refuse())
    for n in range(1100):
        faults.replay(faults.visit(HTTP, "/check", "A", str(n)).tokens())
    assert (len(faults._again), len(faults.struck)) == (1000, 200)


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (Misstate(share=-0.1), r"fault 2 \(misstate\): `share` must lie between 0 and 1\."),
        (Misstate(share=1.1), "must lie between 0 and 1"),
        (Misstate(share=float("nan")), "must lie between 0 and 1"),
        (Refuse(status=200), "200 is no refusal; choose among 429, 500, 501"),
        (Refuse(status=430), "430 is no refusal"),
        (Refuse(status=599), "599 is no refusal"),
        (Refuse(retry_after_s=-1), "`retry_after_s` must be 0 to"),
        (Refuse(tell_end=True), "`tell_end` needs an end"),
        (Refuse(tell_end=True, retry_after_s=1, on_s=1, off_s=1), "not both"),
        (Refuse(on_s=1), "go together"),
        (Refuse(on_s=0, off_s=1), "`on_s` must be 1 to"),
        (Refuse(since=datetime(2021, 1, 1)), "needs a time zone"),  # noqa: DTZ001
        (Refuse(since=MONDAY, until=MONDAY), "must be later"),
        (Refuse(stage=Stage.RECEIPT), "`stage` of a refuse is counter or answer, not receipt"),
        (Refuse(channel=(Channel.SMS,)), "strikes on http, kep_smtp, kep_soap, smpp, smtp, not on sms"),
        (Delay(milliseconds=-1), "must be 0 to 600000 milliseconds"),
        (Delay(), "`milliseconds` is missing"),
        (Delay(milliseconds=1, mean_ms=1), "not `mean_ms`"),
        (Delay(law="uniform", least_ms=2, most_ms=1), "`most_ms` must not be less"),
        (Delay(law="lognormal", median_ms=2, p95_ms=1), "`p95_ms` not less"),
        (Half(fraction=1), "less than 1"),
        (Drip(chunk_bytes=0), "`chunk_bytes` must be"),
        (Duplicate(copies=0), "`copies` must be 1 to 10"),
        (Duplicate(route=("x",)), "leave `route` out"),
        (Misstate(route=("x",)), "leave `route` out"),
        (Greylist(wait_s=0), "`wait_s` must be"),
        (ClockSkew(seconds=0), "`seconds` must be 1 to"),
    ],
)
def test_impossible_faults(fault: Fault, says: str) -> None:
    """A fault that cannot be is refused, and the plan in force stays."""
    faults = plan(*HALF)
    with pytest.raises(FaultError, match=says):
        faults.replace((Misstate(share=1), fault))
    assert faults.faults == HALF
    with pytest.raises(FaultError, match=says.replace("fault 2", "fault 1")):
        plan(fault)
