"""e-Devlet over its plain twin."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest

from mockgov.clock import ManualClock
from mockgov.edevlet.messages import EdevletLocked, EdevletPasswordChanged, EdevletSignedIn, EdevletSignedOut
from mockgov.edevlet.rules import NoSession, SignInLocked, WrongPassword
from mockgov.edevlet.service import Edevlet, Terms
from mockgov.edevlet.store import InMemoryEdevlet
from mockgov.streams import Streams

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
MINOR = 9
TERMS = Terms(
    lock_after_failures=3, lock_minutes=15, session_minutes=60, queue_s=2, argon2_memory_kib=8, argon2_passes=1
)
A1 = "A1B2345617"


class Desk:
    """e-Devlet with a clock to move and the events that it told."""

    def __init__(self, seed: int = 1) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.edevlet = Edevlet(
            store=InMemoryEdevlet(),
            now=self.clock.now,
            streams=Streams(seed),
            tell=self.told.append,
            transaction=nullcontext,
            has_password=lambda citizen_id: citizen_id != MINOR,
            terms=TERMS,
        )

    def move(self, **time: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(**time))

    def sign_in(self, citizen_id: int = 1) -> str:
        return self.edevlet.sign_in(citizen_id, str(self.edevlet.password(citizen_id)))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_everybody_of_age_has_a_password_of_their_own(desk: Desk) -> None:
    """The same in an equal world, another in another; a minor has none, and cannot sign in with what would be one."""
    assert desk.edevlet.password(1) == Desk().edevlet.password(1) == "4oHLd3g9n6df"
    assert len({desk.edevlet.password(1), desk.edevlet.password(2), Desk(2).edevlet.password(1)}) == 3
    assert desk.edevlet.password(MINOR) is None
    for password in ("", "None", desk.edevlet._minted(MINOR)):
        with pytest.raises(WrongPassword):
            desk.edevlet.sign_in(MINOR, password)


def test_a_session_is_known_by_its_token_until_its_hour_is_over(desk: Desk) -> None:
    """Two sessions have two tokens; what is kept is not the token."""
    first, second = desk.sign_in(), desk.sign_in()
    assert first != second
    session = desk.edevlet.session(first)
    assert (session.citizen_id, session.ends_at) == (1, MONDAY + timedelta(hours=1))
    assert first not in session.key
    assert desk.told == [EdevletSignedIn(citizen_id=1)] * 2
    desk.move(minutes=60)
    for token in (first, second, "", "x", "0" * 64, "ş" * 64):
        with pytest.raises(NoSession, match="Sign in under /Giris/gir"):
            desk.edevlet.session(token)


def test_signing_out_ends_one_session_only(desk: Desk) -> None:
    first, second = desk.sign_in(), desk.sign_in()
    desk.edevlet.sign_out(desk.edevlet.session(first))
    assert desk.told[-1] == EdevletSignedOut(citizen_id=1)
    with pytest.raises(NoSession):
        desk.edevlet.session(first)
    assert desk.edevlet.session(second).citizen_id == 1


def test_sessions_that_are_over_are_forgotten_with_what_they_asked(desk: Desk) -> None:
    """When the next one opens: nothing of a person stays longer than it is needed."""
    old = desk.edevlet.session(desk.sign_in())
    desk.edevlet.ask(old, A1)
    desk.move(minutes=60)
    assert desk.edevlet.inquiry(old) is not None
    desk.sign_in(2)
    assert desk.edevlet.inquiry(old) is None


def test_wrong_passwords_in_a_row_lock(desk: Desk) -> None:
    """A right one between starts the count over; the lock is one citizen's and ends by the world's clock."""
    for _ in range(2):
        with pytest.raises(WrongPassword):
            desk.edevlet.sign_in(1, "yanlış")
    desk.sign_in()
    for _ in range(3):
        with pytest.raises(WrongPassword):
            desk.edevlet.sign_in(1, "yanlış")
    assert desk.told[-1] == EdevletLocked(citizen_id=1)
    with pytest.raises(SignInLocked, match="15 minutes"):
        desk.sign_in()
    assert desk.sign_in(2)
    desk.move(minutes=15)
    assert desk.sign_in()


def test_a_chosen_password(desk: Desk) -> None:
    """Opens where the minted one no longer does, and ends every other session."""
    session, other = desk.edevlet.session(desk.sign_in()), desk.sign_in()
    old, new = str(desk.edevlet.password(1)), "yeni şifre 1"
    with pytest.raises(WrongPassword):
        desk.edevlet.change_password(session, "yanlış", new)
    desk.edevlet.change_password(session, old, new)
    assert desk.told[-1] == EdevletPasswordChanged(citizen_id=1)
    assert desk.edevlet.password(1) is None
    with pytest.raises(NoSession):
        desk.edevlet.session(other)
    with pytest.raises(WrongPassword):
        desk.edevlet.sign_in(1, old)
    assert desk.edevlet.session(desk.edevlet.sign_in(1, new)).citizen_id == 1
    desk.edevlet.change_password(session, new, "daha yeni 2")
    assert desk.edevlet.sign_in(1, "daha yeni 2")


def test_changing_a_password_can_lock_as_well(desk: Desk) -> None:
    session = desk.edevlet.session(desk.sign_in())
    for _ in range(3):
        with pytest.raises(WrongPassword):
            desk.edevlet.change_password(session, "yanlış", "yeni şifre 1")
    with pytest.raises(SignInLocked):
        desk.edevlet.change_password(session, str(desk.edevlet.password(1)), "yeni şifre 1")


def test_page_tokens_are_a_sessions_and_a_pages_own(desk: Desk) -> None:
    first, second = (desk.edevlet.session(desk.sign_in()) for _ in range(2))
    tokens = [desk.edevlet.page_token(session, page) for session in (first, second) for page in ("a", "b")]
    assert len(set(tokens)) == 4
    assert tokens[0] == desk.edevlet.page_token(first, "a")
    assert all(len(token) == 48 for token in tokens)


def test_a_query_waits_and_its_answer_stays_with_it(desk: Desk) -> None:
    """A later question takes the place of an earlier one, whose answer then comes too late."""
    session = desk.edevlet.session(desk.sign_in())
    assert desk.edevlet.inquiry(session) is None
    desk.edevlet.ask(session, A1)
    waiting = desk.edevlet.inquiry(session)
    assert desk.edevlet.is_queued(waiting)
    desk.move(seconds=2)
    assert not desk.edevlet.is_queued(waiting)
    desk.edevlet.keep_answer(waiting, "cevap")
    assert desk.edevlet.inquiry(session).answer == "cevap"
    desk.edevlet.ask(session, None)
    assert desk.edevlet.is_queued(desk.edevlet.inquiry(session))
    desk.edevlet.keep_answer(waiting, "geç")
    assert desk.edevlet.inquiry(session).answer is None
