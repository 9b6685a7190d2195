"""The sign-in desk as the rest of the ministry meets it, over its plain twin."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey

from mockgov.clock import ManualClock
from mockgov.signin.messages import CitizenEnrolled, CitizenSignedIn, LoginCodeSent, Register, SendLoginCode
from mockgov.signin.rules import (
    BadToken,
    NotRegistered,
    Registration,
    RegistrationRefused,
    SignedIn,
    WrongLoginCode,
)
from mockgov.signin.service import SignIn, Terms
from mockgov.signin.store import InMemoryLogins
from mockgov.streams import Streams
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, tzinfo=UTC)
MONDAY_S = 1_633_323_600
DAY_S = 86_400
PHONE = Phone("5991234567")


class Desk:
    """A sign-in desk with a clock to move and the events that it told."""

    def __init__(self, seed: int = 1, *, digits: int = 6, registration: bool = False) -> None:
        self.clock = ManualClock(MONDAY)
        self.told: list[object] = []
        self.signin = SignIn(
            store=InMemoryLogins(),
            now=self.clock.now,
            streams=Streams(seed),
            tell=self.told.append,
            transaction=nullcontext,
            terms=Terms(
                code_digits=digits,
                code_minutes=3,
                attempts=5,
                token_days=30,
                short_token_hours=24,
                registration=registration,
            ),
        )

    def send(self, citizen_id: int = 1) -> str:
        self.signin.send_code(SendLoginCode(citizen_id=citizen_id, phone=PHONE))
        event = self.told[-1]
        assert isinstance(event, LoginCodeSent)
        return event.code

    def sign_in(self, *, remember_me: bool = True, citizen_id: int = 1) -> SignedIn:
        return self.signin.sign_in(citizen_id, self.send(citizen_id), remember_me=remember_me)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def parts_of(token: str) -> list[dict[str, object]]:
    return [json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def test_a_code_goes_out_by_sms(desk: Desk) -> None:
    """To the citizen's phone, with as many digits as the setting says."""
    code = desk.send()
    assert desk.told == [LoginCodeSent(phone=PHONE, code=code)]
    assert (len(code), len(Desk(digits=5).send())) == (6, 5)


def test_a_right_code_gives_a_token(desk: Desk) -> None:
    """The token stands for the citizen; user id and oid stay the same over sign-ins, the tokens do not."""
    first, second = desk.sign_in(), desk.sign_in()
    assert desk.signin.bearer(first.id_token) == 1
    assert first.user == second.user == desk.signin.user(1)
    assert first.refresh_token != second.refresh_token
    assert CitizenSignedIn(citizen_id=1) in desk.told
    assert desk.sign_in(citizen_id=2).user.user_id != first.user.user_id


def test_the_token_has_exactly_the_facts_header_and_claims(desk: Desk) -> None:
    """HS512 and nothing else in the header; sub, auth, oid, exp; a month with rememberMe, a day without."""
    long, short = desk.sign_in(), desk.sign_in(remember_me=False)
    for signed_in, life in ((long, 30 * DAY_S), (short, DAY_S)):
        header, claims = parts_of(signed_in.id_token)
        assert header == {"alg": "HS512"}
        assert claims == {
            "sub": signed_in.user.user_id,
            "auth": "ROLE_USER",
            "oid": signed_in.user.oid,
            "exp": MONDAY_S + life,
        }


def test_a_token_ends_at_the_worlds_time(desk: Desk) -> None:
    token = desk.sign_in(remember_me=False).id_token
    desk.clock.move_to(MONDAY + timedelta(days=1, microseconds=-1))
    assert desk.signin.bearer(token) == 1
    desk.clock.move_to(MONDAY + timedelta(days=1))
    with pytest.raises(BadToken, match="Sign in again"):
        desk.signin.bearer(token)


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "ığüşöç", "0" * 1000])
def test_a_wrong_code(desk: Desk, code: str) -> None:
    """Is refused without saying why; the right one still works."""
    right = desk.send()
    with pytest.raises(WrongLoginCode, match="Ask for a new one"):
        desk.signin.sign_in(1, code, remember_me=True)
    assert desk.signin.sign_in(1, right, remember_me=True)


def test_a_code_is_good_once(desk: Desk) -> None:
    code = desk.send()
    desk.signin.sign_in(1, code, remember_me=True)
    with pytest.raises(WrongLoginCode):
        desk.signin.sign_in(1, code, remember_me=True)


def test_a_code_is_void_after_three_minutes(desk: Desk) -> None:
    code = desk.send()
    desk.clock.move_to(MONDAY + timedelta(minutes=3))
    with pytest.raises(WrongLoginCode):
        desk.signin.sign_in(1, code, remember_me=True)


def test_a_code_is_void_after_five_wrong_tries(desk: Desk) -> None:
    """Until a new one is sent."""
    code = desk.send()
    for _ in range(5):
        with pytest.raises(WrongLoginCode):
            desk.signin.sign_in(1, "wrong", remember_me=True)
    with pytest.raises(WrongLoginCode):
        desk.signin.sign_in(1, code, remember_me=True)
    assert desk.sign_in()


