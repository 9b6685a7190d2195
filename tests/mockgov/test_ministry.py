"""The composition: what happens in one service is heard in another, in one transaction, in order of time."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mockgov.clock import ClockRefusedError
from mockgov.codes.messages import CodeExpired, IssueCode
from mockgov.ministry import Ministry
from mockgov.registry.messages import RegisterCitizen
from mockgov.registry.rules import Citizen
from mockgov.risk_index.messages import PcrReport
from mockgov.settings import Settings
from mockgov.signin.messages import SendLoginCode
from mockgov.vocabulary.person import Sex
from mockgov.world import make_world

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def ministry() -> Ministry:
    return Ministry(make_world(settings=Settings(argon2_memory_kib=8, argon2_passes=1)))


def citizen(ministry: Ministry) -> Citizen:
    order = RegisterCitizen(firstname="Ayşe", lastname="Öz", sex=Sex.FEMALE, birth_date=date(1990, 1, 1), province=26)
    return ministry.registry.register([order])[0]


def test_a_login_code_becomes_a_text_message(ministry: Ministry) -> None:
    """The sign-in desk knows nothing of messages; the ministry's table does."""
    somebody = citizen(ministry)
    ministry.signin.send_code(SendLoginCode(citizen_id=somebody.citizen_id, phone=somebody.phone))
    (message,) = ministry.sms.inbox(somebody.phone)
    code = "".join(filter(str.isdigit, message.text))
    assert ministry.signin.sign_in(somebody.citizen_id, code, remember_me=True)


def test_a_message_that_cannot_be_sent_takes_the_login_code_with_it(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either both are there or neither."""

    def fails(_: object) -> None:
        raise OSError("the gateway is closed")

    somebody = citizen(ministry)
    order = SendLoginCode(citizen_id=somebody.citizen_id, phone=somebody.phone)
    monkeypatch.setattr(ministry.sms, "send", fails)
    with pytest.raises(OSError, match="closed"):
        ministry.signin.send_code(order)
    raw = ministry.world.database.raw
    assert raw.execute("SELECT count(*) FROM login_code").fetchone() == (0,)
    monkeypatch.undo()
    ministry.signin.send_code(order)
    assert len(ministry.sms.inbox()) == 1


def test_advancing_settles_what_falls_due(ministry: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every code that ends meanwhile is told of, by its moment, once; the clock stands where it was moved to."""
    told: list[object] = []
    somebody = citizen(ministry)
    orders = [IssueCode(citizen_id=somebody.citizen_id, expires_at=MONDAY + n * DAY) for n in (3, 1, 9)]
    three, one, _ = ministry.codes.issue_many(orders)
    monkeypatch.setattr(ministry.codes, "_tell", told.append)
    ministry.advance(MONDAY + 4 * DAY)
    ministry.settle()
    assert [event.text for event in told if isinstance(event, CodeExpired)] == [one.text, three.text]
    with pytest.raises(ClockRefusedError):
        ministry.advance(MONDAY)
    assert ministry.world.now() == MONDAY + 4 * DAY


def test_isolation_and_statistics(ministry: Ministry) -> None:
    """What the counters ask of the whole ministry."""
    somebody = citizen(ministry).citizen_id
    assert ministry.isolation_of(somebody) is None
    ministry.risk_index.file([PcrReport(citizen_id=somebody, sampled_at=MONDAY, positive=True)])
    assert ministry.isolation_of(somebody) == (MONDAY, datetime(2021, 10, 18, 21, tzinfo=UTC))
    assert ministry.risky_now([somebody, 99]) == {somebody}
    figures = ministry.national_statistics()
    assert (figures.day, figures.tests, figures.cases) == (date(2021, 10, 4), 1, 1)


class Real:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_under_a_hurrying_clock_things_happen_at_their_own_time() -> None:
    """However much of the world's time passes between two looks: in order, each when it was due, follow-ups too."""
    real = Real()
    ministry = Ministry(make_world(settings=Settings(argon2_memory_kib=8, argon2_passes=1), real_now=real))
    happened: list[tuple[str, datetime]] = []

    class Chain:
        """Does one thing an hour after the start, and another an hour after it was done; four times."""

        def __init__(self) -> None:
            self.at: datetime | None = MONDAY + timedelta(hours=1)

        def next_due(self) -> datetime | None:
            return self.at

        def run_due(self) -> None:
            happened.append(("chain", ministry.world.now()))
            self.at = ministry.world.now() + timedelta(hours=1) if len(happened) < 4 else None

    ministry._due = [Chain()]
    ministry.run(86_400)
    real.now += timedelta(seconds=1)
    ministry.settle()
    assert happened == [("chain", MONDAY + timedelta(hours=n)) for n in (1, 2, 3, 4)]
    assert ministry.world.now() == MONDAY + DAY
    assert ministry.next_due() is None


def test_stopping_settles_first() -> None:
    """What has fallen due while the clock ran is done when it stands."""
    real = Real()
    settings = Settings(argon2_memory_kib=8, argon2_passes=1)
    ministry = Ministry(make_world(settings=settings, real_now=real))
    somebody = citizen(ministry)
    ministry.run(60)
    orders = [IssueCode(citizen_id=somebody.citizen_id, expires_at=MONDAY + DAY)]
    ministry.codes.issue_many(orders)
    told: list[object] = []
    ministry.codes._tell = told.append
    real.now += timedelta(minutes=25)
    ministry.stand()
    assert [type(event) for event in told] == [CodeExpired]
    assert (ministry.world.clock.kind, ministry.world.now()) == ("manual", MONDAY + timedelta(hours=25))