def test_a_new_code_voids_the_old_one(desk: Desk) -> None:
    old, new = desk.send(), desk.send()
    assert old != new
    with pytest.raises(WrongLoginCode):
        desk.signin.sign_in(1, old, remember_me=True)
    assert desk.signin.sign_in(1, new, remember_me=True)


def test_nobody_signs_in_without_a_code_or_with_anothers(desk: Desk) -> None:
    code = desk.send(2)
    with pytest.raises(WrongLoginCode):
        desk.signin.sign_in(1, code, remember_me=True)


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Codes, tokens and user ids; another seed's differ, and its tokens open nothing."""
    one, same, other = Desk().sign_in(), Desk().sign_in(), Desk(2).sign_in()
    assert one == same
    assert one.id_token != other.id_token
    desk = Desk()
    desk.sign_in()
    with pytest.raises(BadToken):
        desk.signin.bearer(other.id_token)


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def signed(claims: object, header: dict[str, object] | None = None) -> str:
    """A token with the world's own key, and claims of one's own."""
    key = OctKey.import_key(Streams(1).secret("signin.jwt", size=64))
    return jws.serialize_compact(header or {"alg": "HS512"}, json.dumps(claims), key, algorithms=["HS512"])


NEVER = MONDAY_S + DAY_S


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "a.b.c",
        "ığü.ş.ö",
        "\udcff.\udcff.\udcff",
        b64(b'{"alg":"none"}') + "." + b64(b'{"sub":"x","exp":9999999999}') + ".",
        b64(b'{"alg":["HS512"]}') + ".e30.AAAA",
        b64(b'{"alg":{"a":1}}') + ".e30.AAAA",
        b64(b'{"alg":null}') + ".e30.AAAA",
        b64(b"[]") + ".e30.AAAA",
        b64(b"1") + ".e30.AAAA",
        b64(b"\xff\xfe") + ".e30.AAAA",
        b64(b'{"alg":"HS512","crit":["x"]}') + ".e30.AAAA",
        b64(b'{"alg":"HS512","b64":false,"crit":["b64"]}') + ".e30.AAAA",
        b64(b"[" * 40_000) + ".e30.AAAA",
        b64(b'{"a":' * 40_000) + ".e30.AAAA",
        b64(b'{"alg":' + b"9" * 5000 + b"}") + ".e30.AAAA",
        signed([]),
        signed("x"),
        signed({}),
        signed({"sub": "x", "exp": NEVER}),
        signed({"sub": 1, "exp": NEVER}),
        signed({"sub": "x\x00", "exp": NEVER}),
        signed({"sub": ["x"], "exp": NEVER}),
        signed({"sub": "x", "exp": "never"}),
        signed({"sub": "x", "exp": True}),
        signed({"sub": "x", "exp": 10**400}),
        signed({"sub": "x"}),
    ],
)
def test_a_token_that_is_none(desk: Desk, token: str) -> None:
    """Whatever stands in it, the answer is one and the same refusal."""
    desk.sign_in()
    with pytest.raises(BadToken, match="Sign in again and send") as refusal:
        desk.signin.bearer(token)
    assert refusal.value.key == "unauthorized"


@given(st.integers(0, 10_000), st.integers(0, 127))
def test_a_token_with_one_letter_changed_opens_nothing(at: int, letter: int) -> None:
    """Every letter counts, but for spare bits of the signature's last one."""
    desk = Desk()
    token = desk.sign_in().id_token
    at %= len(token) - 1
    forged = token[:at] + chr(letter) + token[at + 1 :]
    if forged != token:
        with pytest.raises(BadToken):
            desk.signin.bearer(forged)


def entry(*, fits: bool = True, consented: bool = True) -> Register:
    return Register(citizen_id=1, fits=fits, consented=consented, text_version=2.0)


def test_registering_opens_the_services() -> None:
    """Once, with the text that was accepted; it is told."""
    desk = Desk(registration=True)
    with pytest.raises(NotRegistered, match="Register first"):
        desk.signin.require_registered(1)
    done = Registration(citizen_id=1, registered_at=MONDAY, text_version=2.0)
    assert desk.signin.register(entry()) == done
    assert desk.told == [CitizenEnrolled(citizen_id=1)]
    desk.signin.require_registered(1)
    assert not desk.signin.is_registered(2)
    with pytest.raises(RegistrationRefused, match="registered already"):
        desk.signin.register(entry())


def test_where_no_registration_is_asked_for_everybody_has_registered(desk: Desk) -> None:
    desk.signin.require_registered(1)
    with pytest.raises(RegistrationRefused, match="registered already"):
        desk.signin.register(entry())


def test_what_does_not_fit_is_tried_five_times() -> None:
    """A missing consent is no try; a new sign-in begins anew."""
    desk = Desk(registration=True)
    for _ in range(7):
        with pytest.raises(RegistrationRefused, match="clarification text"):
            desk.signin.register(entry(consented=False))
    for _ in range(5):
        with pytest.raises(RegistrationRefused, match="not those of this phone's owner"):
            desk.signin.register(entry(fits=False))
    with pytest.raises(RegistrationRefused, match="Too many tries"):
        desk.signin.register(entry())
    desk.sign_in()
    desk.signin.register(entry())
